/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays in service: stuck cells, remapping, time. */
#include "crossbar/array/array.h"
#include "test.h"

#include "rng/rng.h"

#include <math.h>

enum { ROWS = 23, COLS = 19, N = ROWS * COLS, SEED = 8 };

static void fill(uint64_t draw, size_t n, float *x) {
    const struct mqc_rng rng = mqc_rng_make(81, MQC_STREAM_INIT);
    mqc_rng_kernels()->uniform(&rng, 0, draw, n, x);
    for (size_t i = 0; i < n; i++)
        x[i] = 2 * x[i] - 1;
}

static memqc_device *device_of(const char *preset) {
    memqc_device *device;
    OK(memqc_device_create_preset(preset, &device));
    OK(memqc_device_set_seed(device, SEED));
    return device;
}

static memqc_crossbar *crossbar_of(const memqc_device *device, int32_t mapping, double slices) {
    memqc_crossbar *xb;
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SLICES, slices));
    OK(memqc_crossbar_set_seed(xb, SEED));
    return xb;
}

static const char *const presets[] = {"hfox-a", "rpu", "pcmo"};

/* Stuck for life: the cells that the device says, at what it says, whatever is programmed. */
START_TEST(stuck_for_life) {
    static float w[N], g[N], want[N];
    static int32_t kinds[N], stuck[N];
    fill(1, N, w);
    for (size_t k = 0; k < 3; k++) {
        memqc_device *device = device_of(presets[k]);
        OK(memqc_device_set(device, MEMQC_DEVICE_STUCK_ON, 0.1));
        OK(memqc_device_set(device, MEMQC_DEVICE_STUCK_ANYWHERE, 0.1));
        memqc_crossbar *xb =
            crossbar_of(device, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 2 - (double)(k > 0));
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_update(xb, 0.5, w, COLS));
        size_t planes, found = 0;
        OK(memqc_crossbar_get_shape(xb, NULL, NULL, &planes));
        for (size_t p = 0; p < planes; p++) {
            OK(memqc_crossbar_get_conductances(xb, p, g, COLS));
            OK(memqc_crossbar_get_stuck(xb, p, stuck, COLS));
            OK(memqc_device_faults(device, p * N, N, kinds, want));
            for (size_t i = 0; i < N; i++) {
                ck_assert_int_eq(stuck[i], kinds[i] != MEMQC_DEVICE_FAULT_NONE);
                ck_assert(!stuck[i] || g[i] == want[i]);
                found += (size_t)stuck[i];
            }
        }
        ck_assert_double_eq_tol((double)found, 0.2 * (double)(planes * N),
                                5 * sqrt(0.16 * (double)(planes * N)));
        memqc_crossbar_destroy(&xb);
        memqc_device_destroy(&device);
    }
}
END_TEST

