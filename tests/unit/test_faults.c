/* SPDX-License-Identifier: BSD-3-Clause */
/* Stuck cells: how many, of which kind, at which conductance. */
#include "effects.h"

START_TEST(kinds_have_their_shares) {
    static const double yields[][3] = {
        {0.0904, 0.0175, 0}, {0.01, 0.02, 0.03}, {0, 0, 1e-4}, {0.3, 0.3, 0.4}, {1, 0, 0}};
    int32_t *kinds = malloc(MILLION * sizeof *kinds);
    ck_assert_ptr_nonnull(kinds);
    for (size_t i = 0; i < sizeof yields / sizeof *yields; i++) {
        memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_STUCK_ON, yields[i][0]},
                               {MEMQC_DEVICE_STUCK_OFF, yields[i][1]},
                               {MEMQC_DEVICE_STUCK_ANYWHERE, yields[i][2]});
        size_t counts[4] = {0};
        OK(memqc_device_set_seed(d, i));
        OK(memqc_device_faults(d, 0, MILLION, kinds, NULL));
        for (size_t j = 0; j < MILLION; j++)
            counts[kinds[j] - MEMQC_DEVICE_FAULT_NONE]++;
        for (size_t kind = 1; kind < 4; kind++)
            check_share(counts[kind], MILLION, yields[i][kind - 1]);
        check_share(counts[0], MILLION, fmax(0, 1 - yields[i][0] - yields[i][1] - yields[i][2]));
        memqc_device_destroy(&d);
    }
    free(kinds);
}
END_TEST

/* Forty-eight bits: a probability as large as the cell's own number does not reach it, one 2^-48
 * larger does. */
START_TEST(rare_faults_are_not_rounded) {
    enum { N = 100 };
    float high[N], low[N];
    const struct mqc_draws where = {4711, 0, 0, NULL, NULL};
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_STUCK_ON, 0});
    mqc_draws_uniforms(&where, MQC_STREAM_ATTEMPT(MQC_STREAM_FAULT, 0), MQC_FOR_LIFE, 0, N, high);
    mqc_draws_uniforms(&where, MQC_STREAM_ATTEMPT(MQC_STREAM_FAULT, 2), MQC_FOR_LIFE, 0, N, low);
    for (size_t i = 0; i < N; i++) {
        const double u = (double)high[i] + 0x1p-24 * (double)low[i];
        int32_t kind;
        OK(memqc_device_set(d, MEMQC_DEVICE_STUCK_ON, u));
        OK(memqc_device_faults(d, i, 1, &kind, NULL));
        ck_assert_int_eq(kind, MEMQC_DEVICE_FAULT_NONE);
        OK(memqc_device_set(d, MEMQC_DEVICE_STUCK_ON, u + 0x1p-48));
        OK(memqc_device_faults(d, i, 1, &kind, NULL));
        ck_assert_int_eq(kind, MEMQC_DEVICE_FAULT_ON);
    }
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(stuck_where_their_cells_end) {
    static const int32_t models[] = {MEMQC_DEVICE_QUANTIZED, MEMQC_DEVICE_NEUROSIM};
    float *lo = floats(MILLION, 0), *hi = floats(MILLION, 0), *g = floats(MILLION, 0);
    int32_t *kinds = malloc(MILLION * sizeof *kinds);
    ck_assert_ptr_nonnull(kinds);
    for (size_t m = 0; m < 2; m++) {
        memqc_device *d = MAKE(models[m], {MEMQC_DEVICE_STUCK_ON, 0.1},
                               {MEMQC_DEVICE_STUCK_OFF, 0.2}, {MEMQC_DEVICE_STUCK_ANYWHERE, 0.5},
                               {MEMQC_DEVICE_D2D_G_MAX, 0.1}, {MEMQC_DEVICE_D2D_G_MIN, 0.3});
        for (size_t i = 0; i < MILLION; i++)
            g[i] = 7;
        OK(memqc_device_cells(d, MEMQC_DEVICE_G_MAX, 0, MILLION, hi));
        OK(memqc_device_cells(d, MEMQC_DEVICE_G_MIN, 0, MILLION, lo));
        OK(memqc_device_faults(d, 0, MILLION, kinds, g));
        size_t wrong = 0, anywhere = 0;
        for (size_t i = 0; i < MILLION; i++) {
            wrong += kinds[i] == MEMQC_DEVICE_FAULT_NONE && g[i] != 7;
            wrong += kinds[i] == MEMQC_DEVICE_FAULT_ON && g[i] != hi[i];
            wrong += kinds[i] == MEMQC_DEVICE_FAULT_OFF && g[i] != lo[i];
            if (kinds[i] == MEMQC_DEVICE_FAULT_ANYWHERE) {
                wrong += !(g[i] >= lo[i] && g[i] <= hi[i]);
                lo[anywhere++] = (g[i] - lo[i]) / (hi[i] - lo[i]); /* already read */
            }
        }
        ck_assert_uint_eq(wrong, 0);
        check_moments(lo, anywhere, 0.5, sqrt(1.0 / 12));
        memqc_device_destroy(&d);
    }
    free(kinds);
    free(lo);
    free(hi);
    free(g);
}
END_TEST

