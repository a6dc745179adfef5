/* SPDX-License-Identifier: BSD-3-Clause */
/* Updates of an array: each rule against its equation, written anew in doubles, and the promises
 * that hold for all of them: what an array keeps is copied, saved and left alone by a failure. */
#include "test.h"

#include "core/alloc.h"
#include "crossbar/copy.h"

#include <math.h>

enum { ROWS = 7, COLS = 6, CELLS = ROWS * COLS, BATCH = 5, LEVELS = 32 };

static double uniform(double low, double high) {
    return low + (high - low) * rand() / (RAND_MAX + 1.0); /* NOLINT */
}

static void fill(size_t n, float *x, double low, double high) {
    for (size_t i = 0; i < n; i++)
        x[i] = (float)uniform(low, high);
}

static memqc_crossbar *array_of(const char *preset, int32_t mapping, int32_t rule, uint64_t seed) {
    memqc_device *device = NULL;
    memqc_crossbar *xb = NULL;
    float w[CELLS];
    srand(5);
    fill(CELLS, w, -0.6, 0.6);
    OK(memqc_device_create_preset(preset, &device));
    OK(memqc_crossbar_create(device, ROWS, COLS, &xb));
    OK(memqc_crossbar_seed(xb, seed));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, rule));
    OK(memqc_crossbar_program(xb, w, COLS));
    return xb;
}

/* --- equations. Positions are in steps between levels, rising with the weight --- */

static double steps_of(int32_t mapping) {
    return mapping == MEMQC_CROSSBAR_MAPPING_SINGLE ? 0.5 * (LEVELS - 1) : LEVELS - 1;
}

static void positions_of(const memqc_crossbar *xb, int32_t mapping, double *positions) {
    float w[CELLS];
    OK(memqc_crossbar_get_nominal_weights(xb, w, COLS));
    for (size_t i = 0; i < CELLS; i++)
        positions[i] = rint((1 + (double)w[i]) * steps_of(mapping));
}

static const int32_t mappings[] = {MEMQC_CROSSBAR_MAPPING_SINGLE,
                                   MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL};

/* A step by `dw`, or by the sum of outer products that makes it. */
struct change {
    float dw[CELLS], x[BATCH * ROWS], d[BATCH * COLS];
    double wanted[CELLS]; /* alpha dw, in steps */
};

static void draw_change(struct change *change, double alpha, double size, double steps) {
    fill(BATCH * ROWS, change->x, -size, size);
    fill(BATCH * COLS, change->d, -size, size);
    for (size_t i = 0; i < CELLS; i++) {
        double sum = 0;
        for (size_t b = 0; b < BATCH; b++)
            sum += (double)change->x[b * ROWS + i / COLS] * (double)change->d[b * COLS + i % COLS];
        change->dw[i] = (float)sum;
        change->wanted[i] = alpha * sum * steps;
    }
}

static void apply(memqc_crossbar *xb, double alpha, const struct change *change, int outer) {
    if (outer)
        OK(memqc_crossbar_update_outer(xb, alpha, BATCH, change->x, ROWS, change->d, COLS));
    else
        OK(memqc_crossbar_update(xb, alpha, change->dw, COLS));
}

static double moved_report(const memqc_crossbar *xb) {
    double moved = -1;
    OK(memqc_crossbar_report(xb, MEMQC_CROSSBAR_REPORT_MOVED, &moved));
    return moved;
}

/* Where a rule without memory sends a weight; NAN where single precision may decide. */
static double target(int32_t rule, double from, double wanted, double last) {
    const double to = from + wanted, fraction = to - floor(to);
    if (rule == MEMQC_CROSSBAR_RULE_SIGN) {
        if (fabs(fabs(wanted) - 0.3) < 1e-4)
            return NAN;
        const double sign = fabs(wanted) > 0.3 ? copysign(1, wanted) : 0;
        return fmin(last, fmax(0, from + sign));
    }
    if (fabs(fraction - 0.5) < 1e-3)
        return NAN;
    return fmin(last, fmax(0, rint(to)));
}

