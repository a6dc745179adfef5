/* SPDX-License-Identifier: BSD-3-Clause */
/* What each candidate says of a row. */
#ifndef MQC_FIT_MODELS_H
#define MQC_FIT_MODELS_H

#include "fit/problem.h"

/* Mean and sd of a row from a conductance before, that many pulses ago. */
void mqc_fit_predict(const struct mqc_fit_problem *problem, const double *theta, size_t row,
                     double before, int32_t steps, double *mean, double *sd);

/* Mean and sd of the draws of a level under a quantized candidate. */
void mqc_fit_level(const struct mqc_fit_problem *problem, const double *theta, double level,
                   double *mean, double *sd);

/* Can the candidate's device have trains as long as those of the data? NEUROSIM counts their pulses. */
int mqc_fit_has_pulses(const struct mqc_fit_problem *problem);

/* Values of keys from parameters; keys that the candidate does not have stay. */
void mqc_fit_keys(const struct mqc_fit_problem *problem, const double *theta, double *value);

#endif
