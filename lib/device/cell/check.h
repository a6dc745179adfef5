/* SPDX-License-Identifier: BSD-3-Clause */
/* What every public function refuses. `function` is the one that was called; its name begins the
 * text. */
#ifndef MQC_DEVICE_CHECK_H
#define MQC_DEVICE_CHECK_H

#include "core/error.h"
#include "device/cell/inside.h"

/* --- parameters that bound each other --- */

/* ARGUMENT unless the value of `low` is below that of `high`. */
memqc_status mqc_device_check_order(const memqc_device *device, const char *function, int32_t low,
                                    int32_t high);

/* ARGUMENT where the shares of stuck cells exceed 1 together. */
memqc_status mqc_device_check_effects(const memqc_device *device, const char *function);

/* --- arguments --- */

/* ARGUMENT where a level is outside 1 .. STATES. */
memqc_status mqc_device_check_levels(const memqc_device *device, const char *function, size_t n,
                                     const int32_t *levels);

/* ARGUMENT where a cell is numbered 2^34 or more. */
memqc_status mqc_device_check_cells(const char *function, uint64_t cell, size_t n);

/* ARGUMENT where a programming of pulsed cells is numbered 2^40 or more. */
memqc_status mqc_device_check_draw(const memqc_device *device, const char *function, uint64_t draw);

/* DATA where a state is neither a level nor, for pulsed models, a finite conductance from 0 on. */
memqc_status mqc_device_check_states(const memqc_device *device, const char *function, size_t n,
                                     const float *state);

/* DATA where a conductance is NaN, negative, or above 1e6 S. */
memqc_status mqc_device_check_conductances(const char *function, size_t n, const float *g);

/* ARGUMENT where a time that passes is not 0 .. 1e30 s. */
memqc_status mqc_device_check_duration(const char *function, double seconds);

#endif
