/* SPDX-License-Identifier: BSD-3-Clause */
/* What the data leave open of tables of jumps: fits of cycles drawn with replacement (bootstrap;
 * Efron, Ann. Stat. 7 (1979) 1), at the nodes and with the neighbourhoods of the fit. */
#include <memqc/device_measured.h>
#include <memqc/fit.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/order.h"
#include "device/models/jump_pairs.h"
#include "device/models/jump_tables.h"
#include "device/models/jumps.h"
#include "fit/jumps_device.h"
#include "rng/rng.h"

#include <math.h>
#include <string.h>

enum { BANDS = 200, FIRST_GROUP = 1 << 20 };

/* Bands hold the truth in 19 of 20. */
static const double beyond_band = 0.025;

/* Room for fits of one device's pairs. */
struct room {
    const struct mqc_jump_pairs *pairs;
    size_t *order;
    double *change, *share;
    float *weight, *uniform;
    uint32_t *times; /* of each group */
    struct mqc_jump_curve curve;
};

static void free_room(struct room *room) {
    mqc_free(room->order);
    mqc_free(room->change);
    mqc_free(room->weight);
    mqc_free(room->times);
    mqc_free(room->curve.g);
}

/* The most groups of a table, and the largest direction of the device's tables. */
static memqc_status make_room(const memqc_device *device, struct room *room) {
    const struct mqc_jump_pairs *pairs = device->pairs;
    const size_t n = pairs->n;
    size_t groups = 0, numbers = 0;
    memset(room, 0, sizeof *room);
    for (size_t t = 0; t < pairs->tables; t++)
        groups = pairs->groups[t] > groups ? pairs->groups[t] : groups;
    for (size_t k = 0; k < 2 * pairs->tables; k++) {
        const struct mqc_jump_table *t = &device->jumps->table[k];
        const size_t here = (size_t)t->n_g * (size_t)t->n_q;
        numbers = here > numbers ? here : numbers;
    }
    room->pairs = pairs;
    room->order = mqc_alloc(n, sizeof *room->order);
    room->change = mqc_alloc(2 * n, sizeof *room->change);
    room->weight = mqc_alloc(n + groups, sizeof *room->weight);
    room->times = mqc_alloc(groups, sizeof *room->times);
    room->curve.g = mqc_alloc(MEMQC_DEVICE_TABLE_NODES + numbers, sizeof *room->curve.g);
    if (!room->order || !room->change || !room->weight || !room->times || !room->curve.g) {
        free_room(room);
        return MEMQC_ERROR_NOMEM;
    }
    room->share = room->change + n;
    room->uniform = room->weight + n;
    room->curve.quantiles = room->curve.g + MEMQC_DEVICE_TABLE_NODES;
    return MEMQC_OK;
}

/* Draws the groups of a table, and with them the weights of its pairs. */
static void draw_groups(struct room *room, size_t table, uint64_t seed, uint64_t draw) {
    const struct mqc_jump_pairs *pairs = room->pairs;
    const struct mqc_rng rng = mqc_rng_make(seed, MQC_STREAM_POSTERIOR);
    const size_t groups = pairs->groups[table];
    memset(room->times, 0, groups * sizeof *room->times);
    mqc_rng_kernels()->uniform(&rng, (uint64_t)(table + 1) * FIRST_GROUP, draw, groups,
                               room->uniform);
    for (size_t i = 0; i < groups; i++)
        room->times[(size_t)((double)room->uniform[i] * (double)groups)]++;
    for (size_t p = pairs->first[2 * table]; p < pairs->first[2 * table + 2]; p++)
        room->weight[p] = (float)room->times[pairs->group[p]];
}

/* The pairs of a direction; 0 where none of them was drawn. */
static int weigh(const struct room *room, size_t k, struct mqc_jump_cloud *cloud) {
    const struct mqc_jump_pairs *pairs = room->pairs;
    const size_t first = pairs->first[k];
    const struct mqc_jump_cloud all = {
        .n = pairs->first[k + 1] - first,
        .before = pairs->before + first,
        .after = pairs->after + first,
        .weight = room->weight + first,
        .low = (double)pairs->low[k / 2],
        .high = (double)pairs->high[k / 2],
        .near = (double)pairs->near[k],
        .order = room->order,
        .change = room->change,
        .share = room->share,
    };
    double sum = 0;
    *cloud = all;
    for (size_t i = 0; i < all.n; i++)
        sum += (double)all.weight[i];
    return sum > 0;
}

/* --- draws --- */

