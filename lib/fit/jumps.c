/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of jumps as a candidate. Its likelihood is that of held-out groups, so a table that follows
 * its own points too closely has none of it. Rows that are misread are left out, and with each the
 * pairs before and after it. */
#include "fit/jumps.h"
#include "core/alloc.h"
#include "core/error.h"
#include "fit/problem.h"
#include "fit/robust.h"
#include "fit/spread.h"

#include <math.h>
#include <string.h>

enum { MOST_QUANTILES = 257, ROUNDS = 4 };

static const double most_outliers = 0.05;     /* part of the rows */
static const double outliers_expected = 0.01; /* of problem.h */

/* --- memory --- */

static memqc_status make_room(struct mqc_fit_jumps *jumps) {
    const size_t n = jumps->data->n, nodes = MEMQC_DEVICE_TABLE_NODES;
    jumps->row = mqc_alloc(2 * n, sizeof *jumps->row);
    jumps->place = mqc_alloc(n, 5 * sizeof *jumps->place);
    jumps->before = mqc_alloc(2 * n, sizeof *jumps->before);
    jumps->outlier = mqc_alloc(n, sizeof *jumps->outlier);
    jumps->side = mqc_alloc(n, sizeof *jumps->side);
    jumps->curve.g = mqc_alloc(nodes, (1 + MOST_QUANTILES) * sizeof *jumps->curve.g);
    if (!jumps->row || !jumps->place || !jumps->before || !jumps->outlier || !jumps->side ||
        !jumps->curve.g)
        return MEMQC_ERROR_NOMEM;
    jumps->order = jumps->row + n;
    jumps->log_density = jumps->place + n;
    jumps->change = jumps->place + 2 * n;
    jumps->share = jumps->place + 3 * n;
    jumps->values = jumps->place + 4 * n;
    jumps->after = jumps->before + n;
    jumps->curve.quantiles = jumps->curve.g + nodes;
    return MEMQC_OK;
}

void mqc_fit_jumps_free(struct mqc_fit_jumps **jumps) {
    if (*jumps) {
        mqc_jump_pairs_free(&(*jumps)->pairs);
        mqc_free((*jumps)->row);
        mqc_free((*jumps)->place);
        mqc_free((*jumps)->before);
        mqc_free((*jumps)->outlier);
        mqc_free((*jumps)->side);
        mqc_free((*jumps)->curve.g);
    }
    mqc_free(*jumps);
    *jumps = NULL;
}

/* --- fit --- */

/* Gathers and chooses; the score is infinite where there are too few pairs. */
static memqc_status try_pooled(struct mqc_fit_jumps *jumps, int pooled) {
    int enough = 0;
    jumps->pooled = pooled;
    jumps->score = INFINITY;
    MQC_TRY(mqc_jump_gather(jumps, &enough));
    if (enough && 2 * jumps->pairs->n >= jumps->data->points)
        mqc_jump_choose(jumps);
    return MEMQC_OK;
}

static void forget_outliers(struct mqc_fit_jumps *jumps) {
    memset(jumps->outlier, 0, jumps->data->n);
    jumps->outliers = 0;
}

/* Predicts, and again without the rows that are misread, until no more are found. Where they are too
 * many, they are the device's. */
static memqc_status settle(struct mqc_fit_jumps *jumps) {
    const double most = most_outliers * (double)jumps->data->n;
    size_t found = mqc_jump_predict(jumps);
    jumps->outliers = found;
    for (int round = 1; round < ROUNDS && found > 0; round++) {
        if ((double)jumps->outliers > most)
            break;
        MQC_TRY(try_pooled(jumps, jumps->pooled));
        if (!isfinite(jumps->score))
            return MEMQC_OK;
        found = mqc_jump_predict(jumps);
        jumps->outliers += found;
    }
    if ((double)jumps->outliers <= most)
        return MEMQC_OK;
    forget_outliers(jumps);
    MQC_TRY(try_pooled(jumps, jumps->pooled));
    mqc_jump_predict(jumps);
    forget_outliers(jumps);
    return MEMQC_OK;
}

static memqc_status fit(struct mqc_fit_jumps *jumps) {
    const size_t devices = jumps->data->devices;
    double apart = INFINITY;
    if (devices > 1 && devices <= MEMQC_DEVICE_JUMP_TABLES) {
        MQC_TRY(try_pooled(jumps, 0));
        apart = jumps->score;
    }
    MQC_TRY(try_pooled(jumps, 1));
    if (devices > 1 && apart < jumps->score)
        MQC_TRY(try_pooled(jumps, 0));
    return isfinite(jumps->score) ? settle(jumps) : MEMQC_OK;
}

memqc_status mqc_fit_jumps_make(const struct mqc_fit_data *data, struct mqc_fit_jumps **out) {
    struct mqc_fit_jumps *jumps = *out = mqc_alloc(1, sizeof *jumps);
    if (!jumps)
        return MEMQC_ERROR_NOMEM;
    jumps->data = data;
    memqc_status status = make_room(jumps);
    if (status == MEMQC_OK)
        status = fit(jumps);
    if (status != MEMQC_OK || !isfinite(jumps->score))
        mqc_fit_jumps_free(out);
    return status;
}

/* --- judgement --- */

/* What every table has: a window, and a location, a slope and a spread of each direction. Held-out
 * groups have charged for all that goes beyond. */
static double count_parameters(const struct mqc_jump_pairs *pairs) {
    const double window = 2, each = 3;
    double parameters = window * (double)pairs->tables;
    for (size_t k = 0; k < 2 * pairs->tables; k++)
        parameters += pairs->near[k] > 0 ? each : 0;
    return parameters;
}

/* In the order of the rows, as the other candidates have them. */
static size_t list_residuals(const struct mqc_fit_jumps *jumps, double *residuals) {
    size_t n = 0;
    double *const of_row = jumps->share;
    for (size_t i = 0; i < jumps->data->n; i++)
        of_row[i] = NAN;
    for (size_t p = 0; p < jumps->pairs->n; p++)
        of_row[jumps->row[p]] = mqc_fit_exceeded(1 - jumps->place[p]);
    for (size_t i = 0; i < jumps->data->n; i++)
        if (!isnan(of_row[i]) && !jumps->outlier[i])
            residuals[n++] = of_row[i];
    return n;
}

struct mqc_fit_quality mqc_fit_jumps_judge(const struct mqc_fit_jumps *jumps, double *residuals,
                                           size_t *n) {
    const struct mqc_fit_data *data = jumps->data;
    const struct mqc_jump_pairs *pairs = jumps->pairs;
    struct mqc_fit_quality quality = {0};
    double sum = 0, used = 0;
    for (size_t p = 0; p < pairs->n; p++) {
        if (jumps->outlier[jumps->row[p]])
            continue;
        sum += jumps->log_density[p];
        used++;
    }
    const double outliers = (double)jumps->outliers, points = (double)data->points - outliers;
    /* Points after a gap count as the others do in the mean. */
    quality.log_likelihood = points / used * sum + outliers * log(outliers_expected / data->range);
    quality.parameters = count_parameters(pairs);
    quality.outliers = outliers;
    quality.at_bounds = (double)jumps->at_bounds;
    quality.fitted = 1;
    *n = list_residuals(jumps, residuals);
    return quality;
}
