/* SPDX-License-Identifier: BSD-3-Clause */
/* Why few states do not learn under the paper's rule: how many of gradient descent's steps are long
 * enough to reach another level, and where weights and units go. 784-16-16-10 as `paper` trains it,
 * on sample A. docs/reproduction.md has the table. */
#include <memqc/memqc.h>

#include "data.h"
#include "output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LAYERS = 3,
    INPUTS = 784,
    HIDDEN = 16,
    BATCH = 10,
    PROBES = 200,
    LOOKED_AT = 1000,
    MOST_WEIGHTS = INPUTS * HIDDEN
};

static const size_t sizes[LAYERS + 1] = {INPUTS, HIDDEN, HIDDEN, DATA_CLASSES};

struct options {
    const char *data;
    double lr, seeds, epochs, images, states; /* states: 0 for all */
};

/* A network on levels, and one without a device that lends it its gradients. */
struct subject {
    memqc_mlp *mlp, *probe;
    size_t states;
    float w[LAYERS][MOST_WEIGHTS], nominal[LAYERS][MOST_WEIGHTS], bias[LAYERS][HIDDEN];
};

/* Sums over the minibatches that were tried. */
struct tally {
    double reach;        /* the longest step, in halves of the way from level to level */
    double moved, still; /* weights that go to another level; minibatches in which none does */
};

static void must(memqc_status status) {
    if (status != MEMQC_OK) {
        fprintf(stderr, "moves: %s: %s\n", memqc_status_name(status), memqc_last_error());
        exit(EXIT_FAILURE);
    }
}

static size_t weights_of(size_t layer) {
    return sizes[layer] * sizes[layer + 1];
}

static memqc_mlp *make_network(const memqc_device *device, double lr, uint64_t seed) {
    memqc_mlp *mlp = NULL;
    must(memqc_mlp_create(sizes, LAYERS + 1, device, 0, &mlp));
    must(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, lr));
    must(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, BATCH));
    must(memqc_mlp_set_seed(mlp, seed));
    must(memqc_mlp_init(mlp));
    return mlp;
}

static void create_subject(struct subject *s, size_t states, double lr, uint64_t seed) {
    memqc_device *device = NULL;
    must(memqc_device_create_preset("hfox-a", &device));
    must(memqc_device_set(device, MEMQC_DEVICE_STATES, (double)states));
    s->states = states;
    s->mlp = make_network(device, lr, seed);
    s->probe = make_network(NULL, lr, seed);
    memqc_device_destroy(&device);
}

static void read_weights(struct subject *s) {
    for (size_t l = 0; l < LAYERS; l++) {
        const memqc_crossbar *xb = NULL;
        must(memqc_mlp_borrow_crossbar(s->mlp, l, &xb));
        must(memqc_mlp_get_weights(s->mlp, l, s->w[l], sizes[l + 1], s->bias[l]));
        must(memqc_crossbar_get_nominal_weights(xb, s->nominal[l], sizes[l + 1]));
    }
}

/* One minibatch's steps, which gradient descent takes from the weights as they are and the rule
 * rounds from their levels. */
static void try_minibatch(struct subject *s, const struct data_set *data, size_t first,
                          struct tally *tally) {
    static float after[MOST_WEIGHTS];
    const double half = 1.0 / (double)(s->states - 1); /* of the levels between -1 and 1 */
    double reach = 0, moved = 0;
    for (size_t l = 0; l < LAYERS; l++)
        must(memqc_mlp_set_weights(s->probe, l, s->w[l], sizes[l + 1], s->bias[l]));
    must(memqc_mlp_train_epoch(s->probe, BATCH, data->x + first * INPUTS, INPUTS,
                               data->labels + first));
    for (size_t l = 0; l < LAYERS; l++) {
        must(memqc_mlp_get_weights(s->probe, l, after, sizes[l + 1], NULL));
        for (size_t i = 0; i < weights_of(l); i++) {
            const double step = (double)after[i] - (double)s->w[l][i];
            const int inside = fabs((double)s->nominal[l][i] + copysign(half, step)) < 1;
            reach = fmax(reach, fabs(step) / half);
            moved += fabs(step) > half && inside;
        }
    }
    tally->reach += reach;
    tally->moved += moved;
    tally->still += moved == 0;
}

/* Percentage of weights at the lowest or the highest level. */
static double at_ends(const struct subject *s) {
    double n = 0, ends = 0;
    for (size_t l = 0; l < LAYERS; l++)
        for (size_t i = 0; i < weights_of(l); i++, n++)
            ends += fabs((double)s->nominal[l][i]) > 1 - 0.5 / (double)(s->states - 1);
    return 100 * ends / n;
}

/* A layer of logistic units. Returns how many are within a hundredth of 0 or 1, where their slope
 * is below 0.0099. */
static double units(const struct subject *s, size_t l, const float *in, float *out) {
    double saturated = 0;
    for (size_t j = 0; j < sizes[l + 1]; j++) {
        double a = (double)s->bias[l][j];
        for (size_t i = 0; i < sizes[l]; i++)
            a += (double)s->w[l][i * sizes[l + 1] + j] * (double)in[i];
        out[j] = (float)(1 / (1 + exp(-a)));
        saturated += fabs((double)out[j] - 0.5) > 0.49;
    }
    return saturated;
}

