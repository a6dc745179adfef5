/* SPDX-License-Identifier: BSD-3-Clause */
/* The update rules beside the paper's: each against what its equation says for a gradient by finite
 * differences, its statistics against closed forms, and the promises that hold for all of them. */
#include "crossbar/array/kernels.h"
#include "crossbar/update/accumulate.h"
#include "mlp.h"

#include "mlp/pass/step.h"
#include "mlp/pass/store.h"
#include "mlp/rules/rules.h"

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
    WORKS(memqc_mlp_borrow_crossbar(mlp, 0, &xb));
    WORKS(memqc_crossbar_get_nominal_weights(xb, nominal, one_layer[1]));
    for (size_t i = 0; i < CELLS; i++)
        positions[i] = rint((1 + (double)nominal[i]) * steps_of(kind));
}

static void read_chi(const memqc_mlp *mlp, const struct kind *kind, double *chi) {
    const float *own = mlp->layer[0].rule->states ? mqc_layer_own_state(&mlp->layer[0], 0) : NULL;
    for (size_t i = 0; i < CELLS && own; i++)
        chi[i] = (double)own[i] * steps_of(kind);
}

static memqc_mlp *make_layer(const struct kind *kind, double rule, double rate) {
    memqc_mlp *mlp = make(one_layer, 2, kind->preset);
    const struct setting settings[] = {{MEMQC_MLP_MAPPING, kind->mapping},
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
    WORKS(memqc_mlp_init(mlp));
    read_model(mlp, one_layer, 2, &model);
    differentiate(&model, BATCH, x, labels, &grad);
    for (size_t i = 0; i < CELLS; i++)
        move->wanted[i] = -rate * grad.w[0][i] * steps_of(kind);
    read_positions(mlp, kind, move->from);
    read_chi(mlp, kind, move->chi[0]);
    WORKS(memqc_mlp_train_epoch(mlp, BATCH, x, one_layer[0], labels));
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
        memqc_mlp *mlp = make_layer(kind, MEMQC_MLP_RULE_STOCHASTIC, 3);
        WORKS(memqc_mlp_set_seed(mlp, seed));
        WORKS(memqc_mlp_set_weights(mlp, 0, w, 6, NULL));
        if (seed == 0)
            one_step(mlp, kind, 3, x, labels, &move);
        else
            WORKS(memqc_mlp_train_epoch(mlp, BATCH, x, 7, labels));
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
    memqc_mlp *mlp = make_layer(kind, MEMQC_MLP_RULE_SIGN, rate);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_SIGN_THRESHOLD, threshold));
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
        kind, one_way ? MEMQC_MLP_RULE_ONE_DIRECTIONAL : MEMQC_MLP_RULE_MIXED_PRECISION, rate);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_UPDATE_THRESHOLD, threshold));
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
    memqc_mlp *mlp = make_layer(kind, MEMQC_MLP_RULE_MIXED_PRECISION, rate);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, adam ? MEMQC_MLP_ADAM : MEMQC_MLP_SGD_MOMENTUM));
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
    WORKS(memqc_device_create_preset("hfox-a", &device));
    WORKS(memqc_crossbar_create(device, ROWS, COLS, &xb));
    WORKS(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    fill(PAIRS, w, -1, 1);
    WORKS(memqc_crossbar_program(xb, w, COLS));
    for (size_t plane = 0; plane < 2; plane++)
        WORKS(memqc_crossbar_get_levels(xb, plane, levels[plane], COLS));
    for (size_t i = 0; i < PAIRS; i++)
        pairs[i] = (struct pair){levels[0][i], levels[1][i]};
    WORKS(memqc_crossbar_cost(xb, MEMQC_CROSSBAR_COST_SET, &sets[0]));
    WORKS(memqc_crossbar_cost(xb, MEMQC_CROSSBAR_COST_RESET, &resets[0]));
    for (int round = 0; round < 300; round++) {
        for (size_t i = 0; i < PAIRS; i++) {
            const int32_t way = pairs[i].down - pairs[i].up;
            int32_t steps = (int32_t)floor(uniform(-3, 4)); /* -3 .. 3, within the ends */
            steps = way + steps > STATES - 1 || way + steps < 1 - STATES ? 0 : steps;
            chi[i] = (float)((steps + (steps < 0 ? -0.25 : 0.25)) / (STATES - 1));
            const struct pair before = pairs[i];
            const int again = move_pair(&pairs[i], steps, refresh);
            refreshed += (uint64_t)again;
            for (int side = 0; side < 2; side++) { /* a cell goes down from where it is, or is set
                                                      first */
                const int32_t from = side ? before.down : before.up,
                              to = side ? pairs[i].down : pairs[i].up;
                sets[0] += to < from;
                resets[0] += to < from ? to - 1 : to - from;
                ck_assert(again || to >= from);
            }
        }
        WORKS(mqc_crossbar_move(xb, "test", 1, refresh, chi));
        for (size_t plane = 0; plane < 2; plane++)
            WORKS(memqc_crossbar_get_levels(xb, plane, levels[plane], COLS));
        for (size_t i = 0; i < PAIRS; i++) {
            ck_assert_int_eq(levels[0][i], pairs[i].up);
            ck_assert_int_eq(levels[1][i], pairs[i].down);
            ck_assert(fabs(fabs((double)chi[i]) * (STATES - 1) - 0.25) < 1e-4);
        }
    }
    WORKS(memqc_crossbar_cost(xb, MEMQC_CROSSBAR_COST_SET, &sets[1]));
    WORKS(memqc_crossbar_cost(xb, MEMQC_CROSSBAR_COST_RESET, &resets[1]));
    WORKS(memqc_crossbar_count(xb, MEMQC_CROSSBAR_COUNT_REFRESHED, &counted));
    ck_assert_uint_eq(counted, refreshed);
    ck_assert_uint_gt(refreshed, 50);
    ck_assert_double_eq(sets[1], sets[0]);
    ck_assert_double_eq(resets[1], resets[0]);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* --- what noise-aware training finds --- */

struct look {
    const char *name, *preset;
    double mapping, law;
};
static const struct look looks[] = {
    {"single", "hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_DEVICE_LAW_LINEAR},
    {"pair", "hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, MEMQC_DEVICE_LAW_MEASURED},
    {"pair, printed", "hfox-b", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, MEMQC_DEVICE_LAW_PRINTED},
    {"two-sided", "hfox-b", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED,
     MEMQC_DEVICE_LAW_MEASURED},
};

/* Programs the same weights again and again, and has them looked at again and again: mean and
 * variance of both. */
START_TEST(noise_is_that_of_programming) {
    enum { DRAWS = 4000, RUNGS = 2 * STATES - 1 };
    const struct look *look = &looks[_i];
    const size_t sizes[] = {1, RUNGS};
    memqc_device *device = NULL;
    memqc_crossbar *xb = NULL;
    memqc_mlp *mlp = NULL;
    float w[RUNGS], got[RUNGS];
    double sum[2][RUNGS] = {{0}}, squares[2][RUNGS] = {{0}}, fourth[RUNGS] = {0};
    WORKS(memqc_device_create_preset(look->preset, &device));
    WORKS(memqc_device_set(device, MEMQC_DEVICE_LAW, look->law));
    WORKS(memqc_crossbar_create(device, 1, RUNGS, &xb));
    WORKS(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, look->mapping));
    WORKS(memqc_crossbar_set(xb, MEMQC_CROSSBAR_W_MAX, 0.5));
    WORKS(memqc_mlp_create(sizes, 2, device, 0, &mlp));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_MAPPING, look->mapping));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_WEIGHT_RANGE, 0.5));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE));
    for (size_t i = 0; i < RUNGS; i++)
        w[i] = (float)(((double)i / (STATES - 1) - 1) * 0.5);
    WORKS(memqc_mlp_set_weights(mlp, 0, w, RUNGS, NULL));
    for (int draw = 0; draw < DRAWS; draw++) {
        WORKS(memqc_crossbar_program(xb, w, RUNGS));
        WORKS(memqc_crossbar_get_weights(xb, got, RUNGS));
        const struct mqc_step step = mqc_mlp_step(mlp, 0, 1);
        mqc_rule_noise_aware.look(&mlp->layer[0], &step);
        mlp->at.steps++;
        for (size_t i = 0; i < RUNGS; i++) {
            const double z[] = {(double)got[i] - (double)w[i],
                                (double)mlp->layer[0].seen[i] - (double)w[i]};
            for (int k = 0; k < 2; k++) {
                sum[k][i] += z[k] / DRAWS;
                squares[k][i] += z[k] * z[k] / DRAWS;
            }
            fourth[i] += pow(z[0], 4) / DRAWS;
        }
    }
    for (size_t i = 0; i < RUNGS; i++) { /* two samples of a mean and of a mean square: 5 standard
                                            errors of their difference */
        const double variance =
            squares[0][i] - sum[0][i] * sum[0][i] + squares[1][i] - sum[1][i] * sum[1][i];
        const double spread =
            fourth[i] - squares[0][i] * squares[0][i] + 2 * squares[1][i] * squares[1][i];
        ck_assert_msg(fabs(sum[0][i] - sum[1][i]) <= 5 * sqrt(variance / DRAWS) + 1e-6,
                      "%s, %g: mean %g, looked at %g", look->name, (double)w[i], sum[0][i],
                      sum[1][i]);
        ck_assert_msg(fabs(squares[0][i] - squares[1][i]) <= 5 * sqrt(spread / DRAWS) + 1e-9,
                      "%s, %g: mean square %g, looked at %g", look->name, (double)w[i],
                      squares[0][i], squares[1][i]);
    }
    memqc_mlp_destroy(&mlp);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* Without noise, and with so many levels that rounding to them does not count, it is the float
 * rule, but for the range. */
