/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions of crossbars, without memory. */
#include "alloc.h"

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

/* Under each rule: an array makes what the rule keeps when it is first asked to update. */
static memqc_status update_under(struct world *world, int32_t rule) {
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_RULE, rule));
    return memqc_crossbar_update(world->xb, 0.4, dw, COLS);
}

static memqc_status outer_under(struct world *world, int32_t rule) {
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_RULE, rule));
    return memqc_crossbar_update_outer(world->xb, 0.1, BATCH, x, ROWS, dw, COLS);
}

#define RULED(name, rule)                                       \
    static memqc_status update_##name(struct world *world) {    \
        return update_under(world, MEMQC_CROSSBAR_RULE_##rule); \
    }                                                           \
    static memqc_status outer_##name(struct world *world) {     \
        return outer_under(world, MEMQC_CROSSBAR_RULE_##rule);  \
    }
static memqc_status outer_nearest_level(struct world *world) {
    return outer_under(world, MEMQC_CROSSBAR_RULE_NEAREST_LEVEL);
}

RULED(stochastic, STOCHASTIC)
RULED(sign, SIGN)
RULED(mixed_precision, MIXED_PRECISION)
RULED(one_directional, ONE_DIRECTIONAL)

static memqc_status outer_pulse_train(struct world *world) {
    return outer_under(world, MEMQC_CROSSBAR_RULE_PULSE_TRAIN);
}

static memqc_status outer_tiki_taka(struct world *world) {
    return outer_under(world, MEMQC_CROSSBAR_RULE_TIKI_TAKA);
}

static memqc_status outer_tiki_taka_2(struct world *world) {
    return outer_under(world, MEMQC_CROSSBAR_RULE_TIKI_TAKA_2);
}

static memqc_status crossbar_mac(struct world *world) {
    return memqc_crossbar_mac(world->xb, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status crossbar_mac_transposed(struct world *world) {
    return memqc_crossbar_mac_transposed(world->xb, SAMPLES, x, ROWS, world->result, ROWS);
}

static const size_t some[] = {7, 2, CELLS - 1};

static memqc_status crossbar_stick(struct world *world) {
    return memqc_crossbar_stick(world->xb, 0, COUNT(some), some, NULL);
}

static memqc_status crossbar_advance(struct world *world) {
    return memqc_crossbar_advance(world->xb, 100);
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

/* What the call reads is saved before the first attempt: every world has the same. */
static memqc_status crossbar_load(struct world *world) {
    static unsigned char bytes[1 << 16];
    static size_t size;
    if (!size)
        OK(memqc_crossbar_save_memory(world->xb, bytes, sizeof bytes, &size));
    world->made_xb = (memqc_crossbar *)(void *)&nowhere;
    return memqc_crossbar_load_memory(bytes, size, &world->made_xb);
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

/* Read through converters of few bits, with noise. */
static void set_converters(struct world *world) {
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_DAC_BITS, 6));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_ADC_BITS, 8));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.02));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_INPUT_FORMAT, MEMQC_CROSSBAR_FORMAT_TWO_PHASE));
}

static memqc_status crossbar_convert(struct world *world) {
    set_converters(world);
    return memqc_crossbar_mac(world->xb, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status crossbar_convert_transposed(struct world *world) {
    set_converters(world);
    return memqc_crossbar_mac_transposed(world->xb, SAMPLES, x, ROWS, world->result, ROWS);
}

static memqc_status crossbar_calibrate(struct world *world) {
    set_converters(world);
    if (world->counts[1] == 0) /* setting it again would drop the ranges */
        OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_ADC_RANGE,
                              MEMQC_CROSSBAR_RANGE_PER_COLUMN));
    world->counts[1] = 1;
    return memqc_crossbar_calibrate(world->xb, SAMPLES, x, ROWS, 99);
}

static void set_wires(struct world *world, double method) {
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_BIT_RESISTANCE, 1));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_DRIVER_RESISTANCE, 10));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_WIRE_METHOD, method));
}

