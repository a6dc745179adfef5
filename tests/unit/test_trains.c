/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulse trains: what they are, what they do to an array, and the two rules that train with them. */
#include "moments.h"
#include "test.h"

#include "crossbar/cells/own.h"
#include "crossbar/update/trains.h"
#include "crossbar/update/update.h"
#include "crossbar/array/train_kernels.h"
#include "rng/rng.h"

#include <math.h>

static memqc_device *constant(double steps, double noise) {
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_CONSTANT, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MIN, 10e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MAX, 100e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_STATES, steps + 1));
    step_by_levels(d);
    OK(memqc_device_set(d, MEMQC_DEVICE_C2C_STEP, noise));
    return d;
}

static memqc_crossbar *array(const memqc_device *d, size_t rows, size_t cols, int32_t mapping) {
    memqc_crossbar *xb;
    float *zeros = calloc(rows * cols, sizeof *zeros);
    ck_assert_ptr_nonnull(zeros);
    OK(memqc_crossbar_create(d, rows, cols, 0, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set_seed(xb, 17));
    OK(memqc_crossbar_program(xb, zeros, cols));
    free(zeros);
    return xb;
}

static int population(uint32_t v) {
    int n = 0;
    for (; v; v &= v - 1)
        n++;
    return n;
}

/* Bits are set as often as asked, for few slots and for many; none beyond the slots; the sign is
 * the value's. The number of set bits among n slots has the variance n p (1 - p). */
START_TEST(trains_fire_as_often_as_asked) {
    enum { N = 20000 };
    static const float wanted[] = {0, 1e-3f, 0.1f, 0.5f, 0.93f, 1, 3};
    static float x[N], sign[N];
    static uint32_t bits[N], random[MQC_TRAIN_PLANES * N];
    for (uint32_t slots = 1; slots <= 31; slots += 6) {
        for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
            for (uint32_t plane = 0; plane < MQC_TRAIN_PLANES; plane++) {
                const struct mqc_rng rng =
                    mqc_rng_make(5, MQC_STREAM_ATTEMPT(MQC_STREAM_TRAIN, plane));
                mqc_rng_kernels()->words(&rng, 0, 100 * slots + w, N, random + plane * N);
            }
            for (size_t i = 0; i < N; i++)
                x[i] = (i % 2 ? -0.5f : 0.5f) * wanted[w];
            mqc_outer_kernels()->trains(N, x, 2, slots, random, bits, sign);
            double set = 0;
            int beyond = 0, wrong = 0;
            for (size_t i = 0; i < N; i++) {
                set += population(bits[i]);
                beyond |= slots < 32 && bits[i] >> slots != 0;
                wrong |= sign[i] != (i % 2 && wanted[w] > 0 ? -1.0f : 1.0f);
            }
            ck_assert(!beyond && !wrong);
            const double p = fmin((double)wanted[w], 1), n = N * (double)slots;
            ck_assert_msg(fabs(set / n - p) <=
                              5 * sqrt(p * (1 - p) / n) + 1.0 / (1 << MQC_TRAIN_PLANES),
                          "%u slots, p = %g: %g", (unsigned)slots, p, set / n);
        }
    }
}
END_TEST

