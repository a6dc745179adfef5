/* SPDX-License-Identifier: BSD-3-Clause */
/* Every public function that allocates, with the n-th allocation failing for n = 0, 1, 2 ... until
 * the call succeeds. A failure must be NOMEM with a text of its own, leave NULL where something was
 * to be made, and leave its object as it was: what it saves and what can be read of it has the same
 * bits before and after, and the same call afterwards gives what it gives on an object that never
 * saw a failure. Leaks show under valgrind and AddressSanitizer. check_cover.py compares what is
 * called here with all that the library exports. */
#define _DEFAULT_SOURCE
#include "alloc.h"

#include "core/alloc.h"

#include <stdio.h>
#ifdef __GLIBC__
#include <execinfo.h>
#include <malloc.h>
#endif

/* --- everything that can be read of it --- */

struct image {
    memqc_status is_saved; /* a custom device refuses */
    size_t size;
    unsigned char bytes[1 << 14];
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
    if (!world->device)
        return;
    image->is_saved = save_world(world, image->bytes, sizeof image->bytes, &image->size);
    ck_assert_msg(image->is_saved != MEMQC_ERROR_ARGUMENT, "%s", memqc_last_error());
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
    ck_assert_msg(now.size == expected->size, "%s, allocation %d, %s: %zu bytes are saved, not %zu",
                  world->scenario->name, n, when, now.size, expected->size);
    for (size_t i = 0; i < now.size; i++)
        ck_assert_msg(now.bytes[i] == expected->bytes[i],
                      "%s, allocation %d, %s: byte %zu of %zu that are saved is another",
                      world->scenario->name, n, when, i, now.size);
    ck_assert_msg(memcmp(&now, expected, sizeof now) == 0,
                  "%s, allocation %d, %s: the object is another", world->scenario->name, n, when);
}

/* --- which allocations are to fail --- */

/* An allocation is known by the calls that led to it. Of those with the same calls, as in a loop over
 * layers or instances, the first two fail and the last: more of them would find nothing else. */
enum { MOST_SITES = 1 << 16, FRAMES = 32, FIRST_OF_A_SITE = 2 };

static uint64_t sites[MOST_SITES];
static int n_sites;

#ifdef __GLIBC__
static void note_site(void) {
    void *frames[FRAMES];
    const int depth = backtrace(frames, FRAMES);
    uint64_t hash = 0;
    for (int i = 0; i < depth; i++)
        hash = (hash ^ (uint64_t)(uintptr_t)frames[i]) * UINT64_C(0x9e3779b97f4a7c15);
    ck_assert_int_lt(n_sites, MOST_SITES);
    sites[n_sites++] = hash;
}
#else
static void note_site(void) {
    ck_assert_int_lt(n_sites, MOST_SITES);
    sites[n_sites] = (uint64_t)n_sites;
    n_sites++;
}
#endif

static int is_to_fail(int n) {
    int before = 0, later = 0;
    for (int i = 0; i < n_sites; i++) {
        before += i < n && sites[i] == sites[n];
        later += i > n && sites[i] == sites[n];
    }
    return before < FIRST_OF_A_SITE || later == 0;
}

/* --- the test --- */

static const struct scenario *table;
static size_t n_scenarios;

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

/* The call without failures, on an object of its own. */
static void do_control(struct world *control, struct image *before, struct image *after,
                       struct image *later) {
    const struct scenario *scenario = control->scenario;
    read_world(control, before);
    n_sites = 0;
    mqc_alloc_watch(note_site);
    const memqc_status status = scenario->call(control);
    mqc_alloc_watch(NULL);
    OK(status);
    read_world(control, after);
    go_on(control);
    read_world(control, later);
    ck_assert_msg(n_sites >= scenario->at_least, "%s: %d allocations, not %d or more",
                  scenario->name, n_sites, scenario->at_least);
}

static void try_scenario(const struct scenario *scenario) {
    static struct world control, world;
    static struct image before, after, later;
    fill_arrays();
    open_world(&control, scenario);
    do_control(&control, &before, &after, &later);
    for (int n = 0; n <= n_sites; n++) {
        if (n < n_sites && !is_to_fail(n))
            continue;
        open_world(&world, scenario);
        const memqc_status status = attempt(&world, n);
        ck_assert_msg((status == MEMQC_OK) == (n == n_sites), "%s, allocation %d of %d: %s",
                      scenario->name, n, n_sites, memqc_status_name(status));
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
}

/* Several of them share a process: valgrind takes longer to begin with one than for a scenario. */
enum { TOGETHER = 12 };

START_TEST(any_allocation_may_fail) {
    for (size_t i = 0; i < TOGETHER && TOGETHER * (size_t)_i + i < n_scenarios; i++)
        try_scenario(&table[TOGETHER * (size_t)_i + i]);
}
END_TEST

int run_scenarios(const char *name, const struct scenario *scenarios, size_t count,
                  const TTest *test) {
    Suite *suite = suite_create(name);
    TCase *group = add_group(suite, "faults", NULL);
    table = scenarios;
    n_scenarios = count;
#ifdef __GLIBC__
    mallopt(M_TRIM_THRESHOLD, 1 << 28); /* what is freed is soon taken again */
#endif
    tcase_add_loop_test(group, any_allocation_may_fail, 0,
                        (int)((count + TOGETHER - 1) / TOGETHER));
    if (test)
        tcase_add_test(group, test);
    return run_suite(suite);
}
