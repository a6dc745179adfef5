/* SPDX-License-Identifier: BSD-3-Clause */
/* Variances of outputs in whole numbers: within 1 % of those in double precision for any inputs and
 * conductances, and the same bits for each instruction set and batch. */
#include "crossbar.h"

#include "crossbar/array/variance_kernels.h"
#include "crossbar/read/variance.h"

#include <stdlib.h>

enum { MOST = 300, CELLS = MOST * MOST, VECTORS = 24 };

/* Of the variance, as the manual says; floats round it, and what is below their range is 0. */
static const double allowed = 0.01, rounding = 2e-6, lost = 1e-36;

static void uniform(uint32_t stream, size_t n, float *out) {
    const struct mqc_rng rng = mqc_rng_make(77, stream);
    mqc_rng_kernels()->uniform(&rng, 0, 0, n, out);
}

static void *zeros(size_t n, size_t size) {
    void *memory = calloc(n, size);
    ck_assert_ptr_nonnull(memory);
    return memory;
}

/* --- conductances and inputs that are hard to round --- */

/* Relative to G_MAX. */
enum { EVEN, NEARLY_ALL_LOW, DECADES, ONE_CELL, HALF_STEPS, FAR_BEYOND, SAME, DARK, FILLINGS };

static void fill(int filling, size_t rows, size_t cols, uint32_t stream, float g_max, float *g) {
    static float u[2 * CELLS];
    uniform(stream, 2 * rows * cols, u);
    for (size_t i = 0; i < rows * cols; i++) {
        const size_t row = i / cols, col = i % cols;
        const float x = u[i], y = u[rows * cols + i];
        const float of[FILLINGS] = {
            [EVEN] = 0.1f + 0.9f * x,
            [NEARLY_ALL_LOW] = y < 0.01f ? 1 : 0.005f,
            [DECADES] = powf(10, -6 * x),
            [ONE_CELL] = row == col % rows ? 1 : 1e-3f * x,
            [HALF_STEPS] = row % 7 ? sqrtf(0.5f / 16383) * (col % 2 ? 0.99f : 1.01f) : 1,
            [FAR_BEYOND] = y < 0.05f ? 3000 : x,
            [SAME] = 0.3f,
            [DARK] = col % 3 ? 0 : x,
        };
        g[i] = of[filling] * g_max;
    }
}

enum { DENSE, ONE_DRIVEN, ONE_LARGE, TAILS, STEPS, ALL, NONE, TINY, FEW, DRIVES };

static void drive(int kind, size_t n, uint32_t stream, float *x) {
    float u[MOST], v[MOST];
    uniform(stream, n, u);
    uniform(stream + 1000, n, v);
    for (size_t i = 0; i < n; i++) {
        const int here = i == stream % n;
        const float of[DRIVES] = {
            [DENSE] = 2 * u[i] - 1,
            [ONE_DRIVEN] = here ? 0.7f : 0,
            [ONE_LARGE] = here ? 1 : sqrtf(0.499f / 16383), /* just rounded to nothing */
            [TAILS] = powf(u[i], 8),
            [STEPS] = floorf(127 * u[i]) / 127,
            [ALL] = 1,
            [NONE] = 0,
            [TINY] = 1e-17f * u[i],
            [FEW] = v[i] < 0.03f ? expf(4 * u[i] - 4) : 0,
        };
        x[i] = of[kind];
    }
}

/* --- against double precision --- */

struct read {
    memqc_crossbar *xb;
    struct mqc_readout_plan plan;
    float x[VECTORS * MOST], squares[VECTORS * MOST];
    float *var; /* vectors x stride, of a group and tile */
};

