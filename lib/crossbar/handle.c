/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle: making, parameters, reading back. */
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/array.h"
#include "crossbar/array/params.h"
#include "crossbar/cells/room.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/read/params.h"
#include "crossbar/read/readout.h"
#include "crossbar/update/update.h"

#include <string.h>

static const size_t most_cells = (size_t)1 << 30;

/* Keys whose first values are those of the device. */
static const struct {
    int32_t key, device;
} of_device[] = {
    {MEMQC_CROSSBAR_READ_VOLTAGE, MEMQC_DEVICE_READ_VOLTAGE},
    {MEMQC_CROSSBAR_IV_NONLINEARITY, MEMQC_DEVICE_IV_NONLINEARITY},
    {MEMQC_CROSSBAR_READ_NOISE, MEMQC_DEVICE_READ_NOISE},
    {MEMQC_CROSSBAR_READ_NOISE_RELATIVE, MEMQC_DEVICE_READ_NOISE_RELATIVE},
};

memqc_status memqc_crossbar_create(const memqc_device *device, size_t rows, size_t cols,
                                   memqc_crossbar **out) {
    memqc_status status;
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(device);
    if (rows < 1 || cols < 1 || rows > most_cells / cols)
        return mqc_fail(
            MEMQC_ERROR_ARGUMENT,
            "memqc_crossbar_create: %zu rows x %zu cols; allowed is 1 x 1 or more, rows x cols "
            "<= 2^30",
            rows, cols);
    memqc_crossbar *xb = mqc_alloc(1, sizeof *xb);
    if (!xb)
        return MEMQC_ERROR_NOMEM;
    if ((status = memqc_device_copy(device, &xb->device)) != MEMQC_OK) {
        memqc_crossbar_destroy(&xb);
        return status;
    }
    xb->shape.rows = rows;
    xb->shape.cols = cols;
    xb->shape.cells = rows * cols;
    for (int32_t key = 1; key <= MQC_CROSSBAR_KEYS; key++)
        xb->value[key] = mqc_crossbar_params.param[key - 1].initial;
    for (size_t i = 0; i < sizeof of_device / sizeof *of_device; i++)
        xb->value[of_device[i].key] = xb->device->value[of_device[i].device];
    *out = xb;
    return MEMQC_OK;
}

void memqc_crossbar_destroy(memqc_crossbar **crossbar) {
    if (!crossbar || !*crossbar)
        return;
    memqc_crossbar *xb = *crossbar;
    memqc_device_destroy(&xb->device);
    memqc_crossbar_destroy(&xb->update.fast);
    mqc_update_free(&xb->update);
    mqc_crossbar_free_state(xb);
    mqc_readout_free(&xb->readout);
    mqc_free(xb);
    *crossbar = NULL;
}

/* Keys that only some normalizations use. */
static memqc_status check_use(const memqc_crossbar *xb, int32_t key, double value) {
    const int fixed = xb->value[MEMQC_CROSSBAR_NORMALIZATION] == MEMQC_CROSSBAR_NORMALIZATION_FIXED;
    if (key == MEMQC_CROSSBAR_W_MAX && !fixed)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_crossbar_set: w_max = %g would be without effect: only "
                        "NORMALIZATION_FIXED uses it",
                        value);
    if (key == MEMQC_CROSSBAR_CLIP_PERCENTILE && fixed && value < 100)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_crossbar_set: clip_percentile = %g %% would be without effect: "
                        "NORMALIZATION_FIXED does not use it; set normalization first",
                        value);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_set(memqc_crossbar *crossbar, int32_t key, double value) {
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_params_check(&mqc_crossbar_params, key, value));
    if (key >= MQC_CROSSBAR_READING)
        return mqc_readout_set(crossbar, key, value);
    if (crossbar->programmed && key <= MQC_CROSSBAR_SETTLED)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "memqc_crossbar_set: %s = %g: the array is programmed, which settled it",
                        mqc_crossbar_params.param[key - 1].name, value);
    MQC_TRY(check_use(crossbar, key, value));
    const double before = crossbar->value[key];
    crossbar->value[key] = value;
    const memqc_status status = mqc_mapping_check(crossbar);
    if (status != MEMQC_OK)
        crossbar->value[key] = before;
    return status;
}

