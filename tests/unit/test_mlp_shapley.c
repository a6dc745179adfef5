/* SPDX-License-Identifier: BSD-3-Clause */
/* Shares of a loss: games with known Shapley values, orders by brute force, and the losses and
 * gains that memqc_mlp_sensitivity() measures. */
#include "sensitivity.h"

#include "core/crossed.h"
#include "mlp/study/orders.h"

enum { INSTANCES = 4, ROWS = MEMQC_MLP_PROPERTIES * MEMQC_MLP_SHARE_VALUES };

static double share(const double *shares, int32_t property, int32_t what) {
    return shares[(property - MEMQC_MLP_PROPERTY_ALL) * MEMQC_MLP_SHARE_VALUES + what];
}

/* --- games --- */

static void fill_values(size_t n, double *value) {
    for (size_t i = 0; i < n; i++)
        value[i] = uniform(-1, 1);
}

static double shares_of(const struct mqc_orders *orders, int player, const double *value) {
    double sum = 0;
    for (unsigned set = 0; set < 1u << orders->players; set++)
        sum += orders->weight[set][player] * value[set];
    return sum / orders->all;
}

/* Players 0 and 1 are worth 1 each and 3 together, 2 is worth 2 whoever is there, 3 nothing. */
static void fill_game(double *value) {
    for (unsigned set = 0; set < 16; set++)
        value[set] = (set & 1) + (set >> 1 & 1) + ((set & 3) == 3) + 2 * (set >> 2 & 1);
}

START_TEST(a_known_game_is_divided) {
    static const double wanted[] = {1.5, 1.5, 2, 0};
    struct mqc_orders orders;
    double value[16];
    fill_game(value);
    mqc_orders_take_all(4, &orders);
    for (int p = 0; p < 4; p++) {
        ck_assert_double_eq(shares_of(&orders, p, value), wanted[p]);
        ck_assert_double_eq(mqc_orders_variance(&orders, p, value), 0);
    }
}
END_TEST

/* All orders of the players, one by one. */
static void brute_force(int players, unsigned set, const double *value, double weight,
                        double *shares) {
    int left = 0;
    for (int p = 0; p < players; p++)
        left += !(set >> p & 1);
    for (int p = 0; p < players; p++)
        if (!(set >> p & 1)) {
            shares[p] += weight / left * (value[set | 1u << p] - value[set]);
            brute_force(players, set | 1u << p, value, weight / left, shares);
        }
}

START_TEST(weights_are_those_of_all_orders) {
    struct mqc_orders orders;
    double value[MQC_ORDERS_SETS], shares[MQC_ORDERS_PLAYERS] = {0};
    fill_values(COUNT(value), value);
    mqc_orders_take_all(_i, &orders);
    brute_force(_i, 0, value, 1, shares);
    for (int p = 0; p < _i; p++)
        ck_assert_double_eq_tol(shares_of(&orders, p, value), shares[p], 1e-12);
}
END_TEST

/* Of orders that are drawn, the shares add up, a dummy gets nothing, and the errors are as large as
 * their variance says. */
START_TEST(drawn_orders_estimate_the_shares) {
    enum { TRIALS = 100, DRAWN = 40, PLAYERS = 7 };
    struct mqc_orders orders;
    double value[1 << PLAYERS], truth[PLAYERS] = {0};
    int covered = 0;
    fill_values(COUNT(value), value);
    for (unsigned set = 0; set < COUNT(value); set++)
        value[set] = value[set & ~4u]; /* player 2 is a dummy */
    brute_force(PLAYERS, 0, value, 1, truth);
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        double sum = 0;
        mqc_orders_draw(PLAYERS, trial, DRAWN, &orders);
        for (int p = 0; p < PLAYERS; p++)
            sum += shares_of(&orders, p, value);
        ck_assert_double_eq_tol(sum, value[COUNT(value) - 1] - value[0], 1e-12);
        ck_assert_double_eq_tol(shares_of(&orders, 2, value), 0, 1e-15);
        const double error = sqrt(mqc_orders_variance(&orders, 0, value));
        covered += fabs(shares_of(&orders, 0, value) - truth[0]) < 2 * error;
    }
    ck_assert_int_ge(covered, 87); /* 95 %, less 4 standard deviations */
}
END_TEST

