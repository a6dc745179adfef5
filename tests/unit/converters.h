/* SPDX-License-Identifier: BSD-3-Clause */
/* For the tests of reads through converters: arrays, inputs, and a plain rendering in double
 * precision of "How an array is read" in crossbar.h, without noise. */
#ifndef MEMQC_TESTS_CONVERTERS_H
#define MEMQC_TESTS_CONVERTERS_H

#include "normals.h"
#include "test.h"

#include "rng/rng.h"

#include <math.h>

#define XB(name) MEMQC_CROSSBAR_##name

enum { MOST_IN = 80, MOST_CELLS = MOST_IN * MOST_IN, MOST_BATCH = 64 };

/* Sets what has an effect and leaves out the rest. Settings that need others come after them. */
static inline void apply(memqc_crossbar *xb, const struct setting *settings, size_t n) {
    size_t left = n, before;
    do {
        before = left;
        left = 0;
        for (size_t i = 0; i < n && settings[i].key; i++)
            left += memqc_crossbar_set(xb, settings[i].key, settings[i].value) != MEMQC_OK;
    } while (left && left < before);
    for (size_t i = 0; left && i < n && settings[i].key; i++) {
        int32_t used;
        OK(memqc_crossbar_uses(xb, settings[i].key, &used));
        if (used)
            OK(memqc_crossbar_set(xb, settings[i].key, settings[i].value));
    }
}

static inline double value_of(const memqc_crossbar *xb, int32_t key) {
    double value;
    if (memqc_crossbar_get(xb, key, &value) != MEMQC_OK) /* in inner loops, where a mark of Check's
                                                            would cost a system call */
        ck_abort_msg("key %d: %s", (int)key, memqc_last_error());
    return value;
}

static inline uint64_t count_of(const memqc_crossbar *xb, int32_t counter) {
    uint64_t value;
    OK(memqc_crossbar_get_count(xb, counter, &value));
    return value;
}

static inline double cost_of(const memqc_crossbar *xb, int32_t cost) {
    double value;
    OK(memqc_crossbar_get_cost(xb, cost, &value));
    return value;
}

/* A programmed array of sample A, weights of sd 0.4. */
static inline memqc_crossbar *make_sliced(size_t rows, size_t cols, int32_t mapping,
                                          int32_t normalization, double slices, double base) {
    memqc_device *device;
    memqc_crossbar *xb;
    float *w = calloc(rows * cols, sizeof *w);
    OK(memqc_device_create_preset("hfox-a", &device));
    OK(memqc_crossbar_create(device, rows, cols, 0, &xb));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_set(xb, XB(MAPPING), mapping));
    OK(memqc_crossbar_set(xb, XB(NORMALIZATION), normalization));
    OK(memqc_crossbar_set(xb, XB(SLICES), slices));
    if (slices > 1)
        OK(memqc_crossbar_set(xb, XB(SLICE_BASE), base));
    OK(memqc_crossbar_set_seed(xb, 8));
    normals(99, 1, rows * cols, w);
    for (size_t i = 0; i < rows * cols; i++)
        w[i] *= 0.4f;
    OK(memqc_crossbar_program(xb, w, cols));
    free(w);
    return xb;
}

static inline void product(memqc_crossbar *xb, int transposed, size_t batch, const float *x,
                           size_t ldx, float *y, size_t ldy) {
    if (transposed)
        OK(memqc_crossbar_mac_transposed(xb, batch, x, ldx, y, ldy));
    else
        OK(memqc_crossbar_mac(xb, batch, x, ldx, y, ldy));
}

static inline memqc_crossbar *make_array(size_t rows, size_t cols, int32_t mapping,
                                         int32_t normalization) {
    return make_sliced(rows, cols, mapping, normalization, 1, 0);
}

/* --- the rendering --- */

enum { MOST_PLANES = 16, MOST_TILES = 6 };

/* What is known of an array and its converters, and what a product of one vector gives. */
struct expected {
    size_t rows, cols, in, out, planes, sides, slices;
    int transposed, mapping;
    double base, digit, middle, top; /* S, of the levels in use */
    double g[MOST_PLANES][MOST_CELLS], reference[8][MOST_IN], scale[MOST_IN];
    double range[MOST_PLANES][MOST_TILES][MOST_IN]; /* A, by source, tile, output: where it is
                                                       calibrated */

    double y[MOST_IN], slack[MOST_IN]; /* slack: steps of conversions that are too near to a tie to
                                          say */
    uint64_t conversions, ties, saturated, clipped, reads;
    double energy;                                         /* J */
    double seen[MOST_PLANES][MOST_TILES][MOST_IN][2 * 16]; /* A, what each ADC saw in each read */
};

