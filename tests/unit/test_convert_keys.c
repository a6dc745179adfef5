/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameters of converters: what each of them does, what contradicts what, and what reads cost. */
#include "convert.h"

START_TEST(contradictions_are_named) {
    static const struct {
        struct setting setting[4];
        const char *text;
    } bad[] = {
        {{{XB(DAC_BITS), 1}}, "dac_bits = 1 is the sign"},
        {{{XB(DAC_BITS), 1}, {XB(INPUT_FORMAT), XB(FORMAT_TWO_PHASE)}}, "dac_bits = 1 is the sign"},
        {{{XB(INPUT_CODING), XB(CODING_BIT_SERIAL)}}, "needs dac_bits of 1 .. 16"},
        {{{XB(INPUT_CODING), XB(CODING_BIT_PARALLEL)}}, "needs dac_bits of 1 .. 16"},
        {{{XB(ADC_BITS), 1}}, "adc_bits = 1 has no level but 0"},
        {{{XB(ADC_BITS), 1},
          {XB(ADC_SENSES), XB(SENSES_DIFFERENCE)},
          {XB(INPUT_FORMAT), XB(FORMAT_UNSIGNED)}},
         "adc_bits = 1 has no level but 0"},
    };
    static float x[ROWS], y[COLS];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        memqc_crossbar *xb = make_array(ROWS, COLS, mappings[0], XB(NORMALIZATION_FIXED));
        apply(xb, bad[i].setting, 4);
        FAILS(MEMQC_ERROR_STATE, bad[i].text, memqc_crossbar_mac(xb, 1, x, ROWS, y, COLS));
        FAILS(MEMQC_ERROR_STATE, bad[i].text,
              memqc_crossbar_mac_transposed(xb, 1, y, COLS, x, ROWS));
        ck_assert_uint_eq(count_of(xb, XB(COUNT_SAMPLES)), 0);
        memqc_crossbar_destroy(&xb);
    }
    memqc_crossbar *xb = make_array(ROWS, COLS, XB(MAPPING_REFERENCE), XB(NORMALIZATION_FIXED));
    OK(memqc_crossbar_set(xb, XB(ADC_BITS), 8));
    OK(memqc_crossbar_set(xb, XB(ADC_SENSES), XB(SENSES_CURRENT)));
    FAILS(MEMQC_ERROR_STATE, "adc_senses = current (2162) with a reference column",
          memqc_crossbar_mac(xb, 1, x, ROWS, y, COLS));
    memqc_crossbar_destroy(&xb);
    xb = make_array(ROWS, COLS, mappings[0], XB(NORMALIZATION_FIXED));
    FAILS(MEMQC_ERROR_ARGUMENT, "adc_range = 2152 (amperes) would be without effect: an ideal ADC",
          memqc_crossbar_set(xb, XB(ADC_RANGE), XB(RANGE_AMPERES)));
    OK(memqc_crossbar_set(xb, XB(ADC_BITS), 8));
    FAILS(MEMQC_ERROR_ARGUMENT, "adc_current = 1 would be without effect: only adc_range = amperes",
          memqc_crossbar_set(xb, XB(ADC_CURRENT), 1));
    OK(memqc_crossbar_set(xb, XB(ADC_RANGE), XB(RANGE_AMPERES)));
    FAILS(MEMQC_ERROR_ARGUMENT,
          "adc_fraction = 1 would be without effect: only adc_range = worst-case",
          memqc_crossbar_set(xb, XB(ADC_FRACTION), 1));
    double value;
    FAILS(MEMQC_ERROR_ARGUMENT, "cost = 99", memqc_crossbar_get_cost(xb, 99, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_crossbar_get_cost(NULL, XB(COST_READ_DAC), &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_crossbar_get_cost(xb, XB(COST_READ_DAC), NULL));
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* A parameter, what makes it count, and where its effect shows: in the result, or in a cost. */
static const struct {
    struct setting base[SETTINGS], other;
    int32_t cost; /* where the result stays */
} keys[] = {
    {{{XB(DAC_BITS), 4}, {XB(ADC_BITS), 8}}, {XB(INPUT_CODING), XB(CODING_BIT_SERIAL)}, 0},
    {{{XB(DAC_BITS), 4}, {XB(IV_NONLINEARITY), 5}}, {XB(INPUT_CODING), XB(CODING_BIT_PARALLEL)}, 0},
    {{{XB(DAC_BITS), 4}, {XB(READ_NOISE_RELATIVE), 0.1}},
     {XB(INPUT_CODING), XB(CODING_BIT_PARALLEL)},
     0},
    {{{XB(DAC_BITS), 4}}, {XB(INPUT_CODING), XB(CODING_PULSE_WIDTH)}, XB(COST_READ_CELLS)},
    {{{XB(DAC_BITS), 4}}, {XB(INPUT_FORMAT), XB(FORMAT_UNSIGNED)}, 0},
    {{{XB(ADC_BITS), 8}}, {XB(INPUT_FORMAT), XB(FORMAT_TWO_PHASE)}, 0},
    {{{XB(DAC_BITS), 4}}, {XB(INPUT_RANGE), 2}, 0},
    {{{0, 0}}, {XB(INPUT_RANGE), 2}, XB(COST_READ_CELLS)},
    {{{0, 0}}, {XB(DAC_BITS), 16}, 0},
    {{{0, 0}}, {XB(ADC_BITS), 16}, 0},
    {{{XB(ADC_BITS), 8}}, {XB(ADC_RANGE), XB(RANGE_AMPERES)}, 0},
    {{{XB(ADC_BITS), 8}}, {XB(ADC_FRACTION), 0.9}, 0},
    {{{XB(ADC_BITS), 8}, {XB(ADC_RANGE), XB(RANGE_AMPERES)}}, {XB(ADC_CURRENT), 2e-3}, 0},
    {{{XB(ADC_BITS), 8}}, {XB(ADC_SENSES), XB(SENSES_DIFFERENCE)}, 0},
    {{{XB(IV_NONLINEARITY), 5}}, {XB(READ_VOLTAGE), 0.11}, 0},
    {{{0, 0}}, {XB(READ_VOLTAGE), 0.11}, XB(COST_READ_CELLS)},
    {{{0, 0}}, {XB(IV_NONLINEARITY), 1}, 0},
    {{{0, 0}}, {XB(INPUT_NOISE), 1e-3}, 0},
    {{{0, 0}}, {XB(OUTPUT_NOISE), 1e-6}, 0},
    {{{0, 0}}, {XB(READ_NOISE), 1e-6}, 0},
    {{{0, 0}}, {XB(READ_NOISE_RELATIVE), 1e-3}, 0},
    {{{XB(READ_NOISE_RELATIVE), 1e-3}}, {XB(READ_NOISE_PATH), XB(NOISE_PER_CELL)}, 0},
    {{{XB(ADC_BITS), 8}}, {XB(TILE_ROWS), 20}, 0},
    {{{XB(DAC_BITS), 8}}, {XB(TILE_COLS), 20}, XB(COST_READ_DAC)},
    {{{0, 0}}, {XB(READ_TIME), 1e-6}, XB(COST_READ_TIME)},
    {{{XB(ADC_BITS), 8}}, {XB(ADC_TIME), 1e-8}, XB(COST_READ_TIME)},
    {{{XB(ADC_BITS), 8}}, {XB(LINES_PER_ADC), 8}, XB(COST_READ_TIME)},
    {{{XB(DAC_BITS), 8}}, {XB(DAC_ENERGY), 1e-12}, XB(COST_READ_DAC)},
    {{{XB(ADC_BITS), 8}}, {XB(ADC_ENERGY), 1e-14}, XB(COST_READ_ADC)},
    {{{0, 0}}, {XB(WORD_RESISTANCE), 1}, 0},
    {{{0, 0}}, {XB(BIT_RESISTANCE), 1}, 0},
    {{{0, 0}}, {XB(DRIVER_RESISTANCE), 1}, 0},
    {{{0, 0}}, {XB(SENSE_RESISTANCE), 1}, 0},
    {{{XB(WORD_RESISTANCE), 1}}, {XB(DRIVEN_ENDS), XB(ENDS_BOTH)}, 0},
    {{{XB(BIT_RESISTANCE), 1}}, {XB(SENSED_ENDS), XB(ENDS_FIRST)}, 0},
    {{{XB(BIT_RESISTANCE), 1}}, {XB(WIRE_METHOD), XB(METHOD_MATRIX)}, 0},
    {{{XB(BIT_RESISTANCE), 1}, {XB(WORD_RESISTANCE), 1}}, {XB(WIRE_TOLERANCE), 1e-2}, 0},
    {{{XB(BIT_RESISTANCE), 1}}, {XB(IV_NONLINEARITY), 1}, 0},
    {{{XB(BIT_RESISTANCE), 1}}, {XB(TILE_ROWS), 20}, 0},
};

/* Each key against a setting in which it matters: another result, or another cost. */
START_TEST(every_key_has_an_effect) {
    static float x[BATCH * ROWS], y[2][BATCH * COLS];
    double cost[2] = {0, 0};
    normals(99, 70, BATCH * ROWS, x);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        for (int other = 0; other < 2; other++) {
            memqc_crossbar *xb = make_array(ROWS, COLS, mappings[0], XB(NORMALIZATION_FIXED));
            apply(xb, keys[i].base, SETTINGS);
            if (other)
                apply(xb, &keys[i].other, 1);
            OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y[other], COLS));
            if (keys[i].cost)
                cost[other] = cost_of(xb, keys[i].cost);
            memqc_crossbar_destroy(&xb);
        }
        ck_assert_msg(keys[i].cost ? cost[0] != cost[1] : memcmp(y[0], y[1], sizeof *y) != 0,
                      "case %zu: key %d = %g changes nothing", i, (int)keys[i].other.key,
                      keys[i].other.value);
    }
}
END_TEST

