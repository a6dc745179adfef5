/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices whose pulses are a function of the caller: against the library's own model of the same
 * equation, equal bits for any grouping of cells, the numbers that the function is given, what it
 * does wrong, and how long it is held. */
#include "custom.h"

#include "core/alloc.h"

enum { CELLS = 1000, TRAIN = 60 };

static int close_to(double a, double b, double tolerance) {
    return fabs(a - b) <= tolerance;
}

START_TEST(the_course_is_that_of_the_built_in_model) {
    struct host host = {0};
    memqc_device *custom = make_custom(&host, 0.5, 2), *linear = make_built_in();
    float got[TRAIN], expected[TRAIN];
    for (int32_t way = -1; way <= 1; way += 2) {
        OK(memqc_device_response(custom, way, way > 0 ? 0 : 1, TRAIN, got));
        OK(memqc_device_response(linear, way, way > 0 ? 0 : 1, TRAIN, expected));
        for (size_t i = 0; i < TRAIN; i++)
            ck_assert_msg(close_to((double)got[i], (double)expected[i], 1e-9), "pulse %zu: %g, %g",
                          i, (double)got[i], (double)expected[i]);
    }
    for (int32_t level = 1; level <= 32; level++) {
        double a, b, sd;
        OK(memqc_device_level(custom, level, NULL, &a, &sd));
        OK(memqc_device_level(linear, level, NULL, &b, NULL));
        ck_assert_msg(close_to(a, b, 1e-9), "level %d: %g, %g", (int)level, a, b);
        ck_assert_int_eq(sd > 0, level < 32); /* the lowest takes no pulse */
    }
    memqc_device_destroy(&custom);
    memqc_device_destroy(&linear);
}
END_TEST

/* Without noise, programming sends as many pulses and arrives at the same conductances. */
START_TEST(programming_is_that_of_the_built_in_model) {
    struct host host = {0};
    memqc_device *custom = make_custom(&host, 0, 1), *linear = make_built_in();
    const double none[] = {0, 1};
    int32_t levels[CELLS];
    static float a[CELLS], b[CELLS];
    double cost[2][MEMQC_DEVICE_COSTS] = {{0}};
    OK(memqc_device_set_custom(custom, 2, none, NULL, NULL));
    for (int32_t i = 0; i < CELLS; i++) {
        levels[i] = 1 + i % 32;
        a[i] = b[i] = 10e-6f + 0.09e-6f * (float)(i * 7 % CELLS);
    }
    OK(memqc_device_program(custom, 0, 0, CELLS, levels, a, NULL, cost[0]));
    OK(memqc_device_program(linear, 0, 0, CELLS, levels, b, NULL, cost[1]));
    for (size_t i = 0; i < CELLS; i++)
        ck_assert_msg(close_to((double)a[i], (double)b[i], 2e-9), "cell %zu: %g, %g", i,
                      (double)a[i], (double)b[i]);
    for (size_t i = 0; i < MEMQC_DEVICE_COSTS; i++)
        ck_assert_msg(cost[0][i] > 0 && close_to(cost[0][i], cost[1][i], 1e-4 * cost[1][i]),
                      "cost %zu: %g, %g", i, cost[0][i], cost[1][i]);
    memqc_device_destroy(&custom);
    memqc_device_destroy(&linear);
}
END_TEST

/* What chunks of cells give together. */
static void in_chunks(const memqc_device *device, size_t chunk, const int32_t *counts,
                      const int32_t *levels, float *state) {
    for (size_t first = 0; first < CELLS; first += chunk) {
        const size_t n = CELLS - first < chunk ? CELLS - first : chunk;
        for (size_t i = first; i < first + n; i++)
            state[i] = 30e-6f;
        OK(memqc_device_pulse_each(device, first, 5, n, counts + first, state + first, NULL, NULL));
        OK(memqc_device_pulse(device, first, 1000, n, 9, state + first, NULL, NULL));
        OK(memqc_device_pulse(device, first, 1009, n, -4, state + first, NULL, NULL));
        OK(memqc_device_program(device, first, 3, n, levels + first, state + first, NULL, NULL));
        OK(memqc_device_apply(device, first, 2000, n, 1.5, state + first, NULL, NULL));
    }
}

