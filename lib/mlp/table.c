/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameters of a network: a row of the table is all that is known of one. */
#include "mlp/params.h"

enum { BY_LAYER = MQC_KEY_BY_LAYER, SETTLED = MQC_KEY_SETTLED };

#define CHOICE(value, name) \
    { MEMQC_MLP_##value, name }
static const struct mqc_choice rules[] = {CHOICE(RULE_FLOAT, "float"),
                                          CHOICE(RULE_NOISE_AWARE, "noise-aware"),
                                          CHOICE(RULE_CROSSBAR, "crossbar"),
                                          {0, NULL}};
static const struct mqc_choice activations[] = {CHOICE(LOGISTIC, "logistic"),
                                                CHOICE(TANH, "tanh"),
                                                CHOICE(RELU, "relu"),
                                                CHOICE(LEAKY_RELU, "leaky-relu"),
                                                CHOICE(HARD_SIGMOID, "hard-sigmoid"),
                                                {0, NULL}};
static const struct mqc_choice losses[] = {
    CHOICE(SQUARED_ERROR, "squared-error"), CHOICE(CROSS_ENTROPY, "cross-entropy"), {0, NULL}};
static const struct mqc_choice biases[] = {
    CHOICE(BIAS_DIGITAL, "digital"), CHOICE(BIAS_ROW, "row"), {0, NULL}};
static const struct mqc_choice optimizers[] = {
    CHOICE(SGD, "sgd"), CHOICE(SGD_MOMENTUM, "momentum"), CHOICE(ADAM, "adam"), {0, NULL}};
static const struct mqc_choice schedules[] = {
    CHOICE(SCHEDULE_CONSTANT, "constant"),       CHOICE(SCHEDULE_STEP, "step"),
    CHOICE(SCHEDULE_EXPONENTIAL, "exponential"), CHOICE(SCHEDULE_COSINE, "cosine"),
    CHOICE(SCHEDULE_INVERSE, "inverse"),         {0, NULL}};
static const struct mqc_choice monitors[] = {
    CHOICE(MONITOR_LOSS, "loss"), CHOICE(MONITOR_ACCURACY, "accuracy"), {0, NULL}};
#undef CHOICE

#define NUMBER(KEY, n, u, g, low, high, first, t)                                                 \
    .key = MEMQC_MLP_##KEY, .name = n, .unit = u, .group = g, .text = t, .min = low, .max = high, \
    .initial = first
#define REAL(...) NUMBER(__VA_ARGS__), .kind = MEMQC_KIND_REAL
#define WHOLE(...) NUMBER(__VA_ARGS__), .kind = MEMQC_KIND_WHOLE
#define FLAG(KEY, n, g, first, t) NUMBER(KEY, n, "", g, 0, 1, first, t), .kind = MEMQC_KIND_FLAG
#define PICK(KEY, n, g, low, high, first, list, t) \
    NUMBER(KEY, n, "", g, low, high, first, t), .kind = MEMQC_KIND_CHOICE, .choices = list

/* In the order of their keys. */
static const struct mqc_key rows[MQC_MLP_KEYS] = {
    {PICK(RULE, "rule", "network", MEMQC_MLP_RULE_FLOAT, MEMQC_MLP_RULE_CROSSBAR,
          MEMQC_MLP_RULE_CROSSBAR, rules, "What trains the weights."),
     .flags = BY_LAYER | SETTLED},
    {PICK(ACTIVATION, "activation", "network", MEMQC_MLP_LOGISTIC, MEMQC_MLP_HARD_SIGMOID,
          MEMQC_MLP_LOGISTIC, activations, "Function of a unit."),
     .flags = BY_LAYER},
    {PICK(LOSS, "loss", "network", MEMQC_MLP_SQUARED_ERROR, MEMQC_MLP_CROSS_ENTROPY,
          MEMQC_MLP_SQUARED_ERROR, losses, "What training minimizes.")},
    {REAL(LEARNING_RATE, "learning_rate", "", "training", 1e-12, 1e6, 10,
          "Factor of a step on the mean gradient of a minibatch."),
     .flags = BY_LAYER},
    {WHOLE(BATCH, "batch", "", "training", 1, 65536, 10, "Samples of a minibatch.")},
    {WHOLE(INPUT_BITS, "input_bits", "", "inputs", 0, 16, 1,
           "Resolution of the inputs; 0 for full precision.")},
    {REAL(INPUT_THRESHOLD, "input_threshold", "", "inputs", -1e30, 1e30, 0.5,
          "With one bit, an input above it counts as 1 and any other as 0."),
     .need = {MEMQC_MLP_INPUT_BITS, 1, 1, "only input_bits = 1 uses it"}},
    {REAL(INIT_RANGE, "init_range", "", "network", 0, 1e6, 0,
          "Initial weights are uniform within plus or minus this; 0 for a range by itself."),
     .flags = BY_LAYER | SETTLED},
    {WHOLE(PROGRESS_INTERVAL, "progress_interval", "", "training", 1, 1e9, 1000,
           "Training samples between two calls of the progress function.")},
    {PICK(BIAS, "bias", "network", MEMQC_MLP_BIAS_DIGITAL, MEMQC_MLP_BIAS_ROW,
          MEMQC_MLP_BIAS_DIGITAL, biases, "Where the biases are."),
     .flags = BY_LAYER | SETTLED},
    {PICK(OPTIMIZER, "optimizer", "optimizer", MEMQC_MLP_SGD, MEMQC_MLP_ADAM, MEMQC_MLP_SGD,
          optimizers,
          "Turns a gradient into a step, where the rule keeps digital weights or accumulators."),
     .flags = BY_LAYER | SETTLED},
    {REAL(MOMENTUM, "momentum", "", "optimizer", 0, 0.9999, 0.9,
          "Fraction of its last step that SGD with momentum keeps."),
     .need = {MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD_MOMENTUM, MEMQC_MLP_SGD_MOMENTUM,
              "only optimizer = momentum uses it"}},
    {REAL(BETA1, "beta1", "", "optimizer", 0, 0.9999, 0.9,
          "Fraction of its first moments that Adam keeps."),
     .need = {MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM, MEMQC_MLP_ADAM,
              "only optimizer = adam uses it"}},
    {REAL(BETA2, "beta2", "", "optimizer", 0, 0.999999, 0.999,
          "Fraction of its second moments that Adam keeps."),
     .need = {MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM, MEMQC_MLP_ADAM,
              "only optimizer = adam uses it"}},
    {REAL(EPSILON, "epsilon", "", "optimizer", 1e-12, 1, 1e-8,
          "What Adam adds to the root of a second moment."),
     .need = {MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM, MEMQC_MLP_ADAM,
              "only optimizer = adam uses it"}},
    {PICK(SCHEDULE, "schedule", "schedule", MEMQC_MLP_SCHEDULE_CONSTANT, MEMQC_MLP_SCHEDULE_INVERSE,
          MEMQC_MLP_SCHEDULE_CONSTANT, schedules,
          "How the learning rate changes with the epochs.")},
    {REAL(SCHEDULE_PERIOD, "schedule_period", "epochs", "schedule", 1e-3, 1e6, 10,
          "Time scale of the schedule."),
     .need = {MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_STEP, MEMQC_MLP_SCHEDULE_INVERSE,
              "schedule = constant does not use it"}},
    {REAL(SCHEDULE_FACTOR, "schedule_factor", "", "schedule", 1e-6, 1, 0.1,
          "Factor on the learning rate in a period."),
     .need = {MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_STEP, MEMQC_MLP_SCHEDULE_EXPONENTIAL,
              "only schedule = step and exponential use it"}},
    {REAL(SCHEDULE_FLOOR, "schedule_floor", "", "schedule", 0, 1, 0,
          "Final factor of the cosine schedule."),
     .need = {MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_COSINE, MEMQC_MLP_SCHEDULE_COSINE,
              "only schedule = cosine uses it"}},
    {REAL(WARMUP, "warmup", "epochs", "schedule", 0, 1e6, 0,
          "Time in which the learning rate rises to what the schedule says.")},
    {REAL(DROPOUT, "dropout", "", "network", 0, 0.95, 0,
          "Fraction of the units of a hidden layer that are off for a training sample."),
     .flags = BY_LAYER},
    {REAL(LEAK, "leak", "", "network", 0, 1, 0.01, "Slope of the leaky rectifier below 0."),
     .need = {MEMQC_MLP_ACTIVATION, MEMQC_MLP_LEAKY_RELU, MEMQC_MLP_LEAKY_RELU,
              "only activation = leaky-relu uses it"}},
    {REAL(INPUT_MIN, "input_min", "", "inputs", -1e30, 1e30, 0,
          "Lowest of the values that inputs go to."),
     .need = {MEMQC_MLP_INPUT_BITS, 2, 16, "only input_bits = 2 .. 16 use it"}},
    {REAL(INPUT_MAX, "input_max", "", "inputs", -1e30, 1e30, 1,
          "Highest of the values that inputs go to."),
     .need = {MEMQC_MLP_INPUT_BITS, 2, 16, "only input_bits = 2 .. 16 use it"}},
    {REAL(VALIDATION, "validation", "", "validation", 0, 0.9, 0,
          "Fraction of the samples that a fit holds back.")},
    {PICK(MONITOR, "monitor", "validation", MEMQC_MLP_MONITOR_LOSS, MEMQC_MLP_MONITOR_ACCURACY,
          MEMQC_MLP_MONITOR_LOSS, monitors,
          "Criterion of the best epoch, on the samples held back."),
     .need = {MEMQC_MLP_VALIDATION, 1e-300, 1, "nothing is held back while validation = 0"}},
    {WHOLE(PATIENCE, "patience", "epochs", "validation", 0, 1e6, 0,
           "A fit stops after so many epochs without a new best; 0 for never."),
     .need = {MEMQC_MLP_VALIDATION, 1e-300, 1, "nothing is held back while validation = 0"}},
    {REAL(MIN_DELTA, "min_delta", "", "validation", 0, 1e6, 0,
          "A new best is better by more than this."),
     .need = {MEMQC_MLP_VALIDATION, 1e-300, 1, "nothing is held back while validation = 0"}},
    {FLAG(RESTORE_BEST, "restore_best", "validation", 0,
          "A fit ends with the weights of its best epoch."),
     .need = {MEMQC_MLP_VALIDATION, 1e-300, 1, "nothing is held back while validation = 0"}},
    {REAL(NOISE_FACTOR, "noise_factor", "", "transfer", 0, 100, 1,
          "Factor on the noise of the device in noise-aware training."),
     .need = {MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE, MEMQC_MLP_RULE_NOISE_AWARE,
              "only rule = noise-aware uses it"}},
    {REAL(TRANSFER_RANGE, "transfer_range", "", "transfer", 0, 100, 0,
          "Largest weight of an array that a float layer is transferred to, in root mean squares "
          "of its weights; 0 for their largest magnitude."),
     .need = {MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT, MEMQC_MLP_RULE_FLOAT,
              "only rule = float uses it"}},
    {WHOLE(INSTANCES, "instances", "", "study", 1, 1e6, 20,
           "Instances of the network in a study.")},
    {WHOLE(THREADS, "threads", "", "study", 1, 1024, 1,
           "Threads of a study, the caller included.")},
    {REAL(SECONDS, "seconds", "s", "study", 0, 1e30, 0, "Time from programming to evaluation.")},
    {REAL(TARGET, "target", "", "study", 0, 1, 0,
          "Mean accuracy that a property must leave; 0 for no target.")},
};

const struct mqc_keys mqc_mlp_keys = {"mlp", MEMQC_MLP_RULE, MQC_MLP_KEYS, rows};