START_TEST(without_noise_it_is_the_float_rule) {
    memqc_device *device = NULL;
    memqc_mlp *aware = NULL, *plain = make(task_sizes, 3, NULL);
    float w[2][MOST_CELLS], most = 0;
    double furthest = 0;
    WORKS(memqc_device_create_preset("hfox-b", &device));
    WORKS(memqc_device_set(device, MEMQC_DEVICE_STATES, 4096));
    WORKS(memqc_mlp_create(task_sizes, 3, device, 0, &aware));
    WORKS(memqc_mlp_set(aware, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE));
    WORKS(memqc_mlp_set(aware, MEMQC_MLP_NOISE_FACTOR, 0));
    WORKS(memqc_mlp_set(aware, MEMQC_MLP_WEIGHT_RANGE, 2));
    /* The mean of a level is not its nominal weight where draws below zero are clamped: an ideal
     * device has no such. */
    memqc_device_destroy(&device);
    WORKS(memqc_device_create_preset("ideal", &device));
    WORKS(memqc_device_set(device, MEMQC_DEVICE_STATES, 4096));
    for (size_t l = 0; l < 2; l++)
        WORKS(memqc_mlp_set_device(aware, l, device));
    for (int k = 0; k < 2; k++) {
        WORKS(memqc_mlp_set(k ? plain : aware, MEMQC_MLP_LEARNING_RATE, 0.5));
        WORKS(memqc_mlp_set(k ? plain : aware, MEMQC_MLP_BATCH, 7));
        WORKS(train_task(k ? plain : aware, NULL, NULL));
    }
    for (size_t l = 0; l < 2; l++) {
        WORKS(memqc_mlp_get_weights(aware, l, w[0], task_sizes[l + 1], NULL));
        WORKS(memqc_mlp_get_weights(plain, l, w[1], task_sizes[l + 1], NULL));
        for (size_t i = 0; i < task_sizes[l] * task_sizes[l + 1]; i++)
            furthest = fmax(furthest, fabs((double)w[0][i] - (double)w[1][i]));
    }
    ck_assert_msg(furthest < 2e-3, "weights are %g apart", furthest); /* a level is 1e-3 */
    for (int epoch = 0; epoch < 60; epoch++)
        WORKS(train_task(aware, NULL, NULL));
    for (size_t l = 0; l < 2; l++) {
        WORKS(memqc_mlp_get_weights(aware, l, w[0], task_sizes[l + 1], NULL));
        for (size_t i = 0; i < task_sizes[l] * task_sizes[l + 1]; i++)
            most = fmaxf(most, fabsf(w[0][i]));
    }
    ck_assert_msg(most == 2, "the largest weight is %g",
                  (double)most); /* some are at the end, and none is beyond */
    memqc_mlp_destroy(&aware);
    memqc_mlp_destroy(&plain);
    memqc_device_destroy(&device);
}
END_TEST

