/* SPDX-License-Identifier: BSD-3-Clause */
/** @file device_effects.h
 *  What happens to cells after programming: noise of reads, telegraph noise, ageing, cells that are
 *  stuck, and the currents that voltages drive. Conductances are 0 .. 1e6 S. Input and output may
 *  be one array.
 */
#ifndef MEMQC_DEVICE_EFFECTS_H
#define MEMQC_DEVICE_EFFECTS_H

#include "device.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Reads cells: G + sd f, f = N(0, 1), sd^2 = READ_NOISE^2 + (READ_NOISE_RELATIVE G)^2; a negative
 *  result becomes 0.
 *
 *  With READ_NOISE_OCTAVES = k, f is the sum of k + 1 normal numbers over sqrt(k + 1). The j-th of
 *  them is drawn anew where draw / 2^j is whole. READ_NOISE_SLOW adds a normal number of its own
 *  whose correlation over k reads is READ_NOISE_CORRELATION^k.
 *  @param draw  number of this read
 *  @param g     S, n conductances
 *  @param out   S, n results
 *  @return ARGUMENT, DATA (a conductance out of range: nothing is read)  @since 0.2 */
MEMQC_API memqc_status memqc_device_read(const memqc_device *device, uint64_t cell, uint64_t draw,
                                         size_t n, const float *g, float *out);

/** First states of telegraph-noise traps: full with probability RTN_TIME_LOW / (RTN_TIME_HIGH +
 *  RTN_TIME_LOW), at the times of the cell. A cell without a trap has one that is always empty.
 *  @param draw   number of this beginning
 *  @param traps  n states: 0 empty, 1 full
 *  @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_device_telegraph_begin(const memqc_device *device, uint64_t cell,
                                                    uint64_t draw, size_t n, int32_t *traps);

/** Lets time pass for traps: a Markov process of two states, exact for any time.
 *  @param draw     number of this step
 *  @param seconds  s, 0 .. 1e30
 *  @param traps    n states, 0 or 1, changed
 *  @return ARGUMENT, DATA (a state that is neither 0 nor 1: nothing is changed)  @since 0.2 */
MEMQC_API memqc_status memqc_device_telegraph_advance(const memqc_device *device, uint64_t cell,
                                                      uint64_t draw, double seconds, size_t n,
                                                      int32_t *traps);

/** Conductances with traps: G, or G (1 - RTN_AMPLITUDE) where the trap is full.
 *  @param traps  n states, 0 or 1
 *  @param g      S, n conductances
 *  @param out    S, n results
 *  @return ARGUMENT, DATA  @since 0.2 */
MEMQC_API memqc_status memqc_device_telegraph_read(const memqc_device *device, size_t n,
                                                   const int32_t *traps, const float *g,
                                                   float *out);

/** Ages programmed conductances, by cycles and time:
 *
 *      endurance   G1 = c + (1 + cycles / ENDURANCE_CYCLES)^(-ENDURANCE_EXPONENT) (G0 - c)
 *      relaxation  G2 = G1 + RELAXATION (RELAXATION_G - G1) (1 - e^-s) + sd f, at least 0
 *      drift       G3 = G2 ((t + LAST_READ) / DRIFT_T0)^-nu from DRIFT_T0 on, at most 9e29 G2
 *      flicker     G4 = G3 (1 + sd' f'), at least 0: see #MEMQC_DEVICE_FLICKER and _DRAWN
 *
 *  c is the centre of the cell's window, #MEMQC_DEVICE_ENDURANCE_CENTRE. s = t / RELAXATION_TIME
 *  and sd = RELAXATION_SD sqrt(1 - e^-2s). f, f' = N(0, 1) belong to (cell, draw), so that a
 *  cell relaxes along a smooth curve. nu belongs to the cell, and may depend on G2. t is
 *  `seconds`, scaled by #MEMQC_DEVICE_TEMPERATURE.
 *  @param draw     number of the programming
 *  @param seconds  s since the programming, 0 .. 1e30
 *  @param cycles   programmings before this one, 0 .. 1e30
 *  @param g0       S, n conductances as programmed
 *  @param g        S, n results
 *  @return ARGUMENT, DATA  @since 0.2 */
MEMQC_API memqc_status memqc_device_age(const memqc_device *device, uint64_t cell, uint64_t draw,
                                        double seconds, double cycles, size_t n, const float *g0,
                                        float *g);

/** Flicker that is drawn in each read, under #MEMQC_DEVICE_FLICKER_PER_READ: g (1 + sd f), at least
 *  0, f = N(0, 1) of (cell, draw), sd = min(FLICKER / x^FLICKER_POWER, FLICKER_MAX) sqrt(ln((t +
 *  LAST_READ + FLICKER_TIME) / (2 FLICKER_TIME))), x = g2 / G_MAX.
 *  @param draw     number of this read
 *  @param seconds  t, s since the programming, 0 .. 1e30
 *  @param g2       S, n conductances on which drift acts: those as programmed where nothing wears
 *                  or relaxes
 *  @param g        S, n conductances of memqc_device_age(), changed
 *  @return ARGUMENT, DATA (a conductance out of range: nothing is changed), STATE (FLICKER_DRAWN is
 *          PER_PROGRAMMING: memqc_device_age() has it)  @since 0.3 */
MEMQC_API memqc_status memqc_device_flicker(const memqc_device *device, uint64_t cell,
                                            uint64_t draw, double seconds, size_t n,
                                            const float *g2, float *g);

/** Which cells are stuck for life, with the probabilities STUCK_ON, STUCK_OFF and STUCK_ANYWHERE.
 *  @param kinds  n of MEMQC_DEVICE_FAULT_...; may be NULL
 *  @param g      S, n conductances, changed where the cell is stuck; may be NULL, but not both
 *  @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_device_faults(const memqc_device *device, uint64_t cell, size_t n,
                                           int32_t *kinds, float *g);

/** Currents: I = G V_r sinh(a V) / sinh(a V_r), where a = IV_NONLINEARITY and V_r = READ_VOLTAGE;
 *  I = G V where a is 0.
 *  @param g      S, n conductances
 *  @param volts  V, n voltages, finite, at most 80 / a in magnitude
 *  @param amps   A, n currents
 *  @return ARGUMENT, DATA  @since 0.2 */
MEMQC_API memqc_status memqc_device_current(const memqc_device *device, size_t n, const float *g,
                                            const float *volts, float *amps);

#ifdef __cplusplus
}
#endif

#endif
