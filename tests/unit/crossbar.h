/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of plain arrays share. */
#ifndef MEMQC_TESTS_CROSSBAR_H
#define MEMQC_TESTS_CROSSBAR_H

#include "normals.h"
#include "test.h"

#include "rng/rng.h"

#include <math.h>

static const int32_t mappings[] = {MEMQC_CROSSBAR_MAPPING_SINGLE,
                                   MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL};

static const int32_t normalizations[] = {MEMQC_CROSSBAR_NORMALIZATION_FIXED,
                                         MEMQC_CROSSBAR_NORMALIZATION_ARRAY,
                                         MEMQC_CROSSBAR_NORMALIZATION_COLUMN};

static inline memqc_crossbar *make(const char *preset, size_t rows, size_t cols, int32_t mapping,
                                   int32_t normalization) {
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create_preset(preset, &device));
    OK(memqc_crossbar_create(device, rows, cols, 0, &xb));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_NORMALIZATION, normalization));
    OK(memqc_crossbar_set_seed(xb, 5));
    return xb;
}

static inline void scales_of(const float *w, size_t rows, size_t cols, int32_t normalization,
                             double *scale) {
    double most = 0;
    for (size_t j = 0; j < cols; j++) {
        scale[j] = 0;
        for (size_t i = 0; i < rows; i++)
            scale[j] = fmax(scale[j], fabs((double)w[i * cols + j]));
        most = fmax(most, scale[j]);
    }
    for (size_t j = 0; j < cols; j++)
        scale[j] = normalization == MEMQC_CROSSBAR_NORMALIZATION_FIXED   ? 1
                   : normalization == MEMQC_CROSSBAR_NORMALIZATION_ARRAY ? most
                                                                         : scale[j];
}

#endif