START_TEST(weights_go_where_the_equation_says) {
    const int32_t mapping = mappings[_i % 2];
    const int32_t rule = _i / 2 % 2 ? MEMQC_CROSSBAR_RULE_SIGN : MEMQC_CROSSBAR_RULE_NEAREST_LEVEL;
    const int outer = _i / 4 % 2;
    const double alpha = _i / 8 ? 0.3 : -0.7, last = 2 * steps_of(mapping);
    double from[CELLS], to[CELLS];
    struct change change;
    memqc_crossbar *xb = array_of("hfox-a", mapping, rule, 3);
    if (rule == MEMQC_CROSSBAR_RULE_SIGN)
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SIGN_THRESHOLD, 0.3));
    for (int round = 0; round < 60; round++) {
        double moved = 0;
        draw_change(&change, alpha, 0.3, steps_of(mapping));
        positions_of(xb, mapping, from);
        apply(xb, alpha, &change, outer);
        positions_of(xb, mapping, to);
        for (size_t i = 0; i < CELLS; i++) {
            const double wanted = target(rule, from[i], change.wanted[i], last);
            ck_assert_msg(isnan(wanted) || to[i] == wanted, "weight %zu: %g to %g, not %g", i,
                          from[i], to[i], wanted);
            moved += to[i] != from[i];
        }
        ck_assert_double_eq(moved_report(xb), moved);
    }
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* A weight goes to one of the levels beside the one wanted, and where on average is exact. */
START_TEST(stochastic_rounding_is_exact_on_average) {
    enum { DRAWS = 3000 };
    const int32_t mapping = mappings[_i % 2];
    const int outer = _i / 2;
    double from[CELLS], to[CELLS], sum[CELLS] = {0};
    struct change change;
    memqc_crossbar *xb = array_of("hfox-a", mapping, MEMQC_CROSSBAR_RULE_STOCHASTIC, 3);
    draw_change(&change, 0.5, 0.4, steps_of(mapping));
    positions_of(xb, mapping, from);
    for (int draw = 0; draw < DRAWS; draw++) {
        memqc_crossbar *copy = NULL;
        OK(mqc_crossbar_clone(xb, &copy));
        OK(memqc_crossbar_seed(copy, (uint64_t)draw));
        apply(copy, 0.5, &change, outer);
        positions_of(copy, mapping, to);
        for (size_t i = 0; i < CELLS; i++) {
            const double moved = to[i] - from[i];
            ck_assert(fabs(moved - change.wanted[i]) < 1 + 1e-3);
            sum[i] += moved;
        }
        memqc_crossbar_destroy(&copy);
    }
    for (size_t i = 0; i < CELLS; i++) {
        const double p = change.wanted[i] - floor(change.wanted[i]);
        const double error = sqrt(p * (1 - p) / DRAWS);
        ck_assert_msg(fabs(sum[i] / DRAWS - change.wanted[i]) <= 5 * error + 1e-3,
                      "weight %zu moves by %g, not %g", i, sum[i] / DRAWS, change.wanted[i]);
    }
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* The accumulators of a model in doubles: positions are equal but where single precision decides,
 * from where on the model follows the array. */
START_TEST(accumulators_gather_and_send) {
    static const double thresholds[] = {1, 0.6, 2.5};
    const int one_way = _i % 2, outer = _i / 2 % 2;
    const int32_t mapping = MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL;
    const double threshold = thresholds[_i / 4], last = 2 * steps_of(mapping);
    double chi[CELLS] = {0}, from[CELLS], to[CELLS];
    size_t followed = 0;
    struct change change;
    memqc_crossbar *xb = array_of(
        "hfox-a", mapping,
        one_way ? MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL : MEMQC_CROSSBAR_RULE_MIXED_PRECISION, 3);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_UPDATE_THRESHOLD, threshold));
    for (int round = 0; round < 100; round++) {
        draw_change(&change, -0.5, 0.2, steps_of(mapping));
        positions_of(xb, mapping, from);
        apply(xb, -0.5, &change, outer);
        positions_of(xb, mapping, to);
        for (size_t i = 0; i < CELLS; i++) {
            const double rest = fmax(0, 1 - threshold);
            chi[i] += change.wanted[i];
            const double size = fabs(chi[i]), near = size + rest - rint(size + rest);
            const double whole = size < threshold ? 0 : copysign(floor(size + rest), chi[i]);
            const double wanted = fmin(last, fmax(0, from[i] + whole));
            if (fabs(near) < 1e-2 || fabs(size - threshold) < 1e-2) {
                chi[i] -= to[i] == wanted ? whole : to[i] - from[i];
                followed++;
                continue;
            }
            ck_assert_msg(to[i] == wanted, "round %d, weight %zu: %g to %g, not %g", round, i,
                          from[i], to[i], wanted);
            chi[i] -= whole;
        }
    }
    ck_assert_uint_lt(followed, 100 * CELLS / 10);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* On constant steps the mean change is alpha x^T d. */
