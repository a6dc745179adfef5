/* SPDX-License-Identifier: BSD-3-Clause */
/* Saved networks: they come back to the bit and go on as they would have; whatever else stands in a
 * file is refused or is a network that works, never a crash (the bytes stand in memory of exactly
 * their size, which the sanitizers and valgrind guard). */
#define _POSIX_C_SOURCE 200809L /* mkdtemp */
#include "mlp.h"

#include <unistd.h>

static unsigned char *save(const memqc_mlp *mlp, size_t *size) {
    size_t again = 0;
    OK(memqc_mlp_save_memory(mlp, NULL, 0, size));
    unsigned char *data = malloc(*size);
    ck_assert_ptr_nonnull(data);
    OK(memqc_mlp_save_memory(mlp, data, *size, &again));
    ck_assert_uint_eq(again, *size);
    return data;
}

static memqc_mlp *load(const void *data, size_t size) {
    memqc_mlp *mlp = NULL;
    OK(memqc_mlp_load_memory(data, size, &mlp));
    return mlp;
}

static memqc_mlp *copy_of(const memqc_mlp *mlp) {
    size_t size = 0;
    unsigned char *data = save(mlp, &size);
    memqc_mlp *copy = load(data, size);
    free(data);
    return copy;
}

static memqc_status fit_task(memqc_mlp *mlp, uint32_t epochs, memqc_progress progress, void *user) {
    return fit_watched(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, epochs, progress, user);
}

/* Everything: one layer on cells, the other under Adam; dropout, schedule, biases on the array,
 * validation. */
static memqc_mlp *make_all(void) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), "hfox-a");
    memqc_device *device = NULL;
    const struct setting settings[] = {
        {MEMQC_MLP_BATCH, 7},
        {MEMQC_MLP_BIAS, MEMQC_MLP_BIAS_ROW},
        {MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
        {MEMQC_MLP_DROPOUT, 0.2},
        {MEMQC_MLP_INPUT_BITS, 5},
        {MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_COSINE},
        {MEMQC_MLP_WARMUP, 0.5},
        {MEMQC_MLP_VALIDATION, 0.2},
        {MEMQC_MLP_RESTORE_BEST, 1},
        {MEMQC_MLP_PROGRESS_INTERVAL, 1}};
    set_all(mlp, settings, COUNT(settings));
    OK(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT));
    OK(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    OK(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_LEARNING_RATE, 0.02));
    OK(memqc_device_create_preset("hfox-b", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_MEASURED));
    OK(memqc_device_set_seed(device, 99));
    OK(memqc_mlp_set_device(mlp, 0, device));
    memqc_device_destroy(&device);
    return mlp;
}

/* The kinds, one of everything, and the other rules. */
static memqc_mlp *make_kind(int i) {
    if (i > KINDS)
        return make_rule_net(&rule_kinds[i - KINDS - 1], 6);
    return i < KINDS ? make_task_net(&kinds[i], 6) : make_all();
}

static void check_same(memqc_mlp *a, memqc_mlp *b, const char *when) {
    size_t sizes[2];
    unsigned char *data[2] = {save(a, &sizes[0]), save(b, &sizes[1])};
    ck_assert_msg(sizes[0] == sizes[1] && memcmp(data[0], data[1], sizes[0]) == 0,
                  "%s: saved, the two differ", when);
    ck_assert_msg(sizes[0] == sizes[1] && same(a, b), "%s: the two differ", when);
    free(data[0]);
    free(data[1]);
}

/* A third of the kinds stop at all places, the others at one or two of them: valgrind is slow. */
START_TEST(a_loaded_network_goes_on_as_the_saved_one) {
    static struct log log;
    static const uint64_t stops[] = {0, 40, 77, 130};
    for (size_t s = 0; s < COUNT(stops); s += 1 + (size_t)_i % (COUNT(stops) - 1)) {
        memqc_mlp *mlp = make_kind(_i), *copy = copy_of(mlp);
        uint32_t best[2];
        double value[2];
        memset(&log, 0, sizeof log);
        log.stop_at = stops[s];
        memqc_mlp_destroy(&copy); /* saved before the weights are there */
        copy = copy_of(mlp);
        OK(fit_task(mlp, 3, NULL, NULL));
        OK(fit_task(copy, 3, NULL, NULL));
        check_same(mlp, copy, "saved while new");
        if (stops[s])
            FAILS(MEMQC_STOPPED, "stopped", fit_task(mlp, 6, record, &log));
        memqc_mlp_destroy(&copy);
        copy = copy_of(mlp);
        check_same(mlp, copy, "just loaded");
        OK(fit_task(mlp, 8, NULL, NULL));
        OK(fit_task(copy, 8, NULL, NULL));
        check_same(mlp, copy, "later");
        for (int i = 0; i < 2; i++) {
            OK(memqc_mlp_get_best_epoch(i ? copy : mlp, &best[i]));
            OK(memqc_mlp_get_history(i ? copy : mlp, 8, MEMQC_MLP_HISTORY_LOSS, &value[i]));
        }
        ck_assert(best[0] == best[1] && value[0] == value[1]);
        memqc_mlp_destroy(&mlp);
        memqc_mlp_destroy(&copy);
    }
}
END_TEST

