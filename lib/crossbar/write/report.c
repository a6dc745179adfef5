/* SPDX-License-Identifier: BSD-3-Clause */
/* What the last programming did. */
#include "core/alloc.h"
#include "core/constants.h"
#include "core/error.h"
#include "core/order.h"
#include "core/reserve.h"
#include "crossbar/array/array.h"
#include "crossbar/write/report.h"
#include "crossbar/write/verify.h"
#include "device/models/custom_host.h"

#include <math.h>
#include <string.h>

memqc_status mqc_report_room(memqc_crossbar *xb, size_t n) {
    struct mqc_report *r = &xb->account.report;
    return MQC_GROW(&r->places, &r->room, r->n, n);
}

void mqc_report_begin(memqc_crossbar *xb) {
    memcpy(xb->account.report.cost, xb->account.cost, sizeof xb->account.report.cost);
    xb->account.report.cells = mqc_crossbar_counter(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED);
    xb->account.report.reads = xb->account.reads;
    xb->account.report.moved = 0;
}

void mqc_report_end(memqc_crossbar *xb, int kind, size_t n, const size_t *places) {
    struct mqc_report *r = &xb->account.report;
    for (size_t i = 0; i < MEMQC_DEVICE_COSTS; i++)
        r->cost[i] = xb->account.cost[i] - r->cost[i];
    r->cells = mqc_crossbar_counter(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED) - r->cells;
    r->reads = xb->account.reads - r->reads;
    r->kind = kind;
    r->n = kind == MQC_REPORT_LIST ? n : 0;
    for (size_t i = 0; i < r->n; i++)
        r->places[i] = (uint32_t)places[i];
}

/* Errors of all cells that the call named, a place as often as it was named. */
static void errors_of(const memqc_crossbar *xb, size_t n, float *errors) {
    const struct mqc_report *r = &xb->account.report;
    for (size_t p = 0; p < xb->cells.planes; p++) {
        const struct mqc_plane *plane = &xb->cells.plane[p];
        for (size_t i = 0; i < n; i++) {
            const size_t k = r->kind == MQC_REPORT_LIST ? r->places[i] : i;
            *errors++ = (float)((double)plane->g[k] -
                                mqc_device_level_g(xb->device, (double)plane->level[k]));
        }
    }
}

/* FAILED, and the moments of the errors. */
static double moment(const memqc_crossbar *xb, int32_t what, size_t n, const float *errors) {
    const double tolerance = mqc_crossbar_tolerance(xb);
    double sum = 0, squares = 0, most = 0, failed = 0;
    for (size_t i = 0; i < n; i++) {
        const double error = (double)errors[i];
        sum += error;
        most = fmax(most, fabs(error));
        failed += fabs(error) > tolerance;
    }
    for (size_t i = 0; i < n; i++)
        squares += ((double)errors[i] - sum / (double)n) * ((double)errors[i] - sum / (double)n);
    const double values[] = {failed, sum / (double)n, sqrt(squares / (double)n), most};
    return values[what - MEMQC_CROSSBAR_REPORT_FAILED];
}

/* How many weights the last call named. */
static memqc_status named_by(const memqc_crossbar *xb, const char *function, size_t *named) {
    *named = xb->account.report.kind == MQC_REPORT_LIST ? xb->account.report.n : xb->shape.cells;
    if (xb->account.report.kind == MQC_REPORT_UPDATE || *named == 0)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: the last call named no cells, so that there are no errors of theirs",
                        function);
    return MEMQC_OK;
}

/* Cells out of the tolerance that no nominal pulses bring into it. */
static memqc_status unreached(const memqc_crossbar *xb, const char *function, double *value) {
    const struct mqc_report *r = &xb->account.report;
    const double tolerance = mqc_crossbar_tolerance(xb);
    size_t named = 0, n = 0;
    MQC_TRY(named_by(xb, function, &named));
    for (size_t p = 0; xb->device->ops->miss && p < xb->cells.planes; p++) {
        const struct mqc_plane *plane = &xb->cells.plane[p];
        for (size_t i = 0; i < named; i++) {
            const size_t k = r->kind == MQC_REPORT_LIST ? r->places[i] : i;
            const double g = (double)plane->g[k], level = (double)plane->level[k];
            n += fabs(g - mqc_device_level_g(xb->device, level)) > tolerance &&
                 xb->device->ops->miss(xb->device, g, level) > tolerance;
        }
    }
    *value = (double)n;
    return mqc_host_check(xb->device, function);
}

static memqc_status distribution(const memqc_crossbar *xb, const char *function, int32_t what,
                                 double *value) {
    static const double quantiles[] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
    size_t named = 0;
    MQC_TRY(named_by(xb, function, &named));
    const size_t n = named * xb->cells.planes;
    float *errors = mqc_alloc(n, sizeof *errors);
    if (!errors)
        return MEMQC_ERROR_NOMEM;
    errors_of(xb, named, errors);
    if (what < MEMQC_CROSSBAR_REPORT_ERROR_Q01) {
        *value = moment(xb, what, n, errors);
    } else {
        const double rank = ceil(quantiles[what - MEMQC_CROSSBAR_REPORT_ERROR_Q01] * (double)n) - 1;
        *value = (double)mqc_rank(errors, 1, n, n, rank < 0 ? 0 : (size_t)rank);
    }
    mqc_free(errors);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_report(const memqc_crossbar *crossbar, int32_t what,
                                       double *value) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(value);
    const struct mqc_report *r = &crossbar->account.report;
    if (what < MEMQC_CROSSBAR_REPORT_CELLS || what > MEMQC_CROSSBAR_REPORT_UNREACHED)
        return mqc_refuse_constant(__func__, "what", what,
                                   "one of MEMQC_CROSSBAR_REPORT_... is wanted");
    if (r->kind == MQC_REPORT_NONE)
        return mqc_fail(MEMQC_ERROR_STATE, "%s: nothing has been programmed yet", __func__);
    if (what == MEMQC_CROSSBAR_REPORT_MOVED) {
        *value = (double)r->moved;
        return MEMQC_OK;
    }
    if (what == MEMQC_CROSSBAR_REPORT_UNREACHED)
        return unreached(crossbar, __func__, value);
    if (what >= MEMQC_CROSSBAR_REPORT_FAILED)
        return distribution(crossbar, __func__, what, value);
    const double values[] = {(double)r->cells,
                             r->cost[MEMQC_DEVICE_COST_SET],
                             r->cost[MEMQC_DEVICE_COST_RESET],
                             r->cost[MEMQC_DEVICE_COST_TIME],
                             r->cost[MEMQC_DEVICE_COST_ENERGY],
                             (double)r->reads};
    *value = values[what - MEMQC_CROSSBAR_REPORT_CELLS];
    return MEMQC_OK;
}
