/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions of devices that work on cells, without memory: states and costs of the caller are as they
 * were after a failure. */
#include "alloc.h"

enum { CHOSEN = 4, PULSES = 3 };

static const int32_t levels[CHOSEN] = {5, 9, 2, 7};
static const float some[CHOSEN] = {20e-6f, 90e-6f, 50e-6f, 70e-6f};
static const int32_t pulses[CHOSEN] = {PULSES, -PULSES, 1, 0};

/* What a call gets to change. */
struct cells {
    float state[CHOSEN];
    int32_t traps[CHOSEN];
    double cost[MEMQC_DEVICE_COSTS];
};

/* Levels of a quantized device far from those that are wanted, so that programming needs pulses both
 * ways; conductances of others. */
static struct cells some_cells(const struct world *world) {
    static const float at[CHOSEN] = {9, 5, 7, 2};
    struct cells cells;
    memset(&cells, 0, sizeof cells);
    memcpy(cells.state, model_of(world->device) == MEMQC_DEVICE_QUANTIZED ? at : some, sizeof at);
    cells.traps[1] = 1;
    return cells;
}

static memqc_status changed(struct world *world, memqc_status status, const struct cells *cells) {
    const struct cells before = some_cells(world);
    if (status != MEMQC_OK)
        ck_assert_mem_eq(cells, &before, sizeof before);
    memcpy(world->result + CHOSEN, cells->state, sizeof cells->state);
    for (size_t i = 0; i < CHOSEN; i++)
        world->counts[i] = (uint64_t)(cells->traps[i] + 1);
    return status;
}

static memqc_status device_program(struct world *world) {
    struct cells c = some_cells(world);
    return changed(
        world,
        memqc_device_program(world->device, 2, 1, CHOSEN, levels, c.state, world->result, c.cost),
        &c);
}

static memqc_status device_pulse(struct world *world) {
    struct cells c = some_cells(world);
    return changed(
        world,
        memqc_device_pulse(world->device, 2, 1, CHOSEN, PULSES, c.state, world->result, c.cost),
        &c);
}

static memqc_status device_pulse_each(struct world *world) {
    struct cells c = some_cells(world);
    return changed(world,
                   memqc_device_pulse_each(world->device, 2, 1, CHOSEN, pulses, c.state,
                                           world->result, c.cost),
                   &c);
}

static memqc_status device_apply(struct world *world) {
    struct cells c = some_cells(world);
    return changed(
        world, memqc_device_apply(world->device, 2, 1, CHOSEN, 2, c.state, world->result, c.cost),
        &c);
}

static memqc_status device_faults(struct world *world) {
    struct cells c = some_cells(world);
    return changed(world, memqc_device_faults(world->device, 2, CHOSEN, NULL, c.state), &c);
}

static memqc_status device_flicker(struct world *world) {
    struct cells c = some_cells(world);
    return changed(world, memqc_device_flicker(world->device, 2, 1, 10, CHOSEN, some, c.state), &c);
}

static memqc_status device_telegraph_begin(struct world *world) {
    struct cells c = some_cells(world);
    return changed(world, memqc_device_telegraph_begin(world->device, 2, 1, CHOSEN, c.traps), &c);
}

static memqc_status device_telegraph_advance(struct world *world) {
    struct cells c = some_cells(world);
    return changed(world, memqc_device_telegraph_advance(world->device, 2, 1, 0.5, CHOSEN, c.traps),
                   &c);
}

static memqc_status device_telegraph_read(struct world *world) {
    static const int32_t traps[CHOSEN] = {0, 1, 1, 0};
    return memqc_device_telegraph_read(world->device, CHOSEN, traps, some, world->result);
}

static memqc_status device_draw(struct world *world) {
    return memqc_device_draw(world->device, 2, 1, CHOSEN, levels, world->result, NULL);
}

