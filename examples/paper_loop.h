/* SPDX-License-Identifier: BSD-3-Clause */
/* The paper's Figures 2a to 2c: switching loops, resistances over cycles, scans of the RESET. */
#ifndef PAPER_LOOP_H
#define PAPER_LOOP_H

#include "paper_options.h"

/* Writes those of Figures 2a, 2b and 2c that the options ask for. Prints why it failed and returns
 * nonzero. */
int loop_figures(const struct options *options);

#endif
