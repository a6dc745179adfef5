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

/* The way to g from where the curve begins, in parts of its guide. */
static double part_of(const struct mqc_course *curve, double g) {
    return fabs(g - (double)curve->g[0]) * curve->parts;
}

static void make_guide(struct mqc_course *curve) {
    const double way = fabs((double)curve->g[curve->n - 1] - (double)curve->g[0]);
    size_t at = 0;
    curve->parts = way > 0 ? MQC_GUIDE / way : 0;
    for (size_t part = 0; part <= MQC_GUIDE; part++) {
        while (at + 1 < curve->n && part_of(curve, (double)curve->g[at + 1]) <= (double)part)
            at++;
        curve->guide[part] = (uint16_t)at;
    }
}

static const double coarse = 0.25; /* of the window */
enum { NODES = MQC_COARSE_NODES };

int mqc_pulse_is_coarse(const memqc_device *device, double step) {
    const double range = mqc_device_g_max(device) - mqc_device_g_min(device);
    return step > coarse * range && step > mqc_device_step(device) * (1 + 1e-6);
}

static int are_coarse(const memqc_device *device, const struct mqc_lookup *lookup) {
    double most = 0;
    for (int down = 0; down < 2; down++)
        for (size_t i = 1; i < lookup->curve[down].n; i++)
            most = fmax(most, fabs((double)lookup->curve[down].g[i] -
                                   (double)lookup->curve[down].g[i - 1]));
    return mqc_pulse_is_coarse(device, most);
}

static memqc_status tabulate(const memqc_device *device, struct mqc_lookup *lookup) {
    const double low = mqc_device_g_min(device), range = mqc_device_g_max(device) - low;
    for (int down = 0; down < 2; down++) {
        if (!(lookup->after[down] = mqc_alloc(NODES, sizeof(float))))
            return MEMQC_ERROR_NOMEM;
        for (size_t i = 0; i < NODES; i++)
            lookup->after[down][i] =
                (float)mqc_pulsed_after(device, down, low + range * (double)i / (NODES - 1));
    }
    return MEMQC_OK;
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
        make_guide(curve);
        const double bound = down ? mqc_device_g_min(device) : mqc_device_g_max(device);
        curve->to_bound = curve->g[curve->n - 1] == (float)bound;
    }
    const memqc_status status = are_coarse(device, lookup) ? tabulate(device, lookup) : MEMQC_OK;
    if (status != MEMQC_OK)
        mqc_lookup_free(lookup);
    return status;
}

void mqc_lookup_free(struct mqc_lookup *lookup) {
    for (int down = 0; down < 2; down++) {
        mqc_free(lookup->curve[down].g);
        lookup->curve[down].g = NULL;
        lookup->curve[down].n = 0;
    }
    for (int down = 0; down < 2; down++) {
        mqc_free(lookup->after[down]);
        lookup->after[down] = NULL;
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
    const double part_way = part_of(curve, g);
    const size_t guide = part_way < MQC_GUIDE - 1 ? (size_t)part_way : MQC_GUIDE - 1;
    low = curve->guide[guide];
    high = curve->guide[guide + 1] < high ? (size_t)curve->guide[guide + 1] + 1 : high;
    /* A part ends where rounding says. */
    while (sign * (double)curve->g[low] > sign * g)
        low--;
    while (sign * (double)curve->g[high] <= sign * g)
        high++;
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

/* --- plans --- */

/* A nominal pulse, looked up where there is a table. */
static double after_pulse(const memqc_device *device, const float *table, int down, double g) {
    const double low = mqc_device_g_min(device), range = mqc_device_g_max(device) - low;
    if (!table)
        return mqc_pulsed_after(device, down, g);
    const double x = fmin(fmax((g - low) / range, 0), 1) * (NODES - 1);
    const size_t i = x < NODES - 2 ? (size_t)x : NODES - 2;
    return (double)table[i] + (x - (double)i) * ((double)table[i + 1] - (double)table[i]);
}

/* Sends nominal pulses to a cell at *at until it passes the target or moves no more. Notes in *plan
 * what led nearer than all before. Returns the number of pulses; 0 where it never passes. */
static int32_t walk(const memqc_device *device, const float *table, int down, double to, double *at,
                    int32_t there, struct mqc_pulse_plan *plan) {
    const double least = 1e-3 * mqc_device_step(device);
    for (int32_t n = 1; n <= MQC_MOST_PULSES; n++) {
        const double next = after_pulse(device, table, down, *at);
        if (fabs(next - *at) < 1e-3 * least)
            return 0;
        *at = next;
        const struct mqc_pulse_plan now = {there ? there : n, there ? n : 0, fabs(next - to)};
        if (now.miss < plan->miss - least)
            *plan = now;
        if (down ? next <= to : next >= to)
            return n;
    }
    return 0;
}

static struct mqc_pulse_plan make_plan(const memqc_device *device, float *const after[2],
                                       double from, double to) {
    const int down = to < from;
    struct mqc_pulse_plan plan = {0, 0, fabs(from - to)};
    double at = mqc_pulsed_clip(device, from);
    const int32_t there = walk(device, after[down], down, to, &at, 0, &plan);
    if (there)
        (void)walk(device, after[!down], !down, to, &at, there, &plan);
    if (down)
        plan.there = -plan.there;
    else
        plan.back = -plan.back;
    return plan;
}

struct mqc_pulse_plan mqc_lookup_plan(const memqc_device *device, const struct mqc_lookup *lookup,
                                      double from, double to) {
    const struct mqc_pulse_plan one_way = {mqc_lookup_pulses(lookup, from, to), 0, 0};
    return lookup->after[0] ? make_plan(device, lookup->after, from, to) : one_way;
}

struct mqc_pulse_plan mqc_nominal_plan(const memqc_device *device, double from, double to) {
    float *const none[2] = {NULL, NULL};
    return make_plan(device, none, from, to);
}
