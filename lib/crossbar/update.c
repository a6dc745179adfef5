/* SPDX-License-Identifier: BSD-3-Clause */
/* Updates of an array: checks, what a rule keeps, and the report around it. */
#include "crossbar/update.h"
#include "core/error.h"
#include "crossbar/array/kernels.h"
#include "crossbar/array/ready.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/update/trains.h"
#include "crossbar/write/report.h"
#include "la/blas.h"
#include "rng/rng.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The fast array of Tiki-Taka: of the same device and ladder of weights as the array, all its
 * weights 0, with a seed of its own. */
static memqc_status make_fast(memqc_crossbar *xb, memqc_crossbar **fast) {
    const int fixed =
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_NORMALIZATION) == MEMQC_CROSSBAR_NORMALIZATION_FIXED;
    MQC_TRY(memqc_crossbar_create(xb->device, xb->shape.rows, xb->shape.cols,
                                  mqc_rng_child(xb->cells.seed, 1), fast));
    (*fast)->value[MEMQC_CROSSBAR_MAPPING - MQC_CROSSBAR_FIRST] =
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_MAPPING);
    (*fast)->value[MEMQC_CROSSBAR_W_MAX - MQC_CROSSBAR_FIRST] =
        fixed ? mqc_crossbar_value(xb, MEMQC_CROSSBAR_W_MAX) : (double)xb->weights.scale[0];
    memset(xb->update.dw, 0, xb->shape.cells * sizeof *xb->update.dw);
    return memqc_crossbar_program(*fast, xb->update.dw, xb->shape.cols);
}

/* Frees what was not there before a call that failed. */
static memqc_status leave(memqc_crossbar *xb, const struct mqc_update *before,
                          memqc_status status) {
    if (status == MEMQC_OK)
        return MEMQC_OK;
    if (!before->fast)
        memqc_crossbar_destroy(&xb->update.fast);
    mqc_update_undo(&xb->update, before);
    return status;
}

static memqc_status make_state(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                               const struct mqc_update_call *call) {
    MQC_TRY(mqc_update_room(xb, rule));
    if (!rule->fast || xb->update.fast)
        return MEMQC_OK;
    MQC_TRY(make_fast(xb, &xb->update.fast));
    MQC_TRY(mqc_crossbar_outer_room(xb->update.fast));
    mqc_update_symmetrize(xb, xb->update.fast, call->params.pairs);
    return MEMQC_OK;
}

memqc_status mqc_update_begin(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                              const struct mqc_update_call *call) {
    const struct mqc_update before = xb->update;
    MQC_TRY(mqc_update_check(xb, rule, call->function));
    return leave(xb, &before, make_state(xb, rule, call));
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

static memqc_status by(memqc_crossbar *xb, const struct mqc_update_rule *rule,
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

static memqc_status by_product(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                               const struct mqc_update_call *call, const struct mqc_outer *outer) {
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

memqc_status mqc_update_by(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                           const struct mqc_update_call *call, const float *dw, size_t ldd) {
    const struct mqc_update before = xb->update;
    return leave(xb, &before, by(xb, rule, call, dw, ldd));
}

memqc_status mqc_update_by_product(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                                   const struct mqc_update_call *call,
                                   const struct mqc_outer *outer) {
    const struct mqc_update before = xb->update;
    return leave(xb, &before, by_product(xb, rule, call, outer));
}

/* --- the public functions --- */

static memqc_status check_ld(const memqc_crossbar *xb, const char *function, const char *name,
                             size_t ld, size_t least) {
    if (ld < least)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s = %zu is less than %s = %zu", function, name,
                        ld, least == xb->shape.rows ? "rows" : "cols", least);
    return MEMQC_OK;
}

static memqc_status check_alpha(const char *function, double alpha) {
    if (!(fabs(alpha) <= (double)FLT_MAX))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: alpha = %g; it must be finite in single precision", function, alpha);
    return MEMQC_OK;
}

/* DATA where one of n vectors has NaN or infinity. */
static memqc_status check_finite(const char *function, const char *name, size_t n, size_t length,
                                 const float *x, size_t ldx) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < length; j++)
            if (!isfinite(x[i * ldx + j]))
                return mqc_fail(MEMQC_ERROR_DATA, "%s: %s[%zu, %zu] = %g; it must be finite",
                                function, name, i, j, (double)x[i * ldx + j]);
    return MEMQC_OK;
}

