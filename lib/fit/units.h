/* SPDX-License-Identifier: BSD-3-Clause */
/* Units that are mixed up within a column. Called by clean.c. */
#ifndef MQC_FIT_UNITS_H
#define MQC_FIT_UNITS_H

#include "fit/peers.h"

/* Few readings that are too large or too small by a power of 1000 are left out, and more are
 * refused with DATA. expected[] and apart[] are known. */
memqc_status mqc_fit_check_units(struct mqc_fit_bench *bench);

#endif
