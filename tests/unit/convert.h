/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of converters share: settings and arrays under them. */
#ifndef MEMQC_TESTS_CONVERT_H
#define MEMQC_TESTS_CONVERT_H

#include "converters.h"

#include "crossbar/copy.h"

enum { ROWS = 70, COLS = 45, BATCH = 9, SETTINGS = 8 };

static const int32_t mappings[] = {XB(MAPPING_SINGLE), XB(MAPPING_DIFFERENTIAL)};

static inline uint64_t apart(uint64_t a, uint64_t b) {
    return a > b ? a - b : b - a;
}

/* All vectors of a batch as the rendering has them; where a conversion is too near to a tie, a step
 * more or less. */
static inline void check(memqc_crossbar *xb, struct expected *e, const float *x, size_t ldx,
                         const char *what) {
    static float y[BATCH * (MOST_IN + 2)];
    const size_t ldy = e->out + 2;
    const uint64_t conversions = count_of(xb, XB(COUNT_ADC)), reads = count_of(xb, XB(COUNT_READS));
    const uint64_t clipped = count_of(xb, XB(COUNT_INPUT_CLIPPED)),
                   saturated = count_of(xb, XB(COUNT_SATURATED));
    const double energy = cost_of(xb, XB(COST_READ_CELLS));
    e->conversions = e->ties = e->saturated = e->clipped = 0;
    e->energy = 0;
    product(xb, e->transposed, BATCH, x, ldx, y, ldy);
    double most = 0;
    for (int pass = 0; pass < 2; pass++) {
        e->conversions = e->ties = e->saturated = e->clipped = 0;
        e->energy = 0;
        for (size_t b = 0; b < BATCH; b++) {
            expect_product(xb, e, x + b * ldx);
            for (size_t j = 0; j < e->out; j++) {
                most = fmax(most, fabs(e->y[j]));
                if (pass)
                    ck_assert_msg(fabs((double)y[b * ldy + j] - e->y[j]) <=
                                      2e-5 * most + 1.001 * e->slack[j],
                                  "%s: vector %zu, output %zu: %g, not %g (slack %g, largest %g)",
                                  what, b, j, (double)y[b * ldy + j], e->y[j], e->slack[j], most);
            }
        }
    }
    ck_assert_uint_eq(count_of(xb, XB(COUNT_ADC)) - conversions, e->conversions);
    ck_assert_uint_eq(count_of(xb, XB(COUNT_READS)) - reads, e->reads * BATCH);
    ck_assert_uint_eq(count_of(xb, XB(COUNT_INPUT_CLIPPED)) - clipped, e->clipped);
    ck_assert_uint_le(apart(count_of(xb, XB(COUNT_SATURATED)) - saturated, e->saturated), e->ties);
    ck_assert_uint_eq(count_of(xb, XB(COUNT_SATURATED)) - saturated,
                      count_of(xb, XB(COUNT_SATURATED_LAST)));
    ck_assert_uint_le(e->ties, e->conversions / 20); /* so the comparison says something */
    ck_assert_double_eq_tol(cost_of(xb, XB(COST_READ_CELLS)) - energy, e->energy, 1e-5 * e->energy);
}

#endif
