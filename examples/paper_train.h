/* SPDX-License-Identifier: BSD-3-Clause */
/* The training runs behind Figures 5c and 5d, spread over threads. */
#ifndef PAPER_TRAIN_H
#define PAPER_TRAIN_H

#include "data.h"
#include "paper_options.h"

enum { TABLE_MAX = 3 * LIST_MAX /* three samples */ };

/* One place of a table: its runs differ by their seed only. Both figures may show it; it is trained
 * once. */
struct cell {
    size_t sample, states;
    size_t figures; /* bits of FIGURE_5C and FIGURE_5D */
};

/* The cells of a figure, in the order in which it shows them. */
struct table {
    size_t n, cell[TABLE_MAX];
};

struct epoch {
    double train_loss;
    double test_accuracy; /* percent */
};

struct experiment {
    const struct options *options;
    struct cell cells[2 * TABLE_MAX];
    size_t n_cells;
    struct table table_5c, table_5d;
    struct epoch *epochs; /* n_cells x seeds x epochs */
};

/* Lists the cells that the options ask for and makes room for their results. Zero, or nonzero for
 * want of memory. */
int experiment_create(struct experiment *experiment, const struct options *options);
void experiment_destroy(struct experiment *experiment);

/* Trains all. Prints why it failed and returns nonzero. */
int experiment_run(struct experiment *experiment, const struct data *data);

/* The history of one run, seed counted from 0. */
const struct epoch *experiment_history(const struct experiment *experiment, size_t cell,
                                       size_t seed);

/* "ideal", "A", "B" or "float". */
const char *sample_name(size_t sample);

#endif
