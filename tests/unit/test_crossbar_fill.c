/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays filled from anywhere, raw pulses, other devices, copies, progress. */
#include "test.h"

#include "crossbar/array/array.h"

#include <math.h>

enum { ROWS = 6, COLS = 5, N = ROWS * COLS };

static memqc_crossbar *make(const char *preset, int32_t mapping) {
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create_preset(preset, &device));
    OK(memqc_crossbar_create(device, ROWS, COLS, 4, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    memqc_device_destroy(&device);
    return xb;
}

static void window(const memqc_crossbar *xb, double *low, double *high) {
    memqc_device *device;
    OK(memqc_crossbar_get_device(xb, &device));
    OK(memqc_device_get(device, MEMQC_DEVICE_G_MIN, low));
    OK(memqc_device_get(device, MEMQC_DEVICE_G_MAX, high));
    memqc_device_destroy(&device);
}

/* From anywhere, an open cell included; they age, are saved, and are programmed afterwards. */
START_TEST(arrays_are_filled) {
    static const char *const presets[] = {"hfox-a", "rpu"};
    for (size_t p = 0; p < 2; p++) {
        memqc_crossbar *xb = make(presets[p], MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL), *copy;
        float g[2][N], now[N], w[N], nominal[N];
        double low, high, cost;
        window(xb, &low, &high);
        for (size_t i = 0; i < N; i++) {
            g[0][i] = (float)(low + (high - low) * (double)i / (N - 1));
            g[1][i] = (float)(high - (high - low) * (double)(i * i % N) / (N - 1));
        }
        g[0][3] = 0;
        OK(memqc_crossbar_set_conductances(xb, 0, g[0], COLS));
        OK(memqc_crossbar_set_conductances(xb, 1, g[1], COLS));
        OK(memqc_crossbar_get_conductances(xb, 0, now, COLS));
        ck_assert_mem_eq(now, g[0], sizeof now);
        OK(memqc_crossbar_get_weights(xb, w, COLS));
        OK(memqc_crossbar_get_nominal_weights(xb, nominal, COLS));
        for (size_t i = 0; i < N; i++) {
            const double want = ((double)g[0][i] - (double)g[1][i]) / (high - low);
            ck_assert_double_eq_tol((double)w[i], want, 1e-6);
            if (i != 3)
                ck_assert_double_eq_tol((double)nominal[i], want,
                                        1.01 / (mqc_device_states(xb->device) - 1));
        }
        OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_RESET, &cost));
        ck_assert_double_eq(cost, 0);
        OK(memqc_crossbar_advance(xb, 10));
        OK(memqc_crossbar_copy(xb, &copy));
        for (size_t i = 0; i < N; i++)
            w[i] = (float)i / N - 0.5f;
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_program(copy, w, COLS));
        OK(memqc_crossbar_get_conductances(xb, 0, g[0], COLS));
        OK(memqc_crossbar_get_conductances(copy, 0, g[1], COLS));
        ck_assert_mem_eq(g[0], g[1], sizeof now);
        OK(memqc_crossbar_get_nominal_weights(xb, nominal, COLS));
        for (size_t i = 0; i < N; i++)
            ck_assert_double_eq_tol((double)nominal[i], (double)w[i],
                                    0.51 / (mqc_device_states(xb->device) - 1));
        memqc_crossbar_destroy(&copy);
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(filling_refuses) {
    memqc_crossbar *xb = make("hfox-a", MEMQC_CROSSBAR_MAPPING_REFERENCE);
    float g[N] = {0}, now[ROWS];
    g[7] = -1e-9f;
    FAILS(MEMQC_ERROR_DATA, "g[1, 2]", memqc_crossbar_set_conductances(xb, 0, g, COLS));
    g[7] = NAN;
    FAILS(MEMQC_ERROR_DATA, "nan", memqc_crossbar_set_conductances(xb, 0, g, COLS));
    g[7] = 1e-5f;
    FAILS(MEMQC_ERROR_ARGUMENT, "plane = 1", memqc_crossbar_set_conductances(xb, 1, g, COLS));
    FAILS(MEMQC_ERROR_ARGUMENT, "cols", memqc_crossbar_set_conductances(xb, 0, g, COLS - 1));
    FAILS(MEMQC_ERROR_STATE, "programmed", memqc_crossbar_get_weights(xb, g, COLS));
    FAILS(MEMQC_ERROR_ARGUMENT, "slice = 1", memqc_crossbar_set_reference(xb, 1, g));
    OK(memqc_crossbar_set_reference(xb, 0, g));
    OK(memqc_crossbar_set_conductances(xb, 0, g, COLS));
    OK(memqc_crossbar_get_reference(xb, 0, now));
    ck_assert_mem_eq(now, g, sizeof now);
    memqc_crossbar_destroy(&xb);
    xb = make("hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE);
    FAILS(MEMQC_ERROR_ARGUMENT, "reference column", memqc_crossbar_set_reference(xb, 0, g));
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Pulses are those of the device, paid for, and split as one likes. */
START_TEST(pulses_are_sent) {
    static const char *const presets[] = {"hfox-a", "rpu"};
    static const size_t places[] = {3, 8, 3, 20};
    static const int32_t pulses[] = {-3, 2, 5, 0};
    for (size_t p = 0; p < 2; p++) {
        memqc_crossbar *xb = make(presets[p], MEMQC_CROSSBAR_MAPPING_SINGLE), *other;
        float w[N] = {0}, g[2][N];
        double set[2], reset[2];
        int32_t levels[N];
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_copy(xb, &other));
        OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET, &set[0]));
        OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_RESET, &reset[0]));
        OK(memqc_crossbar_get_conductances(xb, 0, g[0], COLS));
        OK(memqc_crossbar_pulse(xb, 0, 4, places, pulses));
        for (size_t i = 0; i < 4; i++)
            OK(memqc_crossbar_pulse(other, 0, 1, &places[i], &pulses[i]));
        OK(memqc_crossbar_get_conductances(xb, 0, g[1], COLS));
        for (size_t i = 0; i < N; i++)
            ck_assert_int_eq(g[0][i] != g[1][i], i == 3 || i == 8);
        OK(memqc_crossbar_get_conductances(other, 0, g[0], COLS));
        ck_assert_mem_eq(g[0], g[1], sizeof g[0]);
        OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET, &set[1]));
        OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_RESET, &reset[1]));
        ck_assert_double_eq(set[1] - set[0], 7);
        ck_assert_double_eq(reset[1] - reset[0], 3);
        OK(memqc_crossbar_get_levels(xb, 0, levels, COLS));
        if (p == 0)
            ck_assert_int_eq(levels[3], 1);
        memqc_crossbar_destroy(&other);
        memqc_crossbar_destroy(&xb);
    }
    memqc_crossbar *xb = make("rpu", MEMQC_CROSSBAR_MAPPING_SINGLE);
    FAILS(MEMQC_ERROR_STATE, "memqc_crossbar_pulse", memqc_crossbar_pulse(xb, 0, 0, NULL, NULL));
    OK(memqc_crossbar_program(xb, (float[N]){0}, COLS));
    OK(memqc_crossbar_pulse(xb, 0, 0, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "places[0] = 30",
          memqc_crossbar_pulse(xb, 0, 1, (size_t[]){N}, pulses));
    FAILS(MEMQC_ERROR_ARGUMENT, "pulses[0]",
          memqc_crossbar_pulse(xb, 0, 1, places, (int32_t[]){1 << 20}));
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(stuck_cells_work_again) {
    memqc_crossbar *xb = make("hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE);
    static const size_t places[] = {1, 2};
    const float at[] = {1e-6f, 2e-6f};
    float w[N] = {0}, g[N];
    int32_t stuck[N];
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_stick(xb, 0, 2, places, at));
    OK(memqc_crossbar_unstick(xb, 0, 1, places));
    OK(memqc_crossbar_get_stuck(xb, 0, stuck, COLS));
    ck_assert_int_eq(stuck[1], 0);
    ck_assert_int_eq(stuck[2], 1);
    OK(memqc_crossbar_get_conductances(xb, 0, g, COLS));
    ck_assert_float_eq(g[1], at[0]);
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_get_conductances(xb, 0, g, COLS));
    ck_assert_float_ne(g[1], at[0]);
    ck_assert_float_eq(g[2], at[1]);
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(devices_change) {
    memqc_crossbar *xb = make("hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE);
    memqc_device *device, *out;
    double value;
    float w[N] = {0};
    OK(memqc_crossbar_get_device(xb, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MAX, 0.1));
    OK(memqc_crossbar_set_device(xb, device)); /* before it is programmed */
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_device_set(device, MEMQC_DEVICE_TEMPERATURE, 350));
    OK(memqc_crossbar_set_device(xb, device));
    OK(memqc_crossbar_get_device(xb, &out));
    OK(memqc_device_get(out, MEMQC_DEVICE_TEMPERATURE, &value));
    ck_assert_double_eq(value, 350);
    memqc_device_destroy(&out);
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MAX, 0.2));
    FAILS(MEMQC_ERROR_STATE, "= 0.2", memqc_crossbar_set_device(xb, device));
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 16));
    FAILS(MEMQC_ERROR_ARGUMENT, "= 16", memqc_crossbar_set_device(xb, device));
    memqc_device_destroy(&device);
    OK(memqc_device_create_preset("rpu", &device));
    FAILS(MEMQC_ERROR_ARGUMENT, "model", memqc_crossbar_set_device(xb, device));
    memqc_device_destroy(&device);
    memqc_crossbar_destroy(&xb);
}
END_TEST

