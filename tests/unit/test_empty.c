/* SPDX-License-Identifier: BSD-3-Clause */
/* With n = 0 or batch = 0, functions do nothing and succeed, and their arrays may be NULL. */
#include "public.h"

START_TEST(devices) {
    memqc_device *pulsed = NULL;
    OK(memqc_device_create(MEMQC_DEVICE_LINEAR, &pulsed));
    OK(memqc_device_set_many(device, 0, NULL, NULL));
    OK(memqc_device_nearest(device, 0, NULL, NULL));
    OK(memqc_device_draw(device, 0, 0, 0, NULL, NULL, NULL));
    OK(memqc_device_draw_levels(device, 0, 0, 0, 1, levels, NULL, 1));
    OK(memqc_device_staircase(device, 0, 0, 0, NULL, STATES, NULL));
    OK(memqc_device_cells(device, MEMQC_DEVICE_G_MAX, 0, 0, NULL));
    OK(memqc_device_response(pulsed, 1, 1e-5, 0, NULL));
    OK(memqc_device_pulse(pulsed, 0, 0, 0, 1, NULL, NULL, NULL));
    OK(memqc_device_pulse_each(pulsed, 0, 0, 0, NULL, NULL, NULL, NULL));
    OK(memqc_device_program(pulsed, 0, 0, 0, NULL, NULL, NULL, NULL));
    OK(memqc_device_apply(pulsed, 0, 0, 0, 1, NULL, NULL, NULL));
    OK(memqc_device_read(device, 0, 0, 0, NULL, NULL));
    memqc_device_destroy(&pulsed);
}
END_TEST

START_TEST(crossbars) {
    uint64_t before = 0, after = 0;
    OK(memqc_crossbar_set_many(array, 0, NULL, NULL));
    OK(memqc_crossbar_get_vector(array, &before));
    OK(memqc_crossbar_program_list(array, 0, NULL, NULL));
    OK(memqc_crossbar_pulse(array, 0, 0, NULL, NULL));
    OK(memqc_crossbar_mac(array, 0, NULL, ROWS, NULL, COLS));
    OK(memqc_crossbar_mac_transposed(array, 0, NULL, COLS, NULL, ROWS));
    OK(memqc_crossbar_currents(array, 0, 0, NULL, ROWS, NULL, COLS));
    OK(memqc_crossbar_currents_transposed(array, 0, 0, NULL, COLS, NULL, ROWS));
    OK(memqc_crossbar_ideal_currents(array, 0, 0, NULL, ROWS, NULL, COLS));
    OK(memqc_crossbar_ideal_currents_transposed(array, 0, 0, NULL, COLS, NULL, ROWS));
    OK(memqc_crossbar_update_outer(array, 1, 0, NULL, ROWS, NULL, COLS));
    OK(memqc_crossbar_stick(array, 0, 0, NULL, NULL));
    OK(memqc_crossbar_unstick(array, 0, 0, NULL));
    OK(memqc_crossbar_get_vector(array, &after));
    ck_assert_uint_eq(before, after);
}
END_TEST

START_TEST(networks) {
    OK(memqc_mlp_set_many(digital, 0, NULL, NULL));
    OK(memqc_mlp_predict(digital, 0, NULL, 0, NULL, 0, NULL));
    OK(memqc_mlp_predict(analog, 0, NULL, 0, NULL, 0, NULL));
    OK(memqc_mlp_train_epoch(digital, 0, NULL, 0, NULL));
    OK(memqc_mlp_fit(analog, 0, NULL, 0, NULL, 1));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("empty");
    TCase *tests = group(suite, "empty");
    tcase_add_test(tests, devices);
    tcase_add_test(tests, crossbars);
    tcase_add_test(tests, networks);
    return run_suite(suite);
}
