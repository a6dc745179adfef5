/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls on an array that read it. */
#include "calls.h"

static void shape(struct fuzz *f, size_t *rows, size_t *cols, size_t *planes) {
    MUST(memqc_crossbar_get_shape(f->real, rows, cols, planes) == MEMQC_OK, "no shape");
}

static size_t take_plane(struct fuzz *f) {
    size_t planes;
    shape(f, NULL, NULL, &planes);
    return take_rarely(f) ? (size_t)take_wide(f) : take_below(f, planes);
}

/* --- products and currents --- */

/* Inputs and room for outputs of a call, in one direction or the other. */
struct vectors {
    size_t batch, out, ldx, ldy;
    float *x, *y;
};

static struct vectors take_vectors(struct fuzz *f, int transposed) {
    struct vectors v;
    size_t rows, cols;
    shape(f, &rows, &cols, NULL);
    v.batch = take_below(f, 5);
    v.out = transposed ? rows : cols;
    v.x = or_null(f, take_matrix(f, v.batch, transposed ? cols : rows, &v.ldx));
    v.y = make_matrix(f, v.batch, v.out, &v.ldy);
    return v;
}

static memqc_status seen(struct fuzz *f, const struct vectors *v, memqc_status status) {
    if (status == MEMQC_OK)
        see_matrix(f, v->y, v->batch, v->out, v->ldy);
    return status;
}

static memqc_status mac(struct fuzz *f) {
    const struct vectors v = take_vectors(f, 0);
    return seen(f, &v, memqc_crossbar_mac(f->object, v.batch, v.x, v.ldx, v.y, v.ldy));
}

static memqc_status mac_transposed(struct fuzz *f) {
    const struct vectors v = take_vectors(f, 1);
    return seen(f, &v, memqc_crossbar_mac_transposed(f->object, v.batch, v.x, v.ldx, v.y, v.ldy));
}

static memqc_status currents(struct fuzz *f) {
    const struct vectors v = take_vectors(f, 0);
    return seen(f, &v,
                memqc_crossbar_currents(f->object, take_plane(f), v.batch, v.x, v.ldx, v.y, v.ldy));
}

static memqc_status currents_transposed(struct fuzz *f) {
    const struct vectors v = take_vectors(f, 1);
    return seen(f, &v,
                memqc_crossbar_currents_transposed(f->object, take_plane(f), v.batch, v.x, v.ldx,
                                                   v.y, v.ldy));
}

static memqc_status ideal_currents(struct fuzz *f) {
    const int transposed = take_byte(f) & 1;
    const struct vectors v = take_vectors(f, transposed);
    const size_t plane = take_plane(f);
    return seen(f, &v,
                transposed ? memqc_crossbar_ideal_currents_transposed(f->object, plane, v.batch,
                                                                      v.x, v.ldx, v.y, v.ldy)
                           : memqc_crossbar_ideal_currents(f->object, plane, v.batch, v.x, v.ldx,
                                                           v.y, v.ldy));
}

static memqc_status calibrate(struct fuzz *f) {
    const int transposed = take_byte(f) & 1;
    const struct vectors v = take_vectors(f, transposed);
    const double percentile = take_rarely(f) ? take_number(f) : 50 + take_byte(f) % 51;
    return transposed
               ? memqc_crossbar_calibrate_transposed(f->object, v.batch, v.x, v.ldx, percentile)
               : memqc_crossbar_calibrate(f->object, v.batch, v.x, v.ldx, percentile);
}

/* --- inside the tiles --- */

struct tile {
    size_t number, rows, cols;
};

static struct tile take_tile(struct fuzz *f) {
    struct tile tile = {.number = take_rarely(f) ? (size_t)take_wide(f) : take_below(f, 4)};
    if (memqc_crossbar_tile(f->real, tile.number, NULL, NULL, &tile.rows, &tile.cols) != MEMQC_OK)
        shape(f, &tile.rows, &tile.cols, NULL); /* for room in a call that must fail */
    return tile;
}

static memqc_status where_is_tile(struct fuzz *f) {
    size_t at[4] = {0};
    const memqc_status status =
        memqc_crossbar_tile(f->object, take_below(f, 12), or_null(f, &at[0]), or_null(f, &at[1]),
                            or_null(f, &at[2]), or_null(f, &at[3]));
    see(f, at, sizeof at);
    return status;
}

static memqc_status nodes(struct fuzz *f) {
    const struct tile tile = take_tile(f);
    const size_t n = tile.rows * tile.cols, plane = take_plane(f);
    const int transposed = take_byte(f) & 1;
    const float *volts = take_floats(f, transposed ? tile.cols : tile.rows);
    float *word = make_room(f, n * sizeof *word), *bit = make_room(f, n * sizeof *bit);
    float *const words = or_null(f, word), *const bits = or_null(f, bit);
    const memqc_status status =
        transposed
            ? memqc_crossbar_nodes_transposed(f->object, plane, tile.number, volts, words, bits)
            : memqc_crossbar_nodes(f->object, plane, tile.number, volts, words, bits);
    see(f, word, n * sizeof *word);
    see(f, bit, n * sizeof *bit);
    return status;
}