START_TEST(chunks_do_not_matter) {
    struct host host = {0};
    memqc_device *device = make_custom(&host, 0.5, 2);
    static const size_t chunks[] = {1, 7, CELLS};
    static float expected[CELLS], got[CELLS];
    int32_t counts[CELLS], levels[CELLS];
    OK(memqc_device_set(device, MEMQC_DEVICE_C2C_STEP, 0.4));
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_STEP, 0.2));
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MAX, 0.1));
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_NOISE, 0.1));
    for (int32_t i = 0; i < CELLS; i++) {
        counts[i] = i % 23 - 11;
        levels[i] = 1 + i % 32;
    }
    in_chunks(device, 333, counts, levels, expected);
    for (size_t c = 0; c < COUNT(chunks); c++) {
        in_chunks(device, chunks[c], counts, levels, got);
        ck_assert_msg(memcmp(got, expected, sizeof got) == 0, "chunks of %zu differ", chunks[c]);
    }
    in_chunks(device, CELLS, counts, levels, got);
    OK(memqc_device_pulse(device, 0, 50, CELLS, 4, got, NULL, NULL));
    in_chunks(device, CELLS, counts, levels, expected);
    OK(memqc_device_pulse(device, 0, 50, CELLS, 1, expected, NULL, NULL));
    OK(memqc_device_pulse(device, 0, 51, CELLS, 3, expected, NULL, NULL));
    ck_assert(memcmp(got, expected, sizeof got) == 0);
    memqc_device_destroy(&device);
}
END_TEST

/* --- the numbers that it gets --- */

/* Puts the numbers of an argument where conductances are: parameter 0 chooses. */
static int32_t telling_step(void *user, size_t n, const float *volts, double seconds,
                            const float *const *cells, const float *normals, const float *uniforms,
                            float *g) {
    (void)user;
    for (size_t i = 0; i < n; i++) {
        const float values[] = {normals ? normals[i] : 0,
                                uniforms ? uniforms[i] : 0,
                                volts[i],
                                (float)seconds,
                                cells[3][i],
                                cells[1][i] - cells[0][i]};
        g[i] = 500.0f + values[(int)cells[2][i]];
    }
    return 0;
}

static memqc_device *make_telling(double which) {
    const double mean[] = {which, 3}, lognormal[] = {0, 0.5}, normal[] = {0, 0.2};
    memqc_device *device;
    OK(memqc_device_create_custom("telling", telling_step, NULL, NULL, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MAX, 1000));
    OK(memqc_device_set(device, MEMQC_DEVICE_SET_VOLTAGE, 1.25));
    OK(memqc_device_set(device, MEMQC_DEVICE_RESET_VOLTAGE, -1.5));
    OK(memqc_device_set(device, MEMQC_DEVICE_PULSE_TIME, 0.5));
    OK(memqc_device_set_custom(device, 2, mean, lognormal, normal));
    return device;
}

enum { MANY = 20000 };

static void moments(const float *values, double *mean, double *sd) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < MANY; i++)
        sum += (double)values[i] - 500;
    *mean = sum / MANY;
    for (size_t i = 0; i < MANY; i++)
        squares += pow((double)values[i] - 500 - *mean, 2);
    *sd = sqrt(squares / MANY);
}

