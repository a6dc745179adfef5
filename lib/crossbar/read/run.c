/* SPDX-License-Identifier: BSD-3-Clause */
/* A product through the converters, a chunk of vectors at a time. */
#include "crossbar/read/run.h"

#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/array/read_kernels.h"
#include "crossbar/cells/sums.h"
#include "crossbar/read/cost.h"
#include "crossbar/read/matrices.h"
#include "crossbar/read/noise.h"
#include "crossbar/read/variance.h"
#include "crossbar/read/wired.h"
#include "la/blas.h"
#include "rng/rng.h"

#include <math.h>
#include <string.h>

/* A product on its way. The arrays hold a row for each vector of the chunk; row_* are for one. */
struct run {
    memqc_crossbar *xb;
    const struct mqc_readout_plan *plan;
    const struct mqc_readout_kernels *k;
    struct mqc_collect *collect;
    const float *sums; /* of the conductances behind each input */
    uint64_t first;    /* number of the chunk's first vector */
    size_t n;
    float *code;        /* inputs: fractions of full scale, or whole numbers where they are taken
                           bit by bit */
    float *volts;       /* of nonlinear cells behind wires: what drives the lines in one read */
    float *v, *squares; /* what drives the lines in one read; its square */
    float *linear, *quadratic, *nominal; /* sums of v and of its square over each tile; the first
                                            without input noise */
    float *acc, *var;
    size_t ldv;            /* from the variances of a vector to the next */
    float *inverse, *step; /* of the ADCs */
    float *row_z, *row_a, *row_b, *row_c;
    struct mqc_curve curve;
    uint64_t clipped, saturated;
    double energy;
};

enum { MOST_OF_A_CHUNK = 1 << 20, LINE = 16 };

static int by_bits(const struct mqc_readout_plan *plan) {
    return plan->coding == MEMQC_CROSSBAR_CODING_BIT_SERIAL ||
           plan->coding == MEMQC_CROSSBAR_CODING_BIT_PARALLEL;
}

static int needs_nominal(const struct mqc_readout_plan *plan) {
    return plan->group[0].offset > 0 && plan->input_noise > 0;
}

/* Squares of the inputs: for a product with those of the conductances, or because an input is the
 * sum of several lines. */
static int needs_squares(const struct mqc_readout_plan *plan) {
    const int parallel = plan->coding == MEMQC_CROSSBAR_CODING_BIT_PARALLEL;
    return mqc_variance_needed(plan) || (parallel && mqc_plan_cells_are_noisy(plan));
}

/* Takes count floats, in whole cache lines, off a block; with NULL for the block, counts. */
static float *carve(float *block, size_t *used, size_t count) {
    float *at = block ? block + *used : NULL;
    *used += (count + LINE - 1) / LINE * LINE;
    return at;
}

static size_t lay_out(struct run *run, size_t n, float *block) {
    const struct mqc_readout_plan *plan = run->plan;
    const size_t in = n * plan->in, out = n * plan->out, tiles = n * plan->value_tiles;
    const size_t longest = plan->in > plan->out ? plan->in : plan->out;
    const size_t row = longest > run->xb->shape.cols ? longest : run->xb->shape.cols;
    size_t used = 0;
    run->code = carve(block, &used, in);
    run->v = by_bits(plan) || plan->phases > 1 ? carve(block, &used, in) : run->code;
    run->volts = plan->newton ? carve(block, &used, in) : NULL;
    run->squares = needs_squares(plan) ? carve(block, &used, in) : NULL;
    run->linear = carve(block, &used, tiles);
    run->quadratic = carve(block, &used, tiles);
    run->nominal = needs_nominal(plan) ? carve(block, &used, tiles) : run->linear;
    run->acc = carve(block, &used, out);
    run->var = mqc_variance_needed(plan) ? carve(block, &used, n * run->ldv) : NULL;
    run->inverse = carve(block, &used, plan->out);
    run->step = carve(block, &used, plan->out);
    run->row_z = carve(block, &used, row);
    run->row_a = carve(block, &used, row);
    run->row_b = carve(block, &used, row);
    run->row_c = carve(block, &used, row);
    return used;
}

