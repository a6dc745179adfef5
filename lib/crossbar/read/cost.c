/* SPDX-License-Identifier: BSD-3-Clause */
/* What reads cost. The energy in the cells of an input is V I t summed over them: V^2 times the sum
 * of their conductances (cells/sums.h). */
#include "crossbar/read/cost.h"

#include "crossbar/read/tile.h"

#include <float.h>
#include <math.h>

void mqc_readout_charge(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t batch,
                        double energy) {
    const double volts = mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_VOLTAGE),
                 time = mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_TIME);
    const uint64_t reads = (uint64_t)batch * (uint64_t)(plan->phases * plan->reads);
    const uint64_t drivers =
        plan->coding == MEMQC_CROSSBAR_CODING_BIT_PARALLEL ? (uint64_t)plan->bits : 1;
    const uint64_t dac = reads * plan->in * plan->out_tiles * drivers,
                   adc = reads * plan->out * plan->in_tiles * plan->groups;
    const double lines = (double)(plan->out_tile * plan->groups),
                 share = mqc_crossbar_value(xb, MEMQC_CROSSBAR_LINES_PER_ADC);
    const double in_turn = lines < share ? lines : share;
    const double conversion =
        plan->adc_bits ? mqc_crossbar_value(xb, MEMQC_CROSSBAR_ADC_TIME) * in_turn : 0;
    const double step = plan->adc_bits ? mqc_crossbar_value(xb, MEMQC_CROSSBAR_ADC_ENERGY) *
                                             (double)(1 << plan->adc_bits)
                                       : 0;
    const double charge[] = {
        energy * volts * volts * time,
        plan->bits ? mqc_crossbar_value(xb, MEMQC_CROSSBAR_DAC_ENERGY) * (double)dac : 0,
        step * (double)adc, (double)reads * (time + conversion)};
    double *const cost = &xb->account.cost[MEMQC_CROSSBAR_COST_READ_CELLS - MQC_COST_FIRST];
    for (size_t i = 0; i < sizeof charge / sizeof *charge; i++)
        cost[i] = fmin(cost[i] + charge[i], DBL_MAX); /* also where a current is infinite */
    mqc_crossbar_count_up(xb, MEMQC_CROSSBAR_COUNT_SAMPLES, batch);
    xb->account.vector += batch;
    mqc_crossbar_count_up(xb, MEMQC_CROSSBAR_COUNT_READS, reads);
    if (plan->wired)
        mqc_wiring_count(xb, reads);
    mqc_crossbar_count_up(xb, MEMQC_CROSSBAR_COUNT_DAC, dac);
    mqc_crossbar_count_up(xb, MEMQC_CROSSBAR_COUNT_ADC, adc);
}