START_TEST(costs_are_what_the_keys_say) {
    static float x[BATCH * ROWS], y[BATCH * COLS];
    memqc_crossbar *xb = make_array(ROWS, COLS, mappings[1], XB(NORMALIZATION_FIXED));
    static const struct setting settings[] = {
        {XB(DAC_BITS), 5},
        {XB(INPUT_CODING), XB(CODING_BIT_SERIAL)},
        {XB(INPUT_FORMAT), XB(FORMAT_TWO_PHASE)},
        {XB(ADC_BITS), 6},
        {XB(TILE_ROWS), 32},
        {XB(TILE_COLS), 20},
        {XB(READ_TIME), 2e-7},
        {XB(ADC_TIME), 1e-9},
        {XB(DAC_ENERGY), 3e-13},
        {XB(ADC_ENERGY), 4e-15},
        {XB(ADC_SENSES), XB(SENSES_CURRENT)},
        {XB(LINES_PER_ADC), 30},
    };
    apply(xb, settings, sizeof settings / sizeof *settings);
    normals(99, 71, BATCH * ROWS, x);
    OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y, COLS));
    const double reads = BATCH * 2 * 4; /* two phases, four bits of magnitude */
    ck_assert_double_eq(cost_of(xb, XB(COST_READ_CELLS)) > 0, 1);
    ck_assert_uint_eq(count_of(xb, XB(COUNT_SAMPLES)), BATCH);
    ck_assert_uint_eq(count_of(xb, XB(COUNT_READS)), (uint64_t)reads);
    ck_assert_uint_eq(count_of(xb, XB(COUNT_DAC)),
                      (uint64_t)reads * ROWS * 3); /* 45 columns in three arrays */
    ck_assert_uint_eq(count_of(xb, XB(COUNT_ADC)),
                      (uint64_t)reads * COLS * 3 * 2); /* 70 rows in three, two planes */
    ck_assert_double_eq_tol(cost_of(xb, XB(COST_READ_DAC)), 3e-13 * reads * ROWS * 3, 1e-18);
    ck_assert_double_eq_tol(cost_of(xb, XB(COST_READ_ADC)), 4e-15 * 64 * reads * COLS * 6, 1e-18);
    ck_assert_double_eq_tol(cost_of(xb, XB(COST_READ_TIME)), reads * (2e-7 + 30 * 1e-9),
                            1e-12); /* of 40 lines, 30 share an ADC */
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* The sums behind the energy, after programming some cells again. */
START_TEST(energy_follows_the_conductances) {
    static float x[BATCH * (MOST_IN + 1)], w[40];
    static size_t places[40];
    static struct expected e;
    for (int way = 0; way < 4; way++) {
        memqc_crossbar *xb = make_array(ROWS, COLS, mappings[way & 1], XB(NORMALIZATION_FIXED));
        for (int round = 0; round < 3; round++) {
            expect_array(xb, way >> 1, &e);
            normals(99, 80, BATCH * e.in, x);
            check(xb, &e, x, e.in, "after programming");
            normals(99, 81 + (uint64_t)round, 40, w);
            for (size_t i = 0; i < 40; i++)
                places[i] = i * 77 % (20 * COLS); /* some of them twice */
            OK(memqc_crossbar_program_list(xb, 40, places, w));
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

RUN_TESTS("convert keys", contradictions_are_named, every_key_has_an_effect,
          costs_are_what_the_keys_say, energy_follows_the_conductances)
