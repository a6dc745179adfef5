/* SPDX-License-Identifier: BSD-3-Clause */
/* Crossbars of every device model: programming, against the same calls on the device cell by cell;
 * and what it costs. */
#include "crossbar/copy.h"
#include "normals.h"
#include "test.h"

#include "rng/rng.h"

#include <math.h>

enum { ROWS = 37, COLS = 31, N = ROWS * COLS, SEED = 5 };

static const char *const presets[] = {"hfox-a", "ideal",  "ag-asi", "taox-hfox",
                                      "pcmo",   "epiram", "rpu",    "soft-bounds"};
enum { PRESETS = sizeof presets / sizeof *presets };
static const int32_t mappings[] = {MEMQC_CROSSBAR_MAPPING_SINGLE,
                                   MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL};

/* A device whose cells vary, where spread is set. */
static memqc_device *device_of(const char *preset, int spread) {
    memqc_device *device = coarse_device(preset);
    OK(memqc_device_set_seed(device, SEED));
    if (spread) {
        OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MAX, 0.1));
        OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MIN, 0.2));
        OK(memqc_device_set(device, MEMQC_DEVICE_D2D_NOISE, 0.3));
    }
    return device;
}

static memqc_crossbar *crossbar_of(const memqc_device *device, int32_t mapping) {
    memqc_crossbar *xb;
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set_seed(xb, SEED));
    return xb;
}

static double cost(const memqc_crossbar *xb, int32_t key) {
    double value;
    OK(memqc_crossbar_get_cost(xb, key, &value));
    return value;
}

static void check_costs(const memqc_crossbar *xb, const double *want) {
    for (int32_t key = MEMQC_CROSSBAR_COST_SET; key <= MEMQC_CROSSBAR_COST_ENERGY; key++)
        ck_assert_double_eq_tol(cost(xb, key), want[key - MEMQC_CROSSBAR_COST_SET],
                                1e-9 * fabs(want[key - MEMQC_CROSSBAR_COST_SET]) + 1e-300);
}

/* What the device makes of cells that start where those of a new array do. */
struct mirror {
    float state[2][N], g[2][N];
    uint64_t draws[2][N];
    double cost[MEMQC_DEVICE_COSTS];
};

static void new_mirror(const memqc_device *device, size_t planes, int pulsed, struct mirror *m) {
    double bottom;
    OK(memqc_device_get(device, MEMQC_DEVICE_STATES, &bottom));
    memset(m, 0, sizeof *m);
    for (size_t p = 0; p < planes; p++) {
        OK(memqc_device_cells(device, MEMQC_DEVICE_G_MIN, p * N, N, m->state[p]));
        for (size_t i = 0; !pulsed && i < N; i++)
            m->state[p][i] = (float)bottom;
    }
}

/* One cell to its level; force: a quantized one that is there is set and depressed again, by way of
 * the top. */
static void program_one(const memqc_device *device, struct mirror *m, size_t p, size_t i,
                        int32_t level, int pulsed, int force) {
    static const int32_t top = 1;
    if (!pulsed && !force && m->state[p][i] == (float)level)
        return;
    if (!pulsed && m->state[p][i] == (float)level)
        OK(memqc_device_program(device, p * N + i, m->draws[p][i], 1, &top, &m->state[p][i],
                                &m->g[p][i], m->cost));
    if (!pulsed && level == 1 && m->state[p][i] == 1) {
        OK(memqc_device_pulse(device, p * N + i, m->draws[p][i], 1, 1, &m->state[p][i], &m->g[p][i],
                              m->cost));
        float g[1];
        OK(memqc_device_draw(device, p * N + i, m->draws[p][i], 1, &level, g, NULL));
        m->g[p][i] = g[0];
    } else {
        OK(memqc_device_program(device, p * N + i, m->draws[p][i], 1, &level, &m->state[p][i],
                                &m->g[p][i], m->cost));
    }
    m->draws[p][i]++;
}

