/* SPDX-License-Identifier: BSD-3-Clause */
/* What a call leaves can be saved and loaded: training that cannot go on says DIVERGED, and leaves
 * the network as it was, to the last byte. */
#include "../unit/mlp.h"

#include <math.h>

struct bytes {
    unsigned char *data;
    size_t size;
};

static struct bytes save(const memqc_mlp *mlp) {
    struct bytes saved = {NULL, 0};
    SAVE(mlp, mlp, saved.data, saved.size);
    return saved;
}

/* A network that can be loaded, and is saved as it was. */
static void loads(const memqc_mlp *mlp) {
    memqc_mlp *again = NULL;
    struct bytes first = save(mlp);
    OK(memqc_mlp_load_memory(first.data, first.size, &again));
    struct bytes second = save(again);
    ck_assert_uint_eq(first.size, second.size);
    ck_assert_mem_eq(first.data, second.data, first.size);
    free(first.data);
    free(second.data);
    memqc_mlp_destroy(&again);
}

/* Inputs of any magnitude that single precision has. */
static void scale_inputs(double factor, float *x) {
    for (size_t i = 0; i < TASK_SAMPLES * TASK_INPUTS; i++)
        x[i] = (float)((double)task_x[i] * factor);
}

/* Trains on inputs of all magnitudes; returns how many trainings diverged. */
static size_t train_on_all(memqc_mlp *(*make_net)(int kind), int kind) {
    static const double factors[] = {1e3,  1e6,  1e10, 3e10, 1e13, 1e17, 1e18,
                                     3e18, 1e19, 1e20, 1e22, 1e25, 1e30, 1e38};
    static float x[TASK_SAMPLES * TASK_INPUTS];
    size_t diverged = 0;
    for (size_t i = 0; i < COUNT(factors); i++) {
        memqc_mlp *mlp = make_net(kind);
        scale_inputs(factors[i], x);
        OK(memqc_mlp_init(mlp));
        for (int call = 0; call < 2; call++) {
            struct bytes before = save(mlp);
            const memqc_status status =
                call ? memqc_mlp_fit(mlp, 40, x, TASK_INPUTS, task_labels, 2)
                     : memqc_mlp_train_epoch(mlp, 20, x, TASK_INPUTS, task_labels);
            ck_assert_msg(status == MEMQC_OK || status == MEMQC_ERROR_DIVERGED, "%g: %s",
                          factors[i], memqc_last_error());
            if (status == MEMQC_ERROR_DIVERGED) {
                struct bytes after = save(mlp);
                ck_assert_uint_eq(before.size, after.size);
                ck_assert_mem_eq(before.data, after.data, before.size);
                free(after.data);
                diverged++;
            }
            free(before.data);
            loads(mlp);
        }
        memqc_mlp_destroy(&mlp);
    }
    return diverged;
}

/* Rectified units see how large the inputs are. */
static memqc_mlp *float_net(int optimizer) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), NULL);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_ACTIVATION, MEMQC_MLP_RELU));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, optimizer));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 1e-3));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 7));
    return mlp;
}

START_TEST(every_optimizer) {
    make_task();
    for (int optimizer = MEMQC_MLP_SGD; optimizer <= MEMQC_MLP_ADAM; optimizer++) {
        const size_t diverged = train_on_all(float_net, optimizer);
        ck_assert_uint_ge(diverged, 2);
    }
}
END_TEST

static memqc_mlp *rule_net(int kind) {
    memqc_mlp *mlp = make_rule_net(&rule_kinds[kind], 3);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_VALIDATION, 0.2));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_RESTORE_BEST, 1));
    return mlp;
}

START_TEST(every_rule) {
    make_task();
    for (int kind = 0; kind < RULE_KINDS; kind++)
        (void)train_on_all(rule_net, kind);
}
END_TEST

/* A checkpoint within an epoch is not written by a training that has diverged. */
START_TEST(no_checkpoint_of_what_diverged) {
    const char *path = "memqc-test-diverged.mlp";
    static float x[TASK_SAMPLES * TASK_INPUTS];
    size_t seen = 0;
    make_task();
    for (double factor = 1e9; factor < 1e21; factor *= 10) {
        memqc_mlp *mlp = float_net(MEMQC_MLP_ADAM), *loaded = NULL;
        remove(path);
        scale_inputs(factor, x);
        OK(memqc_mlp_set_checkpoint(mlp, path, 14));
        const memqc_status status = memqc_mlp_fit(mlp, 100, x, TASK_INPUTS, task_labels, 2);
        ck_assert(status == MEMQC_OK || status == MEMQC_ERROR_DIVERGED);
        FILE *file = fopen(path, "rb");
        if (file) {
            fclose(file);
            OK(memqc_mlp_load(path, &loaded));
            memqc_mlp_destroy(&loaded);
        }
        seen += status == MEMQC_ERROR_DIVERGED;
        memqc_mlp_destroy(&mlp);
    }
    remove(path);
    ck_assert_uint_ge(seen, 1);
}
END_TEST

