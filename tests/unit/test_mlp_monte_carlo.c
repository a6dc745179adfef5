/* SPDX-License-Identifier: BSD-3-Clause */
/* A network on many arrays: each instance against what the public functions give one by one, the
 * same bits on any number of threads, noise of reads against its closed form, and the summary
 * against tables. */
#include "crossbar/array/array.h"
#include "instances.h"

#include "core/alloc.h"
#include "crossbar/snapshot.h"
#include "rng/rng.h"

enum { INSTANCES = 12 };

static const double mappings[] = {
    MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
    MEMQC_CROSSBAR_MAPPING_REFERENCE, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED};
static const char *const presets[] = {"hfox-b", "taox-hfox", "soft-bounds"};

START_TEST(threads_do_not_matter) {
    memqc_mlp *mlp = make_trained(mappings[_i % 4]);
    memqc_device *device = make_device(presets[_i / 4], bad, COUNT(bad));
    static const size_t threads[] = {2, 3, INSTANCES, 40};
    double expected[INSTANCES], got[INSTANCES], mean, sd;
    run(mlp, device, 1e3, INSTANCES, 1, expected);
    for (size_t i = 0; i < COUNT(threads); i++) {
        memset(got, 0, sizeof got);
        run(mlp, device, 1e3, INSTANCES, threads[i], got);
        ck_assert_msg(memcmp(expected, got, sizeof got) == 0, "%zu threads differ from one",
                      threads[i]);
    }
    run(mlp, device, 1e3, 5, 2, got); /* nor how many there are */
    ck_assert(memcmp(expected, got, 5 * sizeof *got) == 0);
    mqc_mean_sd(INSTANCES, expected, &mean, &sd);
    ck_assert_msg(sd > 0, "all instances are alike: %g", mean);
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* Without noise of reads, an instance is a transfer of another seed that has aged. */
START_TEST(an_instance_is_a_transfer) {
    static const struct setting settings[] = {{MEMQC_DEVICE_D2D_G_MAX, 0.2},
                                              {MEMQC_DEVICE_DRIFT_NU, 0.1},
                                              {MEMQC_DEVICE_STUCK_OFF, 0.03}};
    memqc_mlp *mlp = make_trained(mappings[_i % 4]);
    memqc_device *device = make_device("hfox-b", settings, COUNT(settings));
    double accuracies[INSTANCES];
    run(mlp, device, 50, INSTANCES, 2, accuracies);
    const uint64_t seed = mlp->seed;
    for (size_t i = 0; i < INSTANCES; i++) {
        memqc_mlp *onto = NULL;
        double accuracy = 0;
        mlp->seed = mqc_rng_child(seed, ((uint64_t)1 << 32) + i);
        OK(memqc_mlp_transfer(mlp, device, &onto));
        for (size_t l = 0; l < 2; l++)
            OK(memqc_crossbar_advance(onto->layer[l].now.xb, 50));
        accuracy = task_accuracy(onto);
        ck_assert_msg(accuracy == accuracies[i], "instance %zu: %g, transferred %g", i,
                      accuracies[i], accuracy);
        memqc_mlp_destroy(&onto);
    }
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* A device without any noise gives what the float network gives with rounded weights, in each
 * instance; and the network stays as it was. */
START_TEST(ideal_instances_are_alike) {
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL),
              *twin = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    const struct setting fine = {MEMQC_DEVICE_STATES, 4096};
    memqc_device *device = make_device("ideal", &fine, 1);
    double accuracies[INSTANCES];
    run(mlp, device, 1e6, INSTANCES, 3, accuracies);
    ck_assert_msg(same(mlp, twin), "the network has changed");
    for (size_t i = 0; i < INSTANCES; i++)
        ck_assert_msg(accuracies[i] == task_accuracy(mlp), "instance %zu: %g, the network %g", i,
                      accuracies[i], task_accuracy(mlp));
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&twin);
}
END_TEST

