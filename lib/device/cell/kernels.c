/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. */
#include "device/cell/kernels.h"
#include "device/cell/step.h"

#include <math.h>

MQC_INLINE float stair(const struct mqc_staircase *stairs, float state, float z) {
    const float y = stairs->last - state;
    const float mean = stairs->mean[0] + y * (stairs->mean[1] + y * stairs->mean[2]);
    const float curve = stairs->sd[1] + y * (stairs->sd[2] + y * stairs->sd[3]),
                sd = stairs->sd[0] + curve * y;
    return mean + (sd > stairs->least ? sd : stairs->least) * z;
}

static uint64_t staircase(const struct mqc_staircase *stairs, size_t n,
                          const float *restrict states, const float *restrict z,
                          float *restrict g) {
    const struct mqc_staircase s = *stairs;
    uint32_t below = 0; /* callers give fewer than 2^32 at once */
    for (size_t i = 0; i < n; i++) {
        const float value = stair(&s, states[i], z[i]);
        below += value < 0.0f;
        g[i] = value;
    }
    return below;
}

static uint64_t staircase_clamped(const struct mqc_staircase *stairs, size_t n,
                                  const float *restrict states, const float *restrict z,
                                  float *restrict g) {
    const struct mqc_staircase s = *stairs;
    uint32_t below = 0;
    for (size_t i = 0; i < n; i++) {
        const float value = stair(&s, states[i], z[i]);
        below += value < 0.0f;
        g[i] = value > 0.0f ? value : 0.0f;
    }
    return below;
}

static uint64_t staircase_cells(const struct mqc_staircase *stairs, float lo, float hi,
                                const struct mqc_cell_arrays *cells, size_t n,
                                const float *restrict states, const float *restrict z,
                                float *restrict g) {
    const struct mqc_staircase s = *stairs;
    const float *restrict own_lo = cells->lo, *restrict own_hi = cells->hi,
                          *restrict noise = cells->noise;
    const float inverse = 1.0f / (hi - lo);
    uint32_t below = 0;
    for (size_t i = 0; i < n; i++) {
        const float mean = stair(&s, states[i], 0.0f), scatter = stair(&s, states[i], z[i]) - mean;
        const float value =
            own_lo[i] + (mean - lo) * inverse * (own_hi[i] - own_lo[i]) + noise[i] * scatter;
        below += value < 0.0f;
        g[i] = value;
    }
    return below;
}

/* What a level draws at z; its quantiles by inverse transform, uniform between neighbours. */
MQC_INLINE float level_draw(const struct mqc_level_table *t, int quantiles, int32_t level,
                            float z) {
    if (!quantiles)
        return t->mean[level] + t->sd[level] * z;
    const float x = z * (float)(t->quantiles - 1);
    const int32_t whole = (int32_t)x, j = whole < t->quantiles - 2 ? whole : t->quantiles - 2;
    const float *const q = t->quantile + (size_t)level * (size_t)t->quantiles + j;
    return q[0] + (x - (float)j) * (q[1] - q[0]);
}

/* quantiles and own are constants where this is inlined. */
MQC_INLINE uint64_t draw_levels(const struct mqc_level_table *table, int quantiles, float lo,
                                float hi, const struct mqc_cell_arrays *cells, int own, size_t n,
                                const float *restrict states, const float *restrict z,
                                float *restrict g) {
    const struct mqc_level_table t = *table;
    const struct mqc_cell_arrays c = own ? *cells : (struct mqc_cell_arrays){0};
    const float *restrict own_lo = c.lo, *restrict own_hi = c.hi, *restrict noise = c.noise;
    const float inverse = 1.0f / (hi - lo);
    uint32_t below = 0;
    for (size_t i = 0; i < n; i++) {
        const int32_t level = (int32_t)states[i] - 1;
        float value = level_draw(&t, quantiles, level, z[i]);
        if (own) {
            const float mean = t.mean[level], scatter = value - mean;
            value =
                own_lo[i] + (mean - lo) * inverse * (own_hi[i] - own_lo[i]) + noise[i] * scatter;
        }
        below += value < 0.0f;
        g[i] = value;
    }
    return below;
}