/* The weight, at a scale of 1, that the conductances of a place hold. */
static inline double weight_of(const struct expected *e, size_t place) {
    double sum = 0;
    for (size_t s = 0; s < e->slices; s++) {
        const double zero = e->sides == 2                      ? e->g[2 * s + 1][place]
                            : e->mapping == XB(MAPPING_SINGLE) ? e->middle
                                                               : e->reference[s][place / e->cols];
        sum += (e->g[e->sides * s][place] - zero) / e->digit *
               pow(e->base, (double)(e->slices - 1 - s));
    }
    return sum / (pow(e->base, (double)e->slices) - 1) * (e->sides == 2 ? 1 : 2);
}

static inline void expect_cells(const memqc_crossbar *xb, struct expected *e) {
    static float g[MOST_CELLS];
    for (size_t p = 0; p < e->planes; p++) {
        OK(memqc_crossbar_get_conductances(xb, p, g, e->cols));
        for (size_t i = 0; i < e->rows * e->cols; i++)
            e->g[p][i] = (double)g[i];
    }
    for (size_t s = 0; s < e->slices && e->mapping == XB(MAPPING_REFERENCE); s++) {
        OK(memqc_crossbar_get_reference(xb, s, g));
        for (size_t i = 0; i < e->rows; i++)
            e->reference[s][i] = (double)g[i];
    }
}

/* For sample A: 32 levels of 0.5 G0 each. */
static inline void expect_array(const memqc_crossbar *xb, int transposed, struct expected *e) {
    static float w[MOST_CELLS];
    memset(e, 0, sizeof *e);
    OK(memqc_crossbar_get_shape(xb, &e->rows, &e->cols, &e->planes));
    e->transposed = transposed;
    e->in = transposed ? e->cols : e->rows;
    e->out = transposed ? e->rows : e->cols;
    e->mapping = (int)value_of(xb, XB(MAPPING));
    e->slices = (size_t)value_of(xb, XB(SLICES));
    e->sides = e->planes / e->slices;
    e->base =
        e->slices == 1 || value_of(xb, XB(SLICE_BASE)) == 0 ? 32 : value_of(xb, XB(SLICE_BASE));
    e->digit = floor(31 / (e->base - 1)) * 0.5 * MEMQC_G0;
    e->top = 0.5 * MEMQC_G0 + (e->base - 1) * e->digit;
    e->middle = 0.5 * (e->top + 0.5 * MEMQC_G0);
    expect_cells(xb, e);
    OK(memqc_crossbar_get_weights(xb, w, e->cols)); /* the scale, from a weight that is not small */
    for (size_t j = 0; j < e->cols; j++) {
        double most = 0;
        for (size_t k = j; k < e->rows * e->cols; k += e->cols) {
            if (fabs(weight_of(e, k)) > most) {
                most = fabs(weight_of(e, k));
                e->scale[j] = (double)w[k] / weight_of(e, k);
            }
        }
    }
}

static inline double g_of(const struct expected *e, size_t plane, size_t in, size_t out) {
    return e->g[plane][e->transposed ? out * e->cols + in : in * e->cols + out];
}

/* What is subtracted from the current of a single cell: half the range, or a reference cell's,
 * driven as its row is. */
static inline double zero_of(const struct expected *e, size_t slice, size_t in, size_t out) {
    return e->mapping == XB(MAPPING_SINGLE) ? e->middle
                                            : e->reference[slice][e->transposed ? out : in];
}

/* One conversion: an ADC's answer to amps, in amperes. */
static inline double adc(struct expected *e, double amps, double range, int bits, int one_sided,
                         double *slack) {
    const double hi = one_sided ? ldexp(1, bits) - 1 : ldexp(1, bits - 1) - 1,
                 lo = one_sided ? 0 : -hi;
    e->conversions++;
    if (!bits)
        return amps;
    const double steps = amps / range * hi;
    if (fabs(fabs(steps - floor(steps)) - 0.5) < 2e-6 * hi + 1e-4) {
        e->ties++;
        *slack += range / hi;
    }
    const double code = rint(steps);
    e->saturated += code > hi || code < lo;
    return range / hi * fmin(hi, fmax(lo, code));
}

static inline int senses_current(const memqc_crossbar *xb, const struct expected *e) {
    const int senses = (int)value_of(xb, XB(ADC_SENSES));
    return senses == XB(SENSES_CURRENT) ||
           (senses == XB(SENSES_MAPPED) && e->mapping == XB(MAPPING_SINGLE));
}

