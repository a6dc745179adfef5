/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices drawn from the posterior of a fit. */
#include "device/cell/inside.h"
#include "fits.h"

enum { DRAWS = 4000 };

static memqc_device *draw(const memqc_device *fitted, uint64_t seed, uint64_t number) {
    memqc_device *d;
    OK(memqc_device_fit_draw(fitted, seed, number, &d));
    return d;
}

/* Means and covariances of keys over draws, as parts of the standard errors. */
struct moments {
    double mean[4], product[4][4];
};

static struct moments moments_of(const memqc_device *fitted, size_t n, const int32_t *keys) {
    struct moments m = {{0}, {{0}}};
    for (uint64_t i = 0; i < DRAWS; i++) {
        memqc_device *d = draw(fitted, 7, i);
        double z[4];
        for (size_t a = 0; a < n; a++) {
            z[a] = (get(d, keys[a]) - get(fitted, keys[a])) / error_of(fitted, keys[a]);
            m.mean[a] += z[a] / DRAWS;
        }
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++)
                m.product[a][b] += z[a] * z[b] / DRAWS;
        memqc_device_destroy(&d);
    }
    return m;
}

static const double few = 5 / 63.2; /* standard errors of a mean of DRAWS normal numbers */

START_TEST(draws_scatter_by_the_standard_errors) {
    static const int32_t keys[] = {MEMQC_DEVICE_G_MAX, MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_SIGMA,
                                   MEMQC_DEVICE_K};
    memqc_device *d = staircases(MEMQC_G0, 0.02, 1),
                 *fitted = fit_staircases(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR);
    const struct moments m = moments_of(fitted, 4, keys);
    for (size_t a = 0; a < 4; a++) {
        ck_assert_double_eq_tol(m.mean[a], 0, few);
        ck_assert_double_eq_tol(m.product[a][a], 1, 1.5 * few);
    }
    /* More noise that falls faster is as likely: sigma and k go together. */
    ck_assert_double_gt(m.product[2][3], 0.5);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
}
END_TEST

/* With constant noise the levels are a straight line fitted by least squares, whose ends have a known
 * covariance. */
START_TEST(ends_of_a_line_have_the_covariance_of_least_squares) {
    static const int32_t keys[] = {MEMQC_DEVICE_G_MAX, MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_SIGMA};
    double high = 0, mixed = 0, low = 0;
    memqc_device *d = staircases(0.1 * MEMQC_G0, 0, 3),
                 *fitted = fit_staircases(MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT);
    for (int i = 1; i < LEVELS; i++) { /* the first row of a cycle is no point */
        const double x = i / (LEVELS - 1.0);
        high += (1 - x) * (1 - x);
        mixed += (1 - x) * x;
        low += x * x;
    }
    const struct moments m = moments_of(fitted, 3, keys);
    ck_assert_double_eq_tol(m.product[0][1], -mixed / sqrt(high * low), few);
    ck_assert_double_eq_tol(m.product[0][2], 0, few);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
}
END_TEST

static const int32_t models[] = {MEMQC_DEVICE_CONSTANT,    MEMQC_DEVICE_LINEAR,
                                 MEMQC_DEVICE_SOFT_BOUNDS, MEMQC_DEVICE_EXPONENTIAL,
                                 MEMQC_DEVICE_POWER,       MEMQC_DEVICE_NEUROSIM,
                                 MEMQC_DEVICE_TABLE};

/* Does a device take its own parameters? */
static void check_valid(memqc_device *d) {
    int32_t keys[256];
    double values[256];
    const size_t n = memqc_device_keys();
    ck_assert_uint_le(n, COUNT(keys));
    for (size_t i = 0; i < n; i++) {
        keys[i] = memqc_device_key_at(i);
        values[i] = get(d, keys[i]);
    }
    OK(memqc_device_set_many(d, n, keys, values));
}

/* A single cycle leaves so much open that many draws would be out of bounds. */
START_TEST(draws_of_few_points_are_devices) {
    const int32_t model = models[_i];
    memqc_device *d = pulsed(model, 2), *fitted;
    const size_t n = trains(d, 1, 1);
    OK(fit(model, n, NULL, cycle_of, pulse_of, direction_of, g, &fitted));
    size_t different = 0;
    for (uint64_t i = 0; i < 100; i++) {
        memqc_device *drawn = draw(fitted, 1, i);
        double before, after;
        check_valid(drawn);
        for (int32_t down = 0; down < 2; down++) {
            float up[3] = {0}, again[3] = {0};
            OK(memqc_device_response(fitted, down ? -1 : 1, 50e-6, 3, up));
            OK(memqc_device_response(drawn, down ? -1 : 1, 50e-6, 3, again));
            different += memcmp(up, again, sizeof up) != 0;
        }
        OK(memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_BEST, &before));
        OK(memqc_device_fit_value(drawn, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_BEST, &after));
        ck_assert(before == after);
        memqc_device_destroy(&drawn);
    }
    ck_assert_uint_eq(different, 200);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
}
END_TEST

