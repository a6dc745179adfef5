/* SPDX-License-Identifier: BSD-3-Clause */
/* Looks at the inside of a tile: node voltages and branch currents. */
#include "circuit/probe.h"
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/ready.h"
#include "crossbar/read/tile.h"

#include <math.h>

memqc_status memqc_crossbar_tile(const memqc_crossbar *crossbar, size_t number, size_t *row,
                                 size_t *col, size_t *rows, size_t *cols) {
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    if (number >= mqc_tiles(crossbar))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: number = %zu; a plane has arrays 0 .. %zu",
                        __func__, number, mqc_tiles(crossbar) - 1);
    const struct mqc_tile a = mqc_tile_of(crossbar, number);
    size_t *const to[] = {row, col, rows, cols};
    const size_t from[] = {a.row, a.col, a.rows, a.lines};
    for (size_t i = 0; i < 4; i++)
        if (to[i])
            *to[i] = from[i];
    return MEMQC_OK;
}

/* A call of either function; wanted: what the caller takes, NULL or not. */
struct look {
    const char *function;
    size_t plane, number;
    int transposed;
    const float *volts;
    float *nodes[2], *amps[3];
};

static memqc_status check(const memqc_crossbar *xb, const struct look *look,
                          const struct mqc_tile *a) {
    const size_t n = look->transposed ? a->lines : a->rows;
    if (look->plane >= xb->cells.planes)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: plane = %zu; the mapping has planes 0 .. %zu",
                        look->function, look->plane, xb->cells.planes - 1);
    if (mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY) > 0)
        return mqc_fail(
            MEMQC_ERROR_STATE,
            "%s: iv_nonlinearity = %g 1/V; the inside is computed for ohmic cells alone, 0",
            look->function, mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY));
    for (size_t i = 0; i < n; i++)
        if (!isfinite(look->volts[i]))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: volts[%zu] = %g; voltages must be finite",
                            look->function, i, (double)look->volts[i]);
    return MEMQC_OK;
}

static void deliver(size_t n, const double *from, float *to) {
    for (size_t i = 0; to && i < n; i++)
        to[i] = (float)from[i];
}

static memqc_status look_at(memqc_crossbar *xb, const struct look *look) {
    struct mqc_circuit *circuit;
    MQC_TRY(memqc_crossbar_tile(xb, look->number, NULL, NULL, NULL, NULL));
    const struct mqc_tile a = mqc_tile_of(xb, look->number);
    MQC_TRY(check(xb, look, &a));
    MQC_TRY(mqc_tile_hold(xb, look->plane, look->number, &a, &circuit));
    const size_t cells = a.rows * a.lines, inputs = look->transposed ? a.lines : a.rows;
    double *const memory = mqc_alloc(inputs + 5 * cells + a.rows + a.lines, sizeof *memory);
    if (!memory)
        return MEMQC_ERROR_NOMEM;
    double *const at = memory + inputs;
    const struct mqc_probe probe = {at, at + cells, at + 2 * cells, at + 3 * cells,
                                    at + 4 * cells + a.rows};
    for (size_t i = 0; i < inputs; i++)
        memory[i] = (double)look->volts[i];
    const memqc_status status =
        mqc_circuit_probe(circuit, look->transposed ? MQC_BACKWARD : MQC_FORWARD, memory, &probe);
    if (status == MEMQC_OK) {
        deliver(cells, probe.word_volts, look->nodes[0]);
        deliver(cells, probe.bit_volts, look->nodes[1]);
        deliver(cells, probe.cell_amps, look->amps[0]);
        deliver(cells + a.rows, probe.word_amps, look->amps[1]);
        deliver(cells + a.lines, probe.bit_amps, look->amps[2]);
    }
    mqc_free(memory);
    return status;
}

memqc_status memqc_crossbar_nodes(memqc_crossbar *crossbar, size_t plane, size_t array,
                                  int32_t transposed, const float *volts, float *word_volts,
                                  float *bit_volts) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(volts);
    const struct look look = {__func__,          plane, array,
                              transposed != 0,   volts, {word_volts, bit_volts},
                              {NULL, NULL, NULL}};
    return look_at(crossbar, &look);
}

memqc_status memqc_crossbar_branches(memqc_crossbar *crossbar, size_t plane, size_t array,
                                     int32_t transposed, const float *volts, float *cell_amps,
                                     float *word_amps, float *bit_amps) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(volts);
    const struct look look = {__func__,
                              plane,
                              array,
                              transposed != 0,
                              volts,
                              {NULL, NULL},
                              {cell_amps, word_amps, bit_amps}};
    return look_at(crossbar, &look);
}
