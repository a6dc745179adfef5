/* SPDX-License-Identifier: BSD-3-Clause */
/* From levels to pulses: the noise-free course of the conductance from each bound. */
#include "device/models/lookup.h"
#include "core/alloc.h"
#include "core/error.h"
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

static const float *curve_of(const struct mqc_courses *courses, int down) {
    return courses->g + courses->of[down].first;
}

/* The way to g from where the course begins, in parts of its guide. */
static double part_of(const struct mqc_courses *courses, int down, double g) {
    return fabs(g - (double)curve_of(courses, down)[0]) * courses->of[down].parts;
}

static void make_guide(struct mqc_courses *courses, int down) {
    const float *const g = curve_of(courses, down);
    struct mqc_course *const course = &courses->of[down];
    int32_t *const guide = courses->guide + down * (MQC_GUIDE + 1), at = 0, most = 0;
    const double way = fabs((double)g[course->n - 1] - (double)g[0]);
    course->parts = way > 0 ? MQC_GUIDE / way : 0;
    for (int32_t part = 0; part <= MQC_GUIDE; part++) {
        while (at + 1 < course->n && part_of(courses, down, (double)g[at + 1]) <= (double)part)
            at++;
        guide[part] = at;
        if (part > 0 && at - guide[part - 1] > most)
            most = at - guide[part - 1];
    }
    /* A search begins a point before, for rounding, and may end as much behind. */
    while ((int32_t)1 << courses->halvings <= most + 2)
        courses->halvings++;
}

static const double coarse = 0.25; /* of the window */
enum { NODES = MQC_COARSE_NODES };

int mqc_pulse_is_coarse(const memqc_device *device, double step) {
    const double range = mqc_device_g_max(device) - mqc_device_g_min(device);
    return step > coarse * range && step > mqc_device_step(device) * (1 + 1e-6);
}

