/* SPDX-License-Identifier: BSD-3-Clause */
/* Cells programmed from nothing: one after the other, or one again and again. */
#include "core/error.h"
#include "device/cell/check.h"
#include "device/cell/spread.h"
#include "device/models/costs.h"
#include "device/models/custom_host.h"
#include "device/models/lookup.h"

#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

/* What drawing many cells needs, whatever the model. */
struct drawing {
    const memqc_device *device;
    int varies;
    uint64_t stride; /* draws of a cycle */
    struct mqc_lookup lookup;
    uint64_t below;
};

static memqc_status begin(const memqc_device *device, struct drawing *drawing) {
    drawing->device = device;
    drawing->varies = mqc_device_varies(device);
    drawing->stride = 1;
    drawing->below = 0;
    memset(&drawing->lookup, 0, sizeof drawing->lookup);
    return device->ops->pulsed ? device->ops->look_up(device, &drawing->lookup) : MEMQC_OK;
}

/* Programs n cells, CHUNK at most, to their states: pulsed ones from the lower bound up. */
static void draw_chunk(struct drawing *drawing, const struct mqc_draws *where, size_t n,
                       const float *states, float *g) {
    const memqc_device *d = drawing->device;
    float block[MQC_CELL_ARRAYS * CHUNK];
    const struct mqc_cell_arrays own = mqc_cell_arrays_in(block, CHUNK);
    const struct mqc_cell_set set = {where, drawing->varies ? &own : NULL, n, NULL, g, NULL};
    if (drawing->varies)
        mqc_device_cell_arrays(d, where, n, &own);
    if (d->ops->draw_in_cycles)
        drawing->below += d->ops->draw_in_cycles(d, &set, drawing->stride, states);
    else
        drawing->below += d->ops->draw(d, &drawing->lookup, &set, states);
}

static memqc_status end(struct drawing *drawing, const char *function, uint64_t *negative) {
    mqc_lookup_free(&drawing->lookup);
    if (negative)
        *negative = drawing->below;
    return mqc_host_check(drawing->device, function);
}

memqc_status memqc_device_draw(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n,
                               const int32_t *levels, float *g, uint64_t *negative) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, levels);
    MQC_ARRAY(n, g);
    MQC_TRY(mqc_device_check_cells(__func__, cell, n));
    MQC_TRY(mqc_device_check_draw(device, __func__, draw));
    float states[CHUNK];
    struct drawing drawing;
    MQC_TRY(begin(device, &drawing));
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        const struct mqc_draws where = {device->seed, cell + first, draw, NULL, NULL};
        if (mqc_device_kernels()->states(m, levels + first, (int32_t)mqc_device_states(device),
                                         states)) {
            (void)end(&drawing, __func__, NULL);
            return mqc_device_check_levels(device, __func__, n, levels);
        }
        draw_chunk(&drawing, &where, m, states, g + first);
    }
    return end(&drawing, __func__, negative);
}

/* One cell programmed n times in a row, to levels[i] at draw + i. */
static void draw_series(struct drawing *drawing, uint64_t cell, uint64_t draw, size_t n,
                        const int32_t *levels, float *g) {
    uint64_t cells[CHUNK], draws[CHUNK];
    float states[CHUNK];
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        for (size_t i = 0; i < m; i++) {
            cells[i] = cell;
            draws[i] = draw + first + i;
            states[i] = levels ? (float)levels[first + i] : (float)(first + i + 1);
        }
        const struct mqc_draws where = {drawing->device->seed, 0, 0, cells, draws};
        draw_chunk(drawing, &where, m, states, g + first);
    }
}

memqc_status memqc_device_draw_levels(const memqc_device *device, uint64_t cell, uint64_t draw,
                                      size_t cells, size_t n_levels, const int32_t *levels,
                                      float *g, size_t ldg) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n_levels, levels);
    MQC_ARRAY(cells * n_levels, g);
    MQC_TRY(mqc_device_check_cells(__func__, cell, cells));
    MQC_TRY(mqc_device_check_draw(device, __func__, draw));
    MQC_TRY(mqc_device_check_levels(device, __func__, n_levels, levels));
    if (ldg < n_levels)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: ldg = %zu is less than n_levels = %zu", __func__,
                        ldg, n_levels);
    struct drawing drawing;
    MQC_TRY(begin(device, &drawing));
    for (size_t i = 0; i < cells; i++)
        draw_series(&drawing, cell + i, draw, n_levels, levels, g + i * ldg);
    return end(&drawing, __func__, NULL);
}

memqc_status memqc_device_staircase(const memqc_device *device, uint64_t cell, uint64_t draw,
                                    size_t cycles, float *g, size_t ldg, uint64_t *negative) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(cycles, g);
    MQC_TRY(mqc_device_check_cells(__func__, cell, 1));
    MQC_TRY(mqc_device_check_draw(device, __func__, draw));
    const size_t states = (size_t)mqc_device_states(device);
    if (ldg < states)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: ldg = %zu is less than the number of states, %zu", __func__, ldg,
                        states);
    struct drawing drawing;
    MQC_TRY(begin(device, &drawing));
    drawing.stride = states;
    for (size_t c = 0; c < cycles; c++)
        draw_series(&drawing, cell, draw + c * states, states, NULL, g + c * ldg);
    return end(&drawing, __func__, negative);
}

memqc_status memqc_device_ramp(const memqc_device *device, float *volts) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(volts);
    if (device->ops->pulsed)
        return mqc_fail(
            MEMQC_ERROR_ARGUMENT,
            "%s: the model \"%s\" has no ramp; its pulses are of SET_VOLTAGE and RESET_VOLTAGE",
            __func__, device->ops->name);
    for (size_t i = 0; i < (size_t)mqc_device_states(device); i++)
        volts[i] = (float)mqc_device_ramp_voltage(device, (double)(i + 1));
    return MEMQC_OK;
}