static int equal(const memqc_device *a, const memqc_device *b) {
    int same = 1;
    for (size_t i = 0; i < memqc_device_keys(); i++)
        same &= get(a, memqc_device_key_at(i)) == get(b, memqc_device_key_at(i));
    return same;
}

START_TEST(a_draw_depends_on_seed_and_number_alone) {
    uint8_t file[1 << 16];
    size_t size;
    memqc_device *d = staircases(MEMQC_G0, 0.02, 1), *loaded, *copy,
                 *fitted = fit_staircases(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR);
    OK(memqc_device_save_memory(fitted, file, sizeof file, &size));
    OK(memqc_device_load_memory(file, size, &loaded));
    OK(memqc_device_copy(fitted, &copy));
    memqc_device *drawn[] = {draw(fitted, 1, 0), draw(fitted, 1, 0), draw(loaded, 1, 0),
                             draw(copy, 1, 0),   draw(fitted, 1, 1), draw(fitted, 2, 0)};
    for (size_t i = 1; i < COUNT(drawn); i++)
        ck_assert_int_eq(equal(drawn[0], drawn[i]), i < 4);
    for (size_t i = 0; i < COUNT(drawn); i++)
        memqc_device_destroy(&drawn[i]);
    memqc_device_destroy(&copy);
    memqc_device_destroy(&loaded);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(what_was_set_since_stays) {
    memqc_device *d = staircases(MEMQC_G0, 0.02, 1),
                 *fitted = fit_staircases(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR);
    OK(memqc_device_set(fitted, MEMQC_DEVICE_SIGMA, 0));
    memqc_device *drawn = draw(fitted, 1, 0);
    ck_assert(get(drawn, MEMQC_DEVICE_SIGMA) == 0);
    ck_assert(get(drawn, MEMQC_DEVICE_G_MAX) != get(fitted, MEMQC_DEVICE_G_MAX));
    memqc_device_destroy(&drawn);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}
END_TEST

/* Means over devices are as uncertain as the report says, and their spread too. */
START_TEST(several_devices) {
    static const int32_t keys[] = {MEMQC_DEVICE_G_MAX, MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_STEP};
    memqc_device *d = pulsed(MEMQC_DEVICE_SOFT_BOUNDS, 5), *fitted;
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_G_MAX, 0.1));
    const size_t n = trains(d, 12, 2);
    OK(fit(MEMQC_DEVICE_SOFT_BOUNDS, n, device_of, cycle_of, pulse_of, direction_of, g, &fitted));
    const struct moments m = moments_of(fitted, 3, keys);
    for (size_t a = 0; a < 3; a++) {
        ck_assert_double_eq_tol(m.mean[a], 0, few);
        ck_assert_double_eq_tol(m.product[a][a], 1, 1.5 * few);
    }
    size_t more = 0;
    for (uint64_t i = 0; i < 100; i++) {
        memqc_device *drawn = draw(fitted, 3, i);
        more += get(drawn, MEMQC_DEVICE_D2D_G_MAX) > get(fitted, MEMQC_DEVICE_D2D_G_MAX);
        ck_assert_double_ge(get(drawn, MEMQC_DEVICE_D2D_STEP), 0);
        memqc_device_destroy(&drawn);
    }
    ck_assert(more > 30 && more < 70);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(refusals) {
    memqc_device *d, *drawn = (memqc_device *)&d;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &d));
    FAILS(MEMQC_ERROR_STATE, "was not made by memqc_device_fit()",
          memqc_device_fit_draw(d, 1, 0, &drawn));
    ck_assert_ptr_null(drawn);
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_device_fit_draw(NULL, 1, 0, &drawn));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_device_fit_draw(d, 1, 0, NULL));
    memqc_device_destroy(&d);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("fit_draw");
    TCase *all = add_group(suite, "draws", NULL);
    tcase_add_test(all, draws_scatter_by_the_standard_errors);
    tcase_add_test(all, ends_of_a_line_have_the_covariance_of_least_squares);
    tcase_add_loop_test(all, draws_of_few_points_are_devices, 0, COUNT(models));
    tcase_add_test(all, a_draw_depends_on_seed_and_number_alone);
    tcase_add_test(all, what_was_set_since_stays);
    tcase_add_test(all, several_devices);
    tcase_add_test(all, refusals);
    return run_suite(suite);
}
