/* SPDX-License-Identifier: BSD-3-Clause */
/** @file device.h
 *  Device models: stochastic generators of a memristor's conductance.
 *
 *  A device is a set of parameters and a seed. It holds no cells: what it draws is a pure function
 *  of (seed, cell, draw), and the caller, or a memqc_crossbar, keeps the states of the cells. What
 *  a *state* is depends on the model:
 *
 *  - #MEMQC_DEVICE_QUANTIZED, the paper's one-directional device: the state is the *level*, from 1
 *    (ON, highest conductance) to STATES (lowest). A level is the number of the RESET pulse that
 *    brought the cell there. The *conductance* is drawn on arrival at a level, with noise; it never
 *    feeds back into the level.
 *  - All others, the *pulsed* models: the state is the conductance, in siemens. A pulse moves it
 *    up or down by a step, with cycle-to-cycle noise, between the bounds of the cell. Levels 1 ..
 *    STATES are targets of programming, evenly spaced from G_MAX down to G_MIN.
 *
 *  **Cells** are numbered; functions work on n neighbouring cells, from number `cell` on, and
 *  cell + n <= 2^34. **Draws** are counted by the caller for each function: pass a `draw` that was
 *  never used for these cells. How cells are grouped into calls, and the order of the calls, does
 *  not matter.
 *
 *  Source of the quantized model: Chen et al., "Improving the Recognition Accuracy of Memristive
 *  Neural Networks via Homogenized Analog Type Conductance Quantization", Micromachines 2020, 11,
 *  427, Eq. (1) and Figures 2 to 4. docs/devices.md has equations, sources and plots of all models.
 */
#ifndef MEMQC_DEVICE_H
#define MEMQC_DEVICE_H

#include "device_keys.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A device: a model, its parameters and a seed. @since 0.1 */
typedef struct memqc_device memqc_device;

/* --- life --- */

/** New device of a model, every parameter at its initial value, seed 0.
 *  @param model  MEMQC_DEVICE_QUANTIZED .. MEMQC_DEVICE_JUMPS
 *  @param out    the device, to be given to memqc_device_destroy(); NULL on failure
 *  @return ARGUMENT (no such model), NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_device_create(int32_t model, memqc_device **out);

/** New device with the parameters of a published one.
 *
 *  "hfox-a" and "hfox-b" are the paper's samples with and without protrusion of the electrode;
 *  "ideal" is their staircase without noise. "ag-asi", "taox-hfox", "pcmo", "alox-hfo2" and
 *  "epiram" are the devices of MLP+NeuroSim. "rpu" is the constant-step device of Gokmen and Vlasov
 *  2016, "soft-bounds" the same with soft bounds. docs/devices.md has their numbers and sources.
 *  @return ARGUMENT (no such preset: the text lists them), NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_device_create_preset(const char *name, memqc_device **out);

/** Name of the index-th preset; NULL past the last one. @since 0.1 */
MEMQC_API const char *memqc_device_preset_name(size_t index);

/** Independent copy of a device. @return ARGUMENT, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_device_copy(const memqc_device *device, memqc_device **out);

/** Frees a device and sets the pointer to NULL. NULL and a pointer to NULL are fine. @since 0.1 */
MEMQC_API void memqc_device_destroy(memqc_device **device);

/** Sets the seed of every draw of this device. @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_device_set_seed(memqc_device *device, uint64_t seed);

/** Gets the seed. @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_device_get_seed(const memqc_device *device, uint64_t *seed);

/* --- parameters --- */

/** How many parameters devices have, over all models. @since 0.3 */
MEMQC_API size_t memqc_device_keys(void);

/** The index-th key; 0 past the last one. @since 0.3 */
MEMQC_API int32_t memqc_device_key_at(size_t index);

/** Finds a key by its name, such as "states". @return ARGUMENT (no such name)  @since 0.1 */
MEMQC_API memqc_status memqc_device_key(const char *name, int32_t *key);

/** A text about a key.
 *  @param what  MEMQC_KEY_NAME, _UNIT, _GROUP or _TEXT
 *  @return the text, static; NULL, with an error text, for a bad key or `what`  @since 0.3 */
MEMQC_API const char *memqc_device_key_text(int32_t key, int32_t what);

/** A number about a key.
 *  @param what  MEMQC_KEY_KIND .. MEMQC_KEY_SETTLED
 *  @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_device_key_value(int32_t key, int32_t what, double *value);

/** Name of a value of a key that is a choice, such as "soft-bounds" of #MEMQC_DEVICE_MODEL.
 *  @return the name, static; NULL, with an error text, where there is none  @since 0.3 */
MEMQC_API const char *memqc_device_choice_name(int32_t key, int32_t value);

