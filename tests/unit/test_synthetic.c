/* SPDX-License-Identifier: BSD-3-Clause */
/* The synthetic digits of the examples. */
#include "synthetic.h"
#include "data.h"

#include "quick_check.h"
#include <float.h>
#include <stdlib.h>

static struct data synthetic(size_t train, size_t test, uint64_t seed) {
    struct data d;
    char error[512] = "";
    const struct data_folders nowhere = {NULL, NULL, NULL, NULL};
    ck_assert_msg(data_load_from(&d, &nowhere, train, test, seed, error, sizeof error) == 0, "%s",
                  error);
    return d;
}

START_TEST(synthetic_depends_on_seed_and_index_only) {
    struct data few = synthetic(30, 10, 7), many = synthetic(300, 100, 7),
                other = synthetic(30, 10, 8);
    float pixels[SYNTHETIC_PIXELS];
    ck_assert_mem_eq(few.train.x, many.train.x, 30 * sizeof pixels);
    ck_assert_mem_eq(few.test.x, many.test.x, 10 * sizeof pixels);
    ck_assert_mem_eq(few.train.labels, many.train.labels, 30 * sizeof(int32_t));
    ck_assert_int_eq(synthetic_digit(pixels, 7, 211), many.train.labels[211]);
    ck_assert_mem_eq(pixels, many.train.x + 211 * SYNTHETIC_PIXELS, sizeof pixels);
    for (size_t i = 0; i < 30; i++) {
        const float *one = few.train.x + i * SYNTHETIC_PIXELS;
        for (size_t j = 0; j < 30; j++) {
            ck_assert_mem_ne(one, other.train.x + j * SYNTHETIC_PIXELS, sizeof pixels);
            ck_assert_mem_ne(one, few.test.x + j % 10 * SYNTHETIC_PIXELS, sizeof pixels);
        }
    }
    data_free(&few), data_free(&many), data_free(&other);
}
END_TEST

START_TEST(synthetic_classes_and_ink) {
    struct data d = synthetic(1000, 990, 3);
    int count[2][DATA_CLASSES] = {{0}};
    double border = 0;
    int outside = 0;
    for (size_t i = 0; i < 1000; i++) {
        double ink = 0;
        count[0][d.train.labels[i]]++;
        count[1][d.test.labels[i % 990]] += i < 990;
        for (size_t p = 0; p < SYNTHETIC_PIXELS; p++) {
            float v = d.train.x[i * SYNTHETIC_PIXELS + p];
            size_t x = p % SYNTHETIC_SIDE, y = p / SYNTHETIC_SIDE;
            outside += !(v >= 0 && v <= 1);
            ink += (double)v;
            border +=
                v > 0 && (x < 2 || y < 2 || x >= SYNTHETIC_SIDE - 2 || y >= SYNTHETIC_SIDE - 2);
        }
        ck_assert_msg(ink > 12 && ink < 300, "digit %zu has %g pixels of ink", i, ink);
    }
    ck_assert_int_eq(outside, 0);
    for (int k = 0; k < DATA_CLASSES; k++) {
        ck_assert_int_eq(count[0][k], 100);
        ck_assert_int_eq(count[1][k], 99);
    }
    ck_assert_double_lt(border, 0.01 * 1000 * 208); /* 208 pixels are that near to the edge */
    data_free(&d);
}
END_TEST

START_TEST(synthetic_difficulty) {
    struct data d = synthetic(2000, 1000, 1);
    static double mean[DATA_CLASSES][SYNTHETIC_PIXELS];
    int right = 0;
    for (size_t i = 0; i < 2000; i++) {
        for (size_t p = 0; p < SYNTHETIC_PIXELS; p++) {
            mean[d.train.labels[i]][p] += (double)d.train.x[i * SYNTHETIC_PIXELS + p] / 200;
        }
    }
    for (size_t i = 0; i < 1000; i++) {
        double nearest = DBL_MAX;
        int32_t guess = -1;
        for (int32_t k = 0; k < DATA_CLASSES; k++) {
            double distance = 0;
            for (size_t p = 0; p < SYNTHETIC_PIXELS; p++) {
                double difference = (double)d.test.x[i * SYNTHETIC_PIXELS + p] - mean[k][p];
                distance += difference * difference;
            }
            guess = distance < nearest ? k : guess;
            nearest = distance < nearest ? distance : nearest;
        }
        right += guess == d.test.labels[i];
    }
    ck_assert_msg(right >= 600 && right <= 970, "the nearest mean is right for %d of 1000", right);
    data_free(&d);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("synthetic");
    TCase *tests = tcase_create("synthetic");
    tcase_set_timeout(tests, 120); /* for valgrind */
    tcase_add_test(tests, synthetic_depends_on_seed_and_index_only);
    tcase_add_test(tests, synthetic_classes_and_ink);
    tcase_add_test(tests, synthetic_difficulty);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
