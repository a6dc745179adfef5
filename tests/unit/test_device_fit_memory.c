/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory of the cycle-to-cycle noise: estimates of staircases that the library has no part in. */
#include "random.h"
#include "test.h"

#include <math.h>

enum { LEVELS = 32, MOST_CYCLES = 40, MOST_DEVICES = 3, TRIES = 20 };
enum { MOST = LEVELS * MOST_CYCLES * MOST_DEVICES };

static const double g0 = MEMQC_G0, sigma = 1, k = 0.03;

static float g[MOST];
static int32_t device_of[MOST], cycle_of[MOST], pulse_of[MOST];

static double normal(void) {
    const double radius = sqrt(-2 * log(1 - uniform(0, 1)));
    return radius * cos(2 * acos(-1) * uniform(0, 1));
}

/* c from a cycle to the next, q within a cycle, of which level 1 has the sign. */
static void staircases(size_t devices, size_t cycles, double c, double q) {
    const double rest = sqrt(1 - c * c);
    double own[LEVELS], shared;
    size_t n = 0;
    for (size_t d = 0; d < devices; d++) {
        for (size_t cycle = 0; cycle < cycles; cycle++) {
            shared = cycle ? c * shared + rest * normal() : normal();
            for (int32_t level = 0; level < LEVELS; level++, n++) {
                own[level] = cycle ? c * own[level] + rest * normal() : normal();
                const double common = sqrt(fabs(q)) * (level == 0 && q < 0 ? -shared : shared);
                const double z = sqrt(1 - fabs(q)) * own[level] + common;
                const double value = 16 - 0.5 * level + (1 - k * (level + 1)) * sigma * z;
                g[n] = (float)(fmax(value, 0) * g0);
                device_of[n] = (int32_t)d;
                cycle_of[n] = (int32_t)cycle;
                pulse_of[n] = level + 1;
            }
        }
    }
}

static memqc_device *fitted(size_t n) {
    const int32_t *const columns[] = {[MEMQC_DEVICE_COLUMN_DEVICE] = device_of,
                                      [MEMQC_DEVICE_COLUMN_CYCLE] = cycle_of,
                                      [MEMQC_DEVICE_COLUMN_PULSE] = pulse_of};
    memqc_device *device;
    OK(memqc_device_fit(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR, n, COUNT(columns), columns, g, NULL,
                        NULL, &device));
    return device;
}

static double told(const memqc_device *device, int32_t what, int32_t which) {
    double value;
    OK(memqc_device_fit_value(device, what, which, &value));
    return value;
}

/* How often an estimate is within 2 standard errors, and how often the device has it. */
struct tally {
    int within, kept, sigma;
};

static void count(const memqc_device *device, int32_t what, int32_t key, double truth,
                  struct tally *tally) {
    const double found = told(device, what, MEMQC_DEVICE_FIT_BEST),
                 error = told(device, MEMQC_DEVICE_FIT_STANDARD_ERROR, key);
    double value, noise;
    OK(memqc_device_get(device, key, &value));
    ck_assert(value == 0 || value == found);
    tally->within += fabs(found - truth) <= 2 * error;
    tally->kept += value != 0;
    OK(memqc_device_get(device, MEMQC_DEVICE_SIGMA, &noise));
    tally->sigma += fabs(noise - sigma * g0) <=
                    2 * told(device, MEMQC_DEVICE_FIT_STANDARD_ERROR, MEMQC_DEVICE_SIGMA);
}

static void check(size_t devices, size_t cycles, double c, double q) {
    struct tally between = {0, 0, 0}, within = {0, 0, 0};
    for (int try = 0; try < TRIES; try++) {
        staircases(devices, cycles, c, q);
        memqc_device *device = fitted(devices * cycles * LEVELS);
        count(device, MEMQC_DEVICE_FIT_CYCLE_CORRELATION, MEMQC_DEVICE_CYCLE_CORRELATION, c,
              &between);
        count(device, MEMQC_DEVICE_FIT_SET_RESET_CORRELATION, MEMQC_DEVICE_SET_RESET_CORRELATION, q,
              &within);
        memqc_device_destroy(&device);
    }
    ck_assert_msg(between.within >= 17 && within.within >= 16 && between.sigma >= 16,
                  "c = %g, q = %g: within 2 standard errors %d, %d, sigma %d of %d", c, q,
                  between.within, within.within, between.sigma, TRIES);
    ck_assert_msg(c == 0 ? between.kept <= 1 : between.kept >= 19, "c = %g kept %d times", c,
                  between.kept);
    ck_assert_msg(q == 0 ? within.kept <= 1 : within.kept >= 19, "q = %g kept %d times", q,
                  within.kept);
}

