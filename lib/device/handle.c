/* SPDX-License-Identifier: BSD-3-Clause */
#include "device/cell/inside.h"
#include "core/alloc.h"
#include "core/error.h"
#include "device/effects/effects.h"
#include "device/presets.h"
#include "rng/rng.h"

#include <math.h>
#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

const struct mqc_device_kernels *mqc_device_kernels(void) {
    static const struct mqc_device_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_device_kernels);
    return tables[mqc_isa()];
}

static const struct mqc_device_ops *const models[] = {
    &mqc_device_quantized,   &mqc_device_constant, &mqc_device_linear,   &mqc_device_soft_bounds,
    &mqc_device_exponential, &mqc_device_power,    &mqc_device_neurosim, &mqc_device_table,
};

enum { MODELS = sizeof models / sizeof *models };

static memqc_status create(int32_t model, const struct mqc_preset *preset, memqc_device **out) {
    if (model < 1 || model > MODELS)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_device_create: no model has number %d; there are 1 .. %d",
                        (int)model, (int)MODELS);
    memqc_device *device = mqc_alloc(1, sizeof *device);
    if (!device)
        return MEMQC_ERROR_NOMEM;
    device->ops = models[model - 1];
    for (int32_t key = 1; key <= MQC_DEVICE_KEYS; key++)
        device->value[key] = mqc_device_params.param[key - 1].initial;
    for (size_t i = 0; preset && i < MQC_PRESET_VALUES && preset->set[i].key; i++)
        device->value[preset->set[i].key] = preset->set[i].value;
    const memqc_status status = device->ops->prepare(device);
    if (status != MEMQC_OK) {
        memqc_device_destroy(&device);
        return status;
    }
    *out = device;
    return MEMQC_OK;
}

memqc_status memqc_device_create(int32_t model, memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    return create(model, NULL, out);
}

memqc_status memqc_device_create_preset(const char *name, memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(name);
    const struct mqc_preset *preset = NULL;
    MQC_TRY(mqc_preset_find(name, &preset));
    return create(preset->model, preset, out);
}

memqc_status memqc_device_copy(const memqc_device *device, memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(device);
    memqc_device *copy = mqc_alloc(1, sizeof *copy);
    if (!copy)
        return MEMQC_ERROR_NOMEM;
    *copy = *device;
    *out = copy;
    return MEMQC_OK;
}

void memqc_device_destroy(memqc_device **device) {
    if (!device)
        return;
    mqc_free(*device);
    *device = NULL;
}

memqc_status memqc_device_set(memqc_device *device, int32_t key, double value) {
    MQC_NOT_NULL(device);
    MQC_TRY(mqc_params_check(&mqc_device_params, key, value));
    if (!mqc_device_uses(device->ops->model, key))
        return mqc_fail(
            MEMQC_ERROR_ARGUMENT,
            "memqc_device_set: %s = %g would be without effect: the model \"%s\" does not use it",
            mqc_device_params.param[key - 1].name, value, device->ops->name);
    memqc_device changed = *device; /* so that a refusal by the model leaves the device alone */
    MQC_TRY(device->ops->set(&changed, key, value));
    MQC_TRY(device->ops->prepare(&changed));
    MQC_TRY(mqc_device_check_effects(&changed));
    *device = changed;
    return MEMQC_OK;
}

memqc_status memqc_device_get(const memqc_device *device, int32_t key, double *value) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(value);
    MQC_TRY(mqc_params_known(&mqc_device_params, key));
    *value = device->ops->get(device, key);
    return MEMQC_OK;
}

memqc_status memqc_device_key(const char *name, int32_t *key) {
    MQC_NOT_NULL(name);
    MQC_NOT_NULL(key);
    return mqc_params_key(&mqc_device_params, name, key);
}

memqc_status memqc_device_describe(int32_t key, const char **name, const char **unit, double *min,
                                   double *max, double *initial) {
    return mqc_params_describe(&mqc_device_params, key, name, unit, min, max, initial);
}

memqc_status memqc_device_seed(memqc_device *device, uint64_t seed) {
    MQC_NOT_NULL(device);
    device->seed = seed;
    return MEMQC_OK;
}

memqc_status memqc_device_model(const memqc_device *device, int32_t *model) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(model);
    *model = device->ops->model;
    return MEMQC_OK;
}

memqc_status mqc_device_check_order(const memqc_device *d, int32_t low, int32_t high) {
    const struct mqc_param *a = &mqc_device_params.param[low - 1],
                           *b = &mqc_device_params.param[high - 1];
    if (d->value[low] < d->value[high])
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "memqc_device_set: %s = %g%s%s must be below %s = %g%s%s",
                    a->name, d->value[low], *a->unit ? " " : "", a->unit, b->name, d->value[high],
                    *b->unit ? " " : "", b->unit);
}

memqc_status mqc_device_set_step(memqc_device *d, double step, int whole_steps) {
    const double steps = (mqc_device_g_max(d) - mqc_device_g_min(d)) / step, whole = rint(steps);
    if ((whole_steps && fabs(steps - whole) > 1e-6) || steps < 1 - 1e-6 || steps > 4095 + 1e-6)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_device_set: step = %g S divides the range %g .. %g S into %g steps; "
                        "allowed is %s, 1 .. 4095",
                        step, mqc_device_g_min(d), mqc_device_g_max(d), steps,
                        whole_steps ? "a whole number of them" : "any number of them");
    d->value[MEMQC_DEVICE_STATES] = (fabs(steps - whole) > 1e-6 ? steps : whole) + 1;
    return MEMQC_OK;
}