/* Weights on crossbars, each layer's own device. */
START_TEST(networks_on_crossbars_are_programmed_anew) {
    memqc_mlp *mlp = make_rule_net(&rule_kinds[_i], 3);
    double accuracies[2][4];
    for (int epoch = 0; epoch < 3; epoch++)
        OK(train_task(mlp, NULL, NULL));
    run(mlp, NULL, 0, 4, 1, accuracies[0]);
    run(mlp, NULL, 0, 4, 2, accuracies[1]);
    ck_assert(memcmp(accuracies[0], accuracies[1], sizeof accuracies[0]) == 0);
    for (size_t i = 0; i < 4; i++)
        ck_assert(accuracies[0][i] >= 0 && accuracies[0][i] <= 1);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* --- one read of an array --- */

enum { ROWS = 60, COLS = 70, CELLS = ROWS * COLS };

static memqc_crossbar *make_array(const memqc_device *device, double mapping, const float *w) {
    memqc_crossbar *xb = NULL;
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set_seed(xb, 9));
    OK(memqc_crossbar_program(xb, w, COLS));
    return xb;
}

/* Traps that are full in 1 of 4 cells, about the programmed conductances. */
START_TEST(a_snapshot_has_traps) {
    static const struct setting traps[] = {{MEMQC_DEVICE_RTN_AMPLITUDE, 0.1},
                                           {MEMQC_DEVICE_RTN_TIME_HIGH, 3}};
    static float w[CELLS], before[CELLS], after[CELLS];
    memqc_device *device = make_device("ideal", traps, COUNT(traps));
    size_t full = 0;
    fill(CELLS, w, -0.9, 0.9);
    memqc_crossbar *xb = make_array(device, MEMQC_CROSSBAR_MAPPING_SINGLE, w);
    OK(memqc_crossbar_get_conductances(xb, 0, before, COLS));
    OK(mqc_crossbar_snapshot(xb));
    OK(memqc_crossbar_get_conductances(xb, 0, after, COLS));
    for (size_t i = 0; i < CELLS; i++) {
        const double part = (double)after[i] / (double)before[i];
        ck_assert_msg(part == 1 || fabs(part - 0.9) < 1e-6, "cell %zu has %g of its conductance", i,
                      part);
        full += part < 1;
    }
    const double p = (double)full / CELLS;
    ck_assert_msg(fabs(p - 0.25) < 5 * sqrt(0.25 * 0.75 / CELLS), "%g of the traps are full", p);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* Products of the same inputs differ by the noise of all cells of a line, each time anew. */
START_TEST(a_snapshot_has_the_noise_of_reads) {
    static const struct setting noisy[] = {{MEMQC_DEVICE_READ_NOISE, 4e-6},
                                           {MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.03}};
    enum { READS = 60 };
    static float w[CELLS], g[CELLS], x[READS * ROWS], y[READS * COLS], exact[COLS];
    memqc_device *device = make_device("ideal", noisy, COUNT(noisy));
    double sum = 0, squares = 0;
    fill(CELLS, w, -0.9, 0.9);
    fill(ROWS, x, 0, 1);
    for (size_t i = 1; i < READS; i++)
        memcpy(x + i * ROWS, x, ROWS * sizeof *x);
    memqc_crossbar *xb = make_array(device, MEMQC_CROSSBAR_MAPPING_SINGLE, w);
    OK(memqc_crossbar_get_conductances(xb, 0, g, COLS));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE, 0)); /* the array has the device's noise
                                                                    from the start */
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0));
    OK(memqc_crossbar_mac(xb, 1, x, ROWS, exact, COLS));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE, 4e-6));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.03));
    OK(mqc_crossbar_snapshot(xb));
    OK(memqc_crossbar_mac(xb, READS, x, ROWS, y, COLS));
    for (size_t j = 0; j < COLS; j++) {
        double variance = 0;
        for (size_t i = 0; i < ROWS; i++)
            variance +=
                pow((double)x[i], 2) * (4e-6 * 4e-6 + pow(0.03 * (double)g[i * COLS + j], 2));
        for (size_t i = 0; i < READS; i++) {
            const double z = ((double)y[i * COLS + j] - (double)exact[j]) /
                             (sqrt(variance) * mqc_crossbar_unit(xb));
            sum += z;
            squares += z * z;
        }
    }
    ck_assert_msg(fabs(sum / (READS * COLS)) < 5 / sqrt(READS * COLS), "mean %g",
                  sum / (READS * COLS));
    ck_assert_msg(fabs(squares / (READS * COLS) - 1) < 5 * sqrt(2.0 / (READS * COLS)),
                  "variance %g", squares / (READS * COLS));
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* --- the summary --- */

