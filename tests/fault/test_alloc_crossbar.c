/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions that make and write crossbars, without memory. */
#include "alloc.h"

#include "core/alloc.h"

static memqc_status crossbar_create(struct world *world) {
    world->made_xb = (memqc_crossbar *)(void *)&nowhere;
    return memqc_crossbar_create(world->device, ROWS, COLS, 0, &world->made_xb);
}

static memqc_status crossbar_program(struct world *world) {
    return memqc_crossbar_program(world->xb, w, COLS);
}

static memqc_status crossbar_program_list(struct world *world) {
    static const size_t places[] = {7, 2, 7, CELLS - 1};
    return memqc_crossbar_program_list(world->xb, COUNT(places), places, w);
}

static memqc_status crossbar_update(struct world *world) {
    return memqc_crossbar_update(world->xb, 0.4, dw, COLS);
}

static memqc_status crossbar_update_outer(struct world *world) {
    return memqc_crossbar_update_outer(world->xb, 0.1, BATCH, x, ROWS, dw, COLS);
}

/* Under each rule: an array makes what the rule keeps when it is first asked to update. */
#define RULE(name, rule)                                                                    \
    static void set_##name(struct world *world) {                                           \
        OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_##rule)); \
    }

RULE(stochastic, STOCHASTIC)
RULE(sign, SIGN)
RULE(mixed, MIXED_PRECISION)
RULE(one_directional, ONE_DIRECTIONAL)
RULE(pulse_train, PULSE_TRAIN)
RULE(tiki_taka, TIKI_TAKA)
RULE(tiki_taka_2, TIKI_TAKA_2)

static const size_t some[] = {7, 2, CELLS - 1};

static memqc_status crossbar_stick(struct world *world) {
    return memqc_crossbar_stick(world->xb, 0, COUNT(some), some, NULL);
}

static memqc_status crossbar_advance(struct world *world) {
    return memqc_crossbar_advance(world->xb, 100);
}

/* With sums of conductances that programming corrected, and a fast array that ages too. */
static void compensate(struct world *world) {
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION, 3));
    OK(memqc_crossbar_mac(world->xb, SAMPLES, x, ROWS, world->result, COLS));
    OK(memqc_crossbar_program_cell(world->xb, 1, 2, 0.25));
}

static void compensate_after_tiki_taka(struct world *world) {
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_TIKI_TAKA));
    OK(memqc_crossbar_update_outer(world->xb, 0.1, BATCH, x, ROWS, dw, COLS));
    compensate(world);
}

/* A reference that holds, of which nothing is to be measured again. */
static void compensate_again(struct world *world) {
    compensate(world);
    OK(memqc_crossbar_advance(world->xb, 10));
}

/* From a file, which has the reference but no memory for products: it is missing when the cells have
 * aged already. */
static void come_back(struct world *world) {
    unsigned char bytes[1 << 14];
    size_t size;
    OK(memqc_crossbar_advance(world->xb, 10));
    OK(memqc_crossbar_save_memory(world->xb, bytes, sizeof bytes, &size));
    memqc_crossbar_destroy(&world->xb);
    OK(memqc_crossbar_load_memory(bytes, size, &world->xb));
}

static void compensate_loaded(struct world *world) {
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION, 3));
    come_back(world);
}

static void compensate_loaded_tiki_taka(struct world *world) {
    compensate_after_tiki_taka(world);
    OK(memqc_crossbar_program(world->xb, w, COLS)); /* drops the sums */
    come_back(world);
}

static memqc_status crossbar_report(struct world *world) {
    double value = 0;
    const memqc_status status =
        memqc_crossbar_get_report(world->xb, MEMQC_CROSSBAR_REPORT_ERROR_Q95, &value);
    world->result[0] = (float)value;
    return status;
}

static memqc_status crossbar_save(struct world *world) {
    size_t size = 0;
    const memqc_status status = memqc_crossbar_save_memory(world->xb, NULL, 0, &size);
    world->counts[0] = status == MEMQC_OK ? size : 0;
    return status;
}

static memqc_status crossbar_load(struct world *world) {
    world->made_xb = (memqc_crossbar *)(void *)&nowhere;
    return memqc_crossbar_load_memory(saved, saved_size, &world->made_xb);
}

