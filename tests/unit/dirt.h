/* SPDX-License-Identifier: BSD-3-Clause */
/* What goes wrong when devices are measured, done to curves of fits.h. */
#ifndef MEMQC_TESTS_DIRT_H
#define MEMQC_TESTS_DIRT_H

#include "fits.h"

#include <math.h>

enum dirt {
    DIRT_NONE,
    DIRT_OVERFLOW, /* 9.9e37, 9.91e37, infinity, NaN, by turns */
    DIRT_ABOVE,    /* misreads at 1.5 times the top of the window */
    DIRT_ZERO,
    DIRT_MISSING,  /* rows that are not there */
    DIRT_NEGATIVE, /* a wrong sign */
    DIRT_MILLION,  /* one value a million times too large, whatever the share */
    DIRT_CYCLE,    /* one cycle stuck near the bottom of the window, whatever the share */
    DIRT_DRIFT,    /* conductances grow by the share from the first cycle to the last */
    DIRT_UNITS,    /* a thousand times as large */
    DIRTS
};

/* splitmix64 (Steele, Lea and Flood 2014). */
static inline uint64_t dirt_random(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline float dirt_value(enum dirt kind, float clean, double top, uint64_t turn) {
    static const float overflows[] = {9.9e37f, 9.91e37f, INFINITY, NAN};
    switch (kind) {
    case DIRT_OVERFLOW:
        return overflows[turn % COUNT(overflows)];
    case DIRT_ABOVE:
        return (float)(1.5 * top);
    case DIRT_ZERO:
        return 0;
    case DIRT_NEGATIVE:
        return -clean;
    case DIRT_UNITS:
        return clean * 1000;
    default:
        return clean;
    }
}

static inline void dirty_all(enum dirt kind, double share, size_t n, double low, double top) {
    const double last = cycle_of[n - 1];
    for (size_t i = 0; i < n; i++) {
        if (kind == DIRT_DRIFT)
            g[i] *= (float)(1 + share * (cycle_of[i] / last - 0.5));
        if (kind == DIRT_CYCLE && cycle_of[i] == cycle_of[n - 1] / 2)
            g[i] = (float)(low + 0.02 * (top - low) * (1 + (double)(i % 7) / 7));
    }
}

/* Spoils a share of n rows, at least one, the same ones for an equal seed. Returns how many rows
 * there are then; *spoilt: how many of them are wrong. */
static inline size_t dirty(enum dirt kind, double share, size_t n, double low, double top,
                           uint64_t seed, size_t *spoilt) {
    static unsigned char wrong[MOST];
    const size_t wanted = kind == DIRT_MILLION ? 1 : (size_t)ceil(share * (double)n);
    uint64_t state = seed * 1000 + (uint64_t)kind;
    size_t kept = 0;
    *spoilt = 0;
    dirty_all(kind, share, n, low, top);
    if (kind == DIRT_NONE || kind == DIRT_DRIFT || kind == DIRT_CYCLE)
        return n;
    memset(wrong, 0, sizeof wrong);
    while (*spoilt < wanted) {
        const size_t i = dirt_random(&state) % n;
        *spoilt += !wrong[i];
        wrong[i] = 1;
    }
    for (size_t i = 0, turn = 0; i < n; i++) {
        if (wrong[i])
            g[i] = kind == DIRT_MILLION ? g[i] * 1e6f : dirt_value(kind, g[i], top, turn++);
        if (wrong[i] && kind == DIRT_MISSING)
            continue;
        g[kept] = g[i];
        device_of[kept] = device_of[i];
        cycle_of[kept] = cycle_of[i];
        pulse_of[kept] = pulse_of[i];
        direction_of[kept++] = direction_of[i];
    }
    return kept;
}

#endif
