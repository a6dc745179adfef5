/* SPDX-License-Identifier: BSD-3-Clause */
/* Counters and costs. */
#include "core/constants.h"
#include "core/error.h"
#include "crossbar/array/array.h"
#include "crossbar/mapping/mapping.h"

memqc_status memqc_crossbar_get_count(const memqc_crossbar *crossbar, int32_t counter,
                                      uint64_t *value) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(value);
    if (counter < MQC_COUNTER_FIRST || counter >= MQC_COUNTER_FIRST + MQC_CROSSBAR_COUNTERS)
        return mqc_refuse_constant(__func__, "counter", counter,
                                   "one of MEMQC_CROSSBAR_COUNT_... is wanted");
    *value = mqc_crossbar_counter(crossbar, counter);
    return MEMQC_OK;
}

/* m^2 of all cells. */
static double area(const memqc_crossbar *xb) {
    const double feature = mqc_crossbar_value(xb, MEMQC_CROSSBAR_FEATURE);
    const double slices = mqc_crossbar_value(xb, MEMQC_CROSSBAR_SLICES);
    const int reference =
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_MAPPING) == MEMQC_CROSSBAR_MAPPING_REFERENCE;
    const double cells = (double)mqc_mapping_planes(xb) * (double)xb->shape.cells +
                         (reference ? slices * (double)xb->shape.rows : 0);
    return cells * mqc_crossbar_value(xb, MEMQC_CROSSBAR_CELL_AREA) * feature * feature;
}

memqc_status memqc_crossbar_get_cost(const memqc_crossbar *crossbar, int32_t cost, double *value) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(value);
    if (cost < MQC_COST_FIRST || cost >= MQC_COST_FIRST + MQC_CROSSBAR_COSTS)
        return mqc_refuse_constant(__func__, "cost", cost,
                                   "one of MEMQC_CROSSBAR_COST_... is wanted");
    if (cost == MEMQC_CROSSBAR_COST_AREA)
        *value = area(crossbar);
    else if (cost == MEMQC_CROSSBAR_COST_LATENCY)
        *value = crossbar->account.cost[MEMQC_DEVICE_COST_TIME] /
                 mqc_crossbar_value(crossbar, MEMQC_CROSSBAR_WRITE_PARALLEL);
    else
        *value = crossbar->account.cost[cost - MQC_COST_FIRST];
    return MEMQC_OK;
}
