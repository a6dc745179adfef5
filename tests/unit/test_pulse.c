/* SPDX-License-Identifier: BSD-3-Clause */
/* The pulsed models: their courses against closed forms and recursions written anew, their noise
 * and spread against statistics. */
#define _POSIX_C_SOURCE 200809L
#include "moments.h"
#include "test.h"

#include "core/isa.h"
#include "device/cell/inside.h"

#include <pthread.h>

enum { MILLION = 1000000, MODELS = 7 };

static const double lo = 10e-6, hi = 100e-6;

static memqc_device *make(int32_t model, double step) {
    memqc_device *d;
    OK(memqc_device_create(model, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MIN, lo));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MAX, hi));
    if (step > 0)
        OK(memqc_device_set(d, MEMQC_DEVICE_STEP, step));
    if (model == MEMQC_DEVICE_TABLE) {
        const float g[] = {20e-6f, 90e-6f}, up[] = {4e-6f, 1e-6f}, down[] = {2e-6f, 5e-6f};
        OK(memqc_device_set_table(d, 1, 2, g, up));
        OK(memqc_device_set_table(d, -1, 2, g, down));
    }
    OK(memqc_device_seed(d, 77));
    return d;
}

static float *room(size_t n) {
    float *memory = malloc(n * sizeof *memory);
    ck_assert_ptr_nonnull(memory);
    return memory;
}

/* --- courses --- */

/* A model's f(y) as the header states it, and what it has of parameters. */
struct course {
    int32_t model;
    const char *label;
    struct {
        int32_t key;
        double value;
    } set[7];
    double (*f)(int down, double y); /* in units of S */
};

static double f_constant(int down, double y) {
    (void)down, (void)y;
    return 1;
}
static double f_linear(int down, double y) {
    return 1 - (down ? -0.7 : 0.6) * y;
}
static double f_soft(int down, double y) {
    (void)down;
    return 1 - y;
}
static double f_power(int down, double y) {
    return pow(1 - y, down ? 0.5 : 2.5);
}
static double f_exponential(int down, double y) {
    const double x = down ? 1 - y : y, z = 0.8 * (2 * x - 1) + 0.1;
    return fmax(0, down ? 1 - 0.3 * exp(-1.7 * z) : 1 - 0.4 * exp(1.2 * z));
}

static const struct course courses[] = {
    {MEMQC_DEVICE_CONSTANT, "constant", {{0, 0}}, f_constant},
    {MEMQC_DEVICE_LINEAR,
     "linear",
     {{MEMQC_DEVICE_SLOPE_UP, 0.6}, {MEMQC_DEVICE_SLOPE_DOWN, -0.7}},
     f_linear},
    {MEMQC_DEVICE_SOFT_BOUNDS, "soft bounds", {{0, 0}}, f_soft},
    {MEMQC_DEVICE_POWER,
     "power",
     {{MEMQC_DEVICE_POWER_UP, 2.5}, {MEMQC_DEVICE_POWER_DOWN, 0.5}},
     f_power},
    {MEMQC_DEVICE_EXPONENTIAL,
     "exponential",
     {{MEMQC_DEVICE_A_UP, 0.4},
      {MEMQC_DEVICE_A_DOWN, 0.3},
      {MEMQC_DEVICE_GAMMA_UP, 1.2},
      {MEMQC_DEVICE_GAMMA_DOWN, 1.7},
      {MEMQC_DEVICE_EXP_SCALE, 0.8},
      {MEMQC_DEVICE_EXP_OFFSET, 0.1}},
     f_exponential},
};

enum { COURSES = sizeof courses / sizeof *courses, PULSES = 200 };

static memqc_device *make_course(const struct course *c, double step) {
    memqc_device *d = make(c->model, step);
    for (size_t i = 0; i < sizeof c->set / sizeof *c->set && c->set[i].key; i++)
        OK(memqc_device_set(d, c->set[i].key, c->set[i].value));
    return d;
}

