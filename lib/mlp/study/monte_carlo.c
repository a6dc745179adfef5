/* SPDX-License-Identifier: BSD-3-Clause */
/* Instances of a network, evaluated by several threads. Thread t of T takes instances t, t + T,
 * ..., each from its own seed, so that who computes what does not matter. The caller is thread 0,
 * and does the work of threads that could not be started. */
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/snapshot.h"
#include "device/cell/check.h"
#include "mlp/checks.h"
#include "mlp/network.h"
#include "mlp/study/instances.h"
#include "mlp/train/evaluate.h"
#include "rng/rng.h"

#include <pthread.h>
#include <string.h>

enum { MOST_INSTANCES = 1000000, MOST_THREADS = 1024, TEXT = 512 };

/* Seeds of instances, apart from those of a network's own layers. */
static const uint64_t instances_from = UINT64_C(1) << 32;

struct worker {
    const struct mqc_instances *of;
    size_t number, workers;
    double *accuracies;
    pthread_t thread;
    int started;
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
        MQC_TRY(mqc_crossbar_snapshot(xb, of->ohm));
    }
    return MEMQC_OK;
}

static memqc_status run_one(const struct mqc_instances *of, size_t i, double *accuracy) {
    struct mqc_onto onto = of->onto;
    memqc_mlp *mlp = NULL;
    double loss = 0;
    onto.untrained = 1;
    onto.seed = mqc_rng_child(of->onto.seed, instances_from + i);
    memqc_status status = mqc_mlp_transfer(of->mlp, &onto, &mlp);
    if (status == MEMQC_OK)
        status = read_layers(mlp, of);
    if (status == MEMQC_OK)
        status = mqc_mlp_score(mlp, of->samples, &loss, accuracy, NULL);
    memqc_mlp_destroy(&mlp);
    return status;
}

static void *work(void *user) {
    struct worker *worker = user;
    for (size_t i = worker->number; i < worker->of->n && worker->status == MEMQC_OK;
         i += worker->workers) {
        worker->status = run_one(worker->of, i, &worker->accuracies[i]);
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

memqc_status mqc_instances_run(const struct mqc_instances *instances, double *accuracies) {
    const size_t n = instances->threads < instances->n ? instances->threads : instances->n;
    struct worker *workers = mqc_alloc(n, sizeof *workers);
    if (!workers)
        return MEMQC_ERROR_NOMEM;
    for (size_t t = n; t-- > 0;) {
        workers[t].of = instances;
        workers[t].number = t;
        workers[t].workers = n;
        workers[t].accuracies = accuracies;
        workers[t].started =
            t > 0 && pthread_create(&workers[t].thread, NULL, work, &workers[t]) == 0;
    }
    for (size_t t = 0; t < n; t++)
        if (!workers[t].started)
            work(&workers[t]);
    for (size_t t = 0; t < n; t++)
        if (workers[t].started)
            pthread_join(workers[t].thread, NULL);
    const memqc_status status = first_failure(workers, n);
    mqc_free(workers);
    return status;
}

memqc_status mqc_instances_check(const struct mqc_instances *instances, size_t least) {
    const char *function = instances->onto.function;
    MQC_TRY(mqc_device_check_duration(function, instances->seconds));
    if (instances->n < least || instances->n > MOST_INSTANCES)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: instances = %zu; allowed is %zu .. %d", function,
                        instances->n, least, (int)MOST_INSTANCES);
    if (instances->threads < 1 || instances->threads > MOST_THREADS)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: threads = %zu; allowed is 1 .. %d", function,
                        instances->threads, (int)MOST_THREADS);
    for (size_t l = 0; l < instances->mlp->n_layers; l++)
        if (!instances->onto.device[l])
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "%s: device is NULL, and layer %zu has none of its own", function, l);
    return MEMQC_OK;
}

memqc_status memqc_mlp_monte_carlo(memqc_mlp *mlp, const memqc_device *device, double seconds,
                                   size_t instances, size_t threads, size_t n, const float *x,
                                   size_t ldx, const int32_t *labels, double *accuracies) {
    MQC_TRY(mqc_mlp_check_training(mlp, __func__, n, x, ldx, labels));
    MQC_NOT_NULL(accuracies);
    const struct mqc_samples samples = {__func__, n, x, ldx, labels, NULL};
    const struct mqc_instances all = {mlp,       mqc_onto_default(mlp, device, __func__),
                                      seconds,   mlp->value[MEMQC_MLP_WIRE_RESISTANCE],
                                      instances, threads,
                                      &samples};
    MQC_TRY(mqc_instances_check(&all, 1));
    const int was_ready = mlp->ready;
    MQC_TRY(memqc_mlp_init(mlp));
    return mqc_mlp_finish(mlp, was_ready, mqc_instances_run(&all, accuracies));
}