START_TEST(it_gets_numbers_of_the_right_distributions) {
    static const double mean[] = {0, 0.5, 1.25, 0.5, 3}, sd[] = {1, 0.288675, 0, 0, 1.51327};
    static float state[MANY], own[MANY];
    for (int which = 0; which < 5; which++) {
        memqc_device *device = make_telling(which);
        double got[2];
        OK(memqc_device_pulse(device, 0, 0, MANY, 1, state, NULL, NULL));
        moments(state, &got[0], &got[1]);
        ck_assert_msg(close_to(got[0], mean[which], 5 * (sd[which] + 1e-4) / sqrt(MANY) + 1e-4) &&
                          close_to(got[1], sd[which], 0.05 * sd[which] + 1e-4),
                      "number %d: mean %g, sd %g", which, got[0], got[1]);
        OK(memqc_device_custom_cells(device, 1, 0, MANY, own));
        for (size_t i = 0; which == 4 && i < MANY; i++)
            ck_assert(close_to((double)state[i], 500 + (double)own[i], 1e-4));
        OK(memqc_device_pulse(device, 0, 9, MANY, -1, state, NULL, NULL));
        ck_assert(which != 2 || state[7] == 498.5f);
        OK(memqc_device_apply(device, 0, 9, MANY, 0.25, state, NULL, NULL));
        ck_assert(which != 2 || state[7] == 500.25f);
        memqc_device_destroy(&device);
    }
}
END_TEST

/* --- what it does wrong --- */

static int32_t wild_step(void *user, size_t n, const float *volts, double seconds,
                         const float *const *cells, const float *normals, const float *uniforms,
                         float *g) {
    (void)user, (void)seconds, (void)cells, (void)normals, (void)uniforms;
    for (size_t i = 0; i < n; i++)
        g[i] = volts[i] > 0 ? INFINITY : -1e30f;
    return 0;
}

START_TEST(conductances_stay_in_the_window) {
    memqc_device *device;
    float state[3] = {20e-6f, 50e-6f, 3}, hi, lo;
    OK(memqc_device_create_custom("wild", wild_step, NULL, NULL, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MAX, 0.2));
    OK(memqc_device_pulse(device, 1, 0, 3, 1, state, NULL, NULL));
    OK(memqc_device_cells(device, MEMQC_DEVICE_G_MAX, 2, 1, &hi));
    ck_assert(state[1] == hi);
    OK(memqc_device_pulse(device, 1, 1, 3, -1, state, NULL, NULL));
    OK(memqc_device_cells(device, MEMQC_DEVICE_G_MIN, 2, 1, &lo));
    ck_assert(state[1] == lo);
    memqc_device_destroy(&device);
}
END_TEST

/* The host's first call fails, and the next ones do not. */
static struct host fails(int32_t result) {
    const struct host host = {.fails_at = 1, .result = result};
    return host;
}

static void check_recovers(struct host *host, memqc_device *device) {
    float state[4] = {50e-6f, 50e-6f, 50e-6f, 50e-6f};
    host->fails_at = 0;
    OK(memqc_device_pulse(device, 0, 0, 4, 2, state, NULL, NULL));
    ck_assert(state[2] > 50e-6f);
}

START_TEST(what_fails_is_told) {
    static const int32_t results[] = {0, 7, -3};
    const char *const words[] = {"NaN", "returned 7", "returned -3"};
    struct host host = fails(results[_i]);
    memqc_device *device = make_custom(&host, 0.1, 1);
    float state[4] = {50e-6f, 50e-6f, 50e-6f, 50e-6f}, g[40];
    const int32_t levels[] = {1, 2, 3, 4};
    double value;
    FAILS(MEMQC_ERROR_DATA, words[_i], memqc_device_pulse(device, 0, 0, 4, 2, state, NULL, NULL));
    ck_assert(state[2] == 50e-6f);
    ck_assert(strstr(memqc_last_error(), "linear of a test"));
    FAILS(MEMQC_ERROR_DATA, words[_i],
          memqc_device_pulse_each(device, 0, 0, 4, levels, state, NULL, NULL));
    FAILS(MEMQC_ERROR_DATA, words[_i], memqc_device_apply(device, 0, 0, 4, 1, state, NULL, NULL));
    FAILS(MEMQC_ERROR_DATA, words[_i],
          memqc_device_program(device, 0, 0, 4, levels, state, NULL, NULL));
    FAILS(MEMQC_ERROR_DATA, words[_i], memqc_device_draw(device, 0, 0, 4, levels, g, NULL));
    FAILS(MEMQC_ERROR_DATA, words[_i], memqc_device_response(device, 1, 0, 4, g));
    FAILS(MEMQC_ERROR_DATA, words[_i], memqc_device_level(device, 1, NULL, NULL, &value));
    check_recovers(&host, device);
    memqc_device_destroy(&device);
}
END_TEST

