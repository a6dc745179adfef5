/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of arrays with wires share. */
#ifndef MEMQC_TESTS_CROSSBAR_WIRES_H
#define MEMQC_TESTS_CROSSBAR_WIRES_H

#include "converters.h"
#include "nodal.h"

enum { LARGEST = 9, BATCH = 3 };

static const int32_t mappings[] = {XB(MAPPING_SINGLE), XB(MAPPING_DIFFERENTIAL),
                                   XB(MAPPING_REFERENCE), XB(MAPPING_DIFFERENTIAL_TWO_SIDED)};

/* What has no effect is left out. */
static inline void set(memqc_crossbar *xb, int32_t key, double value) {
    const struct setting setting = {key, value};
    apply(xb, &setting, 1);
}

static inline void set_wires(memqc_crossbar *xb, double word, double bit, double driver,
                             double sense) {
    set(xb, XB(WORD_RESISTANCE), word);
    set(xb, XB(BIT_RESISTANCE), bit);
    set(xb, XB(DRIVER_RESISTANCE), driver);
    set(xb, XB(SENSE_RESISTANCE), sense);
}

enum { ROWS = 20, COLS = 13 };

static inline double worst_of(size_t n, const float *a, const float *b) {
    double worst = 0, most = 0;
    for (size_t i = 0; i < n; i++) {
        worst = fmax(worst, fabs((double)a[i] - (double)b[i]));
        most = fmax(most, fabs((double)b[i]));
    }
    return worst / most;
}

#endif