/* --- inputs --- */

static void encode(struct run *run, const float *x, size_t ldx) {
    const struct mqc_readout_plan *plan = run->plan;
    const float *scale =
        plan->transposed && mqc_crossbar_by_column(run->xb) ? run->xb->weights.scale : NULL;
    const float step = by_bits(plan) ? 1 : 1 / plan->levels,
                lowest = plan->lowest < 0 ? -plan->levels : 0;
    for (size_t s = 0; s < run->n; s++) {
        const float *row = x + s * ldx;
        float *code = run->code + s * plan->in;
        if (scale) {
            run->k->multiply(plan->in, row, scale, run->row_a);
            row = run->row_a;
        }
        run->clipped +=
            plan->bits ? run->k->encode(plan->in, row, (float)(plan->gain * (double)plan->levels),
                                        lowest, plan->levels, step, code)
                       : run->k->scale(plan->in, row, (float)plan->gain, plan->lowest, code);
    }
}

/* What one read, or one bit of it, drives: fractions of READ_VOLTAGE, without noise. */
static void drive(const struct run *run, const float *code, int phase, int bit, float *v) {
    const struct mqc_readout_plan *plan = run->plan;
    const float weight =
        plan->coding == MEMQC_CROSSBAR_CODING_BIT_SERIAL ? 1 : (float)(1 << bit) / plan->levels;
    if (by_bits(plan))
        run->k->bit(plan->in, code, bit, weight, v);
    else if (v != code)
        memcpy(v, code, plan->in * sizeof *v);
    if (plan->phases > 1)
        run->k->phase(plan->in, phase ? -1.0f : 1.0f, v);
}

/* Sums over the inputs of each tile, added to those that are there. */
static void add_sums(const struct run *run, size_t s, const float *v, float *sums) {
    const struct mqc_readout_plan *plan = run->plan;
    const size_t tile = plan->value_tiles == 1 ? plan->in : plan->in_tile;
    for (size_t t = 0, i = 0; i < plan->in; t++, i += tile)
        sums[s * plan->value_tiles + t] +=
            (float)run->k->sum(plan->in - i < tile ? plan->in - i : tile, v + i);
}

/* From what is driven to what the cells conduct: noise, curve; and the energy. */
static void conduct(struct run *run, size_t s, int phase, int bit, float *v) {
    const struct mqc_readout_plan *plan = run->plan;
    const struct mqc_readout_kernels *k = run->k;
    const int by_width = plan->coding == MEMQC_CROSSBAR_CODING_PULSE_WIDTH;
    float *const power = run->row_a;
    if (needs_nominal(plan)) {
        memcpy(run->row_b, v, plan->in * sizeof *v);
        if (plan->curve > 0)
            k->bend(&run->curve, plan->in, run->row_b, power);
        add_sums(run, s, run->row_b, run->nominal);
    }
    if (plan->input_noise > 0 && !run->collect) {
        const uint32_t attempt = mqc_readout_attempt(plan, 0, phase, bit);
        const struct mqc_rng rng =
            mqc_rng_make(run->xb->seed, MQC_STREAM_ATTEMPT(MQC_STREAM_DRIVER, attempt));
        mqc_rng_kernels()->normal(&rng, 0, run->first + s, plan->in, run->row_z);
        k->add_noise(plan->in, plan->input_noise, run->row_z, by_width, v);
    }
    if (plan->newton)
        memcpy(run->volts + s * plan->in, v, plan->in * sizeof *v);
    if (plan->curve > 0)
        k->bend(&run->curve, plan->in, v, power);
    if (by_width)
        k->magnitude(plan->in, v, power);
    run->energy += plan->curve > 0 || by_width ? k->dot(plan->in, power, run->sums)
                                               : k->energy(plan->in, v, run->sums);
    if (plan->group[0].offset > 0)
        add_sums(run, s, v, run->linear);
}

static void square(const struct run *run, size_t s, const float *v, int add) {
    const size_t in = run->plan->in;
    run->k->square(in, 1, v, add, run->squares ? run->squares + s * in : run->row_b);
}

