/* SPDX-License-Identifier: BSD-3-Clause */
/* One step of each update rule, against what its equation says for a gradient by finite differences,
 * and its statistics against closed forms. */
#include "mlp.h"

#include "crossbar/array/kernels.h"
#include "crossbar/array/train_kernels.h"
#include "crossbar/update/accumulate.h"
#include "crossbar/update/changes.h"
#include "mlp/pass/inside.h"

enum { STATES = 32, CELLS = 7 * 6 };

static const size_t one_layer[] = {7, 6};
static const struct shape one_shape = {2, {7, 6, 0, 0}};

/* --- one minibatch of one layer: what it wants and what it gets, in steps between levels --- */

struct move {
    double wanted[CELLS];          /* - lr grad */
    double from[CELLS], to[CELLS]; /* positions, rising with the weight, of the levels */
    double chi[2][CELLS];          /* accumulators before and after, for rules that have them */
};

/* Steps a unit of weight. */
static double steps_of(const struct kind *kind) {
    return kind->mapping == MEMQC_CROSSBAR_MAPPING_SINGLE ? 0.5 * (STATES - 1) : STATES - 1;
}

static void read_positions(memqc_mlp *mlp, const struct kind *kind, double *positions) {
    const memqc_crossbar *xb = NULL;
    float nominal[CELLS];
    OK(memqc_mlp_borrow_crossbar(mlp, 0, &xb));
    OK(memqc_crossbar_get_nominal_weights(xb, nominal, one_layer[1]));
    for (size_t i = 0; i < CELLS; i++)
        positions[i] = rint((1 + (double)nominal[i]) * steps_of(kind));
}

static void read_chi(const memqc_mlp *mlp, const struct kind *kind, double *chi) {
    const float *own = mlp->layer[0].now.xb->update.gathered;
    for (size_t i = 0; i < CELLS && own; i++)
        chi[i] = (double)own[i] * steps_of(kind);
}

static memqc_mlp *make_layer(const struct kind *kind, double rule, double rate) {
    memqc_mlp *mlp = make(one_layer, 2, kind->preset);
    const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, kind->mapping},
                                       {MEMQC_MLP_RULE, rule},
                                       {MEMQC_MLP_BATCH, BATCH},
                                       {MEMQC_MLP_LEARNING_RATE, rate},
                                       {MEMQC_MLP_INPUT_BITS, 0}};
    set_all(mlp, settings, COUNT(settings));
    return mlp;
}

/* Trains one minibatch. */
static void one_step(memqc_mlp *mlp, const struct kind *kind, double rate, const float *x,
                     const int32_t *labels, struct move *move) {
    static struct model model, grad;
    OK(memqc_mlp_init(mlp));
    read_model(mlp, one_layer, 2, &model);
    differentiate(&model, BATCH, x, labels, &grad);
    for (size_t i = 0; i < CELLS; i++)
        move->wanted[i] = -rate * grad.w[0][i] * steps_of(kind);
    read_positions(mlp, kind, move->from);
    read_chi(mlp, kind, move->chi[0]);
    OK(memqc_mlp_train_epoch(mlp, BATCH, x, one_layer[0], labels));
    read_positions(mlp, kind, move->to);
    read_chi(mlp, kind, move->chi[1]);
}

/* --- stochastic rounding --- */

