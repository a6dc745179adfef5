/* SPDX-License-Identifier: BSD-3-Clause */
/* Device to device: what a cell keeps for life, a pure function of (seed, cell). Factors are
 * log-normal with mean 1, so that no conductance and no step turns negative however wide the
 * spread; only the asymmetry, which has a sign, is normal. */
#include "core/error.h"
#include "device/cell/inside.h"
#include "device/effects/effects.h"
#include "rng/rng.h"

#include <math.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

/* Attempt numbers of MQC_STREAM_CELL: frozen. */
enum quantity { Q_HI, Q_LO, Q_STEP, Q_ASYMMETRY, Q_SHAPE_UP, Q_SHAPE_DOWN, Q_NOISE };

void mqc_draws_normals(const struct mqc_draws *where, uint32_t stream, size_t first, size_t n,
                       uint64_t later, float *z) {
    const struct mqc_rng rng = mqc_rng_make(where->seed, stream);
    uint64_t draws[CHUNK];
    if (!where->cells) {
        mqc_rng_kernels()->normal(&rng, where->cell + first, where->draw + later, n, z);
        return;
    }
    if (later == 0) {
        mqc_rng_kernels()->normal_list(&rng, where->cells + first, where->draws + first, n, z);
        return;
    }
    for (size_t i = 0; i < n; i += CHUNK) {
        const size_t m = n - i < CHUNK ? n - i : CHUNK;
        for (size_t j = 0; j < m; j++)
            draws[j] = where->draws[first + i + j] + later;
        mqc_rng_kernels()->normal_list(&rng, where->cells + first + i, draws, m, z + i);
    }
}

int mqc_device_varies(const memqc_device *d) {
    for (int32_t key = MEMQC_DEVICE_D2D_G_MAX; key <= MEMQC_DEVICE_D2D_NOISE; key++)
        if (d->value[key] > 0)
            return 1;
    return 0;
}

struct mqc_cell_arrays mqc_cell_arrays_in(float *block, size_t n) {
    const struct mqc_cell_arrays cells = {block,         block + n,     block + 2 * n,
                                          block + 3 * n, block + 4 * n, block + 5 * n,
                                          block + 6 * n};
    return cells;
}

struct mqc_cell_arrays mqc_cell_arrays_from(const struct mqc_cell_arrays *c, size_t first) {
    const struct mqc_cell_arrays cells = {
        c->lo + first,       c->hi + first,         c->up + first,   c->down + first,
        c->shape_up + first, c->shape_down + first, c->noise + first};
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
    factors(where, Q_LO, d->value[MEMQC_DEVICE_D2D_G_MIN], first, n, lo);
    factors(where, Q_HI, d->value[MEMQC_DEVICE_D2D_G_MAX], first, n, hi);
    for (size_t i = 0; i < n; i++) {
        lo[i] *= g_min;
        hi[i] *= g_max;
        hi[i] = hi[i] < lo[i] + least ? lo[i] + least : hi[i];
    }
}

static void steps(const memqc_device *d, const struct mqc_draws *where, size_t first, size_t n,
                  const struct mqc_cell_arrays *out) {
    const double *v = d->value;
    float factor[CHUNK], asymmetry[CHUNK];
    factors(where, Q_STEP, v[MEMQC_DEVICE_D2D_STEP], first, n, factor);
    factors(where, Q_SHAPE_UP, v[MEMQC_DEVICE_D2D_SHAPE], first, n, out->shape_up);
    factors(where, Q_SHAPE_DOWN, v[MEMQC_DEVICE_D2D_SHAPE], first, n, out->shape_down);
    if (v[MEMQC_DEVICE_D2D_ASYMMETRY] > 0)
        normals(where, Q_ASYMMETRY, first, n, asymmetry);
    for (size_t i = 0; i < n; i++) {
        const double spread = v[MEMQC_DEVICE_D2D_ASYMMETRY];
        double a = v[MEMQC_DEVICE_ASYMMETRY] + (spread > 0 ? spread * (double)asymmetry[i] : 0);
        a = fmin(fmax(a, -0.99), 0.99);
        for (int down = 0; down < 2; down++) {
            float *const shape = down ? out->shape_down : out->shape_up, *const step =
                                                                             down ? out->down
                                                                                  : out->up;
            struct mqc_step_law way = {d->way[down].step, d->way[down].shape * (double)shape[i]};
            if (d->ops->vary)
                way = d->ops->vary(d, down, (double)out->hi[i] - (double)out->lo[i],
                                   (double)shape[i]);
            else
                way.step = d->way[down].step /
                           (down ? 1 - v[MEMQC_DEVICE_ASYMMETRY] : 1 + v[MEMQC_DEVICE_ASYMMETRY]);
            step[i] = (float)(way.step * (double)factor[i] * (down ? 1 - a : 1 + a));
            shape[i] = (float)way.shape;
        }
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
        factors(where, Q_NOISE, d->value[MEMQC_DEVICE_D2D_NOISE], first, m, part.noise);
    }
}

