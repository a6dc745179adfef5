/* SPDX-License-Identifier: BSD-3-Clause */
/* Programming to levels and by voltages: what is reached, with which pulses, at which cost. */
#include "moments.h"
#include "test.h"

#include <float.h>

enum { STATES = 32, LEVELS = STATES + 1 };

static memqc_device *preset(const char *name) {
    memqc_device *d;
    OK(memqc_device_create_preset(name, &d));
    OK(memqc_device_set_seed(d, 5));
    return d;
}

/* The ramp and the staircase of the paper, written down anew. */
static double volts_of(int level) {
    return level <= 13 ? -0.60 - 0.02 * (level - 1) : -0.84 - 0.04 * (level - 13);
}

static double g_of(int level) {
    return (16.5 - 0.5 * level) * MEMQC_G0;
}

static double reset_joules(int from, int to) {
    double sum = 0;
    for (int level = from + 1; level <= to; level++)
        sum += volts_of(level) * volts_of(level) * 0.01 * 0.5 * (g_of(level - 1) + g_of(level));
    return sum;
}

static double set_joules(int from) {
    return 1.0 / 3 * 0.01 * 0.5 * (g_of(from) + g_of(1));
}

static void check_cost(const double *cost, double sets, double resets, double joules) {
    ck_assert_double_eq(cost[MEMQC_DEVICE_COST_SET], sets);
    ck_assert_double_eq(cost[MEMQC_DEVICE_COST_RESET], resets);
    ck_assert_double_eq_tol(cost[MEMQC_DEVICE_COST_TIME], 0.01 * (sets + resets),
                            1e-9 * (1 + sets + resets));
    ck_assert_double_eq_tol(cost[MEMQC_DEVICE_COST_ENERGY], joules,
                            1e-6 * joules + 1e-30); /* voltages are floats */
}

/* The one-directional device: down pulse by pulse, up by a SET and all the way down. Every pair of
 * levels. */