START_TEST(courses_follow_their_recursion) {
    const double step = (hi - lo) / 90, asymmetry = 0.2;
    for (size_t i = 0; i < COURSES; i++) {
        memqc_device *d = make_course(&courses[i], step);
        OK(memqc_device_set(d, MEMQC_DEVICE_ASYMMETRY, asymmetry));
        for (int down = 0; down < 2; down++) {
            const double start = down ? 0.97 * hi : 1.2 * lo;
            float response[PULSES], state = (float)start;
            double g = start;
            OK(memqc_device_response(d, down ? -1 : 1, start, PULSES, response));
            for (uint64_t p = 0; p < PULSES; p++) {
                const double y = (down ? hi - g : g - lo) / (hi - lo);
                const double change =
                    step * (down ? 1 - asymmetry : 1 + asymmetry) * courses[i].f(down, y);
                g = fmin(fmax(down ? g - change : g + change, lo), hi);
                OK(memqc_device_pulse(d, 0, p, 1, down ? -1 : 1, &state, NULL, NULL));
                ck_assert_msg(fabs((double)response[p] - g) <= 1e-6 * g,
                              "%s: response %g, not %g, after %d", courses[i].label,
                              (double)response[p], g, (int)p + 1);
                ck_assert_msg(fabs((double)state - g) <= 1e-5 * g, "%s: state %g, not %g, after %d",
                              courses[i].label, (double)state, g, (int)p + 1);
            }
        }
        memqc_device_destroy(&d);
    }
}
END_TEST

/* Constant, linear and soft-bounds trains have closed forms: y_n = (1 - (1 - s c)^n) / c for a
 * slope c and a step s of the range. */
START_TEST(courses_have_closed_forms) {
    enum { N = 1000 };
    const double s = 1.0 / 700;
    static const struct {
        int32_t model;
        double slope;
    } closed[] = {
        {MEMQC_DEVICE_CONSTANT, 0}, {MEMQC_DEVICE_SOFT_BOUNDS, 1}, {MEMQC_DEVICE_LINEAR, 0.5}};
    for (size_t i = 0; i < 3; i++) {
        memqc_device *d = make(closed[i].model, s * (hi - lo));
        float g[N];
        for (int down = 0; down < 2; down++) {
            OK(memqc_device_response(d, down ? -1 : 1, down ? hi : lo, N, g));
            for (size_t n = 1; n <= N; n++) {
                const double c = closed[i].slope,
                             y = c > 0 ? (1 - pow(1 - s * c, (double)n)) / c : s * (double)n;
                const double expected =
                    down ? hi - fmin(y, 1) * (hi - lo) : lo + fmin(y, 1) * (hi - lo);
                ck_assert_double_eq_tol((double)g[n - 1], expected, 1e-6 * expected);
            }
        }
        memqc_device_destroy(&d);
    }
}
END_TEST

/* Check values of the label model, and its pulses against its own curve. */
START_TEST(neurosim_labels) {
    static const double up[] = {0.325267, 0.559007, 0.726974, 0.847677, 0.934415};
    static const double down[] = {0.446113, 0.196934, 0.084835, 0.034404, 0.011717};
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_NEUROSIM, &d)); /* the labels of Ag:a-Si are the defaults */
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MAX, 1));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MIN, 0));
    float g[100], state[2] = {0, 1};
    OK(memqc_device_response(d, 1, 0, 97, g));
    for (size_t i = 0; i < 5; i++)
        ck_assert_double_eq_tol((double)g[16 * i + 15], up[i], 1e-6);
    ck_assert_double_eq_tol((double)g[96], 1, 1e-6);
    OK(memqc_device_response(d, -1, 1, 100, g));
    for (size_t i = 0; i < 5; i++)
        ck_assert_double_eq_tol((double)g[16 * i + 15], down[i], 1e-6);
    ck_assert_double_eq_tol((double)g[99], 0, 1e-6);
    OK(memqc_device_pulse(d, 0, 0, 1, 48, state, NULL, NULL));
    OK(memqc_device_pulse(d, 1, 0, 1, -48, state + 1, NULL, NULL));
    ck_assert_double_eq_tol((double)state[0], up[2], 1e-5);
    ck_assert_double_eq_tol((double)state[1], down[2], 1e-5);

    /* Every label bends the curve by what it says, to either side; 0 is straight. */
    static const double labels[] = {-9, -4.88, -0.5, -0.01, 0, 0.01, 1, 2.4, 6.76, 9};
    OK(memqc_device_set(d, MEMQC_DEVICE_PULSES_UP, 2000));
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        float curve[2000];
        double most = 0;
        OK(memqc_device_set(d, MEMQC_DEVICE_NL_UP, labels[i]));
        OK(memqc_device_response(d, 1, 0, 2000, curve));
        for (size_t p = 0; p < 2000; p++) {
            const double bend = (double)curve[p] - (double)(p + 1) / 2000;
            most = fabs(bend) > fabs(most) ? bend : most;
        }
        ck_assert_double_eq_tol(most, 0.07 * sqrt(2) * labels[i], 2e-3);
    }
    memqc_device_destroy(&d);
}
END_TEST

