/* SPDX-License-Identifier: BSD-3-Clause */
/* A device from fitted values. Called by fit.c. */
#include "fit/build.h"

#include <math.h>

/* Pulse numbers of the ramp and of the measured widths, for another number of levels than 32. */
static void scale_pulses(memqc_device *d, double levels) {
    double *v = d->value;
    v[MQC_DEVICE_AT(STATES)] = v[MQC_DEVICE_AT(PULSES)] = levels;
    v[MQC_DEVICE_AT(PULSE_EARLY)] = fmax(1, floor(v[MQC_DEVICE_AT(PULSE_EARLY)] * levels / 32));
    v[MQC_DEVICE_AT(PULSE_LATE)] = fmin(levels, ceil(v[MQC_DEVICE_AT(PULSE_LATE)] * levels / 32));
    v[MQC_DEVICE_AT(RAMP_KNEE_PULSE)] =
        fmin(fmax(2, rint(v[MQC_DEVICE_AT(RAMP_KNEE_PULSE)] * levels / 32)), levels - 1);
    v[MQC_DEVICE_AT(K)] = fmin(v[MQC_DEVICE_AT(K)], 1 / levels);
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
    for (size_t i = 0; i < MQC_FIT_KEYS; i++) {
        const struct mqc_key *row = &mqc_device_keys.rows[i];
        if (f->value[i] != 0)
            v[i] = fmin(fmax(f->value[i], row->min), row->max);
    }
    v[MQC_DEVICE_AT(G_MIN)] = fmax(f->value[MQC_DEVICE_AT(G_MIN)], 0);
    v[MQC_DEVICE_AT(K)] = f->value[MQC_DEVICE_AT(K)];
    if (d->ops->model == MEMQC_DEVICE_QUANTIZED) {
        scale_pulses(d, f->data.levels);
    } else if (d->ops->model == MEMQC_DEVICE_TABLE || d->ops->model == MEMQC_DEVICE_NEUROSIM) {
        v[MQC_DEVICE_AT(PULSES_UP)] = f->data.pulses[up];
        v[MQC_DEVICE_AT(PULSES_DOWN)] = f->data.pulses[down];
        v[MQC_DEVICE_AT(STATES)] = fmin(fmax(2, f->data.pulses[up] + 1), 4096);
    } else {
        const double states =
            (v[MQC_DEVICE_AT(G_MAX)] - v[MQC_DEVICE_AT(G_MIN)]) / f->value[MQC_DEVICE_AT(STEP)] + 1;
        v[MQC_DEVICE_AT(STATES)] = fmin(fmax(2, rint(states)), 4096);
    }
    if (d->ops->model == MEMQC_DEVICE_TABLE)
        set_table(f, d);
    return d->ops->prepare(d, "memqc_device_fit");
}