/* All inputs of one read. */
static void prepare(struct run *run, int phase, int bit) {
    const struct mqc_readout_plan *plan = run->plan;
    const size_t in = plan->in, tiles = run->n * plan->value_tiles;
    memset(run->linear, 0, tiles * sizeof *run->linear);
    memset(run->nominal, 0, tiles * sizeof *run->nominal);
    memset(run->quadratic, 0, tiles * sizeof *run->quadratic);
    for (size_t s = 0; s < run->n; s++) {
        float *v = run->v + s * in;
        if (plan->coding != MEMQC_CROSSBAR_CODING_BIT_PARALLEL) {
            drive(run, run->code + s * in, phase, bit, v);
            conduct(run, s, phase, bit, v);
            if (run->squares || plan->absolute > 0)
                square(run, s, v, 0);
        } else {
            memset(v, 0, in * sizeof *v);
            for (int b = 0; b < plan->bits; b++) { /* a group of lines each */
                drive(run, run->code + s * in, phase, b, run->row_c);
                conduct(run, s, phase, b, run->row_c);
                run->k->add(in, run->row_c, v);
                if (run->squares)
                    square(run, s, run->row_c, b > 0);
            }
        }
        if (plan->absolute > 0)
            add_sums(run, s, run->squares ? run->squares + s * in : run->row_b, run->quadratic);
    }
}

/* --- outputs --- */

static memqc_status multiply(const struct run *run, const float *x, const float *matrix,
                             size_t tile, float *out) {
    const struct mqc_readout_plan *plan = run->plan;
    const size_t first = tile * plan->in_tile, cols = run->xb->shape.cols;
    return mqc_sgemm(MQC_PLAIN, plan->transposed ? MQC_TRANSPOSED : MQC_PLAIN, run->n, plan->out,
                     mqc_plan_depth(plan, tile), 1, x + first, plan->in,
                     matrix + (plan->transposed ? first : first * cols), cols, 0, out, plan->out);
}

/* The currents that the ADCs of a group see in a tile, without noise. */
static memqc_status see(const struct run *run, size_t group, size_t tile) {
    const struct mqc_readout_plan *plan = run->plan;
    const size_t first = tile * plan->in_tile;
    if (plan->effective)
        return mqc_wiring_product(run->xb, plan, group, first, mqc_plan_depth(plan, tile), run->n,
                                  1, run->v + first, plan->in, run->acc, plan->out);
    if (plan->wired)
        return mqc_wiring_multiply(run->xb, plan, group, tile, run->n,
                                   plan->newton ? run->volts : run->v, run->v, run->acc);
    return multiply(run, run->v, plan->group[group].matrix, tile, run->acc);
}

/* The steps of the ADCs of one group and tile. */
static void set_steps(const struct run *run, size_t group, size_t tile, struct mqc_output *out) {
    const struct mqc_readout_plan *plan = run->plan;
    const struct mqc_adc_group *s = &plan->group[group];
    const memqc_crossbar *const xb = run->xb;
    const double mode = mqc_crossbar_value(xb, MEMQC_CROSSBAR_ADC_RANGE);
    const float *range = run->xb->readout.range[plan->transposed];
    out->lo = s->one_sided ? 0 : (float)(1 - (1 << (plan->adc_bits - 1)));
    out->hi = s->one_sided ? (float)((1 << plan->adc_bits) - 1) : -out->lo;
    double most = mqc_crossbar_value(xb, MEMQC_CROSSBAR_ADC_FRACTION) * (double)s->worst *
                  (double)plan->in_tile;
    if (mode == MEMQC_CROSSBAR_RANGE_AMPERES)
        most = mqc_crossbar_value(xb, MEMQC_CROSSBAR_ADC_CURRENT) /
               mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_VOLTAGE);
    for (size_t j = 0; j < plan->out; j++) {
        if (mode == MEMQC_CROSSBAR_RANGE_CALIBRATED || mode == MEMQC_CROSSBAR_RANGE_PER_COLUMN)
            most = (double)range[(group * plan->in_tiles + tile) * plan->out + j] /
                   mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_VOLTAGE);
        run->step[j] = (float)(most / (double)out->hi);
        run->inverse[j] = (float)((double)out->hi / most);
    }
    out->step = run->step;
    out->inverse = run->inverse;
}

