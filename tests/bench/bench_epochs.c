/* SPDX-License-Identifier: BSD-3-Clause */
/* Epochs on images, beside the matrix products that they cannot do without. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include "data.h"
#include "la/blas.h"

/* 784-256-10 as the example `beyond` trains it, batch 32; and the paper's network, batch 10. */
enum { MINIBATCH = 32, PAPER_BATCH = 10, TRAIN = 60000, TEST = 10000, MOST_LAYERS = 3 };
enum rule { FLOAT, NEAREST, MIXED, NOISE_AWARE, RULES };

/* A network of plain matrices. */
struct products {
    size_t sizes[MOST_LAYERS + 1], layers, batch;
    float *w[MOST_LAYERS], *unit[MOST_LAYERS + 1], *back[MOST_LAYERS];
};

static struct {
    struct data data;
    memqc_mlp *mlp[RULES], *paper;
    struct products products, paper_products;
} epochs;

static memqc_mlp *network(enum rule rule, const memqc_device *device) {
    static const size_t sizes[] = {INPUTS, WIDE, CLASSES};
    static const double common[][2] = {{MEMQC_MLP_INPUT_BITS, 0},
                                       {MEMQC_MLP_ACTIVATION, MEMQC_MLP_RELU},
                                       {MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY},
                                       {MEMQC_MLP_BATCH, MINIBATCH}};
    static const double rate[RULES] = {0.2, 1, 0.3, 0.2}, range[RULES] = {1, 0.25, 0.5, 0.5};
    memqc_mlp *mlp = NULL;
    must(memqc_mlp_create(sizes, 3, rule == FLOAT ? NULL : device, 0, &mlp));
    if (rule != FLOAT) {
        must(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING,
                                    MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
        must(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_W_MAX, range[rule]));
    }
    if (rule == NOISE_AWARE)
        must(memqc_mlp_set(mlp, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE));
    else if (rule != FLOAT)
        must(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_RULE,
                                    rule == MIXED ? MEMQC_CROSSBAR_RULE_MIXED_PRECISION
                                                  : MEMQC_CROSSBAR_RULE_NEAREST_LEVEL));
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        must(memqc_mlp_set(mlp, (int32_t)common[i][0], common[i][1]));
    if (rule == NEAREST || rule == MIXED) {
        must(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_INIT_RANGE, 0.076));
        must(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_INIT_RANGE, 0.15));
    }
    must(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, rate[rule]));
    return mlp;
}

static struct products matrices(size_t layers, const size_t *sizes, size_t batch) {
    struct products p = {.layers = layers, .batch = batch};
    for (size_t l = 0; l <= layers; l++) {
        p.sizes[l] = sizes[l];
        p.unit[l] = room(batch * sizes[l], sizeof(float));
    }
    for (size_t l = 0; l < layers; l++) {
        p.w[l] = room(sizes[l] * sizes[l + 1], sizeof(float));
        p.back[l] = room(batch * sizes[l], sizeof(float));
    }
    return p;
}

static void free_matrices(struct products *p) {
    for (size_t l = 0; l <= p->layers; l++)
        free(p->unit[l]);
    for (size_t l = 0; l < p->layers; l++) {
        free(p->w[l]);
        free(p->back[l]);
    }
}

static void forward(struct products *p) {
    for (size_t l = 0; l < p->layers; l++) {
        const size_t in = p->sizes[l], out = p->sizes[l + 1];
        must(mqc_sgemm(MQC_PLAIN, MQC_PLAIN, p->batch, out, in, 1, p->unit[l], in, p->w[l], out, 0,
                       p->unit[l + 1], out));
    }
}

/* Deltas of every layer but the first, and gradients that are added to the weights. */
static void backward(struct products *p) {
    const float *delta = p->unit[p->layers];
    for (size_t l = p->layers; l-- > 0;) {
        const size_t in = p->sizes[l], out = p->sizes[l + 1];
        if (l > 0)
            must(mqc_sgemm(MQC_PLAIN, MQC_TRANSPOSED, p->batch, in, out, 1, delta, out, p->w[l],
                           out, 0, p->back[l], in));
        must(mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, in, out, p->batch, 1, p->unit[l], in, delta, out,
                       1, p->w[l], out));
        delta = p->back[l];
    }
}

