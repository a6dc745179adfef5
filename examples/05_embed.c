/* SPDX-License-Identifier: BSD-3-Clause */
/* A host with its own network and its own loop trains two layers on arrays, by a rule of theirs:
 * it reads them forward and backward and hands them its gradients. memqc_mlp does the same beside
 * it. usage: 05_embed RULE DEVICE RATE RANGE EPOCHS IMAGES [DIR with MNIST] */
#include <memqc/memqc.h>

#include "data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { IN = 784, HIDDEN = 100, OUT = 10, BATCH = 10 };
#define TRY(call) \
    if ((call) != MEMQC_OK) exit((fprintf(stderr, "05_embed: %s\n", memqc_last_error()), 1))

static struct layer {
    memqc_crossbar *array;
    size_t in, out;
    float bias[HIDDEN];
} lower = {.in = IN, .out = HIDDEN}, upper = {.in = HIDDEN, .out = OUT};

static void make(struct layer *layer, const memqc_device *device, int32_t rule, double range) {
    static float w[IN * HIDDEN];
    for (size_t i = 0; i < layer->in * layer->out; i++)
        w[i] = (float)(range * (2.0 * rand() / RAND_MAX - 1));
    TRY(memqc_crossbar_create(device, layer->in, layer->out, layer->in, &layer->array));
    TRY(memqc_crossbar_set(layer->array, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    TRY(memqc_crossbar_set(layer->array, MEMQC_CROSSBAR_RULE, rule));
    TRY(memqc_crossbar_program(layer->array, w, layer->out));
}

static void forward(struct layer *layer, const float *x, float *y) {
    TRY(memqc_crossbar_mac(layer->array, BATCH, x, layer->in, y, layer->out));
    for (size_t i = 0; i < BATCH * layer->out; i++)
        y[i] = 1 / (1 + expf(-y[i] - layer->bias[i % layer->out]));
}

/* w -= rate x^T d / BATCH; the upper layer multiplies for itself where its rule allows that. */
static void update(struct layer *layer, double rate, const float *x, const float *d, int dense) {
    static float dw[HIDDEN * OUT];
    for (size_t i = 0; dense && i < layer->in * layer->out; i++) {
        dw[i] = 0;
        for (size_t b = 0; b < BATCH; b++)
            dw[i] += x[b * layer->in + i / layer->out] * d[b * layer->out + i % layer->out];
    }
    TRY(dense ? memqc_crossbar_update(layer->array, -rate / BATCH, dw, layer->out)
              : memqc_crossbar_update_outer(layer->array, -rate / BATCH, BATCH, x, layer->in, d,
                                            layer->out));
    for (size_t i = 0; i < BATCH * layer->out; i++)
        layer->bias[i % layer->out] -= (float)(rate / BATCH) * d[i];
}

/* BATCH pictures, black and white, through both layers. */
static void look(const struct data_set *set, size_t first, float *x, float *h, float *y) {
    for (size_t i = 0; i < BATCH * IN; i++)
        x[i] = set->x[(first * 7919 + i / IN * 7919) % set->n * IN + i % IN] >= 0.5F;
    forward(&lower, x, h);
    forward(&upper, h, y);
}

/* Trains on the set, or counts what it knows of it; returns how many pictures were told. */
static size_t run(const struct data_set *set, double rate, int dense) {
    static float x[BATCH * IN], h[BATCH * HIDDEN], y[BATCH * OUT], back[BATCH * HIDDEN];
    size_t right = 0;
    for (size_t first = 0; first + BATCH <= set->n; first += BATCH) {
        look(set, first, x, h, y);
        for (size_t b = 0; b < BATCH; b++) {
            const size_t label = (size_t)set->labels[(first + b) * 7919 % set->n];
            int best = 1;
            for (size_t j = 0; j < OUT; j++) {
                best &= y[b * OUT + j] <= y[b * OUT + label];
                y[b * OUT + j] = (y[b * OUT + j] - (j == label)) * y[b * OUT + j] * (1 - y[b * OUT + j]);
            }
        }
    }
}
