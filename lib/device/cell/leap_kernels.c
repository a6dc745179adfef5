/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h.
 *
 * A pulse moves a cell by f(x), and f is close to a straight line over a leap: f(x) = f0 - kappa (x -
 * x0). Then each step is r = 1 - kappa times the one before, and after m pulses
 *
 *     mean        x0 + f0 (1 - r^m) / kappa
 *     variance    sum over k < m of r^(2 (m - 1 - k)) times the variance of pulse k's own noise
 *
 * which is exact for constant, linear and soft-bounds steps and for NeuroSim's, whose f is straight;
 * other laws leap less far. A leap ends before a bound could clip one of its pulses, three standard
 * deviations before; near a bound pulses come one by one. */
#include "device/cell/leap_kernels.h"
#include "device/cell/step.h"

#include <math.h>
#include <string.h>

/* How far a leap may go where f is curved: in pulses, in parts of the window, and, also where the noise
 * follows the conductance, in parts of the way over which f falls to 1 / e. */
static const float most_curved = 16.0f, most_part = 0.05f, most_way = 0.2f;

/* The square of the part of what the noise follows, a conductance or the way to a bound, that it may
 * be: products of normal numbers are skewed. */
static const float most_following = 0.05f * 0.05f;

/* Standard deviations of a leap from a bound: 3e-3 of the walks would have touched it, and have been
 * moved by 4e-4 standard deviations in the mean. */
static const float far = 3.0f;

/* Beyond this kappa the series of ln(1 - kappa) is too short. */
static const float most_kappa = 0.25f;

/* ln(1 - k), |k| <= most_kappa, to 3e-7 of it. */
MQC_INLINE float log_of_rest(float k) {
    float y = 1.0f / 8.0f;
    y = y * k + 1.0f / 7.0f;
    y = y * k + 1.0f / 6.0f;
    y = y * k + 1.0f / 5.0f;
    y = y * k + 1.0f / 4.0f;
    y = y * k + 1.0f / 3.0f;
    y = y * k + 1.0f / 2.0f;
    return -k * (y * k + 1.0f);
}

/* e^u - 1 without the cancellation of small u. */
MQC_INLINE float exp_less_1(float u) {
    const float near = mqc_exp_curve(u) * (u * u) + u, wide = mqc_exp(u) - 1.0f;
    return fabsf(u) < 0.34f ? near : wide;
}

/* The sum over k < m of (1 - r^k) / kappa: how far the pulses of a leap begin from where it does, in
 * steps. */
MQC_INLINE float sum_of_ways(float m, float kappa, float ways) {
    const float v = kappa * m, next = (m - 3.0f) * (1.0f / 4.0f), pairs = 0.5f * m * (m - 1.0f);
    const float series =
        1.0f - kappa * ((m - 2.0f) * (1.0f / 3.0f)) *
                   (1.0f - kappa * next * (1.0f - kappa * ((m - 4.0f) * (1.0f / 5.0f))));
    return fabsf(v) < 0.2f ? pairs * series : (m - ways) / kappa;
}

/* A cell before a leap. */
struct cell {
    float lo, hi, x, step, shape, noise, left;
    int up;
};

/* The same, told from the bound that it leaves: up and down are alike. */
struct from {
    float behind, ahead;      /* S, to the bounds */
    float f, most_f, bound_f; /* S, of a pulse: here, on the way, at the bound ahead */
    float variance, most_variance, bounds_variance; /* of a pulse's noise, likewise */
    float kappa,
        tried; /* as it is over so many pulses, in which the law may be taken for straight */
};

MQC_INLINE float noise_at(const struct mqc_pulse *p, float own_noise, float x, float f) {
    return own_noise * own_noise * (p->absolute + p->relative * (x * x) + p->step * (f * f));
}

MQC_INLINE float lesser(float a, float b) {
    return a < b ? a : b;
}

/* After how many pulses the bound ahead is `far` standard deviations away: m f + far sd sqrt(m) =
 * ahead. */
MQC_INLINE float till_ahead(const struct from *at) {
    const float sd = sqrtf(at->most_variance), tiny = 1e-30f;
    const float root =
        2.0f * at->ahead /
        (far * sd + sqrtf(far * far * at->most_variance + 4.0f * at->most_f * at->ahead) + tiny);
    return root * root;
}

