// SPDX-License-Identifier: BSD-3-Clause
/** @file statistics.hpp
 *  Statistics of accuracies and hits, for C++. memqc.hpp includes it.
 */
#ifndef MEMQC_STATISTICS_HPP
#define MEMQC_STATISTICS_HPP

#include "mlp.hpp"

namespace memqc {
inline namespace MEMQC_NAMESPACE {

/** The values of memqc_crossed(), by MEMQC_CROSSED_... */
using Crossed = std::array<double, MEMQC_CROSSED_VALUES>;

/** The values of memqc_nested(), by MEMQC_NESTED_... */
using Nested = std::array<double, MEMQC_NESTED_VALUES>;

/** memqc_summary(): a statistic, MEMQC_SUMMARY_..., of numbers such as accuracies. */
inline double summary(Span<const double> values, std::int32_t what, OnError on = {}) {
    double value = 0;
    detail::Call{on}(memqc_summary, values.size(), values.data(), what, &value);
    return value;
}

/** memqc_crossed(): the mean of bits, such as those of MLP::monte_carlo_hits(), with its interval
 *  for other rows and other columns; of the differences where there is `less`. */
[[nodiscard]] inline Crossed crossed(std::size_t rows, std::size_t columns,
                                     Span<const std::uint8_t> hits,
                                     Span<const std::uint8_t> less = {}, OnError on = {}) {
    detail::Call call(on);
    Crossed values{};
    const std::size_t bytes = rows * ((columns + 7) / 8);
    call.size("hits", hits.size(), bytes);
    if (less.data())
        call.size("less", less.size(), bytes);
    call(memqc_crossed, rows, columns, hits.data(), less.data(), values.data());
    return values;
}

/** memqc_nested(): what networks on devices of a fit reach, groups x rows x columns, with the
 *  interval of what the true device does. */
[[nodiscard]] inline Nested nested(std::size_t groups, std::size_t rows, std::size_t columns,
                                   Span<const std::uint8_t> hits, OnError on = {}) {
    detail::Call call(on);
    Nested values{};
    call.size("hits", hits.size(), groups * rows * ((columns + 7) / 8));
    call(memqc_nested, groups, rows, columns, hits.data(), values.data());
    return values;
}

/** memqc_combine(): half of the interval of an estimate whose variance is a sum of parts. */
[[nodiscard]] inline double combine(Span<const double> variances, Span<const double> freedoms,
                                    OnError on = {}) {
    detail::Call call(on);
    double half = 0;
    call.size("freedoms", freedoms.size(), variances.size());
    call(memqc_combine, variances.size(), variances.data(), freedoms.data(), &half);
    return half;
}

} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
