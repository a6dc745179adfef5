/* SPDX-License-Identifier: BSD-3-Clause */
/* The paper's cell in the circuit of its Figures 2a to 2c: a voltage source with a current limit.
 *
 * The library's device is the atomic point contact, 16 to 0.5 G0: its SET, its RESET ramp, its
 * levels and their noise. The paper leaves this range at both ends, and both are factors on what
 * the device drew:
 *
 *   filament  A SET beyond SET_VOLTAGE goes on growing the contact, up to R_on at the end of the
 *             sweep, as long as the current stays below the limit.
 *   gap       A grown filament does not come down level by level: Joule heat breaks it at the first
 *             voltage of the ramp, and what is left conducts less than the last level, R_off.
 *
 * R_on, R_off and the voltages are the paper's. That growth is linear in the voltage, and that a
 * filament breaks at the first voltage of the ramp, is ours. */
#ifndef PAPER_CONTACT_H
#define PAPER_CONTACT_H

#include <memqc/memqc.h>

/* Ends of the loop in V, and what the paper read after each. */
#define LOOP_TOP 2.0
#define LOOP_BOTTOM (-1.5)
#define LOOP_R_ON 300.0
#define LOOP_R_OFF 35000.0

struct contact {
    const memqc_device *device; /* quantized; not owned */
    uint64_t cell, pulses;      /* its number; pulses that it had */
    float level, drawn;         /* state and conductance (S) of the library's cell */
    double factor;              /* of the conductance: filament above 1, gap below 1, contact 1 */
    double set_voltage;         /* V, of the device */
    double first_reset, end;    /* V, ends of its ramp */
    double thickest, thinnest;  /* factors that make R_on of the first level, R_off of the last */
};

/* A cell that was broken. */
memqc_status contact_begin(struct contact *contact, const memqc_device *device, uint64_t cell);

/* The source is at a voltage, with a limit of the current in A. */
memqc_status contact_expose(struct contact *contact, double volts, double limit);

/* S */
double contact_conductance(const struct contact *contact);

/* The current in A at a voltage. */
memqc_status contact_current(const struct contact *contact, double volts, double limit,
                             double *amps);

#endif
