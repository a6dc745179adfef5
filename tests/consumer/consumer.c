/* SPDX-License-Identifier: BSD-3-Clause */
/* A program of somebody else's, built against the installed library by check_consumer.sh: a device,
 * a crossbar and its MAC checked against a plain loop, a network that learns XOR, and the text of
 * an error. Its argument is the version that pkg-config reported. */
#include <memqc/memqc.h>

#include <stdio.h>
#include <string.h>

enum { ROWS = 5, COLS = 3, BATCH = 4, SAMPLES = 4, INPUTS = 2, CLASSES = 2, EPOCHS = 2000 };

#define CHECK(condition)                                                                       \
    do {                                                                                       \
        if (!(condition)) {                                                                    \
            fprintf(stderr, "%s:%d: not true: %s\n  memqc says: \"%s\"\n", __FILE__, __LINE__, \
                    #condition, memqc_last_error());                                           \
            return 1;                                                                          \
        }                                                                                      \
    } while (0)

static double magnitude(double value) {
    return value < 0 ? -value : value;
}

static int check_version(const char *reported) {
    const uint32_t version =
        MEMQC_VERSION_MAJOR * 1000000u + MEMQC_VERSION_MINOR * 1000u + MEMQC_VERSION_PATCH;
    CHECK(memqc_version() == version);
    CHECK(strcmp(memqc_version_string(), reported) == 0);
    return 0;
}

static int check_mac(const memqc_device *device) {
    memqc_crossbar *crossbar = NULL;
    float w[ROWS * COLS], held[ROWS * COLS], x[BATCH * ROWS], y[BATCH * COLS];
    for (int i = 0; i < ROWS * COLS; i++)
        w[i] = (float)(i % 7 - 3) / 3.0f;
    for (int i = 0; i < BATCH * ROWS; i++)
        x[i] = (float)(i % 5) / 4.0f;

    CHECK(memqc_crossbar_create(device, ROWS, COLS, 0, &crossbar) == MEMQC_OK);
    CHECK(memqc_crossbar_set_seed(crossbar, 7) == MEMQC_OK);
    CHECK(memqc_crossbar_program(crossbar, w, COLS) == MEMQC_OK);
    CHECK(memqc_crossbar_get_weights(crossbar, held, COLS) == MEMQC_OK);
    CHECK(memqc_crossbar_mac(crossbar, BATCH, x, ROWS, y, COLS) == MEMQC_OK);
    for (int b = 0; b < BATCH; b++) {
        for (int c = 0; c < COLS; c++) {
            double sum = 0, size = 0;
            for (int r = 0; r < ROWS; r++) {
                sum += (double)x[b * ROWS + r] * (double)held[r * COLS + c];
                size += magnitude((double)x[b * ROWS + r]);
            }
            CHECK(magnitude((double)y[b * COLS + c] - sum) <= 1e-5 * (1 + size));
        }
    }
    int noisy = 0;
    for (int i = 0; i < ROWS * COLS; i++)
        noisy += held[i] != w[i];
    CHECK(noisy > 0);
    memqc_crossbar_destroy(&crossbar);
    CHECK(crossbar == NULL);
    return 0;
}

static int32_t count_calls(void *user, const double *at, size_t n) {
    (void)at, (void)n;
    ++*(int *)user;
    return 0;
}

static int check_training(const memqc_device *device) {
    static const size_t sizes[] = {INPUTS, 8, CLASSES};
    static const float x[SAMPLES * INPUTS] = {0, 0, 0, 1, 1, 0, 1, 1};
    static const int32_t labels[SAMPLES] = {0, 1, 1, 0};
    memqc_mlp *mlp = NULL;
    double before = 0, after = 0, accuracy = 0;
    int32_t classes[SAMPLES];
    int calls = 0;

    /* Digital weights learn XOR ... */
    CHECK(memqc_mlp_create(sizes, 3, NULL, 0, &mlp) == MEMQC_OK);
    CHECK(memqc_mlp_set(mlp, MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH) == MEMQC_OK);
    CHECK(memqc_mlp_set(mlp, MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY) == MEMQC_OK);
    CHECK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 0.5) == MEMQC_OK);
    CHECK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, SAMPLES) == MEMQC_OK);
    CHECK(memqc_mlp_set_seed(mlp, 1) == MEMQC_OK);
    CHECK(memqc_mlp_evaluate(mlp, SAMPLES, x, INPUTS, labels, &before, NULL, NULL) == MEMQC_OK);
    CHECK(memqc_mlp_set_progress(mlp, count_calls, &calls) == MEMQC_OK);
    CHECK(memqc_mlp_set_progress(mlp, count_calls, &calls) == MEMQC_OK);
    for (int epoch = 0; epoch < EPOCHS; epoch++)
        CHECK(memqc_mlp_train_epoch(mlp, SAMPLES, x, INPUTS, labels) == MEMQC_OK);
    CHECK(memqc_mlp_evaluate(mlp, SAMPLES, x, INPUTS, labels, &after, &accuracy, NULL) == MEMQC_OK);
    CHECK(calls == EPOCHS);
    CHECK(after < 0.1 * before);
    CHECK(accuracy == 1.0);
    CHECK(memqc_mlp_predict(mlp, SAMPLES, x, INPUTS, NULL, 0, classes) == MEMQC_OK);
    CHECK(memcmp(classes, labels, sizeof labels) == 0);
    memqc_mlp_destroy(&mlp);

    /* ... and weights on noisy devices train at least without a failure. */
    CHECK(memqc_mlp_create(sizes, 3, device, 0, &mlp) == MEMQC_OK);
    for (int epoch = 0; epoch < 5; epoch++)
        CHECK(memqc_mlp_train_epoch(mlp, SAMPLES, x, INPUTS, labels) == MEMQC_OK);
    uint32_t epochs = 0;
    CHECK(memqc_mlp_get_epochs(mlp, &epochs) == MEMQC_OK && epochs == 5);
    memqc_mlp_destroy(&mlp);
    return 0;
}

static int check_error(memqc_device *device) {
    memqc_device *none = device;
    CHECK(memqc_device_set(device, MEMQC_DEVICE_STATES, 1) == MEMQC_ERROR_ARGUMENT);
    CHECK(strstr(memqc_last_error(), "states") != NULL);
    CHECK(strstr(memqc_last_error(), "4096") != NULL);
    CHECK(memqc_device_create_preset("no-such-device", &none) == MEMQC_ERROR_ARGUMENT);
    CHECK(none == NULL);
    CHECK(strstr(memqc_last_error(), "hfox-a") != NULL);
    CHECK(strcmp(memqc_status_name(MEMQC_ERROR_ARGUMENT), "MEMQC_ERROR_ARGUMENT") == 0);
    return 0;
}

int main(int argc, char **argv) {
    memqc_device *device = NULL;
    if (argc != 2 || check_version(argv[1]))
        return 1;
    CHECK(memqc_device_create_preset("hfox-a", &device) == MEMQC_OK);
    const int failed = check_mac(device) || check_training(device) || check_error(device);
    memqc_device_destroy(&device);
    return failed;
}
