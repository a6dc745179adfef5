/* SPDX-License-Identifier: BSD-3-Clause */
/* Write and verify. */
#include "crossbar/array/array.h"
#include "crossbar/cells/picked.h"
#include "crossbar/write/verify.h"
#include "device/effects/effects.h"

#include <math.h>

/* Reads that verify are numbered by the programming before them, apart from the reads of products.
 * */
static const uint64_t verifying = UINT64_C(1) << 62;

double mqc_crossbar_tolerance(const memqc_crossbar *xb) {
    return fmax(xb->value[MEMQC_CROSSBAR_VERIFY_TOLERANCE] * mqc_device_step(xb->device),
                xb->value[MEMQC_CROSSBAR_VERIFY_WINDOW]);
}

/* Pulses, of either sign, that correct a pulsed cell: one at least. */
static int32_t correction(const memqc_crossbar *xb, double g, double target, double left) {
    const int32_t pulses = mqc_lookup_pulses(&xb->cells.lookup, g, target);
    if (pulses == 0)
        return g < target ? 1 : -1;
    return fabs((double)pulses) <= left ? pulses : pulses < 0 ? -(int32_t)left : (int32_t)left;
}

/* Reads the cells, with the device's noise. */
static void read_back(memqc_crossbar *xb, const struct mqc_plane *plane, struct mqc_picked *p) {
    const struct mqc_draws where = {xb->seed, 0, 0, p->cells, p->draws};
    mqc_picked_get(plane, p);
    for (size_t i = 0; i < p->n; i++)
        p->draws[i] = verifying + plane->count[p->at[i]];
    mqc_device_read_cells(xb->device, &where, p->n, p->g);
    xb->account.reads += p->n;
}

/* Leaves those of the picked cells that are out of the tolerance and have pulses left, with what
 * they are to get. */
static void keep_failing(memqc_crossbar *xb, const struct mqc_plane *plane, struct mqc_picked *p,
                         float *spent, int32_t *pulses) {
    const double tolerance = mqc_crossbar_tolerance(xb),
                 budget = xb->value[MEMQC_CROSSBAR_VERIFY_PULSES];
    const int pulsed = xb->device->ops->pulsed;
    size_t m = 0;
    read_back(xb, plane, p);
    for (size_t i = 0; i < p->n; i++) {
        const double g = (double)p->g[i], target = mqc_device_level_g(xb->device, (double)p->to[i]);
        const double left = budget - (double)spent[i];
        if (fabs(g - target) <= tolerance || left < (pulsed ? 1 : (double)p->to[i]))
            continue;
        pulses[m] = pulsed ? correction(xb, g, target, left) : (int32_t)p->to[i];
        spent[m] = spent[i] + fabsf((float)pulses[m]);
        p->cells[m] = p->cells[i];
        p->draws[m] = plane->count[p->at[i]]++;
        p->from[m] = p->to[m] = p->to[i]; /* again */
        p->at[m++] = p->at[i];
    }
    p->n = m;
}

/* Corrections of pulsed cells are programmings of their own: their pulses are numbered as those
 * are. */
static void pulse_again(memqc_crossbar *xb, struct mqc_plane *plane, struct mqc_picked *p,
                        const int32_t *pulses) {
    struct mqc_cell_arrays own;
    const struct mqc_draws where = {xb->seed, 0, 0, p->cells, p->draws};
    for (size_t i = 0; i < p->n; i++)
        p->draws[i] <<= 20;
    mqc_picked_get(plane, p);
    mqc_device_pulse_cells(xb->device, &where, MQC_STREAM_ATTEMPT(MQC_STREAM_PULSE, 1),
                           mqc_picked_own(plane, p, &own), p->n, 0, pulses, p->g, NULL,
                           xb->account.cost);
}

void mqc_picked_verify(memqc_crossbar *xb, struct mqc_plane *plane, struct mqc_picked *p,
                       float *spent) {
    int32_t pulses[MQC_CHUNK];
    for (keep_failing(xb, plane, p, spent, pulses); p->n;
         keep_failing(xb, plane, p, spent, pulses)) {
        if (xb->device->ops->pulsed) {
            pulse_again(xb, plane, p, pulses);
        } else {
            struct mqc_cell_arrays own;
            const struct mqc_draws where = {xb->seed, 0, 0, p->cells, p->draws};
            xb->account.counter[MEMQC_CROSSBAR_COUNT_NEGATIVE] += xb->device->ops->draw(
                xb->device, &where, mqc_picked_own(plane, p, &own), p->n, p->to, p->g);
            mqc_picked_charge(xb, p);
        }
        mqc_picked_put(xb, plane, p);
    }
}
