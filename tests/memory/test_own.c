/* SPDX-License-Identifier: BSD-3-Clause */
/* What varies from device to device: an array keeps one value for each cell of what does, and one
 * chunk of what does not. */
#include "test.h"

#include "crossbar/cells/own.h"

/* More cells than a chunk, and a second chunk that is not full. */
enum { ROWS = 30, COLS = 50, CELLS = ROWS * COLS };

static const int32_t models[] = {
    MEMQC_DEVICE_QUANTIZED,   MEMQC_DEVICE_CONSTANT, MEMQC_DEVICE_SOFT_BOUNDS, MEMQC_DEVICE_LINEAR,
    MEMQC_DEVICE_EXPONENTIAL, MEMQC_DEVICE_POWER,    MEMQC_DEVICE_NEUROSIM,    MEMQC_DEVICE_TABLE};

static void list(const struct mqc_cell_arrays *own, const float *arrays[MQC_CELL_ARRAYS]) {
    const float *const all[] = {own->lo,       own->hi,         own->up,   own->down,
                                own->shape_up, own->shape_down, own->noise};
    memcpy(arrays, all, sizeof all);
}

/* What the device says, all cells at once. */
static struct mqc_cell_arrays said(const memqc_device *d, const memqc_crossbar *xb, float *block) {
    const struct mqc_draws where = {xb->cells.seed, xb->cells.plane[0].number, 0, NULL, NULL};
    const struct mqc_cell_arrays own = mqc_cell_arrays_in(block, CELLS);
    mqc_device_cell_arrays(d, &where, CELLS, &own);
    return own;
}

static int differ(const float *values) {
    for (size_t i = 1; i < CELLS; i++)
        if (values[i] != values[0])
            return 1;
    return 0;
}

/* May array a vary and does not? Upper bounds give way to lower ones that come close, and laws
 * without a shape, or without one of each cell, make nothing of its spread. */
static int may_vary(const memqc_device *d, size_t a) {
    const double model = mqc_device_value(d, MEMQC_DEVICE_MODEL);
    if (a == 1)
        return mqc_device_value(d, MEMQC_DEVICE_D2D_G_MIN) > 0;
    return (a == 4 || a == 5) && mqc_device_value(d, MEMQC_DEVICE_D2D_SHAPE) > 0 &&
           model != MEMQC_DEVICE_NEUROSIM && model != MEMQC_DEVICE_EXPONENTIAL;
}

/* Every array of a plane, cell by cell and gathered, is what the device says; a value for each cell
 * is kept where they differ, and only there. */
static void check_plane(const memqc_device *d, const memqc_crossbar *xb) {
    static float block[MQC_CELL_ARRAYS * CELLS], gathered[MQC_CELL_ARRAYS * MQC_CHUNK];
    static const uint32_t index[] = {3, 0, CELLS - 1, MQC_CHUNK, 77};
    const struct mqc_plane *const plane = &xb->cells.plane[0];
    const struct mqc_cell_arrays all = said(d, xb, block),
                                 some = mqc_plane_own_of(plane, COUNT(index), index, gathered);
    const float *expected[MQC_CELL_ARRAYS], *kept[MQC_CELL_ARRAYS], *of_some[MQC_CELL_ARRAYS];
    list(&all, expected);
    list(&some, of_some);
    for (size_t a = 0; a < MQC_CELL_ARRAYS; a++) {
        if (!(mqc_device_used_arrays(d) >> a & 1)) {
            ck_assert(!of_some[a]);
            continue;
        }
        const int varies = plane->own_varies >> a & 1;
        ck_assert_msg(varies == differ(expected[a]) || (varies && may_vary(d, a)),
                      "%s, array %zu: %d kept", d->ops->name, a, varies);
        for (size_t i = 0; i < CELLS; i++) {
            const struct mqc_cell_arrays own = mqc_plane_own_from(plane, i - i % 100);
            list(&own, kept);
            ck_assert(kept[a][i % 100] == expected[a][i]);
        }
        for (size_t i = 0; i < COUNT(index); i++)
            ck_assert(of_some[a][i] == expected[a][index[i]]);
    }
}

START_TEST(what_differs_is_kept_and_the_rest_is_not) {
    float w[CELLS] = {0};
    for (size_t m = 0; m < COUNT(models); m++) {
        for (int32_t key = MEMQC_DEVICE_D2D_G_MAX; key <= MEMQC_DEVICE_D2D_NOISE; key++) {
            memqc_device *d = NULL;
            memqc_crossbar *xb = NULL;
            OK(memqc_device_create(models[m], &d));
            if (models[m] == MEMQC_DEVICE_NEUROSIM) {
                OK(memqc_device_set(d, MEMQC_DEVICE_NL_UP, 1.5));
                OK(memqc_device_set(d, MEMQC_DEVICE_NL_DOWN, -2));
            }
            if (memqc_device_set(d, key, 0.2) == MEMQC_OK) {
                OK(memqc_crossbar_create(d, ROWS, COLS, 5, &xb));
                OK(memqc_crossbar_program(xb, w, COLS));
                ck_assert(xb->cells.plane[0].own.lo);
                check_plane(d, xb);
            }
            memqc_crossbar_destroy(&xb);
            memqc_device_destroy(&d);
        }
    }
}
END_TEST

START_TEST(nothing_is_kept_where_nothing_varies) {
    float w[CELLS] = {0};
    memqc_device *d = NULL;
    memqc_crossbar *xb = NULL;
    OK(memqc_device_create_preset("ag-asi", &d));
    OK(memqc_crossbar_create(d, ROWS, COLS, 5, &xb));
    OK(memqc_crossbar_program(xb, w, COLS));
    ck_assert(!xb->cells.plane[0].own_block && !xb->cells.plane[0].own.lo);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("memory_own", what_differs_is_kept_and_the_rest_is_not,
          nothing_is_kept_where_nothing_varies)