/* --- how long it is held --- */

START_TEST(copies_share_it) {
    struct host host = {0};
    memqc_device *device = make_custom(&host, 0, 1), *copy, *copies[5];
    OK(memqc_device_copy(device, &copy));
    memqc_device_destroy(&device);
    for (size_t i = 0; i < COUNT(copies); i++)
        OK(memqc_device_copy(copy, &copies[i]));
    OK(memqc_device_set(copy, MEMQC_DEVICE_STATES, 9)); /* a copy inside */
    memqc_device_destroy(&copy);
    for (size_t i = 0; i < COUNT(copies); i++) {
        float g[3];
        ck_assert_int_eq(host.released, 0);
        OK(memqc_device_response(copies[i], 1, 0, 3, g));
        memqc_device_destroy(&copies[i]);
    }
    ck_assert_int_eq(host.released, 1);
}
END_TEST

START_TEST(a_failed_creation_leaves_it) {
    struct host host = {0};
    memqc_device *device = NULL, *copy;
    long n = 0;
    for (;; n++) {
        mqc_alloc_fail_after(n);
        const memqc_status status =
            memqc_device_create_custom("x", linear_step, &host, release, &device);
        mqc_alloc_fail_after(-1);
        if (status == MEMQC_OK)
            break;
        ck_assert_int_eq(status, MEMQC_ERROR_NOMEM);
        ck_assert_ptr_null(device);
    }
    ck_assert_int_eq((int)n, 2);
    for (n = 0; n < 1; n++) {
        mqc_alloc_fail_after(n);
        ck_assert_int_eq(memqc_device_copy(device, &copy), MEMQC_ERROR_NOMEM);
        mqc_alloc_fail_after(-1);
        ck_assert_ptr_null(copy);
    }
    ck_assert_int_eq(host.released, 0);
    memqc_device_destroy(&device);
    ck_assert_int_eq(host.released, 1);
}
END_TEST

/* --- arguments, parameters, files --- */