START_TEST(set_then_depress) {
    memqc_device *d = preset("hfox-a");
    for (int from = 1; from <= STATES; from++) {
        for (int to = 1; to <= STATES; to++) {
            const int32_t target = to;
            float state = (float)from, g = -1, drawn;
            double cost[MEMQC_DEVICE_COSTS] = {0};
            OK(memqc_device_program(d, 7, 3, 1, &target, &state, &g, cost));
            ck_assert(state == (float)to);
            if (to == from) {
                ck_assert(g == -1); /* nothing was done */
                check_cost(cost, 0, 0, 0);
                continue;
            }
            OK(memqc_device_draw(d, 7, 3, 1, &target, &drawn, NULL));
            ck_assert(g == drawn);
            if (to > from)
                check_cost(cost, 0, to - from, reset_joules(from, to));
            else
                check_cost(cost, 1, to - 1, set_joules(from) + reset_joules(1, to));
        }
    }
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(cost_adds_up) {
    enum { N = 3000 };
    memqc_device *d = preset("hfox-b");
    static float state[N];
    static int32_t target[N];
    double cost[MEMQC_DEVICE_COSTS] = {0}, sets = 0, resets = 0, joules = 0;
    for (int i = 0; i < N; i++) {
        const int from = 1 + i % STATES, to = 1 + i * 11 % STATES;
        state[i] = (float)from;
        target[i] = to;
        sets += to < from;
        resets += to > from ? to - from : to < from ? to - 1 : 0;
        joules += to > from   ? reset_joules(from, to)
                  : to < from ? set_joules(from) + reset_joules(1, to)
                              : 0;
    }
    OK(memqc_device_program(d, 0, 0, N, target, state, NULL, cost));
    check_cost(cost, sets, resets, joules);
    /* Wider pulses cost more time and energy, no more pulses. */
    double wide[MEMQC_DEVICE_COSTS] = {0};
    const int32_t one = 5;
    float level = 1;
    OK(memqc_device_set(d, MEMQC_DEVICE_PULSE_TIME, 0.02));
    OK(memqc_device_program(d, 0, 0, 1, &one, &level, NULL, wide));
    ck_assert_double_eq(wide[MEMQC_DEVICE_COST_RESET], 4);
    ck_assert_double_eq_tol(wide[MEMQC_DEVICE_COST_TIME], 0.08, 1e-12);
    ck_assert_double_eq_tol(wide[MEMQC_DEVICE_COST_ENERGY], 2 * reset_joules(1, 5), 1e-12);
    memqc_device_destroy(&d);
}
END_TEST

/* RESET pulses lead down a level each and end at the last; SET pulses to the top. Conductances
 * change with levels only. */
START_TEST(quantized_pulses) {
    memqc_device *d = preset("hfox-a");
    float state = 30, g = -1, drawn;
    double cost[MEMQC_DEVICE_COSTS] = {0};
    OK(memqc_device_pulse(d, 2, 10, 1, -5, &state, &g, cost)); /* two of them lead somewhere */
    ck_assert(state == 32);
    int32_t level = 32;
    OK(memqc_device_draw(d, 2, 11, 1, &level, &drawn, NULL));
    ck_assert(g == drawn);
    check_cost(cost, 0, 5,
               reset_joules(30, 32) + 3 * volts_of(32) * volts_of(32) * 0.01 * g_of(32));
    OK(memqc_device_pulse(d, 2, 15, 1, -1, &state, &g, NULL));
    ck_assert(g == drawn);
    memset(cost, 0, sizeof cost);
    OK(memqc_device_pulse(d, 2, 16, 1, 2, &state, &g, cost));
    ck_assert(state == 1);
    level = 1;
    OK(memqc_device_draw(d, 2, 16, 1, &level, &drawn, NULL));
    ck_assert(g == drawn);
    check_cost(cost, 2, 0, set_joules(32) + set_joules(1));
    OK(memqc_device_pulse(d, 2, 18, 1, 1, &state, &g, NULL)); /* already there */
    ck_assert(g == drawn);
    memqc_device_destroy(&d);
}
END_TEST

/* --- voltages --- */

START_TEST(ramp_makes_the_staircase) {
    enum { CELLS = 50 };
    memqc_device *d = preset("hfox-a");
    float volts[STATES], state[CELLS], g[CELLS], *trace = malloc(sizeof *trace * CELLS * LEVELS);
    double cost[MEMQC_DEVICE_COSTS] = {0};
    ck_assert_ptr_nonnull(trace);
    OK(memqc_device_ramp(d, volts));
    for (size_t i = 0; i < CELLS; i++) {
        state[i] = 1;
        g[i] = 1e-3f;
    }
    apply_train(d, 100, 20, CELLS, STATES, volts, state, g, trace, LEVELS, cost);
    for (uint64_t i = 0; i < CELLS; i++) {
        ck_assert(state[i] == STATES);
        ck_assert(trace[i * LEVELS] == 1e-3f); /* pulse 1 leads to level 1, where the SET had left
                                                  the cell */
        for (int32_t level = 2; level <= STATES; level++) {
            float drawn;
            OK(memqc_device_draw(d, 100 + i, 20 + (uint64_t)level - 1, 1, &level, &drawn, NULL));
            ck_assert(trace[i * LEVELS + (size_t)level - 1] == drawn);
        }
        ck_assert(g[i] == trace[i * LEVELS + STATES - 1]);
    }
    check_cost(cost, 0, CELLS * STATES, CELLS * (reset_joules(1, 32) + 0.6 * 0.6 * 0.01 * g_of(1)));
    free(trace);
    memqc_device_destroy(&d);
}
END_TEST

/* What a pulse does to a level: between the points of the ramp, repeated, out of order, beyond its
 * end, and SET. */
START_TEST(voltages_follow_the_rules) {
    static const struct {
        float from, volts, to;
    } rules[] = {
        {1, -0.59f, 1},   {1, -0.60f, 1},
        {1, -0.62f, 2},   {1, -0.639f, 2}, /* short of the next point: the weaker one's level */
        {1, -0.64f, 3},   {1, -0.84f, 13},
        {1, -0.86f, 13},  {1, -0.88f, 14}, /* the knee */
        {1, -1.57f, 31},  {1, -1.60f, 32},
        {1, -3.0f, 32}, /* past intermediate levels at once, and beyond */
        {14, -0.88f, 14}, {14, -0.62f, 14},
        {14, -0.92f, 15}, {14, -0.91f, 14}, /* repeated, out of order */
        {32, 0.99f, 32},  {32, 1.0f, 1},
        {32, 1.7f, 1},    {5, 0.3f, 5}, /* SET or not */
        {17, 0.0f, 17},   {32, -1.6f, 32},
    };
    memqc_device *d = preset("hfox-b");
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        float state = rules[i].from, g = 123, drawn;
        double cost[MEMQC_DEVICE_COSTS] = {0};
        OK(memqc_device_apply(d, 9, 4, 1, (double)rules[i].volts, &state, &g, cost));
        ck_assert_msg(state == rules[i].to, "%g V on level %g gave %g", (double)rules[i].volts,
                      (double)rules[i].from, (double)state);
        if (state == rules[i].from) {
            ck_assert(g == 123);
        } else {
            const int32_t level = (int32_t)state;
            OK(memqc_device_draw(d, 9, 4, 1, &level, &drawn, NULL));
            ck_assert(g == drawn);
        }
        const double v = (double)rules[i].volts;
        const double mean = 0.5 * (g_of((int)rules[i].from) + g_of((int)rules[i].to));
        check_cost(cost, v > 0, v < 0, v * v * 0.01 * mean / (v > 0 ? 3 : 1));
    }
    const float weak = -0.1f;
    float state = 8;
    OK(memqc_device_apply(d, 0, 0, 1, (double)weak, &state, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "volts",
          memqc_device_apply(d, 0, 0, 1, (double)NAN, &state, NULL, NULL));
    ck_assert(state == 8);
    memqc_device_destroy(&d);
}
END_TEST

/* --- pulsed models --- */

/* Open loop without noise: no further from the level than half the step there. */
START_TEST(open_loop_reaches_the_level) {
    static const int32_t models[] = {MEMQC_DEVICE_CONSTANT, MEMQC_DEVICE_LINEAR,
                                     MEMQC_DEVICE_SOFT_BOUNDS, MEMQC_DEVICE_POWER,
                                     MEMQC_DEVICE_NEUROSIM};
    enum { N = 500 };
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        memqc_device *d;
        static float state[N], up[N], down[N];
        static int32_t level[N];
        double lo, hi;
        OK(memqc_device_create(models[m], &d));
        OK(memqc_device_set(d, MEMQC_DEVICE_STATES, 64));
        step_by_levels(d);
        OK(memqc_device_get(d, MEMQC_DEVICE_G_MIN, &lo));
        OK(memqc_device_get(d, MEMQC_DEVICE_G_MAX, &hi));
        for (int i = 0; i < N; i++) {
            state[i] = (float)(lo + (hi - lo) * (i * 7 % N) / N);
            level[i] = 6 + i % 54; /* soft bounds take forever to the very ends */
        }
        OK(memqc_device_program(d, 0, 0, N, level, state, NULL, NULL));
        for (int i = 0; i < N; i++) {
            double target;
            OK(memqc_device_level(d, level[i], &target, NULL, NULL));
            OK(memqc_device_response(d, 1, target - 1e-9, 1, up));
            OK(memqc_device_response(d, -1, target, 1, down));
            const double step = fmax((double)up[0] - target, target - (double)down[0]);
            ck_assert_msg(fabs((double)state[i] - target) <= 0.6 * step,
                          "model %d, level %d: %g for %g, step %g", (int)models[m], (int)level[i],
                          (double)state[i], target, step);
        }
        memqc_device_destroy(&d);
    }
}
END_TEST

