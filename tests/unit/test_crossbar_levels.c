/* SPDX-License-Identifier: BSD-3-Clause */
/* Weights as levels: mapping, programming, and updates against a plain rendering of the rule. */
#include "crossbar.h"

static uint64_t count(const memqc_crossbar *xb, int32_t counter) {
    uint64_t value;
    OK(memqc_crossbar_get_count(xb, counter, &value));
    return value;
}

START_TEST(round_trip_within_half_a_level) {
    enum { ROWS = 23, COLS = 19, N = ROWS * COLS };
    static float w[N], back[N], nominal[N];
    double scale[COLS];
    normals(77, 3, N, w);
    for (size_t k = 0; k < 6; k++) {
        memqc_crossbar *xb = make("ideal", ROWS, COLS, mappings[k % 2], normalizations[k / 2]);
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_get_weights(xb, back, COLS));
        OK(memqc_crossbar_get_nominal_weights(xb, nominal, COLS));
        scales_of(w, ROWS, COLS, normalizations[k / 2], scale);
        const double half = (k % 2 ? 0.5 : 1.0) / 31;
        uint64_t beyond = 0;
        for (size_t i = 0; i < N; i++) {
            const double s = scale[i % COLS], in = fmax(-s, fmin(s, (double)w[i]));
            ck_assert_double_le(fabs((double)back[i] - in), s * (half + 1e-6));
            ck_assert_double_eq_tol((double)back[i], (double)nominal[i], 1e-6 * s);
            beyond += fabs((double)w[i]) > s * (1 + half);
        }
        ck_assert_uint_eq(count(xb, MEMQC_CROSSBAR_COUNT_CLIPPED), beyond);
        ck_assert_uint_eq(count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED), (k % 2 + 1) * N);
        OK(memqc_crossbar_program(xb, nominal, COLS)); /* levels are fixed points */
        OK(memqc_crossbar_get_nominal_weights(xb, back, COLS));
        for (size_t i = 0; i < N; i++)
            ck_assert_double_eq_tol((double)back[i], (double)nominal[i], 1e-5);
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(zero_is_exact_in_a_pair) {
    static const float w[] = {0, -0.0f, 0, 1};
    float back[4];
    memqc_crossbar *xb = make("ideal", 2, 2, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
                              MEMQC_CROSSBAR_NORMALIZATION_COLUMN);
    OK(memqc_crossbar_program(xb, w, 2)); /* and a column of zeros has a scale */
    OK(memqc_crossbar_get_weights(xb, back, 2));
    ck_assert(back[0] == 0 && back[1] == 0 && back[2] == 0);
    ck_assert_double_eq_tol((double)back[3], 1, 1e-6);
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(levels_and_conductances_are_the_device_s) {
    enum { ROWS = 11, COLS = 13, N = ROWS * COLS };
    static float w[N], g[N], want[N];
    static int32_t levels[N];
    memqc_device *device;
    OK(memqc_device_create_preset("hfox-b", &device));
    OK(memqc_device_set_seed(device, 5));
    normals(77, 4, N, w);
    for (size_t m = 0; m < 2; m++) {
        memqc_crossbar *xb =
            make("hfox-b", ROWS, COLS, mappings[m], MEMQC_CROSSBAR_NORMALIZATION_ARRAY);
        OK(memqc_crossbar_program(xb, w, COLS));
        for (size_t plane = 0; plane <= m; plane++) { /* the same seed, cell and draw give the same
                                                         conductance */
            OK(memqc_crossbar_get_levels(xb, plane, levels, COLS));
            OK(memqc_crossbar_get_conductances(xb, plane, g, COLS));
            OK(memqc_device_draw(device, plane * N, 0, N, levels, want, NULL));
            ck_assert_mem_eq(g, want, sizeof g);
        }
        memqc_crossbar_destroy(&xb);
    }
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(programming_a_list_touches_nothing_else) {
    enum { ROWS = 30, COLS = 50, N = ROWS * COLS, LIST = 1100 };
    static float w[N], before[2][N], after[2][N], one_by_one[N], list_w[LIST], at_once[N];
    static size_t places[LIST];
    normals(77, 5, N, w);
    normals(77, 6, LIST, list_w);
    for (size_t m = 0; m < 2; m++) {
        memqc_crossbar *a =
            make("hfox-a", ROWS, COLS, mappings[m], MEMQC_CROSSBAR_NORMALIZATION_COLUMN);
        memqc_crossbar *b =
            make("hfox-a", ROWS, COLS, mappings[m], MEMQC_CROSSBAR_NORMALIZATION_COLUMN);
        OK(memqc_crossbar_program(a, w, COLS));
        OK(memqc_crossbar_program(b, w, COLS));
        for (size_t p = 0; p <= m; p++)
            OK(memqc_crossbar_get_conductances(a, p, before[p], COLS));
        for (size_t i = 0; i < LIST; i++)
            places[i] = i == LIST - 1 ? places[0] : (i * 7) % N; /* one of them twice */
        OK(memqc_crossbar_program_list(a, LIST, places, list_w));
        for (size_t i = 0; i < LIST; i++)
            OK(memqc_crossbar_program_cell(b, places[i] / COLS, places[i] % COLS,
                                           (double)list_w[i]));
        for (size_t p = 0; p <= m; p++) {
            OK(memqc_crossbar_get_conductances(a, p, after[p], COLS));
            OK(memqc_crossbar_get_conductances(b, p, one_by_one, COLS));
            ck_assert_mem_eq(after[p], one_by_one, sizeof one_by_one); /* call by call or at once */
            static unsigned char named[N];
            memset(named, 0, sizeof named);
            for (size_t i = 0; i < LIST; i++)
                named[places[i]] = 1;
            for (size_t i = 0; i < N; i++)
                ck_assert((after[p][i] != before[p][i]) == named[i]);
        }
        OK(memqc_crossbar_get_weights(a, at_once, COLS)); /* and the product sees what was
                                                             programmed */
        static float x[ROWS], y[COLS];
        x[7] = 1;
        OK(memqc_crossbar_mac(a, 1, x, ROWS, y, COLS));
        for (size_t j = 0; j < COLS; j++)
            ck_assert_double_eq_tol((double)y[j], (double)at_once[7 * COLS + j], 1e-5);
        memqc_crossbar_destroy(&a);
        memqc_crossbar_destroy(&b);
    }
}
END_TEST

/* The rule in words: nearest level to (nominal + alpha dw), by trying all of them. */
static int32_t nearest_rung(double target, double scale, int single) {
    int32_t best = 0;
    double distance = INFINITY;
    for (int32_t rung = single ? 0 : -31; rung <= 31; rung++) {
        const double w = single ? scale * (1 - 2.0 * rung / 31) : scale * rung / 31;
        if (fabs(target - w) < distance) {
            distance = fabs(target - w);
            best = rung;
        }
    }
    return best;
}

START_TEST(update_is_the_rule_in_words) {
    enum { ROWS = 37, COLS = 29, N = ROWS * COLS, LD = COLS + 2 };
    static float w[N], nominal[N], after[N], dw[ROWS * LD], g[2][N], moved_g[2][N];
    static int32_t levels[2][N], moved[2][N];
    double scale[COLS];
    for (size_t k = 0; k < 6; k++) {
        const int single = k % 2 == 0;
        memqc_crossbar *xb = make("hfox-b", ROWS, COLS, mappings[k % 2], normalizations[k / 2]);
        normals(77, 7, N, w);
        for (size_t i = 0; i < N; i++)
            w[i] *= 0.4f;
        OK(memqc_crossbar_program(xb, w, COLS));
        scales_of(w, ROWS, COLS, normalizations[k / 2], scale);
        for (uint64_t round = 0; round < 5; round++) {
            double changed, expected = 0;
            normals(77, 20 + round, ROWS * LD, dw);
            OK(memqc_crossbar_get_nominal_weights(xb, nominal, COLS));
            for (size_t p = 0; p < 1 + k % 2; p++) {
                OK(memqc_crossbar_get_levels(xb, p, levels[p], COLS));
                OK(memqc_crossbar_get_conductances(xb, p, g[p], COLS));
            }
            const uint64_t programmed = count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED);
            OK(memqc_crossbar_update(xb, -0.1, dw, LD));
            OK(memqc_crossbar_get_report(xb, MEMQC_CROSSBAR_REPORT_MOVED, &changed));
            OK(memqc_crossbar_get_nominal_weights(xb, after, COLS));
            uint64_t cells = 0;
            for (size_t i = 0; i < N; i++) {
                const double s = scale[i % COLS],
                             target =
                                 (double)nominal[i] - 0.1 * (double)dw[i / COLS * LD + i % COLS];
                const int32_t rung = nearest_rung(target, s, single);
                const double want = single ? s * (1 - 2.0 * rung / 31) : s * rung / 31;
                ck_assert_double_eq_tol((double)after[i], want, 1e-5 * s);
                expected += fabs((double)after[i] - (double)nominal[i]) > 1e-4 * s;
            }
            ck_assert_double_eq(changed, expected);
            for (size_t p = 0; p < 1 + k % 2; p++) {
                OK(memqc_crossbar_get_levels(xb, p, moved[p], COLS));
                OK(memqc_crossbar_get_conductances(xb, p, moved_g[p], COLS));
                for (size_t i = 0; i < N; i++) {
                    ck_assert((levels[p][i] != moved[p][i]) ==
                              (g[p][i] != moved_g[p][i])); /* noise only where programmed */
                    cells += levels[p][i] != moved[p][i];
                }
            }
            ck_assert_uint_eq(count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED) - programmed, cells);
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(update_does_not_depend_on_the_leading_dimension) {
    enum { ROWS = 70, COLS = 70, LD = 90, N = ROWS * COLS };
    static float w[N], tight[N], loose[ROWS * LD], a_g[N], b_g[N];
    memqc_crossbar *a = make("hfox-a", ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE,
                             MEMQC_CROSSBAR_NORMALIZATION_FIXED);
    memqc_crossbar *b = make("hfox-a", ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE,
                             MEMQC_CROSSBAR_NORMALIZATION_FIXED);
    normals(77, 8, N, w);
    normals(77, 9, N, tight);
    for (size_t i = 0; i < ROWS; i++)
        memcpy(loose + i * LD, tight + i * COLS, COLS * sizeof *tight);
    OK(memqc_crossbar_program(a, w, COLS));
    OK(memqc_crossbar_program(b, w, COLS));
    OK(memqc_crossbar_update(a, 0.3, tight, COLS));
    OK(memqc_crossbar_update(b, 0.3, loose, LD));
    OK(memqc_crossbar_get_conductances(a, 0, a_g, COLS));
    OK(memqc_crossbar_get_conductances(b, 0, b_g, COLS));
    ck_assert_mem_eq(a_g, b_g, sizeof a_g);
    memqc_crossbar_destroy(&a);
    memqc_crossbar_destroy(&b);
}
END_TEST

START_TEST(bad_data_changes_nothing) {
    enum { ROWS = 8, COLS = 9, N = ROWS * COLS };
    static float w[N], bad[N], before[N], after[N];
    const size_t places[] = {0, N};
    memqc_crossbar *xb = make("hfox-a", ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE,
                              MEMQC_CROSSBAR_NORMALIZATION_COLUMN);
    normals(77, 10, N, w);
    memcpy(bad, w, sizeof w);
    bad[5 * COLS + 3] = NAN;
    FAILS(MEMQC_ERROR_STATE, "memqc_crossbar_program first",
          memqc_crossbar_get_weights(xb, before, COLS));
    FAILS(MEMQC_ERROR_DATA, "w[5, 3] = nan", memqc_crossbar_program(xb, bad, COLS));
    FAILS(MEMQC_ERROR_STATE, "memqc_crossbar_program first", memqc_crossbar_update(xb, 1, w, COLS));
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_get_weights(xb, before, COLS));
    FAILS(MEMQC_ERROR_DATA, "row 5", memqc_crossbar_update(xb, 1, bad, COLS));
    bad[5 * COLS + 3] = -INFINITY;
    FAILS(MEMQC_ERROR_DATA, "w[5, 3] = -inf", memqc_crossbar_program(xb, bad, COLS));
    FAILS(MEMQC_ERROR_ARGUMENT, "places[1] = 72", memqc_crossbar_program_list(xb, 2, places, w));
    FAILS(MEMQC_ERROR_DATA, "memqc_crossbar_program_cell: w = nan",
          memqc_crossbar_program_cell(xb, 0, 0, (double)NAN));
    FAILS(MEMQC_ERROR_ARGUMENT, "col = 9", memqc_crossbar_program_cell(xb, 0, 9, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "alpha", memqc_crossbar_update(xb, 1e39, w, COLS));
    FAILS(MEMQC_ERROR_ARGUMENT, "ldw = 8", memqc_crossbar_program(xb, w, 8));
    FAILS(MEMQC_ERROR_ARGUMENT, "leading dimension", memqc_crossbar_mac(xb, 1, w, 7, after, 9));
    OK(memqc_crossbar_mac(xb, 0, NULL, 8, NULL, 9));
    FAILS(MEMQC_ERROR_STATE, "settled",
          memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_SINGLE));
    OK(memqc_crossbar_get_weights(xb, after, COLS));
    ck_assert_mem_eq(before, after, sizeof before);
    memqc_crossbar_destroy(&xb);
}
END_TEST

RUN_TESTS("crossbar levels", round_trip_within_half_a_level, zero_is_exact_in_a_pair,
          levels_and_conductances_are_the_device_s, programming_a_list_touches_nothing_else,
          update_is_the_rule_in_words, update_does_not_depend_on_the_leading_dimension,
          bad_data_changes_nothing)
