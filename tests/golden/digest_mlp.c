/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes of networks: training under each rule, options, fit, transfer, instances and saved bytes.
 *
 * Portable networks have at most 32 units a layer. Optimizers and schedules that call pow() or
 * cos() of libm, large layers, wires and the sensitivity are for --all. */
#include "digest_mlp.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    PAIRS = MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
    REFERENCE = MEMQC_CROSSBAR_MAPPING_REFERENCE,
    TWO_SIDED = MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED
};

/* Samples that a class makes likelier to be bright in its own places. */
struct digest_data digest_data;

static void make_data(void) {
    digest_fill(31, SAMPLES * INPUTS, 0, 0.9, digest_data.x);
    for (size_t i = 0; i < SAMPLES; i++) {
        const size_t label = i * 7919 % CLASSES;
        digest_data.labels[i] = (int32_t)label;
        for (size_t j = label; j < INPUTS; j += CLASSES)
            digest_data.x[i * INPUTS + j] = 0.25f + 0.75f * digest_data.x[i * INPUTS + j];
    }
}

static const size_t small_sizes[] = {20, 16, CLASSES}, large_sizes[] = {INPUTS, 48, 40, CLASSES};

/* --- a network and what it holds --- */

/* A parameter of the network or of its arrays, whose rule is among those of the network here. */
static void set(memqc_mlp *mlp, const struct setting *setting) {
    int32_t key = setting->key;
    if (key == MEMQC_MLP_RULE && setting->value < MEMQC_MLP_RULE_FLOAT)
        key = MEMQC_CROSSBAR_RULE;
    if (key < MEMQC_MLP_RULE)
        TRY(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, key, setting->value));
    else
        TRY(memqc_mlp_set(mlp, key, setting->value));
}

memqc_mlp *digest_network(int large, const char *preset, const struct setting *settings) {
    memqc_device *device = preset ? digest_coarse(preset, NULL) : NULL;
    memqc_mlp *mlp = NULL;
    TRY(memqc_mlp_create(large ? large_sizes : small_sizes, large ? 4 : 3, device, 0, &mlp));
    memqc_device_destroy(&device);
    TRY(memqc_mlp_set_seed(mlp, 3));
    for (; settings && settings->key; settings++)
        set(mlp, settings);
    return mlp;
}

void digest_train(memqc_mlp *mlp, int epochs) {
    for (int epoch = 0; epoch < epochs; epoch++)
        TRY(memqc_mlp_train_epoch(mlp, SAMPLES, digest_data.x, INPUTS, digest_data.labels));
}

static void add_weights(struct digest *d, memqc_mlp *mlp) {
    static float w[INPUTS * INPUTS], bias[INPUTS];
    size_t layers, outputs;
    TRY(memqc_mlp_get_shape(mlp, &layers, NULL, &outputs));
    const size_t *sizes = layers == 3 ? large_sizes : small_sizes;
    for (size_t layer = 0; layer < layers; layer++) {
        TRY(memqc_mlp_get_weights(mlp, layer, w, sizes[layer + 1], bias));
        digest_floats(d, sizes[layer] * sizes[layer + 1], w);
        digest_floats(d, sizes[layer + 1], bias);
    }
}

static void add_results(struct digest *d, memqc_mlp *mlp) {
    float outputs[SAMPLES * CLASSES];
    int32_t classes[SAMPLES];
    uint64_t confusion[CLASSES * CLASSES];
    double score[2];
    TRY(memqc_mlp_predict(mlp, SAMPLES, digest_data.x, INPUTS, outputs, CLASSES, classes));
    TRY(memqc_mlp_evaluate(mlp, SAMPLES, digest_data.x, INPUTS, digest_data.labels, &score[0],
                           &score[1], confusion));
    digest_floats(d, SAMPLES * CLASSES, outputs);
    digest_ints(d, SAMPLES, classes);
    digest_sizes(d, CLASSES * CLASSES, confusion);
    digest_doubles(d, 2, score);
}

static void add_history(struct digest *d, const memqc_mlp *mlp) {
    uint32_t epochs, best;
    TRY(memqc_mlp_get_epochs(mlp, &epochs));
    TRY(memqc_mlp_get_best_epoch(mlp, &best));
    digest_ints(d, 2, (const int32_t[]){(int32_t)epochs, (int32_t)best});
    for (uint32_t epoch = 1; epoch <= epochs; epoch++) {
        for (int32_t what = MEMQC_MLP_HISTORY_LOSS; what <= MEMQC_MLP_HISTORY_SATURATED; what++) {
            double value;
            TRY(memqc_mlp_get_history(mlp, epoch, what, &value));
            digest_doubles(d, 1, &value);
        }
    }
}