START_TEST(parameters_and_seed_come_back) {
    memqc_mlp *mlp = make_all(), *copy = NULL;
    OK(memqc_mlp_set_seed(mlp, UINT64_C(0x8000000000000001)));
    copy = copy_of(mlp);
    for (size_t i = 0; i < memqc_mlp_keys(); i++) {
        const int32_t key = memqc_mlp_key_at(i);
        double a = 0, b = 1;
        OK(memqc_mlp_get(mlp, key, &a));
        OK(memqc_mlp_get(copy, key, &b));
        ck_assert_double_eq(a, b);
        for (size_t l = 0; l < 2 && memqc_mlp_get_layer(mlp, l, key, &a) == MEMQC_OK; l++) {
            OK(memqc_mlp_get_layer(copy, l, key, &b));
            ck_assert_double_eq(a, b);
        }
    }
    check_same(mlp, copy, "with another seed");
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&copy);
}
END_TEST

/* --- bytes that are not those --- */

/* A small one of everything: 2-2-2 with its best weights, in the middle of an epoch. */
static unsigned char *save_small(size_t *size) {
    static const size_t sizes[] = {2, 2, 2};
    static struct log log;
    memqc_mlp *mlp = make(sizes, 3, "hfox-a");
    memset(&log, 0, sizeof log);
    log.stop_at = 9;
    OK(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT));
    OK(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD_MOMENTUM));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BIAS, MEMQC_MLP_BIAS_ROW));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_VALIDATION, 0.2));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_RESTORE_BEST, 1));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 3));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_PROGRESS_INTERVAL, 1));
    int32_t labels[12];
    for (size_t i = 0; i < 12; i++)
        labels[i] = (int32_t)(i % 2);
    OK(memqc_mlp_fit(mlp, 12, task_x, 2, labels, 2));
    FAILS(MEMQC_STOPPED, "stopped", fit_watched(mlp, 12, task_x, 2, labels, 3, record, &log));
    unsigned char *data = save(mlp, size);
    memqc_mlp_destroy(&mlp);
    return data;
}

static unsigned char *exact(const void *data, size_t size) {
    unsigned char *copy = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, data, size);
    return copy;
}

static memqc_mlp *const nowhere = (memqc_mlp *)(void *)&random_state;

START_TEST(every_truncation_is_refused) {
    size_t size = 0;
    unsigned char *data = save_small(&size);
    for (size_t n = 0; n < size; n++) {
        unsigned char *part = exact(data, n);
        memqc_mlp *mlp = nowhere;
        FAILS(MEMQC_ERROR_FORMAT, "memqc_mlp_load_memory: ", memqc_mlp_load_memory(part, n, &mlp));
        ck_assert_ptr_null(mlp);
        free(part);
    }
    free(data);
}
END_TEST

