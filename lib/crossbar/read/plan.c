/* SPDX-License-Identifier: BSD-3-Clause */
/* From parameters to what a product through the converters does. */
#include "crossbar/read/plan.h"

#include "core/error.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/read/tile.h"
#include "device/effects/age.h"

#include <math.h>
#include <string.h>

static size_t tiles_of(double limit, size_t n, size_t *tile) {
    *tile = limit > 0 && limit < (double)n ? (size_t)limit : n;
    return (n + *tile - 1) / *tile;
}

/* Does an ADC see the current of one line, or a difference? */
static int senses_current(const memqc_crossbar *xb) {
    const double senses = mqc_crossbar_value(xb, MEMQC_CROSSBAR_ADC_SENSES);
    return senses == MEMQC_CROSSBAR_SENSES_CURRENT ||
           (senses == MEMQC_CROSSBAR_SENSES_MAPPED &&
            xb->weights.map.kind == MEMQC_CROSSBAR_MAPPING_SINGLE);
}

/* S, the most that a cell of a slice is off the middle of the range, or off its reference cell.
 * A reference cell is at the level next below the middle. */
static double farthest(const memqc_crossbar *xb, size_t slice, double top) {
    const double low = mqc_device_g_min(xb->device), middle = (double)xb->weights.map.middle;
    if (xb->weights.map.kind != MEMQC_CROSSBAR_MAPPING_REFERENCE)
        return top - middle;
    const double level = (double)mqc_mapping_reference_level(xb, slice);
    const double reference = mqc_device_level_g(xb->device, level);
    return fmax(top - reference, reference - low);
}

/* What the ADCs see: a group for each slice, or for each plane of it. */
static void make_groups(const memqc_crossbar *xb, struct mqc_readout_plan *plan, int positive) {
    const size_t sides = xb->weights.map.sides;
    const int current = senses_current(xb);
    const double middle = (double)xb->weights.map.middle,
                 top = 2 * middle - mqc_device_g_min(xb->device); /* of the levels in use */
    plan->groups = 0;
    for (size_t plane = 0; plane < xb->cells.planes; plane += current ? 1 : sides) {
        const size_t slice = plane / sides;
        const int whole = sides == 1 || !current;
        const double single = farthest(xb, slice, top);
        struct mqc_adc_group *s = &plan->group[plan->groups++];
        s->matrix = whole ? mqc_crossbar_slice(xb, slice) : xb->cells.plane[plane].g;
        s->effective = NULL;
        s->plane = plane;
        s->planes = current ? 1 : sides;
        s->reference = plan->transposed ? NULL : xb->cells.reference[slice].g;
        s->factor = xb->weights.map.factor[slice] * (!whole && plane % sides ? -1.0f : 1.0f);
        s->offset = current && sides == 1 ? xb->weights.map.middle : 0;
        const double apart = whole && sides == 1 ? single : 2 * (top - middle);
        s->worst = (float)(current ? top : apart);
        s->one_sided = current && positive;
    }
}

size_t mqc_readout_ranges(const memqc_crossbar *xb, int transposed) {
    const double limit =
        mqc_crossbar_value(xb, transposed ? MEMQC_CROSSBAR_TILE_COLS : MEMQC_CROSSBAR_TILE_ROWS);
    size_t tile;
    const size_t tiles = tiles_of(limit, transposed ? xb->shape.cols : xb->shape.rows, &tile),
                 outputs = transposed ? xb->shape.rows : xb->shape.cols;
    return (senses_current(xb) ? xb->cells.planes : xb->weights.map.slices) * tiles * outputs;
}