START_TEST(stochastic_rounding_is_right_on_average) {
    enum { DRAWS = 2000 };
    const struct kind *kind = &kinds[1 + _i];
    static struct move move;
    double sum[CELLS] = {0};
    float x[BATCH * 7], w[CELLS];
    int32_t labels[BATCH];
    make_batch(&one_shape, BATCH, x, labels);
    for (size_t i = 0; i < BATCH; i++)
        x[i * 7 + 2] = 0; /* the gradient of its weights is 0 */
    fill(CELLS, w, -0.5, 0.5);
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        memqc_mlp *mlp = make_layer(kind, MEMQC_CROSSBAR_RULE_STOCHASTIC, 3);
        OK(memqc_mlp_set_seed(mlp, seed));
        OK(memqc_mlp_set_weights(mlp, 0, w, 6, NULL));
        if (seed == 0)
            one_step(mlp, kind, 3, x, labels, &move);
        else
            OK(memqc_mlp_train_epoch(mlp, BATCH, x, 7, labels));
        read_positions(mlp, kind, move.to);
        for (size_t i = 0; i < CELLS; i++) {
            const double moved = move.to[i] - move.from[i];
            ck_assert_msg(fabs(moved - move.wanted[i]) < 1 + 1e-3,
                          "cell %zu moved by %g steps, wanted %g", i, moved, move.wanted[i]);
            ck_assert_msg(i / 6 != 2 || moved == 0, "cell %zu moved by %g steps without a gradient",
                          i, moved);
            sum[i] += moved;
        }
        memqc_mlp_destroy(&mlp);
    }
    for (size_t i = 0; i < CELLS; i++) { /* a weight moves by the whole steps and, with the
                                            probability of the rest, one more */
        const double p = move.wanted[i] - floor(move.wanted[i]), se = sqrt(p * (1 - p) / DRAWS);
        ck_assert_msg(fabs(sum[i] / DRAWS - move.wanted[i]) <= 5 * se + 1e-3,
                      "cell %zu moves by %g steps on average, wanted %g +- %g", i, sum[i] / DRAWS,
                      move.wanted[i], se);
    }
}
END_TEST

/* --- sign --- */

START_TEST(signs_move_one_level) {
    static const double thresholds[] = {0, 0.25, 1.5};
    const struct kind *kind = &kinds[1 + _i % 2];
    const double threshold = thresholds[_i / 2], rate = 5;
    static struct move move;
    size_t moved = 0, kept = 0;
    float x[BATCH * 7];
    int32_t labels[BATCH];
    memqc_mlp *mlp = make_layer(kind, MEMQC_CROSSBAR_RULE_SIGN, rate);
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_SIGN_THRESHOLD, threshold));
    make_batch(&one_shape, BATCH, x, labels);
    for (int step = 0; step < 30; step++) {
        one_step(mlp, kind, rate, x, labels, &move);
        for (size_t i = 0; i < CELLS; i++) {
            const double size = fabs(move.wanted[i]), last = 2 * steps_of(kind);
            if (fabs(size - threshold) < 1e-4)
                continue;
            const double sign = size < threshold ? 0 : move.wanted[i] > 0 ? 1 : -1;
            const double to = fmin(last, fmax(0, move.from[i] + sign));
            ck_assert_msg(move.to[i] == to,
                          "cell %zu from %g to %g; a gradient of %g steps wants %g", i,
                          move.from[i], move.to[i], -move.wanted[i], to);
            moved += move.to[i] != move.from[i];
            kept += move.to[i] == move.from[i];
        }
    }
    ck_assert_msg(moved > 0 && kept > 0, "%zu moved, %zu kept: nothing is tested", moved, kept);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* --- accumulators --- */

/* The weight moves by the whole steps that have gathered, and nothing gets lost between it and its
 * accumulator but what is beyond the ends. */
static void check_accumulator(const struct move *move, size_t i, double threshold, double last) {
    const double gathered = move->chi[0][i] + move->wanted[i], rest = fmax(0, 1 - threshold);
    const double whole =
        fabs(gathered) < threshold ? 0 : copysign(floor(fabs(gathered) + rest), gathered);
    const double to = fmin(last, fmax(0, move->from[i] + whole));
    const double fraction = fabs(gathered) + rest - floor(fabs(gathered) + rest);
    if (fmin(fraction, 1 - fraction) < 1e-3 || fabs(fabs(gathered) - threshold) < 1e-3)
        return;
    ck_assert_msg(move->to[i] == to, "cell %zu with %g steps gathered from %g to %g, not %g", i,
                  gathered, move->from[i], move->to[i], to);
    ck_assert_msg(fabs(move->chi[1][i] - (gathered - whole)) <= 1e-3,
                  "cell %zu with %g steps gathered: %g are left, not %g", i, gathered,
                  move->chi[1][i], gathered - whole);
}

