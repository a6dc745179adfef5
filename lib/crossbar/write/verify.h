/* SPDX-License-Identifier: BSD-3-Clause */
/* Write and verify. */
#ifndef MQC_CROSSBAR_WRITE_VERIFY_H
#define MQC_CROSSBAR_WRITE_VERIFY_H

#include "crossbar/cells/picked.h"

/* S, by how much a cell's conductance may be off. */
double mqc_crossbar_tolerance(const memqc_crossbar *xb, double level);

/* Cells that have just been programmed, and have had so many pulses, are read and corrected; see
 * MEMQC_CROSSBAR_SCHEME_VERIFY. */
void mqc_picked_verify(memqc_crossbar *xb, struct mqc_plane *plane, struct mqc_picked *picked,
                       float *spent);

#endif
