/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulse trains for one sample, for the rules that are made of them. */
#ifndef MQC_CROSSBAR_UPDATE_PULSE_TRAIN_H
#define MQC_CROSSBAR_UPDATE_PULSE_TRAIN_H

#include "crossbar/update/update.h"

/* Adds alpha times the outer product of each sample's x and d to an array, by pulses; `after`, where
 * it is not NULL, is called with `xb` when a sample is done. DATA where an update is more than
 * pulses can make; nothing is changed then. */
typedef memqc_status mqc_after_train(memqc_crossbar *xb, const struct mqc_update_call *call);
memqc_status mqc_pulse_trains(memqc_crossbar *array, const struct mqc_update_call *call,
                              const struct mqc_outer *outer, memqc_crossbar *xb,
                              mqc_after_train *after);

#endif