/* --- transfer --- */

START_TEST(transferred_weights_are_at_their_nearest_levels) {
    const int row = _i % 2;
    const double factor = _i / 2 ? 1.5 : 0;
    memqc_device *device = NULL;
    memqc_mlp *mlp = make(task_sizes, 3, NULL), *onto = NULL;
    float w[2][MOST_CELLS], b[2][MOST_UNITS];
    double value = 0;
    uint32_t epochs = 9;
    WORKS(memqc_device_create_preset("ideal", &device));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 4));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_BIAS, row ? MEMQC_MLP_BIAS_ROW : MEMQC_MLP_BIAS_DIGITAL));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_TRANSFER_RANGE, factor));
    WORKS(memqc_mlp_set_seed(mlp, 7));
    for (int epoch = 0; epoch < 10; epoch++)
        WORKS(train_task(mlp, NULL, NULL));
    WORKS(memqc_mlp_transfer(mlp, device, &onto));
    for (size_t l = 0; l < 2; l++) {
        const size_t out = task_sizes[l + 1], n = task_sizes[l] * out;
        double most = 0, squares = 0;
        WORKS(memqc_mlp_get_weights(mlp, l, w[0], out, b[0]));
        WORKS(memqc_mlp_get_weights(onto, l, w[1], out, b[1]));
        for (size_t i = 0; i < n + (row ? out : 0); i++) {
            const double one = (double)(i < n ? w[0][i] : b[0][i - n]);
            most = fmax(most, fabs(one));
            squares += one * one;
        }
        const double range =
            factor > 0 ? factor * sqrt(squares / (double)(n + (row ? out : 0))) : most;
        WORKS(memqc_mlp_get_layer(onto, l, MEMQC_MLP_WEIGHT_RANGE, &value));
        ck_assert_msg(fabs(value - range) <= 1e-6 * range, "range %g, not %g", value, range);
        for (size_t i = 0; i < n + out; i++) {
            const double from = (double)(i < n ? w[0][i] : b[0][i - n]),
                         to = (double)(i < n ? w[1][i] : b[1][i - n]);
            const double wanted = i < n || row ? fmin(range, fmax(-range, from)) : from,
                         half = i < n || row ? 0.5 * range / 31 : 0;
            ck_assert_msg(fabs(to - wanted) <= half * 1.0001 + 1e-6 * range, "%g became %g", from,
                          to);
        }
    }
    WORKS(memqc_mlp_get(onto, MEMQC_MLP_RULE, &value));
    ck_assert(value == MEMQC_MLP_RULE_NEAREST_LEVEL);
    WORKS(memqc_mlp_get(onto, MEMQC_MLP_LEARNING_RATE, &value));
    ck_assert(value == 4);
    WORKS(memqc_mlp_get_epochs(onto, &epochs));
    ck_assert_uint_eq(epochs, 0);
    WORKS(train_task(onto, NULL, NULL)); /* it can go on learning */
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&onto);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(what_transfer_refuses_and_keeps) {
    memqc_device *device = NULL;
    memqc_mlp *mlp = make(task_sizes, 3, NULL), *onto = mlp, *again = NULL;
    double value = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "needs a device", memqc_mlp_transfer(mlp, NULL, &onto));
    ck_assert_ptr_null(onto);
    onto = mlp;
    FAILS(MEMQC_ERROR_ARGUMENT, "mlp is NULL", memqc_mlp_transfer(NULL, NULL, &onto));
    ck_assert_ptr_null(onto);
    FAILS(MEMQC_ERROR_ARGUMENT, "out is NULL", memqc_mlp_transfer(mlp, NULL, NULL));
    WORKS(memqc_mlp_set_seed(mlp, 1)); /* the weights that it drew are gone again */
    WORKS(memqc_device_create_preset("hfox-a", &device));
    WORKS(memqc_mlp_set_device(mlp, 0, device));
    WORKS(memqc_mlp_set_device(mlp, 1, device));
    WORKS(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE));
    WORKS(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_WEIGHT_RANGE, 0.75));
    WORKS(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_RULE, MEMQC_MLP_RULE_MIXED_PRECISION));
    WORKS(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    WORKS(memqc_mlp_transfer(mlp, NULL, &onto));
    WORKS(memqc_mlp_transfer(mlp, NULL, &again));
    ck_assert_msg(same(onto, again), "transferred twice, the two differ");
    WORKS(memqc_mlp_get_layer(onto, 0, MEMQC_MLP_WEIGHT_RANGE, &value));
    ck_assert(value == 0.75);
    WORKS(memqc_mlp_get_layer(onto, 0, MEMQC_MLP_RULE, &value));
    ck_assert(value == MEMQC_MLP_RULE_NEAREST_LEVEL);
    WORKS(memqc_mlp_get_layer(onto, 1, MEMQC_MLP_RULE, &value));
    ck_assert(value == MEMQC_MLP_RULE_MIXED_PRECISION);
    WORKS(memqc_mlp_get_layer(onto, 1, MEMQC_MLP_OPTIMIZER, &value));
    ck_assert(value == MEMQC_MLP_ADAM);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&onto);
    memqc_mlp_destroy(&again);
    memqc_device_destroy(&device);
}
END_TEST

