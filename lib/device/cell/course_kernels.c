/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. A search without branches, a step of it for
 * a block of cells at a time. */
#include "device/cell/course_kernels.h"

enum { BLOCK = 64 };

/* Cells of a block on their courses. */
struct search {
    int32_t down[BLOCK], base[BLOCK], last[BLOCK];
    int32_t low[BLOCK]; /* the last point known to lie before the cell */
    float g[BLOCK];     /* ascending along the course */
};

/* Adding this leaves no bits for a fraction: ties go to even numbers. */
static const double no_fraction = 0x1p52;

static void begin(const struct mqc_courses *c, size_t n, const float *g, const float *levels,
                  struct search *s) {
    const struct mqc_course up = c->of[0], down = c->of[1];
    const double from_up = (double)c->g[up.first], from_down = (double)c->g[down.first];
    const double *const target = c->target;
    int32_t part[BLOCK];
    for (size_t i = 0; i < n; i++) {
        const double at = (double)g[i];
        const int falls = target[(int32_t)levels[i] - 1] < at;
        double x = falls ? (from_down - at) * down.parts : (at - from_up) * up.parts;
        x = x > 0 ? x : 0;
        x = x < MQC_GUIDE - 1 ? x : MQC_GUIDE - 1;
        part[i] = (int32_t)x + (falls ? MQC_GUIDE + 1 : 0);
        s->down[i] = falls;
        s->base[i] = falls ? down.first : up.first;
        s->last[i] = falls ? down.n - 1 : up.n - 1;
        s->g[i] = falls ? -g[i] : g[i];
    }
    for (size_t i = 0; i < n; i++) {
        const int32_t low = c->guide[part[i]] - 1; /* a part begins where rounding says */
        s->low[i] = low > 0 ? low : 0;
    }
}

static void halve(const float *g, int32_t step, size_t n, struct search *s) {
    for (size_t i = 0; i < n; i++) {
        const int32_t far = s->low[i] + step, middle = far < s->last[i] ? far : s->last[i];
        const float key = g[s->base[i] + middle];
        s->low[i] = (s->down[i] ? -key : key) <= s->g[i] ? middle : s->low[i];
    }
}

/* Pulses from the beginning of the course to each cell, with a fraction. */
static void place(const struct mqc_courses *c, size_t n, const float *g, const struct search *s,
                  double *start) {
    const float *const course = c->g;
    const double cut_up = c->of[0].cut, cut_down = c->of[1].cut;
    float a[BLOCK], b[BLOCK], first[BLOCK], end[BLOCK];
    for (size_t i = 0; i < n; i++) {
        const int32_t before = s->last[i] > 0 ? s->last[i] - 1 : 0,
                      low = s->low[i] < before ? s->low[i] : before;
        a[i] = course[s->base[i] + low];
        b[i] = course[s->base[i] + low + 1];
        first[i] = course[s->base[i]];
        end[i] = course[s->base[i] + s->last[i]];
    }
    for (size_t i = 0; i < n; i++) {
        const int32_t before = s->last[i] > 0 ? s->last[i] - 1 : 0,
                      low = s->low[i] < before ? s->low[i] : before;
        const double part = ((double)g[i] - (double)a[i]) / ((double)b[i] - (double)a[i]),
                     cut = s->down[i] ? cut_down : cut_up;
        const double found = (double)low + (low == before ? cut * part : part);
        const float begins = s->down[i] ? -first[i] : first[i],
                    ends = s->down[i] ? -end[i] : end[i];
        const double ended = s->g[i] >= ends ? (double)before + cut : found;
        start[i] = (s->g[i] <= begins) | (s->last[i] == 0) ? 0 : ended;
    }
}

static int32_t tell(const struct mqc_courses *c, size_t n, const float *levels,
                    const struct search *s, const double *start, int32_t *pulses) {
    const double near_up = c->of[0].to_bound ? (double)c->of[0].n - 2 : 1e300,
                 near_down = c->of[1].to_bound ? (double)c->of[1].n - 2 : 1e300;
    const double *const until = c->until;
    const int32_t all = (int32_t)c->levels;
    double ends[BLOCK];
    int32_t untold = 0;
    for (size_t i = 0; i < n; i++)
        ends[i] = until[(int32_t)levels[i] - 1 + (s->down[i] ? all : 0)];
    for (size_t i = 0; i < n; i++) {
        const double way = ends[i] - start[i] > 0 ? ends[i] - start[i] : 0;
        const int32_t whole = (int32_t)((way + no_fraction) - no_fraction);
        const int32_t near = ends[i] > (s->down[i] ? near_down : near_up);
        const int32_t told = s->down[i] ? -whole : whole;
        pulses[i] = near ? MQC_NEAR_BOUND : told;
        untold += near;
    }
    return untold;
}

static size_t pulses(const struct mqc_courses *c, size_t n, const float *g, const float *levels,
                     int32_t *pulses) {
    struct search s;
    double start[BLOCK];
    size_t untold = 0;
    for (size_t first = 0; first < n; first += BLOCK) {
        const size_t m = n - first < BLOCK ? n - first : BLOCK;
        begin(c, m, g + first, levels + first, &s);
        for (int32_t k = c->halvings; k-- > 0;)
            halve(c->g, (int32_t)1 << k, m, &s);
        place(c, m, g + first, &s, start);
        untold += (size_t)tell(c, m, levels + first, &s, start, pulses + first);
    }
    return untold;
}

const struct mqc_course_kernels MQC_KERNEL(mqc_course_kernels) = {pulses};
