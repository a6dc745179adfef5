/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulses on quantized cells. A positive pulse sets a cell to level 1, a negative one leads to the
 * next level down the ramp of RESET voltages. A cell gets a new conductance when its level changes
 * or is written again, drawn at the number of the pulse that led there. */
#include "device/models/quantized_pulses.h"
#include "core/alloc.h"
#include "core/error.h"
#include "device/models/costs.h"
#include "device/models/lookup.h"
#include "device/models/quantized_draw.h"

#include <math.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

static double reset_energy(const memqc_device *d, double from, double to) {
    double sum = 0;
    for (double level = from + 1; level <= to; level++)
        sum += mqc_level_energy(d, level);
    return sum;
}

memqc_status mqc_quantized_look_up(const memqc_device *d, struct mqc_lookup *lookup) {
    const size_t states = (size_t)mqc_device_states(d);
    MQC_TRY(mqc_lookup_levels(d, lookup));
    lookup->reset_energy = mqc_alloc(states + 1, sizeof *lookup->reset_energy);
    lookup->leave_energy = mqc_alloc(2 * (states + 1), sizeof *lookup->leave_energy);
    if (!lookup->reset_energy || !lookup->leave_energy) {
        mqc_lookup_free(lookup);
        return MEMQC_ERROR_NOMEM;
    }
    for (size_t level = 1; level <= states; level++) {
        if (level > 1)
            lookup->reset_energy[level] =
                lookup->reset_energy[level - 1] + mqc_level_energy(d, (double)level);
        lookup->leave_energy[level] = -lookup->reset_energy[level];
        lookup->leave_energy[states + 1 + level] = mqc_set_energy(d, (double)level);
    }
    return MEMQC_OK;
}

/* --- draws --- */

uint64_t mqc_quantized_draw_cells(const memqc_device *d, const struct mqc_lookup *lookup,
                                  const struct mqc_cell_set *set, const float *states) {
    (void)lookup;
    return mqc_quantized_draw(d, set->where, 1, set->own, set->n, states, set->g);
}

uint64_t mqc_quantized_draw_in_cycles(const memqc_device *d, const struct mqc_cell_set *set,
                                      uint64_t stride, const float *states) {
    return mqc_quantized_draw(d, set->where, stride, set->own, set->n, states, set->g);
}

/* Cells that need a new conductance, picked out of a set. */
struct picked {
    size_t n;
    uint64_t cells[CHUNK], draws[CHUNK];
    float states[CHUNK], own[3][CHUNK];
    uint32_t at[CHUNK];
};

static void pick(struct picked *p, const struct mqc_cell_set *set, size_t i, uint64_t later,
                 float state) {
    const struct mqc_draws *where = set->where;
    p->cells[p->n] = where->cells ? where->cells[i] : where->cell + i;
    p->draws[p->n] = (where->cells ? where->draws[i] : where->draw) + later;
    p->states[p->n] = state;
    p->at[p->n] = (uint32_t)i;
    if (set->own) {
        p->own[0][p->n] = set->own->lo[i];
        p->own[1][p->n] = set->own->hi[i];
        p->own[2][p->n] = set->own->noise[i];
    }
    p->n++;
}

static uint64_t draw_picked(const memqc_device *d, struct picked *p,
                            const struct mqc_cell_set *set) {
    float drawn[CHUNK];
    if (!set->g || !p->n)
        return 0;
    const struct mqc_draws where = {set->where->seed, 0, 0, p->cells, p->draws};
    const struct mqc_cell_arrays own = {p->own[0], p->own[1], NULL, NULL, NULL, NULL, p->own[2]};
    const uint64_t below =
        mqc_quantized_draw(d, &where, 1, set->own ? &own : NULL, p->n, p->states, drawn);
    for (size_t i = 0; i < p->n; i++)
        set->g[p->at[i]] = drawn[i];
    return below;
}

/* --- programming --- */

uint64_t mqc_quantized_program(const memqc_device *d, const struct mqc_lookup *lookup,
                               const struct mqc_cell_set *set, const float *levels, int force) {
    const double *sum = lookup->reset_energy;
    struct picked p;
    p.n = 0;
    for (size_t i = 0; i < set->n; i++) {
        const double from = (double)set->state[i], to = (double)levels[i];
        if (to == from && !force)
            continue;
        if (to > from)
            mqc_pulse_charge(d, 0, to - from, sum[(size_t)to] - sum[(size_t)from], set->cost);
        else
            mqc_pulse_charge(d, 1, to - 1, mqc_set_energy(d, from) + sum[(size_t)to], set->cost);
        set->state[i] = levels[i];
        pick(&p, set, i, 0, levels[i]);
    }
    return draw_picked(d, &p, set);
}

/* Up the staircase one RESET a level; to a higher conductance, and to the level that the cell is at, a
 * SET to level 1 comes first. Without branches, which nothing could foretell: the energy of the way is
 * that up to the new level, and one of two tables for the old one. Tells how many
 * pulses each cell gets. */
