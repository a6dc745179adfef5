/* SPDX-License-Identifier: BSD-3-Clause */
/* For the tests of reads through converters: arrays, inputs, and a plain rendering in double precision of "How an array is read" in
 * crossbar.h, without noise. */
#ifndef MEMQC_TESTS_CONVERTERS_H
#define MEMQC_TESTS_CONVERTERS_H

#include "test.h"

#include "rng/rng.h"

#include <math.h>

#define XB(name) MEMQC_CROSSBAR_##name

enum { MOST_IN = 80, MOST_CELLS = MOST_IN * MOST_IN, MOST_BATCH = 64 };

struct setting {
    int32_t key;
    double value;
};

static inline void apply(memqc_crossbar *xb, const struct setting *settings, size_t n) {
    for (size_t i = 0; i < n && settings[i].key; i++)
        OK(memqc_crossbar_set(xb, settings[i].key, settings[i].value));
}

static inline double value_of(const memqc_crossbar *xb, int32_t key) {
    double value;
    OK(memqc_crossbar_get(xb, key, &value));
    return value;
}

static inline uint64_t count_of(const memqc_crossbar *xb, int32_t counter) {
    uint64_t value;
    OK(memqc_crossbar_count(xb, counter, &value));
    return value;
}

static inline double cost_of(const memqc_crossbar *xb, int32_t cost) {
    double value;
    OK(memqc_crossbar_cost(xb, cost, &value));
    return value;
}

static inline void fill(uint64_t draw, size_t n, float *x) {
    const struct mqc_rng rng = mqc_rng_make(99, MQC_STREAM_INIT);
    mqc_rng_kernels()->normal(&rng, 0, draw, n, x);
}

/* A programmed array of sample A, weights of sd 0.4. */
static inline memqc_crossbar *make_array(size_t rows, size_t cols, int32_t mapping, int32_t normalization) {
    memqc_device *device;
    memqc_crossbar *xb;
    float *w = calloc(rows * cols, sizeof *w);
    OK(memqc_device_create_preset("hfox-a", &device));
    OK(memqc_crossbar_create(device, rows, cols, &xb));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_set(xb, XB(MAPPING), mapping));
    OK(memqc_crossbar_set(xb, XB(NORMALIZATION), normalization));
    OK(memqc_crossbar_seed(xb, 8));
    fill(1, rows * cols, w);
    for (size_t i = 0; i < rows * cols; i++)
        w[i] *= 0.4f;
    OK(memqc_crossbar_program(xb, w, cols));
    free(w);
    return xb;
}

static inline void product(memqc_crossbar *xb, int transposed, size_t batch, const float *x, size_t ldx, float *y, size_t ldy) {
    if (transposed)
        OK(memqc_crossbar_mac_transposed(xb, batch, x, ldx, y, ldy));
    else
        OK(memqc_crossbar_mac(xb, batch, x, ldx, y, ldy));
}

/* --- the rendering --- */

/* What is known of an array and its converters, and what a product of one vector gives. */
struct expected {
    size_t rows, cols, in, out, planes;
    int transposed;
    double g[2][MOST_CELLS], scale[MOST_IN];
    double range[2][MOST_IN][MOST_IN]; /* A, by source, tile, output: where it is calibrated */
    int calibrated;

    double y[MOST_IN], slack[MOST_IN]; /* slack: steps of conversions that are too near to a tie to say */
    uint64_t conversions, ties, saturated, clipped, reads;
    double energy;                                        /* J */
    double seen[2][MOST_IN][MOST_IN][2 * 16], most_of_in; /* A, what each ADC saw in each read */
};