static memqc_status crossbar_save_file(struct world *world) {
    return memqc_crossbar_save(world->xb, own_file);
}

static void save_first(struct world *world) {
    OK(memqc_crossbar_save(world->xb, own_file));
}

static memqc_status crossbar_load_file(struct world *world) {
    world->made_xb = (memqc_crossbar *)(void *)&nowhere;
    return memqc_crossbar_load(own_file, &world->made_xb);
}

static memqc_status crossbar_copy(struct world *world) {
    world->made_xb = (memqc_crossbar *)(void *)&nowhere;
    return memqc_crossbar_copy(world->xb, &world->made_xb);
}

static memqc_status crossbar_get_device(struct world *world) {
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_crossbar_get_device(world->xb, &world->made_device);
}

static memqc_status crossbar_set_device(struct world *world) {
    return memqc_crossbar_set_device(world->xb, world->device);
}

static memqc_status crossbar_pulse(struct world *world) {
    static const int32_t pulses[] = {3, -2, 1};
    return memqc_crossbar_pulse(world->xb, 0, COUNT(some), some, pulses);
}

static memqc_status crossbar_unstick(struct world *world) {
    return memqc_crossbar_unstick(world->xb, 0, COUNT(some), some);
}

/* Conductances within the window, in a new array as in a programmed one. */
static memqc_status crossbar_fill(struct world *world) {
    float g[CELLS];
    for (size_t i = 0; i < CELLS; i++)
        g[i] = (float)(1e-4 + 1e-5 * (double)(i % 7));
    return memqc_crossbar_set_conductances(world->xb, 0, g, COLS);
}

static memqc_status crossbar_program_cell(struct world *world) {
    return memqc_crossbar_program_cell(world->xb, 1, 2, 0.5);
}

/* After a failure the caller's weights are as they were, too. */
static memqc_status crossbar_follow(struct world *world) {
    float now[CELLS], before[CELLS];
    OK(memqc_crossbar_get_weights(world->xb, now, COLS));
    for (size_t i = 0; i < CELLS; i++)
        now[i] += 0.3f * dw[i];
    memcpy(before, now, sizeof now);
    const memqc_status status = memqc_crossbar_follow(world->xb, now, COLS);
    if (status != MEMQC_OK)
        ck_assert_mem_eq(now, before, sizeof now);
    else
        memcpy(world->result, now, sizeof now);
    return status;
}

static memqc_status crossbar_get_weights(struct world *world) {
    return memqc_crossbar_get_weights(world->xb, world->result, COLS);
}

static memqc_status crossbar_destroy(struct world *world) {
    memqc_crossbar_destroy(&world->xb);
    return MEMQC_OK;
}

static void stick_some(struct world *world) {
    OK(memqc_crossbar_stick(world->xb, 0, COUNT(some), some, NULL));
}

static memqc_status crossbar_remap(struct world *world) {
    size_t remapped = 0, lost = 0;
    const memqc_status status = memqc_crossbar_remap(world->xb, &remapped, &lost);
    world->counts[0] = status == MEMQC_OK ? remapped + 100 * lost : 0;
    return status;
}

/* The reference cells as they are, so that a second call changes nothing more. */
static memqc_status crossbar_set_reference(struct world *world) {
    float g[CELLS];
    for (size_t i = 0; i < CELLS; i++)
        g[i] = 2e-4f;
    return memqc_crossbar_set_reference(world->xb, 0, g);
}

static memqc_status crossbar_set(struct world *world) {
    return memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_STOCHASTIC);
}

static memqc_status crossbar_set_many(struct world *world) {
    static const int32_t keys[] = {MEMQC_CROSSBAR_BIT_RESISTANCE, MEMQC_CROSSBAR_RULE};
    static const double values[] = {2, MEMQC_CROSSBAR_RULE_MIXED_PRECISION};
    return memqc_crossbar_set_many(world->xb, COUNT(keys), keys, values);
}

static memqc_status crossbar_uses(struct world *world) {
    int32_t flag = 0;
    const memqc_status status = memqc_crossbar_uses(world->xb, MEMQC_CROSSBAR_ADC_BITS, &flag);
    world->counts[0] = (uint64_t)flag;
    return status;
}

