/* SPDX-License-Identifier: BSD-3-Clause */
/* What base.h promises of threads: handles of one's own, handles that several read, studies that use
 * several. What each thread finds is compared with what the main thread finds afterwards: the threads
 * are the first to call the library. Races show under ThreadSanitizer, see race.sh. */
#define _POSIX_C_SOURCE 200809L
#include "threads.h"
#include "unit/even_steps.h"

#include <unistd.h>

float w[CELLS], dw[CELLS], x[SAMPLES * ROWS];
int32_t labels[SAMPLES];

static const size_t sizes[] = {ROWS, COLS, 3};

static void setup(void) {
    for (size_t i = 0; i < CELLS; i++) {
        w[i] = (float)((double)(i * 37 % 64) / 32.0 - 1);
        dw[i] = (float)((double)(i * 53 % 64) / 32.0 - 1);
    }
    for (size_t i = 0; i < COUNT(x); i++)
        x[i] = (float)((double)(i * 29 % 64) / 63.0);
    for (size_t i = 0; i < SAMPLES; i++)
        labels[i] = (int32_t)(i % 3);
}

/* --- the same work in several threads and in one --- */

struct job {
    void (*work)(const void *object, size_t number, struct found *found);
    const void *object;
    size_t number;
    struct found found;
    pthread_barrier_t *start;
};

static void *run(void *argument) {
    struct job *job = argument;
    pthread_barrier_wait(job->start);
    job->work(job->object, job->number, &job->found);
    return NULL;
}

/* The threads begin together. Assertions are for one thread, so that a failing one ends the test from
 * where it stands. */
static void compare(const char *what,
                    void (*work)(const void *object, size_t number, struct found *found),
                    const void *object) {
    pthread_barrier_t start;
    pthread_t threads[THREADS];
    struct job jobs[THREADS];
    ck_assert_int_eq(pthread_barrier_init(&start, NULL, THREADS), 0);
    for (size_t t = 0; t < THREADS; t++) {
        jobs[t] = (struct job){work, object, t, {0, 0}, &start};
        ck_assert_int_eq(pthread_create(&threads[t], NULL, run, &jobs[t]), 0);
    }
    for (size_t t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    pthread_barrier_destroy(&start);
    for (size_t t = 0; t < THREADS; t++) {
        struct found alone = {0, 0};
        work(object, t, &alone);
        ck_assert_msg(memcmp(&alone, &jobs[t].found, sizeof alone) == 0,
                      "%s: thread %zu found %.17g, one thread alone %.17g", what, t,
                      jobs[t].found.sum, alone.sum);
        ck_assert_msg(alone.weight > 0, "%s: nothing was found", what);
    }
}

/* --- handles of one's own --- */

static memqc_device *preset(const char *name, uint64_t seed) {
    memqc_device *device;
    OK(memqc_device_create_preset(name, &device));
    OK(memqc_device_set_seed(device, seed));
    return device;
}

static const char *const presets[] = {"hfox-a", "soft-bounds", "rpu", "epiram"};

static void own_device(const void *object, size_t number, struct found *found) {
    memqc_device *device = preset(presets[number % COUNT(presets)], number);
    (void)object;
    use_device(device, found);
    memqc_device_destroy(&device);
}

/* Products through converters and wires, under a rule of updates for each thread. */
static void own_crossbar(const void *object, size_t number, struct found *found) {
    static const int32_t rules[] = {MEMQC_CROSSBAR_RULE_STOCHASTIC, MEMQC_CROSSBAR_RULE_TIKI_TAKA,
                                    MEMQC_CROSSBAR_RULE_PULSE_TRAIN,
                                    MEMQC_CROSSBAR_RULE_MIXED_PRECISION};
    float y[SAMPLES * COLS];
    memqc_device *device = preset(presets[number % COUNT(presets)], number);
    memqc_crossbar *xb;
    double energy;
    (void)object;
    OK(memqc_crossbar_create(device, ROWS, COLS, number, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, rules[number % COUNT(rules)]));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_DAC_BITS, 6));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.02));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_WORD_RESISTANCE, 1));
    OK(memqc_crossbar_program(xb, w, COLS));
    for (int turn = 0; turn < 3; turn++) {
        OK(memqc_crossbar_update_outer(xb, 0.1, 4, x, ROWS, dw, COLS));
        OK(memqc_crossbar_mac(xb, SAMPLES, x, ROWS, y, COLS));
        find_all(found, COUNT(y), y);
    }
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET, &energy));
    find(found, 1e9 * energy);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}

