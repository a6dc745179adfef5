/* SPDX-License-Identifier: BSD-3-Clause */
/* How the tables of jumps are kept. */
#ifndef MQC_DEVICE_JUMP_TABLES_H
#define MQC_DEVICE_JUMP_TABLES_H

#include "device/cell/inside.h"

/* One direction of a table, as a caller has it. */
struct mqc_jump_rows {
    size_t table;
    int down;
    int32_t n_g, n_q;
    const float *g, *quantiles;
};

/* Puts it into the device, whose number of tables grows by one where `table` is that number. The
 * other direction of a new table is that of table 0. NOMEM, and the device stays as it was. */
memqc_status mqc_jumps_replace(memqc_device *device, const struct mqc_jump_rows *rows);

#endif
