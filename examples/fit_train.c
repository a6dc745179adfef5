/* SPDX-License-Identifier: BSD-3-Clause */
/* What networks reach on a device of which measured curves leave something open: trained on several
 * devices that the curves allow, with several seeds on each, and tested on the same images. One
 * interval holds the uncertainty of the fit, of the training and of the images. */
#include "data.h"
#include "fit.h"
#include "likely.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SYNTHETIC_TRAIN = 60000, SYNTHETIC_TEST = 10000, SYNTHETIC_SEED = 1 };

/* The settings of a rule; those of mixed precision are those of examples/beyond. */
static const struct rule {
    const char *name, *what;
    int number, digital;
    int32_t rule;
    double rate, batch, w_max; /* 0: as it is */
    int modern;                /* rectified units, cross entropy, a learning rate that falls */
} rules[] = {
    {"mixed", "mixed precision", FIT_MIXED, 0, MEMQC_CROSSBAR_RULE_MIXED_PRECISION, 0.3, 32, 0.5,
     1},
    {"nearest", "nearest level, the paper's", FIT_NEAREST, 0, MEMQC_CROSSBAR_RULE_NEAREST_LEVEL, 10,
     10, 0, 0},
    {"float", "no device", FIT_FLOAT, 1, MEMQC_MLP_RULE_FLOAT, 10, 10, 0, 0},
};

enum { RULES = sizeof rules / sizeof *rules };

int fit_rule(const char *name, int *value) {
    for (size_t i = 0; i < RULES; i++)
        if (strcmp(rules[i].name, name) == 0)
            return *value = rules[i].number, 0;
    *value = FIT_MIXED | FIT_NEAREST;
    return strcmp(name, "both");
}

/* What one run has. */
struct run {
    const struct fit_options *options;
    struct data data;
    size_t n_train, n_test, bytes;
    struct likely likely;
    size_t devices;
    uint8_t *hits; /* a row for each device and seed */
    int32_t *classes;
};

static size_t at_most(size_t n, size_t limit) {
    return limit && limit < n ? limit : n;
}

static memqc_status set_modern(const struct fit_options *o, const struct rule *rule,
                               const size_t *sizes, size_t n, memqc_mlp *mlp) {
    const int32_t keys[] = {MEMQC_MLP_INPUT_BITS, MEMQC_MLP_ACTIVATION, MEMQC_MLP_LOSS,
                            MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_PERIOD};
    const double values[] = {0, MEMQC_MLP_RELU, MEMQC_MLP_CROSS_ENTROPY, MEMQC_MLP_SCHEDULE_COSINE,
                             (double)o->epochs};
    const int32_t arrays[] = {MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_W_MAX};
    const double of_arrays[] = {MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, rule->w_max};
    memqc_status status = memqc_mlp_set_many(mlp, sizeof keys / sizeof *keys, keys, values);
    for (size_t i = 0; i < 2 && status == MEMQC_OK; i++)
        status = memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, arrays[i], of_arrays[i]);
    for (size_t l = 0; l + 1 < n && status == MEMQC_OK; l++) /* Glorot and Bengio 2010 */
        status = memqc_mlp_set_layer(mlp, l, MEMQC_MLP_INIT_RANGE,
                                     sqrt(6.0 / (double)(sizes[l] + sizes[l + 1])));
    return status;
}

