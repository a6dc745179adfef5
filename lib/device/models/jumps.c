/* SPDX-License-Identifier: BSD-3-Clause */
/* Measured jumps: the distribution of the change of conductance by one pulse, given the conductance
 * before it, for each direction, as quantiles at the nodes of a grid. A pulse draws u from the
 * uniform numbers and moves the cell by the quantile at u: inverse transform, bilinear in g and u.
 * Data of this form: Sandia's cross-sim-data, lookup_tables.
 *
 * The response curve that programming follows is the course of the mean jump. */
#include "device/models/jumps.h"
#include "core/error.h"
#include "device/models/jump_pairs.h"
#include "device/models/jump_tables.h"
#include "device/models/models.h"
#include "device/models/pulsed.h"

#include <math.h>
#include <string.h>

static struct mqc_step_law law(const memqc_device *d, int down) {
    const struct mqc_step_law w = {1, 0}; /* the tables hold siemens */
    (void)d, (void)down;
    return w;
}

/* The mean over the tables of a value of each node, linear between the nodes. */
static double at(const memqc_device *d, const double *of_rows, int down, double g) {
    const struct mqc_jumps *jumps = d->jumps;
    double sum = 0;
    size_t row = 0;
    for (size_t k = 0; k < 2 * jumps->n; k++) {
        const struct mqc_jump_table *t = &jumps->table[k];
        const float *node = jumps->block + t->g_at;
        int32_t i = 0;
        while (i < t->n_g && (double)node[i] <= g)
            i++;
        if (k % 2 == (size_t)down && (i == 0 || i == t->n_g)) {
            sum += of_rows[row + (size_t)(i ? i - 1 : 0)];
        } else if (k % 2 == (size_t)down) {
            const double below = (double)node[i - 1],
                         part = (g - below) / ((double)node[i] - below);
            const double low = of_rows[row + (size_t)i - 1], high = of_rows[row + (size_t)i];
            sum += low + part * (high - low);
        }
        row += (size_t)t->n_g;
    }
    return sum / (double)jumps->n;
}

static double shape(const memqc_device *d, int down, double y, double g) {
    const double mean = at(d, d->jumps->mean, down, g);
    (void)y;
    return down ? -mean : mean;
}

static double scatter(const memqc_device *d, int down, double g) {
    return d->law[down].step * sqrt(at(d, d->jumps->variance, down, g));
}

/* A new device jumps by half a quantum of conductance, without noise. */
static memqc_status prepare(memqc_device *d, const char *function) {
    const float step = (float)mqc_key_row(&mqc_device_keys, MEMQC_DEVICE_STEP)->initial, zero = 0;
    for (int down = 0; down < 2 && (down || !d->jumps); down++) {
        const float quantiles[] = {down ? -step : step, down ? -step : step};
        const struct mqc_jump_rows rows = {0, down, 1, 2, &zero, quantiles};
        MQC_TRY(mqc_jumps_replace(d, &rows));
    }
    return mqc_pulsed_prepare(d, function);
}

/* --- the caller's tables --- */

static memqc_status check_access(const memqc_device *device, const char *function, size_t table,
                                 size_t tables, int32_t direction) {
    if (device->ops != &mqc_device_jumps)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: the device is of the model \"%s\"; only \"jumps\" has tables of jumps",
                        function, device->ops->name);
    if (table >= tables)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: table = %zu; allowed is 0 .. %zu", function,
                        table, tables - 1);
    if (direction != 1 && direction != -1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: direction = %d; allowed is 1 (potentiation) or -1 (depression)",
                        function, (int)direction);
    return MEMQC_OK;
}

static memqc_status check_nodes(const char *function, size_t n, const float *g) {
    if (n < 1 || n > MEMQC_DEVICE_TABLE_NODES)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: n_g = %zu nodes; allowed is 1 .. %d", function,
                        n, (int)MEMQC_DEVICE_TABLE_NODES);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(g[i]) || g[i] < 0)
            return mqc_fail(MEMQC_ERROR_DATA,
                            "%s: g[%zu] = %g S; allowed is any finite value from 0 on", function, i,
                            (double)g[i]);
        if (i > 0 && g[i] <= g[i - 1])
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "%s: g[%zu] = %g S is not above g[%zu] = %g S; nodes must rise",
                            function, i, (double)g[i], i - 1, (double)g[i - 1]);
    }
    return MEMQC_OK;
}