static memqc_status branches(struct fuzz *f) {
    const struct tile tile = take_tile(f);
    const size_t n = tile.rows * tile.cols, plane = take_plane(f);
    const int transposed = take_byte(f) & 1;
    const float *volts = take_floats(f, transposed ? tile.cols : tile.rows);
    float *cell = make_room(f, n * sizeof *cell);
    float *word = make_room(f, (n + tile.rows) * sizeof *word);
    float *bit = make_room(f, (n + tile.cols) * sizeof *bit);
    float *const cells = or_null(f, cell), *const words = or_null(f, word);
    const memqc_status status =
        transposed
            ? memqc_crossbar_branches_transposed(f->object, plane, tile.number, volts, cells, words,
                                                 bit)
            : memqc_crossbar_branches(f->object, plane, tile.number, volts, cells, words, bit);
    see(f, cell, n * sizeof *cell);
    see(f, bit, (n + tile.cols) * sizeof *bit);
    return status;
}

/* --- what the cells hold --- */

static memqc_status get_weights(struct fuzz *f) {
    size_t rows, cols, ld;
    shape(f, &rows, &cols, NULL);
    float *w = make_matrix(f, rows, cols, &ld);
    const int nominal = take_byte(f) & 1;
    const memqc_status status = nominal ? memqc_crossbar_get_nominal_weights(f->object, w, ld)
                                        : memqc_crossbar_get_weights(f->object, or_null(f, w), ld);
    if (status == MEMQC_OK)
        see_matrix(f, w, rows, cols, ld);
    return status;
}

static memqc_status get_levels(struct fuzz *f) {
    size_t rows, cols, ld;
    shape(f, &rows, &cols, NULL);
    int32_t *levels = make_matrix(f, rows, cols, &ld);
    const int stuck = take_byte(f) & 1;
    const memqc_status status =
        stuck ? memqc_crossbar_get_stuck(f->object, take_plane(f), levels, ld)
              : memqc_crossbar_get_levels(f->object, take_plane(f), or_null(f, levels), ld);
    if (status == MEMQC_OK)
        see_matrix(f, levels, rows, cols, ld);
    return status;
}

static memqc_status get_conductances(struct fuzz *f) {
    size_t rows, cols, ld;
    shape(f, &rows, &cols, NULL);
    float *g = make_matrix(f, rows, cols, &ld);
    const memqc_status status =
        memqc_crossbar_get_conductances(f->object, take_plane(f), or_null(f, g), ld);
    if (status == MEMQC_OK)
        see_matrix(f, g, rows, cols, ld);
    return status;
}

static memqc_status get_reference(struct fuzz *f) {
    size_t rows;
    shape(f, &rows, NULL, NULL);
    float *g = make_room(f, rows * sizeof *g);
    const memqc_status status =
        memqc_crossbar_get_reference(f->object, take_plane(f), or_null(f, g));
    see(f, g, rows * sizeof *g);
    return status;
}

static memqc_status get_numbers(struct fuzz *f) {
    uint64_t count = 0, vector = 0, seed = 0;
    double cost = 0, clock = 0, factor = 0;
    memqc_crossbar_get_vector(f->object, or_null(f, &vector));
    memqc_crossbar_get_seed(f->object, or_null(f, &seed));
    memqc_crossbar_get_clock(f->object, or_null(f, &clock));
    memqc_crossbar_get_compensation(f->object, or_null(f, &factor));
    memqc_crossbar_get_cost(f->object, MEMQC_CROSSBAR_COST_SET + take_byte(f) % 12, &cost);
    const memqc_status status = memqc_crossbar_get_count(
        f->object, MEMQC_CROSSBAR_COUNT_PROGRAMMED + take_byte(f) % 13, or_null(f, &count));
    const double all[] = {cost, clock, factor, (double)count, (double)vector, (double)seed};
    see(f, all, sizeof all);
    return status;
}

static const struct call calls[] = {
    {"mac", mac},
    {"mac", mac},
    {"mac_transposed", mac_transposed},
    {"currents", currents},
    {"currents_transposed", currents_transposed},
    {"ideal_currents", ideal_currents},
    {"calibrate", calibrate},
    {"tile", where_is_tile},
    {"nodes", nodes},
    {"branches", branches},
    {"get_weights", get_weights},
    {"get_levels", get_levels},
    {"get_conductances", get_conductances},
    {"get_reference", get_reference},
    {"get_numbers", get_numbers},
};

const struct group read_calls = {calls, COUNT(calls)};