/** Finds a value of a key that is a choice by its name. @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_device_choice(int32_t key, const char *name, int32_t *value);

/** Sets a parameter: memqc_device_set_many() with one key. @since 0.1 */
MEMQC_API memqc_status memqc_device_set(memqc_device *device, int32_t key, double value);

/** Gets a parameter: the value that was set, also where it has no effect now.
 *  #MEMQC_DEVICE_STEP of a quantized device follows from STATES.
 *  @return ARGUMENT (no such key)  @since 0.1 */
MEMQC_API memqc_status memqc_device_get(const memqc_device *device, int32_t key, double *value);

/** Sets several parameters, all or none. They are checked as a whole: their order does not matter.
 *
 *  #MEMQC_DEVICE_MODEL may be among them with the model that the device has. #MEMQC_DEVICE_STEP of
 *  a quantized device sets STATES: the window must be a whole number of steps, to 1e-6 of a step,
 *  and where STATES is set too, both must agree.
 *
 *  A parameter that would have no effect is refused, except in a set of all parameters (MODEL may
 *  be missing): there it is kept for when it has one. Thus all parameters of a device, read and set
 *  into a new one of its model, make the same device. Its seed, the nodes of a
 *  #MEMQC_DEVICE_TABLE and the tables of #MEMQC_DEVICE_JUMPS are not parameters.
 *  @param keys    n keys, each once
 *  @param values  n values
 *  @return ARGUMENT (no such key; a value that is NaN or out of range; parameters that do not fit
 *          together; a parameter that would have no effect), STATE (another model)  @since 0.3 */
MEMQC_API memqc_status memqc_device_set_many(memqc_device *device, size_t n, const int32_t *keys,
                                             const double *values);

/** Whether a parameter has an effect on this device now.
 *  @param flag  1 or 0
 *  @return ARGUMENT (no such key)  @since 0.3 */
MEMQC_API memqc_status memqc_device_uses(const memqc_device *device, int32_t key, int32_t *flag);

/** Where the device leaves what its model is known to hold for. It works there all the same: its
 *  numbers are extrapolated. The limits of quantization, section 3 of the paper, are those of the
 *  quantized model under the laws PRINTED, LINEAR and MEASURED; other laws come from measurements
 *  of their own.
 *  @param room      elements of warnings; 0 asks for n alone
 *  @param warnings  MEMQC_DEVICE_WARNING_...; may be NULL with room 0
 *  @param n         how many there are; set also where the room is too little
 *  @return ARGUMENT (too little room)  @since 0.3 */
MEMQC_API memqc_status memqc_device_warnings(const memqc_device *device, size_t room,
                                             int32_t *warnings, size_t *n);

/** What a warning means, such as "a level above 16 G0, where states go missing"; NULL for any other
 *  number. @since 0.3 */
MEMQC_API const char *memqc_device_warning_text(int32_t warning);

/** Sets the nodes of a #MEMQC_DEVICE_TABLE device: the step of one pulse as a function of the
 *  conductance before it, linear between nodes and constant beyond the first and the last. A new
 *  device has a constant step of 0.5 G0 in both directions.
 *  @param direction  1 potentiation, -1 depression
 *  @param n          nodes, 1 .. #MEMQC_DEVICE_TABLE_NODES
 *  @param g          S, n conductances, 0 or more, rising
 *  @param step       S, n steps, 0 or more
 *  @return ARGUMENT (another model; direction, n, order), DATA (NaN, infinity, a negative value)
 *  @since 0.2 */
MEMQC_API memqc_status memqc_device_set_table(memqc_device *device, int32_t direction, size_t n,
                                              const float *g, const float *step);

/** Gets the nodes of a #MEMQC_DEVICE_TABLE device.
 *  @param room  elements of g and of step; 0 asks for n alone
 *  @param g     S, n conductances; may be NULL
 *  @param step  S, n steps; may be NULL
 *  @param n     how many nodes there are; set also where the room is too little
 *  @return ARGUMENT (another model; direction; room)  @since 0.2 */
MEMQC_API memqc_status memqc_device_get_table(const memqc_device *device, int32_t direction,
                                              size_t room, float *g, float *step, size_t *n);

/* --- levels --- */

/** Number of levels, the value of #MEMQC_DEVICE_STATES. Use it to size arrays. @return ARGUMENT
 *  @since 0.3 */
MEMQC_API memqc_status memqc_device_levels(const memqc_device *device, size_t *n);

