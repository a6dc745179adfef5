/* SPDX-License-Identifier: BSD-3-Clause */
/* The paper's conductance staircases: Figures 2d, 3 and 4. */
#ifndef PAPER_STAIRCASE_H
#define PAPER_STAIRCASE_H

#include "paper_options.h"

#include <memqc/memqc.h>

/* The device of a sample, under the law that the options ask for. */
memqc_status paper_device(size_t sample, size_t states, size_t law, memqc_device **out);

/* Writes those of Figures 2d, 3 and 4 that the options ask for. Prints why it failed and returns
 * nonzero. */
int staircase_figures(const struct options *options);

#endif
