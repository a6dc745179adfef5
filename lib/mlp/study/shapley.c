/* SPDX-License-Identifier: BSD-3-Clause */
/* What each property of the devices has of the loss to all of them: Shapley values of the game
 * whose players are the properties that the device has, and in which a set of properties costs what
 * the network loses when they are as they are and all others ideal. Shares are computed element by
 * element of instances and samples, so that their intervals are those of core/crossed.c. */
#include "core/alloc.h"
#include "core/crossed.h"
#include "core/error.h"
#include "mlp/checks.h"
#include "mlp/network.h"
#include "mlp/study/orders.h"
#include "mlp/study/scaled.h"

#include <math.h>
#include <string.h>

enum { EXACT = 6 }; /* players of which all orders are taken */

struct shapley {
    struct mqc_scaled scaled;
    struct mqc_orders orders;
    int32_t property[MQC_ORDERS_PLAYERS]; /* MEMQC_MLP_PROPERTY_..., of the players */
    double loss[MQC_ORDERS_SETS];         /* mean loss of each set, to the ideal device's 0 */
    double *accuracies;
    uint8_t *hits;
    /* For each player, then for the loss to all: of instances x samples, weights times hits. */
    int32_t *sums;
};

static size_t elements(const struct shapley *s) {
    return s->scaled.run.n * s->scaled.run.samples->n;
}

/* The properties that the device has, in place of a set of players. */
static unsigned properties_of(const struct shapley *s, unsigned set) {
    unsigned properties = 0;
    for (int p = 0; p < s->orders.players; p++)
        if (set >> p & 1)
            properties |= mqc_scaled_set_of(s->property[p]);
    return properties;
}

static memqc_status find_players(struct shapley *s, size_t orders) {
    int players = 0;
    for (int32_t p = MEMQC_MLP_PROPERTY_LEVELS; p <= MEMQC_MLP_PROPERTY_DRIFT; p++) {
        double value;
        int absent;
        MQC_TRY(mqc_scaled_amount(&s->scaled, p, &value, &absent));
        if (!absent)
            s->property[players++] = p;
    }
    if (players <= EXACT || orders == 0)
        mqc_orders_take_all(players, &s->orders);
    else
        mqc_orders_draw(players, s->scaled.run.onto.seed, orders, &s->orders);
    return MEMQC_OK;
}

/* Adds what a set means for every share; a hit is a loss of -1. */
static void add(struct shapley *s, unsigned set) {
    const size_t n = s->scaled.run.n, samples = s->scaled.run.samples->n,
                 stride = mqc_crossed_stride(samples);
    const int players = s->orders.players, is_all = set + 1 == 1u << players;
    for (int p = 0; p <= players; p++) {
        int32_t *const sum = s->sums + (size_t)p * elements(s);
        int32_t weight = -((int)is_all - (set == 0)); /* of the last: the loss to all together */
        if (p < players)
            weight = -s->orders.weight[set][p];
        for (size_t i = 0; weight != 0 && i < n; i++)
            for (size_t j = 0; j < samples; j++)
                sum[i * samples + j] += weight * (s->hits[i * stride + j / 8] >> j % 8 & 1);
    }
}

static memqc_status measure(struct shapley *s) {
    const size_t n = s->scaled.run.n, samples = s->scaled.run.samples->n;
    double ideal = 0;
    size_t sets = 0;
    for (unsigned set = 0; set < 1u << s->orders.players; set++)
        sets += mqc_orders_need(&s->orders, set) ? 1 : 0;
    s->scaled.estimate = sets * n;
    for (unsigned set = 0; set < 1u << s->orders.players; set++) {
        if (!mqc_orders_need(&s->orders, set))
            continue;
        MQC_TRY(mqc_scaled_measure(&s->scaled, properties_of(s, set), 1, s->accuracies, s->hits));
        const double mean = mqc_crossed(n, samples, s->hits, NULL).mean;
        ideal = set == 0 ? mean : ideal;
        s->loss[set] = ideal - mean;
        add(s, set);
    }
    return MEMQC_OK;
}