static int are_coarse(const memqc_device *device, const struct mqc_courses *courses) {
    double most = 0;
    for (int down = 0; down < 2; down++) {
        const float *const g = curve_of(courses, down);
        for (int32_t i = 1; i < courses->of[down].n; i++)
            most = fmax(most, fabs((double)g[i] - (double)g[i - 1]));
    }
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

/* Number of pulses, with a fraction, after which the course passes g. */
static double pulses_until(const struct mqc_courses *courses, int down, double g) {
    const float *const at = curve_of(courses, down);
    const double sign = down ? -1 : 1, cut = courses->of[down].cut;
    int32_t low = 0, high = courses->of[down].n - 1;
    const int32_t last = high;
    if (sign * g <= sign * (double)at[0] || high == 0)
        return 0;
    if (sign * g >= sign * (double)at[high])
        return (double)(high - 1) + cut;
    while (high - low > 1) {
        const int32_t middle = (low + high) / 2;
        if (sign * (double)at[middle] <= sign * g)
            low = middle;
        else
            high = middle;
    }
    const double part = (g - (double)at[low]) / ((double)at[high] - (double)at[low]);
    return (double)low + (high == last ? cut * part : part);
}

/* Both courses, and where the levels lie on them. NOMEM. */
static memqc_status make_courses(const memqc_device *device, struct mqc_courses *courses) {
    int32_t n = 0;
    for (int down = 0; down < 2; down++) {
        courses->of[down].first = n;
        courses->of[down].n = (int32_t)climb(device, down, NULL, &courses->of[down].cut);
        n += courses->of[down].n;
    }
    courses->halvings = 0;
    courses->g = mqc_alloc((size_t)n + 1, sizeof *courses->g);
    courses->until = mqc_alloc(2 * courses->levels, sizeof *courses->until);
    if (!courses->g || !courses->until)
        return MEMQC_ERROR_NOMEM;
    courses->g[n] = 0; /* read with the last one, not used */
    for (int down = 0; down < 2; down++) {
        struct mqc_course *const course = &courses->of[down];
        const double bound = down ? mqc_device_g_min(device) : mqc_device_g_max(device);
        climb(device, down, courses->g + course->first, &course->cut);
        make_guide(courses, down);
        course->to_bound = curve_of(courses, down)[course->n - 1] == (float)bound;
        for (size_t i = 0; i < courses->levels; i++)
            courses->until[(size_t)down * courses->levels + i] =
                pulses_until(courses, down, courses->target[i]);
    }
    return MEMQC_OK;
}

memqc_status mqc_lookup_levels(const memqc_device *device, struct mqc_lookup *lookup) {
    const size_t levels = (size_t)mqc_device_states(device);
    lookup->target = mqc_alloc(levels, sizeof *lookup->target);
    lookup->spacing = mqc_alloc(levels, sizeof *lookup->spacing);
    if (!lookup->target || !lookup->spacing) {
        mqc_lookup_free(lookup);
        return MEMQC_ERROR_NOMEM;
    }
    for (size_t i = 0; i < levels; i++) {
        lookup->target[i] = mqc_device_level_g(device, (double)(i + 1));
        lookup->spacing[i] = mqc_device_spacing(device, (double)(i + 1));
    }
    lookup->courses.levels = levels;
    lookup->courses.target = lookup->target;
    return MEMQC_OK;
}

memqc_status mqc_lookup_curves(const memqc_device *device, struct mqc_lookup *lookup) {
    MQC_TRY(mqc_lookup_levels(device, lookup));
    memqc_status status = make_courses(device, &lookup->courses);
    if (status == MEMQC_OK && are_coarse(device, &lookup->courses))
        status = tabulate(device, lookup);
    if (status != MEMQC_OK)
        mqc_lookup_free(lookup);
    return status;
}

void mqc_lookup_free(struct mqc_lookup *lookup) {
    mqc_free(lookup->target);
    mqc_free(lookup->spacing);
    lookup->target = lookup->spacing = NULL;
    mqc_free(lookup->courses.g);
    mqc_free(lookup->courses.until);
    lookup->courses = (struct mqc_courses){.g = NULL};
    for (int down = 0; down < 2; down++) {
        mqc_free(lookup->after[down]);
        lookup->after[down] = NULL;
    }
    mqc_free(lookup->reset_energy);
    mqc_free(lookup->leave_energy);
    lookup->reset_energy = lookup->leave_energy = NULL;
}

/* The conductance after a number of pulses, with a fraction. */
static double after_pulses(const struct mqc_courses *courses, int down, double pulses) {
    const float *const g = curve_of(courses, down);
    const int32_t last = courses->of[down].n - 1, low = (int32_t)pulses;
    const double cut = courses->of[down].cut;
    if (last == 0 || pulses >= (double)(last - 1) + cut)
        return (double)g[last];
    const double whole = low == last - 1 ? cut : 1, part = (pulses - (double)low) / whole;
    return (double)g[low] + part * ((double)g[low + 1] - (double)g[low]);
}

int32_t mqc_lookup_pulses(const struct mqc_lookup *lookup, double from, double to) {
    const struct mqc_courses *const courses = &lookup->courses;
    const int down = to < from;
    const double start = pulses_until(courses, down, from), end = pulses_until(courses, down, to);
    double pulses = rint(fmax(0, end - start));
    /* A bound cuts what a pulse would do beyond it: half a pulse is not half the distance there. */
    if (courses->of[down].to_bound && end > (double)courses->of[down].n - 2) {
        const double fewer = floor(fmax(0, end - start));
        const double one = fabs(after_pulses(courses, down, start + fewer) - to);
        const double other = fabs(after_pulses(courses, down, start + fewer + 1) - to);
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

static double target_of(const struct mqc_lookup *lookup, float level) {
    return lookup->target[(size_t)level - 1];
}

int mqc_lookup_plans(const memqc_device *device, const struct mqc_lookup *lookup, size_t n,
                     const float *g, const float *levels, int32_t *there, int32_t *back) {
    int any = 0;
    if (!lookup->after[0]) {
        if (mqc_course_kernels()->pulses(&lookup->courses, n, g, levels, there) > 0)
            for (size_t i = 0; i < n; i++)
                if (there[i] == MQC_NEAR_BOUND)
                    there[i] =
                        mqc_lookup_pulses(lookup, (double)g[i], target_of(lookup, levels[i]));
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        const struct mqc_pulse_plan plan =
            make_plan(device, lookup->after, (double)g[i], target_of(lookup, levels[i]));
        there[i] = plan.there;
        back[i] = plan.back;
        any |= plan.back != 0;
    }
    return any;
}

struct mqc_pulse_plan mqc_nominal_plan(const memqc_device *device, double from, double to) {
    float *const none[2] = {NULL, NULL};
    return make_plan(device, none, from, to);
}
