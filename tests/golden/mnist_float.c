/* SPDX-License-Identifier: BSD-3-Clause */
/* The bar of the digital baseline: 784-256-10 on MNIST, float rule, 98.0 % on the test images after
 * 10 epochs, as a mean of 5 seeds, under one setting that is written down here. Exit status 0, 1
 * below the bar, 77 (skipped) where the data are not MNIST. */
#include <memqc/memqc.h>

#include "data.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

enum { SEEDS = 5, EPOCHS = 10, SKIPPED = 77 };

static const double bar = 0.980;

static const struct {
    int32_t key;
    double value;
} settings[] = {
    {MEMQC_MLP_INPUT_BITS, 0},
    {MEMQC_MLP_ACTIVATION, MEMQC_MLP_RELU},
    {MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY},
    {MEMQC_MLP_BATCH, 32},
    {MEMQC_MLP_LEARNING_RATE, 0.2},
    {MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_COSINE},
    {MEMQC_MLP_SCHEDULE_PERIOD, EPOCHS},
};

static void must(memqc_status status) {
    if (status != MEMQC_OK)
        fprintf(stderr, "%s: %s\n", memqc_status_name(status), memqc_last_error());
}

static double run(const struct data *d, uint64_t seed, double *seconds) {
    const size_t sizes[] = {784, 256, 10};
    memqc_mlp *mlp = NULL;
    double accuracy = 0;
    must(memqc_mlp_create(sizes, 3, NULL, 0, &mlp));
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        must(memqc_mlp_set(mlp, settings[i].key, settings[i].value));
    must(memqc_mlp_set_seed(mlp, seed));
    const clock_t start = clock();
    must(memqc_mlp_fit(mlp, d->train.n, d->train.x, 784, d->train.labels, EPOCHS));
    *seconds += (double)(clock() - start) / CLOCKS_PER_SEC;
    must(memqc_mlp_evaluate(mlp, d->test.n, d->test.x, 784, d->test.labels, NULL, &accuracy, NULL));
    memqc_mlp_destroy(&mlp);
    return accuracy;
}

/* MNIST's training images are 60000, and the mean of their pixels is 0.1306605; no relative of it
 * shares that. */
static int is_mnist(const struct data_set *set) {
    const size_t n = set->n * set->rows * set->cols;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)set->x[i];
    return n == 60000 * 784 && fabs(sum / (double)n - 0.1306605) < 1e-6;
}

int main(void) {
    struct data d;
    char error[1000];
    double sum = 0, squares = 0, seconds = 0;
    if (data_load(&d, NULL, 10, 10, 0, error, sizeof error) != 0) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    if (!is_mnist(&d.train)) {
        printf("skipped: the bar is for MNIST, and here are other data: %s\n", d.source);
        data_free(&d);
        return SKIPPED;
    }
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        const double accuracy = run(&d, seed, &seconds);
        printf("seed %d: %.2f %%\n", (int)seed, 100 * accuracy);
        fflush(stdout);
        sum += accuracy / SEEDS;
        squares += accuracy * accuracy / SEEDS;
    }
    printf("mean %.3f %% +- %.3f of %d seeds, bar %.1f %%; %.3f s of processor time an epoch\n",
           100 * sum, 100 * sqrt(fmax(0, squares - sum * sum) * SEEDS / (SEEDS - 1)), SEEDS,
           100 * bar, seconds / SEEDS / EPOCHS);
    data_free(&d);
    return sum >= bar ? 0 : 1;
}