static void note(const struct shapley *s, int player, double *share) {
    const int is_total = player == s->orders.players;
    const struct mqc_crossed found = mqc_crossed_numbers(s->scaled.run.n, s->scaled.run.samples->n,
                                                         s->sums + (size_t)player * elements(s),
                                                         is_total ? 1 : 1 / s->orders.all);
    const double by_orders = is_total ? 0 : mqc_orders_variance(&s->orders, player, s->loss),
                 crossed = found.rows + found.columns + found.both;
    const double variances[] = {crossed, by_orders},
                 freedoms[] = {found.freedom, fmax((double)s->orders.drawn - 1, 1)};
    double half = INFINITY;
    if (found.freedom >= 1)
        (void)memqc_combine(2, variances, freedoms, &half);
    share[MEMQC_MLP_SHARE_LOSS] = found.mean;
    share[MEMQC_MLP_SHARE_LOW] = found.mean - half;
    share[MEMQC_MLP_SHARE_HIGH] = found.mean + half;
    share[MEMQC_MLP_SHARE_BY_INSTANCES] = found.rows;
    share[MEMQC_MLP_SHARE_BY_SAMPLES] = found.columns;
    share[MEMQC_MLP_SHARE_BY_BOTH] = found.both;
    share[MEMQC_MLP_SHARE_BY_ORDERS] = by_orders;
}

static memqc_status examine(struct shapley *s, size_t orders, double *shares) {
    MQC_TRY(mqc_scaled_begin(&s->scaled));
    MQC_TRY(find_players(s, orders));
    const size_t players = (size_t)s->orders.players;
    s->sums = mqc_alloc((players + 1) * elements(s), sizeof *s->sums);
    if (!s->sums)
        return MEMQC_ERROR_NOMEM;
    if (players > 0)
        MQC_TRY(measure(s));
    memset(shares, 0, sizeof *shares * MEMQC_MLP_PROPERTIES * MEMQC_MLP_SHARE_VALUES);
    for (int p = 0; p < s->orders.players; p++)
        note(s, p, shares + (s->property[p] - MEMQC_MLP_PROPERTY_ALL) * MEMQC_MLP_SHARE_VALUES);
    if (players > 0)
        note(s, s->orders.players, shares);
    return MEMQC_OK;
}

static memqc_status check_orders(const char *function, size_t orders) {
    if (orders == 1 || orders > MQC_ORDERS_MOST)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: orders = %zu; it takes 0, for all of them, or 2 .. %d", function,
                        orders, MQC_ORDERS_MOST);
    return MEMQC_OK;
}

static memqc_status study(struct shapley *s, size_t orders, double *shares) {
    const size_t n = s->scaled.run.n;
    memqc_status status = MEMQC_ERROR_NOMEM;
    s->accuracies = mqc_alloc(n, sizeof *s->accuracies);
    s->hits = mqc_alloc(n, mqc_crossed_stride(s->scaled.run.samples->n));
    if (s->accuracies && s->hits)
        status = examine(s, orders, shares);
    mqc_scaled_end(&s->scaled);
    mqc_free(s->accuracies);
    mqc_free(s->hits);
    mqc_free(s->sums);
    return status;
}

memqc_status memqc_mlp_shapley(memqc_mlp *mlp, const memqc_device *device, size_t orders, size_t n,
                               const float *x, size_t ldx, const int32_t *labels, double *shares) {
    MQC_TRY(mqc_mlp_check_training(mlp, __func__, n, x, ldx, labels));
    MQC_TRY(check_orders(__func__, orders));
    if (n == 0)
        return MEMQC_OK;
    MQC_NOT_NULL(shares);
    const struct mqc_samples samples = {__func__, n, x, ldx, labels, NULL};
    struct shapley s = {.scaled = mqc_scaled_make(mlp, device, &samples)};
    MQC_TRY(mqc_instances_check(&s.scaled.run, 2));
    const int was_ready = mlp->ready;
    MQC_TRY(mqc_mlp_draw(mlp));
    mlp->busy = __func__;
    const memqc_status status = study(&s, orders, shares);
    mlp->busy = NULL;
    return mqc_mlp_finish(mlp, was_ready, status);
}
