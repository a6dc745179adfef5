/* SPDX-License-Identifier: BSD-3-Clause */
/* Soft bounds: the linear step whose step vanishes at the cell's own bound,
 *
 *     dG = +S_up (hi - G) / (hi - lo)   or   -S_down (G - lo) / (hi - lo)
 *
 * so that G approaches the bound as a geometric series: Fusi and Abbott, Nat. Neurosci. 10 (2007)
 * 485; for resistive cells Frascaroli et al., Sci. Rep. 8 (2018) 7178. The affine kernel with a
 * slope of 1. */
#include "device/models/models.h"
#include "device/models/pulsed.h"

static struct mqc_step_law law(const memqc_device *d, int down) {
    const struct mqc_step_law w = {mqc_pulsed_step(d), 1};
    (void)down;
    return w;
}

static double shape(const memqc_device *d, int down, double y, double g) {
    (void)d, (void)down, (void)g;
    return 1 - y;
}

const struct mqc_device_ops mqc_device_soft_bounds = {
    MQC_PULSED("soft-bounds", MEMQC_DEVICE_SOFT_BOUNDS),
    .prepare = mqc_pulsed_prepare,
    .kind = MQC_PULSE_AFFINE,
    .law = law,
    .shape = shape,
    .vary = mqc_pulsed_vary_not,
};