/* Energy and time of a train on a constant-step cell, by hand. */
START_TEST(pulsed_cost) {
    memqc_device *d;
    double cost[MEMQC_DEVICE_COSTS] = {0}, joules = 0;
    const double step = 1e-6;
    OK(memqc_device_create(MEMQC_DEVICE_CONSTANT, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MIN, 10e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MAX, 100e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_STEP, step));
    OK(memqc_device_set(d, MEMQC_DEVICE_SET_VOLTAGE, 1.2));
    OK(memqc_device_set(d, MEMQC_DEVICE_RESET_VOLTAGE, -1.5));
    OK(memqc_device_set(d, MEMQC_DEVICE_PULSE_TIME, 1e-7));
    float state[3] = {20e-6f, 50e-6f, 70e-6f};
    const int32_t counts[3] = {7, -4, 0};
    OK(memqc_device_pulse_each(d, 0, 0, 3, counts, state, NULL, cost));
    for (int p = 0; p < 7; p++)
        joules += 1.2 * 1.2 * 1e-7 * (20e-6 + (p + 0.5) * step);
    for (int p = 0; p < 4; p++)
        joules += 1.5 * 1.5 * 1e-7 * (50e-6 - (p + 0.5) * step);
    ck_assert_double_eq(cost[MEMQC_DEVICE_COST_SET], 7);
    ck_assert_double_eq(cost[MEMQC_DEVICE_COST_RESET], 4);
    ck_assert_double_eq_tol(cost[MEMQC_DEVICE_COST_TIME], 11e-7, 1e-15);
    ck_assert_double_eq_tol(cost[MEMQC_DEVICE_COST_ENERGY], joules, 1e-6 * joules);

    /* Voltages: enough, not enough, of either sign. */
    const float volts[] = {1.2f, 1.19f, -1.5f, -1.49f, -1.5f, 0};
    float trace[6], cell = 40e-6f;
    double spent[MEMQC_DEVICE_COSTS] = {0};
    apply_train(d, 0, 0, 1, 6, volts, &cell, NULL, trace, 6, spent);
    static const double expected[] = {41e-6, 41e-6, 40e-6, 40e-6, 39e-6, 39e-6};
    for (size_t p = 0; p < 6; p++)
        ck_assert_double_eq_tol((double)trace[p], expected[p], 1e-10);
    ck_assert_double_eq(spent[MEMQC_DEVICE_COST_SET], 2);
    ck_assert_double_eq(spent[MEMQC_DEVICE_COST_RESET], 3);
    const double by_hand = 1e-7 * (1.44 * 40.5e-6 + 1.19 * 1.19 * 41e-6 + 2.25 * 40.5e-6 +
                                   1.49 * 1.49 * 40e-6 + 2.25 * 39.5e-6);
    ck_assert_double_eq_tol(spent[MEMQC_DEVICE_COST_ENERGY], by_hand, 1e-5 * by_hand);
    memqc_device_destroy(&d);
}
END_TEST