static void collect(const struct run *run, size_t tile, float offset) {
    const struct mqc_readout_plan *plan = run->plan;
    for (size_t s = 0; s < run->n; s++)
        for (size_t j = 0; j < plan->out; j++)
            *run->collect->to++ = fabsf(run->acc[s * plan->out + j] +
                                        offset * run->linear[s * plan->value_tiles + tile]);
}

/* What drives each cell in effect: of an input that drives groups of lines, the root of the sum of
 * their squares. */
static const float *effective(const struct run *run, size_t s) {
    const struct mqc_readout_plan *plan = run->plan;
    if (plan->coding != MEMQC_CROSSBAR_CODING_BIT_PARALLEL || !run->squares)
        return run->v + s * plan->in;
    run->k->root(plan->in, run->squares + s * plan->in, run->row_a);
    return run->row_a;
}

/* The noise of the cells: to acc and out's offset, or as a variance. */
static void add_cells(const struct run *run, size_t s, size_t group, size_t tile, int phase,
                      int bit, float *acc, struct mqc_output *out) {
    const struct mqc_readout_plan *plan = run->plan;
    const uint64_t draw = run->first + s;
    const int noisy = mqc_plan_cells_are_noisy(plan);
    out->relative = plan->relative;
    out->fixed = plan->output;
    if (plan->group[group].reference && noisy)
        out->offset -=
            mqc_readout_reference(run->xb, plan, group, tile,
                                  mqc_readout_attempt(plan, MQC_ADC_GROUPS + group, phase, bit),
                                  draw, effective(run, s), run->row_z, run->row_b);
    if (!plan->per_cell)
        out->fixed += plan->absolute * (float)plan->group[group].planes *
                      run->quadratic[s * plan->value_tiles + tile];
    else if (noisy)
        mqc_readout_cells(run->xb, plan, group, tile, mqc_readout_attempt(plan, group, phase, bit),
                          draw, effective(run, s), run->row_z, run->row_b, acc);
}

/* The ADCs of one group and tile: from acc to y. */
static void convert(struct run *run, size_t group, size_t tile, int phase, int bit, float *y,
                    size_t ldy) {
    const struct mqc_readout_plan *plan = run->plan;
    const float offset = plan->group[group].offset;
    const uint32_t attempt = mqc_readout_attempt(plan, group, phase, bit);
    const struct mqc_rng rng =
        mqc_rng_make(run->xb->seed, MQC_STREAM_ATTEMPT(MQC_STREAM_OUTPUT, attempt));
    const int drawn = plan->noisy && (!plan->per_cell || plan->output > 0);
    struct mqc_output out = {0};
    const double serial = plan->coding == MEMQC_CROSSBAR_CODING_BIT_SERIAL
                              ? (double)(1 << bit) / (double)plan->levels
                              : 1;
    out.weight =
        (float)(plan->factor * (double)plan->group[group].factor * (phase ? -1 : 1) * serial);
    out.unit = (float)plan->unit;
    if (plan->adc_bits)
        set_steps(run, group, tile, &out);
    for (size_t s = 0; s < run->n; s++) {
        const size_t sum = s * plan->value_tiles + tile;
        float *acc = run->acc + s * plan->out;
        out.back = offset * run->nominal[sum];
        out.offset = offset * run->linear[sum];
        if (!plan->adc_bits) { /* subtracted at once, it costs no digits */
            out.offset -= out.back;
            out.back = 0;
        }
        add_cells(run, s, group, tile, phase, bit, acc, &out);
        if (drawn)
            mqc_rng_kernels()->normal(&rng, (uint64_t)tile * plan->out, run->first + s, plan->out,
                                      run->row_z);
        run->saturated +=
            run->k->convert(&out, plan->out, acc, run->var ? run->var + s * run->ldv : NULL,
                            drawn ? run->row_z : NULL, y + s * ldy);
    }
}

