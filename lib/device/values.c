/* SPDX-License-Identifier: BSD-3-Clause */
/* What cells have of their own, read back by parameter. */
#include "core/error.h"
#include "device/cell/check.h"
#include "device/cell/params.h"
#include "device/cell/spread.h"
#include "device/effects/age.h"
#include "device/effects/telegraph.h"
#include "device/models/neurosim.h"

enum { CHUNK = MQC_DEVICE_CHUNK };

/* --- effects --- */

static int effect_varies(int32_t key) {
    return key == MEMQC_DEVICE_RTN_TIME_HIGH || key == MEMQC_DEVICE_RTN_TIME_LOW ||
           key == MEMQC_DEVICE_DRIFT_NU;
}

static void effect_values(const memqc_device *d, int32_t key, const struct mqc_draws *where,
                          size_t n, float *values) {
    if (key == MEMQC_DEVICE_DRIFT_NU)
        mqc_device_drift_exponents(d, where, n, values);
    else
        mqc_device_trap_times(d, where, key == MEMQC_DEVICE_RTN_TIME_LOW, n, values);
}

/* --- spread --- */

struct view {
    const memqc_device *d;
    const struct mqc_cell_arrays *c;
    size_t i;
    int32_t key;
};

/* The noise of every cell alike; sigma is the one of the draws. */
static double nominal_noise(const memqc_device *d, int32_t key) {
    return key == MEMQC_DEVICE_SIGMA ? d->sigma : mqc_device_value(d, key);
}

/* The value of a key for one cell; the curvature of NEUROSIM is given back as its label. */
static double value_of(const struct view *v) {
    const double up = (double)v->c->up[v->i], down = (double)v->c->down[v->i];
    switch (v->key) {
    case MEMQC_DEVICE_G_MAX:
        return (double)v->c->hi[v->i];
    case MEMQC_DEVICE_G_MIN:
        return (double)v->c->lo[v->i];
    case MEMQC_DEVICE_STEP:
        return 0.5 * (up + down);
    case MEMQC_DEVICE_ASYMMETRY:
        return up + down > 0 ? (up - down) / (up + down) : 0;
    case MEMQC_DEVICE_SLOPE_UP:
    case MEMQC_DEVICE_GAMMA_UP:
    case MEMQC_DEVICE_POWER_UP:
        return (double)v->c->shape_up[v->i];
    case MEMQC_DEVICE_SLOPE_DOWN:
    case MEMQC_DEVICE_GAMMA_DOWN:
    case MEMQC_DEVICE_POWER_DOWN:
        return (double)v->c->shape_down[v->i];
    case MEMQC_DEVICE_NL_UP:
        return mqc_neurosim_label((double)v->c->shape_up[v->i]);
    case MEMQC_DEVICE_NL_DOWN:
        return -mqc_neurosim_label((double)v->c->shape_down[v->i]);
    default: /* noise */
        return (double)v->c->noise[v->i] * nominal_noise(v->d, v->key);
    }
}

static int varies(int32_t key) {
    static const int32_t keys[] = {
        MEMQC_DEVICE_G_MAX,    MEMQC_DEVICE_G_MIN,        MEMQC_DEVICE_SIGMA,
        MEMQC_DEVICE_STEP,     MEMQC_DEVICE_ASYMMETRY,    MEMQC_DEVICE_SLOPE_UP,
        MEMQC_DEVICE_GAMMA_UP, MEMQC_DEVICE_SLOPE_DOWN,   MEMQC_DEVICE_GAMMA_DOWN,
        MEMQC_DEVICE_POWER_UP, MEMQC_DEVICE_POWER_DOWN,   MEMQC_DEVICE_NL_UP,
        MEMQC_DEVICE_NL_DOWN,  MEMQC_DEVICE_C2C_ABSOLUTE, MEMQC_DEVICE_C2C_RELATIVE,
        MEMQC_DEVICE_C2C_STEP,
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i] == key)
            return 1;
    return 0;
}

memqc_status memqc_device_cells(const memqc_device *device, int32_t key, uint64_t cell, size_t n,
                                float *values) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, values);
    MQC_TRY(mqc_keys_known(&mqc_device_keys, __func__, key));
    MQC_TRY(mqc_device_check_cells(__func__, cell, n));
    const int effect = effect_varies(key);
    if (!(effect || varies(key)) || !mqc_device_model_uses(device->ops->model, key) ||
        (key == MEMQC_DEVICE_STEP && !device->ops->pulsed))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: %s is nothing that a cell of the model \"%s\" has of its own",
                        __func__, mqc_key_row(&mqc_device_keys, key)->name, device->ops->name);
    float block[MQC_CELL_ARRAYS * CHUNK];
    const struct mqc_cell_arrays cells = mqc_cell_arrays_in(block, CHUNK);
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        const struct mqc_draws where = {device->seed, cell + first, 0, NULL, NULL};
        if (effect) {
            effect_values(device, key, &where, m, values + first);
            continue;
        }
        mqc_device_cell_arrays(device, &where, m, &cells);
        for (size_t i = 0; i < m; i++) {
            const struct view view = {device, &cells, i, key};
            values[first + i] = (float)value_of(&view);
        }
    }
    return MEMQC_OK;
}
