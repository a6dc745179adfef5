/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of measured curves for memqc_device_fit(): cycles of a simulated device, with dirt of every
 * kind in every column, or rows of nothing but numbers. A device that is made of them can be asked
 * for everything, saved, loaded and drawn from. */
#include "calls.h"

#include <math.h>

enum { MOST_ROWS = 72, COLUMNS = MEMQC_DEVICE_COLUMN_READ + 1, CELLS = 4, MOST_GAP = 12 };

struct table {
    size_t n;
    int32_t column[COLUMNS][MOST_ROWS];
    float g[MOST_ROWS];
};

static void add_row(struct table *t, const int32_t *numbers, float g) {
    if (t->n == MOST_ROWS)
        return;
    for (size_t c = 0; c < COLUMNS; c++)
        t->column[c][t->n] = numbers[c];
    t->g[t->n++] = g;
}

/* Cycles of pulses of one cell, RESET before SET where there is both. */
static void add_cycles(struct fuzz *f, struct table *t, const memqc_device *device, int32_t cell) {
    const int32_t cycles = 1 + (int32_t)take_below(f, 4), pulses = 1 + (int32_t)take_below(f, 16);
    const int32_t reads = 1 + (int32_t)take_below(f, 3), both = take_byte(f) & 1;
    double high = 1e-4, model = 0;
    memqc_device_get(device, MEMQC_DEVICE_G_MAX, &high);
    memqc_device_get(device, MEMQC_DEVICE_MODEL, &model);
    float state = model == MEMQC_DEVICE_QUANTIZED ? 1 : (float)high, g = (float)high;
    uint64_t number = 0;
    for (int32_t c = 0; c < cycles; c++)
        for (int32_t p = 0; p < pulses; p++) {
            const int32_t direction = both && p >= pulses / 2 ? 1 : -1;
            memqc_device_pulse(device, (uint64_t)cell, number++, 1, direction, &state, &g, NULL);
            for (int32_t r = 0; r < reads; r++) {
                const int32_t numbers[COLUMNS] = {cell, c, p, direction, r};
                float out = model == MEMQC_DEVICE_QUANTIZED ? g : state;
                memqc_device_read(device, (uint64_t)cell, number + (uint64_t)r, 1, &out, &out);
                add_row(t, numbers, out);
            }
        }
}

static void simulate(struct fuzz *f, struct table *t) {
    memqc_device *device = take_device(f);
    const int32_t cells = 1 + (int32_t)take_below(f, CELLS);
    for (int32_t cell = 0; device && cell < cells; cell++)
        add_cycles(f, t, device, cell);
    memqc_device_destroy(&device);
}

static void invent(struct fuzz *f, struct table *t) {
    const size_t n = take_below(f, MOST_ROWS + 1);
    for (size_t i = 0; i < n; i++) {
        const int32_t numbers[COLUMNS] = {take_byte(f) % 3, take_byte(f) % 4, take_byte(f) % 12,
                                          take_byte(f) & 1 ? 1 : -1, 0};
        add_row(t, numbers, (float)take_byte(f) * 1e-6f);
    }
}

static void swap_rows(struct table *t, size_t a, size_t b) {
    for (size_t c = 0; c < COLUMNS; c++) {
        const int32_t number = t->column[c][a];
        t->column[c][a] = t->column[c][b];
        t->column[c][b] = number;
    }
    const float g = t->g[a];
    t->g[a] = t->g[b];
    t->g[b] = g;
}

static float odd_float(struct fuzz *f) {
    const double number = take_number(f);
    return fabs(number) > 3.4e38 ? (float)copysign(INFINITY, number) : (float)number;
}

/* One fault of an instrument, or of the one who wrote the table. */
static void spoil_row(struct fuzz *f, struct table *t) {
    const size_t i = take_below(f, t->n), other = take_below(f, t->n);
    const size_t column = take_below(f, COLUMNS);
    const uint8_t kind = take_byte(f) % 10;
    if (kind < 2)
        t->g[i] = odd_float(f);
    else if (kind == 2)
        t->g[i] *= take_byte(f) & 1 ? 1e3f : 1e-3f;
    else if (kind == 3)
        t->g[i] = t->g[other];
    else if (kind == 4)
        t->column[column][i] = take_int(f);
    else if (kind == 5)
        t->column[MEMQC_DEVICE_COLUMN_PULSE][i] += take_byte(f) % MOST_GAP;
    else if (kind == 6)
        swap_rows(t, i, other);
    else if (kind == 7)
        swap_rows(t, i, --t->n);
    else
        for (size_t j = i; kind == 8 && j < t->n; j++) /* from here on the contact is another one */
            t->g[j] *= 1 + (float)take_byte(f) / 64;
}