static void begin(struct read *r, memqc_crossbar *xb, int transposed) {
    r->xb = xb;
    OK(mqc_readout_plan_make(xb, "test", transposed, &r->plan));
    ck_assert(mqc_variance_needed(&r->plan));
    for (uint32_t s = 0; s < VECTORS; s++)
        drive((int)s % DRIVES, r->plan.in, s, r->x + s * r->plan.in);
    for (size_t i = 0; i < VECTORS * r->plan.in; i++)
        r->squares[i] = r->x[i] * r->x[i];
    r->var = zeros(VECTORS * mqc_variance_stride(&r->plan), sizeof *r->var);
}

static void compute(struct read *r, size_t first, size_t n, size_t group, size_t tile, float *var) {
    const float *squares = r->squares + first * r->plan.in;
    OK(mqc_variance_prepare(r->xb, &r->plan, n));
    mqc_variance_inputs(r->xb, &r->plan, n, squares);
    OK(mqc_variance_make(r->xb, &r->plan, group, tile, n, squares, var));
}

/* Of a plane's cell: the square of its conductance, or, with flicker, the variance of its noise. */
static double square_of(const struct read *r, size_t p, size_t at) {
    const struct mqc_plane *plane = &r->xb->cells.plane[p];
    const double g = (double)plane->g[at] / r->plan.unit;
    if (!r->plan.flicker)
        return g * g;
    return g * g * (double)r->plan.own_relative + pow((double)plane->flicker[at] / r->plan.unit, 2);
}

static double exact(const struct read *r, size_t s, size_t group, size_t tile, size_t j) {
    const struct mqc_readout_plan *plan = &r->plan;
    const struct mqc_adc_group *from = &plan->group[group];
    const size_t first = tile * plan->in_tile, cols = r->xb->shape.cols;
    double sum = 0;
    for (size_t i = first; i < first + mqc_plan_depth(plan, tile); i++) {
        const size_t at = plan->transposed ? j * cols + i : i * cols + j;
        for (size_t p = from->plane; p < from->plane + from->planes; p++)
            sum += pow((double)r->x[s * plan->in + i], 2) * square_of(r, p, at);
    }
    return sum;
}

/* All variances of a direction; returns how far the worst is off. */
static double worst_of(memqc_crossbar *xb, int transposed) {
    static struct read r;
    double worst = 0;
    begin(&r, xb, transposed);
    for (size_t group = 0; group < r.plan.groups; group++) {
        for (size_t tile = 0; tile < r.plan.value_tiles; tile++) {
            compute(&r, 0, VECTORS, group, tile, r.var);
            for (size_t s = 0; s < VECTORS; s++) {
                for (size_t j = 0; j < r.plan.out; j++) {
                    const double want = exact(&r, s, group, tile, j);
                    const double off =
                        fabs((double)r.var[s * mqc_variance_stride(&r.plan) + j] - want);
                    worst = fmax(worst, off > lost ? off / want : 0);
                }
            }
        }
    }
    free(r.var);
    return worst;
}

static void check_both(memqc_crossbar *xb) {
    for (int transposed = 0; transposed < 2; transposed++)
        ck_assert_double_le(worst_of(xb, transposed), allowed + rounding);
}

static memqc_crossbar *array_of(size_t rows, size_t cols, int32_t mapping, int filling) {
    static float g[CELLS];
    memqc_crossbar *xb = make("hfox-a", rows, cols, mapping, MEMQC_CROSSBAR_NORMALIZATION_FIXED);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.02));
    fill(EVEN, rows, cols, 1, 1, g);
    OK(memqc_crossbar_program(xb, g, cols));
    for (size_t p = 0; p < xb->cells.planes; p++) {
        fill(filling, rows, cols, (uint32_t)p, (float)mqc_device_g_max(xb->device), g);
        OK(memqc_crossbar_set_conductances(xb, p, g, cols));
    }
    return xb;
}

/* Whole arrays, tiles, which have ADCs of their own, and an array that is changed in between. Depths
 * fill groups of inputs, or not. */
