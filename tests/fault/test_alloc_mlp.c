/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions of networks, without memory. */
#include "alloc.h"

static memqc_status mlp_create(struct world *world) {
    world->made_mlp = (memqc_mlp *)(void *)&nowhere;
    return memqc_mlp_create(sizes, COUNT(sizes), world->device, 0, &world->made_mlp);
}

static memqc_status mlp_create_without_device(struct world *world) {
    world->made_mlp = (memqc_mlp *)(void *)&nowhere;
    return memqc_mlp_create(sizes, COUNT(sizes), NULL, 0, &world->made_mlp);
}

static memqc_status mlp_copy(struct world *world) {
    world->made_mlp = (memqc_mlp *)(void *)&nowhere;
    return memqc_mlp_copy(world->mlp, &world->made_mlp);
}

static memqc_status mlp_get_device(struct world *world) {
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_mlp_get_device(world->mlp, 0, &world->made_device);
}

static memqc_status mlp_init(struct world *world) {
    return memqc_mlp_init(world->mlp);
}

static memqc_status mlp_train(struct world *world) {
    return memqc_mlp_train_epoch(world->mlp, SAMPLES, x, ROWS, labels);
}

static memqc_status mlp_train_the_rest(struct world *world) {
    return memqc_mlp_train_epoch(world->mlp, SAMPLES - 2, x, ROWS, labels);
}

/* With everything that wants memory of its own: the split, the best weights, dropout, the
 * checkpoints' name. */
static memqc_status mlp_fit(struct world *world) {
    double last = 0;
    memqc_status status = memqc_mlp_fit(world->mlp, SAMPLES, x, ROWS, labels, 4);
    if (status == MEMQC_OK)
        status = memqc_mlp_get_history(world->mlp, 4, MEMQC_MLP_HISTORY_VALIDATION_LOSS, &last);
    world->result[0] = (float)last;
    return status;
}

static memqc_status mlp_set_device(struct world *world) {
    return memqc_mlp_set_device(world->mlp, 1, world->device);
}

static memqc_status mlp_transfer(struct world *world) {
    world->made_mlp = (memqc_mlp *)(void *)&nowhere;
    return memqc_mlp_transfer(world->mlp, world->device, &world->made_mlp);
}