enum { SIDE = 128 };

struct watch {
    memqc_crossbar *xb;
    int calls, stop_at;
    double done;
};

/* Whatever would change the array is refused. */
static int32_t watch(void *user, const double *at, size_t n) {
    struct watch *const w = user;
    static float x[SIDE * SIDE];
    double value;
    size_t place = 0;
    ck_assert_uint_eq(n, 6);
    ck_assert_double_eq(at[MEMQC_PROGRESS_PHASE], MEMQC_PHASE_PROGRAMMING);
    ck_assert_double_eq(at[MEMQC_PROGRESS_TOTAL], SIDE * SIDE);
    ck_assert_double_gt(at[MEMQC_PROGRESS_DONE], w->done);
    w->done = at[MEMQC_PROGRESS_DONE];
    FAILS(MEMQC_ERROR_STATE, "at work", memqc_crossbar_program(w->xb, x, SIDE));
    FAILS(MEMQC_ERROR_STATE, "at work", memqc_crossbar_program_cell(w->xb, 0, 0, 0));
    FAILS(MEMQC_ERROR_STATE, "at work", memqc_crossbar_program_list(w->xb, 1, &place, x));
    FAILS(MEMQC_ERROR_STATE, "at work", memqc_crossbar_pulse(w->xb, 0, 0, NULL, NULL));
    FAILS(MEMQC_ERROR_STATE, "at work", memqc_crossbar_set_conductances(w->xb, 0, x, SIDE));
    FAILS(MEMQC_ERROR_STATE, "at work", memqc_crossbar_set(w->xb, MEMQC_CROSSBAR_DAC_BITS, 4));
    FAILS(MEMQC_ERROR_STATE, "at work", memqc_crossbar_set_seed(w->xb, 1));
    FAILS(MEMQC_ERROR_STATE, "at work", memqc_crossbar_set_progress(w->xb, NULL, NULL));
    FAILS(MEMQC_ERROR_STATE, "at work", memqc_crossbar_stick(w->xb, 0, 1, &place, NULL));
    FAILS(MEMQC_ERROR_STATE, "at work", memqc_crossbar_unstick(w->xb, 0, 1, &place));
    FAILS(MEMQC_ERROR_STATE, "at work", memqc_crossbar_remap(w->xb, NULL, NULL));
    FAILS(MEMQC_ERROR_STATE, "at work", memqc_crossbar_advance(w->xb, 1));
    OK(memqc_crossbar_get(w->xb, MEMQC_CROSSBAR_DAC_BITS, &value));
    return ++w->calls == w->stop_at;
}