/* Written and verified, every cell is within the tolerance; what a layer's parameters say holds for
 * its crossbar at any time. */
START_TEST(transfer_verifies_where_it_is_told_to) {
    memqc_device *device = NULL;
    memqc_mlp *mlp = make(task_sizes, 3, NULL), *onto = NULL;
    double failed[2] = {0, 0}, value = 0;
    WORKS(memqc_device_create_preset("hfox-b", &device));
    WORKS(memqc_device_set(device, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_MEASURED));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 4));
    WORKS(train_task(mlp, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "only scheme = VERIFY",
          memqc_mlp_set(mlp, MEMQC_MLP_VERIFY_TOLERANCE, 0.25));
    for (int verify = 0; verify < 2; verify++) {
        if (verify) { /* after the weights are drawn: it shapes none of them */
            WORKS(memqc_mlp_set(mlp, MEMQC_MLP_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
            WORKS(memqc_mlp_set(mlp, MEMQC_MLP_VERIFY_TOLERANCE, 0.25));
            WORKS(memqc_mlp_set(mlp, MEMQC_MLP_VERIFY_PULSES, 1e6));
        }
        WORKS(memqc_mlp_transfer(mlp, device, &onto));
        for (size_t l = 0; l < 2; l++) {
            const memqc_crossbar *xb = NULL;
            float g[MOST_CELLS];
            int32_t levels[MOST_CELLS];
            WORKS(memqc_mlp_borrow_crossbar(onto, l, &xb));
            WORKS(memqc_crossbar_get(xb, MEMQC_CROSSBAR_SCHEME, &value));
            ck_assert(value ==
                      (verify ? MEMQC_CROSSBAR_SCHEME_VERIFY : MEMQC_CROSSBAR_SCHEME_BLIND));
            WORKS(memqc_crossbar_get_conductances(xb, 0, g, task_sizes[l + 1]));
            WORKS(memqc_crossbar_get_levels(xb, 0, levels, task_sizes[l + 1]));
            for (size_t i = 0; i < task_sizes[l] * task_sizes[l + 1]; i++) {
                double nominal = 0, step = 0;
                WORKS(memqc_device_level(device, levels[i], &nominal, NULL, NULL));
                WORKS(memqc_device_get(device, MEMQC_DEVICE_STEP, &step));
                failed[verify] += fabs((double)g[i] - nominal) > 0.25 * step * (1 + 1e-5);
            }
        }
        if (!verify)
            memqc_mlp_destroy(&onto);
    }
    ck_assert_msg(failed[0] > 48, "only %g of 96 cells are off without it",
                  failed[0]); /* sd is 2 to 5 levels: 90 % are */
    ck_assert_msg(failed[1] == 0, "%g cells are off", failed[1]);
    const memqc_crossbar *xb = NULL;
    WORKS(memqc_mlp_set_layer(onto, 1, MEMQC_MLP_SCHEME, MEMQC_CROSSBAR_SCHEME_BLIND));
    for (size_t l = 0; l < 2; l++) {
        WORKS(memqc_mlp_borrow_crossbar(onto, l, &xb));
        WORKS(memqc_crossbar_get(xb, MEMQC_CROSSBAR_SCHEME, &value));
        ck_assert(value == (l ? MEMQC_CROSSBAR_SCHEME_BLIND : MEMQC_CROSSBAR_SCHEME_VERIFY));
    }
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&onto);
    memqc_device_destroy(&device);
}
END_TEST

/* --- what holds for all of them --- */

START_TEST(every_rule_learns) {
    const struct rule_kind *kind = &rule_kinds[_i];
    memqc_mlp *mlp = make_rule_net(kind, 3);
    double best = 0;
    for (int epoch = 0; epoch < 60 && best < 0.9; epoch++) {
        WORKS(train_task(mlp, NULL, NULL));
        best = fmax(best, task_accuracy(mlp));
    }
    ck_assert_msg(best >= 0.9, "%s: %g", kind->name, best);
    memqc_mlp_destroy(&mlp);
}
END_TEST

static size_t bytes_of(memqc_mlp *mlp, unsigned char *data, size_t room) {
    size_t size = 0;
    WORKS(memqc_mlp_save_memory(mlp, data, room, &size));
    return size;
}

enum { ROOM = 1 << 17 };
static unsigned char bytes[2][ROOM];

/* The bytes of a saved network are all that it is, accumulators included. */
static void check_equal(memqc_mlp *a, memqc_mlp *b, const struct rule_kind *kind,
                        const char *when) {
    const size_t size = bytes_of(a, bytes[0], ROOM);
    ck_assert_msg(bytes_of(b, bytes[1], ROOM) == size && memcmp(bytes[0], bytes[1], size) == 0,
                  "%s: %s, the two differ", kind->name, when);
}

/* Every rule on every model, in pairs and in single cells: two networks that do the same are the
 * same, and they are not where they began. */
START_TEST(every_rule_works_on_every_model) {
    static const int rules[] = {MEMQC_MLP_RULE_STOCHASTIC, MEMQC_MLP_RULE_SIGN,
                                MEMQC_MLP_RULE_MIXED_PRECISION, MEMQC_MLP_RULE_ONE_DIRECTIONAL,
                                MEMQC_MLP_RULE_NOISE_AWARE};
    const int model = _i / (int)COUNT(rules) + 1, rule = rules[_i % (int)COUNT(rules)];
    for (int pair = rule == MEMQC_MLP_RULE_ONE_DIRECTIONAL; pair < 2; pair++) {
        memqc_device *device = NULL;
        memqc_mlp *mlp[2] = {NULL, NULL};
        float before[MOST_CELLS], after[MOST_CELLS];
        WORKS(memqc_device_create(model, &device));
        WORKS(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MAX, 0.05));
        for (int k = 0; k < 2; k++) {
            WORKS(memqc_mlp_create(task_sizes, COUNT(task_sizes), device, 0, &mlp[k]));
            WORKS(memqc_mlp_set(mlp[k], MEMQC_MLP_MAPPING,
                                pair ? MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL
                                     : MEMQC_CROSSBAR_MAPPING_SINGLE));
            WORKS(memqc_mlp_set(mlp[k], MEMQC_MLP_RULE, rule));
            WORKS(memqc_mlp_get_weights(mlp[k], 0, before, task_sizes[1], NULL));
            WORKS(train_task(mlp[k], NULL, NULL));
            WORKS(memqc_mlp_get_weights(mlp[k], 0, after, task_sizes[1], NULL));
        }
        ck_assert_msg(same(mlp[0], mlp[1]), "model %d, rule %d: two networks differ", model, rule);
        ck_assert_msg(memcmp(before, after, sizeof before) != 0, "model %d, rule %d: nothing moved",
                      model, rule);
        for (size_t i = 0; i < task_sizes[0] * task_sizes[1]; i++)
            ck_assert(isfinite(after[i]));
        memqc_mlp_destroy(&mlp[0]);
        memqc_mlp_destroy(&mlp[1]);
        memqc_device_destroy(&device);
    }
}
END_TEST

