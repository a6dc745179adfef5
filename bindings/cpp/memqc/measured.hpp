// SPDX-License-Identifier: BSD-3-Clause
/** @file measured.hpp
 *  Devices given by what was measured: device_measured.h for C++. memqc.hpp includes it.
 */
#ifndef MEMQC_MEASURED_HPP
#define MEMQC_MEASURED_HPP

#include "device.hpp"

namespace memqc {
inline namespace MEMQC_NAMESPACE {

/** One direction of a table of jumps, S: quantiles[i * (quantiles.size() / g.size()) + j] is the
 *  j-th quantile of the change of conductance at g[i]. */
struct Jumps {
    std::vector<float> g, quantiles;
};

/** memqc_device_set_jumps(): as many quantiles at each conductance as their number says. */
inline void set_jumps(Device &device, std::size_t table, std::int32_t direction,
                      Span<const float> g, Span<const float> quantiles, OnError on = {}) {
    detail::Call call(on);
    const std::size_t n_q = g.size() > 0 ? quantiles.size() / g.size() : 0;
    call.size("quantiles", quantiles.size(), g.size() * n_q);
    call(memqc_device_set_jumps, device.handle(), table, direction, g.size(), g.data(), n_q,
         quantiles.data());
}

/** memqc_device_jumps_size(): how many tables there are. */
[[nodiscard]] inline std::size_t jump_tables(const Device &device, OnError on = {}) {
    std::size_t tables = 0, *const none = nullptr;
    detail::Call{on}(memqc_device_jumps_size, device.handle(), std::size_t(0), std::int32_t(1),
                     &tables, none, none);
    return tables;
}

/** memqc_device_get_jumps() */
[[nodiscard]] inline Jumps jumps(const Device &device, std::size_t table, std::int32_t direction,
                                 OnError on = {}) {
    detail::Call call(on);
    std::size_t n_g = 0, n_q = 0, *const none = nullptr;
    call(memqc_device_jumps_size, device.handle(), table, direction, none, &n_g, &n_q);
    Jumps found{std::vector<float>(n_g), std::vector<float>(n_g * n_q)};
    call(memqc_device_get_jumps, device.handle(), table, direction, n_g, found.g.data(), n_g * n_q,
         found.quantiles.data());
    return found;
}

/** Bands of the quantiles of a table of jumps, S. */
struct JumpBands {
    std::vector<float> low, high;
};

/** memqc_device_fit_jump_bands() */
[[nodiscard]] inline JumpBands fit_jump_bands(const Device &device, std::size_t table,
                                              std::int32_t direction, OnError on = {}) {
    detail::Call call(on);
    std::size_t n_g = 0, n_q = 0, *const no_size = nullptr;
    float *const none = nullptr;
    call(memqc_device_fit_jump_bands, device.handle(), table, direction, std::size_t(0), none,
         none);
    call(memqc_device_jumps_size, device.handle(), table, direction, no_size, &n_g, &n_q);
    JumpBands bands{std::vector<float>(n_g * n_q), std::vector<float>(n_g * n_q)};
    call(memqc_device_fit_jump_bands, device.handle(), table, direction, n_g * n_q,
         bands.low.data(), bands.high.data());
    return bands;
}

} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
