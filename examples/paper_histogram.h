/* SPDX-License-Identifier: BSD-3-Clause */
/* The paper's histograms of one level over many cycles: Figure 3c-f. */
#ifndef PAPER_HISTOGRAM_H
#define PAPER_HISTOGRAM_H

#include "paper_options.h"

/* Writes the histograms and their widths. Prints why it failed and returns nonzero. */
int histogram_figure(const struct options *options);

#endif
