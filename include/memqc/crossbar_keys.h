/* SPDX-License-Identifier: BSD-3-Clause */
/** @file crossbar_keys.h
 *  Constants of crossbar arrays: parameters, their choices, counters, costs and reports. The
 *  functions are in crossbar.h, which also says how weights are stored and how an array is read.
 */
#ifndef MEMQC_CROSSBAR_KEYS_H
#define MEMQC_CROSSBAR_KEYS_H

/** An array of cells of one device. @since 0.1 */
typedef struct memqc_crossbar memqc_crossbar;

/** Parameters of an array: keys of memqc_crossbar_set() and memqc_crossbar_get().
 *
 *  "Settled" means that the first programming settles the parameter: setting it afterwards is
 *  refused with #MEMQC_ERROR_STATE. All other parameters may change at any time.
 *
 *  A parameter that names others ("used by ...") has an effect only with them; setting it otherwise
 *  is refused with #MEMQC_ERROR_ARGUMENT. memqc_crossbar_set_many() sets parameters that need each
 *  other in one call.
 *
 *  [1] A. Shafiee et al., "ISAAC", ISCA 2016: a read takes 100 ns. 128 columns share an ADC of
 *  8 bits and 1.2 GS/s that takes 2 mW: 1.67 pJ or 256 x 6.5 fJ a conversion, as the better ones of
 *  B. Murmann's ADC Performance Survey. 1024 one-bit DACs take 4 mW together.
 *  @since 0.1, renumbered 0.3 */
enum {
    /* The six that matter first */
    MEMQC_CROSSBAR_MAPPING = 2001,         /**< MEMQC_CROSSBAR_MAPPING_...: which cells hold a
                                                weight; default SINGLE. Settled */
    MEMQC_CROSSBAR_SCHEME = 2007,          /**< MEMQC_CROSSBAR_SCHEME_...: whether programming
                                                verifies; default BLIND */
    MEMQC_CROSSBAR_DAC_BITS = 2017,        /**< bits of an input, 1 .. 16, the sign included where
                                                there is one; 0 (default): ideal */
    MEMQC_CROSSBAR_ADC_BITS = 2018,        /**< bits of an output, 1 .. 16; 0 (default): ideal,
                                                neither steps nor ends */
    MEMQC_CROSSBAR_WORD_RESISTANCE = 2037, /**< ohm, of a segment of a word line: 1e-6 .. 1e6; 0
                                                (default): a perfect conductor */
    MEMQC_CROSSBAR_RULE = 2045,            /**< MEMQC_CROSSBAR_RULE_...: what an update does;
                                                default NEAREST_LEVEL. @since 0.3 */

    /* Mapping */
    MEMQC_CROSSBAR_NORMALIZATION = 2002,   /**< MEMQC_CROSSBAR_NORMALIZATION_...: where the scale s
                                                comes from; default FIXED. Settled */
    MEMQC_CROSSBAR_W_MAX = 2003,           /**< the scale s, 1e-6 .. 1e6; default 1. Used by
                                                NORMALIZATION_FIXED; with the other normalizations
                                                memqc_crossbar_get() gives the largest scale in use,
                                                0 before the first programming. Settled */
    MEMQC_CROSSBAR_SLICES = 2004,          /**< cells that share the digits of a weight, of each
                                                side of a pair: 1 .. 8; default 1. Settled */
    MEMQC_CROSSBAR_SLICE_BASE = 2005,      /**< B, the base of the digits: 2 .. STATES of the
                                                device; 0 (default): STATES. A cell uses every
                                                floor((STATES - 1) / (B - 1))-th of its levels, from
                                                G_MIN up. B to the power SLICES is at most 2^20.
                                                Used with two slices or more. Settled */
    MEMQC_CROSSBAR_CLIP_PERCENTILE = 2006, /**< %, 50 .. 100; default 100. The scale is this
                                                percentile of the weights' magnitudes, by nearest
                                                rank; where that is 0, their largest. Used by
                                                NORMALIZATION_ARRAY and _COLUMN. Settled */

