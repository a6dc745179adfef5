/* SPDX-License-Identifier: BSD-3-Clause */
/* Objects of every kind, saved: what attacks on files begin with. Who includes this defines
 * sample(). */
#ifndef MEMQC_TESTS_OBJECTS_H
#define MEMQC_TESTS_OBJECTS_H

#include "hostile.h"
#include "unit/mlp.h"

/* Takes bytes of malloc() that hold a saved object. */
static void sample(unsigned char *bytes, size_t size);

/* --- devices --- */

static inline void sample_device(memqc_device *device) {
    unsigned char *bytes;
    size_t size;
    SAVE(device, device, bytes, size);
    sample(bytes, size);
    memqc_device_destroy(&device);
}

static inline memqc_device *table_device(void) {
    static const float g[] = {1e-6f, 5e-6f, 2e-5f}, up[] = {1e-6f, 8e-7f, 1e-7f},
                       down[] = {1e-7f, 8e-7f, 1e-6f};
    memqc_device *device;
    OK(memqc_device_create(MEMQC_DEVICE_TABLE, &device));
    OK(memqc_device_set_table(device, 1, 3, g, up));
    OK(memqc_device_set_table(device, -1, 3, g, down));
    return device;
}

static inline memqc_device *levels_device(size_t quantiles) {
    static const float nominal[] = {1e-6f, 2e-6f, 5e-6f}, sd[] = {1e-7f, 2e-7f, 3e-7f};
    static const float values[] = {0, 1e-6f, 2e-6f, 2e-6f, 3e-6f, 4e-6f};
    memqc_device *device;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set_levels(device, 3, nominal, quantiles ? NULL : sd, quantiles,
                               quantiles ? values : NULL));
    return device;
}

/* Two tables, which differ in one direction. */
static inline memqc_device *jumps_device(void) {
    static const float g[] = {1e-6f, 2e-5f};
    static const float up[] = {0, 1e-7f, 5e-7f, 0, 2e-7f, 3e-7f};
    static const float down[] = {-4e-7f, -1e-7f, 0, -6e-7f, -2e-7f, 1e-7f};
    memqc_device *device;
    OK(memqc_device_create(MEMQC_DEVICE_JUMPS, &device));
    OK(memqc_device_set_jumps(device, 0, 1, 2, g, 3, up));
    OK(memqc_device_set_jumps(device, 0, -1, 2, g, 3, down));
    OK(memqc_device_set_jumps(device, 1, 1, 1, g, 3, up));
    return device;
}

/* With what a fit found out about it. */
static inline memqc_device *fitted_device(int32_t model) {
    enum { CYCLES = 6, PULSES = 16, ROWS_OF_FIT = CYCLES * PULSES };
    int32_t cycle[ROWS_OF_FIT], pulse[ROWS_OF_FIT];
    const int32_t *columns[] = {NULL, cycle, pulse, NULL, NULL};
    float g[ROWS_OF_FIT];
    memqc_device *device;
    setup();
    for (int i = 0; i < ROWS_OF_FIT; i++) {
        cycle[i] = i / PULSES;
        pulse[i] = 1 + i % PULSES;
        g[i] = (float)((100 - 4 * pulse[i] + uniform(-2, 2)) * 1e-6);
    }
    g[7] = 9.9e37f;
    OK(memqc_device_fit(model, ROWS_OF_FIT, COUNT(columns), columns, g, NULL, NULL, &device));
    return device;
}

static inline void make_devices(void) {
    const char *name;
    for (size_t i = 0; (name = memqc_device_preset_name(i)) != NULL; i++) {
        memqc_device *device;
        OK(memqc_device_create_preset(name, &device));
        sample_device(device);
    }
    sample_device(table_device());
    sample_device(levels_device(0));
    sample_device(levels_device(2));
    sample_device(jumps_device());
    sample_device(fitted_device(MEMQC_DEVICE_QUANTIZED));
    sample_device(fitted_device(MEMQC_DEVICE_FIT_QUANTIZED_LEVELS));
    sample_device(fitted_device(MEMQC_DEVICE_LINEAR));
}

/* --- arrays --- */

enum { ROWS = 6, COLS = 5 };

