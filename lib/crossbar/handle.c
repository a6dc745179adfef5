/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle: making, parameters, reading back. */
#include "crossbar/array/inside.h"
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/read/read.h"

#include <string.h>

static const size_t most_cells = (size_t)1 << 30;

static const struct mqc_param table[MQC_CROSSBAR_KEYS] = {
    {"mapping", "", MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED,
     MEMQC_CROSSBAR_MAPPING_SINGLE, 1},
    {"normalization", "", MEMQC_CROSSBAR_NORMALIZATION_FIXED, MEMQC_CROSSBAR_NORMALIZATION_COLUMN,
     MEMQC_CROSSBAR_NORMALIZATION_FIXED, 1},
    {"w_max", "", 1e-6, 1e6, 1, 0},
    {"slices", "", 1, MQC_SLICES, 1, 1},
    {"slice_base", "", 0, 4096, 0, 1},
    {"clip_percentile", "%", 50, 100, 100, 0},
    {"scheme", "", MEMQC_CROSSBAR_SCHEME_BLIND, MEMQC_CROSSBAR_SCHEME_VERIFY,
     MEMQC_CROSSBAR_SCHEME_BLIND, 1},
    {"verify_tolerance", "", 0, 4096, 0.5, 0},
    {"verify_window", "S", 0, 1e3, 0, 0},
    {"verify_pulses", "", 1, 1e6, 1000, 1},
    {"write_parallel", "", 1, 1073741824, 1, 1},
    {"cell_area", "F^2", 1e-3, 1e9, 4, 0},
    {"feature", "m", 1e-10, 1, 45e-9, 0},
    {"input_coding", "", MEMQC_CROSSBAR_CODING_ANALOG, MEMQC_CROSSBAR_CODING_PULSE_WIDTH,
     MEMQC_CROSSBAR_CODING_ANALOG, 1},
    {"input_format", "", MEMQC_CROSSBAR_FORMAT_BIPOLAR, MEMQC_CROSSBAR_FORMAT_UNSIGNED,
     MEMQC_CROSSBAR_FORMAT_BIPOLAR, 1},
    {"input_range", "", 1e-6, 1e6, 1, 0},
    {"dac_bits", "", 0, 16, 0, 1},
    {"adc_bits", "", 0, 16, 0, 1},
    {"adc_range", "", MEMQC_CROSSBAR_RANGE_WORST_CASE, MEMQC_CROSSBAR_RANGE_PER_COLUMN,
     MEMQC_CROSSBAR_RANGE_WORST_CASE, 1},
    {"adc_fraction", "", 1e-6, 1, 1, 0},
    {"adc_current", "A", 1e-18, 1e6, 1e-3, 0},
    {"adc_senses", "", MEMQC_CROSSBAR_SENSES_MAPPED, MEMQC_CROSSBAR_SENSES_DIFFERENCE,
     MEMQC_CROSSBAR_SENSES_MAPPED, 1},
    {"read_voltage", "V", 1e-6, 5, 0.1, 0},
    {"iv_nonlinearity", "1/V", 0, 20, 0, 0},
    {"input_noise", "V", 0, 10, 0, 0},
    {"output_noise", "A", 0, 1e3, 0, 0},
    {"read_noise", "S", 0, 1e3, 0, 0},
    {"read_noise_relative", "", 0, 10, 0, 0},
    {"read_noise_path", "", MEMQC_CROSSBAR_NOISE_PER_OUTPUT, MEMQC_CROSSBAR_NOISE_PER_CELL,
     MEMQC_CROSSBAR_NOISE_PER_OUTPUT, 1},
    {"tile_rows", "", 0, 1 << 30, 0, 1},
    {"tile_cols", "", 0, 1 << 30, 0, 1},
    {"read_time", "s", 1e-15, 1e3, 100e-9, 0},
    {"adc_time", "s", 0, 1e3, 1 / 1.2e9, 0},
    {"lines_per_adc", "", 1, 1 << 20, 128, 1},
    {"dac_energy", "J", 0, 1, 0.39e-12, 0},
    {"adc_energy", "J", 0, 1, 6.5e-15, 0},
    {"word_resistance", "ohm", 0, 1e6, 0, 0},
    {"bit_resistance", "ohm", 0, 1e6, 0, 0},
    {"driver_resistance", "ohm", 0, 1e6, 0, 0},
    {"sense_resistance", "ohm", 0, 1e6, 0, 0},
    {"driven_ends", "", MEMQC_CROSSBAR_ENDS_FIRST, MEMQC_CROSSBAR_ENDS_BOTH,
     MEMQC_CROSSBAR_ENDS_FIRST, 1},
    {"sensed_ends", "", MEMQC_CROSSBAR_ENDS_FIRST, MEMQC_CROSSBAR_ENDS_BOTH,
     MEMQC_CROSSBAR_ENDS_LAST, 1},
    {"wire_method", "", MEMQC_CROSSBAR_METHOD_AUTO, MEMQC_CROSSBAR_METHOD_ITERATE,
     MEMQC_CROSSBAR_METHOD_AUTO, 1},
    {"wire_tolerance", "", 1e-12, 1e-2, 1e-7, 0},
};