static inline void expect_array(const memqc_crossbar *xb, int transposed, struct expected *e) {
    static float g[MOST_CELLS], w[MOST_CELLS];
    const double middle = 8.25 * MEMQC_G0, span = 15.5 * MEMQC_G0;
    memset(e, 0, sizeof *e);
    OK(memqc_crossbar_shape(xb, &e->rows, &e->cols, &e->planes));
    e->transposed = transposed;
    e->in = transposed ? e->cols : e->rows;
    e->out = transposed ? e->rows : e->cols;
    for (size_t p = 0; p < e->planes; p++) {
        OK(memqc_crossbar_get_conductances(xb, p, g, e->cols));
        for (size_t i = 0; i < e->rows * e->cols; i++)
            e->g[p][i] = (double)g[i];
    }
    OK(memqc_crossbar_get_weights(xb, w, e->cols)); /* the scale, from a weight that is not small */
    for (size_t j = 0; j < e->cols; j++) {
        double most = 0;
        for (size_t i = 0; i < e->rows; i++) {
            const size_t k = i * e->cols + j;
            const double unit = e->planes == 1 ? (e->g[0][k] - middle) / (span / 2) : (e->g[0][k] - e->g[1][k]) / span;
            if (fabs(unit) > most) {
                most = fabs(unit);
                e->scale[j] = (double)w[k] / unit;
            }
        }
    }
}

static inline double g_of(const struct expected *e, size_t plane, size_t in, size_t out) {
    return e->g[plane][e->transposed ? out * e->cols + in : in * e->cols + out];
}

