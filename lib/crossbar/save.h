/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_CROSSBAR_SAVE_H
#define MQC_CROSSBAR_SAVE_H

#include <memqc/crossbar.h>

#include "core/archive.h"

/* A crossbar, its device included, as records of an archive, and a new one made of them. FORMAT,
 * NOMEM. */
void mqc_crossbar_write(const memqc_crossbar *xb, struct mqc_writer *writer);
memqc_status mqc_crossbar_read(struct mqc_reader *reader, memqc_crossbar **out);

#endif