START_TEST(stuck_in_service) {
    static float w[N], before[N], after[N], other[N];
    static const size_t places[] = {3, 77, 200};
    static const float at[] = {1e-4f, 0, 7e-4f};
    static int32_t stuck[N];
    fill(2, N, w);
    for (size_t k = 0; k < 3; k++) {
        memqc_device *device = device_of(presets[k]);
        memqc_crossbar *xb = crossbar_of(device, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 1),
                       *twin = crossbar_of(device, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 1);
        FAILS(MEMQC_ERROR_STATE, "memqc_crossbar_program first",
              memqc_crossbar_stick(xb, 0, 3, places, at));
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_program(twin, w, COLS));
        FAILS(MEMQC_ERROR_ARGUMENT, "plane = 2", memqc_crossbar_stick(xb, 2, 3, places, at));
        FAILS(MEMQC_ERROR_ARGUMENT, "places[0] = 437",
              memqc_crossbar_stick(xb, 0, 1, (const size_t[]){N}, at));
        FAILS(MEMQC_ERROR_DATA, "g[0]",
              memqc_crossbar_stick(xb, 0, 1, places, (const float[]){-1}));
        OK(memqc_crossbar_stick(xb, 1, 3, places, at));
        OK(memqc_crossbar_get_conductances(xb, 0, before, COLS));
        OK(memqc_crossbar_stick(xb, 0, 1, places + 1, NULL)); /* where it is */
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_program(twin, w, COLS));
        OK(memqc_crossbar_get_conductances(xb, 0, after, COLS));
        OK(memqc_crossbar_get_conductances(twin, 0, other, COLS));
        OK(memqc_crossbar_get_stuck(xb, 0, stuck, COLS));
        for (size_t i = 0; i < N; i++) {
            ck_assert_int_eq(stuck[i], i == 77);
            ck_assert(after[i] == (i == 77 ? before[i] : other[i])); /* the others do not notice */
        }
        OK(memqc_crossbar_get_conductances(xb, 1, after, COLS));
        ck_assert(after[3] == at[0] && after[77] == at[1] && after[200] == at[2]);
        static float x[ROWS], y[COLS], held[N]; /* and products see it */
        OK(memqc_crossbar_get_weights(xb, held, COLS));
        x[3 / COLS] = 1;
        OK(memqc_crossbar_mac(xb, 1, x, ROWS, y, COLS));
        ck_assert_float_eq(y[3], held[3]);
        memqc_crossbar_destroy(&xb);
        memqc_crossbar_destroy(&twin);
        memqc_device_destroy(&device);
    }
}
END_TEST

/* The level of the working cell that is best, by trying all of them; ideal device, one slice. */
static double best(double target, double partner, double sign) {
    double least = INFINITY;
    for (int level = 1; level <= 32; level++)
        least = fmin(least, fabs(sign * ((16.5 - 0.5 * level) * MEMQC_G0 - partner) - target));
    return least;
}

START_TEST(remapping_is_the_best_that_can_be) {
    static float w[N], g[2][N], nominal[N], back[N];
    static int32_t stuck[2][N];
    const double top = 16 * MEMQC_G0, low = 0.5 * MEMQC_G0, half = 0.25 * MEMQC_G0;
    fill(3, N, w);
    for (int32_t two = 0; two < 2; two++) {
        memqc_device *device = device_of("ideal");
        OK(memqc_device_set(device, MEMQC_DEVICE_STUCK_ON, 0.05));
        OK(memqc_device_set(device, MEMQC_DEVICE_STUCK_OFF, 0.1));
        OK(memqc_device_set(device, MEMQC_DEVICE_STUCK_ANYWHERE, 0.05));
        memqc_crossbar *xb = crossbar_of(device,
                                         two ? MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED
                                             : MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
                                         1);
        size_t remapped, lost, again, expected_lost = 0;
        double before = 0, after = 0;
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_get_nominal_weights(xb, nominal, COLS));
        OK(memqc_crossbar_get_weights(xb, back, COLS));
        for (size_t i = 0; i < N; i++)
            before += fabs((double)back[i] - (double)nominal[i]);
        OK(memqc_crossbar_remap(xb, &remapped, &lost));
        OK(memqc_crossbar_get_weights(xb, back, COLS));
        for (size_t p = 0; p < 2; p++) {
            OK(memqc_crossbar_get_conductances(xb, p, g[p], COLS));
            OK(memqc_crossbar_get_stuck(xb, p, stuck[p], COLS));
        }
        for (size_t i = 0; i < N; i++) {
            const double target = (double)nominal[i] * (top - low),
                         off = fabs((double)g[0][i] - (double)g[1][i] - target);
            after += fabs((double)back[i] - (double)nominal[i]);
            if (stuck[0][i] && !stuck[1][i])
                ck_assert_double_eq_tol(off, best(target, (double)g[0][i], -1), 1e-6 * top);
            else if (stuck[1][i] && !stuck[0][i])
                ck_assert_double_eq_tol(off, best(target, (double)g[1][i], 1), 1e-6 * top);
            else if (!stuck[0][i])
                ck_assert_double_le(off, 1e-6 * top);
            expected_lost += off > half * (1 + 1e-5);
        }
        ck_assert_uint_eq(lost, expected_lost);
        ck_assert_uint_gt(remapped, 0);
        ck_assert_double_lt(after, before);
        OK(memqc_crossbar_remap(xb, &again, NULL)); /* nothing is left to do */
        ck_assert_uint_eq(again, 0);
        memqc_crossbar_destroy(&xb);
        memqc_device_destroy(&device);
    }
}
END_TEST

