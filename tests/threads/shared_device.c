/* SPDX-License-Identifier: BSD-3-Clause */
/* What may be asked of a device by several threads at once. Some calls are refused by some models; the
 * text is then compared, too. */
#include "threads.h"

enum { N = 8, TRAIN = 3, NODES = 256, MANY = NODES * 1024 };

static const int32_t levels[N] = {5, 9, 2, 7, 1, 3, 8, 4};
static const int32_t pulses[N] = {1, -1, 2, 0, 3, -2, 1, -3};

struct cells {
    float state[N], g[N];
    int32_t traps[N];
    double cost[MEMQC_DEVICE_COSTS];
};

static void start_cells(const memqc_device *device, struct cells *cells) {
    double low, high;
    memset(cells, 0, sizeof *cells);
    OK(memqc_device_get(device, MEMQC_DEVICE_G_MIN, &low));
    OK(memqc_device_get(device, MEMQC_DEVICE_G_MAX, &high));
    for (size_t i = 0; i < N; i++)
        cells->state[i] = model_of(device) == MEMQC_DEVICE_QUANTIZED
                              ? (float)(N - i)
                              : (float)(low + (high - low) * (double)(i + 1) / (N + 1));
}

static void end_cells(memqc_status status, const struct cells *cells, struct found *found) {
    find_status(found, status);
    find_all(found, N, cells->state);
    find_all(found, N, cells->g);
    for (size_t i = 0; i < N; i++)
        find(found, cells->traps[i]);
    find(found, 1e9 * cells->cost[0]);
}

/* One call on new cells. */
#define ON_CELLS(call)              \
    do {                            \
        struct cells c;             \
        start_cells(device, &c);    \
        end_cells(call, &c, found); \
    } while (0)

static void pulse_cells(const memqc_device *device, struct found *found) {
    ON_CELLS(memqc_device_pulse(device, 3, 1, N, TRAIN, c.state, c.g, c.cost));
    ON_CELLS(memqc_device_pulse_each(device, 3, 2, N, pulses, c.state, c.g, c.cost));
    ON_CELLS(memqc_device_apply(device, 3, 3, N, 2, c.state, c.g, c.cost));
    ON_CELLS(memqc_device_program(device, 3, 4, N, levels, c.state, c.g, c.cost));
    ON_CELLS(memqc_device_draw(device, 3, 5, N, levels, c.g, NULL));
    ON_CELLS(memqc_device_draw_levels(device, 3, 6, 1, N, levels, c.g, N));
    ON_CELLS(memqc_device_cells(device, MEMQC_DEVICE_G_MAX, 3, N, c.g));
    ON_CELLS(memqc_device_response(device, 1, 30e-6, N, c.g));
    ON_CELLS(memqc_device_nearest(device, N, c.state, c.traps));
    ON_CELLS(memqc_device_custom_cells(device, 0, 3, N, c.g));
}

static void age_cells(const memqc_device *device, struct found *found) {
    static const float g[N] = {10e-6f, 20e-6f, 30e-6f, 40e-6f, 50e-6f, 60e-6f, 70e-6f, 80e-6f};
    static const float volts[N] = {0.1f, -0.1f, 0.2f, 0, 0.05f, 0.1f, 0.1f, 0.1f};
    ON_CELLS(memqc_device_read(device, 3, 1, N, g, c.g));
    ON_CELLS(memqc_device_age(device, 3, 1, 100, 3, N, g, c.g));
    ON_CELLS(memqc_device_flicker(device, 3, 1, 100, N, g, c.state));
    ON_CELLS(memqc_device_faults(device, 3, N, c.traps, c.g));
    ON_CELLS(memqc_device_current(device, N, g, volts, c.g));
    ON_CELLS(memqc_device_telegraph_begin(device, 3, 1, N, c.traps));
    ON_CELLS(memqc_device_telegraph_advance(device, 3, 1, 0.5, N, c.traps));
    ON_CELLS(memqc_device_telegraph_read(device, N, c.traps, g, c.g));
}

