/* SPDX-License-Identifier: BSD-3-Clause */
/* The scale of the weights. */
#ifndef MQC_CROSSBAR_MAPPING_SCALE_H
#define MQC_CROSSBAR_MAPPING_SCALE_H

#include "crossbar/array/array.h"

/* The scale s and the slope of the ladder, from the weights that are about to be programmed. most:
 * the largest magnitude among them. NOMEM, and nothing is changed. */
memqc_status mqc_crossbar_scale(memqc_crossbar *xb, const float *w, size_t ldw, float most);

/* Scale and slope where no weights are known: W_MAX, or 1. */
void mqc_crossbar_scale_unknown(memqc_crossbar *xb);

#endif
