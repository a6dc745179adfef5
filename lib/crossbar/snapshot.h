/* SPDX-License-Identifier: BSD-3-Clause */
/* An array as reads at one time find it. */
#ifndef MQC_CROSSBAR_SNAPSHOT_H
#define MQC_CROSSBAR_SNAPSHOT_H

#include <memqc/crossbar.h>

/* Leaves a programmed array as its products find it: with the read noise of its device in each of
 * them, with conductances as traps have them now, and these replaced by the effective ones where
 * each segment of the lines resists with ohm, 0 .. 1e6 (below 1e-6 as 0). It is good for products
 * alone from then on, and to be thrown away afterwards, whatever the status. */
memqc_status mqc_crossbar_snapshot(memqc_crossbar *xb, double ohm);

#endif
