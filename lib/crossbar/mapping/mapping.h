/* SPDX-License-Identifier: BSD-3-Clause */
/* From weights to rungs to levels. */
#ifndef MQC_CROSSBAR_MAPPING_MAPPING_H
#define MQC_CROSSBAR_MAPPING_MAPPING_H

#include "crossbar/array/array.h"

/* Refuses parameters that do not go together: a base above the levels of the device, too many
 * rungs, slices of uneven levels. values: of all parameters. ARGUMENT. */
memqc_status mqc_mapping_check(const char *function, const double *values,
                               const memqc_device *device);

/* How many planes the parameters ask for, and all else that the mapping makes of them; NOMEM. */
size_t mqc_mapping_planes(const memqc_crossbar *xb);
memqc_status mqc_mapping_make(memqc_crossbar *xb);

/* Levels of a plane's cells for n positions, and of the reference column's cells of a slice. */
void mqc_mapping_levels(const memqc_crossbar *xb, size_t plane, size_t n, const float *position,
                        float *levels);
float mqc_mapping_reference_level(const memqc_crossbar *xb, size_t slice);

/* The level whose nominal conductance is nearest to g. */
float mqc_mapping_nearest_level(const memqc_crossbar *xb, double g);

/* Has the mapping a reference column, and is there such a slice? ARGUMENT. */
memqc_status mqc_mapping_check_reference(const memqc_crossbar *xb, const char *function,
                                         size_t slice);

#endif
