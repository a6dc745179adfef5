/* SPDX-License-Identifier: BSD-3-Clause */
/* Training sample by sample: pulse trains beside the float rule, and updates in which every cell
 * gets pulses. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include "crossbar/update/trains.h"
#include "data.h"

enum { SOME = 10000, FULL_UPDATES = 200 };

static struct {
    struct data data;
    memqc_mlp *digital, *different, *alike; /* cells with spread from one to the other, or none */
    memqc_crossbar *xb;
    float *x, *d;
} samples;

/* The setting of `beyond --rule pulse-trains`; by the float rule without a device. */
static memqc_mlp *one_by_one(const memqc_device *device) {
    static const size_t sizes[] = {INPUTS, WIDE, CLASSES};
    static const double settings[][2] = {{MEMQC_MLP_INPUT_BITS, 0},
                                         {MEMQC_MLP_ACTIVATION, MEMQC_MLP_LOGISTIC},
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
    return mlp;
}

/* 31 slots, each line firing with a probability of a half: 7.75 pulses for each cell in the mean. */
static void run_full_updates(void) {
    for (int u = 0; u < FULL_UPDATES; u++)
        must(mqc_crossbar_outer(samples.xb, samples.x, samples.d, 0.5, 0.5, 31, u % 2 ? -1 : 1));
}

static void open_samples(void) {
    memqc_device *device = NULL;
    char error[1000];
    float *w = room(INPUTS * WIDE, sizeof *w);
    if (data_load(&samples.data, data_folder(), SOME, 1, 1, error, sizeof error) != 0) {
        fprintf(stderr, "bench: %s\n", error);
        exit(EXIT_FAILURE);
    }
    samples.digital = one_by_one(NULL);
    must(memqc_device_create_preset("rpu", &device));
    samples.different = one_by_one(device);
    memqc_device_destroy(&device);
    must(memqc_device_create(MEMQC_DEVICE_CONSTANT, &device));
    must(memqc_device_set(device, MEMQC_DEVICE_STATES, 1000));
    must(memqc_device_set(device, MEMQC_DEVICE_STEP, 15.5 * MEMQC_G0 / 999));
    must(memqc_device_set(device, MEMQC_DEVICE_C2C_STEP, 0.3));
    samples.alike = one_by_one(device);
    must(memqc_crossbar_create(device, INPUTS, WIDE, 0, &samples.xb));
    must(memqc_crossbar_program(samples.xb, w, WIDE));
    samples.x = room(INPUTS, sizeof *samples.x);
    samples.d = room(WIDE, sizeof *samples.d);
    for (size_t i = 0; i < INPUTS; i++)
        samples.x[i] = 1;
    for (size_t j = 0; j < WIDE; j++)
        samples.d[j] = 1;
    memqc_device_destroy(&device);
    free(w);
}

static void close_samples(void) {
    memqc_mlp_destroy(&samples.digital);
    memqc_mlp_destroy(&samples.different);
    memqc_mlp_destroy(&samples.alike);
    memqc_crossbar_destroy(&samples.xb);
    free(samples.x);
    free(samples.d);
    data_free(&samples.data);
}

#define BY_SAMPLE(which)                                                               \
    static void prepare_##which(void) {                                                \
        must(memqc_mlp_init(samples.which));                                           \
    }                                                                                  \
    static void run_##which(void) {                                                    \
        const struct data_set *set = &samples.data.train;                              \
        must(memqc_mlp_train_epoch(samples.which, SOME, set->x, INPUTS, set->labels)); \
    }
BY_SAMPLE(digital)
BY_SAMPLE(different)
BY_SAMPLE(alike)

const struct group sample_groups[] = {
    {"samples",
     open_samples,
     close_samples,
     4,
     {{"samples_float", run_digital, SOME, prepare_digital},
      {"samples_trains", run_different, SOME, prepare_different},
      {"samples_trains_alike", run_alike, SOME, prepare_alike},
      {"train_pulses", run_full_updates, 7.75 * INPUTS *WIDE *FULL_UPDATES, NULL}}},
    {NULL, NULL, NULL, 0, {{NULL, NULL, 0, NULL}}},
};