/* How many pulses the bound behind is out of reach for: all, where the cell leaves it faster than it
 * spreads, and comes back with a probability of exp(-6). */
MQC_INLINE float till_behind(const struct from *at, float left) {
    const float root = at->behind / (far * sqrtf(at->most_variance) + 1e-30f);
    const int leaves = 2.0f * at->f * (at->behind + at->f) >= 6.0f * at->variance;
    return leaves ? left : root * root;
}

/* Pulses that press a cell against the bound ahead make it forget where it was, by exp(-f^2 / (2
 * sd^2)) each, f and sd as they are at the bound. Returns how many of them need not be sent: all but
 * the last ones, which leave exp(-10). None where f changes on the way that noise takes the cell back
 * from the bound. */
MQC_INLINE float forgotten(const struct from *at, float left) {
    const float step = lesser(at->f, at->bound_f) + 1e-18f, pulses = 2.0f + at->ahead / step,
                memory = pulses + 20.0f * at->bounds_variance / (step * step);
    const float rest = left - memory;
    return rest > 0.0f && fabsf(at->kappa) * memory < 0.1f ? floorf(rest) : 0.0f;
}

/* How far from that bound it is in the mean meanwhile: the mean of the largest of all sums of normal
 * numbers of negative mean, Siegmund, Sequential Analysis (1985), 10.4, in the terms that Chang and
 * Peres give (Ann. Probab. 25 (1997) 787). */
MQC_INLINE float lag(const struct from *at) {
    const float sd = sqrtf(at->bounds_variance), drift = at->bound_f / (sd + 1e-18f);
    const float mean = 0.5f / (drift + 1e-6f) - 0.582597f + 0.25f * drift;
    return drift < 2.0f ? sd * mean : 0.0f;
}

/* What a leap does. */
struct leap {
    float way, variance;
    float path; /* the sum over its pulses of the ways before and after each */
};

MQC_INLINE struct leap leap_of(const struct mqc_pulse *p, int noisy, int up, float own_noise,
                               float x, const struct from *at, float m) {
    const float kappa = at->kappa, u = m * log_of_rest(kappa), less = exp_less_1(u);
    /* A single pulse may be so coarse that kappa has no logarithm. */
    const int plain = m == 1.0f || fabsf(kappa) < 1e-20f;
    const float rest = 1.0f + less, ways = plain ? m : -less / kappa;
    const float between = plain ? 0.5f * m * (m - 1.0f) : sum_of_ways(m, kappa, ways);
    struct leap leap = {at->f * ways, 0, 0};
    leap.path = 2.0f * at->f * between + leap.way;
    if (noisy) {
        const float last = rest / (1.0f - kappa), last_f = at->f * last, root = sqrtf(rest);
        const float all = ways * (1.0f + rest) / (2.0f - kappa);
        const float half = leap.way / (1.0f + root);
        const float middle = up ? x + half : x - half, end = up ? x + leap.way : x - leap.way;
        /* Simpson's rule for noise that follows the conductance. */
        const float by_x =
            m * (1.0f / 6.0f) * (rest * rest * x * x + 4.0f * rest * middle * middle + end * end);
        const float several =
            p->absolute * all + p->relative * by_x + p->step * m * (last_f * last_f);
        leap.variance =
            m > 1.0f ? own_noise * own_noise * several : noise_at(p, own_noise, x, at->f);
    }
    return leap;
}

/* f falls by kappa over a siemens: known where it is straight, else from here to the middle of the
 * pulses that are tried. */
MQC_INLINE float kappa_of(enum mqc_pulse_kind kind, const struct mqc_pulse_law *law,
                          const struct cell *c, const struct from *at, float inverse) {
    if (kind == MQC_PULSE_AFFINE)
        return c->step * c->shape * inverse;
    if (kind == MQC_PULSE_GRID)
        return 0.0f;
    const float half = 0.5f * at->tried * at->f, y = lesser((at->behind + half) * inverse, 1.0f);
    const float there = step_of(kind, law, c->step, c->shape, y, c->up ? c->x + half : c->x - half);
    return half > 0.0f ? (at->f - there) / half : 0.0f;
}

