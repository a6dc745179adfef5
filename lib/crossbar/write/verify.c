/* SPDX-License-Identifier: BSD-3-Clause */
/* Write and verify. */
#include "crossbar/array/array.h"
#include "crossbar/cells/counts.h"
#include "crossbar/cells/picked.h"
#include "crossbar/write/verify.h"
#include "device/effects/read.h"

#include <math.h>

/* Reads that verify are numbered by the programming before them, apart from the reads of products.
 * */
static const uint64_t verifying = UINT64_C(1) << 62;

/* How far a cell may be off: a part of the way to the next level, or the window where that is wider. */
static double tolerance_of(double part, double spacing, double window) {
    return part * spacing > window ? part * spacing : window;
}

double mqc_crossbar_tolerance(const memqc_crossbar *xb, double level) {
    return tolerance_of(mqc_crossbar_value(xb, MEMQC_CROSSBAR_VERIFY_TOLERANCE),
                        mqc_device_spacing(xb->device, level),
                        mqc_crossbar_value(xb, MEMQC_CROSSBAR_VERIFY_WINDOW));
}

/* Reads the cells, with the device's noise. */
static void read_back(memqc_crossbar *xb, const struct mqc_plane *plane, struct mqc_picked *p) {
    const struct mqc_draws where = {xb->seed, 0, 0, p->cells, p->draws};
    mqc_picked_get(plane, p);
    for (size_t i = 0; i < p->n; i++)
        p->draws[i] = verifying + mqc_counts_of(&plane->count, p->at[i]);
    mqc_device_read_cells(xb->device, &where, p->n, p->g);
    xb->account.reads += p->n;
}

/* Leaves those of the picked cells that are out of the tolerance, and says how many pulses each may
 * still get. */
static void keep_off(const memqc_crossbar *xb, struct mqc_picked *p, float *spent, double *most) {
    const double budget = mqc_crossbar_value(xb, MEMQC_CROSSBAR_VERIFY_PULSES),
                 part = mqc_crossbar_value(xb, MEMQC_CROSSBAR_VERIFY_TOLERANCE),
                 window = mqc_crossbar_value(xb, MEMQC_CROSSBAR_VERIFY_WINDOW);
    const double *const target = xb->cells.lookup.target, *const spacing = xb->cells.lookup.spacing;
    size_t m = 0;
    for (size_t i = 0; i < p->n; i++) {
        const size_t level = (size_t)p->to[i] - 1;
        const size_t fails =
            fabs((double)p->g[i] - target[level]) > tolerance_of(part, spacing[level], window);
        p->cells[m] = p->cells[i];
        p->to[m] = p->to[i];
        p->at[m] = p->at[i];
        p->g[m] = p->g[i];
        most[m] = budget - (double)spent[i];
        spent[m] = spent[i];
        m += fails;
    }
    p->n = m;
    p->neighbours = 0;
}

/* Leaves those that are out of the tolerance and have pulses left, with what they are to get. */
static void keep_failing(memqc_crossbar *xb, struct mqc_plane *plane, struct mqc_picked *p,
                         float *spent, int32_t *pulses) {
    double most[MQC_CHUNK];
    size_t m = 0;
    read_back(xb, plane, p);
    keep_off(xb, p, spent, most);
    xb->device->ops->correction(xb->device, &xb->cells.lookup, p->n, p->g, p->to, most, pulses);
    for (size_t i = 0; i < p->n; i++) {
        if (pulses[i] == 0)
            continue;
        pulses[m] = pulses[i];
        spent[m] = spent[i] + fabsf((float)pulses[i]);
        p->cells[m] = p->cells[i];
        p->draws[m] = mqc_counts_up(&plane->count, p->at[i]);
        p->from[m] = p->to[m] = p->to[i]; /* again */
        p->at[m++] = p->at[i];
    }
    p->n = m;
}

void mqc_picked_verify(memqc_crossbar *xb, struct mqc_plane *plane, struct mqc_picked *p,
                       float *spent) {
    int32_t pulses[MQC_CHUNK];
    for (keep_failing(xb, plane, p, spent, pulses); p->n;
         keep_failing(xb, plane, p, spent, pulses)) {
        struct mqc_cell_arrays own;
        const struct mqc_draws where = {xb->seed, 0, 0, p->cells, p->draws};
        const struct mqc_cell_set set = {
            &where, mqc_picked_own(plane, p, &own), p->n, NULL, p->g, xb->account.cost};
        if (mqc_device_state_is_g(xb->device))
            mqc_picked_get(plane, p); /* without the noise of the read */
        mqc_crossbar_count_up(
            xb, MEMQC_CROSSBAR_COUNT_NEGATIVE,
            xb->device->ops->correct(xb->device, &xb->cells.lookup, &set, p->to, pulses));
        mqc_picked_put(xb, plane, p);
    }
}
