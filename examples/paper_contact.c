/* SPDX-License-Identifier: BSD-3-Clause */
#include "paper_contact.h"

#include <math.h>
#include <stdlib.h>

/* The voltages of the device, and the conductances at the ends of its ladder. */
static memqc_status look_up(struct contact *contact, size_t *levels, double *first, double *last) {
    float *ramp = NULL;
    memqc_status status = memqc_device_levels(contact->device, levels);
    if (status == MEMQC_OK && (ramp = malloc(*levels * sizeof *ramp)) == NULL)
        status = MEMQC_ERROR_NOMEM;
    if (status == MEMQC_OK)
        status = memqc_device_ramp(contact->device, ramp);
    if (status == MEMQC_OK) {
        contact->first_reset = (double)ramp[0] + 1e-6; /* the device is as lenient */
        contact->end = (double)ramp[*levels - 1];
        status = memqc_device_get(contact->device, MEMQC_DEVICE_SET_VOLTAGE, &contact->set_voltage);
    }
    if (status == MEMQC_OK)
        status = memqc_device_level(contact->device, 1, first, NULL, NULL);
    if (status == MEMQC_OK)
        status = memqc_device_level(contact->device, (int32_t)*levels, last, NULL, NULL);
    free(ramp);
    return status;
}

/* A pulse of the library's device: it draws where the level changes. */
static memqc_status pulse(struct contact *contact, double volts) {
    return memqc_device_apply(contact->device, contact->cell, contact->pulses++, 1, volts,
                              &contact->level, &contact->drawn, NULL);
}

/* Broken from whatever level: the last level, less what the gap takes. */
static memqc_status break_up(struct contact *contact) {
    contact->factor = contact->thinnest;
    return pulse(contact, contact->end);
}

memqc_status contact_begin(struct contact *contact, const memqc_device *device, uint64_t cell) {
    size_t levels = 0;
    double first = 1.0, last = 1.0;
    *contact = (struct contact){.device = device, .cell = cell, .level = 1.0F};
    memqc_status status = look_up(contact, &levels, &first, &last);
    contact->thickest = 1.0 / (LOOP_R_ON * first);
    contact->thinnest = 1.0 / (LOOP_R_OFF * last);
    return status == MEMQC_OK ? break_up(contact) : status;
}

/* The filament grows with the voltage, and stops where its current reaches the limit: from there
 * on the source lowers the voltage of the cell. */
static memqc_status set(struct contact *contact, double volts, double limit) {
    if (contact->level > 1.0F) {
        memqc_status status = pulse(contact, volts);
        if (status != MEMQC_OK)
            return status;
        contact->factor = 1.0;
    }
    const double share =
        fmin((volts - contact->set_voltage) / (LOOP_TOP - contact->set_voltage), 1.0);
    const double grown = 1.0 + share * (contact->thickest - 1.0);
    const double allowed = limit / (volts * (double)contact->drawn);
    contact->factor = fmax(contact->factor, fmin(grown, allowed));
    return MEMQC_OK;
}

memqc_status contact_expose(struct contact *contact, double volts, double limit) {
    if (volts >= contact->set_voltage)
        return set(contact, volts, limit);
    if (volts > contact->first_reset || contact->factor < 1.0)
        return MEMQC_OK;
    return contact->factor > 1.0 ? break_up(contact) : pulse(contact, volts);
}

double contact_conductance(const struct contact *contact) {
    return (double)contact->drawn * contact->factor;
}

memqc_status contact_current(const struct contact *contact, double volts, double limit,
                             double *amps) {
    const float g = (float)contact_conductance(contact), voltage = (float)volts;
    float current = 0.0F;
    const memqc_status status = memqc_device_current(contact->device, 1, &g, &voltage, &current);
    *amps = fmax(-limit, fmin((double)current, limit));
    return status;
}
