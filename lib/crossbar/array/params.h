/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of an array's parameters. */
#ifndef MQC_CROSSBAR_ARRAY_PARAMS_H
#define MQC_CROSSBAR_ARRAY_PARAMS_H

#include "core/params.h"
#include "crossbar/array/array.h"

extern const struct mqc_params mqc_crossbar_params;

#endif
