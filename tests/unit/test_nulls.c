/* SPDX-License-Identifier: BSD-3-Clause */
/* NULL for each object and array that the public functions take, where tests/unit/test_arguments_*.c
 * do not: refused, and the text says that it is NULL. */
#include "arguments.h"

#include <stdint.h>

static double numbers[MEMQC_MLP_LIMITS * 16];
static size_t n;

START_TEST(devices) {
    float *const g = f;
    int32_t traps[2] = {0, 0}, reasons[2];
    size_t rows[2];
    REFUSES_NULL(memqc_device_set_custom(NULL, 1, numbers, numbers, numbers));
    REFUSES_NULL(memqc_device_get_custom(NULL, 1, numbers, numbers, numbers, &n));
    REFUSES_NULL(memqc_device_get_custom(device, 1, numbers, numbers, numbers, NULL));
    REFUSES_NULL(memqc_device_custom_cells(NULL, 0, 0, 1, g));
    REFUSES_NULL(memqc_device_flicker(NULL, 0, 0, 1, 1, g, g));
    REFUSES_NULL(memqc_device_flicker(device, 0, 0, 1, 1, NULL, g));
    REFUSES_NULL(memqc_device_flicker(device, 0, 0, 1, 1, g, NULL));
    REFUSES_NULL(memqc_device_current(NULL, 1, g, g, g));
    REFUSES_NULL(memqc_device_current(device, 1, NULL, g, g));
    REFUSES_NULL(memqc_device_current(device, 1, g, NULL, g));
    REFUSES_NULL(memqc_device_current(device, 1, g, g, NULL));
    REFUSES_NULL(memqc_device_telegraph_advance(NULL, 0, 0, 1, 1, traps));
    REFUSES_NULL(memqc_device_telegraph_read(NULL, 1, traps, g, g));
    REFUSES_NULL(memqc_device_telegraph_read(device, 1, NULL, g, g));
    REFUSES_NULL(memqc_device_telegraph_read(device, 1, traps, NULL, g));
    REFUSES_NULL(memqc_device_telegraph_read(device, 1, traps, g, NULL));
    REFUSES_NULL(memqc_device_save_memory(NULL, NULL, 0, &n));
    MAKES_NULL(memqc_device, memqc_device_load_memory(NULL, 8, &out));
    REFUSES_NULL(memqc_device_load_memory(g, 8, NULL));
    REFUSES_NULL(memqc_device_set_levels(NULL, 2, g, g, 0, NULL));
    REFUSES_NULL(memqc_device_set_levels(device, 2, NULL, g, 0, NULL));
    REFUSES_NULL(memqc_device_get_levels(NULL, 0, NULL, NULL, &n, 0, NULL, NULL));
    REFUSES_NULL(memqc_device_get_levels(device, 0, NULL, NULL, NULL, 0, NULL, NULL));
    REFUSES_NULL(memqc_device_set_jumps(NULL, 0, 1, 1, g, 2, g));
    REFUSES_NULL(memqc_device_set_jumps(device, 0, 1, 1, g, 2, NULL));
    REFUSES_NULL(memqc_device_get_jumps(NULL, 0, 1, 1, g, 2, g));
    REFUSES_NULL(memqc_device_fit_jump_bands(NULL, 0, 1, 1, g, g));
    REFUSES_NULL(memqc_device_fit_level_errors(NULL, 1, g, g, &n));
    REFUSES_NULL(memqc_device_fit_level_errors(device, 1, g, g, NULL));
    REFUSES_NULL(memqc_device_fit_left_out(NULL, 1, rows, g, reasons, &n));
    REFUSES_NULL(memqc_device_fit_left_out(device, 1, rows, g, reasons, NULL));
    REFUSES_NULL(memqc_device_fit_residuals(NULL, 1, g, &n));
    REFUSES_NULL(memqc_device_fit_residuals(device, 1, g, NULL));
}
END_TEST