static uint64_t levels(const struct mqc_level_table *t, float lo, float hi,
                       const struct mqc_cell_arrays *cells, size_t n, const float *states,
                       const float *z, float *g) {
    if (t->quantiles > 0)
        return cells ? draw_levels(t, 1, lo, hi, cells, 1, n, states, z, g)
                     : draw_levels(t, 1, lo, hi, cells, 0, n, states, z, g);
    return cells ? draw_levels(t, 0, lo, hi, cells, 1, n, states, z, g)
                 : draw_levels(t, 0, lo, hi, cells, 0, n, states, z, g);
}

static int states_of(size_t n, const int32_t *restrict levels, int32_t last,
                     float *restrict states) {
    uint32_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        bad |= (uint32_t)(levels[i] < 1) | (uint32_t)(levels[i] > last);
        states[i] = (float)levels[i];
    }
    return bad != 0;
}

/* kind, direction, own, noisy and burst are constants where this is inlined: each combination is a loop
 * of its own. A burst is |directions[i]| pulses at once, each with the step at the middle of the burst:
 * exact to second order in the step. */
MQC_INLINE void loop(const struct mqc_pulse *pulse, const struct mqc_cell_arrays *cells, size_t n,
                     enum mqc_pulse_kind kind, int direction, int own, int noisy, int burst,
                     const float *restrict directions, const float *restrict z, float *restrict g) {
    const struct mqc_pulse p = *pulse;
    const struct mqc_cell_arrays c = own ? *cells : (struct mqc_cell_arrays){0};
    const float *restrict los = c.lo, *restrict his = c.hi, *restrict ups = c.up,
                          *restrict downs = c.down;
    const float *restrict shape_ups = c.shape_up, *restrict shape_downs = c.shape_down,
                          *restrict noises = c.noise;
    for (size_t i = 0; i < n; i++) {
        const float lo = own ? los[i] : p.lo, hi = own ? his[i] : p.hi, was = g[i];
        const int up = direction ? direction > 0 : directions[i] > 0.0f;
        const struct mqc_pulse_law w = choose(up, &p.up, &p.down);
        const float step = own ? either(up, ups[i], downs[i]) : w.step,
                    shape = own ? either(up, shape_ups[i], shape_downs[i]) : w.shape;
        float x = was < lo ? lo : was;
        x = x > hi ? hi : x;
        const float inverse = 1.0f / (hi - lo), y = (up ? x - lo : hi - x) * inverse;
        float f = step_of(kind, &w, step, shape, y, x), count = 1.0f;
        if (burst) {
            count = up ? directions[i] : -directions[i];
            const float half = 0.5f * (count - 1.0f) * f, middle = y + half * inverse;
            f = step_of(kind, &w, step, shape, middle < 1.0f ? middle : 1.0f,
                        up ? x + half : x - half);
        }
        float next = up ? x + count * f : x - count * f;
        if (kind == MQC_PULSE_GRID) {
            const float gone = mqc_round((up ? x - lo : hi - x) / f * p.grid) / p.grid;
            next = up ? lo + (gone + count) * f : hi - (gone + count) * f;
        }
        if (noisy) {
            const float variance = p.absolute + p.relative * (x * x) + p.step * (f * f);
            const float sd = sqrtf(burst ? count * variance : variance);
            next += (own ? noises[i] * sd : sd) * z[i];
        }
        next = next < lo ? lo : next;
        next = next > hi ? hi : next;
        g[i] = direction || directions[i] != 0.0f ? next : was;
    }
}

#define NOISY(kind, direction, own, burst)                                   \
    (z ? loop(p, cells, n, kind, direction, own, 1, burst, directions, z, g) \
       : loop(p, cells, n, kind, direction, own, 0, burst, directions, z, g))
#define OWN(kind, direction, burst) \
    (cells ? NOISY(kind, direction, 1, burst) : NOISY(kind, direction, 0, burst))