static memqc_status refuse_outer(const struct mqc_update_rule *rule, const char *function) {
    if (rule->outer)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: rule = %s takes outer products, sample by sample; call "
                        "memqc_crossbar_update_outer",
                        function, rule->name);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_update(memqc_crossbar *crossbar, double alpha, const float *dw,
                                   size_t ldd) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(dw);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    MQC_TRY(check_ld(crossbar, __func__, "ldd", ldd, crossbar->shape.cols));
    MQC_TRY(check_alpha(__func__, alpha));
    const struct mqc_update_call call = mqc_update_call_of(crossbar, __func__, alpha);
    const struct mqc_update_rule *rule = mqc_update_rule_of(crossbar);
    MQC_TRY(refuse_outer(rule, __func__));
    return mqc_crossbar_check_pulses(crossbar, __func__,
                                     mqc_update_by(crossbar, rule, &call, dw, ldd));
}

/* What w is away from the weights that the cells hold, and `more` besides unless that is NULL. */
static memqc_status differ(const memqc_crossbar *xb, const float *w, size_t ldw, const float *more,
                           float *dw) {
    const size_t rows = xb->shape.rows, cols = xb->shape.cols;
    if (mqc_crossbar_by_column(xb)) { /* no accumulators then */
        MQC_TRY(memqc_crossbar_get_weights(xb, dw, cols));
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < cols; j++)
                dw[i * cols + j] = w[i * ldw + j] - dw[i * cols + j];
        return MEMQC_OK;
    }
    const double scale = (double)xb->weights.scale[0] * mqc_crossbar_unit(xb);
    for (size_t i = 0; i < rows; i++)
        mqc_crossbar_kernels()->differ(cols, scale, xb->weights.matrix + i * cols, w + i * ldw,
                                       more ? more + i * cols : NULL, dw + i * cols);
    return MEMQC_OK;
}

static memqc_status follow(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                           const struct mqc_update_call *call, const float *w, size_t ldw) {
    MQC_TRY(mqc_update_begin(xb, rule, call));
    if (rule->send) {
        MQC_TRY(differ(xb, w, ldw, xb->update.gathered, xb->update.spare));
        return mqc_update_send(xb, rule, call);
    }
    MQC_TRY(differ(xb, w, ldw, NULL, xb->update.dw));
    return step(xb, rule, call, xb->update.dw, xb->shape.cols);
}

memqc_status memqc_crossbar_follow(memqc_crossbar *crossbar, float *w, size_t ldw) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(w);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    MQC_TRY(check_ld(crossbar, __func__, "ldw", ldw, crossbar->shape.cols));
    const struct mqc_update_call call = mqc_update_call_of(crossbar, __func__, 1);
    const struct mqc_update_rule *rule = mqc_update_rule_of(crossbar);
    const struct mqc_update before = crossbar->update;
    MQC_TRY(refuse_outer(rule, __func__));
    const memqc_status status = leave(crossbar, &before, follow(crossbar, rule, &call, w, ldw));
    MQC_TRY(mqc_crossbar_check_pulses(crossbar, __func__, status));
    return memqc_crossbar_get_weights(crossbar, w, ldw);
}

memqc_status memqc_crossbar_update_outer(memqc_crossbar *crossbar, double alpha, size_t batch,
                                         const float *x, size_t ldx, const float *d, size_t ldd) {
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    MQC_TRY(check_alpha(__func__, alpha));
    if (batch == 0)
        return MEMQC_OK;
    MQC_NOT_NULL(x);
    MQC_NOT_NULL(d);
    const size_t rows = crossbar->shape.rows, cols = crossbar->shape.cols;
    MQC_TRY(check_ld(crossbar, __func__, "ldx", ldx, rows));
    MQC_TRY(check_ld(crossbar, __func__, "ldd", ldd, cols));
    MQC_TRY(check_finite(__func__, "x", batch, rows, x, ldx));
    MQC_TRY(check_finite(__func__, "d", batch, cols, d, ldd));
    const struct mqc_update_call call = mqc_update_call_of(crossbar, __func__, alpha);
    const struct mqc_outer outer = {batch, x, ldx, d, ldd};
    const memqc_status status =
        mqc_update_by_product(crossbar, mqc_update_rule_of(crossbar), &call, &outer);
    return mqc_crossbar_check_pulses(crossbar, __func__, status);
}
