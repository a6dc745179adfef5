/* SPDX-License-Identifier: BSD-3-Clause */
/* A host with a loop of its own, on copies of a network's arrays, reaches what the network reaches:
 * the same bits. Hidden and output units are rectified, because sums, products and comparisons have
 * no last bits to differ in. */
#include "test.h"

#include <stdio.h>

enum { IN = 9, HIDDEN = 8, OUT = 3, LAYERS = 2, SAMPLES = 60 };
static const size_t sizes[] = {IN, HIDDEN, OUT};
static const double rate = 0.125;

static const struct {
    int32_t rule;
    const char *preset;
    int32_t mapping;
} kinds[] = {
    {MEMQC_CROSSBAR_RULE_NEAREST_LEVEL, "hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE},
    {MEMQC_CROSSBAR_RULE_SIGN, "hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
    {MEMQC_CROSSBAR_RULE_MIXED_PRECISION, "hfox-b", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
    {MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL, "hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
    {MEMQC_CROSSBAR_RULE_PULSE_TRAIN, "rpu", MEMQC_CROSSBAR_MAPPING_SINGLE},
    {MEMQC_CROSSBAR_RULE_TIKI_TAKA, "soft-bounds", MEMQC_CROSSBAR_MAPPING_SINGLE},
    {MEMQC_CROSSBAR_RULE_TIKI_TAKA_2, "soft-bounds", MEMQC_CROSSBAR_MAPPING_SINGLE},
};

struct host {
    memqc_crossbar *array[LAYERS];
    float bias[LAYERS][HIDDEN];
};

static memqc_mlp *network(int i) {
    memqc_device *device = NULL;
    memqc_mlp *mlp = NULL;
    OK(memqc_device_create_preset(kinds[i].preset, &device));
    OK(memqc_mlp_create(sizes, COUNT(sizes), device, 12, &mlp));
    memqc_device_destroy(&device);
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING, kinds[i].mapping));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_RULE, kinds[i].rule));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_ACTIVATION, MEMQC_MLP_RELU));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, rate));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 1));
    if (kinds[i].rule >= MEMQC_CROSSBAR_RULE_TIKI_TAKA)
        OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_TIKI_TAKA_PAIRS, 50));
    OK(memqc_mlp_init(mlp));
    return mlp;
}

static void host_of(memqc_mlp *mlp, struct host *host) {
    memset(host, 0, sizeof *host);
    for (size_t l = 0; l < LAYERS; l++) {
        const memqc_crossbar *array = NULL;
        OK(memqc_mlp_borrow_crossbar(mlp, l, &array));
        OK(memqc_crossbar_copy(array, &host->array[l]));
    }
}

static void forward(struct host *host, size_t l, const float *x, float *y) {
    OK(memqc_crossbar_mac(host->array[l], 1, x, sizes[l], y, sizes[l + 1]));
    for (size_t j = 0; j < sizes[l + 1]; j++) {
        y[j] += host->bias[l][j];
        y[j] = y[j] > 0 ? y[j] : 0;
    }
}

static void update(struct host *host, size_t l, const float *x, const float *d) {
    OK(memqc_crossbar_update_outer(host->array[l], -rate, 1, x, sizes[l], d, sizes[l + 1]));
    for (size_t j = 0; j < sizes[l + 1]; j++)
        host->bias[l][j] -= (float)rate * d[j];
}

static void learn(struct host *host, const float *x, int32_t label) {
    float h[HIDDEN], y[OUT], back[HIDDEN];
    forward(host, 0, x, h);
    forward(host, 1, h, y);
    for (int32_t j = 0; j < OUT; j++)
        y[j] = y[j] > 0 ? y[j] - (j == label ? 1.0f : 0.0f) : 0;
    OK(memqc_crossbar_mac_transposed(host->array[1], 1, y, OUT, back, HIDDEN));
    for (size_t j = 0; j < HIDDEN; j++)
        back[j] = h[j] > 0 ? back[j] : 0;
    update(host, 1, h, y);
    update(host, 0, x, back);
}

static void compare(memqc_mlp *mlp, const struct host *host, int sample) {
    float ours[IN * HIDDEN], theirs[IN * HIDDEN], bias[HIDDEN];
    for (size_t l = 0; l < LAYERS; l++) {
        const size_t n = sizes[l] * sizes[l + 1];
        OK(memqc_crossbar_get_weights(host->array[l], ours, sizes[l + 1]));
        OK(memqc_mlp_get_weights(mlp, l, theirs, sizes[l + 1], bias));
        ck_assert_msg(memcmp(ours, theirs, n * sizeof *ours) == 0, "sample %d: weights of layer %d",
                      sample, (int)l);
        ck_assert_msg(memcmp(host->bias[l], bias, sizes[l + 1] * sizeof *bias) == 0,
                      "sample %d: biases of layer %d", sample, (int)l);
    }
}

START_TEST(a_host_reaches_what_the_network_reaches) {
    float x[IN], first[IN * HIDDEN], last[IN * HIDDEN];
    struct host host;
    memqc_mlp *mlp = network(_i);
    host_of(mlp, &host);
    OK(memqc_crossbar_get_weights(host.array[0], first, HIDDEN));
    for (int sample = 0; sample < SAMPLES; sample++) {
        const int32_t label = sample % OUT;
        for (int j = 0; j < IN; j++)
            x[j] = (float)((sample * 7 + j * 5 + j * sample) % 16) / 16 + (j % OUT == label);
        learn(&host, x, label);
        OK(memqc_mlp_train_epoch(mlp, 1, x, IN, &label));
        compare(mlp, &host, sample);
    }
    OK(memqc_crossbar_get_weights(host.array[0], last, HIDDEN));
    ck_assert_msg(memcmp(first, last, sizeof last) != 0, "nothing has moved");
    memqc_crossbar_destroy(&host.array[0]);
    memqc_crossbar_destroy(&host.array[1]);
    memqc_mlp_destroy(&mlp);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("update_loop");
    tcase_add_loop_test(add_group(suite, "loop", NULL), a_host_reaches_what_the_network_reaches, 0,
                        COUNT(kinds));
    return run_suite(suite);
}
