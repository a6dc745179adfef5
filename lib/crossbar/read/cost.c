/* SPDX-License-Identifier: BSD-3-Clause */
/* What reads cost. The energy in the cells of an input is V I t summed over them: V^2 times the sum
 * of their conductances, kept for each input. Programming a few cells corrects the sums,
 * programming all has them made anew when they are needed next. */
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/read/wired.h"

#include <string.h>

void mqc_readout_forget(memqc_crossbar *xb) {
    xb->readout.summed[0] = xb->readout.summed[1] = 0;
    xb->readout.squares_sources = 0;
    mqc_wiring_forget(&xb->readout.wiring);
}

/* The sums behind the inputs of n cells that are about to have the conductances g. */
static void correct_sums(memqc_crossbar *xb, const struct mqc_plane *plane, size_t n, size_t first,
                         const uint32_t *index, const float *g) {
    struct mqc_readout *readout = &xb->readout;
    const uint32_t cols = (uint32_t)xb->shape.cols;
    const int reference = plane >= xb->cells.reference && plane < xb->cells.reference + MQC_SLICES;
    for (size_t i = 0; i < n; i++) {
        const uint32_t place = index ? index[i] : (uint32_t)(first + i);
        const double change = (double)g[i] - (double)plane->g[place];
        const size_t at[2] = {reference ? place : place / cols, place % cols};
        for (size_t way = 0; way < (reference ? 1 : 2); way++)
            if (readout->summed[way])
                readout->sums[way][at[way]] = (float)(readout->total[way][at[way]] += change);
    }
}

void mqc_readout_store(memqc_crossbar *xb, struct mqc_plane *plane, size_t n, size_t first,
                       const uint32_t *index, const float *g) {
    xb->readout.squares_sources = 0;
    mqc_wiring_forget(&xb->readout.wiring);
    if (xb->readout.summed[0] || xb->readout.summed[1])
        correct_sums(xb, plane, n, first, index, g);
    for (size_t i = 0; index && i < n; i++)
        plane->g[index[i]] = g[i];
    if (!index)
        memcpy(plane->g + first, g, n * sizeof *g);
}

memqc_status mqc_readout_sums(memqc_crossbar *xb, int transposed, const float **sums) {
    struct mqc_readout *readout = &xb->readout;
    const size_t n = transposed ? xb->shape.cols : xb->shape.rows;
    if (!(readout->total[transposed] ||
          (readout->total[transposed] = mqc_alloc(n, sizeof(double)))) ||
        !(readout->sums[transposed] || (readout->sums[transposed] = mqc_alloc(n, sizeof(float)))))
        return MEMQC_ERROR_NOMEM;
    double *total = readout->total[transposed];
    *sums = readout->sums[transposed];
    if (readout->summed[transposed])
        return MEMQC_OK;
    memset(total, 0, n * sizeof *total);
    for (size_t plane = 0; plane < xb->cells.planes; plane++) {
        const float *g = xb->cells.plane[plane].g;
        for (size_t i = 0; i < xb->shape.rows && !transposed; i++)
            total[i] += mqc_readout_kernels()->sum(xb->shape.cols, g + i * xb->shape.cols);
        for (size_t i = 0; i < xb->shape.rows && transposed; i++)
            for (size_t j = 0; j < xb->shape.cols; j++)
                total[j] += (double)g[i * xb->shape.cols + j];
    }
    for (size_t slice = 0;
         slice < xb->weights.map.slices && xb->cells.reference[slice].g && !transposed; slice++)
        for (size_t i = 0; i < xb->shape.rows; i++)
            total[i] += (double)xb->cells.reference[slice].g[i];
    for (size_t i = 0; i < n; i++)
        readout->sums[transposed][i] = (float)total[i];
    readout->summed[transposed] = 1;
    return MEMQC_OK;
}

void mqc_readout_charge(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t batch,
                        double energy) {
    const double *value = xb->value, volts = value[MEMQC_CROSSBAR_READ_VOLTAGE],
                 time = value[MEMQC_CROSSBAR_READ_TIME];
    const uint64_t reads = (uint64_t)batch * (uint64_t)(plan->phases * plan->reads);
    const uint64_t drivers =
        plan->coding == MEMQC_CROSSBAR_CODING_BIT_PARALLEL ? (uint64_t)plan->bits : 1;
    const uint64_t dac = reads * plan->in * plan->out_tiles * drivers,
                   adc = reads * plan->out * plan->in_tiles * plan->sources;
    const double lines = (double)(plan->out_tile * plan->sources),
                 share = value[MEMQC_CROSSBAR_LINES_PER_ADC];
    const double conversion =
        plan->adc_bits ? value[MEMQC_CROSSBAR_ADC_TIME] * (lines < share ? lines : share) : 0;
    const double step =
        plan->adc_bits ? value[MEMQC_CROSSBAR_ADC_ENERGY] * (double)(1 << plan->adc_bits) : 0;
    const double charge[] = {energy * volts * volts * time,
                             plan->bits ? value[MEMQC_CROSSBAR_DAC_ENERGY] * (double)dac : 0,
                             step * (double)adc, (double)reads * (time + conversion)};
    for (size_t i = 0; i < sizeof charge / sizeof *charge; i++)
        xb->account.cost[MEMQC_CROSSBAR_COST_READ_CELLS - 1 + i] += charge[i];
    xb->account.counter[MEMQC_CROSSBAR_COUNT_SAMPLES] += batch;
    xb->account.counter[MEMQC_CROSSBAR_COUNT_READS] += reads;
    xb->readout.wiring.seen += plan->wired ? reads : 0;
    xb->account.counter[MEMQC_CROSSBAR_COUNT_DAC] += dac;
    xb->account.counter[MEMQC_CROSSBAR_COUNT_ADC] += adc;
}