#define CROSSBAR(what, past, single, pair)                                              \
    {#what ", single, array", what, NULL, SINGLE, ARRAY, past, single, "hfox-a"},       \
        {#what ", single, column", what, NULL, SINGLE, COLUMN, past, single, "hfox-a"}, \
        {#what ", pair, fixed", what, NULL, PAIR, FIXED, past, pair, "hfox-a"}, {       \
#what ", pair, column", what, NULL, PAIR, COLUMN, past, pair, "hfox-a"          \
    }

#define UNDER_RULE(name, mapping, preset)                                                         \
    {"update, " #name ", " preset, crossbar_update, set_##name, mapping, FIXED, USED, 1, preset}, \
    {                                                                                             \
        "outer, " #name ", " preset, crossbar_update_outer, set_##name, mapping, FIXED, USED, 1,  \
            preset                                                                                \
    }

#define OUTER(name, mapping, preset)                                                             \
    {                                                                                            \
        "outer, " #name ", " preset, crossbar_update_outer, set_##name, mapping, FIXED, USED, 1, \
            preset                                                                               \
    }

static const struct scenario scenarios[] = {
    {"create", crossbar_create, NULL, 0, 0, NEW, 2, "hfox-a"},
    {"create, custom", crossbar_create, NULL, 0, 0, NEW, 2, "custom"},
    CROSSBAR(crossbar_program, NEW, 5, 8),
    CROSSBAR(crossbar_program, USED, 0, 0),
    CROSSBAR(crossbar_program_list, USED, 1, 1),
    CROSSBAR(crossbar_program_cell, USED, 1, 1),
    CROSSBAR(crossbar_update, USED, 2, 2),
    CROSSBAR(crossbar_follow, USED, 1, 1),
    CROSSBAR(crossbar_get_weights, USED, 0, 0),
    CROSSBAR(crossbar_copy, NEW, 1, 1),
    CROSSBAR(crossbar_copy, USED, 4, 6),
    CROSSBAR(crossbar_fill, USED, 0, 0),
    {"stick", crossbar_stick, NULL, PAIR, FIXED, USED, 1, "rpu"},
    {"unstick", crossbar_unstick, stick_some, PAIR, FIXED, USED, 0, "rpu"},
    {"remap", crossbar_remap, stick_some, PAIR, FIXED, USED, 0, "hfox-a"},
    {"remap, pulsed", crossbar_remap, stick_some, PAIR, FIXED, USED, 0, "rpu"},
    {"advance, pair", crossbar_advance, NULL, PAIR, FIXED, USED, 4, "hfox-a"},
    {"advance, slices, reference", crossbar_advance, NULL, REFERENCE, COLUMN, USED, 8, "hfox-b"},
    {"advance, compensated", crossbar_advance, compensate, PAIR, FIXED, USED, 4, "hfox-a"},
    {"advance, compensated again", crossbar_advance, compensate_again, PAIR, FIXED, USED, 3,
     "hfox-a"},
    {"advance, fast array", crossbar_advance, compensate_after_tiki_taka, SINGLE, FIXED, USED, 4,
     "soft-bounds"},
    {"advance, loaded", crossbar_advance, compensate_loaded, PAIR, FIXED, USED, 1, "aged"},
    {"advance, loaded, fast array", crossbar_advance, compensate_loaded_tiki_taka, SINGLE, FIXED,
     USED, 1, "aged"},
    {"report", crossbar_report, NULL, PAIR, FIXED, USED, 1, "hfox-a"},
    {"save", crossbar_save, NULL, PAIR, COLUMN, USED, 3, "hfox-a"},
    {"save, file", crossbar_save_file, NULL, PAIR, COLUMN, USED, 3, "hfox-a"},
    {"load", crossbar_load, NULL, PAIR, COLUMN, USED, 10, "hfox-a"},
    {"load, slices", crossbar_load, NULL, REFERENCE, COLUMN, USED, 10, "hfox-b"},
    {"load, file", crossbar_load_file, save_first, PAIR, COLUMN, USED, 10, "hfox-a"},
    {"program, slices, reference", crossbar_program, NULL, REFERENCE, COLUMN, NEW, 18, "hfox-a"},
    {"program, slices, two-sided", crossbar_program, NULL, TWO_SIDED, ARRAY, NEW, 18, "hfox-b"},
    {"program, slices, again", crossbar_program, NULL, TWO_SIDED, COLUMN, USED, 1, "hfox-b"},
    {"program, pulsed, pair", crossbar_program, NULL, PAIR, FIXED, NEW, 13, "rpu"},
    {"program, custom, pair", crossbar_program, NULL, PAIR, FIXED, NEW, 11, "custom"},
    {"program, jumps", crossbar_program, NULL, SINGLE, FIXED, NEW, 8, "jumps"},
    {"program, levels", crossbar_program, NULL, PAIR, FIXED, NEW, 8, "levels"},
    {"program_list, pulsed, pair", crossbar_program_list, NULL, PAIR, FIXED, USED, 1, "rpu"},
    {"update, pulsed, pair", crossbar_update, NULL, PAIR, FIXED, USED, 2, "rpu"},
    UNDER_RULE(stochastic, PAIR, "hfox-a"),
    UNDER_RULE(sign, PAIR, "hfox-a"),
    UNDER_RULE(mixed, PAIR, "hfox-a"),
    UNDER_RULE(mixed, PAIR, "rpu"),
    UNDER_RULE(one_directional, PAIR, "hfox-a"),
    {"fill, new", crossbar_fill, NULL, PAIR, FIXED, NEW, 4, "hfox-a"},
    {"get_device", crossbar_get_device, NULL, PAIR, FIXED, USED, 1, "hfox-a"},
    {"set_device", crossbar_set_device, NULL, PAIR, FIXED, NEW, 1, "hfox-a"},
    {"set_reference", crossbar_set_reference, NULL, REFERENCE, COLUMN, USED, 0, "hfox-a"},
    {"pulse", crossbar_pulse, NULL, PAIR, FIXED, USED, 0, "rpu"},
    {"set", crossbar_set, NULL, PAIR, FIXED, USED, 0, "hfox-a"},
    {"set_many", crossbar_set_many, NULL, PAIR, FIXED, USED, 0, "hfox-a"},
    {"uses", crossbar_uses, NULL, PAIR, FIXED, USED, 0, "hfox-a"},
    {"destroy", crossbar_destroy, NULL, PAIR, FIXED, USED, 0, "hfox-a"},
    {"destroy, custom", crossbar_destroy, NULL, PAIR, FIXED, USED, 0, "custom"},
    {"outer", crossbar_update_outer, NULL, PAIR, FIXED, USED, 1, "hfox-a"},
    OUTER(pulse_train, SINGLE, "rpu"),
    OUTER(pulse_train, PAIR, "hfox-a"),
    OUTER(tiki_taka, SINGLE, "soft-bounds"),
    OUTER(tiki_taka_2, SINGLE, "soft-bounds"),
};

/* A device whose cells need more memory than those for which a first programming failed. */
START_TEST(another_device_after_a_failure) {
    enum { MANY = 12 };
    double mean[MANY] = {0}, spread[MANY];
    float w_of[2][CELLS];
    memqc_device *few, *many;
    fill_arrays();
    for (size_t i = 0; i < MANY; i++)
        spread[i] = 0.1;
    OK(memqc_device_create_custom("of a test", even_step, NULL, NULL, &few));
    OK(memqc_device_set_custom(few, 1, mean, NULL, spread));
    OK(memqc_device_copy(few, &many));
    OK(memqc_device_set_custom(many, MANY, mean, NULL, spread));
    memqc_status status = MEMQC_ERROR_NOMEM;
    for (int n = 0; status != MEMQC_OK; n++) {
        memqc_crossbar *xb;
        OK(memqc_crossbar_create(few, ROWS, COLS, 0, &xb));
        mqc_alloc_fail_after(n);
        status = memqc_crossbar_program(xb, w, COLS);
        mqc_alloc_fail_after(-1);
        if (status != MEMQC_OK) {
            OK(memqc_crossbar_set_device(xb, many));
            OK(memqc_crossbar_program(xb, w, COLS));
            OK(memqc_crossbar_get_weights(xb, w_of[n > 0], COLS));
            ck_assert_mem_eq(w_of[n > 0], w_of[0], sizeof w_of[0]);
        }
        memqc_crossbar_destroy(&xb);
    }
    memqc_device_destroy(&few);
    memqc_device_destroy(&many);
}
END_TEST

int main(void) {
    return run_scenarios("alloc_crossbar", scenarios, COUNT(scenarios),
                         another_device_after_a_failure);
}
