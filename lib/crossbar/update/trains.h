/* SPDX-License-Identifier: BSD-3-Clause */
/* Stochastic pulse trains: an outer product added to an array by coincidences. */
#ifndef MQC_CROSSBAR_UPDATE_TRAINS_H
#define MQC_CROSSBAR_UPDATE_TRAINS_H

#include "crossbar/array/array.h"

/* Weight that one pulse moves, at the middle of the range and as a mean of both directions. */
double mqc_crossbar_pulse_weight(const memqc_crossbar *xb);

/* Memory for the trains of all lines. */
memqc_status mqc_crossbar_outer_room(memqc_crossbar *xb);

/* One update, Gokmen and Vlasov, Front. Neurosci. 10 (2016) 333: each word line i fires in each of
 * slots time slots with the probability gain_x |x[i]|, each bit line j with gain_d |d[j]|; where
 * both fire in a slot, the cell gets a pulse, up where x[i] d[j] direction is above 0 and down
 * where it is below. Of a pair, both cells get it, the second one of the other sign. Devices
 * without pulses of their own (the quantized one) move by one level a pulse. NOMEM (the first
 * time), and nothing is done. A burst of coincident pulses at a cell has one noise; see
 * burst() of struct mqc_device_ops. Time: slots times PULSE_TIME for the array. */
memqc_status mqc_crossbar_outer(memqc_crossbar *xb, const float *x, const float *d, double gain_x,
                                double gain_d, uint32_t slots, int direction);

/* The same for one word line, which fires in every slot: d is added to its row. */
memqc_status mqc_crossbar_outer_row(memqc_crossbar *xb, size_t row, const float *d, double gain_d,
                                    uint32_t slots);

/* A pulse up and one down on every cell (of both of a pair), so many times: where steps depend on
 * the conductance, a cell comes to the point where they are equal. Nothing happens to devices
 * without pulses of their own. */
void mqc_crossbar_alternate(memqc_crossbar *xb, size_t pairs);

#endif
