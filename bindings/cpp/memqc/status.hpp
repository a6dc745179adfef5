// SPDX-License-Identifier: BSD-3-Clause
/** @file status.hpp
 *  Failures: exceptions, or a status where the caller gives one. memqc.hpp includes it.
 */
#ifndef MEMQC_STATUS_HPP
#define MEMQC_STATUS_HPP

#include <memqc/memqc.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

// Files of one program may be compiled with and without exceptions: their functions differ.
#if defined(__cpp_exceptions) || defined(__EXCEPTIONS) || defined(_CPPUNWIND)
#define MEMQC_EXCEPTIONS 1
#define MEMQC_NAMESPACE with_exceptions
#else
#define MEMQC_EXCEPTIONS 0
#define MEMQC_NAMESPACE without_exceptions
#endif

namespace memqc {
inline namespace MEMQC_NAMESPACE {

/** What became of a call: MEMQC_OK, or a code and the text that says what is wrong. */
class Status {
  public:
    Status() = default;
    Status(memqc_status code, std::string text) : code_(code), text_(std::move(text)) {
    }

    bool ok() const noexcept {
        return code_ == MEMQC_OK;
    }
    /** MEMQC_OK or MEMQC_ERROR_...; MEMQC_STOPPED where a progress function stopped the call. */
    memqc_status code() const noexcept {
        return code_;
    }
    /** Such as "MEMQC_ERROR_ARGUMENT". */
    const char *name() const noexcept {
        return memqc_status_name(code_);
    }
    /** The argument, its value, its unit and what is allowed; "" after a success. */
    const std::string &text() const noexcept {
        return text_;
    }

  private:
    memqc_status code_ = MEMQC_OK;
    std::string text_;
};

/** A failure. what() is the library's text. */
class Error : public std::runtime_error {
  public:
    Error(memqc_status code, const std::string &text) : std::runtime_error(text), code_(code) {
    }
    memqc_status code() const noexcept {
        return code_;
    }
    Status status() const {
        return Status(code_, what());
    }

  private:
    memqc_status code_;
};

/** The failures of one code. */
template <memqc_status of> class ErrorOf final : public Error {
  public:
    explicit ErrorOf(const std::string &text) : Error(of, text) {
    }
};

using ArgumentError = ErrorOf<MEMQC_ERROR_ARGUMENT>;
using MemoryError = ErrorOf<MEMQC_ERROR_NOMEM>;
using StateError = ErrorOf<MEMQC_ERROR_STATE>;
using DataError = ErrorOf<MEMQC_ERROR_DATA>;
using DivergedError = ErrorOf<MEMQC_ERROR_DIVERGED>;
using Stopped = ErrorOf<MEMQC_STOPPED>;
using FileError = ErrorOf<MEMQC_ERROR_IO>;
using FormatError = ErrorOf<MEMQC_ERROR_FORMAT>;

namespace detail {

/** Throws the exception of a code; without exceptions, aborts. */
[[noreturn]] inline void raise(memqc_status code, const std::string &text) {
#if MEMQC_EXCEPTIONS
    switch (code) {
    case MEMQC_ERROR_ARGUMENT:
        throw ArgumentError(text);
    case MEMQC_ERROR_NOMEM:
        throw MemoryError(text);
    case MEMQC_ERROR_STATE:
        throw StateError(text);
    case MEMQC_ERROR_DATA:
        throw DataError(text);
    case MEMQC_ERROR_DIVERGED:
        throw DivergedError(text);
    case MEMQC_STOPPED:
        throw Stopped(text);
    case MEMQC_ERROR_IO:
        throw FileError(text);
    case MEMQC_ERROR_FORMAT:
        throw FormatError(text);
    default:
        throw Error(code, text);
    }
#else
    std::fprintf(stderr, "%s: %s\n", memqc_status_name(code), text.c_str());
    std::abort();
#endif
}

} // namespace detail

/** The last argument of a method, which need not be written: where a failure goes. Without it the
 *  method throws; with a Status it sets the status, and returns an empty result after a failure. */
class OnError {
  public:
    OnError() = default;
    OnError(Status &status) : status_(&status) {
        status = Status();
    }

    void fail(memqc_status code, const std::string &text) const {
        if (!status_)
            detail::raise(code, text);
        *status_ = Status(code, text);
    }

  private:
    Status *status_ = nullptr;
};

namespace detail {

/** A call of the library and the checks before it. After the first failure nothing more is done. */
class Call {
  public:
    explicit Call(OnError on) : on_(on) {
    }

    bool failed() const noexcept {
        return failed_;
    }
    void fail(memqc_status code, const std::string &text) {
        failed_ = true;
        on_.fail(code, text);
    }
    /** Fails with ARGUMENT unless an array has as many elements, rows or columns as it must. */
    void size(const char *name, const char *what, std::size_t size, std::size_t wanted) {
        if (!failed_ && size != wanted)
            fail(MEMQC_ERROR_ARGUMENT, std::string(name) + " has " + std::to_string(size) + " " +
                                           what + "; it must have " + std::to_string(wanted));
    }
    /** The same for the elements of a list. */
    void size(const char *name, std::size_t size, std::size_t wanted) {
        this->size(name, "elements", size, wanted);
    }
    /** Calls a function of the library. Returns whether all went well. */
    template <class Function, class... Arguments>
    bool operator()(Function function, Arguments... arguments) {
        if (failed_)
            return false;
        const memqc_status code = function(arguments...);
        if (code != MEMQC_OK)
            fail(code, memqc_last_error());
        return !failed_;
    }

  private:
    OnError on_;
    bool failed_ = false;
};

} // namespace detail

/** Version of the library in use, "major.minor.patch". */
inline const char *version_string() noexcept {
    return memqc_version_string();
}

/** Version of the library in use: major * 1000000 + minor * 1000 + patch. */
inline std::uint32_t version() noexcept {
    return memqc_version();
}

} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