/** Closed-form statistics of programming a cell to a level. Draws below zero are included as
 *  #MEMQC_DEVICE_BELOW_ZERO treats them.
 *
 *  Pulsed: programming starts at G_MIN. The mean is the course without noise, and the sd is carried
 *  along it to first order. Bounds do not cut this noise: where a train's noise reaches a bound,
 *  such as near G_MAX, draws have another mean and sd.
 *  @param level    1 .. STATES
 *  @param nominal  S, conductance that the level means; may be NULL
 *  @param mean     S, expectation; may be NULL
 *  @param sd       S, standard deviation; may be NULL
 *  @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_device_level(const memqc_device *device, int32_t level,
                                          double *nominal, double *mean, double *sd);

/** The level whose nominal conductance is nearest, for each of n conductances. Half way between two
 *  levels, l - 1 is even.
 *  @param g       S, n values; outside G_MIN .. G_MAX the nearer end is taken
 *  @param levels  n levels, 1 .. STATES
 *  @return ARGUMENT, DATA (NaN in g)  @since 0.1 */
MEMQC_API memqc_status memqc_device_nearest(const memqc_device *device, size_t n, const float *g,
                                            int32_t *levels);

/* --- cells programmed from nothing --- */

/** Programs n cells once: one conductance each. Pulsed cells start at G_MIN.
 *  @param draw      number of this programming; pulsed models: below 2^40
 *  @param levels    n levels, 1 .. STATES
 *  @param g         S, n conductances
 *  @param negative  how many draws were below zero; may be NULL
 *  @return ARGUMENT (the text names the first bad level; g may be written up to it), NOMEM
 *  @since 0.1 */
MEMQC_API memqc_status memqc_device_draw(const memqc_device *device, uint64_t cell, uint64_t draw,
                                         size_t n, const int32_t *levels, float *g,
                                         uint64_t *negative);

/** Programs each of a number of cells to each of a number of levels: g[i * ldg + j] is what
 *  memqc_device_draw() gives for cell + i at levels[j] and draw + j.
 *  @param levels  n_levels levels
 *  @param g       S, cells x n_levels, leading dimension ldg
 *  @return ARGUMENT, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_device_draw_levels(const memqc_device *device, uint64_t cell,
                                                uint64_t draw, size_t cells, size_t n_levels,
                                                const int32_t *levels, float *g, size_t ldg);

/** The repeated staircase of one cell, the paper's Figures 3 and 4: in each cycle, levels 1 ..
 *  STATES one after the other. Cycle c, level l takes draw + c STATES + l - 1.
 *  @param g         S, cycles x STATES, leading dimension ldg
 *  @param negative  how many draws were below zero; may be NULL
 *  @return ARGUMENT, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_device_staircase(const memqc_device *device, uint64_t cell,
                                              uint64_t draw, size_t cycles, float *g, size_t ldg,
                                              uint64_t *negative);

/** Voltage of the RESET pulse that leads to each level of a quantized device. The paper's ramp has
 *  13 pulses from -0.60 V to -0.84 V and 19 more to -1.60 V; between pulses it is linear.
 *  @param volts  V, STATES values
 *  @return ARGUMENT (a pulsed model)  @since 0.1 */
MEMQC_API memqc_status memqc_device_ramp(const memqc_device *device, float *volts);

/** The values that n cells have of a parameter that varies from cell to cell.
 *  @param key     G_MAX, G_MIN, SIGMA (quantized), STEP (pulsed), ASYMMETRY, SLOPE_..., GAMMA_...,
 *                 POWER_..., NL_..., C2C_..., RTN_TIME_HIGH, RTN_TIME_LOW or DRIFT_NU, where the
 *                 model uses it. Without a trap, RTN_TIME_HIGH is infinite and RTN_TIME_LOW 0
 *  @param values  n values, in the unit of the key
 *  @return ARGUMENT (a key that no cell has of its own)  @since 0.2 */
MEMQC_API memqc_status memqc_device_cells(const memqc_device *device, int32_t key, uint64_t cell,
                                          size_t n, float *values);

/** The noise-free course of a train of pulses, computed in double precision from the nominal
 *  parameters. Quantized: the nominal conductances of the levels.
 *  @param direction  1 potentiation (SET), -1 depression (RESET)
 *  @param start      S, conductance before the first pulse; outside the window its end is taken
 *  @param g          S, conductance after each of n pulses
 *  @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_device_response(const memqc_device *device, int32_t direction,
                                             double start, size_t n, float *g);

/* --- pulses on cells whose states the caller keeps --- */

