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

static memqc_status mlp_checkpoint(struct world *world) {
    return memqc_mlp_set_checkpoint(world->mlp, own_file, 1000000);
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

static memqc_status mlp_save_file(struct world *world) {
    return memqc_mlp_save(world->mlp, own_file);
}

static void save_first(struct world *world) {
    OK(memqc_mlp_save(world->mlp, own_file));
}

static memqc_status mlp_load_file(struct world *world) {
    world->made_mlp = (memqc_mlp *)(void *)&nowhere;
    return memqc_mlp_load(own_file, &world->made_mlp);
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

/* Arrays that are read through converters and wires. */
static void read_really(struct world *world) {
    static const struct setting settings[] = {
        {MEMQC_CROSSBAR_DAC_BITS, 6},
        {MEMQC_CROSSBAR_ADC_BITS, 8},
        {MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.02},
        {MEMQC_CROSSBAR_WORD_RESISTANCE, 1},
        {MEMQC_CROSSBAR_WIRE_METHOD, MEMQC_CROSSBAR_METHOD_AUTO}};
    for (size_t i = 0; i < COUNT(settings); i++)
        OK(memqc_mlp_set_crossbar(world->mlp, MEMQC_MLP_ALL, settings[i].key, settings[i].value));
}

/* Checkpoints are written on the way. */
static void set_checkpoint(struct world *world) {
    OK(memqc_mlp_set_checkpoint(world->mlp, own_file, SAMPLES));
}

static memqc_status mlp_reset(struct world *world) {
    return memqc_mlp_reset(world->mlp);
}

static memqc_status mlp_destroy(struct world *world) {
    memqc_mlp_destroy(&world->mlp);
    return MEMQC_OK;
}

static memqc_status mlp_set(struct world *world) {
    return memqc_mlp_set(world->mlp, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE);
}

static memqc_status mlp_set_layer(struct world *world) {
    return memqc_mlp_set_layer(world->mlp, 1, MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT);
}

static memqc_status mlp_set_crossbar(struct world *world) {
    return memqc_mlp_set_crossbar(world->mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_RULE,
                                  MEMQC_CROSSBAR_RULE_MIXED_PRECISION);
}

static memqc_status mlp_set_many(struct world *world) {
    static const int32_t keys[] = {MEMQC_MLP_RULE, MEMQC_MLP_OPTIMIZER};
    static const double values[] = {MEMQC_MLP_RULE_NOISE_AWARE, MEMQC_MLP_ADAM};
    return memqc_mlp_set_many(world->mlp, COUNT(keys), keys, values);
}

static memqc_status mlp_uses(struct world *world) {
    int32_t flag = 0;
    const memqc_status status = memqc_mlp_uses(world->mlp, MEMQC_MLP_OPTIMIZER, &flag);
    world->counts[0] = (uint64_t)flag;
    return status;
}

static const struct scenario scenarios[] = {
    {"mlp_predict, really", mlp_predict, read_really, PAIR, 0, USED, 6, "hfox-a"},
    {"mlp_evaluate, really", mlp_evaluate, read_really, PAIR, 0, USED, 6, "hfox-a"},
    {"mlp_train, really", mlp_train, read_really, PAIR, 0, USED, 6, "hfox-a"},
    {"mlp_train, checkpoints", mlp_train, set_checkpoint, PAIR, 0, USED, 6, "hfox-a"},
    {"mlp_fit, checkpoints", mlp_fit, set_checkpoint, PAIR, 0, NEW, 40, "hfox-a"},
    {"mlp_reset", mlp_reset, NULL, PAIR, 0, USED, 0, "hfox-a"},
    {"mlp_destroy", mlp_destroy, NULL, PAIR, 0, STOPPED, 0, "hfox-a"},
    {"mlp_set", mlp_set, NULL, PAIR, 0, NEW, 0, "hfox-a"},
    {"mlp_set_layer", mlp_set_layer, NULL, PAIR, 0, NEW, 0, "hfox-a"},
    {"mlp_set_crossbar", mlp_set_crossbar, NULL, PAIR, 0, NEW, 0, "hfox-a"},
    {"mlp_set_many", mlp_set_many, NULL, PAIR, 0, NEW, 0, "hfox-a"},
    {"mlp_uses", mlp_uses, NULL, PAIR, 0, NEW, 0, "hfox-a"},
    {"mlp_save_file", mlp_save_file, NULL, PAIR, 0, STOPPED, 3, "hfox-a"},
    {"mlp_load_file", mlp_load_file, save_first, PAIR, 0, STOPPED, 20, "hfox-a"},
    {"mlp_create", mlp_create, NULL, 0, 0, NEW, 3, "hfox-a"},
    {"mlp_create_without_device", mlp_create_without_device, NULL, 0, 0, NEW, 1, "hfox-a"},
    NETWORK(mlp_copy, "new", NEW, 1, 1, 1),
    NETWORK(mlp_copy, "stopped", STOPPED, 8, 20, 24),
    EACH_RULE(mlp_copy, "stopped", STOPPED, 16),
    {"mlp_get_device", mlp_get_device, NULL, SINGLE, 0, NEW, 1, "hfox-a"},
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
    {"mlp_set_device, new", mlp_set_device, NULL, SINGLE, 0, NEW, 1, "hfox-a"},
    NETWORK(mlp_transfer, "new", NEW, 15, 30, 40),
    NETWORK(mlp_transfer, "trained", USED, 12, 15, 20),
    EACH_RULE(mlp_init, "new", NEW, 10),
    EACH_RULE(mlp_train, "new", NEW, 20),
    EACH_RULE(mlp_train, "trained", USED, 8),
    EACH_RULE(mlp_fit, "stopped", STOPPED, 16),
    EACH_RULE(mlp_load, "stopped", STOPPED, 16),
    EACH_RULE(mlp_transfer, "trained", USED, 15),
    NETWORK(mlp_checkpoint, "trained", USED, 1, 1, 1),
    NETWORK(mlp_save, "new", NEW, 2, 2, 2),
    NETWORK(mlp_save, "stopped", STOPPED, 2, 2, 2),
    NETWORK(mlp_load, "new", NEW, 1, 3, 3),
    NETWORK(mlp_load, "trained", USED, 8, 20, 24),
    NETWORK(mlp_load, "stopped", STOPPED, 8, 20, 24),
    NETWORK(mlp_fit, "new", NEW, 28, 38, 48),
    NETWORK(mlp_fit, "trained", USED, 16, 16, 16),
    NETWORK(mlp_fit, "stopped", STOPPED, 16, 16, 16),
    {"mlp_crossbar, new, single", mlp_crossbar, NULL, SINGLE, 0, NEW, 16, "hfox-a"},
    {"mlp_crossbar, new, pair", mlp_crossbar, NULL, PAIR, 0, NEW, 22, "hfox-a"},
    {"mlp_crossbar, trained, pair", mlp_crossbar, NULL, PAIR, 0, USED, 0, "hfox-a"},
};

int main(void) {
    return run_scenarios("alloc_mlp", scenarios, COUNT(scenarios), NULL);
}
