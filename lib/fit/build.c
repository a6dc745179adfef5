/* SPDX-License-Identifier: BSD-3-Clause */
/* A device from fitted values. Called by fit.c. */
#include "fit/build.h"
#include "core/error.h"
#include "fit/jumps_device.h"
#include "fit/levels_device.h"
#include "fit/report.h"

#include <math.h>

/* Pulse numbers of the ramp and of the measured widths, for another number of levels than 32. */
static void scale_pulses(memqc_device *device, double levels) {
    double *value = device->value;
    value[MQC_DEVICE_AT(STATES)] = value[MQC_DEVICE_AT(PULSES)] = levels;
    value[MQC_DEVICE_AT(PULSE_EARLY)] =
        fmax(1, floor(value[MQC_DEVICE_AT(PULSE_EARLY)] * levels / 32));
    value[MQC_DEVICE_AT(PULSE_LATE)] =
        fmin(levels, ceil(value[MQC_DEVICE_AT(PULSE_LATE)] * levels / 32));
    value[MQC_DEVICE_AT(RAMP_KNEE_PULSE)] =
        fmin(fmax(2, rint(value[MQC_DEVICE_AT(RAMP_KNEE_PULSE)] * levels / 32)), levels - 1);
    value[MQC_DEVICE_AT(K)] = fmin(value[MQC_DEVICE_AT(K)], 1 / levels);
}

double mqc_fit_states(const memqc_device *device, double step) {
    const double range = mqc_device_g_max(device) - mqc_device_g_min(device);
    return fmin(fmax(2, rint(range / step + 1)), 4096);
}

static void set_table(const struct mqc_fit_work *work, memqc_device *device) {
    const struct mqc_fit_problem *problem = work->problem;
    for (int down = 0; down < 2; down++) {
        const int from = problem->n_nodes[down] > 0 ? down : !down;
        device->table[down].n = problem->n_nodes[from];
        for (int i = 0; i < problem->n_nodes[from]; i++) {
            device->table[down].g[i] = (float)problem->node_g[from][i];
            device->table[down].step[i] =
                (float)problem->theta[MQC_FIT_NODES + from * MQC_FIT_TABLE_NODES + i];
        }
    }
}

memqc_status mqc_fit_build(const struct mqc_fit_work *work, memqc_device *device) {
    double *value = device->value;
    /* A direction of few rows is like the other: it may have no train at all. */
    const int up = work->data.moves[0] < MQC_FIT_LEAST_MOVES,
              down = work->data.moves[1] >= MQC_FIT_LEAST_MOVES;
    for (size_t i = 0; i < MQC_FIT_KEYS; i++) {
        const struct mqc_key *row = &mqc_device_keys.rows[i];
        if (work->value[i] != 0)
            value[i] = fmin(fmax(work->value[i], row->min), row->max);
    }
    value[MQC_DEVICE_AT(G_MIN)] = fmax(work->value[MQC_DEVICE_AT(G_MIN)], 0);
    value[MQC_DEVICE_AT(K)] = work->value[MQC_DEVICE_AT(K)];
    if (device->ops->model == MEMQC_DEVICE_QUANTIZED) {
        scale_pulses(device, work->data.levels);
        if (mqc_fit_candidates[work->report.taken - 1] == MEMQC_DEVICE_FIT_QUANTIZED_LEVELS)
            return mqc_fit_levels_put(work, device);
    } else if (device->ops->model == MEMQC_DEVICE_TABLE ||
               device->ops->model == MEMQC_DEVICE_NEUROSIM) {
        value[MQC_DEVICE_AT(PULSES_UP)] = work->data.pulses[up];
        value[MQC_DEVICE_AT(PULSES_DOWN)] = work->data.pulses[down];
        value[MQC_DEVICE_AT(STATES)] = fmin(fmax(2, work->data.pulses[up] + 1), 4096);
    } else if (device->ops->model == MEMQC_DEVICE_JUMPS) {
        MQC_TRY(mqc_fit_jumps_put(work, device));
    } else {
        value[MQC_DEVICE_AT(STATES)] = mqc_fit_states(device, work->value[MQC_DEVICE_AT(STEP)]);
    }
    if (device->ops->model == MEMQC_DEVICE_TABLE)
        set_table(work, device);
    return device->ops->prepare(device, "memqc_device_fit");
}
