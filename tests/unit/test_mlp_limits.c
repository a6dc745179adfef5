/* SPDX-License-Identifier: BSD-3-Clause */
/* Losses and limits of a network whose accuracy has a closed form. */
#include "sensitivity.h"

/* --- a network whose accuracy is known: one input, which is 1, two units, and the label of the
 * larger weight --- */

enum { MANY = 600 };

static const size_t tiny_sizes[] = {1, 2};
static const float tiny_x[] = {1};
static const int32_t tiny_labels[] = {0};

/* Weights of 0.25 and -0.25; conductances, and differences of two, are far from 0. */
static memqc_mlp *make_tiny(double mapping) {
    static const float w[] = {0.25f, -0.25f}, none[] = {0, 0};
    memqc_mlp *mlp = make(tiny_sizes, 2, NULL);
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_mlp_set_seed(mlp, 3));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_TRANSFER_RANGE, 4)); /* the range is 1, four root mean
                                                               squares */
    OK(memqc_mlp_set_weights(mlp, 0, w, 2, none));
    return mlp;
}

static memqc_device *make_tiny_device(int32_t key, double sd) {
    const struct setting settings[] = {{MEMQC_DEVICE_G_MAX, 110e-6},
                                       {MEMQC_DEVICE_G_MIN, 100e-6},
                                       {MEMQC_DEVICE_K, 0},
                                       {MEMQC_DEVICE_SIGMA, 0},
                                       {key, sd}};
    return make_device("ideal", settings, COUNT(settings));
}

/* A difference of 2.5 uS (of pairs 2 x 2.5 uS) with noise of sd on each cell is right with the
 * probability Phi(difference / (sqrt(cells) sd)). */
static double tiny_accuracy(double sd) {
    return 0.5 * erfc(-2.5e-6 / (sqrt(2) * sd) / sqrt(2));
}

static const int32_t noise_keys[] = {MEMQC_DEVICE_SIGMA, MEMQC_DEVICE_READ_NOISE};
static const int32_t noise_properties[] = {MEMQC_MLP_PROPERTY_C2C, MEMQC_MLP_PROPERTY_READ_NOISE};