/* What memqc_device_level() says of a pulsed model: programming from the bottom, mean and sd of 100
 * 000 cells. The steps are small beside the range, so that the first-order sd holds to a hundredth,
 * and 5 standard errors of an sd at this size are 1.2 %. */
START_TEST(levels_of_pulsed_models) {
    enum { CELLS = 100000 };
    static const int32_t models[] = {MEMQC_DEVICE_CONSTANT, MEMQC_DEVICE_SOFT_BOUNDS,
                                     MEMQC_DEVICE_NEUROSIM};
    float *g = malloc(CELLS * sizeof *g);
    int32_t *levels = malloc(CELLS * sizeof *levels);
    ck_assert(g && levels);
    for (size_t m = 0; m < 3; m++) {
        memqc_device *d;
        OK(memqc_device_create(models[m], &d));
        OK(memqc_device_set(d, MEMQC_DEVICE_STATES, 65));
        step_by_levels(d);
        OK(memqc_device_set(d, MEMQC_DEVICE_C2C_ABSOLUTE, 0.05 * MEMQC_G0));
        double mean, sd, sum = 0, squares = 0;
        OK(memqc_device_level(d, 33, NULL, &mean, &sd));
        for (size_t i = 0; i < CELLS; i++)
            levels[i] = 33;
        OK(memqc_device_draw(d, 0, 1, CELLS, levels, g, NULL));
        for (size_t i = 0; i < CELLS; i++)
            sum += (double)g[i] / CELLS;
        for (size_t i = 0; i < CELLS; i++)
            squares += ((double)g[i] - sum) * ((double)g[i] - sum) / CELLS;
        ck_assert_double_eq_tol(sum, mean, 5 * sd / sqrt(CELLS) + 0.02 * sd);
        ck_assert_double_eq_tol(sqrt(squares), sd, 0.022 * sd);
        memqc_device_destroy(&d);
    }
    free(g);
    free(levels);
}
END_TEST

/* The published devices have the numbers that they are known by. */
START_TEST(published_devices) {
    static const struct {
        const char *name;
        double states, ohm, on_off, c2c, up, down;
    } known[] = {
        {"ag-asi", 97, 26e6, 12.5, 0.035, 2.4, -4.88},
        {"taox-hfox", 128, 100e3, 10, 0.037, 0.04, -0.63},
        {"pcmo", 50, 23e6, 6.84, 0.01, 3.68, -6.76},
        {"alox-hfo2", 40, 16.9e3, 4.43, 0.05, 1.94, -0.61},
        {"epiram", 64, 81e3, 50.2, 0.02, 0.5, -0.5},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        memqc_device *d = preset(known[i].name);
        double hi, lo, value, curve_top;
        float g[200];
        OK(memqc_device_get(d, MEMQC_DEVICE_G_MAX, &hi));
        OK(memqc_device_get(d, MEMQC_DEVICE_G_MIN, &lo));
        ck_assert_double_eq_tol(1 / hi, known[i].ohm, 1e-6 * known[i].ohm);
        ck_assert_double_eq_tol(hi / lo, known[i].on_off, 1e-6 * known[i].on_off);
        OK(memqc_device_get(d, MEMQC_DEVICE_C2C_ABSOLUTE, &value));
        ck_assert_double_eq_tol(value / (hi - lo), known[i].c2c, 1e-9);
        OK(memqc_device_get(d, MEMQC_DEVICE_STATES, &value));
        ck_assert_double_eq(value, known[i].states);
        OK(memqc_device_get(d, MEMQC_DEVICE_NL_UP, &value));
        ck_assert_double_eq(value, known[i].up);
        OK(memqc_device_get(d, MEMQC_DEVICE_NL_DOWN, &value));
        ck_assert_double_eq(value, known[i].down);
        OK(memqc_device_response(d, 1, lo, (size_t)known[i].states, g));
        curve_top = (double)g[(size_t)known[i].states - 1];
        ck_assert_double_eq_tol(curve_top, hi, 1e-6 * hi);
        memqc_device_destroy(&d);
    }
}
END_TEST

RUN_TESTS("programming", set_then_depress, cost_adds_up, quantized_pulses, ramp_makes_the_staircase,
          voltages_follow_the_rules, open_loop_reaches_the_level, pulsed_cost,
          levels_of_pulsed_models, published_devices)
