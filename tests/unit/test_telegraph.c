/* SPDX-License-Identifier: BSD-3-Clause */
/* Random telegraph noise against the closed forms of a Markov process of two states. */
#include "effects.h"

static int32_t *integers(size_t n, int32_t value) {
    int32_t *x = malloc(n * sizeof *x);
    ck_assert_ptr_nonnull(x);
    for (size_t i = 0; i < n; i++)
        x[i] = value;
    return x;
}

static size_t count(const int32_t *x, size_t n) {
    size_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] == 1;
    return sum;
}

/* Probability that a trap changes within t, leaving a state of mean length mean; the other one's is
 * other. */
static double change(double mean, double other, double t) {
    const double a = 1 / mean, b = 1 / other;
    return a / (a + b) * -expm1(-(a + b) * t);
}

START_TEST(stationary_from_the_start) {
    int32_t *traps = integers(MILLION, -1);
    for (int i = 0; i < 3; i++) {
        const double high = i + 1, low = 0.3, yield = i ? 0.4 : 1;
        memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_RTN_TIME_HIGH, high},
                               {MEMQC_DEVICE_RTN_TIME_LOW, low}, {MEMQC_DEVICE_RTN_YIELD, yield});
        const double p = yield * low / (low + high);
        OK(memqc_device_telegraph_begin(d, 0, 0, MILLION, traps));
        check_share(count(traps, MILLION), MILLION, p);
        for (uint64_t step = 0; step < 3; step++) {
            OK(memqc_device_telegraph_advance(d, 0, step, 0.2, MILLION, traps));
            check_share(count(traps, MILLION), MILLION, p); /* and so it stays */
        }
        memqc_device_destroy(&d);
    }
    free(traps);
}
END_TEST

START_TEST(transitions_have_their_probabilities) {
    static const double times[] = {0, 1e-6, 1e-3, 0.1, 1, 20, 1e25};
    const double high = 0.5, low = 2;
    int32_t *traps = integers(MILLION, 0);
    memqc_device *d = MAKE(MEMQC_DEVICE_LINEAR, {MEMQC_DEVICE_RTN_TIME_HIGH, high},
                           {MEMQC_DEVICE_RTN_TIME_LOW, low});
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        for (int32_t full = 0; full < 2; full++) {
            for (size_t j = 0; j < MILLION; j++)
                traps[j] = full;
            OK(memqc_device_telegraph_advance(d, 0, 2 * i + (size_t)full, times[i], MILLION,
                                              traps));
            const size_t full_now = count(traps, MILLION),
                         changed = full ? MILLION - full_now : full_now;
            check_share(changed, MILLION,
                        full ? change(low, high, times[i]) : change(high, low, times[i]));
        }
    }
    memqc_device_destroy(&d);
    free(traps);
}
END_TEST

/* Many short steps are one long one: P(full) after 0.8 s from empty, and the memory of the start,
 * e^(-(a + b) t). */
START_TEST(steps_add_up) {
    int32_t *traps = integers(MILLION, 0), *first = integers(MILLION, 0);
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_RTN_TIME_HIGH, 0.5},
                           {MEMQC_DEVICE_RTN_TIME_LOW, 2});
    for (uint64_t step = 0; step < 16; step++)
        OK(memqc_device_telegraph_advance(d, 0, step, 0.05, MILLION, traps));
    check_share(count(traps, MILLION), MILLION, change(0.5, 2, 0.8));
    OK(memqc_device_telegraph_begin(d, 0, 0, MILLION, first));
    memcpy(traps, first, MILLION * sizeof *traps);
    for (uint64_t step = 16; step < 20; step++)
        OK(memqc_device_telegraph_advance(d, 0, step, 0.1, MILLION, traps));
    size_t both = 0;
    for (size_t i = 0; i < MILLION; i++)
        both += first[i] && traps[i];
    check_share(both, MILLION, 0.8 * (1 - change(2, 0.5, 0.4)));
    memqc_device_destroy(&d);
    free(first);
    free(traps);
}
END_TEST

/* Where 24 bits do not decide, the kernel says with which probability more bits have to. */
START_TEST(short_times_are_not_rounded) {
    enum { N = 5 };
    const struct mqc_effect_kernels *table[MQC_ISA_COUNT];
    const size_t tables = effect_tables(table);
    static const float ones[N] = {1, 1, 1, 1, 1},
                       u[N] = {0, 2 * 0x1p-24f, 3 * 0x1p-24f, 4 * 0x1p-24f, 0.5f};
    const struct mqc_rates rates = {0.5f, 0.5f, ones, ones};
    for (size_t t = 0; t < tables; t++) {
        int32_t traps[N] = {0, 0, 1, 0, 1};
        float open[N];
        ck_assert_uint_eq(table[t]->flip(N, &rates, 6.5f * 0x1p-24f, u, open, traps),
                          1); /* p = 3.25 2^-24 */
        ck_assert(traps[0] == 1 && traps[1] == 1 && traps[2] == 1 && traps[3] == 0 &&
                  traps[4] == 1);
        ck_assert_double_eq_tol((double)open[2], 0.25, 1e-5);
        ck_assert(open[0] == 0 && open[1] == 0 && open[3] == 0 && open[4] == 0);
    }
}
END_TEST