static const struct array_kind {
    const char *preset;
    double mapping, rule, slices, converters;
} array_kinds[] = {
    {"hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_RULE_NEAREST_LEVEL, 1, 0},
    {"hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, MEMQC_CROSSBAR_RULE_MIXED_PRECISION, 1, 1},
    {"hfox-b", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED, MEMQC_CROSSBAR_RULE_NEAREST_LEVEL, 3,
     0},
    {"hfox-a", MEMQC_CROSSBAR_MAPPING_REFERENCE, MEMQC_CROSSBAR_RULE_STOCHASTIC, 2, 1},
    {"ag-asi", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL, 1, 0},
    {"rpu", MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_RULE_PULSE_TRAIN, 1, 0},
    {"soft-bounds", MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_RULE_TIKI_TAKA_2, 1, 0},
    {"pcm", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, MEMQC_CROSSBAR_RULE_SIGN, 1, 1},
};

static inline void fill_floats(size_t n, float *x) {
    for (size_t i = 0; i < n; i++)
        x[i] = (float)hostile_below(2001) / 1000 - 1;
}

static inline memqc_crossbar *make_array(const struct array_kind *kind) {
    memqc_device *device = coarse_device(kind->preset);
    memqc_crossbar *xb;
    float w[ROWS * COLS], x[ROWS * 4], y[COLS * 4];
    if (kind->converters > 0) {
        OK(memqc_device_set(device, MEMQC_DEVICE_STUCK_ANYWHERE, 0.1));
        OK(memqc_device_set(device, MEMQC_DEVICE_DRIFT_NU, 0.02));
    }
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, kind->mapping));
    const int32_t keys[] = {MEMQC_CROSSBAR_SLICES, MEMQC_CROSSBAR_SLICE_BASE};
    const double values[] = {kind->slices, 3};
    if (kind->slices > 1)
        OK(memqc_crossbar_set_many(xb, 2, keys, values));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, kind->rule));
    fill_floats(ROWS * COLS, w);
    OK(memqc_crossbar_program(xb, w, COLS));
    fill_floats(ROWS * 4, x);
    if (kind->converters > 0) {
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_BITS, 6));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_RANGE, MEMQC_CROSSBAR_RANGE_CALIBRATED));
        OK(memqc_crossbar_calibrate(xb, 4, x, ROWS, 99));
        OK(memqc_crossbar_advance(xb, 100));
    }
    fill_floats(ROWS * COLS, w);
    OK(memqc_crossbar_update_outer(xb, 0.3, 2, x, ROWS, w, COLS));
    OK(memqc_crossbar_mac(xb, 4, x, ROWS, y, COLS));
    return xb;
}

static inline void make_arrays(void) {
    for (size_t i = 0; i < COUNT(array_kinds); i++) {
        memqc_crossbar *xb = make_array(&array_kinds[i]);
        unsigned char *bytes;
        size_t size;
        SAVE(crossbar, xb, bytes, size);
        sample(bytes, size);
        memqc_crossbar_destroy(&xb);
    }
}

/* --- networks --- */

static inline void sample_network(memqc_mlp *mlp) {
    unsigned char *bytes;
    size_t size;
    OK(memqc_mlp_set(mlp, MEMQC_MLP_VALIDATION, 0.2));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_RESTORE_BEST, 1));
    OK(memqc_mlp_fit(mlp, 40, task_x, TASK_INPUTS, task_labels, 2));
    SAVE(mlp, mlp, bytes, size);
    sample(bytes, size);
    memqc_mlp_destroy(&mlp);
}

/* As one of the kinds, on cells of 4096 levels. */
static inline memqc_mlp *make_fine_net(const struct kind *kind) {
    memqc_mlp *mlp = make_task_net(kind, 6);
    memqc_device *device;
    OK(memqc_device_create_preset(kind->preset, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 4096));
    for (size_t l = 0; l < 2; l++)
        OK(memqc_mlp_set_device(mlp, l, device));
    memqc_device_destroy(&device);
    return mlp;
}

static inline void make_networks(void) {
    make_task();
    for (int i = 1; i < KINDS; i++)
        sample_network(make_fine_net(&kinds[i]));
    for (int i = 0; i < KINDS; i++)
        sample_network(make_task_net(&kinds[i], 6));
    for (int i = 0; i < RULE_KINDS; i++)
        sample_network(make_rule_net(&rule_kinds[i], 6));
}

#endif
