/* SPDX-License-Identifier: BSD-3-Clause */
/* The arrays of a network are arrays like all others: their parameters are those of a crossbar, and
 * all that the network computes goes through them. */
#include "instances.h"

#include "rng/rng.h"

/* Six-bit ADCs, tiles of 128 x 128, wires of 1 ohm, and read noise. */
static const struct setting real[] = {{MEMQC_CROSSBAR_ADC_BITS, 6},
                                      {MEMQC_CROSSBAR_TILE_ROWS, 128},
                                      {MEMQC_CROSSBAR_TILE_COLS, 128},
                                      {MEMQC_CROSSBAR_WORD_RESISTANCE, 1},
                                      {MEMQC_CROSSBAR_BIT_RESISTANCE, 1}};

enum { IN = 150, HIDDEN = 12, OUT = 4, N = 9 };
static const size_t wide[] = {IN, HIDDEN, OUT};
static float x[N * IN];
static int32_t labels[N];

static memqc_mlp *make_real(uint64_t seed) {
    static const struct setting noise = {MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.02};
    memqc_device *device = make_device("hfox-a", &noise, 1);
    memqc_mlp *mlp = NULL;
    fill(COUNT(x), x, 0, 1);
    for (size_t i = 0; i < N; i++)
        labels[i] = (int32_t)(i % OUT);
    OK(memqc_mlp_create(wide, COUNT(wide), device, seed, &mlp));
    set_all(mlp, real, COUNT(real));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 3));
    memqc_device_destroy(&device);
    return mlp;
}

/* Copies of the layers' arrays as they are now. */
static void copy_arrays(memqc_mlp *mlp, memqc_crossbar *arrays[2]) {
    for (size_t l = 0; l < 2; l++) {
        const memqc_crossbar *xb = NULL;
        OK(memqc_mlp_borrow_crossbar(mlp, l, &xb));
        OK(memqc_crossbar_copy(xb, &arrays[l]));
    }
}

/* Logistic layers by hand, n samples at a time: products by the arrays alone. */
static void forward(memqc_mlp *mlp, memqc_crossbar *arrays[2], size_t n, const float *in,
                    float *hidden, float *out) {
    float *const to[] = {hidden, out};
    const float *from = in;
    for (size_t l = 0; l < 2; l++) {
        const size_t cols = wide[l + 1];
        float bias[HIDDEN];
        OK(memqc_mlp_get_weights(mlp, l, NULL, 0, bias));
        OK(memqc_crossbar_mac(arrays[l], n, from, wide[l], to[l], cols));
        for (size_t i = 0; i < n * cols; i++)
            to[l][i] = (float)(1 / (1 + exp(-((double)to[l][i] + (double)bias[i % cols]))));
        from = to[l];
    }
}

START_TEST(predictions_are_those_of_the_arrays) {
    memqc_mlp *mlp = make_real(5);
    memqc_crossbar *arrays[2];
    float got[N * OUT], hidden[N * HIDDEN], out[N * OUT], ideal[N * OUT];
    for (int epoch = 0; epoch < 2; epoch++) {
        double loss = 0, by_hand = 0;
        copy_arrays(mlp, arrays);
        OK(memqc_mlp_predict(mlp, N, x, IN, got, OUT, NULL));
        forward(mlp, arrays, N, x, hidden, out);
        for (size_t i = 0; i < N * OUT; i++)
            ck_assert_msg(fabs((double)got[i] - (double)out[i]) < 2e-6, "output %zu: %g, %g", i,
                          (double)got[i], (double)out[i]);
        /* The next vectors meet other noise, in the network as in the copies. */
        OK(memqc_mlp_evaluate(mlp, N, x, IN, labels, &loss, NULL, NULL));
        forward(mlp, arrays, N, x, hidden, out);
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < OUT; j++)
                by_hand += 0.5 * pow((double)out[i * OUT + j] - (j == (size_t)labels[i]), 2) / N;
        ck_assert_msg(fabs(loss - by_hand) < 1e-6, "loss %g, by hand %g", loss, by_hand);
        for (size_t l = 0; l < 2; l++)
            memqc_crossbar_destroy(&arrays[l]);
        OK(memqc_mlp_train_epoch(mlp, N, x, IN, labels));
    }
    /* The array is far from an ideal one. */
    OK(memqc_mlp_predict(mlp, N, x, IN, got, OUT, NULL));
    for (size_t i = 0; i < COUNT(real); i++)
        OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, real[i].key, 0));
    OK(memqc_mlp_predict(mlp, N, x, IN, ideal, OUT, NULL));
    ck_assert(memcmp(got, ideal, sizeof got) != 0);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* One step of training, both passes through the arrays: the biases show the gradients. */