START_TEST(arrays) {
    float *const g = f;
    uint64_t seed;
    int32_t stuck[ROWS * COLS];
    const size_t places[1] = {0};
    const int32_t pulses[1] = {1};
    MAKES_NULL(memqc_crossbar, memqc_crossbar_copy(NULL, &out));
    REFUSES_NULL(memqc_crossbar_copy(array, NULL));
    MAKES_NULL(memqc_device, memqc_crossbar_get_device(NULL, &out));
    REFUSES_NULL(memqc_crossbar_get_device(array, NULL));
    REFUSES_NULL(memqc_crossbar_set_device(NULL, device));
    REFUSES_NULL(memqc_crossbar_set_device(array, NULL));
    REFUSES_NULL(memqc_crossbar_get_seed(NULL, &seed));
    REFUSES_NULL(memqc_crossbar_get_seed(array, NULL));
    REFUSES_NULL(memqc_crossbar_set_progress(NULL, NULL, NULL));
    REFUSES_NULL(memqc_crossbar_get_clock(NULL, numbers));
    REFUSES_NULL(memqc_crossbar_get_clock(array, NULL));
    REFUSES_NULL(memqc_crossbar_advance(NULL, 1));
    REFUSES_NULL(memqc_crossbar_get_compensation(NULL, numbers));
    REFUSES_NULL(memqc_crossbar_get_compensation(array, NULL));
    REFUSES_NULL(memqc_crossbar_calibrate_transposed(NULL, 1, g, COLS, 100));
    REFUSES_NULL(memqc_crossbar_stick(NULL, 0, 1, places, g));
    REFUSES_NULL(memqc_crossbar_stick(array, 0, 1, NULL, g));
    REFUSES_NULL(memqc_crossbar_unstick(NULL, 0, 1, places));
    REFUSES_NULL(memqc_crossbar_unstick(array, 0, 1, NULL));
    REFUSES_NULL(memqc_crossbar_get_stuck(NULL, 0, stuck, COLS));
    REFUSES_NULL(memqc_crossbar_get_stuck(array, 0, NULL, COLS));
    REFUSES_NULL(memqc_crossbar_remap(NULL, &n, &n));
    REFUSES_NULL(memqc_crossbar_pulse(NULL, 0, 1, places, pulses));
    REFUSES_NULL(memqc_crossbar_pulse(array, 0, 1, NULL, pulses));
    REFUSES_NULL(memqc_crossbar_pulse(array, 0, 1, places, NULL));
    REFUSES_NULL(memqc_crossbar_update_outer(array, 1, 1, g, ROWS, NULL, COLS));
    REFUSES_NULL(memqc_crossbar_set_conductances(NULL, 0, g, COLS));
    REFUSES_NULL(memqc_crossbar_set_conductances(array, 0, NULL, COLS));
    REFUSES_NULL(memqc_crossbar_set_reference(NULL, 0, g));
    REFUSES_NULL(memqc_crossbar_set_reference(array, 0, NULL));
    REFUSES_NULL(memqc_crossbar_get_reference(NULL, 0, g));
    REFUSES_NULL(memqc_crossbar_get_reference(array, 0, NULL));
    REFUSES_NULL(memqc_crossbar_get_report(NULL, MEMQC_CROSSBAR_REPORT_CELLS, numbers));
    REFUSES_NULL(memqc_crossbar_get_report(array, MEMQC_CROSSBAR_REPORT_CELLS, NULL));
}
END_TEST

