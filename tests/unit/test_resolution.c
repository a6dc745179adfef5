/* SPDX-License-Identifier: BSD-3-Clause */
/* What single precision and the numbers of pulses leave of a device's courses: states that do not
 * drift, steps that are too small to be taken, and programming that comes nearest. */
#define _POSIX_C_SOURCE 200809L
#include "pulses.h"

/* --- states --- */

/* 4096 levels on a window of 1 %: each step is 41 units in the last place of a state. */
START_TEST(constant_steps_do_not_drift) {
    const double low = 99e-6, high = 100e-6;
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_CONSTANT, &d));
    const int32_t keys[] = {MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_G_MAX, MEMQC_DEVICE_STATES,
                            MEMQC_DEVICE_STEP};
    const double values[] = {low, high, 4096, (high - low) / 4095};
    OK(memqc_device_set_many(d, COUNT(keys), keys, values));
    for (int down = 0; down < 2; down++) {
        float state = (float)(down ? high : low), halves = state;
        OK(memqc_device_pulse(d, 0, 0, 1, down ? -2047 : 2047, &state, NULL, NULL));
        const double part = ((double)state - low) / (high - low);
        ck_assert_double_eq_tol(part, down ? 2048.0 / 4095 : 2047.0 / 4095, 1e-5);
        OK(memqc_device_pulse(d, 0, 0, 1, down ? -1000 : 1000, &halves, NULL, NULL));
        OK(memqc_device_pulse(d, 0, 1000, 1, down ? -1047 : 1047, &halves, NULL, NULL));
        ck_assert(halves == state);
        OK(memqc_device_pulse(d, 0, 2047, 1, down ? -2048 : 2048, &state, NULL, NULL));
        ck_assert_double_eq_tol(((double)state - low) / (high - low), down ? 0 : 1, 1e-5);
    }
    memqc_device_destroy(&d);
}
END_TEST

/* A first step that a state cannot take is refused; one that it can take is taken. */
START_TEST(labels_that_never_leave_the_bound) {
    memqc_device *d;
    float state[2], response[100];
    double low, high;
    OK(memqc_device_create(MEMQC_DEVICE_NEUROSIM, &d));
    OK(memqc_device_get(d, MEMQC_DEVICE_G_MIN, &low));
    OK(memqc_device_get(d, MEMQC_DEVICE_G_MAX, &high));
    for (int down = 0; down < 2; down++) {
        const int32_t key = down ? MEMQC_DEVICE_NL_DOWN : MEMQC_DEVICE_NL_UP;
        FAILS(MEMQC_ERROR_ARGUMENT, down ? "g_max" : "g_min",
              memqc_device_set(d, key, down ? 8.5 : -8.5));
        OK(memqc_device_set(d, key, down ? 6 : -6));
        state[0] = (float)(down ? high : low);
        OK(memqc_device_response(d, down ? -1 : 1, (double)state[0], 100, response));
        OK(memqc_device_pulse(d, 0, 0, 1, down ? -97 : 97, state, NULL, NULL));
        ck_assert_double_eq_tol((double)state[0], (double)response[96], 2e-3 * high);
    }
    memqc_device_destroy(&d);
}
END_TEST

/* --- programming --- */

/* The best that any number of pulses can do from a state, by trying them. */
static double best_error(const memqc_device *d, double from, double target) {
    static float course[16384];
    double best = fabs(from - target);
    OK(memqc_device_response(d, target < from ? -1 : 1, from, 16384, course));
    for (size_t n = 0; n < 16384; n++)
        best = fmin(best, fabs((double)course[n] - target));
    return best;
}

/* To every level from both bounds and from between, a tenth of the levels' spacing at most from the
 * best that is possible. */
static void comes_nearest(const memqc_device *d, int32_t states) {
    double low, high;
    OK(memqc_device_get(d, MEMQC_DEVICE_G_MIN, &low));
    OK(memqc_device_get(d, MEMQC_DEVICE_G_MAX, &high));
    const double spacing = (high - low) / (states - 1);
    for (int32_t level = 1; level <= states; level += level < 4 || level > states - 4 ? 1 : 7) {
        const double target = high - (level - 1) * spacing;
        for (int part = 0; part <= 10; part++) {
            const double from = low + 0.1 * part * (high - low);
            float state = (float)from;
            OK(memqc_device_program(d, 0, 0, 1, &level, &state, NULL, NULL));
            const double best = best_error(d, from, target), error = (double)state - target;
            ck_assert_msg(fabs(error) <= best + 0.1 * spacing,
                          "level %d from %g: %g levels off, %g is possible", (int)level, from,
                          error / spacing, best / spacing);
        }
    }
}

START_TEST(programming_comes_nearest) {
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_POWER, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_STATES, 64));
    step_by_levels(d);
    OK(memqc_device_set(d, MEMQC_DEVICE_POWER_UP, 1.7));
    OK(memqc_device_set(d, MEMQC_DEVICE_POWER_DOWN, 1.7));
    comes_nearest(d, 64);
    memqc_device_destroy(&d);
    OK(memqc_device_create(MEMQC_DEVICE_SOFT_BOUNDS, &d));
    comes_nearest(d, 32);
    memqc_device_destroy(&d);
}
END_TEST

/* The last pulse to a bound is sent, although the bound cuts it. */
START_TEST(the_bound_cuts_the_last_pulse) {
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_NEUROSIM, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_NL_UP, -2));
    OK(memqc_device_set(d, MEMQC_DEVICE_NL_DOWN, 2));
    OK(memqc_device_set(d, MEMQC_DEVICE_STATES, 97));
    comes_nearest(d, 97);
    memqc_device_destroy(&d);
    d = make(MEMQC_DEVICE_CONSTANT, (hi - lo) / 10.3);
    const int32_t top = 1;
    for (int part = 0; part < 8; part++) {
        float state = (float)(hi - 0.1 * part * (hi - lo) / 10.3);
        OK(memqc_device_program(d, 0, 0, 1, &top, &state, NULL, NULL));
        ck_assert_double_eq_tol((double)state, hi, 1e-9);
    }
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("resolution", constant_steps_do_not_drift, labels_that_never_leave_the_bound,
          programming_comes_nearest, the_bound_cuts_the_last_pulse)
