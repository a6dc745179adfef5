/* SPDX-License-Identifier: BSD-3-Clause */
/* Uneven ladders where pulses move cells level by level, where cells are stuck, and in the files of
 * networks, of which some were made to do harm. */
#include "levels.h"

enum { ROWS = 12, COLS = 10, CELLS = ROWS * COLS };

static memqc_crossbar *array_with(double mapping, double rule) {
    memqc_device *device = log_device(0);
    memqc_crossbar *xb = NULL;
    OK(memqc_crossbar_create(device, ROWS, COLS, 3, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, rule));
    memqc_device_destroy(&device);
    return xb;
}

static void some_weights(float most, float *w) {
    for (int32_t i = 0; i < CELLS; i++)
        w[i] = most * (float)((i * 37 + 11) % 121 - 60) / 60.0f;
}

/* --- pulse trains --- */

/* Cells stand on levels of the ladder, and weights are what these say. */
static void check_cells(const memqc_crossbar *xb) {
    float g[CELLS], w[CELLS], ladder[LADDER];
    int32_t levels[CELLS];
    log_ladder(ladder);
    const double low = (double)ladder[LADDER - 1], range = (double)ladder[0] - low;
    OK(memqc_crossbar_get_levels(xb, 0, levels, COLS));
    OK(memqc_crossbar_get_conductances(xb, 0, g, COLS));
    OK(memqc_crossbar_get_weights(xb, w, COLS));
    for (size_t i = 0; i < CELLS; i++) {
        const float here = ladder[levels[i] - 1];
        ck_assert_float_eq_tol(g[i], here, 1e-6f * here);
        ck_assert_double_eq_tol((double)w[i], 2 * ((double)here - low) / range - 1, 1e-5);
    }
}

/* One slot in which both lines of a row fire is one pulse: the level of each of its cells changes
 * by one, whatever that is in conductance. */
START_TEST(trains_move_level_by_level) {
    memqc_crossbar *xb = array_with(MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_RULE_PULSE_TRAIN);
    float w[CELLS], x[ROWS] = {0}, d[COLS];
    int32_t before[CELLS], after[CELLS];
    size_t moved = 0;
    some_weights(0.8f, w);
    for (size_t i = 0; i < COLS; i++)
        d[i] = i % 2 ? 1.0f : -1.0f;
    x[2] = x[7] = 1;
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_TRAIN_LENGTH, 1));
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_get_levels(xb, 0, before, COLS));
    for (int update = 0; update < 6; update++) {
        OK(memqc_crossbar_update_outer(xb, 1, 1, x, ROWS, d, COLS)); /* lines fire for certain */
        OK(memqc_crossbar_get_levels(xb, 0, after, COLS));
        for (size_t i = 0; i < CELLS; i++) {
            const int fires = i / COLS == 2 || i / COLS == 7;
            const int32_t way = i % COLS % 2 ? -1 : 1, to = before[i] + (fires ? way : 0);
            const int32_t wanted = to < 1 ? 1 : to;
            ck_assert_int_eq(after[i], wanted > LADDER ? LADDER : wanted);
            moved += after[i] != before[i];
            before[i] = after[i];
        }
        check_cells(xb);
    }
    ck_assert_uint_gt(moved, 60);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Updates of random rows and columns gather in the fast array and move the slow one their way. */
START_TEST(tiki_taka_moves_towards_the_gradient) {
    const double rule = _i ? MEMQC_CROSSBAR_RULE_TIKI_TAKA_2 : MEMQC_CROSSBAR_RULE_TIKI_TAKA;
    memqc_crossbar *xb = array_with(MEMQC_CROSSBAR_MAPPING_SINGLE, rule);
    float w[CELLS], before[CELLS], after[CELLS], x[ROWS], d[COLS];
    double toward = 0;
    some_weights(0.3f, w);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_TIKI_TAKA_PAIRS, 50));
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_get_weights(xb, before, COLS));
    for (size_t i = 0; i < ROWS; i++)
        x[i] = (float)((i * 5 + 2) % 9) / 8.0f;
    for (size_t i = 0; i < COLS; i++)
        d[i] = (float)((i * 7 + 3) % 11 - 5) / 5.0f;
    for (int update = 0; update < 400; update++)
        OK(memqc_crossbar_update_outer(xb, -0.2, 1, x, ROWS, d, COLS));
    OK(memqc_crossbar_get_weights(xb, after, COLS));
    check_cells(xb);
    for (size_t i = 0; i < CELLS; i++)
        toward -=
            ((double)after[i] - (double)before[i]) * (double)x[i / COLS] * (double)d[i % COLS];
    ck_assert_double_gt(toward, 1);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* --- stuck cells --- */