START_TEST(programming_tells_its_progress) {
    static float w[SIDE * SIDE], g[2][SIDE * SIDE];
    memqc_device *device;
    struct watch one = {NULL, 0, 0, 0};
    OK(memqc_device_create_preset("hfox-a", &device));
    OK(memqc_crossbar_create(device, SIDE, SIDE, 4, &one.xb));
    for (size_t i = 0; i < SIDE * SIDE; i++)
        w[i] = (float)(i % 17) / 17 - 0.5f;
    OK(memqc_crossbar_set(one.xb, MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
    OK(memqc_crossbar_set_progress(one.xb, watch, &one));
    OK(memqc_crossbar_program(one.xb, w, SIDE));
    ck_assert_int_eq(one.calls, 4);
    struct watch two = {NULL, 0, 2, 0};
    OK(memqc_crossbar_create(device, SIDE, SIDE, 4, &two.xb));
    OK(memqc_crossbar_set(two.xb, MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
    OK(memqc_crossbar_set_progress(two.xb, watch, &two));
    ck_assert_int_eq(memqc_crossbar_program(two.xb, w, SIDE), MEMQC_STOPPED);
    OK(memqc_crossbar_get_conductances(one.xb, 0, g[0], SIDE));
    OK(memqc_crossbar_get_conductances(two.xb, 0, g[1], SIDE));
    ck_assert_mem_eq(g[0], g[1], SIDE * SIDE / 2 * sizeof(float));
    OK(memqc_crossbar_get_nominal_weights(two.xb, g[1], SIDE));
    ck_assert_double_eq_tol((double)g[1][SIDE * SIDE - 1], -1, 1e-6); /* a fresh cell */
    memqc_crossbar_destroy(&one.xb);
    memqc_crossbar_destroy(&two.xb);
    memqc_device_destroy(&device);
}
END_TEST

/* The worst case of a reference column that stands beside the middle: 4 states, 8 x 2, all 1. */
START_TEST(worst_case_of_a_reference_column) {
    memqc_device *device;
    memqc_crossbar *xb;
    float w[16], x[8], y[2];
    OK(memqc_device_create_preset("hfox-a", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 4));
    OK(memqc_device_set(device, MEMQC_DEVICE_SIGMA, 0));
    OK(memqc_crossbar_create(device, 8, 2, 1, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_REFERENCE));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_BITS, 8));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_DAC_BITS, 8));
    for (size_t i = 0; i < 16; i++)
        w[i] = 1;
    for (size_t i = 0; i < 8; i++)
        x[i] = 1;
    OK(memqc_crossbar_program(xb, w, 2));
    OK(memqc_crossbar_mac(xb, 1, x, 8, y, 2));
    ck_assert_double_eq_tol((double)y[0], 32.0 / 3, 0.05);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

RUN_TESTS("crossbar_fill", arrays_are_filled, filling_refuses, pulses_are_sent,
          stuck_cells_work_again, devices_change, programming_tells_its_progress,
          worst_case_of_a_reference_column)
