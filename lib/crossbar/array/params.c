/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/array/params.h"

/* The choices of the keys, in the order of their numbers. */
static const struct mqc_choice mappings[] = {
    {MEMQC_CROSSBAR_MAPPING_SINGLE, "single"},
    {MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, "differential"},
    {MEMQC_CROSSBAR_MAPPING_REFERENCE, "reference"},
    {MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED, "differential-two-sided"},
    {0, NULL},
};
static const struct mqc_choice normalizations[] = {
    {MEMQC_CROSSBAR_NORMALIZATION_FIXED, "fixed"},
    {MEMQC_CROSSBAR_NORMALIZATION_ARRAY, "array"},
    {MEMQC_CROSSBAR_NORMALIZATION_COLUMN, "column"},
    {0, NULL},
};
static const struct mqc_choice schemes[] = {
    {MEMQC_CROSSBAR_SCHEME_BLIND, "blind"},
    {MEMQC_CROSSBAR_SCHEME_VERIFY, "verify"},
    {0, NULL},
};
static const struct mqc_choice codings[] = {
    {MEMQC_CROSSBAR_CODING_ANALOG, "analog"},
    {MEMQC_CROSSBAR_CODING_BIT_SERIAL, "bit-serial"},
    {MEMQC_CROSSBAR_CODING_BIT_PARALLEL, "bit-parallel"},
    {MEMQC_CROSSBAR_CODING_PULSE_WIDTH, "pulse-width"},
    {0, NULL},
};
static const struct mqc_choice formats[] = {
    {MEMQC_CROSSBAR_FORMAT_BIPOLAR, "bipolar"},
    {MEMQC_CROSSBAR_FORMAT_TWO_PHASE, "two-phase"},
    {MEMQC_CROSSBAR_FORMAT_UNSIGNED, "unsigned"},
    {0, NULL},
};
static const struct mqc_choice ranges[] = {
    {MEMQC_CROSSBAR_RANGE_WORST_CASE, "worst-case"},
    {MEMQC_CROSSBAR_RANGE_AMPERES, "amperes"},
    {MEMQC_CROSSBAR_RANGE_CALIBRATED, "calibrated"},
    {MEMQC_CROSSBAR_RANGE_PER_COLUMN, "per-column"},
    {0, NULL},
};
static const struct mqc_choice senses[] = {
    {MEMQC_CROSSBAR_SENSES_MAPPED, "mapped"},
    {MEMQC_CROSSBAR_SENSES_CURRENT, "current"},
    {MEMQC_CROSSBAR_SENSES_DIFFERENCE, "difference"},
    {0, NULL},
};
static const struct mqc_choice paths[] = {
    {MEMQC_CROSSBAR_NOISE_PER_OUTPUT, "per-output"},
    {MEMQC_CROSSBAR_NOISE_PER_CELL, "per-cell"},
    {0, NULL},
};
static const struct mqc_choice ends[] = {
    {MEMQC_CROSSBAR_ENDS_FIRST, "first"},
    {MEMQC_CROSSBAR_ENDS_LAST, "last"},
    {MEMQC_CROSSBAR_ENDS_BOTH, "both"},
    {0, NULL},
};
static const struct mqc_choice methods[] = {
    {MEMQC_CROSSBAR_METHOD_AUTO, "auto"},
    {MEMQC_CROSSBAR_METHOD_MATRIX, "matrix"},
    {MEMQC_CROSSBAR_METHOD_ITERATE, "iterate"},
    {0, NULL},
};
static const struct mqc_choice rules[] = {
    {MEMQC_CROSSBAR_RULE_NEAREST_LEVEL, "nearest-level"},
    {MEMQC_CROSSBAR_RULE_STOCHASTIC, "stochastic"},
    {MEMQC_CROSSBAR_RULE_SIGN, "sign"},
    {MEMQC_CROSSBAR_RULE_MIXED_PRECISION, "mixed-precision"},
    {MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL, "one-directional"},
    {MEMQC_CROSSBAR_RULE_PULSE_TRAIN, "pulse-train"},
    {MEMQC_CROSSBAR_RULE_TIKI_TAKA, "tiki-taka"},
    {MEMQC_CROSSBAR_RULE_TIKI_TAKA_2, "tiki-taka-2"},
    {0, NULL},
};

