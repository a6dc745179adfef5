/* SPDX-License-Identifier: BSD-3-Clause */
/* The first values of an array's parameters. */
#ifndef MQC_CROSSBAR_INITIAL_H
#define MQC_CROSSBAR_INITIAL_H

#include "crossbar/array/array.h"

/* Sets those that a new array has from its device; from has the values of all parameters. */
void mqc_crossbar_take_of_device(double *value, const double *from);

#endif
