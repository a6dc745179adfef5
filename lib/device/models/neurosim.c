/* SPDX-License-Identifier: BSD-3-Clause */
/* The nonlinearity model of MLP+NeuroSim: Chen, Peng and Yu, IEEE Trans. Comput.-Aided Des. 37
 * (2018) 3067. In a window of width R, P pulses lead from one bound to the other along
 *
 *     y(p) = (1 - e^(-p / A)) / (1 - e^(-P / A))
 *
 * A is solved from the label NL: the maximum over p of y(p) - p / P is 0.07 sqrt(2) |NL|.
 *
 * One pulse from y gives y' = y + (1 - e^(-1/A)) (1 / (1 - e^(-P/A)) - y): the affine kernel, with
 *
 *     S = R (1 - e^(-u/P)) / (1 - e^(-u)),   slope = 1 - e^(-u),   u = P / A, the curvature
 *
 * A label of the other sign (negative up, positive down) bends the curve the other way: u is then
 * negative. */
#include "device/models/neurosim.h"
#include "device/models/models.h"
#include "device/models/pulsed.h"

#include <math.h>

/* Largest deviation of the curve of curvature u > 0 from the straight line. */
static double deviation(double u) {
    const double bend = -expm1(-u), at = log(u / bend) / u;
    return -expm1(-u * at) / bend - at;
}

/* The curvature of a label: deviation() rises from 0 to 1. */
static double curvature(double label) {
    const double wanted = 0.07 * sqrt(2) * fabs(label);
    double low = 1e-6, high = 1e4;
    if (wanted <= deviation(low))
        return 0;
    for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
        const double middle = 0.5 * (low + high);
        if (deviation(middle) < wanted)
            low = middle;
        else
            high = middle;
    }
    const double u = 0.5 * (low + high);
    return label < 0 ? -u : u;
}

double mqc_neurosim_label(double slope) {
    const double u = -log1p(-slope);
    if (u == 0)
        return 0;
    const double label = deviation(fabs(u)) / (0.07 * sqrt(2));
    return u < 0 ? -label : label;
}

static struct mqc_step_law bent(double u, double pulses, double range) {
    struct mqc_step_law w = {range / pulses, 0};
    if (u != 0) {
        w.shape = -expm1(-u);
        w.step = range * expm1(-u / pulses) / expm1(-u);
    }
    return w;
}

static struct mqc_step_law bent_by(const memqc_device *d, int down, double factor, double range) {
    const double *v = d->value;
    return bent(factor * d->curvature[down],
                v[down ? MQC_DEVICE_AT(PULSES_DOWN) : MQC_DEVICE_AT(PULSES_UP)], range);
}

static void vary(const memqc_device *d, int down, size_t n, const float *lo, const float *hi,
                 float *shapes, double *steps) {
    for (size_t i = 0; i < n; i++) {
        const struct mqc_step_law w =
            bent_by(d, down, (double)shapes[i], (double)hi[i] - (double)lo[i]);
        shapes[i] = (float)w.shape;
        steps[i] = w.step;
    }
}

static struct mqc_step_law law(const memqc_device *d, int down) {
    return bent_by(d, down, 1, mqc_device_g_max(d) - mqc_device_g_min(d));
}

static memqc_status prepare(memqc_device *d, const char *function) {
    d->curvature[0] = curvature(d->value[MQC_DEVICE_AT(NL_UP)]);
    d->curvature[1] = -curvature(d->value[MQC_DEVICE_AT(NL_DOWN)]);
    return mqc_pulsed_prepare(d, function);
}

static double shape(const memqc_device *d, int down, double y, double g) {
    (void)g;
    return 1 - d->law[down].shape * y;
}

const struct mqc_device_ops mqc_device_neurosim = {
    MQC_PULSED("neurosim", MEMQC_DEVICE_NEUROSIM),
    .prepare = prepare,
    .kind = MQC_PULSE_AFFINE,
    .law = law,
    .shape = shape,
    .vary = vary,
    .by_window = 1,
};