/* The fast array has the scale of its array as its W_MAX, which has a range. */
START_TEST(scales_of_fast_arrays) {
    static const float magnitudes[] = {1e-20f, 1e-7f, 2e-6f, 1, 9e5f, 1e7f, 1e20f};
    enum { N = 4 };
    for (size_t i = 0; i < COUNT(magnitudes); i++)
        for (int version = 0; version < 2; version++) {
            memqc_device *device = coarse_device("soft-bounds");
            memqc_crossbar *array;
            float w[N * N], x[N], d[N];
            fill(N * N, w, -1, 1);
            fill(N, x, -1, 1);
            fill(N, d, -1, 1);
            for (size_t k = 0; k < N * N; k++)
                w[k] *= magnitudes[i];
            OK(memqc_crossbar_create(device, N, N, 0, &array));
            OK(memqc_crossbar_set(array, MEMQC_CROSSBAR_NORMALIZATION,
                                  MEMQC_CROSSBAR_NORMALIZATION_ARRAY));
            OK(memqc_crossbar_set(array, MEMQC_CROSSBAR_RULE,
                                  version ? MEMQC_CROSSBAR_RULE_TIKI_TAKA_2
                                          : MEMQC_CROSSBAR_RULE_TIKI_TAKA));
            OK(memqc_crossbar_program(array, w, N));
            const memqc_status status =
                memqc_crossbar_update_outer(array, (double)magnitudes[i], 1, x, N, d, N);
            const int in_range = magnitudes[i] >= 2e-6f && magnitudes[i] <= 9e5f;
            ck_assert_msg(status == (in_range ? MEMQC_OK : MEMQC_ERROR_ARGUMENT), "%g: %s",
                          (double)magnitudes[i], memqc_last_error());
            CAN_BE_LOADED(crossbar, array);
            memqc_crossbar_destroy(&array);
            memqc_device_destroy(&device);
        }
}
END_TEST

/* Updates of arrays, and products with what they calibrate, of any magnitude. */
START_TEST(arrays_of_any_numbers) {
    static const float magnitudes[] = {0, 1e-45f, 1e-30f, 1, 1e10f, 1e30f, 3e38f};
    enum { N = 4 };
    for (int rule = MEMQC_CROSSBAR_RULE_NEAREST_LEVEL; rule <= MEMQC_CROSSBAR_RULE_TIKI_TAKA_2;
         rule++)
        for (size_t i = 0; i < COUNT(magnitudes) * COUNT(magnitudes); i++) {
            const float of_w = magnitudes[i % COUNT(magnitudes)],
                        of_x = magnitudes[i / COUNT(magnitudes)];
            memqc_device *device = coarse_device("soft-bounds");
            memqc_crossbar *array;
            float w[N * N], x[2 * N], d[2 * N];
            fill(N * N, w, -1, 1);
            fill(2 * N, x, -1, 1);
            fill(2 * N, d, -1, 1);
            for (size_t k = 0; k < N * N; k++)
                w[k] *= of_w;
            for (size_t k = 0; k < 2 * N; k++)
                x[k] *= of_x;
            OK(memqc_device_set(device, MEMQC_DEVICE_DRIFT_NU, 0.1));
            OK(memqc_crossbar_create(device, N, N, 0, &array));
            if (rule == MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL)
                OK(memqc_crossbar_set(array, MEMQC_CROSSBAR_MAPPING,
                                      MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
            OK(memqc_crossbar_set(array, MEMQC_CROSSBAR_NORMALIZATION,
                                  MEMQC_CROSSBAR_NORMALIZATION_ARRAY));
            OK(memqc_crossbar_set(array, MEMQC_CROSSBAR_RULE, rule));
            OK(memqc_crossbar_set(array, MEMQC_CROSSBAR_ADC_BITS, 6));
            OK(memqc_crossbar_set(array, MEMQC_CROSSBAR_ADC_RANGE,
                                  MEMQC_CROSSBAR_RANGE_CALIBRATED));
            OK(memqc_crossbar_program(array, w, N));
            (void)memqc_crossbar_calibrate(array, 2, x, N, 99);
            (void)memqc_crossbar_advance(array, 1e30);
            (void)memqc_crossbar_advance(array, 1e30);
            (void)memqc_crossbar_update_outer(array, (double)of_w, 2, x, N, d, N);
            (void)memqc_crossbar_update(array, (double)of_w, w, N);
            CAN_BE_LOADED(crossbar, array);
            memqc_crossbar_destroy(&array);
            memqc_device_destroy(&device);
        }
}
END_TEST

RUN_TESTS("loadable", every_optimizer, every_rule, no_checkpoint_of_what_diverged,
          scales_of_fast_arrays, arrays_of_any_numbers)
