/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulses: the same bits however the work is cut, bursts, and what is refused. */
#define _POSIX_C_SOURCE 200809L
#include "pulses.h"

#include "core/isa.h"
#include "device/cell/spread.h"

#include <pthread.h>

/* --- the same bits, however the work is cut --- */

static memqc_device *everything(int32_t model) {
    memqc_device *d = make(model, 0);
    OK(memqc_device_set(d, MEMQC_DEVICE_C2C_ABSOLUTE, 0.2e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_C2C_STEP, 0.2));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_G_MAX, 0.1));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_STEP, 0.3));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_NOISE, 0.3));
    return d;
}

static void fill(float *g, size_t n) {
    for (size_t i = 0; i < n; i++)
        g[i] = 20e-6f + 1e-9f * (float)(i * 7919 % 60000);
}

START_TEST(cutting_the_work_changes_nothing) {
    enum { N = 5000, FIRST = 1000 };
    float *whole = room(N), *pieces = room(N);
    int32_t counts[N];
    for (size_t m = 0; m < MODELS; m++) {
        memqc_device *d = everything(all_models[m]);
        /* Cells in pieces, backwards. */
        fill(whole, N);
        fill(pieces, N);
        OK(memqc_device_pulse(d, FIRST, 4, N, 3, whole, NULL, NULL));
        for (size_t end = N; end > 0; end = end > 77 ? end - 77 : 0) {
            const size_t begin = end > 77 ? end - 77 : 0;
            OK(memqc_device_pulse(d, FIRST + begin, 4, end - begin, 3, pieces + begin, NULL, NULL));
        }
        ck_assert_mem_eq(whole, pieces, N * sizeof *whole);
        /* Pulses one by one. */
        fill(pieces, N);
        for (uint64_t p = 0; p < 3; p++)
            OK(memqc_device_pulse(d, FIRST, 4 + p, N, 1, pieces, NULL, NULL));
        ck_assert_mem_eq(whole, pieces, N * sizeof *whole);
        /* Pulses counted for each cell, none among them. */
        fill(whole, N);
        fill(pieces, N);
        for (size_t i = 0; i < N; i++)
            counts[i] = (int32_t)(i % 7) - 3;
        OK(memqc_device_pulse_each(d, FIRST, 9, N, counts, whole, NULL, NULL));
        for (uint64_t i = 0; i < N; i += 13) {
            OK(memqc_device_pulse(d, FIRST + i, 9, 1, counts[i], pieces + i, NULL, NULL));
            ck_assert(whole[i] == pieces[i]);
        }
        memqc_device_destroy(&d);
    }
    free(whole);
    free(pieces);
}
END_TEST

/* A few cells with long trains among many with short ones, of both directions; as many of either in
 * every eighth hundred. */
static int32_t uneven(size_t i) {
    const int32_t count =
        i % 37 == 0 || (i % 800 < 100 && i % 2) ? 150 + (int32_t)(i % 90) : (int32_t)(i % 5);
    return i % 3 ? count : -count;
}

/* Every cell ends as it would alone, with the pulses and the energy of all. */
START_TEST(uneven_trains) {
    enum { N = 3000, FIRST = 500, STRIDE = 7 };
    float *whole = room(N), *alone = room(N);
    int32_t counts[N];
    for (size_t i = 0; i < N; i++)
        counts[i] = uneven(i);
    for (size_t m = 0; m < 2 * MODELS; m++) {
        double cost[MEMQC_DEVICE_COSTS] = {0}, sum[MEMQC_DEVICE_COSTS] = {0};
        memqc_device *d = m < MODELS ? everything(all_models[m]) : make(all_models[m - MODELS], 0);
        fill(whole, N);
        fill(alone, N);
        OK(memqc_device_pulse_each(d, FIRST, 9, N, counts, whole, NULL, cost));
        for (size_t i = 0; i < N; i++)
            OK(memqc_device_pulse(d, FIRST + i, 9, 1, counts[i], alone + i, NULL, sum));
        ck_assert_mem_eq(whole, alone, N * sizeof *whole);
        ck_assert_double_eq(cost[MEMQC_DEVICE_COST_SET], sum[MEMQC_DEVICE_COST_SET]);
        ck_assert_double_eq(cost[MEMQC_DEVICE_COST_RESET], sum[MEMQC_DEVICE_COST_RESET]);
        for (size_t i = MEMQC_DEVICE_COST_TIME; i <= MEMQC_DEVICE_COST_ENERGY; i++)
            ck_assert_double_eq_tol(cost[i], sum[i], 1e-10 * sum[i]);
        memqc_device_destroy(&d);
    }
    free(whole);
    free(alone);
}
END_TEST