/* Every kernel gives the same bits on every instruction set, and coincidences are counted right. */
START_TEST(kernels) {
    enum { N = 333 };
    static const struct mqc_outer_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_outer_kernels);
    static uint32_t columns[N], bits[2][N], random[MQC_TRAIN_PLANES * N];
    static float x[N], signs[N], sign[2][N], counts[2][N], level[2][N];
    const struct mqc_rng rng = mqc_rng_make(9, MQC_STREAM_TRAIN);
    mqc_rng_kernels()->words(&rng, 0, 1, N, columns);
    mqc_rng_kernels()->words(&rng, 1000, 1, MQC_TRAIN_PLANES * N, random);
    mqc_rng_kernels()->normal(&rng, 0, 2, N, x);
    for (size_t i = 0; i < N; i++)
        signs[i] = i % 3 ? 1 : -1;
    for (size_t t = 0; t <= (size_t)mqc_isa(); t++) {
        const size_t to = t > 0;
        uint64_t hits[(N + 63) / 64];
        for (uint32_t slots = 3; slots <= 31; slots += 28) {
            tables[0]->trains(N, x, 0.7f, slots, random, bits[0], sign[0]);
            tables[t]->trains(N, x, 0.7f, slots, random, bits[1], sign[1]);
            ck_assert_mem_eq(bits[0], bits[1], sizeof bits[0]);
            ck_assert_mem_eq(sign[0], sign[1], sizeof sign[0]);
        }
        const struct mqc_coincidences sum =
            tables[t]->coincide(N, 0x5a5a1234u, -1, columns, signs, counts[to], hits);
        tables[t]->levels(N, x, 1, 3, 10, level[to]);
        uint32_t all = 0;
        int32_t net = 0;
        for (size_t i = 0; i < N; i++) {
            const int shared = population(0x5a5a1234u & columns[i]);
            ck_assert(counts[to][i] == -signs[i] * (float)shared);
            ck_assert((hits[i / 64] >> i % 64 & 1) == (shared != 0));
            ck_assert(level[to][i] == 1 + rintf(fminf(fmaxf((1 - x[i]) * 3, 0), 9)));
            all += (uint32_t)shared;
            net += (int32_t)counts[to][i];
        }
        ck_assert(sum.all == all && sum.net == net);
    }
}
END_TEST

/* The mean change is rate x d, with gain and cut-off, in either direction; without noise each
 * change is whole pulses. */
START_TEST(updates_add_the_outer_product) {
    enum { ROWS = 20, COLS = 30, UPDATES = 4000, SLOTS = 7 };
    const double step = 1e-3, gain = 0.3;
    memqc_device *d = constant(2 / step, 0);
    memqc_crossbar *xb = array(d, ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE);
    float x[ROWS], y[COLS], before[ROWS * COLS], after[ROWS * COLS];
    ck_assert_double_eq_tol(mqc_crossbar_pulse_weight(xb), step, 1e-6 * step);
    for (size_t i = 0; i < ROWS; i++)
        x[i] = i % 4 == 0 ? 0 : (float)i / ROWS - 0.4f;
    for (size_t j = 0; j < COLS; j++)
        y[j] = j % 5 == 0 ? 0 : 0.6f - (float)j / COLS;
    double sum[ROWS * COLS] = {0}, cost[4], pulses = 0;
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET, &cost[0]));
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_RESET, &cost[1]));
    OK(memqc_crossbar_get_weights(xb, before, COLS));
    for (int u = 0; u < UPDATES; u++) {
        const int direction = u % 2 ? -1 : 1; /* so that nothing reaches a bound */
        OK(mqc_crossbar_outer(xb, x, y, gain, gain, SLOTS, direction));
        OK(memqc_crossbar_get_weights(xb, after, COLS));
        for (size_t k = 0; k < ROWS * COLS; k++) {
            const double moved = ((double)after[k] - (double)before[k]) / step;
            ck_assert_msg(fabs(moved - rint(moved)) < 0.05, "%g pulses", moved);
            sum[k] += direction * moved;
            pulses += fabs(rint(moved));
            before[k] = after[k];
        }
    }
    for (size_t k = 0; k < ROWS * COLS; k++) {
        const double p = gain * gain * fabs((double)x[k / COLS] * (double)y[k % COLS]);
        const double mean = SLOTS * gain * gain * (double)x[k / COLS] * (double)y[k % COLS];
        /* A slot is one Bernoulli trial of both lines together. */
        const double error = sqrt(UPDATES * (double)SLOTS * p * (1 - p));
        ck_assert_msg(fabs(sum[k] - UPDATES * mean) <= 5 * error + 0.01 * UPDATES * fabs(mean),
                      "cell %d: %g, not %g", (int)k, sum[k], UPDATES * mean);
    }
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET, &cost[2]));
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_RESET, &cost[3]));
    ck_assert_double_eq(cost[2] + cost[3] - cost[0] - cost[1], pulses);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
}
END_TEST

