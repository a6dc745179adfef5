/* SPDX-License-Identifier: BSD-3-Clause */
/* Updates of an array: each rule against its equation, written anew in doubles. */
#include "update.h"

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
        OK(memqc_crossbar_copy(xb, &copy));
        OK(memqc_crossbar_set_seed(copy, (uint64_t)draw));
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
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    OK(memqc_crossbar_set_seed(xb, 8));
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
        size_t moved = 0;
        for (size_t i = 0; i < CELLS; i++)
            moved += after[i] != before[i];
        ck_assert_double_ge(moved_report(xb), (double)moved);
        ck_assert(update % EVERY == 0 || moved_report(xb) == 0);
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

int main(void) {
    Suite *suite = suite_create("update");
    TCase *equations = add_group(suite, "equations", NULL);
    tcase_add_loop_test(equations, weights_go_where_the_equation_says, 0, 16);
    tcase_add_loop_test(equations, stochastic_rounding_is_exact_on_average, 0, 4);
    tcase_add_loop_test(equations, accumulators_gather_and_send, 0, 12);
    tcase_add_loop_test(equations, pulse_trains_are_right_on_average, 0, 2);
    tcase_add_loop_test(equations, tiki_taka_passes_rows_on, 0, 2);
    return run_suite(suite);
}
