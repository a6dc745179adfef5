/* SPDX-License-Identifier: BSD-3-Clause */
/* Saved arrays: each mapping, converters, wires, faults, ageing, and what update rules keep. */
#include "saved.h"

#include <stdio.h>

enum { ROWS = 6, COLS = 5, CELLS = ROWS * COLS, VECTORS = 3 };

/* --- writing --- */

static memqc_crossbar *array(memqc_device *device, const struct setting *settings) {
    memqc_crossbar *xb = NULL;
    TRY(memqc_crossbar_create(device, ROWS, COLS, 7, &xb));
    memqc_device_destroy(&device);
    for (; settings->key; settings++)
        TRY(memqc_crossbar_set(xb, settings->key, settings->value));
    return xb;
}

static void program(memqc_crossbar *xb) {
    float w[CELLS];
    digest_fill(21, CELLS, -1, 1, w);
    TRY(memqc_crossbar_program(xb, w, COLS));
}

static void update(memqc_crossbar *xb, uint64_t seed) {
    float x[VECTORS * ROWS], d[VECTORS * COLS];
    digest_fill(seed, VECTORS * ROWS, -1, 1, x);
    digest_fill(seed + 1, VECTORS * COLS, -1, 1, d);
    TRY(memqc_crossbar_update_outer(xb, 0.2, VECTORS, x, ROWS, d, COLS));
}

static void multiply(memqc_crossbar *xb, float *y) {
    float x[VECTORS * ROWS];
    digest_fill(22, VECTORS * ROWS, -1, 1, x);
    TRY(memqc_crossbar_mac(xb, VECTORS, x, ROWS, y, COLS));
}

static void write(memqc_crossbar *xb, const char *name) {
    TRY(memqc_crossbar_save(xb, saved_path(name)));
    memqc_crossbar_destroy(&xb);
}

/* After programming, an update and products. */
static void write_used(memqc_crossbar *xb, const char *name) {
    float y[VECTORS * COLS];
    program(xb);
    update(xb, 30);
    multiply(xb, y);
    write(xb, name);
}

static void write_new(void) {
    const struct setting settings[] = {
        {MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
        {MEMQC_CROSSBAR_W_MAX, 2},
        {0, 0}};
    write(array(digest_device("hfox-a", 0, NULL), settings), "array-new");
}

/* Verified cells, some of which are stuck. */
static void write_stuck(void) {
    const struct setting faults[] = {{MEMQC_DEVICE_STUCK_ON, 0.1}, {0, 0}};
    const struct setting settings[] = {
        {MEMQC_CROSSBAR_NORMALIZATION, MEMQC_CROSSBAR_NORMALIZATION_ARRAY},
        {MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY},
        {MEMQC_CROSSBAR_VERIFY_TOLERANCE, 0.75},
        {0, 0}};
    const size_t places[] = {3, 17};
    const float at[] = {1e-5f, 1e-4f};
    memqc_crossbar *xb = array(digest_device("hfox-b", 0, faults), settings);
    program(xb);
    TRY(memqc_crossbar_stick(xb, 0, 2, places, at));
    update(xb, 30);
    write(xb, "array-single-stuck");
}

/* Noisy pairs behind calibrated converters, which have aged. */
static void write_aged(void) {
    const struct setting ageing[] = {{MEMQC_DEVICE_DRIFT_NU, 0.05},
                                     {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.02},
                                     {MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.02},
                                     {MEMQC_DEVICE_READ_NOISE_SLOW, 1e-6},
                                     {0, 0}};
    const struct setting settings[] = {
        {MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
        {MEMQC_CROSSBAR_NORMALIZATION, MEMQC_CROSSBAR_NORMALIZATION_COLUMN},
        {MEMQC_CROSSBAR_DAC_BITS, 6},
        {MEMQC_CROSSBAR_ADC_BITS, 8},
        {MEMQC_CROSSBAR_ADC_RANGE, MEMQC_CROSSBAR_RANGE_PER_COLUMN},
        {MEMQC_CROSSBAR_OUTPUT_NOISE, 1e-7},
        {MEMQC_CROSSBAR_READ_NOISE_PATH, MEMQC_CROSSBAR_NOISE_PER_CELL},
        {MEMQC_CROSSBAR_DRIFT_COMPENSATION, 4},
        {0, 0}};
    float x[VECTORS * ROWS];
    memqc_crossbar *xb = array(digest_device("hfox-a", 0, ageing), settings);
    program(xb);
    digest_fill(22, VECTORS * ROWS, -1, 1, x);
    TRY(memqc_crossbar_calibrate(xb, VECTORS, x, ROWS, 99));
    TRY(memqc_crossbar_advance(xb, 100));
    update(xb, 30);
    write(xb, "array-pairs-aged");
}

static void write_flicker(void) {
    const struct setting flicker[] = {{MEMQC_DEVICE_FLICKER, 0.05},
                                      {MEMQC_DEVICE_FLICKER_DRAWN, MEMQC_DEVICE_FLICKER_PER_READ},
                                      {0, 0}};
    const struct setting settings[] = {
        {MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL}, {0, 0}};
    float y[VECTORS * COLS];
    memqc_crossbar *xb = array(digest_device("wan-2022", 0, flicker), settings);
    program(xb);
    TRY(memqc_crossbar_advance(xb, 10));
    multiply(xb, y);
    write(xb, "array-pairs-flicker");
}

static void write_slices(void) {
    const struct setting settings[] = {
        {MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED},
        {MEMQC_CROSSBAR_SLICES, 2},
        {MEMQC_CROSSBAR_SLICE_BASE, 4},
        {MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_STOCHASTIC},
        {0, 0}};
    write_used(array(digest_device("hfox-a", 0, NULL), settings), "array-two-sided-slices");
}

/* Tiles with wires, each product a circuit. */
static void write_wires(void) {
    const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_REFERENCE},
                                       {MEMQC_CROSSBAR_TILE_ROWS, 4},
                                       {MEMQC_CROSSBAR_WORD_RESISTANCE, 5},
                                       {MEMQC_CROSSBAR_BIT_RESISTANCE, 3},
                                       {MEMQC_CROSSBAR_DRIVER_RESISTANCE, 50},
                                       {MEMQC_CROSSBAR_WIRE_METHOD, MEMQC_CROSSBAR_METHOD_ITERATE},
                                       {0, 0}};
    write_used(array(saved_table(), settings), "array-reference-wires");
}

