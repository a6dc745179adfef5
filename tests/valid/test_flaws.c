/* SPDX-License-Identifier: BSD-3-Clause */
/* The functions that say what a device, an array and a network may be, on objects of which one number
 * is spoilt in memory, one after the other: each is found, and named, and the object is none of
 * fault once the number is back. Files cannot get as far with most of them: reading refuses before. */
#include "../property/objects.h"

#include "crossbar/array/array.h"
#include "crossbar/mapping/position.h"
#include "crossbar/valid.h"
#include "device/cell/levels.h"
#include "device/models/custom_host.h"
#include "device/models/models.h"
#include "device/valid.h"
#include "mlp/pass/inside.h"
#include "mlp/valid.h"

/* What objects.h makes whole series of; here each is asked for by its name. */
static void sample(unsigned char *bytes, size_t size) {
    (void)size;
    free(bytes);
}

/* With another value in a place, the function that knows finds what is wrong. */
#define SPOILT(flaw_of, object, place, value, text)                               \
    do {                                                                          \
        __typeof__(place) kept_ = (place);                                        \
        ck_assert_ptr_null(flaw_of(object));                                      \
        (place) = (value);                                                        \
        const char *const flaw_ = flaw_of(object);                                \
        ck_assert_msg(flaw_ &&strstr(flaw_, text), "%s = %s: %s", #place, #value, \
                      flaw_ ? flaw_ : "nothing is found");                        \
        (place) = kept_;                                                          \
        ck_assert_ptr_null(flaw_of(object));                                      \
    } while (0)
#define BAD_DEVICE(place, value, text) SPOILT(mqc_device_flaw, device, place, value, text)
#define BAD_CROSSBAR(place, value, text) SPOILT(mqc_crossbar_flaw, xb, place, value, text)
#define BAD_MLP(place, value, text) SPOILT(mqc_mlp_flaw, mlp, place, value, text)

/* --- devices --- */

