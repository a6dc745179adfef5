/* SPDX-License-Identifier: BSD-3-Clause */
/* A device from fitted values. Called by fit.c. */
#include "fit/build.h"

#include <math.h>

/* Pulse numbers of the ramp and of the measured widths, for another number of levels than 32. */
static void scale_pulses(memqc_device *d, double levels) {
    double *v = d->value;
    v[MEMQC_DEVICE_STATES] = v[MEMQC_DEVICE_PULSES] = levels;
    v[MEMQC_DEVICE_PULSE_EARLY] = fmax(1, floor(v[MEMQC_DEVICE_PULSE_EARLY] * levels / 32));
    v[MEMQC_DEVICE_PULSE_LATE] = fmin(levels, ceil(v[MEMQC_DEVICE_PULSE_LATE] * levels / 32));
    v[MEMQC_DEVICE_RAMP_KNEE_PULSE] =
        fmin(fmax(2, rint(v[MEMQC_DEVICE_RAMP_KNEE_PULSE] * levels / 32)), levels - 1);
    v[MEMQC_DEVICE_K] = fmin(v[MEMQC_DEVICE_K], 1 / levels);
}

static void set_table(const struct mqc_fit_work *f, memqc_device *d) {
    const struct mqc_fit_problem *p = f->problem;
    for (int down = 0; down < 2; down++) {
        const int from = p->n_nodes[down] > 0 ? down : !down;
        d->table[down].n = p->n_nodes[from];
        for (int i = 0; i < p->n_nodes[from]; i++) {
            d->table[down].g[i] = (float)p->node_g[from][i];
            d->table[down].step[i] =
                (float)p->theta[MQC_FIT_NODES + from * MQC_FIT_TABLE_NODES + i];
        }
    }
}

memqc_status mqc_fit_build(const struct mqc_fit_work *f, memqc_device *d) {
    double *v = d->value;
    const int up = f->data.pulses[0] < 4, down = f->data.pulses[1] >= 4;
    for (int32_t key = 1; key < MQC_FIT_KEYS; key++) {
        const struct mqc_param *param = &mqc_device_params.param[key - 1];
        if (key != MEMQC_DEVICE_STEP && f->value[key] != 0)
            v[key] = fmin(fmax(f->value[key], param->min), param->max);
    }
    v[MEMQC_DEVICE_G_MIN] = fmax(f->value[MEMQC_DEVICE_G_MIN], 0);
    v[MEMQC_DEVICE_K] = f->value[MEMQC_DEVICE_K];
    if (d->ops->model == MEMQC_DEVICE_QUANTIZED) {
        scale_pulses(d, f->data.levels);
    } else if (d->ops->model == MEMQC_DEVICE_TABLE || d->ops->model == MEMQC_DEVICE_NEUROSIM) {
        v[MEMQC_DEVICE_PULSES_UP] = f->data.pulses[up];
        v[MEMQC_DEVICE_PULSES_DOWN] = f->data.pulses[down];
        v[MEMQC_DEVICE_STATES] = fmin(fmax(2, f->data.pulses[up] + 1), 4096);
    } else {
        const double states =
            (v[MEMQC_DEVICE_G_MAX] - v[MEMQC_DEVICE_G_MIN]) / f->value[MEMQC_DEVICE_STEP] + 1;
        v[MEMQC_DEVICE_STATES] = fmin(fmax(2, states), 4096);
    }
    if (d->ops->model == MEMQC_DEVICE_TABLE)
        set_table(f, d);
    return d->ops->prepare(d);
}
