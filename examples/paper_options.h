/* SPDX-License-Identifier: BSD-3-Clause */
/* Command line of the paper example. */
#ifndef PAPER_OPTIONS_H
#define PAPER_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

enum {
    FIGURE_2D = 1,
    FIGURE_3 = 2,
    FIGURE_4 = 4,
    FIGURE_5C = 8,
    FIGURE_5D = 16,
    FIGURE_3C = 32,
    FIGURE_2A = 64,
    FIGURE_2B = 128,
    FIGURE_2C = 256,
    FIGURE_ALL = FIGURE_2A | FIGURE_2B | FIGURE_2C | FIGURE_2D | FIGURE_3 | FIGURE_3C | FIGURE_4 |
                 FIGURE_5C | FIGURE_5D
};

enum { SAMPLE_IDEAL, SAMPLE_A, SAMPLE_B, SAMPLE_FLOAT };

enum { LIST_MAX = 32 };

struct list {
    size_t n;
    size_t value[LIST_MAX];
};

struct options {
    size_t figures;      /* bits of FIGURE_... */
    struct list hidden;  /* units of the hidden layers */
    struct list states;  /* empty: those of the figure */
    struct list samples; /* SAMPLE_...; empty: those of the figure */
    size_t epochs, batch, seeds;
    size_t jobs;        /* threads */
    size_t train, test; /* samples at most; 0: all */
    double lr;
    size_t law, rule, loss, activation, mapping, schedule; /* MEMQC_... */
    size_t measured_law; /* of Figures 3, 3c and 4, which show measurements */
    size_t input_bits;
    const char *data; /* folder, or NULL to look in the usual places */
    const char *out;  /* folder for CSV files, or NULL */
};

enum parse_result {
    PARSE_RUN,
    PARSE_DONE /* help or version was printed */,
    PARSE_BAD /* the reason was printed */
};

/* Fills every field, defaults included. Texts point into argv. */
enum parse_result options_parse(struct options *options, int argc, char *argv[]);

#endif