    /* Programming */
    MEMQC_CROSSBAR_VERIFY_TOLERANCE = 2008, /**< largest allowed error of a cell, in spacings of its
                                                 level to the next (uneven: the nearer) one: 0 ..
                                                 4096; default 0.5 */
    MEMQC_CROSSBAR_VERIFY_WINDOW = 2009,    /**< S, largest allowed error as a conductance: 0
                                                 (default) .. 1e3. The larger of VERIFY_TOLERANCE
                                                 and VERIFY_WINDOW counts */
    MEMQC_CROSSBAR_VERIFY_PULSES = 2010,    /**< most pulses of a cell in a call, 1 .. 1e6; default
                                                 1000. The pulses before the first read count and
                                                 are always sent. Used by SCHEME_VERIFY */
    MEMQC_CROSSBAR_WRITE_PARALLEL = 2011,   /**< cells that are programmed at the same time, 1 ..
                                                 2^30; default 1 */

    /* Area */
    MEMQC_CROSSBAR_CELL_AREA = 2012, /**< F^2, of a cell: 1e-3 .. 1e9; default 4, a cross point
                                          without a transistor */
    MEMQC_CROSSBAR_FEATURE = 2013,   /**< m, the feature size F: 1e-10 .. 1; default 45e-9 */

    /* Inputs */
    MEMQC_CROSSBAR_INPUT_CODING = 2014, /**< MEMQC_CROSSBAR_CODING_...; default ANALOG */
    MEMQC_CROSSBAR_INPUT_FORMAT = 2015, /**< MEMQC_CROSSBAR_FORMAT_...; default BIPOLAR */
    MEMQC_CROSSBAR_INPUT_RANGE = 2016,  /**< the input that READ_VOLTAGE stands for: 1e-6 .. 1e6;
                                             default 1 */
    MEMQC_CROSSBAR_DAC_ENERGY = 2035,   /**< J, of a conversion with its driver: 0 .. 1; default
                                             0.39e-12 [1]. Used with DAC_BITS of 1 or more */

    /* Outputs. All are used with ADC_BITS of 1 or more; ADC_SENSES also with INPUT_NOISE,
     * OUTPUT_NOISE or IV_NONLINEARITY above 0. */
    MEMQC_CROSSBAR_ADC_RANGE = 2019,     /**< MEMQC_CROSSBAR_RANGE_...: the signal of the largest
                                              code; default WORST_CASE */
    MEMQC_CROSSBAR_ADC_FRACTION = 2020,  /**< of the worst case, 1e-6 .. 1; default 1. Used by
                                              RANGE_WORST_CASE */
    MEMQC_CROSSBAR_ADC_CURRENT = 2021,   /**< A, 1e-18 .. 1e6; default 1e-3. Used by
                                              RANGE_AMPERES */
    MEMQC_CROSSBAR_ADC_SENSES = 2022,    /**< MEMQC_CROSSBAR_SENSES_...; default MAPPED */
    MEMQC_CROSSBAR_ADC_TIME = 2033,      /**< s, of a conversion: 0 .. 1e3; default 1 / 1.2e9 [1] */
    MEMQC_CROSSBAR_LINES_PER_ADC = 2034, /**< outputs that share an ADC, 1 .. 2^20; default 128
                                              [1] */
    MEMQC_CROSSBAR_ADC_ENERGY = 2036,    /**< J, of a conversion for each of its 2^ADC_BITS steps: 0
                                              .. 1; default 6.5e-15 [1] */