#define PULSE(name, kind)                                                                      \
    static void name(const struct mqc_pulse *p, const struct mqc_cell_arrays *cells, size_t n, \
                     int direction, const float *directions, const float *z, float *g) {       \
        if (direction > 0)                                                                     \
            OWN(kind, 1, 0);                                                                   \
        else if (direction < 0)                                                                \
            OWN(kind, -1, 0);                                                                  \
        else                                                                                   \
            OWN(kind, 0, 0);                                                                   \
    }                                                                                          \
    static void name##_burst(const struct mqc_pulse *p, const struct mqc_cell_arrays *cells,   \
                             size_t n, const float *directions, const float *z, float *g) {    \
        OWN(kind, 0, 1);                                                                       \
    }

PULSE(pulse_affine, MQC_PULSE_AFFINE)
PULSE(pulse_power, MQC_PULSE_POWER)
PULSE(pulse_exponential, MQC_PULSE_EXPONENTIAL)
PULSE(pulse_table, MQC_PULSE_TABLE)
PULSE(pulse_grid, MQC_PULSE_GRID)

static void pulse(const struct mqc_pulse *p, const struct mqc_cell_arrays *cells, size_t n,
                  int direction, const float *directions, const float *z, float *g) {
    static void (*const kinds[])(const struct mqc_pulse *, const struct mqc_cell_arrays *, size_t,
                                 int, const float *, const float *, float *) = {
        pulse_affine, pulse_power, pulse_exponential, pulse_table, NULL, pulse_grid};
    kinds[p->kind](p, cells, n, direction, directions, z, g);
}

static void pulse_burst(const struct mqc_pulse *p, const struct mqc_cell_arrays *cells, size_t n,
                        const float *counts, const float *z, float *g) {
    static void (*const kinds[])(const struct mqc_pulse *, const struct mqc_cell_arrays *, size_t,
                                 const float *, const float *, float *) = {
        pulse_affine_burst, pulse_power_burst, pulse_exponential_burst, pulse_table_burst, NULL,
        pulse_grid_burst};
    kinds[p->kind](p, cells, n, counts, z, g);
}

static void lognormal(size_t n, float s, const float *restrict z, float *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = mqc_exp(s * z[i] - 0.5f * s * s);
}

MQC_INLINE void steps_of(size_t n, double asymmetry, double spread, const float *restrict z,
                         int varies, double sign, const double *restrict step,
                         const float *restrict factor, float *restrict out) {
    const double most = 0.99;
    for (size_t i = 0; i < n; i++) {
        double a = asymmetry + (varies ? spread * (double)z[i] : 0);
        a = a < -most ? -most : a;
        a = a > most ? most : a;
        out[i] = (float)(step[i] * (double)factor[i] * (1 + sign * a));
    }
}

static void own_steps(size_t n, double asymmetry, double spread, const float *z, double sign,
                      const double *step, const float *factor, float *out) {
    if (z)
        steps_of(n, asymmetry, spread, z, 1, sign, step, factor, out);
    else
        steps_of(n, asymmetry, 0, NULL, 0, sign, step, factor, out);
}

static int outside(size_t n, const float *restrict x, float lo, float hi) {
    uint32_t bad = 0;
    for (size_t i = 0; i < n; i++)
        bad |= (uint32_t) !(x[i] >= lo) | (uint32_t) !(x[i] <= hi);
    return bad != 0;
}

enum { LANES = 8 };

static double energy(size_t n, const float *restrict directions, double up, double down,
                     const float *restrict before, const float *restrict after) {
    double sum[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (size_t j = 0; j < LANES; j++) {
            const double factor =
                (directions[i + j] > 0.0f ? up : -down) * (double)directions[i + j];
            sum[j] += factor * ((double)before[i + j] + (double)after[i + j]);
        }
    for (; i < n; i++)
        sum[0] += (directions[i] > 0.0f ? up : -down) * (double)directions[i] *
                  ((double)before[i] + (double)after[i]);
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

const struct mqc_device_kernels MQC_KERNEL(mqc_device_kernels) = {
    staircase,   staircase_clamped, states_of, staircase_cells, levels, pulse,
    pulse_burst, lognormal,         own_steps, outside,         energy,
};
