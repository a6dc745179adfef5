/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks of what products are given. function: the public one that was called. */
#ifndef MQC_CROSSBAR_READ_ARRAYS_H
#define MQC_CROSSBAR_READ_ARRAYS_H

#include "crossbar/array/array.h"

/* Vectors and where their products go, with the names of both arguments. */
struct mqc_product_arrays {
    const char *x_name, *y_name;
    const float *x;
    size_t ldx;
    float *y;
    size_t ldy;
};

/* Is the array programmed, are the vectors there and finite? STATE, ARGUMENT, DATA. */
memqc_status mqc_product_check_in(const memqc_crossbar *xb, const char *function, int transposed,
                                  size_t batch, const struct mqc_product_arrays *arrays);

/* Also: is there a place for the products, apart from the vectors? batch is 1 or more. */
memqc_status mqc_product_check(const memqc_crossbar *xb, const char *function, int transposed,
                               size_t batch, const struct mqc_product_arrays *arrays);

#endif
