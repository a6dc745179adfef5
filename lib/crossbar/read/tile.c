/* SPDX-License-Identifier: BSD-3-Clause */
/* Tiles and their circuits. */
#include "crossbar/read/tile.h"

#include "circuit/newton.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/reserve.h"

#include <string.h>

int mqc_wiring_on(const memqc_crossbar *xb) {
    return mqc_crossbar_value(xb, MEMQC_CROSSBAR_WORD_RESISTANCE) > 0 ||
           mqc_crossbar_value(xb, MEMQC_CROSSBAR_BIT_RESISTANCE) > 0 ||
           mqc_crossbar_value(xb, MEMQC_CROSSBAR_DRIVER_RESISTANCE) > 0 ||
           mqc_crossbar_value(xb, MEMQC_CROSSBAR_SENSE_RESISTANCE) > 0;
}

void mqc_wiring_forget(struct mqc_wiring *wiring) {
    wiring->groups = wiring->plane_holds = 0;
    wiring->hopeless = 0;
}

/* All that is of other conductances. */
static void forget(struct mqc_wiring *wiring) {
    mqc_wiring_forget(wiring);
    wiring->seen = 0;
    memset(wiring->holds, 0, sizeof wiring->holds);
}

/* What is kept, with nothing in it that is of other conductances than the present ones. */
struct mqc_wiring *mqc_wiring_present(memqc_crossbar *xb) {
    struct mqc_wiring *const wiring = &xb->readout.wiring;
    if (wiring->generation != xb->cells.generation)
        forget(wiring);
    wiring->generation = xb->cells.generation;
    return wiring;
}

uint64_t mqc_wiring_seen(const memqc_crossbar *xb) {
    const struct mqc_wiring *const wiring = &xb->readout.wiring;
    return wiring->generation == xb->cells.generation ? wiring->seen : 0;
}

void mqc_wiring_count(memqc_crossbar *xb, uint64_t vectors) {
    mqc_wiring_present(xb)->seen += vectors;
}

void mqc_wiring_set_seen(memqc_crossbar *xb, uint64_t vectors) {
    mqc_wiring_present(xb)->seen = vectors;
}

void mqc_wiring_drop(struct mqc_wiring *wiring) {
    forget(wiring);
    for (size_t slot = 0; slot < MQC_TILE_SHAPES; slot++) {
        mqc_circuit_destroy(&wiring->circuit[slot]);
        mqc_newton_destroy(&wiring->newton[slot]);
    }
}

void mqc_wiring_free(struct mqc_wiring *wiring) {
    mqc_wiring_drop(wiring);
    mqc_free(wiring->effective);
    mqc_free(wiring->plane);
    mqc_free(wiring->floats);
    mqc_free(wiring->doubles);
}

int mqc_tile_has_reference(const memqc_crossbar *xb) {
    return xb->weights.map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE;
}

double mqc_tile_offset(const memqc_crossbar *xb) {
    return xb->weights.map.sides == 1 && !mqc_tile_has_reference(xb)
               ? (double)xb->weights.map.middle
               : 0;
}

static size_t limit_of(const memqc_crossbar *xb, int32_t key, size_t n) {
    const double limit = mqc_crossbar_value(xb, key);
    return limit > 0 && limit < (double)n ? (size_t)limit : n;
}

size_t mqc_tiles(const memqc_crossbar *xb) {
    const size_t rows = limit_of(xb, MEMQC_CROSSBAR_TILE_ROWS, xb->shape.rows),
                 cols = limit_of(xb, MEMQC_CROSSBAR_TILE_COLS, xb->shape.cols);
    return ((xb->shape.rows + rows - 1) / rows) * ((xb->shape.cols + cols - 1) / cols);
}

struct mqc_tile mqc_tile_of(const memqc_crossbar *xb, size_t number) {
    const size_t rows = limit_of(xb, MEMQC_CROSSBAR_TILE_ROWS, xb->shape.rows),
                 cols = limit_of(xb, MEMQC_CROSSBAR_TILE_COLS, xb->shape.cols);
    const size_t across = (xb->shape.cols + cols - 1) / cols;
    struct mqc_tile a = {number / across * rows, number % across * cols, rows, cols, 0, 0};
    a.rows = xb->shape.rows - a.row < rows ? xb->shape.rows - a.row : rows;
    a.cols = xb->shape.cols - a.col < cols ? xb->shape.cols - a.col : cols;
    a.lines = a.cols + (size_t)mqc_tile_has_reference(xb);
    a.slot = (a.rows != rows ? 2u : 0u) + (a.cols != cols ? 1u : 0u);
    return a;
}

/* The ends of lines, as circuits number them. */
static int32_t end_of(const memqc_crossbar *xb, int32_t key) {
    return (int32_t)mqc_crossbar_value(xb, key) - MEMQC_CROSSBAR_ENDS_FIRST + MQC_END_FIRST;
}

static struct mqc_wires wires_of(const memqc_crossbar *xb) {
    const struct mqc_wires wires = {mqc_crossbar_value(xb, MEMQC_CROSSBAR_WORD_RESISTANCE),
                                    mqc_crossbar_value(xb, MEMQC_CROSSBAR_BIT_RESISTANCE),
                                    mqc_crossbar_value(xb, MEMQC_CROSSBAR_DRIVER_RESISTANCE),
                                    mqc_crossbar_value(xb, MEMQC_CROSSBAR_SENSE_RESISTANCE),
                                    end_of(xb, MEMQC_CROSSBAR_DRIVEN_ENDS),
                                    end_of(xb, MEMQC_CROSSBAR_SENSED_ENDS)};
    return wires;
}

memqc_status mqc_tile_circuit(memqc_crossbar *xb, const struct mqc_tile *a,
                              struct mqc_circuit **out) {
    struct mqc_wiring *const w = &xb->readout.wiring;
    const struct mqc_wires wires = wires_of(xb);
    if (!w->circuit[a->slot])
        MQC_TRY(mqc_circuit_create(&wires, a->rows, a->lines, &w->circuit[a->slot]));
    *out = w->circuit[a->slot];
    return mqc_circuit_limits(*out, mqc_crossbar_value(xb, MEMQC_CROSSBAR_WIRE_TOLERANCE), 10000);
}

memqc_status mqc_tile_hold(memqc_crossbar *xb, size_t plane, size_t number,
                           const struct mqc_tile *a, struct mqc_circuit **out) {
    struct mqc_wiring *const w = mqc_wiring_present(xb);
    const size_t key = 1 + plane * mqc_tiles(xb) + number;
    const float *g = xb->cells.plane[plane].g + a->row * xb->shape.cols + a->col;
    size_t ld = xb->shape.cols;
    MQC_TRY(mqc_tile_circuit(xb, a, out));
    if (w->holds[a->slot] == key)
        return MEMQC_OK;
    if (mqc_tile_has_reference(xb)) {
        MQC_TRY(MQC_RESERVE(&w->floats, &w->floats_room, a->rows * a->lines));
        for (size_t i = 0; i < a->rows; i++) {
            memcpy(w->floats + i * a->lines, g + i * ld, a->cols * sizeof *g);
            w->floats[i * a->lines + a->cols] = xb->cells.reference[plane].g[a->row + i];
        }
        g = w->floats;
        ld = a->lines;
    }
    w->holds[a->slot] = 0;
    MQC_TRY(mqc_circuit_program(*out, g, ld));
    w->holds[a->slot] = key;
    return MEMQC_OK;
}
