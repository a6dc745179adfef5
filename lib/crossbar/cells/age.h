/* SPDX-License-Identifier: BSD-3-Clause */
/* Time. */
#ifndef MQC_CROSSBAR_CELLS_AGE_H
#define MQC_CROSSBAR_CELLS_AGE_H

#include "crossbar/array/array.h"

/* Lets time pass for a programmed array, and for the fast array beside it. NOMEM: nothing has
 * happened then. */
memqc_status mqc_crossbar_age(memqc_crossbar *xb, double seconds);

#endif
