/* SPDX-License-Identifier: BSD-3-Clause */
/* Constant step: every pulse moves G by the same amount until a bound stops it,
 *
 *     dG = +S_up   or   -S_down
 *
 * The baseline of the resistive processing unit: Gokmen and Vlasov, Front. Neurosci. 10 (2016) 333,
 * Table 1. The affine kernel with a slope of 0. */
#include "device/models/models.h"
#include "device/models/pulsed.h"

static double shape(const memqc_device *d, int down, double y, double g) {
    (void)d, (void)down, (void)y, (void)g;
    return 1;
}

const struct mqc_device_ops mqc_device_constant = {
    MQC_PULSED("constant", MEMQC_DEVICE_CONSTANT),
    .prepare = mqc_pulsed_prepare,
    .kind = MQC_PULSE_AFFINE,
    .shape = shape,
};
