/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes of products: converters, read noise, tiles and wires. */
#include "digest_crossbar.h"

/* --- converters --- */

/* Forward and backward products of a new array, with calibration where the range asks for it. */
static void product(const char *name, const struct array *a, const struct setting *device_settings,
                    const struct setting *first, const struct setting *more) {
    static float x[40 * LARGEST];
    struct digest d = digest_begin();
    memqc_crossbar *xb = digest_array(a, device_settings, first);
    double range;
    digest_set(xb, more);
    digest_set(xb, first); /* which may have needed the others */
    digest_program(xb, 1);
    TRY(memqc_crossbar_get(xb, MEMQC_CROSSBAR_ADC_RANGE, &range));
    if (range >= MEMQC_CROSSBAR_RANGE_CALIBRATED) {
        digest_fill(25, 40 * LARGEST, -1, 1, x);
        TRY(memqc_crossbar_calibrate(xb, 40, x, LARGEST, 99));
        TRY(memqc_crossbar_calibrate_transposed(xb, 40, x, LARGEST, 99));
    }
    digest_products(&d, xb, BATCH, FORWARD | TRANSPOSED);
    digest_counters(&d, xb);
    digest_products(&d, xb, 1, FORWARD | TRANSPOSED);
    digest_products(&d, xb, 3, FORWARD | TRANSPOSED);
    digest_counters(&d, xb);
    digest_print(&d, "%s/%zux%zu", name, a->rows, a->cols);
    memqc_crossbar_destroy(&xb);
}

static const struct setting bits[] = {
    {MEMQC_CROSSBAR_DAC_BITS, 4}, {MEMQC_CROSSBAR_ADC_BITS, 7}, {0, 0}};

static void codings(const struct array *a) {
    for (int coding = 1; coding <= 4; coding++) {
        for (int format = 1; format <= 3; format++) {
            for (int mapping = 1; mapping <= 4; mapping++) {
                const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, mapping},
                                                   {MEMQC_CROSSBAR_INPUT_CODING, coding},
                                                   {MEMQC_CROSSBAR_INPUT_FORMAT, format},
                                                   {MEMQC_CROSSBAR_ADC_FRACTION, 0.25},
                                                   {0, 0}};
                char name[64];
                snprintf(name, sizeof name, "coding%d/format%d/map%d", coding, format, mapping);
                product(name, a, NULL, settings, bits);
            }
        }
    }
}

static void ranges(const struct array *a) {
    for (int range = 1; range <= 4; range++) {
        for (int senses = 1; senses <= 2; senses++) {
            for (int mapping = 1; mapping <= 2; mapping++) {
                const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, mapping},
                                                   {MEMQC_CROSSBAR_NORMALIZATION, 3},
                                                   {MEMQC_CROSSBAR_ADC_RANGE, range},
                                                   {MEMQC_CROSSBAR_ADC_SENSES, 1 + senses},
                                                   {0, 0}};
                char name[64];
                snprintf(name, sizeof name, "range%d/senses%d/map%d", range, senses, mapping);
                product(name, a, NULL, settings, bits);
            }
        }
    }
}

static void tiles(const struct array *a) {
    static const struct setting split[] = {
        {MEMQC_CROSSBAR_TILE_ROWS, 10},    {MEMQC_CROSSBAR_TILE_COLS, 7},
        {MEMQC_CROSSBAR_SLICE_BASE, 4},    {MEMQC_CROSSBAR_SLICES, 2},
        {MEMQC_CROSSBAR_LINES_PER_ADC, 3}, {0, 0}};
    for (int mapping = 1; mapping <= 4; mapping++) {
        for (int range = 1; range <= 4; range += 2) {
            const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, mapping},
                                               {MEMQC_CROSSBAR_ADC_RANGE, range},
                                               {MEMQC_CROSSBAR_DAC_BITS, 4},
                                               {MEMQC_CROSSBAR_ADC_BITS, 7},
                                               {0, 0}};
            char name[64];
            snprintf(name, sizeof name, "tiles/map%d/range%d", mapping, range);
            product(name, a, NULL, settings, split);
        }
    }
}

static void noises(const struct array *a) {
    for (int octaves = 0; octaves <= 3; octaves += 3) {
        const struct setting device[] = {{MEMQC_DEVICE_READ_NOISE, 1e-6},
                                         {MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.02},
                                         {MEMQC_DEVICE_READ_NOISE_OCTAVES, octaves},
                                         {0, 0}};
        for (int path = 1; path <= 2; path++) {
            for (int mapping = 1; mapping <= 4; mapping++) {
                for (int coding = 1; coding <= 2; coding++) {
                    const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, mapping},
                                                       {MEMQC_CROSSBAR_READ_NOISE_PATH, path},
                                                       {MEMQC_CROSSBAR_INPUT_NOISE, 1e-3},
                                                       {MEMQC_CROSSBAR_OUTPUT_NOISE, 1e-7},
                                                       {MEMQC_CROSSBAR_INPUT_CODING, coding},
                                                       {0, 0}};
                    char name[64];
                    snprintf(name, sizeof name, "noise/octaves%d/path%d/map%d/coding%d", octaves,
                             path, mapping, coding);
                    product(name, a, device, settings, coding == 1 ? NULL : bits);
                }
            }
        }
    }
}

static void nonlinear(const struct array *a) {
    static const struct setting curved[] = {{MEMQC_CROSSBAR_IV_NONLINEARITY, 4},
                                            {MEMQC_CROSSBAR_READ_VOLTAGE, 0.5},
                                            {MEMQC_CROSSBAR_INPUT_NOISE, 1e-3},
                                            {0, 0}};
    for (int mapping = 1; mapping <= 4; mapping++) {
        const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, mapping}, {0, 0}};
        char name[64];
        snprintf(name, sizeof name, "nonlinear/map%d", mapping);
        product(name, a, NULL, settings, curved);
    }
}