START_TEST(variances_are_within_a_hundredth) {
    static const size_t shapes[][2] = {{64, 48}, {MOST, 33}, {131, 70}, {37, 200}};
    for (size_t k = 0; k < COUNT(shapes) * FILLINGS * 2; k++) {
        const size_t *shape = shapes[k / 2 / FILLINGS];
        const int filling = (int)(k / 2 % FILLINGS);
        memqc_crossbar *xb = array_of(shape[0], shape[1], mappings[k % 2], filling);
        for (int tiled = 0; tiled < 2; tiled++) {
            check_both(xb);
            OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_TILE_ROWS, 70));
            OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_TILE_COLS, 66));
            OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_BITS, 8));
            OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_SENSES, MEMQC_CROSSBAR_SENSES_CURRENT));
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

/* Nothing that was packed is taken for what it no longer is. */
START_TEST(variances_follow_every_change) {
    static float g[CELLS];
    memqc_crossbar *xb = array_of(200, 180, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, EVEN);
    check_both(xb);
    fill(DECADES, 200, 180, 5, (float)mqc_device_g_max(xb->device), g);
    OK(memqc_crossbar_set_conductances(xb, 1, g, 180));
    check_both(xb);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_BITS, 8));
    for (int tile = 140; tile > 100; tile -= 30) { /* two of 140 columns, or of 110 */
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_TILE_ROWS, tile + 5));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_TILE_COLS, tile));
        check_both(xb);
    }
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_SENSES, MEMQC_CROSSBAR_SENSES_CURRENT));
    check_both(xb);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_SENSES, MEMQC_CROSSBAR_SENSES_DIFFERENCE));
    check_both(xb);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* With flicker, the relative noise is in what is packed. */
START_TEST(variances_hold_the_flicker) {
    static float w[CELLS];
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_DRIFT_NU, 0.05));
    OK(memqc_device_set(device, MEMQC_DEVICE_FLICKER, 0.02));
    OK(memqc_device_set(device, MEMQC_DEVICE_FLICKER_DRAWN, MEMQC_DEVICE_FLICKER_PER_READ));
    OK(memqc_crossbar_create(device, 90, 70, 6, &xb));
    fill(EVEN, 90, 70, 8, 1, w);
    OK(memqc_crossbar_program(xb, w, 70));
    OK(memqc_crossbar_advance(xb, 1e4));
    for (int k = 0; k < 3; k++) {
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.05 * k));
        check_both(xb);
    }
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* An ordinary array is packed, needs nothing else, and is far within the bound. Where outputs are
 * uneven, they alone are kept in floats. */
