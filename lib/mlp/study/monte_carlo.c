/* SPDX-License-Identifier: BSD-3-Clause */
/* Instances of a network, evaluated by several threads. Thread t of T takes instances t, t + T,
 * ..., each from its own seed, so that who computes what does not matter. The caller is thread 0,
 * and does the work of threads that could not be started. */
#include "core/alloc.h"
#include "core/crossed.h"
#include "core/error.h"
#include "crossbar/snapshot.h"
#include "mlp/checks.h"
#include "mlp/network.h"
#include "mlp/progress.h"
#include "mlp/study/instances.h"
#include "mlp/train/evaluate.h"
#include "rng/rng.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

/* STACK: bytes, the least that a thread gets. Programming pulsed cells takes over 128 kB, which is what
 * some C libraries give. */
enum { TEXT = 512, STACK = 1 << 20 };

/* Seeds of instances, apart from those of a network's own layers. */
static const uint64_t instances_from = UINT64_C(1) << 32;

/* What all threads have done so far. */
struct tally {
    pthread_mutex_t lock;
    size_t done;
    size_t told; /* how many of them to the progress function */
    double sum;  /* of their accuracies */
    int stop;    /* the progress function said so */
};

struct worker {
    const struct mqc_instances *of;
    struct tally *tally;
    size_t number;
    size_t workers;
    double *accuracies;
    uint8_t *hits;
    pthread_t thread;
    int started; /* in a thread of its own */
    /* The first of its instances that failed: */
    size_t failed;
    memqc_status status;
    char text[TEXT];
};

static memqc_status read_layers(memqc_mlp *mlp, const struct mqc_instances *of) {
    for (size_t l = 0; l < mlp->n_layers; l++) {
        memqc_crossbar *const xb = mlp->layer[l].now.xb;
        if (of->seconds > 0)
            MQC_TRY(memqc_crossbar_advance(xb, of->seconds));
        MQC_TRY(mqc_crossbar_snapshot(xb));
    }
    return MEMQC_OK;
}

static memqc_status run_one(const struct mqc_instances *of, size_t i, double *accuracy,
                            uint8_t *hits) {
    struct mqc_onto onto = of->onto;
    memqc_mlp *mlp = NULL;
    double loss = 0;
    onto.untrained = 1;
    onto.seed = mqc_rng_child(of->onto.seed, instances_from + i);
    memqc_status status = mqc_mlp_transfer(of->mlp, &onto, &mlp);
    if (status == MEMQC_OK)
        status = read_layers(mlp, of);
    if (status == MEMQC_OK)
        status = mqc_mlp_score(mlp, of->samples, &loss, accuracy, NULL, hits);
    memqc_mlp_destroy(&mlp);
    return status;
}

/* Tells how far all threads are; in the caller's thread. */
static memqc_status tell(const struct mqc_instances *of, size_t done, double sum) {
    const struct mqc_told told = {.phase = of->phase,
                                  .done = (double)(of->before + done),
                                  .total = (double)of->total,
                                  .loss = (double)NAN,
                                  .accuracy = sum / (double)done};
    return mqc_mlp_tell(of->mlp, of->onto.function, "instances", &told);
}

/* Counts an instance, and says whether to go on. */
static memqc_status count(struct worker *worker, double accuracy) {
    struct tally *tally = worker->tally;
    pthread_mutex_lock(&tally->lock);
    const size_t done = ++tally->done;
    const double sum = tally->sum += accuracy;
    pthread_mutex_unlock(&tally->lock);
    if (worker->started)
        return MEMQC_OK;
    const memqc_status status = tell(worker->of, done, sum);
    pthread_mutex_lock(&tally->lock);
    tally->told = done;
    tally->stop |= status != MEMQC_OK;
    pthread_mutex_unlock(&tally->lock);
    return status;
}

static int stopped(struct tally *tally) {
    pthread_mutex_lock(&tally->lock);
    const int stop = tally->stop;
    pthread_mutex_unlock(&tally->lock);
    return stop;
}

static void *work(void *user) {
    struct worker *worker = user;
    const size_t stride = mqc_crossed_stride(worker->of->samples->n);
    for (size_t i = worker->number; i < worker->of->n && worker->status == MEMQC_OK;
         i += worker->workers) {
        if (stopped(worker->tally))
            return NULL;
        worker->status = run_one(worker->of, i, &worker->accuracies[i],
                                 worker->hits ? worker->hits + i * stride : NULL);
        if (worker->status == MEMQC_OK)
            worker->status = count(worker, worker->accuracies[i]);
        worker->failed = i;
    }
    if (worker->status != MEMQC_OK) { /* the text belongs to this thread */
        const char *text = memqc_last_error();
        const size_t length = strlen(text);
        memcpy(worker->text, text, (length < TEXT ? length : TEXT - 1));
    }
    return NULL;
}

/* The failure of the lowest instance, whoever had it. */
static memqc_status first_failure(const struct worker *workers, size_t n) {
    const struct worker *first = NULL;
    for (size_t t = 0; t < n; t++)
        if (workers[t].status != MEMQC_OK && (!first || workers[t].failed < first->failed))
            first = &workers[t];
    return first ? mqc_fail(first->status, "%s", first->text) : MEMQC_OK;
}

