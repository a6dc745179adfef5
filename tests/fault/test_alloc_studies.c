/* SPDX-License-Identifier: BSD-3-Clause */
/* Studies of networks, without memory. */
#include "alloc.h"

/* In the thread whose allocations fail. */
static memqc_status mlp_monte_carlo(struct world *world) {
    double accuracies[3] = {0};
    const memqc_status status =
        memqc_mlp_monte_carlo(world->mlp, world->device, SAMPLES, x, ROWS, labels, accuracies);
    for (size_t i = 0; i < 3 && status == MEMQC_OK; i++)
        world->result[i] = (float)accuracies[i];
    return status;
}

static memqc_status mlp_monte_carlo_hits(struct world *world) {
    double accuracies[3] = {0};
    uint8_t hits[3 * SAMPLES] = {0};
    const memqc_status status = memqc_mlp_monte_carlo_hits(world->mlp, world->device, SAMPLES, x,
                                                           ROWS, labels, accuracies, hits);
    for (size_t i = 0; i < sizeof hits && status == MEMQC_OK; i++)
        world->counts[0] = 2 * world->counts[0] + hits[i];
    return status;
}

static memqc_status mlp_sensitivity(struct world *world) {
    double limits[MEMQC_MLP_LIMITS];
    const memqc_status status = memqc_mlp_sensitivity(
        world->mlp, world->device, MEMQC_MLP_PROPERTY_C2C, SAMPLES, x, ROWS, labels, limits);
    world->result[0] = status == MEMQC_OK ? (float)limits[MEMQC_MLP_LIMIT_LOSS] : 0;
    return status;
}

static memqc_status mlp_shapley(struct world *world) {
    double shares[MEMQC_MLP_PROPERTIES * MEMQC_MLP_SHARE_VALUES];
    const memqc_status status =
        memqc_mlp_shapley(world->mlp, world->device, 0, SAMPLES, x, ROWS, labels, shares);
    world->result[0] = status == MEMQC_OK ? (float)shares[MEMQC_MLP_SHARE_LOSS] : 0;
    return status;
}

static memqc_status mlp_summary(struct world *world) {
    const double accuracies[] = {0.3, 0.1, 0.2};
    double median = 0;
    const memqc_status status = memqc_summary(3, accuracies, MEMQC_SUMMARY_MEDIAN, &median);
    world->result[0] = (float)median;
    return status;
}

static const struct scenario scenarios[] = {
    NETWORK(mlp_monte_carlo, "new", NEW, 50, 70, 80),
    EACH_RULE(mlp_monte_carlo, "trained", USED, 40),
    {"mlp_monte_carlo_hits", mlp_monte_carlo_hits, NULL, PAIR, 0, USED, 50, "hfox-a"},
    NETWORK(mlp_sensitivity, "trained", USED, 50, 70, 80),
    NETWORK(mlp_shapley, "trained", USED, 50, 70, 80),
    {"mlp_summary", mlp_summary, NULL, SINGLE, 0, NEW, 1, NULL},
};

int main(void) {
    return run_scenarios("alloc_studies", scenarios, COUNT(scenarios), NULL);
}