static memqc_mlp *trained(const char *name, size_t number) {
    memqc_device *device = name ? preset(name, number) : NULL;
    memqc_mlp *mlp;
    OK(memqc_mlp_create(sizes, COUNT(sizes), device, number, &mlp));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 5));
    if (name)
        OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING,
                                  MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    OK(memqc_mlp_fit(mlp, SAMPLES, x, ROWS, labels, 2));
    memqc_device_destroy(&device);
    return mlp;
}

static void own_network(const void *object, size_t number, struct found *found) {
    memqc_mlp *mlp = trained(number % 4 == 3 ? NULL : presets[number % 4], number);
    (void)object;
    use_mlp(mlp, found);
    memqc_mlp_destroy(&mlp);
}

START_TEST(handles_of_ones_own) {
    setup();
    compare("device", own_device, NULL);
    compare("crossbar", own_crossbar, NULL);
    compare("network", own_network, NULL);
}
END_TEST

/* --- handles that several threads read --- */

static void read_device(const void *object, size_t number, struct found *found) {
    (void)number;
    use_device(object, found);
}

static void read_fitted(const void *object, size_t number, struct found *found) {
    (void)number;
    use_fitted(object, found);
}

static void read_crossbar(const void *object, size_t number, struct found *found) {
    (void)number;
    use_crossbar(object, found);
}

static void read_mlp(const void *object, size_t number, struct found *found) {
    (void)number;
    use_mlp(object, found);
}

static memqc_device *make_jumps(void) {
    static const float nodes[] = {10e-6f, 60e-6f, 110e-6f};
    static const float jumps[] = {1e-6f, 2e-6f, 4e-6f, 0, 1e-6f, 3e-6f, -1e-6f, 1e-6f, 2e-6f};
    memqc_device *device;
    OK(memqc_device_create(MEMQC_DEVICE_JUMPS, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MIN, 10e-6));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MAX, 110e-6));
    OK(memqc_device_set_jumps(device, 0, 1, 3, nodes, 3, jumps));
    return device;
}

static memqc_device *make_levels(void) {
    static const float g[] = {100e-6f, 80e-6f, 65e-6f, 50e-6f, 38e-6f,
                              30e-6f,  22e-6f, 15e-6f, 10e-6f, 5e-6f};
    memqc_device *device;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set_levels(device, COUNT(g), g, NULL, 0, NULL));
    return device;
}

static memqc_device *make_fitted(void) {
    enum { CYCLES = 4, PULSES = 40 };
    static float g[2 * CYCLES * PULSES];
    static int32_t cycle[COUNT(g)], pulse[COUNT(g)], direction[COUNT(g)];
    memqc_device *source = make_jumps(), *fitted;
    float state = 20e-6f;
    for (size_t i = 0; i < COUNT(g); i++) {
        cycle[i] = (int32_t)(i / (2 * PULSES));
        pulse[i] = (int32_t)(i % (2 * PULSES)) + 1;
        direction[i] = pulse[i] <= PULSES ? 1 : -1;
        OK(memqc_device_pulse(source, 0, i, 1, direction[i], &state, NULL, NULL));
        g[i] = state;
    }
    const int32_t *const columns[] = {NULL, cycle, pulse, direction};
    OK(memqc_device_fit(MEMQC_DEVICE_JUMPS, COUNT(g), COUNT(columns), columns, g, NULL, NULL,
                        &fitted));
    memqc_device_destroy(&source);
    return fitted;
}

START_TEST(devices_that_are_shared) {
    memqc_device *devices[] = {preset("hfox-a", 1), preset("soft-bounds", 2),
                               preset("ag-asi", 3), make_even_steps(),
                               make_jumps(),        make_levels()};
    memqc_device *fitted = make_fitted();
    setup();
    for (size_t i = 0; i < COUNT(devices); i++) {
        compare("shared device", read_device, devices[i]);
        memqc_device_destroy(&devices[i]);
    }
    compare("fitted device", read_fitted, fitted);
    memqc_device_destroy(&fitted);
}
END_TEST