START_TEST(intervals_are_those_of_students_t) {
    static const struct {
        size_t f;
        double t;
    } table[] = {{1, 12.7062047362}, {2, 4.3026527297},   {3, 3.1824463053},  {4, 2.7764451052},
                 {5, 2.5705818356},  {9, 2.2621571629},   {10, 2.2281388520}, {30, 2.0422724563},
                 {99, 1.9842169516}, {1000, 1.9623390808}};
    for (size_t i = 0; i < COUNT(table); i++) {
        const double t = mqc_mean_interval(table[i].f + 1) * sqrt((double)table[i].f + 1);
        ck_assert_msg(fabs(t - table[i].t) < 1e-8,
                      "%zu degrees of freedom: t = %.10f, tables have %.10f", table[i].f, t,
                      table[i].t);
    }
    const double exact = mqc_mean_interval(2001) * sqrt(2001),
                 expanded = mqc_mean_interval(2002) * sqrt(2002);
    ck_assert_msg(exact > expanded && exact - expanded < 3e-6,
                  "the two formulas do not meet: %.9f, %.9f", exact, expanded);
}
END_TEST

START_TEST(summaries_of_known_numbers) {
    const double x[] = {0.5, 0.1, 0.4, 0.2, 0.3};
    const double sd = sqrt(0.025), half = 2.7764451052 * sd / sqrt(5);
    const double expected[] = {0.3, sd,  0.3 - half, 0.3 + half, 0.1, 0.12,
                               0.2, 0.3, 0.4,        0.48,       0.5};
    double value = 0;
    for (int32_t what = MEMQC_SUMMARY_MEAN; what <= MEMQC_SUMMARY_MAX; what++) {
        OK(memqc_summary(COUNT(x), x, what, &value));
        ck_assert_msg(fabs(value - expected[what - MEMQC_SUMMARY_MEAN]) < 1e-9,
                      "statistic %d: %g, not %g", (int)what, value,
                      expected[what - MEMQC_SUMMARY_MEAN]);
    }
    OK(memqc_summary(1, x, MEMQC_SUMMARY_MEDIAN, &value));
    ck_assert(value == 0.5);
}
END_TEST

/* Quantiles of many, in every order: those of a uniform grid are known. */
START_TEST(quantiles_do_not_depend_on_order) {
    enum { N = 1001 };
    double x[N], value = 0;
    for (size_t i = 0; i < N; i++)
        x[i] = (double)i / (N - 1);
    for (size_t i = N; i-- > 1;) {
        const size_t j = (size_t)uniform(0, (double)i + 1);
        const double swap = x[i];
        x[i] = x[j];
        x[j] = swap;
    }
    OK(memqc_summary(N, x, MEMQC_SUMMARY_Q05, &value));
    ck_assert(fabs(value - 0.05) < 1e-12);
    OK(memqc_summary(N, x, MEMQC_SUMMARY_Q75, &value));
    ck_assert(fabs(value - 0.75) < 1e-12);
}
END_TEST

/* The interval holds the mean of the population in 95 % of the cases. */
START_TEST(the_interval_covers) {
    enum { TRIALS = 4000, N = 6 };
    const struct mqc_rng rng = mqc_rng_make(3, 200);
    size_t covered = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        float z[N];
        double x[N], low = 0, high = 0;
        mqc_rng_kernels()->normal(&rng, 0, trial, N, z);
        for (size_t i = 0; i < N; i++)
            x[i] = 0.7 + 0.1 * (double)z[i];
        OK(memqc_summary(N, x, MEMQC_SUMMARY_LOW, &low));
        OK(memqc_summary(N, x, MEMQC_SUMMARY_HIGH, &high));
        covered += low <= 0.7 && 0.7 <= high;
    }
    const double part = (double)covered / TRIALS;
    ck_assert_msg(fabs(part - 0.95) < 5 * sqrt(0.95 * 0.05 / TRIALS), "covers in %g of the cases",
                  part);
}
END_TEST

/* --- what is refused --- */

