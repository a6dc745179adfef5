/* SPDX-License-Identifier: BSD-3-Clause */
/* Updates of an array: checks, what a rule keeps, and the report around it. */
#include "crossbar/update.h"
#include "core/error.h"
#include "crossbar/array/ready.h"
#include "crossbar/write/report.h"
#include "la/blas.h"
#include "rng/rng.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The fast array of Tiki-Taka: of the same device and ladder of weights as the array, all its
 * weights 0, with a seed of its own. */
static memqc_status make_fast(memqc_crossbar *xb, memqc_crossbar **fast) {
    double w_max = 0;
    MQC_TRY(memqc_crossbar_create(xb->device, xb->shape.rows, xb->shape.cols, fast));
    MQC_TRY(memqc_crossbar_get(xb, MEMQC_CROSSBAR_W_MAX, &w_max));
    MQC_TRY(memqc_crossbar_seed(*fast, mqc_rng_child(xb->cells.seed, 1)));
    MQC_TRY(memqc_crossbar_set(*fast, MEMQC_CROSSBAR_MAPPING,
                               mqc_crossbar_value(xb, MEMQC_CROSSBAR_MAPPING)));
    MQC_TRY(memqc_crossbar_set(*fast, MEMQC_CROSSBAR_W_MAX, w_max));
    memset(xb->update.dw, 0, xb->shape.cells * sizeof *xb->update.dw);
    return memqc_crossbar_program(*fast, xb->update.dw, xb->shape.cols);
}

memqc_status mqc_update_begin(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                              const struct mqc_update_call *call) {
    memqc_crossbar *fast = NULL;
    MQC_TRY(mqc_update_check(xb, rule, call->function));
    MQC_TRY(mqc_update_room(xb, rule));
    if (!rule->fast || xb->update.fast)
        return MEMQC_OK;
    const memqc_status status = make_fast(xb, &fast);
    if (status != MEMQC_OK) {
        memqc_crossbar_destroy(&fast);
        return status;
    }
    mqc_update_symmetrize(xb, fast, call->params.pairs);
    xb->update.fast = fast;
    return MEMQC_OK;
}

/* The report of an update; returns the one before, which a failure brings back. */
static struct mqc_report begin_report(memqc_crossbar *xb) {
    const struct mqc_report before = xb->account.report;
    mqc_report_begin(xb);
    xb->account.report.moved = 0;
    return before;
}

static memqc_status end_report(memqc_crossbar *xb, const struct mqc_report *before,
                               memqc_status status) {
    if (status != MEMQC_OK) {
        xb->account.report = *before;
        return status;
    }
    mqc_report_end(xb, MQC_REPORT_UPDATE, 0, NULL);
    xb->update.steps++;
    return MEMQC_OK;
}

memqc_status mqc_update_gather(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                               const struct mqc_update_call *call, float **chi) {
    MQC_TRY(mqc_update_begin(xb, rule, call));
    memcpy(xb->update.spare, xb->update.gathered, xb->shape.cells * sizeof **chi);
    *chi = xb->update.spare;
    return MEMQC_OK;
}

memqc_status mqc_update_send(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                             const struct mqc_update_call *call) {
    float *const chi = xb->update.spare;
    const struct mqc_report before = begin_report(xb);
    const memqc_status status = rule->send(xb, call, chi);
    if (status == MEMQC_OK) {
        xb->update.spare = xb->update.gathered;
        xb->update.gathered = chi;
    }
    return end_report(xb, &before, status);
}

static memqc_status step(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                         const struct mqc_update_call *call, const float *dw, size_t ldd) {
    const struct mqc_report before = begin_report(xb);
    return end_report(xb, &before, rule->step(xb, call, dw, ldd));
}

memqc_status mqc_update_by(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                           const struct mqc_update_call *call, const float *dw, size_t ldd) {
    const float alpha = (float)call->alpha;
    float *chi = NULL;
    if (rule->step) {
        MQC_TRY(mqc_update_begin(xb, rule, call));
        return step(xb, rule, call, dw, ldd);
    }
    MQC_TRY(mqc_update_gather(xb, rule, call, &chi));
    for (size_t i = 0; i < xb->shape.rows; i++)
        for (size_t j = 0; j < xb->shape.cols; j++)
            chi[i * xb->shape.cols + j] += alpha * dw[i * ldd + j];
    return mqc_update_send(xb, rule, call);
}

/* c <- alpha x^T d + beta c */
static memqc_status product(const memqc_crossbar *xb, const struct mqc_outer *outer, float alpha,
                            float beta, float *c) {
    return mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, xb->shape.rows, xb->shape.cols, outer->batch, alpha,
                     outer->x, outer->ldx, outer->d, outer->ldd, beta, c, xb->shape.cols);
}

memqc_status mqc_update_by_product(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                                   const struct mqc_update_call *call,
                                   const struct mqc_outer *outer) {
    float *chi = NULL;
    if (rule->send) {
        MQC_TRY(mqc_update_gather(xb, rule, call, &chi));
        MQC_TRY(product(xb, outer, (float)call->alpha, 1, chi));
        return mqc_update_send(xb, rule, call);
    }
    MQC_TRY(mqc_update_begin(xb, rule, call));
    if (rule->step) {
        MQC_TRY(product(xb, outer, 1, 0, xb->update.dw));
        return step(xb, rule, call, xb->update.dw, xb->shape.cols);
    }
    const struct mqc_report before = begin_report(xb);
    return end_report(xb, &before, rule->outer(xb, call, outer));
}

memqc_status memqc_crossbar_update(memqc_crossbar *crossbar, double alpha, const float *dw,
                                   size_t ldd, size_t *changed) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(dw);
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    if (ldd < crossbar->shape.cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: ldd = %zu is less than cols = %zu", __func__,
                        ldd, crossbar->shape.cols);
    if (!(fabs(alpha) <= FLT_MAX))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: alpha = %g; it must be finite in single precision", __func__, alpha);
    const struct mqc_update_call call = {.function = __func__, .alpha = alpha};
    MQC_TRY(mqc_update_by(crossbar, &mqc_update_nearest_level, &call, dw, ldd));
    if (changed)
        *changed = (size_t)crossbar->account.report.moved;
    return MEMQC_OK;
}
