/* SPDX-License-Identifier: BSD-3-Clause */
/* What reads cost. The energy in the cells of an input is V I t summed over them: V^2 times the sum of their conductances, kept for
 * each input. Programming a few cells corrects the sums, programming all has them made anew when they are needed next. */
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/read.h"

#include <string.h>

void mqc_read_forget(memqc_crossbar *xb) {
    xb->read.summed[0] = xb->read.summed[1] = 0;
    xb->read.squares_sources = 0;
}

void mqc_read_store(memqc_crossbar *xb, size_t plane, size_t n, const uint32_t *place, const float *g) {
    struct mqc_reader *read = &xb->read;
    float *const to = xb->g[plane];
    const uint32_t cols = (uint32_t)xb->cols;
    if (n > 0)
        read->squares_sources = 0;
    for (size_t i = 0; i < n && (read->summed[0] || read->summed[1]); i++) {
        const double change = (double)g[i] - (double)to[place[i]];
        const size_t at[2] = {place[i] / cols, place[i] % cols};
        for (size_t way = 0; way < 2; way++)
            if (read->summed[way])
                read->sums[way][at[way]] = (float)(read->total[way][at[way]] += change);
        to[place[i]] = g[i];
    }
    for (size_t i = 0; i < n; i++)
        to[place[i]] = g[i];
}

memqc_status mqc_read_sums(memqc_crossbar *xb, int transposed, const float **sums) {
    struct mqc_reader *read = &xb->read;
    const size_t n = transposed ? xb->cols : xb->rows;
    if (!(read->total[transposed] || (read->total[transposed] = mqc_alloc(n, sizeof(double)))) ||
        !(read->sums[transposed] || (read->sums[transposed] = mqc_alloc(n, sizeof(float)))))
        return MEMQC_ERROR_NOMEM;
    double *total = read->total[transposed];
    *sums = read->sums[transposed];
    if (read->summed[transposed])
        return MEMQC_OK;
    memset(total, 0, n * sizeof *total);
    for (size_t plane = 0; plane < xb->planes; plane++) {
        const float *g = mqc_crossbar_plane(xb, plane);
        for (size_t i = 0; i < xb->rows && !transposed; i++)
            total[i] += mqc_read_kernels()->sum(xb->cols, g + i * xb->cols);
        for (size_t i = 0; i < xb->rows && transposed; i++)
            for (size_t j = 0; j < xb->cols; j++)
                total[j] += (double)g[i * xb->cols + j];
    }
    for (size_t i = 0; i < n; i++)
        read->sums[transposed][i] = (float)total[i];
    read->summed[transposed] = 1;
    return MEMQC_OK;
}

void mqc_read_charge(memqc_crossbar *xb, const struct mqc_read_plan *plan, size_t batch, double energy) {
    const double *value = xb->value, volts = value[MEMQC_CROSSBAR_READ_VOLTAGE], time = value[MEMQC_CROSSBAR_READ_TIME];
    const uint64_t reads = (uint64_t)batch * (uint64_t)(plan->phases * plan->reads);
    const uint64_t drivers = plan->coding == MEMQC_CROSSBAR_CODING_BIT_PARALLEL ? (uint64_t)plan->bits : 1;
    const uint64_t dac = reads * plan->in * plan->out_tiles * drivers, adc = reads * plan->out * plan->in_tiles * plan->sources;
    const double lines = (double)(plan->out_tile * plan->sources), share = value[MEMQC_CROSSBAR_LINES_PER_ADC];
    const double conversion = plan->adc_bits ? value[MEMQC_CROSSBAR_ADC_TIME] * (lines < share ? lines : share) : 0;
    const double step = plan->adc_bits ? value[MEMQC_CROSSBAR_ADC_ENERGY] * (double)(1 << plan->adc_bits) : 0;
    const double charge[MQC_READ_COSTS] = {energy * volts * volts * time, plan->bits ? value[MEMQC_CROSSBAR_DAC_ENERGY] * (double)dac : 0,
                                           step * (double)adc, (double)reads * (time + conversion)};
    for (size_t i = 0; i < MQC_READ_COSTS; i++)
        xb->read.cost[i] += charge[i];
    xb->counter[MEMQC_CROSSBAR_COUNT_SAMPLES] += batch;
    xb->counter[MEMQC_CROSSBAR_COUNT_READS] += reads;
    xb->counter[MEMQC_CROSSBAR_COUNT_DAC] += dac;
    xb->counter[MEMQC_CROSSBAR_COUNT_ADC] += adc;
}

memqc_status memqc_crossbar_cost(const memqc_crossbar *crossbar, int32_t cost, double *value) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(value);
    if (cost < MEMQC_CROSSBAR_COST_READ_CELLS || cost > MEMQC_CROSSBAR_COST_READ_TIME)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: no cost has number %d; there are %d .. %d", __func__, (int)cost,
                        MEMQC_CROSSBAR_COST_READ_CELLS, MEMQC_CROSSBAR_COST_READ_TIME);
    *value = crossbar->read.cost[cost - MEMQC_CROSSBAR_COST_READ_CELLS];
    return MEMQC_OK;
}