/* One conversion: an ADC's answer to amps, in amperes. */
static inline double adc(struct expected *e, double amps, double range, int bits, int one_sided, double *slack) {
    const double hi = one_sided ? ldexp(1, bits) - 1 : ldexp(1, bits - 1) - 1, lo = one_sided ? 0 : -hi;
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

/* One read: fractions v of READ_VOLTAGE on the inputs; the result times weight is added. f(v) where the curve bends. */
static inline void expect_read(const memqc_crossbar *xb, struct expected *e, const double *f, double weight) {
    const double volts = value_of(xb, XB(READ_VOLTAGE)), middle = 8.25 * MEMQC_G0, top = 16 * MEMQC_G0, span = 15.5 * MEMQC_G0;
    const int bits = (int)value_of(xb, XB(ADC_BITS)), senses = (int)value_of(xb, XB(ADC_SENSES)), mode = (int)value_of(xb, XB(ADC_RANGE));
    const int current = senses == XB(SENSES_CURRENT) || (senses == XB(SENSES_MAPPED) && e->planes == 1);
    const int one_sided = current && value_of(xb, XB(INPUT_FORMAT)) != XB(FORMAT_BIPOLAR);
    const double limit = value_of(xb, e->transposed ? XB(TILE_COLS) : XB(TILE_ROWS));
    const size_t tile = limit > 0 && limit < (double)e->in ? (size_t)limit : e->in;
    const double worst = (double)tile * volts * (current ? top : e->planes == 2 ? span : span / 2);
    const double s = e->planes == 1 ? 2 / span : 1 / span;
    for (size_t j = 0; j < e->out; j++) {
        for (size_t t = 0; t * tile < e->in; t++) {
            double sum[2] = {0, 0}, inputs = 0, result = 0;
            for (size_t i = t * tile; i < e->in && i < (t + 1) * tile; i++) {
                inputs += f[i] * volts;
                for (size_t p = 0; p < e->planes; p++)
                    sum[p] += f[i] * volts * g_of(e, p, i, j);
            }
            for (size_t source = 0; source < (current ? e->planes : 1); source++) {
                const double amps = current ? sum[source] : e->planes == 2 ? sum[0] - sum[1] : sum[0] - middle * inputs;
                const double range = mode == XB(RANGE_AMPERES)      ? value_of(xb, XB(ADC_CURRENT))
                                     : mode == XB(RANGE_WORST_CASE) ? worst * value_of(xb, XB(ADC_FRACTION))
                                                                    : e->range[source][t][j];
                double slack = 0;
                e->seen[source][t][j][e->reads] = amps;
                result += (source ? -1 : 1) * adc(e, amps, range, bits, one_sided, &slack);
                e->slack[j] += fabs(weight) * s * slack / volts;
            }
            if (current && e->planes == 1)
                result -= middle * inputs;
            e->y[j] += weight * s * result / volts;
        }
    }
    e->reads++;
}

static inline double bent(double v, double a, double volts) {
    return a > 0 ? sinh(a * v * volts) / sinh(a * volts) : v;
}

/* Adds V I t of the cells of input i. */
static inline void expect_energy(const memqc_crossbar *xb, struct expected *e, size_t i, double v, double f) {
    const double volts = value_of(xb, XB(READ_VOLTAGE));
    for (size_t p = 0; p < e->planes; p++)
        for (size_t j = 0; j < e->out; j++)
            e->energy += fabs(v * f) * volts * volts * g_of(e, p, i, j) * value_of(xb, XB(READ_TIME));
}

/* The product of one vector. */
static inline void expect_product(const memqc_crossbar *xb, struct expected *e, const float *x) {
    const int format = (int)value_of(xb, XB(INPUT_FORMAT)), coding = (int)value_of(xb, XB(INPUT_CODING)), dac = (int)value_of(xb, XB(DAC_BITS));
    const int bits = dac - (dac > 0 && format != XB(FORMAT_UNSIGNED)), serial = coding == XB(CODING_BIT_SERIAL);
    const double volts = value_of(xb, XB(READ_VOLTAGE)), a = coding == XB(CODING_PULSE_WIDTH) ? 0 : value_of(xb, XB(IV_NONLINEARITY));
    const double levels = ldexp(1, bits) - 1;
    double range = value_of(xb, XB(INPUT_RANGE)), most = 0, code[MOST_IN], f[MOST_IN];
    for (size_t j = 0; j < e->cols; j++)
        most = fmax(most, e->scale[j]);
    const int by_column = value_of(xb, XB(NORMALIZATION)) == XB(NORMALIZATION_COLUMN);
    range *= e->transposed && by_column ? most : 1;
    memset(e->y, 0, sizeof e->y);
    memset(e->slack, 0, sizeof e->slack);
    e->reads = 0;
    for (size_t i = 0; i < e->in; i++) { /* in whole steps, or as a fraction */
        const double u = (double)x[i] * (e->transposed ? e->scale[i] : 1) / (e->transposed && !by_column ? e->scale[i] : 1) / range;
        const double low = format == XB(FORMAT_UNSIGNED) ? 0 : dac ? -1 : -INFINITY, high = dac ? 1 : INFINITY;
        const double k = dac ? rint(u * levels) / levels : u;
        e->clipped += k < low || k > high;
        code[i] = fmin(high, fmax(low, k)) * (dac ? levels : 1);
    }
    for (int phase = 0; phase < (format == XB(FORMAT_TWO_PHASE) ? 2 : 1); phase++) {
        for (int bit = 0; bit < (serial ? bits : 1); bit++) {
            for (size_t i = 0; i < e->in; i++) {
                const double c = format != XB(FORMAT_TWO_PHASE) ? code[i] : fmax(phase ? -code[i] : code[i], 0);
                const double sign = c < 0 ? -1 : 1;
                if (serial) {
                    f[i] = (long)fabs(rint(c)) >> bit & 1 ? sign : 0;
                    expect_energy(xb, e, i, f[i], f[i]);
                } else if (coding == XB(CODING_BIT_PARALLEL)) {
                    f[i] = 0;
                    for (int b = 0; b < bits; b++) {
                        const double v = (long)fabs(rint(c)) >> b & 1 ? sign * ldexp(1, b) / levels : 0;
                        f[i] += bent(v, a, volts);
                        expect_energy(xb, e, i, v, bent(v, a, volts));
                    }
                } else {
                    const double v = dac ? c / levels : c;
                    f[i] = bent(v, a, volts);
                    expect_energy(xb, e, i, coding == XB(CODING_PULSE_WIDTH) ? 1 : v, f[i]);
                }
            }
            expect_read(xb, e, f, (phase ? -1 : 1) * (serial ? ldexp(1, bit) / levels : 1));
        }
    }
    for (size_t j = 0; j < e->out; j++) {
        const double s = range * (e->transposed ? (by_column ? 1 : e->scale[0]) : e->scale[j]);
        e->y[j] *= s;
        e->slack[j] *= s;
    }
}

#endif