/* A table with the two nodes of a straight line is the soft-bounds device; many nodes of a curve
 * come near the curve. */
START_TEST(tables_interpolate) {
    const double step = (hi - lo) / 50;
    memqc_device *table = make(MEMQC_DEVICE_TABLE, 0), *soft = make(MEMQC_DEVICE_SOFT_BOUNDS, step);
    const float g[] = {(float)lo, (float)hi}, up[] = {(float)step, 0}, down[] = {0, (float)step};
    float a[100], b[100];
    size_t n = 0;
    OK(memqc_device_set_table(table, 1, 2, g, up));
    OK(memqc_device_set_table(table, -1, 2, g, down));
    for (int32_t way = -1; way <= 1; way += 2) {
        OK(memqc_device_response(table, way, 50e-6, 100, a));
        OK(memqc_device_response(soft, way, 50e-6, 100, b));
        for (size_t i = 0; i < 100; i++)
            ck_assert_double_eq_tol((double)a[i], (double)b[i], 1e-6 * (double)b[i]);
        float state = 50e-6f;
        OK(memqc_device_pulse(table, 0, 0, 1, 100 * way, &state, NULL, NULL));
        ck_assert_double_eq_tol((double)state, (double)b[99], 1e-5 * (double)b[99]);
    }

    /* Beyond the ends the step stays; between nodes of any distance it is a straight line. */
    const float nodes[] = {20e-6f, 21e-6f, 60e-6f, 61e-6f}, steps[] = {1e-6f, 4e-6f, 2e-6f, 8e-6f};
    OK(memqc_device_set_table(table, 1, 4, nodes, steps));
    static const double at[] = {10e-6, 20e-6, 20.5e-6, 21e-6, 40.5e-6, 60.25e-6, 61e-6, 80e-6};
    static const double wanted[] = {1e-6, 1e-6, 2.5e-6, 4e-6, 3e-6, 3.5e-6, 8e-6, 8e-6};
    for (size_t i = 0; i < 8; i++) {
        float state = (float)at[i];
        OK(memqc_device_response(table, 1, at[i], 1, a));
        OK(memqc_device_pulse(table, 0, 0, 1, 1, &state, NULL, NULL));
        ck_assert_double_eq_tol((double)a[0], at[i] + wanted[i], 1e-10);
        ck_assert_double_eq_tol((double)state, at[i] + wanted[i], 1e-10);
    }
    OK(memqc_device_get_table(table, 1, &n, NULL, NULL));
    ck_assert_uint_eq(n, 4);
    OK(memqc_device_get_table(table, 1, &n, a, b));
    ck_assert_mem_eq(a, nodes, sizeof nodes);
    ck_assert_mem_eq(b, steps, sizeof steps);

    /* What is refused leaves the table alone. */
    const float falling[] = {1e-6f, 3e-6f, 2e-6f}, negative[] = {1e-6f, -1e-6f, 0},
                ones[] = {1, 1, 1};
    FAILS(MEMQC_ERROR_ARGUMENT, "g[2]", memqc_device_set_table(table, 1, 3, falling, ones));
    FAILS(MEMQC_ERROR_DATA, "step[1]", memqc_device_set_table(table, 1, 3, nodes, negative));
    FAILS(MEMQC_ERROR_ARGUMENT, "n = 0", memqc_device_set_table(table, 1, 0, nodes, ones));
    FAILS(MEMQC_ERROR_ARGUMENT, "direction", memqc_device_set_table(table, 0, 3, nodes, ones));
    FAILS(MEMQC_ERROR_ARGUMENT, "soft bounds", memqc_device_set_table(soft, 1, 3, nodes, ones));
    n = 3;
    FAILS(MEMQC_ERROR_ARGUMENT, "n = 3", memqc_device_get_table(table, 1, &n, a, b));
    ck_assert_uint_eq(n, 4);
    memqc_device_destroy(&table);
    memqc_device_destroy(&soft);
}
END_TEST