enum {
    REAL = MEMQC_KIND_REAL,
    WHOLE = MEMQC_KIND_WHOLE,
    FLAG = MEMQC_KIND_FLAG,
    CHOICE = MEMQC_KIND_CHOICE,
    SETTLED = MQC_KEY_SETTLED,
    RANGES = MQC_STALE_RANGES,
    SOURCES = MQC_STALE_SOURCES,
    WIRES = MQC_STALE_WIRES | MQC_STALE_RANGES
};

/* Rows of the table. */
#define NUMBER(key, name, unit, group, text, kind, min, max, initial, flags, stale, need)       \
    {                                                                                           \
        MEMQC_CROSSBAR_##key, name, unit, group, text, kind, min, max, initial, NULL, flags, 0, \
            stale, need                                                                         \
    }
#define PICK(key, name, group, text, min, max, initial, choices, flags, stale, need)       \
    {                                                                                      \
        MEMQC_CROSSBAR_##key, name, "", group, text, CHOICE, MEMQC_CROSSBAR_##min,         \
            MEMQC_CROSSBAR_##max, MEMQC_CROSSBAR_##initial, choices, flags, 0, stale, need \
    }
#define ALWAYS \
    { 0, 0, 0, NULL }
#define BITS(key, text) \
    { MEMQC_CROSSBAR_##key, 1, 16, text }
#define ONE(key, choice, text) \
    { MEMQC_CROSSBAR_##key, MEMQC_CROSSBAR_##choice, MEMQC_CROSSBAR_##choice, text }
#define SOME(key, low, high, text) \
    { MEMQC_CROSSBAR_##key, MEMQC_CROSSBAR_##low, MEMQC_CROSSBAR_##high, text }
#define SLICED \
    { MEMQC_CROSSBAR_SLICES, 2, MQC_SLICES, "slices = 1 does not use it" }
#define IDEAL_ADC BITS(ADC_BITS, "an ideal ADC (adc_bits = 0) does not use it")
#define TRAINS SOME(RULE, RULE_PULSE_TRAIN, RULE_TIKI_TAKA_2, "only rules with pulse trains use it")
#define TIKI_TAKA \
    SOME(RULE, RULE_TIKI_TAKA, RULE_TIKI_TAKA_2, "only rule = tiki-taka and tiki-taka-2 use it")

/* In the order of the keys. What a row cannot say is in mqc_crossbar_unused() and
 * mqc_crossbar_check_values(). */
static const struct mqc_key rows[MQC_CROSSBAR_KEYS] = {
    PICK(MAPPING, "mapping", "mapping", "Which cells hold a weight, and how.", MAPPING_SINGLE,
         MAPPING_DIFFERENTIAL_TWO_SIDED, MAPPING_SINGLE, mappings, SETTLED, 0, ALWAYS),
    PICK(NORMALIZATION, "normalization", "mapping",
         "Where the scale, the largest weight that the array holds, comes from.",
         NORMALIZATION_FIXED, NORMALIZATION_COLUMN, NORMALIZATION_FIXED, normalizations, SETTLED, 0,
         ALWAYS),
    NUMBER(W_MAX, "w_max", "", "mapping", "The scale: the largest weight that the array holds.",
           REAL, 1e-6, 1e6, 1, SETTLED, 0,
           ONE(NORMALIZATION, NORMALIZATION_FIXED, "only normalization = fixed uses it")),
    NUMBER(SLICES, "slices", "", "mapping",
           "Cells that share the digits of a weight, of each side of a pair.", WHOLE, 1, MQC_SLICES,
           1, SETTLED, 0, ALWAYS),
    NUMBER(SLICE_BASE, "slice_base", "", "mapping",
           "Base of the digits of a sliced weight; 0: the levels of the device.", WHOLE, 0, 4096, 0,
           SETTLED, 0, SLICED),
    NUMBER(CLIP_PERCENTILE, "clip_percentile", "%", "mapping",
           "Percentile of the magnitudes of the weights that becomes the scale.", REAL, 50, 100,
           100, SETTLED, 0,
           SOME(NORMALIZATION, NORMALIZATION_ARRAY, NORMALIZATION_COLUMN,
                "normalization = fixed does not use it")),
    PICK(SCHEME, "scheme", "programming", "Whether programming reads cells back and corrects them.",
         SCHEME_BLIND, SCHEME_VERIFY, SCHEME_BLIND, schemes, 0, 0, ALWAYS),
    NUMBER(VERIFY_TOLERANCE, "verify_tolerance", "levels", "programming",
           "Largest allowed error of the conductance of a cell.", REAL, 0, 4096, 0.5, 0, 0, ALWAYS),
    NUMBER(VERIFY_WINDOW, "verify_window", "S", "programming",
           "Largest allowed error of the conductance of a cell; the larger tolerance counts.", REAL,
           0, 1e3, 0, 0, 0, ALWAYS),
    NUMBER(VERIFY_PULSES, "verify_pulses", "", "programming", "Most pulses of a cell in a call.",
           WHOLE, 1, 1e6, 1000, 0, 0, ONE(SCHEME, SCHEME_VERIFY, "only scheme = verify uses it")),
    NUMBER(WRITE_PARALLEL, "write_parallel", "", "programming",
           "Cells that are programmed at the same time.", WHOLE, 1, 1073741824, 1, 0, 0, ALWAYS),
    NUMBER(CELL_AREA, "cell_area", "F^2", "area", "Area of a cell in squares of the feature size.",
           REAL, 1e-3, 1e9, 4, 0, 0, ALWAYS),
    NUMBER(FEATURE, "feature", "m", "area", "The feature size.", REAL, 1e-10, 1, 45e-9, 0, 0,
           ALWAYS),
    PICK(INPUT_CODING, "input_coding", "input", "How an input drives its line.", CODING_ANALOG,
         CODING_PULSE_WIDTH, CODING_ANALOG, codings, 0, RANGES, ALWAYS),
    PICK(INPUT_FORMAT, "input_format", "input", "How the sign of an input is coded.",
         FORMAT_BIPOLAR, FORMAT_UNSIGNED, FORMAT_BIPOLAR, formats, 0, RANGES, ALWAYS),
    NUMBER(INPUT_RANGE, "input_range", "", "input", "The input that the read voltage stands for.",
           REAL, 1e-6, 1e6, 1, 0, RANGES, ALWAYS),
    NUMBER(DAC_BITS, "dac_bits", "bits", "input", "Bits of an input, the sign included; 0: ideal.",
           WHOLE, 0, 16, 0, 0, RANGES, ALWAYS),
    NUMBER(ADC_BITS, "adc_bits", "bits", "output", "Bits of an output; 0: ideal.", WHOLE, 0, 16, 0,
           0, 0, ALWAYS),
    PICK(ADC_RANGE, "adc_range", "output", "The signal that the largest code of an ADC stands for.",
         RANGE_WORST_CASE, RANGE_PER_COLUMN, RANGE_WORST_CASE, ranges, 0, RANGES, IDEAL_ADC),
    NUMBER(ADC_FRACTION, "adc_fraction", "", "output",
           "The range of an ADC as a fraction of the worst case.", REAL, 1e-6, 1, 1, 0, 0,
           ONE(ADC_RANGE, RANGE_WORST_CASE, "only adc_range = worst-case uses it")),
    NUMBER(ADC_CURRENT, "adc_current", "A", "output", "The range of an ADC as a current.", REAL,
           1e-18, 1e6, 1e-3, 0, 0,
           ONE(ADC_RANGE, RANGE_AMPERES, "only adc_range = amperes uses it")),
    PICK(ADC_SENSES, "adc_senses", "output",
         "Whether an ADC sees the current of a line or a difference of two.", SENSES_MAPPED,
         SENSES_DIFFERENCE, SENSES_MAPPED, senses, 0, RANGES | SOURCES, ALWAYS),
    NUMBER(READ_VOLTAGE, "read_voltage", "V", "reading", "Voltage of a full-scale input.", REAL,
           1e-6, 5, 0.1, 0, RANGES, ALWAYS),
    NUMBER(IV_NONLINEARITY, "iv_nonlinearity", "1/V", "reading",
           "a of the current G Vr sinh(a V) / sinh(a Vr) of a cell; 0: ohmic.", REAL, 0, 20, 0, 0,
           RANGES,
           SOME(INPUT_CODING, CODING_ANALOG, CODING_BIT_PARALLEL,
                "input_coding = pulse-width does not use it")),
    NUMBER(INPUT_NOISE, "input_noise", "V", "reading",
           "Standard deviation of the noise on each driven line in each read.", REAL, 0, 10, 0, 0,
           0, ALWAYS),
    NUMBER(OUTPUT_NOISE, "output_noise", "A", "reading",
           "Standard deviation of the noise at the input of each ADC in each read.", REAL, 0, 1e3,
           0, 0, 0, ALWAYS),
    NUMBER(READ_NOISE, "read_noise", "S", "reading",
           "Standard deviation of the conductance of a cell in each read.", REAL, 0, 1e3, 0, 0, 0,
           ALWAYS),
    NUMBER(READ_NOISE_RELATIVE, "read_noise_relative", "", "reading",
           "Standard deviation of a cell in each read, as a fraction of its conductance.", REAL, 0,
           10, 0, 0, 0, ALWAYS),
    PICK(READ_NOISE_PATH, "read_noise_path", "reading",
         "Whether read noise is drawn once an output or once a cell.", NOISE_PER_OUTPUT,
         NOISE_PER_CELL, NOISE_PER_OUTPUT, paths, 0, 0, ALWAYS),
    NUMBER(TILE_ROWS, "tile_rows", "", "tiles", "Most rows of a tile; 0: no limit.", WHOLE, 0,
           1073741824, 0, 0, WIRES, ALWAYS),
    NUMBER(TILE_COLS, "tile_cols", "", "tiles", "Most columns of a tile; 0: no limit.", WHOLE, 0,
           1073741824, 0, 0, WIRES, ALWAYS),
    NUMBER(READ_TIME, "read_time", "s", "reading", "Time of a read at full pulse width.", REAL,
           1e-15, 1e3, 100e-9, 0, 0, ALWAYS),
    NUMBER(ADC_TIME, "adc_time", "s", "output", "Time of a conversion of an output.", REAL, 0, 1e3,
           1 / 1.2e9, 0, 0, IDEAL_ADC),
    NUMBER(LINES_PER_ADC, "lines_per_adc", "", "output", "Outputs that share an ADC.", WHOLE, 1,
           1048576, 128, 0, 0, IDEAL_ADC),
    NUMBER(DAC_ENERGY, "dac_energy", "J", "input",
           "Energy of a conversion of an input, with its driver.", REAL, 0, 1, 0.39e-12, 0, 0,
           BITS(DAC_BITS, "an ideal DAC (dac_bits = 0) does not use it")),
    NUMBER(ADC_ENERGY, "adc_energy", "J", "output",
           "Energy of a conversion of an output, for each step of the ADC.", REAL, 0, 1, 6.5e-15, 0,
           0, IDEAL_ADC),
    NUMBER(WORD_RESISTANCE, "word_resistance", "ohm", "wires",
           "Resistance of a segment of a word line; 0, or 1e-6 ohm and more.", REAL, 0, 1e6, 0, 0,
           WIRES, ALWAYS),
    NUMBER(BIT_RESISTANCE, "bit_resistance", "ohm", "wires",
           "Resistance of a segment of a bit line; 0, or 1e-6 ohm and more.", REAL, 0, 1e6, 0, 0,
           WIRES, ALWAYS),
    NUMBER(DRIVER_RESISTANCE, "driver_resistance", "ohm", "wires",
           "Resistance at each driven end of a word line; 0, or 1e-6 ohm and more.", REAL, 0, 1e6,
           0, 0, WIRES, ALWAYS),
    NUMBER(SENSE_RESISTANCE, "sense_resistance", "ohm", "wires",
           "Resistance at each sensed end of a bit line; 0, or 1e-6 ohm and more.", REAL, 0, 1e6, 0,
           0, WIRES, ALWAYS),
    PICK(DRIVEN_ENDS, "driven_ends", "wires", "The ends at which word lines are driven.",
         ENDS_FIRST, ENDS_BOTH, ENDS_FIRST, ends, 0, WIRES, ALWAYS),
    PICK(SENSED_ENDS, "sensed_ends", "wires", "The ends at which bit lines are sensed.", ENDS_FIRST,
         ENDS_BOTH, ENDS_LAST, ends, 0, WIRES, ALWAYS),
    PICK(WIRE_METHOD, "wire_method", "wires", "How products through wires are computed.",
         METHOD_AUTO, METHOD_ITERATE, METHOD_AUTO, methods, 0, 0, ALWAYS),
    NUMBER(WIRE_TOLERANCE, "wire_tolerance", "", "wires",
           "Relative error allowed for each current of a line.", REAL, 1e-12, 1e-2, 1e-7, 0,
           SOURCES, ALWAYS),
    PICK(RULE, "rule", "rule", "What an update does to the weights.", RULE_NEAREST_LEVEL,
         RULE_TIKI_TAKA_2, RULE_NEAREST_LEVEL, rules, 0, 0, ALWAYS),
    NUMBER(SIGN_THRESHOLD, "sign_threshold", "steps", "rule",
           "A weight moves by one level where the change is more than so many steps.", REAL, 0, 1e6,
           0, 0, 0, ONE(RULE, RULE_SIGN, "only rule = sign uses it")),
    NUMBER(UPDATE_THRESHOLD, "update_threshold", "steps", "rule",
           "A weight moves where its accumulator holds so many steps.", REAL, 0.5, 1000, 1, 0, 0,
           SOME(RULE, RULE_MIXED_PRECISION, RULE_ONE_DIRECTIONAL,
                "only rule = mixed-precision and one-directional use it")),
    NUMBER(REFRESH_LEVEL, "refresh_level", "", "rule",
           "Level of the more conductive cell of a refreshed pair.", WHOLE, 1, 4096, 1, 0, 0,
           ONE(RULE, RULE_ONE_DIRECTIONAL, "only rule = one-directional uses it")),
    NUMBER(TRAIN_LENGTH, "train_length", "slots", "rule", "Most time slots of a pulse train.",
           WHOLE, 1, 31, 31, 0, 0, TRAINS),
    NUMBER(TRAIN_MANAGEMENT, "train_management", "", "rule",
           "Whether pulse trains are only as long as needed.", FLAG, 0, 1, 1, 0, 0, TRAINS),
    NUMBER(TIKI_TAKA_EVERY, "tiki_taka_every", "updates", "rule",
           "Updates of the fast array from one transfer of a row to the next.", WHOLE, 1, 1e6, 1, 0,
           0, TIKI_TAKA),
    NUMBER(TIKI_TAKA_RATE, "tiki_taka_rate", "", "rule",
           "Share of a row of the fast array that a transfer passes on.", REAL, 1e-9, 1e9, 0.1, 0,
           0, TIKI_TAKA),
    NUMBER(TIKI_TAKA_THRESHOLD, "tiki_taka_threshold", "pulses", "rule",
           "Weight in the buffer that makes one pulse, in weights of a pulse.", REAL, 1e-3, 1e6, 1,
           0, 0, ONE(RULE, RULE_TIKI_TAKA_2, "only rule = tiki-taka-2 uses it")),
    NUMBER(TIKI_TAKA_PAIRS, "tiki_taka_pairs", "pulses", "rule",
           "Pulses up and down that bring the fast array to its symmetry points.", WHOLE, 0, 1e6,
           2000, 0, 0, TIKI_TAKA),
    NUMBER(READ_NOISE_SLOW, "read_noise_slow", "S", "reading",
           "Standard deviation of the slow part of a cell's noise, which adds to read_noise.", REAL,
           0, 1e3, 0, 0, 0, ALWAYS),
    NUMBER(DRIFT_COMPENSATION, "drift_compensation", "vectors", "reading",
           "Calibration vectors whose outputs tell by how much to scale those of products as the "
           "array drifts; 0 = off.",
           WHOLE, 0, 65536, 0, 0, 0, ALWAYS),
};

const struct mqc_keys mqc_crossbar_keys = {"crossbar", MQC_CROSSBAR_FIRST, MQC_CROSSBAR_KEYS, rows};
