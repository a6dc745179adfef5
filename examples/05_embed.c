/* SPDX-License-Identifier: BSD-3-Clause */
/* A host with a network and a loop of its own: two layers on arrays, which it reads forward and
 * backward, and which move their weights by their rule. */
#include <memqc/memqc.h>

#include "data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { IN = 784, HIDDEN = 100, OUT = 10, BATCH = 10 };
#define TRY(call) (void)((call) == MEMQC_OK || (fputs(memqc_last_error(), stderr), exit(1), 0))

static struct layer {
    size_t in, out;
    memqc_crossbar *array;
    float bias[HIDDEN];
} layers[] = {{.in = IN, .out = HIDDEN}, {.in = HIDDEN, .out = OUT}};

static void forward(struct layer *layer, const float *x, float *y) {
    TRY(memqc_crossbar_mac(layer->array, BATCH, x, layer->in, y, layer->out));
    for (size_t i = 0; i < BATCH * layer->out; i++)
        y[i] = 1 / (1 + expf(-y[i] - layer->bias[i % layer->out]));
}

static void update(struct layer *layer, double alpha, const float *x, const float *d) {
    TRY(memqc_crossbar_update_outer(layer->array, alpha, BATCH, x, layer->in, d, layer->out));
    for (size_t i = 0; i < BATCH * layer->out; i++)
        layer->bias[i % layer->out] += (float)alpha * d[i];
}

/* Shows images, and learns from them at a rate; returns how many were told. */
static int show(const struct data_set *set, size_t n, double rate) {
    static float h[BATCH * HIDDEN], y[BATCH * OUT], back[BATCH * HIDDEN];
    int told = 0;
    for (size_t first = 0; first + BATCH <= n; first += BATCH) {
        forward(&layers[0], set->x + first * IN, h);
        forward(&layers[1], h, y);
        for (size_t i = 0; i < BATCH; i++) {
            float *out = y + i * OUT, own = out[set->labels[first + i]], better = 0;
            for (int32_t j = 0; j < OUT; j++) {
                better += out[j] > own;
                out[j] = (out[j] - (j == set->labels[first + i])) * out[j] * (1 - out[j]);
            }
            told += better == 0;
        }
        TRY(memqc_crossbar_mac_transposed(layers[1].array, BATCH, y, OUT, back, HIDDEN));
        for (size_t i = 0; i < BATCH * HIDDEN; i++)
            back[i] *= h[i] * (1 - h[i]);
        update(&layers[1], -rate / BATCH, h, y);
        update(&layers[0], -rate / BATCH, set->x + first * IN, back);
    }
    return told;
}

int main(int argc, char **argv) {
    static struct data data;
    char error[512] = "usage: 05_embed DEVICE RATE RANGE EPOCHS IMAGES [PARAMETER VALUE]...";
    static float w[IN * HIDDEN];
    static memqc_device *device;
    if (argc < 6 || data_load(&data, NULL, 6000, 1000, 1, error, sizeof error) != 0)
        return fprintf(stderr, "05_embed: %s\n", error), 1;
    TRY(memqc_device_create_preset(argv[1], &device));
    for (size_t i = 0; i < IN * HIDDEN; i++) /* initial weights, -RANGE .. RANGE */
        w[i] = (float)(atof(argv[3]) * (2.0 * rand() / RAND_MAX - 1));
    for (struct layer *layer = layers; layer < layers + 2; layer++) {
        TRY(memqc_crossbar_create(device, layer->in, layer->out, layer->in, &layer->array));
        for (int i = 6; i + 1 < argc; i += 2) {
            int32_t key = 0, choice = 0;
            TRY(memqc_crossbar_key(argv[i], &key));
            const int named = memqc_crossbar_choice(key, argv[i + 1], &choice) == MEMQC_OK;
            TRY(memqc_crossbar_set(layer->array, key, named ? choice : atof(argv[i + 1])));
        }
        TRY(memqc_crossbar_program(layer->array, w, layer->out));
    }
    for (int epoch = 0; epoch < atoi(argv[4]); epoch++)
        show(&data.train, (size_t)atoi(argv[5]), atof(argv[2]));
    printf("%d of %zu\n", show(&data.test, data.test.n, 0), data.test.n);
    if (fflush(stdout) != 0)
        return perror("05_embed: standard output cannot be written"), 1;
}
