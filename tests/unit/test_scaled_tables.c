/* SPDX-License-Identifier: BSD-3-Clause */
/* Scaled properties of devices that are given by levels one by one, by a table of steps or by a law
 * that becomes another: each number of the new table against the old one. */
#include "test.h"

#include "device/cell/levels.h"
#include "device/models/models.h"
#include "device/property.h"

#include <math.h>

enum { LEVELS = 5, QUANTILES = 3, NODES = 4 };

static const float g[LEVELS] = {90e-6f, 60e-6f, 50e-6f, 45e-6f, 10e-6f};
static const float sd[LEVELS] = {1e-6f, 2e-6f, 3e-6f, 1e-6f, 5e-7f};

static memqc_device *levels_device(int with_quantiles) {
    static const float around[QUANTILES] = {-2e-6f, 1e-6f, 3e-6f};
    float quantile[LEVELS * QUANTILES];
    memqc_device *d;
    for (size_t i = 0; i < LEVELS * QUANTILES; i++)
        quantile[i] = g[i / QUANTILES] + around[i % QUANTILES];
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &d));
    OK(memqc_device_set_levels(d, LEVELS, g, with_quantiles ? NULL : sd,
                               with_quantiles ? QUANTILES : 0, with_quantiles ? quantile : NULL));
    return d;
}

static memqc_device *scaled(const memqc_device *from, enum mqc_property property, double factor) {
    memqc_device *d;
    OK(memqc_device_copy(from, &d));
    OK(mqc_property_scale(d, property, factor));
    return d;
}

#define NEAR(got, wanted) ck_assert_double_eq_tol((double)(got), (double)(wanted), 2e-11)

/* Both kinds: the nominal levels of a device whose levels or unevenness are scaled. */
START_TEST(levels_between_levels) {
    memqc_device *d = levels_device(_i);
    memqc_device *finer = scaled(d, MQC_PROPERTY_LEVELS, 0.5);
    const struct mqc_levels *const from = d->levels, *const to = finer->levels;
    ck_assert_uint_eq(to->n, 2 * LEVELS - 1);
    for (size_t i = 0; i < LEVELS; i++)
        NEAR(to->g[2 * i], g[i]);
    for (size_t i = 0; i + 1 < LEVELS; i++) {
        NEAR(to->g[2 * i + 1], 0.5f * (g[i] + g[i + 1]));
        NEAR(to->sd[2 * i + 1], 0.5f * (from->sd[i] + from->sd[i + 1]));
        for (size_t j = 0; j < to->quantiles; j++)
            NEAR(to->quantile[(2 * i + 1) * QUANTILES + j],
                 0.5f *
                     (from->quantile[i * QUANTILES + j] + from->quantile[(i + 1) * QUANTILES + j]));
    }
    ck_assert_double_eq(mqc_property_value(finer, MQC_PROPERTY_LEVELS, 0), 2 * LEVELS - 1);
    memqc_device_destroy(&finer);

    memqc_device *coarser = scaled(d, MQC_PROPERTY_LEVELS, 2);
    ck_assert_uint_eq(coarser->levels->n, 3);
    for (size_t i = 0; i < 3; i++)
        NEAR(coarser->levels->g[i], g[2 * i]);
    memqc_device_destroy(&coarser);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(levels_become_even) {
    static const double factors[] = {0, 0.5};
    memqc_device *d = levels_device(_i);
    for (size_t f = 0; f < COUNT(factors); f++) {
        memqc_device *even = scaled(d, MQC_PROPERTY_ASYMMETRY, factors[f]);
        for (size_t i = 0; i < LEVELS; i++) {
            const double line = 90e-6 - 80e-6 * (double)i / (LEVELS - 1);
            const double moved = (1 - factors[f]) * (line - (double)g[i]);
            NEAR(even->levels->g[i], (double)g[i] + moved);
            NEAR(even->levels->sd[i], d->levels->sd[i]);
            for (size_t j = i * QUANTILES; _i && j < (i + 1) * QUANTILES; j++)
                NEAR(even->levels->quantile[j], (double)d->levels->quantile[j] + moved);
        }
        ck_assert((mqc_property_value(even, MQC_PROPERTY_ASYMMETRY, 0) < 1e-5) == (f == 0));
        memqc_device_destroy(&even);
    }
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(levels_get_their_noise) {
    memqc_device *d = levels_device(_i), *noisy = scaled(d, MQC_PROPERTY_C2C, 2);
    for (size_t i = 0; i < LEVELS; i++) {
        NEAR(noisy->levels->g[i], g[i]);
        NEAR(noisy->levels->sd[i], 2 * d->levels->sd[i]);
        for (size_t j = i * QUANTILES; _i && j < (i + 1) * QUANTILES; j++)
            NEAR(noisy->levels->quantile[j], 2 * d->levels->quantile[j] - g[i]);
    }
    const double one = mqc_property_value(d, MQC_PROPERTY_C2C, 0);
    ck_assert_double_eq_tol(mqc_property_value(noisy, MQC_PROPERTY_C2C, 0) / one, 2, 0.02);
    memqc_device_destroy(&noisy);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(tables_of_steps) {
    static const float nodes[NODES] = {10e-6f, 30e-6f, 60e-6f, 100e-6f};
    static const float up[NODES] = {4e-6f, 3e-6f, 2e-6f, 1e-6f},
                       down[NODES] = {1e-6f, 2e-6f, 2e-6f, 1e-6f};
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_TABLE, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MIN, 10e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MAX, 100e-6));
    OK(memqc_device_set_table(d, 1, NODES, nodes, up));
    OK(memqc_device_set_table(d, -1, NODES, nodes, down));
    memqc_device *even = scaled(d, MQC_PROPERTY_ASYMMETRY, 0),
                 *half = scaled(d, MQC_PROPERTY_ASYMMETRY, 0.5),
                 *fine = scaled(d, MQC_PROPERTY_LEVELS, 0.5);
    const double states = mqc_device_states(d),
                 finer = (mqc_device_states(fine) - 1) / (states - 1);
    ck_assert_double_gt(finer, 1);
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < NODES; i++) {
            const double step = (double)(k ? down : up)[i], mean = 2e-6;
            NEAR(even->table[k].step[i], mean);
            NEAR(half->table[k].step[i], 0.5 * (mean + step));
            NEAR(fine->table[k].step[i], step / finer);
            NEAR(fine->table[k].g[i], nodes[i]);
        }
    ck_assert_double_eq(mqc_property_value(even, MQC_PROPERTY_ASYMMETRY, 0), 0);
    ck_assert_double_eq_tol(2 * mqc_property_value(half, MQC_PROPERTY_ASYMMETRY, 0),
                            mqc_property_value(d, MQC_PROPERTY_ASYMMETRY, 0), 0.1);
    memqc_device_destroy(&even);
    memqc_device_destroy(&half);
    memqc_device_destroy(&fine);
    memqc_device_destroy(&d);
}
END_TEST