/* --- noise --- */

static const int32_t noises[] = {MEMQC_DEVICE_C2C_ABSOLUTE, MEMQC_DEVICE_C2C_RELATIVE,
                                 MEMQC_DEVICE_C2C_STEP};
static const int32_t all_models[MODELS] = {MEMQC_DEVICE_CONSTANT,    MEMQC_DEVICE_LINEAR,
                                           MEMQC_DEVICE_SOFT_BOUNDS, MEMQC_DEVICE_EXPONENTIAL,
                                           MEMQC_DEVICE_POWER,       MEMQC_DEVICE_NEUROSIM,
                                           MEMQC_DEVICE_TABLE};

/* One pulse from the middle of the range, far from the bounds, on a million cells: each noise
 * alone, then all together. */
START_TEST(noise_of_a_pulse) {
    const double start = 40e-6, absolute = 0.4e-6, relative = 0.01, of_step = 0.3;
    float *g = room(MILLION);
    for (size_t m = 0; m < MODELS; m++) {
        memqc_device *d = make(all_models[m], 0);
        for (size_t kind = 0; kind < 4; kind++) {
            const int32_t way = kind % 2 ? -1 : 1;
            float after;
            for (size_t k = 0; k < 3; k++)
                OK(memqc_device_set(d, noises[k], 0));
            const double values[] = {absolute, relative, of_step};
            for (size_t k = 0; k < 3; k++)
                if (k == kind || kind == 3)
                    OK(memqc_device_set(d, noises[k], values[k]));
            OK(memqc_device_response(d, way, start, 1, &after));
            const double f = fabs((double)after - start),
                         parts[] = {absolute, relative * start, of_step * f};
            const double sd =
                kind < 3 ? parts[kind]
                         : sqrt(parts[0] * parts[0] + parts[1] * parts[1] + parts[2] * parts[2]);
            for (size_t i = 0; i < MILLION; i++)
                g[i] = (float)start;
            OK(memqc_device_pulse(d, 3, 17, MILLION, way, g, NULL, NULL));
            check_moments(g, MILLION, (double)after, sd);
        }
        memqc_device_destroy(&d);
    }
    free(g);
}
END_TEST

/* Noise never leaves the window, and a window that is left before is entered by the first pulse. */
START_TEST(states_stay_in_the_window) {
    enum { N = 3000 };
    float *g = room(N);
    for (size_t m = 0; m < MODELS; m++) {
        memqc_device *d = make(all_models[m], 0);
        OK(memqc_device_set(d, MEMQC_DEVICE_C2C_ABSOLUTE, 50e-6));
        for (size_t i = 0; i < N; i++)
            g[i] = (float)i * 0.1e-6f;
        for (uint64_t p = 0; p < 5; p++) {
            OK(memqc_device_pulse(d, 0, p, N, p % 2 ? -1 : 1, g, NULL, NULL));
            for (size_t i = 0; i < N; i++)
                ck_assert(g[i] >= (float)lo && g[i] <= (float)hi);
        }
        memqc_device_destroy(&d);
    }
    free(g);
}
END_TEST

/* --- device to device --- */

