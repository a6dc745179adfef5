/* SPDX-License-Identifier: BSD-3-Clause */
/* Products with the conductances. w = s unit m, m the element of the matrix: G less the middle of
 * its range, or G+ - G-. So x W is one GEMM; the rank-one term of the offset is in the matrix
 * already, since programming. A scale by column is a factor on the columns of y, or, transposed, on
 * those of x. Where converters or noise are not ideal, mqc_readout_run() does it. */
#include "crossbar/read/product.h"

#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/array/params.h"
#include "crossbar/array/ready.h"
#include "crossbar/array/read_kernels.h"
#include "crossbar/cells/sums.h"
#include "crossbar/read/arrays.h"
#include "crossbar/read/cost.h"
#include "crossbar/read/matrices.h"
#include "crossbar/read/reads.h"
#include "crossbar/read/run.h"
#include "la/blas.h"

/* Ideal converters: one GEMM. x is batch x in of the matrix; the energy is that of x times gain. */
static memqc_status product(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t batch,
                            const float *x, size_t ldx, float factor, float *y, size_t ldy) {
    const float *sums;
    double energy = 0;
    MQC_TRY(mqc_cells_sums(xb, plan->transposed, &sums));
    if (plan->wired)
        MQC_TRY(
            mqc_wiring_product(xb, plan, 0, 0, plan->in, batch, (double)factor, x, ldx, y, ldy));
    else
        MQC_TRY(mqc_sgemm(MQC_PLAIN, plan->transposed ? MQC_TRANSPOSED : MQC_PLAIN, batch,
                          plan->out, plan->in, factor, x, ldx,
                          plan->wired ? plan->group[0].matrix : xb->weights.matrix, xb->shape.cols,
                          0, y, ldy));
    for (size_t i = 0; i < batch; i++)
        energy += mqc_readout_kernels()->energy(plan->in, x + i * ldx, sums);
    mqc_crossbar_count_set(xb, MEMQC_CROSSBAR_COUNT_SATURATED_LAST, 0);
    mqc_readout_charge(xb, plan, batch, energy * plan->gain * plan->gain);
    return MEMQC_OK;
}

static memqc_status forward(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t batch,
                            const float *x, size_t ldx, float *y, size_t ldy) {
    const double unit = mqc_crossbar_read_unit(xb);
    if (!mqc_crossbar_by_column(xb))
        return product(xb, plan, batch, x, ldx, (float)(unit * (double)xb->weights.scale[0]), y,
                       ldy);
    MQC_TRY(product(xb, plan, batch, x, ldx, (float)unit, y, ldy));
    for (size_t i = 0; i < batch; i++)
        for (size_t j = 0; j < xb->shape.cols; j++)
            y[i * ldy + j] *= xb->weights.scale[j];
    return MEMQC_OK;
}

static memqc_status backward(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t batch,
                             const float *x, size_t ldx, float *y, size_t ldy) {
    const double unit = mqc_crossbar_read_unit(xb);
    if (!mqc_crossbar_by_column(xb))
        return product(xb, plan, batch, x, ldx, (float)(unit * (double)xb->weights.scale[0]), y,
                       ldy);
    const size_t cols = xb->shape.cols;
    if (batch > SIZE_MAX / cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "batch = %zu with %zu columns is more than memory can hold", batch, cols);
    MQC_TRY(MQC_RESERVE(&xb->scratch.scaled, &xb->scratch.scaled_room, batch * cols));
    for (size_t i = 0; i < batch; i++)
        for (size_t j = 0; j < cols; j++)
            xb->scratch.scaled[i * cols + j] = x[i * ldx + j] * xb->weights.scale[j];
    return product(xb, plan, batch, xb->scratch.scaled, cols, (float)unit, y, ldy);
}

/* Is one GEMM all? Through wires, that of one effective matrix. */
static int one_product(const struct mqc_readout_plan *plan) {
    return plan->ideal && (!plan->wired || (plan->effective && plan->groups == 1));
}

/* Calibrated ranges must be there. */
static memqc_status check_range(const memqc_crossbar *xb, const char *function,
                                const struct mqc_readout_plan *plan) {
    const double mode = mqc_crossbar_value(xb, MEMQC_CROSSBAR_ADC_RANGE);
    const int calibrated =
        mode == MEMQC_CROSSBAR_RANGE_CALIBRATED || mode == MEMQC_CROSSBAR_RANGE_PER_COLUMN;
    if (plan->adc_bits && calibrated && !xb->readout.range[plan->transposed])
        return mqc_fail(
            MEMQC_ERROR_STATE,
            "%s: adc_range = %d (%s) has not been calibrated, or not since a parameter of "
            "reading was changed; call "
            "memqc_crossbar_calibrate%s first",
            function, (int)mode,
            mqc_keys_choice_name(&mqc_crossbar_keys, function, MEMQC_CROSSBAR_ADC_RANGE,
                                 (int32_t)mode),
            plan->transposed ? "_transposed" : "");
    return MEMQC_OK;
}

memqc_status mqc_product_run(memqc_crossbar *xb, const char *function, int transposed, size_t batch,
                             const struct mqc_product_arrays *a) {
    struct mqc_readout_plan plan;
    MQC_TRY(mqc_readout_plan_make(xb, function, transposed, &plan));
    MQC_TRY(mqc_wiring_prepare(xb, &plan, batch));
    if (one_product(&plan))
        return (transposed ? backward : forward)(xb, &plan, batch, a->x, a->ldx, a->y, a->ldy);
    MQC_TRY(check_range(xb, function, &plan));
    return mqc_readout_run(xb, &plan, batch, a->x, a->ldx, a->y, a->ldy, NULL);
}

static memqc_status multiply(memqc_crossbar *xb, const char *function, int transposed, size_t batch,
                             const struct mqc_product_arrays *a) {
    if (batch == 0)
        return MEMQC_OK;
    struct mqc_reads before;
    MQC_TRY(mqc_product_check(xb, function, transposed, batch, a));
    mqc_reads_keep(xb, &before);
    const memqc_status status = mqc_product_run(xb, function, transposed, batch, a);
    return mqc_fail_in(function, mqc_reads_finish(xb, &before, status));
}

memqc_status memqc_crossbar_mac(memqc_crossbar *crossbar, size_t batch, const float *x, size_t ldx,
                                float *y, size_t ldy) {
    const struct mqc_product_arrays arrays = {"x", "y", x, ldx, y, ldy};
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    return multiply(crossbar, __func__, 0, batch, &arrays);
}

memqc_status memqc_crossbar_mac_transposed(memqc_crossbar *crossbar, size_t batch, const float *x,
                                           size_t ldx, float *y, size_t ldy) {
    const struct mqc_product_arrays arrays = {"x", "y", x, ldx, y, ldy};
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    return multiply(crossbar, __func__, 1, batch, &arrays);
}

memqc_status memqc_crossbar_get_vector(const memqc_crossbar *crossbar, uint64_t *vector) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(vector);
    *vector = crossbar->account.vector;
    return MEMQC_OK;
}

memqc_status memqc_crossbar_rewind(memqc_crossbar *crossbar, uint64_t vector) {
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    crossbar->account.vector = vector;
    return MEMQC_OK;
}
