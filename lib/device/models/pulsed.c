/* SPDX-License-Identifier: BSD-3-Clause */
/* What all pulsed models share: parameters, response, what programming a level gives. */
#include "device/models/pulsed.h"
#include "core/alloc.h"
#include "core/error.h"

#include <math.h>

enum { MOST_PULSES = 16384 };

double mqc_pulsed_step(const memqc_device *d) {
    return (mqc_device_g_max(d) - mqc_device_g_min(d)) / (d->value[MEMQC_DEVICE_STATES] - 1);
}

static float squared(double x) {
    return (float)(x * x);
}

memqc_status mqc_pulsed_prepare(memqc_device *d) {
    MQC_TRY(mqc_device_check_order(d, MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_G_MAX));
    const double *v = d->value;
    d->states = fmax(2, rint(v[MEMQC_DEVICE_STATES]));
    struct mqc_pulse *p = &d->pulse;
    p->kind = d->ops->kind;
    p->lo = (float)mqc_device_g_min(d);
    p->hi = (float)mqc_device_g_max(d);
    for (int down = 0; down < 2; down++) {
        const struct mqc_step_law plain = {mqc_pulsed_step(d), 0};
        struct mqc_pulse_law *to = down ? &p->down : &p->up;
        d->way[down] = d->ops->way ? d->ops->way(d, down) : plain;
        d->way[down].step *= down ? 1 - v[MEMQC_DEVICE_ASYMMETRY] : 1 + v[MEMQC_DEVICE_ASYMMETRY];
        to->step = (float)d->way[down].step;
        to->shape = (float)d->way[down].shape;
        to->a = (float)v[down ? MEMQC_DEVICE_A_DOWN : MEMQC_DEVICE_A_UP];
        to->scale = (float)v[MEMQC_DEVICE_EXP_SCALE];
        to->offset = (float)(down ? -v[MEMQC_DEVICE_EXP_OFFSET] : v[MEMQC_DEVICE_EXP_OFFSET]);
    }
    p->absolute = squared(v[MEMQC_DEVICE_C2C_ABSOLUTE]);
    p->relative = squared(v[MEMQC_DEVICE_C2C_RELATIVE]);
    p->step = squared(v[MEMQC_DEVICE_C2C_STEP]);
    return MEMQC_OK;
}

double mqc_pulsed_get(const memqc_device *d, int32_t key) {
    return key == MEMQC_DEVICE_STEP ? mqc_pulsed_step(d) : d->value[key];
}

memqc_status mqc_pulsed_set(memqc_device *d, int32_t key, double value) {
    if (key == MEMQC_DEVICE_STEP)
        return mqc_device_set_step(d, value, 0);
    d->value[key] = value;
    return MEMQC_OK;
}

double mqc_device_nominal_step(const memqc_device *d, int down, double g) {
    const double low = mqc_device_g_min(d), high = mqc_device_g_max(d),
                 y = (down ? high - g : g - low) / (high - low);
    return fmax(0, d->way[down].step * d->ops->shape(d, down, y, g));
}

static double clip(const memqc_device *d, double g) {
    return fmin(fmax(g, mqc_device_g_min(d)), mqc_device_g_max(d));
}

static double after_pulse(const memqc_device *d, int down, double g) {
    const double step = mqc_device_nominal_step(d, down, g);
    return clip(d, down ? g - step : g + step);
}

memqc_status memqc_device_response(const memqc_device *device, int32_t direction, double start,
                                   size_t n, float *g) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(g);
    if (direction != 1 && direction != -1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: direction = %d; allowed is 1 (potentiation) or -1 (depression)",
                        __func__, (int)direction);
    if (!isfinite(start))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: start = %g S; it must be finite", __func__,
                        start);
    double at = clip(device, start),
           level = 1 + rint((mqc_device_g_max(device) - at) / mqc_device_step(device));
    for (size_t i = 0; i < n; i++) {
        if (device->ops->pulsed) {
            at = after_pulse(device, direction < 0, at);
        } else {
            level = direction > 0 ? 1 : fmin(level + 1, device->states);
            at = mqc_device_level_g(device, level);
        }
        g[i] = (float)at;
    }
    return MEMQC_OK;
}