START_TEST(parameters_come_back) {
    struct host host = {0};
    memqc_device *device = make_custom(&host, 0.25, 4), *copy;
    double mean[2], lognormal[2], normal[2];
    const double bad[] = {0, NAN}, below[] = {0, -1};
    size_t n;
    int32_t used;
    OK(memqc_device_copy(device, &copy));
    OK(memqc_device_get_custom(copy, 2, mean, lognormal, normal, &n));
    ck_assert(n == 2 && mean[0] == 0.25 && mean[1] == 4 && lognormal[0] == 0.3 && normal[1] == 0.1);
    OK(memqc_device_get_custom(copy, 0, NULL, NULL, NULL, &n));
    FAILS(MEMQC_ERROR_ARGUMENT, "room", memqc_device_get_custom(copy, 1, mean, NULL, NULL, &n));
    FAILS(MEMQC_ERROR_DATA, "mean[1]", memqc_device_set_custom(copy, 2, bad, NULL, NULL));
    FAILS(MEMQC_ERROR_DATA, "lognormal[1]", memqc_device_set_custom(copy, 2, mean, below, NULL));
    FAILS(MEMQC_ERROR_DATA, "normal[1]", memqc_device_set_custom(copy, 2, mean, NULL, below));
    FAILS(MEMQC_ERROR_ARGUMENT, "16", memqc_device_set_custom(copy, 17, mean, NULL, NULL));
    REFUSES_NULL(memqc_device_set_custom(copy, 1, NULL, NULL, NULL));
    OK(memqc_device_get_custom(copy, 2, mean, lognormal, normal, &n));
    ck_assert(n == 2 && mean[0] == 0.25 && mean[1] == 4 && lognormal[0] == 0.3 && normal[1] == 0.1);
    OK(memqc_device_uses(copy, MEMQC_DEVICE_D2D_STEP, &used));
    ck_assert_int_eq(used, 1);
    OK(memqc_device_uses(copy, MEMQC_DEVICE_STEP, &used));
    ck_assert_int_eq(used, 0);
    memqc_device_destroy(&copy);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(bad_arguments_are_refused) {
    struct host host = {0};
    memqc_device *device = NULL, *linear = make_built_in();
    const char *const name = "a name of one character more than the sixty-three that it may have..";
    const double mean = 1;
    float values[2];
    size_t n;
    REFUSES_NULL(memqc_device_create_custom(NULL, linear_step, &host, release, &device));
    REFUSES_NULL(memqc_device_create_custom("x", NULL, &host, release, &device));
    REFUSES_NULL(memqc_device_create_custom("x", linear_step, &host, release, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "1 .. 63",
          memqc_device_create_custom("", linear_step, &host, release, &device));
    FAILS(MEMQC_ERROR_ARGUMENT, "1 .. 63",
          memqc_device_create_custom(name, linear_step, &host, release, &device));
    FAILS(MEMQC_ERROR_ARGUMENT, "memqc_device_create_custom",
          memqc_device_create(MEMQC_DEVICE_CUSTOM, &device));
    FAILS(MEMQC_ERROR_ARGUMENT, "linear", memqc_device_set_custom(linear, 1, &mean, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "linear", memqc_device_get_custom(linear, 0, NULL, NULL, NULL, &n));
    FAILS(MEMQC_ERROR_ARGUMENT, "linear", memqc_device_custom_cells(linear, 0, 0, 2, values));
    device = make_custom(&host, 0, 1);
    FAILS(MEMQC_ERROR_ARGUMENT, "parameter = 2",
          memqc_device_custom_cells(device, 2, 0, 2, values));
    REFUSES(memqc_device_custom_cells(device, 1, (uint64_t)1 << 34, 2, values));
    memqc_device_destroy(&device);
    memqc_device_destroy(&linear);
}
END_TEST

START_TEST(no_file_holds_it) {
    struct host host = {0};
    memqc_device *device = make_custom(&host, 0, 1);
    char bytes[4096];
    size_t size = 7;
    FAILS(MEMQC_ERROR_STATE, "linear of a test",
          memqc_device_save_memory(device, bytes, sizeof bytes, &size));
    ck_assert(strncmp(memqc_last_error(), "memqc_device_save_memory: ", 26) == 0);
    ck_assert_uint_eq(size, 7);
    FAILS(MEMQC_ERROR_STATE, "memqc_device_save:", memqc_device_save(device, "nowhere.memqc"));
    memqc_device_destroy(&device);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {the_course_is_that_of_the_built_in_model,
                                  programming_is_that_of_the_built_in_model,
                                  chunks_do_not_matter,
                                  it_gets_numbers_of_the_right_distributions,
                                  conductances_stay_in_the_window,
                                  copies_share_it,
                                  a_failed_creation_leaves_it,
                                  parameters_come_back,
                                  bad_arguments_are_refused,
                                  no_file_holds_it};
    Suite *suite = suite_create("custom");
    for (size_t i = 0; i < COUNT(tests); i++)
        tcase_add_test(add_group(suite, tests[i]->name, NULL), tests[i]);
    tcase_add_loop_test(add_group(suite, "what fails", NULL), what_fails_is_told, 0, 3);
    return run_suite(suite);
}
