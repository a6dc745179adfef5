/* SPDX-License-Identifier: BSD-3-Clause */
/* Vectors through wires, by iteration. */
#include "crossbar/read/wired.h"

#include "circuit/newton.h"
#include "circuit/solve.h"
#include "core/error.h"
#include "core/reserve.h"

#include <string.h>

struct mqc_part mqc_part_of(const memqc_crossbar *xb, size_t number, int transposed) {
    struct mqc_part part = {
        .tile = mqc_tile_of(xb, number), .number = number, .transposed = transposed};
    const struct mqc_tile *tile = &part.tile;
    part.first = transposed ? tile->col : tile->row;
    part.in = transposed ? tile->cols : tile->rows;
    part.lines_in = transposed ? tile->lines : tile->rows;
    part.start = transposed ? tile->row : tile->col;
    part.out = transposed ? tile->rows : tile->cols;
    part.lines_out = transposed ? tile->rows : tile->lines;
    return part;
}

memqc_status mqc_part_solve(memqc_crossbar *xb, size_t plane, const struct mqc_part *part, size_t n,
                            const double *in, double *out) {
    const enum mqc_direction direction = part->transposed ? MQC_BACKWARD : MQC_FORWARD;
    const struct mqc_nonlinearity law = {mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY),
                                         mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_VOLTAGE)};
    struct mqc_newton **const newton = &xb->readout.wiring.newton[part->tile.slot];
    struct mqc_circuit *circuit;
    MQC_TRY(mqc_tile_hold(xb, plane, part->number, &part->tile, &circuit));
    if (!(law.a > 0))
        return mqc_circuit_solve_each(circuit, direction, n, in, part->lines_in, out,
                                      part->lines_out);
    if (!*newton)
        MQC_TRY(mqc_newton_create(circuit, newton));
    return mqc_newton_solve(*newton, circuit, &law, direction, n, in, part->lines_in, out,
                            part->lines_out);
}

/* Inputs in volts. A reference column that is driven has their sum, negative. */
static void gather(const struct mqc_part *part, size_t n, double volts, const float *v, size_t ldv,
                   double *to) {
    for (size_t s = 0; s < n; s++) {
        double sum = 0, *const row = to + s * part->lines_in;
        for (size_t i = 0; i < part->in; i++)
            sum += row[i] = volts * (double)v[s * ldv + part->first + i];
        if (part->lines_in > part->in)
            row[part->in] = -sum;
    }
}

/* What is taken off the currents of each vector, in units of full scale: that of the reference
 * column, or what the middle of the range would conduct. */
static double less_of(const struct mqc_part *part, double volts, double offset, const float *v,
                      const double *amps) {
    double sum = 0;
    if (part->lines_out > part->out)
        return amps[part->out] / volts;
    for (size_t i = 0; i < part->in && offset > 0; i++)
        sum += (double)v[part->first + i];
    return offset * sum;
}

memqc_status mqc_wiring_multiply(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                                 size_t group, size_t tile, size_t n, const float *volts,
                                 const float *v, float *acc) {
    struct mqc_wiring *const w = &xb->readout.wiring;
    const struct mqc_adc_group *const seen = &plan->group[group];
    const double full = mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_VOLTAGE),
                 offset = mqc_tile_offset(xb);
    const size_t most_in = plan->in + 1, most_out = plan->out + 1;
    MQC_TRY(MQC_RESERVE(&w->doubles, &w->doubles_room, n * (plan->out + most_in + most_out)));
    double *const sum = w->doubles, *const in = sum + n * plan->out, *const out = in + n * most_in;
    memset(sum, 0, n * plan->out * sizeof *sum);
    for (size_t k = 0; k < seen->planes * mqc_tiles(xb); k++) {
        const size_t side = k / mqc_tiles(xb);
        const struct mqc_part part = mqc_part_of(xb, k % mqc_tiles(xb), plan->transposed);
        if (plan->value_tiles > 1 && part.first / plan->in_tile != tile)
            continue;
        gather(&part, n, full, volts, plan->in, in);
        MQC_TRY(mqc_part_solve(xb, seen->plane + side, &part, n, in, out));
        for (size_t s = 0; s < n; s++) {
            const double *const row = out + s * part.lines_out;
            const double less = less_of(&part, full, offset, v + s * plan->in, row);
            double *const to = sum + s * plan->out + part.start;
            for (size_t j = 0; j < part.out; j++)
                to[j] += (side ? -1 : 1) * (row[j] / full - less);
        }
    }
    for (size_t k = 0; k < n * plan->out; k++)
        acc[k] = (float)sum[k];
    return MEMQC_OK;
}