static void charge_writes(const memqc_device *d, const struct mqc_lookup *lookup, size_t n,
                          const float *from_levels, const float *to_levels, float *pulses,
                          double *cost) {
    const double *const reset = lookup->reset_energy, *const leave = lookup->leave_energy;
    const int32_t states = (int32_t)mqc_device_states(d);
    int64_t sets = 0, resets = 0;
    double energy = 0;
    for (size_t i = 0; i < n; i++) {
        const int32_t from = (int32_t)from_levels[i], to = (int32_t)to_levels[i], set = to <= from;
        energy += reset[to] + leave[from + set * (states + 1)];
        sets += set;
        resets += to - from + set * (from - 1);
        pulses[i] = (float)(to - from + set * from);
    }
    mqc_pulse_charge(d, (double)sets, (double)resets, energy, cost);
}

uint64_t mqc_quantized_write(const memqc_device *d, const struct mqc_lookup *lookup,
                             const struct mqc_cell_set *set, const float *from, const float *to,
                             float *pulses) {
    float unwanted[CHUNK];
    charge_writes(d, lookup, set->n, from, to, pulses ? pulses : unwanted, set->cost);
    return mqc_quantized_draw(d, set->where, 1, set->own, set->n, to, set->g);
}

/* As many pulses as the number of the level. */
void mqc_quantized_correction(const memqc_device *d, const struct mqc_lookup *lookup, size_t n,
                              const float *g, const float *levels, const double *most,
                              int32_t *pulses) {
    (void)d, (void)lookup, (void)g;
    for (size_t i = 0; i < n; i++)
        pulses[i] = most[i] < (double)levels[i] ? 0 : (int32_t)levels[i];
}

uint64_t mqc_quantized_correct(const memqc_device *d, const struct mqc_lookup *lookup,
                               const struct mqc_cell_set *set, const float *levels,
                               const int32_t *pulses) {
    (void)pulses;
    return mqc_quantized_write(d, lookup, set, levels, levels, NULL);
}

/* --- pulses --- */

/* RESET pulses beyond the last level go on at its voltage. */
static void charge_resets(const memqc_device *d, double from, double to, double pulses,
                          double *cost) {
    const double idle = pulses - (to - from);
    if (!cost)
        return;
    mqc_pulse_charge(d, 0, pulses,
                     reset_energy(d, from, to) +
                         idle * 2 *
                             mqc_pulse_energy(d, mqc_device_ramp_voltage(d, mqc_device_states(d))) *
                             mqc_device_level_g(d, mqc_device_states(d)),
                     cost);
}

void mqc_quantized_pulse(const memqc_device *d, const struct mqc_cell_set *set, uint32_t stream,
                         int32_t all, const int32_t *counts) {
    struct picked p;
    p.n = 0;
    (void)stream;
    for (size_t i = 0; i < set->n; i++) {
        const int64_t count = counts ? counts[i] : all, resets = count < 0 ? -count : 0;
        const double from = (double)set->state[i];
        const double to = count > 0 ? 1 : fmin(from + (double)resets, mqc_device_states(d));
        if (count > 0)
            mqc_pulse_charge(d, (double)count, 0,
                             mqc_set_energy(d, from) + (double)(count - 1) * mqc_set_energy(d, 1),
                             set->cost);
        if (count < 0)
            charge_resets(d, from, to, (double)resets, set->cost);
        if (to == from)
            continue;
        set->state[i] = (float)to;
        pick(&p, set, i, count > 0 ? 0 : (uint64_t)(to - from) - 1, set->state[i]);
    }
    draw_picked(d, &p, set);
}

/* --- voltages --- */

/* The last level of the ramp whose RESET voltage a pulse reaches; 0 for none. */
static double reached(const memqc_device *d, double volts) {
    const double slack = 1e-6;
    for (double level = mqc_device_states(d); level >= 1; level--) {
        const double wanted = mqc_device_ramp_voltage(d, level);
        if (wanted < 0 && volts <= wanted + slack)
            return level;
    }
    return 0;
}

void mqc_quantized_apply(const memqc_device *d, const struct mqc_cell_set *set, double volts) {
    const int sets = volts >= d->value[MQC_DEVICE_AT(SET_VOLTAGE)] - 1e-6;
    const double each = mqc_pulse_energy(d, volts) / (volts > 0 ? 3 : 1);
    const double level = reached(d, volts);
    struct picked p;
    p.n = 0;
    for (size_t i = 0; i < set->n; i++) {
        const double from = (double)set->state[i];
        double to = from;
        if (sets)
            to = 1;
        else if (volts < 0 && level > from)
            to = level;
        if (volts != 0)
            mqc_pulse_charge(d, volts > 0, volts < 0,
                             each * (mqc_device_level_g(d, from) + mqc_device_level_g(d, to)),
                             set->cost);
        if (to == from)
            continue;
        set->state[i] = (float)to;
        pick(&p, set, i, 0, set->state[i]);
    }
    draw_picked(d, &p, set);
}

double mqc_quantized_step(const memqc_device *d) {
    return mqc_device_step(d);
}
