/* SPDX-License-Identifier: BSD-3-Clause */
/* The objects of calls whose allocations fail. They are small: each is made again for every
 * allocation of every scenario, also under valgrind. */
#define _POSIX_C_SOURCE 200809L
#include "alloc.h"

#include <stdio.h>
#include <unistd.h>

const size_t sizes[] = {ROWS, COLS, 3};
char own_file[64];
float w[CELLS], dw[CELLS], x[SAMPLES * ROWS];
const int32_t labels[SAMPLES] = {0, 1, 2, 0, 1, 2, 0, 1, 2};
unsigned char saved[1 << 16];
size_t saved_size;
int nowhere;

void fill_arrays(void) {
    for (size_t i = 0; i < CELLS; i++) {
        w[i] = (float)((double)(i * 37 % 64) / 32.0 - 1);
        dw[i] = (float)((double)(i * 53 % 64) / 32.0 - 1);
    }
    for (size_t i = 0; i < COUNT(x); i++)
        x[i] = (float)((double)(i * 29 % 64) / 63.0);
}

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
}

/* --- devices that no preset has --- */

/* The changes and the levels of which they are made. */
const float nodes[3] = {10e-6f, 60e-6f, 110e-6f}, rises[3] = {4e-6f, 3e-6f, 2e-6f};
const float jumps[3 * QUANTILES] = {1e-6f, 2e-6f, 4e-6f, 0, 1e-6f, 3e-6f, -1e-6f, 1e-6f, 2e-6f};
const float ladder[LADDER] = {100e-6f, 80e-6f, 65e-6f, 50e-6f, 38e-6f,
                              30e-6f,  22e-6f, 15e-6f, 10e-6f, 5e-6f};
const float around[LADDER * QUANTILES] = {
    98e-6f, 100e-6f, 101e-6f, 78e-6f, 80e-6f, 81e-6f, 64e-6f, 65e-6f, 66e-6f, 49e-6f,
    50e-6f, 51e-6f,  37e-6f,  38e-6f, 39e-6f, 29e-6f, 30e-6f, 31e-6f, 21e-6f, 22e-6f,
    23e-6f, 14e-6f,  15e-6f,  16e-6f, 9e-6f,  10e-6f, 11e-6f, 4e-6f,  5e-6f,  6e-6f};

static memqc_device *new_device(int32_t model) {
    memqc_device *device;
    OK(memqc_device_create(model, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MIN, 10e-6));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MAX, 110e-6));
    return device;
}

static memqc_device *make_table(void) {
    memqc_device *device = new_device(MEMQC_DEVICE_TABLE);
    OK(memqc_device_set_table(device, 1, COUNT(nodes), nodes, rises));
    return device;
}

static memqc_device *make_jumps(void) {
    memqc_device *device = new_device(MEMQC_DEVICE_JUMPS);
    OK(memqc_device_set_jumps(device, 0, 1, COUNT(nodes), nodes, QUANTILES, jumps));
    return device;
}

static memqc_device *make_levels(void) {
    memqc_device *device = new_device(MEMQC_DEVICE_QUANTIZED);
    OK(memqc_device_set_levels(device, LADDER, ladder, NULL, QUANTILES, around));
    return device;
}

/* Fitted to its own jumps, with draws and bands to ask for; once for all scenarios. */
static memqc_device *make_fitted(void) {
    enum { CYCLES = 6, PULSES = 40 };
    static float g[2 * CYCLES * PULSES];
    static int32_t cycle[COUNT(g)], pulse[COUNT(g)], direction[COUNT(g)];
    static memqc_device *fitted;
    memqc_device *source = make_jumps(), *copy;
    float state = 20e-6f;
    for (size_t i = 0; i < COUNT(g) && !fitted; i++) {
        cycle[i] = (int32_t)(i / (2 * PULSES));
        pulse[i] = (int32_t)(i % (2 * PULSES)) + 1;
        direction[i] = pulse[i] <= PULSES ? 1 : -1;
        OK(memqc_device_pulse(source, 0, i, 1, direction[i], &state, NULL, NULL));
        g[i] = state;
    }
    const int32_t *const columns[] = {NULL, cycle, pulse, direction};
    if (!fitted)
        OK(memqc_device_fit(MEMQC_DEVICE_JUMPS, COUNT(g), COUNT(columns), columns, g, NULL, NULL,
                            &fitted));
    OK(memqc_device_copy(fitted, &copy));
    memqc_device_destroy(&source);
    return copy;
}

