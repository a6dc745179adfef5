/* SPDX-License-Identifier: BSD-3-Clause */
/* Device to device: what a cell keeps for life, a pure function of (seed, cell). Factors are
 * log-normal with mean 1, so that no conductance and no step turns negative however wide the
 * spread; only the asymmetry, which has a sign, is normal. */
#include "device/cell/spread.h"
#include "rng/rng.h"

#include <math.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

/* Attempt numbers of MQC_STREAM_CELL: frozen. */
enum quantity { Q_HI, Q_LO, Q_STEP, Q_ASYMMETRY, Q_SHAPE_UP, Q_SHAPE_DOWN, Q_NOISE, Q_TABLE };

/* Does each cell draw one of several tables of jumps? */
static int draws_tables(const memqc_device *d) {
    return d->jumps && d->jumps->n > 1;
}

int mqc_device_varies(const memqc_device *d) {
    for (int32_t key = MEMQC_DEVICE_D2D_G_MAX; key <= MEMQC_DEVICE_D2D_NOISE; key++)
        if (mqc_device_value(d, key) > 0)
            return 1;
    return draws_tables(d);
}

int mqc_device_shapes_vary(const memqc_device *d) {
    return d->value[MQC_DEVICE_AT(D2D_SHAPE)] > 0 || draws_tables(d);
}

unsigned mqc_device_varying_arrays(const memqc_device *d) {
    const double *v = d->value;
    const int lo = v[MQC_DEVICE_AT(D2D_G_MIN)] > 0, hi = lo || v[MQC_DEVICE_AT(D2D_G_MAX)] > 0;
    const int bent = d->ops->by_window && (hi || v[MQC_DEVICE_AT(D2D_SHAPE)] > 0);
    const int shapes = mqc_device_shapes_vary(d);
    const int steps = bent || v[MQC_DEVICE_AT(D2D_STEP)] > 0 || v[MQC_DEVICE_AT(D2D_ASYMMETRY)] > 0;
    const int noise = v[MQC_DEVICE_AT(D2D_NOISE)] > 0;
    const int varies[MQC_CELL_ARRAYS] = {lo, hi, steps, steps, shapes, shapes, noise};
    unsigned bits = 0;
    for (unsigned a = 0; a < MQC_CELL_ARRAYS; a++)
        bits |= varies[a] ? 1u << a : 0;
    return bits;
}

struct mqc_cell_arrays mqc_cell_arrays_in(float *block, size_t n) {
    const struct mqc_cell_arrays cells = {block,         block + n,     block + 2 * n,
                                          block + 3 * n, block + 4 * n, block + 5 * n,
                                          block + 6 * n};
    return cells;
}

unsigned mqc_device_used_arrays(const memqc_device *device) {
    enum { LO = 1 << 0, HI = 1 << 1, NOISE = 1 << 6, ALL = (1 << MQC_CELL_ARRAYS) - 1 };
    return device->ops->pulsed ? ALL : LO | HI | NOISE;
}

/* Quantized cells have no steps: NULL stays NULL, since C does not define NULL + 0. */
static float *from(float *array, size_t first) {
    return array ? array + first : NULL;
}

struct mqc_cell_arrays mqc_cell_arrays_from(const struct mqc_cell_arrays *c, size_t first) {
    const struct mqc_cell_arrays cells = {c->lo + first,
                                          c->hi + first,
                                          from(c->up, first),
                                          from(c->down, first),
                                          from(c->shape_up, first),
                                          from(c->shape_down, first),
                                          c->noise + first};
    return cells;
}

/* The normal numbers of a quantity, which never change: draw number 0 whatever the cells are drawn
 * at. */
static void normals(const struct mqc_draws *where, enum quantity q, size_t first, size_t n,
                    float *z) {
    static const uint64_t zeros[CHUNK];
    const struct mqc_rng rng = mqc_rng_make(where->seed, MQC_STREAM_ATTEMPT(MQC_STREAM_CELL, q));
    if (where->cells)
        mqc_rng_kernels()->normal_list(&rng, where->cells + first, zeros, n, z);
    else
        mqc_rng_kernels()->normal(&rng, where->cell + first, 0, n, z);
}