/* A cell after a burst of count pulses: what the device makes of where it was, and its level. */
static void check_burst(const memqc_crossbar *xb, const memqc_device *d, size_t side, size_t c,
                        uint64_t number, float count, float was) {
    const struct mqc_plane *plane = &xb->cells.plane[side];
    const size_t cells = xb->shape.rows * xb->shape.cols;
    const struct mqc_draws where = {xb->seed, side * cells + c, number, NULL, NULL};
    const struct mqc_cell_arrays own = mqc_plane_own_from(plane, c);
    float g = was;
    const struct mqc_cell_set set = {&where, &own, 1, &g, NULL, NULL};
    d->ops->burst(d, &set, &count);
    ck_assert(plane->g[c] == g);
    const double rung = rint((mqc_device_g_max(d) - (double)g) / mqc_device_step(d));
    const double level = 1 + fmin(fmax(rung, 0), mqc_device_states(d) - 1);
    ck_assert(count == 0 || fabs((double)plane->level[c] - level) <= 1); /* in single precision */
}

/* Each cell gets the burst that its coincidences make, whether many or few of a row do: against the
 * device, cell by cell. */
START_TEST(cells_get_their_bursts) {
    enum { ROWS = 30, COLS = 70, CELLS = ROWS * COLS };
    static const float densities[] = {0.03f, 0.3f, 1};
    memqc_device *d = NULL;
    OK(memqc_device_create_preset("rpu", &d));
    for (int32_t mapping = MEMQC_CROSSBAR_MAPPING_SINGLE;
         mapping <= MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL; mapping++) {
        memqc_crossbar *xb = array(d, ROWS, COLS, mapping);
        const size_t sides = xb->weights.map.sides;
        for (size_t k = 0; k < 3; k++) {
            float x[ROWS], y[COLS], was[2][CELLS];
            for (size_t i = 0; i < ROWS; i++)
                x[i] = i % 2 ? -1 : 1;
            for (size_t j = 0; j < COLS; j++)
                y[j] = densities[k] * (j % 3 ? 1.0f : -1.0f);
            for (size_t side = 0; side < sides; side++)
                memcpy(was[side], xb->cells.plane[side].g, sizeof was[side]);
            const uint64_t number = xb->account.bursts;
            OK(mqc_crossbar_outer(xb, x, y, 0.8, 1, 5, 1));
            ck_assert_uint_eq(xb->account.bursts, number + 1);
            size_t moved = 0;
            for (size_t c = 0; c < CELLS; c++) {
                const size_t i = c / COLS, j = c % COLS; /* all rows fire, so that rows and their
                                                            trains are in the same order */
                const float shared =
                    (float)population(xb->scratch.train_bits[i] & xb->scratch.train_bits[ROWS + j]);
                for (size_t side = 0; side < sides; side++) {
                    const float count =
                        (side ? -1.0f : 1.0f) * x[i] * (j % 3 ? 1.0f : -1.0f) * shared;
                    check_burst(xb, d, side, c, number, count, was[side][c]);
                    moved += shared != 0;
                }
                ck_assert(xb->weights.matrix[c] ==
                          xb->cells.plane[0].g[c] -
                              (sides == 2 ? xb->cells.plane[1].g[c] : xb->weights.map.middle));
            }
            ck_assert(moved > 10 && (k < 2 || moved > CELLS / 2));
        }
        memqc_crossbar_destroy(&xb);
    }
    memqc_device_destroy(&d);
}
END_TEST

/* A device whose pulses move a cell by a microsiemens: by a table of steps, or of jumps that are all
 * equal. */