static memqc_status create(const struct run *run, const struct rule *rule,
                           const memqc_device *device, uint64_t seed, memqc_mlp **out) {
    const struct fit_options *const o = run->options;
    size_t sizes[FIT_LAYERS + 2], n = 0;
    sizes[n++] = run->data.train.rows * run->data.train.cols;
    for (size_t i = 0; i < o->n_hidden; i++)
        sizes[n++] = o->hidden[i];
    sizes[n++] = DATA_CLASSES;
    const int32_t keys[] = {MEMQC_MLP_LEARNING_RATE, MEMQC_MLP_BATCH};
    const double values[] = {o->rate > 0 ? o->rate : rule->rate,
                             o->batch ? (double)o->batch : rule->batch};
    memqc_status status = memqc_mlp_create(sizes, n, rule->digital ? NULL : device, seed, out);
    if (status == MEMQC_OK && rule->digital)
        status = memqc_mlp_set(*out, MEMQC_MLP_RULE, rule->rule);
    else if (status == MEMQC_OK)
        status = memqc_mlp_set_crossbar(*out, MEMQC_MLP_ALL, MEMQC_CROSSBAR_RULE, rule->rule);
    if (status == MEMQC_OK && rule->modern)
        status = set_modern(o, rule, sizes, n, *out);
    return status == MEMQC_OK ? memqc_mlp_set_many(*out, 2, keys, values) : status;
}

/* Notes which images the trained network is right about, and returns how many. */
static size_t take_hits(const struct run *run, uint8_t *hits) {
    size_t right = 0;
    for (size_t j = 0; j < run->n_test; j++)
        if (run->classes[j] == run->data.test.labels[j]) {
            hits[j / 8] |= (uint8_t)(1u << j % 8);
            right++;
        }
    return right;
}

static memqc_status train(const struct run *run, const struct rule *rule,
                          const memqc_device *device, size_t row) {
    const size_t inputs = run->data.train.rows * run->data.train.cols;
    memqc_mlp *mlp = NULL;
    memqc_status status = create(run, rule, device, row + 1, &mlp);
    for (size_t epoch = 0; epoch < run->options->epochs && status == MEMQC_OK; epoch++)
        status = memqc_mlp_train_epoch(mlp, run->n_train, run->data.train.x, inputs,
                                       run->data.train.labels);
    if (status == MEMQC_OK)
        status =
            memqc_mlp_predict(mlp, run->n_test, run->data.test.x, inputs, NULL, 0, run->classes);
    if (status == MEMQC_OK)
        printf(" %.2f",
               100 * (double)take_hits(run, run->hits + row * run->bytes) / (double)run->n_test);
    fflush(stdout);
    memqc_mlp_destroy(&mlp);
    return status;
}

/* All devices and seeds of a rule. */
static memqc_status train_all(const struct run *run, const struct rule *rule) {
    const size_t seeds = run->options->seeds;
    memqc_status status = MEMQC_OK;
    memset(run->hits, 0, run->devices * seeds * run->bytes);
    for (size_t d = 0; d < run->devices && status == MEMQC_OK; d++) {
        memqc_device *device = NULL;
        status = likely_draw(&run->likely, d, &device);
        printf("%s, device %zu of %zu:", rule->name, d + 1, run->devices);
        for (size_t i = 0; i < seeds && status == MEMQC_OK; i++)
            status = train(run, rule, device, d * seeds + i);
        printf(" %%\n");
        memqc_device_destroy(&device);
    }
    return status;
}

/* --- the table --- */

struct line {
    double values[MEMQC_NESTED_VALUES];
    double seconds;
};

/* Which part of the variance is the largest. */
static const char *largest(const double *values) {
    static const char *const names[] = {"the fit: measure more",
                                        "the training: more --draws or --seeds narrow it",
                                        "the test images: more of them narrow it"};
    const double *const part = &values[MEMQC_NESTED_BY_GROUPS];
    int most = 0;
    for (int k = 1; k < 3; k++)
        if (part[k] > part[most])
            most = k;
    return names[most];
}

static void print_origin(const struct run *run) {
    const char *const how[] = {
        [LIKELY_POSTERIOR] = "drawn from the errors of the fit",
        [LIKELY_BOOTSTRAP] = "fitted to cycles drawn with replacement (bootstrap)",
        [LIKELY_UNKNOWN] = "the fitted one alone: neither the fit nor so few cycles tell its "
                           "errors, and the interval is without them"};
    printf("\n%zu device%s, %s", run->devices, run->devices > 1 ? "s" : "", how[run->likely.way]);
    printf(run->likely.other ? ", half of them of the other model that describes these data\n"
                             : "\n");
}

