/* SPDX-License-Identifier: BSD-3-Clause */
/* Is the gain that memqc_mlp_sensitivity() tells what a device without the property does? For every
 * preset, for two with everything that a cell may suffer, and for three fitted devices: the gain of
 * each property that the device has, of ARRAYS arrays and IMAGES images, against a simulation of
 * the two devices on TRUE_ARRAYS other arrays and TRUE_IMAGES other images. Prints how often the
 * interval of the gain holds the simulated one. usage: gain_direct [trials of each] */
#include <memqc/memqc.h>

#include "device/property.h"
#include "fitted.h"
#include "synthetic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ARRAYS = 5,
    IMAGES = 500,
    TRUE_ARRAYS = 40,
    TRUE_IMAGES = 8000,
    TRAIN_IMAGES = 4000,
    SIDE = SYNTHETIC_SIDE / 2,
    INPUTS = SIDE * SIDE,
    HIDDEN = 12,
    CLASSES = 10,
    BYTES = (TRUE_IMAGES + 7) / 8
};

static const size_t sizes[] = {INPUTS, HIDDEN, CLASSES};
static int covered, compared;

struct images {
    size_t n;
    float *x;
    int32_t *labels;
};

/* Digits at half the resolution, so that pulses are few. */
static struct images draw_images(size_t first, size_t n) {
    struct images all = {n, calloc(n, INPUTS * sizeof(float)), calloc(n, sizeof(int32_t))};
    float pixels[SYNTHETIC_PIXELS];
    if (!all.x || !all.labels)
        exit(1);
    for (size_t i = 0; i < n; i++) {
        all.labels[i] = synthetic_digit(pixels, 1, first + i);
        for (size_t p = 0; p < SYNTHETIC_PIXELS; p++)
            all.x[i * INPUTS + p / SYNTHETIC_SIDE / 2 * SIDE + p % SYNTHETIC_SIDE / 2] +=
                pixels[p] / 4;
    }
    return all;
}

/* --- networks --- */