MQC_INLINE struct from from_cell(const struct mqc_pulse *p, enum mqc_pulse_kind kind, int noisy,
                                 const struct mqc_pulse_law *law, const struct cell *c) {
    const int straight = kind == MQC_PULSE_AFFINE || kind == MQC_PULSE_GRID;
    const float to_lo = c->x - c->lo, to_hi = c->hi - c->x, inverse = 1.0f / (c->hi - c->lo);
    struct from at = {c->up ? to_lo : to_hi, c->up ? to_hi : to_lo, 0, 0, 0, 0, 0, 0, 0, c->left};
    at.f = step_of(kind, law, c->step, c->shape, at.behind * inverse, c->x);
    if (!straight)
        at.tried =
            lesser(lesser(c->left, most_curved), most_part * (c->hi - c->lo) / (at.f + 1e-30f));
    at.kappa = kappa_of(kind, law, c, &at, inverse);
    const float ahead_f = at.f - at.kappa * at.ahead;
    at.bound_f = ahead_f > 0.0f ? ahead_f : 0.0f;
    at.most_f = ahead_f > at.f ? ahead_f : at.f;
    if (noisy) {
        at.variance = noise_at(p, c->noise, c->x, at.f);
        at.most_variance = noise_at(p, c->noise, c->hi, at.most_f);
        at.bounds_variance = noise_at(p, c->noise, c->up ? c->hi : c->lo, at.bound_f);
    }
    return at;
}

/* How many pulses a leap has. */
MQC_INLINE float pulses_of(const struct mqc_pulse *p, enum mqc_pulse_kind kind,
                           const struct cell *c, const struct from *at, float until) {
    const int straight = kind == MQC_PULSE_AFFINE || kind == MQC_PULSE_GRID;
    const float size = fabsf(at->kappa), steep = size > most_kappa ? 1.0f : at->tried;
    const float bent =
        straight && !(p->relative > 0.0f) ? steep : lesser(steep, most_way / (size + 1e-30f));
    const float follows = p->relative + p->step * (at->kappa * at->kappa),
                skewed = most_following / (c->noise * c->noise * follows + 1e-30f);
    const float most = lesser(lesser(bent, skewed), lesser(until, till_behind(at, c->left)));
    return most < 1.0f ? 1.0f : floorf(most);
}

/* Where a leap ends without noise. */
MQC_INLINE float mean_after(const struct mqc_pulse *p, enum mqc_pulse_kind kind,
                            const struct cell *c, const struct from *at, float m, float way) {
    if (kind == MQC_PULSE_GRID) {
        const float gone = mqc_round(at->behind / at->f * p->grid) / p->grid;
        way = (gone + m) * at->f;
        return c->up ? c->lo + way : c->hi - way;
    }
    return c->up ? c->x + way : c->x - way;
}

/* Cells that a loop does at once: its results are its own, so that the compiler need not ask whether
 * they overlap with one of the many arrays that it reads. */
enum { BLOCK = 128 };

