/* SPDX-License-Identifier: BSD-3-Clause */
/* An array as reads at one time find it. */
#ifndef MQC_CROSSBAR_SNAPSHOT_H
#define MQC_CROSSBAR_SNAPSHOT_H

#include <memqc/crossbar.h>

/* Leaves a programmed array as reads at one time find it: with conductances as traps have them now.
 * It is good for products alone from then on, and to be thrown away afterwards. */
memqc_status mqc_crossbar_snapshot(memqc_crossbar *xb);

#endif
