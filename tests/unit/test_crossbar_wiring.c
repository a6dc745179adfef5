/* SPDX-License-Identifier: BSD-3-Clause */
/* Wires beside the rest of an array: changes are seen, saved arrays go on, converters come after, and
 * reads are correlated. */
#include "crossbar_wires.h"

/* What changes a conductance shows at once, whatever was kept. */
START_TEST(every_change_is_seen) {
    static float x[ROWS], y[2][COLS], w[ROWS * COLS];
    static unsigned char bytes[1 << 20];
    static const size_t places[] = {5, 77};
    normals(99, 8, ROWS, x);
    normals(99, 9, ROWS * COLS, w);
    for (int change = 0; change < 6; change++) {
        memqc_crossbar *xb = make_array(ROWS, COLS, XB(MAPPING_DIFFERENTIAL),
                                        XB(NORMALIZATION_FIXED)),
                       *fresh;
        set_wires(xb, 3, 1, 100, 30);
        set(xb, XB(WIRE_METHOD), change % 2 ? XB(METHOD_MATRIX) : XB(METHOD_ITERATE));
        product(xb, 0, 1, x, ROWS, y[0], COLS);
        if (change == 0)
            OK(memqc_crossbar_program(xb, w, COLS));
        else if (change == 1)
            OK(memqc_crossbar_program_cell(xb, 3, 4, -0.9));
        else if (change == 2)
            OK(memqc_crossbar_update(xb, 0.1, w, COLS));
        else if (change == 3)
            OK(memqc_crossbar_stick(xb, 0, 2, places, (const float[]){1e-3f, 0}));
        else if (change == 4)
            set(xb, XB(BIT_RESISTANCE), 2);
        else
            set(xb, XB(TILE_COLS), 7);
        product(xb, 0, 1, x, ROWS, y[0], COLS);
        size_t size; /* one that has kept nothing */
        OK(memqc_crossbar_save_memory(xb, bytes, sizeof bytes, &size));
        OK(memqc_crossbar_load_memory(bytes, size, &fresh));
        product(fresh, 0, 1, x, ROWS, y[1], COLS);
        ck_assert_msg(memcmp(y[0], y[1], sizeof *y) == 0, "change %d", change);
        memqc_crossbar_destroy(&xb);
        memqc_crossbar_destroy(&fresh);
    }
}
END_TEST

START_TEST(a_saved_array_changes_over_at_the_same_vector) {
    static float x[ROWS * ROWS], y[2][ROWS * COLS];
    static unsigned char bytes[1 << 20];
    size_t size;
    normals(99, 10, ROWS * ROWS, x);
    memqc_crossbar *xb = make_array(ROWS, COLS, XB(MAPPING_SINGLE), XB(NORMALIZATION_FIXED)), *copy;
    set_wires(xb, 3, 1, 100, 30);
    product(xb, 0, 10, x, ROWS, y[0], COLS);
    OK(memqc_crossbar_save_memory(xb, bytes, sizeof bytes, &size));
    OK(memqc_crossbar_load_memory(bytes, size, &copy));
    for (size_t s = 0; s < ROWS; s++) {
        product(xb, 0, 1, x + s * ROWS, ROWS, y[0] + s * COLS, COLS);
        product(copy, 0, 1, x + s * ROWS, ROWS, y[1] + s * COLS, COLS);
    }
    ck_assert_mem_eq(y[0], y[1], sizeof *y);
    memqc_crossbar_destroy(&xb);
    memqc_crossbar_destroy(&copy);
}
END_TEST

/* Converters see what the circuit gives: with many bits, the product; calibrated ranges hold it. */
START_TEST(converters_come_after_the_wires) {
    static float x[BATCH * ROWS], y[2][BATCH * COLS];
    normals(99, 11, BATCH * ROWS, x);
    for (size_t i = 0; i < BATCH * ROWS; i++)
        x[i] = 0.25f * x[i];
    for (size_t m = 0; m < 4; m++) {
        for (int coding = XB(CODING_ANALOG); coding <= XB(CODING_PULSE_WIDTH); coding++) {
            memqc_crossbar *xb = make_array(ROWS, COLS, mappings[m], XB(NORMALIZATION_FIXED));
            set_wires(xb, 3, 1, 100, 30);
            set(xb, XB(WIRE_METHOD), coding % 2 ? XB(METHOD_MATRIX) : XB(METHOD_ITERATE));
            product(xb, 0, BATCH, x, ROWS, y[0], COLS);
            set(xb, XB(DAC_BITS), 16);
            set(xb, XB(ADC_BITS), 16);
            set(xb, XB(TILE_COLS), 13);
            set(xb, XB(INPUT_CODING), coding);
            set(xb, XB(ADC_RANGE), XB(RANGE_PER_COLUMN));
            OK(memqc_crossbar_calibrate(xb, BATCH, x, ROWS, 100));
            product(xb, 0, BATCH, x, ROWS, y[1], COLS);
            ck_assert_uint_eq(count_of(xb, XB(COUNT_SATURATED)), 0);
            /* bits of a serial input are converted one by one, in ranges of their own sums: half a
             * step each */
            ck_assert_double_le(worst_of(BATCH * COLS, y[1], y[0]), 1e-3);
            ck_assert_double_gt(worst_of(BATCH * COLS, y[1], y[0]), 0);
            memqc_crossbar_destroy(&xb);
        }
    }
}
END_TEST