static memqc_status check_level(const memqc_device *device, const char *function, size_t index,
                                int32_t level) {
    if (level < 1 || level > mqc_device_states(device))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: levels[%zu] = %d is outside 1 .. %g", function,
                        index, (int)level, mqc_device_states(device));
    return MEMQC_OK;
}

memqc_status memqc_device_level(const memqc_device *device, int32_t level, double *nominal,
                                double *mean, double *sd) {
    MQC_NOT_NULL(device);
    if (level < 1 || level > mqc_device_states(device))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: level = %d is outside 1 .. %g", __func__,
                        (int)level, mqc_device_states(device));
    double value[3];
    device->ops->level(device, level, &value[0], &value[1], &value[2]);
    if (nominal)
        *nominal = value[0];
    if (mean)
        *mean = value[1];
    if (sd)
        *sd = value[2];
    return MEMQC_OK;
}

memqc_status memqc_device_nearest(const memqc_device *device, size_t n, const float *g,
                                  int32_t *levels) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(g);
    MQC_NOT_NULL(levels);
    for (size_t i = 0; i < n; i++)
        if (isnan(g[i]))
            return mqc_fail(MEMQC_ERROR_DATA,
                            "memqc_device_nearest: g[%zu] is NaN; allowed is any conductance in S",
                            i);
    const double top = mqc_device_g_max(device), per_step = 1 / mqc_device_step(device);
    const double last = mqc_device_states(device) - 1;
    for (size_t i = 0; i < n; i++) {
        const double x = rint((top - (double)g[i]) * per_step);
        levels[i] = 1 + (int32_t)(x < 0 ? 0 : x > last ? last : x);
    }
    return MEMQC_OK;
}

memqc_status mqc_device_check_cells(const char *function, uint64_t cell, size_t n) {
    if (n > MQC_RNG_CELLS || cell > MQC_RNG_CELLS - n)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: cells %llu .. +%zu go beyond the last one, 2^34 - 1", function,
                        (unsigned long long)cell, n);
    return MEMQC_OK;
}

memqc_status mqc_device_check_draw(const memqc_device *device, const char *function,
                                   uint64_t draw) {
    if (device->ops->pulsed && draw >> 40)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: draw = %llu; for pulsed models allowed is 0 .. 2^40 - 1", function,
                        (unsigned long long)draw);
    return MEMQC_OK;
}

memqc_status mqc_device_check_levels(const memqc_device *device, const char *function, size_t n,
                                     const int32_t *levels) {
    for (size_t i = 0; i < n; i++)
        MQC_TRY(check_level(device, function, i, levels[i]));
    return MEMQC_OK;
}

/* What drawing many cells needs, whatever the model. */
struct drawing {
    const memqc_device *device;
    int varies;
    struct mqc_lookup lookup;
    uint64_t below;
};

static memqc_status begin(const memqc_device *device, struct drawing *drawing) {
    drawing->device = device;
    drawing->varies = mqc_device_varies(device);
    drawing->below = 0;
    memset(&drawing->lookup, 0, sizeof drawing->lookup);
    return device->ops->pulsed ? mqc_lookup_make(device, &drawing->lookup) : MEMQC_OK;
}

/* Programs n cells, CHUNK at most, to their states: pulsed ones from the lower bound up. */
static void draw_chunk(struct drawing *drawing, const struct mqc_draws *where, size_t n,
                       const float *states, float *g) {
    const memqc_device *d = drawing->device;
    float block[MQC_CELL_ARRAYS * CHUNK];
    const struct mqc_cell_arrays cells = mqc_cell_arrays_in(block, CHUNK), *const own =
                                                                               drawing->varies
                                                                                   ? &cells
                                                                                   : NULL;
    if (own)
        mqc_device_cell_arrays(d, where, n, &cells);
    if (!d->ops->pulsed) {
        drawing->below += d->ops->draw(d, where, own, n, states, g);
        return;
    }
    for (size_t i = 0; i < n; i++)
        g[i] = (float)mqc_device_g_min(d);
    drawing->below +=
        mqc_device_program_cells(d, &drawing->lookup, where, own, n, states, 0, g, NULL, NULL);
}

static memqc_status end(struct drawing *drawing, uint64_t *negative) {
    mqc_lookup_free(&drawing->lookup);
    if (negative)
        *negative = drawing->below;
    return MEMQC_OK;
}

memqc_status memqc_device_draw(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n,
                               const int32_t *levels, float *g, uint64_t *negative) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(levels);
    MQC_NOT_NULL(g);
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
            end(&drawing, NULL);
            return mqc_device_check_levels(device, __func__, n, levels);
        }
        draw_chunk(&drawing, &where, m, states, g + first);
    }
    return end(&drawing, negative);
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
                                      float *g, size_t ldg, uint64_t *negative) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(levels);
    MQC_NOT_NULL(g);
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
    return end(&drawing, negative);
}

memqc_status memqc_device_staircase(const memqc_device *device, uint64_t cell, uint64_t draw,
                                    size_t cycles, float *g, size_t ldg, uint64_t *negative) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(g);
    MQC_TRY(mqc_device_check_cells(__func__, cell, 1));
    MQC_TRY(mqc_device_check_draw(device, __func__, draw));
    const size_t states = (size_t)mqc_device_states(device);
    if (ldg < states)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: ldg = %zu is less than the number of states, %zu", __func__, ldg,
                        states);
    struct drawing drawing;
    MQC_TRY(begin(device, &drawing));
    for (size_t c = 0; c < cycles; c++)
        draw_series(&drawing, cell, draw + c * states, states, NULL, g + c * ldg);
    return end(&drawing, negative);
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