struct spread {
    int32_t model, d2d, key;
    double sd, mean, expected; /* asked for; of the values */
    double set;                /* of the key, where above 0 */
};

/* A million cells: the parameters have the asked mean and sd. */
START_TEST(cells_differ_as_asked) {
    static const struct spread spreads[] = {
        {MEMQC_DEVICE_CONSTANT, MEMQC_DEVICE_D2D_G_MAX, MEMQC_DEVICE_G_MAX, 0.1, 100e-6, 10e-6, 0},
        {MEMQC_DEVICE_QUANTIZED, MEMQC_DEVICE_D2D_G_MAX, MEMQC_DEVICE_G_MAX, 0.1, 100e-6, 10e-6, 0},
        {MEMQC_DEVICE_LINEAR, MEMQC_DEVICE_D2D_G_MIN, MEMQC_DEVICE_G_MIN, 0.5, 10e-6, 5e-6, 0},
        {MEMQC_DEVICE_SOFT_BOUNDS, MEMQC_DEVICE_D2D_STEP, MEMQC_DEVICE_STEP, 0.3, 90e-6 / 31,
         0.3 * 90e-6 / 31, 0},
        {MEMQC_DEVICE_CONSTANT, MEMQC_DEVICE_D2D_STEP, MEMQC_DEVICE_STEP, 1, 90e-6 / 31, 90e-6 / 31,
         0},
        {MEMQC_DEVICE_EXPONENTIAL, MEMQC_DEVICE_D2D_ASYMMETRY, MEMQC_DEVICE_ASYMMETRY, 0.05, 0,
         0.05, 0},
        {MEMQC_DEVICE_LINEAR, MEMQC_DEVICE_D2D_SHAPE, MEMQC_DEVICE_SLOPE_DOWN, 0.2, 0.25, 0.05,
         0.25},
        {MEMQC_DEVICE_EXPONENTIAL, MEMQC_DEVICE_D2D_SHAPE, MEMQC_DEVICE_GAMMA_UP, 0.4, 1, 0.4, 0},
        {MEMQC_DEVICE_POWER, MEMQC_DEVICE_D2D_SHAPE, MEMQC_DEVICE_POWER_DOWN, 0.3, 2, 0.6, 2},
        {MEMQC_DEVICE_TABLE, MEMQC_DEVICE_D2D_NOISE, MEMQC_DEVICE_C2C_ABSOLUTE, 0.6, 1e-6, 0.6e-6,
         1e-6},
        {MEMQC_DEVICE_QUANTIZED, MEMQC_DEVICE_D2D_NOISE, MEMQC_DEVICE_SIGMA, 0.25, 4e-6, 1e-6,
         4e-6},
    };
    float *values = room(MILLION);
    for (size_t i = 0; i < sizeof spreads / sizeof *spreads; i++) {
        const struct spread *s = &spreads[i];
        memqc_device *d = make(s->model, 0);
        if (s->set > 0)
            OK(memqc_device_set(d, s->key, s->set));
        OK(memqc_device_set(d, s->d2d, s->sd));
        OK(memqc_device_cells(d, s->key, 5, MILLION, values));
        check_moments(values, MILLION, s->mean, s->expected);
        memqc_device_destroy(&d);
    }

    /* NeuroSim spreads the curvature P / A, log-normal about that of the label. */
    memqc_device *d = make(MEMQC_DEVICE_NEUROSIM, 0);
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_SHAPE, 0.1));
    OK(memqc_device_cells(d, MEMQC_DEVICE_NL_UP, 0, MILLION, values));
    double mean = 0;
    for (size_t i = 0; i < MILLION; i++)
        mean += (double)values[i] / MILLION;
    ck_assert_double_eq_tol(mean, 2.4, 0.02);
    FAILS(MEMQC_ERROR_ARGUMENT, "nl_up", memqc_device_set(d, MEMQC_DEVICE_NL_UP, 10));
    FAILS(MEMQC_ERROR_ARGUMENT, "step", memqc_device_cells(d, MEMQC_DEVICE_STEP, 0, 1, values));
    FAILS(MEMQC_ERROR_ARGUMENT, "states", memqc_device_cells(d, MEMQC_DEVICE_STATES, 0, 1, values));
    memqc_device_destroy(&d);
    free(values);
}
END_TEST

