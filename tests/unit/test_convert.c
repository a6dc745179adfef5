/* SPDX-License-Identifier: BSD-3-Clause */
/* Converters: products against the rendering of converters.h, calibration, what each key changes,
 * and what contradicts. */
#include "converters.h"
#include "crossbar/copy.h"

#include "core/archive.h"
#include "crossbar/array/read_kernels.h"
#include "crossbar/save.h"

#include <stdio.h>

enum { ROWS = 70, COLS = 45, BATCH = 9, SETTINGS = 8 };

static const int32_t mappings[] = {XB(MAPPING_SINGLE), XB(MAPPING_DIFFERENTIAL)};

static const struct setting cases[][SETTINGS] = {
    {{XB(DAC_BITS), 5}},
    {{XB(DAC_BITS), 1}, {XB(INPUT_FORMAT), XB(FORMAT_UNSIGNED)}},
    {{XB(DAC_BITS), 8},
     {XB(INPUT_FORMAT), XB(FORMAT_UNSIGNED)},
     {XB(INPUT_RANGE), 2},
     {XB(ADC_BITS), 8}},
    {{XB(INPUT_FORMAT), XB(FORMAT_UNSIGNED)}},
    {{XB(INPUT_FORMAT), XB(FORMAT_TWO_PHASE)}},
    {{XB(DAC_BITS), 4},
     {XB(INPUT_FORMAT), XB(FORMAT_TWO_PHASE)},
     {XB(ADC_BITS), 10},
     {XB(ADC_FRACTION), 0.5}},
    {{XB(ADC_BITS), 6}, {XB(ADC_FRACTION), 0.1}},
    {{XB(ADC_BITS), 12},
     {XB(ADC_RANGE), XB(RANGE_AMPERES)},
     {XB(ADC_CURRENT), 3e-3},
     {XB(READ_VOLTAGE), 0.2}},
    {{XB(DAC_BITS), 6},
     {XB(ADC_BITS), 9},
     {XB(ADC_SENSES), XB(SENSES_CURRENT)},
     {XB(INPUT_RANGE), 3}},
    {{XB(DAC_BITS), 6},
     {XB(ADC_BITS), 9},
     {XB(ADC_SENSES), XB(SENSES_DIFFERENCE)},
     {XB(INPUT_RANGE), 3}},
    {{XB(ADC_BITS), 1},
     {XB(ADC_SENSES), XB(SENSES_CURRENT)},
     {XB(INPUT_FORMAT), XB(FORMAT_UNSIGNED)},
     {XB(ADC_FRACTION), 0.3}},
    {{XB(DAC_BITS), 5}, {XB(INPUT_CODING), XB(CODING_BIT_SERIAL)}, {XB(INPUT_RANGE), 1.5}},
    {{XB(DAC_BITS), 5},
     {XB(INPUT_CODING), XB(CODING_BIT_SERIAL)},
     {XB(INPUT_RANGE), 1.5},
     {XB(ADC_BITS), 8},
     {XB(ADC_FRACTION), 0.4}},
    {{XB(DAC_BITS), 4},
     {XB(INPUT_CODING), XB(CODING_BIT_SERIAL)},
     {XB(INPUT_FORMAT), XB(FORMAT_TWO_PHASE)},
     {XB(ADC_BITS), 9},
     {XB(ADC_SENSES), XB(SENSES_CURRENT)}},
    {{XB(DAC_BITS), 16},
     {XB(INPUT_CODING), XB(CODING_BIT_SERIAL)},
     {XB(INPUT_FORMAT), XB(FORMAT_UNSIGNED)},
     {XB(INPUT_RANGE), 4}},
    {{XB(DAC_BITS), 5},
     {XB(INPUT_CODING), XB(CODING_BIT_PARALLEL)},
     {XB(INPUT_RANGE), 2},
     {XB(ADC_BITS), 11}},
    {{XB(DAC_BITS), 4},
     {XB(INPUT_CODING), XB(CODING_BIT_PARALLEL)},
     {XB(IV_NONLINEARITY), 9},
     {XB(INPUT_FORMAT), XB(FORMAT_TWO_PHASE)}},
    {{XB(DAC_BITS), 7}, {XB(INPUT_CODING), XB(CODING_PULSE_WIDTH)}, {XB(IV_NONLINEARITY), 9}},
    {{XB(INPUT_CODING), XB(CODING_PULSE_WIDTH)}, {XB(ADC_BITS), 7}, {XB(ADC_FRACTION), 0.2}},
    {{XB(IV_NONLINEARITY), 15}},
    {{XB(IV_NONLINEARITY), 20}, {XB(READ_VOLTAGE), 1}, {XB(DAC_BITS), 8}},
    {{XB(IV_NONLINEARITY), 3},
     {XB(READ_VOLTAGE), 0.3},
     {XB(ADC_BITS), 8},
     {XB(DAC_BITS), 8},
     {XB(READ_TIME), 1e-6}},
};