static memqc_device *by_tables(int32_t model) {
    static const float nodes[] = {10e-6f, 50e-6f, 100e-6f}, steps[] = {1e-6f, 1e-6f, 1e-6f};
    static const float up[] = {1e-6f, 1e-6f}, down[] = {-1e-6f, -1e-6f};
    memqc_device *d;
    OK(memqc_device_create(model, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MIN, 10e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MAX, 100e-6));
    for (int32_t direction = -1; direction <= 1; direction += 2)
        OK(model == MEMQC_DEVICE_TABLE
               ? memqc_device_set_table(d, direction, 3, nodes, steps)
               : memqc_device_set_jumps(d, 0, direction, 1, nodes, 2, direction > 0 ? up : down));
    return d;
}

/* The bursts of tables add up: coincidences x a microsiemens, within the window. */
START_TEST(tables_burst) {
    enum { ROWS = 6, COLS = 8, CELLS = ROWS * COLS };
    static const int32_t models[] = {MEMQC_DEVICE_TABLE, MEMQC_DEVICE_JUMPS};
    for (int k = 0; k < 2; k++) {
        memqc_device *d = by_tables(models[k]);
        memqc_crossbar *xb = array(d, ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE);
        float x[ROWS], y[COLS], was[CELLS];
        int stopped = 0, most = 0;
        for (size_t i = 0; i < ROWS; i++)
            x[i] = i % 2 ? -1 : 1;
        for (size_t j = 0; j < COLS; j++)
            y[j] = j % 3 ? 0.7f : -0.7f;
        for (int u = 0; u < 20; u++) {
            const float *const g = xb->cells.plane[0].g;
            memcpy(was, g, sizeof was);
            OK(mqc_crossbar_outer(xb, x, y, 1, 1, 10, 1));
            for (size_t c = 0; c < CELLS; c++) {
                const size_t i = c / COLS, j = c % COLS;
                const int shared =
                    population(xb->scratch.train_bits[i] & xb->scratch.train_bits[ROWS + j]);
                const double moved = 1e-6 * shared * (double)x[i] * (j % 3 ? 1 : -1);
                const double wanted = fmin(fmax((double)was[c] + moved, 10e-6), 100e-6);
                ck_assert_msg(fabs((double)g[c] - wanted) < 2e-11, "model %d, cell %zu: %g, not %g",
                              k, c, (double)g[c], wanted);
                stopped += wanted != (double)was[c] + moved;
                most = shared > most ? shared : most;
            }
        }
        ck_assert(stopped > 0 && most > 5);
        memqc_crossbar_destroy(&xb);
        memqc_device_destroy(&d);
    }
}
END_TEST

/* Quantized weights move by a level a coincidence, no further than their ends, and only changed
 * cells are programmed. */
START_TEST(quantized_weights_move_by_levels) {
    enum { ROWS = 8, COLS = 9 };
    for (int32_t mapping = MEMQC_CROSSBAR_MAPPING_SINGLE;
         mapping <= MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL; mapping++) {
        memqc_device *d;
        OK(memqc_device_create_preset("hfox-a", &d));
        memqc_crossbar *xb = array(d, ROWS, COLS, mapping);
        float x[ROWS], y[COLS], before[ROWS * COLS], after[ROWS * COLS];
        for (size_t i = 0; i < ROWS; i++)
            x[i] = i % 2 ? -1 : 1;
        for (size_t j = 0; j < COLS; j++)
            y[j] = j == 0 ? 0 : 1;
        const double step = mqc_crossbar_pulse_weight(xb);
        for (int u = 0; u < 80; u++) {
            OK(memqc_crossbar_get_nominal_weights(xb, before, COLS));
            OK(mqc_crossbar_outer(xb, x, y, 1, 1, 1, 1)); /* every slot fires: one level each */
            OK(memqc_crossbar_get_nominal_weights(xb, after, COLS));
            for (size_t k = 0; k < ROWS * COLS; k++) {
                const double wanted = k % COLS == 0
                                          ? (double)before[k]
                                          : (double)before[k] + (k / COLS % 2 ? -step : step);
                ck_assert_double_eq_tol((double)after[k], fmin(fmax(wanted, -1), 1), 1e-5);
            }
        }
        memqc_crossbar_destroy(&xb);
        memqc_device_destroy(&d);
    }
}
END_TEST

