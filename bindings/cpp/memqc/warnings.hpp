// SPDX-License-Identifier: BSD-3-Clause
/** @file warnings.hpp
 *  Where a device leaves what its model is known to hold for. memqc.hpp includes it.
 */
#ifndef MEMQC_WARNINGS_HPP
#define MEMQC_WARNINGS_HPP

#include "device.hpp"

namespace memqc {
inline namespace MEMQC_NAMESPACE {

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