/* --- from levels to pulses --- */

/* Pulses from one bound until the other is reached or steps become less than a thousandth of a
 * level's. Where g is not NULL, it gets the way. */
static size_t climb(const memqc_device *d, int down, float *g) {
    const double enough = 1e-3 * mqc_device_step(d);
    double at = down ? mqc_device_g_max(d) : mqc_device_g_min(d);
    size_t n = 0;
    for (;;) {
        if (g)
            g[n] = (float)at;
        n++;
        const double next = after_pulse(d, down, at);
        if (fabs(next - at) < enough || n > MOST_PULSES)
            return n;
        at = next;
    }
}

memqc_status mqc_lookup_make(const memqc_device *device, struct mqc_lookup *lookup) {
    const struct mqc_lookup none = {{0, 0}, {NULL, NULL}, NULL};
    *lookup = none;
    if (!device->ops->pulsed)
        return mqc_lookup_energy(device, lookup);
    for (int down = 0; down < 2; down++) {
        lookup->n[down] = climb(device, down, NULL);
        if (!(lookup->g[down] = mqc_alloc(lookup->n[down], sizeof(float)))) {
            mqc_lookup_free(lookup);
            return MEMQC_ERROR_NOMEM;
        }
        climb(device, down, lookup->g[down]);
    }
    return MEMQC_OK;
}

void mqc_lookup_free(struct mqc_lookup *lookup) {
    for (int down = 0; down < 2; down++) {
        mqc_free(lookup->g[down]);
        lookup->g[down] = NULL;
        lookup->n[down] = 0;
    }
    mqc_free(lookup->energy);
    lookup->energy = NULL;
}

/* Number of pulses, with a fraction, after which the curve passes g. */
static double pulses_until(const float *curve, size_t n, int down, double g) {
    const double sign = down ? -1 : 1;
    size_t low = 0, high = n - 1;
    if (sign * g <= sign * (double)curve[0] || n == 1)
        return 0;
    if (sign * g >= sign * (double)curve[high])
        return (double)high;
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (sign * (double)curve[middle] <= sign * g)
            low = middle;
        else
            high = middle;
    }
    return (double)low + (g - (double)curve[low]) / ((double)curve[high] - (double)curve[low]);
}

int32_t mqc_lookup_pulses(const struct mqc_lookup *lookup, double from, double to) {
    const int down = to < from;
    const double way = pulses_until(lookup->g[down], lookup->n[down], down, to) -
                       pulses_until(lookup->g[down], lookup->n[down], down, from);
    const int32_t pulses = (int32_t)rint(fmax(0, way));
    return down ? -pulses : pulses;
}

/* Programming from G_MIN: the mean is the noise-free course, the variance carried along it to first
 * order, var' = var (1 + df/dG)^2 + noise^2. */
void mqc_pulsed_level(const memqc_device *d, double level, double *nominal, double *mean,
                      double *sd) {
    const double *v = d->value, target = mqc_device_level_g(d, level),
                 enough = 1e-3 * mqc_device_step(d);
    double at = mqc_device_g_min(d), variance = 0;
    *nominal = target;
    for (size_t n = 0; n < MOST_PULSES; n++) {
        const double next = after_pulse(d, 0, at), f = next - at, delta = 1e-6 * mqc_device_step(d);
        if (fabs(next - target) >= fabs(at - target) || f < enough)
            break;
        const double change = (after_pulse(d, 0, at + delta) - next) / delta; /* 1 + df/dG */
        const double a = v[MEMQC_DEVICE_C2C_ABSOLUTE], b = v[MEMQC_DEVICE_C2C_RELATIVE] * at,
                     c = v[MEMQC_DEVICE_C2C_STEP] * f;
        variance = variance * change * change + a * a + b * b + c * c;
        at = next;
    }
    *mean = at;
    *sd = sqrt(variance);
}