static void make_noise(const memqc_crossbar *xb, struct mqc_readout_plan *plan) {
    const double volts = mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_VOLTAGE),
                 absolute = mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_NOISE);
    plan->unit = mqc_device_g_max(xb->device);
    const double relative = mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE);
    const double slow = mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_NOISE_SLOW);
    const double output = mqc_crossbar_value(xb, MEMQC_CROSSBAR_OUTPUT_NOISE) / volts / plan->unit;
    plan->octaves = absolute > 0 || relative > 0
                        ? (int)xb->device->value[MQC_DEVICE_AT(READ_NOISE_OCTAVES)]
                        : 0;
    plan->per_cell =
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_NOISE_PATH) == MEMQC_CROSSBAR_NOISE_PER_CELL ||
        plan->octaves > 0;
    /* Of one vector, the slow part is like any other noise: only cells drawn one by one remember it. */
    plan->slow = plan->per_cell ? (float)(slow * slow) : 0;
    const double cell = (plan->per_cell ? absolute : hypot(absolute, slow)) / plan->unit;
    if (plan->slow > 0)
        plan->parts = mqc_slow_make(xb->device->value[MQC_DEVICE_AT(READ_NOISE_CORRELATION)]);
    plan->input_noise = (float)(mqc_crossbar_value(xb, MEMQC_CROSSBAR_INPUT_NOISE) / volts);
    plan->absolute = (float)(cell * cell);
    plan->own_relative = (float)(relative * relative);
    plan->flicker = xb->cells.plane[0].flicker && mqc_device_flickers_in_reads(xb->device);
    plan->relative = plan->flicker && !plan->per_cell ? 1 : plan->own_relative;
    plan->output = (float)(output * output * (double)(plan->in_tiles / plan->value_tiles));
    plan->noisy = absolute > 0 || relative > 0 || slow > 0 || output > 0 || plan->flicker;
}

static memqc_status check_codes(const memqc_crossbar *xb, const char *function,
                                const struct mqc_readout_plan *plan) {
    const int by_bits = plan->coding == MEMQC_CROSSBAR_CODING_BIT_SERIAL ||
                        plan->coding == MEMQC_CROSSBAR_CODING_BIT_PARALLEL;
    if (mqc_crossbar_value(xb, MEMQC_CROSSBAR_DAC_BITS) > 0 && plan->bits < 1)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: dac_bits = 1 is the sign and leaves no bit for the magnitude; allowed "
                        "is 2 .. 16, or "
                        "input_format = unsigned (%d)",
                        function, MEMQC_CROSSBAR_FORMAT_UNSIGNED);
    if (by_bits && plan->bits < 1)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: input_coding = %d drives bit by bit and needs dac_bits of 1 .. 16; it "
                        "is 0 (ideal)",
                        function, plan->coding);
    if (xb->weights.map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE && senses_current(xb) &&
        !plan->ideal)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: adc_senses = current (%d) with a reference column, whose current is "
                        "subtracted before the "
                        "ADC; set it to %d or %d, or use MAPPING_SINGLE",
                        function, MEMQC_CROSSBAR_SENSES_CURRENT, MEMQC_CROSSBAR_SENSES_MAPPED,
                        MEMQC_CROSSBAR_SENSES_DIFFERENCE);
    for (size_t i = 0; i < plan->groups && plan->adc_bits == 1; i++)
        if (!plan->group[i].one_sided)
            return mqc_fail(MEMQC_ERROR_STATE,
                            "%s: adc_bits = 1 has no level but 0 for currents of both signs; "
                            "allowed is 2 .. 16, or "
                            "currents of single lines by inputs of one sign",
                            function);
    return MEMQC_OK;
}

/* What nonlinear cells behind wires are not computed for. */
static memqc_status check_newton(const memqc_crossbar *xb, const char *function,
                                 const struct mqc_readout_plan *plan) {
    const int analog = plan->coding == MEMQC_CROSSBAR_CODING_ANALOG ||
                       plan->coding == MEMQC_CROSSBAR_CODING_BIT_SERIAL;
    if (plan->newton && !analog)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: input_coding = %d with iv_nonlinearity = %g 1/V and wires; allowed is "
                        "%d (analog) or %d (bit-serial)",
                        function, plan->coding,
                        mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY),
                        MEMQC_CROSSBAR_CODING_ANALOG, MEMQC_CROSSBAR_CODING_BIT_SERIAL);
    if (plan->newton &&
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_WIRE_METHOD) == MEMQC_CROSSBAR_METHOD_MATRIX)
        return mqc_fail(
            MEMQC_ERROR_STATE,
            "%s: wire_method = %d (matrix) with iv_nonlinearity = %g 1/V, which no matrix has",
            function, MEMQC_CROSSBAR_METHOD_MATRIX,
            mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY));
    if (plan->newton && plan->transposed &&
        xb->weights.map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: iv_nonlinearity = %g 1/V with wires and a reference column, whose "
                        "voltage would be the sum of all "
                        "inputs; set it to 0, or use another mapping",
                        function, mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY));
    return MEMQC_OK;
}

