/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions that read crossbars, without memory. */
#include "alloc.h"

static memqc_status crossbar_mac(struct world *world) {
    return memqc_crossbar_mac(world->xb, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status crossbar_mac_transposed(struct world *world) {
    return memqc_crossbar_mac_transposed(world->xb, SAMPLES, x, ROWS, world->result, ROWS);
}

/* Read through converters of few bits, with noise. */
static void set_converters(struct world *world) {
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_DAC_BITS, 6));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_ADC_BITS, 8));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.02));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_INPUT_FORMAT, MEMQC_CROSSBAR_FORMAT_TWO_PHASE));
}

static memqc_status crossbar_calibrate(struct world *world) {
    return memqc_crossbar_calibrate(world->xb, SAMPLES, x, ROWS, 99);
}

static memqc_status crossbar_calibrate_transposed(struct world *world) {
    return memqc_crossbar_calibrate_transposed(world->xb, SAMPLES, x, ROWS, 99);
}

static void set_ranges(struct world *world) {
    set_converters(world);
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_ADC_RANGE, MEMQC_CROSSBAR_RANGE_PER_COLUMN));
    OK(memqc_crossbar_calibrate(world->xb, 2, x, ROWS, 100));
}

static void set_wires(struct world *world, double method) {
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_BIT_RESISTANCE, 1));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_DRIVER_RESISTANCE, 10));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_WIRE_METHOD, method));
}

static void set_matrix(struct world *world) {
    set_wires(world, MEMQC_CROSSBAR_METHOD_MATRIX);
}

static void set_iterate(struct world *world) {
    set_wires(world, MEMQC_CROSSBAR_METHOD_ITERATE);
}

static void set_auto(struct world *world) {
    set_wires(world, MEMQC_CROSSBAR_METHOD_AUTO);
}

static void set_newton(struct world *world) {
    set_wires(world, MEMQC_CROSSBAR_METHOD_AUTO);
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_IV_NONLINEARITY, 2));
}

static memqc_status crossbar_nodes(struct world *world) {
    return memqc_crossbar_nodes(world->xb, 0, 0, x, NULL, world->result);
}

static memqc_status crossbar_nodes_transposed(struct world *world) {
    return memqc_crossbar_nodes_transposed(world->xb, 0, 0, x, world->result, NULL);
}

static memqc_status crossbar_branches(struct world *world) {
    return memqc_crossbar_branches(world->xb, 0, 0, x, world->result, NULL, NULL);
}

static memqc_status crossbar_branches_transposed(struct world *world) {
    return memqc_crossbar_branches_transposed(world->xb, 0, 0, x, world->result, NULL, NULL);
}

static memqc_status crossbar_ideal(struct world *world) {
    return memqc_crossbar_ideal_currents(world->xb, 0, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status crossbar_ideal_transposed(struct world *world) {
    return memqc_crossbar_ideal_currents_transposed(world->xb, 0, SAMPLES, x, ROWS, world->result,
                                                    ROWS);
}

static memqc_status crossbar_currents(struct world *world) {
    return memqc_crossbar_currents(world->xb, 0, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status crossbar_currents_transposed(struct world *world) {
    return memqc_crossbar_currents_transposed(world->xb, 0, SAMPLES, x, ROWS, world->result, ROWS);
}

/* Under three kinds of mapping; the others differ in writing only. */
#define CROSSBAR(name, call, prepare, at_least)                                           \
    {name ", single, array", call, prepare, SINGLE, ARRAY, USED, at_least, "hfox-a"},     \
        {name ", pair, column", call, prepare, PAIR, COLUMN, USED, at_least, "hfox-a"}, { \
        name ", slices", call, prepare, REFERENCE, COLUMN, USED, at_least, "hfox-b"       \
    }

static const struct scenario scenarios[] = {
    CROSSBAR("mac", crossbar_mac, NULL, 1),
    CROSSBAR("mac_transposed", crossbar_mac_transposed, NULL, 1),
    CROSSBAR("mac, converters", crossbar_mac, set_converters, 4),
    CROSSBAR("mac_transposed, converters", crossbar_mac_transposed, set_converters, 4),
    CROSSBAR("calibrate", crossbar_calibrate, set_ranges, 3),
    CROSSBAR("calibrate_transposed", crossbar_calibrate_transposed, set_ranges, 3),
    CROSSBAR("mac, wires, matrix", crossbar_mac, set_matrix, 1),
    CROSSBAR("mac_transposed, wires, iterate", crossbar_mac_transposed, set_iterate, 1),
    CROSSBAR("mac, wires, Newton", crossbar_mac, set_newton, 1),
    CROSSBAR("nodes", crossbar_nodes, set_auto, 1),
    CROSSBAR("nodes_transposed", crossbar_nodes_transposed, set_auto, 1),
    CROSSBAR("branches", crossbar_branches, set_auto, 1),
    CROSSBAR("branches_transposed", crossbar_branches_transposed, set_auto, 1),
    CROSSBAR("currents, matrix", crossbar_currents, set_matrix, 1),
    CROSSBAR("currents_transposed, Newton", crossbar_currents_transposed, set_newton, 1),
    CROSSBAR("ideal", crossbar_ideal, NULL, 0),
    CROSSBAR("ideal_transposed", crossbar_ideal_transposed, NULL, 0),
};

int main(void) {
    return run_scenarios("alloc_read", scenarios, COUNT(scenarios), NULL);
}
