/* SPDX-License-Identifier: BSD-3-Clause */
/* Does the interval of the accuracy that a fit predicts hold what networks reach on the true
 * device? Of each number of measured POINTS: SEEDS times curves are drawn from the device, fitted
 * with all candidates, DRAWS devices drawn from what the data leave open, NETWORKS trained on each,
 * tested on IMAGES of their own, and memqc_nested() gives the interval. The truth is the mean of
 * TRUE_NETWORKS networks, trained on the device itself, on TRUE_IMAGES other images.
 * "noisy" is read with a noise of two mean steps.
 * usage: fit_accuracy [hfox-a|hfox-b|soft-bounds|noisy [mixed|nearest [seeds [points]]]] */
#include <memqc/memqc.h>

#include "likely.h"
#include "synthetic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DRAWS = 8,
    NETWORKS = 2,
    IMAGES = 4000,
    TRAIN_IMAGES = 2000,
    EPOCHS = 2,
    TRUE_NETWORKS = 40,
    TRUE_IMAGES = 20000,
    HIDDEN = 16,
    CLASSES = 10,
    MOST_POINTS = 4000,
    LEVELS = 32,
    TRAIN = 25 /* pulses in one direction */
};

struct images {
    size_t n;
    float *x;
    int32_t *labels;
};

/* What is studied. */
struct study {
    const char *device;
    int32_t rule;
    struct images train;
};

static float g[MOST_POINTS];
static int32_t device_of[MOST_POINTS], cycle_of[MOST_POINTS], pulse_of[MOST_POINTS],
    direction_of[MOST_POINTS];
static struct curves curves = {
    .device = device_of, .cycle = cycle_of, .pulse = pulse_of, .direction = direction_of, .g = g};

static void check(memqc_status status) {
    if (status == MEMQC_OK)
        return;
    fprintf(stderr, "%s\n", memqc_last_error());
    exit(1);
}

static struct images draw_images(size_t first, size_t n) {
    struct images all = {n, calloc(n, SYNTHETIC_PIXELS * sizeof(float)),
                         calloc(n, sizeof(int32_t))};
    if (!all.x || !all.labels)
        exit(1);
    for (size_t i = 0; i < n; i++)
        all.labels[i] = synthetic_digit(all.x + i * SYNTHETIC_PIXELS, 1, first + i);
    return all;
}

static void free_images(struct images *images) {
    free(images->x);
    free(images->labels);
}

/* --- curves --- */

static memqc_device *soft_bounds(double noise_of_steps) {
    enum { STATES = 32 };
    const double top = 100e-6, bottom = 10e-6, step = (top - bottom) / (STATES - 1);
    const int32_t keys[] = {MEMQC_DEVICE_G_MAX,    MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_STATES,
                            MEMQC_DEVICE_C2C_STEP, MEMQC_DEVICE_STEP,  MEMQC_DEVICE_READ_NOISE};
    const double values[] = {top, bottom, STATES, 0.3, step, noise_of_steps * step};
    memqc_device *device;
    check(memqc_device_create(MEMQC_DEVICE_SOFT_BOUNDS, &device));
    check(memqc_device_set_many(device, sizeof keys / sizeof *keys, keys, values));
    return device;
}

static int is_pulsed(const char *name) {
    return strcmp(name, "soft-bounds") == 0 || strcmp(name, "noisy") == 0;
}

static memqc_device *true_device(const char *name) {
    memqc_device *device = NULL;
    if (is_pulsed(name))
        return soft_bounds(strcmp(name, "noisy") == 0 ? 2 : 0);
    check(memqc_device_create_preset(name, &device));
    check(memqc_device_set(device, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_LINEAR));
    return device;
}

/* The first n points that are measured of a quantized cell, cycle after cycle. */
static void measure_levels(const memqc_device *device, size_t n) {
    const size_t cycles = (n + LEVELS - 1) / LEVELS;
    float *const all = calloc(cycles * LEVELS, sizeof *all);
    if (!all)
        exit(1);
    check(memqc_device_staircase(device, 0, 0, cycles, all, LEVELS, NULL));
    memcpy(g, all, n * sizeof *g);
    free(all);
    for (size_t i = 0; i < n; i++) {
        cycle_of[i] = (int32_t)(i / LEVELS);
        pulse_of[i] = (int32_t)(i % LEVELS) + 1;
        direction_of[i] = -1;
    }
}