/* What the other cell of a pair leaves at best: brute force over the ladder. */
static double best_rest(const float *ladder, double target, double stuck, int sign) {
    double best = INFINITY;
    for (size_t i = 0; i < LADDER; i++)
        best = fmin(best, fabs(sign * ((double)ladder[i] - stuck) - target));
    return best;
}

START_TEST(remapping_finds_the_best_level) {
    memqc_crossbar *xb = array_with(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED,
                                    MEMQC_CROSSBAR_RULE_NEAREST_LEVEL);
    static const float at[] = {3e-6f, 40e-6f, 97e-6f};
    float w[CELLS], nominal[CELLS], g[2][CELLS], ladder[LADDER];
    int32_t stuck[2][CELLS];
    size_t remapped = 0, again = 1, pairs = 0;
    log_ladder(ladder);
    some_weights(0.9f, w);
    OK(memqc_crossbar_program(xb, w, COLS));
    for (size_t i = 0; i < 30; i++) {
        const size_t place = 4 * i;
        OK(memqc_crossbar_stick(xb, i % 2, 1, &place, &at[i % 3]));
    }
    OK(memqc_crossbar_get_nominal_weights(xb, nominal, COLS));
    OK(memqc_crossbar_remap(xb, &remapped, NULL));
    for (size_t p = 0; p < 2; p++) {
        OK(memqc_crossbar_get_conductances(xb, p, g[p], COLS));
        OK(memqc_crossbar_get_stuck(xb, p, stuck[p], COLS));
    }
    for (size_t i = 0; i < CELLS; i++) {
        const double target = (double)nominal[i] * (double)(ladder[0] - ladder[LADDER - 1]);
        const double off = fabs((double)g[0][i] - (double)g[1][i] - target);
        if (!stuck[0][i] && !stuck[1][i])
            continue;
        const size_t side = stuck[1][i] != 0;
        const double least = best_rest(ladder, target, (double)g[side][i], side ? 1 : -1);
        ck_assert_double_eq_tol(off, least, 1e-10);
        pairs++;
    }
    ck_assert_uint_eq(pairs, 30);
    ck_assert_uint_gt(remapped, 10);
    OK(memqc_crossbar_remap(xb, &again, NULL));
    ck_assert_uint_eq(again, 0);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* --- files --- */

enum { INPUTS = 6, SAMPLES = 40 };

static void make_samples(float *x, int32_t *labels) {
    for (size_t i = 0; i < SAMPLES * INPUTS; i++)
        x[i] = (float)((i * 7919 + i / INPUTS * 104729) % 1000) / 1000.0f;
    for (size_t i = 0; i < SAMPLES; i++)
        labels[i] = x[i * INPUTS] + x[i * INPUTS + 1] > 1;
}

static memqc_mlp *make_network(const memqc_device *device) {
    static const size_t sizes[] = {INPUTS, 5, 2};
    memqc_mlp *mlp = NULL;
    OK(memqc_mlp_create(sizes, 3, device, 1, &mlp));
    return mlp;
}

static unsigned char *save_network(const memqc_mlp *mlp, size_t *size) {
    OK(memqc_mlp_save_memory(mlp, NULL, 0, size));
    unsigned char *bytes = malloc(*size);
    ck_assert_ptr_nonnull(bytes);
    OK(memqc_mlp_save_memory(mlp, bytes, *size, size));
    return bytes;
}

/* A network goes on from its file as if there were none, with deviations and with quantiles. */
START_TEST(a_network_goes_on_from_its_file) {
    static float x[SAMPLES * INPUTS], out[2][SAMPLES * 2];
    static int32_t labels[SAMPLES];
    memqc_device *device = log_device(5);
    if (_i) {
        float g[LADDER], quantiles[LADDER * 3];
        log_ladder(g);
        for (size_t i = 0; i < LADDER * 3; i++)
            quantiles[i] = g[i / 3] * (0.9f + 0.1f * (float)(i % 3));
        OK(memqc_device_set_levels(device, LADDER, g, NULL, 3, quantiles));
    }
    memqc_mlp *mlp = make_network(device), *loaded = NULL;
    size_t size = 0;
    make_samples(x, labels);
    OK(memqc_mlp_fit(mlp, SAMPLES, x, INPUTS, labels, 3));
    unsigned char *const bytes = save_network(mlp, &size);
    OK(memqc_mlp_load_memory(bytes, size, &loaded));
    memqc_device_destroy(&device);
    for (int i = 0; i < 2; i++) {
        memqc_mlp *const which = i ? loaded : mlp;
        OK(memqc_mlp_train_epoch(which, SAMPLES, x, INPUTS, labels));
        OK(memqc_mlp_predict(which, SAMPLES, x, INPUTS, out[i], 2, NULL));
    }
    ck_assert_mem_eq(out[0], out[1], sizeof out[0]);
    free(bytes);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&loaded);
}
END_TEST

