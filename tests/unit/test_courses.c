/* SPDX-License-Identifier: BSD-3-Clause */
/* The course of a conductance under pulses: recursions, closed forms, labels and tables. */
#define _POSIX_C_SOURCE 200809L
#include "pulses.h"

/* --- courses --- */

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
    OK(memqc_device_get_table(table, 1, 0, NULL, NULL, &n));
    ck_assert_uint_eq(n, 4);
    OK(memqc_device_get_table(table, 1, n, a, b, &n));
    ck_assert_mem_eq(a, nodes, sizeof nodes);
    ck_assert_mem_eq(b, steps, sizeof steps);

    /* What is refused leaves the table alone. */
    const float falling[] = {1e-6f, 3e-6f, 2e-6f}, negative[] = {1e-6f, -1e-6f, 0},
                ones[] = {1, 1, 1};
    FAILS(MEMQC_ERROR_ARGUMENT, "g[2]", memqc_device_set_table(table, 1, 3, falling, ones));
    FAILS(MEMQC_ERROR_DATA, "step[1]", memqc_device_set_table(table, 1, 3, nodes, negative));
    FAILS(MEMQC_ERROR_ARGUMENT, "n = 0", memqc_device_set_table(table, 1, 0, nodes, ones));
    FAILS(MEMQC_ERROR_ARGUMENT, "direction", memqc_device_set_table(table, 0, 3, nodes, ones));
    FAILS(MEMQC_ERROR_ARGUMENT, "soft-bounds", memqc_device_set_table(soft, 1, 3, nodes, ones));
    n = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "room = 3", memqc_device_get_table(table, 1, 3, a, b, &n));
    ck_assert_uint_eq(n, 4);
    memqc_device_destroy(&table);
    memqc_device_destroy(&soft);
}
END_TEST

RUN_TESTS("courses", courses_follow_their_recursion, courses_have_closed_forms, neurosim_labels,
          tables_interpolate)
