/* SPDX-License-Identifier: BSD-3-Clause */
/* What the functions of crossbars do with NULL and with arguments out of range. */
#include "arguments.h"

#include <math.h>

START_TEST(crossbar_arguments) {
    const size_t half = (size_t)1 << 16;
    int32_t key = 0;
    double value = 0;
    uint64_t count = 0;
    MAKES_NULL(memqc_crossbar, memqc_crossbar_create(NULL, ROWS, COLS, 0, &out));
    MAKES_NULL(memqc_crossbar, memqc_crossbar_create(device, 0, COLS, 0, &out));
    MAKES_NULL(memqc_crossbar, memqc_crossbar_create(device, ROWS, 0, 0, &out));
    MAKES_NULL(memqc_crossbar, memqc_crossbar_create(device, half, half, 0, &out));
    MAKES_NULL(memqc_crossbar, memqc_crossbar_create(device, (size_t)-1, 2, 0, &out));
    MAKES_NULL(memqc_crossbar, memqc_crossbar_create(device, (size_t)-1 / 2 + 2, 2, 0, &out));
    REFUSES_NULL(memqc_crossbar_create(device, ROWS, COLS, 0, NULL));
    REFUSES_NULL(memqc_crossbar_set(NULL, MEMQC_CROSSBAR_W_MAX, 1));
    REFUSES_NULL(memqc_crossbar_get(NULL, MEMQC_CROSSBAR_W_MAX, &value));
    REFUSES_NULL(memqc_crossbar_get(blank, MEMQC_CROSSBAR_W_MAX, NULL));
    REFUSES_NULL(memqc_crossbar_key(NULL, &key));
    REFUSES_NULL(memqc_crossbar_key("mapping", NULL));
    REFUSES_NULL(memqc_crossbar_uses(NULL, MEMQC_CROSSBAR_W_MAX, &key));
    REFUSES_NULL(memqc_crossbar_uses(blank, MEMQC_CROSSBAR_W_MAX, NULL));
    REFUSES_NULL(memqc_crossbar_set_many(NULL, 0, NULL, NULL));
    REFUSES(memqc_crossbar_set_many(blank, 1, NULL, &value));
    REFUSES(memqc_crossbar_set_many(blank, 1, &key, NULL));
    OK(memqc_crossbar_set_many(blank, 0, NULL, NULL));
    REFUSES_NULL(memqc_crossbar_key_value(MEMQC_CROSSBAR_W_MAX, MEMQC_KEY_MIN, NULL));
    REFUSES_NULL(memqc_crossbar_choice(MEMQC_CROSSBAR_MAPPING, NULL, &key));
    REFUSES_NULL(memqc_crossbar_choice(MEMQC_CROSSBAR_MAPPING, "single", NULL));
    REFUSES_NULL(memqc_crossbar_set_seed(NULL, 1));
    REFUSES_NULL(memqc_crossbar_get_shape(NULL, NULL, NULL, NULL));
    OK(memqc_crossbar_get_shape(blank, NULL, NULL, NULL));
    REFUSES_NULL(memqc_crossbar_get_count(NULL, MEMQC_CROSSBAR_COUNT_PROGRAMMED, &count));
    REFUSES_NULL(memqc_crossbar_get_count(blank, MEMQC_CROSSBAR_COUNT_PROGRAMMED, NULL));
    REFUSES(memqc_crossbar_get_count(blank, 0, &count));
    REFUSES(memqc_crossbar_get_count(blank, -1, &count));
    REFUSES(memqc_crossbar_get_count(blank, 1000, &count));
}
END_TEST