/* Soft bounds have slopes of 1, and are a linear law with others. */
START_TEST(laws_become_others) {
    memqc_device *d, *half;
    OK(memqc_device_create(MEMQC_DEVICE_SOFT_BOUNDS, &d));
    ck_assert_double_eq(mqc_property_most(d, MQC_PROPERTY_ASYMMETRY), 1);
    half = scaled(d, MQC_PROPERTY_ASYMMETRY, 0.5);
    ck_assert(half->ops == &mqc_device_linear);
    ck_assert_double_eq(half->value[MQC_DEVICE_AT(SLOPE_UP)], 0.5);
    ck_assert_double_eq(half->value[MQC_DEVICE_AT(SLOPE_DOWN)], 0.5);
    ck_assert_double_lt(mqc_property_value(half, MQC_PROPERTY_ASYMMETRY, 0),
                        mqc_property_value(d, MQC_PROPERTY_ASYMMETRY, 0));
    memqc_device_destroy(&half);
    memqc_device_destroy(&d);

    OK(memqc_device_create_preset("hfox-a", &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_PRINTED));
    ck_assert_double_gt(mqc_property_value(d, MQC_PROPERTY_ASYMMETRY, 0), 0);
    half = scaled(d, MQC_PROPERTY_ASYMMETRY, 0);
    ck_assert_double_eq(half->value[MQC_DEVICE_AT(LAW)], MEMQC_DEVICE_LAW_LINEAR);
    ck_assert_double_eq(mqc_property_value(half, MQC_PROPERTY_ASYMMETRY, 0), 0);
    memqc_device_destroy(&half);
    memqc_device_destroy(&d);
}
END_TEST

/* A device that has nothing of a property gets some, which a factor scales. */
START_TEST(something_to_begin_with) {
    static const int32_t models[] = {MEMQC_DEVICE_QUANTIZED, MEMQC_DEVICE_CONSTANT,
                                     MEMQC_DEVICE_NEUROSIM};
    for (size_t m = 0; m < COUNT(models); m++)
        for (int p = MQC_PROPERTY_C2C; p < MQC_PROPERTIES; p++) {
            const enum mqc_property property = (enum mqc_property)p;
            memqc_device *d;
            OK(memqc_device_create(models[m], &d));
            OK(memqc_device_set(d, MEMQC_DEVICE_G_MAX, 1e-4));
            const double none = mqc_property_value(d, property, 1e3);
            const int can = mqc_property_begin(d, property);
            ck_assert_int_eq(can, p != MQC_PROPERTY_ASYMMETRY || d->ops->pulsed);
            OK(d->ops->prepare(d, "test"));
            ck_assert_msg(!can || mqc_property_value(d, property, 1e3) > 0, "%zu %d", m, p);
            OK(mqc_property_scale(d, property, 0));
            ck_assert_double_le(mqc_property_value(d, property, 1e3), none);
            memqc_device_destroy(&d);
        }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("scaled tables");
    TCase *group = add_group(suite, "tables", NULL);
    tcase_add_loop_test(group, levels_between_levels, 0, 2);
    tcase_add_loop_test(group, levels_become_even, 0, 2);
    tcase_add_loop_test(group, levels_get_their_noise, 0, 2);
    tcase_add_test(group, tables_of_steps);
    tcase_add_test(group, laws_become_others);
    tcase_add_test(group, something_to_begin_with);
    return run_suite(suite);
}