START_TEST(training_is_that_of_the_arrays) {
    memqc_mlp *mlp = make_real(6);
    memqc_crossbar *arrays[2];
    float hidden[3 * HIDDEN], out[3 * OUT], delta[3 * OUT], back[3 * HIDDEN], before[2][HIDDEN],
        after[2][HIDDEN];
    OK(memqc_mlp_init(mlp));
    for (size_t l = 0; l < 2; l++)
        OK(memqc_mlp_get_weights(mlp, l, NULL, 0, before[l]));
    copy_arrays(mlp, arrays);
    /* Three equal samples: the order of the epoch does not matter. */
    for (size_t i = 1; i < 3; i++)
        memcpy(x + i * IN, x, IN * sizeof *x);
    labels[1] = labels[2] = labels[0];
    OK(memqc_mlp_train_epoch(mlp, 3, x, IN, labels));

    float bias[2][HIDDEN];
    memcpy(bias, before, sizeof bias);
    OK(memqc_crossbar_mac(arrays[0], 3, x, IN, hidden, HIDDEN));
    for (size_t i = 0; i < 3 * HIDDEN; i++)
        hidden[i] = (float)(1 / (1 + exp(-((double)hidden[i] + (double)bias[0][i % HIDDEN]))));
    OK(memqc_crossbar_mac(arrays[1], 3, hidden, HIDDEN, out, OUT));
    for (size_t i = 0; i < 3 * OUT; i++) {
        const double h = 1 / (1 + exp(-((double)out[i] + (double)bias[1][i % OUT])));
        delta[i] = (float)((h - (i % OUT == (size_t)labels[0])) * h * (1 - h));
    }
    OK(memqc_crossbar_mac_transposed(arrays[1], 3, delta, OUT, back, HIDDEN));
    for (size_t l = 0; l < 2; l++)
        OK(memqc_mlp_get_weights(mlp, l, NULL, 0, after[l]));
    for (size_t j = 0; j < HIDDEN; j++) {
        double sum = 0;
        for (size_t i = 0; i < 3; i++) {
            const double h = (double)hidden[i * HIDDEN + j];
            sum += (double)back[i * HIDDEN + j] * h * (1 - h);
        }
        const double expected = (double)before[0][j] - 10 * sum / 3;
        ck_assert_msg(fabs((double)after[0][j] - expected) < 1e-4, "bias %zu: %g, by hand %g", j,
                      (double)after[0][j], expected);
    }
    for (size_t l = 0; l < 2; l++)
        memqc_crossbar_destroy(&arrays[l]);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* An instance of a Monte-Carlo study is a transfer, whose array is as real. */
START_TEST(instances_have_the_same_arrays) {
    memqc_mlp *mlp = make_real(7);
    double accuracies[3], value = 0;
    OK(memqc_mlp_train_epoch(mlp, N, x, IN, labels));
    OK(set_study(mlp, 0, 3, 2, 0));
    OK(memqc_mlp_monte_carlo(mlp, NULL, N, x, IN, labels, accuracies));
    const uint64_t seed = mlp->seed;
    for (size_t i = 0; i < 3; i++) {
        memqc_mlp *onto = NULL;
        double accuracy = 0;
        mlp->seed = mqc_rng_child(seed, ((uint64_t)1 << 32) + i);
        OK(memqc_mlp_transfer(mlp, NULL, &onto));
        for (size_t k = 0; k < COUNT(real); k++) {
            OK(memqc_mlp_get_crossbar(onto, 1, real[k].key, &value));
            ck_assert(value == real[k].value);
        }
        OK(memqc_mlp_evaluate(onto, N, x, IN, labels, NULL, &accuracy, NULL));
        ck_assert_msg(accuracy == accuracies[i], "instance %zu: %g, %g", i, accuracy,
                      accuracies[i]);
        memqc_mlp_destroy(&onto);
    }
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* Parameters that nobody chose follow the device; those that were chosen stay. */
START_TEST(arrays_follow_their_device) {
    static const struct setting noise = {MEMQC_DEVICE_READ_NOISE, 3e-6};
    memqc_device *device = make_device("hfox-a", &noise, 1);
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), NULL), *copy = NULL, *loaded = NULL;
    double value = 0;
    OK(memqc_mlp_set_crossbar(mlp, 0, MEMQC_CROSSBAR_READ_NOISE, 1e-6));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING,
                              MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    for (size_t l = 0; l < 2; l++)
        OK(memqc_mlp_set_device(mlp, l, device));
    static unsigned char bytes[1 << 20];
    size_t size = 0;
    OK(memqc_mlp_save_memory(mlp, bytes, sizeof bytes, &size));
    OK(memqc_mlp_load_memory(bytes, size, &loaded));
    OK(memqc_mlp_copy(mlp, &copy));
    memqc_mlp *const all[] = {mlp, copy, loaded};
    for (size_t i = 0; i < 3; i++) {
        OK(memqc_mlp_get_crossbar(all[i], 0, MEMQC_CROSSBAR_READ_NOISE, &value));
        ck_assert(value == 1e-6);
        OK(memqc_mlp_get_crossbar(all[i], 1, MEMQC_CROSSBAR_READ_NOISE, &value));
        ck_assert(value == 3e-6);
        OK(memqc_mlp_get_crossbar(all[i], 1, MEMQC_CROSSBAR_MAPPING, &value));
        ck_assert(value == MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
        for (size_t l = 0; l < 2; l++)
            OK(memqc_mlp_set_device(all[i], l, NULL));
        OK(memqc_mlp_get_crossbar(all[i], 0, MEMQC_CROSSBAR_READ_NOISE, &value));
        ck_assert(value == 1e-6);
        OK(memqc_mlp_get_crossbar(all[i], 1, MEMQC_CROSSBAR_READ_NOISE, &value));
        ck_assert(value == 0);
    }
    memqc_device_destroy(&device);
    for (size_t i = 0; i < 3; i++) {
        memqc_mlp *one = all[i];
        memqc_mlp_destroy(&one);
    }
}
END_TEST

START_TEST(what_arrays_refuse) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), "hfox-a"),
              *digital = make(task_sizes, COUNT(task_sizes), NULL);
    double value = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "layer = 2",
          memqc_mlp_set_crossbar(mlp, 2, MEMQC_CROSSBAR_ADC_BITS, 6));
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_MLP_BATCH, a parameter of an mlp",
          memqc_mlp_set_crossbar(mlp, 0, MEMQC_MLP_BATCH, 6));
    FAILS(MEMQC_ERROR_ARGUMENT, "memqc_mlp_set_crossbar: adc_bits = 17",
          memqc_mlp_set_crossbar(mlp, 0, MEMQC_CROSSBAR_ADC_BITS, 17));
    FAILS(
        MEMQC_ERROR_ARGUMENT, "adc_range = calibrated needs a calibration",
        memqc_mlp_set_crossbar(mlp, 0, MEMQC_CROSSBAR_ADC_RANGE, MEMQC_CROSSBAR_RANGE_CALIBRATED));
    FAILS(MEMQC_ERROR_ARGUMENT, "without effect",
          memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_VERIFY_PULSES, 3));
    FAILS(MEMQC_ERROR_ARGUMENT, "without effect",
          memqc_mlp_set_crossbar(digital, MEMQC_MLP_ALL, MEMQC_CROSSBAR_W_MAX, 3));
    OK(memqc_mlp_set_crossbar(mlp, 1, MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_VERIFY_PULSES,
                              3)); /* where used */
    OK(memqc_mlp_get_crossbar(mlp, 0, MEMQC_CROSSBAR_VERIFY_PULSES, &value));
    ck_assert(value == 1000);
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_RULE,
                              MEMQC_CROSSBAR_RULE_MIXED_PRECISION));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    FAILS(
        MEMQC_ERROR_ARGUMENT, "keeps no digital weights",
        memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_SIGN));
    OK(memqc_mlp_get_crossbar(mlp, 0, MEMQC_CROSSBAR_RULE, &value));
    ck_assert(value == MEMQC_CROSSBAR_RULE_MIXED_PRECISION);
    OK(memqc_mlp_init(mlp));
    FAILS(MEMQC_ERROR_STATE, "memqc_mlp_reset",
          memqc_mlp_set_crossbar(mlp, 0, MEMQC_CROSSBAR_W_MAX, 3));
    OK(memqc_mlp_set_crossbar(mlp, 0, MEMQC_CROSSBAR_ADC_BITS, 6)); /* in the living array */
    const memqc_crossbar *xb = NULL;
    OK(memqc_mlp_borrow_crossbar(mlp, 0, &xb));
    OK(memqc_crossbar_get(xb, MEMQC_CROSSBAR_ADC_BITS, &value));
    ck_assert(value == 6);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&digital);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_array");
    TCase *group = add_group(suite, "arrays", make_task);
    tcase_add_test(group, predictions_are_those_of_the_arrays);
    tcase_add_test(group, training_is_that_of_the_arrays);
    tcase_add_test(group, instances_have_the_same_arrays);
    tcase_add_test(group, arrays_follow_their_device);
    tcase_add_test(group, what_arrays_refuse);
    return run_suite(suite);
}
