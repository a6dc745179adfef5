/* SPDX-License-Identifier: BSD-3-Clause */
/* Saved networks: each rule, optimizers with their state, a training that was interrupted. */
#include "saved.h"

#include <stdio.h>

enum { SAMPLES = 40, INPUTS = 8, HIDDEN = 6, CLASSES = 4 };

static const size_t sizes[] = {INPUTS, HIDDEN, CLASSES};

/* Samples that are brighter in the places of their class. */
static struct {
    float x[SAMPLES * INPUTS];
    int32_t labels[SAMPLES];
} data;

static void make_data(void) {
    digest_fill(31, SAMPLES * INPUTS, 0, 0.9, data.x);
    for (size_t i = 0; i < SAMPLES; i++) {
        data.labels[i] = (int32_t)(i * 7 % CLASSES);
        for (size_t j = i * 7 % CLASSES; j < INPUTS; j += CLASSES)
            data.x[i * INPUTS + j] = 0.25f + 0.75f * data.x[i * INPUTS + j];
    }
}

/* --- writing --- */

static memqc_mlp *network(const char *preset, const struct setting *settings) {
    memqc_device *device = preset ? digest_device(preset, 0, NULL) : NULL;
    memqc_mlp *mlp = NULL;
    TRY(memqc_mlp_create(sizes, COUNT(sizes), device, 3, &mlp));
    memqc_device_destroy(&device);
    for (; settings->key; settings++) {
        if (settings->key < MEMQC_MLP_RULE)
            TRY(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, settings->key, settings->value));
        else
            TRY(memqc_mlp_set(mlp, settings->key, settings->value));
    }
    return mlp;
}

/* The rule of the array of a layer, and its mapping. */
static void set_rule(memqc_mlp *mlp, size_t layer, int32_t mapping, int32_t rule) {
    TRY(memqc_mlp_set_crossbar(mlp, layer, MEMQC_CROSSBAR_MAPPING, mapping));
    TRY(memqc_mlp_set_crossbar(mlp, layer, MEMQC_CROSSBAR_RULE, rule));
}

static void fit(memqc_mlp *mlp, uint32_t epochs) {
    TRY(memqc_mlp_fit(mlp, SAMPLES, data.x, INPUTS, data.labels, epochs));
}

static void write(memqc_mlp *mlp, const char *name) {
    TRY(memqc_mlp_save(mlp, saved_path(name)));
    memqc_mlp_destroy(&mlp);
}

/* Digital weights: Adam, and momentum for a device to come. */
static void write_digital(void) {
    const struct setting adam[] = {{MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM},
                                   {MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH},
                                   {MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY},
                                   {MEMQC_MLP_LEARNING_RATE, 0.05},
                                   {MEMQC_MLP_INPUT_BITS, 0},
                                   {MEMQC_MLP_DROPOUT, 0.25},
                                   {0, 0}};
    const struct setting aware[] = {{MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE},
                                    {MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD_MOMENTUM},
                                    {MEMQC_MLP_LEARNING_RATE, 0.3},
                                    {MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_INVERSE},
                                    {MEMQC_MLP_WARMUP, 0.5},
                                    {0, 0}};
    memqc_mlp *mlp = network(NULL, adam);
    fit(mlp, 2);
    write(mlp, "network-float-adam");
    mlp = network("hfox-b", aware);
    fit(mlp, 2);
    write(mlp, "network-noise-aware-momentum");
}

/* The best epoch is kept beside the present weights. Rules without accumulators. */
static void write_best(void) {
    const struct setting settings[] = {{MEMQC_MLP_VALIDATION, 0.25}, {MEMQC_MLP_PATIENCE, 5},
                                       {MEMQC_MLP_RESTORE_BEST, 1},  {MEMQC_MLP_INPUT_BITS, 4},
                                       {MEMQC_MLP_LEARNING_RATE, 3}, {0, 0}};
    memqc_mlp *mlp = network("hfox-a", settings);
    set_rule(mlp, 0, MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_RULE_STOCHASTIC);
    set_rule(mlp, 1, MEMQC_CROSSBAR_MAPPING_REFERENCE, MEMQC_CROSSBAR_RULE_SIGN);
    fit(mlp, 3);
    write(mlp, "network-stochastic-sign-best");
}