/* --- read back --- */

struct view {
    const memqc_device *d;
    const struct mqc_cell_arrays *c;
    size_t i;
    int32_t key;
};

/* The value of a key for one cell; the curvature of NEUROSIM is given back as its label. */
static double value_of(const struct view *v) {
    const double up = (double)v->c->up[v->i], down = (double)v->c->down[v->i];
    switch (v->key) {
    case MEMQC_DEVICE_G_MAX:
        return (double)v->c->hi[v->i];
    case MEMQC_DEVICE_G_MIN:
        return (double)v->c->lo[v->i];
    case MEMQC_DEVICE_STEP:
        return 0.5 * (up + down);
    case MEMQC_DEVICE_ASYMMETRY:
        return up + down > 0 ? (up - down) / (up + down) : 0;
    case MEMQC_DEVICE_SLOPE_UP:
    case MEMQC_DEVICE_GAMMA_UP:
    case MEMQC_DEVICE_POWER_UP:
        return (double)v->c->shape_up[v->i];
    case MEMQC_DEVICE_SLOPE_DOWN:
    case MEMQC_DEVICE_GAMMA_DOWN:
    case MEMQC_DEVICE_POWER_DOWN:
        return (double)v->c->shape_down[v->i];
    case MEMQC_DEVICE_NL_UP:
        return mqc_neurosim_label((double)v->c->shape_up[v->i]);
    case MEMQC_DEVICE_NL_DOWN:
        return -mqc_neurosim_label((double)v->c->shape_down[v->i]);
    default: /* noise */
        return (double)v->c->noise[v->i] * v->d->ops->get(v->d, v->key);
    }
}

static int varies(int32_t key) {
    static const int32_t keys[] = {
        MEMQC_DEVICE_G_MAX,    MEMQC_DEVICE_G_MIN,        MEMQC_DEVICE_SIGMA,
        MEMQC_DEVICE_STEP,     MEMQC_DEVICE_ASYMMETRY,    MEMQC_DEVICE_SLOPE_UP,
        MEMQC_DEVICE_GAMMA_UP, MEMQC_DEVICE_SLOPE_DOWN,   MEMQC_DEVICE_GAMMA_DOWN,
        MEMQC_DEVICE_POWER_UP, MEMQC_DEVICE_POWER_DOWN,   MEMQC_DEVICE_NL_UP,
        MEMQC_DEVICE_NL_DOWN,  MEMQC_DEVICE_C2C_ABSOLUTE, MEMQC_DEVICE_C2C_RELATIVE,
        MEMQC_DEVICE_C2C_STEP,
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i] == key)
            return 1;
    return 0;
}

memqc_status memqc_device_cells(const memqc_device *device, int32_t key, uint64_t cell, size_t n,
                                float *values) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(values);
    MQC_TRY(mqc_params_known(&mqc_device_params, key));
    MQC_TRY(mqc_device_check_cells(__func__, cell, n));
    const int effect = mqc_device_effect_varies(key);
    if (!(effect || varies(key)) || !mqc_device_uses(device->ops->model, key) ||
        (key == MEMQC_DEVICE_STEP && !device->ops->pulsed))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: %s is nothing that a cell of the model \"%s\" has of its own",
                        __func__, mqc_device_params.param[key - 1].name, device->ops->name);
    float block[MQC_CELL_ARRAYS * CHUNK];
    const struct mqc_cell_arrays cells = mqc_cell_arrays_in(block, CHUNK);
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        const struct mqc_draws where = {device->seed, cell + first, 0, NULL, NULL};
        if (effect) {
            mqc_device_effect_values(device, key, &where, m, values + first);
            continue;
        }
        mqc_device_cell_arrays(device, &where, m, &cells);
        for (size_t i = 0; i < m; i++) {
            const struct view view = {device, &cells, i, key};
            values[first + i] = (float)value_of(&view);
        }
    }
    return MEMQC_OK;
}
