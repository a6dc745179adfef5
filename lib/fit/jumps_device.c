/* SPDX-License-Identifier: BSD-3-Clause */
/* Fitted tables of jumps as those of a device. */
#include "fit/jumps_device.h"
#include "core/error.h"
#include "device/models/jump_tables.h"
#include "device/models/jumps.h"
#include "fit/jumps.h"

#include <math.h>

/* Pulses stay within what was seen, of all devices together. */
void mqc_fit_jumps_tell(struct mqc_fit_work *work) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < work->data.n; i++) {
        if (work->jumps->outlier[i])
            continue;
        low = fmin(low, work->data.rows[i].g);
        high = fmax(high, work->data.rows[i].g);
    }
    work->value[MQC_DEVICE_AT(G_MAX)] = high;
    work->value[MQC_DEVICE_AT(G_MIN)] = low;
}

/* --- tables --- */

static memqc_status put_direction(const struct mqc_fit_jumps *jumps, size_t k,
                                  memqc_device *device) {
    const struct mqc_jump_cloud cloud = mqc_jump_cloud_of(jumps, k);
    const struct mqc_jump_curve *const curve = &jumps->curve;
    const size_t n_q = mqc_jump_levels((size_t)cloud.near),
                 n_g = mqc_jump_nodes(&cloud, MEMQC_DEVICE_TABLE_NODES, curve->g);
    for (size_t i = 0; i < n_g; i++)
        mqc_jump_quantiles(&cloud, (double)curve->g[i], n_q, curve->quantiles + i * n_q);
    const struct mqc_jump_rows rows = {k / 2,        k % 2 == 1, (int32_t)n_g,
                                       (int32_t)n_q, curve->g,   curve->quantiles};
    return mqc_jumps_replace(device, &rows);
}

/* A direction without pulses is that of the other one, seen from the other end of the window. */
memqc_status mqc_jumps_mirror(size_t table, int down, struct mqc_jump_curve *room,
                              memqc_device *device) {
    const struct mqc_jump_table *from = &device->jumps->table[2 * table + (size_t)!down];
    const float *const g = device->jumps->block + from->g_at,
                       *q = device->jumps->block + from->q_at;
    const double ends = mqc_device_g_min(device) + mqc_device_g_max(device);
    const size_t n = (size_t)from->n_g, n_q = (size_t)from->n_q;
    for (size_t i = 0; i < n; i++) {
        room->g[i] = (float)fmax(ends - (double)g[n - 1 - i], 0);
        for (size_t j = 0; j < n_q; j++)
            room->quantiles[i * n_q + j] = -q[(n - 1 - i) * n_q + n_q - 1 - j];
    }
    const struct mqc_jump_rows rows = {table, down, from->n_g, from->n_q, room->g, room->quantiles};
    return mqc_jumps_replace(device, &rows);
}

/* --- levels --- */

/* Pulses of the mean course from one end of the window over most of it. */
static double count_pulses(const memqc_device *device, int down) {
    const double most = 0.9, low = mqc_device_g_min(device), high = mqc_device_g_max(device);
    double g = down ? high : low, pulses = 0;
    while (pulses < 4095 && (down ? high - g : g - low) < most * (high - low)) {
        const double step = fmax(device->ops->shape(device, down, 0, g), 0);
        if (!(step > 1e-4 * (high - low)))
            return pulses;
        g = down ? g - step : g + step;
        pulses++;
    }
    return pulses;
}

memqc_status mqc_fit_jumps_put(const struct mqc_fit_work *work, memqc_device *device) {
    struct mqc_fit_jumps *const jumps = work->jumps;
    struct mqc_jump_pairs *const pairs = jumps->pairs;
    for (size_t k = 0; k < 2 * pairs->tables; k++)
        if (pairs->near[k] > 0)
            MQC_TRY(put_direction(jumps, k, device));
    for (size_t k = 0; k < 2 * pairs->tables; k++)
        if (pairs->near[k] == 0)
            MQC_TRY(mqc_jumps_mirror(k / 2, k % 2 == 1, &jumps->curve, device));
    const double states = 1 + fmax(count_pulses(device, 0), count_pulses(device, 1));
    device->value[MQC_DEVICE_AT(STATES)] = fmin(fmax(2, states), 4096);
    mqc_jump_pairs_hold(pairs);
    device->pairs = pairs;
    return MEMQC_OK;
}