/* In the thread whose allocations fail. */
static memqc_status mlp_monte_carlo(struct world *world) {
    double accuracies[3] = {0};
    const memqc_status status =
        memqc_mlp_monte_carlo(world->mlp, world->device, SAMPLES, x, ROWS, labels, accuracies);
    for (size_t i = 0; i < 3 && status == MEMQC_OK; i++)
        world->result[i] = (float)accuracies[i];
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

static memqc_status mlp_checkpoint(struct world *world) {
    return memqc_mlp_set_checkpoint(world->mlp, checkpoint, 1000000);
}

static memqc_status mlp_save(struct world *world) {
    size_t size = 0;
    const memqc_status status = memqc_mlp_save_memory(world->mlp, NULL, 0, &size);
    world->counts[0] = size;
    return status;
}

static memqc_status mlp_load(struct world *world) {
    world->made_mlp = (memqc_mlp *)(void *)&nowhere;
    return memqc_mlp_load_memory(saved, saved_size, &world->made_mlp);
}

static memqc_status mlp_predict(struct world *world) {
    int32_t classes[SAMPLES] = {0};
    const memqc_status status =
        memqc_mlp_predict(world->mlp, SAMPLES, x, ROWS, world->result, OUTPUTS, classes);
    for (size_t i = 0; i < SAMPLES; i++)
        world->counts[0] = 4 * world->counts[0] + (uint64_t)classes[i];
    return status;
}

static memqc_status mlp_evaluate(struct world *world) {
    double loss = 0, accuracy = 0;
    const memqc_status status =
        memqc_mlp_evaluate(world->mlp, SAMPLES, x, ROWS, labels, &loss, &accuracy, world->counts);
    world->result[0] = (float)loss;
    world->result[1] = (float)accuracy;
    return status;
}

static memqc_status mlp_get_weights(struct world *world) {
    return memqc_mlp_get_weights(world->mlp, 1, world->result, OUTPUTS, world->result + CELLS);
}

static memqc_status mlp_set_weights(struct world *world) {
    return memqc_mlp_set_weights(world->mlp, 0, w, COLS, dw);
}

static memqc_status mlp_crossbar(struct world *world) {
    const memqc_crossbar *xb = (const memqc_crossbar *)(const void *)&nowhere;
    const memqc_status status = memqc_mlp_borrow_crossbar(world->mlp, 1, &xb);
    ck_assert_msg(status == MEMQC_OK || xb == NULL,
                  "memqc_mlp_borrow_crossbar failed and left its result alone");
    return status;
}

#define NETWORK(what, state, past, with_float, single, pair)                      \
    {#what ", " state ", float", what, SINGLE, 0, past, with_float, NULL},        \
        {#what ", " state ", single", what, SINGLE, 0, past, single, "hfox-a"}, { \
#what ", " state ", pair", what, PAIR, 0, past, pair, "hfox-a"            \
    }

/* Under the rules that keep more than levels. */
#define UNDER(what, rule, state, past, at_least) \
    { #what ", " state ", " #rule, what, PAIR + RULES *MEMQC_##rule, 0, past, at_least, "hfox-a" }
#define EACH_RULE(what, state, past, at_least)                             \
    UNDER(what, CROSSBAR_RULE_STOCHASTIC, state, past, at_least),          \
        UNDER(what, CROSSBAR_RULE_SIGN, state, past, at_least),            \
        UNDER(what, CROSSBAR_RULE_MIXED_PRECISION, state, past, at_least), \
        UNDER(what, CROSSBAR_RULE_ONE_DIRECTIONAL, state, past, at_least), \
        UNDER(what, MLP_RULE_NOISE_AWARE, state, past, at_least)

static const struct scenario scenarios[] = {
    {"mlp_create", mlp_create, 0, 0, NEW, 3, "hfox-a"},
    {"mlp_create_without_device", mlp_create_without_device, 0, 0, NEW, 1, "hfox-a"},
    NETWORK(mlp_copy, "new", NEW, 1, 1, 1),
    NETWORK(mlp_copy, "stopped", STOPPED, 8, 20, 24),
    EACH_RULE(mlp_copy, "stopped", STOPPED, 16),
    {"mlp_get_device", mlp_get_device, SINGLE, 0, NEW, 1, "hfox-a"},
    NETWORK(mlp_init, "new", NEW, 4, 16, 22),
    NETWORK(mlp_train, "new", NEW, 12, 30, 40),
    NETWORK(mlp_train, "trained", USED, 8, 8, 8),
    NETWORK(mlp_train_the_rest, "stopped", STOPPED, 6, 6, 6),
    NETWORK(mlp_predict, "new", NEW, 10, 22, 28),
    NETWORK(mlp_predict, "trained", USED, 6, 6, 6),
    NETWORK(mlp_predict, "stopped", STOPPED, 6, 6, 6),
    NETWORK(mlp_evaluate, "new", NEW, 10, 22, 28),
    NETWORK(mlp_evaluate, "stopped", STOPPED, 6, 6, 6),
    NETWORK(mlp_get_weights, "new", NEW, 4, 16, 22),
    NETWORK(mlp_get_weights, "trained", USED, 0, 0, 0),
    NETWORK(mlp_set_weights, "new", NEW, 4, 16, 22),
    NETWORK(mlp_set_weights, "trained", USED, 0, 0, 0),
    {"mlp_set_device, new", mlp_set_device, SINGLE, 0, NEW, 1, "hfox-a"},
    NETWORK(mlp_transfer, "new", NEW, 15, 30, 40),
    NETWORK(mlp_transfer, "trained", USED, 12, 15, 20),
    EACH_RULE(mlp_init, "new", NEW, 10),
    EACH_RULE(mlp_train, "new", NEW, 20),
    EACH_RULE(mlp_train, "trained", USED, 8),
    EACH_RULE(mlp_fit, "stopped", STOPPED, 16),
    EACH_RULE(mlp_load, "stopped", STOPPED, 16),
    EACH_RULE(mlp_transfer, "trained", USED, 15),
    NETWORK(mlp_monte_carlo, "new", NEW, 50, 70, 80),
    EACH_RULE(mlp_monte_carlo, "trained", USED, 40),
    NETWORK(mlp_sensitivity, "trained", USED, 50, 70, 80),
    NETWORK(mlp_shapley, "trained", USED, 50, 70, 80),
    {"mlp_summary", mlp_summary, SINGLE, 0, NEW, 1, NULL},
    NETWORK(mlp_checkpoint, "trained", USED, 1, 1, 1),
    NETWORK(mlp_save, "new", NEW, 2, 2, 2),
    NETWORK(mlp_save, "stopped", STOPPED, 2, 2, 2),
    NETWORK(mlp_load, "new", NEW, 1, 3, 3),
    NETWORK(mlp_load, "trained", USED, 8, 20, 24),
    NETWORK(mlp_load, "stopped", STOPPED, 8, 20, 24),
    NETWORK(mlp_fit, "new", NEW, 28, 38, 48),
    NETWORK(mlp_fit, "trained", USED, 16, 16, 16),
    NETWORK(mlp_fit, "stopped", STOPPED, 16, 16, 16),
    {"mlp_crossbar, new, single", mlp_crossbar, SINGLE, 0, NEW, 16, "hfox-a"},
    {"mlp_crossbar, new, pair", mlp_crossbar, PAIR, 0, NEW, 22, "hfox-a"},
    {"mlp_crossbar, trained, pair", mlp_crossbar, PAIR, 0, USED, 0, "hfox-a"},
};

int main(void) {
    return run_scenarios("alloc_mlp", scenarios, COUNT(scenarios), NULL);
}
