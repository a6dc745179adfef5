/* SPDX-License-Identifier: BSD-3-Clause */
/* Linear step: the step falls (or, for a negative slope, rises) in proportion to the way already
 * gone,
 *
 *     dG = +-S (1 - SLOPE y),   y = 0 where a train of pulses starts, 1 at the bound where it ends
 *
 * First order in G: Agarwal et al., IJCNN 2016, 929, and Fusi and Abbott, Nat. Neurosci. 10 (2007)
 * 485, have it as the family between hard (slope 0) and soft bounds (slope 1). Each slope is that
 * of its own direction. */
#include "device/models/models.h"
#include "device/models/pulsed.h"

static struct mqc_step_law law(const memqc_device *d, int down) {
    const struct mqc_step_law w = {
        mqc_pulsed_step(d),
        mqc_device_value(d, down ? MEMQC_DEVICE_SLOPE_DOWN : MEMQC_DEVICE_SLOPE_UP)};
    return w;
}

static double shape(const memqc_device *d, int down, double y, double g) {
    (void)g;
    return 1 - d->law[down].shape * y;
}

static void vary(const memqc_device *d, int down, size_t n, const float *lo, const float *hi,
                 float *shapes, double *steps) {
    const struct mqc_step_law w = law(d, down);
    (void)lo, (void)hi;
    for (size_t i = 0; i < n; i++) {
        const double slope = w.shape * (double)shapes[i];
        shapes[i] = (float)(slope > 1 ? 1 : slope);
        steps[i] = w.step;
    }
}

const struct mqc_device_ops mqc_device_linear = {
    MQC_PULSED("linear", MEMQC_DEVICE_LINEAR),
    .prepare = mqc_pulsed_prepare,
    .kind = MQC_PULSE_AFFINE,
    .law = law,
    .shape = shape,
    .vary = vary,
};