START_TEST(every_rule_goes_on_to_the_last_bit) {
    const struct rule_kind *kind = &rule_kinds[_i];
    static struct log log;
    memqc_mlp *whole = make_rule_net(kind, 5), *parts = make_rule_net(kind, 5), *loaded = NULL;
    for (int epoch = 0; epoch < 3; epoch++)
        WORKS(train_task(whole, NULL, NULL));
    for (int epoch = 0; epoch < 3; epoch++) {
        memset(&log, 0, sizeof log);
        log.stop_at = (uint64_t)(21 + 49 * epoch);
        WORKS(memqc_mlp_set(parts, MEMQC_MLP_PROGRESS_INTERVAL, 1));
        FAILS(MEMQC_STOPPED, "stopped", train_task(parts, record, &log));
        WORKS(memqc_mlp_set(parts, MEMQC_MLP_PROGRESS_INTERVAL, 1000));
        const size_t size = bytes_of(parts, bytes[0], ROOM);
        WORKS(memqc_mlp_load_memory(bytes[0], size, &loaded));
        check_equal(parts, loaded, kind, "just loaded");
        memqc_mlp_destroy(&parts);
        parts = loaded;
        WORKS(train_task(parts, NULL, NULL));
    }
    check_equal(whole, parts, kind, "in one go and in parts");
    memqc_mlp_destroy(&whole);
    memqc_mlp_destroy(&parts);
}
END_TEST

