/* SPDX-License-Identifier: BSD-3-Clause */
/* Heap sorts, and selection by radix. */
#include "core/order.h"
#include "core/math.h"

/* --- values --- */

/* Moves the value at root down the heap to where it belongs. */
static void sift_value(double *values, size_t root, size_t n) {
    const double moved = values[root];
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && values[child] < values[child + 1])
            child++;
        if (moved >= values[child])
            break;
        values[root] = values[child];
    }
    values[root] = moved;
}

void mqc_sort_values(size_t n, double *values) {
    for (size_t i = n / 2; i-- > 0;)
        sift_value(values, i, n);
    for (size_t last = n; last-- > 1;) {
        const double largest = values[0];
        values[0] = values[last];
        values[last] = largest;
        sift_value(values, 0, last);
    }
}

/* --- places --- */

static void sift_place(size_t *places, size_t root, size_t n, mqc_before *before,
                       const void *context) {
    const size_t moved = places[root];
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && before(context, places[child], places[child + 1]))
            child++;
        if (!before(context, moved, places[child]))
            break;
        places[root] = places[child];
    }
    places[root] = moved;
}

void mqc_sort_places(size_t n, size_t *places, mqc_before *before, const void *context) {
    for (size_t i = n / 2; i-- > 0;)
        sift_place(places, i, n, before, context);
    for (size_t last = n; last-- > 1;) {
        const size_t largest = places[0];
        places[0] = places[last];
        places[last] = largest;
        sift_place(places, 0, last, before, context);
    }
}

/* --- ranks --- */

enum { DIGIT = 11, BINS = 1 << DIGIT };

/* An integer that orders as the float does: the bits of a positive float do already, those of a
 * negative one the other way round. -0 comes before 0. */
static uint32_t key_of(float value) {
    const uint32_t bits = mqc_bits(value);
    return bits >> 31 ? ~bits : bits | 0x80000000u;
}

static float value_of(uint32_t key) {
    return mqc_from_bits(key >> 31 ? key & 0x7fffffffu : ~key);
}

/* The key is found digit by digit, the most significant first. */
float mqc_rank(const float *values, size_t rows, size_t cols, size_t ld, size_t rank) {
    uint32_t prefix = 0;
    for (int shift = 2 * DIGIT; shift >= 0; shift -= DIGIT) {
        size_t count[BINS] = {0};
        const uint64_t above = (uint64_t)shift + DIGIT;
        for (size_t i = 0; i < rows; i++) {
            for (size_t j = 0; j < cols; j++) {
                const uint32_t key = key_of(values[i * ld + j]);
                if ((uint64_t)key >> above == (uint64_t)prefix >> above)
                    count[key >> shift & (BINS - 1)]++;
            }
        }
        uint32_t bin = 0;
        for (; rank >= count[bin]; bin++)
            rank -= count[bin];
        prefix |= bin << shift;
    }
    return value_of(prefix);
}