static void *saved(const memqc_mlp *mlp, size_t *size) {
    TRY(memqc_mlp_save_memory(mlp, NULL, 0, size));
    void *bytes = malloc(*size);
    if (!bytes)
        abort();
    TRY(memqc_mlp_save_memory(mlp, bytes, *size, size));
    return bytes;
}

/* The bytes of the file, and those of the network that goes on from them for an epoch. */
static void add_saved(struct digest *d, const memqc_mlp *mlp) {
    size_t size;
    memqc_mlp *copy = NULL;
    void *bytes = saved(mlp, &size);
    digest_bytes(d, bytes, size);
    TRY(memqc_mlp_load_memory(bytes, size, &copy));
    free(bytes);
    digest_train(copy, 1);
    bytes = saved(copy, &size);
    digest_bytes(d, bytes, size);
    free(bytes);
    memqc_mlp_destroy(&copy);
}

void digest_finish(memqc_mlp *mlp, const char *name) {
    struct digest d = digest_begin();
    add_weights(&d, mlp);
    digest_print(&d, "%s/weights", name);
    add_results(&d, mlp);
    add_history(&d, mlp);
    digest_print(&d, "%s/results", name);
    add_saved(&d, mlp);
    digest_print(&d, "%s/save", name);
    memqc_mlp_destroy(&mlp);
}

static void trained(const char *name, int large, const char *preset,
                    const struct setting *settings) {
    memqc_mlp *mlp = digest_network(large, preset, settings);
    digest_train(mlp, 2);
    digest_finish(mlp, name);
}

/* --- rules --- */

/* In the order in which digests number them. */
static const int32_t all_rules[] = {MEMQC_MLP_RULE_FLOAT,
                                    MEMQC_CROSSBAR_RULE_NEAREST_LEVEL,
                                    MEMQC_CROSSBAR_RULE_STOCHASTIC,
                                    MEMQC_CROSSBAR_RULE_SIGN,
                                    MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
                                    MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL,
                                    MEMQC_MLP_RULE_NOISE_AWARE,
                                    MEMQC_CROSSBAR_RULE_PULSE_TRAIN,
                                    MEMQC_CROSSBAR_RULE_TIKI_TAKA,
                                    MEMQC_CROSSBAR_RULE_TIKI_TAKA_2};

static int number_of(int32_t rule) {
    int i = 0;
    while (all_rules[i] != rule)
        i++;
    return i + 1;
}

static void rule(int large, int32_t number, int mapping, const char *preset) {
    const int pairs = number == MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL;
    const int trains = number >= MEMQC_CROSSBAR_RULE_PULSE_TRAIN && number < MEMQC_MLP_RULE_FLOAT;
    const struct setting settings[] = {
        {MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_SINGLE - 1 + (pairs ? 2 : mapping)},
        {MEMQC_MLP_RULE, number},
        {MEMQC_MLP_LEARNING_RATE, trains ? 0.3 : 3},
        {0, 0}};
    char name[64];
    snprintf(name, sizeof name, "%s/rule%d/map%d/%s", large ? "large" : "mlp", number_of(number),
             pairs ? 2 : mapping, preset);
    trained(name, large, preset, settings);
}

static void rules(int large) {
    static const char *const presets[] = {"hfox-a", "soft-bounds", "rpu"};
    for (size_t r = 0; r < sizeof all_rules / sizeof *all_rules; r++) {
        const int32_t number = all_rules[r];
        for (size_t i = 0; i < 3; i++) {
            rule(large, number, 1, presets[i]);
            if (number != MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL)
                rule(large, number, 2, presets[i]);
        }
    }
}

/* Rules that keep digital numbers, with optimizers. */
static void optimizers(int32_t first, int32_t last) {
    static const int32_t digital[] = {MEMQC_MLP_RULE_FLOAT, MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
                                      MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL,
                                      MEMQC_MLP_RULE_NOISE_AWARE};
    for (size_t i = 0; i < 4; i++) {
        for (int32_t optimizer = first; optimizer <= last; optimizer++) {
            const struct setting settings[] = {
                {MEMQC_CROSSBAR_MAPPING, PAIRS},  {MEMQC_MLP_RULE, digital[i]},
                {MEMQC_MLP_OPTIMIZER, optimizer}, {MEMQC_MLP_LEARNING_RATE, 0.05},
                {MEMQC_MLP_DROPOUT, 0},           {0, 0}};
            char name[64];
            snprintf(name, sizeof name, "mlp/rule%d/optimizer%d", number_of(digital[i]),
                     (int)(optimizer - MEMQC_MLP_SGD + 1));
            trained(name, 0, "hfox-a", settings);
        }
    }
}

/* --- options --- */