START_TEST(arrays_and_networks_that_are_shared) {
    memqc_device *device = preset("hfox-a", 1);
    memqc_crossbar *xb;
    memqc_mlp *mlp;
    setup();
    OK(memqc_crossbar_create(device, ROWS, COLS, 4, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    OK(memqc_crossbar_program(xb, w, COLS));
    compare("shared crossbar", read_crossbar, xb);
    mlp = trained("hfox-a", 5);
    compare("shared network", read_mlp, mlp);
    memqc_mlp_destroy(&mlp);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* Threads of odd numbers make the step function fail: the others must not hear of it. */
static void fail_by_turns(const void *object, size_t number, struct found *found) {
    enum { TURNS = 2000 };
    const double volts = number % 2 ? 4 : 2;
    for (int turn = 0; turn < TURNS; turn++) {
        float g[2] = {50e-6f, 60e-6f};
        find_status(found, memqc_device_apply(object, 3, (uint64_t)turn, 2, volts, g, NULL, NULL));
        find_all(found, 2, g);
    }
}

START_TEST(a_failing_step_function_fails_its_own_thread) {
    memqc_device *device = make_even_steps();
    compare("failing steps", fail_by_turns, device);
    memqc_device_destroy(&device);
}
END_TEST

/* --- studies, which use several threads --- */

static void study(const void *object, size_t number, struct found *found) {
    enum { INSTANCES = 6 };
    const memqc_device *device = object;
    double accuracies[INSTANCES], limits[MEMQC_MLP_LIMITS];
    double shares[MEMQC_MLP_PROPERTIES * MEMQC_MLP_SHARE_VALUES];
    uint8_t hits[INSTANCES * ((SAMPLES + 7) / 8)];
    memqc_mlp *mlp = trained(NULL, number);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_INSTANCES, INSTANCES));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_THREADS, 3));
    OK(memqc_mlp_monte_carlo(mlp, device, SAMPLES, x, ROWS, labels, accuracies));
    for (size_t i = 0; i < INSTANCES; i++)
        find(found, accuracies[i]);
    OK(memqc_mlp_monte_carlo_hits(mlp, device, SAMPLES, x, ROWS, labels, accuracies, hits));
    for (size_t i = 0; i < sizeof hits; i++)
        find(found, hits[i]);
    if (number < 2) {
        OK(memqc_mlp_sensitivity(mlp, device, MEMQC_MLP_PROPERTY_C2C, SAMPLES, x, ROWS, labels,
                                 limits));
        find(found, limits[MEMQC_MLP_LIMIT_LOSS]);
    }
    if (number == 2) {
        OK(memqc_mlp_shapley(mlp, device, 0, SAMPLES, x, ROWS, labels, shares));
        find(found, shares[MEMQC_MLP_SHARE_LOSS]);
    }
    memqc_mlp_destroy(&mlp);
}

START_TEST(studies) {
    memqc_device *quantized = preset("hfox-a", 1), *custom = make_even_steps();
    setup();
    compare("studies", study, quantized);
    compare("studies of a custom device", study, custom);
    memqc_device_destroy(&quantized);
    memqc_device_destroy(&custom);
}
END_TEST

/* --- one file --- */

static char path[64];

/* Several save to one path and load from it: what is there is one of their networks, whole. */
static void save_and_load(const void *object, size_t number, struct found *found) {
    enum { TURNS = 8 };
    memqc_mlp *mlp = trained(NULL, number + 1);
    (void)object;
    for (int turn = 0; turn < TURNS; turn++) {
        memqc_mlp *loaded;
        uint64_t seed = 0;
        OK(memqc_mlp_save(mlp, path));
        find_status(found, memqc_mlp_load(path, &loaded));
        OK(memqc_mlp_get_seed(loaded, &seed));
        ck_assert(seed >= 1 && seed <= THREADS);
        memqc_mlp_destroy(&loaded);
    }
    memqc_mlp_destroy(&mlp);
}

START_TEST(one_file) {
    setup();
    snprintf(path, sizeof path, "threads-%ld.file", (long)getpid());
    compare("one file", save_and_load, NULL);
    ck_assert_int_eq(remove(path), 0);
}
END_TEST

RUN_TESTS("threads", handles_of_ones_own, devices_that_are_shared,
          arrays_and_networks_that_are_shared, a_failing_step_function_fails_its_own_thread,
          studies, one_file)
