/* SPDX-License-Identifier: BSD-3-Clause */
/* Compensation of the drift of an array as a whole. */
#ifndef MQC_CROSSBAR_READ_COMPENSATE_H
#define MQC_CROSSBAR_READ_COMPENSATE_H

#include "core/archive.h"
#include "crossbar/array/array.h"

/* Takes the compensation of another array, whose conductances are the same. */
void mqc_compensation_copy(memqc_crossbar *to, const memqc_crossbar *from);

/* In files. A reading array has its cells. FORMAT. */
void mqc_compensation_write(const memqc_crossbar *xb, struct mqc_writer *writer);
memqc_status mqc_compensation_read(struct mqc_reader *reader, memqc_crossbar *xb);

#endif
