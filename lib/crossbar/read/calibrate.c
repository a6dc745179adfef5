/* SPDX-License-Identifier: BSD-3-Clause */
/* ADC ranges from data. */
#include "core/alloc.h"
#include "core/error.h"
#include "core/order.h"
#include "crossbar/array/params.h"
#include "crossbar/array/ready.h"
#include "crossbar/read/arrays.h"
#include "crossbar/read/matrices.h"
#include "crossbar/read/reads.h"
#include "crossbar/read/run.h"

#include <math.h>
#include <string.h>

/* The smallest value that holds a percentage of them; or the largest, or least, where that is too
 * little for a range. */
static float range_of(const float *values, size_t rows, size_t cols, size_t ld, double percentile,
                      float least) {
    const double n = (double)rows * (double)cols, rank = ceil(percentile / 100 * n);
    float range = mqc_rank(values, rows, cols, ld, rank < 1 ? 0 : (size_t)rank - 1);
    if (!(range > 0))
        range = mqc_rank(values, rows, cols, ld, rows * cols - 1);
    return range > least ? range : least;
}

/* Ranges of one group and tile, in siemens a unit input, from rows x outputs values. */
static void set_ranges(const struct mqc_readout_plan *plan, const struct mqc_adc_group *group,
                       int by_line, size_t rows, const float *values, double percentile,
                       float *range) {
    const float worst = group->worst * (float)plan->in_tile;
    for (size_t j = 0, n = 0; j < plan->out; j += n) {
        const size_t left = plan->out - j < plan->out_tile ? plan->out - j : plan->out_tile;
        n = by_line ? 1 : left;
        const float found = range_of(values + j, rows, n, plan->out, percentile, 1e-6f * worst);
        for (size_t i = 0; i < n; i++)
            range[j + i] = found;
    }
}

static memqc_status fill_ranges(memqc_crossbar *xb, struct mqc_readout_plan *plan, size_t n,
                                const float *x, size_t ldx, double percentile, float *values,
                                float *range) {
    const int by_line =
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_ADC_RANGE) == MEMQC_CROSSBAR_RANGE_PER_COLUMN;
    const size_t rows = n * (size_t)(plan->phases * plan->reads);
    const float volts = (float)mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_VOLTAGE);
    for (size_t group = 0; group < plan->groups; group++) {
        for (size_t tile = 0; tile < plan->in_tiles; tile++) {
            struct mqc_collect collect = {group, tile, values};
            float *to = range + (group * plan->in_tiles + tile) * plan->out;
            MQC_TRY(mqc_readout_run(xb, plan, n, x, ldx, NULL, 0, &collect));
            set_ranges(plan, &plan->group[group], by_line, rows, values, percentile, to);
            for (size_t j = 0; j < plan->out; j++)
                to[j] *= volts;
        }
    }
    return MEMQC_OK;
}

/* Large inputs to an ideal DAC may make signals that single precision does not hold. */
static memqc_status check_ranges(const char *function, size_t n, const float *range) {
    for (size_t i = 0; i < n; i++)
        if (!(range[i] > 0 && isfinite(range[i])))
            return mqc_fail(MEMQC_ERROR_DATA,
                            "%s: x makes signals up to %g A at an ADC, which is no range", function,
                            (double)range[i]);
    return MEMQC_OK;
}

static memqc_status check_calibration(const memqc_crossbar *xb, const char *function,
                                      double percentile) {
    const double mode = mqc_crossbar_value(xb, MEMQC_CROSSBAR_ADC_RANGE);
    if (!(percentile >= 50 && percentile <= 100))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: percentile = %g is outside 50 .. 100", function,
                        percentile);
    if (mode != MEMQC_CROSSBAR_RANGE_CALIBRATED && mode != MEMQC_CROSSBAR_RANGE_PER_COLUMN)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: adc_range = %d (%s) is not calibrated; set it to %d (calibrated) "
                        "or %d (per-column) first",
                        function, (int)mode,
                        mqc_keys_choice_name(&mqc_crossbar_keys, function, MEMQC_CROSSBAR_ADC_RANGE,
                                             (int32_t)mode),
                        MEMQC_CROSSBAR_RANGE_CALIBRATED, MEMQC_CROSSBAR_RANGE_PER_COLUMN);
    return MEMQC_OK;
}

static memqc_status calibrate(memqc_crossbar *xb, const char *function, int transposed, size_t n,
                              const struct mqc_product_arrays *a, double percentile) {
    struct mqc_readout_plan plan;
    if (n == 0)
        return MEMQC_OK;
    MQC_TRY(mqc_product_check_in(xb, function, transposed, n, a));
    MQC_TRY(check_calibration(xb, function, percentile));
    MQC_TRY(mqc_readout_plan_make(xb, function, transposed, &plan));
    const size_t reads = (size_t)(plan.phases * plan.reads),
                 ranges = mqc_readout_ranges(xb, transposed);
    if (n > SIZE_MAX / sizeof(float) / reads / plan.out)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: n = %zu with %zu outputs is more than memory can hold", function, n,
                        plan.out);
    MQC_TRY(mqc_wiring_prepare(xb, &plan, n));
    plan.value_tiles = plan.in_tiles;
    plan.absolute = plan.relative = 0;
    float *values = mqc_alloc(n * reads * plan.out, sizeof *values),
          *range = mqc_alloc(ranges, sizeof *range);
    memqc_status status = MEMQC_ERROR_NOMEM;
    struct mqc_reads before;
    mqc_reads_keep(xb, &before);
    if (values && range)
        status = fill_ranges(xb, &plan, n, a->x, a->ldx, percentile, values, range);
    if (status == MEMQC_OK)
        status = check_ranges(function, ranges, range);
    mqc_free(values);
    if (mqc_reads_finish(xb, &before, status) != MEMQC_OK) {
        mqc_free(range);
        return status;
    }
    mqc_free(xb->readout.range[transposed]);
    xb->readout.range[transposed] = range;
    xb->readout.ranges[transposed] = ranges;
    return MEMQC_OK;
}

memqc_status memqc_crossbar_calibrate(memqc_crossbar *crossbar, size_t n, const float *x,
                                      size_t ldx, double percentile) {
    const struct mqc_product_arrays arrays = {.x_name = "x", .x = x, .ldx = ldx};
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    return mqc_fail_in(__func__, calibrate(crossbar, __func__, 0, n, &arrays, percentile));
}

memqc_status memqc_crossbar_calibrate_transposed(memqc_crossbar *crossbar, size_t n, const float *x,
                                                 size_t ldx, double percentile) {
    const struct mqc_product_arrays arrays = {.x_name = "x", .x = x, .ldx = ldx};
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    return mqc_fail_in(__func__, calibrate(crossbar, __func__, 1, n, &arrays, percentile));
}
