/* SPDX-License-Identifier: BSD-3-Clause */
/* The separate fits of a candidate: one a device, or one in all. */
#ifndef MQC_FIT_PARTS_H
#define MQC_FIT_PARTS_H

#include "fit/judge.h"

/* How many there are. */
size_t mqc_fit_parts(const struct mqc_fit_work *work, int32_t candidate);

/* Fits a part into work->problem; noise has bits of the kinds of noise. 0 where that fails. */
int mqc_fit_part(struct mqc_fit_work *work, int index, int noise, size_t part);

/* Fits of the candidate in a place begin from those just made. */
void mqc_fit_keep(struct mqc_fit_work *work, int index, int noise);

/* Are readings too noisy for the steps around each node of TABLE, as it was kept last, to be told? */
int mqc_fit_is_coarse(const struct mqc_fit_work *work, int index);

#endif