/* Cells whose uniform number is k 2^-24, at the probability (k + 1/2) 2^-24: the second number
 * decides. */
START_TEST(more_bits_decide) {
    const struct mqc_draws where = {4711, 0, 9, NULL, NULL};
    float *u = floats(MILLION, 0), *more = floats(MILLION, 0);
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_RTN_TIME_HIGH, 1},
                           {MEMQC_DEVICE_RTN_TIME_LOW, 1});
    mqc_draws_uniforms(&where, MQC_STREAM_ATTEMPT(MQC_STREAM_TELEGRAPH, 0), 0, 0, MILLION, u);
    mqc_draws_uniforms(&where, MQC_STREAM_ATTEMPT(MQC_STREAM_TELEGRAPH, 5), 0, 0, MILLION, more);
    size_t checked = 0, full = 0;
    for (size_t i = 0; i < MILLION; i++) {
        const double k = (double)u[i] * 0x1p24;
        if (k > 4096 || fabs((double)more[i] - 0.5) < 0.01)
            continue;
        int32_t trap = 0;
        OK(memqc_device_telegraph_advance(d, i, 9, -0.5 * log1p(-2 * (k + 0.5) * 0x1p-24), 1,
                                          &trap));
        ck_assert_int_eq(trap, more[i] < 0.5f);
        checked++;
        full += trap == 1;
    }
    ck_assert_uint_gt(checked, 100);
    check_share(full, checked, 0.5);
    memqc_device_destroy(&d);
    free(u);
    free(more);
}
END_TEST

START_TEST(cells_have_rates_of_their_own) {
    const double high = 0.7, low = 2, spread = 0.6;
    float *times = floats(MILLION, 0), *lows = floats(MILLION, 0), *rates = floats(MILLION, 0);
    memqc_device *d = MAKE(MEMQC_DEVICE_SOFT_BOUNDS, {MEMQC_DEVICE_RTN_TIME_HIGH, high},
                           {MEMQC_DEVICE_RTN_TIME_LOW, low}, {MEMQC_DEVICE_RTN_SPREAD, spread});
    OK(memqc_device_cells(d, MEMQC_DEVICE_RTN_TIME_HIGH, 0, MILLION, times));
    OK(memqc_device_cells(d, MEMQC_DEVICE_RTN_TIME_LOW, 0, MILLION, lows));
    for (size_t i = 0; i < MILLION; i++)
        rates[i] = (float)(high / (double)times[i]);
    check_moments(rates, MILLION, 1, spread);
    for (size_t i = 0; i < MILLION; i++)
        rates[i] = (float)(low / (double)lows[i]);
    check_moments(rates, MILLION, 1, spread);
    /* One cell, a million steps. */
    uint64_t *cells = malloc(MILLION * sizeof *cells), *draws = malloc(MILLION * sizeof *draws);
    ck_assert(cells && draws);
    int32_t *traps = integers(MILLION, 0);
    for (uint64_t cell = 3; cell < 300; cell += 100) {
        for (size_t i = 0; i < MILLION; i++) {
            traps[i] = 0;
            cells[i] = cell;
            draws[i] = i;
        }
        const struct mqc_draws where = {d->seed, 0, 0, cells, draws};
        mqc_device_advance_traps(d, &where, 0.4, MILLION, traps);
        check_share(count(traps, MILLION), MILLION,
                    change((double)times[cell], (double)lows[cell], 0.4));
    }
    free(traps);
    free(cells);
    free(draws);
    free(times);
    free(lows);
    free(rates);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(cells_without_a_trap) {
    enum { N = 1000 };
    static float times[N], g[N], out[N];
    static int32_t traps[N];
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_RTN_YIELD, 0.5},
                           {MEMQC_DEVICE_RTN_AMPLITUDE, 0.25});
    OK(memqc_device_cells(d, MEMQC_DEVICE_RTN_TIME_HIGH, 50, N, times));
    size_t without = 0, wrong = 0;
    for (uint64_t step = 0; step < 20; step++) {
        if (step == 0)
            OK(memqc_device_telegraph_begin(d, 50, 0, N, traps));
        else
            OK(memqc_device_telegraph_advance(d, 50, step, 1, N, traps));
        for (size_t i = 0; i < N; i++) {
            without += isinf(times[i]) != 0;
            wrong += isinf(times[i]) && traps[i];
        }
    }
    check_share(without / 20, N, 0.5);
    ck_assert_uint_eq(wrong, 0);
    for (size_t i = 0; i < N; i++)
        g[i] = (float)(i + 1) * 1e-6f;
    OK(memqc_device_telegraph_read(d, N, traps, g, out));
    for (size_t i = 0; i < N; i++)
        wrong += out[i] != (traps[i] ? 0.75f * g[i] : g[i]);
    ck_assert_uint_eq(wrong, 0);
    OK(memqc_device_set(d, MEMQC_DEVICE_RTN_AMPLITUDE, 0));
    OK(memqc_device_telegraph_read(d, N, traps, g, out));
    ck_assert_mem_eq(out, g, sizeof out);
    memqc_device_destroy(&d);
}
END_TEST