START_TEST(pulse_trains_are_right_on_average) {
    enum { UPDATES = 3000 };
    const double alpha = _i ? 0.004 : -0.004, pulse = 2.0 / 1000;
    float before[CELLS], after[CELLS];
    struct change change;
    memqc_device *device = NULL;
    memqc_crossbar *xb = NULL;
    OK(memqc_device_create_preset("rpu", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 1001));
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_STEP, 0));
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_ASYMMETRY, 0));
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MAX, 0));
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MIN, 0));
    OK(memqc_crossbar_create(device, ROWS, COLS, &xb));
    OK(memqc_crossbar_seed(xb, 8));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_PULSE_TRAIN));
    memset(before, 0, sizeof before);
    OK(memqc_crossbar_program(xb, before, COLS));
    OK(memqc_crossbar_get_weights(xb, before, COLS));
    srand(9);
    draw_change(&change, alpha, 1, 1);
    double sum[CELLS] = {0};
    for (int update = 0; update < UPDATES; update++) { /* there and back */
        apply(xb, update % 2 ? -alpha : alpha, &change, 1);
        OK(memqc_crossbar_get_weights(xb, after, COLS));
        for (size_t i = 0; i < CELLS; i++)
            sum[i] += (update % 2 ? -1 : 1) * ((double)after[i] - (double)before[i]);
        memcpy(before, after, sizeof before);
    }
    for (size_t i = 0; i < CELLS; i++) {
        const double most = BATCH * fabs(alpha) / pulse; /* pulses an update at most */
        const double error = pulse * sqrt(1.2 * most / UPDATES);
        ck_assert_msg(fabs(sum[i] / UPDATES - change.wanted[i]) <=
                          5 * error + 0.05 * fabs(change.wanted[i]),
                      "weight %zu: %g, not %g +- %g", i, sum[i] / UPDATES, change.wanted[i], error);
    }
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* The array moves only when a transfer is due, in the row whose turn it is, toward alpha x^T d. */
START_TEST(tiki_taka_passes_rows_on) {
    enum { EVERY = 4 };
    const int32_t rule = _i ? MEMQC_CROSSBAR_RULE_TIKI_TAKA_2 : MEMQC_CROSSBAR_RULE_TIKI_TAKA;
    const int32_t keys[] = {MEMQC_CROSSBAR_TIKI_TAKA_EVERY, MEMQC_CROSSBAR_TIKI_TAKA_PAIRS};
    const double values[] = {EVERY, 500};
    float before[CELLS], after[CELLS];
    double toward = 0, sum[CELLS] = {0};
    struct change change;
    memqc_crossbar *xb = array_of("soft-bounds", MEMQC_CROSSBAR_MAPPING_SINGLE, rule, 4);
    OK(memqc_crossbar_set_many(xb, 2, keys, values));
    draw_change(&change, -0.05, 1, 1);
    for (int update = 1; update <= 400; update++) {
        size_t rows = 0;
        OK(memqc_crossbar_get_weights(xb, before, COLS));
        OK(memqc_crossbar_update_outer(xb, -0.05, 1, change.x, ROWS, change.d, COLS));
        OK(memqc_crossbar_get_weights(xb, after, COLS));
        for (size_t row = 0; row < ROWS; row++)
            rows += memcmp(before + row * COLS, after + row * COLS, COLS * sizeof *after) != 0;
        ck_assert_uint_le(rows, update % EVERY == 0);
        for (size_t i = 0; i < CELLS; i++)
            sum[i] += (double)after[i] - (double)before[i];
    }
    for (size_t i = 0; i < CELLS; i++)
        toward -= sum[i] * (double)change.x[i / COLS] * (double)change.d[i % COLS];
    ck_assert_double_gt(toward, 0.1);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* --- promises --- */

static const struct {
    int32_t rule;
    const char *preset;
    int32_t mapping;
} kinds[] = {
    {MEMQC_CROSSBAR_RULE_NEAREST_LEVEL, "hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE},
    {MEMQC_CROSSBAR_RULE_STOCHASTIC, "hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
    {MEMQC_CROSSBAR_RULE_SIGN, "hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE},
    {MEMQC_CROSSBAR_RULE_MIXED_PRECISION, "hfox-b", MEMQC_CROSSBAR_MAPPING_SINGLE},
    {MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL, "hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
    {MEMQC_CROSSBAR_RULE_PULSE_TRAIN, "rpu", MEMQC_CROSSBAR_MAPPING_SINGLE},
    {MEMQC_CROSSBAR_RULE_TIKI_TAKA, "soft-bounds", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
    {MEMQC_CROSSBAR_RULE_TIKI_TAKA_2, "soft-bounds", MEMQC_CROSSBAR_MAPPING_SINGLE},
};

static memqc_crossbar *kind_of(int i) {
    return array_of(kinds[i].preset, kinds[i].mapping, kinds[i].rule, 6);
}

struct bytes {
    size_t size;
    unsigned char data[1 << 17];
};

static void save(const memqc_crossbar *xb, struct bytes *bytes) {
    OK(memqc_crossbar_save_memory(xb, bytes->data, sizeof bytes->data, &bytes->size));
}

static void go_on(memqc_crossbar *xb, int updates) {
    struct change change;
    srand(12);
    for (int update = 0; update < updates; update++) {
        draw_change(&change, 1, 0.3, 1);
        apply(xb, -0.3, &change, 1);
    }
}

START_TEST(copies_and_saved_arrays_go_on_alike) {
    static struct bytes here, there;
    memqc_crossbar *xb = kind_of(_i), *copy = NULL, *loaded = NULL;
    go_on(xb, 20);
    OK(mqc_crossbar_clone(xb, &copy));
    save(xb, &here);
    OK(memqc_crossbar_load_memory(here.data, here.size, &loaded));
    save(copy, &there);
    ck_assert_uint_eq(here.size, there.size);
    ck_assert_mem_eq(here.data, there.data, here.size);
    go_on(xb, 20);
    go_on(copy, 20);
    go_on(loaded, 20);
    save(xb, &here);
    save(copy, &there);
    ck_assert_mem_eq(here.data, there.data, here.size);
    save(loaded, &there);
    ck_assert_mem_eq(here.data, there.data, here.size);
    memqc_crossbar_destroy(&loaded);
    memqc_crossbar_destroy(&copy);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Whichever allocation fails, the array is as it was, and goes on as if nothing had happened. */
START_TEST(failures_leave_the_array_alone) {
    static struct bytes before, after, wanted;
    memqc_status status = MEMQC_ERROR_NOMEM;
    struct change change;
    memqc_crossbar *xb = kind_of(_i), *other = kind_of(_i);
    draw_change(&change, 1, 0.3, 1);
    save(xb, &before);
    for (long n = 0; status == MEMQC_ERROR_NOMEM; n++) {
        mqc_alloc_fail_after(n);
        status = memqc_crossbar_update_outer(xb, -0.3, BATCH, change.x, ROWS, change.d, COLS);
        mqc_alloc_fail_after(-1);
        save(xb, &after);
        if (status == MEMQC_ERROR_NOMEM) {
            ck_assert_uint_eq(after.size, before.size);
            ck_assert_mem_eq(after.data, before.data, before.size);
        }
    }
    OK(status);
    apply(other, -0.3, &change, 1);
    save(other, &wanted);
    ck_assert_mem_eq(after.data, wanted.data, wanted.size);
    memqc_crossbar_destroy(&other);
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(bad_steps_change_nothing) {
    static struct bytes before, after;
    struct change change;
    memqc_crossbar *xb = kind_of(_i);
    const int trains = kinds[_i].rule >= MEMQC_CROSSBAR_RULE_PULSE_TRAIN;
    go_on(xb, 3);
    save(xb, &before);
    draw_change(&change, 1, 0.3, 1);
    REFUSES_NULL(memqc_crossbar_update(NULL, 1, change.dw, COLS));
    REFUSES_NULL(memqc_crossbar_update(xb, 1, NULL, COLS));
    REFUSES(memqc_crossbar_update(xb, 1, change.dw, COLS - 1));
    REFUSES(memqc_crossbar_update(xb, (double)INFINITY, change.dw, COLS));
    REFUSES(memqc_crossbar_update_outer(xb, 1, BATCH, change.x, ROWS - 1, change.d, COLS));
    REFUSES(memqc_crossbar_update_outer(xb, 1, BATCH, change.x, ROWS, change.d, COLS - 1));
    REFUSES(memqc_crossbar_update_outer(xb, 1e300, BATCH, change.x, ROWS, change.d, COLS));
    REFUSES_NULL(memqc_crossbar_update_outer(xb, 1, BATCH, NULL, ROWS, change.d, COLS));
    REFUSES_NULL(memqc_crossbar_update_outer(NULL, 1, 0, NULL, ROWS, NULL, COLS));
    OK(memqc_crossbar_update_outer(xb, 1, 0, NULL, 0, NULL, 0));
    change.dw[9] = NAN;
    change.x[ROWS + 2] = NAN;
    FAILS(trains ? MEMQC_ERROR_STATE : MEMQC_ERROR_DATA, trains ? "update_outer" : NULL,
          memqc_crossbar_update(xb, 1, change.dw, COLS));
    FAILS(MEMQC_ERROR_DATA, "x[1, 2]",
          memqc_crossbar_update_outer(xb, 1, BATCH, change.x, ROWS, change.d, COLS));
    change.x[ROWS + 2] = 3e38f;
    change.d[COLS] = 3e38f;
    const memqc_status status =
        memqc_crossbar_update_outer(xb, 1e30, BATCH, change.x, ROWS, change.d, COLS);
    if (status != MEMQC_OK) { /* rules without memory go to the end of the range */
        ck_assert_int_eq(status, MEMQC_ERROR_DATA);
        save(xb, &after);
        ck_assert_uint_eq(after.size, before.size);
        ck_assert_mem_eq(after.data, before.data, before.size);
    }
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(arrays_must_fit_the_rule) {
    struct change change;
    memqc_device *device = NULL;
    memqc_crossbar *xb =
        array_of("hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL, 1);
    draw_change(&change, 1, 0.3, 1);
    FAILS(MEMQC_ERROR_ARGUMENT, "pairs", memqc_crossbar_update(xb, 1, change.dw, COLS));
    memqc_crossbar_destroy(&xb);
    OK(memqc_device_create_preset("hfox-a", &device));
    OK(memqc_crossbar_create(device, ROWS, COLS, &xb));
    FAILS(MEMQC_ERROR_STATE, "programmed", memqc_crossbar_update(xb, 1, change.dw, COLS));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_NORMALIZATION, MEMQC_CROSSBAR_NORMALIZATION_COLUMN));
    OK(memqc_crossbar_program(xb, change.dw, COLS));
    OK(memqc_crossbar_update(xb, 1, change.dw, COLS));
    for (int32_t rule = MEMQC_CROSSBAR_RULE_STOCHASTIC; rule <= MEMQC_CROSSBAR_RULE_TIKI_TAKA_2;
         rule++) {
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, rule));
        FAILS(MEMQC_ERROR_ARGUMENT, "one scale",
              memqc_crossbar_update_outer(xb, 1, BATCH, change.x, ROWS, change.d, COLS));
    }
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* Another rule drops what the one before kept. */
START_TEST(rules_may_change) {
    float w[2][CELLS];
    struct change change;
    memqc_crossbar *xb = array_of("hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
                                  MEMQC_CROSSBAR_RULE_MIXED_PRECISION, 1);
    draw_change(&change, 1, 0.3, 1);
    for (size_t i = 0; i < CELLS; i++)
        change.dw[i] = 0.6f / (LEVELS - 1); /* of a step */
    OK(memqc_crossbar_get_nominal_weights(xb, w[0], COLS));
    apply(xb, 1, &change, 0);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_MIXED_PRECISION));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_SIGN));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_MIXED_PRECISION));
    apply(xb, 1, &change, 0);
    OK(memqc_crossbar_get_nominal_weights(xb, w[1], COLS));
    ck_assert_mem_eq(w[0], w[1], sizeof w[0]);
    apply(xb, 1, &change, 0); /* 1.2 steps have gathered */
    ck_assert_double_eq(moved_report(xb), CELLS);
    memqc_crossbar_destroy(&xb);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("update");
    TCase *equations = add_group(suite, "equations", NULL);
    TCase *promises = add_group(suite, "promises", NULL);
    tcase_add_loop_test(equations, weights_go_where_the_equation_says, 0, 16);
    tcase_add_loop_test(equations, stochastic_rounding_is_exact_on_average, 0, 4);
    tcase_add_loop_test(equations, accumulators_gather_and_send, 0, 12);
    tcase_add_loop_test(equations, pulse_trains_are_right_on_average, 0, 2);
    tcase_add_loop_test(equations, tiki_taka_passes_rows_on, 0, 2);
    tcase_add_loop_test(promises, copies_and_saved_arrays_go_on_alike, 0, COUNT(kinds));
    tcase_add_loop_test(promises, failures_leave_the_array_alone, 0, COUNT(kinds));
    tcase_add_loop_test(promises, bad_steps_change_nothing, 0, COUNT(kinds));
    tcase_add_test(promises, arrays_must_fit_the_rule);
    tcase_add_test(promises, rules_may_change);
    return run_suite(suite);
}