static void measure_pulses(const memqc_device *device, size_t n) {
    float state;
    check(memqc_device_cells(device, MEMQC_DEVICE_G_MIN, 0, 1, &state));
    for (size_t i = 0; i < n; i++) {
        cycle_of[i] = (int32_t)(i / (2 * TRAIN));
        pulse_of[i] = (int32_t)(i % (2 * TRAIN)) + 1;
        direction_of[i] = pulse_of[i] <= TRAIN ? 1 : -1;
        check(memqc_device_pulse(device, 0, i, 1, direction_of[i], &state, NULL, NULL));
        check(memqc_device_read(device, 0, i, 1, &state, &g[i]));
    }
}

static memqc_device *fitted_device(const struct study *s, uint64_t seed, size_t points) {
    const int32_t *const columns[] = {device_of, cycle_of, pulse_of, direction_of};
    memqc_device *device = true_device(s->device), *fitted = NULL;
    check(memqc_device_set_seed(device, seed));
    curves.n = points;
    if (is_pulsed(s->device))
        measure_pulses(device, points);
    else
        measure_levels(device, points);
    check(memqc_device_fit(MEMQC_DEVICE_FIT_BEST, points, 4, columns, g, NULL, NULL, &fitted));
    memqc_device_destroy(&device);
    return fitted;
}

/* --- networks --- */

/* Mixed precision, or the paper's nearest level, with the settings of examples/beyond. */
static memqc_mlp *make(int32_t rule, const memqc_device *device, uint64_t seed) {
    static const size_t sizes[] = {SYNTHETIC_PIXELS, HIDDEN, CLASSES};
    const int mixed = rule == MEMQC_CROSSBAR_RULE_MIXED_PRECISION;
    const struct {
        int32_t key;
        double value;
    } arrays[] = {{MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
                  {MEMQC_CROSSBAR_RULE, rule},
                  {MEMQC_CROSSBAR_W_MAX, mixed ? 0.5 : 0.25}};
    const int32_t keys[] = {MEMQC_MLP_INPUT_BITS,   MEMQC_MLP_ACTIVATION, MEMQC_MLP_LOSS,
                            MEMQC_MLP_BATCH,        MEMQC_MLP_SCHEDULE,   MEMQC_MLP_SCHEDULE_PERIOD,
                            MEMQC_MLP_LEARNING_RATE};
    const double values[] = {
        0,      MEMQC_MLP_RELU,   MEMQC_MLP_CROSS_ENTROPY, 32, MEMQC_MLP_SCHEDULE_COSINE,
        EPOCHS, mixed ? 0.3 : 1.0};
    memqc_mlp *mlp = NULL;
    check(memqc_mlp_create(sizes, 3, device, seed, &mlp));
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        check(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, arrays[i].key, arrays[i].value));
    check(memqc_mlp_set_many(mlp, sizeof keys / sizeof *keys, keys, values));
    for (size_t l = 0; l < 2; l++)
        check(memqc_mlp_set_layer(mlp, l, MEMQC_MLP_INIT_RANGE,
                                  sqrt(6.0 / (double)(sizes[l] + sizes[l + 1]))));
    return mlp;
}

/* Trains a network, and tells which images it is right about. */
static void train(const struct study *s, const memqc_device *device, uint64_t seed,
                  const struct images *test, uint8_t *hits) {
    memqc_mlp *mlp = make(s->rule, device, seed);
    int32_t *const classes = calloc(test->n, sizeof *classes);
    if (!classes)
        exit(1);
    check(memqc_mlp_fit(mlp, s->train.n, s->train.x, SYNTHETIC_PIXELS, s->train.labels, EPOCHS));
    check(memqc_mlp_predict(mlp, test->n, test->x, SYNTHETIC_PIXELS, NULL, 0, classes));
    for (size_t j = 0; j < test->n; j++)
        if (classes[j] == test->labels[j])
            hits[j / 8] |= (uint8_t)(1u << j % 8);
    free(classes);
    memqc_mlp_destroy(&mlp);
}

/* Mean accuracy on the true device, and its standard error. */
static double truth(const struct study *s, double *error) {
    static uint8_t hits[TRUE_NETWORKS * ((TRUE_IMAGES + 7) / 8)];
    struct images test = draw_images(3000000, TRUE_IMAGES);
    double values[MEMQC_CROSSED_VALUES];
    memqc_device *device = true_device(s->device);
    for (size_t i = 0; i < TRUE_NETWORKS; i++)
        train(s, device, 1000000 + i, &test, hits + i * ((TRUE_IMAGES + 7) / 8));
    check(memqc_crossed(TRUE_NETWORKS, TRUE_IMAGES, hits, NULL, values));
    *error = sqrt(values[MEMQC_CROSSED_BY_ROWS] + values[MEMQC_CROSSED_BY_COLUMNS] +
                  values[MEMQC_CROSSED_BY_BOTH]);
    memqc_device_destroy(&device);
    free_images(&test);
    return values[MEMQC_CROSSED_MEAN];
}

