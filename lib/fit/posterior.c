/* SPDX-License-Identifier: BSD-3-Clause */
/* The asymptotic posterior of a fit: normal around the estimates, with the inverse of the observed
 * information as covariance. The parameters of several devices are means with weights, so that
 * their covariance is the weighted sum of the single ones; what differs from device to device adds
 * to the variances. Called by combine.c and fit.c. */
#include "fit/posterior.h"
#include "fit/parts.h"
#include "fit/report.h"

#include <math.h>

static const int32_t told[MQC_FIT_TOLD_KEYS] = {
    MEMQC_DEVICE_G_MAX,
    MEMQC_DEVICE_G_MIN,
    MEMQC_DEVICE_SIGMA,
    MEMQC_DEVICE_K,
    MEMQC_DEVICE_STEP,
    MEMQC_DEVICE_ASYMMETRY,
    MEMQC_DEVICE_SLOPE_UP,
    MEMQC_DEVICE_SLOPE_DOWN,
    MEMQC_DEVICE_GAMMA_UP,
    MEMQC_DEVICE_GAMMA_DOWN,
    MEMQC_DEVICE_A_UP,
    MEMQC_DEVICE_A_DOWN,
    MEMQC_DEVICE_POWER_UP,
    MEMQC_DEVICE_POWER_DOWN,
    MEMQC_DEVICE_NL_UP,
    MEMQC_DEVICE_NL_DOWN,
    MEMQC_DEVICE_C2C_ABSOLUTE,
    MEMQC_DEVICE_C2C_RELATIVE,
    MEMQC_DEVICE_C2C_STEP,
    MEMQC_DEVICE_READ_NOISE,
    MEMQC_DEVICE_READ_NOISE_RELATIVE,
    MEMQC_DEVICE_READ_NOISE_SLOW,
    MEMQC_DEVICE_READ_NOISE_CORRELATION,
};

/* Spreads over devices and correlations of the noise, which the fit estimates one by one. */
static const int32_t spreads[] = {
    MEMQC_DEVICE_D2D_G_MAX, MEMQC_DEVICE_D2D_G_MIN,         MEMQC_DEVICE_D2D_STEP,
    MEMQC_DEVICE_D2D_NOISE, MEMQC_DEVICE_CYCLE_CORRELATION, MEMQC_DEVICE_SET_RESET_CORRELATION};

enum { SPREADS = sizeof spreads / sizeof *spreads, ALL = MQC_FIT_TOLD + SPREADS };

static size_t index_of(int32_t key) {
    return (size_t)(key - MEMQC_DEVICE_MODEL);
}

/* Derivative of what is told, by its place, by a free parameter. */
static double slope_of(const struct mqc_fit_problem *problem,
                       double slope[MQC_FIT_MOST_FREE][MQC_FIT_KEYS], int free_one, int place) {
    if (place < MQC_FIT_TOLD_KEYS)
        return slope[free_one][index_of(told[place])];
    const int node = place - MQC_FIT_TOLD_KEYS, down = node / MQC_FIT_TABLE_NODES,
              from = problem->n_nodes[down] > 0 ? down : !down;
    const int which = MQC_FIT_NODES + from * MQC_FIT_TABLE_NODES + node % MQC_FIT_TABLE_NODES;
    return problem->fitted[free_one] == which;
}

void mqc_fit_tell(const struct mqc_fit_problem *problem,
                  double slope[MQC_FIT_MOST_FREE][MQC_FIT_KEYS], double *covariance) {
    const int n = problem->n_free;
    double by[MQC_FIT_MOST_FREE][MQC_FIT_TOLD], row[MQC_FIT_MOST_FREE];
    for (int j = 0; j < n; j++)
        for (int a = 0; a < MQC_FIT_TOLD; a++)
            by[j][a] = slope_of(problem, slope, j, a);
    for (int a = 0; a < MQC_FIT_TOLD; a++) {
        for (int k = 0; k < n; k++) {
            row[k] = 0;
            for (int j = 0; j < n; j++)
                row[k] += by[j][a] * problem->covariance[j][k];
        }
        for (int b = 0; b < MQC_FIT_TOLD; b++) {
            double sum = 0;
            for (int k = 0; k < n; k++)
                sum += row[k] * by[k][b];
            covariance[a * MQC_FIT_TOLD + b] = sum;
        }
    }
}

/* What a device's part weighs in the model. */
static double influence(const struct mqc_fit_work *work, size_t parts, size_t part, int place) {
    if (parts == 1 || place >= MQC_FIT_TOLD_KEYS)
        return 1;
    return work->influence[part * MQC_FIT_KEYS + index_of(told[place])];
}

