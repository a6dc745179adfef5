/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls on a device that work on cells after programming, and results of fits. */
#include "calls.h"

static struct bench *bench(struct fuzz *f) {
    return f->real;
}

static memqc_device *device(struct fuzz *f) {
    return f->object ? bench(f)->device : NULL;
}

static memqc_status read_cells(struct fuzz *f) {
    struct bench *b = bench(f);
    const size_t n = take_below(f, BENCH_CELLS + 1);
    float *out = make_room(f, n * sizeof *out);
    const memqc_status status =
        memqc_device_read(device(f), take_wide(f), take_wide(f), n, b->g, or_null(f, out));
    see(f, out, n * sizeof *out);
    return status;
}

static memqc_status age(struct fuzz *f) {
    struct bench *b = bench(f);
    const size_t n = take_below(f, BENCH_CELLS + 1);
    float *out = make_room(f, n * sizeof *out);
    const double seconds = take_number(f), cycles = take_number(f);
    const memqc_status status = memqc_device_age(device(f), take_wide(f), take_wide(f), seconds,
                                                 cycles, n, or_null(f, b->g), or_null(f, out));
    see(f, out, n * sizeof *out);
    return status;
}

static memqc_status flicker(struct fuzz *f) {
    struct bench *b = bench(f);
    const size_t n = take_below(f, BENCH_CELLS + 1);
    const float *g2 = take_conductances(f, n);
    const double seconds = take_number(f);
    return memqc_device_flicker(device(f), take_wide(f), take_wide(f), seconds, n, g2,
                                or_null(f, b->g));
}

static memqc_status faults(struct fuzz *f) {
    struct bench *b = bench(f);
    const size_t n = take_below(f, BENCH_CELLS + 1);
    int32_t *kinds = make_room(f, n * sizeof *kinds);
    const memqc_status status =
        memqc_device_faults(device(f), take_wide(f), n, or_null(f, kinds), or_null(f, b->g));
    see(f, kinds, n * sizeof *kinds);
    return status;
}

static memqc_status current(struct fuzz *f) {
    struct bench *b = bench(f);
    const size_t n = take_below(f, BENCH_CELLS + 1);
    const float *volts = take_floats(f, n);
    float *amps = make_room(f, n * sizeof *amps);
    const memqc_status status =
        memqc_device_current(device(f), n, or_null(f, b->g), volts, or_null(f, amps));
    see(f, amps, n * sizeof *amps);
    return status;
}

static memqc_status telegraph_begin(struct fuzz *f) {
    struct bench *b = bench(f);
    const size_t n = take_below(f, BENCH_CELLS + 1);
    return memqc_device_telegraph_begin(device(f), take_wide(f), take_wide(f), n,
                                        or_null(f, b->traps));
}

static memqc_status telegraph_advance(struct fuzz *f) {
    struct bench *b = bench(f);
    const size_t n = take_below(f, BENCH_CELLS + 1);
    const double seconds = take_number(f);
    return memqc_device_telegraph_advance(device(f), take_wide(f), take_wide(f), seconds, n,
                                          or_null(f, b->traps));
}

static memqc_status telegraph_read(struct fuzz *f) {
    struct bench *b = bench(f);
    const size_t n = take_below(f, BENCH_CELLS + 1);
    float *out = make_room(f, n * sizeof *out);
    const memqc_status status =
        memqc_device_telegraph_read(device(f), n, b->traps, b->g, or_null(f, out));
    see(f, out, n * sizeof *out);
    return status;
}

/* What a fit found out, which most devices do not have. */
static memqc_status fit_values(struct fuzz *f) {
    enum { ROOM = 64 };
    double value = 0;
    size_t n = 0;
    const int32_t what = MEMQC_DEVICE_FIT_BEST + (int32_t)take_below(f, 40);
    const int32_t which = take_byte(f) & 1 ? take_key(f, &device_noun)
                                           : MEMQC_DEVICE_QUANTIZED + (int32_t)take_below(f, 60);
    float *a = make_room(f, ROOM * sizeof *a), *b = make_room(f, ROOM * sizeof *b);
    memqc_status status = memqc_device_fit_value(device(f), what, which, or_null(f, &value));
    if (take_byte(f) & 1)
        status = memqc_device_fit_level_errors(device(f), ROOM, a, b, or_null(f, &n));
    see(f, &value, sizeof value);
    return status;
}

static memqc_status fit_left_out(struct fuzz *f) {
    enum { ROOM = 64 };
    size_t n = 0, *rows = make_room(f, ROOM * sizeof *rows);
    float *values = make_room(f, ROOM * sizeof *values);
    int32_t *reasons = make_room(f, ROOM * sizeof *reasons);
    const memqc_status status =
        memqc_device_fit_left_out(device(f), ROOM, or_null(f, rows), values, reasons, &n);
    see(f, &n, sizeof n);
    return status;
}

static memqc_status fit_draw(struct fuzz *f) {
    memqc_device *drawn = NULL;
    const memqc_status status =
        memqc_device_fit_draw(device(f), take_wide(f), take_wide(f), or_null(f, &drawn));
    memqc_device_destroy(&drawn);
    return status;
}

static const struct call calls[] = {
    {"read", read_cells},
    {"age", age},
    {"flicker", flicker},
    {"faults", faults},
    {"current", current},
    {"telegraph_begin", telegraph_begin},
    {"telegraph_advance", telegraph_advance},
    {"telegraph_read", telegraph_read},
    {"fit_values", fit_values},
    {"fit_left_out", fit_left_out},
    {"fit_draw", fit_draw},
};

const struct group effect_calls = {calls, COUNT(calls)};