static void write_rules(void) {
    static const struct setting nearest[] = {{0, 0}},
                                trains[] = {{MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_PULSE_TRAIN},
                                            {0, 0}},
                                accumulator[] = {{MEMQC_CROSSBAR_RULE,
                                                  MEMQC_CROSSBAR_RULE_MIXED_PRECISION},
                                                 {0, 0}},
                                taka[] = {{MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_TIKI_TAKA_2},
                                          {MEMQC_CROSSBAR_TIKI_TAKA_PAIRS, 10},
                                          {0, 0}};
    write_used(array(saved_levels(0), nearest), "array-levels-nearest");
    write_used(array(saved_jumps(), trains), "array-jumps-trains");
    write_used(array(digest_device("hfox-b", 0, NULL), accumulator), "array-accumulators");
    write_used(array(digest_device("soft-bounds", 0, NULL), taka), "array-tiki-taka-2");
}

void saved_write_arrays(void) {
    write_new();
    write_stuck();
    write_aged();
    write_flicker();
    write_slices();
    write_wires();
    write_rules();
}

/* --- answers --- */

const struct saved_noun saved_array_keys = {memqc_crossbar_key_text, memqc_crossbar_key_value,
                                            memqc_crossbar_choice_name};

static void parameters(const memqc_crossbar *xb) {
    for (size_t i = 0; i < memqc_crossbar_keys(); i++) {
        const int32_t key = memqc_crossbar_key_at(i);
        int32_t used;
        double value;
        TRY(memqc_crossbar_uses(xb, key, &used));
        TRY(memqc_crossbar_get(xb, key, &value));
        if (used)
            saved_parameter(&saved_array_keys, key, value);
    }
}

/* What calls have cost so far. */
static void account(const memqc_crossbar *xb) {
    double clock, cost[COUNT_OF_COSTS];
    int32_t count[2];
    for (int32_t i = 0; i < COUNT_OF_COSTS; i++)
        TRY(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET + i, &cost[i]));
    for (int32_t i = 0; i < 2; i++) {
        uint64_t number;
        TRY(memqc_crossbar_get_count(
            xb, i ? MEMQC_CROSSBAR_COUNT_READS : MEMQC_CROSSBAR_COUNT_PROGRAMMED, &number));
        count[i] = (int32_t)number;
    }
    TRY(memqc_crossbar_get_clock(xb, &clock));
    saved_doubles("costs", COUNT_OF_COSTS, cost);
    saved_ints("cells programmed, reads", 2, count);
    saved_doubles("clock", 1, &clock);
}

static void cells(const memqc_crossbar *xb) {
    float g[CELLS];
    double mapping;
    size_t planes;
    TRY(memqc_crossbar_get(xb, MEMQC_CROSSBAR_MAPPING, &mapping));
    TRY(memqc_crossbar_get_shape(xb, NULL, NULL, &planes));
    for (size_t plane = 0; plane < planes; plane++) {
        TRY(memqc_crossbar_get_conductances(xb, plane, g, COLS));
        saved_hash("conductances", CELLS, g);
    }
    if (mapping == MEMQC_CROSSBAR_MAPPING_REFERENCE) {
        TRY(memqc_crossbar_get_reference(xb, 0, g));
        saved_hash("reference", ROWS, g);
    }
    TRY(memqc_crossbar_get_weights(xb, g, COLS));
    saved_hash("weights", CELLS, g);
}

static void products(memqc_crossbar *xb) {
    float x[VECTORS * COLS], y[VECTORS * ROWS];
    double ranges;
    multiply(xb, y);
    saved_hash("product", VECTORS * COLS, y);
    TRY(memqc_crossbar_get(xb, MEMQC_CROSSBAR_ADC_RANGE, &ranges));
    if (ranges == MEMQC_CROSSBAR_RANGE_PER_COLUMN)
        return; /* not calibrated for the other direction */
    digest_fill(23, VECTORS * COLS, -1, 1, x);
    TRY(memqc_crossbar_mac_transposed(xb, VECTORS, x, COLS, y, ROWS));
    saved_hash("transposed", VECTORS * ROWS, y);
}

void saved_answer_array(memqc_crossbar *xb) {
    uint64_t seed, programmed;
    TRY(memqc_crossbar_get_seed(xb, &seed));
    saved_doubles("seed", 1, &(const double){(double)seed});
    parameters(xb);
    account(xb);
    TRY(memqc_crossbar_get_count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED, &programmed));
    if (programmed == 0)
        program(xb);
    cells(xb);
    products(xb);
    update(xb, 40);
    printf("  after an update and 1000 s:\n");
    TRY(memqc_crossbar_advance(xb, 1000));
    account(xb);
    cells(xb);
    products(xb);
}
