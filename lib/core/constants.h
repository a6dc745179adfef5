/* SPDX-License-Identifier: BSD-3-Clause */
/* The names of all public constants, for error texts: no number means two things, so that a constant
 * in the wrong place can be named. */
#ifndef MQC_CORE_CONSTANTS_H
#define MQC_CORE_CONSTANTS_H

#include <memqc/base.h>

/* The name of a constant, such as "MEMQC_CROSSBAR_ADC_BITS", and what kind of thing it is, such as
 * "a parameter of a crossbar"; returns 0, and sets neither, for a number that is none. */
int mqc_constant(double value, const char **name, const char **what);

/* ARGUMENT for a number that is not among the constants that a function takes. wanted says which
 * those are: "a parameter of an mlp is wanted". */
memqc_status mqc_refuse_constant(const char *function, const char *argument, double value,
                                 const char *wanted);

#endif
