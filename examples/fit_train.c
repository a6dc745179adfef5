/* SPDX-License-Identifier: BSD-3-Clause */
/* The paper's network on a fitted device: accuracy over seeds, with a confidence interval. */
#include "data.h"
#include "fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SYNTHETIC_TRAIN = 60000, SYNTHETIC_TEST = 10000, SYNTHETIC_SEED = 1 };

static size_t at_most(size_t n, size_t limit) {
    return limit && limit < n ? limit : n;
}

/* The 97.5 % quantile of Student's t; beyond the table by Cornish and Fisher's expansion. */
static double student(size_t freedom) {
    static const double table[] = {0,      12.7062, 4.3027, 3.1824, 2.7764, 2.5706,
                                   2.4469, 2.3646,  2.3060, 2.2622, 2.2281};
    const double z = 1.959964, n = (double)freedom;
    if (freedom < sizeof table / sizeof *table)
        return table[freedom];
    return z + (z * z * z + z) / (4 * n) + (5 * pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * n * n);
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

static int run(const struct fit_options *o, const memqc_device *device, const struct data *data) {
    double sum = 0, squares = 0;
    for (size_t seed = 1; seed <= o->seeds; seed++) {
        double accuracy = 0;
        if (train(o, device, data, seed, &accuracy) != MEMQC_OK) {
            fprintf(stderr, "fit: seed %zu: %s\n", seed, memqc_last_error());
            return -1;
        }
        printf("seed %zu: %.2f %%\n", seed, accuracy);
        fflush(stdout);
        sum += accuracy;
        squares += accuracy * accuracy;
    }
    const double n = (double)o->seeds, mean = sum / n;
    if (o->seeds == 1) {
        printf("accuracy %.2f %%; --seeds 2 or more give an interval\n", mean);
        return 0;
    }
    const double error =
        student(o->seeds - 1) * sqrt(fmax(0, squares - n * mean * mean) / ((n - 1) * n));
    printf("accuracy %.2f %% +- %.2f %% (95 %% confidence interval of the mean of %zu seeds)\n",
           mean, error, o->seeds);
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
    const int failed = run(o, device, &data);
    data_free(&data);
    return failed;
}
