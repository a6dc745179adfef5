/* SPDX-License-Identifier: BSD-3-Clause */
/* The curves of docs/devices.md as CSV: what each device model does under pulses, and what happens
 * to programmed cells afterwards. With --parameters: name, unit, range and default of every
 * parameter. */
#include "devices.h"

#include "output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PULSES = 64, LEVELS = 32 };

void must(memqc_status status) {
    if (status != MEMQC_OK) {
        fprintf(stderr, "devices: %s\n", memqc_last_error());
        exit(EXIT_FAILURE);
    }
}

memqc_device *new_device(int32_t model, const struct setting *settings) {
    memqc_device *device = NULL;
    must(memqc_device_create(model, &device));
    must(memqc_device_set_seed(device, 1));
    for (; settings->key; settings++) {
        must(memqc_device_set(device, settings->key, settings->value));
    }
    return device;
}

void print_cells(const char *picture, const char *curve, double x, const float *g) {
    double mean = 0.0, squares = 0.0;
    for (size_t i = 0; i < CELLS; i++) {
        mean += (double)g[i] / CELLS;
    }
    for (size_t i = 0; i < CELLS; i++) {
        squares += ((double)g[i] - mean) * ((double)g[i] - mean);
    }
    printf("%s,%s,mean,%.6g,%.5e\n%s,%s,sd,%.6g,%.5e\n", picture, curve, x, mean, picture, curve, x,
           sqrt(squares / (CELLS - 1)));
    for (size_t i = 0; i < TRACES; i++) {
        printf("%s,%s,trace%zu,%.6g,%.5e\n", picture, curve, i + 1, x, (double)g[i]);
    }
}

/* --- the quantized model: a SET and the staircase of levels, under each law --- */

static void print_quantized(void) {
    static const int32_t order[] = {MEMQC_DEVICE_LAW_PRINTED, MEMQC_DEVICE_LAW_LINEAR,
                                    MEMQC_DEVICE_LAW_MEASURED};
    for (size_t l = 0; l < sizeof order / sizeof *order; l++) {
        const struct setting settings[] = {{MEMQC_DEVICE_LAW, order[l]}, {0, 0.0}};
        memqc_device *device = new_device(MEMQC_DEVICE_QUANTIZED, settings);
        const char *const law = memqc_device_choice_name(MEMQC_DEVICE_LAW, order[l]);
        float g[CELLS], state[CELLS];
        for (size_t i = 0; i < CELLS; i++) {
            state[i] = LEVELS;
        }
        must(memqc_device_pulse(device, 0, 0, CELLS, 1, state, g, NULL));
        for (int32_t level = 1; level <= LEVELS; level++) {
            double nominal = 0.0;
            if (level > 1) {
                must(memqc_device_pulse(device, 0, (uint64_t)level, CELLS, -1, state, g, NULL));
            }
            must(memqc_device_level(device, level, &nominal, NULL, NULL));
            printf("quantized,%s,nominal,%d,%.5e\n", law, (int)level, nominal);
            print_cells("quantized", law, level, g);
        }
        memqc_device_destroy(&device);
    }
}

/* --- the pulsed models: potentiation to the top, depression to the bottom --- */

#define WINDOW                                                   \
    {MEMQC_DEVICE_G_MAX, 100e-6}, {MEMQC_DEVICE_G_MIN, 10e-6}, { \
        MEMQC_DEVICE_STATES, PULSES + 1                          \
    }
#define STEPPED                           \
    WINDOW, {                             \
        MEMQC_DEVICE_STEP, 90e-6 / PULSES \
    }
#define SPREAD                                                      \
    {MEMQC_DEVICE_C2C_STEP, 0.3}, {MEMQC_DEVICE_D2D_G_MAX, 0.05}, { \
        MEMQC_DEVICE_D2D_G_MIN, 0.1                                 \
    }