void digest_converters(const struct array *a, int all) {
    codings(a);
    ranges(a);
    tiles(a);
    noises(a);
    if (all) {
        nonlinear(a);
        nonlinear(&small_array);
    }
}

/* --- wires --- */

static const struct setting ohms[] = {{MEMQC_CROSSBAR_WORD_RESISTANCE, 3},
                                      {MEMQC_CROSSBAR_BIT_RESISTANCE, 2},
                                      {MEMQC_CROSSBAR_DRIVER_RESISTANCE, 20},
                                      {MEMQC_CROSSBAR_SENSE_RESISTANCE, 10},
                                      {0, 0}};

/* Products after a change, so that what was kept of the circuit is made anew, and what is inside.
 */
static void probe(struct digest *d, memqc_crossbar *xb, int transposed) {
    static float volts[LARGEST], word[LARGEST * (LARGEST + 1)], bit[LARGEST * (LARGEST + 1)],
        cell[LARGEST * LARGEST];
    size_t place[2], rows, cols;
    for (size_t number = 0;
         memqc_crossbar_tile(xb, number, &place[0], &place[1], &rows, &cols) == 0; number++) {
        digest_sizes(d, 2, (const uint64_t[]){place[0], place[1]});
        digest_fill(26 + number, LARGEST, -0.3, 0.3, volts);
        TRY((transposed ? memqc_crossbar_nodes_transposed
                        : memqc_crossbar_nodes)(xb, 0, number, volts, word, bit));
        digest_floats(d, rows * cols, word);
        digest_floats(d, rows * cols, bit);
        TRY((transposed ? memqc_crossbar_branches_transposed
                        : memqc_crossbar_branches)(xb, 0, number, volts, cell, word, bit));
        digest_floats(d, rows * cols, cell);
        digest_floats(d, rows * (cols + 1), word);
        digest_floats(d, (rows + 1) * cols, bit);
    }
}

static void wire(const char *name, const struct array *a, const struct setting *first,
                 const struct setting *more, int ways) {
    struct digest d = digest_begin();
    memqc_crossbar *xb = digest_array(a, NULL, first);
    double curved;
    digest_set(xb, ohms);
    digest_set(xb, more);
    digest_set(xb, first); /* which may have needed the others */
    digest_program(xb, 1);
    digest_products(&d, xb, BATCH, ways);
    digest_products(&d, xb, 1, ways);
    digest_program(xb, 0.7);
    digest_products(&d, xb, BATCH, ways);
    digest_counters(&d, xb);
    digest_print(&d, "%s/%zux%zu/product", name, a->rows, a->cols);
    TRY(memqc_crossbar_get(xb, MEMQC_CROSSBAR_IV_NONLINEARITY, &curved));
    if (curved == 0) {
        probe(&d, xb, 0);
        probe(&d, xb, 1);
        digest_print(&d, "%s/%zux%zu/probe", name, a->rows, a->cols);
    }
    memqc_crossbar_destroy(&xb);
}

static void wire_methods(const struct array *a) {
    for (int method = 0; method <= 2; method++) {
        for (int mapping = 1; mapping <= 4; mapping++) {
            const int ends = 1 + (method + mapping) % 3;
            const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, mapping},
                                               {MEMQC_CROSSBAR_WIRE_METHOD, method},
                                               {MEMQC_CROSSBAR_DRIVEN_ENDS, ends},
                                               {MEMQC_CROSSBAR_SENSED_ENDS, 1 + mapping % 3},
                                               {0, 0}};
            char name[64];
            snprintf(name, sizeof name, "wires/method%d/map%d", method, mapping);
            wire(name, a, settings, NULL, FORWARD | TRANSPOSED);
        }
    }
}

static void wire_options(const struct array *a) {
    static const struct setting split[] = {
        {MEMQC_CROSSBAR_TILE_ROWS, 10}, {MEMQC_CROSSBAR_TILE_COLS, 7}, {0, 0}};
    static const struct setting perfect[] = {{MEMQC_CROSSBAR_WORD_RESISTANCE, 0},
                                             {MEMQC_CROSSBAR_DRIVER_RESISTANCE, 0},
                                             {MEMQC_CROSSBAR_SENSE_RESISTANCE, 0},
                                             {0, 0}};
    static const struct setting curved[] = {
        {MEMQC_CROSSBAR_IV_NONLINEARITY, 4}, {MEMQC_CROSSBAR_READ_VOLTAGE, 0.5}, {0, 0}};
    static const struct setting pair[] = {{MEMQC_CROSSBAR_MAPPING, 2}, {0, 0}};
    static const struct setting reference[] = {{MEMQC_CROSSBAR_MAPPING, 3}, {0, 0}};
    wire("wires/tiles", a, reference, split, FORWARD | TRANSPOSED);
    wire("wires/perfect", a, pair, perfect, FORWARD | TRANSPOSED);
    wire("wires/nonlinear/map2", a, pair, curved, FORWARD | TRANSPOSED);
    wire("wires/nonlinear/map3", a, reference, curved, FORWARD);
    for (int coding = 1; coding <= 4; coding++) {
        const struct setting settings[] = {{MEMQC_CROSSBAR_INPUT_CODING, coding}, {0, 0}};
        char name[64];
        snprintf(name, sizeof name, "wires/coding%d", coding);
        wire(name, a, settings, bits, FORWARD | TRANSPOSED);
    }
}

void digest_wires(void) {
    static const struct array wide = {"hfox-a", 20, 45};
    wire_methods(&small_array);
    wire_methods(&wide);
    wire_options(&small_array);
    wire_options(&wide);
}
