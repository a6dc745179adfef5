/* SPDX-License-Identifier: BSD-3-Clause */
/* From levels to pulses: the noise-free course of the conductance from each bound. */
#include "device/models/lookup.h"
#include "core/alloc.h"
#include "device/models/pulsed.h"

#include <math.h>

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
        const double next = mqc_pulsed_after(d, down, at);
        if (fabs(next - at) < enough || n > MQC_MOST_PULSES)
            return n;
        at = next;
    }
}

memqc_status mqc_lookup_curves(const memqc_device *device, struct mqc_lookup *lookup) {
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
    mqc_free(lookup->reset_energy);
    mqc_free(lookup->set_energy);
    lookup->reset_energy = lookup->set_energy = NULL;
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
