/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables, result lines and CSV files of Figures 5c and 5d. */
#ifndef PAPER_REPORT_H
#define PAPER_REPORT_H

#include "paper_train.h"

/* Prints the table and the result lines of a figure (FIGURE_5C or FIGURE_5D) and writes its CSV
 * file where the options name a folder. Nonzero where that failed. */
int report_figure(const struct experiment *experiment, size_t figure);

#endif