/* Traps as floats, for check_bits(): begun, then advanced. */
static void call_both(const memqc_device *d, uint64_t cell, uint64_t draw, size_t n, float *x) {
    int32_t traps[CELLS];
    OK(memqc_device_telegraph_begin(d, cell, draw, n, traps));
    OK(memqc_device_telegraph_advance(d, cell, draw, 0.7, n, traps));
    OK(memqc_device_telegraph_read(d, n, traps, x, x));
}

static void list_both(const memqc_device *d, const struct mqc_draws *where, size_t n, float *x) {
    static int32_t traps[CELLS];
    mqc_device_begin_traps(d, where, n, traps);
    mqc_device_advance_traps(d, where, 0.7, n, traps);
    mqc_device_trapped_cells(d, n, traps, x);
}

START_TEST(grouping_does_not_matter) {
    static const struct effect effect = {call_both, list_both};
    float *start = floats(CELLS, 1e-5f);
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_RTN_SPREAD, 1},
                           {MEMQC_DEVICE_RTN_YIELD, 0.9}, {MEMQC_DEVICE_RTN_AMPLITUDE, 0.3});
    check_bits(d, &effect, start);
    memqc_device_destroy(&d);
    free(start);
}
END_TEST

START_TEST(instruction_sets_agree) {
    enum { N = 777 };
    static float fills[N], empties[N], u[N], open[MQC_ISA_COUNT][N], g[MQC_ISA_COUNT][N];
    static int32_t traps[MQC_ISA_COUNT][N];
    const struct mqc_rates rates = {0.3f, 2.5f, fills, empties};
    const struct mqc_effect_kernels *table[MQC_ISA_COUNT];
    const size_t tables = effect_tables(table);
    for (size_t t = 0; t < tables; t++) {
        for (size_t i = 0; i < N; i++) {
            fills[i] = (float)(i % 13 + 1) * 0.21f;
            empties[i] = (float)(i % 17 + 1) * 0.11f;
            u[i] = (float)(i * 631 % N) / N;
            traps[t][i] = (int32_t)(i & 1);
            g[t][i] = (float)i;
        }
        table[t]->flip(N, &rates, 0.37f, u, open[t], traps[t]);
        table[t]->trapped(N, 0.1f, traps[t], g[t]);
        ck_assert_mem_eq(traps[t], traps[0], sizeof traps[0]);
        ck_assert_mem_eq(open[t], open[0], sizeof open[0]);
        ck_assert_mem_eq(g[t], g[0], sizeof g[0]);
    }
}
END_TEST

START_TEST(bad_input_is_refused) {
    int32_t traps[2] = {0, 2};
    float g[2] = {1e-6f, -1}, out[2] = {7, 7};
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_RTN_AMPLITUDE, 1});
    FAILS(MEMQC_ERROR_DATA, "traps[1] = 2", memqc_device_telegraph_advance(d, 0, 0, 1, 2, traps));
    FAILS(MEMQC_ERROR_DATA, "traps[1] = 2", memqc_device_telegraph_read(d, 2, traps, g, out));
    ck_assert(traps[0] == 0 && traps[1] == 2);
    traps[1] = 1;
    FAILS(MEMQC_ERROR_DATA, "g[1] = -1 S", memqc_device_telegraph_read(d, 2, traps, g, out));
    ck_assert(out[0] == 7 && out[1] == 7);
    FAILS(MEMQC_ERROR_ARGUMENT, "seconds = -1 s",
          memqc_device_telegraph_advance(d, 0, 0, -1, 2, traps));
    FAILS(MEMQC_ERROR_ARGUMENT, "seconds = nan s",
          memqc_device_telegraph_advance(d, 0, 0, NAN, 2, traps));
    FAILS(MEMQC_ERROR_ARGUMENT, "2^34",
          memqc_device_telegraph_begin(d, (uint64_t)1 << 34, 0, 1, traps));
    FAILS(MEMQC_ERROR_ARGUMENT, "2^34",
          memqc_device_telegraph_advance(d, (uint64_t)1 << 34, 0, 1, 1, traps));
    FAILS(MEMQC_ERROR_ARGUMENT, "traps is NULL", memqc_device_telegraph_begin(d, 0, 0, 1, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "traps is NULL",
          memqc_device_telegraph_advance(d, 0, 0, 1, 1, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "traps is NULL", memqc_device_telegraph_read(d, 1, NULL, g, out));
    FAILS(MEMQC_ERROR_ARGUMENT, "device is NULL",
          memqc_device_telegraph_begin(NULL, 0, 0, 1, traps));
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("telegraph", stationary_from_the_start, transitions_have_their_probabilities,
          steps_add_up, short_times_are_not_rounded, more_bits_decide,
          cells_have_rates_of_their_own, cells_without_a_trap, grouping_does_not_matter,
          instruction_sets_agree, bad_input_is_refused)