START_TEST(every_flipped_bit_is_refused) {
    size_t size = 0;
    unsigned char *data = save_small(&size);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        memqc_mlp *mlp = nowhere;
        data[bit / 8] ^= (unsigned char)(1 << bit % 8);
        FAILS(MEMQC_ERROR_FORMAT,
              "memqc_mlp_load_memory: ", memqc_mlp_load_memory(data, size, &mlp));
        ck_assert_ptr_null(mlp);
        data[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    free(data);
}
END_TEST

/* Makes the checksum right, bit by bit from CRC-64/XZ's definition. */
static void sum_up(unsigned char *data, size_t size) {
    uint64_t crc = ~UINT64_C(0);
    for (size_t i = 0; i < size - 8; i++)
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^
                  ((crc ^ (uint64_t)data[i] >> bit) & 1 ? UINT64_C(0xC96C5795D7870F42) : 0);
    for (size_t i = 0; i < 8; i++)
        data[size - 8 + i] = (unsigned char)(~crc >> 8 * i);
}

/* Somebody who wants to do harm writes a good checksum: then there is an error, or a network that
 * works. */
START_TEST(altered_with_a_good_checksum) {
    enum { TRIES = 4000 };
    size_t size = 0, refused = 0;
    unsigned char *data = save_small(&size);
    int32_t labels[12] = {0};
    for (int i = 0; i < TRIES; i++) {
        unsigned char *bad = exact(data, size);
        memqc_mlp *mlp = nowhere;
        const size_t at = (size_t)uniform(0, (double)size - 8);
        if (i % 4 == 0) /* a whole number, such as a size, of any magnitude */
            for (size_t k = at; k < at + 4 && k < size - 8; k++)
                bad[k] = (unsigned char)uniform(0, 256);
        else
            bad[at] = i % 4 == 1 ? 0xff : (unsigned char)uniform(0, 256);
        sum_up(bad, size);
        const memqc_status status = memqc_mlp_load_memory(bad, size, &mlp);
        free(bad);
        ck_assert_msg(status == MEMQC_OK || status == MEMQC_ERROR_FORMAT ||
                          status == MEMQC_ERROR_NOMEM,
                      "%s", memqc_status_name(status));
        refused += status != MEMQC_OK;
        ck_assert((mlp == NULL) == (status != MEMQC_OK));
        double batch = 0;
        if (mlp && memqc_mlp_get(mlp, MEMQC_MLP_BATCH, &batch) == MEMQC_OK && batch < 1000) {
            float out[4];
            size_t inputs = 0;
            OK(memqc_mlp_get_shape(mlp, NULL, &inputs, NULL));
            ck_assert_uint_eq(inputs, 2);
            const memqc_status used = memqc_mlp_predict(mlp, 2, task_x, 2, out, 2, NULL);
            const memqc_status trained = memqc_mlp_train_epoch(mlp, 12, task_x, 2, labels);
            /* STATE: the settings by which its arrays are read may now contradict each other, which
             * is found when they are read. */
            ck_assert_msg(used == MEMQC_OK || used == MEMQC_ERROR_STATE, "%s", memqc_last_error());
            ck_assert_msg(trained == MEMQC_OK || trained == MEMQC_ERROR_DIVERGED ||
                              trained == MEMQC_ERROR_STATE,
                          "%s", memqc_last_error());
        }
        memqc_mlp_destroy(&mlp);
    }
    ck_assert_msg(refused > TRIES / 4 && refused < TRIES, "%zu of %d refused", refused, TRIES);
    free(data);
}
END_TEST

START_TEST(what_saving_and_loading_refuse) {
    memqc_mlp *mlp = make_task_net(&kinds[3], 1), *out = nowhere;
    size_t size = 0, needed = 0;
    unsigned char *data = save(mlp, &size);
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_save_memory(NULL, data, size, &needed));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_save_memory(mlp, data, size, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "data is NULL", memqc_mlp_save_memory(mlp, NULL, size, &needed));
    FAILS(MEMQC_ERROR_ARGUMENT, "room", memqc_mlp_save_memory(mlp, data, size - 1, &needed));
    ck_assert_uint_eq(needed, size);
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_load_memory(NULL, size, &out));
    ck_assert_ptr_null(out);
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_load_memory(data, size, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_save(NULL, "x"));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_save(mlp, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_load(NULL, &out));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_load("x", NULL));
    FAILS(MEMQC_ERROR_IO, "no such file", memqc_mlp_load("mlp-none/file", &out));
    FAILS(MEMQC_ERROR_IO, "no such file", memqc_mlp_save(mlp, "mlp-none/file"));
    FAILS(MEMQC_ERROR_ARGUMENT, "path is NULL", memqc_mlp_set_checkpoint(mlp, NULL, 5));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_set_checkpoint(NULL, "x", 5));
    free(data);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* --- files --- */

static char folder[] = "mlp-XXXXXX", path[64];

static void make_folder(void) {
    make_task();
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
}