/* Mappings and slices beside the plain ones. */
static const struct {
    int32_t mapping;
    double slices, base;
} layouts[] = {
    {XB(MAPPING_REFERENCE), 1, 0},  {XB(MAPPING_DIFFERENTIAL_TWO_SIDED), 1, 0},
    {XB(MAPPING_SINGLE), 3, 4},     {XB(MAPPING_DIFFERENTIAL), 2, 6},
    {XB(MAPPING_REFERENCE), 2, 32},
};

static uint64_t apart(uint64_t a, uint64_t b) {
    return a > b ? a - b : b - a;
}

/* All vectors of a batch as the rendering has them; where a conversion is too near to a tie, a step
 * more or less. */
static void check(memqc_crossbar *xb, struct expected *e, const float *x, size_t ldx,
                  const char *what) {
    static float y[BATCH * (MOST_IN + 2)];
    const size_t ldy = e->out + 2;
    const uint64_t conversions = count_of(xb, XB(COUNT_ADC)), reads = count_of(xb, XB(COUNT_READS));
    const uint64_t clipped = count_of(xb, XB(COUNT_INPUT_CLIPPED)),
                   saturated = count_of(xb, XB(COUNT_SATURATED));
    const double energy = cost_of(xb, XB(COST_READ_CELLS));
    e->conversions = e->ties = e->saturated = e->clipped = 0;
    e->energy = 0;
    product(xb, e->transposed, BATCH, x, ldx, y, ldy);
    double most = 0;
    for (int pass = 0; pass < 2; pass++) {
        e->conversions = e->ties = e->saturated = e->clipped = 0;
        e->energy = 0;
        for (size_t b = 0; b < BATCH; b++) {
            expect_product(xb, e, x + b * ldx);
            for (size_t j = 0; j < e->out; j++) {
                most = fmax(most, fabs(e->y[j]));
                if (pass)
                    ck_assert_msg(fabs((double)y[b * ldy + j] - e->y[j]) <=
                                      2e-5 * most + 1.001 * e->slack[j],
                                  "%s: vector %zu, output %zu: %g, not %g (slack %g, largest %g)",
                                  what, b, j, (double)y[b * ldy + j], e->y[j], e->slack[j], most);
            }
        }
    }
    ck_assert_uint_eq(count_of(xb, XB(COUNT_ADC)) - conversions, e->conversions);
    ck_assert_uint_eq(count_of(xb, XB(COUNT_READS)) - reads, e->reads * BATCH);
    ck_assert_uint_eq(count_of(xb, XB(COUNT_INPUT_CLIPPED)) - clipped, e->clipped);
    ck_assert_uint_le(apart(count_of(xb, XB(COUNT_SATURATED)) - saturated, e->saturated), e->ties);
    ck_assert_uint_eq(count_of(xb, XB(COUNT_SATURATED)) - saturated,
                      count_of(xb, XB(COUNT_SATURATED_LAST)));
    ck_assert_uint_le(e->ties, e->conversions / 20); /* so the comparison says something */
    ck_assert_double_eq_tol(cost_of(xb, XB(COST_READ_CELLS)) - energy, e->energy, 1e-5 * e->energy);
}