START_TEST(accumulators_keep_what_is_not_sent) {
    static const double thresholds[] = {1, 0.5, 0.8, 3};
    const int one_way = _i % 2;
    const struct kind *kind = &kinds[_i / 2 % 2 ? 4 : 2]; /* pairs, ideal and noisy */
    const double threshold = thresholds[_i / 4], rate = 4;
    static struct move move;
    size_t moved = 0, kept = 0;
    float x[BATCH * 7];
    int32_t labels[BATCH];
    memqc_mlp *mlp = make_layer(
        kind, one_way ? MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL : MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
        rate);
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_UPDATE_THRESHOLD, threshold));
    make_batch(&one_shape, BATCH, x, labels);
    for (int step = 0; step < 60; step++) {
        one_step(mlp, kind, rate, x, labels, &move);
        for (size_t i = 0; i < CELLS; i++) {
            check_accumulator(&move, i, threshold, 2 * (STATES - 1));
            moved += move.to[i] != move.from[i];
            kept += move.to[i] == move.from[i];
        }
    }
    ck_assert_msg(moved > 0 && kept > 0, "%zu moved, %zu kept: nothing is tested", moved, kept);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* The optimizers' steps gather as plain ones do: their first steps are known in closed form. */
START_TEST(accumulators_take_the_steps_of_an_optimizer) {
    const int adam = _i % 2;
    const struct kind *kind = &kinds[2];
    const double rate = adam ? 0.01 : 2;
    static struct move move;
    float x[BATCH * 7];
    int32_t labels[BATCH];
    memqc_mlp *mlp = make_layer(kind, MEMQC_CROSSBAR_RULE_MIXED_PRECISION, rate);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, adam ? MEMQC_MLP_ADAM : MEMQC_MLP_SGD_MOMENTUM));
    make_batch(&one_shape, BATCH, x, labels);
    one_step(mlp, kind, rate, x, labels, &move);
    for (size_t i = 0; i < CELLS; i++) {
        const double gathered = move.to[i] - move.from[i] + move.chi[1][i];
        const double wanted =
            adam ? copysign(rate * steps_of(kind), move.wanted[i]) : move.wanted[i];
        if (move.to[i] == 0 || move.to[i] == 2 * (STATES - 1)) /* what is beyond is lost */
            continue;
        ck_assert_msg(fabs(gathered - wanted) <= 2e-3 * fabs(wanted) + 1e-4,
                      "cell %zu: %g steps, not %g", i, gathered, wanted);
    }
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* --- one-directional pairs, level by level --- */

enum { ROWS = 3, COLS = 5, PAIRS = ROWS * COLS };

struct pair {
    int32_t up, down;
};

/* What a pair's move does to its levels, in whole numbers; returns whether it is refreshed. */
static int move_pair(struct pair *pair, int32_t steps, int32_t refresh) {
    const int32_t way = pair->down - pair->up + steps, size = way < 0 ? -way : way;
    pair->down += steps > 0 ? steps : 0;
    pair->up -= steps < 0 ? steps : 0;
    if (pair->up <= STATES && pair->down <= STATES)
        return 0;
    const int32_t top = refresh + size > STATES ? STATES - size : refresh;
    pair->up = top + (way < 0 ? size : 0);
    pair->down = top + (way > 0 ? size : 0);
    return 1;
}

/* Sets and resets of cells that go down from where they are, or are set first. */
static void count_pulses(struct pair before, struct pair after, int again, double *sets,
                         double *resets) {
    for (int side = 0; side < 2; side++) {
        const int32_t from = side ? before.down : before.up;
        const int32_t to = side ? after.down : after.up;
        *sets += to < from;
        *resets += to < from ? to - 1 : to - from;
        ck_assert(again || to >= from);
    }
}

