/* SPDX-License-Identifier: BSD-3-Clause */
/* Do intervals of accuracies, losses and gains hold for other images and other arrays? A network on
 * synthetic digits is studied in TRIALS, each on its own ARRAYS arrays and IMAGES images; the truth
 * is measured on MANY other images and 100 other arrays. Prints how often each interval covers it.
 * "fitted" is a device that was fitted to noisy readings of four cells of soft bounds.
 * usage: limits_cover [preset or "fitted"] [images of the truth] */
#include <memqc/memqc.h>

#include "fitted.h"
#include "synthetic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIALS = 50, ARRAYS = 5, IMAGES = 500, TRAIN = 4000, HIDDEN = 16, CLASSES = 10 };

static const size_t sizes[] = {SYNTHETIC_PIXELS, HIDDEN, CLASSES};

struct images {
    size_t n;
    float *x;
    int32_t *labels;
};

static struct images draw(size_t first, size_t n) {
    struct images all = {n, calloc(n, SYNTHETIC_PIXELS * sizeof(float)),
                         calloc(n, sizeof(int32_t))};
    if (!all.x || !all.labels)
        exit(1);
    for (size_t i = 0; i < n; i++)
        all.labels[i] = synthetic_digit(all.x + i * SYNTHETIC_PIXELS, 1, first + i);
    return all;
}

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

/* The trained weights under another seed, and with it on other arrays. */
static memqc_mlp *with_seed(memqc_mlp *trained, uint64_t seed, double arrays) {
    static float w[SYNTHETIC_PIXELS * HIDDEN], bias[HIDDEN];
    memqc_mlp *mlp = make(seed);
    for (size_t l = 0; l < 2; l++) {
        check(memqc_mlp_get_weights(trained, l, w, sizes[l + 1], bias));
        check(memqc_mlp_set_weights(mlp, l, w, sizes[l + 1], bias));
    }
    check(memqc_mlp_set(mlp, MEMQC_MLP_INSTANCES, arrays));
    return mlp;
}

static void study(memqc_mlp *mlp, const memqc_device *device, int32_t property,
                  const struct images *on, double *limits) {
    check(memqc_mlp_sensitivity(mlp, device, property, on->n, on->x, SYNTHETIC_PIXELS, on->labels,
                                limits));
}

/* The interval of a Monte Carlo, as memqc_crossed() tells it. */
static void accuracy(memqc_mlp *mlp, const memqc_device *device, const struct images *on,
                     double *values) {
    double accuracies[ARRAYS];
    uint8_t hits[ARRAYS * ((IMAGES + 7) / 8)];
    check(memqc_mlp_monte_carlo_hits(mlp, device, on->n, on->x, SYNTHETIC_PIXELS, on->labels,
                                     accuracies, hits));
    check(memqc_crossed(ARRAYS, IMAGES, hits, NULL, values));
}

static void trial(memqc_mlp *trained, const memqc_device *device, uint64_t number,
                  double truth[2][MEMQC_MLP_LIMITS], int covered[5]) {
    static const int32_t properties[] = {MEMQC_MLP_PROPERTY_C2C, MEMQC_MLP_PROPERTY_LEVELS};
    static const int32_t whats[] = {MEMQC_MLP_LIMIT_LOSS, MEMQC_MLP_LIMIT_GAIN};
    const struct images images = draw(1000000 + (size_t)number * IMAGES, IMAGES);
    memqc_mlp *mlp = with_seed(trained, 100 + number, ARRAYS);
    double all[MEMQC_CROSSED_VALUES], found[MEMQC_MLP_LIMITS];
    accuracy(mlp, device, &images, all);
    const double real = truth[0][MEMQC_MLP_LIMIT_DEVICE];
    covered[0] += all[MEMQC_CROSSED_LOW] <= real && real <= all[MEMQC_CROSSED_HIGH];
    for (int p = 0; p < 2; p++) {
        study(mlp, device, properties[p], &images, found);
        for (int k = 0; k < 2; k++)
            covered[1 + 2 * p + k] += found[whats[k] + 1] <= truth[p][whats[k]] &&
                                      truth[p][whats[k]] <= found[whats[k] + 2];
    }
    memqc_mlp_destroy(&mlp);
    free(images.x);
    free(images.labels);
}

static memqc_device *device_of(const char *name) {
    memqc_device *device = NULL;
    if (strcmp(name, "fitted") != 0) {
        check(memqc_device_create_preset(name, &device));
        return device;
    }
    memqc_device *source = soft_bounds(0.2, 3e-6);
    device = fitted(source, MEMQC_DEVICE_SOFT_BOUNDS);
    memqc_device_destroy(&source);
    return device;
}

int main(int argc, char *argv[]) {
    static const char *const names[] = {"accuracy", "loss to programming noise", "gain without it",
                                        "loss to levels", "gain of more"};
    const size_t many = argc > 2 ? strtoul(argv[2], NULL, 10) : 50000;
    const struct images train = draw(0, TRAIN), other = draw(3000000, many);
    double truth[2][MEMQC_MLP_LIMITS];
    int covered[5] = {0}, worst = TRIALS;
    memqc_device *device = device_of(argc > 1 ? argv[1] : "hfox-b");
    memqc_mlp *trained = make(0);
    check(memqc_mlp_fit(trained, TRAIN, train.x, SYNTHETIC_PIXELS, train.labels, 3));
    memqc_mlp *mlp = with_seed(trained, 1, 100);
    study(mlp, device, MEMQC_MLP_PROPERTY_C2C, &other, truth[0]);
    study(mlp, device, MEMQC_MLP_PROPERTY_LEVELS, &other, truth[1]);
    memqc_mlp_destroy(&mlp);
    for (uint64_t number = 0; number < TRIALS; number++)
        trial(trained, device, number, truth, covered);
    const double wanted[] = {truth[0][MEMQC_MLP_LIMIT_DEVICE], truth[0][MEMQC_MLP_LIMIT_LOSS],
                             truth[0][MEMQC_MLP_LIMIT_GAIN], truth[1][MEMQC_MLP_LIMIT_LOSS],
                             truth[1][MEMQC_MLP_LIMIT_GAIN]};
    for (int k = 0; k < 5; k++) {
        printf("%-26s %7.2f %%: covered by %d of %d\n", names[k], 100 * wanted[k], covered[k],
               TRIALS);
        worst = covered[k] < worst ? covered[k] : worst;
    }
    memqc_mlp_destroy(&trained);
    memqc_device_destroy(&device);
    return worst < 45;
}