START_TEST(limits_of_a_known_network) {
    const double sd = 1.5e-6 * (1 + _i / 2), target = 0.9,
                 room = 2.5e-6 / (sqrt(2) * 1.2815515655446004); /* Phi^-1(0.9) */
    const int32_t property = noise_properties[_i % 2];
    memqc_mlp *mlp = make_tiny(MEMQC_CROSSBAR_MAPPING_SINGLE);
    memqc_device *device = make_tiny_device(noise_keys[_i % 2], sd);
    OK(set_study(mlp, 0, MANY, 2, target));
    OK(memqc_mlp_sensitivity(mlp, device, property, 1, tiny_x, 1, tiny_labels,
                             limits_of(property)));
    const double right = tiny_accuracy(sd), se = sqrt(right * (1 - right) / MANY);
    ck_assert(limit(property, MEMQC_MLP_LIMIT_IDEAL) == 1);
    ck_assert(fabs(limit(property, MEMQC_MLP_LIMIT_VALUE) / sd - 1) < 1e-6);
    const double accuracy = limit(property, MEMQC_MLP_LIMIT_ACCURACY),
                 loss = limit(property, MEMQC_MLP_LIMIT_LOSS);
    ck_assert_msg(fabs(accuracy - right) < 5 * se, "accuracy %g, expected %g +- %g", accuracy,
                  right, se);
    ck_assert(fabs(loss - (1 - accuracy)) < 1e-12);
    const double half = mqc_mean_interval(MANY) * sqrt(accuracy * (1 - accuracy) * MANY /
                                                       (MANY - 1)); /* of what is right or wrong */
    ck_assert(fabs(limit(property, MEMQC_MLP_LIMIT_LOSS_HIGH) - loss - half) < 1e-9);
    ck_assert(fabs(loss - limit(property, MEMQC_MLP_LIMIT_LOSS_LOW) - half) < 1e-9);
    /* The factor: accuracy falls there by z phi(z) a relative change of sd, z = 1.28. */
    const double required = limit(property, MEMQC_MLP_LIMIT_REQUIRED),
                 slope = 1.2815515655 * 0.1754983319 / room;
    const double error = sqrt(0.9 * 0.1 / MANY) / slope;
    ck_assert_msg(fabs(required - room) < 5 * error + 0.02 * room,
                  "required %g S, expected %g +- %g", required, room, error);
    ck_assert(fabs(limit(property, MEMQC_MLP_LIMIT_FACTOR) * sd / required - 1) < 1e-6);
    /* Its interval: as wide as that of the mean over the slope, known to 10 %, and 2 % of the
     * factor at each end: 20 % of it. */
    const double low = limit(property, MEMQC_MLP_LIMIT_REQUIRED_LOW),
                 high = limit(property, MEMQC_MLP_LIMIT_REQUIRED_HIGH);
    ck_assert_msg(fabs((high - low) / (2 * 1.96 * error) - 1) < 0.35,
                  "an interval of %g S, expected %g", high - low, 2 * 1.96 * error);
    ck_assert(low <= required && required <= high);
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* Over many seeds, 95 % of the intervals hold the truth (few instances each, so that the interval
 * is wider than the 2 % of the search). */
START_TEST(intervals_of_factors_cover) {
    enum { TRIALS = 60, FEW = 40 };
    const double room = 2.5e-6 / (sqrt(2) * 1.2815515655446004);
    memqc_device *device = make_tiny_device(MEMQC_DEVICE_SIGMA, 1e-6);
    size_t covered = 0;
    for (uint64_t seed = 0; seed < TRIALS; seed++) {
        memqc_mlp *mlp = make_tiny(MEMQC_CROSSBAR_MAPPING_SINGLE);
        mlp->seed = seed;
        OK(set_study(mlp, 0, FEW, 1, 0.9));
        OK(memqc_mlp_sensitivity(mlp, device, MEMQC_MLP_PROPERTY_C2C, 1, tiny_x, 1, tiny_labels,
                                 limits_of(MEMQC_MLP_PROPERTY_C2C)));
        covered += limit(MEMQC_MLP_PROPERTY_C2C, MEMQC_MLP_LIMIT_REQUIRED_LOW) <= room &&
                   room <= limit(MEMQC_MLP_PROPERTY_C2C, MEMQC_MLP_LIMIT_REQUIRED_HIGH);
        memqc_mlp_destroy(&mlp);
    }
    const double part = (double)covered / TRIALS; /* what is right or wrong is no normal number,
                                                     hence 2 % more */
    ck_assert_msg(fabs(part - 0.95) < 5 * sqrt(0.95 * 0.05 / TRIALS) + 0.02,
                  "holds it in %g of the cases", part);
    memqc_device_destroy(&device);
}
END_TEST

/* Two instances have a wide interval. The accuracy that it leaves stays between 0 and 1. */
START_TEST(losses_leave_an_accuracy) {
    enum { TRIALS = 40, PAIR = 2 };
    const int32_t property = MEMQC_MLP_PROPERTY_C2C;
    memqc_device *device = make_tiny_device(MEMQC_DEVICE_SIGMA, 2e-6);
    size_t cut = 0;
    for (uint64_t seed = 0; seed < TRIALS; seed++) {
        memqc_mlp *mlp = make_tiny(MEMQC_CROSSBAR_MAPPING_SINGLE);
        mlp->seed = seed;
        OK(set_study(mlp, 0, PAIR, 1, 0));
        OK(memqc_mlp_sensitivity(mlp, device, property, 1, tiny_x, 1, tiny_labels,
                                 limits_of(property)));
        const double ideal = limit(property, MEMQC_MLP_LIMIT_IDEAL),
                     loss = limit(property, MEMQC_MLP_LIMIT_LOSS),
                     low = limit(property, MEMQC_MLP_LIMIT_LOSS_LOW),
                     high = limit(property, MEMQC_MLP_LIMIT_LOSS_HIGH);
        ck_assert(low <= loss && loss <= high);
        ck_assert_double_le(ideal - low, 1);
        ck_assert_double_ge(ideal - high, 0);
        if (loss > 0 &&
            loss < 1) { /* one of both is right: half a loss, and a half width of 6.35 */
            ck_assert_double_eq(low, ideal - 1);
            ck_assert_double_eq(high, ideal);
            cut++;
        }
        memqc_mlp_destroy(&mlp);
    }
    ck_assert_uint_gt(cut, 0);
    memqc_device_destroy(&device);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_limits");
    TCase *group = add_group(suite, "known", setup);
    tcase_add_loop_test(group, limits_of_a_known_network, 0, 4);
    tcase_add_test(group, intervals_of_factors_cover);
    tcase_add_test(group, losses_leave_an_accuracy);
    return run_suite(suite);
}