/* Time: each cell as memqc_device_age() has it, since its own programming; steps add up. */
START_TEST(cells_age_from_their_programming) {
    static float w[N], g0[N], want[N], g[N];
    static const size_t places[] = {5, 6, 100};
    fill(4, N, w);
    for (size_t k = 0; k < 3; k++) {
        memqc_device *device = device_of(presets[k]);
        OK(memqc_device_set(device, MEMQC_DEVICE_DRIFT_NU, 0.05));
        OK(memqc_device_set(device, MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.02));
        OK(memqc_device_set(device, MEMQC_DEVICE_RELAXATION, 0.1));
        OK(memqc_device_set(device, MEMQC_DEVICE_RELAXATION_TIME, 50));
        OK(memqc_device_set(device, MEMQC_DEVICE_RELAXATION_SD, 1e-9));
        OK(memqc_device_set(device, MEMQC_DEVICE_ENDURANCE_EXPONENT, 0.3));
        OK(memqc_device_set(device, MEMQC_DEVICE_ENDURANCE_CYCLES, 10));
        memqc_crossbar *xb = crossbar_of(device, MEMQC_CROSSBAR_MAPPING_REFERENCE, 1);
        double clock;
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_get_conductances(xb, 0, g0, COLS));
        OK(memqc_crossbar_advance(xb, 30));
        OK(memqc_crossbar_advance(xb, 70));
        OK(memqc_crossbar_get_conductances(xb, 0, g, COLS));
        OK(memqc_device_age(device, 0, 0, 100, 0, N, g0, want));
        ck_assert_mem_eq(g, want, sizeof g);
        OK(memqc_crossbar_program_list(xb, 3, places, w)); /* three begin anew, as their second
                                                              programming */
        OK(memqc_crossbar_get_conductances(xb, 0, g, COLS));
        for (size_t i = 0; i < 3; i++)
            g0[places[i]] = g[places[i]];
        OK(memqc_crossbar_advance(xb, 1000));
        OK(memqc_crossbar_get_conductances(xb, 0, g, COLS));
        OK(memqc_device_age(device, 0, 0, 1100, 0, N, g0, want));
        for (size_t i = 0; i < 3; i++)
            OK(memqc_device_age(device, places[i], 1, 1000, 1, 1, g0 + places[i],
                                want + places[i]));
        ck_assert_mem_eq(g, want, sizeof g);
        OK(memqc_crossbar_get_clock(xb, &clock));
        ck_assert_double_eq(clock, 1100);
        OK(memqc_crossbar_get_reference(xb, 0, g)); /* the reference ages, too */
        ck_assert(g[0] != xb->cells.reference[0].g0[0]);
        static float back[N];
        OK(memqc_crossbar_get_weights(xb, back, COLS));
        ck_assert_double_eq_tol(
            (double)back[0],
            mqc_crossbar_unit(xb) * ((double)xb->cells.plane[0].g[0] - (double)g[0]), 1e-6);
        FAILS(MEMQC_ERROR_ARGUMENT, "seconds = -1", memqc_crossbar_advance(xb, -1));
        FAILS(MEMQC_ERROR_ARGUMENT, "seconds = nan", memqc_crossbar_advance(xb, (double)NAN));
        memqc_crossbar_destroy(&xb);
        memqc_device_destroy(&device);
    }
}
END_TEST

RUN_TESTS("crossbar_service", stuck_for_life, stuck_in_service, remapping_is_the_best_that_can_be,
          cells_age_from_their_programming)