START_TEST(crossbar_programming) {
    static const size_t places[] = {0, ROWS * COLS - 1}, beyond[] = {0, ROWS * COLS};
    REFUSES_NULL(memqc_crossbar_program(NULL, f, COLS));
    REFUSES_NULL(memqc_crossbar_program(blank, NULL, COLS));
    REFUSES(memqc_crossbar_program(blank, f, COLS - 1));
    REFUSES_NULL(memqc_crossbar_program_cell(NULL, 0, 0, 0));
    REFUSES(memqc_crossbar_program_cell(array, ROWS, 0, 0));
    REFUSES(memqc_crossbar_program_cell(array, 0, COLS, 0));
    REFUSES(memqc_crossbar_program_cell(array, (size_t)-1, 0, 0));
    FAILS(MEMQC_ERROR_DATA, "nan", memqc_crossbar_program_cell(array, 0, 0, NAN));
    FAILS(MEMQC_ERROR_DATA, "inf", memqc_crossbar_program_cell(array, 0, 0, -INFINITY));
    REFUSES_NULL(memqc_crossbar_program_list(NULL, 2, places, f));
    REFUSES_NULL(memqc_crossbar_program_list(array, 2, NULL, f));
    REFUSES_NULL(memqc_crossbar_program_list(array, 2, places, NULL));
    REFUSES(memqc_crossbar_program_list(array, 2, beyond, f));
    REFUSES_NULL(memqc_crossbar_update(NULL, 1, f, COLS));
    REFUSES_NULL(memqc_crossbar_update(array, 1, NULL, COLS));
    REFUSES(memqc_crossbar_update(array, 1, f, COLS - 1));
    REFUSES(memqc_crossbar_update(array, INFINITY, f, COLS));
    OK(memqc_crossbar_update(array, 1, f, COLS));

    /* Bad data: its place is named, and nothing is programmed. */
    float before[ROWS * COLS], after[ROWS * COLS];
    uint64_t programmed = 0, still = 0;
    OK(memqc_crossbar_get_conductances(array, 0, before, COLS));
    OK(memqc_crossbar_get_count(array, MEMQC_CROSSBAR_COUNT_PROGRAMMED, &programmed));
    f[2 * COLS + 1] = INFINITY;
    FAILS(MEMQC_ERROR_DATA, "2", memqc_crossbar_program(array, f, COLS));
    f[2 * COLS + 1] = NAN;
    FAILS(MEMQC_ERROR_DATA, "2", memqc_crossbar_program(array, f, COLS));
    FAILS(MEMQC_ERROR_DATA, NULL, memqc_crossbar_update(array, 1, f, COLS));
    f[1] = NAN;
    FAILS(MEMQC_ERROR_DATA, "1", memqc_crossbar_program_list(array, 2, places, f));
    OK(memqc_crossbar_get_conductances(array, 0, after, COLS));
    OK(memqc_crossbar_get_count(array, MEMQC_CROSSBAR_COUNT_PROGRAMMED, &still));
    ck_assert_mem_eq(before, after, sizeof before);
    ck_assert_uint_eq(programmed, still);
    f[1] = f[2 * COLS + 1] = 0;

    /* What shapes the weights is settled by the first programming. */
    FAILS(MEMQC_ERROR_STATE, "mapping",
          memqc_crossbar_set(array, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_SINGLE));
    FAILS(MEMQC_ERROR_STATE, "w_max", memqc_crossbar_set(array, MEMQC_CROSSBAR_W_MAX, 2));
}
END_TEST

START_TEST(crossbar_currents) {
    float *x = f, *y = f + STATES;
    uint64_t vector;
    REFUSES_NULL(memqc_crossbar_currents(NULL, 0, 1, x, ROWS, y, COLS));
    REFUSES_NULL(memqc_crossbar_currents(array, 0, 1, NULL, ROWS, y, COLS));
    REFUSES_NULL(memqc_crossbar_currents(array, 0, 1, x, ROWS, NULL, COLS));
    REFUSES(memqc_crossbar_currents(array, 1, 1, x, ROWS, y, COLS));
    OK(memqc_crossbar_currents(array, 0, 0, NULL, ROWS, NULL, COLS));
    REFUSES(memqc_crossbar_currents(array, 0, 1, x, ROWS - 1, y, COLS));
    REFUSES(memqc_crossbar_currents(array, 0, 1, x, ROWS, y, COLS - 1));
    REFUSES_NULL(memqc_crossbar_currents_transposed(NULL, 0, 1, x, COLS, y, ROWS));
    REFUSES_NULL(memqc_crossbar_currents_transposed(array, 0, 1, NULL, COLS, y, ROWS));
    REFUSES_NULL(memqc_crossbar_currents_transposed(array, 0, 1, x, COLS, NULL, ROWS));
    REFUSES(memqc_crossbar_currents_transposed(array, 1, 1, x, COLS, y, ROWS));
    OK(memqc_crossbar_currents_transposed(array, 0, 0, NULL, COLS, NULL, ROWS));
    REFUSES(memqc_crossbar_currents_transposed(array, 0, 1, x, COLS - 1, y, ROWS));
    REFUSES(memqc_crossbar_currents_transposed(array, 0, 1, x, COLS, y, ROWS - 1));
    REFUSES_NULL(memqc_crossbar_ideal_currents(NULL, 0, 1, x, ROWS, y, COLS));
    REFUSES_NULL(memqc_crossbar_ideal_currents(array, 0, 1, NULL, ROWS, y, COLS));
    REFUSES_NULL(memqc_crossbar_ideal_currents(array, 0, 1, x, ROWS, NULL, COLS));
    REFUSES(memqc_crossbar_ideal_currents(array, 1, 1, x, ROWS, y, COLS));
    OK(memqc_crossbar_ideal_currents(array, 0, 0, NULL, ROWS, NULL, COLS));
    REFUSES(memqc_crossbar_ideal_currents(array, 0, 1, x, ROWS - 1, y, COLS));
    REFUSES(memqc_crossbar_ideal_currents(array, 0, 1, x, ROWS, y, COLS - 1));
    REFUSES_NULL(memqc_crossbar_ideal_currents_transposed(NULL, 0, 1, x, COLS, y, ROWS));
    REFUSES_NULL(memqc_crossbar_ideal_currents_transposed(array, 0, 1, NULL, COLS, y, ROWS));
    REFUSES_NULL(memqc_crossbar_ideal_currents_transposed(array, 0, 1, x, COLS, NULL, ROWS));
    REFUSES(memqc_crossbar_ideal_currents_transposed(array, 1, 1, x, COLS, y, ROWS));
    OK(memqc_crossbar_ideal_currents_transposed(array, 0, 0, NULL, COLS, NULL, ROWS));
    REFUSES(memqc_crossbar_ideal_currents_transposed(array, 0, 1, x, COLS - 1, y, ROWS));
    REFUSES(memqc_crossbar_ideal_currents_transposed(array, 0, 1, x, COLS, y, ROWS - 1));
    REFUSES_NULL(memqc_crossbar_get_vector(NULL, &vector));
    REFUSES_NULL(memqc_crossbar_get_vector(array, NULL));
    REFUSES_NULL(memqc_crossbar_rewind(NULL, 0));
}
END_TEST

