/* SPDX-License-Identifier: BSD-3-Clause */
/* The paper's network on a fitted device: accuracy over seeds, with a confidence interval. */
#include "data.h"
#include "fit.h"
#include "interval.h"

#include <stdio.h>
#include <stdlib.h>

enum { SYNTHETIC_TRAIN = 60000, SYNTHETIC_TEST = 10000, SYNTHETIC_SEED = 1 };

static size_t at_most(size_t n, size_t limit) {
    return limit && limit < n ? limit : n;
}

static memqc_status create(const struct fit_options *o, const memqc_device *device, size_t inputs,
                           uint64_t seed, memqc_mlp **out) {
    size_t sizes[FIT_LAYERS + 2], n = 0;
    sizes[n++] = inputs;
    for (size_t i = 0; i < o->n_hidden; i++)
        sizes[n++] = o->hidden[i];
    sizes[n++] = DATA_CLASSES;
    memqc_status status =
        memqc_mlp_create(sizes, n, o->rule == MEMQC_MLP_RULE_FLOAT ? NULL : device, 0, out);
    const struct {
        int32_t key;
        double value;
    } set[] = {{MEMQC_MLP_RULE, o->rule},
               {MEMQC_MLP_LEARNING_RATE, o->rate},
               {MEMQC_MLP_BATCH, (double)o->batch}};
    for (size_t i = 0; i < sizeof set / sizeof *set && status == MEMQC_OK; i++)
        status = memqc_mlp_set(*out, set[i].key, set[i].value);
    return status == MEMQC_OK ? memqc_mlp_set_seed(*out, seed) : status;
}

/* Accuracy in percent after the last epoch. */
static memqc_status train(const struct fit_options *o, const memqc_device *device,
                          const struct data *data, uint64_t seed, double *accuracy) {
    const size_t inputs = data->train.rows * data->train.cols;
    memqc_mlp *mlp = NULL;
    memqc_status status = create(o, device, inputs, seed, &mlp);
    for (size_t epoch = 0; epoch < o->epochs && status == MEMQC_OK; epoch++)
        status = memqc_mlp_train_epoch(mlp, at_most(data->train.n, o->train), data->train.x, inputs,
                                       data->train.labels);
    if (status == MEMQC_OK)
        status = memqc_mlp_evaluate(mlp, at_most(data->test.n, o->test), data->test.x, inputs,
                                    data->test.labels, NULL, accuracy, NULL);
    *accuracy *= 100;
    memqc_mlp_destroy(&mlp);
    return status;
}

/* Trains once for each seed. */
static int run(const struct fit_options *o, const memqc_device *device, const struct data *data,
               double *accuracies) {
    for (size_t seed = 1; seed <= o->seeds; seed++) {
        double *const accuracy = &accuracies[seed - 1];
        if (train(o, device, data, seed, accuracy) != MEMQC_OK) {
            fprintf(stderr, "fit: seed %zu: %s\n", seed, memqc_last_error());
            return -1;
        }
        printf("seed %zu: %.2f %%\n", seed, *accuracy);
        fflush(stdout);
    }
    const struct interval all = accuracy_interval(o->seeds, accuracies);
    if (!all.known)
        printf("accuracy %.2f %%; --seeds 2 or more give an interval\n", all.mean);
    else
        printf("accuracy %.2f %% (95 %% confidence %.2f .. %.2f, mean of %zu seeds)\n", all.mean,
               all.low, all.high, o->seeds);
    return 0;
}

int fit_train(const struct fit_options *o, const memqc_device *device) {
    struct data data = {.source = ""};
    char error[1024] = "";
    if (data_load(&data, o->data, o->train ? o->train : SYNTHETIC_TRAIN,
                  o->test ? o->test : SYNTHETIC_TEST, SYNTHETIC_SEED, error, sizeof error)) {
        fprintf(stderr, "fit: %s\n", error);
        return -1;
    }
    printf("\ndata: %s\n", data.source);
    double *accuracies = calloc(o->seeds, sizeof *accuracies);
    int failed = -1;
    if (accuracies)
        failed = run(o, device, &data, accuracies);
    else
        fprintf(stderr, "fit: no memory for the results of %zu seeds\n", o->seeds);
    free(accuracies);
    data_free(&data);
    return failed;
}
