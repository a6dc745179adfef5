/* SPDX-License-Identifier: BSD-3-Clause */
/* What the last call that programmed did. */
#ifndef MQC_CROSSBAR_WRITE_REPORT_H
#define MQC_CROSSBAR_WRITE_REPORT_H

#include "crossbar/array/array.h"

/* Room for the report on a list of n places. NOMEM. */
memqc_status mqc_report_room(memqc_crossbar *xb, size_t n);

/* A call that programs begins (after everything that may fail), and ends. places: those of
 * MQC_REPORT_LIST. */
void mqc_report_begin(memqc_crossbar *xb);
void mqc_report_end(memqc_crossbar *xb, int kind, size_t n, const size_t *places);

#endif