static memqc_status check_quantiles(const char *function, size_t n_g, size_t n_q, const float *q) {
    if (n_q < 2 || n_q > MEMQC_DEVICE_JUMP_QUANTILES)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: n_q = %zu quantiles; allowed is 2 .. %d",
                        function, n_q, (int)MEMQC_DEVICE_JUMP_QUANTILES);
    for (size_t i = 0; i < n_g * n_q; i++) {
        const size_t node = i / n_q, number = i % n_q;
        if (!(fabsf(q[i]) <= 1e3f))
            return mqc_fail(MEMQC_ERROR_DATA,
                            "%s: quantile %zu at node %zu = %g S; allowed is -1000 .. 1000 S",
                            function, number, node, (double)q[i]);
        if (number > 0 && q[i] < q[i - 1])
            return mqc_fail(MEMQC_ERROR_DATA,
                            "%s: quantile %zu at node %zu = %g S is below the one before it, %g S; "
                            "quantiles must not fall",
                            function, number, node, (double)q[i], (double)q[i - 1]);
    }
    return MEMQC_OK;
}

memqc_status memqc_device_set_jumps(memqc_device *device, size_t table, int32_t direction,
                                    size_t n_g, const float *g, size_t n_q,
                                    const float *quantiles) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(g);
    MQC_NOT_NULL(quantiles);
    const size_t most = MEMQC_DEVICE_JUMP_TABLES, have = device->jumps ? device->jumps->n : 0;
    MQC_TRY(check_access(device, __func__, table, have < most ? have + 1 : most, direction));
    MQC_TRY(check_nodes(__func__, n_g, g));
    MQC_TRY(check_quantiles(__func__, n_g, n_q, quantiles));
    const struct mqc_jump_rows rows = {table, direction < 0, (int32_t)n_g, (int32_t)n_q,
                                       g,     quantiles};
    MQC_TRY(mqc_jumps_replace(device, &rows));
    mqc_jump_pairs_free(&device->pairs);
    return MEMQC_OK;
}

memqc_status memqc_device_jumps_size(const memqc_device *device, size_t table, int32_t direction,
                                     size_t *tables, size_t *n_g, size_t *n_q) {
    MQC_NOT_NULL(device);
    MQC_TRY(check_access(device, __func__, table, device->jumps ? device->jumps->n : 1, direction));
    const struct mqc_jump_table *t = &device->jumps->table[2 * table + (direction < 0)];
    if (tables)
        *tables = device->jumps->n;
    if (n_g)
        *n_g = (size_t)t->n_g;
    if (n_q)
        *n_q = (size_t)t->n_q;
    return MEMQC_OK;
}

memqc_status memqc_device_get_jumps(const memqc_device *device, size_t table, int32_t direction,
                                    size_t room_g, float *g, size_t room_quantiles,
                                    float *quantiles) {
    MQC_NOT_NULL(device);
    MQC_TRY(check_access(device, __func__, table, device->jumps ? device->jumps->n : 1, direction));
    const struct mqc_jump_table *t = &device->jumps->table[2 * table + (direction < 0)];
    const size_t n_g = (size_t)t->n_g, n = n_g * (size_t)t->n_q;
    if ((g && room_g < n_g) || (quantiles && room_quantiles < n))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: room_g = %zu, room_quantiles = %zu; the table has %zu nodes and %zu "
                        "quantiles in all",
                        __func__, room_g, room_quantiles, n_g, n);
    if (g)
        memcpy(g, device->jumps->block + t->g_at, n_g * sizeof *g);
    if (quantiles)
        memcpy(quantiles, device->jumps->block + t->q_at, n * sizeof *quantiles);
    return MEMQC_OK;
}

const struct mqc_device_ops mqc_device_jumps = {
    MQC_PULSED("jumps", MEMQC_DEVICE_JUMPS),
    .prepare = prepare,
    .kind = MQC_PULSE_JUMPS,
    .law = law,
    .shape = shape,
    .scatter = scatter,
};