static void check_conductances(const memqc_crossbar *xb, size_t planes, const struct mirror *m) {
    static float g[N];
    for (size_t p = 0; p < planes; p++) {
        OK(memqc_crossbar_get_conductances(xb, p, g, COLS));
        ck_assert_mem_eq(g, m->g[p], sizeof g);
    }
}

/* Programs all, a list and an update, and the mirror alike. */
static void against_the_device(const char *preset, int spread, size_t planes) {
    static struct mirror m;
    static float w[N], dw[N];
    static int32_t levels[2][N], after[2][N];
    int32_t model;
    memqc_device *device = device_of(preset, spread);
    memqc_crossbar *xb = crossbar_of(device, mappings[planes - 1]);
    model = model_of(device);
    const int pulsed = model != MEMQC_DEVICE_QUANTIZED;
    new_mirror(device, planes, pulsed, &m);
    normals(78, 1, N, w);
    normals(78, 2, N, dw);
    for (size_t i = 0; i < N; i++)
        w[i] *= 0.5f;
    for (int again = 0; again < 2; again++) { /* the second time from where the first one left the
                                                 cells */
        OK(memqc_crossbar_program(xb, again ? dw : w, COLS));
        for (size_t p = 0; p < planes; p++) {
            OK(memqc_crossbar_get_levels(xb, p, levels[p], COLS));
            for (size_t i = 0; i < N; i++)
                program_one(device, &m, p, i, levels[p][i], pulsed, 1);
        }
        check_conductances(xb, planes, &m);
        check_costs(xb, m.cost);
    }
    OK(memqc_crossbar_update(xb, 0.2, w, COLS));
    for (size_t p = 0; p < planes; p++) {
        OK(memqc_crossbar_get_levels(xb, p, after[p], COLS));
        for (size_t i = 0; i < N; i++)
            if (after[p][i] != levels[p][i])
                program_one(device, &m, p, i, after[p][i], pulsed, 0);
    }
    check_conductances(xb, planes, &m);
    check_costs(xb, m.cost);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}

START_TEST(every_model_is_programmed_as_its_device_is) {
    for (size_t k = 0; k < PRESETS; k++)
        for (int spread = 0; spread < 2; spread++)
            for (size_t planes = 1; planes <= 2; planes++)
                against_the_device(presets[k], spread, planes);
}
END_TEST

START_TEST(a_list_with_repetitions_is_one_call_after_the_other) {
    enum { LIST = 2500 };
    static size_t places[LIST];
    static float w[N], list[LIST], a_g[N], b_g[N];
    normals(78, 3, N, w);
    normals(78, 4, LIST, list);
    for (size_t i = 0; i < LIST; i++)
        places[i] = i < 1100 ? i % 50 : i * i % N;
    for (size_t k = 0; k < PRESETS; k++) {
        memqc_device *device = device_of(presets[k], 1);
        memqc_crossbar *a = crossbar_of(device, mappings[k % 2]),
                       *b = crossbar_of(device, mappings[k % 2]);
        OK(memqc_crossbar_program(a, w, COLS));
        OK(memqc_crossbar_program(b, w, COLS));
        OK(memqc_crossbar_program_list(a, LIST, places, list));
        for (size_t i = 0; i < LIST; i++)
            OK(memqc_crossbar_program_cell(b, places[i] / COLS, places[i] % COLS, (double)list[i]));
        for (size_t p = 0; p <= k % 2; p++) {
            OK(memqc_crossbar_get_conductances(a, p, a_g, COLS));
            OK(memqc_crossbar_get_conductances(b, p, b_g, COLS));
            ck_assert_mem_eq(a_g, b_g, sizeof a_g);
        }
        const double want[] = {cost(b, MEMQC_CROSSBAR_COST_SET), cost(b, MEMQC_CROSSBAR_COST_RESET),
                               cost(b, MEMQC_CROSSBAR_COST_TIME),
                               cost(b, MEMQC_CROSSBAR_COST_ENERGY)};
        check_costs(a, want);
        memqc_crossbar_destroy(&a);
        memqc_crossbar_destroy(&b);
        memqc_device_destroy(&device);
    }
}
END_TEST

