/* SPDX-License-Identifier: BSD-3-Clause */
/* What the hashes of arrays share. */
#ifndef MEMQC_TESTS_DIGEST_CROSSBAR_H
#define MEMQC_TESTS_DIGEST_CROSSBAR_H

#include "digest.h"

#include <stdio.h>

/* The longest side of an array, the vectors of a product, and the directions of products. */
enum { LARGEST = 100, BATCH = 7, FORWARD = 1, TRANSPOSED = 2 };

struct array {
    const char *preset;
    size_t rows, cols;
};

extern const struct array small_array;

/* New array with settings of its device and of its own. Either list may be NULL. */
memqc_crossbar *digest_array(const struct array *a, const struct setting *device_settings,
                             const struct setting *settings);
void digest_set(memqc_crossbar *xb, const struct setting *settings);

/* Programs weights within -range .. range. */
void digest_program(memqc_crossbar *xb, double range);

/* Adds the cells of all planes and the weights, the counters and costs, and products. */
void digest_cells(struct digest *d, const memqc_crossbar *xb);
void digest_counters(struct digest *d, const memqc_crossbar *xb);
void digest_products(struct digest *d, memqc_crossbar *xb, size_t batch, int ways);

/* The parts of digest_crossbars(). */
void digest_mappings(const struct array *a);
void digest_converters(const struct array *a, int all);
void digest_wires(void);

#endif
