/* SPDX-License-Identifier: BSD-3-Clause */
/* Trains in leaps. Most cells come to their end in one or two leaps; those that end near a bound take
 * more, pulse by pulse at last. After each round the cells that have pulses left move together. */
#include "device/models/pulsed_leap.h"
#include "device/cell/leap_kernels.h"
#include "device/cell/spread.h"
#include "device/models/costs.h"
#include "device/models/pulsed.h"
#include "device/models/pulsed_train.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

int mqc_device_leaps(const memqc_device *d) {
    return mqc_device_takes_bursts(d) && !d->jumps && !d->custom.host;
}

/* Cells with pulses left, and where each was. */
struct going {
    size_t n, place[CHUNK];
    uint64_t cells[CHUNK], draws[CHUNK];
    float state[CHUNK], left[CHUNK], path[CHUNK], block[MQC_CELL_ARRAYS * CHUNK];
    struct mqc_cell_arrays own;
};

/* Those that the first leap did not bring to their ends. */
static void collect(const struct mqc_cell_set *set, const struct mqc_leap_cells *all,
                    struct going *going) {
    const struct mqc_draws *where = set->where;
    size_t m = 0;
    for (size_t i = 0; i < set->n; i++) {
        going->place[m] = i;
        m += all->left[i] != 0;
    }
    going->n = m;
    for (size_t i = 0; i < m; i++) {
        const size_t at = going->place[i];
        going->state[i] = all->state[at];
        going->left[i] = all->left[at];
        going->path[i] = all->path[at];
        going->cells[i] = where->cells ? where->cells[at] : where->cell + at;
        going->draws[i] = (where->cells ? where->draws[at] : where->draw) + 1;
    }
    if (!set->own)
        return;
    going->own = mqc_cell_arrays_in(going->block, CHUNK);
    const float *const from[] = {set->own->lo,   set->own->hi,       set->own->up,
                                 set->own->down, set->own->shape_up, set->own->shape_down,
                                 set->own->noise};
    for (size_t k = 0; k < MQC_CELL_ARRAYS; k++)
        for (size_t i = 0; i < m; i++)
            going->block[k * CHUNK + i] = from[k][going->place[i]];
}

/* Cells that have arrived go back to where they were; the others close up. */
static void part(const struct mqc_cell_set *set, struct going *going,
                 const struct mqc_leap_cells *all) {
    size_t m = 0, kept[CHUNK];
    for (size_t i = 0; i < going->n; i++) {
        if (going->left[i] != 0) {
            kept[m++] = i;
            continue;
        }
        all->state[going->place[i]] = going->state[i];
        all->path[going->place[i]] = going->path[i];
    }
    for (size_t i = 0; i < m; i++) {
        const size_t at = kept[i];
        going->place[i] = going->place[at];
        going->cells[i] = going->cells[at];
        going->draws[i] = going->draws[at] + 1;
        going->state[i] = going->state[at];
        going->left[i] = going->left[at];
        going->path[i] = going->path[at];
    }
    for (size_t k = 0; set->own && k < MQC_CELL_ARRAYS; k++)
        for (size_t i = 0; i < m; i++)
            going->block[k * CHUNK + i] = going->block[k * CHUNK + kept[i]];
    going->n = m;
}

/* A normal number of a list takes about as long as this many of neighbours. */
enum { LISTED = 3 };

/* Random numbers of the leaps to come. While many of the neighbours go, it is faster to draw those of
 * all. */
static void draw(const struct mqc_cell_set *set, const struct going *going, uint32_t stream,
                 uint64_t number, float *z) {
    const struct mqc_draws listed = {set->where->seed, 0, 0, going->cells, going->draws};
    float all[CHUNK];
    if (set->where->cells || LISTED * going->n < set->n) {
        mqc_draws_normals(&listed, stream, 0, going->n, 0, z);
        return;
    }
    mqc_draws_normals(set->where, stream, 0, set->n, number, all);
    for (size_t i = 0; i < going->n; i++)
        z[i] = all[going->place[i]];
}

/* Without branches: nothing foretells the signs. */
static void charge(const memqc_device *d, const struct mqc_cell_set *set, const int32_t *counts,
                   const float *path) {
    const double each[] = {mqc_pulse_energy(d, d->value[MQC_DEVICE_AT(RESET_VOLTAGE)]),
                           mqc_pulse_energy(d, d->value[MQC_DEVICE_AT(SET_VOLTAGE)])};
    int64_t sets = 0, all = 0;
    double energy = 0;
    for (size_t i = 0; i < set->n; i++) {
        const int32_t up = counts[i] > 0;
        sets += up * counts[i];
        all += abs(counts[i]);
        energy += each[up] * (double)path[i];
    }
    mqc_pulse_charge(d, (double)sets, (double)(all - sets), energy, set->cost);
}

void mqc_leap_send(const memqc_device *d, const struct mqc_cell_set *set, uint32_t stream,
                   const int32_t *counts) {
    const struct mqc_leap_kernels *const kernels = mqc_leap_kernels();
    const struct mqc_pulse pulse = mqc_train_of(d).pulse;
    const int noisy = mqc_pulses_are_noisy(d);
    float z[CHUNK], left[CHUNK], path[CHUNK];
    const struct mqc_leap_cells all = {set->state, left, path};
    struct going going;
    for (size_t i = 0; i < set->n; i++) {
        left[i] = (float)counts[i];
        path[i] = 0;
    }
    if (noisy)
        mqc_draws_normals(set->where, stream, 0, set->n, 0, z);
    kernels->leap(&pulse, set->own, set->n, noisy ? z : NULL, &all);
    collect(set, &all, &going);
    for (uint64_t number = 1; going.n > 0; number++) {
        const struct mqc_leap_cells cells = {going.state, going.left, going.path};
        if (noisy)
            draw(set, &going, stream, number, z);
        kernels->leap(&pulse, set->own ? &going.own : NULL, going.n, noisy ? z : NULL, &cells);
        part(set, &going, &all);
    }
    if (set->cost)
        charge(d, set, counts, path);
    if (set->g)
        memcpy(set->g, set->state, set->n * sizeof *set->g);
}
