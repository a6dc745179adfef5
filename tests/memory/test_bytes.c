/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes of a weight, exactly, for every mapping and kind of cell, and for what an array went
 * through: the table of docs/crossbar.md. What rows and columns cost besides goes out by differences
 * between arrays of four sizes. */
#include "test.h"

#include "core/alloc.h"
#include "device/cell/inside.h"

#include <stdio.h>

enum { ROWS = 32, COLS = 64, MOST = 4 * ROWS * COLS };

static float ones[MOST], out[MOST];

/* What becomes of an array before its memory is looked at. */
typedef void (*story)(memqc_crossbar *xb, size_t rows, size_t cols);

static void programmed(memqc_crossbar *xb, size_t rows, size_t cols) {
    (void)rows;
    OK(memqc_crossbar_program(xb, ones, cols));
}

static void read(memqc_crossbar *xb, size_t rows, size_t cols) {
    programmed(xb, rows, cols);
    OK(memqc_crossbar_mac(xb, 1, ones, rows, out, cols));
    OK(memqc_crossbar_mac_transposed(xb, 1, ones, cols, out, rows));
}

static void aged(memqc_crossbar *xb, size_t rows, size_t cols) {
    read(xb, rows, cols);
    OK(memqc_crossbar_advance(xb, 10));
}

static void a_cell_more(memqc_crossbar *xb, size_t rows, size_t cols) {
    read(xb, rows, cols);
    OK(memqc_crossbar_program_cell(xb, 0, 0, 0.5));
}

static void verified(memqc_crossbar *xb, size_t rows, size_t cols) {
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
    read(xb, rows, cols);
}

static void stuck(memqc_crossbar *xb, size_t rows, size_t cols) {
    const size_t place = 1;
    size_t planes;
    read(xb, rows, cols);
    OK(memqc_crossbar_get_shape(xb, NULL, NULL, &planes));
    for (size_t plane = 0; plane < planes; plane++)
        OK(memqc_crossbar_stick(xb, plane, 1, &place, NULL));
}

static void trained(memqc_crossbar *xb, size_t rows, size_t cols, int32_t rule) {
    read(xb, rows, cols);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, rule));
    OK(memqc_crossbar_update_outer(xb, 0.01, 1, ones, rows, ones, cols));
}

static void nearest(memqc_crossbar *xb, size_t rows, size_t cols) {
    trained(xb, rows, cols, MEMQC_CROSSBAR_RULE_NEAREST_LEVEL);
}

static void mixed(memqc_crossbar *xb, size_t rows, size_t cols) {
    trained(xb, rows, cols, MEMQC_CROSSBAR_RULE_MIXED_PRECISION);
}

static void trains(memqc_crossbar *xb, size_t rows, size_t cols) {
    trained(xb, rows, cols, MEMQC_CROSSBAR_RULE_PULSE_TRAIN);
}

enum cell { QUANTIZED, PULSED, SPREAD };

static memqc_device *make(enum cell cell) {
    memqc_device *d = NULL;
    OK(memqc_device_create_preset(cell == QUANTIZED ? "hfox-a" : "rpu", &d));
    for (int32_t key = MEMQC_DEVICE_D2D_G_MAX; cell == PULSED && key <= MEMQC_DEVICE_D2D_NOISE;
         key++)
        if (mqc_device_value(d, key) > 0)
            OK(memqc_device_set(d, key, 0));
    return d;
}

struct mapping {
    const char *name;
    int32_t kind, slices;
};

/* Memory of an array that went through something. */
static double bytes(const memqc_device *d, const struct mapping *mapping, story happens,
                    size_t rows, size_t cols) {
    static const int32_t keys[] = {MEMQC_CROSSBAR_SLICES, MEMQC_CROSSBAR_SLICE_BASE};
    const double values[] = {mapping->slices, 4};
    memqc_crossbar *xb = NULL;
    const size_t before = mqc_alloc_in_use();
    OK(memqc_crossbar_create(d, rows, cols, 1, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping->kind));
    if (mapping->slices > 1)
        OK(memqc_crossbar_set_many(xb, 2, keys, values));
    if (happens)
        happens(xb, rows, cols);
    const size_t now = mqc_alloc_in_use();
    memqc_crossbar_destroy(&xb);
    ck_assert_uint_eq(mqc_alloc_in_use(), before);
    return (double)(now - before);
}

