/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory of the cells and their first states. */
#ifndef MQC_CROSSBAR_CELLS_ROOM_H
#define MQC_CROSSBAR_CELLS_ROOM_H

#include "crossbar/array/array.h"

/* Before the first programming: allocates what the mapping needs, sets its ladder, and makes fresh
 * cells. A failure leaves the array as it was created: what was had for one device and mapping may not
 * fit those of the next try. NOMEM. */
memqc_status mqc_crossbar_settle(memqc_crossbar *xb);
/* Undoes that, where the first programming fails after all. */
void mqc_crossbar_unsettle(memqc_crossbar *xb);

void mqc_crossbar_free_state(memqc_crossbar *xb);

#endif