/* Percentage of hidden units, over images. */
static double saturated(const struct subject *s, const struct data_set *data) {
    const size_t n = data->n < LOOKED_AT ? data->n : LOOKED_AT;
    float in[INPUTS], first[HIDDEN], second[HIDDEN];
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < INPUTS; i++)
            in[i] = data->x[k * INPUTS + i] > 0.5F ? 1.0F : 0.0F; /* inputs of one bit */
        sum += units(s, 0, in, first);
        sum += units(s, 1, first, second);
    }
    return 100 * sum / ((double)n * 2 * HIDDEN);
}

static void report(struct subject *s, const struct options *o, const struct data *data,
                   uint64_t seed, size_t epoch) {
    uint64_t confusion[DATA_CLASSES * DATA_CLASSES];
    struct tally tally = {0, 0, 0};
    double accuracy = 0, all = 0;
    size_t classes = 0;
    read_weights(s);
    for (size_t l = 0; l < LAYERS; l++)
        all += (double)weights_of(l);
    for (size_t k = 0; k < PROBES; k++)
        try_minibatch(s, &data->train, k * BATCH % ((size_t)o->images - BATCH + 1), &tally);
    must(memqc_mlp_evaluate(s->mlp, data->test.n, data->test.x, INPUTS, data->test.labels, NULL,
                            &accuracy, confusion));
    for (size_t j = 0; j < DATA_CLASSES; j++) {
        uint64_t predicted = 0;
        for (size_t i = 0; i < DATA_CLASSES; i++)
            predicted += confusion[i * DATA_CLASSES + j];
        classes += predicted >= data->test.n / 100;
    }
    printf("%zu,%d,%zu,%.2f,%zu,%.4f,%.4f,", s->states, (int)seed, epoch, 100 * accuracy, classes,
           tally.reach / PROBES, 100 * tally.moved / PROBES / all);
    printf("%.2f,%.2f,%.2f\n", 100 * tally.still / PROBES, at_ends(s), saturated(s, &data->test));
    fflush(stdout);
}

static void run(struct subject *s, const struct options *o, const struct data *data,
                uint64_t seed) {
    report(s, o, data, seed, 0);
    for (size_t epoch = 1; epoch <= (size_t)o->epochs; epoch++) {
        must(memqc_mlp_train_epoch(s->mlp, (size_t)o->images, data->train.x, INPUTS,
                                   data->train.labels));
        report(s, o, data, seed, epoch);
    }
    memqc_mlp_destroy(&s->mlp);
    memqc_mlp_destroy(&s->probe);
}

static int parse(struct options *o, int argc, char *argv[]) {
    const struct {
        const char *name;
        double *value, min, max;
    } known[] = {{"--lr", &o->lr, 1e-6, 1e6},
                 {"--seeds", &o->seeds, 1, 100},
                 {"--epochs", &o->epochs, 1, 1000},
                 {"--images", &o->images, BATCH, 1e9},
                 {"--states", &o->states, 2, 4096}};
    for (int i = 1; i + 1 < argc; i += 2) {
        size_t k = 0;
        char *end = NULL;
        if (strcmp(argv[i], "--data") == 0) {
            o->data = argv[i + 1];
            continue;
        }
        while (k < sizeof known / sizeof *known && strcmp(argv[i], known[k].name) != 0)
            k++;
        if (k == sizeof known / sizeof *known)
            return -1;
        *known[k].value = strtod(argv[i + 1], &end);
        if (*end || !(*known[k].value >= known[k].min && *known[k].value <= known[k].max))
            return -1;
    }
    return argc % 2 ? 0 : -1;
}

int main(int argc, char *argv[]) {
    size_t states[] = {4, 16, 32, 64}, n_states = sizeof states / sizeof *states;
    static struct subject subject;
    struct options o = {NULL, 10, 3, 10, 60000, 0};
    struct data data;
    char error[1000];
    const int help = argc == 2 && strcmp(argv[1], "--help") == 0;
    if (help || parse(&o, argc, argv) != 0) {
        printf("usage: moves [--lr RATE] [--states N] [--seeds N] [--epochs N] [--images N] "
               "[--data DIR]\n");
        return output_end("moves", help ? 0 : 2);
    }
    if (data_load(&data, o.data, 60000, 10000, 1, error, sizeof error) != 0) {
        fprintf(stderr, "moves: %s\n", error);
        return EXIT_FAILURE;
    }
    if (data.train.rows * data.train.cols != INPUTS || data.train.n < BATCH) {
        fprintf(stderr, "moves: images of %zu x %zu, %zu of them; wanted are 28 x 28, 10 or more\n",
                data.train.rows, data.train.cols, data.train.n);
        return EXIT_FAILURE;
    }
    o.images = fmin(o.images, (double)data.train.n);
    printf("data: %s\nstates,seed,epoch,accuracy,classes,reach,kept,still,ends,saturated\n",
           data.source);
    if (o.states > 0) {
        states[0] = (size_t)o.states;
        n_states = 1;
    }
    for (size_t i = 0; i < n_states; i++)
        for (uint64_t seed = 1; seed <= (uint64_t)o.seeds; seed++) {
            create_subject(&subject, states[i], o.lr, seed);
            run(&subject, &o, &data, seed);
        }
    data_free(&data);
    return output_end("moves", EXIT_SUCCESS);
}