/* The interval of one fit; returns how many models its devices are of. */
static int predict(const struct study *s, const memqc_device *fitted, uint64_t seed,
                   double *values) {
    enum { BYTES = (IMAGES + 7) / 8 };
    uint8_t hits[DRAWS * NETWORKS * BYTES] = {0};
    struct images test = draw_images(1000000 + (size_t)seed * IMAGES, IMAGES);
    struct likely likely;
    check(likely_make(&likely, &curves, fitted, seed));
    const int models = likely.other ? 2 : 1;
    for (size_t d = 0; d < DRAWS; d++) {
        memqc_device *drawn = NULL;
        check(likely_draw(&likely, d, &drawn));
        for (size_t i = 0; i < NETWORKS; i++) {
            const size_t row = d * NETWORKS + i;
            train(s, drawn, 1000 * seed + row, &test, hits + row * BYTES);
        }
        memqc_device_destroy(&drawn);
    }
    check(memqc_nested(DRAWS, NETWORKS, IMAGES, hits, values));
    likely_free(&likely);
    free_images(&test);
    return models;
}

/* --- the count --- */

static int study(const struct study *s, size_t points, int seeds, double wanted) {
    int covered = 0;
    double width = 0, parts[3] = {0};
    for (int seed = 1; seed <= seeds; seed++) {
        double values[MEMQC_NESTED_VALUES], taken = 0;
        memqc_device *fitted = fitted_device(s, (uint64_t)seed, points);
        check(memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_CANDIDATE, MEMQC_DEVICE_FIT_BEST,
                                     &taken));
        const int models = predict(s, fitted, (uint64_t)seed, values);
        const int in = values[MEMQC_NESTED_LOW] <= wanted && wanted <= values[MEMQC_NESTED_HIGH];
        covered += in;
        width += values[MEMQC_NESTED_HIGH] - values[MEMQC_NESTED_LOW];
        for (int k = 0; k < 3; k++)
            parts[k] += values[MEMQC_NESTED_BY_GROUPS + k];
        printf("seed %d, candidate %.0f%s: %.2f %% (%.2f .. %.2f), sd %.2f, %.2f, %.2f%s\n", seed,
               taken, models > 1 ? " and another" : "", 100 * values[MEMQC_NESTED_MEAN],
               100 * values[MEMQC_NESTED_LOW], 100 * values[MEMQC_NESTED_HIGH],
               100 * sqrt(values[MEMQC_NESTED_BY_GROUPS]), 100 * sqrt(values[MEMQC_NESTED_BY_ROWS]),
               100 * sqrt(values[MEMQC_NESTED_BY_COLUMNS]), in ? "" : "  <- missed");
        fflush(stdout);
        memqc_device_destroy(&fitted);
    }
    printf("%4zu points: %d of %d covered, mean width %.2f, sd by fit %.2f, training %.2f, images "
           "%.2f\n",
           points, covered, seeds, 100 * width / seeds, 100 * sqrt(parts[0] / seeds),
           100 * sqrt(parts[1] / seeds), 100 * sqrt(parts[2] / seeds));
    fflush(stdout);
    return 10 * covered >= 9 * seeds;
}

int main(int argc, char *argv[]) {
    static const size_t counts[] = {100, 400, 4000};
    const int nearest = argc > 2 && strcmp(argv[2], "nearest") == 0;
    const int seeds = argc > 3 ? atoi(argv[3]) : 50;
    const size_t only = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
    const struct study s = {argc > 1 ? argv[1] : "hfox-a",
                            nearest ? MEMQC_CROSSBAR_RULE_NEAREST_LEVEL
                                    : MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
                            draw_images(0, TRAIN_IMAGES)};
    int good = 1;
    double error;
    const double wanted = truth(&s, &error);
    printf("%s, %s: the true device reaches %.2f +- %.2f %%\n", s.device,
           nearest ? "nearest level" : "mixed precision", 100 * wanted, 100 * error);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (only == 0 || only == counts[i])
            good &= study(&s, counts[i], seeds, wanted);
    return !good;
}