/* A cell with a window, steps and a shape of its own moves as a device would whose nominal
 * parameters these are. */
START_TEST(cells_obey_their_own_parameters) {
    enum { CELLS = 40 };
    static const struct {
        int32_t model, shape_up, shape_down;
    } kinds[] = {{MEMQC_DEVICE_CONSTANT, 0, 0},
                 {MEMQC_DEVICE_LINEAR, MEMQC_DEVICE_SLOPE_UP, MEMQC_DEVICE_SLOPE_DOWN},
                 {MEMQC_DEVICE_SOFT_BOUNDS, 0, 0},
                 {MEMQC_DEVICE_EXPONENTIAL, MEMQC_DEVICE_GAMMA_UP, MEMQC_DEVICE_GAMMA_DOWN},
                 {MEMQC_DEVICE_POWER, MEMQC_DEVICE_POWER_UP, MEMQC_DEVICE_POWER_DOWN},
                 {MEMQC_DEVICE_NEUROSIM, MEMQC_DEVICE_NL_UP, MEMQC_DEVICE_NL_DOWN}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        memqc_device *d = make(kinds[k].model, 0);
        const int stepped = kinds[k].model != MEMQC_DEVICE_NEUROSIM;
        OK(memqc_device_set(d, MEMQC_DEVICE_D2D_G_MAX, 0.1));
        OK(memqc_device_set(d, MEMQC_DEVICE_D2D_G_MIN, 0.3));
        if (stepped) {
            OK(memqc_device_set(d, MEMQC_DEVICE_D2D_STEP, 0.3));
            OK(memqc_device_set(d, MEMQC_DEVICE_D2D_ASYMMETRY, 0.1));
        }
        if (kinds[k].shape_up)
            OK(memqc_device_set(d, MEMQC_DEVICE_D2D_SHAPE, 0.2));
        for (int32_t way = -1; way <= 1; way += 2) {
            float state[CELLS], expected;
            for (size_t i = 0; i < CELLS; i++)
                state[i] = 50e-6f;
            OK(memqc_device_pulse(d, 0, 0, CELLS, 20 * way, state, NULL, NULL));
            for (uint64_t i = 0; i < CELLS; i++) {
                const int32_t keys[] = {MEMQC_DEVICE_G_MAX, MEMQC_DEVICE_G_MIN,
                                        MEMQC_DEVICE_STEP,  MEMQC_DEVICE_ASYMMETRY,
                                        kinds[k].shape_up,  kinds[k].shape_down};
                memqc_device *one = make(kinds[k].model, 0);
                for (size_t j = 0; j < 6; j++) {
                    float value;
                    if (!keys[j] || (!stepped && (j == 2 || j == 3)))
                        continue;
                    OK(memqc_device_cells(d, keys[j], i, 1, &value));
                    OK(memqc_device_set(one, keys[j], (double)value));
                }
                OK(memqc_device_pulse(one, 0, 0, 1, 0, &state[i], NULL, NULL));
                expected = 50e-6f;
                OK(memqc_device_pulse(one, 0, 0, 1, 20 * way, &expected, NULL, NULL));
                ck_assert_double_eq_tol((double)state[i], (double)expected,
                                        2e-5 * (double)expected);
                memqc_device_destroy(&one);
            }
        }
        memqc_device_destroy(&d);
    }
}
END_TEST

