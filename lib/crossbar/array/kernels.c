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

/* The positions of n weights, at most MQC_BLOCK, from the first-th on; into room, where levels tell
 * them. */
static inline const float *stand(const struct mqc_standing *at, size_t first, size_t n,
                                 float *restrict room) {
    const uint16_t *restrict up = at->up, *restrict down = at->down;
    if (at->position)
        return at->position + first;
    for (size_t i = 0; down && i < n; i++)
        room[i] = (float)((int32_t)down[first + i] - (int32_t)up[first + i]);
    for (size_t i = 0; !down && i < n; i++)
        room[i] = (float)((int32_t)up[first + i] - 1);
    return room;
}

/* What tells where a weight stands: a constant where it is inlined. */
enum standing { BY_POSITION, BY_LEVEL, BY_PAIR };

static inline float stand_one(enum standing by, const float *position, const uint16_t *up,
                              const uint16_t *down, size_t i) {
    if (by == BY_POSITION)
        return position[i];
    return (float)(by == BY_PAIR ? (int32_t)down[i] - (int32_t)up[i] : (int32_t)up[i] - 1);
}

MQC_INLINE uint64_t move_block(const struct mqc_ladder *ladder, size_t n, enum standing by,
                               const struct mqc_standing *at, size_t place, float alpha,
                               const float *restrict dw, const float *restrict slope, int by_column,
                               float *restrict next, uint32_t *nan) {
    const float lo = ladder->lo, hi = ladder->hi, c = alpha * slope[0];
    const float *restrict position = by == BY_POSITION ? at->position + place : NULL;
    const uint16_t *restrict up = by == BY_POSITION ? NULL : at->up + place;
    const uint16_t *restrict down = by == BY_PAIR ? at->down + place : NULL;
    uint32_t seen = 0; /* 1: a rung that is another one; 2: NaN. One sum of vectors for both. */
    for (size_t i = 0; i < n; i++) {
        const float from = stand_one(by, position, up, down, i);
        const float x = from + (by_column ? alpha * slope[i] : c) * dw[i];
        next[i] = mqc_round(clamp(x, lo, hi));
        seen |= (uint32_t)(next[i] != from) | (uint32_t)(x != x) << 1;
    }
    *nan |= seen >> 1;
    uint64_t changed = 0;
    for (size_t first = 0; seen && first < n; first += 32) { /* in words that vectors shift */
        uint32_t half = 0;
        const size_t m = n - first < 32 ? n - first : 32;
        for (size_t i = 0; i < m; i++)
            half |= (uint32_t)(next[first + i] != stand_one(by, position, up, down, first + i))
                    << i;
        changed |= (uint64_t)half << first;
    }
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

MQC_INLINE int move_even(const struct mqc_ladder *ladder, size_t n, enum standing by,
                         const struct mqc_standing *at, float alpha, const float *dw,
                         const float *slope, int by_column, float *next, uint64_t *changed) {
    const struct mqc_standing from = *at;
    uint32_t nan = 0;
    size_t i = 0;
    /* The constants let the compiler make a vector loop of known length for whole blocks. */
    for (; i + MQC_BLOCK <= n && !by_column; i += MQC_BLOCK)
        changed[i / MQC_BLOCK] =
            move_block(ladder, MQC_BLOCK, by, &from, i, alpha, dw + i, slope, 0, next + i, &nan);
    for (; i < n; i += MQC_BLOCK) {
        const size_t m = n - i < MQC_BLOCK ? n - i : MQC_BLOCK;
        changed[i / MQC_BLOCK] = move_block(ladder, m, by, &from, i, alpha, dw + i,
                                            slope + (by_column ? i : 0), by_column, next + i, &nan);
    }
    return nan != 0;
}

static int move(const struct mqc_ladder *ladder, size_t n, const struct mqc_standing *at,
                float alpha, const float *dw, const float *slope, int by_column, float *next,
                uint64_t *changed) {
    float room[MQC_BLOCK];
    int nan = 0;
    for (size_t i = 0; ladder->height && i < n; i += MQC_BLOCK) {
        const size_t m = n - i < MQC_BLOCK ? n - i : MQC_BLOCK;
        nan |=
            move_uneven(ladder, m, stand(at, i, m, room), alpha, dw + i,
                        slope + (by_column ? i : 0), by_column, next + i, changed + i / MQC_BLOCK);
    }
    if (ladder->height)
        return nan;
    if (at->position)
        return move_even(ladder, n, BY_POSITION, at, alpha, dw, slope, by_column, next, changed);
    if (at->down)
        return move_even(ladder, n, BY_PAIR, at, alpha, dw, slope, by_column, next, changed);
    return move_even(ladder, n, BY_LEVEL, at, alpha, dw, slope, by_column, next, changed);
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
                                   const struct mqc_standing *at, size_t first, float slope,
                                   float threshold, float *restrict chi, float *restrict next,
                                   uint32_t *bad) {
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
    float room[MQC_BLOCK];
    const float *const position = stand(at, first, n, room);
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

static int spill(const struct mqc_ladder *ladder, size_t n, const struct mqc_standing *at,
                 float slope, float threshold, float *chi, float *next, uint64_t *changed) {
    const struct mqc_standing from = *at;
    float room[MQC_BLOCK];
    uint32_t bad = 0;
    size_t i = 0;
    for (; ladder->height && i < n; i += MQC_BLOCK) {
        const size_t m = n - i < MQC_BLOCK ? n - i : MQC_BLOCK;
        bad |= (uint32_t)spill_uneven(ladder, m, stand(&from, i, m, room), slope, threshold,
                                      chi + i, next + i, changed + i / MQC_BLOCK);
    }
    for (; i + MQC_BLOCK <= n; i += MQC_BLOCK)
        changed[i / MQC_BLOCK] =
            spill_block(ladder, MQC_BLOCK, &from, i, slope, threshold, chi + i, next + i, &bad);
    if (i < n)
        changed[i / MQC_BLOCK] =
            spill_block(ladder, n - i, &from, i, slope, threshold, chi + i, next + i, &bad);
    return bad != 0;
}

static void from_levels(size_t n, const uint16_t *restrict kept, float *restrict levels) {
    for (size_t i = 0; i < n; i++)
        levels[i] = (float)(int32_t)kept[i];
}

static void keep_levels(size_t n, const float *restrict levels, uint16_t *restrict kept) {
    for (size_t i = 0; i < n; i++)
        kept[i] = (uint16_t)(int32_t)levels[i];
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
    max_bits, climb, move, spill, from_levels, keep_levels, digits, weights, differ,
};
