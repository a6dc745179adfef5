/* SPDX-License-Identifier: BSD-3-Clause */
/* Every public function that allocates, with the n-th allocation failing for n = 0, 1, 2 ... until
 * the call succeeds. A failure must be NOMEM with a text of its own, leave NULL where something was
 * to be made, and leave its object as it was: what can be read of it has the same bits before and
 * after, and the same call afterwards gives what it gives on an object that never saw a failure.
 * Leaks show under valgrind and AddressSanitizer. */
#include "alloc.h"

#include "core/alloc.h"

#include <stdio.h>

const size_t sizes[] = {ROWS, COLS, 3};
const char checkpoint[] = "test_alloc.checkpoint";
float w[CELLS], dw[CELLS], x[SAMPLES * ROWS];
const int32_t labels[SAMPLES] = {0, 1, 2, 0, 1, 2, 0, 1, 2};
unsigned char saved[1 << 16];
size_t saved_size;
int nowhere;

static void fill(void) {
    for (size_t i = 0; i < CELLS; i++) {
        w[i] = (float)((double)(i * 37 % 64) / 32.0 - 1);
        dw[i] = (float)((double)(i * 53 % 64) / 32.0 - 1);
    }
    for (size_t i = 0; i < COUNT(x); i++)
        x[i] = (float)((double)(i * 29 % 64) / 63.0);
}

/* --- objects --- */

static int32_t stop(void *user, const double *at, size_t n) {
    (void)user, (void)at, (void)n;
    return 1;
}

static void open_crossbar(struct world *world) {
    const struct scenario *s = world->scenario;
    OK(memqc_crossbar_create(world->device, ROWS, COLS, 0, &world->xb));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_MAPPING, s->mapping));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_NORMALIZATION, s->normalization));
    if (s->mapping >= MEMQC_CROSSBAR_MAPPING_REFERENCE) {
        OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_SLICES, 2));
        OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_CLIP_PERCENTILE, 90));
    }
    OK(memqc_crossbar_set_seed(world->xb, SEED));
    if (s->past == USED)
        OK(memqc_crossbar_program(world->xb, w, COLS));
}

static void open_network(struct world *world) {
    const struct scenario *s = world->scenario;
    OK(memqc_mlp_create(sizes, COUNT(sizes), s->preset ? world->device : NULL, 0, &world->mlp));
    OK(memqc_mlp_set_crossbar(world->mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING,
                              s->mapping % RULES));
    if (s->mapping >= RULES)
        OK(s->mapping / RULES >= MEMQC_MLP_RULE_FLOAT
               ? memqc_mlp_set(world->mlp, MEMQC_MLP_RULE, s->mapping / RULES)
               : memqc_mlp_set_crossbar(world->mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_RULE,
                                        s->mapping / RULES));
    if (s->mapping / RULES == MEMQC_MLP_RULE_NOISE_AWARE ||
        s->mapping / RULES == MEMQC_CROSSBAR_RULE_MIXED_PRECISION ||
        s->mapping / RULES == MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL)
        OK(memqc_mlp_set(world->mlp, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD_MOMENTUM));
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_BATCH, BATCH));
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_LEARNING_RATE, 3));
    OK(memqc_mlp_set_seed(world->mlp, SEED));
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_SECONDS, 10));
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_INSTANCES, 3));
    for (int epoch = 0; s->past != NEW && epoch < 2; epoch++)
        OK(memqc_mlp_train_epoch(world->mlp, SAMPLES - 2, x, ROWS, labels));
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_PROGRESS_INTERVAL, 1));
    if (s->past == STOPPED)
        OK(memqc_mlp_set_progress(world->mlp, stop, NULL));
    if (s->past == STOPPED)
        ck_assert_int_eq(memqc_mlp_train_epoch(world->mlp, SAMPLES - 2, x, ROWS, labels),
                         MEMQC_STOPPED);
    OK(memqc_mlp_set_progress(world->mlp, NULL, NULL));
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_BATCH,
                     BATCH + 1)); /* the next minibatch needs more room */
    if (strncmp(s->name, "mlp_fit", 7) == 0) {
        OK(memqc_mlp_set(world->mlp, MEMQC_MLP_DROPOUT, 0.25));
        OK(memqc_mlp_set(world->mlp, MEMQC_MLP_VALIDATION, 0.3));
        OK(memqc_mlp_set(world->mlp, MEMQC_MLP_RESTORE_BEST, 1));
    }
    OK(memqc_mlp_save_memory(world->mlp, saved, sizeof saved, &saved_size));
}