START_TEST(insides_and_files_of_arrays) {
    float *const g = f;
    REFUSES_NULL(memqc_crossbar_tile(NULL, 0, &n, &n, &n, &n));
    REFUSES_NULL(memqc_crossbar_nodes(NULL, 0, 0, g, g, g));
    REFUSES_NULL(memqc_crossbar_nodes_transposed(NULL, 0, 0, g, g, g));
    REFUSES_NULL(memqc_crossbar_branches(NULL, 0, 0, g, g, g, g));
    REFUSES_NULL(memqc_crossbar_branches_transposed(NULL, 0, 0, g, g, g, g));
    REFUSES_NULL(memqc_crossbar_save(NULL, "never"));
    REFUSES_NULL(memqc_crossbar_save(array, NULL));
    REFUSES_NULL(memqc_crossbar_save_memory(NULL, NULL, 0, &n));
    REFUSES_NULL(memqc_crossbar_save_memory(array, NULL, 0, NULL));
    MAKES_NULL(memqc_crossbar, memqc_crossbar_load(NULL, &out));
    REFUSES_NULL(memqc_crossbar_load("never", NULL));
    MAKES_NULL(memqc_crossbar, memqc_crossbar_load_memory(NULL, 8, &out));
    REFUSES_NULL(memqc_crossbar_load_memory(g, 8, NULL));
}
END_TEST

START_TEST(networks) {
    static const int32_t labels[SAMPLES];
    uint64_t seed;
    int32_t flag;
    MAKES_NULL(memqc_mlp, memqc_mlp_copy(NULL, &out));
    REFUSES_NULL(memqc_mlp_copy(analog, NULL));
    MAKES_NULL(memqc_device, memqc_mlp_get_device(NULL, 0, &out));
    REFUSES_NULL(memqc_mlp_get_device(analog, 0, NULL));
    REFUSES_NULL(memqc_mlp_get_seed(NULL, &seed));
    REFUSES_NULL(memqc_mlp_get_seed(analog, NULL));
    REFUSES_NULL(memqc_mlp_set_progress(NULL, NULL, NULL));
    REFUSES_NULL(memqc_mlp_uses(NULL, MEMQC_MLP_BATCH, &flag));
    REFUSES_NULL(memqc_mlp_uses(analog, MEMQC_MLP_BATCH, NULL));
    REFUSES_NULL(memqc_mlp_set_crossbar(NULL, 0, MEMQC_CROSSBAR_W_MAX, 1));
    REFUSES_NULL(memqc_mlp_get_crossbar(NULL, 0, MEMQC_CROSSBAR_W_MAX, numbers));
    REFUSES_NULL(memqc_mlp_get_crossbar(analog, 0, MEMQC_CROSSBAR_W_MAX, NULL));
    REFUSES_NULL(memqc_mlp_monte_carlo(analog, device, SAMPLES, f, 2, labels, NULL));
    REFUSES_NULL(memqc_mlp_monte_carlo_hits(analog, device, SAMPLES, f, 2, labels, NULL, NULL));
    REFUSES_NULL(memqc_mlp_sensitivity(analog, device, MEMQC_MLP_PROPERTY_LEVELS, SAMPLES, f, 2,
                                       labels, NULL));
    REFUSES_NULL(memqc_mlp_shapley(analog, device, 2, SAMPLES, f, 2, labels, NULL));
}
END_TEST

START_TEST(statistics) {
    static const uint8_t hits[8];
    REFUSES_NULL(memqc_summary(2, NULL, MEMQC_SUMMARY_MEAN, numbers));
    REFUSES_NULL(memqc_summary(2, numbers, MEMQC_SUMMARY_MEAN, NULL));
    REFUSES_NULL(memqc_combine(2, NULL, numbers, numbers));
    REFUSES_NULL(memqc_combine(2, numbers, NULL, numbers));
    REFUSES_NULL(memqc_combine(2, numbers, numbers, NULL));
    REFUSES_NULL(memqc_nested(2, 2, 2, NULL, numbers));
    REFUSES_NULL(memqc_nested(2, 2, 2, hits, NULL));
    REFUSES_NULL(memqc_crossed(2, 4, NULL, NULL, numbers));
    REFUSES_NULL(memqc_crossed(2, 4, hits, NULL, NULL));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("nulls");
    TCase *tests = group(suite, "nulls");
    tcase_add_test(tests, devices);
    tcase_add_test(tests, arrays);
    tcase_add_test(tests, insides_and_files_of_arrays);
    tcase_add_test(tests, networks);
    tcase_add_test(tests, statistics);
    return run_suite(suite);
}
