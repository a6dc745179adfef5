/* SPDX-License-Identifier: BSD-3-Clause */
/* One candidate on one device. A fit with noise of the measurement begins from the best one so far of
 * its candidate, where that has some too: other kinds of noise change little else. */
#include "fit/parts.h"
#include "fit/filter.h"
#include "fit/report.h"
#include "fit/robust.h"

#include <math.h>
#include <string.h>

/* TABLE has too many parameters to be fitted to each device, and so have levels one by one, which
 * allow for the differences between devices themselves. */
size_t mqc_fit_parts(const struct mqc_fit_work *work, int32_t candidate) {
    const int pooled = candidate == MEMQC_DEVICE_TABLE || candidate == MEMQC_DEVICE_JUMPS ||
                       candidate == MEMQC_DEVICE_FIT_QUANTIZED_LEVELS;
    return pooled ? 1 : work->data.devices;
}

/* The drift that was taken out has an error, which is that of the window: the pulsed candidates fit what
 * is left of it. One table for several devices has none. */
static int has_drift(const struct mqc_fit_work *work, int32_t candidate) {
    return work->data.drifts && !mqc_fit_is_quantized(candidate) &&
           (candidate != MEMQC_DEVICE_TABLE || work->data.devices == 1);
}

/* A table has fewer nodes where the steps around one of many are told no better than to this part. */
static const double told_to = 0.25;

static double *found(const struct mqc_fit_work *work, int index, size_t part) {
    return work->found + ((size_t)index * work->data.devices + part) * MQC_FIT_THETA;
}

/* The slope of n readings, each with a noise s, is known to s sqrt(12 / n^3). Readings whose noise is
 * correlated by phi from one to the next say as much as independent ones of (1 + phi) / (1 - phi) times
 * the variance. */
int mqc_fit_is_coarse(const struct mqc_fit_work *work, int index) {
    const struct mqc_fit_problem *const problem = work->problem;
    const double *const theta = found(work, index, 0);
    const double phi = theta[MQC_FIT_CORRELATION], slow = theta[MQC_FIT_SLOW] * theta[MQC_FIT_SLOW],
                 relative = 0.5 * (problem->top + problem->bottom) * theta[MQC_FIT_READ_RELATIVE],
                 white = theta[MQC_FIT_READ] * theta[MQC_FIT_READ] + relative * relative,
                 variance = white + slow * (1 + phi) / (1 - phi);
    for (int down = 0; down < 2; down++) {
        const int nodes = problem->n_nodes[down];
        const double pulses = work->data.pulses[down], all = (double)work->data.moves[down];
        double step = 0;
        for (int i = 0; i < nodes; i++)
            step += theta[MQC_FIT_NODES + down * MQC_FIT_TABLE_NODES + i] / nodes;
        if (nodes > 0 && all > 0 &&
            variance * 12 * pow(nodes, 3) > pow(told_to * step * pulses, 2) * all)
            return 1;
    }
    return 0;
}

int mqc_fit_part(struct mqc_fit_work *work, int index, int noise, size_t part) {
    const int32_t candidate = mqc_fit_candidates[index];
    struct mqc_fit_problem *problem = work->problem;
    const int pooled = candidate == MEMQC_DEVICE_TABLE;
    const size_t first = pooled ? 0 : work->data.start[part];
    const size_t n = pooled ? work->data.n : work->data.start[part + 1] - first;
    memset(problem, 0, sizeof *problem);
    problem->candidate = candidate;
    problem->noise = noise | (has_drift(work, candidate) ? MQC_FIT_WITH_DRIFT : 0);
    problem->data = &work->data;
    problem->rows = work->data.rows + first;
    problem->n = n;
    problem->state = work->states;
    problem->steps = work->steps;
    problem->before = work->reals;
    problem->mean = work->reals + n;
    problem->log_sd = work->reals + 2 * n;
    problem->values = work->reals + 3 * n;
    problem->slopes = work->reals + MQC_FIT_REALS * n;
    const int has_found =
        work->found_noise[index] && !((work->found_noise[index] ^ noise) & MQC_FIT_FEW_NODES);
    if (mqc_fit_is_filtered(problem) && has_found) {
        problem->from = found(work, index, part);
        problem->from_noise = work->found_noise[index];
    }
    if (work->found_noise[MQC_FIT_LINE] == (noise & ~MQC_FIT_FEW_NODES) &&
        (!pooled || work->data.devices == 1))
        problem->line = found(work, MQC_FIT_LINE, part);
    if (!mqc_fit_run(problem))
        return 0;
    memcpy(work->trial + part * MQC_FIT_THETA, problem->theta, sizeof problem->theta);
    return 1;
}

void mqc_fit_keep(struct mqc_fit_work *work, int index, int noise) {
    const size_t n = work->data.devices * MQC_FIT_THETA;
    if (!(noise & MQC_FIT_MEASURED))
        return;
    memcpy(work->found + (size_t)index * n, work->trial, n * sizeof *work->trial);
    work->found_noise[index] = noise;
}
