/* SPDX-License-Identifier: BSD-3-Clause */
/* What all pulsed models share: parameters and response. */
#include "device/models/pulsed.h"
#include "core/error.h"
#include "device/cell/check.h"
#include "device/models/lookup.h"

#include <math.h>

double mqc_pulsed_step(const memqc_device *d) {
    return d->value[MQC_DEVICE_AT(STEP)];
}

static float squared(double x) {
    return (float)(x * x);
}

/* Distance of a state from the next one that single precision has. */
static double resolution(double g) {
    const float at = (float)g;
    return (double)nextafterf(at, INFINITY) - (double)at;
}

/* Refuses a law whose train of pulses would never leave the bound where it starts: no state holds
 * its first step. */
static memqc_status check_first_steps(const memqc_device *d, const char *function) {
    for (int down = 0; down < 2 && d->ops->kind == MQC_PULSE_AFFINE; down++) {
        const double bound = down ? mqc_device_g_max(d) : mqc_device_g_min(d);
        const double step = mqc_device_nominal_step(d, down, bound);
        if (step < 2 * resolution(bound))
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "%s: the first pulse from %s = %g S would move a cell by %g S; a "
                            "conductance in single precision moves by %g S at least",
                            function, down ? "g_max" : "g_min", bound, step, 2 * resolution(bound));
    }
    return MEMQC_OK;
}

/* The grid of MQC_PULSE_GRID for constant steps that no noise dithers: their errors of rounding
 * would be alike, and add up. The parts of a step are as fine as states are, and few enough for
 * single precision to count those of the whole window. 0: no grid. */
static float grid_of(const memqc_device *d) {
    const double *v = d->value, least = 2 * resolution(mqc_device_g_max(d));
    const double step = mqc_pulsed_step(d), range = mqc_device_g_max(d) - mqc_device_g_min(d);
    const double noise = v[MQC_DEVICE_AT(C2C_ABSOLUTE)] +
                         v[MQC_DEVICE_AT(C2C_RELATIVE)] * mqc_device_g_min(d) +
                         v[MQC_DEVICE_AT(C2C_STEP)] * step;
    const double parts = fmin(step / least, 0x1p19 * step / range);
    if (d->ops->model != MEMQC_DEVICE_CONSTANT || noise >= least || parts < 1)
        return 0;
    return (float)exp2(floor(log2(parts)));
}

memqc_status mqc_pulsed_prepare(memqc_device *d, const char *function) {
    MQC_TRY(mqc_device_check_order(d, function, MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_G_MAX));
    const double *v = d->value;
    struct mqc_pulse *p = &d->pulse;
    p->kind = d->ops->kind;
    p->lo = (float)mqc_device_g_min(d);
    p->hi = (float)mqc_device_g_max(d);
    for (int down = 0; down < 2; down++) {
        const struct mqc_step_law plain = {mqc_pulsed_step(d), 0};
        struct mqc_pulse_law *to = down ? &p->down : &p->up;
        d->law[down] = d->ops->law ? d->ops->law(d, down) : plain;
        d->law[down].step *=
            down ? 1 - v[MQC_DEVICE_AT(ASYMMETRY)] : 1 + v[MQC_DEVICE_AT(ASYMMETRY)];
        to->step = (float)d->law[down].step;
        to->shape = (float)d->law[down].shape;
        to->a = (float)mqc_device_value(d, down ? MEMQC_DEVICE_A_DOWN : MEMQC_DEVICE_A_UP);
        to->scale = (float)v[MQC_DEVICE_AT(EXP_SCALE)];
        to->offset = (float)(down ? -v[MQC_DEVICE_AT(EXP_OFFSET)] : v[MQC_DEVICE_AT(EXP_OFFSET)]);
    }
    p->absolute = squared(v[MQC_DEVICE_AT(C2C_ABSOLUTE)]);
    p->relative = squared(v[MQC_DEVICE_AT(C2C_RELATIVE)]);
    p->step = squared(v[MQC_DEVICE_AT(C2C_STEP)]);
    p->grid = grid_of(d);
    if (p->grid > 0)
        p->kind = MQC_PULSE_GRID;
    return check_first_steps(d, function);
}

double mqc_device_nominal_step(const memqc_device *d, int down, double g) {
    const double low = mqc_device_g_min(d), high = mqc_device_g_max(d),
                 y = (down ? high - g : g - low) / (high - low);
    return fmax(0, d->law[down].step * d->ops->shape(d, down, y, g));
}

void mqc_pulsed_vary_not(const memqc_device *d, int down, size_t n, const float *lo,
                         const float *hi, float *shape, double *step) {
    const struct mqc_step_law w = d->ops->law(d, down);
    (void)lo, (void)hi;
    for (size_t i = 0; i < n; i++) {
        shape[i] = (float)w.shape;
        step[i] = w.step;
    }
}

double mqc_pulsed_clip(const memqc_device *d, double g) {
    return fmin(fmax(g, mqc_device_g_min(d)), mqc_device_g_max(d));
}

double mqc_pulsed_after(const memqc_device *d, int down, double g) {
    const double step = mqc_device_nominal_step(d, down, g);
    return mqc_pulsed_clip(d, down ? g - step : g + step);
}

/* Steps that shrink by the same factor f / before go on to f / (1 - f / before) altogether. */
int mqc_pulsed_ends(const memqc_device *d, double f, double before) {
    const double enough = 1e-3 * mqc_device_step(d);
    return !(f > 0) || (f < before && f * before < enough * (before - f));
}
