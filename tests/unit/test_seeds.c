/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays and networks that differ by their seed only have different spread and noise; equal seeds
 * give equal ones; and the noise of a read can be replayed. */
#include "test.h"

#include <math.h>

enum { SIDE = 12, CELLS = SIDE * SIDE, VECTORS = 5 };

/* A device whose cells differ, and whose programming and reading are noisy. */
static memqc_device *noisy(void) {
    memqc_device *made = NULL;
    OK(memqc_device_create_preset("hfox-a", &made));
    OK(memqc_device_set(made, MEMQC_DEVICE_D2D_G_MAX, 0.1));
    OK(memqc_device_set(made, MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.05));
    return made;
}

struct outcome {
    float g[CELLS], y[VECTORS * SIDE];
};

static memqc_crossbar *make_array(const memqc_device *d, uint64_t seed) {
    memqc_crossbar *xb = NULL;
    float w[CELLS];
    for (size_t i = 0; i < CELLS; i++)
        w[i] = (float)(i % 9) / 4 - 1;
    OK(memqc_crossbar_create(d, SIDE, SIDE, seed, &xb));
    OK(memqc_crossbar_program(xb, w, SIDE));
    return xb;
}

static void read_array(memqc_crossbar *xb, float *y) {
    float x[VECTORS * SIDE];
    for (size_t i = 0; i < COUNT(x); i++)
        x[i] = (float)(i % 7) / 7;
    OK(memqc_crossbar_mac(xb, VECTORS, x, SIDE, y, SIDE));
}

static struct outcome of_seed(const memqc_device *d, uint64_t seed) {
    struct outcome out;
    memqc_crossbar *xb = make_array(d, seed);
    uint64_t got = 0;
    OK(memqc_crossbar_get_seed(xb, &got));
    ck_assert_uint_eq(got, seed);
    OK(memqc_crossbar_get_conductances(xb, 0, out.g, SIDE));
    read_array(xb, out.y);
    memqc_crossbar_destroy(&xb);
    return out;
}

/* How many of n numbers differ. */
static size_t differing(size_t n, const float *a, const float *b) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += a[i] != b[i];
    return count;
}

START_TEST(arrays_differ_by_their_seed) {
    memqc_device *d = noisy();
    const struct outcome one = of_seed(d, 1), same = of_seed(d, 1), two = of_seed(d, 2);
    ck_assert_uint_eq(differing(CELLS, one.g, same.g), 0);
    ck_assert_uint_eq(differing(VECTORS * SIDE, one.y, same.y), 0);
    ck_assert_uint_gt(differing(CELLS, one.g, two.g), CELLS * 9 / 10);
    ck_assert_uint_gt(differing(VECTORS * SIDE, one.y, two.y), VECTORS * SIDE * 9 / 10);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(noise_of_reads_can_be_replayed) {
    memqc_device *d = noisy();
    memqc_crossbar *xb = make_array(d, 5);
    float first[VECTORS * SIDE], next[VECTORS * SIDE], again[VECTORS * SIDE];
    uint64_t vector = 0;
    OK(memqc_crossbar_get_vector(xb, &vector));
    read_array(xb, first);
    read_array(xb, next);
    ck_assert_uint_gt(differing(COUNT(first), first, next), VECTORS * SIDE / 2);
    OK(memqc_crossbar_rewind(xb, vector));
    read_array(xb, again);
    ck_assert_uint_eq(differing(COUNT(first), first, again), 0);
    read_array(xb, again);
    ck_assert_uint_eq(differing(COUNT(next), next, again), 0);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
}
END_TEST

/* The conductances of the first layer of a new network. */
static void network_of_seed(const memqc_device *d, uint64_t seed, float *g, float *w) {
    const size_t shape[] = {SIDE, SIDE, 3};
    memqc_mlp *mlp = NULL;
    const memqc_crossbar *xb = NULL;
    uint64_t got = 0;
    OK(memqc_mlp_create(shape, COUNT(shape), d, seed, &mlp));
    OK(memqc_mlp_get_seed(mlp, &got));
    ck_assert_uint_eq(got, seed);
    OK(memqc_mlp_init(mlp));
    OK(memqc_mlp_borrow_crossbar(mlp, 0, &xb));
    OK(memqc_crossbar_get_conductances(xb, 0, g, SIDE));
    OK(memqc_mlp_get_weights(mlp, 0, w, SIDE, NULL));
    memqc_mlp_destroy(&mlp);
}

START_TEST(networks_differ_by_their_seed) {
    memqc_device *d = noisy();
    float g[3][CELLS], w[3][CELLS];
    network_of_seed(d, 1, g[0], w[0]);
    network_of_seed(d, 1, g[1], w[1]);
    network_of_seed(d, 2, g[2], w[2]);
    ck_assert_uint_eq(differing(CELLS, g[0], g[1]), 0);
    ck_assert_uint_eq(differing(CELLS, w[0], w[1]), 0);
    ck_assert_uint_gt(differing(CELLS, g[0], g[2]), CELLS * 9 / 10);
    ck_assert_uint_gt(differing(CELLS, w[0], w[2]), CELLS * 9 / 10);
    memqc_device_destroy(&d);
}
END_TEST

/* The layers of one network have spread and noise of their own. */
START_TEST(layers_differ) {
    const size_t shape[] = {SIDE, SIDE, SIDE};
    memqc_device *d = noisy();
    memqc_mlp *mlp = NULL;
    float w[CELLS], b[SIDE] = {0}, g[2][CELLS];
    for (size_t i = 0; i < CELLS; i++)
        w[i] = (float)(i % 9) / 8 - 0.5f;
    OK(memqc_mlp_create(shape, COUNT(shape), d, 3, &mlp));
    for (size_t l = 0; l < 2; l++) {
        const memqc_crossbar *xb = NULL;
        OK(memqc_mlp_set_weights(mlp, l, w, SIDE, b));
        OK(memqc_mlp_borrow_crossbar(mlp, l, &xb));
        OK(memqc_crossbar_get_conductances(xb, 0, g[l], SIDE));
    }
    ck_assert_uint_gt(differing(CELLS, g[0], g[1]), CELLS * 9 / 10);
    memqc_mlp_destroy(&mlp);
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("seeds", arrays_differ_by_their_seed, noise_of_reads_can_be_replayed,
          networks_differ_by_their_seed, layers_differ)
