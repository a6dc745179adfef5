/* SPDX-License-Identifier: BSD-3-Clause */
/* Looks at the inside of a tile: node voltages and branch currents. */
#include "circuit/probe.h"
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/ready.h"
#include "crossbar/read/tile.h"

#include <math.h>

static memqc_status check_tile(const memqc_crossbar *xb, const char *function, size_t number) {
    MQC_TRY(mqc_crossbar_ready(xb, function));
    if (number >= mqc_tiles(xb))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: tile = %zu; a plane has tiles 0 .. %zu",
                        function, number, mqc_tiles(xb) - 1);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_tile(const memqc_crossbar *crossbar, size_t tile, size_t *row,
                                 size_t *col, size_t *rows, size_t *cols) {
    MQC_NOT_NULL(crossbar);
    MQC_TRY(check_tile(crossbar, __func__, tile));
    const struct mqc_tile found = mqc_tile_of(crossbar, tile);
    size_t *const to[] = {row, col, rows, cols};
    const size_t from[] = {found.row, found.col, found.rows, found.lines};
    for (size_t i = 0; i < 4; i++)
        if (to[i])
            *to[i] = from[i];
    return MEMQC_OK;
}

/* A call, and what its caller takes: NULL for what is not wanted. */
struct look {
    const char *function;
    const float *volts;
    float *nodes[2], *amps[3];
};

static memqc_status check(const memqc_crossbar *xb, const struct look *look, size_t plane,
                          size_t number) {
    MQC_TRY(mqc_crossbar_check_plane(xb, look->function, plane));
    MQC_TRY(check_tile(xb, look->function, number));
    if (mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY) > 0)
        return mqc_fail(
            MEMQC_ERROR_STATE,
            "%s: iv_nonlinearity = %g 1/V; the inside is computed for ohmic cells alone, 0",
            look->function, mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY));
    if (!look->volts)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: volts is NULL", look->function);
    return MEMQC_OK;
}

static memqc_status check_volts(const struct look *look, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(look->volts[i]))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: volts[%zu] = %g; allowed are finite values",
                            look->function, i, (double)look->volts[i]);
    return MEMQC_OK;
}

static void deliver(size_t n, const double *from, float *to) {
    for (size_t i = 0; to && i < n; i++)
        to[i] = (float)from[i];
}

static memqc_status look_at(memqc_crossbar *xb, const struct look *look, size_t plane,
                            size_t number, int transposed) {
    struct mqc_circuit *circuit;
    MQC_TRY(check(xb, look, plane, number));
    const struct mqc_tile tile = mqc_tile_of(xb, number);
    const size_t cells = tile.rows * tile.lines, inputs = transposed ? tile.lines : tile.rows;
    MQC_TRY(check_volts(look, inputs));
    MQC_TRY(mqc_tile_hold(xb, plane, number, &tile, &circuit));
    double *const memory = mqc_alloc(inputs + 5 * cells + tile.rows + tile.lines, sizeof *memory);
    if (!memory)
        return MEMQC_ERROR_NOMEM;
    double *const at = memory + inputs;
    const struct mqc_probe probe = {at, at + cells, at + 2 * cells, at + 3 * cells,
                                    at + 4 * cells + tile.rows};
    for (size_t i = 0; i < inputs; i++)
        memory[i] = (double)look->volts[i];
    const memqc_status status =
        mqc_circuit_probe(circuit, transposed ? MQC_BACKWARD : MQC_FORWARD, memory, &probe);
    if (status == MEMQC_OK) {
        deliver(cells, probe.word_volts, look->nodes[0]);
        deliver(cells, probe.bit_volts, look->nodes[1]);
        deliver(cells, probe.cell_amps, look->amps[0]);
        deliver(cells + tile.rows, probe.word_amps, look->amps[1]);
        deliver(cells + tile.lines, probe.bit_amps, look->amps[2]);
    }
    mqc_free(memory);
    return status;
}

memqc_status memqc_crossbar_nodes(memqc_crossbar *crossbar, size_t plane, size_t tile,
                                  const float *volts, float *word_volts, float *bit_volts) {
    const struct look look = {
        .function = __func__, .volts = volts, .nodes = {word_volts, bit_volts}};
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    return mqc_fail_in(__func__, look_at(crossbar, &look, plane, tile, 0));
}

memqc_status memqc_crossbar_nodes_transposed(memqc_crossbar *crossbar, size_t plane, size_t tile,
                                             const float *volts, float *word_volts,
                                             float *bit_volts) {
    const struct look look = {
        .function = __func__, .volts = volts, .nodes = {word_volts, bit_volts}};
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    return mqc_fail_in(__func__, look_at(crossbar, &look, plane, tile, 1));
}

memqc_status memqc_crossbar_branches(memqc_crossbar *crossbar, size_t plane, size_t tile,
                                     const float *volts, float *cell_amps, float *word_amps,
                                     float *bit_amps) {
    const struct look look = {
        .function = __func__, .volts = volts, .amps = {cell_amps, word_amps, bit_amps}};
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    return mqc_fail_in(__func__, look_at(crossbar, &look, plane, tile, 0));
}

memqc_status memqc_crossbar_branches_transposed(memqc_crossbar *crossbar, size_t plane, size_t tile,
                                                const float *volts, float *cell_amps,
                                                float *word_amps, float *bit_amps) {
    const struct look look = {
        .function = __func__, .volts = volts, .amps = {cell_amps, word_amps, bit_amps}};
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    return mqc_fail_in(__func__, look_at(crossbar, &look, plane, tile, 1));
}
