/* SPDX-License-Identifier: BSD-3-Clause */
/* How often cells were programmed: one number, 16 bits or 32 bits a cell, as needed, and the same
 * numbers whichever it is. */
#include "test.h"

#include "crossbar/array/array.h"
#include "crossbar/cells/counts.h"
#include "crossbar/mapping/position.h"
#include "crossbar/save.h"

enum { ROWS = 6, COLS = 5, CELLS = ROWS * COLS };

static memqc_crossbar *make(const char *preset, int32_t mapping) {
    memqc_device *d = NULL;
    memqc_crossbar *xb = NULL;
    float w[CELLS];
    for (size_t i = 0; i < CELLS; i++)
        w[i] = (float)(i % 11) / 5 - 1;
    OK(memqc_device_create_preset(preset, &d));
    OK(memqc_crossbar_create(d, ROWS, COLS, 3, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_program(xb, w, COLS));
    memqc_device_destroy(&d);
    return xb;
}

static void check_equal(const memqc_crossbar *a, const memqc_crossbar *b) {
    float ga[CELLS], gb[CELLS];
    for (size_t plane = 0; plane < a->cells.planes; plane++) {
        OK(memqc_crossbar_get_conductances(a, plane, ga, COLS));
        OK(memqc_crossbar_get_conductances(b, plane, gb, COLS));
        ck_assert_mem_eq(ga, gb, sizeof ga);
        for (size_t k = 0; k < CELLS; k++)
            ck_assert_uint_eq(mqc_counts_of(&a->cells.plane[plane].count, k),
                              mqc_counts_of(&b->cells.plane[plane].count, k));
    }
}

/* The same calls on an array whose counts are 32 bits from the beginning give the same cells. */
START_TEST(all_widths_number_the_same_draws) {
    memqc_crossbar *few = make("hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL),
                   *many = make("hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    float w[CELLS], dw[CELLS];
    for (size_t i = 0; i < CELLS; i++) {
        w[i] = (float)(i % 7) / 3 - 1;
        dw[i] = (float)(i % 5) / 4 - 0.4f;
    }
    ck_assert(!mqc_counts_differ(&few->cells.plane[0].count));
    ck_assert_uint_eq(few->cells.plane[1].count.base, 1);
    OK(mqc_counts_room(many, 1e9));
    ck_assert(many->cells.plane[1].count.many && !many->cells.plane[1].count.few);
    for (int round = 0; round < 3; round++) {
        OK(memqc_crossbar_program(few, w, COLS));
        OK(memqc_crossbar_program(many, w, COLS));
        check_equal(few, many);
        OK(memqc_crossbar_update(few, 0.3, dw, COLS));
        OK(memqc_crossbar_update(many, 0.3, dw, COLS));
        check_equal(few, many);
    }
    ck_assert(few->cells.plane[0].count.few && !few->cells.plane[0].count.many);
    memqc_crossbar_destroy(&few);
    memqc_crossbar_destroy(&many);
}
END_TEST

/* One cell is programmed until 16 bits do not hold its count. Copies and files have the counts. */
START_TEST(counts_outgrow_16_bits) {
    enum { TIMES = 3, EACH = 30000 };
    static size_t places[EACH];
    static float w[EACH];
    static unsigned char bytes[1 << 14];
    memqc_crossbar *xb = make("hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE), *copy, *loaded;
    struct mqc_counts *const count = &xb->cells.plane[0].count;
    size_t size;
    for (size_t i = 0; i < EACH; i++)
        places[i] = 7;
    for (int time = 1; time <= TIMES; time++) {
        OK(memqc_crossbar_program_list(xb, EACH, places, w));
        ck_assert_int_eq(time * EACH > UINT16_MAX, count->many != NULL);
        ck_assert_uint_eq(mqc_counts_of(count, 7), (unsigned)(1 + time * EACH));
        ck_assert_uint_eq(mqc_counts_of(count, 8), 1);
        OK(memqc_crossbar_copy(xb, &copy));
        OK(memqc_crossbar_save_memory(xb, bytes, sizeof bytes, &size));
        OK(memqc_crossbar_load_memory(bytes, size, &loaded));
        check_equal(xb, copy);
        check_equal(xb, loaded);
        ck_assert_int_eq(count->many != NULL, loaded->cells.plane[0].count.many != NULL);
        memqc_crossbar_destroy(&copy);
        memqc_crossbar_destroy(&loaded);
    }
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* What all cells have in common needs no bits of theirs. */
START_TEST(common_counts_go_to_the_base) {
    memqc_crossbar *xb = make("hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE);
    struct mqc_counts *const count = &xb->cells.plane[0].count;
    float w[CELLS] = {0};
    OK(memqc_crossbar_program_cell(xb, 0, 0, 0.5));
    OK(memqc_crossbar_program(xb, w, COLS));
    for (size_t k = 0; k < CELLS; k++) {
        count->few[k] = (uint16_t)(count->few[k] + 40000);
    }
    count->most = 65535;
    const uint32_t before = mqc_counts_of(count, 0);
    OK(memqc_crossbar_program_cell(xb, 0, 0, 0.5));
    ck_assert(count->few && !count->many);
    ck_assert_uint_eq(count->base, 1 + 40001);
    ck_assert_uint_eq(mqc_counts_of(count, 0), before + 1);
    memqc_crossbar_destroy(&xb);
}
END_TEST

static size_t save(const memqc_crossbar *xb, void *bytes, size_t room) {
    size_t size;
    OK(memqc_crossbar_save_memory(xb, bytes, room, &size));
    return size;
}

/* Positions that the levels do not tell live on in copies and files; others take no memory. */
START_TEST(positions_are_kept_where_levels_do_not_tell_them) {
    static unsigned char bytes[2][1 << 14];
    const size_t place = 3;
    memqc_crossbar *xb = make("hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL), *loaded, *copy;
    float before[CELLS], after[CELLS];
    size_t remapped = 0;
    const size_t plain = save(xb, bytes[0], sizeof bytes[0]);
    OK(memqc_crossbar_load_memory(bytes[0], plain, &loaded));
    ck_assert(!xb->weights.position && !loaded->weights.position);
    memqc_crossbar_destroy(&loaded);
    OK(memqc_crossbar_get_nominal_weights(xb, before, COLS));
    const float g = (float)(0.5 * (mqc_device_g_min(xb->device) + mqc_device_g_max(xb->device)));
    OK(memqc_crossbar_stick(xb, 0, 1, &place, &g));
    OK(memqc_crossbar_remap(xb, &remapped, NULL));
    ck_assert_uint_eq(remapped, 1);
    OK(memqc_crossbar_get_nominal_weights(xb, after, COLS));
    ck_assert_mem_eq(before, after, sizeof before);
    const size_t size = save(xb, bytes[0], sizeof bytes[0]);
    OK(memqc_crossbar_load_memory(bytes[0], size, &loaded));
    OK(memqc_crossbar_copy(xb, &copy));
    ck_assert_uint_eq(save(loaded, bytes[1], sizeof bytes[1]), size);
    ck_assert_mem_eq(bytes[0], bytes[1], size);
    ck_assert_uint_eq(save(copy, bytes[1], sizeof bytes[1]), size);
    ck_assert_mem_eq(bytes[0], bytes[1], size);
    memqc_crossbar_destroy(&copy);
    memqc_crossbar_destroy(&loaded);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* A file with a level between two levels, which no array can hold. */
START_TEST(levels_in_files_are_whole) {
    static const float bad[] = {2.5f, 0, -1, 1e9f, 70000};
    memqc_crossbar *xb = make("hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE), *loaded;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct mqc_writer writer;
        static unsigned char bytes[1 << 14];
        size_t size = 0, at = 0;
        mqc_write_start(&writer, MQC_KIND_CROSSBAR, 2);
        mqc_crossbar_write(xb, &writer);
        while (memcmp(writer.data + at, "xlev", 4) != 0)
            at++;
        uint32_t bits;
        memcpy(&bits, &bad[i], sizeof bits);
        for (size_t b = 0; b < 4; b++)
            writer.data[at + 16 + b] = (unsigned char)(bits >> (8 * b));
        OK(mqc_write_to_memory(&writer, "test", "array", bytes, sizeof bytes, &size));
        FAILS(MEMQC_ERROR_FORMAT, "a cell of a crossbar",
              memqc_crossbar_load_memory(bytes, size, &loaded));
    }
    memqc_crossbar_destroy(&xb);
}
END_TEST

RUN_TESTS("memory_counts", all_widths_number_the_same_draws, counts_outgrow_16_bits,
          common_counts_go_to_the_base, positions_are_kept_where_levels_do_not_tell_them,
          levels_in_files_are_whole)