    /* Reading */
    MEMQC_CROSSBAR_READ_VOLTAGE = 2023,        /**< V, of a full-scale input: 1e-6 .. 5; default: of
                                                    the device */
    MEMQC_CROSSBAR_IV_NONLINEARITY = 2024,     /**< a, 1/V, of I = G Vr sinh(a V) / sinh(a Vr) with
                                                    Vr = READ_VOLTAGE: 0 (ohmic) .. 20; default: of
                                                    the device. Not used by CODING_PULSE_WIDTH */
    MEMQC_CROSSBAR_INPUT_NOISE = 2025,         /**< V, standard deviation on each driven line in
                                                    each read: 0 (default) .. 10 */
    MEMQC_CROSSBAR_OUTPUT_NOISE = 2026,        /**< A, standard deviation at the input of each ADC
                                                    in each read: 0 (default) .. 1e3 */
    MEMQC_CROSSBAR_READ_NOISE = 2027,          /**< S, standard deviation of a cell in each read: 0
                                                    .. 1e3; default: of the device */
    MEMQC_CROSSBAR_READ_NOISE_RELATIVE = 2028, /**< standard deviation of a cell in each read, as a
                                                    fraction of its G: 0 .. 10; default: of the
                                                    device. The variances of the two add */
    MEMQC_CROSSBAR_READ_NOISE_PATH = 2029,     /**< MEMQC_CROSSBAR_NOISE_PER_...; default
                                                    PER_OUTPUT. Used with READ_NOISE or
                                                    READ_NOISE_RELATIVE above 0 */
    MEMQC_CROSSBAR_READ_TIME = 2032,           /**< s, of a read at full pulse width: 1e-15 .. 1e3;
                                                    default 100e-9 [1] */

    /* Tiles */
    MEMQC_CROSSBAR_TILE_ROWS = 2030, /**< most rows of a tile, 1 .. 2^30; 0 (default): no limit */
    MEMQC_CROSSBAR_TILE_COLS = 2031, /**< most columns of a tile, 1 .. 2^30; 0 (default): no
                                          limit */

    /* Wires. A resistance is 0 (default: a perfect conductor) or 1e-6 .. 1e6 ohm. The keys that are
     * no resistances are used where any resistance is above 0. */
    MEMQC_CROSSBAR_BIT_RESISTANCE = 2038,    /**< ohm, of a segment of a bit line */
    MEMQC_CROSSBAR_DRIVER_RESISTANCE = 2039, /**< ohm, at each driven end of a word line */
    MEMQC_CROSSBAR_SENSE_RESISTANCE = 2040,  /**< ohm, at each sensed end of a bit line */
    MEMQC_CROSSBAR_DRIVEN_ENDS = 2041,       /**< MEMQC_CROSSBAR_ENDS_... of the word lines; default
                                                  FIRST (left) */
    MEMQC_CROSSBAR_SENSED_ENDS = 2042,       /**< MEMQC_CROSSBAR_ENDS_... of the bit lines; default
                                                  LAST (bottom) */
    MEMQC_CROSSBAR_WIRE_METHOD = 2043,       /**< MEMQC_CROSSBAR_METHOD_...; default AUTO */
    MEMQC_CROSSBAR_WIRE_TOLERANCE = 2044,    /**< relative error allowed for each current of a line:
                                                  1e-12 .. 1e-2; default 1e-7 */

    /* Rule: updates of memqc_crossbar_update() and memqc_crossbar_update_outer(). @since 0.3 */
    MEMQC_CROSSBAR_SIGN_THRESHOLD = 2046,      /**< a weight moves where |alpha dw| is more than so
                                                    many steps, 0 .. 1e6; default 0. RULE_SIGN */
    MEMQC_CROSSBAR_UPDATE_THRESHOLD = 2047,    /**< a weight moves where its accumulator holds so
                                                    many steps, 0.5 .. 1000; default 1. Used by
                                                    RULE_MIXED_PRECISION and _ONE_DIRECTIONAL */
    MEMQC_CROSSBAR_REFRESH_LEVEL = 2048,       /**< level of the more conductive cell of a refreshed
                                                    pair, 1 .. 4096, at most STATES of the device;
                                                    default 1. Used by RULE_ONE_DIRECTIONAL */
    MEMQC_CROSSBAR_TRAIN_LENGTH = 2049,        /**< most time slots of a pulse train (BL), 1 .. 31;
                                                    default 31. Rules with pulse trains */
    MEMQC_CROSSBAR_TRAIN_MANAGEMENT = 2050,    /**< 1 (default): trains are only as long as needed,
                                                    and both sides are equally likely to fire; 0:
                                                    always TRAIN_LENGTH slots. Used by the rules
                                                    with pulse trains */
    MEMQC_CROSSBAR_TIKI_TAKA_EVERY = 2051,     /**< updates of the fast array from one transfer of a
                                                    row to the next, 1 .. 1e6; default 1. Used by
                                                    RULE_TIKI_TAKA and _TIKI_TAKA_2 */
    MEMQC_CROSSBAR_TIKI_TAKA_RATE = 2052,      /**< share of the fast array's row that a transfer
                                                    passes on, 1e-9 .. 1e9; default 0.1. Used by
                                                    RULE_TIKI_TAKA and _TIKI_TAKA_2 */
    MEMQC_CROSSBAR_TIKI_TAKA_THRESHOLD = 2053, /**< weight in the buffer that makes one pulse, in
                                                    weights of a pulse: 1e-3 .. 1e6; default 1. Used
                                                    by RULE_TIKI_TAKA_2 */
    MEMQC_CROSSBAR_TIKI_TAKA_PAIRS = 2054,     /**< pulses up and down that bring the fast array to
                                                    its symmetry points before the first update,
                                                    which settles it: 0 .. 1e6; default 2000. Used
                                                    by RULE_TIKI_TAKA and _TIKI_TAKA_2 */
    MEMQC_CROSSBAR_READ_NOISE_SLOW = 2055,     /**< S, sd of slow read noise, correlated with
                                                    NOISE_PER_CELL: 0 .. 1e3; default: device's */
    /** Calibration vectors of memqc_crossbar_get_compensation(), 0 (default, off) .. 65536. */
    MEMQC_CROSSBAR_DRIFT_COMPENSATION = 2056
};

