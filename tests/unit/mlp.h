/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of networks share. Networks go through the public interface alone: what they
 * compute is compared with a forward pass of the test's own in double precision, what they learn
 * with finite differences of its loss, and everything that promises to be repeatable bit for bit.
 */
#ifndef MEMQC_TESTS_MLP_H
#define MEMQC_TESTS_MLP_H

#include "model.h"

#include <stdio.h>

/* --- networks and data --- */

/* A rule of the network, or of its arrays. */
static inline memqc_status set_rule(memqc_mlp *mlp, double rule) {
    if (rule >= MEMQC_MLP_RULE_FLOAT)
        return memqc_mlp_set(mlp, MEMQC_MLP_RULE, rule);
    return memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_RULE, rule);
}

/* A parameter of the network, or of its arrays. */
static inline memqc_status set_one(memqc_mlp *mlp, int32_t key, double value) {
    if (key == MEMQC_MLP_RULE)
        return set_rule(mlp, value);
    if (key < MEMQC_MLP_RULE)
        return memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, key, value);
    return memqc_mlp_set(mlp, key, value);
}

static inline void set_all(memqc_mlp *mlp, const struct setting *settings, size_t n) {
    for (size_t i = 0; i < n; i++)
        OK(set_one(mlp, settings[i].key, settings[i].value));
}

/* Every segment of every line, in ohm. */
static inline memqc_status set_wires(memqc_mlp *mlp, double ohm) {
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_WORD_RESISTANCE, ohm));
    return memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_BIT_RESISTANCE, ohm);
}

/* A network on a preset's cells, or without a device where the name is NULL. */
static inline memqc_mlp *make(const size_t *sizes, size_t n_sizes, const char *preset) {
    memqc_device *device = NULL;
    memqc_mlp *mlp = NULL;
    if (preset)
        OK(memqc_device_create_preset(preset, &device));
    OK(memqc_mlp_create(sizes, n_sizes, device, 0, &mlp));
    memqc_device_destroy(&device);
    return mlp;
}

/* Weights and biases that no initialisation would give. */
static inline void randomize(memqc_mlp *mlp, const size_t *sizes, size_t n_sizes, double range) {
    for (size_t l = 0; l + 1 < n_sizes; l++) {
        float w[MOST_CELLS], b[MOST_UNITS];
        fill(sizes[l] * sizes[l + 1], w, -range, range);
        fill(sizes[l + 1], b, 0, range); /* up, as a ReLU that is off tests nothing */
        OK(memqc_mlp_set_weights(mlp, l, w, sizes[l + 1], b));
    }
}

/* Classes of a ring of inputs that are on, with some noise: a small task that can be learnt to the
 * last sample. */
enum { TASK_INPUTS = 8, TASK_CLASSES = 4, TASK_SAMPLES = 203 };
static const size_t task_sizes[] = {TASK_INPUTS, 8, TASK_CLASSES};
static float task_x[TASK_SAMPLES * TASK_INPUTS];
static int32_t task_labels[TASK_SAMPLES];

static inline void make_task(void) {
    setup();
    for (size_t i = 0; i < TASK_SAMPLES; i++) {
        const size_t label = (size_t)uniform(0, TASK_CLASSES);
        task_labels[i] = (int32_t)label;
        for (size_t j = 0; j < TASK_INPUTS; j++) {
            const int on = j / 2 == label || j / 2 == (label + 1) % TASK_CLASSES;
            task_x[i * TASK_INPUTS + j] = (float)(on ? uniform(0.55, 1.0) : uniform(0.0, 0.45));
        }
    }
}

/* An epoch, or training until some are completed, under a progress function. */
static inline memqc_status train_watched(memqc_mlp *mlp, size_t n, const float *x, size_t ldx,
                                         const int32_t *labels, memqc_progress progress,
                                         void *user) {
    OK(memqc_mlp_set_progress(mlp, progress, user));
    const memqc_status status = memqc_mlp_train_epoch(mlp, n, x, ldx, labels);
    OK(memqc_mlp_set_progress(mlp, NULL, NULL));
    return status;
}

static inline memqc_status fit_watched(memqc_mlp *mlp, size_t n, const float *x, size_t ldx,
                                       const int32_t *labels, uint32_t epochs,
                                       memqc_progress progress, void *user) {
    OK(memqc_mlp_set_progress(mlp, progress, user));
    const memqc_status status = memqc_mlp_fit(mlp, n, x, ldx, labels, epochs);
    OK(memqc_mlp_set_progress(mlp, NULL, NULL));
    return status;
}