START_TEST(crossbar_reading) {
    float *x = f, *y = f + STATES;
    REFUSES_NULL(memqc_crossbar_mac(NULL, 1, x, ROWS, y, COLS));
    REFUSES_NULL(memqc_crossbar_mac(array, 1, NULL, ROWS, y, COLS));
    REFUSES_NULL(memqc_crossbar_mac(array, 1, x, ROWS, NULL, COLS));
    REFUSES(memqc_crossbar_mac(array, 1, x, ROWS, x + ROWS - 1, COLS));
    OK(memqc_crossbar_mac(array, 0, NULL, ROWS, NULL, COLS));
    REFUSES(memqc_crossbar_mac(array, 1, x, ROWS - 1, y, COLS));
    REFUSES(memqc_crossbar_mac(array, 1, x, ROWS, y, COLS - 1));
    REFUSES_NULL(memqc_crossbar_mac_transposed(NULL, 1, x, COLS, y, ROWS));
    REFUSES_NULL(memqc_crossbar_mac_transposed(array, 1, NULL, COLS, y, ROWS));
    REFUSES_NULL(memqc_crossbar_mac_transposed(array, 1, x, COLS, NULL, ROWS));
    REFUSES(memqc_crossbar_mac_transposed(array, 1, x, COLS, x + COLS - 1, ROWS));
    OK(memqc_crossbar_mac_transposed(array, 0, NULL, COLS, NULL, ROWS));
    REFUSES(memqc_crossbar_mac_transposed(array, 1, x, COLS - 1, y, ROWS));
    REFUSES(memqc_crossbar_mac_transposed(array, 1, x, COLS, y, ROWS - 1));
    REFUSES_NULL(memqc_crossbar_get_weights(NULL, y, COLS));
    REFUSES_NULL(memqc_crossbar_get_weights(array, NULL, COLS));
    REFUSES(memqc_crossbar_get_weights(array, y, COLS - 1));
    REFUSES_NULL(memqc_crossbar_get_nominal_weights(NULL, y, COLS));
    REFUSES_NULL(memqc_crossbar_get_nominal_weights(array, NULL, COLS));
    REFUSES(memqc_crossbar_get_nominal_weights(array, y, COLS - 1));
    REFUSES_NULL(memqc_crossbar_get_levels(NULL, 0, levels, COLS));
    REFUSES_NULL(memqc_crossbar_get_levels(array, 0, NULL, COLS));
    REFUSES(memqc_crossbar_get_levels(array, 1, levels, COLS));
    REFUSES(memqc_crossbar_get_levels(array, 0, levels, COLS - 1));
    REFUSES_NULL(memqc_crossbar_get_conductances(NULL, 0, y, COLS));
    REFUSES_NULL(memqc_crossbar_get_conductances(array, 0, NULL, COLS));
    REFUSES(memqc_crossbar_get_conductances(array, 1, y, COLS));
    REFUSES(memqc_crossbar_get_conductances(array, 0, y, COLS - 1));
}
END_TEST

START_TEST(crossbar_before_programming) {
    static const size_t place = 0;
    float *x = f, *y = f + STATES;
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_program_cell(blank, 0, 0, 0));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_program_list(blank, 1, &place, f));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_update(blank, 1, f, COLS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_mac(blank, 1, x, ROWS, y, COLS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_mac_transposed(blank, 1, x, COLS, y, ROWS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_currents(blank, 0, 1, x, ROWS, y, COLS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_get_weights(blank, y, COLS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_get_nominal_weights(blank, y, COLS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_get_levels(blank, 0, levels, COLS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_get_conductances(blank, 0, y, COLS));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("arguments_crossbar");
    TCase *arguments = group(suite, "arguments");
    tcase_add_test(arguments, crossbar_arguments);
    tcase_add_test(arguments, crossbar_programming);
    tcase_add_test(arguments, crossbar_currents);
    tcase_add_test(arguments, crossbar_reading);
    tcase_add_test(arguments, crossbar_before_programming);
    return run_suite(suite);
}
