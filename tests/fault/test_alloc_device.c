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

static memqc_status device_load(struct world *world) {
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_device_load_memory(saved, saved_size, &world->made_device);
}

static memqc_status device_save_file(struct world *world) {
    return memqc_device_save(world->device, own_file);
}

static void save_first(struct world *world) {
    OK(memqc_device_save(world->device, own_file));
}

static memqc_status device_load_file(struct world *world) {
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_device_load(own_file, &world->made_device);
}

static memqc_status device_destroy(struct world *world) {
    memqc_device_destroy(&world->device);
    return MEMQC_OK;
}

static memqc_status device_set(struct world *world) {
    return memqc_device_set(world->device, MEMQC_DEVICE_STATES, 64);
}

/* --- parameters and tables --- */

static memqc_status device_set_many(struct world *world) {
    static const int32_t keys[] = {MEMQC_DEVICE_READ_NOISE, MEMQC_DEVICE_DRIFT_NU};
    static const double values[] = {1e-6, 0.1};
    return memqc_device_set_many(world->device, COUNT(keys), keys, values);
}

static memqc_status device_uses(struct world *world) {
    int32_t flag = 0;
    const memqc_status status = memqc_device_uses(world->device, MEMQC_DEVICE_READ_NOISE, &flag);
    world->counts[0] = (uint64_t)flag;
    return status;
}

static memqc_status device_set_table(struct world *world) {
    return memqc_device_set_table(world->device, -1, COUNT(nodes), nodes, rises);
}

static memqc_status device_get_table(struct world *world) {
    size_t n = 0;
    const memqc_status status =
        memqc_device_get_table(world->device, 1, COUNT(nodes), world->result, NULL, &n);
    world->counts[0] = n;
    return status;
}

static memqc_status device_set_jumps(struct world *world) {
    return memqc_device_set_jumps(world->device, 1, 1, COUNT(nodes), nodes, QUANTILES, jumps);
}

static memqc_status device_jumps_size(struct world *world) {
    size_t tables = 0, n_g = 0, n_q = 0;
    const memqc_status status = memqc_device_jumps_size(world->device, 0, 1, &tables, &n_g, &n_q);
    world->counts[0] = tables + 10 * n_g + 100 * n_q;
    return status;
}

static memqc_status device_get_jumps(struct world *world) {
    return memqc_device_get_jumps(world->device, 0, 1, COUNT(nodes), world->result, COUNT(jumps),
                                  world->result + COUNT(nodes));
}

static memqc_status device_set_levels(struct world *world) {
    return memqc_device_set_levels(world->device, LADDER, ladder, NULL, QUANTILES, around);
}

static memqc_status device_get_levels(struct world *world) {
    size_t n = 0, n_q = 0;
    const memqc_status status =
        memqc_device_get_levels(world->device, LADDER, world->result, NULL, &n, LADDER * QUANTILES,
                                world->result + LADDER, &n_q);
    world->counts[0] = n + 100 * n_q;
    return status;
}

static memqc_status device_level(struct world *world) {
    double nominal = 0, mean = 0, sd = 0;
    const memqc_status status = memqc_device_level(world->device, 3, &nominal, &mean, &sd);
    world->result[0] = (float)(nominal + mean + sd);
    return status;
}

static memqc_status device_custom(struct world *world) {
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_device_create_custom("another", even_step, NULL, NULL, &world->made_device);
}

static memqc_status device_set_custom(struct world *world) {
    static const double mean[] = {0.1, 2}, normal[] = {0, 0.5};
    return memqc_device_set_custom(world->device, COUNT(mean), mean, NULL, normal);
}

static memqc_status device_get_custom(struct world *world) {
    double mean[1] = {0};
    size_t n = 0;
    const memqc_status status = memqc_device_get_custom(world->device, 1, mean, NULL, NULL, &n);
    world->result[0] = (float)mean[0];
    return status;
}

static memqc_status device_custom_cells(struct world *world) {
    return memqc_device_custom_cells(world->device, 0, 3, 4, world->result);
}

/* --- what a fit leaves --- */

static memqc_status device_fit_value(struct world *world) {
    double value = 0;
    const memqc_status status =
        memqc_device_fit_value(world->device, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_BEST, &value);
    world->result[0] = (float)value;
    return status;
}