/* What the ADC of a source sees of an output in one tile, A. */
static inline double seen_by(const memqc_crossbar *xb, const struct expected *e, size_t source,
                             size_t first, size_t end, size_t j, const double *f) {
    const int current = senses_current(xb, e);
    const size_t plane = current ? source : source * e->sides;
    double amps = 0;
    for (size_t i = first; i < end; i++) {
        const double g = g_of(e, plane, i, j);
        amps += f[i] * (current ? g
                                : g - (e->sides == 2 ? g_of(e, plane + 1, i, j)
                                                     : zero_of(e, source, i, j)));
    }
    return amps * value_of(xb, XB(READ_VOLTAGE));
}

/* S, the most that the cells of a weight contribute for an input at full scale, by their nominal
 * ends. A reference cell is at the level next below the middle. */
static inline double worst_of_cells(const struct expected *e, size_t slice, int current) {
    if (current || e->mapping != XB(MAPPING_REFERENCE))
        return current ? e->top : (e->top - e->middle) * (double)e->sides;
    const double zero = floor((pow(e->base, (double)e->slices) - 1) / 2);
    const double digit = fmod(floor(zero / pow(e->base, (double)(e->slices - 1 - slice))), e->base);
    return fmax(e->base - 1 - digit, digit) * e->digit;
}

/* One read: fractions f of READ_VOLTAGE on the inputs, the curve applied; the result times weight
 * is added. */
static inline void expect_read(const memqc_crossbar *xb, struct expected *e, const double *f,
                               double weight) {
    const double volts = value_of(xb, XB(READ_VOLTAGE)),
                 limit = value_of(xb, e->transposed ? XB(TILE_COLS) : XB(TILE_ROWS));
    const int bits = (int)value_of(xb, XB(ADC_BITS)), mode = (int)value_of(xb, XB(ADC_RANGE)),
              current = senses_current(xb, e);
    const int one_sided = current && value_of(xb, XB(INPUT_FORMAT)) != XB(FORMAT_BIPOLAR);
    const size_t tile = limit > 0 && limit < (double)e->in ? (size_t)limit : e->in;
    const double inputs = (double)tile * volts;
    const double last = pow(e->base, (double)e->slices) - 1,
                 unit = (e->sides == 2 ? 1 : 2) / last / e->digit / volts;
    for (size_t j = 0; j < e->out; j++) {
        for (size_t t = 0; t * tile < e->in; t++) {
            const size_t first = t * tile, end = first + tile < e->in ? first + tile : e->in;
            for (size_t source = 0; source < (current ? e->planes : e->slices); source++) {
                const size_t slice = current ? source / e->sides : source;
                const double amps = seen_by(xb, e, source, first, end, j, f),
                             factor = pow(e->base, (double)(e->slices - 1 - slice));
                const double range = mode == XB(RANGE_AMPERES) ? value_of(xb, XB(ADC_CURRENT))
                                     : mode == XB(RANGE_WORST_CASE)
                                         ? inputs * worst_of_cells(e, slice, current) *
                                               value_of(xb, XB(ADC_FRACTION))
                                         : e->range[source][t][j];
                double slack = 0, result = adc(e, amps, range, bits, one_sided, &slack);
                e->seen[source][t][j][e->reads] = amps;
                e->slack[j] += fabs(weight) * unit * factor * slack;
                for (size_t i = first; i < end && current && e->sides == 1; i++)
                    result -= e->middle * f[i] * volts;
                e->y[j] +=
                    weight * unit * factor * result * (current && source % e->sides ? -1 : 1);
            }
        }
    }
    e->reads++;
}

static inline double bent(double v, double a, double volts) {
    return a > 0 ? sinh(a * v * volts) / sinh(a * volts) : v;
}

/* Adds V I t of the cells of input i. */
static inline void expect_energy(const memqc_crossbar *xb, struct expected *e, size_t i, double v,
                                 double f) {
    const double volts = value_of(xb, XB(READ_VOLTAGE));
    for (size_t p = 0; p < e->planes; p++)
        for (size_t j = 0; j < e->out; j++)
            e->energy +=
                fabs(v * f) * volts * volts * g_of(e, p, i, j) * value_of(xb, XB(READ_TIME));
    for (size_t s = 0; s < e->slices && !e->transposed; s++)
        e->energy += fabs(v * f) * volts * volts * e->reference[s][i] * value_of(xb, XB(READ_TIME));
}