/** Values of #MEMQC_CROSSBAR_MAPPING. crossbar.h has the equations. @since 0.1, renumbered 0.3 */
enum {
    MEMQC_CROSSBAR_MAPPING_SINGLE = 2101,                /**< one cell a weight, affine over the
                                                              range of G: the paper's */
    MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL = 2102,          /**< a pair G+ - G-, one of them at G_MIN;
                                                              0 is exact without noise */
    MEMQC_CROSSBAR_MAPPING_REFERENCE = 2103,             /**< one cell a weight and a reference
                                                              column. @since 0.2 */
    MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED = 2104 /**< a pair G+ - G- about the middle of the
                                                              range. @since 0.2 */
};

/** Values of #MEMQC_CROSSBAR_NORMALIZATION. @since 0.1, renumbered 0.3 */
enum {
    MEMQC_CROSSBAR_NORMALIZATION_FIXED = 2111, /**< the scale is W_MAX */
    MEMQC_CROSSBAR_NORMALIZATION_ARRAY = 2112, /**< the scale is the largest magnitude of the
                                                    weights that memqc_crossbar_program() gets, or
                                                    their CLIP_PERCENTILE; 1 where all are 0 */
    MEMQC_CROSSBAR_NORMALIZATION_COLUMN = 2113 /**< each column has its own scale, from its own
                                                    weights */
};

/** Values of #MEMQC_CROSSBAR_SCHEME. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_CROSSBAR_SCHEME_BLIND = 2121, /**< open loop, as memqc_device_program(). A quantized cell
                                             is set and depressed to its level, or depressed alone
                                             where that leads there. A pulsed cell gets the pulses
                                             of the nominal model */
    MEMQC_CROSSBAR_SCHEME_VERIFY = 2122 /**< as BLIND; then each cell is read, with the read
                                             noise of the device. While it is out of tolerance and
                                             has pulses left, it is corrected: a quantized cell is
                                             set and depressed to its level again; a pulsed cell
                                             gets the pulses that the nominal model needs from the
                                             conductance that was read, one or more. The tolerance
                                             is about the nominal conductance of the level */
};

/** Values of #MEMQC_CROSSBAR_INPUT_CODING. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_CROSSBAR_CODING_ANALOG = 2131,       /**< one read, each line at the voltage of its
                                                    input */
    MEMQC_CROSSBAR_CODING_BIT_SERIAL = 2132,   /**< a read at READ_VOLTAGE for each bit; the results
                                                    are shifted and added digitally */
    MEMQC_CROSSBAR_CODING_BIT_PARALLEL = 2133, /**< one read. Each bit b of m drives its own rows,
                                                    which have equal conductances, at READ_VOLTAGE
                                                    2^b / (2^m - 1) */
    MEMQC_CROSSBAR_CODING_PULSE_WIDTH = 2134   /**< one read at READ_VOLTAGE for a time
                                                    proportional to the input; the charge is
                                                    converted */
};

