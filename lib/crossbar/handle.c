/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle. */
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/array.h"
#include "crossbar/array/params.h"
#include "crossbar/array/ready.h"
#include "crossbar/cells/room.h"
#include "crossbar/initial.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/read/params.h"
#include "crossbar/read/readout.h"
#include "crossbar/update.h"

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
    {MEMQC_CROSSBAR_READ_NOISE_SLOW, MEMQC_DEVICE_READ_NOISE_SLOW},
};

void mqc_crossbar_take_of_device(double *value, const double *from) {
    for (size_t i = 0; i < sizeof of_device / sizeof *of_device; i++) {
        const int32_t at = of_device[i].key - MQC_CROSSBAR_FIRST;
        value[at] = from[at];
    }
}

memqc_status memqc_crossbar_create(const memqc_device *device, size_t rows, size_t cols,
                                   uint64_t seed, memqc_crossbar **out) {
    memqc_status status;
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(device);
    if (rows < 1 || cols < 1 || rows > most_cells / cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: %zu rows x %zu cols; allowed is 1 x 1 or more, rows x cols <= 2^30",
                        __func__, rows, cols);
    memqc_crossbar *xb = mqc_alloc(1, sizeof *xb);
    if (!xb)
        return MEMQC_ERROR_NOMEM;
    if ((status = memqc_device_copy(device, &xb->device)) != MEMQC_OK) {
        memqc_crossbar_destroy(&xb);
        return status;
    }
    xb->seed = seed;
    xb->account.compensation.factor = 1;
    xb->shape.rows = rows;
    xb->shape.cols = cols;
    xb->shape.cells = rows * cols;
    mqc_keys_initial(&mqc_crossbar_keys, xb->value);
    for (size_t i = 0; i < sizeof of_device / sizeof *of_device; i++)
        xb->value[of_device[i].key - MQC_CROSSBAR_FIRST] =
            mqc_device_value(xb->device, of_device[i].device);
    *out = xb;
    return MEMQC_OK;
}

void mqc_crossbar_drop_update(memqc_crossbar *xb) {
    memqc_crossbar_destroy(&xb->update.fast);
    mqc_update_free(&xb->update);
}

void memqc_crossbar_destroy(memqc_crossbar **crossbar) {
    if (!crossbar || !*crossbar)
        return;
    memqc_crossbar *xb = *crossbar;
    memqc_device_destroy(&xb->device);
    mqc_crossbar_drop_update(xb);
    mqc_crossbar_free_state(xb);
    mqc_readout_free(&xb->readout);
    mqc_free(xb);
    *crossbar = NULL;
}

memqc_status memqc_crossbar_set_seed(memqc_crossbar *crossbar, uint64_t seed) {
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    crossbar->seed = seed;
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_seed(const memqc_crossbar *crossbar, uint64_t *seed) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(seed);
    *seed = crossbar->seed;
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_device(const memqc_crossbar *crossbar, memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(crossbar);
    return memqc_device_copy(crossbar->device, out);
}

memqc_status memqc_crossbar_set_progress(memqc_crossbar *crossbar, memqc_progress progress,
                                         void *user) {
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    crossbar->progress = progress;
    crossbar->user = user;
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_shape(const memqc_crossbar *crossbar, size_t *rows, size_t *cols,
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