static void check_pairs(const memqc_crossbar *xb, const struct pair *pairs, const float *chi) {
    int32_t levels[2][PAIRS];
    for (size_t plane = 0; plane < 2; plane++)
        OK(memqc_crossbar_get_levels(xb, plane, levels[plane], COLS));
    for (size_t i = 0; i < PAIRS; i++) {
        ck_assert_int_eq(levels[0][i], pairs[i].up);
        ck_assert_int_eq(levels[1][i], pairs[i].down);
        ck_assert(fabs(fabs((double)chi[i]) * (STATES - 1) - 0.25) < 1e-4);
    }
}

START_TEST(pairs_are_depressed_and_refreshed) {
    static const int32_t refresh_levels[] = {1, 9, 32};
    const int32_t refresh = refresh_levels[_i];
    memqc_device *device = NULL;
    memqc_crossbar *xb = NULL;
    struct pair pairs[PAIRS];
    int32_t levels[2][PAIRS];
    float w[PAIRS], chi[PAIRS];
    double sets[2] = {0, 0}, resets[2] = {0, 0};
    uint64_t refreshed = 0, counted = 0;
    OK(memqc_device_create_preset("hfox-a", &device));
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    fill(PAIRS, w, -1, 1);
    OK(memqc_crossbar_program(xb, w, COLS));
    for (size_t plane = 0; plane < 2; plane++)
        OK(memqc_crossbar_get_levels(xb, plane, levels[plane], COLS));
    for (size_t i = 0; i < PAIRS; i++)
        pairs[i] = (struct pair){levels[0][i], levels[1][i]};
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET, &sets[0]));
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_RESET, &resets[0]));
    for (int round = 0; round < 300; round++) {
        for (size_t i = 0; i < PAIRS; i++) {
            const int32_t way = pairs[i].down - pairs[i].up;
            int32_t steps = (int32_t)floor(uniform(-3, 4)); /* -3 .. 3, within the ends */
            steps = way + steps > STATES - 1 || way + steps < 1 - STATES ? 0 : steps;
            chi[i] = (float)((steps + (steps < 0 ? -0.25 : 0.25)) / (STATES - 1));
            const struct pair before = pairs[i];
            const int again = move_pair(&pairs[i], steps, refresh);
            refreshed += (uint64_t)again;
            count_pulses(before, pairs[i], again, &sets[0], &resets[0]);
        }
        OK(mqc_crossbar_update_room(xb));
        OK(mqc_crossbar_spill(xb, "test", 1, refresh, chi));
        check_pairs(xb, pairs, chi);
    }
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET, &sets[1]));
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_RESET, &resets[1]));
    OK(memqc_crossbar_get_count(xb, MEMQC_CROSSBAR_COUNT_REFRESHED, &counted));
    ck_assert_uint_eq(counted, refreshed);
    ck_assert_uint_gt(refreshed, 50);
    ck_assert_double_eq(sets[1], sets[0]);
    ck_assert_double_eq(resets[1], resets[0]);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* --- what holds for all of them --- */

