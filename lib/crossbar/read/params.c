/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters of reading: what the table cannot say of a value, and what a change makes obsolete. */
#include "crossbar/read/params.h"

#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/params.h"
#include "crossbar/read/tile.h"

/* Parameters whose change makes calibrated ranges wrong. */
static const int32_t seen_by_adc[] = {
    MEMQC_CROSSBAR_INPUT_CODING,      MEMQC_CROSSBAR_INPUT_FORMAT,
    MEMQC_CROSSBAR_INPUT_RANGE,       MEMQC_CROSSBAR_DAC_BITS,
    MEMQC_CROSSBAR_ADC_RANGE,         MEMQC_CROSSBAR_ADC_SENSES,
    MEMQC_CROSSBAR_READ_VOLTAGE,      MEMQC_CROSSBAR_IV_NONLINEARITY,
    MEMQC_CROSSBAR_TILE_ROWS,         MEMQC_CROSSBAR_TILE_COLS,
    MEMQC_CROSSBAR_WORD_RESISTANCE,   MEMQC_CROSSBAR_BIT_RESISTANCE,
    MEMQC_CROSSBAR_DRIVER_RESISTANCE, MEMQC_CROSSBAR_SENSE_RESISTANCE,
    MEMQC_CROSSBAR_DRIVEN_ENDS,       MEMQC_CROSSBAR_SENSED_ENDS,
};

/* Parameters of one range alone. */
static const struct {
    int32_t key, range;
    const char *name;
} of_range[] = {
    {MEMQC_CROSSBAR_ADC_FRACTION, MEMQC_CROSSBAR_RANGE_WORST_CASE, "RANGE_WORST_CASE"},
    {MEMQC_CROSSBAR_ADC_CURRENT, MEMQC_CROSSBAR_RANGE_AMPERES, "RANGE_AMPERES"},
};

static int is_wire(int32_t key) {
    return key >= MEMQC_CROSSBAR_WORD_RESISTANCE && key <= MEMQC_CROSSBAR_SENSED_ENDS;
}

memqc_status mqc_readout_check(int32_t key, double value) {
    if (key >= MEMQC_CROSSBAR_WORD_RESISTANCE && key <= MEMQC_CROSSBAR_SENSE_RESISTANCE &&
        value > 0 && value < 1e-6)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_crossbar_set: %s = %g ohm; allowed is 0, or 1e-6 .. 1e6 ohm",
                        mqc_crossbar_params.param[key - 1].name, value);
    return MEMQC_OK;
}

memqc_status mqc_readout_set(memqc_crossbar *xb, int32_t key, double value) {
    MQC_TRY(mqc_readout_check(key, value));
    for (size_t i = 0; i < sizeof of_range / sizeof *of_range; i++)
        if (key == of_range[i].key && xb->value[MEMQC_CROSSBAR_ADC_RANGE] != of_range[i].range)
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "memqc_crossbar_set: %s = %g would be without effect: only %s uses it",
                            mqc_crossbar_params.param[key - 1].name, value, of_range[i].name);
    for (size_t i = 0; i < sizeof seen_by_adc / sizeof *seen_by_adc && xb->value[key] != value;
         i++) {
        for (size_t way = 0; way < 2 && key == seen_by_adc[i]; way++) {
            mqc_free(xb->readout.range[way]);
            xb->readout.range[way] = NULL;
        }
    }
    if (key == MEMQC_CROSSBAR_ADC_SENSES)
        xb->readout.squares_groups = xb->readout.wiring.groups = 0;
    if (key == MEMQC_CROSSBAR_WIRE_TOLERANCE && xb->value[key] != value)
        xb->readout.wiring.groups = xb->readout.wiring.plane_holds =
            (size_t)(xb->readout.wiring.hopeless = 0);
    if ((is_wire(key) || key == MEMQC_CROSSBAR_TILE_ROWS || key == MEMQC_CROSSBAR_TILE_COLS) &&
        xb->value[key] != value)
        mqc_wiring_drop(&xb->readout.wiring);
    xb->value[key] = value;
    return MEMQC_OK;
}
