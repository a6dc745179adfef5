/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays of cells with uneven levels: mappings, update rules against the conductances that the
 * levels have, write-verify, files, a network, and what is refused. */
#include "levels.h"

enum { ROWS = 12, COLS = 10, CELLS = ROWS * COLS };

static const double mappings[] = {MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_MAPPING_REFERENCE,
                                  MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
                                  MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED};

static memqc_crossbar *make_array(double percent, double mapping) {
    memqc_device *device = log_device(percent);
    memqc_crossbar *xb = NULL;
    OK(memqc_crossbar_create(device, ROWS, COLS, 3, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    memqc_device_destroy(&device);
    return xb;
}

static void some_weights(float *w) {
    for (int32_t i = 0; i < CELLS; i++)
        w[i] = (float)((i * 37 + 11) % 121 - 60) / 60.0f;
}

/* Weights that the array can hold, from all pairs or levels: brute force over rungs of one cell. */
static double nearest_weight(double mapping, double w) {
    float g[LADDER];
    double best = INFINITY, found = 0;
    log_ladder(g);
    const double low = (double)g[LADDER - 1], range = (double)g[0] - low;
    const int pair = mapping == MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL;
    for (size_t i = 0; i < (pair ? 2 : 1) * (size_t)LADDER; i++) {
        const double part = ((double)g[i % LADDER] - low) / range;
        const double held = pair ? (i < LADDER ? part : -part) : 2 * part - 1;
        if (fabs(held - w) < best) {
            best = fabs(held - w);
            found = held;
        }
    }
    return found;
}

START_TEST(weights_go_to_the_nearest_level) {
    for (size_t m = 0; m < COUNT(mappings); m++) {
        memqc_crossbar *xb = make_array(0, mappings[m]);
        float w[CELLS], held[CELLS], nominal[CELLS];
        some_weights(w);
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_get_weights(xb, held, COLS));
        OK(memqc_crossbar_get_nominal_weights(xb, nominal, COLS));
        for (size_t i = 0; i < CELLS; i++) {
            ck_assert_msg(fabs((double)held[i] - (double)nominal[i]) < 2e-5, "%zu %zu: %g, %g", m,
                          i, (double)held[i], (double)nominal[i]);
            if (m % 2 == 0)
                ck_assert_msg(fabs((double)held[i] - nearest_weight(mappings[m], (double)w[i])) <
                                  2e-5,
                              "%zu %zu: %g for %g", m, i, (double)held[i], (double)w[i]);
        }
        OK(memqc_crossbar_program(xb, held, COLS)); /* they can be held exactly */
        OK(memqc_crossbar_get_weights(xb, nominal, COLS));
        for (size_t i = 0; i < CELLS && m % 2 == 0; i++)
            ck_assert(fabs((double)held[i] - (double)nominal[i]) < 2e-5);
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

/* Nearest level: of all rungs the one nearest to the nominal weight plus the change. */
/* The largest floats are infinite in steps of a level. Of six levels, a search by halves must not end
 * on the seventh. */
START_TEST(no_weight_is_beyond_the_last_level) {
    static const float g[] = {9e-5f, 7e-5f, 6e-5f, 5e-5f, 2e-5f, 1e-5f}, w[] = {3e38f, -3e38f};
    for (size_t m = 0; m < COUNT(mappings); m++) {
        memqc_device *device;
        memqc_crossbar *xb;
        float held[2];
        OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
        OK(memqc_device_set_levels(device, COUNT(g), g, NULL, 0, NULL));
        OK(memqc_crossbar_create(device, 1, 2, 3, &xb));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mappings[m]));
        OK(memqc_crossbar_program(xb, w, 2));
        OK(memqc_crossbar_get_nominal_weights(xb, held, 2));
        const int middle = m == 1; /* the reference is next to the middle */
        ck_assert_msg(fabsf(held[0] - 1) < (middle ? 0.3f : 1e-5f), "%zu: %g", m, (double)held[0]);
        ck_assert_msg(fabsf(held[1] + 1) < (middle ? 0.3f : 1e-5f), "%zu: %g", m, (double)held[1]);
        memqc_crossbar_destroy(&xb);
        memqc_device_destroy(&device);
    }
}
END_TEST

START_TEST(updates_go_to_the_nearest_level) {
    for (size_t m = 0; m < COUNT(mappings); m += 2) {
        memqc_crossbar *xb = make_array(0, mappings[m]);
        float w[CELLS], before[CELLS], dw[CELLS], after[CELLS];
        some_weights(w);
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_get_nominal_weights(xb, before, COLS));
        for (int32_t i = 0; i < CELLS; i++)
            dw[i] = i % 5 ? 0.01f * (float)(i * 53 % 41 - 20) : 0;
        OK(memqc_crossbar_update(xb, 1, dw, COLS));
        OK(memqc_crossbar_get_weights(xb, after, COLS));
        for (size_t i = 0; i < CELLS; i++) {
            const double wanted = (double)before[i] + (double)dw[i],
                         held = nearest_weight(mappings[m], wanted);
            ck_assert_msg(fabs(fabs((double)after[i] - wanted) - fabs(held - wanted)) < 3e-5,
                          "%zu %zu: %g for %g", m, i, (double)after[i], wanted);
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

/* Pairs that somebody has set to levels, both of them: the weight is the nearest that the array would
 * make of one cell at its lowest level. */
START_TEST(set_conductances_are_weights) {
    memqc_crossbar *xb = make_array(0, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    float g[LADDER], plane[2][CELLS], nominal[CELLS];
    log_ladder(g);
    for (size_t i = 0; i < CELLS; i++) {
        plane[0][i] = g[i * 7 % LADDER];
        plane[1][i] = g[i % 5 ? i * 11 % LADDER : LADDER - 1];
    }
    OK(memqc_crossbar_set_conductances(xb, 0, plane[0], COLS));
    OK(memqc_crossbar_set_conductances(xb, 1, plane[1], COLS));
    OK(memqc_crossbar_get_nominal_weights(xb, nominal, COLS));
    for (size_t i = 0; i < CELLS; i++) {
        const double held =
            ((double)plane[0][i] - (double)plane[1][i]) / ((double)g[0] - (double)g[LADDER - 1]);
        const double wanted = nearest_weight(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, held);
        ck_assert_msg(fabs(fabs((double)nominal[i] - held) - fabs(wanted - held)) < 2e-5,
                      "%zu: %g for %g", i, (double)nominal[i], held);
    }
    memqc_crossbar_destroy(&xb);
}
END_TEST

static memqc_crossbar *with_rule(double rule, double mapping) {
    memqc_crossbar *xb = make_array(0, mapping);
    float w[CELLS];
    some_weights(w);
    for (size_t i = 0; i < CELLS; i++)
        w[i] *= 0.5f;
    w[0] = 1;
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, rule));
    OK(memqc_crossbar_program(xb, w, COLS));
    return xb;
}

/* Rules that keep what is left: weights move by what they were told, but for that. */
START_TEST(small_updates_add_up) {
    static const double rules[] = {MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
                                   MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL};
    for (size_t r = 0; r < COUNT(rules); r++)
        for (size_t m = 0; m < COUNT(mappings); m++) {
            if (r == 1 && m != 2)
                continue;
            memqc_crossbar *xb = with_rule(rules[r], mappings[m]);
            float before[CELLS], after[CELLS], dw[CELLS];
            double sum = 0;
            OK(memqc_crossbar_get_nominal_weights(xb, before, COLS));
            for (size_t i = 0; i < CELLS; i++)
                dw[i] = before[i] > 0 || m < 2 ? -0.002f : 0.002f;
            for (int step = 0; step < 400; step++)
                OK(memqc_crossbar_update(xb, 1, dw, COLS));
            OK(memqc_crossbar_get_weights(xb, after, COLS));
            size_t moved = 0;
            for (size_t i = 0; i < CELLS; i++) {
                if (m < 2 && before[i] <= 0)
                    continue; /* single cells do not go below -1 */
                sum += ((double)after[i] - (double)before[i]) * (dw[i] > 0 ? 1 : -1);
                moved++;
            }
            sum /= (double)moved;
            ck_assert_msg(fabs(sum - 0.8) < 0.08, "rule %zu mapping %zu: moved by %g", r, m, sum);
            memqc_crossbar_destroy(&xb);
        }
}
END_TEST

/* Stochastic rounding is right on average: 20 000 weights, all of one value and one change. */
START_TEST(stochastic_rounding_is_unbiased) {
    enum { MANY = 20000 };
    static float w[MANY], dw[MANY], after[MANY];
    static const float changes[] = {0.004f, -0.02f, 0.11f};
    for (size_t c = 0; c < COUNT(changes); c++) {
        memqc_device *device = log_device(0);
        memqc_crossbar *xb = NULL;
        double sum = 0, square = 0;
        OK(memqc_crossbar_create(device, 100, 200, 3, &xb));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_STOCHASTIC));
        for (size_t i = 0; i < MANY; i++) {
            w[i] = i ? 0.3f : 1.0f;
            dw[i] = changes[c];
        }
        OK(memqc_crossbar_program(xb, w, 200));
        OK(memqc_crossbar_get_nominal_weights(xb, w, 200));
        OK(memqc_crossbar_update(xb, 1, dw, 200));
        OK(memqc_crossbar_get_weights(xb, after, 200));
        for (size_t i = 1; i < MANY; i++) {
            const double moved = (double)after[i] - (double)w[i] - (double)changes[c];
            sum += moved / (MANY - 1);
            square += moved * moved / (MANY - 1);
        }
        ck_assert_msg(square > 1e-6 && fabs(sum) < 4 * sqrt(square / MANY), "%g: off by %g, sd %g",
                      (double)changes[c], sum, sqrt(square));
        memqc_crossbar_destroy(&xb);
        memqc_device_destroy(&device);
    }
}
END_TEST