static const struct {
    const char *picture, *curve;
    int32_t model;
    struct setting settings[16]; /* up to a key of 0 */
} pulsed[] = {
    {"constant", "defaults", MEMQC_DEVICE_CONSTANT, {STEPPED, SPREAD}},
    {"constant",
     "ASYMMETRY 0.3",
     MEMQC_DEVICE_CONSTANT,
     {STEPPED, SPREAD, {MEMQC_DEVICE_ASYMMETRY, 0.3}}},
    {"linear", "SLOPE 0.5 both ways", MEMQC_DEVICE_LINEAR, {STEPPED, SPREAD}},
    {"linear",
     "SLOPE_UP 0.9 / SLOPE_DOWN -1",
     MEMQC_DEVICE_LINEAR,
     {STEPPED, SPREAD, {MEMQC_DEVICE_SLOPE_UP, 0.9}, {MEMQC_DEVICE_SLOPE_DOWN, -1}}},
    {"soft_bounds", "STEP 1/64 of the window", MEMQC_DEVICE_SOFT_BOUNDS, {STEPPED, SPREAD}},
    {"soft_bounds",
     "STEP 1/16 of the window",
     MEMQC_DEVICE_SOFT_BOUNDS,
     {STEPPED, SPREAD, {MEMQC_DEVICE_STEP, 90e-6 / 16}}},
    {"exponential", "defaults", MEMQC_DEVICE_EXPONENTIAL, {STEPPED, SPREAD}},
    {"exponential",
     "A 0.05 / GAMMA 3 / EXP_SCALE 1",
     MEMQC_DEVICE_EXPONENTIAL,
     {STEPPED,
      SPREAD,
      {MEMQC_DEVICE_A_UP, 0.05},
      {MEMQC_DEVICE_A_DOWN, 0.05},
      {MEMQC_DEVICE_GAMMA_UP, 3},
      {MEMQC_DEVICE_GAMMA_DOWN, 3},
      {MEMQC_DEVICE_EXP_SCALE, 1}}},
    {"power", "POWER 1 both ways", MEMQC_DEVICE_POWER, {STEPPED, SPREAD}},
    {"power",
     "POWER_UP 0.5 / POWER_DOWN 3",
     MEMQC_DEVICE_POWER,
     {STEPPED, SPREAD, {MEMQC_DEVICE_POWER_UP, 0.5}, {MEMQC_DEVICE_POWER_DOWN, 3}}},
    {"neurosim",
     "NL 1 / -1",
     MEMQC_DEVICE_NEUROSIM,
     {WINDOW,
      {MEMQC_DEVICE_C2C_ABSOLUTE, 1e-6},
      {MEMQC_DEVICE_PULSES_UP, PULSES},
      {MEMQC_DEVICE_PULSES_DOWN, PULSES},
      {MEMQC_DEVICE_NL_UP, 1},
      {MEMQC_DEVICE_NL_DOWN, -1}}},
    {"neurosim",
     "NL 2.4 / -4.88 (labels of ag-asi)",
     MEMQC_DEVICE_NEUROSIM,
     {WINDOW,
      {MEMQC_DEVICE_C2C_ABSOLUTE, 1e-6},
      {MEMQC_DEVICE_PULSES_UP, PULSES},
      {MEMQC_DEVICE_PULSES_DOWN, PULSES},
      {MEMQC_DEVICE_NL_UP, 2.4},
      {MEMQC_DEVICE_NL_DOWN, -4.88}}},
    {"table", "steps of a cell that moves best half way", MEMQC_DEVICE_TABLE, {WINDOW, SPREAD}},
    {"jumps", "one table", MEMQC_DEVICE_JUMPS, {WINDOW}},
    {"jumps", "three tables of different size", MEMQC_DEVICE_JUMPS, {WINDOW}},
};

static void print_train(size_t which, memqc_device *device) {
    const char *picture = pulsed[which].picture, *curve = pulsed[which].curve;
    float g[CELLS], up[PULSES], down[PULSES];
    for (size_t i = 0; i < CELLS; i++) {
        g[i] = 10e-6f;
    }
    must(memqc_device_response(device, 1, 10e-6, PULSES, up));
    must(memqc_device_response(device, -1, (double)up[PULSES - 1], PULSES, down));
    for (int p = 0; p <= 2 * PULSES; p++) {
        float nominal = 10e-6f;
        if (p > 0)
            nominal = p <= PULSES ? up[p - 1] : down[p - PULSES - 1];
        if (p > 0) {
            must(memqc_device_pulse(device, 0, (uint64_t)p, CELLS, p <= PULSES ? 1 : -1, g, NULL,
                                    NULL));
        }
        printf("%s,%s,nominal,%d,%.5e\n", picture, curve, p, (double)nominal);
        print_cells(picture, curve, p, g);
    }
}

/* Quantiles of a skewed distribution, whose mean and spread fall with the conductance in SET and rise
 * with it in RESET: many jumps are small, a few five times as large as the mean. */
