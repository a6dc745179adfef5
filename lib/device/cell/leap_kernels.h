/* SPDX-License-Identifier: BSD-3-Clause */
/* Leaps: several pulses of a train at once, with one normal number. Programming sends hundreds of
 * pulses to a cell whose steps hardly differ from one to the next; what these do together is known in
 * closed form. */
#ifndef MQC_DEVICE_LEAP_KERNELS_H
#define MQC_DEVICE_LEAP_KERNELS_H

#include "device/cell/kernels.h"

/* Cells in the middle of their trains. */
struct mqc_leap_cells {
    float *state; /* S */
    float *left;  /* pulses that are to come, of either sign */
    float *path;  /* the sum over the pulses so far of the conductances before and after, S */
};

struct mqc_leap_kernels {
    /* A leap of each cell, as many pulses as it may be: at least one where any is left. z: N(0, 1),
     * or NULL without noise. Kinds of laws: all but MQC_PULSE_JUMPS. */
    void (*leap)(const struct mqc_pulse *pulse, const struct mqc_cell_arrays *own, size_t n,
                 const float *z, const struct mqc_leap_cells *cells);
};

const struct mqc_leap_kernels *mqc_leap_kernels(void);

MQC_DECLARE_KERNELS(mqc_leap_kernels, mqc_leap_kernels);

#endif