START_TEST(parameters_of_devices) {
    memqc_device *device = table_device();
    BAD_DEVICE(device->value[MQC_DEVICE_AT(G_MAX)], -1, "out of its range");
    BAD_DEVICE(device->value[MQC_DEVICE_AT(G_MAX)], NAN, "out of its range");
    BAD_DEVICE(device->value[MQC_DEVICE_AT(MODEL)], MEMQC_DEVICE_LINEAR, "do not fit together");
    BAD_DEVICE(device->value[MQC_DEVICE_AT(G_MIN)], 1, "do not fit together");
    memqc_device_destroy(&device);

    OK(memqc_device_create_preset("hfox-a", &device));
    BAD_DEVICE(device->sigma, 2 * device->sigma, "draws are not those");
    BAD_DEVICE(device->k, 2 * device->k + 1, "draws are not those");
    BAD_DEVICE(device->uneven, 1, "draws are not those");
    BAD_DEVICE(device->value[MQC_DEVICE_AT(DRIFT_NU_SPREAD)], -0.1, "do not fit together");
    OK(memqc_device_set(device, MEMQC_DEVICE_STUCK_ON, 0.6));
    BAD_DEVICE(device->value[MQC_DEVICE_AT(STUCK_OFF)], 0.6, "do not fit together");
    memqc_device_destroy(&device);

    OK(memqc_device_create_preset("soft-bounds", &device));
    BAD_DEVICE(device->law[0].step, 2 * device->law[0].step, "draws are not those");
    BAD_DEVICE(device->law[1].shape, device->law[1].shape + 1, "draws are not those");
    BAD_DEVICE(device->pulse.kind, (enum mqc_pulse_kind)(device->pulse.kind + 1), "draws are");
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(tables_of_devices) {
    memqc_device *device = table_device();
    for (int down = 0; down < 2; down++) {
        struct mqc_table *const table = &device->table[down];
        BAD_DEVICE(table->n, 0, "of a size that none has");
        BAD_DEVICE(table->n, MQC_TABLE_NODES + 1, "of a size that none has");
        BAD_DEVICE(table->g[0], -1, "that none can be");
        BAD_DEVICE(table->g[2], INFINITY, "that none can be");
        BAD_DEVICE(table->g[1], table->g[0], "that none can be");
        BAD_DEVICE(table->step[1], -1e-9f, "that none can be");
        BAD_DEVICE(table->step[2], NAN, "that none can be");
    }
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(levels_of_devices) {
    memqc_device *device = levels_device(0);
    struct mqc_levels *levels = device->levels;
    BAD_DEVICE(levels->n, 1, "a number of levels");
    BAD_DEVICE(levels->n, MQC_LEVELS_MOST + 1, "a number of levels");
    BAD_DEVICE(levels->quantiles, 1, "a number of levels");
    BAD_DEVICE(levels->quantiles, MQC_LEVELS_QUANTILES + 1, "a number of levels");
    BAD_DEVICE(levels->g[0], 1e4f, "no device can have");
    BAD_DEVICE(levels->g[2], -1e-6f, "no device can have");
    BAD_DEVICE(levels->g[1], levels->g[0], "no device can have");
    BAD_DEVICE(levels->sd[1], -1e-6f, "no device can have");
    BAD_DEVICE(levels->sd[1], 1e4f, "no device can have");
    memqc_device_destroy(&device);

    device = levels_device(2);
    levels = device->levels;
    BAD_DEVICE(levels->quantile[0], -1e-6f, "no device can have");
    BAD_DEVICE(levels->quantile[1], 1e4f, "no device can have");
    BAD_DEVICE(levels->quantile[3], levels->quantile[2] / 2, "no device can have");
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(jumps_of_devices) {
    memqc_device *device = jumps_device();
    struct mqc_jumps *const jumps = device->jumps;
    for (size_t k = 0; k < 4; k++) {
        struct mqc_jump_table *const table = &jumps->table[k];
        float *const quantile = jumps->block + table->q_at;
        BAD_DEVICE(table->n_g, 0, "a size that none has");
        BAD_DEVICE(table->n_g, MEMQC_DEVICE_TABLE_NODES + 1, "a size that none has");
        BAD_DEVICE(table->n_q, 1, "a size that none has");
        BAD_DEVICE(table->n_q, MEMQC_DEVICE_JUMP_QUANTILES + 1, "a size that none has");
        BAD_DEVICE(jumps->block[table->g_at], -1, "that none can be");
        BAD_DEVICE(quantile[0], -1e4f, "that none can be");
        BAD_DEVICE(quantile[2], NAN, "that none can be");
        BAD_DEVICE(quantile[2], quantile[1] - 1e-6f, "that none can be");
    }
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(reports_of_fits) {
    memqc_device *device = fitted_device(MEMQC_DEVICE_FIT_BEST);
    struct mqc_fit_report *const fit = &device->fit;
    ck_assert_int_gt(fit->taken, 0);
    BAD_DEVICE(fit->drift, NAN, "impossible numbers");
    BAD_DEVICE(fit->drift_error, -1, "impossible numbers");
    BAD_DEVICE(fit->drift_error, INFINITY, "impossible numbers");
    BAD_DEVICE(fit->memory[0], INFINITY, "impossible numbers");
    BAD_DEVICE(fit->memory[1], NAN, "impossible numbers");
    BAD_DEVICE(fit->standard_error[1], -1, "impossible numbers");
    BAD_DEVICE(fit->standard_error[2], INFINITY, "impossible numbers");
    BAD_DEVICE(fit->of[0].log_likelihood, INFINITY, "impossible numbers");
    BAD_DEVICE(fit->of[1].ks, -0.1, "impossible numbers");
    BAD_DEVICE(fit->of[1].ks, 1.1, "impossible numbers");
    BAD_DEVICE(fit->of[2].ks_p, NAN, "impossible numbers");
    BAD_DEVICE(fit->posterior.n, -1, "more parameters");
    BAD_DEVICE(fit->posterior.n, MQC_FIT_DRAWN + 1, "more parameters");
    ck_assert_int_gt(fit->posterior.n, 1);
    BAD_DEVICE(fit->posterior.value[0], NAN, "a covariance");
    BAD_DEVICE(fit->posterior.root[2], INFINITY, "a covariance");
    memqc_device_destroy(&device);
}
END_TEST

/* --- two devices --- */

#define DIFFERS(a, b, place, value)                                               \
    do {                                                                          \
        __typeof__(place) kept_ = (place);                                        \
        ck_assert_int_eq(mqc_device_equal(a, b), 1);                              \
        (place) = (value);                                                        \
        ck_assert_msg(mqc_device_equal(a, b) == 0, "%s is not compared", #place); \
        ck_assert_msg(mqc_device_equal(b, a) == 0, "%s is not compared", #place); \
        (place) = kept_;                                                          \
    } while (0)

/* Both made by the same calls: they share no table, as copies do. */
START_TEST(equal_devices) {
    memqc_device *a = table_device(), *b = table_device();
    DIFFERS(a, b, b->seed, 5);
    DIFFERS(a, b, b->value[3], 5);
    DIFFERS(a, b, b->ops, &mqc_device_linear);
    DIFFERS(a, b, b->custom.host, (struct mqc_host *)(void *)a);
    DIFFERS(a, b, b->table[0].n, 2);
    DIFFERS(a, b, b->table[0].g[1], 7);
    DIFFERS(a, b, b->table[1].step[2], 7);
    memqc_device_destroy(&a);
    memqc_device_destroy(&b);

    a = levels_device(2), b = levels_device(2);
    DIFFERS(a, b, b->ladder, NULL);
    DIFFERS(a, b, b->levels->n, 2);
    DIFFERS(a, b, b->levels->quantiles, 0);
    DIFFERS(a, b, b->levels->g[1], 7);
    DIFFERS(a, b, b->levels->sd[1], 7);
    DIFFERS(a, b, b->levels->quantile[5], 7);
    memqc_device_destroy(&a);
    memqc_device_destroy(&b);

    a = jumps_device(), b = jumps_device();
    DIFFERS(a, b, b->jumps, NULL);
    DIFFERS(a, b, b->jumps->n, 1);
    DIFFERS(a, b, b->jumps->table[1].n_g, 1);
    DIFFERS(a, b, b->jumps->table[1].n_q, 2);
    DIFFERS(a, b, b->jumps->block[b->jumps->table[2].g_at], 7);
    DIFFERS(a, b, b->jumps->block[b->jumps->table[3].q_at], -7);
    memqc_device_destroy(&a);
    OK(memqc_device_copy(b, &a));
    ck_assert_int_eq(mqc_device_equal(a, b), 1);
    memqc_device_destroy(&a);
    memqc_device_destroy(&b);
}
END_TEST

/* --- arrays --- */

static memqc_crossbar *new_array(int32_t rule) {
    static const struct setting settings[] = {
        {MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
        {MEMQC_CROSSBAR_ADC_BITS, 6},
        {MEMQC_CROSSBAR_ADC_RANGE, MEMQC_CROSSBAR_RANGE_CALIBRATED}};
    static float w[12], x[12];
    memqc_device *device;
    memqc_crossbar *xb;
    setup();
    OK(memqc_device_create_preset(rule == MEMQC_CROSSBAR_RULE_TIKI_TAKA ? "soft-bounds" : "hfox-a",
                                  &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_DRIFT_NU, 0.05));
    OK(memqc_crossbar_create(device, 4, 3, 0, &xb));
    for (size_t i = 0; i < COUNT(settings); i++)
        OK(memqc_crossbar_set(xb, settings[i].key, settings[i].value));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, rule));
    for (size_t i = 0; i < COUNT(w); i++) {
        w[i] = (float)uniform(-1, 1);
        x[i] = (float)uniform(0, 1);
    }
    OK(memqc_crossbar_program(xb, w, 3));
    OK(memqc_crossbar_calibrate(xb, 3, x, 4, 100));
    OK(memqc_crossbar_advance(xb, 10));
    OK(memqc_crossbar_update_outer(xb, -0.1, 2, x, 4, w, 3));
    memqc_device_destroy(&device);
    return xb;
}

START_TEST(parameters_and_cells_of_arrays) {
    memqc_crossbar *xb = new_array(MEMQC_CROSSBAR_RULE_NEAREST_LEVEL);
    struct mqc_plane *const plane = &xb->cells.plane[1];
    struct mqc_weights *const weights = &xb->weights;
    BAD_CROSSBAR(xb->device->sigma, 7, "a device's");
    BAD_CROSSBAR(xb->value[MEMQC_CROSSBAR_W_MAX - MQC_CROSSBAR_FIRST], -1, "out of its range");
    BAD_CROSSBAR(xb->value[MEMQC_CROSSBAR_SLICES - MQC_CROSSBAR_FIRST], 8, "");
    BAD_CROSSBAR(xb->account.clock, -1, "clock");
    BAD_CROSSBAR(xb->account.clock, 1e31, "clock");
    BAD_CROSSBAR(xb->account.cost[2], -1, "costs");
    BAD_CROSSBAR(xb->account.cost[2], INFINITY, "costs");
    BAD_CROSSBAR(xb->account.compensation.factor, 0, "compensation");
    BAD_CROSSBAR(xb->account.compensation.factor, INFINITY, "compensation");
    BAD_CROSSBAR(xb->account.compensation.reference, -1, "compensation");
    BAD_CROSSBAR(xb->account.compensation.reference, INFINITY, "compensation");
    BAD_CROSSBAR(plane->g[3], NAN, "a cell of a crossbar");
    BAD_CROSSBAR(plane->g[3], -1e-6f, "a cell of a crossbar");
    BAD_CROSSBAR(plane->level[3], 0, "a cell of a crossbar");
    BAD_CROSSBAR(plane->level[3], 33, "a cell of a crossbar");
    ck_assert_ptr_nonnull(plane->g0);
    BAD_CROSSBAR(plane->g0[0], -1, "a cell of a crossbar");
    BAD_CROSSBAR(plane->g0[0], INFINITY, "a cell of a crossbar");
    BAD_CROSSBAR(plane->born[0], -1, "a cell of a crossbar");
    BAD_CROSSBAR(plane->born[0], 11, "a cell of a crossbar");
    BAD_CROSSBAR(weights->map.slices, 2, "a weight");
    BAD_CROSSBAR(weights->map.kind, MEMQC_CROSSBAR_MAPPING_SINGLE, "a weight");
    BAD_CROSSBAR(weights->scale[0], 0, "a weight");
    BAD_CROSSBAR(weights->slope[0], NAN, "a weight");
    OK(mqc_positions_keep(xb));
    BAD_CROSSBAR(weights->position[0], 32, "a weight");
    BAD_CROSSBAR(weights->position[0], -32, "a weight");
    BAD_CROSSBAR(weights->position[0], 0.5f, "a weight");
    ck_assert_ptr_nonnull(xb->readout.range[0]);
    BAD_CROSSBAR(xb->readout.ranges[0], 1, "of other converters");
    BAD_CROSSBAR(xb->readout.range[0][0], 0, "a range");
    BAD_CROSSBAR(xb->readout.range[0][0], INFINITY, "a range");
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(what_update_rules_of_arrays_keep) {
    memqc_crossbar *xb = new_array(MEMQC_CROSSBAR_RULE_MIXED_PRECISION);
    ck_assert_ptr_nonnull(xb->update.gathered);
    BAD_CROSSBAR(xb->update.gathered[1], NAN, "an update rule's state");
    BAD_CROSSBAR(xb->update.zero, xb->update.gathered, "another rule's");
    BAD_CROSSBAR(xb->value[MEMQC_CROSSBAR_RULE - MQC_CROSSBAR_FIRST],
                 MEMQC_CROSSBAR_RULE_NEAREST_LEVEL, "another rule's");
    memqc_crossbar_destroy(&xb);

    xb = new_array(MEMQC_CROSSBAR_RULE_TIKI_TAKA);
    memqc_crossbar *const fast = xb->update.fast;
    ck_assert_ptr_nonnull(fast);
    BAD_CROSSBAR(xb->update.zero[0], INFINITY, "an update rule's state");
    BAD_CROSSBAR(xb->update.zero, NULL, "another rule's");
    BAD_CROSSBAR(fast->update.fast, xb, "a fast array that has");
    BAD_CROSSBAR(fast->programmed, 0, "does not fit");
    BAD_CROSSBAR(fast->shape.rows, 3, "does not fit");
    BAD_CROSSBAR(fast->shape.cols, 4, "does not fit");
    BAD_CROSSBAR(fast->value[MEMQC_CROSSBAR_ADC_BITS - MQC_CROSSBAR_FIRST], 5, "does not fit");
    BAD_CROSSBAR(fast->weights.scale[0], 3, "does not fit");
    BAD_CROSSBAR(fast->weights.map.kind, MEMQC_CROSSBAR_MAPPING_REFERENCE, "does not fit");
    BAD_CROSSBAR(fast->weights.map.slices, 2, "does not fit");
    BAD_CROSSBAR(fast->device->seed, 3, "does not fit");
    BAD_CROSSBAR(fast->cells.plane[0].g[0], NAN, "a cell of a crossbar");
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* --- networks --- */

START_TEST(networks) {
    static const size_t shape[] = {4, 3, 2};
    static const int32_t labels[] = {0, 1, 0, 1};
    static float x[16];
    memqc_device *device;
    memqc_mlp *mlp;
    setup();
    for (size_t i = 0; i < COUNT(x); i++)
        x[i] = (float)uniform(0, 1);
    OK(memqc_device_create_preset("hfox-a", &device));
    OK(memqc_mlp_create(shape, 3, device, 0, &mlp));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_RULE,
                              MEMQC_CROSSBAR_RULE_MIXED_PRECISION));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD_MOMENTUM));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_VALIDATION, 0.5));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_RESTORE_BEST, 1));
    OK(memqc_mlp_fit(mlp, 4, x, 4, labels, 2));
    struct mqc_layer *const layer = &mlp->layer[1];
    struct mqc_store *const now = &layer->now;
    struct mqc_progress *const at = &mlp->at;
    struct mqc_store *const best = &layer->best[at->best_slot];
    ck_assert_int_eq(at->best_kept, 1);
    BAD_MLP(mlp->value[MEMQC_MLP_BATCH - MEMQC_MLP_RULE], -1, "out of its range");
    BAD_MLP(layer->value[MEMQC_MLP_BATCH - MEMQC_MLP_RULE], NAN, "out of its range");
    BAD_MLP(mlp->value[MEMQC_MLP_INPUT_MIN - MEMQC_MLP_RULE], 1, "do not fit together");
    BAD_MLP(at->best_epoch, 3, "a progress");
    BAD_MLP(at->best_epoch, 0, "a progress");
    BAD_MLP(at->running.samples, at->epoch_samples + 1, "a progress");
    BAD_MLP(at->running.correct, at->running.samples + 1, "a progress");
    BAD_MLP(mlp->ready, 0, "a progress");
    BAD_MLP(at->running.loss, INFINITY, "a loss");
    BAD_MLP(layer->device->sigma, 7, "a device's");
    BAD_MLP(layer->plan.array->account.clock, -1, "parameters of an array");
    BAD_MLP(now->bias, NULL, "without what its rule trains");
    BAD_MLP(now->xb, NULL, "without what its rule trains");
    BAD_MLP(now->w, now->bias, "without what its rule trains");
    BAD_MLP(now->bias[0], NAN, "among the weights");
    BAD_MLP(now->state[0][0], INFINITY, "among the moments");
    BAD_MLP(now->xb->shape.rows, 2, "does not fit its layer");
    BAD_MLP(now->xb->shape.cols, 3, "does not fit its layer");
    BAD_MLP(now->xb->value[0], MEMQC_CROSSBAR_MAPPING_REFERENCE, "does not fit its layer");
    BAD_MLP(now->xb->device->seed, 77, "does not fit its layer");
    BAD_MLP(now->xb->programmed, 0, "never programmed");
    BAD_MLP(best->bias[1], INFINITY, "among the weights");
    memqc_mlp_destroy(&mlp);
    memqc_device_destroy(&device);
}
END_TEST

RUN_TESTS("flaws", parameters_of_devices, tables_of_devices, levels_of_devices, jumps_of_devices,
          reports_of_fits, equal_devices, parameters_and_cells_of_arrays,
          what_update_rules_of_arrays_keep, networks)
