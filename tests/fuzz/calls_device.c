/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls on a device, and on cells whose states the caller keeps. */
#include "calls.h"

enum { MANY_PULSES = 300 };

static struct bench *bench(struct fuzz *f) {
    return f->real;
}

static memqc_device *device(struct fuzz *f) {
    return f->object ? bench(f)->device : NULL;
}

/* --- parameters --- */

static memqc_status set(struct fuzz *f) {
    const int32_t key = take_key(f, &device_noun);
    return memqc_device_set(device(f), key, take_value(f, &device_noun, key));
}

static memqc_status set_many(struct fuzz *f) {
    return give_settings(f, device(f));
}

static memqc_status set_seed(struct fuzz *f) {
    return memqc_device_set_seed(device(f), take_wide(f));
}

static memqc_status set_table(struct fuzz *f) {
    return give_table(f, device(f));
}

static memqc_status set_levels(struct fuzz *f) {
    return give_levels(f, device(f));
}

static memqc_status set_jumps(struct fuzz *f) {
    return give_jumps(f, device(f));
}

static memqc_status set_custom(struct fuzz *f) {
    return give_custom(f, device(f));
}

static memqc_status get(struct fuzz *f) {
    double value = 0;
    int32_t flag = 0;
    const int32_t key = take_key(f, &device_noun);
    const memqc_status uses = memqc_device_uses(device(f), key, &flag);
    const memqc_status status = memqc_device_get(device(f), key, or_null(f, &value));
    see(f, &value, sizeof value);
    see(f, &uses, sizeof uses);
    see(f, &flag, sizeof flag);
    return status;
}

static memqc_status keys(struct fuzz *f) {
    return ask_about_keys(f, &device_noun);
}

static memqc_status get_table(struct fuzz *f) {
    size_t n = 0;
    const size_t room = take_below(f, 8);
    float *g = make_room(f, room * sizeof *g), *values = make_room(f, room * sizeof *values);
    const int32_t direction = take_byte(f) & 1 ? 1 : -1;
    const memqc_status status = memqc_device_get_table(device(f), direction, room, or_null(f, g),
                                                       or_null(f, values), or_null(f, &n));
    see(f, g, room * sizeof *g);
    see(f, values, room * sizeof *values);
    see(f, &n, sizeof n);
    return status;
}

static memqc_status get_levels(struct fuzz *f) {
    size_t n = 0, quantiles = 0;
    const size_t room = take_below(f, 40), room_q = take_below(f, 24);
    float *g = make_room(f, room * sizeof *g), *sd = make_room(f, room * sizeof *sd);
    float *q = make_room(f, room_q * sizeof *q);
    const memqc_status status =
        memqc_device_get_levels(device(f), room, or_null(f, g), or_null(f, sd), or_null(f, &n),
                                room_q, or_null(f, q), or_null(f, &quantiles));
    see(f, g, room * sizeof *g);
    see(f, sd, room * sizeof *sd);
    see(f, q, room_q * sizeof *q);
    return status;
}

static memqc_status get_jumps(struct fuzz *f) {
    size_t tables = 0, n_g = 0, n_q = 0;
    const size_t table = take_below(f, 4), room_g = take_below(f, 8), room_q = take_below(f, 32);
    const int32_t direction = take_byte(f) & 1 ? 1 : -1;
    float *g = make_room(f, room_g * sizeof *g), *q = make_room(f, room_q * sizeof *q);
    memqc_status status =
        memqc_device_jumps_size(device(f), table, direction, &tables, or_null(f, &n_g), &n_q);
    if (status == MEMQC_OK)
        status = memqc_device_get_jumps(device(f), table, direction, room_g, or_null(f, g), room_q,
                                        or_null(f, q));
    see(f, q, room_q * sizeof *q);
    return status;
}

static memqc_status get_custom(struct fuzz *f) {
    size_t n = 0;
    const size_t room = take_below(f, 5);
    double *mean = make_room(f, room * sizeof *mean), *sd = make_room(f, room * sizeof *sd);
    const memqc_status status = memqc_device_get_custom(device(f), room, or_null(f, mean), NULL,
                                                        or_null(f, sd), or_null(f, &n));
    see(f, mean, room * sizeof *mean);
    return status;
}

