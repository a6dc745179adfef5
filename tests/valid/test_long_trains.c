/* SPDX-License-Identifier: BSD-3-Clause */
/* Trains of many pulses are the pulses one by one: conductances to the last bit, costs to the
 * rounding of their sums. */
#include "../unit/fits.h"

#include <math.h>

enum { ALL = 70, PULSES = 1500 };

static const int32_t counts_of[] = {PULSES, -PULSES, 0, 1, -7, 40, -600, PULSES - 1};

static memqc_device *device_with(int32_t model, int noisy, int varies) {
    memqc_device *device = pulsed(model, 5);
    OK(memqc_device_set(device, MEMQC_DEVICE_C2C_STEP, noisy ? 0.3 : 0));
    if (varies)
        OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MAX, 0.1));
    return device;
}

static void start(float *state) {
    for (size_t i = 0; i < ALL; i++)
        state[i] = (float)(10e-6 + 90e-6 * (double)(i % 23) / 23);
}

static void compare(const float *a, const float *b, size_t n, const double *costs,
                    const double *expected) {
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(memcmp(&a[i], &b[i], sizeof *a) == 0, "cell %zu of %zu: %.9g, not %.9g", i, n,
                      (double)a[i], (double)b[i]);
    ck_assert_double_eq(costs[MEMQC_DEVICE_COST_SET], expected[MEMQC_DEVICE_COST_SET]);
    ck_assert_double_eq(costs[MEMQC_DEVICE_COST_RESET], expected[MEMQC_DEVICE_COST_RESET]);
    for (int k = MEMQC_DEVICE_COST_TIME; k < MEMQC_DEVICE_COSTS; k++)
        ck_assert_double_eq_tol(costs[k], expected[k], 1e-12 * expected[k]);
}

/* n cells, all pulses at once and one by one. */
static void one_train(const memqc_device *device, size_t n, int32_t pulses) {
    float together[ALL], alone[ALL];
    double cost[MEMQC_DEVICE_COSTS] = {0}, sum[MEMQC_DEVICE_COSTS] = {0};
    start(together);
    start(alone);
    OK(memqc_device_pulse(device, 3, 11, n, pulses, together, NULL, cost));
    for (int32_t p = 0; p < abs(pulses); p++)
        OK(memqc_device_pulse(device, 3, 11 + (uint64_t)p, n, pulses > 0 ? 1 : -1, alone, NULL,
                              sum));
    compare(together, alone, n, cost, sum);
}

/* The same with a number of pulses for each cell. */
static void trains_apart(const memqc_device *device, size_t n) {
    float together[ALL], alone[ALL];
    int32_t counts[ALL];
    double cost[MEMQC_DEVICE_COSTS] = {0}, sum[MEMQC_DEVICE_COSTS] = {0};
    start(together);
    start(alone);
    for (size_t i = 0; i < n; i++) {
        counts[i] = counts_of[(i * 3) % COUNT(counts_of)];
        const int32_t way = counts[i] > 0 ? 1 : -1;
        for (int32_t p = 0; p < abs(counts[i]); p++)
            OK(memqc_device_pulse(device, 3 + i, 11 + (uint64_t)p, 1, way, &alone[i], NULL, sum));
    }
    OK(memqc_device_pulse_each(device, 3, 11, n, counts, together, NULL, cost));
    compare(together, alone, n, cost, sum);
}

START_TEST(trains_are_their_pulses) {
    static const size_t cells[] = {1, 5, 12, 13, ALL};
    for (int32_t model = MEMQC_DEVICE_CONSTANT; model <= MEMQC_DEVICE_TABLE; model++)
        for (int kind = 0; kind < 4; kind++) {
            memqc_device *device = device_with(model, kind % 2, kind / 2);
            for (size_t i = 0; i < COUNT(cells); i++) {
                one_train(device, cells[i], PULSES);
                one_train(device, cells[i], -PULSES);
            }
            trains_apart(device, 8);
            trains_apart(device, ALL);
            memqc_device_destroy(&device);
        }
}
END_TEST

/* As many pulses as a number holds: those that move no cell any more cost no time. */
START_TEST(the_longest_trains) {
    for (int32_t model = MEMQC_DEVICE_CONSTANT; model <= MEMQC_DEVICE_TABLE; model++) {
        memqc_device *device = device_with(model, 0, 0);
        float state[2] = {50e-6f, 20e-6f}, after[2];
        const int32_t counts[] = {INT32_MAX, INT32_MIN};
        double cost[MEMQC_DEVICE_COSTS] = {0}, volts, seconds;
        OK(memqc_device_get(device, MEMQC_DEVICE_SET_VOLTAGE, &volts));
        OK(memqc_device_get(device, MEMQC_DEVICE_PULSE_TIME, &seconds));
        OK(memqc_device_pulse_each(device, 0, 0, 2, counts, state, NULL, cost));
        ck_assert_double_eq(cost[MEMQC_DEVICE_COST_SET], INT32_MAX);
        ck_assert_double_eq(cost[MEMQC_DEVICE_COST_RESET], 2147483648.0);
        ck_assert_double_eq_tol(cost[MEMQC_DEVICE_COST_TIME], 4294967295.0 * seconds, 1e-3);
        /* Nearly all of them pass at the conductance where cells end. */
        const double each = volts * volts * seconds * ((double)state[0] + (double)state[1]);
        ck_assert_double_eq_tol(cost[MEMQC_DEVICE_COST_ENERGY], each * 2147483648.0,
                                1e-3 * each * 2147483648.0);
        memcpy(after, state, sizeof after);
        OK(memqc_device_pulse_each(device, 0, 0, 2, counts, state, NULL, NULL));
        ck_assert_mem_eq(after, state, sizeof after);
        OK(memqc_device_pulse(device, 0, 0, 1, INT32_MIN, state, NULL, NULL));
        memqc_device_destroy(&device);
    }
}
END_TEST

RUN_TESTS("long trains", trains_are_their_pulses, the_longest_trains)
