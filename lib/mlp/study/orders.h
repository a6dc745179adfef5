/* SPDX-License-Identifier: BSD-3-Clause */
/* Orders in which players join, for Shapley values: see orders.c. */
#ifndef MQC_MLP_STUDY_ORDERS_H
#define MQC_MLP_STUDY_ORDERS_H

#include <stddef.h>
#include <stdint.h>

enum { MQC_ORDERS_PLAYERS = 8, MQC_ORDERS_SETS = 1 << MQC_ORDERS_PLAYERS };

/* The share of player p is the sum over all sets, of which bit q tells whether q is in it, of
 * weight[set][p] times the value of the set, over `all`. */
struct mqc_orders {
    int players;
    int32_t weight[MQC_ORDERS_SETS][MQC_ORDERS_PLAYERS];
    double all; /* how many orders there are */
    /* Of orders that were drawn: */
    uint64_t seed;
    size_t drawn; /* 0: every order counts */
};

/* Every order of up to MQC_ORDERS_PLAYERS players. */
void mqc_orders_take_all(int players, struct mqc_orders *orders);

/* `drawn` orders, of which number i is a function of (seed, i); up to MQC_ORDERS_MOST. */
enum { MQC_ORDERS_MOST = 1000000 };
void mqc_orders_draw(int players, uint64_t seed, size_t drawn, struct mqc_orders *orders);

/* Does the value of the set matter for any share? */
int mqc_orders_need(const struct mqc_orders *orders, unsigned set);

/* Variance of a share that comes from the choice of orders, when value[set] are the values of the
 * sets. 0 where every order counts, or only one was drawn. */
double mqc_orders_variance(const struct mqc_orders *orders, int player, const double *value);

#endif
