/* SPDX-License-Identifier: BSD-3-Clause */
/* memqc_device_fit_draw(): devices from the posterior of a fit. A draw out of the bounds of the
 * parameters is drawn again, so that the posterior is the normal one, cut at the bounds. */
#include "core/error.h"
#include "device/cell/check.h"
#include "fit/build.h"
#include "rng/rng.h"

enum { ATTEMPTS = 1000, HALVINGS = 60 };

static int set_node(memqc_device *device, int node, double fitted, double change) {
    struct mqc_table *const table = &device->table[node / MQC_FIT_TABLE_NODES];
    const int at = node % MQC_FIT_TABLE_NODES;
    if (at >= table->n || (double)table->step[at] != fitted)
        return 1;
    table->step[at] = (float)(fitted + change);
    return table->step[at] > 0;
}

/* Puts a fitted parameter into a device; one that was set since stays. Is it within its range? */
static int put(memqc_device *device, int32_t place, double fitted, double change) {
    if (place >= MQC_FIT_PLACE_STEP)
        return set_node(device, place - MQC_FIT_PLACE_STEP, fitted, change);
    const struct mqc_key *const row = &mqc_device_keys.rows[place];
    if (device->value[place] != fitted)
        return 1;
    device->value[place] = fitted + change;
    return fitted + change >= row->min && fitted + change <= row->max;
}

/* Do levels follow from the size of a step, as the fit made them? */
static int has_steps(const memqc_device *device) {
    const int32_t model = device->ops->model;
    return device->ops->pulsed && model != MEMQC_DEVICE_TABLE && model != MEMQC_DEVICE_NEUROSIM;
}

/* The device, moved from the fit by share times root z. Is it one? */
static int moved(const memqc_device *device, const float *z, double share, memqc_device *out) {
    const struct mqc_fit_posterior *const posterior = &device->fit.posterior;
    int good = 1;
    mqc_device_assign(out, device);
    for (int i = 0; i < posterior->n; i++) {
        const double *const row = posterior->root + i * (i + 1) / 2;
        double change = 0;
        for (int j = 0; j <= i; j++)
            change += row[j] * (double)z[j];
        good &= put(out, posterior->what[i], posterior->value[i], share * change);
    }
    if (!good)
        return 0;
    if (has_steps(device) && mqc_device_states(device) == posterior->states)
        out->value[MQC_DEVICE_AT(STATES)] = mqc_fit_states(out, out->value[MQC_DEVICE_AT(STEP)]);
    return out->ops->prepare(out, "memqc_device_fit_draw") == MEMQC_OK &&
           mqc_device_check_effects(out, "memqc_device_fit_draw") == MEMQC_OK;
}

/* A draw that is a device; where the bounds leave almost none, one that is pulled towards the fit. */
static void draw_moved(const memqc_device *device, uint64_t seed, uint64_t draw,
                       memqc_device *out) {
    float z[MQC_FIT_DRAWN];
    double share = 1;
    for (uint32_t attempt = 0; attempt < ATTEMPTS; attempt++) {
        const struct mqc_rng rng =
            mqc_rng_make(seed, MQC_STREAM_ATTEMPT(MQC_STREAM_POSTERIOR, attempt));
        mqc_rng_kernels()->normal(&rng, 0, draw, MQC_FIT_DRAWN, z);
        if (moved(device, z, share, out))
            return;
    }
    for (int i = 0; i < HALVINGS; i++) {
        share *= 0.5;
        if (moved(device, z, share, out))
            return;
    }
    mqc_device_assign(out, device);
}

memqc_status memqc_device_fit_draw(const memqc_device *device, uint64_t seed, uint64_t draw,
                                   memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(device);
    if (device->fit.taken == 0)
        return mqc_fail(MEMQC_ERROR_STATE, "%s: the device was not made by memqc_device_fit()",
                        __func__);
    if (device->fit.posterior.n == 0)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: the fit knows no standard error of this device's parameters",
                        __func__);
    memqc_device *drawn = NULL;
    MQC_TRY(memqc_device_copy(device, &drawn));
    draw_moved(device, seed, draw, drawn);
    *out = drawn;
    return MEMQC_OK;
}