/* The columns that are there, each in memory of its own size. */
static memqc_status fit_table(struct fuzz *f, const struct table *t, memqc_device **out) {
    const int32_t *columns[COLUMNS + 1] = {NULL};
    const uint8_t given = take_byte(f), model = take_byte(f);
    struct stop stop = {model >= 240 ? model - 240 : 1000};
    const size_t n_columns =
        given >= 250 ? (size_t)given - 250 : (size_t)COLUMNS + (given >> 5 & 1);
    for (size_t c = 0; c < COLUMNS; c++) {
        int32_t *copy = make_room(f, t->n * sizeof *copy);
        memcpy(copy, t->column[c], t->n * sizeof *copy);
        const int absent = !(given >> c & 1) && c != MEMQC_DEVICE_COLUMN_PULSE;
        columns[c] = absent ? NULL : copy;
    }
    float *g = make_room(f, t->n * sizeof *g);
    memcpy(g, t->g, t->n * sizeof *g);
    int32_t candidate = MEMQC_DEVICE_QUANTIZED + model % 12;
    if (model % 3 == 0)
        candidate = MEMQC_DEVICE_FIT_BEST + model / 3 % 6;
    return memqc_device_fit(candidate, t->n, n_columns, columns, g, stop_after, &stop, out);
}

/* What memqc_device_fit_value() has of a fit is a number, infinity or NaN; never another error. */
static void ask(const memqc_device *device) {
    enum { CANDIDATES = 5 };
    for (int32_t what = MEMQC_DEVICE_FIT_STANDARD_ERROR;
         what <= MEMQC_DEVICE_FIT_SET_RESET_CORRELATION; what++)
        for (int32_t which = 0; which < CANDIDATES + 12; which++) {
            double value;
            const int32_t of = which < CANDIDATES ? MEMQC_DEVICE_FIT_BEST + which
                                                  : MEMQC_DEVICE_QUANTIZED + which - CANDIDATES;
            const memqc_status status = memqc_device_fit_value(device, what, of, &value);
            MUST(status == MEMQC_OK || status == MEMQC_ERROR_ARGUMENT ||
                     status == MEMQC_ERROR_STATE,
                 "value %d of %d: %d", (int)what, (int)of, (int)status);
        }
}

static void look_at(struct fuzz *f, const struct table *t, memqc_device *device) {
    size_t n = 0, *rows = make_room(f, t->n * sizeof *rows);
    float *values = make_room(f, t->n * sizeof *values);
    int32_t *reasons = make_room(f, t->n * sizeof *reasons);
    MUST(memqc_device_fit_left_out(device, t->n, rows, values, reasons, &n) == MEMQC_OK, "rows");
    for (size_t i = 0; i < n; i++)
        MUST(rows[i] < t->n && memqc_device_fit_reason(reasons[i]) &&
                 memcmp(&values[i], &t->g[rows[i]], sizeof *values) == 0,
             "row %zu was left out", rows[i]);
    MUST(memqc_device_fit_residuals(device, t->n, values, &n) == MEMQC_OK, "residuals");
    for (size_t i = 0; i < n; i++)
        MUST(isfinite(values[i]), "residual %zu of %zu is %g", i, n, (double)values[i]);
    ask(device);
    memqc_device *drawn = NULL;
    const memqc_status status = memqc_device_fit_draw(device, 3, take_byte(f), &drawn);
    MUST(status == MEMQC_OK || status == MEMQC_ERROR_STATE, "drawn: %d", (int)status);
    memqc_device_destroy(&drawn);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct table t;
    struct fuzz f = {.at = data, .end = data + size};
    memqc_device *device = NULL;
    t.n = 0;
    if (take_byte(&f) % 4)
        simulate(&f, &t);
    else
        invent(&f, &t);
    for (size_t i = take_below(&f, 8); i > 0 && t.n > 1; i--)
        spoil_row(&f, &t);
    const memqc_status status = fit_table(&f, &t, &device);
    MUST(status == MEMQC_OK || status == MEMQC_ERROR_ARGUMENT || status == MEMQC_ERROR_DATA ||
             status == MEMQC_STOPPED,
         "status %d", (int)status);
    MUST((status == MEMQC_OK) == (device != NULL), "status %d, but another device", (int)status);
    if (device) {
        look_at(&f, &t, device);
        drop_rooms(&f);
        run_calls(&device_subject, make_bench(device), &f, 4);
    }
    drop_rooms(&f);
    return 0;
}