static memqc_status crossbar_wires_matrix(struct world *world) {
    set_wires(world, MEMQC_CROSSBAR_METHOD_MATRIX);
    return memqc_crossbar_mac(world->xb, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status crossbar_wires_iterate(struct world *world) {
    set_wires(world, MEMQC_CROSSBAR_METHOD_ITERATE);
    return memqc_crossbar_mac_transposed(world->xb, SAMPLES, x, ROWS, world->result, ROWS);
}

static memqc_status crossbar_wires_newton(struct world *world) {
    set_wires(world, MEMQC_CROSSBAR_METHOD_AUTO);
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_IV_NONLINEARITY, 2));
    return memqc_crossbar_mac(world->xb, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status crossbar_nodes(struct world *world) {
    float *const bit = world->result;
    set_wires(world, MEMQC_CROSSBAR_METHOD_AUTO);
    return memqc_crossbar_nodes(world->xb, 0, 0, x, NULL, bit);
}

static memqc_status crossbar_currents(struct world *world) {
    set_wires(world, MEMQC_CROSSBAR_METHOD_MATRIX);
    return memqc_crossbar_currents(world->xb, 0, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status crossbar_currents_transposed(struct world *world) {
    set_wires(world, MEMQC_CROSSBAR_METHOD_AUTO);
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_IV_NONLINEARITY, 2));
    return memqc_crossbar_currents_transposed(world->xb, 0, SAMPLES, x, ROWS, world->result, ROWS);
}

#define CROSSBAR(what, past, single, pair)                                        \
    {#what ", single, fixed", what, SINGLE, FIXED, past, single, "hfox-a"},       \
        {#what ", single, array", what, SINGLE, ARRAY, past, single, "hfox-a"},   \
        {#what ", single, column", what, SINGLE, COLUMN, past, single, "hfox-a"}, \
        {#what ", pair, fixed", what, PAIR, FIXED, past, pair, "hfox-a"},         \
        {#what ", pair, array", what, PAIR, ARRAY, past, pair, "hfox-a"}, {       \
#what ", pair, column", what, PAIR, COLUMN, past, pair, "hfox-a"          \
    }

#define UNDER_RULE(name, preset)                                      \
    {"update_" #name, update_##name, PAIR, FIXED, USED, 1, preset}, { \
        "outer_" #name, outer_##name, PAIR, FIXED, USED, 1, preset    \
    }

static const struct scenario scenarios[] = {
    {"crossbar_create", crossbar_create, 0, 0, NEW, 2, "hfox-a"},
    CROSSBAR(crossbar_program, NEW, 5, 8),
    CROSSBAR(crossbar_program, USED, 0, 0),
    CROSSBAR(crossbar_program_list, USED, 1, 1),
    CROSSBAR(crossbar_update, USED, 2, 2),
    CROSSBAR(crossbar_mac, USED, 0, 0),
    CROSSBAR(crossbar_mac_transposed, USED, 0, 0),
    CROSSBAR(crossbar_convert, USED, 4, 4),
    CROSSBAR(crossbar_convert_transposed, USED, 4, 4),
    CROSSBAR(crossbar_calibrate, USED, 5, 5),
    CROSSBAR(crossbar_wires_matrix, USED, 1, 1),
    CROSSBAR(crossbar_wires_iterate, USED, 1, 1),
    CROSSBAR(crossbar_wires_newton, USED, 1, 1),
    CROSSBAR(crossbar_nodes, USED, 1, 1),
    CROSSBAR(crossbar_currents, USED, 1, 1),
    CROSSBAR(crossbar_currents_transposed, USED, 1, 1),
    {"crossbar_stick", crossbar_stick, PAIR, FIXED, USED, 1, "rpu"},
    {"crossbar_advance, pair", crossbar_advance, PAIR, FIXED, USED, 4, "hfox-a"},
    {"crossbar_advance, slices, reference", crossbar_advance, REFERENCE, COLUMN, USED, 8, "hfox-b"},
    {"crossbar_report", crossbar_report, PAIR, FIXED, USED, 1, "hfox-a"},
    {"crossbar_save", crossbar_save, PAIR, COLUMN, USED, 3, "hfox-a"},
    {"crossbar_load", crossbar_load, PAIR, COLUMN, USED, 10, "hfox-a"},
    {"crossbar_program, slices, reference", crossbar_program, REFERENCE, COLUMN, NEW, 21, "hfox-a"},
    {"crossbar_program, slices, two-sided", crossbar_program, TWO_SIDED, ARRAY, NEW, 21, "hfox-b"},
    {"crossbar_program, slices, again", crossbar_program, TWO_SIDED, COLUMN, USED, 1, "hfox-b"},
    {"crossbar_program, pulsed, pair", crossbar_program, PAIR, FIXED, NEW, 14, "rpu"},
    {"crossbar_program_list, pulsed, pair", crossbar_program_list, PAIR, FIXED, USED, 1, "rpu"},
    {"crossbar_update, pulsed, pair", crossbar_update, PAIR, FIXED, USED, 2, "rpu"},
    UNDER_RULE(stochastic, "hfox-a"),
    UNDER_RULE(sign, "hfox-a"),
    UNDER_RULE(mixed_precision, "hfox-a"),
    UNDER_RULE(mixed_precision, "rpu"),
    UNDER_RULE(one_directional, "hfox-a"),
    CROSSBAR(crossbar_copy, NEW, 1, 1),
    CROSSBAR(crossbar_copy, USED, 4, 6),
    CROSSBAR(crossbar_fill, USED, 0, 0),
    {"crossbar_fill, new", crossbar_fill, PAIR, FIXED, NEW, 4, "hfox-a"},
    {"crossbar_get_device", crossbar_get_device, PAIR, FIXED, USED, 1, "hfox-a"},
    {"crossbar_set_device", crossbar_set_device, PAIR, FIXED, USED, 0, "hfox-a"},
    {"crossbar_pulse", crossbar_pulse, PAIR, FIXED, USED, 0, "rpu"},
    {"crossbar_unstick", crossbar_unstick, PAIR, FIXED, USED, 0, "rpu"},
    {"outer_nearest_level", outer_nearest_level, PAIR, FIXED, USED, 1, "hfox-a"},
    {"outer_pulse_train", outer_pulse_train, SINGLE, FIXED, USED, 1, "rpu"},
    {"outer_pulse_train, pair", outer_pulse_train, PAIR, FIXED, USED, 1, "hfox-a"},
    {"outer_tiki_taka", outer_tiki_taka, SINGLE, FIXED, USED, 1, "soft-bounds"},
    {"outer_tiki_taka_2", outer_tiki_taka_2, SINGLE, FIXED, USED, 1, "soft-bounds"},
};

int main(void) {
    return run_scenarios("alloc_crossbar", scenarios, COUNT(scenarios), NULL);
}
