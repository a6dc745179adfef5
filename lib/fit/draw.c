/* SPDX-License-Identifier: BSD-3-Clause */
/* memqc_device_fit_draw(): devices from the posterior of a fit. A draw out of the bounds of the
 * parameters is drawn again, so that the posterior is the normal one, cut at the bounds. */
#include "core/error.h"
#include "device/cell/check.h"
#include "fit/build.h"
#include "fit/jumps_device.h"
#include "fit/levels_draw.h"
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

/* What is drawn, and from what. */
struct posterior {
    const memqc_device *device;
    uint64_t draw;
    struct mqc_levels_draw *levels; /* or NULL */
};

/* The device, moved from the fit by share times root z. Is it one? */
static int moved(const struct posterior *from, const struct mqc_rng *rng, double share,
                 memqc_device *out) {
    const struct mqc_fit_posterior *const posterior = &from->device->fit.posterior;
    float z[MQC_FIT_DRAWN];
    int good = 1;
    mqc_rng_kernels()->normal(rng, 0, from->draw, MQC_FIT_DRAWN, z);
    mqc_device_assign(out, from->device);
    for (int i = 0; i < posterior->n; i++) {
        const double *const row = posterior->root + i * (i + 1) / 2;
        double change = 0;
        for (int j = 0; j <= i; j++)
            change += row[j] * (double)z[j];
        good &= put(out, posterior->what[i], posterior->value[i], share * change);
    }
    if (good && from->levels)
        good = mqc_levels_draw(from->levels, from->device, rng, from->draw, share, out);
    if (!good)
        return 0;
    if (has_steps(out) && mqc_device_states(out) == posterior->states)
        out->value[MQC_DEVICE_AT(STATES)] = mqc_fit_states(out, out->value[MQC_DEVICE_AT(STEP)]);
    return out->ops->prepare(out, "memqc_device_fit_draw") == MEMQC_OK &&
           mqc_device_check_effects(out, "memqc_device_fit_draw") == MEMQC_OK;
}

/* A draw that is a device; where the bounds leave almost none, one that is pulled towards the fit. */
static void draw_moved(const struct posterior *from, uint64_t seed, memqc_device *out) {
    struct mqc_rng rng = mqc_rng_make(seed, MQC_STREAM_POSTERIOR);
    double share = 1;
    for (uint32_t attempt = 0; attempt < ATTEMPTS; attempt++) {
        rng = mqc_rng_make(seed, MQC_STREAM_ATTEMPT(MQC_STREAM_POSTERIOR, attempt));
        if (moved(from, &rng, share, out))
            return;
    }
    for (int i = 0; i < HALVINGS; i++) {
        share *= 0.5;
        if (moved(from, &rng, share, out))
            return;
    }
    mqc_device_assign(out, from->device);
}

memqc_status memqc_device_fit_draw(const memqc_device *device, uint64_t seed, uint64_t draw,
                                   memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(device);
    if (device->fit.taken == 0)
        return mqc_fail(MEMQC_ERROR_STATE, "%s: the device was not made by memqc_device_fit()",
                        __func__);
    struct posterior from = {device, draw, NULL};
    memqc_device *drawn = NULL;
    memqc_status status = mqc_levels_draw_make(device, &from.levels);
    if (status == MEMQC_OK && device->fit.posterior.n == 0 && !from.levels && !device->pairs)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: the fit knows no standard error of this device's parameters",
                        __func__);
    if (status == MEMQC_OK)
        status = memqc_device_copy(device, &drawn);
    if (status == MEMQC_OK && device->pairs)
        status = mqc_jumps_draw(device, seed, draw, drawn);
    else if (status == MEMQC_OK)
        draw_moved(&from, seed, drawn);
    if (status != MEMQC_OK)
        memqc_device_destroy(&drawn);
    mqc_levels_draw_free(&from.levels);
    *out = drawn;
    return status;
}