static double covariance_of(const struct mqc_fit_work *work, size_t parts, int a, int b) {
    double sum = 0;
    if (a >= MQC_FIT_TOLD || b >= MQC_FIT_TOLD) {
        const double error =
            a == b ? work->report.standard_error[index_of(spreads[a - MQC_FIT_TOLD])] : 0;
        return error * error;
    }
    for (size_t part = 0; part < parts; part++)
        sum +=
            influence(work, parts, part, a) * influence(work, parts, part, b) *
            work->covariance[part * MQC_FIT_TOLD * MQC_FIT_TOLD + (size_t)(a * MQC_FIT_TOLD + b)];
    if (a == b && a < MQC_FIT_TOLD_KEYS) {
        const double error = work->report.standard_error[index_of(told[a])];
        return fmax(sum, error * error);
    }
    return sum;
}

/* Place in the values of the device, or of the steps of its table; -1: it does not have that. */
static int32_t place_in(const memqc_device *device, int told_place) {
    const int32_t model = device->ops->model;
    if (told_place >= MQC_FIT_TOLD)
        return spreads[told_place - MQC_FIT_TOLD] - MEMQC_DEVICE_MODEL;
    if (told_place < MQC_FIT_TOLD_KEYS) {
        const int32_t key = told[told_place];
        const int of_levels =
            key == MEMQC_DEVICE_G_MAX || key == MEMQC_DEVICE_G_MIN || key == MEMQC_DEVICE_SIGMA;
        const int is_view = (key == MEMQC_DEVICE_STEP && device->ops->set_step) ||
                            (device->ladder && of_levels); /* see levels_draw.c */
        return mqc_device_model_uses(model, key) && !is_view ? key - MEMQC_DEVICE_MODEL : -1;
    }
    const int node = told_place - MQC_FIT_TOLD_KEYS;
    const int has = model == MEMQC_DEVICE_TABLE &&
                    node % MQC_FIT_TABLE_NODES < device->table[node / MQC_FIT_TABLE_NODES].n;
    return has ? MQC_FIT_PLACE_STEP + node : -1;
}

static double value_at(const memqc_device *device, int32_t place) {
    const int node = place - MQC_FIT_PLACE_STEP;
    if (node < 0)
        return device->value[place];
    return (double)device->table[node / MQC_FIT_TABLE_NODES].step[node % MQC_FIT_TABLE_NODES];
}

/* The root of the covariance, by Cholesky; what others determine has nothing of its own. */
static void take_root(int n, double covariance[MQC_FIT_DRAWN][MQC_FIT_DRAWN], double *root) {
    for (int i = 0; i < n; i++) {
        double *const row = root + i * (i + 1) / 2;
        for (int j = 0; j <= i; j++) {
            const double *const other = root + j * (j + 1) / 2;
            double rest = covariance[i][j];
            for (int k = 0; k < j; k++)
                rest -= row[k] * other[k];
            if (j < i)
                row[j] = other[j] > 0 ? rest / other[j] : 0;
            else
                row[i] = rest > 1e-9 * covariance[i][i] ? sqrt(rest) : 0;
        }
    }
}

/* Correlations that are not significant are not part of the model. */
static int is_open(const struct mqc_fit_work *work, const memqc_device *device, size_t parts,
                   int told_place) {
    const int32_t key = told_place < MQC_FIT_TOLD ? 0 : spreads[told_place - MQC_FIT_TOLD];
    const int correlation =
        key == MEMQC_DEVICE_CYCLE_CORRELATION || key == MEMQC_DEVICE_SET_RESET_CORRELATION;
    return place_in(device, told_place) >= 0 &&
           covariance_of(work, parts, told_place, told_place) > 0 &&
           !(correlation && work->value[index_of(key)] == 0);
}

void mqc_fit_posterior(struct mqc_fit_work *work, const memqc_device *device) {
    struct mqc_fit_posterior *const posterior = &work->report.posterior;
    const size_t parts = mqc_fit_parts(work, mqc_fit_candidates[work->report.taken - 1]);
    int kept[MQC_FIT_DRAWN], n = 0;
    double covariance[MQC_FIT_DRAWN][MQC_FIT_DRAWN];
    for (int a = 0; a < ALL && n < MQC_FIT_DRAWN; a++)
        if (is_open(work, device, parts, a))
            kept[n++] = a;
    for (int i = 0; i < n; i++) {
        posterior->what[i] = place_in(device, kept[i]);
        posterior->value[i] = value_at(device, posterior->what[i]);
        for (int j = 0; j < n; j++)
            covariance[i][j] = covariance_of(work, parts, kept[i], kept[j]);
    }
    posterior->n = n;
    posterior->states = mqc_device_states(device);
    take_root(n, covariance, posterior->root);
}