static void call_faults(const memqc_device *d, uint64_t cell, uint64_t draw, size_t n, float *x) {
    (void)draw; /* for life */
    OK(memqc_device_faults(d, cell, n, NULL, x));
}

static void list_faults(const memqc_device *d, const struct mqc_draws *where, size_t n, float *x) {
    mqc_device_fault_cells(d, where, n, NULL, x);
}

START_TEST(grouping_does_not_matter) {
    static const struct effect effect = {call_faults, list_faults};
    float *start = floats(CELLS, 300e-6f);
    memqc_device *d =
        MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_STUCK_ON, 0.1}, {MEMQC_DEVICE_STUCK_OFF, 0.1},
             {MEMQC_DEVICE_STUCK_ANYWHERE, 0.3}, {MEMQC_DEVICE_D2D_G_MIN, 0.2});
    check_bits(d, &effect, start);
    memqc_device_destroy(&d);
    free(start);
}
END_TEST

START_TEST(off_is_nothing) {
    float g[] = {1, 2, 3};
    int32_t kinds[] = {7, 7, 7};
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &d));
    OK(memqc_device_faults(d, 0, 3, kinds, g));
    for (int i = 0; i < 3; i++) {
        ck_assert(g[i] == (float)(i + 1));
        ck_assert_int_eq(kinds[i], MEMQC_DEVICE_FAULT_NONE);
    }
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(bad_input_is_refused) {
    float g = 1;
    memqc_device *d =
        MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_STUCK_ON, 0.5}, {MEMQC_DEVICE_STUCK_OFF, 0.4});
    FAILS(MEMQC_ERROR_ARGUMENT, "stuck_anywhere = 0.2 are more than 1",
          memqc_device_set(d, MEMQC_DEVICE_STUCK_ANYWHERE, 0.2));
    double value;
    OK(memqc_device_get(d, MEMQC_DEVICE_STUCK_ANYWHERE, &value));
    ck_assert_double_eq(value, 0);
    FAILS(MEMQC_ERROR_ARGUMENT, "both NULL", memqc_device_faults(d, 0, 1, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "device is NULL", memqc_device_faults(NULL, 0, 1, NULL, &g));
    FAILS(MEMQC_ERROR_ARGUMENT, "2^34",
          memqc_device_faults(d, ((uint64_t)1 << 34) - 1, 2, NULL, &g));
    ck_assert(g == 1);
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("faults", kinds_have_their_shares, rare_faults_are_not_rounded,
          stuck_where_their_cells_end, grouping_does_not_matter, off_is_nothing,
          bad_input_is_refused)
