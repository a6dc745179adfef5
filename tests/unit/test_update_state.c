/* SPDX-License-Identifier: BSD-3-Clause */
/* Updates of an array: what a rule keeps is copied, saved, and left alone by a failure. */
#include "update.h"

#include "core/alloc.h"
#include "crossbar/array/array.h"

#include <float.h>

static const struct {
    int32_t rule;
    const char *preset;
    int32_t mapping;
} kinds[] = {
    {MEMQC_CROSSBAR_RULE_NEAREST_LEVEL, "hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE},
    {MEMQC_CROSSBAR_RULE_STOCHASTIC, "hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
    {MEMQC_CROSSBAR_RULE_SIGN, "hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE},
    {MEMQC_CROSSBAR_RULE_MIXED_PRECISION, "hfox-b", MEMQC_CROSSBAR_MAPPING_SINGLE},
    {MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL, "hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
    {MEMQC_CROSSBAR_RULE_PULSE_TRAIN, "rpu", MEMQC_CROSSBAR_MAPPING_SINGLE},
    {MEMQC_CROSSBAR_RULE_TIKI_TAKA, "soft-bounds", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
    {MEMQC_CROSSBAR_RULE_TIKI_TAKA_2, "soft-bounds", MEMQC_CROSSBAR_MAPPING_SINGLE},
};

static memqc_crossbar *kind_of(int i) {
    return array_of(kinds[i].preset, kinds[i].mapping, kinds[i].rule, 6);
}

struct bytes {
    size_t size;
    unsigned char data[1 << 17];
};

static void save(const memqc_crossbar *xb, struct bytes *bytes) {
    OK(memqc_crossbar_save_memory(xb, bytes->data, sizeof bytes->data, &bytes->size));
}

static void go_on(memqc_crossbar *xb, int updates) {
    struct change change;
    srand(12);
    for (int update = 0; update < updates; update++) {
        draw_change(&change, 1, 0.3, 1);
        apply(xb, -0.3, &change, 1);
    }
}

START_TEST(copies_and_saved_arrays_go_on_alike) {
    static struct bytes here, there;
    memqc_crossbar *xb = kind_of(_i), *copy = NULL, *loaded = NULL;
    go_on(xb, 20);
    OK(memqc_crossbar_copy(xb, &copy));
    save(xb, &here);
    OK(memqc_crossbar_load_memory(here.data, here.size, &loaded));
    save(copy, &there);
    ck_assert_uint_eq(here.size, there.size);
    ck_assert_mem_eq(here.data, there.data, here.size);
    go_on(xb, 20);
    go_on(copy, 20);
    go_on(loaded, 20);
    save(xb, &here);
    save(copy, &there);
    ck_assert_mem_eq(here.data, there.data, here.size);
    save(loaded, &there);
    ck_assert_mem_eq(here.data, there.data, here.size);
    memqc_crossbar_destroy(&loaded);
    memqc_crossbar_destroy(&copy);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* A point of symmetry that no cell can have would make the next transfers infinite; a full buffer
 * takes no more. */
START_TEST(what_is_transferred_stays_finite) {
    static struct bytes bytes;
    memqc_crossbar *xb = kind_of(COUNT(kinds) - 1), *loaded = NULL;
    go_on(xb, 20);
    const float zero = xb->update.zero[4];
    xb->update.zero[4] = 3e38f;
    save(xb, &bytes);
    FAILS(MEMQC_ERROR_FORMAT, "out of its range",
          memqc_crossbar_load_memory(bytes.data, bytes.size, &loaded));
    xb->update.zero[4] = -1e30f; /* the last that is allowed, as a full buffer is */
    xb->update.gathered[4] = FLT_MAX;
    go_on(xb, 20);
    xb->update.zero[4] = zero;
    save(xb, &bytes);
    OK(memqc_crossbar_load_memory(bytes.data, bytes.size, &loaded));
    memqc_crossbar_destroy(&loaded);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Whichever allocation fails, the array is as it was, and goes on as if nothing had happened. */
START_TEST(failures_leave_the_array_alone) {
    static struct bytes before, after, wanted;
    memqc_status status = MEMQC_ERROR_NOMEM;
    struct change change;
    memqc_crossbar *xb = kind_of(_i), *other = kind_of(_i);
    draw_change(&change, 1, 0.3, 1);
    save(xb, &before);
    for (long n = 0; status == MEMQC_ERROR_NOMEM; n++) {
        mqc_alloc_fail_after(n);
        status = memqc_crossbar_update_outer(xb, -0.3, BATCH, change.x, ROWS, change.d, COLS);
        mqc_alloc_fail_after(-1);
        save(xb, &after);
        if (status == MEMQC_ERROR_NOMEM) {
            ck_assert_uint_eq(after.size, before.size);
            ck_assert_mem_eq(after.data, before.data, before.size);
        }
    }
    OK(status);
    apply(other, -0.3, &change, 1);
    save(other, &wanted);
    ck_assert_mem_eq(after.data, wanted.data, wanted.size);
    memqc_crossbar_destroy(&other);
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(bad_steps_change_nothing) {
    static struct bytes before, after;
    struct change change;
    memqc_crossbar *xb = kind_of(_i);
    const int trains = kinds[_i].rule >= MEMQC_CROSSBAR_RULE_PULSE_TRAIN;
    go_on(xb, 3);
    save(xb, &before);
    draw_change(&change, 1, 0.3, 1);
    REFUSES_NULL(memqc_crossbar_update(NULL, 1, change.dw, COLS));
    REFUSES_NULL(memqc_crossbar_update(xb, 1, NULL, COLS));
    REFUSES(memqc_crossbar_update(xb, 1, change.dw, COLS - 1));
    REFUSES(memqc_crossbar_update(xb, (double)INFINITY, change.dw, COLS));
    REFUSES(memqc_crossbar_update_outer(xb, 1, BATCH, change.x, ROWS - 1, change.d, COLS));
    REFUSES(memqc_crossbar_update_outer(xb, 1, BATCH, change.x, ROWS, change.d, COLS - 1));
    REFUSES(memqc_crossbar_update_outer(xb, 1e300, BATCH, change.x, ROWS, change.d, COLS));
    REFUSES_NULL(memqc_crossbar_update_outer(xb, 1, BATCH, NULL, ROWS, change.d, COLS));
    REFUSES_NULL(memqc_crossbar_update_outer(NULL, 1, 0, NULL, ROWS, NULL, COLS));
    OK(memqc_crossbar_update_outer(xb, 1, 0, NULL, 0, NULL, 0));
    change.dw[9] = NAN;
    change.x[ROWS + 2] = NAN;
    FAILS(trains ? MEMQC_ERROR_STATE : MEMQC_ERROR_DATA, trains ? "update_outer" : NULL,
          memqc_crossbar_update(xb, 1, change.dw, COLS));
    FAILS(MEMQC_ERROR_DATA, "x[1, 2]",
          memqc_crossbar_update_outer(xb, 1, BATCH, change.x, ROWS, change.d, COLS));
    change.x[ROWS + 2] = 3e38f;
    change.d[COLS] = 3e38f;
    const memqc_status status =
        memqc_crossbar_update_outer(xb, 1e30, BATCH, change.x, ROWS, change.d, COLS);
    if (status != MEMQC_OK) { /* rules without memory go to the end of the range */
        ck_assert_int_eq(status, MEMQC_ERROR_DATA);
        save(xb, &after);
        ck_assert_uint_eq(after.size, before.size);
        ck_assert_mem_eq(after.data, before.data, before.size);
    }
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(arrays_must_fit_the_rule) {
    struct change change;
    memqc_device *device = NULL;
    memqc_crossbar *xb =
        array_of("hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL, 1);
    draw_change(&change, 1, 0.3, 1);
    FAILS(MEMQC_ERROR_ARGUMENT, "pairs", memqc_crossbar_update(xb, 1, change.dw, COLS));
    memqc_crossbar_destroy(&xb);
    OK(memqc_device_create_preset("hfox-a", &device));
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    FAILS(MEMQC_ERROR_STATE, "programmed", memqc_crossbar_update(xb, 1, change.dw, COLS));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_NORMALIZATION, MEMQC_CROSSBAR_NORMALIZATION_COLUMN));
    OK(memqc_crossbar_program(xb, change.dw, COLS));
    OK(memqc_crossbar_update(xb, 1, change.dw, COLS));
    for (int32_t rule = MEMQC_CROSSBAR_RULE_STOCHASTIC; rule <= MEMQC_CROSSBAR_RULE_TIKI_TAKA_2;
         rule++) {
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, rule));
        FAILS(MEMQC_ERROR_ARGUMENT, "one scale",
              memqc_crossbar_update_outer(xb, 1, BATCH, change.x, ROWS, change.d, COLS));
    }
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* Another rule drops what the one before kept. */
START_TEST(rules_may_change) {
    float w[2][CELLS];
    struct change change;
    memqc_crossbar *xb = array_of("hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
                                  MEMQC_CROSSBAR_RULE_MIXED_PRECISION, 1);
    draw_change(&change, 1, 0.3, 1);
    for (size_t i = 0; i < CELLS; i++)
        change.dw[i] = 0.6f / (LEVELS - 1); /* of a step */
    OK(memqc_crossbar_get_nominal_weights(xb, w[0], COLS));
    apply(xb, 1, &change, 0);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_MIXED_PRECISION));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_SIGN));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_MIXED_PRECISION));
    apply(xb, 1, &change, 0);
    OK(memqc_crossbar_get_nominal_weights(xb, w[1], COLS));
    ck_assert_mem_eq(w[0], w[1], sizeof w[0]);
    apply(xb, 1, &change, 0); /* 1.2 steps have gathered */
    ck_assert_double_eq(moved_report(xb), CELLS);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Time passes for the fast array, too, and a new device is its own as well. Its symmetry points are
 * found once. */
START_TEST(fast_arrays_age_with_the_array) {
    static struct bytes before, after;
    memqc_crossbar *xb = kind_of(6), *copy = NULL;
    double noise = 0;
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_TIKI_TAKA_PAIRS, 100));
    go_on(xb, 5);
    FAILS(MEMQC_ERROR_STATE, "fast array",
          memqc_crossbar_set(xb, MEMQC_CROSSBAR_TIKI_TAKA_PAIRS, 100));
    OK(memqc_crossbar_advance(xb, 3));
    save(xb, &before);
    OK(memqc_crossbar_load_memory(before.data, before.size, &copy));
    ck_assert_double_eq(copy->update.fast->account.clock, 3);
    memqc_device *device = NULL;
    OK(memqc_crossbar_get_device(xb, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_C2C_STEP, 0.1));
    OK(memqc_crossbar_set_device(xb, device));
    OK(memqc_crossbar_set_device(copy, device));
    memqc_device_destroy(&device);
    OK(memqc_device_get(copy->update.fast->device, MEMQC_DEVICE_C2C_STEP, &noise));
    ck_assert_double_eq(noise, 0.1);
    go_on(xb, 5);
    go_on(copy, 5);
    save(xb, &before);
    save(copy, &after);
    ck_assert_mem_eq(before.data, after.data, before.size);
    memqc_crossbar_destroy(&copy);
    memqc_crossbar_destroy(&xb);
}
END_TEST

