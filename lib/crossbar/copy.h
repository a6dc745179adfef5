/* SPDX-License-Identifier: BSD-3-Clause */
/* Copies of arrays. */
#ifndef MQC_CROSSBAR_COPY_H
#define MQC_CROSSBAR_COPY_H

#include <memqc/crossbar.h>

/* Copies the state back into an array of the same shape that has been programmed like it. NOMEM
 * where memory is missing for what an update rule keeps; never where the array has had it before. */
memqc_status mqc_crossbar_assign(memqc_crossbar *to, const memqc_crossbar *from);

#endif
