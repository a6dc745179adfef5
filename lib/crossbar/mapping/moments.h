/* SPDX-License-Identifier: BSD-3-Clause */
/* What weights become when they are programmed, without programming any: for every rung of a
 * crossbar's ladder the mean and the standard deviation of the weight that cells hold which are put
 * there. A reference column counts at its mean. */
#ifndef MQC_CROSSBAR_MOMENTS_H
#define MQC_CROSSBAR_MOMENTS_H

#include "crossbar/array/array.h"

struct mqc_moments {
    struct mqc_ladder ladder;
    float slope;      /* d position / d weight */
    float *mean, *sd; /* of position lo + i */
    float *rungs;     /* memory of the heights of an uneven ladder, or NULL */
};

/* For weights of -scale .. scale, as an array holds them by its device and its mapping; it need not
 * have been programmed. */
memqc_status mqc_moments_make(memqc_crossbar *xb, double scale, struct mqc_moments *moments);
void mqc_moments_free(struct mqc_moments *moments);

#endif