static void set_jumps(memqc_device *device, size_t table, double size) {
    enum { NODES = 10, QUANTILES = 21 };
    float g[NODES], up[NODES * QUANTILES], down[NODES * QUANTILES];
    for (size_t i = 0; i < NODES; i++) {
        const double x = (double)i / (NODES - 1);
        g[i] = (float)(10e-6 + 90e-6 * x);
        for (size_t j = 0; j < QUANTILES; j++) {
            const double p = (double)j / (QUANTILES - 1);
            up[i * QUANTILES + j] = (float)(size * (1.2 - x) * (-1.6 * log(1 - 0.95 * p) - 0.3));
            down[i * QUANTILES + j] =
                (float)(-size * (0.2 + x) * (-1.6 * log(1 - 0.95 * (1 - p)) - 0.3));
        }
    }
    must(memqc_device_set_jumps(device, table, 1, NODES, g, QUANTILES, up));
    must(memqc_device_set_jumps(device, table, -1, NODES, g, QUANTILES, down));
}

/* Some rows of quantiles of the first table. */
static void print_table(const memqc_device *device) {
    static const struct {
        const char *name;
        size_t part; /* of 20 */
    } rows[] = {{"5 %", 1}, {"25 %", 5}, {"50 %", 10}, {"75 %", 15}, {"95 %", 19}};
    for (int32_t way = 1; way >= -1; way -= 2) {
        float g[64], q[64 * 64];
        size_t n_g = 0, n_q = 0;
        must(memqc_device_jumps_size(device, 0, way, NULL, &n_g, &n_q));
        must(memqc_device_get_jumps(device, 0, way, 64, g, 64 * 64, q));
        for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
            for (size_t i = 0; i < n_g; i++)
                printf("jump_table,%s,%s,%.5e,%.5e\n", way > 0 ? "SET" : "RESET", rows[row].name,
                       (double)g[i], (double)q[i * n_q + rows[row].part]);
    }
}

static void print_pulsed(size_t which) {
    static const float nodes[] = {10e-6f, 40e-6f, 70e-6f, 100e-6f},
                       steps[] = {0.3e-6f, 4e-6f, 4e-6f, 0.3e-6f};
    memqc_device *device = new_device(pulsed[which].model, pulsed[which].settings);
    if (pulsed[which].model == MEMQC_DEVICE_TABLE) {
        must(memqc_device_set_table(device, 1, 4, nodes, steps));
        must(memqc_device_set_table(device, -1, 4, nodes, steps));
    }
    if (pulsed[which].model == MEMQC_DEVICE_JUMPS) {
        static const double sizes[] = {2e-6, 1e-6, 4e-6};
        const size_t tables = strcmp(pulsed[which].curve, "one table") == 0 ? 1 : 3;
        for (size_t k = 0; k < tables; k++)
            set_jumps(device, k, sizes[k]);
        if (tables == 1)
            print_table(device);
    }
    print_train(which, device);
    memqc_device_destroy(&device);
}

/* --- parameters --- */

static void print_parameters(void) {
    double kind = 0.0, min = 0.0, max = 0.0, initial = 0.0;
    printf("key,name,unit,min,max,default,choices\n");
    for (size_t i = 0; i < memqc_device_keys(); i++) {
        const int32_t key = memqc_device_key_at(i);
        const char *const name = memqc_device_key_text(key, MEMQC_KEY_NAME);
        const char *const unit = memqc_device_key_text(key, MEMQC_KEY_UNIT);
        must(memqc_device_key_value(key, MEMQC_KEY_KIND, &kind));
        must(memqc_device_key_value(key, MEMQC_KEY_MIN, &min));
        must(memqc_device_key_value(key, MEMQC_KEY_MAX, &max));
        must(memqc_device_key_value(key, MEMQC_KEY_INITIAL, &initial));
        printf("%d,%s,%s,%.17g,%.17g,%.17g,", (int)key, name, unit, min, max, initial);
        for (double value = min; kind == MEMQC_KIND_CHOICE && value <= max; value++)
            printf("%s%s", value > min ? ";" : "", memqc_device_choice_name(key, (int32_t)value));
        printf("\n");
    }
}

int main(int argc, char *argv[]) {
    if (argc == 2 && strcmp(argv[1], "--parameters") == 0) {
        print_parameters();
        return output_end("devices", EXIT_SUCCESS);
    }
    if (argc != 1) {
        printf("usage: devices [--parameters]\n");
        const int help = argc == 2 && strcmp(argv[1], "--help") == 0;
        return output_end("devices", help ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    printf("picture,curve,kind,x,y\n");
    print_quantized();
    for (size_t i = 0; i < sizeof pulsed / sizeof *pulsed; i++) {
        print_pulsed(i);
    }
    print_effects();
    return output_end("devices", EXIT_SUCCESS);
}
