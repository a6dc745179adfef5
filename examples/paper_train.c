/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#include "paper_train.h"
#include "paper_progress.h"
#include "paper_staircase.h"

#include <memqc/memqc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* OpenBLAS would start threads of its own inside every run, only to have them wait for each other;
 * and its sums could then depend on how many there are. Weak: the library may have been built on
 * another BLAS. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));

/* What the threads share; the mutex guards all but experiment->options and data. */
struct pool {
    struct experiment *experiment;
    const struct data *data;
    pthread_mutex_t mutex;
    size_t next; /* run that the next free thread takes */
    int stop;
    char error[512]; /* of the run that failed first */
    struct progress progress;
};

/* One run, as its thread and the progress function see it. */
struct run {
    struct pool *pool;
    char what[96];
    double seen; /* samples of this epoch already counted as progress */
    double loss;
};

const char *sample_name(size_t sample) {
    static const char *const names[] = {"ideal", "A", "B", "float"};
    return names[sample];
}

static size_t at_most(size_t n, size_t limit) {
    return limit && limit < n ? limit : n;
}

static size_t find_cell(struct experiment *experiment, size_t sample, size_t states) {
    size_t i = 0;
    while (i < experiment->n_cells &&
           (experiment->cells[i].sample != sample || experiment->cells[i].states != states)) {
        i++;
    }
    if (i == experiment->n_cells) {
        experiment->cells[experiment->n_cells++] = (struct cell){sample, states, 0};
    }
    return i;
}

static void add_cell(struct experiment *experiment, size_t figure, size_t sample, size_t states) {
    struct table *table = figure == FIGURE_5C ? &experiment->table_5c : &experiment->table_5d;
    size_t cell = find_cell(experiment, sample, states);
    experiment->cells[cell].figures |= figure;
    table->cell[table->n++] = cell;
}

static void add_figure(struct experiment *experiment, size_t figure, const struct list *samples,
                       const struct list *states) {
    const struct options *options = experiment->options;
    samples = options->samples.n ? &options->samples : samples;
    states = options->states.n ? &options->states : states;
    if (!(options->figures & figure)) {
        return;
    }
    if (options->rule == MEMQC_MLP_RULE_FLOAT) {
        add_cell(experiment, figure, SAMPLE_FLOAT, 0);
        return;
    }
    for (size_t i = 0; i < samples->n; i++) {
        for (size_t j = 0; j < states->n; j++) {
            add_cell(experiment, figure, samples->value[i], states->value[j]);
        }
    }
}

int experiment_create(struct experiment *experiment, const struct options *options) {
    static const struct list samples_5c = {1, {SAMPLE_A}}, states_5c = {4, {4, 16, 32, 64}};
    static const struct list samples_5d = {3, {SAMPLE_IDEAL, SAMPLE_A, SAMPLE_B}},
                             states_5d = {1, {32}};
    *experiment = (struct experiment){.options = options};
    add_figure(experiment, FIGURE_5C, &samples_5c, &states_5c);
    add_figure(experiment, FIGURE_5D, &samples_5d, &states_5d);
    experiment->epochs =
        calloc(experiment->n_cells * options->seeds, options->epochs * sizeof(struct epoch));
    return experiment->epochs || !experiment->n_cells ? 0 : -1;
}

void experiment_destroy(struct experiment *experiment) {
    free(experiment->epochs);
    experiment->epochs = NULL;
}

const struct epoch *experiment_history(const struct experiment *experiment, size_t cell,
                                       size_t seed) {
    size_t run = cell * experiment->options->seeds + seed;
    return experiment->epochs + run * experiment->options->epochs;
}

static memqc_status set_parameters(memqc_mlp *mlp, const struct options *options) {
    const struct {
        int32_t key;
        double value;
    } parameters[] = {
        {MEMQC_MLP_RULE, (double)options->rule},
        {MEMQC_MLP_ACTIVATION, (double)options->activation},
        {MEMQC_MLP_LOSS, (double)options->loss},
        {MEMQC_MLP_LEARNING_RATE, options->lr},
        {MEMQC_MLP_BATCH, (double)options->batch},
        {MEMQC_MLP_INPUT_BITS, (double)options->input_bits},

        {MEMQC_MLP_SCHEDULE, (double)options->schedule},
    };
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        memqc_status status = memqc_mlp_set(mlp, parameters[i].key, parameters[i].value);
        if (status != MEMQC_OK) {
            return status;
        }
    }
    memqc_status status = memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING,
                                                 (double)options->mapping);
    if (status != MEMQC_OK) {
        return status;
    }
    if (options->schedule != MEMQC_MLP_SCHEDULE_CONSTANT) { /* which has no period */
        return memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_PERIOD, (double)options->epochs);
    }
    return MEMQC_OK;
}

static memqc_status create_network(const struct pool *pool, const struct cell *cell, uint64_t seed,
                                   memqc_mlp **out) {
    const struct options *options = pool->experiment->options;
    size_t sizes[LIST_MAX + 2];
    size_t n = 0;
    memqc_device *device = NULL;
    memqc_status status = MEMQC_OK;
    sizes[n++] = pool->data->train.rows * pool->data->train.cols;
    for (size_t i = 0; i < options->hidden.n; i++) {
        sizes[n++] = options->hidden.value[i];
    }
    sizes[n++] = DATA_CLASSES;
    if (cell->sample != SAMPLE_FLOAT) {
        status = paper_device(cell->sample, cell->states, options->law, &device);
    }
    if (status == MEMQC_OK) {
        status = memqc_mlp_create(sizes, n, device, 0, out);
    }
    if (status == MEMQC_OK) {
        status = set_parameters(*out, options);
    }
    if (status == MEMQC_OK) {
        status = memqc_mlp_set_seed(*out, seed);
    }
    memqc_device_destroy(&device);
    return status;
}

