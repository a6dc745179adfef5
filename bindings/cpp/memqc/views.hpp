// SPDX-License-Identifier: BSD-3-Clause
/** @file views.hpp
 *  Views of the caller's arrays: memqc::Span of a list, memqc::Rows of a matrix. memqc.hpp includes
 *  it.
 */
#ifndef MEMQC_VIEWS_HPP
#define MEMQC_VIEWS_HPP

#include "status.hpp"

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <type_traits>

namespace memqc {
inline namespace MEMQC_NAMESPACE {

namespace detail {

/** Whether an array of U can be seen as one of T. */
template <class U, class T>
using if_viewed = std::enable_if_t<std::is_convertible<U (*)[], T (*)[]>::value>;

/** Whether a container, such as std::vector, has contiguous elements that can be seen as T. */
template <class Container, class T>
using if_contiguous = std::void_t<
    if_viewed<std::remove_pointer_t<decltype(std::data(std::declval<Container &>()))>, T>,
    decltype(std::size(std::declval<Container &>()))>;

} // namespace detail

/** A list in the caller's memory: what std::span<T> is in C++20. Containers and arrays convert to
 *  it. A temporary converts to Span<const T> alone, and must live as long as the view is used. */
template <class T> class Span {
  public:
    using element_type = T;
    using value_type = std::remove_cv_t<T>;

    constexpr Span() noexcept = default;
    constexpr Span(T *data, std::size_t size) noexcept : data_(data), size_(size) {
    }
    template <class C, class = detail::if_contiguous<C, T>>
    constexpr Span(C &container) noexcept
        : data_(std::data(container)), size_(std::size(container)) {
    }
    template <class C, class = detail::if_contiguous<const C, T>>
    constexpr Span(const C &container) noexcept
        : data_(std::data(container)), size_(std::size(container)) {
    }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
    /** A list in braces, which lives until the end of the call that it is an argument of. */
    template <class U = T, class = std::enable_if_t<std::is_const<U>::value>>
    constexpr Span(std::initializer_list<std::remove_const_t<U>> list) noexcept
        : data_(list.begin()), size_(list.size()) {
    }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

    constexpr T *data() const noexcept {
        return data_;
    }
    constexpr std::size_t size() const noexcept {
        return size_;
    }
    constexpr bool empty() const noexcept {
        return size_ == 0;
    }
    constexpr T *begin() const noexcept {
        return data_;
    }
    constexpr T *end() const noexcept {
        return data_ + size_;
    }
    constexpr T &operator[](std::size_t index) const {
        return data_[index];
    }

  private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};

/** A matrix in the caller's memory, row by row. The distance from row to row, in elements, is the
 *  leading dimension. What converts to a Span converts to Rows: such a list is cut into rows of as
 *  many columns as the method that takes it needs. */
template <class T> class Rows {
  public:
    constexpr Rows() noexcept = default;
    constexpr Rows(T *data, std::size_t rows, std::size_t cols, std::size_t leading) noexcept
        : list_(data, rows * leading), rows_(rows), cols_(cols), leading_(leading), shaped_(true) {
    }
    constexpr Rows(T *data, std::size_t rows, std::size_t cols) noexcept
        : Rows(data, rows, cols, cols) {
    }
    template <class U, std::size_t rows, std::size_t cols, class = detail::if_viewed<U, T>>
    constexpr Rows(U (&matrix)[rows][cols]) noexcept : Rows(&matrix[0][0], rows, cols) {
    }
    template <class U, class = detail::if_viewed<U, T>>
    constexpr Rows(Rows<U> other) noexcept
        : list_(other.list()), rows_(other.rows()), cols_(other.cols()), leading_(other.leading()),
          shaped_(other.shaped()) {
    }
    template <class C, class = detail::if_contiguous<C, T>>
    constexpr Rows(C &container) noexcept : list_(container) {
    }
    template <class C, class = detail::if_contiguous<const C, T>>
    constexpr Rows(const C &container) noexcept : list_(container) {
    }
    template <class U = T, class = std::enable_if_t<std::is_const<U>::value>>
    constexpr Rows(std::initializer_list<std::remove_const_t<U>> list) noexcept : list_(list) {
    }

    constexpr T *data() const noexcept {
        return list_.data();
    }
    constexpr Span<T> list() const noexcept {
        return list_;
    }
    constexpr std::size_t rows() const noexcept {
        return rows_;
    }
    constexpr std::size_t cols() const noexcept {
        return cols_;
    }
    constexpr std::size_t leading() const noexcept {
        return leading_;
    }
    /** Whether the view has rows and columns; a list has them once it is cut. */
    constexpr bool shaped() const noexcept {
        return shaped_;
    }
    /** Whether there is nothing to see: an argument that may be left out is left out. */
    constexpr bool absent() const noexcept {
        return !shaped_ && list_.empty();
    }

    /** These rows where they have so many columns, or the list cut into such rows. */
    Rows cut(const char *name, std::size_t cols, detail::Call &call) const {
        const std::size_t whole = cols == 0 ? 0 : list_.size() / cols;
        const Rows found = shaped_ ? *this : Rows(list_.data(), whole, cols);
        if (shaped_)
            call.size(name, "columns", cols_, cols);
        else if (!call.failed() && whole * cols != list_.size())
            call.fail(MEMQC_ERROR_ARGUMENT,
                      std::string(name) + " has " + std::to_string(list_.size()) +
                          " elements; it must have a multiple of " + std::to_string(cols));
        return found;
    }
    /** The same with so many rows. */
    Rows cut(const char *name, std::size_t rows, std::size_t cols, detail::Call &call) const {
        if (!shaped_)
            call.size(name, "elements", list_.size(), rows * cols);
        const Rows found = cut(name, cols, call);
        call.size(name, "rows", found.rows_, rows);
        return found;
    }

  private:
    Span<T> list_;
    std::size_t rows_ = 0, cols_ = 0, leading_ = 0;
    bool shaped_ = false;
};

} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