static memqc_status device_fit_draw(struct world *world) {
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_device_fit_draw(world->device, 1, 2, &world->made_device);
}

static memqc_status device_fit_jump_bands(struct world *world) {
    static float low[MEMQC_DEVICE_TABLE_NODES * MEMQC_DEVICE_JUMP_QUANTILES];
    const memqc_status status =
        memqc_device_fit_jump_bands(world->device, 0, 1, COUNT(low), low, NULL);
    memcpy(world->result, low, sizeof world->result);
    return status;
}

static const struct scenario scenarios[] = {
    {"create", device_create, NULL, 0, 0, NEW, 1, "hfox-a"},
    {"preset", device_preset, NULL, 0, 0, NEW, 1, "hfox-a"},
    {"copy", device_copy, NULL, 0, 0, NEW, 1, "hfox-a"},
    {"copy, levels", device_copy, NULL, 0, 0, NEW, 1, "levels"},
    {"copy, jumps", device_copy, NULL, 0, 0, NEW, 1, "jumps"},
    {"copy, custom", device_copy, NULL, 0, 0, NEW, 1, "custom"},
    {"copy, fitted", device_copy, NULL, 0, 0, NEW, 1, "fitted"},
    {"destroy", device_destroy, NULL, 0, 0, NEW, 0, "fitted"},
    {"destroy, custom", device_destroy, NULL, 0, 0, NEW, 0, "custom"},
    {"fit", device_fit, NULL, 0, 0, NEW, 30, "hfox-a"},
    {"save", device_save, NULL, 0, 0, NEW, 1, "hfox-a"},
    {"save, fitted", device_save, NULL, 0, 0, NEW, 1, "fitted"},
    {"save, file", device_save_file, NULL, 0, 0, NEW, 2, "levels"},
    {"load", device_load, NULL, 0, 0, NEW, 1, "hfox-a"},
    {"load, table", device_load, NULL, 0, 0, NEW, 1, "table"},
    {"load, levels", device_load, NULL, 0, 0, NEW, 1, "levels"},
    {"load, fitted", device_load, NULL, 0, 0, NEW, 1, "fitted"},
    {"load, file", device_load_file, save_first, 0, 0, NEW, 2, "jumps"},
    {"set", device_set, NULL, 0, 0, NEW, 0, "hfox-a"},
    {"set_many", device_set_many, NULL, 0, 0, NEW, 0, "soft-bounds"},
    {"uses", device_uses, NULL, 0, 0, NEW, 0, "hfox-a"},
    {"set_table", device_set_table, NULL, 0, 0, NEW, 0, "table"},
    {"get_table", device_get_table, NULL, 0, 0, NEW, 0, "table"},
    {"set_jumps", device_set_jumps, NULL, 0, 0, NEW, 1, "jumps"},
    {"jumps_size", device_jumps_size, NULL, 0, 0, NEW, 0, "jumps"},
    {"get_jumps", device_get_jumps, NULL, 0, 0, NEW, 0, "jumps"},
    {"set_levels", device_set_levels, NULL, 0, 0, NEW, 1, "hfox-a"},
    {"set_levels, again", device_set_levels, NULL, 0, 0, NEW, 1, "levels"},
    {"get_levels", device_get_levels, NULL, 0, 0, NEW, 0, "levels"},
    {"level", device_level, NULL, 0, 0, NEW, 0, "hfox-a"},
    {"level, levels", device_level, NULL, 0, 0, NEW, 0, "levels"},
    {"custom", device_custom, NULL, 0, 0, NEW, 1, "hfox-a"},
    {"set_custom", device_set_custom, NULL, 0, 0, NEW, 0, "custom"},
    {"get_custom", device_get_custom, NULL, 0, 0, NEW, 0, "custom"},
    {"custom_cells", device_custom_cells, NULL, 0, 0, NEW, 0, "custom"},
    {"fit_value", device_fit_value, NULL, 0, 0, NEW, 0, "fitted"},
    {"fit_draw", device_fit_draw, NULL, 0, 0, NEW, 1, "fitted"},
    {"fit_jump_bands", device_fit_jump_bands, NULL, 0, 0, NEW, 1, "fitted"},
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