START_TEST(a_failed_call_leaves_every_rule_as_it_was) {
    const struct rule_kind *kind = &rule_kinds[_i];
    memqc_mlp *mlp = make_rule_net(kind, 5), *control = make_rule_net(kind, 5);
    const float kept = task_x[TASK_INPUTS * 100];
    WORKS(train_task(mlp, NULL, NULL));
    WORKS(train_task(control, NULL, NULL));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
    WORKS(memqc_mlp_set(control, MEMQC_MLP_INPUT_BITS, 0));
    task_x[TASK_INPUTS * 100] = NAN; /* in the midst of an epoch: minibatches before it have been
                                        trained */
    FAILS(MEMQC_ERROR_DATA, "x[100, 0]", train_task(mlp, NULL, NULL));
    task_x[TASK_INPUTS * 100] = kept;
    check_equal(mlp, control, kind, "after a failure");
    WORKS(train_task(mlp, NULL, NULL));
    WORKS(train_task(control, NULL, NULL));
    check_equal(mlp, control, kind, "an epoch after a failure");
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&control);
}
END_TEST

START_TEST(a_step_that_overflows_is_a_divergence) {
    static const int rules[] = {MEMQC_MLP_RULE_STOCHASTIC, MEMQC_MLP_RULE_SIGN,
                                MEMQC_MLP_RULE_MIXED_PRECISION, MEMQC_MLP_RULE_ONE_DIRECTIONAL,
                                MEMQC_MLP_RULE_NOISE_AWARE};
    const struct kind *kind = &kinds[2];
    float x[BATCH * 7];
    int32_t labels[BATCH];
    memqc_mlp *mlp = make_layer(kind, rules[_i], 1e6);
    make_batch(&one_shape, BATCH, x, labels);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_ACTIVATION, MEMQC_MLP_LEAKY_RELU));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_LEAK, 1));
    WORKS(memqc_mlp_init(mlp));
    for (size_t i = 0; i < BATCH * 7; i++)
        x[i] *= 1e30f; /* finite outputs whose loss is not, or gradients that are not */
    FAILS(MEMQC_ERROR_DIVERGED, "became", memqc_mlp_train_epoch(mlp, BATCH, x, 7, labels));
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* A schedule may take the learning rate below the smallest number there is. */
START_TEST(a_rate_of_nothing_moves_nothing) {
    const struct rule_kind *kind = &rule_kinds[_i];
    memqc_mlp *mlp = make_rule_net(kind, 3);
    float before[MOST_CELLS], after[MOST_CELLS];
    if (mlp->layer[0].rule->digital)
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_STEP));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_FACTOR, 1e-6));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_PERIOD, 1e-3));
    WORKS(train_task(mlp, NULL, NULL));
    WORKS(memqc_mlp_get_weights(mlp, 0, before, task_sizes[1], NULL));
    WORKS(train_task(mlp, NULL, NULL));
    WORKS(memqc_mlp_get_weights(mlp, 0, after, task_sizes[1], NULL));
    ck_assert_msg(memcmp(before, after, task_sizes[0] * task_sizes[1] * sizeof *before) == 0,
                  "%s: weights moved", kind->name);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(what_rules_refuse) {
    memqc_mlp *mlp = make(task_sizes, 3, "hfox-a"), *digital = make(task_sizes, 3, NULL);
    static const int rules[] = {MEMQC_MLP_RULE_STOCHASTIC, MEMQC_MLP_RULE_SIGN,
                                MEMQC_MLP_RULE_MIXED_PRECISION, MEMQC_MLP_RULE_ONE_DIRECTIONAL,
                                MEMQC_MLP_RULE_NOISE_AWARE};
    for (size_t i = 0; i < COUNT(rules); i++) {
        const int rule = rules[i];
        FAILS(MEMQC_ERROR_ARGUMENT,
              rule == MEMQC_MLP_RULE_ONE_DIRECTIONAL ? "device" : "needs a device",
              memqc_mlp_set(digital, MEMQC_MLP_RULE, rule));
        if (rule == MEMQC_MLP_RULE_ONE_DIRECTIONAL)
            continue;
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_RULE, rule));
        if (rule != MEMQC_MLP_RULE_STOCHASTIC && rule != MEMQC_MLP_RULE_SIGN)
            continue;
        FAILS(MEMQC_ERROR_ARGUMENT, "keeps no digital weights",
              memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    }
    FAILS(MEMQC_ERROR_ARGUMENT, "DIFFERENTIAL",
          memqc_mlp_set(mlp, MEMQC_MLP_RULE, MEMQC_MLP_RULE_ONE_DIRECTIONAL));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_RULE, MEMQC_MLP_RULE_ONE_DIRECTIONAL));
    FAILS(MEMQC_ERROR_ARGUMENT, "DIFFERENTIAL",
          memqc_mlp_set(mlp, MEMQC_MLP_MAPPING, MEMQC_CROSSBAR_MAPPING_SINGLE));
    FAILS(MEMQC_ERROR_ARGUMENT, "BLIND",
          memqc_mlp_set(mlp, MEMQC_MLP_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
    FAILS(MEMQC_ERROR_ARGUMENT, "only rule = sign",
          memqc_mlp_set(mlp, MEMQC_MLP_SIGN_THRESHOLD, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "only rule = noise-aware",
          memqc_mlp_set(mlp, MEMQC_MLP_NOISE_FACTOR, 1));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_UPDATE_THRESHOLD, 2));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_REFRESH_LEVEL, 3));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE));
    FAILS(MEMQC_ERROR_ARGUMENT, "needs one", memqc_mlp_set_device(mlp, 0, NULL));
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&digital);
}
END_TEST