static memqc_status warnings(struct fuzz *f) {
    size_t n = 0;
    int32_t *found = make_room(f, 4 * sizeof *found);
    const size_t room = take_below(f, 5);
    const memqc_status status =
        memqc_device_warnings(device(f), room, or_null(f, found), or_null(f, &n));
    const char *text = memqc_device_warning_text(take_int(f));
    see(f, found, 4 * sizeof *found);
    see(f, &text, sizeof text);
    return status;
}

/* --- levels and draws --- */

static memqc_status level(struct fuzz *f) {
    double values[3] = {0};
    const memqc_status status = memqc_device_level(device(f), take_int(f), or_null(f, &values[0]),
                                                   or_null(f, &values[1]), or_null(f, &values[2]));
    see(f, values, sizeof values);
    return status;
}

static memqc_status nearest(struct fuzz *f) {
    const size_t n = take_below(f, BENCH_CELLS + 1);
    float *g = take_conductances(f, n);
    int32_t *levels = make_room(f, n * sizeof *levels);
    const memqc_status status =
        memqc_device_nearest(device(f), n, or_null(f, g), or_null(f, levels));
    see(f, levels, n * sizeof *levels);
    return status;
}

/* The highest level, or another number in its place. */
static int32_t last_level(struct fuzz *f) {
    double states = 0;
    memqc_device_get(bench(f)->device, MEMQC_DEVICE_STATES, &states);
    return take_rarely(f) ? take_int(f) : (int32_t)states;
}

static memqc_status draw(struct fuzz *f) {
    const size_t n = take_below(f, BENCH_CELLS + 1);
    int32_t *levels = take_ints(f, n, 1, last_level(f));
    uint64_t negative = 0;
    float *g = make_room(f, n * sizeof *g);
    const memqc_status status = memqc_device_draw(device(f), take_wide(f), take_wide(f), n, levels,
                                                  or_null(f, g), or_null(f, &negative));
    see(f, g, n * sizeof *g);
    see(f, &negative, sizeof negative);
    return status;
}

static memqc_status draw_levels(struct fuzz *f) {
    const size_t n = take_below(f, 4), cells = take_below(f, 4);
    int32_t *levels = take_ints(f, n, 1, last_level(f));
    size_t ld;
    float *g = make_matrix(f, cells, n ? n : 1, &ld);
    const memqc_status status = memqc_device_draw_levels(device(f), take_wide(f), take_wide(f),
                                                         cells, n, levels, or_null(f, g), ld);
    if (status == MEMQC_OK && n)
        see_matrix(f, g, cells, n, ld);
    return status;
}

static memqc_status staircase(struct fuzz *f) {
    size_t states = 1, ld;
    const size_t cycles = take_below(f, 3);
    memqc_device_levels(bench(f)->device, &states);
    float *g = make_matrix(f, cycles, states, &ld);
    const memqc_status status = memqc_device_staircase(device(f), take_wide(f), take_wide(f),
                                                       cycles, or_null(f, g), ld, NULL);
    if (status == MEMQC_OK)
        see_matrix(f, g, cycles, states, ld);
    return status;
}

static memqc_status ramp(struct fuzz *f) {
    size_t states = 1;
    memqc_device_levels(bench(f)->device, &states);
    float *volts = make_room(f, states * sizeof *volts);
    const memqc_status status = memqc_device_ramp(device(f), or_null(f, volts));
    see(f, volts, states * sizeof *volts);
    return status;
}

static memqc_status cells(struct fuzz *f) {
    const size_t n = take_below(f, BENCH_CELLS + 1);
    float *values = make_room(f, n * sizeof *values);
    const int32_t key = take_key(f, &device_noun);
    const memqc_status status =
        memqc_device_cells(device(f), key, take_wide(f), n, or_null(f, values));
    see(f, values, n * sizeof *values);
    return status;
}

static memqc_status custom_cells(struct fuzz *f) {
    const size_t n = take_below(f, BENCH_CELLS + 1);
    float *values = make_room(f, n * sizeof *values);
    const memqc_status status =
        memqc_device_custom_cells(device(f), take_below(f, 5), take_wide(f), n, or_null(f, values));
    see(f, values, n * sizeof *values);
    return status;
}

static memqc_status response(struct fuzz *f) {
    const size_t n = take_below(f, 40);
    float *g = make_room(f, n * sizeof *g);
    const int32_t direction = take_rarely(f) ? take_int(f) : (take_byte(f) & 1 ? 1 : -1);
    const memqc_status status =
        memqc_device_response(device(f), direction, take_number(f), n, or_null(f, g));
    see(f, g, n * sizeof *g);
    return status;
}

