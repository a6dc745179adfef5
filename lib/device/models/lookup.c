/* SPDX-License-Identifier: BSD-3-Clause */
/* From levels to pulses: the noise-free course of the conductance from each bound. */
#include "device/models/lookup.h"
#include "core/alloc.h"
#include "device/models/pulsed.h"

#include <math.h>

/* Pulses from one bound until the other is reached or is not worth reaching. Where curve is not
 * NULL, it gets the conductance before the first pulse and after each. *cut becomes the part of the
 * last pulse that the bound leaves, 1 where it leaves all of it. */
static size_t climb(const memqc_device *d, int down, float *curve, double *cut) {
    double at = down ? mqc_device_g_max(d) : mqc_device_g_min(d), before = 0;
    size_t n = 0;
    *cut = 1;
    for (;;) {
        if (curve)
            curve[n] = (float)at;
        n++;
        const double next = mqc_pulsed_after(d, down, at), f = fabs(next - at);
        if (mqc_pulsed_ends(d, f, before) || n > MQC_MOST_PULSES)
            return n;
        *cut = fmin(f / mqc_device_nominal_step(d, down, at), 1);
        before = f;
        at = next;
    }
}

memqc_status mqc_lookup_curves(const memqc_device *device, struct mqc_lookup *lookup) {
    for (int down = 0; down < 2; down++) {
        struct mqc_course *curve = &lookup->curve[down];
        curve->down = down;
        curve->n = climb(device, down, NULL, &curve->cut);
        if (!(curve->g = mqc_alloc(curve->n, sizeof(float)))) {
            mqc_lookup_free(lookup);
            return MEMQC_ERROR_NOMEM;
        }
        climb(device, down, curve->g, &curve->cut);
        const double bound = down ? mqc_device_g_min(device) : mqc_device_g_max(device);
        curve->to_bound = curve->g[curve->n - 1] == (float)bound;
    }
    return MEMQC_OK;
}

void mqc_lookup_free(struct mqc_lookup *lookup) {
    for (int down = 0; down < 2; down++) {
        mqc_free(lookup->curve[down].g);
        lookup->curve[down].g = NULL;
        lookup->curve[down].n = 0;
    }
    mqc_free(lookup->reset_energy);
    mqc_free(lookup->set_energy);
    lookup->reset_energy = lookup->set_energy = NULL;
}

/* Number of pulses, with a fraction, after which the curve passes g. */
static double pulses_until(const struct mqc_course *curve, double g) {
    const double sign = curve->down ? -1 : 1;
    size_t low = 0, high = curve->n - 1;
    if (sign * g <= sign * (double)curve->g[0] || high == 0)
        return 0;
    if (sign * g >= sign * (double)curve->g[high])
        return (double)(high - 1) + curve->cut;
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (sign * (double)curve->g[middle] <= sign * g)
            low = middle;
        else
            high = middle;
    }
    const double part =
        (g - (double)curve->g[low]) / ((double)curve->g[high] - (double)curve->g[low]);
    return (double)low + (high == curve->n - 1 ? curve->cut * part : part);
}

/* The conductance after a number of pulses, with a fraction. */
static double after_pulses(const struct mqc_course *curve, double pulses) {
    const size_t last = curve->n - 1, low = (size_t)pulses;
    if (last == 0 || pulses >= (double)(last - 1) + curve->cut)
        return (double)curve->g[last];
    const double whole = low == last - 1 ? curve->cut : 1, part = (pulses - (double)low) / whole;
    return (double)curve->g[low] + part * ((double)curve->g[low + 1] - (double)curve->g[low]);
}

int32_t mqc_lookup_pulses(const struct mqc_lookup *lookup, double from, double to) {
    const int down = to < from;
    const struct mqc_course *curve = &lookup->curve[down];
    const double start = pulses_until(curve, from), end = pulses_until(curve, to);
    double pulses = rint(fmax(0, end - start));
    /* A bound cuts what a pulse would do beyond it: half a pulse is not half the distance there. */
    if (curve->to_bound && end > (double)curve->n - 2) {
        const double fewer = floor(fmax(0, end - start));
        const double one = fabs(after_pulses(curve, start + fewer) - to);
        const double other = fabs(after_pulses(curve, start + fewer + 1) - to);
        pulses = other < one ? fewer + 1 : fewer;
    }
    return down ? -(int32_t)pulses : (int32_t)pulses;
}
