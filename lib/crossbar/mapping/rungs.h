/* SPDX-License-Identifier: BSD-3-Clause */
/* Heights of the rungs of an array whose device has uneven levels; see struct mqc_ladder. */
#ifndef MQC_CROSSBAR_MAPPING_RUNGS_H
#define MQC_CROSSBAR_MAPPING_RUNGS_H

#include "crossbar/array/array.h"

/* Gives the ladder of the array's mapping its heights, in memory that becomes *block: NULL where
 * the ladder is even. What *block pointed to is freed first. NOMEM: it is then NULL. */
memqc_status mqc_rungs_make(const memqc_crossbar *xb, struct mqc_ladder *ladder, float **block);

/* The number of levels up of a reference cell: the level next below the middle of the window. */
double mqc_rungs_zero(const memqc_device *device);

/* The position whose height is nearest to that of the pair of cells at two levels. */
float mqc_rungs_of_pair(const memqc_crossbar *xb, double up_level, double down_level);

#endif