/* What an array's converters do, and which direction's scales count. */
struct coding {
    int format, coding, dac, bits, serial, by_column;
    double volts, nonlinearity, levels;
};

static inline struct coding coding_of(const memqc_crossbar *xb) {
    struct coding c = {.format = (int)value_of(xb, XB(INPUT_FORMAT)),
                       .coding = (int)value_of(xb, XB(INPUT_CODING)),
                       .dac = (int)value_of(xb, XB(DAC_BITS)),
                       .volts = value_of(xb, XB(READ_VOLTAGE))};
    c.bits = c.dac - (c.dac > 0 && c.format != XB(FORMAT_UNSIGNED));
    c.serial = c.coding == XB(CODING_BIT_SERIAL);
    c.by_column = value_of(xb, XB(NORMALIZATION)) == XB(NORMALIZATION_COLUMN);
    if (c.coding != XB(CODING_PULSE_WIDTH))
        c.nonlinearity = value_of(xb, XB(IV_NONLINEARITY));
    c.levels = ldexp(1, c.bits) - 1;
    return c;
}

/* Inputs in whole steps, or as fractions where there is no DAC. */
static inline void expect_codes(const struct coding *c, struct expected *e, const float *x,
                                double range, double *code) {
    double low = c->dac ? -1 : -INFINITY;
    const double high = c->dac ? 1 : INFINITY;
    if (c->format == XB(FORMAT_UNSIGNED))
        low = 0;
    for (size_t i = 0; i < e->in; i++) {
        const double u = (double)x[i] * (e->transposed ? e->scale[i] : 1) /
                         (e->transposed && !c->by_column ? e->scale[i] : 1) / range;
        const double k = c->dac ? rint(u * c->levels) / c->levels : u;
        e->clipped += k < low || k > high;
        code[i] = fmin(high, fmax(low, k)) * (c->dac ? c->levels : 1);
    }
}

/* What one line applies in a read of one phase, and one bit where they go one by one. */
static inline double expect_line(const memqc_crossbar *xb, const struct coding *c,
                                 struct expected *e, size_t i, double code, int bit) {
    const double sign = code < 0 ? -1 : 1;
    double f = 0;
    if (c->serial) {
        f = (long)fabs(rint(code)) >> bit & 1 ? sign : 0;
        expect_energy(xb, e, i, f, f);
        return f;
    }
    if (c->coding == XB(CODING_BIT_PARALLEL)) {
        for (int b = 0; b < c->bits; b++) {
            const int on = (long)fabs(rint(code)) >> b & 1;
            const double v = on ? sign * ldexp(1, b) / c->levels : 0;
            f += bent(v, c->nonlinearity, c->volts);
            expect_energy(xb, e, i, v, bent(v, c->nonlinearity, c->volts));
        }
        return f;
    }
    const double v = c->dac ? code / c->levels : code;
    f = bent(v, c->nonlinearity, c->volts);
    expect_energy(xb, e, i, c->coding == XB(CODING_PULSE_WIDTH) ? 1 : v, f);
    return f;
}

/* The product of one vector. */
static inline void expect_product(const memqc_crossbar *xb, struct expected *e, const float *x) {
    const struct coding c = coding_of(xb);
    const int two_phase = c.format == XB(FORMAT_TWO_PHASE);
    double range = value_of(xb, XB(INPUT_RANGE)), most = 0, code[MOST_IN], f[MOST_IN];
    for (size_t j = 0; j < e->cols; j++)
        most = fmax(most, e->scale[j]);
    range *= e->transposed && c.by_column ? most : 1;
    memset(e->y, 0, sizeof e->y);
    memset(e->slack, 0, sizeof e->slack);
    e->reads = 0;
    expect_codes(&c, e, x, range, code);
    for (int phase = 0; phase < (two_phase ? 2 : 1); phase++) {
        for (int bit = 0; bit < (c.serial ? c.bits : 1); bit++) {
            for (size_t i = 0; i < e->in; i++) {
                const double one = two_phase ? fmax(phase ? -code[i] : code[i], 0) : code[i];
                f[i] = expect_line(xb, &c, e, i, one, bit);
            }
            expect_read(xb, e, f, (phase ? -1 : 1) * (c.serial ? ldexp(1, bit) / c.levels : 1));
        }
    }
    for (size_t j = 0; j < e->out; j++) {
        const double own = c.by_column ? 1 : e->scale[0];
        const double s = range * (e->transposed ? own : e->scale[j]);
        e->y[j] *= s;
        e->slack[j] *= s;
    }
}

#endif