START_TEST(bad_calls_are_refused) {
    static float volts[ROWS], y[ROWS * COLS];
    memqc_crossbar *xb = make_array(ROWS, COLS, XB(MAPPING_REFERENCE), XB(NORMALIZATION_FIXED));
    FAILS(MEMQC_ERROR_ARGUMENT, "1e-6 .. 1e6 ohm",
          memqc_crossbar_set(xb, XB(WORD_RESISTANCE), 1e-7));
    FAILS(MEMQC_ERROR_ARGUMENT, "tiles 0 .. 0", memqc_crossbar_tile(xb, 1, NULL, NULL, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "plane = 1", memqc_crossbar_nodes(xb, 1, 0, volts, y, NULL));
    volts[2] = NAN;
    FAILS(MEMQC_ERROR_DATA, "volts[2]", memqc_crossbar_branches(xb, 0, 0, volts, y, NULL, NULL));
    volts[2] = 0;
    set(xb, XB(IV_NONLINEARITY), 2);
    FAILS(MEMQC_ERROR_STATE, "ohmic", memqc_crossbar_nodes(xb, 0, 0, volts, y, NULL));
    set(xb, XB(BIT_RESISTANCE), 1);
    FAILS(MEMQC_ERROR_STATE, "reference column",
          memqc_crossbar_mac_transposed(xb, 1, volts, COLS, y, ROWS));
    set(xb, XB(WIRE_METHOD), XB(METHOD_MATRIX));
    FAILS(MEMQC_ERROR_STATE, "matrix", memqc_crossbar_mac(xb, 1, volts, ROWS, y, COLS));
    set(xb, XB(INPUT_CODING), XB(CODING_PULSE_WIDTH));
    FAILS(MEMQC_ERROR_STATE, "input_coding", memqc_crossbar_mac(xb, 1, volts, ROWS, y, COLS));
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* A new array reads as its device does. */
START_TEST(the_device_gives_the_first_values) {
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_READ_NOISE, 1e-6));
    OK(memqc_device_set(device, MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.03));
    OK(memqc_device_set(device, MEMQC_DEVICE_IV_NONLINEARITY, 4));
    OK(memqc_device_set(device, MEMQC_DEVICE_READ_VOLTAGE, 0.2));
    OK(memqc_crossbar_create(device, 4, 3, 0, &xb));
    memqc_device_destroy(&device);
    ck_assert_double_eq(value_of(xb, XB(READ_NOISE)), 1e-6);
    ck_assert_double_eq(value_of(xb, XB(READ_NOISE_RELATIVE)), 0.03);
    ck_assert_double_eq(value_of(xb, XB(IV_NONLINEARITY)), 4);
    ck_assert_double_eq(value_of(xb, XB(READ_VOLTAGE)), 0.2);
    set(xb, XB(READ_NOISE), 0);
    ck_assert_double_eq(value_of(xb, XB(READ_NOISE)), 0);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* With k octaves, noise has the same variance, and that of vectors 2^k - 1 apart, from a multiple
 * of 2^k on, shares the last part: correlation 1 / (k + 1). */
START_TEST(octaves_correlate_vectors) {
    enum { VECTORS = 4, WIDE = 4096, OCTAVES = 2 };
    static float w[WIDE], x[VECTORS] = {1, 1, 1, 1}, clean[WIDE], y[VECTORS * WIDE];
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_READ_NOISE_OCTAVES, OCTAVES));
    OK(memqc_crossbar_create(device, 1, WIDE, 0, &xb));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_program(xb, w, WIDE));
    OK(memqc_crossbar_mac(xb, VECTORS, x, 1, y, WIDE)); /* numbers 0 .. 3 */
    memcpy(clean, y, sizeof clean);
    set(xb, XB(READ_NOISE), 1e-6);
    OK(memqc_crossbar_mac(xb, VECTORS, x, 1, y, WIDE)); /* 4 .. 7 */
    double squares[2] = {0, 0}, both = 0;
    for (size_t j = 0; j < WIDE; j++) {
        const double first = (double)y[j] - (double)clean[j],
                     last = (double)y[3 * WIDE + j] - (double)clean[j];
        squares[0] += first * first;
        squares[1] += last * last;
        both += first * last;
    }
    const double correlation = both / sqrt(squares[0] * squares[1]), r = 1.0 / (OCTAVES + 1);
    const double unit = 2 / (15.5 * MEMQC_G0), sd = sqrt(squares[0] / WIDE) / unit; /* of G, in S */
    ck_assert_double_eq_tol(sd, 1e-6, 5 * 1e-6 / sqrt(2.0 * WIDE));
    ck_assert_double_eq_tol(correlation, r, 5 * (1 - r * r) / sqrt(WIDE));
    memqc_crossbar_destroy(&xb);
}
END_TEST

RUN_TESTS("crossbar wiring", every_change_is_seen, a_saved_array_changes_over_at_the_same_vector,
          converters_come_after_the_wires, bad_calls_are_refused, the_device_gives_the_first_values,
          octaves_correlate_vectors)