static memqc_status device_draw_levels(struct world *world) {
    return memqc_device_draw_levels(world->device, 2, 1, 3, CHOSEN, levels, world->result, CHOSEN);
}

static memqc_status device_staircase(struct world *world) {
    static float g[2 * 4096];
    double states = 0;
    OK(memqc_device_get(world->device, MEMQC_DEVICE_STATES, &states));
    const memqc_status status =
        memqc_device_staircase(world->device, 2, 1, 2, g, (size_t)states, NULL);
    memcpy(world->result, g, sizeof world->result);
    return status;
}

static memqc_status device_response(struct world *world) {
    return memqc_device_response(world->device, 1, 20e-6, CHOSEN, world->result);
}

static memqc_status device_cells(struct world *world) {
    return memqc_device_cells(world->device, MEMQC_DEVICE_G_MAX, 2, CHOSEN, world->result);
}

static memqc_status device_age(struct world *world) {
    return memqc_device_age(world->device, 2, 1, 100, 3, CHOSEN, some, world->result);
}

static memqc_status device_read(struct world *world) {
    return memqc_device_read(world->device, 2, 1, CHOSEN, some, world->result);
}

static memqc_status device_current(struct world *world) {
    static const float volts[CHOSEN] = {0.1f, 0.2f, -0.1f, 0};
    return memqc_device_current(world->device, CHOSEN, some, volts, world->result);
}

/* On cells of every kind of model. */
#define PULSED(call, at_least)                                         \
    {#call ", soft", call, NULL, 0, 0, NEW, at_least, "soft-bounds"},  \
        {#call ", table", call, NULL, 0, 0, NEW, at_least, "table"},   \
        {#call ", jumps", call, NULL, 0, 0, NEW, at_least, "jumps"}, { \
#call ", custom", call, NULL, 0, 0, NEW, at_least, "custom"    \
    }

static const struct scenario scenarios[] = {
    {"program", device_program, NULL, 0, 0, NEW, 1, "hfox-a"},
    {"program, levels", device_program, NULL, 0, 0, NEW, 1, "levels"},
    {"program, epiram", device_program, NULL, 0, 0, NEW, 2, "epiram"},
    PULSED(device_program, 2),
    PULSED(device_draw, 2),
    {"draw, levels", device_draw, NULL, 0, 0, NEW, 0, "levels"},
    {"draw_levels", device_draw_levels, NULL, 0, 0, NEW, 0, "hfox-a"},
    {"draw_levels, levels", device_draw_levels, NULL, 0, 0, NEW, 0, "levels"},
    PULSED(device_draw_levels, 0),
    {"staircase", device_staircase, NULL, 0, 0, NEW, 0, "hfox-a"},
    {"staircase, levels", device_staircase, NULL, 0, 0, NEW, 0, "levels"},
    PULSED(device_staircase, 0),
    PULSED(device_pulse, 0),
    PULSED(device_pulse_each, 0),
    PULSED(device_apply, 0),
    PULSED(device_response, 0),
    PULSED(device_cells, 0),
    {"pulse, quantized", device_pulse_each, NULL, 0, 0, NEW, 0, "hfox-a"},
    {"age", device_age, NULL, 0, 0, NEW, 0, "aged"},
    {"read", device_read, NULL, 0, 0, NEW, 0, "aged"},
    {"current", device_current, NULL, 0, 0, NEW, 0, "aged"},
    {"faults", device_faults, NULL, 0, 0, NEW, 0, "aged"},
    {"flicker", device_flicker, NULL, 0, 0, NEW, 0, "aged"},
    {"telegraph_begin", device_telegraph_begin, NULL, 0, 0, NEW, 0, "aged"},
    {"telegraph_advance", device_telegraph_advance, NULL, 0, 0, NEW, 0, "aged"},
    {"telegraph_read", device_telegraph_read, NULL, 0, 0, NEW, 0, "aged"},
};

int main(void) {
    return run_scenarios("alloc_cells", scenarios, COUNT(scenarios), NULL);
}