static int32_t on_progress(void *user, const double *at, size_t n) {
    struct run *run = user;
    struct pool *pool = run->pool;
    (void)n;
    run->loss = at[MEMQC_PROGRESS_LOSS];
    pthread_mutex_lock(&pool->mutex);
    progress_step(&pool->progress, run->what, at[MEMQC_PROGRESS_DONE] - run->seen,
                  (size_t)at[MEMQC_PROGRESS_EPOCH], pool->experiment->options->epochs,
                  100.0 * at[MEMQC_PROGRESS_ACCURACY]);
    int stop = pool->stop;
    pthread_mutex_unlock(&pool->mutex);
    run->seen = at[MEMQC_PROGRESS_DONE];
    return stop;
}

static memqc_status train_epochs(struct run *run, memqc_mlp *mlp, struct epoch *history) {
    const struct options *options = run->pool->experiment->options;
    const struct data_set *train = &run->pool->data->train, *test = &run->pool->data->test;
    size_t inputs = train->rows * train->cols;
    memqc_status installed = memqc_mlp_set_progress(mlp, on_progress, run);
    if (installed != MEMQC_OK) {
        return installed;
    }
    for (size_t epoch = 0; epoch < options->epochs; epoch++) {
        double accuracy = 0.0;
        run->seen = 0;
        memqc_status status = memqc_mlp_train_epoch(mlp, at_most(train->n, options->train),
                                                    train->x, inputs, train->labels);
        if (status == MEMQC_OK) {
            status = memqc_mlp_evaluate(mlp, at_most(test->n, options->test), test->x, inputs,
                                        test->labels, NULL, &accuracy, NULL);
        }
        if (status != MEMQC_OK) {
            return status;
        }
        history[epoch] = (struct epoch){run->loss, 100.0 * accuracy};
    }
    return MEMQC_OK;
}

static void describe_run(struct run *run, const struct cell *cell, size_t seed) {
    const char *figure = cell->figures == FIGURE_5C   ? "5c"
                         : cell->figures == FIGURE_5D ? "5d"
                                                      : "5c+5d";
    if (cell->sample == SAMPLE_FLOAT) {
        snprintf(run->what, sizeof run->what, "figure %s, float, seed %zu", figure, seed);
    } else {
        snprintf(run->what, sizeof run->what, "figure %s, %s, %zu states, seed %zu", figure,
                 sample_name(cell->sample), cell->states, seed);
    }
}

static void train_run(struct pool *pool, size_t index) {
    const struct options *options = pool->experiment->options;
    const struct cell *cell = &pool->experiment->cells[index / options->seeds];
    struct epoch *history = pool->experiment->epochs + index * options->epochs;
    size_t seed = index % options->seeds + 1;
    struct run run = {.pool = pool};
    double start = progress_clock();
    memqc_mlp *mlp = NULL;
    describe_run(&run, cell, seed);
    memqc_status status = create_network(pool, cell, seed, &mlp);
    if (status == MEMQC_OK) {
        status = train_epochs(&run, mlp, history);
    }
    memqc_mlp_destroy(&mlp);
    pthread_mutex_lock(&pool->mutex);
    if (status == MEMQC_OK) {
        progress_finish(&pool->progress, run.what, history[options->epochs - 1].test_accuracy,
                        progress_clock() - start);
    } else if (!pool->stop) {
        pool->stop = 1;
        snprintf(pool->error, sizeof pool->error, "%s: %s", run.what, memqc_last_error());
    }
    pthread_mutex_unlock(&pool->mutex);
}

static void *work(void *argument) {
    struct pool *pool = argument;
    size_t runs = pool->experiment->n_cells * pool->experiment->options->seeds;
    for (;;) {
        pthread_mutex_lock(&pool->mutex);
        size_t run = pool->stop ? runs : pool->next++;
        pthread_mutex_unlock(&pool->mutex);
        if (run >= runs) {
            return NULL;
        }
        train_run(pool, run);
    }
}

/* Fewer threads than asked for only take longer: this one works in any case. */
static void run_threads(struct pool *pool, size_t jobs) {
    pthread_t *threads = calloc(jobs, sizeof *threads);
    size_t started = 0;
    while (threads && started + 1 < jobs &&
           pthread_create(&threads[started], NULL, work, pool) == 0) {
        started++;
    }
    work(pool);
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    free(threads);
}

int experiment_run(struct experiment *experiment, const struct data *data) {
    const struct options *options = experiment->options;
    size_t runs = experiment->n_cells * options->seeds;
    double samples = (double)at_most(data->train.n, options->train);
    struct pool pool = {.experiment = experiment, .data = data};
    if (openblas_set_num_threads) {
        openblas_set_num_threads(1);
    }
    if (pthread_mutex_init(&pool.mutex, NULL)) {
        fprintf(stderr, "paper: no mutex to be had\n");
        return -1;
    }
    progress_start(&pool.progress, runs, (double)runs * (double)options->epochs * samples);
    run_threads(&pool, at_most(runs, options->jobs));
    progress_end(&pool.progress);
    pthread_mutex_destroy(&pool.mutex);
    if (pool.stop) {
        fprintf(stderr, "paper: %s\n", pool.error);
        return -1;
    }
    return 0;
}
