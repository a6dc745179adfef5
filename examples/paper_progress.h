/* SPDX-License-Identifier: BSD-3-Clause */
/* Progress on standard error: one line that is rewritten on a terminal, else a line for each run
 * that ends.
 */
#ifndef PAPER_PROGRESS_H
#define PAPER_PROGRESS_H

#include <stddef.h>

struct progress {
    size_t runs, finished;
    double work, done; /* samples to train on, and trained on so far, in all runs */
    double start, shown;
    int terminal, width; /* width: characters on the line that the next one has to cover */
};

/* None of these may run in two threads at once. */
void progress_start(struct progress *progress, size_t runs, double work);

/* A run, named by what, went on by so many samples of training. */
void progress_step(struct progress *progress, const char *what, double samples, size_t epoch,
                   size_t epochs, double accuracy);

/* A run ended with this accuracy, in percent, after so many seconds. */
void progress_finish(struct progress *progress, const char *what, double accuracy, double seconds);

/* Ends the line on a terminal. */
void progress_end(struct progress *progress);

/* Seconds on a clock that never goes back. */
double progress_clock(void);

#endif
