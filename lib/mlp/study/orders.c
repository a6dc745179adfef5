/* SPDX-License-Identifier: BSD-3-Clause */
/* Shapley values (Shapley, A value for n-person games, 1953): the mean, over the orders in which
 * players join, of what a player adds to the value of those before it. Of s players and n in all,
 *
 *     share(p) = sum over sets S without p of s! (n - s - 1)! / n! (v(S with p) - v(S)).
 *
 * Where that takes too many sets, orders are drawn with equal probability (Castro, Gomez and
 * Tejada, 2009). The shares of any set of orders add up to v(all) - v(none). Weights are whole
 * numbers over the number of orders, so that sums are exact. */
#include "mlp/study/orders.h"
#include "rng/rng.h"

#include <string.h>

static int32_t factorial(int n) {
    int32_t product = 1;
    for (int i = 2; i <= n; i++)
        product *= i;
    return product;
}

static int members(unsigned set) {
    int n = 0;
    for (; set; set &= set - 1)
        n++;
    return n;
}

void mqc_orders_take_all(int players, struct mqc_orders *orders) {
    memset(orders, 0, sizeof *orders);
    orders->players = players;
    orders->all = factorial(players);
    for (unsigned set = 0; set < 1u << players; set++) {
        const int s = members(set);
        for (int p = 0; p < players; p++) {
            const int in = set >> p & 1;
            orders->weight[set][p] = in ? factorial(s - 1) * factorial(players - s)
                                        : -factorial(s) * factorial(players - s - 1);
        }
    }
}

static void draw_one(const struct mqc_orders *orders, size_t number, uint32_t *order) {
    uint32_t words[2 * MQC_ORDERS_PLAYERS];
    mqc_rng_permutation(orders->seed, number, (size_t)orders->players, order, words);
}

void mqc_orders_draw(int players, uint64_t seed, size_t drawn, struct mqc_orders *orders) {
    uint32_t order[MQC_ORDERS_PLAYERS];
    memset(orders, 0, sizeof *orders);
    orders->players = players;
    orders->seed = seed;
    orders->drawn = drawn;
    orders->all = (double)drawn;
    for (size_t i = 0; i < drawn; i++) {
        unsigned set = 0;
        draw_one(orders, i, order);
        for (int k = 0; k < players; k++) {
            orders->weight[set][order[k]]--;
            set |= 1u << order[k];
            orders->weight[set][order[k]]++;
        }
    }
}

int mqc_orders_need(const struct mqc_orders *orders, unsigned set) {
    for (int p = 0; p < orders->players; p++)
        if (orders->weight[set][p] != 0)
            return 1;
    return 0;
}

/* What a player adds in one of the orders that were drawn. */
static double added(const struct mqc_orders *orders, size_t number, int player,
                    const double *value) {
    uint32_t order[MQC_ORDERS_PLAYERS];
    unsigned set = 0;
    draw_one(orders, number, order);
    for (int k = 0; order[k] != (uint32_t)player; k++)
        set |= 1u << order[k];
    return value[set | 1u << player] - value[set];
}

double mqc_orders_variance(const struct mqc_orders *orders, int player, const double *value) {
    const double n = (double)orders->drawn;
    double sum = 0, squares = 0;
    if (orders->drawn < 2)
        return 0;
    for (size_t i = 0; i < orders->drawn; i++)
        sum += added(orders, i, player, value);
    for (size_t i = 0; i < orders->drawn; i++) {
        const double apart = added(orders, i, player, value) - sum / n;
        squares += apart * apart;
    }
    return squares / (n - 1) / n;
}
