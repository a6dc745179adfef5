/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. */
#include "crossbar/array/kernels.h"
#include "crossbar/array/rungs.h"
#include "rng/normal.h"

static uint32_t max_bits(size_t n, const float *restrict w) {
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t bits = mqc_bits(w[i]) & 0x7fffffffu;
        most = bits > most ? bits : most;
    }
    return most;
}

static inline float clamp(float x, float lo, float hi) {
    x = x < lo ? lo : x;
    return x > hi ? hi : x;
}

static inline size_t climb_with(const struct mqc_ladder *ladder, size_t n, const float *restrict w,
                                const float *restrict slope, int by_column,
                                float *restrict position) {
    const float lo = ladder->lo, hi = ladder->hi, offset = ladder->offset;
    uint32_t beyond = 0;
    for (size_t i = 0; i < n; i++) {
        const float x = offset + w[i] * slope[by_column ? i : 0];
        beyond += (x < lo - 0.5f) | (x > hi + 0.5f);
        position[i] = mqc_round(clamp(x, lo, hi));
    }
    return beyond;
}

static size_t climb_uneven(const struct mqc_ladder *ladder, size_t n, const float *restrict w,
                           const float *restrict slope, int by_column, float *restrict position) {
    const struct mqc_ladder l = *ladder;
    const float low = l.height[0] - 0.5f, high = l.height[(uint32_t)(l.hi - l.lo)] + 0.5f;
    uint32_t beyond = 0;
    for (size_t i = 0; i < n; i++) {
        const float x = l.offset + w[i] * slope[by_column ? i : 0];
        beyond += (x < low) | (x > high);
        position[i] = l.lo + (float)mqc_rung_at(&l, x);
    }
    return beyond;
}

static size_t climb(const struct mqc_ladder *ladder, size_t n, const float *w, const float *slope,
                    int by_column, float *position) {
    if (ladder->height)
        return climb_uneven(ladder, n, w, slope, by_column, position);
    return by_column ? climb_with(ladder, n, w, slope, 1, position)
                     : climb_with(ladder, n, w, slope, 0, position);
}

static inline uint64_t move_block(const struct mqc_ladder *ladder, size_t n,
                                  const float *restrict position, float alpha,
                                  const float *restrict dw, const float *restrict slope,
                                  int by_column, float *restrict next, uint32_t *nan) {
    const float lo = ladder->lo, hi = ladder->hi, c = alpha * slope[0];
    uint32_t bad = 0, any = 0;
    for (size_t i = 0; i < n; i++) {
        const float x = position[i] + (by_column ? alpha * slope[i] : c) * dw[i];
        bad |= (uint32_t)(x != x);
        next[i] = mqc_round(clamp(x, lo, hi));
        any |= (uint32_t)(next[i] != position[i]);
    }
    *nan |= bad;
    uint64_t changed = 0;
    for (size_t i = 0; any && i < n; i++)
        changed |= (uint64_t)(next[i] != position[i]) << i;
    return changed;
}

static inline float size_of(float x) {
    return x < 0.0f ? -x : x;
}

/* A weight stays where no other rung is nearer. */
static int move_uneven(const struct mqc_ladder *ladder, size_t n, const float *restrict position,
                       float alpha, const float *restrict dw, const float *restrict slope,
                       int by_column, float *restrict next, uint64_t *restrict changed) {
    const struct mqc_ladder l = *ladder;
    uint32_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        const float from = l.height[(uint32_t)(position[i] - l.lo)];
        const float x = from + alpha * slope[by_column ? i : 0] * dw[i];
        const uint32_t rung = mqc_rung_at(&l, x);
        bad |= (uint32_t)(x != x);
        next[i] =
            size_of(l.height[rung] - x) < size_of(from - x) ? l.lo + (float)rung : position[i];
        if (i % MQC_BLOCK == 0)
            changed[i / MQC_BLOCK] = 0;
        changed[i / MQC_BLOCK] |= (uint64_t)(next[i] != position[i]) << (i % MQC_BLOCK);
    }
    return bad != 0;
}