static void ask_device(const memqc_device *device, struct found *found) {
    double value = 0, mean = 0, sd = 0;
    float many[64] = {0}, *const stairs = calloc(1024, sizeof *stairs);
    int32_t flag = 0, warnings[16];
    size_t n = 0, n_q = 0, tables = 0;
    uint64_t seed;
    for (size_t i = 0; i < memqc_device_keys(); i++) {
        OK(memqc_device_get(device, memqc_device_key_at(i), &value));
        OK(memqc_device_uses(device, memqc_device_key_at(i), &flag));
        find(found, value + flag);
    }
    OK(memqc_device_get_seed(device, &seed));
    OK(memqc_device_levels(device, &n));
    OK(memqc_device_warnings(device, COUNT(warnings), warnings, &n));
    find_status(found, memqc_device_level(device, 2, &value, &mean, &sd));
    find(found, value + mean + sd);
    find_status(found, memqc_device_ramp(device, many));
    find_status(found, memqc_device_get_levels(device, 64, many, NULL, &n, 0, NULL, &n_q));
    find_status(found, memqc_device_get_table(device, 1, 64, many, NULL, &n));
    find_status(found, memqc_device_jumps_size(device, 0, 1, &tables, &n, &n_q));
    find_status(found, memqc_device_get_custom(device, 0, NULL, NULL, NULL, &n));
    find_all(found, COUNT(many), many);
    OK(memqc_device_levels(device, &n));
    ck_assert_ptr_nonnull(stairs);
    if (n <= 256)
        find_status(found, memqc_device_staircase(device, 3, 1, 2, stairs, n, NULL));
    find_all(found, 1024, stairs);
    free(stairs);
}

static void copy_device(const memqc_device *device, struct found *found) {
    static const char *const nowhere = "no such folder/file";
    unsigned char *const bytes = malloc(ROOM);
    memqc_device *copy, *loaded;
    size_t size = 0;
    ck_assert_ptr_nonnull(bytes);
    OK(memqc_device_copy(device, &copy));
    find_status(found, memqc_device_save(device, nowhere));
    const memqc_status status = memqc_device_save_memory(copy, bytes, ROOM, &size);
    find_status(found, status);
    if (status == MEMQC_OK) {
        OK(memqc_device_load_memory(bytes, size, &loaded));
        pulse_cells(loaded, found);
        memqc_device_destroy(&loaded);
    }
    memqc_device_destroy(&copy);
    free(bytes);
}

void use_device(const memqc_device *device, struct found *found) {
    ask_device(device, found);
    pulse_cells(device, found);
    age_cells(device, found);
    copy_device(device, found);
}

/* What is known of a fit, whatever the model. */
void use_fitted(const memqc_device *device, struct found *found) {
    float *const values = calloc(2 * MANY, sizeof *values);
    size_t n = 0, n_q = 0, rows[4];
    int32_t reasons[4];
    double value = 0;
    memqc_device *drawn;
    ck_assert_ptr_nonnull(values);
    OK(memqc_device_fit_value(device, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_BEST, &value));
    find(found, value);
    find_status(found, memqc_device_fit_level_errors(device, 64, values, values + 64, &n));
    find_status(found, memqc_device_fit_jump_bands(device, 0, 1, MANY, values, values + MANY));
    OK(memqc_device_jumps_size(device, 0, 1, NULL, &n, &n_q));
    find_all(found, n * n_q, values);
    find_all(found, n * n_q, values + MANY);
    find_status(found, memqc_device_fit_left_out(device, 4, rows, values, reasons, &n));
    find_status(found, memqc_device_fit_residuals(device, MANY, values, &n));
    find_all(found, n, values);
    OK(memqc_device_fit_draw(device, 1, 2, &drawn));
    find_status(found, memqc_device_get_jumps(drawn, 0, 1, NODES, values, MANY, values + NODES));
    find_status(found, memqc_device_jumps_size(drawn, 0, 1, NULL, &n, &n_q));
    find_all(found, n * n_q, values + NODES);
    pulse_cells(drawn, found);
    memqc_device_destroy(&drawn);
    free(values);
}
