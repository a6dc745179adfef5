/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions of devices, without memory. */
#include "alloc.h"

#include "core/alloc.h"

#include <math.h>

static memqc_status device_create(struct world *world) {
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_device_create(MEMQC_DEVICE_QUANTIZED, &world->made_device);
}

static memqc_status device_preset(struct world *world) {
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_device_create_preset("hfox-b", &world->made_device);
}

static memqc_status device_copy(struct world *world) {
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_device_copy(world->device, &world->made_device);
}

/* The first levels of two devices of three staircases each: a fit is made again for each allocation. */
static memqc_status device_fit(struct world *world) {
    enum { ROUNDS = 6, STATES = 32, FIRST = 12 };
    static float all[ROUNDS * STATES], g[ROUNDS * FIRST];
    static int32_t number[ROUNDS * FIRST], cycle[ROUNDS * FIRST], pulse[ROUNDS * FIRST];
    for (uint64_t d = 0; d < 2; d++)
        OK(memqc_device_staircase(world->device, d, 0, ROUNDS / 2, all + d * ROUNDS / 2 * STATES,
                                  STATES, NULL));
    for (int32_t i = 0; i < ROUNDS * FIRST; i++) {
        number[i] = i / (ROUNDS / 2 * FIRST);
        cycle[i] = i / FIRST;
        pulse[i] = i % FIRST + 1;
        g[i] = all[cycle[i] * STATES + i % FIRST];
    }
    g[20] = NAN; /* left out, which is listed */
    world->made_device = (memqc_device *)(void *)&nowhere;
    const int32_t *const columns[] = {number, cycle, pulse};
    return memqc_device_fit(MEMQC_DEVICE_QUANTIZED, COUNT(g), COUNT(columns), columns, g, NULL,
                            NULL, &world->made_device);
}

static memqc_status device_save(struct world *world) {
    size_t size = 0;
    const memqc_status status = memqc_device_save_memory(world->device, NULL, 0, &size);
    world->counts[0] = status == MEMQC_OK ? size : 0;
    return status;
}

/* What the call reads is saved before the first attempt: every world has the same. */
static memqc_status device_load(struct world *world) {
    static unsigned char bytes[1 << 14];
    static size_t size;
    if (size == 0)
        OK(memqc_device_save_memory(world->device, bytes, sizeof bytes, &size));
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_device_load_memory(bytes, size, &world->made_device);
}

static memqc_status device_set(struct world *world) {
    return memqc_device_set(world->device, MEMQC_DEVICE_STATES, 64);
}

/* Cells far apart, so that programming from where they are needs pulses both ways. */
static memqc_status device_program(struct world *world) {
    static const int32_t levels[4] = {5, 9, 20, 30};
    float state[4] = {9, 5, 30, 20};
    double cost[MEMQC_DEVICE_COSTS] = {0}, top = 0;
    int32_t model = 0;
    model = model_of(world->device);
    OK(memqc_device_get(world->device, MEMQC_DEVICE_G_MAX, &top));
    for (size_t i = 0; i < 4 && model != MEMQC_DEVICE_QUANTIZED; i++)
        state[i] = (float)(top * (0.2 + 0.2 * (double)i));
    float before[4];
    memcpy(before, state, sizeof state);
    const memqc_status status =
        memqc_device_program(world->device, 2, 1, 4, levels, state, world->result, cost);
    if (status != MEMQC_OK) {
        ck_assert_mem_eq(state, before, sizeof state);
        ck_assert(cost[0] == 0 && cost[1] == 0 && cost[2] == 0 && cost[3] == 0);
    }
    return status;
}

static memqc_status device_draw(struct world *world) {
    static const int32_t levels[4] = {5, 9, 20, 30};
    return memqc_device_draw(world->device, 2, 1, 4, levels, world->result, NULL);
}

static const struct scenario scenarios[] = {
    {"device_create", device_create, 0, 0, NEW, 1, "hfox-a"},
    {"device_preset", device_preset, 0, 0, NEW, 1, "hfox-a"},
    {"device_copy", device_copy, 0, 0, NEW, 1, "hfox-a"},
    {"device_fit", device_fit, 0, 0, NEW, 30, "hfox-a"},
    {"device_save", device_save, 0, 0, NEW, 1, "hfox-a"},
    {"device_load", device_load, 0, 0, NEW, 1, "hfox-a"},
    {"device_set", device_set, 0, 0, NEW, 0, "hfox-a"},
    {"device_program", device_program, 0, 0, NEW, 1, "hfox-a"},
    {"device_program, pulsed", device_program, 0, 0, NEW, 2, "epiram"},
    {"device_draw, pulsed", device_draw, 0, 0, NEW, 2, "soft-bounds"},
};

/* The array is larger than can be addressed: refused before anything is asked for. */
START_TEST(too_much_is_out_of_memory) {
    ck_assert_ptr_null(mqc_alloc((size_t)-1 / 4, 8));
    ck_assert_ptr_nonnull(strstr(memqc_last_error(), "out of memory"));
    void *memory = mqc_alloc(0, 8);
    ck_assert_ptr_nonnull(memory);
    mqc_free(memory);
    mqc_free(NULL);
}
END_TEST

int main(void) {
    return run_scenarios("alloc_device", scenarios, COUNT(scenarios), too_much_is_out_of_memory);
}