START_TEST(bad_arguments_are_refused) {
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_SINGLE);
    memqc_device *device = make_device("hfox-a", NULL, 0);
    double a[4] = {0};
    const size_t n = TASK_SAMPLES, ld = TASK_INPUTS;
    FAILS(MEMQC_ERROR_ARGUMENT, "mlp is NULL",
          memqc_mlp_monte_carlo(NULL, device, n, task_x, ld, task_labels, a));
    FAILS(MEMQC_ERROR_ARGUMENT, "x is NULL",
          memqc_mlp_monte_carlo(mlp, device, n, NULL, ld, task_labels, a));
    FAILS(MEMQC_ERROR_ARGUMENT, "labels is NULL",
          memqc_mlp_monte_carlo(mlp, device, n, task_x, ld, NULL, a));
    FAILS(MEMQC_ERROR_ARGUMENT, "accuracies is NULL",
          memqc_mlp_monte_carlo(mlp, device, n, task_x, ld, task_labels, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "layer 0 has none",
          memqc_mlp_monte_carlo(mlp, NULL, n, task_x, ld, task_labels, a));
    FAILS(MEMQC_ERROR_ARGUMENT, "seconds", set_study(mlp, -1, 4, 1, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "seconds", set_study(mlp, (double)NAN, 4, 1, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "instances = 0", set_study(mlp, 0, 0, 1, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "instances = 1000001", set_study(mlp, 0, 1000001, 1, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "threads = 0", set_study(mlp, 0, 4, 0, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "threads = 1025", set_study(mlp, 0, 4, 1025, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "target", set_study(mlp, 0, 4, 1, 1.5));
    FAILS(MEMQC_ERROR_ARGUMENT, "ldx = 7",
          memqc_mlp_monte_carlo(mlp, device, n, task_x, 7, task_labels, a));
    OK(memqc_mlp_monte_carlo(mlp, device, 0, NULL, ld, NULL, NULL)); /* nothing to do */
    const float kept = task_x[100];
    task_x[100] = NAN; /* found by a thread, told by the caller's text */
    for (size_t threads = 1; threads <= 3; threads++) {
        OK(set_study(mlp, 0, 4, threads, 0));
        FAILS(MEMQC_ERROR_DATA, "x[12, 4]",
              memqc_mlp_monte_carlo(mlp, device, n, task_x, ld, task_labels, a));
    }
    task_x[100] = kept;
    FAILS(MEMQC_ERROR_ARGUMENT, "what = 12", memqc_summary(4, a, 12, &a[0]));
    FAILS(MEMQC_ERROR_ARGUMENT, "what = 0", memqc_summary(4, a, 0, &a[0]));
    FAILS(MEMQC_ERROR_ARGUMENT, "n = 1", memqc_summary(1, a, MEMQC_SUMMARY_SD, &a[0]));
    FAILS(MEMQC_ERROR_ARGUMENT, "n = 0", memqc_summary(0, a, MEMQC_SUMMARY_MEAN, &a[0]));
    FAILS(MEMQC_ERROR_ARGUMENT, "values is NULL",
          memqc_summary(4, NULL, MEMQC_SUMMARY_MEAN, &a[0]));
    FAILS(MEMQC_ERROR_ARGUMENT, "value is NULL", memqc_summary(4, a, MEMQC_SUMMARY_MEAN, NULL));
    a[0] = a[1] = a[3] = 0;
    a[2] = (double)INFINITY;
    FAILS(MEMQC_ERROR_DATA, "values[2]", memqc_summary(4, a, MEMQC_SUMMARY_MEAN, &a[0]));
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_monte_carlo");
    TCase *group = add_group(suite, "instances", make_task);
    tcase_add_loop_test(group, threads_do_not_matter, 0, 12);
    tcase_add_loop_test(group, an_instance_is_a_transfer, 0, 4);
    tcase_add_test(group, ideal_instances_are_alike);
    tcase_add_loop_test(group, networks_on_crossbars_are_programmed_anew, 0, RULE_KINDS);
    tcase_add_test(group, bad_arguments_are_refused);
    group = add_group(suite, "snapshots", setup);
    tcase_add_test(group, a_snapshot_has_traps);
    tcase_add_test(group, a_snapshot_has_the_noise_of_reads);
    group = add_group(suite, "summary", setup);
    tcase_add_test(group, intervals_are_those_of_students_t);
    tcase_add_test(group, summaries_of_known_numbers);
    tcase_add_test(group, quantiles_do_not_depend_on_order);
    tcase_add_test(group, the_interval_covers);
    return run_suite(suite);
}
