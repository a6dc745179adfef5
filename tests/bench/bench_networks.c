/* SPDX-License-Identifier: BSD-3-Clause */
/* Epochs of training, beside the matrix products that they cannot do without; and pulse trains. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include "crossbar/update/trains.h"
#include "la/blas.h"

#include <string.h>

/* --- an epoch of the paper's network --- */

enum { SAMPLES = 60000, CLASSES = 10 };

static struct {
    float *x;
    int32_t *labels;
    memqc_mlp *mlp;
} epoch;

/* As many pixels are on as in MNIST, one in five; a class is a pattern of which one pixel in ten is
 * another.
 */
static void open_epoch(void) {
    static const size_t sizes[] = {INPUTS, HIDDEN, HIDDEN, CLASSES};
    memqc_device *device = NULL;
    epoch.x = room((size_t)SAMPLES * INPUTS, sizeof *epoch.x);
    epoch.labels = room(SAMPLES, sizeof *epoch.labels);
    for (size_t i = 0; i < SAMPLES; i++) {
        const size_t label = scramble(i) % CLASSES;
        epoch.labels[i] = (int32_t)label;
        for (size_t j = 0; j < INPUTS; j++) {
            const size_t pixel = i * INPUTS + j, other = scramble(pixel) % 10 == 0;
            epoch.x[pixel] =
                scramble(other ? pixel + 1 : label * INPUTS + j) % 5 == 0 ? 1.0f : 0.0f;
        }
    }
    must(memqc_device_create_preset("hfox-a", &device));
    must(memqc_mlp_create(sizes, sizeof sizes / sizeof *sizes, device, 0, &epoch.mlp));
    memqc_device_destroy(&device);
}

static void close_epoch(void) {
    memqc_mlp_destroy(&epoch.mlp);
    free(epoch.x);
    free(epoch.labels);
}

static void run_epoch(void) {
    must(memqc_mlp_train_epoch(epoch.mlp, SAMPLES, epoch.x, INPUTS, epoch.labels));
}

/* --- an epoch of a float network, beside the matrix products that it cannot do without --- */

enum { WIDE = 256, MINIBATCH = 32 };

static struct { float *x, *w, *h, *v, *out, *back; } products;

static void open_digital(void) {
    static const size_t sizes[] = {INPUTS, WIDE, CLASSES};
    static const double settings[][2] = {{MEMQC_MLP_INPUT_BITS, 0},
                                         {MEMQC_MLP_ACTIVATION, MEMQC_MLP_RELU},
                                         {MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY},
                                         {MEMQC_MLP_BATCH, MINIBATCH},
                                         {MEMQC_MLP_LEARNING_RATE, 0.1}};
    open_epoch();
    memqc_mlp_destroy(&epoch.mlp);
    must(memqc_mlp_create(sizes, 3, NULL, 0, &epoch.mlp));
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        must(memqc_mlp_set(epoch.mlp, (int32_t)settings[i][0], settings[i][1]));
    products.x = room(MINIBATCH * INPUTS, sizeof(float));
    products.w = room(INPUTS * WIDE, sizeof(float));
    products.h = room(MINIBATCH * WIDE, sizeof(float));
    products.v = room(WIDE * CLASSES, sizeof(float));
    products.out = room(MINIBATCH * CLASSES, sizeof(float));
    products.back = room(MINIBATCH * WIDE, sizeof(float));
    memcpy(products.x, epoch.x, MINIBATCH * INPUTS * sizeof(float));
}

static void close_digital(void) {
    float *const all[] = {products.x, products.w,   products.h,
                          products.v, products.out, products.back};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    close_epoch();
}

static void run_products(void) {
    float *x = products.x, *w = products.w, *h = products.h, *v = products.v, *out = products.out,
          *back = products.back;
    for (size_t i = 0; i < SAMPLES; i += MINIBATCH) {
        must(mqc_sgemm(MQC_PLAIN, MQC_PLAIN, MINIBATCH, WIDE, INPUTS, 1, x, INPUTS, w, WIDE, 0, h,
                       WIDE));
        must(mqc_sgemm(MQC_PLAIN, MQC_PLAIN, MINIBATCH, CLASSES, WIDE, 1, h, WIDE, v, CLASSES, 0,
                       out, CLASSES));
        must(mqc_sgemm(MQC_PLAIN, MQC_TRANSPOSED, MINIBATCH, WIDE, CLASSES, 1, out, CLASSES, v,
                       CLASSES, 0, back, WIDE));
        must(mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, WIDE, CLASSES, MINIBATCH, 1, h, WIDE, out,
                       CLASSES, 1, v, CLASSES));
        must(mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, INPUTS, WIDE, MINIBATCH, 1, x, INPUTS, back, WIDE,
                       1, w, WIDE));
    }
}

