/* SPDX-License-Identifier: BSD-3-Clause */
/* Power step: the step is a power of the way that is left,
 *
 *     dG = +S_up w^POWER_UP   or   -S_down (1 - w)^POWER_DOWN,   w = (hi - G) / (hi - lo)
 *
 * 0 is the constant step and 1 soft bounds; saturation as a power law: Fusi and Abbott, Nat.
 * Neurosci. 10 (2007) 485. */
#include "device/models/models.h"
#include "device/models/pulsed.h"

#include <math.h>

static struct mqc_step_law law(const memqc_device *d, int down) {
    const struct mqc_step_law w = {
        mqc_pulsed_step(d),
        mqc_device_value(d, down ? MEMQC_DEVICE_POWER_DOWN : MEMQC_DEVICE_POWER_UP)};
    return w;
}

static double shape(const memqc_device *d, int down, double y, double g) {
    (void)g;
    return pow(fmax(1 - y, 0), d->law[down].shape);
}

const struct mqc_device_ops mqc_device_power = {
    MQC_PULSED("power", MEMQC_DEVICE_POWER),
    .prepare = mqc_pulsed_prepare,
    .kind = MQC_PULSE_POWER,
    .law = law,
    .shape = shape,
};