static void open_epochs(void) {
    static const size_t wide[] = {INPUTS, WIDE, CLASSES};
    static const size_t narrow[] = {INPUTS, HIDDEN, HIDDEN, CLASSES};
    memqc_device *device = NULL;
    char error[1000];
    if (data_load(&epochs.data, data_folder(), TRAIN, TEST, 1, error, sizeof error) != 0) {
        fprintf(stderr, "bench: %s\n", error);
        exit(EXIT_FAILURE);
    }
    must(memqc_device_create_preset("hfox-a", &device));
    must(memqc_device_set(device, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_LINEAR));
    must(memqc_mlp_create(narrow, 4, device, 0, &epochs.paper));
    must(memqc_device_set(device, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_MEASURED));
    for (int rule = 0; rule < RULES; rule++)
        epochs.mlp[rule] = network((enum rule)rule, device);
    memqc_device_destroy(&device);
    epochs.products = matrices(2, wide, MINIBATCH);
    epochs.paper_products = matrices(3, narrow, PAPER_BATCH);
}

static void close_epochs(void) {
    for (int rule = 0; rule < RULES; rule++)
        memqc_mlp_destroy(&epochs.mlp[rule]);
    memqc_mlp_destroy(&epochs.paper);
    free_matrices(&epochs.products);
    free_matrices(&epochs.paper_products);
    data_free(&epochs.data);
}

/* An epoch is the first one of a network: later ones send fewer pulses. */
static void train(memqc_mlp *mlp) {
    const struct data_set *set = &epochs.data.train;
    must(memqc_mlp_train_epoch(mlp, set->n, set->x, INPUTS, set->labels));
}

/* Epochs of the paper's network include its test, as those of the reference do. */
static void run_paper(void) {
    const struct data_set *set = &epochs.data.test;
    double accuracy = 0;
    train(epochs.paper);
    must(memqc_mlp_evaluate(epochs.paper, set->n, set->x, INPUTS, set->labels, NULL, &accuracy,
                            NULL));
}

static void prepare_paper(void) {
    must(memqc_mlp_init(epochs.paper));
}

static void run_products(void) {
    for (size_t i = 0; i < epochs.data.train.n; i += MINIBATCH) {
        forward(&epochs.products);
        backward(&epochs.products);
    }
}

static void run_paper_products(void) {
    const size_t train_n = epochs.data.train.n, all = train_n + epochs.data.test.n;
    for (size_t i = 0; i < all; i += PAPER_BATCH) {
        forward(&epochs.paper_products);
        if (i < train_n)
            backward(&epochs.paper_products);
    }
}

#define EPOCH(name, rule)                       \
    static void prepare_##name(void) {          \
        must(memqc_mlp_init(epochs.mlp[rule])); \
    }                                           \
    static void run_##name(void) {              \
        train(epochs.mlp[rule]);                \
    }
EPOCH(float, FLOAT)
EPOCH(nearest, NEAREST)
EPOCH(mixed, MIXED)
EPOCH(noise_aware, NOISE_AWARE)

const struct group epoch_groups[] = {
    {"epochs",
     open_epochs,
     close_epochs,
     7,
     {{"epoch_products", run_products, 1, NULL},
      {"epoch_float", run_float, 1, prepare_float},
      {"epoch_nearest", run_nearest, 1, prepare_nearest},
      {"epoch_mixed", run_mixed, 1, prepare_mixed},
      {"epoch_noise_aware", run_noise_aware, 1, prepare_noise_aware},
      {"paper_products", run_paper_products, 1, NULL},
      {"paper_epoch", run_paper, 1, prepare_paper}}},
    {NULL, NULL, NULL, 0, {{NULL, NULL, 0, NULL}}},
};