/* --- pulse trains --- */

/* An epoch sample by sample, of the float rule and of pulse trains on the constant-step device with
 * 1000 states; and updates in which every cell gets pulses. */
static struct {
    memqc_mlp *digital, *trains;
    memqc_crossbar *xb;
    float *x, *d;
    double pulses;
} samples;

enum { SOME = 10000, FULL_UPDATES = 200 };

/* By the float rule without a device, by pulse trains with one. */
static memqc_mlp *one_by_one(const memqc_device *device) {
    static const size_t sizes[] = {INPUTS, WIDE, CLASSES};
    const double settings[][2] = {{MEMQC_MLP_INPUT_BITS, 0},
                                  {MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY},
                                  {MEMQC_MLP_BATCH, 1},
                                  {MEMQC_MLP_LEARNING_RATE, 0.02},
                                  {MEMQC_MLP_INIT_RANGE, 0.1}};
    memqc_mlp *mlp = NULL;
    must(memqc_mlp_create(sizes, 3, device, 0, &mlp));
    if (device)
        must(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_RULE,
                                    MEMQC_CROSSBAR_RULE_PULSE_TRAIN));
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        must(memqc_mlp_set(mlp, (int32_t)settings[i][0], settings[i][1]));
    must(memqc_mlp_init(mlp));
    return mlp;
}

static double pulses_of(const memqc_crossbar *xb) {
    double set = 0, reset = 0;
    must(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET, &set));
    must(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_RESET, &reset));
    return set + reset;
}

/* The sums of a run of full updates: 31 slots, each line firing with a probability of a half, 7.75
 * pulses for each cell in the mean. */
static void run_full_updates(void) {
    for (int u = 0; u < FULL_UPDATES; u++)
        must(mqc_crossbar_outer(samples.xb, samples.x, samples.d, 0.5, 0.5, 31, u % 2 ? -1 : 1));
}

static void open_samples(void) {
    memqc_device *device = NULL;
    float *w = room(INPUTS * WIDE, sizeof *w);
    open_epoch();
    must(memqc_device_create(MEMQC_DEVICE_CONSTANT, &device));
    must(memqc_device_set(device, MEMQC_DEVICE_STATES, 1000));
    must(memqc_device_set(device, MEMQC_DEVICE_STEP, 15.5 * MEMQC_G0 / 999));
    must(memqc_device_set(device, MEMQC_DEVICE_C2C_STEP, 0.3));
    samples.digital = one_by_one(NULL);
    samples.trains = one_by_one(device);
    must(memqc_crossbar_create(device, INPUTS, WIDE, 0, &samples.xb));
    must(memqc_crossbar_program(samples.xb, w, WIDE));
    samples.x = room(INPUTS, sizeof *samples.x);
    samples.d = room(WIDE, sizeof *samples.d);
    for (size_t i = 0; i < INPUTS; i++)
        samples.x[i] = 1;
    for (size_t j = 0; j < WIDE; j++)
        samples.d[j] = 1;
    const double before = pulses_of(samples.xb);
    run_full_updates();
    samples.pulses = pulses_of(samples.xb) - before;
    printf("bench note=\"trains_784x256: %.4g pulses a run\"\n", samples.pulses);
    memqc_device_destroy(&device);
    free(w);
}

static void close_samples(void) {
    memqc_mlp_destroy(&samples.digital);
    memqc_mlp_destroy(&samples.trains);
    memqc_crossbar_destroy(&samples.xb);
    free(samples.x);
    free(samples.d);
    close_epoch();
}

static void run_float_samples(void) {
    must(memqc_mlp_train_epoch(samples.digital, SOME, epoch.x, INPUTS, epoch.labels));
}

static void run_train_samples(void) {
    must(memqc_mlp_train_epoch(samples.trains, SOME, epoch.x, INPUTS, epoch.labels));
}

const struct group network_groups[] = {
    {"epoch", open_epoch, close_epoch, 5, 1, {{"epoch_784_16_16_10", NULL, run_epoch, SAMPLES}}},
    {"digital",
     open_digital,
     close_digital,
     5,
     2,
     {{"products_784_256_10", NULL, run_products, SAMPLES},
      {"digital_784_256_10", "products_784_256_10", run_epoch, SAMPLES}}},
    {"samples",
     open_samples,
     close_samples,
     5,
     3,
     {{"float_by_sample", NULL, run_float_samples, SOME},
      {"trains_by_sample", "float_by_sample", run_train_samples, SOME},
      {"trains_784x256", NULL, run_full_updates, 7.75 * INPUTS *WIDE *FULL_UPDATES}}},
    {NULL, NULL, NULL, 0, 0, {{NULL, NULL, NULL, 0}}},
};