static void open_world(struct world *world, const struct scenario *scenario) {
    memset(world, 0, sizeof *world);
    world->scenario = scenario;
    OK(memqc_device_create_preset(scenario->preset ? scenario->preset : "hfox-a", &world->device));
    OK(memqc_device_set_seed(world->device, SEED));
    if (scenario->normalization)
        open_crossbar(world);
    else if (scenario->mapping)
        open_network(world);
}

static void close_world(struct world *world) {
    remove(checkpoint);
    memqc_mlp_destroy(&world->mlp);
    memqc_mlp_destroy(&world->made_mlp);
    memqc_crossbar_destroy(&world->xb);
    memqc_crossbar_destroy(&world->made_xb);
    memqc_device_destroy(&world->device);
    memqc_device_destroy(&world->made_device);
}

/* --- everything that can be read of it --- */

struct image {
    double parameters[96], history[5];
    uint64_t counters[LAYERS][3];
    double costs[LAYERS][6], clock[LAYERS];
    uint32_t epochs, best;
    memqc_status drawn;
    float weights[LAYERS][CELLS], nominal[LAYERS][CELLS], biases[LAYERS][COLS], g[LAYERS][4][CELLS];
    int32_t levels[LAYERS][4][CELLS];
};

static void read_device(const memqc_device *device, struct image *image) {
    const int32_t level[1] = {9};
    for (size_t i = 0; i < memqc_device_keys(); i++)
        OK(memqc_device_get(device, memqc_device_key_at(i), &image->parameters[i]));
    OK(memqc_device_draw(device, 3, 1, 1, level, image->weights[0], NULL));
}

static void read_crossbar(const memqc_crossbar *xb, size_t layer, struct image *image) {
    size_t planes = 0, cols = 0;
    OK(memqc_crossbar_get_shape(xb, NULL, &cols, &planes));
    image->counters[layer][0] = planes;
    for (int32_t k = 0; k < 3; k++) {
        OK(memqc_crossbar_get(xb, MEMQC_CROSSBAR_MAPPING + k,
                              &image->parameters[4 * (int32_t)layer + 1 + k]));
        OK(memqc_crossbar_get_count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED + k,
                                    &image->counters[layer][k]));
    }
    for (int32_t k = 0; k < 6; k++)
        OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET + k, &image->costs[layer][k]));
    OK(memqc_crossbar_get_clock(xb, &image->clock[layer]));
    image->drawn = memqc_crossbar_get_weights(xb, image->weights[layer], cols);
    if (image->drawn != MEMQC_OK)
        return;
    OK(memqc_crossbar_get_nominal_weights(xb, image->nominal[layer], cols));
    for (size_t plane = 0; plane < planes; plane++) {
        OK(memqc_crossbar_get_levels(xb, plane, image->levels[layer][plane], cols));
        OK(memqc_crossbar_get_conductances(xb, plane, image->g[layer][plane], cols));
    }
}

static void read_network(memqc_mlp *mlp, struct image *image) {
    for (size_t i = 0; i < memqc_mlp_keys(); i++)
        OK(memqc_mlp_get(mlp, memqc_mlp_key_at(i), &image->parameters[9 + i]));
    OK(memqc_mlp_get_epochs(mlp, &image->epochs));
    OK(memqc_mlp_get_best_epoch(mlp, &image->best));
    for (int32_t i = 0; i < 5 && image->epochs; i++)
        OK(memqc_mlp_get_history(mlp, image->epochs, MEMQC_MLP_HISTORY_LOSS + i,
                                 &image->history[i]));
    /* Weights that are not drawn must not be read: that would draw them. A seed can be set as long
     * as they are not. */
    const memqc_status seeded = memqc_mlp_set_seed(mlp, SEED);
    for (size_t l = 0; l < LAYERS && seeded == MEMQC_ERROR_STATE; l++) {
        const memqc_crossbar *xb = NULL;
        OK(memqc_mlp_get_weights(mlp, l, image->weights[l], sizes[l + 1], image->biases[l]));
        if (memqc_mlp_borrow_crossbar(mlp, l, &xb) == MEMQC_OK)
            read_crossbar(xb, l, image);
    }
    image->drawn = seeded == MEMQC_ERROR_STATE ? MEMQC_OK : MEMQC_ERROR_STATE;
}

