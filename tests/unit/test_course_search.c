/* SPDX-License-Identifier: BSD-3-Clause */
/* The search of the kernels for pulses from conductances to levels, against a walk along the course
 * from its beginning. */
#include "pulses.h"

#include "device/models/lookup.h"

enum { BLOCK = 64 };

/* Pulses, with a fraction, that lead from the beginning of a course to g. */
static double walk(const struct mqc_courses *c, int down, double g) {
    const struct mqc_course *const course = &c->of[down];
    const float *const at = c->g + course->first;
    const int32_t last = course->n - 1;
    const double sign = down ? -1 : 1;
    int32_t k = 0;
    if (last == 0 || sign * g <= sign * (double)at[0])
        return 0;
    while (k < last && sign * (double)at[k + 1] <= sign * g)
        k++;
    if (k == last)
        return last - 1 + course->cut;
    const double part = (g - (double)at[k]) / ((double)at[k + 1] - (double)at[k]);
    return k + (k == last - 1 ? course->cut * part : part);
}

/* Some cells to some levels, all at once. */
struct cells {
    size_t n;
    float g[3 * BLOCK], levels[3 * BLOCK];
};

static void check(const memqc_device *d, const struct mqc_lookup *lookup, struct cells *cells,
                  size_t *near) {
    const struct mqc_courses *const c = &lookup->courses;
    int32_t found[3 * BLOCK], planned[3 * BLOCK];
    size_t untold = 0;
    const size_t told_not =
        mqc_course_kernels()->pulses(c, cells->n, cells->g, cells->levels, found);
    ck_assert_int_eq(mqc_lookup_plans(d, lookup, cells->n, cells->g, cells->levels, planned, NULL),
                     0);
    for (size_t i = 0; i < cells->n; i++) {
        const double g = (double)cells->g[i],
                     target = mqc_device_level_g(d, (double)cells->levels[i]);
        const int down = target < g;
        const double end = walk(c, down, target), way = fmax(0, end - walk(c, down, g));
        if (c->of[down].to_bound && end > c->of[down].n - 2) {
            ck_assert_int_eq(found[i], MQC_NEAR_BOUND);
            ck_assert_int_eq(planned[i], mqc_lookup_pulses(lookup, g, target));
            untold++;
            continue;
        }
        ck_assert_msg(found[i] == (down ? -(int32_t)rint(way) : (int32_t)rint(way)),
                      "%.9g S to level %g: %d pulses, not %g", g, (double)cells->levels[i],
                      (int)found[i], way);
        ck_assert_int_eq(planned[i], found[i]);
    }
    ck_assert_uint_eq(told_not, untold);
    *near += untold;
    cells->n = 0;
}

/* From points of the courses, the floats beside them, places between, bounds and beyond; to all of
 * some levels, the first and last among them. Blocks are full and not full. */
static void search(const memqc_device *d, size_t *near) {
    struct mqc_lookup lookup = {.target = NULL};
    struct cells cells = {0};
    OK(d->ops->look_up(d, &lookup));
    ck_assert_ptr_null(lookup.after[0]); /* pulses are fine */
    const struct mqc_courses *const c = &lookup.courses;
    const int32_t all = c->of[0].n + c->of[1].n, stride = all > 400 ? all / 400 : 1;
    for (int32_t k = 0; k < all; k += stride) {
        const float at = c->g[k], next = c->g[k + 1 < all ? k + 1 : k];
        const float from[] = {at,
                              nextafterf(at, 0),
                              nextafterf(at, 1),
                              0.5f * (at + next),
                              (float)lo * 0.9f,
                              (float)hi * 1.1f};
        for (size_t j = 0; j < 6; j++) {
            const size_t level = 1 + (size_t)(k * 7 + (int32_t)j * 13) % c->levels;
            cells.g[cells.n] = from[j];
            cells.levels[cells.n++] = (float)(j == 4 ? 1 : j == 5 ? c->levels : level);
        }
        if (cells.n > (k % 3 ? 2 * BLOCK + 1 : BLOCK - 8))
            check(d, &lookup, &cells, near);
    }
    check(d, &lookup, &cells, near);
    mqc_lookup_free(&lookup);
}

START_TEST(search_is_a_walk) {
    size_t near = 0;
    for (int32_t model = MEMQC_DEVICE_CONSTANT; model <= MEMQC_DEVICE_TABLE; model++) {
        for (double states = 5; states < 2000; states *= 7) {
            memqc_device *d = make(model, 0);
            OK(memqc_device_set(d, MEMQC_DEVICE_STATES, states));
            if (model != MEMQC_DEVICE_NEUROSIM && model != MEMQC_DEVICE_TABLE)
                OK(memqc_device_set(d, MEMQC_DEVICE_STEP, (hi - lo) / fmax(states, 30)));
            search(d, &near);
            memqc_device_destroy(&d);
        }
    }
    ck_assert_uint_gt(near, 100); /* some went to a bound that cuts a pulse */
}
END_TEST

RUN_TESTS("course_search", search_is_a_walk)