/** Applies the same number of pulses to each of n cells. Pulse p has the noise of (seed, cell,
 *  draw + p): p pulses at draw and q more at draw + p are p + q pulses at draw.
 *
 *  Quantized: a negative number of RESET pulses leads to the next levels, at the last one without
 *  effect; one SET or more leads to level 1. Where the level changes, its conductance is drawn.
 *  @param draw    how many pulses these cells have had
 *  @param pulses  above 0 potentiation (SET), below 0 depression (RESET)
 *  @param state   n states, changed: conductances in S; quantized: levels
 *  @param g       S, n conductances; of the quantized model changed where the level changes; may be
 *                 NULL
 *  @param cost    #MEMQC_DEVICE_COSTS sums to add to; may be NULL
 *  @return ARGUMENT, DATA (a state that is NaN, negative, or no level: nothing is pulsed)
 *  @since 0.2 */
MEMQC_API memqc_status memqc_device_pulse(const memqc_device *device, uint64_t cell, uint64_t draw,
                                          size_t n, int32_t pulses, float *state, float *g,
                                          double *cost);

/** memqc_device_pulse() with a number of pulses for each cell, of either sign or 0. @since 0.2 */
MEMQC_API memqc_status memqc_device_pulse_each(const memqc_device *device, uint64_t cell,
                                               uint64_t draw, size_t n, const int32_t *pulses,
                                               float *state, float *g, double *cost);

/** Programs n cells from their states to levels, without reading them back.
 *
 *  Quantized: a lower conductance takes a RESET pulse for each level; a higher one takes a SET and
 *  the RESET pulses from level 1 down; the same level takes nothing. Pulsed: as many pulses, 16 384
 *  at most, as bring the nominal, noise-free model nearest to the level's conductance. Where steps
 *  shrink, pulses end when all others together would move it by less than 1e-3 of a level. Where
 *  one pulse crosses more than a quarter of the window, and than the spacing of levels, pulses may
 *  go beyond the level and come back by those of the other direction.
 *  @param draw    number of this programming, below 2^40
 *  @param levels  n levels, 1 .. STATES
 *  @param state, g, cost  as in memqc_device_pulse()
 *  @return ARGUMENT, DATA, NOMEM; nothing is programmed then  @since 0.2 */
MEMQC_API memqc_status memqc_device_program(const memqc_device *device, uint64_t cell,
                                            uint64_t draw, size_t n, const int32_t *levels,
                                            float *state, float *g, double *cost);

/** Applies one voltage pulse to n cells.
 *
 *  Quantized: a pulse of SET_VOLTAGE or more sets the cell to level 1. A negative pulse leads to
 *  the last level whose voltage on the ramp it reaches, within 1 uV. A cell that is at this level
 *  or beyond it stays. Pulsed: a pulse of SET_VOLTAGE or more potentiates once; a pulse of
 *  RESET_VOLTAGE or less depresses once. Other voltages change nothing.
 *
 *  A pulse that is not 0 V counts as SET (above 0) or RESET, takes PULSE_TIME, and costs energy at
 *  its own voltage.
 *  @param draw   how many pulses these cells have had
 *  @param volts  V, finite
 *  @param state, g, cost  as in memqc_device_pulse()
 *  @return ARGUMENT (volts), DATA (a bad state: nothing is pulsed)  @since 0.2 */
MEMQC_API memqc_status memqc_device_apply(const memqc_device *device, uint64_t cell, uint64_t draw,
                                          size_t n, double volts, float *state, float *g,
                                          double *cost);

/* --- files --- */

/** Saves a device to a file: model, seed, parameters, the table of TABLE, and what
 *  memqc_device_fit() found out. The file is the same on every machine. After a failure, a file
 *  that was there before still has its old content.
 *  @return ARGUMENT, NOMEM, IO  @since 0.3 */
MEMQC_API memqc_status memqc_device_save(const memqc_device *device, const char *path);

/** New device from a file. It draws what the saved one draws, to the last bit.
 *  @return ARGUMENT, NOMEM, IO, FORMAT (truncated, altered, foreign, or of another version)
 *          @since 0.3 */
MEMQC_API memqc_status memqc_device_load(const char *path, memqc_device **out);

/** Writes the bytes of memqc_device_save() to memory.
 *  @param data  room for the bytes; NULL with room 0 asks for the size alone
 *  @param room  how many bytes there is room for
 *  @param size  becomes how many bytes there are, also where the room is too small
 *  @return ARGUMENT (the room is too small), NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_device_save_memory(const memqc_device *device, void *data, size_t room,
                                                size_t *size);

/** New device from the bytes of memqc_device_save_memory(), or of a file.
 *  @return ARGUMENT, NOMEM, FORMAT (truncated, altered, foreign, or of another version)
 *          @since 0.3 */
MEMQC_API memqc_status memqc_device_load_memory(const void *data, size_t size, memqc_device **out);

#ifdef __cplusplus
}
#endif

#endif
