/* SPDX-License-Identifier: BSD-3-Clause */
/* The nearest-level rule, cell by cell. */
#include "mlp.h"

/* Levels, conductances and counter of every cell of a layer. */
struct cells {
    size_t planes;
    float nominal[MOST_CELLS], g[2][MOST_CELLS];
    int32_t level[2][MOST_CELLS];
    uint64_t programmed;
};

static void read_cells(memqc_mlp *mlp, size_t layer, size_t cols, struct cells *cells) {
    const memqc_crossbar *xb = NULL;
    OK(memqc_mlp_borrow_crossbar(mlp, layer, &xb));
    OK(memqc_crossbar_get_shape(xb, NULL, NULL, &cells->planes));
    OK(memqc_crossbar_get_nominal_weights(xb, cells->nominal, cols));
    OK(memqc_crossbar_get_count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED, &cells->programmed));
    for (size_t plane = 0; plane < cells->planes; plane++) {
        OK(memqc_crossbar_get_levels(xb, plane, cells->level[plane], cols));
        OK(memqc_crossbar_get_conductances(xb, plane, cells->g[plane], cols));
    }
}

/* Levels of the cells that hold the weight nearest to w, in units of the range; 0 where two are as
 * near. */
static int nearest(double w, size_t planes, int32_t states, int32_t level[2]) {
    const double steps = states - 1, clipped = fmin(1, fmax(-1, w));
    const double position = planes == 1 ? (1 - clipped) / 2 * steps : clipped * steps;
    const int32_t whole = (int32_t)rint(position);
    level[0] = planes == 1 ? whole + 1 : states - (whole > 0 ? whole : 0);
    level[1] = states - (whole < 0 ? -whole : 0);
    return fabs(fabs(position - rint(position)) - 0.5) > 1e-4;
}

/* Returns how many cells of a layer changed, having compared each with what the gradient wants. */
static size_t check_cells(size_t n, const struct cells *before, const struct cells *after,
                          const double *grad, double rate, int32_t states) {
    size_t changed = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t level[2] = {0, 0};
        const int sure =
            nearest((double)before->nominal[i] - rate * grad[i], before->planes, states, level);
        for (size_t plane = 0; plane < before->planes; plane++) {
            const int moved = after->level[plane][i] != before->level[plane][i];
            ck_assert_msg(!sure || after->level[plane][i] == level[plane],
                          "cell %zu of plane %zu: from level %d to %d, not %d", i, plane,
                          (int)before->level[plane][i], (int)after->level[plane][i],
                          (int)level[plane]);
            ck_assert_msg(
                moved == (memcmp(&before->g[plane][i], &after->g[plane][i], sizeof(float)) != 0),
                "cell %zu of plane %zu: level %s, conductance from %g to %g", i, plane,
                moved ? "changed" : "kept", (double)before->g[plane][i],
                (double)after->g[plane][i]);
            changed += (size_t)moved;
        }
    }
    ck_assert_uint_eq(after->programmed - before->programmed, changed);
    return changed;
}

START_TEST(a_minibatch_moves_weights_to_their_nearest_levels) {
    static const size_t sizes[] = {7, 6, 3};
    static struct model model, grad;
    static struct cells before[2], after[2];
    const struct kind *kind = &kinds[1 + _i % (KINDS - 1)];
    const double rate = (const double[]){0.1, 1, 10, 200}[_i / (KINDS - 1)];
    const struct shape shape = {3, {7, 6, 3, 0}};
    float x[BATCH * MOST_UNITS];
    int32_t labels[BATCH];
    size_t changed = 0, kept = 0;
    memqc_mlp *mlp = make(sizes, 3, kind->preset);
    const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, kind->mapping},
                                       {MEMQC_MLP_BATCH, 10},
                                       {MEMQC_MLP_LEARNING_RATE, rate},
                                       {MEMQC_MLP_INPUT_BITS, 0}};
    set_all(mlp, settings, COUNT(settings));
    make_batch(&shape, BATCH, x, labels);
    for (int step = 0; step < 20; step++) { /* the noisy conductance must never leak into the level
                                               */
        read_model(mlp, sizes, 3, &model);
        differentiate(&model, BATCH, x, labels, &grad);
        for (size_t l = 0; l < 2; l++)
            read_cells(mlp, l, sizes[l + 1], &before[l]);
        OK(memqc_mlp_train_epoch(mlp, BATCH, x, sizes[0], labels));
        for (size_t l = 0; l < 2; l++) {
            const size_t n = sizes[l] * sizes[l + 1];
            read_cells(mlp, l, sizes[l + 1], &after[l]);
            const size_t moved = check_cells(n, &before[l], &after[l], grad.w[l], rate, 32);
            changed += moved;
            kept += n * before[l].planes - moved;
        }
    }
    ck_assert_msg(kept > 0 && (changed > 0 || rate < 1),
                  "%s: %zu cells changed, %zu kept: nothing is tested", kind->name, changed, kept);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* What a layer's weights stand for without noise. */
static void read_nominal(memqc_mlp *mlp, size_t layer, size_t cols, float *nominal) {
    const memqc_crossbar *xb = NULL;
    OK(memqc_mlp_borrow_crossbar(mlp, layer, &xb));
    OK(memqc_crossbar_get_nominal_weights(xb, nominal, cols));
}

/* Between the levels on both sides of a weight there is 2 / 31 of the range, or 1 / 31 with pairs.
 * */
START_TEST(levels_of_large_networks) {
    static struct model model;
    static float x[LARGE_BATCH * WIDEST], before[3][LARGE_CELLS], after[LARGE_CELLS];
    const struct shape *shape = &large[_i % LARGE];
    const struct kind *kind = &kinds[1 + _i / LARGE];
    const double rate = 2,
                 half = 0.2 / 31 / (kind->mapping == MEMQC_CROSSBAR_MAPPING_SINGLE ? 1 : 2);
    int32_t labels[LARGE_BATCH];
    memqc_mlp *mlp = make_large(shape, kind->preset, kind->mapping, rate);
    make_batch(shape, LARGE_BATCH, x, labels);
    read_model(mlp, shape->sizes, shape->n_sizes, &model);
    for (size_t l = 0; l < model.n_layers; l++)
        read_nominal(mlp, l, shape->sizes[l + 1], before[l]);
    OK(memqc_mlp_train_epoch(mlp, LARGE_BATCH, x, shape->sizes[0], labels));
    for (size_t l = 0; l < model.n_layers; l++) {
        read_nominal(mlp, l, shape->sizes[l + 1], after);
        for (size_t k = 0; k < LOOKED_AT; k++) {
            const size_t i = (size_t)uniform(0, (double)(model.sizes[l] * model.sizes[l + 1]));
            const double grad = slope(&model, &model.w[l][i], LARGE_BATCH, x, labels);
            const double wanted = fmin(0.2, fmax(-0.2, (double)before[l][i] - rate * grad));
            ck_assert_msg(fabs((double)after[i] - wanted) <= half * 1.001,
                          "%s, layer %zu, weight %zu: %g is not nearest to %g", kind->name, l, i,
                          (double)after[i], wanted);
        }
    }
    memqc_mlp_destroy(&mlp);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_levels");
    TCase *tc = add_group(suite, "levels", setup);
    tcase_add_loop_test(tc, levels_of_large_networks, 0, LARGE * (KINDS - 1));
    tcase_add_loop_test(tc, a_minibatch_moves_weights_to_their_nearest_levels, 0, 4 * (KINDS - 1));
    return run_suite(suite);
}