/* The same for cells of any numbers, each at a draw of its own. */
START_TEST(uneven_trains_of_listed_cells) {
    enum { N = 1000 };
    uint64_t cells[N], draws[N];
    int32_t counts[N];
    float whole[N], alone[N];
    memqc_device *d = make(MEMQC_DEVICE_SOFT_BOUNDS, 0);
    OK(memqc_device_set(d, MEMQC_DEVICE_C2C_STEP, 0.2));
    for (size_t i = 0; i < N; i++) {
        cells[i] = i * 617 % 4099;
        draws[i] = 1000 * (i % 11);
        counts[i] = uneven(i);
    }
    fill(whole, N);
    fill(alone, N);
    const struct mqc_draws where = {77, 0, 0, cells, draws};
    const struct mqc_cell_set set = {&where, NULL, N, whole, NULL, NULL};
    d->ops->pulse(d, &set, MQC_STREAM_PULSE, 0, counts);
    for (size_t i = 0; i < N; i++)
        OK(memqc_device_pulse(d, cells[i], draws[i], 1, counts[i], alone + i, NULL, NULL));
    ck_assert_mem_eq(whole, alone, sizeof whole);
    memqc_device_destroy(&d);
}
END_TEST

struct part {
    const memqc_device *d;
    uint64_t first;
    size_t n;
    float *g;
    memqc_status status;
};

static void *work(void *argument) {
    struct part *part = argument;
    part->status = memqc_device_pulse(part->d, part->first, 0, part->n, 5, part->g, NULL, NULL);
    return NULL;
}

START_TEST(threads_change_nothing) {
    enum { N = 20000, THREADS = 4 };
    float *whole = room(N), *pieces = room(N);
    memqc_device *d = everything(MEMQC_DEVICE_POWER);
    pthread_t threads[THREADS];
    struct part parts[THREADS];
    fill(whole, N);
    fill(pieces, N);
    OK(memqc_device_pulse(d, 0, 0, N, 5, whole, NULL, NULL));
    for (size_t t = 0; t < THREADS; t++) {
        const size_t first = t * N / THREADS;
        parts[t] = (struct part){d, first, N / THREADS, pieces + first, MEMQC_ERROR_STATE};
        ck_assert_int_eq(pthread_create(&threads[t], NULL, work, &parts[t]), 0);
    }
    for (size_t t = 0; t < THREADS; t++) {
        ck_assert_int_eq(pthread_join(threads[t], NULL), 0);
        ck_assert_int_eq(parts[t].status, MEMQC_OK);
    }
    ck_assert_mem_eq(whole, pieces, N * sizeof *whole);
    memqc_device_destroy(&d);
    free(whole);
    free(pieces);
}
END_TEST

/* Every build of the pulse kernel gives the same bits. */
START_TEST(instruction_sets_change_nothing) {
    enum { N = 1000 };
    static const struct mqc_device_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_device_kernels);
    static float block[MQC_CELL_ARRAYS * N], z[N], ways[N], g[N], base[N];
    const struct mqc_cell_arrays cells = mqc_cell_arrays_in(block, N);
    for (size_t m = 0; m < MODELS; m++) {
        memqc_device *d = everything(all_models[m]);
        const struct mqc_draws where = {3, 0, 0, NULL, NULL};
        struct mqc_pulse pulse = d->pulse;
        pulse.up.table = &d->table[0];
        pulse.down.table = &d->table[1];
        mqc_device_cell_arrays(d, &where, N, &cells);
        mqc_draws_normals(&where, MQC_STREAM_PULSE, 0, N, 0, z);
        for (size_t i = 0; i < N; i++)
            ways[i] = (float)((int)(i % 3) - 1);
        for (size_t variant = 0; variant < 12; variant++) {
            const int way = (int)(variant % 3) - 1, own = (variant / 3) % 2 != 0,
                      noisy = variant / 6 != 0;
            for (size_t t = 0; t <= (size_t)mqc_isa(); t++) {
                fill(g, N);
                tables[t]->pulse(&pulse, own ? &cells : NULL, N, way, ways, noisy ? z : NULL, g);
                if (t == 0)
                    memcpy(base, g, sizeof base);
                ck_assert_mem_eq(base, g, sizeof base);
            }
        }
        memqc_device_destroy(&d);
    }
}
END_TEST

/* A burst has the mean of its pulses one by one to second order in the step, and exactly the sum of
 * their variances where the step is the same everywhere. */