static inline memqc_status train_task(memqc_mlp *mlp, memqc_progress progress, void *user) {
    return train_watched(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, progress, user);
}

static inline double task_accuracy(memqc_mlp *mlp) {
    double accuracy = 0;
    OK(memqc_mlp_evaluate(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, NULL, &accuracy,
                          NULL));
    return accuracy;
}

/* The kinds of network that every promise must hold for. */
struct kind {
    const char *name, *preset;
    double mapping, rate;
};
static const struct kind kinds[] = {
    {"float", NULL, MEMQC_CROSSBAR_MAPPING_SINGLE, 4},
    {"ideal, single", "ideal", MEMQC_CROSSBAR_MAPPING_SINGLE, 10},
    {"ideal, differential", "ideal", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 10},
    {"hfox-a, single", "hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE, 10},
    {"hfox-a, differential", "hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 10},
};
enum { KINDS = COUNT(kinds) };

static inline memqc_mlp *make_task_net(const struct kind *kind, uint64_t seed) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), kind->preset);
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING, kind->mapping));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, kind->rate));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 7));
    OK(memqc_mlp_set_seed(mlp, seed));
    return mlp;
}

/* The rules beside the paper's, on devices of several models. */
struct rule_kind {
    const char *name, *preset;
    double rule, mapping, rate, optimizer;
};
static const struct rule_kind rule_kinds[] = {
    {"stochastic", "hfox-a", MEMQC_CROSSBAR_RULE_STOCHASTIC, MEMQC_CROSSBAR_MAPPING_SINGLE, 2,
     MEMQC_MLP_SGD},
    {"stochastic, soft bounds", "soft-bounds", MEMQC_CROSSBAR_RULE_STOCHASTIC,
     MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 2, MEMQC_MLP_SGD},
    {"sign", "hfox-a", MEMQC_CROSSBAR_RULE_SIGN, MEMQC_CROSSBAR_MAPPING_SINGLE, 10, MEMQC_MLP_SGD},
    {"sign, epiram", "epiram", MEMQC_CROSSBAR_RULE_SIGN, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 10,
     MEMQC_MLP_SGD},
    {"mixed", "hfox-b", MEMQC_CROSSBAR_RULE_MIXED_PRECISION, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 2,
     MEMQC_MLP_SGD},
    {"mixed, reference, Adam", "hfox-a", MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
     MEMQC_CROSSBAR_MAPPING_REFERENCE, 0.05, MEMQC_MLP_ADAM},
    {"mixed, verified", "hfox-b", MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
     MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED, 2, MEMQC_MLP_SGD},
    {"mixed, rpu", "rpu", MEMQC_CROSSBAR_RULE_MIXED_PRECISION, MEMQC_CROSSBAR_MAPPING_SINGLE, 2,
     MEMQC_MLP_SGD},
    {"one-directional", "hfox-a", MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL,
     MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 2, MEMQC_MLP_SGD},
    {"one-directional, momentum", "hfox-b", MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL,
     MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 0.2, MEMQC_MLP_SGD_MOMENTUM},
    {"one-directional, ag-asi", "ag-asi", MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL,
     MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 2, MEMQC_MLP_SGD},
    {"noise-aware", "hfox-a", MEMQC_MLP_RULE_NOISE_AWARE, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 2,
     MEMQC_MLP_SGD},
    {"trains", "rpu", MEMQC_CROSSBAR_RULE_PULSE_TRAIN, MEMQC_CROSSBAR_MAPPING_SINGLE, 1,
     MEMQC_MLP_SGD},
    {"trains, soft bounds, pair", "soft-bounds", MEMQC_CROSSBAR_RULE_PULSE_TRAIN,
     MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 1, MEMQC_MLP_SGD},
    {"trains, quantized", "hfox-a", MEMQC_CROSSBAR_RULE_PULSE_TRAIN,
     MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 2, MEMQC_MLP_SGD},
    {"Tiki-Taka", "soft-bounds", MEMQC_CROSSBAR_RULE_TIKI_TAKA, MEMQC_CROSSBAR_MAPPING_SINGLE, 1,
     MEMQC_MLP_SGD},
    {"Tiki-Taka 2", "soft-bounds", MEMQC_CROSSBAR_RULE_TIKI_TAKA_2, MEMQC_CROSSBAR_MAPPING_SINGLE,
     1, MEMQC_MLP_SGD},
    {"noise-aware, taox-hfox, Adam", "taox-hfox", MEMQC_MLP_RULE_NOISE_AWARE,
     MEMQC_CROSSBAR_MAPPING_SINGLE, 0.05, MEMQC_MLP_ADAM},
};
enum { RULE_KINDS = COUNT(rule_kinds) };