/* kind, own and noisy are constants where this is inlined. */
MQC_INLINE void block(const struct mqc_pulse *pulse, const struct mqc_cell_arrays *own_cells,
                      size_t n, enum mqc_pulse_kind kind, int own, int noisy,
                      const float *restrict z, const struct mqc_leap_cells *cells) {
    const struct mqc_pulse p = *pulse;
    const struct mqc_cell_arrays of = own ? *own_cells : (struct mqc_cell_arrays){0};
    const float *restrict los = of.lo, *restrict his = of.hi, *restrict ups = of.up,
                          *restrict downs = of.down;
    const float *restrict shape_ups = of.shape_up, *restrict shape_downs = of.shape_down,
                          *restrict noises = of.noise;
    const float *restrict state = cells->state, *restrict lefts = cells->left;
    float states_after[BLOCK], lefts_after[BLOCK], paths[BLOCK], steps[BLOCK], shapes[BLOCK];
    for (size_t i = 0; own && i < n; i++) {
        const int up = lefts[i] > 0.0f;
        steps[i] = either(up, ups[i], downs[i]);
        shapes[i] = either(up, shape_ups[i], shape_downs[i]);
    }
    for (size_t i = 0; i < n; i++) {
        const int up = lefts[i] > 0.0f;
        const struct mqc_pulse_law w = choose(up, &p.up, &p.down);
        struct cell c = {p.lo, p.hi, 0, w.step, w.shape, 1, fabsf(lefts[i]), up};
        if (own) {
            c.lo = los[i];
            c.hi = his[i];
            c.step = steps[i];
            c.shape = shapes[i];
            c.noise = noises[i];
        }
        c.x = mqc_clamp(state[i], c.lo, c.hi);
        const struct from at = from_cell(&p, kind, noisy, &w, &c);
        const float until = till_ahead(&at), m = pulses_of(&p, kind, &c, &at, until);
        const float skipped = until < 1.0f ? forgotten(&at, c.left) : 0.0f;
        const struct leap leap = leap_of(&p, noisy, up, c.noise, c.x, &at, m);
        const float mean = mean_after(&p, kind, &c, &at, m, leap.way);
        const float drawn = noisy ? mean + sqrtf(leap.variance) * z[i] : mean;
        const float next = mqc_clamp(drawn, c.lo, c.hi);
        const float away = lag(&at), rest = c.left - m - skipped;
        const float path = state[i] - c.x +
                           2.0f * (m * c.x + skipped * (up ? c.hi - away : c.lo + away)) +
                           (up ? leap.path : -leap.path) + m * (next - mean);
        const int any = c.left > 0.0f;
        paths[i] = any ? path : 0.0f;
        states_after[i] = any ? next : state[i];
        const float kept = rest > 0.0f ? rest : 0.0f;
        lefts_after[i] = up ? kept : -kept;
    }
    memcpy(cells->state, states_after, n * sizeof *states_after);
    memcpy(cells->left, lefts_after, n * sizeof *lefts_after);
    for (size_t i = 0; i < n; i++)
        cells->path[i] += paths[i];
}

MQC_INLINE void loop(const struct mqc_pulse *p, const struct mqc_cell_arrays *own_cells, size_t n,
                     enum mqc_pulse_kind kind, int own, int noisy, const float *z,
                     const struct mqc_leap_cells *cells) {
    for (size_t i = 0; i < n; i += BLOCK) {
        const struct mqc_cell_arrays *const c = own_cells;
        const struct mqc_cell_arrays from =
            own ? (struct mqc_cell_arrays){c->lo + i,   c->hi + i,       c->up + i,
                                           c->down + i, c->shape_up + i, c->shape_down + i,
                                           c->noise + i}
                : (struct mqc_cell_arrays){0};
        const struct mqc_leap_cells some = {cells->state + i, cells->left + i, cells->path + i};
        block(p, &from, n - i < BLOCK ? n - i : BLOCK, kind, own, noisy, noisy ? z + i : NULL,
              &some);
    }
}

#define NOISY(kind, own) \
    (z ? loop(p, c, n, kind, own, 1, z, cells) : loop(p, c, n, kind, own, 0, z, cells))
#define LEAP(name, kind)                                                                   \
    static void name(const struct mqc_pulse *p, const struct mqc_cell_arrays *c, size_t n, \
                     const float *z, const struct mqc_leap_cells *cells) {                 \
        if (c)                                                                             \
            NOISY(kind, 1);                                                                \
        else                                                                               \
            NOISY(kind, 0);                                                                \
    }

LEAP(leap_affine, MQC_PULSE_AFFINE)
LEAP(leap_power, MQC_PULSE_POWER)
LEAP(leap_exponential, MQC_PULSE_EXPONENTIAL)
LEAP(leap_table, MQC_PULSE_TABLE)
LEAP(leap_grid, MQC_PULSE_GRID)

static void leap(const struct mqc_pulse *p, const struct mqc_cell_arrays *own, size_t n,
                 const float *z, const struct mqc_leap_cells *cells) {
    static void (*const kinds[])(const struct mqc_pulse *, const struct mqc_cell_arrays *, size_t,
                                 const float *, const struct mqc_leap_cells *) = {
        leap_affine, leap_power, leap_exponential, leap_table, NULL, leap_grid};
    kinds[p->kind](p, own, n, z, cells);
}

const struct mqc_leap_kernels MQC_KERNEL(mqc_leap_kernels) = {leap};