static void read_world(const struct world *world, struct image *image) {
    memset(image, 0, sizeof *image);
    if (world->mlp)
        read_network(world->mlp, image);
    else if (world->xb)
        read_crossbar(world->xb, 0, image);
    else
        read_device(world->device, image);
}

static void check_image(const struct world *world, const struct image *expected, const char *when,
                        int n) {
    static struct image now;
    read_world(world, &now);
    ck_assert_msg(now.drawn == expected->drawn,
                  "%s, allocation %d, %s: asking for weights gives another status: %s, not %s",
                  world->scenario->name, n, when, memqc_status_name(now.drawn),
                  memqc_status_name(expected->drawn));
    ck_assert_msg(memcmp(&now, expected, sizeof now) == 0,
                  "%s, allocation %d, %s: the object is another", world->scenario->name, n, when);
}

/* --- the test --- */

static const struct scenario *table;

/* What a user would do next: shows what an image of the object does not. */
static void go_on(struct world *world) {
    double moved = 0;
    if (world->mlp)
        OK(memqc_mlp_train_epoch(world->mlp, SAMPLES, x, ROWS, labels));
    if (!world->xb)
        return;
    OK(memqc_crossbar_program(world->xb, w, COLS));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_NEAREST_LEVEL));
    OK(memqc_crossbar_update(world->xb, 0.4, dw, COLS));
    OK(memqc_crossbar_get_report(world->xb, MEMQC_CROSSBAR_REPORT_MOVED, &moved));
    OK(memqc_crossbar_mac(world->xb, SAMPLES, x, ROWS, world->result, COLS));
    world->counts[0] = (uint64_t)moved;
}

static memqc_status attempt(struct world *world, int n) {
    prime_error();
    mqc_alloc_fail_after(n);
    const memqc_status status = world->scenario->call(world);
    mqc_alloc_fail_after(-1);
    return status;
}

static void check_failure(const struct world *world, memqc_status status, int n) {
    const char *name = world->scenario->name;
    ck_assert_msg(status == MEMQC_ERROR_NOMEM, "%s, allocation %d: %s", name, n,
                  memqc_status_name(status));
    ck_assert_msg(strstr(memqc_last_error(), "out of memory") != NULL,
                  "%s, allocation %d: text is \"%s\"", name, n, memqc_last_error());
    ck_assert_msg(!world->made_device && !world->made_xb && !world->made_mlp,
                  "%s, allocation %d: the result is not NULL", name, n);
}

static void check_results(const struct world *world, const struct world *expected, int n) {
    const int equal = memcmp(world->result, expected->result, sizeof world->result) == 0 &&
                      memcmp(world->counts, expected->counts, sizeof world->counts) == 0;
    ck_assert_msg(equal, "%s, allocation %d: another result after the failure",
                  world->scenario->name, n);
}

START_TEST(any_allocation_may_fail) {
    static struct world control, world;
    static struct image before, after, later;
    const struct scenario *scenario = &table[_i];
    memqc_status status = MEMQC_ERROR_NOMEM;
    int n = 0;
    fill();
    open_world(&control, scenario);
    read_world(&control, &before);
    OK(scenario->call(&control));
    read_world(&control, &after);
    go_on(&control);
    read_world(&control, &later);
    for (; status != MEMQC_OK; n++) {
        ck_assert_msg(n < MOST_ALLOCATIONS, "%s: fails whatever memory there is", scenario->name);
        open_world(&world, scenario);
        status = attempt(&world, n);
        if (status != MEMQC_OK) {
            check_failure(&world, status, n);
            check_image(&world, &before, "after the failure", n);
            memset(world.counts, 0, sizeof world.counts);
            OK(scenario->call(&world));
        }
        check_image(&world, &after, "after another try", n);
        go_on(&world);
        check_image(&world, &later, "further on", n);
        check_results(&world, &control, n);
        close_world(&world);
    }
    close_world(&control);
    ck_assert_msg(n > scenario->at_least, "%s: %d allocations, not %d or more", scenario->name,
                  n - 1, scenario->at_least);
}
END_TEST

int run_scenarios(const char *name, const struct scenario *scenarios, size_t count,
                  const TTest *test) {
    Suite *suite = suite_create(name);
    TCase *group = add_group(suite, "faults", NULL);
    table = scenarios;
    tcase_add_loop_test(group, any_allocation_may_fail, 0, (int)count);
    if (test)
        tcase_add_test(group, test);
    return run_suite(suite);
}