START_TEST(memory_is_found) {
    check(1, 12, 0.6, 0);
    check(1, 12, -0.5, 0);
    check(1, MOST_CYCLES, 0.9, 0);
    check(3, 12, 0.4, 0);
    check(1, MOST_CYCLES, 0, 0.6);
    check(1, MOST_CYCLES, 0, -0.6);
}
END_TEST

START_TEST(white_noise_has_none) {
    check(1, 12, 0, 0);
    check(3, MOST_CYCLES, 0, 0);
}
END_TEST

/* Twelve cycles often do not tell that levels go together; the errors of q and sigma are wide enough
 * all the same. */
START_TEST(errors_allow_for_what_is_not_found) {
    struct tally tally = {0, 0, 0};
    for (int try = 0; try < 2 * TRIES; try++) {
        staircases(1, 12, 0, try % 2 ? 0.5 : -0.5);
        memqc_device *device = fitted(12 * LEVELS);
        count(device, MEMQC_DEVICE_FIT_SET_RESET_CORRELATION, MEMQC_DEVICE_SET_RESET_CORRELATION,
              try % 2 ? 0.5 : -0.5, &tally);
        memqc_device_destroy(&device);
    }
    ck_assert_msg(tally.kept < 2 * TRIES, "q is always found");
    ck_assert_msg(tally.within >= 36 && tally.sigma >= 36,
                  "within 2 standard errors: q %d, sigma %d of %d", tally.within, tally.sigma,
                  2 * TRIES);
}
END_TEST

/* Seven pairs of cycles are too few; so are cycles that do not follow each other. */
START_TEST(few_cycles_tell_nothing) {
    for (int apart = 0; apart < 2; apart++) {
        const size_t cycles = apart ? MOST_CYCLES : 8, n = cycles * LEVELS;
        staircases(1, cycles, 0.9, 0);
        for (size_t i = 0; apart && i < n; i++)
            cycle_of[i] *= 10;
        memqc_device *device = fitted(n);
        ck_assert_double_eq(told(device, MEMQC_DEVICE_FIT_CYCLE_CORRELATION, MEMQC_DEVICE_FIT_BEST),
                            0);
        ck_assert_double_eq(
            told(device, MEMQC_DEVICE_FIT_STANDARD_ERROR, MEMQC_DEVICE_CYCLE_CORRELATION), 0);
        memqc_device_destroy(&device);
    }
}
END_TEST

/* Files keep the estimates; devices drawn from the fit differ in what it has found. */
START_TEST(memory_is_kept_and_drawn) {
    memqc_device *loaded, *drawn;
    size_t size;
    double first, second;
    staircases(1, MOST_CYCLES, 0.7, 0);
    memqc_device *device = fitted(MOST_CYCLES * LEVELS);
    OK(memqc_device_save_memory(device, NULL, 0, &size));
    void *data = malloc(size);
    ck_assert_ptr_nonnull(data);
    OK(memqc_device_save_memory(device, data, size, &size));
    OK(memqc_device_load_memory(data, size, &loaded));
    free(data);
    for (int32_t what = MEMQC_DEVICE_FIT_CYCLE_CORRELATION;
         what <= MEMQC_DEVICE_FIT_SET_RESET_CORRELATION;
         what += MEMQC_DEVICE_FIT_SET_RESET_CORRELATION - MEMQC_DEVICE_FIT_CYCLE_CORRELATION)
        ck_assert_double_eq(told(loaded, what, MEMQC_DEVICE_FIT_BEST),
                            told(device, what, MEMQC_DEVICE_FIT_BEST));
    OK(memqc_device_fit_draw(device, 1, 0, &drawn));
    OK(memqc_device_get(device, MEMQC_DEVICE_CYCLE_CORRELATION, &first));
    OK(memqc_device_get(drawn, MEMQC_DEVICE_CYCLE_CORRELATION, &second));
    ck_assert(second != first && fabs(second - first) < 0.3);
    OK(memqc_device_get(drawn, MEMQC_DEVICE_SET_RESET_CORRELATION, &second));
    ck_assert_double_eq(second, 0);
    memqc_device_destroy(&drawn);
    memqc_device_destroy(&loaded);
    memqc_device_destroy(&device);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("device_fit_memory");
    TCase *tests = add_group(suite, "memory", setup);
    tcase_add_test(tests, memory_is_found);
    tcase_add_test(tests, white_noise_has_none);
    tcase_add_test(tests, errors_allow_for_what_is_not_found);
    tcase_add_test(tests, few_cycles_tell_nothing);
    tcase_add_test(tests, memory_is_kept_and_drawn);
    return run_suite(suite);
}