static void write_rules(const char *name, const char *preset, double rate, const int32_t *mapping,
                        const int32_t *rule) {
    const struct setting settings[] = {{MEMQC_CROSSBAR_W_MAX, 2},
                                       {MEMQC_MLP_INPUT_BITS, 0},
                                       {MEMQC_MLP_LEARNING_RATE, rate},
                                       {MEMQC_MLP_BATCH, 8},
                                       {0, 0}};
    memqc_mlp *mlp = network(preset, settings);
    for (size_t layer = 0; layer < 2; layer++)
        set_rule(mlp, layer, mapping[layer], rule[layer]);
    for (size_t layer = 0; layer < 2; layer++)
        if (rule[layer] >= MEMQC_CROSSBAR_RULE_TIKI_TAKA)
            TRY(memqc_mlp_set_crossbar(mlp, layer, MEMQC_CROSSBAR_TIKI_TAKA_PAIRS, 10));
    if (rule[0] == MEMQC_CROSSBAR_RULE_MIXED_PRECISION) {
        TRY(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
        TRY(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD_MOMENTUM));
    }
    fit(mlp, 1);
    write(mlp, name);
}

static void write_all_rules(void) {
    enum { SINGLE = MEMQC_CROSSBAR_MAPPING_SINGLE, PAIRS = MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL };
    static const int32_t sums[] = {MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
                                   MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL},
                         fast[] = {MEMQC_CROSSBAR_RULE_TIKI_TAKA, MEMQC_CROSSBAR_RULE_TIKI_TAKA_2};
    write_rules("network-accumulators", "hfox-b", 0.1, (const int32_t[]){SINGLE, PAIRS}, sums);
    write_rules("network-tiki-taka", "soft-bounds", 0.5, (const int32_t[]){SINGLE, PAIRS}, fast);
}

/* Stops in the second epoch. */
static int32_t stop(void *user, const double *at, size_t n) {
    (void)user;
    (void)n;
    return at[MEMQC_PROGRESS_EPOCH] == 2 && at[MEMQC_PROGRESS_DONE] >= 24;
}

/* A checkpoint in the middle of an epoch. Its layers have devices and rules of their own. */
static void write_checkpoint(void) {
    const struct setting settings[] = {{MEMQC_MLP_INPUT_BITS, 0},
                                       {MEMQC_MLP_LEARNING_RATE, 0.5},
                                       {MEMQC_MLP_BATCH, 8},
                                       {MEMQC_MLP_PROGRESS_INTERVAL, 8},
                                       {MEMQC_MLP_BIAS, MEMQC_MLP_BIAS_ROW},
                                       {0, 0}};
    memqc_mlp *mlp = network("hfox-a", settings);
    memqc_device *device = saved_jumps();
    TRY(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT));
    TRY(memqc_mlp_set_device(mlp, 1, device));
    memqc_device_destroy(&device);
    TRY(memqc_mlp_set_crossbar(mlp, 1, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_PULSE_TRAIN));
    TRY(memqc_mlp_set_checkpoint(mlp, saved_path("network-checkpoint"), 24));
    TRY(memqc_mlp_set_progress(mlp, stop, NULL));
    const memqc_status status = memqc_mlp_fit(mlp, SAMPLES, data.x, INPUTS, data.labels, 3);
    if (status != MEMQC_STOPPED)
        digest_check(MEMQC_ERROR_STATE, "memqc_mlp_fit() was not stopped");
    memqc_mlp_destroy(&mlp);
}