/* A clone goes on as its original does, and assigning goes back. */
START_TEST(clones_go_on_alike) {
    static float w[N], dw[N], a_g[N], b_g[N];
    normals(78, 5, N, w);
    normals(78, 6, N, dw);
    for (size_t k = 0; k < PRESETS; k++) {
        memqc_device *device = device_of(presets[k], 1);
        memqc_crossbar *a = crossbar_of(device, mappings[k % 2]), *b, *kept;
        OK(memqc_crossbar_program(a, w, COLS));
        OK(memqc_crossbar_set_seed(
            a, 99)); /* of later draws: what the cells have of their own stays */
        OK(memqc_crossbar_copy(a, &b));
        OK(memqc_crossbar_copy(a, &kept));
        OK(memqc_crossbar_update(a, 0.3, dw, COLS));
        OK(memqc_crossbar_update(b, 0.3, dw, COLS));
        OK(memqc_crossbar_get_conductances(a, 0, a_g, COLS));
        OK(memqc_crossbar_get_conductances(b, 0, b_g, COLS));
        ck_assert_mem_eq(a_g, b_g, sizeof a_g);
        OK(memqc_crossbar_update(b, -0.1, dw, COLS));
        OK(mqc_crossbar_assign(b, kept));
        OK(memqc_crossbar_update(b, 0.3, dw, COLS));
        OK(memqc_crossbar_get_conductances(b, 0, b_g, COLS));
        ck_assert_mem_eq(a_g, b_g, sizeof a_g);
        ck_assert_double_eq(cost(a, MEMQC_CROSSBAR_COST_ENERGY),
                            cost(b, MEMQC_CROSSBAR_COST_ENERGY));
        memqc_crossbar_destroy(&a);
        memqc_crossbar_destroy(&b);
        memqc_crossbar_destroy(&kept);
        memqc_device_destroy(&device);
    }
}
END_TEST

/* The paper's numbers: 16 G0 after a SET, then 31 RESET pulses to 0.5 G0, each 10 ms at the voltage
 * of the ramp. */
START_TEST(the_account_of_one_cell) {
    memqc_device *device = device_of("ideal", 0);
    memqc_crossbar *xb;
    float w = -1;
    float volts[32];
    OK(memqc_device_ramp(device, volts));
    double energy = 0.5 / 3 * 0.01 * (0.5 + 16) * MEMQC_G0; /* the SET, a sweep to 1 V */
    for (int level = 2; level <= 32; level++)
        energy += 0.5 * (double)volts[level - 1] * (double)volts[level - 1] * 0.01 *
                  (33.5 - level) * MEMQC_G0;
    OK(memqc_crossbar_create(device, 1, 1, 0, &xb));
    for (int32_t key = MEMQC_CROSSBAR_COST_SET; key <= MEMQC_CROSSBAR_COST_ENERGY; key++)
        ck_assert_double_eq(cost(xb, key), 0);
    OK(memqc_crossbar_program(xb, &w, 1));
    ck_assert_double_eq(cost(xb, MEMQC_CROSSBAR_COST_SET), 1);
    ck_assert_double_eq(cost(xb, MEMQC_CROSSBAR_COST_RESET), 31);
    ck_assert_double_eq_tol(cost(xb, MEMQC_CROSSBAR_COST_TIME), 0.32, 1e-12);
    ck_assert_double_eq_tol(cost(xb, MEMQC_CROSSBAR_COST_ENERGY), energy, 1e-6 * energy);
    double value;
    FAILS(MEMQC_ERROR_ARGUMENT, "cost = 0", memqc_crossbar_get_cost(xb, 0, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_CROSSBAR_COST_", memqc_crossbar_get_cost(xb, 1000, &value));
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

RUN_TESTS("crossbar programming", every_model_is_programmed_as_its_device_is,
          a_list_with_repetitions_is_one_call_after_the_other, clones_go_on_alike,
          the_account_of_one_cell)