memqc_status memqc_crossbar_get(const memqc_crossbar *crossbar, int32_t key, double *value) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(value);
    MQC_TRY(mqc_params_known(&mqc_crossbar_params, key));
    *value = crossbar->value[key];
    if (key != MEMQC_CROSSBAR_W_MAX ||
        crossbar->value[MEMQC_CROSSBAR_NORMALIZATION] == MEMQC_CROSSBAR_NORMALIZATION_FIXED)
        return MEMQC_OK;
    *value = 0;
    const size_t scales = mqc_crossbar_by_column(crossbar) ? crossbar->shape.cols : 1;
    for (size_t j = 0; crossbar->programmed && j < scales; j++)
        *value = (double)crossbar->weights.scale[j] > *value ? (double)crossbar->weights.scale[j]
                                                             : *value;
    return MEMQC_OK;
}

memqc_status memqc_crossbar_key(const char *name, int32_t *key) {
    MQC_NOT_NULL(name);
    MQC_NOT_NULL(key);
    return mqc_params_key(&mqc_crossbar_params, name, key);
}

memqc_status memqc_crossbar_describe(int32_t key, const char **name, const char **unit, double *min,
                                     double *max, double *initial) {
    return mqc_params_describe(&mqc_crossbar_params, key, name, unit, min, max, initial);
}

memqc_status memqc_crossbar_seed(memqc_crossbar *crossbar, uint64_t seed) {
    MQC_NOT_NULL(crossbar);
    crossbar->seed = seed;
    return MEMQC_OK;
}

memqc_status memqc_crossbar_shape(const memqc_crossbar *crossbar, size_t *rows, size_t *cols,
                                  size_t *planes) {
    MQC_NOT_NULL(crossbar);
    if (rows)
        *rows = crossbar->shape.rows;
    if (cols)
        *cols = crossbar->shape.cols;
    if (planes)
        *planes = mqc_mapping_planes(crossbar);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_count(const memqc_crossbar *crossbar, int32_t counter,
                                  uint64_t *value) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(value);
    if (counter < 1 || counter > MQC_CROSSBAR_COUNTERS)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_crossbar_count: no counter has number %d; there are 1 .. %d",
                        (int)counter, (int)MQC_CROSSBAR_COUNTERS);
    *value = crossbar->account.counter[counter];
    return MEMQC_OK;
}

/* m^2 of all cells. */
static double area(const memqc_crossbar *xb) {
    const double f = xb->value[MEMQC_CROSSBAR_FEATURE], slices = xb->value[MEMQC_CROSSBAR_SLICES];
    const int reference = xb->value[MEMQC_CROSSBAR_MAPPING] == MEMQC_CROSSBAR_MAPPING_REFERENCE;
    const double cells = (double)mqc_mapping_planes(xb) * (double)xb->shape.cells +
                         (reference ? slices * (double)xb->shape.rows : 0);
    return cells * xb->value[MEMQC_CROSSBAR_CELL_AREA] * f * f;
}

memqc_status memqc_crossbar_cost(const memqc_crossbar *crossbar, int32_t cost, double *value) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(value);
    if (cost < 1 || cost > MQC_CROSSBAR_COSTS)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_crossbar_cost: no cost has number %d; there are 1 .. %d", (int)cost,
                        (int)MQC_CROSSBAR_COSTS);
    if (cost == MEMQC_CROSSBAR_COST_AREA)
        *value = area(crossbar);
    else if (cost == MEMQC_CROSSBAR_COST_LATENCY)
        *value = crossbar->account.cost[MEMQC_DEVICE_COST_TIME] /
                 crossbar->value[MEMQC_CROSSBAR_WRITE_PARALLEL];
    else
        *value = crossbar->account.cost[cost - 1];
    return MEMQC_OK;
}