START_TEST(signs_move_one_level) {
    for (size_t m = 0; m < COUNT(mappings); m++) {
        memqc_crossbar *xb = with_rule(MEMQC_CROSSBAR_RULE_SIGN, mappings[m]);
        int32_t before[CELLS], after[CELLS];
        float dw[CELLS];
        for (size_t i = 0; i < CELLS; i++)
            dw[i] = 0.3f;
        OK(memqc_crossbar_get_levels(xb, 0, before, COLS));
        OK(memqc_crossbar_update(xb, -1, dw, COLS));
        OK(memqc_crossbar_get_levels(xb, 0, after, COLS));
        for (size_t i = 0; i < CELLS; i++)
            ck_assert_msg(after[i] - before[i] >= 0 && after[i] - before[i] <= 1,
                          "mapping %zu: %d to %d", m, (int)before[i], (int)after[i]);
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(verified_cells_are_within_their_spacing) {
    memqc_crossbar *xb = make_array(8, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    float w[CELLS], ladder[LADDER], g[CELLS];
    int32_t levels[CELLS];
    log_ladder(ladder);
    some_weights(w);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_TOLERANCE, 0.4));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_PULSES, 4000));
    OK(memqc_crossbar_program(xb, w, COLS));
    for (size_t plane = 0; plane < 2; plane++) {
        OK(memqc_crossbar_get_levels(xb, plane, levels, COLS));
        OK(memqc_crossbar_get_conductances(xb, plane, g, COLS));
        for (size_t i = 0; i < CELLS; i++) {
            const size_t l = (size_t)levels[i] - 1, near = l + 1 < LADDER ? l + 1 : l - 1;
            const double gap = fabs((double)ladder[l] - (double)ladder[near]);
            ck_assert(fabs((double)g[i] - (double)ladder[l]) <= 0.4001 * gap);
        }
    }
    double failed;
    OK(memqc_crossbar_get_report(xb, MEMQC_CROSSBAR_REPORT_FAILED, &failed));
    ck_assert(failed == 0);
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(files_and_copies_go_on_alike) {
    memqc_crossbar *xb = make_array(5, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL), *other[2] = {NULL};
    float w[CELLS], a[CELLS], b[CELLS];
    size_t size = 0;
    some_weights(w);
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_save_memory(xb, NULL, 0, &size));
    void *bytes = malloc(size);
    OK(memqc_crossbar_save_memory(xb, bytes, size, &size));
    OK(memqc_crossbar_load_memory(bytes, size, &other[0]));
    OK(memqc_crossbar_copy(xb, &other[1]));
    OK(memqc_crossbar_update(xb, -0.3, w, COLS));
    OK(memqc_crossbar_get_weights(xb, a, COLS));
    for (int i = 0; i < 2; i++) {
        OK(memqc_crossbar_update(other[i], -0.3, w, COLS));
        OK(memqc_crossbar_get_weights(other[i], b, COLS));
        ck_assert_mem_eq(a, b, sizeof a);
        memqc_crossbar_destroy(&other[i]);
    }
    free(bytes);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Two classes, told by the sign of the sum of six inputs. */