static inline memqc_mlp *make_rule_net(const struct rule_kind *kind, uint64_t seed) {
    const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, kind->mapping},
                                       {MEMQC_MLP_RULE, kind->rule},
                                       {MEMQC_MLP_LEARNING_RATE, kind->rate},
                                       {MEMQC_CROSSBAR_W_MAX, 4},
                                       {MEMQC_MLP_INIT_RANGE, 0.5},
                                       {MEMQC_MLP_BATCH, 7}};
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), kind->preset);
    set_all(mlp, settings, COUNT(settings));
    if (kind->optimizer != MEMQC_MLP_SGD)
        OK(memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, kind->optimizer));
    if (kind->rule == MEMQC_CROSSBAR_RULE_SIGN)
        OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_SIGN_THRESHOLD, 0.25));
    if (strstr(kind->name, "verified"))
        OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_SCHEME,
                                  MEMQC_CROSSBAR_SCHEME_VERIFY));
    OK(memqc_mlp_set_seed(mlp, seed));
    return mlp;
}

/* --- equality to the last bit --- */

struct state {
    float w[2][MOST_CELLS], b[2][MOST_UNITS];
    float g[2][2][MOST_CELLS];
    uint64_t counters[2][3];
    uint32_t epochs;
};

/* Everything that can be read of a network of the task. */
static inline void read_state(memqc_mlp *mlp, struct state *state) {
    memset(state, 0, sizeof *state);
    OK(memqc_mlp_get_epochs(mlp, &state->epochs));
    for (size_t l = 0; l < 2; l++) {
        const memqc_crossbar *xb = NULL;
        const size_t cols = task_sizes[l + 1];
        size_t planes = 0;
        OK(memqc_mlp_get_weights(mlp, l, state->w[l], cols, state->b[l]));
        if (memqc_mlp_borrow_crossbar(mlp, l, &xb) != MEMQC_OK)
            continue;
        OK(memqc_crossbar_get_shape(xb, NULL, NULL, &planes));
        for (size_t plane = 0; plane < planes; plane++)
            OK(memqc_crossbar_get_conductances(xb, plane, state->g[l][plane], cols));
        for (int32_t counter = 0; counter < 3; counter++)
            OK(memqc_crossbar_get_count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED + counter,
                                        &state->counters[l][counter]));
    }
}

static inline int same(memqc_mlp *a, memqc_mlp *b) {
    struct state *states = calloc(2, sizeof *states);
    ck_assert_ptr_nonnull(states);
    read_state(a, &states[0]);
    read_state(b, &states[1]);
    const int equal = memcmp(&states[0], &states[1], sizeof *states) == 0;
    free(states);
    return equal;
}

#define SAME(kind, what, a, b) ck_assert_msg(same((a), (b)), "%s: %s", (kind)->name, (what))

/* --- forward and backward --- */

struct shape {
    size_t n_sizes, sizes[4];
};
static const struct shape shapes[] = {{2, {5, 4}}, {3, {5, 6, 3}}, {4, {4, 6, 5, 3}}};
enum {
    SHAPES = COUNT(shapes),
    ACTIVATIONS = MEMQC_MLP_HARD_SIGMOID - MEMQC_MLP_LOGISTIC + 1,
    LOSSES = MEMQC_MLP_CROSS_ENTROPY - MEMQC_MLP_SQUARED_ERROR + 1
};
enum { CASES = SHAPES * ACTIVATIONS * LOSSES };

static inline const struct shape *case_shape(int i) {
    return &shapes[i % SHAPES];
}