static void schedule(int32_t number) {
    const struct setting settings[] = {{MEMQC_MLP_SCHEDULE, number}, {0, 0}};
    char name[64];
    memqc_mlp *mlp = digest_network(0, "hfox-a", settings);
    if (number != MEMQC_MLP_SCHEDULE_CONSTANT)
        TRY(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_PERIOD, 1.5));
    TRY(memqc_mlp_set(mlp, MEMQC_MLP_WARMUP, 0.5));
    digest_train(mlp, 3);
    snprintf(name, sizeof name, "mlp/schedule%d", (int)(number - MEMQC_MLP_SCHEDULE_CONSTANT + 1));
    digest_finish(mlp, name);
}

static void units(void) {
    for (int32_t loss = MEMQC_MLP_SQUARED_ERROR; loss <= MEMQC_MLP_CROSS_ENTROPY; loss++) {
        for (int32_t activation = MEMQC_MLP_LOGISTIC; activation <= MEMQC_MLP_HARD_SIGMOID;
             activation++) {
            const struct setting settings[] = {{MEMQC_MLP_ACTIVATION, activation},
                                               {MEMQC_MLP_LOSS, loss},
                                               {MEMQC_MLP_LEARNING_RATE, 0.3},
                                               {MEMQC_MLP_INPUT_BITS, 0},
                                               {0, 0}};
            char name[64];
            snprintf(name, sizeof name, "mlp/loss%d/activation%d",
                     (int)(loss - MEMQC_MLP_SQUARED_ERROR + 1),
                     (int)(activation - MEMQC_MLP_LOGISTIC + 1));
            trained(name, 0, NULL, settings);
            snprintf(name, sizeof name, "mlp/loss%d/activation%d/cells",
                     (int)(loss - MEMQC_MLP_SQUARED_ERROR + 1),
                     (int)(activation - MEMQC_MLP_LOGISTIC + 1));
            trained(name, 0, "hfox-a", settings);
        }
    }
}

static const struct {
    const char *name, *preset;
    struct setting settings[6];
} option[] = {
    {"dropout", "hfox-a", {{MEMQC_MLP_DROPOUT, 0.25}}},
    {"bias-row", "hfox-a", {{MEMQC_MLP_BIAS, MEMQC_MLP_BIAS_ROW}}},
    {"bias-row-float", NULL, {{MEMQC_MLP_BIAS, MEMQC_MLP_BIAS_ROW}, {MEMQC_MLP_LEARNING_RATE, 1}}},
    {"bias-row-trains",
     "rpu",
     {{MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_PULSE_TRAIN},
      {MEMQC_MLP_BIAS, MEMQC_MLP_BIAS_ROW}}},
    {"input-bits4", "hfox-a", {{MEMQC_MLP_INPUT_BITS, 4}, {MEMQC_MLP_INPUT_MAX, 0.9}}},
    {"input-bits1", "hfox-a", {{MEMQC_MLP_INPUT_THRESHOLD, 0.4}, {MEMQC_MLP_BATCH, 7}}},
    {"range", "hfox-a", {{MEMQC_CROSSBAR_W_MAX, 2}, {MEMQC_MLP_INIT_RANGE, 0.5}}},
    {"mapping3", "hfox-a", {{MEMQC_CROSSBAR_MAPPING, REFERENCE}}},
    {"mapping4",
     "hfox-a",
     {{MEMQC_CROSSBAR_MAPPING, TWO_SIDED}, {MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_STOCHASTIC}}},
    {"verify",
     "hfox-a",
     {{MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY},
      {MEMQC_CROSSBAR_VERIFY_TOLERANCE, 0.7}}},
    {"sign",
     "hfox-a",
     {{MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_SIGN}, {MEMQC_CROSSBAR_SIGN_THRESHOLD, 0.3}}},
    {"accumulate",
     "hfox-a",
     {{MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_MIXED_PRECISION},
      {MEMQC_CROSSBAR_UPDATE_THRESHOLD, 2}}},
    {"refresh",
     "hfox-a",
     {{MEMQC_CROSSBAR_MAPPING, PAIRS},
      {MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL},
      {MEMQC_CROSSBAR_REFRESH_LEVEL, 3}}},
    {"noise-factor",
     "hfox-b",
     {{MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE}, {MEMQC_MLP_NOISE_FACTOR, 2}}},
    {"trains",
     "rpu",
     {{MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_PULSE_TRAIN},
      {MEMQC_CROSSBAR_TRAIN_MANAGEMENT, 0},
      {MEMQC_CROSSBAR_TRAIN_LENGTH, 10},
      {MEMQC_MLP_LEARNING_RATE, 0.2}}},
    {"tiki-taka",
     "soft-bounds",
     {{MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_TIKI_TAKA},
      {MEMQC_CROSSBAR_TIKI_TAKA_EVERY, 3},
      {MEMQC_CROSSBAR_TIKI_TAKA_RATE, 0.2},
      {MEMQC_CROSSBAR_TIKI_TAKA_PAIRS, 0}}},
    {"tiki-taka-2",
     "soft-bounds",
     {{MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_TIKI_TAKA_2},
      {MEMQC_CROSSBAR_TIKI_TAKA_EVERY, 2},
      {MEMQC_CROSSBAR_TIKI_TAKA_THRESHOLD, 0.5}}},
};

