/* SPDX-License-Identifier: BSD-3-Clause */
/* Products, for callers who have checked what they hand over. */
#ifndef MQC_CROSSBAR_READ_PRODUCT_H
#define MQC_CROSSBAR_READ_PRODUCT_H

#include "crossbar/read/arrays.h"

/* As memqc_crossbar_mac() and memqc_crossbar_mac_transposed(), but without mqc_product_check():
 * without wires, NaN and infinity are passed on. A network that diverges says so itself. function:
 * the public one that was called. */
memqc_status mqc_product_run(memqc_crossbar *xb, const char *function, int transposed, size_t batch,
                             const struct mqc_product_arrays *arrays);

#endif