void saved_write_networks(void) {
    make_data();
    write(network("hfox-a", (const struct setting[]){{MEMQC_MLP_BATCH, 7}, {0, 0}}), "network-new");
    write_digital();
    write_best();
    write_all_rules();
    write_checkpoint();
}

/* --- answers --- */

static const struct saved_noun network_keys = {memqc_mlp_key_text, memqc_mlp_key_value,
                                               memqc_mlp_choice_name};

static void parameters(const memqc_mlp *mlp) {
    double value, by_layer;
    for (size_t i = 0; i < memqc_mlp_keys(); i++) {
        const int32_t key = memqc_mlp_key_at(i);
        TRY(memqc_mlp_key_value(key, MEMQC_KEY_BY_LAYER, &by_layer));
        TRY(memqc_mlp_get(mlp, key, &value));
        if (by_layer == 0)
            saved_parameter(&network_keys, key, value);
        for (size_t layer = 0; by_layer > 0 && layer < 2; layer++) {
            TRY(memqc_mlp_get_layer(mlp, layer, key, &value));
            saved_parameter(&network_keys, key, value);
        }
    }
    for (size_t layer = 0; layer < 2; layer++) {
        for (size_t i = 0; i < memqc_crossbar_keys(); i++) {
            TRY(memqc_mlp_get_crossbar(mlp, layer, memqc_crossbar_key_at(i), &value));
            saved_parameter(&saved_array_keys, memqc_crossbar_key_at(i), value);
        }
    }
}

static void history(const memqc_mlp *mlp) {
    uint32_t epochs, best;
    TRY(memqc_mlp_get_epochs(mlp, &epochs));
    TRY(memqc_mlp_get_best_epoch(mlp, &best));
    saved_ints("epochs, best", 2, (const int32_t[]){(int32_t)epochs, (int32_t)best});
    for (uint32_t epoch = 1; epoch <= epochs; epoch++) {
        double value[4];
        TRY(memqc_mlp_get_history(mlp, epoch, MEMQC_MLP_HISTORY_LOSS, &value[0]));
        TRY(memqc_mlp_get_history(mlp, epoch, MEMQC_MLP_HISTORY_ACCURACY, &value[1]));
        TRY(memqc_mlp_get_history(mlp, epoch, MEMQC_MLP_HISTORY_PULSES, &value[2]));
        TRY(memqc_mlp_get_history(mlp, epoch, MEMQC_MLP_HISTORY_ENERGY, &value[3]));
        saved_doubles("loss, accuracy, pulses, energy", 4, value);
    }
}

static void weights(memqc_mlp *mlp) {
    float w[MOST_CELLS], bias[HIDDEN];
    for (size_t layer = 0; layer < 2; layer++) {
        TRY(memqc_mlp_get_weights(mlp, layer, w, sizes[layer + 1], bias));
        saved_hash("weights", sizes[layer] * sizes[layer + 1], w);
        saved_hash("biases", sizes[layer + 1], bias);
    }
}

static void results(memqc_mlp *mlp) {
    float outputs[SAMPLES * CLASSES];
    double score[2];
    TRY(memqc_mlp_predict(mlp, SAMPLES, data.x, INPUTS, outputs, CLASSES, NULL));
    saved_hash("outputs", SAMPLES * CLASSES, outputs);
    TRY(memqc_mlp_evaluate(mlp, SAMPLES, data.x, INPUTS, data.labels, &score[0], &score[1], NULL));
    saved_doubles("loss, accuracy", 2, score);
}

void saved_answer_network(memqc_mlp *mlp) {
    uint64_t seed;
    uint32_t epochs;
    make_data();
    TRY(memqc_mlp_get_seed(mlp, &seed));
    saved_doubles("seed", 1, &(const double){(double)seed});
    parameters(mlp);
    history(mlp);
    weights(mlp);
    results(mlp);
    TRY(memqc_mlp_get_epochs(mlp, &epochs));
    fit(mlp, epochs + 1);
    printf("  after another epoch:\n");
    history(mlp);
    weights(mlp);
    results(mlp);
}