/* Threads get the stack that the C library gives them, but not less than STACK. */
static void make_room(pthread_attr_t *attributes) {
    size_t size;
    if (pthread_attr_getstacksize(attributes, &size) == 0 && size < STACK)
        pthread_attr_setstacksize(attributes, STACK);
}

/* Starts workers like the one given, but the first, who is the caller. */
static void start(const struct worker *like, struct worker *workers, size_t n) {
    pthread_attr_t attributes;
    const int has_attributes = pthread_attr_init(&attributes) == 0;
    if (has_attributes)
        make_room(&attributes);
    for (size_t t = n; t-- > 0;) {
        workers[t] = *like;
        workers[t].number = t;
        workers[t].workers = n;
        workers[t].started = t > 0 && has_attributes; /* before the thread reads it */
        if (workers[t].started &&
            pthread_create(&workers[t].thread, &attributes, work, &workers[t]) != 0)
            workers[t].started = 0;
    }
    if (has_attributes)
        pthread_attr_destroy(&attributes);
}

memqc_status mqc_instances_run(const struct mqc_instances *instances, double *accuracies,
                               uint8_t *hits) {
    const size_t n = instances->threads < instances->n ? instances->threads : instances->n;
    struct tally tally = {.done = 0};
    const struct worker like = {
        .of = instances, .tally = &tally, .accuracies = accuracies, .hits = hits};
    struct worker *workers = mqc_alloc(n, sizeof *workers);
    if (!workers)
        return MEMQC_ERROR_NOMEM;
    for (size_t i = 0; i < instances->n; i++)
        accuracies[i] = (double)NAN;
    pthread_mutex_init(&tally.lock, NULL);
    start(&like, workers, n);
    for (size_t t = 0; t < n; t++)
        if (!workers[t].started)
            work(&workers[t]);
    for (size_t t = 0; t < n; t++)
        if (workers[t].started)
            pthread_join(workers[t].thread, NULL);
    memqc_status status = first_failure(workers, n);
    if (status == MEMQC_OK && tally.told < tally.done)
        status = tell(instances, tally.done, tally.sum);
    pthread_mutex_destroy(&tally.lock);
    mqc_free(workers);
    return status;
}

memqc_status mqc_instances_check(const struct mqc_instances *instances, size_t least) {
    const char *function = instances->onto.function;
    if (instances->n < least)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: instances = %zu; it takes %zu or more", function,
                        instances->n, least);
    for (size_t l = 0; l < instances->mlp->n_layers; l++)
        if (!instances->onto.device[l])
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "%s: device is NULL, and layer %zu has none of its own", function, l);
    return MEMQC_OK;
}

struct mqc_instances mqc_instances_make(const memqc_mlp *mlp, const memqc_device *device,
                                        const struct mqc_samples *samples) {
    const double *value = mlp->value;
    const struct mqc_instances all = {
        .mlp = mlp,
        .onto = mqc_onto_default(mlp, device, samples->function),
        .seconds = mqc_mlp_value(value, MEMQC_MLP_SECONDS),
        .n = (size_t)mqc_mlp_value(value, MEMQC_MLP_INSTANCES),
        .threads = (size_t)mqc_mlp_value(value, MEMQC_MLP_THREADS),
        .samples = samples,
    };
    return all;
}

static memqc_status monte_carlo(memqc_mlp *mlp, const memqc_device *device,
                                const struct mqc_samples *samples, double *accuracies,
                                uint8_t *hits) {
    struct mqc_instances all = mqc_instances_make(mlp, device, samples);
    all.phase = MEMQC_PHASE_MONTE_CARLO;
    all.total = all.n;
    MQC_TRY(mqc_instances_check(&all, 1));
    const int was_ready = mlp->ready;
    MQC_TRY(mqc_mlp_draw(mlp));
    mlp->busy = samples->function;
    const memqc_status status = mqc_instances_run(&all, accuracies, hits);
    mlp->busy = NULL;
    return mqc_mlp_finish(mlp, was_ready, status);
}

memqc_status memqc_mlp_monte_carlo(memqc_mlp *mlp, const memqc_device *device, size_t n,
                                   const float *x, size_t ldx, const int32_t *labels,
                                   double *accuracies) {
    MQC_TRY(mqc_mlp_check_training(mlp, __func__, n, x, ldx, labels));
    if (n == 0)
        return MEMQC_OK;
    MQC_NOT_NULL(accuracies);
    const struct mqc_samples samples = {__func__, n, x, ldx, labels, NULL};
    return monte_carlo(mlp, device, &samples, accuracies, NULL);
}

memqc_status memqc_mlp_monte_carlo_hits(memqc_mlp *mlp, const memqc_device *device, size_t n,
                                        const float *x, size_t ldx, const int32_t *labels,
                                        double *accuracies, uint8_t *hits) {
    MQC_TRY(mqc_mlp_check_training(mlp, __func__, n, x, ldx, labels));
    if (n == 0)
        return MEMQC_OK;
    MQC_NOT_NULL(accuracies);
    const struct mqc_samples samples = {__func__, n, x, ldx, labels, NULL};
    return monte_carlo(mlp, device, &samples, accuracies, hits);
}