/* All instruction sets give the same bits. */
START_TEST(kernels_are_equal_on_every_instruction_set) {
    enum { N = 997 };
    static float w[N], z[N], grad[2][N], seen[2][N], chi[2][N], next[2][N];
    static uint64_t changed[2][(N + MQC_BLOCK - 1) / MQC_BLOCK];
    const struct mqc_mlp_kernels *const all[MQC_ISA_COUNT] = MQC_KERNEL_TABLES(mqc_mlp_kernels);
    const struct mqc_crossbar_kernels *const crossbars[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_crossbar_kernels);
    float mean[63], sd[63], position[N];
    const struct mqc_moments moments = {{-31, 31, 0}, 31, mean, sd};
    fill(63, mean, -1, 1);
    fill(63, sd, 0, 1);
    fill(N, w, -1.2, 1.2);
    fill(N, z, 0, 1);
    for (size_t i = 0; i < N; i++)
        position[i] = (float)floor(uniform(-31, 32));
    for (size_t t = 0; t <= (size_t)mqc_isa(); t++) {
        const size_t k = t > 0;
        memcpy(grad[k], w, sizeof w);
        all[t]->dither(N, 0.3f, z, grad[k]);
        all[t]->sign(N / 2, 0.2f, grad[k]);
        all[t]->clip(N / 3, 0.5f, grad[k]);
        all[t]->see(N, &moments, 0.7f, w, z, seen[k]);
        memcpy(chi[k], grad[k], sizeof w);
        memset(next[k], 0, sizeof next[k]);
        ck_assert_int_eq(crossbars[t]->spill(&moments.ladder, N, position, 9.7f, 1.5f, chi[k],
                                             next[k], changed[k]),
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
        ck_assert_int_ne(crossbars[t]->spill(&moments.ladder, N, position, 9.7f, 1.5f, chi[k],
                                             next[k], changed[k]),
                         0);
        memcpy(chi[0], grad[0], sizeof w);
        crossbars[0]->spill(&moments.ladder, N, position, 9.7f, 1.5f, chi[0], next[0], changed[0]);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_rules");
    TCase *numbers = add_group(suite, "numbers", setup),
          *task = add_group(suite, "task", make_task);
    tcase_add_loop_test(numbers, stochastic_rounding_is_right_on_average, 0, 2);
    tcase_add_loop_test(numbers, signs_move_one_level, 0, 6);
    tcase_add_loop_test(numbers, accumulators_keep_what_is_not_sent, 0, 16);
    tcase_add_loop_test(numbers, accumulators_take_the_steps_of_an_optimizer, 0, 2);
    tcase_add_loop_test(numbers, pairs_are_depressed_and_refreshed, 0, 3);
    tcase_add_loop_test(numbers, noise_is_that_of_programming, 0, COUNT(looks));
    tcase_add_loop_test(numbers, a_step_that_overflows_is_a_divergence, 0, 5);
    tcase_add_test(numbers, kernels_are_equal_on_every_instruction_set);
    tcase_add_test(task, without_noise_it_is_the_float_rule);
    tcase_add_loop_test(task, transferred_weights_are_at_their_nearest_levels, 0, 4);
    tcase_add_test(task, what_transfer_refuses_and_keeps);
    tcase_add_test(task, transfer_verifies_where_it_is_told_to);
    tcase_add_loop_test(task, every_rule_learns, 0, RULE_KINDS);
    tcase_add_loop_test(task, every_rule_works_on_every_model, 0, 5 * MEMQC_DEVICE_TABLE);
    tcase_add_loop_test(task, every_rule_goes_on_to_the_last_bit, 0, RULE_KINDS);
    tcase_add_loop_test(task, a_failed_call_leaves_every_rule_as_it_was, 0, RULE_KINDS);
    tcase_add_loop_test(task, a_rate_of_nothing_moves_nothing, 0, RULE_KINDS);
    tcase_add_test(task, what_rules_refuse);
    return run_suite(suite);
}