static void print_table(const struct run *run, const struct line *lines) {
    const size_t seeds = run->options->seeds;
    printf("\naccuracy on this device, of %zu network%s on %s %zu device%s\n", seeds,
           seeds > 1 ? "s" : "", seeds > 1 || run->devices > 1 ? "each of" : "", run->devices,
           run->devices > 1 ? "s" : "");
    printf("%-28s %9s %18s %26s %9s\n", "rule", "accuracy", "95 % interval",
           "sd: fit, training, images", "seconds");
    for (size_t i = 0; i < RULES; i++) {
        const double *const v = lines[i].values;
        if (!(run->options->rules & rules[i].number))
            continue;
        printf("%-28s %7.2f %% %8.2f .. %6.2f %9.2f %8.2f %7.2f %9.1f\n", rules[i].what,
               100 * v[MEMQC_NESTED_MEAN], 100 * v[MEMQC_NESTED_LOW], 100 * v[MEMQC_NESTED_HIGH],
               100 * sqrt(v[MEMQC_NESTED_BY_GROUPS]), 100 * sqrt(v[MEMQC_NESTED_BY_ROWS]),
               100 * sqrt(v[MEMQC_NESTED_BY_COLUMNS]), lines[i].seconds);
        printf("%-28s most of the interval comes from %s\n", "", largest(v));
    }
}

static memqc_status compute(struct run *run, struct line *lines) {
    memqc_status status = MEMQC_OK;
    for (size_t i = 0; i < RULES && status == MEMQC_OK; i++) {
        const clock_t start = clock();
        if (!(run->options->rules & rules[i].number))
            continue;
        status = train_all(run, &rules[i]);
        if (status == MEMQC_OK)
            status = memqc_nested(run->devices, run->options->seeds, run->n_test, run->hits,
                                  lines[i].values);
        lines[i].seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    }
    return status;
}

static int run_all(struct run *run, const struct curves *curves, const memqc_device *device) {
    struct line lines[RULES] = {{{0}, 0}};
    memqc_status status = likely_make(&run->likely, curves, device, 1);
    run->devices = run->likely.way == LIKELY_UNKNOWN ? 1 : run->options->draws;
    run->hits = calloc(run->devices * run->options->seeds, run->bytes);
    run->classes = calloc(run->n_test, sizeof *run->classes);
    if (status == MEMQC_OK && run->hits && run->classes) {
        print_origin(run);
        status = compute(run, lines);
        if (status == MEMQC_OK)
            print_table(run, lines);
        else
            fprintf(stderr, "fit: %s\n", memqc_last_error());
    } else {
        fprintf(stderr, "fit: %s\n",
                status == MEMQC_OK ? "no memory for the results" : memqc_last_error());
    }
    const int failed = status != MEMQC_OK || !run->hits || !run->classes;
    likely_free(&run->likely);
    free(run->hits);
    free(run->classes);
    return failed;
}

int fit_train(const struct fit_options *o, const struct curves *curves,
              const memqc_device *device) {
    struct run run = {.options = o, .data = {.source = ""}};
    char error[1024] = "";
    if (data_load(&run.data, o->data, o->train ? o->train : SYNTHETIC_TRAIN,
                  o->test ? o->test : SYNTHETIC_TEST, SYNTHETIC_SEED, error, sizeof error)) {
        fprintf(stderr, "fit: %s\n", error);
        return -1;
    }
    printf("\ndata: %s\n", run.data.source);
    run.n_train = at_most(run.data.train.n, o->train);
    run.n_test = at_most(run.data.test.n, o->test);
    run.bytes = (run.n_test + 7) / 8;
    const int failed = run_all(&run, curves, device);
    data_free(&run.data);
    return failed;
}