/* Pulses up and down in turns bring each soft-bounds cell to the point where both steps are equal,
 * (S_up hi + S_down lo) / (S_up + S_down), about which it then goes up and down by half a step. */
START_TEST(symmetry_points_are_found) {
    enum { ROWS = 10, COLS = 12 };
    memqc_device *d;
    OK(memqc_device_create_preset("soft-bounds", &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_C2C_STEP, 0));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_ASYMMETRY, 0.2));
    memqc_crossbar *xb = array(d, ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE);
    mqc_crossbar_alternate(xb, 30000);
    const struct mqc_cell_arrays *own = &xb->cells.plane[0].own;
    for (size_t i = 0; i < ROWS * COLS; i++) {
        const double up = (double)own->up[i], down = (double)own->down[i];
        const double point = (up * (double)own->hi[i] + down * (double)own->lo[i]) / (up + down);
        ck_assert_double_eq_tol((double)xb->cells.plane[0].g[i], point, fmax(up, down));
    }
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
}
END_TEST

/* One row alone, every slot: d is added to it in the mean, and nothing to the others. */
START_TEST(a_row_alone) {
    enum { ROWS = 5, COLS = 200, UPDATES = 500 };
    const double step = 1e-3;
    memqc_device *d = constant(2 / step, 0.3);
    memqc_crossbar *xb = array(d, ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE);
    float v[COLS], before[ROWS * COLS], after[ROWS * COLS];
    for (size_t j = 0; j < COLS; j++)
        v[j] = j % 2 ? 0.4f : -0.4f;
    OK(memqc_crossbar_get_weights(xb, before, COLS));
    for (int u = 0; u < UPDATES; u++)
        OK(mqc_crossbar_outer_row(xb, 3, v, 1, 2));
    OK(memqc_crossbar_get_weights(xb, after, COLS));
    double sum = 0;
    for (size_t k = 0; k < ROWS * COLS; k++) {
        if (k / COLS != 3)
            ck_assert(after[k] == before[k]);
        else
            sum += ((double)after[k] - (double)before[k]) * (k % COLS % 2 ? 1 : -1) / step;
    }
    const double pulses = UPDATES * 2.0, mean = pulses * 0.4,
                 sd = sqrt(pulses * (0.4 * 0.6 + 0.4 * 0.09));
    ck_assert_double_eq_tol(sum / COLS, mean, 5 * sd / sqrt(COLS) + 1e-3 * mean);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
}
END_TEST

/* Stuck cells stay where they are. */
START_TEST(stuck_cells_do_not_move) {
    enum { ROWS = 6, COLS = 40 };
    const size_t places[] = {0, 7, 100};
    const float at[] = {20e-6f, 30e-6f, 90e-6f},
                ones[COLS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                              1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    memqc_device *d = constant(100, 0.3);
    memqc_crossbar *xb = array(d, ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE);
    OK(memqc_crossbar_stick(xb, 0, 3, places, at));
    for (int u = 0; u < 5; u++)
        OK(mqc_crossbar_outer(xb, ones, ones, 1, 0.1 + 0.2 * u, 3, 1));
    for (size_t i = 0; i < 3; i++) {
        ck_assert(xb->cells.plane[0].g[places[i]] == at[i]);
        ck_assert(xb->weights.matrix[places[i]] == at[i] - xb->weights.map.middle);
    }
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(slices_are_refused) {
    memqc_device *d = constant(31, 0);
    memqc_crossbar *xb;
    const float w[4] = {0, 0, 0, 0};
    OK(memqc_crossbar_create(d, 2, 2, 0, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SLICES, 2));
    OK(memqc_crossbar_program(xb, w, 2));
    FAILS(MEMQC_ERROR_ARGUMENT, "one slice", mqc_update_check(xb, &mqc_update_pulse_train, "here"));
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("trains", trains_fire_as_often_as_asked, kernels, updates_add_the_outer_product,
          cells_get_their_bursts, tables_burst, quantized_weights_move_by_levels,
          symmetry_points_are_found, a_row_alone, stuck_cells_do_not_move, slices_are_refused)