static memqc_status read_once(struct run *run, int phase, int bit, float *y, size_t ldy) {
    const struct mqc_readout_plan *plan = run->plan;
    prepare(run, phase, bit);
    if (run->var && !run->collect)
        mqc_variance_inputs(run->xb, plan, run->n, run->squares);
    for (size_t group = 0; group < plan->groups; group++) {
        for (size_t tile = 0; tile < plan->value_tiles; tile++) {
            if (run->collect && (run->collect->group != group || run->collect->tile != tile))
                continue;
            MQC_TRY(see(run, group, tile));
            if (run->collect) {
                collect(run, tile, plan->group[group].offset);
                continue;
            }
            if (run->var)
                MQC_TRY(
                    mqc_variance_make(run->xb, plan, group, tile, run->n, run->squares, run->var));
            convert(run, group, tile, phase, bit, y, ldy);
        }
    }
    return MEMQC_OK;
}

static memqc_status run_chunk(struct run *run, const float *x, size_t ldx, float *y, size_t ldy) {
    const struct mqc_readout_plan *plan = run->plan;
    const float *scale =
        !plan->transposed && mqc_crossbar_by_column(run->xb) ? run->xb->weights.scale : NULL;
    encode(run, x, ldx);
    for (size_t s = 0; s < run->n && !run->collect; s++)
        memset(y + s * ldy, 0, plan->out * sizeof *y);
    for (int phase = 0; phase < plan->phases; phase++)
        for (int bit = 0; bit < plan->reads; bit++)
            MQC_TRY(read_once(run, phase, bit, y, ldy));
    for (size_t s = 0; s < run->n && scale && !run->collect; s++)
        for (size_t j = 0; j < plan->out; j++)
            y[s * ldy + j] *= scale[j];
    return MEMQC_OK;
}

memqc_status mqc_readout_run(memqc_crossbar *xb, struct mqc_readout_plan *plan, size_t batch,
                             const float *x, size_t ldx, float *y, size_t ldy,
                             struct mqc_collect *collect) {
    struct run run = {.xb = xb, .plan = plan, .k = mqc_readout_kernels(), .collect = collect};
    run.ldv = mqc_variance_stride(plan);
    const size_t longest = plan->in > plan->out ? plan->in : plan->out;
    size_t chunk = MOST_OF_A_CHUNK / longest;
    chunk = chunk < 1 ? 1 : chunk;
    chunk = chunk > MQC_READ_CHUNK ? MQC_READ_CHUNK : chunk;
    chunk = chunk < batch ? chunk : batch;
    MQC_TRY(mqc_cells_sums(xb, plan->transposed, &run.sums));
    if (!collect)
        MQC_TRY(mqc_variance_prepare(xb, plan, chunk));
    MQC_TRY(
        MQC_RESERVE(&xb->readout.scratch, &xb->readout.scratch_room, lay_out(&run, chunk, NULL)));
    lay_out(&run, chunk, xb->readout.scratch);
    const double z = (double)plan->curve;
    run.curve.z = plan->curve;
    run.curve.small = (float)(1 / sinh(z));
    run.curve.norm = (float)(1 / (1 - exp(-2 * z)));
    for (size_t s = 0; s < batch; s += chunk) {
        run.n = batch - s < chunk ? batch - s : chunk;
        run.first = xb->account.vector + s;
        MQC_TRY(run_chunk(&run, x + s * ldx, ldx, y ? y + s * ldy : NULL, ldy));
    }
    if (collect)
        return MEMQC_OK;
    mqc_crossbar_count_up(xb, MEMQC_CROSSBAR_COUNT_INPUT_CLIPPED, run.clipped);
    mqc_crossbar_count_up(xb, MEMQC_CROSSBAR_COUNT_SATURATED, run.saturated);
    mqc_crossbar_count_set(xb, MEMQC_CROSSBAR_COUNT_SATURATED_LAST, run.saturated);
    mqc_readout_charge(xb, plan, batch, run.energy);
    return MEMQC_OK;
}