/** Values of #MEMQC_CROSSBAR_INPUT_FORMAT. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_CROSSBAR_FORMAT_BIPOLAR = 2141,   /**< sign and magnitude, drivers of both polarities */
    MEMQC_CROSSBAR_FORMAT_TWO_PHASE = 2142, /**< sign and magnitude. Positive inputs are read first,
                                                 then negative ones; the results are subtracted
                                                 digitally */
    MEMQC_CROSSBAR_FORMAT_UNSIGNED = 2143   /**< no sign: negative inputs become 0 */
};

/** Values of #MEMQC_CROSSBAR_ADC_RANGE. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_CROSSBAR_RANGE_WORST_CASE = 2151, /**< ADC_FRACTION of the signal of all inputs at full
                                                 scale on cells at their nominal ends */
    MEMQC_CROSSBAR_RANGE_AMPERES = 2152,    /**< ADC_CURRENT */
    MEMQC_CROSSBAR_RANGE_CALIBRATED = 2153, /**< one range for each tile, from
                                                 memqc_crossbar_calibrate() */
    MEMQC_CROSSBAR_RANGE_PER_COLUMN = 2154  /**< one range for each input of an ADC, from
                                                 memqc_crossbar_calibrate() */
};

/** Values of #MEMQC_CROSSBAR_ADC_SENSES. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_CROSSBAR_SENSES_MAPPED = 2161,    /**< CURRENT with MAPPING_SINGLE, DIFFERENCE with the
                                                 others */
    MEMQC_CROSSBAR_SENSES_CURRENT = 2162,   /**< the current of each line of cells. The subtraction
                                                 is digital: with MAPPING_SINGLE, of the middle of
                                                 the range times the sum of the inputs; with pairs,
                                                 of the other line. MAPPING_REFERENCE subtracts
                                                 before the ADC, and its products refuse this
                                                 choice */
    MEMQC_CROSSBAR_SENSES_DIFFERENCE = 2163 /**< the difference of the two lines of a pair, of a
                                                 line and the reference column, or, with
                                                 MAPPING_SINGLE, of a line and a noiseless one of
                                                 cells at the middle of the range */
};

/** Values of #MEMQC_CROSSBAR_READ_NOISE_PATH. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_CROSSBAR_NOISE_PER_OUTPUT = 2171, /**< one normal draw an output, with the summed variance
                                                 of its cells. Cells of a device with
                                                 READ_NOISE_OCTAVES, whose noise lasts for several
                                                 reads, are PER_CELL nevertheless */
    MEMQC_CROSSBAR_NOISE_PER_CELL = 2172    /**< one draw a cell: the distribution of PER_OUTPUT,
                                                 much slower */
};

/** Values of #MEMQC_CROSSBAR_DRIVEN_ENDS and #MEMQC_CROSSBAR_SENSED_ENDS.
 *  @since 0.2, renumbered 0.3 */
enum {
    MEMQC_CROSSBAR_ENDS_FIRST = 2181, /**< at the first cell of the line */
    MEMQC_CROSSBAR_ENDS_LAST = 2182,  /**< at its last cell */
    MEMQC_CROSSBAR_ENDS_BOTH = 2183   /**< at both. Driven: equal voltages behind a driver each.
                                           Sensed: the currents of both ends are added */
};

/** Values of #MEMQC_CROSSBAR_WIRE_METHOD. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_CROSSBAR_METHOD_AUTO = 2191,   /**< MATRIX where the reads since the last change of a
                                              conductance, and those of this call, are 20 or
                                              more (docs/crossbar.md has the whole rule).
                                              ITERATE otherwise, and for nonlinear cells */
    MEMQC_CROSSBAR_METHOD_MATRIX = 2192, /**< products with effective conductances, which the
                                              first product computes */
    MEMQC_CROSSBAR_METHOD_ITERATE = 2193 /**< each vector is a circuit of its own */
};

/** Values of #MEMQC_CROSSBAR_RULE. A step is the difference of neighbouring weights. docs/rules.md
 *  compares the rules. @since 0.3 */
