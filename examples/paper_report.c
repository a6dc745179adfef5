/* SPDX-License-Identifier: BSD-3-Clause */
#include "paper_report.h"
#include "interval.h"
#include "paper_csv.h"

#include <memqc/memqc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What the paper reports after 10 epochs. */
static const struct {
    size_t figure, sample, states;
    const char *text;
} paper[] = {
    {FIGURE_5C, SAMPLE_A, 4, "~10"},
    {FIGURE_5C, SAMPLE_A, 16, "71.2 (peak, falls to ~10 after epoch 6)"},
    {FIGURE_5C, SAMPLE_A, 32, "86.8"},
    {FIGURE_5C, SAMPLE_A, 64, "93.5"},
    {FIGURE_5D, SAMPLE_IDEAL, 32, "86.1"},
    {FIGURE_5D, SAMPLE_A, 32, "86.0"},
    {FIGURE_5D, SAMPLE_B, 32, "about 84 (2 below)"},
};

static const char *figure_name(size_t figure) {
    return figure == FIGURE_5C ? "5c" : "5d";
}

static const char *paper_text(size_t figure, const struct cell *cell) {
    for (size_t i = 0; i < sizeof paper / sizeof paper[0]; i++) {
        if (paper[i].figure == figure && paper[i].sample == cell->sample &&
            paper[i].states == cell->states) {
            return paper[i].text;
        }
    }
    return "-";
}

/* Accuracies after the last epoch, over the seeds; mean over the seeds of each run's best epoch. */
struct summary {
    struct interval last;
    double best;
};

/* last: room for an accuracy of each seed. */
static struct summary summarize(const struct experiment *experiment, size_t cell, double *last) {
    const struct options *options = experiment->options;
    struct summary summary = {.best = 0.0};
    for (size_t seed = 0; seed < options->seeds; seed++) {
        const struct epoch *history = experiment_history(experiment, cell, seed);
        double best = 0.0;
        for (size_t epoch = 0; epoch < options->epochs; epoch++) {
            best = fmax(best, history[epoch].test_accuracy);
        }
        summary.best += best / (double)options->seeds;
        last[seed] = history[options->epochs - 1].test_accuracy;
    }
    summary.last = accuracy_interval(options->seeds, last);
    return summary;
}

static void print_heading(const struct options *options, size_t figure) {
    const char *falling = "";
    if (options->schedule == MEMQC_MLP_SCHEDULE_EXPONENTIAL)
        falling = " falling exponentially";
    else if (options->schedule == MEMQC_MLP_SCHEDULE_COSINE)
        falling = " falling along a cosine";
    printf("\nFigure %s: test accuracy in %% after %zu epoch%s, mean of %zu seed%s%s\n",
           figure_name(figure), options->epochs, options->epochs == 1 ? "" : "s", options->seeds,
           options->seeds == 1 ? "" : "s",
           options->seeds == 1 ? "" : " with its 95 % confidence interval");
    printf("hidden layers of ");
    for (size_t i = 0; i < options->hidden.n; i++) {
        printf("%s%zu", i ? " and " : "", options->hidden.value[i]);
    }
    printf(" units, learning rate %g%s, minibatches of %zu", options->lr, falling, options->batch);
    if (options->rule == MEMQC_MLP_RULE_FLOAT) {
        printf(", float weights without a device\n");
    } else {
        printf(", nearest level, %s noise\n",
               memqc_device_choice_name(MEMQC_DEVICE_LAW, (int32_t)options->law));
    }
    printf("\n  %-6s  %6s  %6s  %16s  %10s  %s\n", "sample", "states", "here", "95 % interval",
           "best epoch", "paper (MNIST)");
}

static const struct table *figure_table(const struct experiment *experiment, size_t figure) {
    return figure == FIGURE_5C ? &experiment->table_5c : &experiment->table_5d;
}

static void print_row(const struct cell *cell, const struct summary *summary,
                      const char *reported) {
    printf("  %-6s  ", sample_name(cell->sample));
    if (cell->states) {
        printf("%6zu", cell->states);
    } else {
        printf("%6s", "-");
    }
    printf("  %6.2f", summary->last.mean);
    if (summary->last.known) {
        printf("  %6.2f .. %6.2f", summary->last.low, summary->last.high);
    } else {
        printf("  %16s", "-");
    }
    printf("  %10.2f  %s\n", summary->best, reported);
}

static int print_table(const struct experiment *experiment, size_t figure) {
    const struct table *table = figure_table(experiment, figure);
    const size_t seeds = experiment->options->seeds;
    double *last = calloc(seeds, sizeof *last);
    if (!last) {
        fprintf(stderr, "paper: no memory for the results of %zu seeds\n", seeds);
        return -1;
    }
    print_heading(experiment->options, figure);
    for (size_t i = 0; i < table->n; i++) {
        const struct cell *cell = &experiment->cells[table->cell[i]];
        const struct summary summary = summarize(experiment, table->cell[i], last);
        print_row(cell, &summary, paper_text(figure, cell));
    }
    printf("\n");
    for (size_t i = 0; i < table->n; i++) {
        const struct cell *cell = &experiment->cells[table->cell[i]];
        const struct summary summary = summarize(experiment, table->cell[i], last);
        printf("result figure=%s sample=%s states=%zu accuracy=%.2f sd=%.2f seeds=%zu\n",
               figure_name(figure), sample_name(cell->sample), cell->states, summary.last.mean,
               summary.last.sd, seeds);
    }
    free(last);
    return 0;
}

static void write_run(FILE *file, const struct experiment *experiment, size_t figure, size_t cell,
                      size_t seed) {
    const struct epoch *history = experiment_history(experiment, cell, seed);
    for (size_t epoch = 0; epoch < experiment->options->epochs; epoch++) {
        fprintf(file, "%s,%s,%zu,%zu,%zu,%.6g,%.4f\n", figure_name(figure),
                sample_name(experiment->cells[cell].sample), experiment->cells[cell].states,
                seed + 1, epoch + 1, history[epoch].train_loss, history[epoch].test_accuracy);
    }
}

static int write_csv(const struct experiment *experiment, size_t figure) {
    const struct table *table = figure_table(experiment, figure);
    struct csv csv;
    if (csv_open(&csv, experiment->options->out,
                 figure == FIGURE_5C ? "figure5c.csv" : "figure5d.csv")) {
        return -1;
    }
    fprintf(csv.file, "figure,sample,states,seed,epoch,train_loss,test_accuracy\n");
    for (size_t i = 0; i < table->n; i++) {
        for (size_t seed = 0; seed < experiment->options->seeds; seed++) {
            write_run(csv.file, experiment, figure, table->cell[i], seed);
        }
    }
    return csv_close(&csv, 0);
}

int report_figure(const struct experiment *experiment, size_t figure) {
    if (print_table(experiment, figure)) {
        return -1;
    }
    return experiment->options->out ? write_csv(experiment, figure) : 0;
}
