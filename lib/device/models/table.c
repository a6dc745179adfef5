/* SPDX-License-Identifier: BSD-3-Clause */
/* A measured step as a function of the conductance, on any grid, for each direction: linear between
 * the nodes, constant beyond the first and the last. What a user's own pulse data give without any
 * equation: bin the steps by the conductance before the pulse and take their means. */
#include "core/error.h"
#include "device/models/models.h"
#include "device/models/pulsed.h"

#include <math.h>
#include <string.h>

static struct mqc_step_law law(const memqc_device *d, int down) {
    const struct mqc_step_law w = {1, 1}; /* the nodes hold siemens */
    (void)d, (void)down;
    return w;
}

static double shape(const memqc_device *d, int down, double y, double g) {
    const struct mqc_table *t = &d->table[down];
    (void)y;
    int32_t i = 0;
    if (g <= (double)t->g[0])
        return (double)t->step[0];
    while (i < t->n && (double)t->g[i] <= g)
        i++;
    if (i == t->n)
        return (double)t->step[t->n - 1];
    const double part = (g - (double)t->g[i - 1]) / ((double)t->g[i] - (double)t->g[i - 1]);
    return (double)t->step[i - 1] + part * ((double)t->step[i] - (double)t->step[i - 1]);
}

/* A new table device steps as a new constant one does. */
static memqc_status prepare(memqc_device *d, const char *function) {
    for (int down = 0; down < 2; down++) {
        if (d->table[down].n > 0)
            continue;
        d->table[down].n = 1;
        d->table[down].g[0] = 0;
        d->table[down].step[0] = (float)mqc_key_row(&mqc_device_keys, MEMQC_DEVICE_STEP)->initial;
    }
    return mqc_pulsed_prepare(d, function);
}

static memqc_status check_access(const memqc_device *device, const char *function,
                                 int32_t direction) {
    if (device->ops != &mqc_device_table)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: the device is of the model \"%s\"; only \"table\" has nodes", function,
                        device->ops->name);
    if (direction != 1 && direction != -1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: direction = %d; allowed is 1 (potentiation) or -1 (depression)",
                        function, (int)direction);
    return MEMQC_OK;
}

memqc_status memqc_device_set_table(memqc_device *device, int32_t direction, size_t n,
                                    const float *g, const float *step) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(g);
    MQC_NOT_NULL(step);
    MQC_TRY(check_access(device, __func__, direction));
    if (n < 1 || n > MQC_TABLE_NODES)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: n = %zu nodes; allowed is 1 .. %d", __func__, n,
                        (int)MQC_TABLE_NODES);
    for (size_t i = 0; i < n; i++) {
        const float *const both[] = {g, step};
        for (int j = 0; j < 2; j++)
            if (!isfinite(both[j][i]) || both[j][i] < 0)
                return mqc_fail(MEMQC_ERROR_DATA,
                                "%s: %s[%zu] = %g S; allowed is any finite value from 0 on",
                                __func__, j ? "step" : "g", i, (double)both[j][i]);
        if (i > 0 && g[i] <= g[i - 1])
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "%s: g[%zu] = %g S is not above g[%zu] = %g S; nodes must rise",
                            __func__, i, (double)g[i], i - 1, (double)g[i - 1]);
    }
    struct mqc_table *table = &device->table[direction < 0];
    table->n = (int32_t)n;
    memcpy(table->g, g, n * sizeof *g);
    memcpy(table->step, step, n * sizeof *step);
    return MEMQC_OK;
}

memqc_status memqc_device_get_table(const memqc_device *device, int32_t direction, size_t room,
                                    float *g, float *step, size_t *n) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(n);
    MQC_TRY(check_access(device, __func__, direction));
    const struct mqc_table *table = &device->table[direction < 0];
    *n = (size_t)table->n;
    if (room == 0)
        return MEMQC_OK;
    if (room < *n)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: room = %zu; the table has %zu nodes", __func__,
                        room, *n);
    if (g)
        memcpy(g, table->g, *n * sizeof *g);
    if (step)
        memcpy(step, table->step, *n * sizeof *step);
    return MEMQC_OK;
}

const struct mqc_device_ops mqc_device_table = {
    MQC_PULSED("table", MEMQC_DEVICE_TABLE),
    .prepare = prepare,
    .kind = MQC_PULSE_TABLE,
    .law = law,
    .shape = shape,
    .vary = mqc_pulsed_vary_not,
};