enum {
    MEMQC_CROSSBAR_RULE_NEAREST_LEVEL = 2201,   /**< a weight moves to the level nearest to its
                                                     nominal weight + alpha dw. Cells whose level
                                                     changes are programmed */
    MEMQC_CROSSBAR_RULE_STOCHASTIC = 2202,      /**< a weight moves to one of the two levels beside
                                                     its nominal weight + alpha dw, the nearer the
                                                     likelier: the mean step is exact */
    MEMQC_CROSSBAR_RULE_SIGN = 2203,            /**< a weight moves by one level in the direction of
                                                     alpha dw where |alpha dw| is above
                                                     SIGN_THRESHOLD steps */
    MEMQC_CROSSBAR_RULE_MIXED_PRECISION = 2204, /**< each weight has a digital accumulator of steps.
                                                     Where it reaches UPDATE_THRESHOLD steps, the
                                                     weight moves by its whole steps, and they are
                                                     subtracted from it (Nandakumar et al., Front.
                                                     Neurosci. 14 (2020) 406) */
    MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL = 2205, /**< as MIXED_PRECISION, on pairs whose cells are
                                                     only depressed; MAPPING is DIFFERENTIAL. A pair
                                                     that has no room left is refreshed to
                                                     REFRESH_LEVEL (after Bichler et al., IEEE
                                                     Trans. Electron Devices 59 (2012) 2206) */
    MEMQC_CROSSBAR_RULE_PULSE_TRAIN = 2206,     /**< stochastic pulse trains on word and bit lines,
                                                     sample by sample: a cell whose two lines fire
                                                     in a slot gets a pulse (Gokmen and Vlasov,
                                                     Front. Neurosci. 10 (2016) 333) */
    MEMQC_CROSSBAR_RULE_TIKI_TAKA = 2207,       /**< pulse trains on a fast array, whose rows are
                                                     read in turn and added to the array itself
                                                     (Gokmen and Haensch, Front. Neurosci. 14 (2020)
                                                     103) */
    MEMQC_CROSSBAR_RULE_TIKI_TAKA_2 = 2208      /**< as TIKI_TAKA, through a digital buffer that
                                                     passes whole pulses on (Gokmen, Front. Artif.
                                                     Intell. 4 (2021) 699148) */
};

/** Counters: memqc_crossbar_get_count(). All count since the array was created.
 *  @since 0.1, from REFRESHED on 0.2, renumbered 0.3 */
enum {
    MEMQC_CROSSBAR_COUNT_PROGRAMMED = 2301, /**< cells programmed; a changed pair may count two */
    MEMQC_CROSSBAR_COUNT_NEGATIVE = 2302,   /**< draws below zero, clamped or drawn again */
    MEMQC_CROSSBAR_COUNT_CLIPPED = 2303,    /**< programmed weights beyond the scale by half a level
                                                 or more, put to the end */
    MEMQC_CROSSBAR_COUNT_REFRESHED = 2304,  /**< pairs refreshed by RULE_ONE_DIRECTIONAL */

    /* Products */
    MEMQC_CROSSBAR_COUNT_SAMPLES = 2305,       /**< input vectors */
    MEMQC_CROSSBAR_COUNT_READS = 2306,         /**< reads of the array: phases times serial bits for
                                                    each vector */
    MEMQC_CROSSBAR_COUNT_DAC = 2307,           /**< conversions of inputs, one for each group of
                                                    columns that the input drives */
    MEMQC_CROSSBAR_COUNT_ADC = 2308,           /**< conversions of outputs */
    MEMQC_CROSSBAR_COUNT_INPUT_CLIPPED = 2309, /**< inputs beyond the range of the DAC by half a
                                                    step or more, put to the end */
    MEMQC_CROSSBAR_COUNT_SATURATED = 2310,     /**< inputs of ADCs beyond the last code by half a
                                                    step or more */
    MEMQC_CROSSBAR_COUNT_SATURATED_LAST = 2311 /**< inputs of ADCs beyond the last code, in the last
                                                    product alone */
};