/* Scale of the inputs and of the result. */
static void make_scale(const memqc_crossbar *xb, struct mqc_readout_plan *plan) {
    const int by_column = mqc_crossbar_by_column(xb);
    double range = mqc_crossbar_value(xb, MEMQC_CROSSBAR_INPUT_RANGE), most = 0;
    for (size_t j = 0; by_column && plan->transposed && j < xb->shape.cols; j++)
        most = (double)xb->weights.scale[j] > most ? (double)xb->weights.scale[j] : most;
    range *= by_column && plan->transposed ? most : 1;
    plan->gain = 1 / range;
    plan->factor =
        range * mqc_crossbar_read_unit(xb) * (by_column ? 1 : (double)xb->weights.scale[0]);
}

memqc_status mqc_readout_plan_make(const memqc_crossbar *xb, const char *function, int transposed,
                                   struct mqc_readout_plan *plan) {
    const int format = (int)mqc_crossbar_value(xb, MEMQC_CROSSBAR_INPUT_FORMAT),
              dac = (int)mqc_crossbar_value(xb, MEMQC_CROSSBAR_DAC_BITS);
    plan->transposed = transposed;
    plan->in = transposed ? xb->shape.cols : xb->shape.rows;
    plan->out = transposed ? xb->shape.rows : xb->shape.cols;
    plan->in_tiles = tiles_of(
        mqc_crossbar_value(xb, transposed ? MEMQC_CROSSBAR_TILE_COLS : MEMQC_CROSSBAR_TILE_ROWS),
        plan->in, &plan->in_tile);
    plan->out_tiles = tiles_of(
        mqc_crossbar_value(xb, transposed ? MEMQC_CROSSBAR_TILE_ROWS : MEMQC_CROSSBAR_TILE_COLS),
        plan->out, &plan->out_tile);
    plan->coding = (int)mqc_crossbar_value(xb, MEMQC_CROSSBAR_INPUT_CODING);
    plan->phases = format == MEMQC_CROSSBAR_FORMAT_TWO_PHASE ? 2 : 1;
    plan->bits = dac - (dac > 0 && format != MEMQC_CROSSBAR_FORMAT_UNSIGNED);
    plan->reads = plan->coding == MEMQC_CROSSBAR_CODING_BIT_SERIAL ? plan->bits : 1;
    plan->levels = (float)((1 << plan->bits) - 1);
    plan->lowest = dac > 0 ? -1 : -INFINITY;
    if (format == MEMQC_CROSSBAR_FORMAT_UNSIGNED)
        plan->lowest = 0;
    plan->adc_bits = (int)mqc_crossbar_value(xb, MEMQC_CROSSBAR_ADC_BITS);
    plan->value_tiles = plan->adc_bits ? plan->in_tiles : 1;
    plan->curve = plan->coding == MEMQC_CROSSBAR_CODING_PULSE_WIDTH
                      ? 0
                      : (float)(mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY) *
                                mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_VOLTAGE));
    plan->wired = mqc_wiring_on(xb);
    plan->newton = plan->wired && mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY) > 0;
    plan->effective = 0;
    make_groups(xb, plan, format != MEMQC_CROSSBAR_FORMAT_BIPOLAR);
    make_noise(xb, plan);
    make_scale(xb, plan);
    plan->ideal = format == MEMQC_CROSSBAR_FORMAT_BIPOLAR &&
                  plan->coding == MEMQC_CROSSBAR_CODING_ANALOG && dac == 0 && plan->adc_bits == 0 &&
                  !(plan->curve > 0) && !(plan->input_noise > 0) && !plan->noisy;
    MQC_TRY(check_newton(xb, function, plan));
    return check_codes(xb, function, plan);
}
