/* SPDX-License-Identifier: BSD-3-Clause */
/* Ranges of ADCs: calibrated, kept, dropped and saved. */
#include "convert.h"

#include "core/archive.h"
#include "crossbar/save.h"

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
        normals(99, 50 + (uint64_t)way, 20 * e.in, x);
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
    normals(99, 60, BATCH * ROWS, x);
    OK(memqc_crossbar_set(xb, XB(ADC_BITS), 8));
    FAILS(MEMQC_ERROR_STATE, "adc_range = 2151 (worst-case) is not calibrated",
          memqc_crossbar_calibrate(xb, BATCH, x, ROWS, 99));
    OK(memqc_crossbar_set(xb, XB(ADC_RANGE), XB(RANGE_PER_COLUMN)));
    FAILS(MEMQC_ERROR_STATE, "memqc_crossbar_calibrate first",
          memqc_crossbar_mac(xb, BATCH, x, ROWS, y[0], COLS));
    FAILS(MEMQC_ERROR_ARGUMENT, "percentile = 49 is outside 50 .. 100",
          memqc_crossbar_calibrate(xb, BATCH, x, ROWS, 49));
    OK(memqc_crossbar_calibrate(xb, 0, NULL, ROWS, 99));
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
    normals(99, 60, BATCH * ROWS, x);
    OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y[1], COLS));
    ck_assert_mem_eq(y[0], y[1], sizeof *y);
    OK(memqc_crossbar_copy(xb, &copy));
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
    normals(99, 65, BATCH * ROWS, x);
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

RUN_TESTS("calibration", calibrated_ranges_hold_a_percentage, calibration_is_kept_and_dropped,
          a_saved_array_reads_on)