START_TEST(what_is_kept_is_small) {
    memqc_crossbar *xb = array_of(256, 256, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, EVEN);
    static struct read r;
    for (int transposed = 0; transposed < 2; transposed++) {
        const struct mqc_variances *v = &xb->readout.variances[transposed];
        begin(&r, xb, transposed);
        for (size_t i = 0; i < VECTORS * r.plan.in; i++)
            r.squares[i] = (float)(1 + i % 5) / 5;
        compute(&r, 0, VECTORS, 0, 0, r.var);
        ck_assert_uint_eq(v->unevens, 0);
        ck_assert_ptr_null(xb->readout.squares);
        ck_assert_ptr_null(v->again);
        ck_assert_uint_le(v->panels_room * sizeof *v->panels, 256 * 256 * 2 * 101 / 100);
        free(r.var);
    }
    memqc_crossbar_destroy(&xb);
    xb = array_of(256, 250, MEMQC_CROSSBAR_MAPPING_SINGLE, EVEN);
    float *g = xb->cells.plane[0].g;
    for (size_t i = 0; i < 256; i++) /* a column of one high cell; the others round to nothing */
        g[i * 250 + 17] = (i == 100 ? 1 : 0.0055f) * (float)mqc_device_g_max(xb->device);
    begin(&r, xb, 0);
    for (size_t i = 0; i < VECTORS * r.plan.in; i++)
        r.squares[i] = i % r.plan.in == 100 ? 0 : 1;
    compute(&r, 0, VECTORS, 0, 0, r.var);
    ck_assert_uint_eq(xb->readout.variances[0].unevens, 1);
    ck_assert_uint_eq(xb->readout.variances[0].uneven[0], 17);
    ck_assert_ptr_null(xb->readout.squares);
    double want = 0;
    for (size_t i = 0; i < 256; i++)
        want += i == 100 ? 0 : pow((double)g[i * 250 + 17] / r.plan.unit, 2);
    ck_assert_double_eq_tol((double)r.var[17], want, 1e-5 * want);
    free(r.var);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* --- equal bits --- */

/* A vector that is rounded has the same variances alone and in any batch. */
START_TEST(batches_do_not_change_bits) {
    memqc_crossbar *xb = array_of(150, 100, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, EVEN);
    static struct read r;
    for (int transposed = 0; transposed < 2; transposed++) {
        begin(&r, xb, transposed);
        const size_t stride = mqc_variance_stride(&r.plan);
        float *apart = zeros(VECTORS * stride, sizeof *apart);
        for (uint32_t s = 0; s < VECTORS; s++)
            drive(s % 2 ? DENSE : STEPS, r.plan.in, s, r.squares + s * r.plan.in);
        for (size_t i = 0; i < VECTORS * r.plan.in; i++)
            r.squares[i] *= r.squares[i];
        compute(&r, 0, VECTORS, 0, 0, r.var);
        for (size_t first = 0, n = 1; first < VECTORS; first += n, n = n % 9 + 2)
            compute(&r, first, first + n < VECTORS ? n : VECTORS - first, 0, 0,
                    apart + first * stride);
        ck_assert_ptr_null(xb->readout.squares);
        for (size_t s = 0; s < VECTORS; s++)
            ck_assert_mem_eq(r.var + s * stride, apart + s * stride, r.plan.out * sizeof *r.var);
        free(apart);
        free(r.var);
    }
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* What a set of kernels makes of a product of n vectors. */
struct results {
    int16_t panels[MOST * MOST + MOST * MQC_PANEL], x[VECTORS * MOST];
    float outputs[3][MOST], var[VECTORS * MOST];
    struct mqc_rounding of[VECTORS];
    int good[VECTORS];
};

static void run(const struct mqc_variance_kernels *k, size_t n, size_t depth, size_t outs,
                const float *g, const float *squares, struct results *r) {
    static float largest[MOST], line[2][MOST];
    const size_t wide = (outs + MQC_PANEL - 1) / MQC_PANEL * MQC_PANEL,
                 padded = mqc_variance_padded(depth), size = padded * MQC_PANEL;
    const struct mqc_roundings by = {r->outputs[0], r->outputs[1], r->outputs[2]};
    memset(r, 0, sizeof *r);
    memset(largest, 0, sizeof largest);
    memset(line, 0, sizeof line);
    for (size_t i = 0; i < depth; i++)
        k->enlarge(outs, g + i * outs, largest);
    k->scale(wide, largest, by);
    for (size_t i = 0; i < padded; i++) {
        memset(line[i % 2], 0, sizeof *line);
        if (i < depth)
            memcpy(line[i % 2], g + i * outs, outs * sizeof *g);
        if (i % 2)
            k->pack(wide, line[0], line[1], largest, r->panels + (i - 1) * MQC_PANEL, size, by);
    }
    for (size_t s = 0; s < n; s++)
        r->of[s] = k->round(depth, squares + s * depth, r->x + s * padded);
    k->multiply(n, padded / 2, r->x, padded, wide / MQC_PANEL, r->panels, size, r->var, wide);
    for (size_t s = 0; s < n; s++)
        r->good[s] = k->finish(outs, r->of[s], by, r->var + s * wide);
}

START_TEST(instruction_sets_agree) {
    static const struct mqc_variance_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_variance_kernels);
    static float g[CELLS], x[VECTORS * MOST];
    static struct results base, other;
    for (size_t k = 0; k < 4 * FILLINGS; k++) {
        const size_t depth = 30 + 17 * (k % 13), outs = 33 + 12 * (k % 11), n = 1 + k % VECTORS;
        fill((int)k / 4, depth, outs, (uint32_t)k, 1, g);
        for (uint32_t s = 0; s < n; s++)
            drive((int)s % DRIVES, depth, s, x + s * depth);
        for (size_t i = 0; i < depth * outs; i++)
            g[i] *= g[i];
        for (size_t i = 0; i < n * depth; i++)
            x[i] *= x[i];
        run(tables[0], n, depth, outs, g, x, &base);
        for (int isa = 1; isa < MQC_ISA_COUNT && isa <= (int)mqc_isa(); isa++) {
            run(tables[isa], n, depth, outs, g, x, &other);
            ck_assert_mem_eq(&base, &other, sizeof base);
        }
    }
}
END_TEST

/* The transposed way of packing gives what the other gives. */
START_TEST(both_ways_of_packing_agree) {
    enum { DEPTH = 77, OUTS = 48 };
    static float g[DEPTH * OUTS], line[DEPTH];
    static struct results r;
    const struct mqc_variance_kernels *k = mqc_variance_kernels();
    int16_t squares[DEPTH + MQC_VARIANCE_GROUP];
    fill(EVEN, DEPTH, OUTS, 3, 1, g);
    run(k, 0, DEPTH, OUTS, g, NULL, &r);
    const size_t padded = mqc_variance_padded(DEPTH), size = padded * MQC_PANEL;
    int16_t *panels = zeros(3 * size, sizeof *panels);
    for (size_t j = 0; j < OUTS; j++) {
        for (size_t i = 0; i < DEPTH; i++)
            line[i] = g[i * OUTS + j];
        const struct mqc_rounding of = k->round(DEPTH, line, squares);
        k->place(padded / 2, squares, panels + j / MQC_PANEL * size + j % MQC_PANEL * 2);
        ck_assert(of.unit == r.outputs[0][j] && of.sum == r.outputs[1][j]);
        ck_assert_float_eq_tol(of.error, r.outputs[2][j], DEPTH / 1024.0f);
        ck_assert_float_ge(of.error, r.outputs[2][j] * 0.9999f);
    }
    ck_assert_mem_eq(panels, r.panels, 3 * size * sizeof *panels);
    free(panels);
}
END_TEST

/* Squares that floats cannot hold are not rounded, neither of a vector nor of an output. */
START_TEST(what_is_no_number_is_not_rounded) {
    enum { DEPTH = 40, OUTS = 3, HERE = 1 };
    static const float values[] = {INFINITY, NAN, 1e30f, 1e-30f};
    static struct results r;
    for (size_t i = 0; i < COUNT(values); i++) {
        float squares[DEPTH] = {[7] = values[i]}, g[DEPTH * OUTS] = {0};
        g[7 * OUTS + HERE] = values[i];
        run(mqc_variance_kernels(), 1, DEPTH, OUTS, g, squares, &r);
        for (size_t j = 0; j < DEPTH; j++) {
            ck_assert_int_eq(r.x[j], 0);
            ck_assert_int_eq(r.panels[j / 2 * MQC_PANEL_PAIR + 2 * HERE + j % 2], 0);
        }
        ck_assert(isinf(r.of[0].error) && r.of[0].unit == 0);
        ck_assert(isinf(r.outputs[2][HERE]) && r.outputs[0][HERE] == 0);
        ck_assert_int_eq(r.good[0], 0);
    }
}
END_TEST

RUN_TESTS("variance", variances_are_within_a_hundredth, variances_follow_every_change,
          variances_hold_the_flicker, what_is_kept_is_small, batches_do_not_change_bits,
          instruction_sets_agree, both_ways_of_packing_agree, what_is_no_number_is_not_rounded)