START_TEST(products_are_as_the_page_says) {
    static float x[BATCH * (MOST_IN + 1)];
    static struct expected e;
    char what[64];
    for (size_t i = 0; i < 8 * sizeof cases / sizeof *cases; i++) {
        const size_t way = i & 7, number = i >> 3;
        const int transposed = way & 1, by_column = way >> 1 & 1;
        memqc_crossbar *xb =
            make_array(ROWS, COLS, mappings[way >> 2],
                       by_column ? XB(NORMALIZATION_COLUMN) : XB(NORMALIZATION_FIXED));
        apply(xb, cases[number], SETTINGS);
        expect_array(xb, transposed, &e);
        fill(40, BATCH * (e.in + 1), x);
        snprintf(what, sizeof what, "case %zu, way %zu", number, way);
        check(xb, &e, x, e.in + 1, what);
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(slices_and_references_too) {
    static float x[BATCH * (MOST_IN + 1)];
    static struct expected e;
    char what[64];
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts * sizeof cases / sizeof *cases; i++) {
        const size_t number = i / (sizeof layouts / sizeof *layouts),
                     layout = i % (sizeof layouts / sizeof *layouts);
        memqc_crossbar *xb =
            make_sliced(ROWS, COLS, layouts[layout].mapping, XB(NORMALIZATION_FIXED),
                        layouts[layout].slices, layouts[layout].base);
        const int transposed = (number + layout) & 1;
        apply(xb, cases[number], SETTINGS);
        if (layouts[layout].mapping == XB(MAPPING_REFERENCE))
            OK(memqc_crossbar_set(xb, XB(ADC_SENSES), XB(SENSES_MAPPED)));
        if (layouts[layout].mapping != XB(MAPPING_REFERENCE) || value_of(xb, XB(ADC_BITS)) != 1) {
            expect_array(xb, transposed, &e);
            fill(41, BATCH * (e.in + 1), x);
            snprintf(what, sizeof what, "case %zu, layout %zu", number, layout);
            check(xb, &e, x, e.in + 1, what);
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

static int upwards(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Ranges by the definition: the smallest value that holds a percentage of what the ADCs of an
 * array, or one of them, saw. */
static void expect_ranges(const memqc_crossbar *xb, struct expected *e, const float *x, size_t n,
                          size_t tiles, size_t out_tile, double percentile) {
    static double seen[2][MOST_TILES][MOST_IN][MOST_BATCH * 32], pool[MOST_IN * MOST_BATCH * 32];
    const int current = value_of(xb, XB(ADC_SENSES)) == XB(SENSES_CURRENT);
    const int by_column = value_of(xb, XB(ADC_RANGE)) == XB(RANGE_PER_COLUMN);
    size_t per = 0;
    for (size_t s = 0; s < 2; s++) /* while looking, any range */
        for (size_t t = 0; t < tiles; t++)
            for (size_t j = 0; j < e->out; j++)
                e->range[s][t][j] = 1;
    for (size_t b = 0; b < n; b++) {
        expect_product(xb, e, x + b * e->in);
        for (size_t s = 0; s < (current ? e->planes : 1); s++)
            for (size_t t = 0; t < tiles; t++)
                for (size_t j = 0; j < e->out; j++)
                    for (size_t r = 0; r < e->reads; r++)
                        seen[s][t][j][per + r] = fabs(e->seen[s][t][j][r]);
        per += e->reads;
    }
    for (size_t s = 0; s < (current ? e->planes : 1); s++) {
        for (size_t t = 0; t < tiles; t++) {
            for (size_t first = 0, m; first < e->out; first += m) {
                size_t k = 0;
                m = by_column ? 1 : e->out - first < out_tile ? e->out - first : out_tile;
                for (size_t j = first; j < first + m; j++)
                    for (size_t r = 0; r < per; r++)
                        pool[k++] = seen[s][t][j][r];
                qsort(pool, k, sizeof *pool, upwards);
                for (size_t j = first; j < first + m; j++)
                    e->range[s][t][j] = pool[(size_t)ceil(percentile / 100 * (double)k) - 1];
            }
        }
    }
}

START_TEST(calibrated_ranges_hold_a_percentage) {
    static const struct setting some[][SETTINGS] = {
        {{XB(ADC_BITS), 8}},
        {{XB(ADC_BITS), 8},
         {XB(ADC_SENSES), XB(SENSES_CURRENT)},
         {XB(DAC_BITS), 6},
         {XB(INPUT_FORMAT), XB(FORMAT_TWO_PHASE)}},
        {{XB(ADC_BITS), 7},
         {XB(DAC_BITS), 4},
         {XB(INPUT_CODING), XB(CODING_BIT_SERIAL)},
         {XB(TILE_ROWS), 32},
         {XB(TILE_COLS), 20},
         {XB(ADC_SENSES), XB(SENSES_CURRENT)}},
    };
    static const double percentiles[] = {50, 99, 100};
    static float x[MOST_BATCH * MOST_IN];
    static struct expected e;
    for (int way = 0; way < 12; way++) {
        const int transposed = way & 1,
                  mode = way & 2 ? XB(RANGE_PER_COLUMN) : XB(RANGE_CALIBRATED), index = way >> 2;
        memqc_crossbar *xb = make_array(ROWS, COLS, index ? mappings[1] : mappings[way & 1],
                                        XB(NORMALIZATION_ARRAY));
        const double percentile = percentiles[index];
        apply(xb, some[index], SETTINGS);
        OK(memqc_crossbar_set(xb, XB(ADC_RANGE), mode));
        if (index == 0)
            OK(memqc_crossbar_set(xb, XB(ADC_SENSES), XB(SENSES_DIFFERENCE)));
        expect_array(xb, transposed, &e);
        fill(50 + (uint64_t)way, 20 * e.in, x);
        const double limit = value_of(xb, transposed ? XB(TILE_COLS) : XB(TILE_ROWS));
        const double out_limit = value_of(xb, transposed ? XB(TILE_ROWS) : XB(TILE_COLS));
        const size_t tiles = limit > 0 ? (e.in + (size_t)limit - 1) / (size_t)limit : 1;
        expect_ranges(xb, &e, x, 20, tiles, out_limit > 0 ? (size_t)out_limit : e.out, percentile);
        if (transposed)
            OK(memqc_crossbar_calibrate_transposed(xb, 20, x, e.in, percentile));
        else
            OK(memqc_crossbar_calibrate(xb, 20, x, e.in, percentile));
        ck_assert_uint_eq(count_of(xb, XB(COUNT_SAMPLES)), 0); /* looking costs nothing */
        check(xb, &e, x, e.in, "calibrated");
        if (percentile == 100)
            ck_assert_uint_eq(count_of(xb, XB(COUNT_SATURATED)), 0);
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(calibration_is_kept_and_dropped) {
    static float x[BATCH * ROWS], y[2][BATCH * COLS];
    memqc_crossbar *copy, *xb = make_array(ROWS, COLS, mappings[1], XB(NORMALIZATION_FIXED));
    fill(60, BATCH * ROWS, x);
    OK(memqc_crossbar_set(xb, XB(ADC_BITS), 8));
    FAILS(MEMQC_ERROR_STATE, "adc_range = 1 is not calibrated",
          memqc_crossbar_calibrate(xb, BATCH, x, ROWS, 99));
    OK(memqc_crossbar_set(xb, XB(ADC_RANGE), XB(RANGE_PER_COLUMN)));
    FAILS(MEMQC_ERROR_STATE, "memqc_crossbar_calibrate first",
          memqc_crossbar_mac(xb, BATCH, x, ROWS, y[0], COLS));
    FAILS(MEMQC_ERROR_ARGUMENT, "percentile = 49 is outside 50 .. 100",
          memqc_crossbar_calibrate(xb, BATCH, x, ROWS, 49));
    FAILS(MEMQC_ERROR_ARGUMENT, "n = 0", memqc_crossbar_calibrate(xb, 0, x, ROWS, 99));
    FAILS(MEMQC_ERROR_ARGUMENT, "leading dimension",
          memqc_crossbar_calibrate(xb, BATCH, x, ROWS - 1, 99));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_crossbar_calibrate(NULL, BATCH, x, ROWS, 99));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_crossbar_calibrate(xb, BATCH, NULL, ROWS, 99));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL",
          memqc_crossbar_calibrate_transposed(xb, BATCH, NULL, COLS, 99));
    OK(memqc_crossbar_calibrate(xb, BATCH, x, ROWS, 99));
    FAILS(MEMQC_ERROR_STATE, "memqc_crossbar_calibrate_transposed first",
          memqc_crossbar_mac_transposed(xb, 1, x, COLS, y[0], ROWS));
    OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y[0], COLS));
    x[3] = INFINITY;
    FAILS(MEMQC_ERROR_DATA, "x[0, 3] = inf",
          memqc_crossbar_calibrate(xb, BATCH, x, ROWS, 50)); /* and the old ranges stay */
    fill(60, BATCH * ROWS, x);
    OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y[1], COLS));
    ck_assert_mem_eq(y[0], y[1], sizeof *y);
    OK(mqc_crossbar_clone(xb, &copy));
    OK(memqc_crossbar_mac(copy, BATCH, x, ROWS, y[1], COLS));
    ck_assert_mem_eq(y[0], y[1], sizeof *y);
    memqc_crossbar_destroy(&copy);
    OK(memqc_crossbar_set(xb, XB(READ_VOLTAGE), 0.1)); /* as it was */
    OK(memqc_crossbar_set(xb, XB(ADC_BITS), 5));
    OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y[1], COLS));
    ck_assert(memcmp(y[0], y[1], sizeof *y) != 0);
    OK(memqc_crossbar_set(xb, XB(READ_VOLTAGE), 0.2));
    FAILS(MEMQC_ERROR_STATE, "memqc_crossbar_calibrate first",
          memqc_crossbar_mac(xb, BATCH, x, ROWS, y[1], COLS));
    memset(x, 0, sizeof x); /* nothing to see: a range all the same */
    OK(memqc_crossbar_calibrate(xb, BATCH, x, ROWS, 100));
    OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y[1], COLS));
    for (size_t i = 0; i < BATCH * COLS; i++)
        ck_assert(y[1][i] == 0);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Ranges, parameters, costs and the number of the next vector come back. */
