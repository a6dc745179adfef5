/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulse trains for one sample, for the rules that are made of them. */
#ifndef MQC_MLP_RULES_PULSE_TRAIN_H
#define MQC_MLP_RULES_PULSE_TRAIN_H

#include "mlp/pass/inside.h"

/* Adds direction x rate times the outer product of x and d to an array. */
memqc_status mqc_pulse_trains(const struct mqc_layer *layer, memqc_crossbar *xb, size_t n_x,
                              const float *x, size_t n_d, const float *d, double rate,
                              int direction);

#endif