START_TEST(a_network_learns_on_it) {
    static const struct setting rules[] = {
        {MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_NEAREST_LEVEL},
        {MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_STOCHASTIC},
        {MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_MIXED_PRECISION},
        {MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE}};
    enum { N = 400, IN = 6 };
    static float x[N * IN];
    static int32_t labels[N];
    static const size_t sizes[] = {IN, 8, 2};
    for (size_t i = 0; i < N * IN; i++)
        x[i] = (float)((i * 7919 + i / IN * 104729) % 1000) / 1000.0f;
    for (size_t i = 0; i < N; i++) {
        float sum = 0;
        for (size_t j = 0; j < IN; j++)
            sum += x[i * IN + j];
        labels[i] = sum > 3;
    }
    for (size_t r = 0; r < COUNT(rules); r++) {
        memqc_device *device = log_device(2);
        memqc_mlp *mlp = NULL;
        double accuracy = 0;
        OK(memqc_mlp_create(sizes, 3, device, 1, &mlp));
        OK(rules[r].key == MEMQC_MLP_RULE
               ? memqc_mlp_set(mlp, MEMQC_MLP_RULE, rules[r].value)
               : memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_RULE, rules[r].value));
        OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 2));
        OK(memqc_mlp_fit(mlp, N, x, IN, labels, 30));
        OK(memqc_mlp_evaluate(mlp, N, x, IN, labels, NULL, &accuracy, NULL));
        ck_assert_msg(accuracy > 0.8, "rule %zu: accuracy %g", r, accuracy);
        memqc_mlp_destroy(&mlp);
        memqc_device_destroy(&device);
    }
}
END_TEST