START_TEST(bursts) {
    const float start = 40e-6f, count = -12;
    float *g = room(MILLION), counts[1000], one = start, response[12];
    memqc_device *d = make(MEMQC_DEVICE_CONSTANT, 0.5e-6);
    OK(memqc_device_set(d, MEMQC_DEVICE_C2C_STEP, 0.3));
    for (size_t i = 0; i < 1000; i++)
        counts[i] = count;
    for (size_t i = 0; i < MILLION; i += 1000) {
        const struct mqc_draws where = {5, i, 3, NULL, NULL};
        for (size_t j = 0; j < 1000; j++)
            g[i + j] = start;
        const struct mqc_cell_set set = {&where, NULL, 1000, g + i, NULL, NULL};
        d->ops->burst(d, &set, counts);
    }
    check_moments(g, MILLION, 40e-6 - 12 * 0.5e-6, 0.3 * 0.5e-6 * sqrt(12));
    memqc_device_destroy(&d);
    for (size_t i = 0; i < COURSES; i++) {
        const struct mqc_draws where = {5, 0, 3, NULL, NULL};
        d = make_course(&courses[i], (hi - lo) / 500);
        one = start;
        const struct mqc_cell_set set = {&where, NULL, 1, &one, NULL, NULL};
        d->ops->burst(d, &set, &count);
        OK(memqc_device_response(d, -1, (double)start, 12, response));
        const double moved = (double)start - (double)response[11];
        ck_assert_double_eq_tol((double)one, (double)response[11], 1e-3 * moved);
        memqc_device_destroy(&d);
    }
    free(g);
}
END_TEST

START_TEST(bad_pulses_are_refused) {
    memqc_device *d = make(MEMQC_DEVICE_LINEAR, 0), *q = make(MEMQC_DEVICE_QUANTIZED, 0);
    const float good[4] = {20e-6f, 30e-6f, 40e-6f, 50e-6f};
    float state[4];
    static const float bad[] = {NAN, INFINITY, -1e-9f};
    for (size_t i = 0; i < 3; i++) {
        memcpy(state, good, sizeof state);
        state[2] = bad[i];
        FAILS(MEMQC_ERROR_DATA, "state[2]", memqc_device_pulse(d, 0, 0, 4, 1, state, NULL, NULL));
        ck_assert_mem_eq(state, good, 2 * sizeof *state);
        ck_assert(state[3] == good[3]);
    }
    static const float no_levels[] = {0, 33, 1.5f, NAN, -1};
    for (size_t i = 0; i < 5; i++) {
        float levels[2] = {5, no_levels[i]};
        FAILS(MEMQC_ERROR_DATA, "state[1]", memqc_device_pulse(q, 0, 0, 2, -1, levels, NULL, NULL));
        ck_assert(levels[0] == 5);
    }
    memcpy(state, good, sizeof state);
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_device_pulse(NULL, 0, 0, 4, 1, state, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_device_pulse(d, 0, 0, 4, 1, NULL, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL",
          memqc_device_pulse_each(d, 0, 0, 4, NULL, state, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "2^34",
          memqc_device_pulse(d, (uint64_t)1 << 34, 0, 1, 1, state, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "direction", memqc_device_response(d, 2, 20e-6, 4, state));
    FAILS(MEMQC_ERROR_ARGUMENT, "start", memqc_device_response(d, 1, (double)NAN, 4, state));
    FAILS(MEMQC_ERROR_ARGUMENT, "without effect", memqc_device_set(d, MEMQC_DEVICE_POWER_UP, 2));
    FAILS(MEMQC_ERROR_ARGUMENT, "ramp", memqc_device_ramp(d, state));
    int32_t model = 0;
    model = model_of(d);
    ck_assert_int_eq(model, MEMQC_DEVICE_LINEAR);
    memqc_device_destroy(&d);
    memqc_device_destroy(&q);
}
END_TEST

static double get(const memqc_device *d, int32_t key) {
    double value;
    OK(memqc_device_get(d, key, &value));
    return value;
}

/* The step of a pulsed device is a size in siemens, and its states are targets: neither moves the
 * other, nor does the window. */
START_TEST(steps_and_states) {
    const double step = (hi - lo) / 99.5;
    memqc_device *d = make(MEMQC_DEVICE_CONSTANT, step);
    ck_assert_double_eq(get(d, MEMQC_DEVICE_STATES), 32);
    OK(memqc_device_set(d, MEMQC_DEVICE_STATES, 10));
    ck_assert_double_eq(get(d, MEMQC_DEVICE_STEP), step);
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MAX, 2 * hi));
    ck_assert_double_eq(get(d, MEMQC_DEVICE_STEP), step);
    ck_assert_double_eq(get(d, MEMQC_DEVICE_STATES), 10);
    size_t levels = 0;
    OK(memqc_device_levels(d, &levels));
    ck_assert_uint_eq(levels, 10);
    memqc_device_destroy(&d);
}
END_TEST

/* The step of a quantized device is a view of its states; both may be set together where they
 * agree, in any order. */
START_TEST(steps_of_levels) {
    static const int32_t keys[] = {MEMQC_DEVICE_STEP, MEMQC_DEVICE_STATES, MEMQC_DEVICE_G_MAX};
    const double agree[] = {1e-6, 101, 100e-6 + 0.5 * MEMQC_G0};
    const double differ[] = {1e-6, 100, 100e-6 + 0.5 * MEMQC_G0};
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &d));
    FAILS(MEMQC_ERROR_ARGUMENT, "states", memqc_device_set_many(d, 3, keys, differ));
    ck_assert_double_eq(get(d, MEMQC_DEVICE_STATES), 32);
    OK(memqc_device_set_many(d, 3, keys, agree));
    ck_assert_double_eq(get(d, MEMQC_DEVICE_STATES), 101);
    ck_assert_double_eq_tol(get(d, MEMQC_DEVICE_STEP), 1e-6, 1e-18);
    FAILS(MEMQC_ERROR_ARGUMENT, "whole", memqc_device_set(d, MEMQC_DEVICE_STEP, 1.1e-6));
    const int32_t twice[] = {MEMQC_DEVICE_K, MEMQC_DEVICE_K};
    const double small[] = {0.01, 0.02};
    FAILS(MEMQC_ERROR_ARGUMENT, "k comes twice", memqc_device_set_many(d, 2, twice, small));
    memqc_device_destroy(&d);
}
END_TEST

