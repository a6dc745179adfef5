// SPDX-License-Identifier: BSD-3-Clause
/** @file custom.hpp
 *  Devices whose pulses are a function of one's own: device_custom.h for C++. memqc.hpp includes it.
 */
#ifndef MEMQC_CUSTOM_HPP
#define MEMQC_CUSTOM_HPP

#include "device.hpp"

#include <functional>
#include <memory>

namespace memqc {
inline namespace MEMQC_NAMESPACE {

/** One pulse on n cells: the arguments of memqc_device_step. The function changes g. */
struct Pulses {
    std::size_t n;
    const float *volts; ///< V
    double seconds;
    const float *const *cells; ///< [0] and [1]: bounds, S; [2 + p]: parameter p
    const float *normals;      ///< nullptr: without noise
    const float *uniforms;     ///< nullptr where normals is
    float *g;                  ///< S
};

/** Parameters of the cells of a custom device. */
struct CustomParameters {
    std::vector<double> mean, lognormal, normal;
};

namespace detail {

using StepFunction = std::function<void(const Pulses &)>;

/** What the library calls. No exception may leave it into C: the library's call fails instead, with
 *  a text that says "returned -1". */
inline std::int32_t step(void *user, std::size_t n, const float *volts, double seconds,
                         const float *const *cells, const float *normals, const float *uniforms,
                         float *g) noexcept {
    const StepFunction &function = *static_cast<StepFunction *>(user);
    const Pulses pulses{n, volts, seconds, cells, normals, uniforms, g};
#if MEMQC_EXCEPTIONS
    try {
        function(pulses);
    } catch (...) {
        return -1;
    }
#else
    function(pulses);
#endif
    return 0;
}

inline void let_go(void *user) noexcept {
    delete static_cast<StepFunction *>(user);
}

} // namespace detail

/** memqc_device_create_custom(): the function is held as long as any copy of the device. It must be
 *  pure; studies call it from several threads. */
[[nodiscard]] inline Device custom_device(const std::string &name,
                                          std::function<void(const Pulses &)> function,
                                          OnError on = {}) {
    auto held = std::make_unique<detail::StepFunction>(std::move(function));
    memqc_device *made = nullptr;
    if (detail::Call{on}(memqc_device_create_custom, name.c_str(), &detail::step,
                         static_cast<void *>(held.get()), &detail::let_go, &made))
        held.release();
    return Device::own(made);
}

/** memqc_device_set_custom(): lognormal and normal may be left out. */
inline void set_custom(Device &device, Span<const double> mean, Span<const double> lognormal = {},
                       Span<const double> normal = {}, OnError on = {}) {
    detail::Call call(on);
    if (lognormal.data())
        call.size("lognormal", lognormal.size(), mean.size());
    if (normal.data())
        call.size("normal", normal.size(), mean.size());
    call(memqc_device_set_custom, device.handle(), mean.size(), mean.data(), lognormal.data(),
         normal.data());
}

/** memqc_device_get_custom() */
[[nodiscard]] inline CustomParameters custom_parameters(const Device &device, OnError on = {}) {
    detail::Call call(on);
    std::size_t n = 0;
    double *const none = nullptr;
    call(memqc_device_get_custom, device.handle(), std::size_t(0), none, none, none, &n);
    CustomParameters all{std::vector<double>(n), std::vector<double>(n), std::vector<double>(n)};
    call(memqc_device_get_custom, device.handle(), n, all.mean.data(), all.lognormal.data(),
         all.normal.data(), &n);
    return all;
}

/** memqc_device_custom_cells(): what n cells have of a parameter. */
[[nodiscard]] inline std::vector<float> custom_cells(const Device &device, std::size_t parameter,
                                                     std::uint64_t cell, std::size_t n,
                                                     OnError on = {}) {
    std::vector<float> values(n);
    detail::Call{on}(memqc_device_custom_cells, device.handle(), parameter, cell, n, values.data());
    return values;
}

} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