/* Makes the checksum right, bit by bit from CRC-64/XZ's definition. */
static void sum_up(unsigned char *data, size_t size) {
    uint64_t crc = ~UINT64_C(0);
    for (size_t i = 0; i < size - 8; i++)
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^
                  ((crc ^ (uint64_t)data[i] >> bit) & 1 ? UINT64_C(0xC96C5795D7870F42) : 0);
    for (size_t i = 0; i < 8; i++)
        data[size - 8 + i] = (unsigned char)(~crc >> 8 * i);
}

/* Where the values of a record begin: behind tag, type and count. */
static size_t record(const unsigned char *data, size_t size, const char *tag) {
    for (size_t i = 0; i + 16 < size; i++)
        if (memcmp(data + i, tag, 4) == 0)
            return i + 16;
    ck_abort_msg("no record %s", tag);
    return 0;
}

static void put_float(unsigned char *at, float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (size_t i = 0; i < 4; i++)
        at[i] = (unsigned char)(bits >> 8 * i);
}

/* What somebody who wants to do harm may write into a record of levels: a value at a place; or, at
 * none, another number of values. */
static const struct harm {
    const char *tag;
    int place;
    float value;
    uint64_t count;
} harms[] = {
    {"devl", 5, 99e-6f, 0},      {"devl", 0, NAN, 0},         {"devl", 3, INFINITY, 0},
    {"devl", LADDER - 1, -1, 0}, {"devl", 1, 100e-6f, 0},     {"devl", 0, 110e-6f, 0},
    {"devn", 2, NAN, 0},         {"devn", 2, -1e-6f, 0},      {"devn", 2, 2e3f, 0},
    {"devl", -1, 0, 1},          {"devl", -1, 0, 1 << 20},    {"devl", -1, 0, UINT64_MAX},
    {"devl", -1, 0, LADDER + 1}, {"devn", -1, 0, LADDER - 1}, {"devk", -1, 0, 3},
};

static void do_harm(const struct harm *harm, unsigned char *data, size_t size) {
    const size_t at = record(data, size, harm->tag);
    if (harm->place >= 0)
        put_float(data + at + 4 * (size_t)harm->place, harm->value);
    for (size_t i = 0; i < 8 && harm->place < 0; i++)
        data[at - 8 + i] = (unsigned char)(harm->count >> 8 * i);
    sum_up(data, size);
}

/* In the files of a device and of a network. */
START_TEST(impossible_levels_are_refused) {
    memqc_device *device = log_device(5), *loaded = NULL;
    memqc_mlp *mlp = make_network(device), *other = NULL;
    size_t sizes[2] = {0, 0};
    unsigned char *const network = save_network(mlp, &sizes[1]);
    OK(memqc_device_save_memory(device, NULL, 0, &sizes[0]));
    unsigned char *const file = malloc(sizes[0]);
    OK(memqc_device_save_memory(device, file, sizes[0], &sizes[0]));
    sum_up(file, sizes[0]); /* the sum is as the library makes it */
    OK(memqc_device_load_memory(file, sizes[0], &loaded));
    memqc_device_destroy(&loaded);
    for (size_t i = 0; i < COUNT(harms); i++) {
        unsigned char *const bad = malloc(sizes[1] > sizes[0] ? sizes[1] : sizes[0]);
        memcpy(bad, file, sizes[0]);
        do_harm(&harms[i], bad, sizes[0]);
        FAILS(MEMQC_ERROR_FORMAT, NULL, memqc_device_load_memory(bad, sizes[0], &loaded));
        ck_assert_ptr_null(loaded);
        memcpy(bad, network, sizes[1]);
        do_harm(&harms[i], bad, sizes[1]);
        FAILS(MEMQC_ERROR_FORMAT, NULL, memqc_mlp_load_memory(bad, sizes[1], &other));
        ck_assert_ptr_null(other);
        free(bad);
    }
    free(file);
    free(network);
    memqc_mlp_destroy(&mlp);
    memqc_device_destroy(&device);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("levels_rules");
    TCase *tests = add_group(suite, "uneven", NULL);
    tcase_add_test(tests, trains_move_level_by_level);
    tcase_add_loop_test(tests, tiki_taka_moves_towards_the_gradient, 0, 2);
    tcase_add_test(tests, remapping_finds_the_best_level);
    tcase_add_loop_test(tests, a_network_goes_on_from_its_file, 0, 2);
    tcase_add_test(tests, impossible_levels_are_refused);
    return run_suite(suite);
}
