/* SPDX-License-Identifier: BSD-3-Clause */
/* A device that is spoilt behind the library's back: a build for debugging ends at the next call that
 * may have done it. Exit status 0 where it does not. */
#include "device/cell/inside.h"

int main(void) {
    memqc_device *device;
    if (memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device) != MEMQC_OK)
        return 0;
    device->value[MQC_DEVICE_AT(STATES)] = 32.5;
    (void)memqc_device_set_seed(device, 1);
    memqc_device_destroy(&device);
    return 0;
}