/* The i-th combination of shape, activation and loss, with random weights. */
static inline memqc_mlp *make_case(int i, const char *preset) {
    const struct shape *shape = case_shape(i);
    const struct setting settings[] = {
        {MEMQC_MLP_ACTIVATION, MEMQC_MLP_LOGISTIC + i / SHAPES % ACTIVATIONS},
        {MEMQC_MLP_LOSS, MEMQC_MLP_SQUARED_ERROR + i / SHAPES / ACTIVATIONS},
        {MEMQC_MLP_INPUT_BITS, 0},
    };
    memqc_mlp *mlp = make(shape->sizes, shape->n_sizes, preset);
    set_all(mlp, settings, COUNT(settings));
    randomize(mlp, shape->sizes, shape->n_sizes, 0.9);
    return mlp;
}

enum { BATCH = 7 };

static inline void make_batch(const struct shape *shape, size_t n, float *x, int32_t *labels) {
    fill(n * shape->sizes[0], x, -1, 1);
    for (size_t i = 0; i < n; i++)
        labels[i] = (int32_t)uniform(0, (double)shape->sizes[shape->n_sizes - 1]);
}

struct comparison {
    double norm, error; /* squared */
    size_t n;
};

/* The step that a parameter took, over -lr, is its gradient. */
static inline void compare(struct comparison *sum, size_t n, const double *before,
                           const double *after, const double *grad, double rate, double floor) {
    for (size_t i = 0; i < n; i++) {
        const double step = (before[i] - after[i]) / rate, error = step - grad[i];
        ck_assert_msg(fabs(error) <= 1e-3 * fabs(grad[i]) + floor,
                      "parameter %zu: %g, finite differences say %g", i, step, grad[i]);
        sum->norm += grad[i] * grad[i];
        sum->error += error * error;
        sum->n++;
    }
}

/* --- progress and stopping --- */

/* Sizes at which products are cut into blocks. Of each layer, so many parameters are looked at. */
static const struct shape large[] = {
    {4, {784, 16, 16, 10}}, {4, {300, 40, 70, 10}}, {3, {33, 130, 5}}};
enum { LARGE = COUNT(large), LARGE_BATCH = 13, LARGE_CELLS = 784 * 40, LOOKED_AT = 20 };

static inline memqc_mlp *make_large(const struct shape *shape, const char *preset, double mapping,
                                    double rate) {
    const struct setting settings[] = {
        {MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY}, {MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH},
        {MEMQC_CROSSBAR_MAPPING, mapping},         {MEMQC_MLP_BATCH, LARGE_BATCH},
        {MEMQC_MLP_LEARNING_RATE, rate},           {MEMQC_MLP_INPUT_BITS, 0}};
    memqc_mlp *mlp = make(shape->sizes, shape->n_sizes, preset);
    set_all(mlp, settings, COUNT(settings));
    if (preset)
        OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_W_MAX, 0.2));
    return mlp;
}

enum { MOST_CALLS = 2 * TASK_SAMPLES };

struct log {
    size_t calls;
    uint64_t stop_at; /* 0: never */
    uint32_t epoch[MOST_CALLS];
    uint64_t samples[MOST_CALLS];
    double loss[MOST_CALLS], accuracy[MOST_CALLS];
};

static inline int32_t record(void *user, const double *at, size_t n) {
    struct log *log = user;
    const double loss = at[MEMQC_PROGRESS_LOSS], accuracy = at[MEMQC_PROGRESS_ACCURACY];
    const uint64_t samples = (uint64_t)at[MEMQC_PROGRESS_DONE];
    ck_assert_uint_gt(n, MEMQC_PROGRESS_ACCURACY);
    ck_assert(at[MEMQC_PROGRESS_PHASE] == MEMQC_PHASE_TRAINING);
    ck_assert(at[MEMQC_PROGRESS_DONE] <= at[MEMQC_PROGRESS_TOTAL]);
    ck_assert_uint_lt(log->calls, MOST_CALLS);
    ck_assert_msg(isfinite(loss) && loss >= 0, "loss %g", loss);
    ck_assert_msg(accuracy >= 0 && accuracy <= 1, "accuracy %g", accuracy);
    log->epoch[log->calls] = (uint32_t)at[MEMQC_PROGRESS_EPOCH];
    log->samples[log->calls] = samples;
    log->loss[log->calls] = loss;
    log->accuracy[log->calls++] = accuracy;
    return log->stop_at && samples >= log->stop_at ? -5 : 0;
}

#endif
