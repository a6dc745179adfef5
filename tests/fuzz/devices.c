/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices of every kind, made as the bytes say. */
#include "calls.h"

#include <math.h>

/* --- models of our own --- */

static int32_t step_linear(void *user, size_t n, const float *volts, double seconds,
                           const float *const *cells, const float *normals, const float *uniforms,
                           float *g) {
    (void)user;
    (void)seconds;
    (void)uniforms;
    for (size_t i = 0; i < n; i++) {
        const float size = 0.05f * (cells[1][i] - cells[0][i]);
        g[i] += (volts[i] > 0 ? size : -size) * (1 + (normals ? 0.1f * normals[i] : 0));
    }
    return 0;
}

/* Beyond all bounds. */
static int32_t step_wild(void *user, size_t n, const float *volts, double seconds,
                         const float *const *cells, const float *normals, const float *uniforms,
                         float *g) {
    (void)user;
    (void)seconds;
    (void)cells;
    (void)normals;
    for (size_t i = 0; i < n; i++) {
        const float low = uniforms && uniforms[i] > 0.5f ? -1e30f : 0;
        g[i] = volts[i] > 0 ? INFINITY : low;
    }
    return 0;
}

/* NaN in the upper fifth of the window. */
static int32_t step_nan(void *user, size_t n, const float *volts, double seconds,
                        const float *const *cells, const float *normals, const float *uniforms,
                        float *g) {
    step_linear(user, n, volts, seconds, cells, normals, uniforms, g);
    for (size_t i = 0; i < n; i++)
        if (g[i] > 0.2f * cells[0][i] + 0.8f * cells[1][i])
            g[i] = NAN;
    return 0;
}

/* An error in the lower fifth. */
static int32_t step_fails(void *user, size_t n, const float *volts, double seconds,
                          const float *const *cells, const float *normals, const float *uniforms,
                          float *g) {
    step_linear(user, n, volts, seconds, cells, normals, uniforms, g);
    for (size_t i = 0; i < n; i++)
        if (volts[i] < 0 && g[i] < 0.8f * cells[0][i] + 0.2f * cells[1][i])
            return 7;
    return 0;
}

static const memqc_device_step steps[] = {step_linear, step_wild, step_nan, step_fails};

int is_custom(const memqc_device *device) {
    double model = 0;
    MUST(memqc_device_get(device, MEMQC_DEVICE_MODEL, &model) == MEMQC_OK, "no model");
    return model == MEMQC_DEVICE_CUSTOM;
}

/* --- what is measured --- */

static int ascending(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static float *take_rising(struct fuzz *f, size_t n) {
    float *values = take_conductances(f, n);
    if (!take_rarely(f))
        qsort(values, n, sizeof *values, ascending);
    return values;
}

memqc_status give_table(struct fuzz *f, memqc_device *device) {
    const int32_t direction = take_rarely(f) ? take_int(f) : (take_byte(f) & 1 ? 1 : -1);
    const size_t n = take_below(f, 6);
    float *g = take_rising(f, n), *step = take_conductances(f, n);
    return memqc_device_set_table(device, direction, n, or_null(f, g), or_null(f, step));
}

memqc_status give_levels(struct fuzz *f, memqc_device *device) {
    const size_t n = take_below(f, 7), quantiles = take_byte(f) & 1 ? take_below(f, 5) : 0;
    float *g = take_rising(f, n), *sd = take_conductances(f, n);
    float *values = take_conductances(f, n * quantiles);
    for (size_t i = 0; i < n; i++)
        qsort(values + i * quantiles, quantiles, sizeof *values, ascending);
    return memqc_device_set_levels(device, n, or_null(f, g), take_rarely(f) ? NULL : sd, quantiles,
                                   quantiles ? or_null(f, values) : NULL);
}

memqc_status give_jumps(struct fuzz *f, memqc_device *device) {
    const size_t table = take_below(f, 4), n_g = take_below(f, 5), n_q = take_below(f, 5);
    const int32_t direction = take_rarely(f) ? take_int(f) : (take_byte(f) & 1 ? 1 : -1);
    float *g = take_rising(f, n_g), *values = take_floats(f, n_g * n_q);
    for (size_t i = 0; i < n_g * n_q; i++)
        values[i] *= 1e-5f;
    for (size_t i = 0; i < n_g; i++)
        qsort(values + i * n_q, n_q, sizeof *values, ascending);
    return memqc_device_set_jumps(device, table, direction, n_g, or_null(f, g), n_q,
                                  or_null(f, values));
}

memqc_status give_custom(struct fuzz *f, memqc_device *device) {
    const size_t n = take_below(f, 4);
    double *of[3];
    for (size_t k = 0; k < 3; k++) {
        of[k] = make_room(f, n * sizeof(double));
        for (size_t i = 0; i < n; i++)
            of[k][i] = take_number(f);
    }
    return memqc_device_set_custom(device, n, or_null(f, of[0]), or_null(f, of[1]),
                                   or_null(f, of[2]));
}

memqc_status give_settings(struct fuzz *f, memqc_device *device) {
    int32_t *keys;
    double *values;
    const size_t n = take_settings(f, &device_noun, &keys, &values);
    return memqc_device_set_many(device, n, or_null(f, keys), or_null(f, values));
}

/* --- all of it --- */

static memqc_device *make_device(struct fuzz *f) {
    enum { MODELS = MEMQC_DEVICE_JUMPS - MEMQC_DEVICE_QUANTIZED + 1 };
    memqc_device *device = NULL;
    size_t presets = 0;
    while (memqc_device_preset_name(presets))
        presets++;
    size_t kind = take_below(f, presets + MODELS + COUNT(steps));
    if (kind < presets)
        memqc_device_create_preset(memqc_device_preset_name(kind), &device);
    else if ((kind -= presets) < MODELS)
        memqc_device_create(MEMQC_DEVICE_QUANTIZED + (int32_t)kind, &device);
    else
        memqc_device_create_custom("of the fuzzer", steps[kind - MODELS], NULL, NULL, &device);
    return device;
}

memqc_device *take_device(struct fuzz *f) {
    memqc_device *device = make_device(f);
    double model = 0;
    if (!device)
        return NULL;
    memqc_device_get(device, MEMQC_DEVICE_MODEL, &model);
    if (model == MEMQC_DEVICE_TABLE)
        give_table(f, device);
    else if (model == MEMQC_DEVICE_JUMPS)
        give_jumps(f, device);
    else if (model == MEMQC_DEVICE_CUSTOM)
        give_custom(f, device);
    else if (model == MEMQC_DEVICE_QUANTIZED && take_byte(f) % 4 == 3)
        give_levels(f, device);
    for (size_t i = take_below(f, 6); i > 0; i--) {
        const int32_t key = take_key(f, &device_noun);
        memqc_device_set(device, key, take_value(f, &device_noun, key));
    }
    drop_rooms(f);
    return device;
}