/** Costs: memqc_crossbar_get_cost(). All are since the array was created; the cost of one call is
 *  the difference of two readings. @since 0.2, renumbered 0.3 */
enum {
    /* Programming */
    MEMQC_CROSSBAR_COST_SET = 2401,     /**< SET or potentiation pulses */
    MEMQC_CROSSBAR_COST_RESET = 2402,   /**< RESET or depression pulses */
    MEMQC_CROSSBAR_COST_TIME = 2403,    /**< s, one cell after the other */
    MEMQC_CROSSBAR_COST_ENERGY = 2404,  /**< J, in the cells */
    MEMQC_CROSSBAR_COST_LATENCY = 2405, /**< s, TIME / WRITE_PARALLEL */
    MEMQC_CROSSBAR_COST_AREA = 2406,    /**< m^2: cells of all planes and of the reference column,
                                             times CELL_AREA FEATURE^2 */

    /* Products */
    MEMQC_CROSSBAR_COST_READ_CELLS = 2407, /**< J, in the cells: the sum of V I t */
    MEMQC_CROSSBAR_COST_READ_DAC = 2408,   /**< J: DAC_ENERGY a conversion; 0 with ideal DACs */
    MEMQC_CROSSBAR_COST_READ_ADC = 2409,   /**< J: ADC_ENERGY 2^ADC_BITS a conversion; 0 with ideal
                                                ADCs */
    MEMQC_CROSSBAR_COST_READ_TIME = 2410   /**< s, one read after the other: READ_TIME, and ADC_TIME
                                                for each output that shares an ADC (0 with ideal
                                                ADCs). All tiles work at once */
};

/** Results of memqc_crossbar_get_report(), on the last call that programmed.
 *  @since 0.2, renumbered 0.3 */
enum {
    MEMQC_CROSSBAR_REPORT_CELLS = 2501,  /**< cells programmed, the reference column included */
    MEMQC_CROSSBAR_REPORT_SET = 2502,    /**< SET or potentiation pulses */
    MEMQC_CROSSBAR_REPORT_RESET = 2503,  /**< RESET or depression pulses */
    MEMQC_CROSSBAR_REPORT_TIME = 2504,   /**< s, one cell after the other */
    MEMQC_CROSSBAR_REPORT_ENERGY = 2505, /**< J */
    MEMQC_CROSSBAR_REPORT_READS = 2506,  /**< reads of cells under SCHEME_VERIFY */

    /* Errors of the cells that the call named: the present conductance minus the nominal
     * conductance of the level. The reference column does not count. An update names no cells. */
    MEMQC_CROSSBAR_REPORT_FAILED = 2507,     /**< cells out of the tolerance, under either scheme */
    MEMQC_CROSSBAR_REPORT_ERROR_MEAN = 2508, /**< S */
    MEMQC_CROSSBAR_REPORT_ERROR_SD = 2509,   /**< S, root of the mean square about the mean */
    MEMQC_CROSSBAR_REPORT_ERROR_MAX = 2510,  /**< S, largest magnitude */
    MEMQC_CROSSBAR_REPORT_ERROR_Q01 = 2511,  /**< S, quantile 1 % of signed errors, nearest rank */
    MEMQC_CROSSBAR_REPORT_ERROR_Q05 = 2512,  /**< S, 5 % */
    MEMQC_CROSSBAR_REPORT_ERROR_Q25 = 2513,  /**< S, 25 % */
    MEMQC_CROSSBAR_REPORT_ERROR_Q50 = 2514,  /**< S, the median */
    MEMQC_CROSSBAR_REPORT_ERROR_Q75 = 2515,  /**< S, 75 % */
    MEMQC_CROSSBAR_REPORT_ERROR_Q95 = 2516,  /**< S, 95 % */
    MEMQC_CROSSBAR_REPORT_ERROR_Q99 = 2517,  /**< S, 99 % */

    MEMQC_CROSSBAR_REPORT_MOVED = 2518,    /**< weights that an update moved to another level or, by
                                                pulse trains, gave pulses. @since 0.3 */
    MEMQC_CROSSBAR_REPORT_UNREACHED = 2519 /**< FAILED that no nominal pulses mend. @since 0.3 */
};

#endif
