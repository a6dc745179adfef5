/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters of an array, set for somebody else, whose name is in the error texts. */
#ifndef MQC_CROSSBAR_PARAMETERS_H
#define MQC_CROSSBAR_PARAMETERS_H

#include <memqc/crossbar.h>

/* What memqc_crossbar_set_many() does, and only what it refuses. */
memqc_status mqc_crossbar_set_many(memqc_crossbar *xb, const char *function, size_t n,
                                   const int32_t *keys, const double *values);
memqc_status mqc_crossbar_check_many(const memqc_crossbar *xb, const char *function, size_t n,
                                     const int32_t *keys, const double *values);

#endif