static void options(int large) {
    for (size_t i = 0; i < sizeof option / sizeof *option; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s/%s", large ? "large" : "mlp", option[i].name);
        trained(name, large, option[i].preset, option[i].settings);
    }
}

/* A layer of another rule and device than its neighbours. */
static void mixed(int large) {
    memqc_device *device = digest_coarse("rpu", NULL);
    memqc_mlp *mlp = digest_network(large, "hfox-a", NULL);
    TRY(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT));
    TRY(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_LEARNING_RATE, 1));
    TRY(memqc_mlp_set_device(mlp, 1, device));
    TRY(memqc_mlp_set_crossbar(mlp, 1, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_PULSE_TRAIN));
    TRY(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_LEARNING_RATE, 0.2));
    memqc_device_destroy(&device);
    digest_train(mlp, 2);
    digest_finish(mlp, large ? "large/mixed" : "mlp/mixed");
}

/* --- fit --- */

static int32_t watch(void *user, const double *at, size_t n) {
    struct digest *d = user;
    const double number[] = {at[MEMQC_PROGRESS_EPOCH], at[MEMQC_PROGRESS_DONE],
                             at[MEMQC_PROGRESS_LOSS], at[MEMQC_PROGRESS_ACCURACY]};
    (void)n;
    digest_doubles(d, 4, number);
    return number[0] == 3 && number[1] == 100;
}

static void fit(int32_t monitor) {
    const struct setting settings[] = {
        {MEMQC_MLP_VALIDATION, 0.2},       {MEMQC_MLP_MONITOR, monitor},
        {MEMQC_MLP_PATIENCE, 2},           {MEMQC_MLP_MIN_DELTA, 1e-3},
        {MEMQC_MLP_RESTORE_BEST, 1},       {MEMQC_MLP_LEARNING_RATE, 3},
        {MEMQC_MLP_PROGRESS_INTERVAL, 50}, {0, 0}};
    struct digest d = digest_begin();
    char name[64];
    memqc_mlp *mlp = digest_network(0, "hfox-a", settings);
    TRY(memqc_mlp_set_progress(mlp, watch, &d));
    const memqc_status status =
        memqc_mlp_fit(mlp, SAMPLES, digest_data.x, INPUTS, digest_data.labels, 30);
    if (status != MEMQC_STOPPED)
        digest_check(status, "memqc_mlp_fit()");
    TRY(memqc_mlp_set_progress(mlp, NULL, NULL));
    TRY(memqc_mlp_set_progress(mlp, NULL, NULL));
    digest_ints(&d, 1, &status);
    add_weights(&d, mlp);
    TRY(memqc_mlp_fit(mlp, SAMPLES, digest_data.x, INPUTS, digest_data.labels, 30));
    digest_print(&d, "mlp/fit/monitor%d/stopped", (int)(monitor - MEMQC_MLP_MONITOR_LOSS + 1));
    snprintf(name, sizeof name, "mlp/fit/monitor%d", (int)(monitor - MEMQC_MLP_MONITOR_LOSS + 1));
    digest_finish(mlp, name);
}

void digest_networks(int all) {
    make_data();
    rules(all);
    options(all);
    mixed(all);
    digest_transfer(all);
    if (!all) {
        optimizers(MEMQC_MLP_SGD, MEMQC_MLP_SGD_MOMENTUM);
        schedule(MEMQC_MLP_SCHEDULE_CONSTANT);
        schedule(MEMQC_MLP_SCHEDULE_INVERSE);
        units();
        fit(MEMQC_MLP_MONITOR_LOSS);
        fit(MEMQC_MLP_MONITOR_ACCURACY);
    } else {
        optimizers(MEMQC_MLP_ADAM, MEMQC_MLP_ADAM);
        schedule(MEMQC_MLP_SCHEDULE_STEP);
        schedule(MEMQC_MLP_SCHEDULE_EXPONENTIAL);
        schedule(MEMQC_MLP_SCHEDULE_COSINE);
        digest_limits("hfox-a");
        digest_limits("soft-bounds");
    }
}
