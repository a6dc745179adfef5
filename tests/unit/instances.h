/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of networks on many arrays share. */
#ifndef MEMQC_TESTS_INSTANCES_H
#define MEMQC_TESTS_INSTANCES_H

#include "mlp.h"

#include "mlp/study/instances.h"
#include "core/summary.h"

static inline memqc_device *make_device(const char *preset, const struct setting *settings,
                                        size_t n) {
    memqc_device *device = NULL;
    OK(memqc_device_create_preset(preset, &device));
    for (size_t i = 0; i < n; i++)
        OK(memqc_device_set(device, settings[i].key, settings[i].value));
    return device;
}

/* Everything that a cell may suffer. */
static const struct setting bad[] = {
    {MEMQC_DEVICE_D2D_G_MAX, 0.1},        {MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.05},
    {MEMQC_DEVICE_RTN_AMPLITUDE, 0.2},    {MEMQC_DEVICE_DRIFT_NU, 0.02},
    {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.02}, {MEMQC_DEVICE_STUCK_ON, 0.01},
    {MEMQC_DEVICE_STUCK_OFF, 0.02}};

/* A float network that has learnt the task. */
static inline memqc_mlp *make_trained(double mapping) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), NULL);
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 4));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 7));
    OK(memqc_mlp_set_seed(mlp, 5));
    for (int epoch = 0; epoch < 30; epoch++)
        OK(train_task(mlp, NULL, NULL));
    return mlp;
}

/* The parameters of a study. */
static inline memqc_status set_study(memqc_mlp *mlp, double seconds, size_t instances,
                                     size_t threads, double target) {
    const int32_t keys[] = {MEMQC_MLP_SECONDS, MEMQC_MLP_INSTANCES, MEMQC_MLP_THREADS,
                            MEMQC_MLP_TARGET};
    const double values[] = {seconds, (double)instances, (double)threads, target};
    return memqc_mlp_set_many(mlp, COUNT(keys), keys, values);
}

static inline void run(memqc_mlp *mlp, const memqc_device *device, double seconds, size_t instances,
                       size_t threads, double *accuracies) {
    OK(set_study(mlp, seconds, instances, threads, 0));
    OK(memqc_mlp_monte_carlo(mlp, device, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels,
                             accuracies));
}

#endif
