/* SPDX-License-Identifier: BSD-3-Clause */
/* The figures of Chen et al., "Improving the Recognition Accuracy of Memristive Neural Networks via
 * Homogenized Analog Type Conductance Quantization", Micromachines 2020, 11, 427. paper --help
 * tells how to ask for them. */
#include "data.h"
#include "output.h"
#include "paper_csv.h"
#include "paper_histogram.h"
#include "paper_loop.h"
#include "paper_options.h"
#include "paper_report.h"
#include "paper_staircase.h"
#include "paper_train.h"

#include <stdio.h>

enum { EXIT_FINE, EXIT_FAILED, EXIT_USAGE };

/* Size of the built-in data set where no other one is found: that of MNIST. */
enum { SYNTHETIC_TRAIN = 60000, SYNTHETIC_TEST = 10000, SYNTHETIC_SEED = 1 };

static int load_data(struct data *data, const struct options *options) {
    char error[1024] = "";
    size_t train = options->train ? options->train : SYNTHETIC_TRAIN;
    size_t test = options->test ? options->test : SYNTHETIC_TEST;
    if (data_load(data, options->data, train, test, SYNTHETIC_SEED, error, sizeof error)) {
        fprintf(stderr, "paper: %s\n", error);
        return -1;
    }
    train = options->train && options->train < data->train.n ? options->train : data->train.n;
    test = options->test && options->test < data->test.n ? options->test : data->test.n;
    printf("data: %s: %zu training and %zu test images of %zu x %zu\n", data->source, train, test,
           data->train.rows, data->train.cols);
    fflush(stdout);
    return 0;
}

static int training_figures(const struct options *options) {
    struct experiment experiment;
    struct data data = {.source = ""};
    int failed = 0;
    if (experiment_create(&experiment, options)) {
        fprintf(stderr, "paper: no memory for the results of %zu seeds and %zu epochs\n",
                options->seeds, options->epochs);
        return -1;
    }
    failed = load_data(&data, options);
    if (!failed) {
        failed = experiment_run(&experiment, &data);
    }
    if (!failed && options->figures & FIGURE_5C) {
        failed = report_figure(&experiment, FIGURE_5C);
    }
    if (!failed && options->figures & FIGURE_5D) {
        failed = report_figure(&experiment, FIGURE_5D);
    }
    data_free(&data);
    experiment_destroy(&experiment);
    return failed;
}

int main(int argc, char *argv[]) {
    struct options options;
    switch (options_parse(&options, argc, argv)) {
    case PARSE_BAD:
        return EXIT_USAGE;
    case PARSE_DONE:
        return output_end("paper", EXIT_FINE);
    case PARSE_RUN:
        break;
    }
    if (options.out && csv_make_folder(options.out)) {
        return EXIT_FAILED;
    }
    int failed = loop_figures(&options);
    if (!failed) {
        failed = staircase_figures(&options);
    }
    if (!failed && options.figures & FIGURE_3C) {
        failed = histogram_figure(&options);
    }
    if (!failed && options.figures & (FIGURE_5C | FIGURE_5D)) {
        failed = training_figures(&options);
    }
    return output_end("paper", failed ? EXIT_FAILED : EXIT_FINE);
}