START_TEST(a_step_that_overflows_is_a_divergence) {
    static const int rules[] = {MEMQC_CROSSBAR_RULE_STOCHASTIC, MEMQC_CROSSBAR_RULE_SIGN,
                                MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
                                MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL, MEMQC_MLP_RULE_NOISE_AWARE};
    const struct kind *kind = &kinds[2];
    float x[BATCH * 7];
    int32_t labels[BATCH];
    memqc_mlp *mlp = make_layer(kind, rules[_i], 1e6);
    make_batch(&one_shape, BATCH, x, labels);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_ACTIVATION, MEMQC_MLP_LEAKY_RELU));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEAK, 1));
    OK(memqc_mlp_init(mlp));
    for (size_t i = 0; i < BATCH * 7; i++)
        x[i] *= 1e30f; /* finite outputs whose loss is not, or gradients that are not */
    FAILS(MEMQC_ERROR_DIVERGED, "became", memqc_mlp_train_epoch(mlp, BATCH, x, 7, labels));
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* All instruction sets give the same bits. */
START_TEST(kernels_are_equal_on_every_instruction_set) {
    enum { N = 997 };
    static float w[N], z[N], grad[2][N], seen[2][N], chi[2][N], next[2][N];
    static uint64_t changed[2][(N + MQC_BLOCK - 1) / MQC_BLOCK];
    const struct mqc_mlp_kernels *const all[MQC_ISA_COUNT] = MQC_KERNEL_TABLES(mqc_mlp_kernels);
    const struct mqc_outer_kernels *const outer[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_outer_kernels);
    const struct mqc_crossbar_kernels *const crossbars[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_crossbar_kernels);
    float mean[63], sd[63], position[N];
    const struct mqc_moments moments = {
        .ladder = {.lo = -31, .hi = 31}, .slope = 31, .mean = mean, .sd = sd};
    fill(63, mean, -1, 1);
    fill(63, sd, 0, 1);
    fill(N, w, -1.2, 1.2);
    fill(N, z, 0, 1);
    for (size_t i = 0; i < N; i++)
        position[i] = (float)floor(uniform(-31, 32));
    const struct mqc_standing at = {position, NULL, NULL};
    for (size_t t = 0; t <= (size_t)mqc_isa(); t++) {
        const size_t k = t > 0;
        memcpy(grad[k], w, sizeof w);
        outer[t]->dither(N, 0.3f, z, grad[k]);
        outer[t]->sign(N / 2, 0.2f, grad[k]);
        all[t]->clip(N / 3, 0.5f, grad[k]);
        all[t]->see(N, &moments, 0.7f, w, z, seen[k]);
        memcpy(chi[k], grad[k], sizeof w);
        memset(next[k], 0, sizeof next[k]);
        ck_assert_int_eq(
            crossbars[t]->spill(&moments.ladder, N, &at, 9.7f, 1.5f, chi[k], next[k], changed[k]),
            0);
        ck_assert_mem_eq(grad[0], grad[k], sizeof w);
        ck_assert_mem_eq(seen[0], seen[k], sizeof w);
        ck_assert_mem_eq(chi[0], chi[k], sizeof w);
        ck_assert_mem_eq(next[0], next[k], sizeof w);
        ck_assert_mem_eq(changed[0], changed[k], sizeof changed[0]);
        float odd[] = {NAN, INFINITY, -INFINITY}, held[3], none[3] = {0, 0, 0};
        all[t]->see(3, &moments, 1, odd, none, held);
        ck_assert(isnan(held[0]) && held[1] == mean[62] && held[2] == mean[0]);
        all[t]->clip(3, 2, odd);
        ck_assert(isnan(odd[0]) && odd[1] == 2 && odd[2] == -2);
        chi[k][3] = NAN;
        ck_assert_int_ne(
            crossbars[t]->spill(&moments.ladder, N, &at, 9.7f, 1.5f, chi[k], next[k], changed[k]),
            0);
        memcpy(chi[0], grad[0], sizeof w);
        crossbars[0]->spill(&moments.ladder, N, &at, 9.7f, 1.5f, chi[0], next[0], changed[0]);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_rule_steps");
    TCase *numbers = add_group(suite, "numbers", setup);
    tcase_add_loop_test(numbers, stochastic_rounding_is_right_on_average, 0, 2);
    tcase_add_loop_test(numbers, signs_move_one_level, 0, 6);
    tcase_add_loop_test(numbers, accumulators_keep_what_is_not_sent, 0, 16);
    tcase_add_loop_test(numbers, accumulators_take_the_steps_of_an_optimizer, 0, 2);
    tcase_add_loop_test(numbers, pairs_are_depressed_and_refreshed, 0, 3);
    tcase_add_loop_test(numbers, a_step_that_overflows_is_a_divergence, 0, 5);
    tcase_add_test(numbers, kernels_are_equal_on_every_instruction_set);
    return run_suite(suite);
}