START_TEST(slices_are_refused) {
    memqc_crossbar *xb = make_array(0, MEMQC_CROSSBAR_MAPPING_SINGLE);
    FAILS(MEMQC_ERROR_ARGUMENT, "evenly", memqc_crossbar_set(xb, MEMQC_CROSSBAR_SLICES, 2));
    float w[CELLS], g[LADDER];
    memqc_device *device = log_device(0);
    some_weights(w);
    OK(memqc_crossbar_program(xb, w, COLS));
    log_ladder(g);
    g[3] *= 1.001f;
    OK(memqc_crossbar_set_device(xb, device));
    OK(memqc_device_set_levels(device, LADDER, g, NULL, 0, NULL));
    FAILS(MEMQC_ERROR_STATE, "level 4", memqc_crossbar_set_device(xb, device));
    memqc_device_destroy(&device);
    memqc_crossbar_destroy(&xb);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {weights_go_to_the_nearest_level,
                                  set_conductances_are_weights,
                                  no_weight_is_beyond_the_last_level,
                                  updates_go_to_the_nearest_level,
                                  small_updates_add_up,
                                  stochastic_rounding_is_unbiased,
                                  signs_move_one_level,
                                  verified_cells_are_within_their_spacing,
                                  files_and_copies_go_on_alike,
                                  a_network_learns_on_it,
                                  slices_are_refused};
    Suite *suite = suite_create("levels_arrays");
    for (size_t i = 0; i < COUNT(tests); i++)
        tcase_add_test(add_group(suite, tests[i]->name, NULL), tests[i]);
    return run_suite(suite);
}
