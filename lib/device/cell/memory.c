/* SPDX-License-Identifier: BSD-3-Clause */
/* A first-order autoregression x_k = c x_(k - 1) + sqrt(1 - c^2) z_k, as a function of k that does
 * not walk through the k before.
 *
 * Time is cut into blocks of 2^parts draws, such that |c|^(2^parts) <= 1e-4. At the ends of blocks
 * x is z itself, one normal number of the stream for each. Between two known ends a and b, 2 h
 * draws apart, the process is Markov and normal: its middle is
 *
 *     c^h / (1 + c^2h) (a + b) + sqrt((1 - c^2h) / (1 + c^2h)) z
 *
 * so that halving the block `parts` times leads to any draw by parts + 2 normal numbers (Levy's
 * construction of Brownian motion, for the process of Uhlenbeck and Ornstein). Each z is that of
 * its own draw, so that c = 0 gives x = z. Correlations are c^k to 1e-4; nothing is kept for a
 * cell, and results do not depend on what was drawn before.
 *
 * Within a cycle, all levels share a part of their noise: sqrt(|q|) s + sqrt(1 - |q|) x, where s is
 * such a process of its own and q SET_RESET_CORRELATION. Level 1 has s with the sign of q. */
#include "device/cell/memory.h"

#include <math.h>
#include <string.h>

enum { MOST = MQC_MEMORY_MOST };

/* The part of MQC_STREAM_PROGRAM that has s. Draws that are repeated have attempts below 64. */
static const uint32_t shared_stream = MQC_STREAM_ATTEMPT(MQC_STREAM_PROGRAM, 64);

static const double forgotten = 1e-4;

struct mqc_memory mqc_memory_make(double cycle, double set_reset) {
    struct mqc_memory memory = {.on = cycle != 0 || set_reset != 0};
    const double magnitude = fabs(set_reset);
    while (cycle != 0 && memory.parts < MQC_MEMORY_PARTS &&
           (memory.parts == 0 || pow(fabs(cycle), ldexp(1, memory.parts)) > forgotten)) {
        const double power = pow(cycle, ldexp(1, memory.parts)), square = power * power;
        memory.pull[memory.parts] = (float)(power / (1 + square));
        memory.own[memory.parts++] = (float)sqrt((1 - square) / (1 + square));
    }
    memory.common = (float)sqrt(magnitude);
    memory.common_set = set_reset < 0 ? -memory.common : memory.common;
    memory.rest = (float)sqrt(1 - magnitude);
    return memory;
}

/* Draws of cells: one for all, or one for each. */
struct course {
    const struct mqc_draws *where;
    size_t first, n, count; /* count: n, or 1 where all cells are at one draw */
    uint32_t stream;
    uint64_t at[MOST];
};

static uint64_t draw_of(const struct course *course, size_t i) {
    const struct mqc_draws *where = course->where;
    return where->cells ? where->draws[course->first + i] : where->draw;
}

/* The numbers of the draws at[]. */
static void numbers(const struct course *course, float *z) {
    struct mqc_draws now = mqc_draws_from(course->where, course->first);
    now.draw = course->at[0];
    now.draws = course->at;
    mqc_draws_normals(&now, course->stream, 0, course->n, 0, z);
}

/* Where the middle is not later than the draw it becomes the left end, else the right one. */
static void halve(struct course *course, uint64_t *left, uint64_t step, const float *middle,
                  float *z, float *right) {
    const int listed = course->count > 1;
    for (size_t i = 0; i < course->n; i++) {
        const size_t k = listed ? i : 0;
        const int later = draw_of(course, k) - left[k] >= step;
        right[i] = later ? right[i] : middle[i];
        z[i] = later ? middle[i] : z[i];
    }
    for (size_t k = 0; k < course->count; k++)
        left[k] += draw_of(course, k) - left[k] >= step ? step : 0;
}

/* x at the draws. */
static void remember(const struct mqc_memory *memory, struct course *course, uint64_t stride,
                     float *z) {
    const uint64_t block = (uint64_t)1 << memory->parts;
    uint64_t left[MOST];
    float right[MOST], middle[MOST];
    for (size_t k = 0; k < course->count; k++) {
        const uint64_t draw = draw_of(course, k);
        left[k] = course->at[k] = draw - draw / stride % block * stride;
    }
    numbers(course, z);
    if (memory->parts == 0)
        return;
    for (size_t k = 0; k < course->count; k++)
        course->at[k] = left[k] + block * stride;
    numbers(course, right);
    for (int part = memory->parts; part-- > 0;) {
        const uint64_t step = stride << part;
        const float pull = memory->pull[part], own = memory->own[part];
        for (size_t k = 0; k < course->count; k++)
            course->at[k] = left[k] + step;
        numbers(course, middle);
        for (size_t i = 0; i < course->n; i++)
            middle[i] = pull * (z[i] + right[i]) + own * middle[i];
        halve(course, left, step, middle, z, right);
    }
}

/* What the levels of a cycle share, at the draw of its SET. */
static void share(const struct mqc_memory *memory, const struct mqc_draws *where, uint64_t stride,
                  const float *states, size_t n, float *s) {
    uint64_t draws[MOST];
    struct mqc_draws set = *where;
    for (size_t i = 0; where->cells && i < n; i++)
        draws[i] = where->draws[i] - (stride > 1 ? (uint64_t)states[i] - 1 : 0);
    set.draws = draws;
    struct course course = {.where = &set, .n = n, .stream = shared_stream};
    course.count = where->cells ? n : 1;
    remember(memory, &course, stride, s);
}

void mqc_memory_normals(const struct mqc_memory *memory, const struct mqc_draws *where,
                        uint64_t stride, const float *states, size_t first, size_t n, float *z) {
    float s[MOST];
    struct course course = {.where = where, .first = first, .n = n, .stream = MQC_STREAM_PROGRAM};
    course.count = where->cells ? n : 1;
    remember(memory, &course, stride, z);
    if (!(memory->common > 0))
        return;
    const struct mqc_draws cells = mqc_draws_from(where, first);
    share(memory, &cells, stride, states, n, s);
    for (size_t i = 0; i < n; i++)
        z[i] = memory->rest * z[i] + (states[i] == 1 ? memory->common_set : memory->common) * s[i];
}