/* --- pulses --- */

/* States of its own for a call that may fail half way, where the model is a function of ours. */
static memqc_status settle(struct fuzz *f, struct bench *trial, memqc_status status) {
    struct bench *b = bench(f);
    if (status == MEMQC_OK || !is_custom(b->device)) {
        memcpy(b->state, trial->state, sizeof b->state);
        memcpy(b->g, trial->g, sizeof b->g);
        memcpy(b->cost, trial->cost, sizeof b->cost);
    }
    return status;
}

static memqc_status pulse(struct fuzz *f) {
    struct bench trial = *bench(f);
    const size_t n = take_below(f, BENCH_CELLS + 1);
    int32_t pulses = take_int(f);
    if (pulses > MANY_PULSES || pulses < -MANY_PULSES)
        pulses %= MANY_PULSES;
    const uint64_t cell = take_wide(f), number = take_wide(f);
    return settle(f, &trial,
                  memqc_device_pulse(device(f), cell, number, n, pulses, or_null(f, trial.state),
                                     or_null(f, trial.g), or_null(f, trial.cost)));
}

static memqc_status pulse_each(struct fuzz *f) {
    struct bench trial = *bench(f);
    const size_t n = take_below(f, BENCH_CELLS + 1);
    int32_t *pulses = take_ints(f, n, -20, 20);
    for (size_t i = 0; i < n; i++)
        pulses[i] %= MANY_PULSES;
    const uint64_t cell = take_wide(f), number = take_wide(f);
    return settle(f, &trial,
                  memqc_device_pulse_each(device(f), cell, number, n, or_null(f, pulses),
                                          or_null(f, trial.state), or_null(f, trial.g),
                                          or_null(f, trial.cost)));
}

static memqc_status program(struct fuzz *f) {
    struct bench trial = *bench(f);
    const size_t n = take_below(f, BENCH_CELLS + 1);
    int32_t *levels = take_ints(f, n, 1, last_level(f));
    const uint64_t cell = take_wide(f), number = take_wide(f);
    return settle(f, &trial,
                  memqc_device_program(device(f), cell, number, n, or_null(f, levels),
                                       or_null(f, trial.state), or_null(f, trial.g),
                                       or_null(f, trial.cost)));
}

static memqc_status apply(struct fuzz *f) {
    struct bench trial = *bench(f);
    const size_t n = take_below(f, BENCH_CELLS + 1);
    const double volts = take_number(f);
    const uint64_t cell = take_wide(f), number = take_wide(f);
    return settle(f, &trial,
                  memqc_device_apply(device(f), cell, number, n, volts, or_null(f, trial.state),
                                     or_null(f, trial.g), or_null(f, trial.cost)));
}

/* Other states for the cells, good or bad. */
static memqc_status give_states(struct fuzz *f) {
    struct bench *b = bench(f);
    const int32_t last = last_level(f);
    const int whole = take_byte(f) & 1;
    const float *g = take_conductances(f, BENCH_CELLS);
    const int32_t *levels = take_ints(f, BENCH_CELLS, 1, last);
    const int32_t *traps = take_ints(f, BENCH_CELLS, 0, 1);
    for (size_t i = 0; i < BENCH_CELLS; i++) {
        b->state[i] = whole ? (float)levels[i] : g[i];
        b->g[i] = g[i];
        b->traps[i] = traps[i];
    }
    return MEMQC_OK;
}

static const struct call calls[] = {
    {"set", set},
    {"set_many", set_many},
    {"set_seed", set_seed},
    {"set_table", set_table},
    {"set_levels", set_levels},
    {"set_jumps", set_jumps},
    {"set_custom", set_custom},
    {"get", get},
    {"keys", keys},
    {"get_table", get_table},
    {"get_levels", get_levels},
    {"get_jumps", get_jumps},
    {"get_custom", get_custom},
    {"warnings", warnings},
    {"level", level},
    {"nearest", nearest},
    {"draw", draw},
    {"draw_levels", draw_levels},
    {"staircase", staircase},
    {"ramp", ramp},
    {"cells", cells},
    {"custom_cells", custom_cells},
    {"response", response},
    {"pulse", pulse},
    {"pulse_each", pulse_each},
    {"program", program},
    {"apply", apply},
    {"give_states", give_states},
};

const struct group device_calls = {calls, COUNT(calls)};