const struct mqc_params mqc_crossbar_params = {"crossbar", MQC_CROSSBAR_KEYS, table};

const struct mqc_crossbar_kernels *mqc_crossbar_kernels(void) {
    static const struct mqc_crossbar_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_crossbar_kernels);
    return tables[mqc_isa()];
}

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
        xb->value[key] = table[key - 1].initial;
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
                        table[key - 1].name, value);
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

memqc_status mqc_crossbar_ready(const memqc_crossbar *xb, const char *function) {
    if (!xb->programmed)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: the array has not been programmed; call memqc_crossbar_program first",
                        function);
    return MEMQC_OK;
}

/* What every function that copies a rows x cols array out needs to be true. */
static memqc_status check_read(const memqc_crossbar *xb, const char *function, size_t plane,
                               size_t ld) {
    MQC_TRY(mqc_crossbar_ready(xb, function));
    if (plane >= xb->cells.planes)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: plane = %zu; the mapping has planes 0 .. %zu",
                        function, plane, xb->cells.planes - 1);
    if (ld < xb->shape.cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: leading dimension %zu is less than cols = %zu",
                        function, ld, xb->shape.cols);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_weights(const memqc_crossbar *crossbar, float *w, size_t ldw) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(w);
    MQC_TRY(check_read(crossbar, __func__, 0, ldw));
    const int by_column = mqc_crossbar_by_column(crossbar);
    const double unit = mqc_crossbar_unit(crossbar);
    for (size_t i = 0; i < crossbar->shape.rows; i++)
        for (size_t j = 0; j < crossbar->shape.cols; j++)
            w[i * ldw + j] =
                (float)((double)crossbar->weights.scale[by_column ? j : 0] * unit *
                        (double)crossbar->weights.matrix[i * crossbar->shape.cols + j]);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_nominal_weights(const memqc_crossbar *crossbar, float *w,
                                                size_t ldw) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(w);
    MQC_TRY(check_read(crossbar, __func__, 0, ldw));
    const int by_column = mqc_crossbar_by_column(crossbar);
    for (size_t i = 0; i < crossbar->shape.rows; i++)
        for (size_t j = 0; j < crossbar->shape.cols; j++)
            w[i * ldw + j] = (crossbar->weights.position[i * crossbar->shape.cols + j] -
                              crossbar->weights.ladder.offset) /
                             crossbar->weights.slope[by_column ? j : 0];
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_levels(const memqc_crossbar *crossbar, size_t plane,
                                       int32_t *levels, size_t ld) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(levels);
    MQC_TRY(check_read(crossbar, __func__, plane, ld));
    for (size_t i = 0; i < crossbar->shape.rows; i++)
        for (size_t j = 0; j < crossbar->shape.cols; j++)
            levels[i * ld + j] =
                (int32_t)crossbar->cells.plane[plane].level[i * crossbar->shape.cols + j];
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_conductances(const memqc_crossbar *crossbar, size_t plane, float *g,
                                             size_t ldg) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(g);
    MQC_TRY(check_read(crossbar, __func__, plane, ldg));
    for (size_t i = 0; i < crossbar->shape.rows; i++)
        memcpy(g + i * ldg, crossbar->cells.plane[plane].g + i * crossbar->shape.cols,
               crossbar->shape.cols * sizeof *g);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_reference(const memqc_crossbar *crossbar, size_t slice, float *g) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(g);
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    if (crossbar->weights.map.kind != MEMQC_CROSSBAR_MAPPING_REFERENCE)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: mapping = %d has no reference column; MAPPING_REFERENCE has", __func__,
                        crossbar->weights.map.kind);
    if (slice >= crossbar->weights.map.slices)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: slice = %zu; there are slices 0 .. %zu",
                        __func__, slice, crossbar->weights.map.slices - 1);
    memcpy(g, crossbar->cells.reference[slice].g, crossbar->shape.rows * sizeof *g);
    return MEMQC_OK;
}
