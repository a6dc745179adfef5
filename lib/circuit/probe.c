/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading the inside of a circuit: node voltages and branch currents. */
#include "circuit/probe.h"

#include "core/error.h"
#include "circuit/floor.h"
#include "circuit/iterate.h"

#include <math.h>

/* A line of `count` nodes with a source, whose cells take `taken` out of it; everything `step`
 * elements apart. */
struct path {
    size_t count, step;
    double segment, terminal, source;
    int32_t ends;
    const double *volts, *taken;
    double sign; /* of taken */
};

/* The share of the current of cell k that the terminal before the first cell carries, where the
 * line does not resist: all, nothing, or half of it; between two perfect terminals, what it would
 * be with equal segments, however small. */
static double share_of_first(const struct path *p, size_t k) {
    if (p->ends == MQC_END_FIRST)
        return 1;
    if (p->ends == MQC_END_LAST)
        return 0;
    return p->terminal > 0 ? 0.5 : (double)(p->count - k) / (double)(p->count + 1);
}

static double first_terminal(const struct path *p) {
    double sum = 0;
    for (size_t k = 0; k < p->count; k++)
        sum += share_of_first(p, k) * p->sign * p->taken[k * p->step];
    return sum;
}

/* count + 1 currents, towards higher cells: terminal, between neighbours, terminal. */
static void follow(const struct path *p, double *amps) {
    const double end = p->terminal + p->segment, last = p->volts[(p->count - 1) * p->step];
    if (p->segment > 0) {
        amps[0] = p->ends & MQC_END_FIRST ? (p->source - p->volts[0]) / end : 0;
        for (size_t k = 1; k < p->count; k++)
            amps[k * p->step] = (p->volts[(k - 1) * p->step] - p->volts[k * p->step]) / p->segment;
        amps[p->count * p->step] = p->ends & MQC_END_LAST ? (last - p->source) / end : 0;
        return;
    }
    amps[0] = first_terminal(p);
    for (size_t k = 0; k < p->count; k++)
        amps[(k + 1) * p->step] = amps[k * p->step] - p->sign * p->taken[k * p->step];
    if (!(p->ends & MQC_END_LAST))
        amps[p->count * p->step] = 0; /* not what rounding has left */
}

/* Voltages of all nodes from the outer lines' solution, as rows x cols. */
static void spread(struct mqc_circuit *c, int inner_drive, const double *volts, double *word,
                   double *bit) {
    double *inner = c->swapped ? bit : word, *outer = c->swapped ? word : bit,
           *current = c->group[0], *w = c->group[1];
    for (size_t i = 0; i < c->mi; i++) {
        const double *b = c->x + (c->outer.rows > 1 ? i * c->n : 0);
        const size_t start = c->swapped ? i : i * c->cols, step = c->swapped ? c->cols : 1;
        for (size_t j = 0; j < c->n; j++) {
            const double source = inner_drive ? 0 : volts[j];
            const double at = c->outer_line != MQC_LINE_SOURCE ? b[j] : source;
            outer[start + j * step] = at;
            current[j] = c->d[mqc_circuit_place(c, i, j)] * at;
        }
        mqc_circuit_inner_line(c, i, inner_drive ? volts[i] : 0, current, w);
        for (size_t j = 0; j < c->n; j++)
            inner[start + j * step] = w[j];
    }
}

static void branches(struct mqc_circuit *c, enum mqc_direction direction, const double *volts,
                     const struct mqc_probe *probe) {
    const struct mqc_wires *w = &c->wires;
    const size_t rows = c->rows, cols = c->cols;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            const size_t at = i * cols + j, place = c->swapped ? mqc_circuit_place(c, j, i)
                                                               : mqc_circuit_place(c, i, j);
            probe->cell_amps[at] =
                c->d[place] / c->unit * (probe->word_volts[at] - probe->bit_volts[at]);
        }
    }
    for (size_t i = 0; i < rows; i++) {
        const struct path path = {cols,
                                  1,
                                  w->word_segment,
                                  w->driver,
                                  direction == MQC_FORWARD ? volts[i] : 0,
                                  w->driven,
                                  probe->word_volts + i * cols,
                                  probe->cell_amps + i * cols,
                                  1};
        follow(&path, probe->word_amps + i * (cols + 1));
    }
    for (size_t j = 0; j < cols; j++) {
        const struct path path = {rows,
                                  cols,
                                  w->bit_segment,
                                  w->sense,
                                  direction == MQC_FORWARD ? 0 : volts[j],
                                  w->sensed,
                                  probe->bit_volts + j,
                                  probe->cell_amps + j,
                                  -1};
        follow(&path, probe->bit_amps + j);
    }
}

memqc_status mqc_circuit_probe(struct mqc_circuit *circuit, enum mqc_direction direction,
                               const double *volts, const struct mqc_probe *probe) {
    struct mqc_circuit *c = circuit;
    const int inner_drive = mqc_circuit_inner_drive(c, direction);
    const double tolerance = fmax(1e-12, 1e-3 * c->tolerance); /* nodes are less accurate than
                                                                  terminals */
    MQC_TRY(mqc_circuit_load(c, inner_drive, volts));
    if (c->outer_line != MQC_LINE_SOURCE)
        MQC_TRY(mqc_circuit_solve_lanes(c, 1, inner_drive, tolerance, c->x, 0));
    spread(c, inner_drive, volts, probe->word_volts, probe->bit_volts);
    if (probe->cell_amps)
        branches(c, direction, volts, probe);
    return MEMQC_OK;
}