static int move(const struct mqc_ladder *ladder, size_t n, const float *position, float alpha,
                const float *dw, const float *slope, int by_column, float *next,
                uint64_t *changed) {
    uint32_t nan = 0;
    size_t i = 0;
    if (ladder->height)
        return move_uneven(ladder, n, position, alpha, dw, slope, by_column, next, changed);
    /* The constants let the compiler make a vector loop of known length for whole blocks. */
    for (; i + MQC_BLOCK <= n && !by_column; i += MQC_BLOCK)
        changed[i / MQC_BLOCK] =
            move_block(ladder, MQC_BLOCK, position + i, alpha, dw + i, slope, 0, next + i, &nan);
    for (; i < n; i += MQC_BLOCK) {
        const size_t m = n - i < MQC_BLOCK ? n - i : MQC_BLOCK;
        changed[i / MQC_BLOCK] = move_block(ladder, m, position + i, alpha, dw + i,
                                            slope + (by_column ? i : 0), by_column, next + i, &nan);
    }
    return nan != 0;
}

/* x / y for a whole x, 0 or more: half a unit more keeps the quotient away from whole numbers,
 * where rounding would count. */
static inline double whole_quotient(float x, double inverse) {
    return (double)(int32_t)(((double)x + 0.5) * inverse);
}

static void digits(size_t n, const float *restrict up, double per, double base, float stride,
                   float bottom, float *restrict levels) {
    const double low = 1 / per, high = 1 / (per * base);
    for (size_t i = 0; i < n; i++) {
        const double digit = whole_quotient(up[i], low) - base * whole_quotient(up[i], high);
        levels[i] = bottom - stride * (float)digit;
    }
}

/* Most blocks hold nothing that comes out, and are only looked at. */
static inline uint64_t spill_block(const struct mqc_ladder *ladder, size_t n,
                                   const float *restrict position, float slope, float threshold,
                                   float *restrict chi, float *restrict next, uint32_t *bad) {
    const float lo = ladder->lo, hi = ladder->hi, span = hi - lo, step = 1.0f / slope,
                rest = 1.0f - threshold;
    const float more = rest > 0.0f ? rest : 0.0f;
    uint32_t over = 0, wrong = 0;
    for (size_t i = 0; i < n; i++) {
        const float r = chi[i] * slope;
        over |= (uint32_t)((r < 0.0f ? -r : r) >= threshold);
        wrong |= (uint32_t)((mqc_bits(chi[i]) & 0x7f800000u) == 0x7f800000u);
    }
    *bad |= wrong;
    if (!over)
        return 0;
    wrong = 0;
    for (size_t i = 0; i < n; i++) {
        const float r = chi[i] * slope, size = r < 0.0f ? -r : r;
        const float whole = (float)(int32_t)(clamp(size, 0.0f, 1e9f) + more),
                    most = r < 0.0f ? -whole : whole;
        const float out = size >= threshold ? most : 0.0f;
        chi[i] -= out * step;
        wrong |= (uint32_t)((mqc_bits(chi[i]) & 0x7f800000u) == 0x7f800000u); /* by overflow */
        next[i] = clamp(position[i] + clamp(out, -span, span), lo, hi);
    }
    *bad |= wrong;
    uint64_t changed = 0;
    for (size_t i = 0; i < n; i++)
        changed |= (uint64_t)(next[i] != position[i]) << i;
    return changed;
}

/* The rung that a weight at rung `from` leaves for when r has gathered, in height: a step is made
 * when r is beyond `threshold` of its way, and all before it whole. */
