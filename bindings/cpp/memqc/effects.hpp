// SPDX-License-Identifier: BSD-3-Clause
/** @file effects.hpp
 *  Reads with flicker, and where a device leaves what its model is known to hold for. memqc.hpp
 *  includes it.
 */
#ifndef MEMQC_EFFECTS_HPP
#define MEMQC_EFFECTS_HPP

#include "device.hpp"

namespace memqc {
inline namespace MEMQC_NAMESPACE {

/** memqc_device_flicker()
 *  @param driven  what drift acted on   @param g  changed */
inline void flicker(const Device &device, std::uint64_t cell, std::uint64_t draw, double seconds,
                    Span<const float> driven, Span<float> g, OnError on = {}) {
    detail::Call call(on);
    call.size("driven", driven.size(), g.size());
    call(memqc_device_flicker, device.handle(), cell, draw, seconds, g.size(), driven.data(),
         g.data());
}

/** memqc_device_warnings(): MEMQC_DEVICE_WARNING_... */
[[nodiscard]] inline std::vector<std::int32_t> warnings(const Device &device, OnError on = {}) {
    detail::Call call(on);
    std::size_t n = 0;
    std::int32_t *const none = nullptr;
    call(memqc_device_warnings, device.handle(), n, none, &n);
    std::vector<std::int32_t> found(n);
    if (n > 0)
        call(memqc_device_warnings, device.handle(), n, found.data(), &n);
    return found;
}

/** What a warning means; null for any other number. */
[[nodiscard]] inline const char *warning_text(std::int32_t warning) noexcept {
    return memqc_device_warning_text(warning);
}

} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