static double bytes_of_a_weight(enum cell cell, const struct mapping *mapping, story happens) {
    memqc_device *d = make(cell);
    const double all = bytes(d, mapping, happens, 2 * ROWS, 2 * COLS) -
                       bytes(d, mapping, happens, 2 * ROWS, COLS) -
                       bytes(d, mapping, happens, ROWS, 2 * COLS) +
                       bytes(d, mapping, happens, ROWS, COLS);
    memqc_device_destroy(&d);
    return all / (ROWS * COLS);
}

static const struct mapping mappings[] = {
    {"single", MEMQC_CROSSBAR_MAPPING_SINGLE, 1},
    {"reference", MEMQC_CROSSBAR_MAPPING_REFERENCE, 1},
    {"differential", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 1},
    {"two-sided", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED, 1},
    {"single, 2 slices", MEMQC_CROSSBAR_MAPPING_SINGLE, 2},
    {"differential, 2 slices", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 2},
};

static const struct {
    const char *page; /* the first cell of the row on the page; NULL: in another row */
    story happens;
    enum cell cell;
    double bytes[COUNT(mappings)];
} table[] = {
    {"created", NULL, QUANTIZED, {0, 0, 0, 0, 0, 0}},
    {NULL, programmed, QUANTIZED, {10, 10, 16, 16, 24, 36}},
    {"programmed; read through ideal converters", read, QUANTIZED, {10, 10, 16, 16, 24, 36}},
    {NULL, read, PULSED, {10, 10, 16, 16, 24, 36}},
    {"the same, `rpu`: spread of both bounds and of the steps",
     read,
     SPREAD,
     {26, 26, 48, 48, 56, 100}},
    {"some cells programmed alone, or verified", a_cell_more, QUANTIZED, {12, 12, 20, 20, 28, 44}},
    {NULL, verified, QUANTIZED, {12, 12, 20, 20, 28, 44}},
    {"some cells stuck", stuck, QUANTIZED, {14, 14, 28, 28, 32, 56}},
    {"aged", aged, QUANTIZED, {22, 22, 40, 40, 48, 84}},
    {"trained: `RULE_NEAREST_LEVEL`",
     nearest,
     QUANTIZED,
     {20.125, 20.125, 28.125, 28.125, 36.125, 52.125}},
    {"trained: `RULE_MIXED_PRECISION`",
     mixed,
     QUANTIZED,
     {24.125, 24.125, 32.125, 32.125, 40.125, 56.125}},
    {"trained: `RULE_PULSE_TRAIN` on `rpu`", trains, SPREAD, {26, 26, 48, 48, -1, -1}},
};

START_TEST(a_weight_takes_what_the_page_says) {
    for (size_t i = 0; i < MOST; i++)
        ones[i] = (float)(i % 7) / 7;
    for (size_t t = 0; t < COUNT(table); t++)
        for (size_t m = 0; m < COUNT(mappings); m++) {
            if (table[t].bytes[m] < 0)
                continue; /* the rule does not take slices */
            const double found = bytes_of_a_weight(table[t].cell, &mappings[m], table[t].happens);
            ck_assert_msg(found == table[t].bytes[m], "row %zu, %s: %g bytes, not %g", t,
                          mappings[m].name, found, table[t].bytes[m]);
        }
}
END_TEST

/* A row of the page. The two kinds of pairs share a column. */
static void write_row(size_t t, char *row, size_t room) {
    size_t used = (size_t)snprintf(row, room, "\n| %s |", table[t].page);
    for (size_t m = 0; m < COUNT(mappings); m++) {
        if (m == 3) {
            ck_assert(table[t].bytes[3] == table[t].bytes[2]);
            continue;
        }
        if (table[t].bytes[m] < 0)
            used += (size_t)snprintf(row + used, room - used, " - |");
        else
            used += (size_t)snprintf(row + used, room - used, " %g |", table[t].bytes[m]);
    }
}

START_TEST(the_page_has_these_rows) {
    static char page[1 << 16];
    char path[1024], row[256];
    const char *const root = getenv("MEMQC_SOURCE_ROOT");
    ck_assert_ptr_nonnull(root);
    snprintf(path, sizeof path, "%s/docs/crossbar.md", root);
    FILE *const file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    page[fread(page, 1, sizeof page - 1, file)] = 0;
    fclose(file);
    for (size_t t = 0; t < COUNT(table); t++) {
        if (!table[t].page)
            continue;
        write_row(t, row, sizeof row);
        ck_assert_msg(strstr(page, row) != NULL, "docs/crossbar.md has no row%s", row);
    }
}
END_TEST

RUN_TESTS("memory_bytes", a_weight_takes_what_the_page_says, the_page_has_these_rows)