enum { LDW = COLS + 3 };

/* Weights with a step beside what the cells hold, in rows of LDW. */
static void draw_moved(const memqc_crossbar *xb, float *w, float *dw) {
    float held[CELLS];
    OK(memqc_crossbar_get_weights(xb, held, COLS));
    for (size_t i = 0; i < CELLS; i++) {
        float *const moved = w + i / COLS * LDW + i % COLS;
        *moved = held[i] + (float)uniform(-0.1, 0.1);
        dw[i] = *moved - held[i];
    }
}

static void holds(const memqc_crossbar *xb, const float *w) {
    float held[CELLS];
    OK(memqc_crossbar_get_weights(xb, held, COLS));
    for (size_t i = 0; i < ROWS; i++)
        ck_assert_mem_eq(w + i * LDW, held + i * COLS, COLS * sizeof *held);
}

/* To follow weights is to update by their difference, to the last bit. */
START_TEST(following_is_updating) {
    static struct bytes here, there;
    memqc_crossbar *xb = kind_of(_i), *other = kind_of(_i);
    float w[ROWS * LDW] = {0}, dw[CELLS];
    srand(3);
    for (int step = 0; step < 8; step++) {
        draw_moved(xb, w, dw);
        OK(memqc_crossbar_follow(xb, w, LDW));
        OK(memqc_crossbar_update(other, 1, dw, COLS));
        ck_assert_double_eq(moved_report(xb), moved_report(other));
        holds(xb, w);
    }
    save(xb, &here);
    save(other, &there);
    ck_assert_uint_eq(here.size, there.size);
    ck_assert_mem_eq(here.data, there.data, here.size);
    memqc_crossbar_destroy(&other);
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(weights_that_cannot_be_followed_stay) {
    static struct bytes before, after;
    memqc_crossbar *xb = kind_of(_i);
    float w[ROWS * LDW] = {0}, kept[ROWS * LDW], dw[CELLS];
    const int trains = kinds[_i].rule >= MEMQC_CROSSBAR_RULE_PULSE_TRAIN;
    go_on(xb, 2);
    draw_moved(xb, w, dw);
    w[2 * LDW + 1] = NAN;
    memcpy(kept, w, sizeof w);
    save(xb, &before);
    REFUSES_NULL(memqc_crossbar_follow(NULL, w, LDW));
    REFUSES_NULL(memqc_crossbar_follow(xb, NULL, LDW));
    REFUSES(memqc_crossbar_follow(xb, w, COLS - 1));
    FAILS(trains ? MEMQC_ERROR_STATE : MEMQC_ERROR_DATA, trains ? "update_outer" : "follow",
          memqc_crossbar_follow(xb, w, LDW));
    save(xb, &after);
    ck_assert_mem_eq(before.data, after.data, before.size);
    ck_assert_mem_eq(w, kept, sizeof w);
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(columns_of_their_own_scale_are_followed) {
    float w[ROWS * LDW] = {0}, dw[CELLS], held[CELLS], updated[CELLS];
    memqc_device *device = NULL;
    memqc_crossbar *xb = NULL, *other = NULL;
    srand(4);
    fill(CELLS, dw, -0.6, 0.6);
    OK(memqc_device_create_preset("ideal", &device));
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    FAILS(MEMQC_ERROR_STATE, "programmed", memqc_crossbar_follow(xb, w, LDW));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_NORMALIZATION, MEMQC_CROSSBAR_NORMALIZATION_COLUMN));
    OK(memqc_crossbar_program(xb, dw, COLS));
    OK(memqc_crossbar_copy(xb, &other));
    draw_moved(xb, w, dw);
    OK(memqc_crossbar_follow(xb, w, LDW));
    OK(memqc_crossbar_update(other, 1, dw, COLS));
    holds(xb, w);
    OK(memqc_crossbar_get_weights(xb, held, COLS));
    OK(memqc_crossbar_get_weights(other, updated, COLS));
    ck_assert_mem_eq(held, updated, sizeof held);
    memqc_crossbar_destroy(&other);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("update_state");
    TCase *promises = add_group(suite, "promises", NULL);
    tcase_add_loop_test(promises, copies_and_saved_arrays_go_on_alike, 0, COUNT(kinds));
    tcase_add_test(promises, what_is_transferred_stays_finite);
    tcase_add_loop_test(promises, failures_leave_the_array_alone, 0, COUNT(kinds));
    tcase_add_loop_test(promises, bad_steps_change_nothing, 0, COUNT(kinds));
    tcase_add_loop_test(promises, following_is_updating, 0, 5); /* those that take a step */
    tcase_add_loop_test(promises, weights_that_cannot_be_followed_stay, 0, COUNT(kinds));
    tcase_add_test(promises, columns_of_their_own_scale_are_followed);
    tcase_add_test(promises, arrays_must_fit_the_rule);
    tcase_add_test(promises, rules_may_change);
    tcase_add_test(promises, fast_arrays_age_with_the_array);
    return run_suite(suite);
}
