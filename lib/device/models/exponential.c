/* SPDX-License-Identifier: BSD-3-Clause */
/* Exponential step: a step that dies off exponentially towards the bound, and not at all before,
 *
 *     dG = +S_up   max(1 - A_UP   exp(+GAMMA_UP   z), 0)
 *     dG = -S_down max(1 - A_DOWN exp(-GAMMA_DOWN z), 0),   z = EXP_SCALE (2 x - 1) + EXP_OFFSET,
 *     x = (G - lo) / (hi - lo)
 *
 * The exponential device of the CMOS RPU studies: Kim et al., MWSCAS 2017, 422, doi
 * 10.1109/MWSCAS.2017.8052950. */
#include "device/models/models.h"
#include "device/models/pulsed.h"

#include <math.h>

static struct mqc_step_law law(const memqc_device *d, int down) {
    const struct mqc_step_law w = {
        mqc_pulsed_step(d),
        mqc_device_value(d, down ? MEMQC_DEVICE_GAMMA_DOWN : MEMQC_DEVICE_GAMMA_UP)};
    return w;
}

static double shape(const memqc_device *d, int down, double y, double g) {
    const double *v = d->value, x = down ? 1 - y : y,
                 z = v[MQC_DEVICE_AT(EXP_SCALE)] * (2 * x - 1) + v[MQC_DEVICE_AT(EXP_OFFSET)];
    (void)g;
    const double a = mqc_device_value(d, down ? MEMQC_DEVICE_A_DOWN : MEMQC_DEVICE_A_UP),
                 gamma = d->law[down].shape;
    return fmax(1 - a * exp(down ? -gamma * z : gamma * z), 0);
}

const struct mqc_device_ops mqc_device_exponential = {
    MQC_PULSED("exponential", MEMQC_DEVICE_EXPONENTIAL),
    .prepare = mqc_pulsed_prepare,
    .kind = MQC_PULSE_EXPONENTIAL,
    .law = law,
    .shape = shape,
};