static memqc_mlp *make(uint64_t seed) {
    static const int32_t keys[] = {MEMQC_MLP_INPUT_BITS, MEMQC_MLP_ACTIVATION, MEMQC_MLP_LOSS,
                                   MEMQC_MLP_BATCH, MEMQC_MLP_LEARNING_RATE};
    static const double values[] = {0, MEMQC_MLP_RELU, MEMQC_MLP_CROSS_ENTROPY, 32, 0.2};
    memqc_mlp *mlp = NULL;
    check(memqc_mlp_create(sizes, 3, NULL, seed, &mlp));
    check(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING,
                                 MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    check(memqc_mlp_set_many(mlp, 5, keys, values));
    return mlp;
}

/* The trained weights under another seed, and with it on other arrays, 1000 s later. */
static memqc_mlp *with_seed(memqc_mlp *trained, uint64_t seed, double arrays) {
    static float w[INPUTS * HIDDEN], bias[HIDDEN];
    memqc_mlp *mlp = make(seed);
    for (size_t l = 0; l < 2; l++) {
        check(memqc_mlp_get_weights(trained, l, w, sizes[l + 1], bias));
        check(memqc_mlp_set_weights(mlp, l, w, sizes[l + 1], bias));
    }
    check(memqc_mlp_set(mlp, MEMQC_MLP_INSTANCES, arrays));
    check(memqc_mlp_set(mlp, MEMQC_MLP_SECONDS, 1000));
    return mlp;
}

static void simulate(memqc_mlp *mlp, const memqc_device *device, const struct images *on,
                     uint8_t *hits) {
    double accuracies[TRUE_ARRAYS];
    check(memqc_mlp_monte_carlo_hits(mlp, device, on->n, on->x, INPUTS, on->labels, accuracies,
                                     hits));
}

/* --- the comparison --- */

static const struct {
    int32_t property;
    enum mqc_property scaled;
    const char *name;
} properties[] = {{MEMQC_MLP_PROPERTY_LEVELS, MQC_PROPERTY_LEVELS, "levels"},
                  {MEMQC_MLP_PROPERTY_C2C, MQC_PROPERTY_C2C, "programming noise"},
                  {MEMQC_MLP_PROPERTY_D2D, MQC_PROPERTY_D2D, "device to device"},
                  {MEMQC_MLP_PROPERTY_ASYMMETRY, MQC_PROPERTY_ASYMMETRY, "asymmetry"},
                  {MEMQC_MLP_PROPERTY_READ_NOISE, MQC_PROPERTY_READ_NOISE, "read noise"},
                  {MEMQC_MLP_PROPERTY_FAULTS, MQC_PROPERTY_FAULTS, "stuck cells"},
                  {MEMQC_MLP_PROPERTY_DRIFT, MQC_PROPERTY_DRIFT, "drift"}};

/* What is gained on many other arrays and images by a device that lacks the property. */
static double direct(memqc_mlp *trained, const memqc_device *device, enum mqc_property property,
                     const uint8_t *now, const struct images *other) {
    static uint8_t without[TRUE_ARRAYS * BYTES];
    double values[MEMQC_CROSSED_VALUES];
    memqc_device *better = NULL;
    memqc_mlp *mlp = with_seed(trained, 1, TRUE_ARRAYS);
    check(memqc_device_copy(device, &better));
    check(mqc_property_scale(better, property, 0));
    simulate(mlp, better, other, without);
    check(memqc_crossed(TRUE_ARRAYS, TRUE_IMAGES, without, now, values));
    memqc_device_destroy(&better);
    memqc_mlp_destroy(&mlp);
    return values[MEMQC_CROSSED_MEAN];
}

static void compare(memqc_mlp *trained, const char *name, const memqc_device *device, size_t p,
                    int trials, const uint8_t *now, const struct images *other) {
    double limits[MEMQC_MLP_LIMITS], truth = 0;
    int in = 0, n = 0;
    for (int trial = 0; trial < trials; trial++) {
        struct images images = draw_images(1000000 + (size_t)trial * IMAGES, IMAGES);
        memqc_mlp *mlp = with_seed(trained, 100 + (uint64_t)trial, ARRAYS);
        check(memqc_mlp_sensitivity(mlp, device, properties[p].property, IMAGES, images.x, INPUTS,
                                    images.labels, limits));
        memqc_mlp_destroy(&mlp);
        free(images.x);
        free(images.labels);
        if (isnan(limits[MEMQC_MLP_LIMIT_DEVICE]))
            return; /* it has none of the property */
        if (trial == 0)
            truth = direct(trained, device, properties[p].scaled, now, other);
        in +=
            limits[MEMQC_MLP_LIMIT_GAIN_LOW] <= truth && truth <= limits[MEMQC_MLP_LIMIT_GAIN_HIGH];
        n++;
    }
    printf("%-16s %-18s %7.2f %%: %d of %d\n", name, properties[p].name, 100 * truth, in, n);
    fflush(stdout);
    covered += in;
    compared += n;
}

static void compare_all(memqc_mlp *trained, const char *name, const memqc_device *device,
                        int trials, const struct images *other) {
    static uint8_t now[TRUE_ARRAYS * BYTES];
    memqc_mlp *mlp = with_seed(trained, 1, TRUE_ARRAYS);
    simulate(mlp, device, other, now);
    memqc_mlp_destroy(&mlp);
    for (size_t p = 0; p < sizeof properties / sizeof *properties; p++)
        compare(trained, name, device, p, trials, now, other);
}

/* --- devices --- */

/* What a preset lacks of what a cell may suffer. */
static void spoil(memqc_device *device) {
    static const int32_t keys[] = {MEMQC_DEVICE_D2D_G_MAX, MEMQC_DEVICE_READ_NOISE_RELATIVE,
                                   MEMQC_DEVICE_DRIFT_NU,  MEMQC_DEVICE_DRIFT_NU_SPREAD,
                                   MEMQC_DEVICE_STUCK_ON,  MEMQC_DEVICE_STUCK_OFF};
    static const double values[] = {0.05, 0.05, 0.02, 0.02, 0.002, 0.002};
    check(memqc_device_set_many(device, 6, keys, values));
}

static void compare_fitted(memqc_mlp *trained, int trials, const struct images *other) {
    const struct {
        const char *name;
        double spread, read_noise;
        int32_t model;
    } devices[] = {{"fitted, four", 0.2, 0, MEMQC_DEVICE_SOFT_BOUNDS},
                   {"fitted, noisy", 0, 3e-6, MEMQC_DEVICE_SOFT_BOUNDS},
                   {"fitted, table", 0, 0, MEMQC_DEVICE_TABLE}};
    for (size_t i = 0; i < 3; i++) {
        memqc_device *device = soft_bounds(devices[i].spread, devices[i].read_noise),
                     *found = fitted(device, devices[i].model);
        compare_all(trained, devices[i].name, found, trials, other);
        memqc_device_destroy(&device);
        memqc_device_destroy(&found);
    }
}

int main(int argc, char *argv[]) {
    const int trials = argc > 1 ? atoi(argv[1]) : 5;
    const struct images train = draw_images(0, TRAIN_IMAGES),
                        other = draw_images(3000000, TRUE_IMAGES);
    memqc_mlp *trained = make(0);
    const char *name;
    check(memqc_mlp_fit(trained, TRAIN_IMAGES, train.x, INPUTS, train.labels, 3));
    compare_fitted(trained, trials, &other);
    for (size_t i = 0; (name = memqc_device_preset_name(i)) != NULL; i++) {
        memqc_device *device = NULL;
        check(memqc_device_create_preset(name, &device));
        compare_all(trained, name, device, trials, &other);
        if (strcmp(name, "hfox-a") == 0 || strcmp(name, "soft-bounds") == 0) {
            spoil(device);
            compare_all(trained, "and all the rest", device, trials, &other);
        }
        memqc_device_destroy(&device);
    }
    printf("%d of %d gains within their intervals\n", covered, compared);
    memqc_mlp_destroy(&trained);
    return 20 * covered < 19 * compared;
}