/* Log-normal factors of mean 1 and standard deviation sd. */
static void factors(const struct mqc_draws *where, enum quantity q, double sd, size_t first,
                    size_t n, float *out) {
    float z[CHUNK];
    if (sd > 0) {
        normals(where, q, first, n, z);
        mqc_device_kernels()->lognormal(n, (float)sqrt(log1p(sd * sd)), z, out);
    } else {
        for (size_t i = 0; i < n; i++)
            out[i] = 1;
    }
}

void mqc_device_windows(const memqc_device *d, const struct mqc_draws *where, size_t first,
                        size_t n, float *lo, float *hi) {
    const float g_min = (float)mqc_device_g_min(d), g_max = (float)mqc_device_g_max(d),
                least = 0.01f * (g_max - g_min);
    factors(where, Q_LO, d->value[MQC_DEVICE_AT(D2D_G_MIN)], first, n, lo);
    factors(where, Q_HI, d->value[MQC_DEVICE_AT(D2D_G_MAX)], first, n, hi);
    for (size_t i = 0; i < n; i++) {
        lo[i] *= g_min;
        hi[i] *= g_max;
        hi[i] = hi[i] < lo[i] + least ? lo[i] + least : hi[i];
    }
}

/* Steps of one direction without the spread of asymmetry; shape[i], a factor, becomes the shape. */
static void laws(const memqc_device *d, int down, size_t n, const struct mqc_cell_arrays *out,
                 float *shape, double *step) {
    const double asymmetry = d->value[MQC_DEVICE_AT(ASYMMETRY)];
    if (d->ops->vary) {
        d->ops->vary(d, down, n, out->lo, out->hi, shape, step);
        return;
    }
    const struct mqc_step_law w = {d->law[down].step / (down ? 1 - asymmetry : 1 + asymmetry),
                                   d->law[down].shape};
    for (size_t i = 0; i < n; i++) {
        shape[i] = (float)(w.shape * (double)shape[i]);
        step[i] = w.step;
    }
}

static void steps(const memqc_device *d, const struct mqc_draws *where, size_t first, size_t n,
                  const struct mqc_cell_arrays *out) {
    const double *v = d->value, spread = v[MQC_DEVICE_AT(D2D_ASYMMETRY)];
    float factor[CHUNK], asymmetry[CHUNK];
    double step[CHUNK];
    factors(where, Q_STEP, v[MQC_DEVICE_AT(D2D_STEP)], first, n, factor);
    factors(where, Q_SHAPE_UP, v[MQC_DEVICE_AT(D2D_SHAPE)], first, n, out->shape_up);
    factors(where, Q_SHAPE_DOWN, v[MQC_DEVICE_AT(D2D_SHAPE)], first, n, out->shape_down);
    if (spread > 0)
        normals(where, Q_ASYMMETRY, first, n, asymmetry);
    for (int down = 0; down < 2; down++) {
        laws(d, down, n, out, down ? out->shape_down : out->shape_up, step);
        mqc_device_kernels()->own_steps(n, v[MQC_DEVICE_AT(ASYMMETRY)], spread,
                                        spread > 0 ? asymmetry : NULL, down ? -1 : 1, step, factor,
                                        down ? out->down : out->up);
    }
}

/* The number of its table takes the place of a cell's shape. */
static void tables(const memqc_device *d, const struct mqc_draws *where, size_t first, size_t n,
                   const struct mqc_cell_arrays *out) {
    const float count = (float)d->jumps->n;
    float u[CHUNK];
    mqc_draws_uniforms(where, MQC_STREAM_ATTEMPT(MQC_STREAM_CELL, Q_TABLE), MQC_FOR_LIFE, first, n,
                       u);
    for (size_t i = 0; i < n; i++) {
        const float number = floorf(u[i] * count);
        out->shape_up[i] = out->shape_down[i] = number < count ? number : count - 1;
    }
}

void mqc_device_cell_arrays(const memqc_device *d, const struct mqc_draws *where, size_t n,
                            const struct mqc_cell_arrays *out) {
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        const struct mqc_cell_arrays part = mqc_cell_arrays_from(out, first);
        mqc_device_windows(d, where, first, m, part.lo, part.hi);
        if (d->ops->pulsed)
            steps(d, where, first, m, &part);
        if (draws_tables(d))
            tables(d, where, first, m, &part);
        factors(where, Q_NOISE, d->value[MQC_DEVICE_AT(D2D_NOISE)], first, m, part.noise);
    }
}