/* What every effect of a device needs. */
static memqc_device *make_aged(void) {
    static const struct setting settings[] = {
        {MEMQC_DEVICE_READ_NOISE, 1e-6},
        {MEMQC_DEVICE_READ_NOISE_OCTAVES, 4},
        {MEMQC_DEVICE_RTN_AMPLITUDE, 0.1},
        {MEMQC_DEVICE_RTN_SPREAD, 0.3},
        {MEMQC_DEVICE_DRIFT_NU, 0.05},
        {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.01},
        {MEMQC_DEVICE_FLICKER, 0.02},
        {MEMQC_DEVICE_FLICKER_DRAWN, MEMQC_DEVICE_FLICKER_PER_READ},
        {MEMQC_DEVICE_STUCK_ANYWHERE, 0.5},
        {MEMQC_DEVICE_IV_NONLINEARITY, 2},
    };
    memqc_device *device;
    OK(memqc_device_create_preset("soft-bounds", &device));
    for (size_t i = 0; i < COUNT(settings); i++)
        OK(memqc_device_set(device, settings[i].key, settings[i].value));
    return device;
}

static memqc_device *make_device(const char *name) {
    static const struct {
        const char *name;
        memqc_device *(*make)(void);
    } own[] = {{"table", make_table},       {"jumps", make_jumps},   {"levels", make_levels},
               {"custom", make_even_steps}, {"fitted", make_fitted}, {"aged", make_aged}};
    memqc_device *device = NULL;
    for (size_t i = 0; i < COUNT(own); i++)
        if (strcmp(name, own[i].name) == 0)
            return own[i].make();
    OK(memqc_device_create_preset(name, &device));
    return device;
}

/* --- all of them --- */

/* An array looks up the pulses from each level to each other, which takes most of the time. */
enum { FEW_STATES = 10 };

memqc_status save_world(const struct world *world, unsigned char *bytes, size_t room,
                        size_t *size) {
    if (world->mlp)
        return memqc_mlp_save_memory(world->mlp, bytes, room, size);
    if (world->xb)
        return memqc_crossbar_save_memory(world->xb, bytes, room, size);
    return memqc_device_save_memory(world->device, bytes, room, size);
}

void open_world(struct world *world, const struct scenario *scenario) {
    memset(world, 0, sizeof *world);
    world->scenario = scenario;
    world->device = make_device(scenario->preset ? scenario->preset : "hfox-a");
    OK(memqc_device_set_seed(world->device, SEED));
    if (scenario->mapping && strncmp(scenario->preset ? scenario->preset : "", "hfox", 4) == 0)
        OK(memqc_device_set(world->device, MEMQC_DEVICE_STATES, FEW_STATES));
    snprintf(own_file, sizeof own_file, "test_alloc-%ld.file", (long)getpid());
    if (scenario->normalization)
        open_crossbar(world);
    else if (scenario->mapping)
        open_network(world);
    if (scenario->prepare)
        scenario->prepare(world);
    save_world(world, saved, sizeof saved, &saved_size);
}

void close_world(struct world *world) {
    remove(own_file);
    memqc_mlp_destroy(&world->mlp);
    memqc_mlp_destroy(&world->made_mlp);
    memqc_crossbar_destroy(&world->xb);
    memqc_crossbar_destroy(&world->made_xb);
    memqc_device_destroy(&world->device);
    memqc_device_destroy(&world->made_device);
}