static void remove_folder(void) {
    remove(path);
    ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(files_hold_what_memory_does) {
    memqc_mlp *mlp = make_kind(_i), *copy = NULL;
    OK(fit_task(mlp, 2, NULL, NULL));
    OK(memqc_mlp_save(mlp, path));
    OK(memqc_mlp_load(path, &copy));
    check_same(mlp, copy, "from a file");
    memqc_mlp_destroy(&copy);
    FILE *file = fopen(path, "ab");
    ck_assert_ptr_nonnull(file);
    fputc(0, file);
    fclose(file);
    copy = nowhere;
    FAILS(MEMQC_ERROR_FORMAT, "behind its end", memqc_mlp_load(path, &copy));
    ck_assert_ptr_null(copy);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* Called after the minibatch of each sample: by then the checkpoint is that of this moment, or of
 * the last multiple of 30. */
struct watch {
    uint64_t seen;
    int saved;
};

static int32_t look(void *user, const double *at, size_t n) {
    struct watch *watch = user;
    const uint64_t samples = (uint64_t)at[MEMQC_PROGRESS_DONE];
    memqc_mlp *now = NULL;
    (void)n;
    if (samples / 30 != watch->seen / 30 && samples < TASK_SAMPLES) {
        OK(memqc_mlp_load(path, &now));
        ck_assert_int_eq(remove(path), 0);
        memqc_mlp_destroy(&now);
        watch->saved++;
    } else {
        ck_assert_int_ne(access(path, F_OK), 0); /* nothing is written between */
    }
    watch->seen = samples;
    return 0;
}

START_TEST(checkpoints_come_when_they_should) {
    memqc_mlp *mlp = make_task_net(&kinds[_i], 1), *copy = NULL;
    struct watch watch = {0, 0};
    OK(memqc_mlp_set(mlp, MEMQC_MLP_PROGRESS_INTERVAL, 1));
    OK(memqc_mlp_set_checkpoint(mlp, path, 30));
    OK(train_task(mlp, look, &watch));
    ck_assert_int_eq(watch.saved, 6);
    OK(memqc_mlp_load(path, &copy)); /* at the end of the epoch */
    check_same(mlp, copy, "after an epoch");
    ck_assert_int_eq(remove(path), 0);
    OK(memqc_mlp_set_checkpoint(mlp, NULL, 0));
    OK(train_task(mlp, NULL, NULL));
    ck_assert_int_ne(access(path, F_OK), 0);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&copy);
}
END_TEST

START_TEST(a_checkpoint_that_fails_fails_the_call) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *spared = make_task_net(kind, 1), *tried = make_task_net(kind, 1);
    OK(train_task(spared, NULL, NULL));
    OK(train_task(tried, NULL, NULL));
    OK(memqc_mlp_set_checkpoint(tried, "mlp-none/file", (uint64_t)(_i % 2 ? 0 : 50)));
    FAILS(MEMQC_ERROR_IO, "mlp-none/file", train_task(tried, NULL, NULL));
    FAILS(MEMQC_ERROR_IO, "mlp-none/file", fit_task(tried, 5, NULL, NULL));
    SAME(kind, "a failed checkpoint left something", spared, tried);
    OK(memqc_mlp_set_checkpoint(tried, NULL, 0));
    OK(train_task(spared, NULL, NULL));
    OK(train_task(tried, NULL, NULL));
    check_same(spared, tried, "afterwards");
    memqc_mlp_destroy(&spared);
    memqc_mlp_destroy(&tried);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_save");
    TCase *tc = add_group(suite, "memory", make_task), *files = tcase_create("files");
    tcase_add_loop_test(tc, a_loaded_network_goes_on_as_the_saved_one, 0, KINDS + 1 + RULE_KINDS);
    tcase_add_test(tc, parameters_and_seed_come_back);
    tcase_add_test(tc, every_truncation_is_refused);
    tcase_add_test(tc, every_flipped_bit_is_refused);
    tcase_add_test(tc, altered_with_a_good_checksum);
    tcase_add_test(tc, what_saving_and_loading_refuse);
    tcase_add_checked_fixture(files, make_folder, remove_folder);
    tcase_set_timeout(files, 0);
    tcase_add_loop_test(files, files_hold_what_memory_does, 0, KINDS + 1);
    tcase_add_loop_test(files, checkpoints_come_when_they_should, 0, KINDS);
    tcase_add_loop_test(files, a_checkpoint_that_fails_fails_the_call, 0, KINDS);
    suite_add_tcase(suite, files);
    return run_suite(suite);
}
