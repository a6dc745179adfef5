// SPDX-License-Identifier: BSD-3-Clause
/** @file progress.hpp
 *  Progress functions: lambdas that a long call calls. memqc.hpp includes it.
 */
#ifndef MEMQC_PROGRESS_HPP
#define MEMQC_PROGRESS_HPP

#include "status.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <type_traits>

namespace memqc {
inline namespace MEMQC_NAMESPACE {

/** What a progress function is told: MEMQC_PROGRESS_... in words. */
struct Progress {
    std::int32_t phase;  ///< MEMQC_PHASE_...
    double done;         ///< how much of the phase is done: samples, instances, weights, ...
    double total;        ///< how much there is in the phase
    std::uint32_t epoch; ///< training: number of the epoch, from 1; else 0
    double loss;         ///< training: mean loss of the epoch so far; else NaN
    double accuracy;     ///< mean accuracy so far, 0 .. 1; NaN where there is none
};

namespace detail {

using ProgressFunction = std::function<bool(const Progress &)>;

/** A function that takes a Progress: true, of one that returns something, stops the call. */
template <class Function> ProgressFunction progress_function(Function function) {
    if constexpr (std::is_void<std::invoke_result_t<Function &, const Progress &>>::value)
        return [function](const Progress &progress) mutable {
            function(progress);
            return false;
        };
    else
        return function;
}

/** A progress function and what it threw. The address goes to the library: it does not move. */
class Watch {
  public:
    explicit Watch(ProgressFunction function) : function_(std::move(function)) {
    }
    Watch(const Watch &) = delete;
    Watch &operator=(const Watch &) = delete;

    /** What the library calls. No exception may leave it into C: it stops the call instead. */
    static std::int32_t told(void *user, const double *at, std::size_t) noexcept {
        Watch &watch = *static_cast<Watch *>(user);
        const Progress progress{static_cast<std::int32_t>(at[MEMQC_PROGRESS_PHASE]),
                                at[MEMQC_PROGRESS_DONE],
                                at[MEMQC_PROGRESS_TOTAL],
                                static_cast<std::uint32_t>(at[MEMQC_PROGRESS_EPOCH]),
                                at[MEMQC_PROGRESS_LOSS],
                                at[MEMQC_PROGRESS_ACCURACY]};
#if MEMQC_EXCEPTIONS
        try {
            return watch.function_(progress) ? 1 : 0;
        } catch (...) {
            watch.thrown_ = std::current_exception();
            return 1;
        }
#else
        return watch.function_(progress) ? 1 : 0;
#endif
    }
    /** Throws again what the function threw in the call that has just returned. */
    void rethrow() {
#if MEMQC_EXCEPTIONS
        if (thrown_)
            std::rethrow_exception(std::exchange(thrown_, nullptr));
#endif
    }

  private:
    ProgressFunction function_;
    std::exception_ptr thrown_;
};

/** The progress function that is installed in a handle. */
class Watcher {
  public:
    /** Installs a function by a C function; an empty one takes the present one away. */
    template <class Install, class Type>
    void install(Install set_progress, Type *handle, ProgressFunction function, Call &call) {
        std::unique_ptr<Watch> watch;
        if (function)
            watch = std::make_unique<Watch>(std::move(function));
        const memqc_progress told = watch ? &Watch::told : nullptr;
        if (call(set_progress, handle, told, static_cast<void *>(watch.get())))
            watch_ = std::move(watch);
    }
    /** Calls a long function. What the progress function throws comes out, with a Status too. */
    template <class Function, class... Arguments>
    bool run(Call &call, Function function, Arguments... arguments) {
        if (call.failed())
            return false;
        const memqc_status code = function(arguments...);
        if (watch_)
            watch_->rethrow();
        if (code != MEMQC_OK)
            call.fail(code, memqc_last_error());
        return !call.failed();
    }

  private:
    std::unique_ptr<Watch> watch_;
};

} // namespace detail
} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