/* --- properties of devices --- */

static memqc_status ask(memqc_mlp *mlp, const memqc_device *device, size_t orders, size_t threads,
                        double *shares) {
    OK(set_study(mlp, 1e3, INSTANCES, threads, 0));
    return memqc_mlp_shapley(mlp, device, orders, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels,
                             shares);
}

static double limit_now(memqc_mlp *mlp, const memqc_device *device, int32_t property,
                        int32_t what) {
    double limits[MEMQC_MLP_LIMITS];
    OK(set_study(mlp, 1e3, INSTANCES, 1, 0));
    OK(memqc_mlp_sensitivity(mlp, device, property, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels,
                             limits));
    return limits[what];
}

static const struct setting noisy[] = {{MEMQC_DEVICE_STATES, 3},
                                       {MEMQC_DEVICE_SIGMA, 10 * MEMQC_G0}};

/* Few levels and their noise, and nothing else: a share is the mean of loss and gain. */
START_TEST(of_two_properties_it_is_the_mean_of_loss_and_gain) {
    static const int32_t properties[] = {MEMQC_MLP_PROPERTY_LEVELS, MEMQC_MLP_PROPERTY_C2C};
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    memqc_device *device = make_device("hfox-b", noisy, COUNT(noisy));
    double shares[ROWS], sum = 0;
    OK(ask(mlp, device, 0, 1, shares));
    for (size_t i = 0; i < COUNT(properties); i++) {
        const int32_t p = properties[i];
        const double loss = limit_now(mlp, device, p, MEMQC_MLP_LIMIT_LOSS),
                     gain = limit_now(mlp, device, p, MEMQC_MLP_LIMIT_GAIN),
                     one = share(shares, p, MEMQC_MLP_SHARE_LOSS);
        ck_assert_double_eq_tol(one, (loss + gain) / 2, 1e-12);
        ck_assert_double_lt(share(shares, p, MEMQC_MLP_SHARE_LOW), one);
        ck_assert_double_gt(share(shares, p, MEMQC_MLP_SHARE_HIGH), one);
        sum += one;
    }
    const double all = share(shares, MEMQC_MLP_PROPERTY_ALL, MEMQC_MLP_SHARE_LOSS);
    ck_assert_double_eq_tol(sum, all, 1e-12);
    ck_assert_double_eq(all, limit_now(mlp, device, MEMQC_MLP_PROPERTY_ALL, MEMQC_MLP_LIMIT_LOSS));
    ck_assert_double_gt(all, 0.01);
    for (int32_t what = 0; what < MEMQC_MLP_SHARE_VALUES; what++)
        ck_assert_double_eq(share(shares, MEMQC_MLP_PROPERTY_DRIFT, what), 0); /* a dummy */
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* The interval of the loss to all is that of the crossed design. */
START_TEST(everything_at_once) {
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    memqc_device *device = make_device("hfox-a", bad, COUNT(bad));
    double shares[ROWS], again[ROWS], drawn[ROWS], sum = 0, sum_drawn = 0;
    OK(memqc_device_set(device, MEMQC_DEVICE_SIGMA, 10 * MEMQC_G0));
    OK(set_wires(mlp, 1));
    OK(ask(mlp, device, 10, 1, drawn)); /* 7 properties */
    OK(ask(mlp, device, 10, 3, again));
    ck_assert_mem_eq(drawn, again, sizeof drawn);
    OK(set_wires(mlp, 0));
    OK(ask(mlp, device, 10, 2, shares)); /* 6 properties: all orders in any case */
    for (int32_t p = MEMQC_MLP_PROPERTY_LEVELS; p <= MEMQC_MLP_PROPERTY_DRIFT; p++) {
        sum += share(shares, p, MEMQC_MLP_SHARE_LOSS);
        sum_drawn += share(drawn, p, MEMQC_MLP_SHARE_LOSS);
        ck_assert_double_eq(share(shares, p, MEMQC_MLP_SHARE_BY_ORDERS), 0);
    }
    const double all = share(shares, MEMQC_MLP_PROPERTY_ALL, MEMQC_MLP_SHARE_LOSS);
    ck_assert_double_eq_tol(sum, all, 1e-12);
    ck_assert_double_eq_tol(sum_drawn, share(drawn, MEMQC_MLP_PROPERTY_ALL, MEMQC_MLP_SHARE_LOSS),
                            1e-12);
    ck_assert_double_gt(share(drawn, MEMQC_MLP_PROPERTY_FAULTS, MEMQC_MLP_SHARE_BY_ORDERS), 0);
    ck_assert_double_eq(all, limit_now(mlp, device, MEMQC_MLP_PROPERTY_ALL, MEMQC_MLP_LIMIT_LOSS));
    ck_assert_double_eq_tol(
        share(shares, MEMQC_MLP_PROPERTY_ALL, MEMQC_MLP_SHARE_BY_SAMPLES),
        limit_now(mlp, device, MEMQC_MLP_PROPERTY_ALL, MEMQC_MLP_LIMIT_LOSS_BY_SAMPLES), 1e-12);
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* Numbers that are bits have the parts of bits. */
START_TEST(numbers_have_the_parts_of_bits) {
    enum { N = 5, COLUMNS = 40 };
    int32_t numbers[N * COLUMNS];
    uint8_t bits[N * COLUMNS / 8] = {0};
    for (size_t i = 0; i < N * COLUMNS; i++) {
        numbers[i] = 3 * (i * i % 7 < 3);
        if (numbers[i])
            bits[i / 8] |= (uint8_t)(1u << i % 8);
    }
    const struct mqc_crossed a = mqc_crossed(N, COLUMNS, bits, NULL),
                             b = mqc_crossed_numbers(N, COLUMNS, numbers, 1. / 3);
    ck_assert_double_eq_tol(a.mean, b.mean, 1e-12);
    ck_assert_double_eq_tol(a.rows, b.rows, 1e-12);
    ck_assert_double_eq_tol(a.columns, b.columns, 1e-12);
    ck_assert_double_eq_tol(a.both, b.both, 1e-12);
    ck_assert_double_eq_tol(a.half, b.half, 1e-12);
}
END_TEST

START_TEST(bad_questions_are_refused) {
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    memqc_device *device = make_device("hfox-a", NULL, 0);
    double shares[ROWS];
    FAILS(MEMQC_ERROR_ARGUMENT, "orders = 1; it takes 0, for all of them, or 2 .. 1000000",
          ask(mlp, device, 1, 1, shares));
    FAILS(MEMQC_ERROR_ARGUMENT, "orders = 1000001", ask(mlp, device, 1000001, 1, shares));
    FAILS(MEMQC_ERROR_ARGUMENT, "shares is NULL", ask(mlp, device, 0, 1, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "layer 0 has none", ask(mlp, NULL, 0, 1, shares));
    OK(set_study(mlp, 0, 1, 1, 0));
    FAILS(
        MEMQC_ERROR_ARGUMENT, "instances = 1",
        memqc_mlp_shapley(mlp, device, 0, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, shares));
    OK(memqc_mlp_shapley(mlp, device, 0, 0, NULL, TASK_INPUTS, NULL, NULL)); /* nothing to do */
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_shapley");
    TCase *games = add_group(suite, "games", setup);
    tcase_add_test(games, a_known_game_is_divided);
    tcase_add_loop_test(games, weights_are_those_of_all_orders, 1, 1 + MQC_ORDERS_PLAYERS);
    tcase_add_test(games, drawn_orders_estimate_the_shares);
    tcase_add_test(games, numbers_have_the_parts_of_bits);
    TCase *group = add_group(suite, "trained", make_task);
    tcase_add_test(group, of_two_properties_it_is_the_mean_of_loss_and_gain);
    tcase_add_test(group, everything_at_once);
    tcase_add_test(group, bad_questions_are_refused);
    return run_suite(suite);
}