static memqc_status draw_direction(const memqc_device *device, size_t k, struct room *room,
                                   memqc_device *out) {
    const struct mqc_jump_table *t = &device->jumps->table[k];
    const float *const g = device->jumps->block + t->g_at;
    const size_t n_q = (size_t)t->n_q;
    struct mqc_jump_cloud cloud;
    if (!weigh(room, k, &cloud))
        return MEMQC_OK;
    for (size_t i = 0; i < (size_t)t->n_g; i++)
        mqc_jump_quantiles(&cloud, (double)g[i], n_q, room->curve.quantiles + i * n_q);
    const struct mqc_jump_rows rows = {k / 2, k % 2 == 1, t->n_g, t->n_q, g, room->curve.quantiles};
    return mqc_jumps_replace(out, &rows);
}

memqc_status mqc_jumps_draw(const memqc_device *device, uint64_t seed, uint64_t draw,
                            memqc_device *out) {
    const struct mqc_jump_pairs *pairs = device->pairs;
    struct room room;
    MQC_TRY(make_room(device, &room));
    memqc_status status = MEMQC_OK;
    for (size_t t = 0; t < pairs->tables && status == MEMQC_OK; t++) {
        draw_groups(&room, t, seed, draw);
        for (size_t k = 2 * t; k < 2 * t + 2 && status == MEMQC_OK; k++)
            if (pairs->near[k] > 0)
                status = draw_direction(device, k, &room, out);
        for (size_t k = 2 * t; k < 2 * t + 2 && status == MEMQC_OK; k++)
            if (pairs->near[k] == 0)
                status = mqc_jumps_mirror(t, k % 2 == 1, &room.curve, out);
    }
    free_room(&room);
    return status;
}

/* --- bands --- */

/* Quantiles of a node over the draws, in the direction that has pulses. */
static void band_of_node(struct room *room, size_t k, double g, size_t n_q, double *drawn) {
    float *const quantiles = room->curve.quantiles;
    struct mqc_jump_cloud cloud;
    for (size_t b = 0; b < BANDS; b++) {
        draw_groups(room, k / 2, 0, b);
        if (weigh(room, k, &cloud))
            mqc_jump_quantiles(&cloud, g, n_q, quantiles);
        for (size_t j = 0; j < n_q; j++)
            drawn[j * BANDS + b] = (double)quantiles[j];
    }
    for (size_t j = 0; j < n_q; j++)
        mqc_sort_values(BANDS, drawn + j * BANDS);
}

static memqc_status find_bands(const memqc_device *device, size_t k, float *low, float *high) {
    const struct mqc_jump_table *t = &device->jumps->table[k];
    const size_t n_g = (size_t)t->n_g, n_q = (size_t)t->n_q, least = (size_t)(beyond_band * BANDS),
                 most = BANDS - 1 - least;
    const int is_mirror = device->pairs->near[k] == 0;
    const struct mqc_jump_table *from = is_mirror ? &device->jumps->table[k ^ 1] : t;
    struct room room;
    double *drawn = mqc_alloc(n_q, BANDS * sizeof *drawn);
    if (!drawn)
        return MEMQC_ERROR_NOMEM;
    const memqc_status status = make_room(device, &room);
    for (size_t i = 0; i < n_g && status == MEMQC_OK; i++) {
        const float *const g = device->jumps->block + from->g_at;
        band_of_node(&room, is_mirror ? k ^ 1 : k, (double)g[i], n_q, drawn);
        for (size_t j = 0; j < n_q; j++) {
            const double *const of = drawn + j * BANDS;
            const size_t at = is_mirror ? n_g * n_q - 1 - (i * n_q + j) : i * n_q + j;
            if (low)
                low[at] = (float)(is_mirror ? -of[most] : of[least]);
            if (high)
                high[at] = (float)(is_mirror ? -of[least] : of[most]);
        }
    }
    if (status == MEMQC_OK)
        free_room(&room);
    mqc_free(drawn);
    return status;
}

memqc_status memqc_device_fit_jump_bands(const memqc_device *device, size_t table,
                                         int32_t direction, size_t room, float *low, float *high) {
    size_t n_g = 0, n_q = 0;
    MQC_NOT_NULL(device);
    if (!device->pairs)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: the device has no tables of jumps that memqc_device_fit() found",
                        __func__);
    MQC_TRY(memqc_device_jumps_size(device, table, direction, NULL, &n_g, &n_q));
    if ((low || high) && room < n_g * n_q)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: room = %zu; the table has %zu quantiles in all",
                        __func__, room, n_g * n_q);
    if (!low && !high)
        return MEMQC_OK;
    return find_bands(device, 2 * table + (direction < 0), low, high);
}