/* Creation settles the model. */
START_TEST(models_stay) {
    memqc_device *d = make(MEMQC_DEVICE_LINEAR, 0);
    OK(memqc_device_set(d, MEMQC_DEVICE_MODEL, MEMQC_DEVICE_LINEAR));
    FAILS(MEMQC_ERROR_STATE, "linear",
          memqc_device_set(d, MEMQC_DEVICE_MODEL, MEMQC_DEVICE_CONSTANT));
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_DEVICE_LAW_LINEAR",
          memqc_device_set(d, MEMQC_DEVICE_MODEL, MEMQC_DEVICE_LAW_LINEAR));
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_CROSSBAR_ADC_BITS",
          memqc_device_set(d, MEMQC_CROSSBAR_ADC_BITS, 1));
    memqc_device_destroy(&d);
}
END_TEST

/* What a preset uses, read once and set at once, makes it again. */
START_TEST(presets_are_their_parameters) {
    for (size_t p = 0; memqc_device_preset_name(p); p++) {
        memqc_device *preset, *again;
        int32_t keys[128], used;
        double values[128], model;
        size_t n = 0;
        OK(memqc_device_create_preset(memqc_device_preset_name(p), &preset));
        OK(memqc_device_get(preset, MEMQC_DEVICE_MODEL, &model));
        for (size_t i = 0; i < memqc_device_keys(); i++) {
            keys[n] = memqc_device_key_at(i);
            OK(memqc_device_uses(preset, keys[n], &used));
            OK(memqc_device_get(preset, keys[n], &values[n]));
            n += (size_t)used;
        }
        OK(memqc_device_create((int32_t)model, &again));
        OK(memqc_device_set_many(again, n, keys, values));
        for (size_t i = 0; i < n; i++)
            ck_assert_double_eq(get(again, keys[i]), get(preset, keys[i]));
        const int32_t levels[3] = {1, 7, 8}; /* no preset has fewer */
        float one[3], other[3];
        OK(memqc_device_draw(preset, 5, 1, 3, levels, one, NULL));
        OK(memqc_device_draw(again, 5, 1, 3, levels, other, NULL));
        ck_assert_mem_eq(one, other, sizeof one);
        memqc_device_destroy(&preset);
        memqc_device_destroy(&again);
    }
}
END_TEST

RUN_TESTS("pulse", cutting_the_work_changes_nothing, uneven_trains, uneven_trains_of_listed_cells,
          threads_change_nothing, instruction_sets_change_nothing, bursts, bad_pulses_are_refused,
          steps_and_states, steps_of_levels, models_stay, presets_are_their_parameters)
