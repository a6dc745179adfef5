/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks of products. */
#ifndef MQC_CROSSBAR_READ_PRODUCT_H
#define MQC_CROSSBAR_READ_PRODUCT_H

#include "crossbar/array/array.h"

/* Ready, and do the sizes fit? STATE, ARGUMENT. */
memqc_status mqc_product_check(const memqc_crossbar *xb, const char *function, size_t batch,
                               size_t in, size_t ldx, size_t out, size_t ldy);

#endif