START_TEST(a_saved_array_reads_on) {
    static float x[BATCH * ROWS], y[2][BATCH * COLS];
    static const struct setting settings[] = {
        {XB(DAC_BITS), 6},
        {XB(ADC_BITS), 9},
        {XB(READ_NOISE_RELATIVE), 0.05},
        {XB(ADC_RANGE), XB(RANGE_CALIBRATED)},
        {XB(TILE_ROWS), 32},
    };
    struct mqc_writer writer;
    struct mqc_reader reader;
    memqc_crossbar *back, *xb = make_array(ROWS, COLS, mappings[1], XB(NORMALIZATION_COLUMN));
    apply(xb, settings, sizeof settings / sizeof *settings);
    fill(65, BATCH * ROWS, x);
    OK(memqc_crossbar_calibrate(xb, BATCH, x, ROWS, 98));
    OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y[0], COLS));
    mqc_write_start(&writer, MQC_KIND_CROSSBAR, 1);
    mqc_crossbar_write(xb, &writer);
    OK(mqc_write_finish(&writer));
    OK(mqc_read_start(&reader, __func__, writer.data, writer.size, MQC_KIND_CROSSBAR, 1));
    OK(mqc_crossbar_read(&reader, &back));
    OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y[0], COLS));
    OK(memqc_crossbar_mac(back, BATCH, x, ROWS, y[1], COLS));
    ck_assert_mem_eq(y[0], y[1], sizeof *y);
    for (int32_t cost = XB(COST_READ_CELLS); cost <= XB(COST_READ_TIME); cost++)
        ck_assert(cost_of(xb, cost) == cost_of(back, cost) && cost_of(xb, cost) > 0);
    ck_assert_uint_eq(count_of(back, XB(COUNT_SAMPLES)), 2 * BATCH);
    mqc_write_free(&writer);
    memqc_crossbar_destroy(&back);
    memqc_crossbar_destroy(&xb);
}
END_TEST

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
    OK(memqc_crossbar_set(xb, XB(ADC_SENSES), XB(SENSES_CURRENT)));
    OK(memqc_crossbar_set(xb, XB(ADC_BITS), 8));
    FAILS(MEMQC_ERROR_STATE, "adc_senses = current (1) with a reference column",
          memqc_crossbar_mac(xb, 1, x, ROWS, y, COLS));
    memqc_crossbar_destroy(&xb);
    xb = make_array(ROWS, COLS, mappings[0], XB(NORMALIZATION_FIXED));
    FAILS(MEMQC_ERROR_ARGUMENT, "adc_current = 1 would be without effect: only RANGE_AMPERES",
          memqc_crossbar_set(xb, XB(ADC_CURRENT), 1));
    OK(memqc_crossbar_set(xb, XB(ADC_RANGE), XB(RANGE_AMPERES)));
    FAILS(MEMQC_ERROR_ARGUMENT, "adc_fraction = 1 would be without effect: only RANGE_WORST_CASE",
          memqc_crossbar_set(xb, XB(ADC_FRACTION), 1));
    double value;
    FAILS(MEMQC_ERROR_ARGUMENT, "no cost has number 99", memqc_crossbar_cost(xb, 99, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_crossbar_cost(NULL, XB(COST_READ_DAC), &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_crossbar_cost(xb, XB(COST_READ_DAC), NULL));
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Each key against a setting in which it matters: another result, or another cost. */
START_TEST(every_key_has_an_effect) {
    static const struct {
        struct setting base[SETTINGS], other;
        int32_t cost; /* where the result stays */
    } keys[] = {
        {{{XB(DAC_BITS), 4}, {XB(ADC_BITS), 8}}, {XB(INPUT_CODING), XB(CODING_BIT_SERIAL)}, 0},
        {{{XB(DAC_BITS), 4}, {XB(IV_NONLINEARITY), 5}},
         {XB(INPUT_CODING), XB(CODING_BIT_PARALLEL)},
         0},
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
    static float x[BATCH * ROWS], y[2][BATCH * COLS];
    double cost[2] = {0, 0};
    fill(70, BATCH * ROWS, x);
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
    fill(71, BATCH * ROWS, x);
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
            fill(80, BATCH * e.in, x);
            check(xb, &e, x, e.in, "after programming");
            fill(81 + (uint64_t)round, 40, w);
            for (size_t i = 0; i < 40; i++)
                places[i] = i * 77 % (20 * COLS); /* some of them twice */
            OK(memqc_crossbar_program_list(xb, 40, places, w));
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

/* As in each vector alone, and NaN stays where it is. */
START_TEST(vectors_do_not_see_each_other) {
    static float x[BATCH * ROWS], y[2][BATCH * COLS];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memqc_crossbar *xb = make_array(ROWS, COLS, mappings[1], XB(NORMALIZATION_COLUMN));
        apply(xb, cases[i], SETTINGS);
        fill(90, BATCH * ROWS, x);
        OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y[0], COLS));
        for (size_t r = 0; r < ROWS; r++)
            x[4 * ROWS + r] *= 1e4f;
        x[6 * ROWS + 2] = NAN;
        OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y[1], COLS));
        for (size_t b = 0; b < BATCH; b++)
            for (size_t j = 0; j < COLS; j++)
                ck_assert_msg(b == 6   ? isnan(y[1][b * COLS + j])
                              : b == 4 ? y[0][b * COLS + j] != y[1][b * COLS + j] ||
                                             isfinite(y[1][b * COLS + j])
                                       : y[0][b * COLS + j] == y[1][b * COLS + j],
                              "case %zu: vector %zu, output %zu: %g, then %g", i, b, j,
                              (double)y[0][b * COLS + j], (double)y[1][b * COLS + j]);
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(curve_is_the_hyperbolic_sine) {
    enum { N = 2001 };
    static const double a[] = {1e-3, 0.1, 0.9, 1, 3, 20, 80, 100};
    static float u[N], v[N], e[N];
    for (size_t k = 0; k < sizeof a / sizeof *a; k++) {
        const struct mqc_curve curve = {(float)a[k], (float)(1 / sinh(a[k])),
                                        (float)(1 / (1 - exp(-2 * a[k])))};
        for (size_t i = 0; i < N; i++)
            u[i] = v[i] = (float)i / 1000 - 1;
        mqc_readout_kernels()->bend(&curve, N, v, e);
        for (size_t i = 0; i < N; i++) {
            const double z = (double)curve.z, want = sinh(z * (double)u[i]) / sinh(z);
            const double error = 2e-6 + 2 * 0x1p-24 * z; /* the exponents z u and z u - z are
                                                            rounded */
            ck_assert_double_eq_tol((double)v[i], want, error * fabs(want) + 1e-37);
            ck_assert_double_eq_tol((double)e[i], want * (double)u[i], error * fabs(want) + 1e-37);
        }
    }
}
END_TEST

START_TEST(kernels_are_equal_on_every_instruction_set) {
    enum { N = 1003 };
    const struct mqc_readout_kernels *const all[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_readout_kernels);
    const struct mqc_curve curve = {2, (float)(1 / sinh(2)), (float)(1 / (1 - exp(-4)))};
    static float x[N], z[N], g[N], step[N], inverse[N], out[2][16][N];
    static double sums[2][4];
    static uint32_t counts[2][5];
    fill(100, N, x);
    fill(101, N, z);
    fill(102, N, g);
    for (size_t i = 0; i < N; i++) {
        step[i] = 0.01f + 1e-5f * (float)i;
        inverse[i] = 1 / step[i];
        g[i] = fabsf(g[i]);
    }
    for (size_t t = 1; t <= (size_t)mqc_isa(); t++) {
        memset(out, 0, sizeof out);
        for (size_t k = 0; k < 2; k++) {
            const struct mqc_readout_kernels *kernels = all[k ? t : 0];
            float(*o)[N] = out[k];
            struct mqc_output output = {0.1f, 0.05f, 0.7f, 0.2f, 1, 0.5f, -127, 127, NULL, NULL};
            counts[k][0] = kernels->encode(N, x, 100, -127, 127, 1, o[0]);
            counts[k][1] = kernels->scale(N, x, 0.7f, 0, o[1]);
            kernels->multiply(N, x, z, o[2]);
            memcpy(o[3], x, sizeof x);
            kernels->phase(N, -1, o[3]);
            kernels->bit(N, o[0], 3, 0.3f, o[4]);
            memcpy(o[5], x, sizeof x);
            kernels->add_noise(N, 0.1f, z, 0, o[5]);
            kernels->add_noise(N, 0.1f, z, 1, o[5]);
            memcpy(o[6], x, sizeof x);
            kernels->bend(&curve, N, o[6], o[7]);
            kernels->square(N, 2, x, 0, o[8]);
            kernels->square(N, 3, z, 1, o[8]);
            kernels->magnitude(N, x, o[9]);
            kernels->add(N, z, o[9]);
            kernels->root(N, g, o[10]);
            kernels->cells(N, 0.3f, 0.1f, 0.2f, g, z, o[11]);
            sums[k][0] = kernels->sum(N, x);
            sums[k][1] = kernels->dot(N, x, z);
            sums[k][2] = kernels->energy(N, x, g);
            sums[k][3] = kernels->cells_sum(N, x, 0.1f, 0.2f, g, z);
            counts[k][2] = kernels->convert(&output, N, x, g, z, o[12]);
            output.step = step;
            output.inverse = inverse;
            counts[k][3] = kernels->convert(&output, N, x, g, z, o[13]);
            counts[k][4] = kernels->convert(&output, N, x, NULL, z, o[14]) +
                           kernels->convert(&output, N, x, NULL, NULL, o[15]);
        }
        ck_assert_mem_eq(out[0], out[1], sizeof *out);
        ck_assert_mem_eq(sums[0], sums[1], sizeof *sums);
        ck_assert_mem_eq(counts[0], counts[1], sizeof *counts);
        double plain = 0;
        for (size_t i = 0; i < N; i++)
            plain += (double)x[i] * (double)x[i] * (double)g[i];
        ck_assert_double_eq_tol(sums[0][2], plain, 1e-6 * plain);
        ck_assert(counts[0][0] > 0 && counts[0][1] > 0 && counts[0][2] == 0 && counts[0][3] > 0);
    }
}
END_TEST

RUN_TESTS("convert", products_are_as_the_page_says, slices_and_references_too,
          calibrated_ranges_hold_a_percentage, calibration_is_kept_and_dropped,
          a_saved_array_reads_on, contradictions_are_named, every_key_has_an_effect,
          costs_are_what_the_keys_say, energy_follows_the_conductances,
          vectors_do_not_see_each_other, curve_is_the_hyperbolic_sine,
          kernels_are_equal_on_every_instruction_set)