static uint32_t spill_to(const struct mqc_ladder *l, uint32_t from, float r, float threshold) {
    const uint32_t last = (uint32_t)(l->hi - l->lo);
    const float part = threshold < 1.0f ? threshold : 1.0f, size = size_of(r);
    uint32_t at = from;
    for (; r > 0.0f ? at < last : at > 0; at += r > 0.0f ? 1u : (uint32_t)-1) {
        const float gone = size_of(l->height[at] - l->height[from]);
        const uint32_t next = r > 0.0f ? at + 1 : at - 1;
        const float step = size_of(l->height[next] - l->height[at]);
        if (size < gone + (at == from ? threshold : part) * step)
            break;
    }
    return at;
}

/* At an end of the ladder whole steps of mean height go, as if it went on. */
static float spill_beyond(const struct mqc_ladder *l, uint32_t at, float rest, float threshold) {
    const uint32_t end = rest > 0.0f ? (uint32_t)(l->hi - l->lo) : 0;
    const float size = size_of(rest), more = threshold < 1.0f ? 1.0f - threshold : 0.0f;
    if (at != end || size < threshold)
        return 0.0f;
    const float whole = (float)(int32_t)(clamp(size, 0.0f, 1e9f) + more);
    return rest < 0.0f ? -whole : whole;
}

static int spill_uneven(const struct mqc_ladder *ladder, size_t n, const float *restrict position,
                        float slope, float threshold, float *restrict chi, float *restrict next,
                        uint64_t *restrict changed) {
    const struct mqc_ladder l = *ladder;
    const float enough = threshold * l.least;
    uint32_t wrong = 0;
    for (size_t i = 0; i < n; i++) {
        const float r = chi[i] * slope;
        wrong |= (uint32_t)((mqc_bits(chi[i]) & 0x7f800000u) == 0x7f800000u);
        if (i % MQC_BLOCK == 0)
            changed[i / MQC_BLOCK] = 0;
        next[i] = position[i];
        if (!(size_of(r) >= enough))
            continue;
        const uint32_t from = (uint32_t)(position[i] - l.lo), at = spill_to(&l, from, r, threshold);
        const float gone = l.height[at] - l.height[from];
        chi[i] -= (gone + spill_beyond(&l, at, r - gone, threshold)) / slope;
        wrong |= (uint32_t)((mqc_bits(chi[i]) & 0x7f800000u) == 0x7f800000u); /* by overflow */
        next[i] = l.lo + (float)at;
        changed[i / MQC_BLOCK] |= (uint64_t)(at != from) << (i % MQC_BLOCK);
    }
    return wrong != 0;
}

static int spill(const struct mqc_ladder *ladder, size_t n, const float *position, float slope,
                 float threshold, float *chi, float *next, uint64_t *changed) {
    uint32_t bad = 0;
    size_t i = 0;
    if (ladder->height)
        return spill_uneven(ladder, n, position, slope, threshold, chi, next, changed);
    for (; i + MQC_BLOCK <= n; i += MQC_BLOCK)
        changed[i / MQC_BLOCK] =
            spill_block(ladder, MQC_BLOCK, position + i, slope, threshold, chi + i, next + i, &bad);
    if (i < n)
        changed[i / MQC_BLOCK] =
            spill_block(ladder, n - i, position + i, slope, threshold, chi + i, next + i, &bad);
    return bad != 0;
}

static void weights(size_t n, double unit, const float *restrict matrix, float *restrict w) {
    for (size_t i = 0; i < n; i++)
        w[i] = (float)(unit * (double)matrix[i]);
}

static void differ(size_t n, double unit, const float *restrict matrix, const float *restrict w,
                   const float *restrict more, float *restrict dw) {
    for (size_t i = 0; i < n && more; i++)
        dw[i] = more[i] + (w[i] - (float)(unit * (double)matrix[i]));
    for (size_t i = 0; i < n && !more; i++)
        dw[i] = w[i] - (float)(unit * (double)matrix[i]);
}

const struct mqc_crossbar_kernels MQC_KERNEL(mqc_crossbar_kernels) = {
    max_bits, climb, move, spill, digits, weights, differ};