/* A quantized cell's staircase runs from its own top to its own bottom, with its own noise. */
START_TEST(quantized_cells_differ) {
    enum { CELLS = 300, REPEATS = 2000 };
    memqc_device *d = make(MEMQC_DEVICE_QUANTIZED, 0);
    float tops[CELLS], bottoms[CELLS], *g = room(REPEATS);
    OK(memqc_device_set(d, MEMQC_DEVICE_SIGMA, 0));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_G_MAX, 0.1));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_G_MIN, 0.2));
    OK(memqc_device_cells(d, MEMQC_DEVICE_G_MAX, 0, CELLS, tops));
    OK(memqc_device_cells(d, MEMQC_DEVICE_G_MIN, 0, CELLS, bottoms));
    for (uint64_t i = 0; i < CELLS; i++) {
        const int32_t levels[] = {1, 11, 32};
        float drawn[3];
        OK(memqc_device_draw_levels(d, i, 0, 1, 3, levels, drawn, 3, NULL));
        ck_assert_double_eq_tol((double)drawn[0], (double)tops[i], 1e-10);
        ck_assert_double_eq_tol(
            (double)drawn[1], (double)tops[i] - 10.0 / 31 * (double)(tops[i] - bottoms[i]), 1e-10);
        ck_assert_double_eq_tol((double)drawn[2], (double)bottoms[i], 1e-10);
    }
    OK(memqc_device_set(d, MEMQC_DEVICE_SIGMA, 2e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_NOISE, 0.5));
    for (uint64_t i = 0; i < 5; i++) {
        float sigma;
        OK(memqc_device_cells(d, MEMQC_DEVICE_SIGMA, i, 1, &sigma));
        for (uint64_t r = 0; r < REPEATS; r++) {
            const int32_t level = 1;
            OK(memqc_device_draw(d, i, r, 1, &level, g + r, NULL));
        }
        check_moments(g, REPEATS, (double)tops[i], (double)sigma * 0.97); /* 1 - k */
    }
    memqc_device_destroy(&d);
    free(g);
}
END_TEST

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
        mqc_device_burst_cells(d, &where, NULL, 1000, counts, g + i);
    }
    check_moments(g, MILLION, 40e-6 - 12 * 0.5e-6, 0.3 * 0.5e-6 * sqrt(12));
    memqc_device_destroy(&d);
    for (size_t i = 0; i < COURSES; i++) {
        const struct mqc_draws where = {5, 0, 3, NULL, NULL};
        d = make_course(&courses[i], (hi - lo) / 500);
        one = start;
        mqc_device_burst_cells(d, &where, NULL, 1, &count, &one);
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
    OK(memqc_device_model(d, &model));
    ck_assert_int_eq(model, MEMQC_DEVICE_LINEAR);
    memqc_device_destroy(&d);
    memqc_device_destroy(&q);
}
END_TEST

/* STEP and STATES are views of one another; pulsed models may have part of a step left over. */
START_TEST(steps_and_states) {
    double value;
    memqc_device *d = make(MEMQC_DEVICE_CONSTANT, (hi - lo) / 99.5);
    OK(memqc_device_get(d, MEMQC_DEVICE_STATES, &value));
    ck_assert_double_eq_tol(value, 100.5, 1e-9);
    OK(memqc_device_get(d, MEMQC_DEVICE_STEP, &value));
    ck_assert_double_eq_tol(value, (hi - lo) / 99.5, 1e-18);
    OK(memqc_device_set(d, MEMQC_DEVICE_STATES, 10));
    OK(memqc_device_get(d, MEMQC_DEVICE_STEP, &value));
    ck_assert_double_eq_tol(value, (hi - lo) / 9, 1e-18);
    FAILS(MEMQC_ERROR_ARGUMENT, "step", memqc_device_set(d, MEMQC_DEVICE_STEP, 2 * (hi - lo)));
    FAILS(MEMQC_ERROR_ARGUMENT, "step", memqc_device_set(d, MEMQC_DEVICE_STEP, (hi - lo) / 5000));
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("pulse", courses_follow_their_recursion, courses_have_closed_forms, neurosim_labels,
          tables_interpolate, noise_of_a_pulse, states_stay_in_the_window, cells_differ_as_asked,
          cells_obey_their_own_parameters, quantized_cells_differ, cutting_the_work_changes_nothing,
          threads_change_nothing, instruction_sets_change_nothing, bursts, bad_pulses_are_refused,
          steps_and_states)
