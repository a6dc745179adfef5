/* SPDX-License-Identifier: BSD-3-Clause */
/* Trains of pulses. A round sends one pulse to each cell that has one left. Where the numbers of
 * pulses differ much, as in programming, most cells are done long before the last one: then cells
 * are sorted by their number of pulses, and each round works on those at the front alone. Random
 * numbers belong to cells and draws, so that the order of the cells changes no conductance. */
#include "device/models/pulsed_train.h"
#include "core/order.h"
#include "device/cell/spread.h"
#include "device/models/costs.h"

#include <math.h>
#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

/* Sorting a cell takes about as long as this many pulses. */
enum { SORTING = 32 };

/* A normal number of a list takes about as long as this many of neighbours. */
enum { LISTED = 5 };

/* Neighbours are drawn 64 at a time: the numbers of so few cells come in lists of many pulses. */
enum { FEW = 12 };

/* How often cells are asked whether pulses still move them. */
enum { ASKED = 8 };

struct mqc_train mqc_train_of(const memqc_device *d) {
    struct mqc_train train = {d->pulse, d->value[MQC_DEVICE_AT(SET_VOLTAGE)],
                              d->value[MQC_DEVICE_AT(RESET_VOLTAGE)], d->jumps};
    train.pulse.up.table = &d->table[0];
    train.pulse.down.table = &d->table[1];
    return train;
}

int mqc_pulses_are_noisy(const memqc_device *d) {
    return d->jumps || d->pulse.absolute > 0 || d->pulse.relative > 0 || d->pulse.step > 0;
}

void mqc_train_noise(const memqc_device *d, const struct mqc_draws *where, uint32_t stream,
                     size_t n, uint64_t later, float *z) {
    if (d->jumps)
        mqc_draws_later_uniforms(where, stream, 0, n, later, z);
    else
        mqc_draws_normals(where, stream, 0, n, later, z);
}

/* --- a round --- */

/* One pulse on each of n cells. */
struct round {
    const struct mqc_cell_arrays *own;
    int same;                /* 1 or -1: the direction of all; 0: */
    const float *directions; /* 1, -1 or 0 for each */
    const float *z;          /* random numbers; NULL without noise */
    double sets, resets;
};

static void pulse_once(const memqc_device *d, const struct mqc_train *train,
                       const struct round *round, size_t n, float *state, double *cost) {
    const struct mqc_device_kernels *kernels = mqc_device_kernels();
    float before[CHUNK];
    if (cost)
        memcpy(before, state, n * sizeof *before);
    if (train->jumps)
        mqc_jump_kernels()->jump(train->jumps, &train->pulse, round->own, n, round->same,
                                 round->directions, round->z, state);
    else
        kernels->pulse(&train->pulse, round->own, n, round->same, round->directions, round->z,
                       state);
    if (cost)
        mqc_pulse_charge(d, round->sets, round->resets,
                         kernels->energy(n, round->directions, mqc_pulse_energy(d, train->volts_up),
                                         mqc_pulse_energy(d, train->volts_down), before, state),
                         cost);
}

/* --- all cells, round by round --- */

/* Directions of the pulses of a round, 0 for cells that have none left. */
static void directions_of(size_t n, const int32_t *counts, int64_t number, float *directions,
                          struct round *round) {
    size_t up = 0, down = 0;
    for (size_t i = 0; i < n; i++) {
        const int is_up = counts[i] > number, is_down = -(int64_t)counts[i] > number;
        directions[i] = (float)(is_up - is_down);
        up += (size_t)is_up;
        down += (size_t)is_down;
    }
    round->sets = (double)up;
    round->resets = (double)down;
}

/* Random numbers of few cells for many pulses. */
struct ahead {
    int64_t first, rounds; /* the pulses that they are of */
    float z[CHUNK];
};

static void draw_ahead(const memqc_device *d, const struct mqc_cell_set *set, uint32_t stream,
                       int64_t number, int64_t left, struct ahead *ahead) {
    const struct mqc_draws *where = set->where;
    const int64_t room = (int64_t)(CHUNK / set->n);
    uint64_t cells[CHUNK], draws[CHUNK];
    size_t m = 0;
    ahead->first = number;
    ahead->rounds = left < room ? left : room;
    for (int64_t k = 0; k < ahead->rounds; k++)
        for (size_t i = 0; i < set->n; i++, m++) {
            cells[m] = where->cells ? where->cells[i] : where->cell + i;
            draws[m] = (where->cells ? where->draws[i] : where->draw) + (uint64_t)(number + k);
        }
    const struct mqc_draws listed = {where->seed, 0, 0, cells, draws};
    mqc_train_noise(d, &listed, stream, m, 0, ahead->z);
}

/* Random numbers of a pulse, of which `left` are to come, itself included. */
static const float *noise_of(const memqc_device *d, const struct mqc_cell_set *set, uint32_t stream,
                             int64_t number, int64_t left, struct ahead *ahead) {
    if (set->n > FEW) {
        mqc_train_noise(d, set->where, stream, set->n, (uint64_t)number, ahead->z);
        return ahead->z;
    }
    if (number == 0 || number == ahead->first + ahead->rounds)
        draw_ahead(d, set, stream, number, left, ahead);
    return ahead->z + (size_t)(number - ahead->first) * set->n;
}

static int64_t pulses_of(int32_t count) {
    return count < 0 ? -(int64_t)count : count;
}

/* What the pulses cost that are left after so many, and that move no cell any more. */
static void charge_rest(const memqc_device *d, const struct mqc_train *train,
                        const struct mqc_cell_set *set, int32_t all, const int32_t *counts,
                        int64_t sent) {
    const double up = mqc_pulse_energy(d, train->volts_up),
                 down = mqc_pulse_energy(d, train->volts_down);
    double sets = 0, resets = 0, energy = 0;
    for (size_t i = 0; set->cost && i < set->n; i++) {
        const int32_t count = counts ? counts[i] : all;
        const int64_t pulses = pulses_of(count);
        const double left = pulses > sent ? (double)(pulses - sent) : 0;
        *(count > 0 ? &sets : &resets) += left;
        energy += left * (count > 0 ? up : down) * 2 * (double)set->state[i];
    }
    mqc_pulse_charge(d, sets, resets, energy, set->cost);
}

static int64_t most_pulses(size_t n, int32_t all, const int32_t *counts) {
    int64_t most = pulses_of(all);
    for (size_t i = 0; counts && i < n; i++)
        most = pulses_of(counts[i]) > most ? pulses_of(counts[i]) : most;
    return most;
}

/* Without noise, a pulse that moves no cell is followed by others that do not. */
static void send_to_all(const memqc_device *d, const struct mqc_train *train,
                        const struct mqc_cell_set *set, uint32_t stream, int32_t all,
                        const int32_t *counts) {
    const size_t n = set->n;
    const int64_t rounds = most_pulses(n, counts ? 0 : all, counts);
    const int same = all > 0 ? 1 : -1, noisy = mqc_pulses_are_noisy(d);
    float directions[CHUNK], before[CHUNK];
    struct ahead ahead = {0, 0, {0}};
    struct round round = {set->own, counts ? 0 : same,       directions,
                          NULL,     all > 0 ? (double)n : 0, all < 0 ? (double)n : 0};
    for (size_t i = 0; !counts && set->cost && i < n; i++)
        directions[i] = (float)same;
    for (int64_t number = 0; number < rounds; number++) {
        const int ask = !noisy && number % ASKED == ASKED - 1;
        if (counts)
            directions_of(n, counts, number, directions, &round);
        if (noisy)
            round.z = noise_of(d, set, stream, number, rounds - number, &ahead);
        if (ask)
            memcpy(before, set->state, n * sizeof *before);
        pulse_once(d, train, &round, n, set->state, set->cost);
        if (ask && memcmp(before, set->state, n * sizeof *before) == 0) {
            charge_rest(d, train, set, all, counts, number + 1);
            return;
        }
    }
}

/* --- sorted cells --- */

/* Is it worth while? A round for all would go to each cell as often as to the one with the most
 * pulses. */
static int counts_differ(size_t n, const int32_t *counts) {
    int64_t most = 0, sum = 0;
    for (size_t i = 0; i < n; i++) {
        most = pulses_of(counts[i]) > most ? pulses_of(counts[i]) : most;
        sum += pulses_of(counts[i]);
    }
    return (int64_t)n * most - sum > (int64_t)n * SORTING;
}

/* Cells, those with the most pulses first; equal ones in their order. */
struct sorted {
    size_t place[CHUNK]; /* where each was */
    uint64_t cells[CHUNK], draws[CHUNK];
    float state[CHUNK], directions[CHUNK], block[MQC_CELL_ARRAYS * CHUNK];
    struct mqc_cell_arrays own;
};

static int more_pulses(const void *context, size_t a, size_t b) {
    const int32_t *counts = context;
    const int64_t of_a = pulses_of(counts[a]), of_b = pulses_of(counts[b]);
    return of_a != of_b ? of_a > of_b : a < b;
}

static void gather(size_t n, const size_t *place, const float *from, float *to) {
    for (size_t i = 0; i < n; i++)
        to[i] = from[place[i]];
}

static void sort_cells(const struct mqc_cell_set *set, const int32_t *counts,
                       struct sorted *sorted) {
    const struct mqc_draws *where = set->where;
    for (size_t i = 0; i < set->n; i++)
        sorted->place[i] = i;
    mqc_sort_places(set->n, sorted->place, more_pulses, counts);
    for (size_t i = 0; i < set->n; i++) {
        const size_t place = sorted->place[i];
        sorted->cells[i] = where->cells ? where->cells[place] : where->cell + place;
        sorted->draws[i] = where->cells ? where->draws[place] : where->draw;
        sorted->directions[i] = counts[place] < 0 ? -1 : 1;
    }
    gather(set->n, sorted->place, set->state, sorted->state);
    if (!set->own)
        return;
    sorted->own = mqc_cell_arrays_in(sorted->block, CHUNK);
    const float *const from[] = {set->own->lo,   set->own->hi,       set->own->up,
                                 set->own->down, set->own->shape_up, set->own->shape_down,
                                 set->own->noise};
    for (size_t k = 0; k < MQC_CELL_ARRAYS; k++)
        gather(set->n, sorted->place, from[k], sorted->block + k * CHUNK);
}

/* Random numbers of the first m of n sorted cells. While these are many, it is faster to draw those
 * of all neighbours. */
static void sorted_noise(const memqc_device *d, const struct mqc_cell_set *set,
                         const struct sorted *sorted, uint32_t stream, uint64_t number, size_t m,
                         float *z) {
    const struct mqc_draws *where = set->where;
    float all[CHUNK];
    if (!where->cells && LISTED * m > set->n) {
        mqc_train_noise(d, where, stream, set->n, number, all);
        gather(m, sorted->place, all, z);
        return;
    }
    const struct mqc_draws listed = {where->seed, 0, 0, sorted->cells, sorted->draws};
    mqc_train_noise(d, &listed, stream, m, number, z);
}

/* So many pulses on the few sorted cells that have as many left. */
static void send_to_few(const memqc_device *d, const struct mqc_train *train,
                        const struct mqc_cell_set *set, uint32_t stream, size_t left,
                        int64_t pulses, int64_t sent, struct sorted *sorted) {
    uint64_t draws[FEW];
    int32_t counts[FEW];
    for (size_t i = 0; i < left; i++) {
        draws[i] = sorted->draws[i] + (uint64_t)sent;
        counts[i] = (int32_t)(sorted->directions[i] > 0 ? pulses : -pulses);
    }
    const struct mqc_draws listed = {set->where->seed, 0, 0, sorted->cells, draws};
    const struct mqc_cell_set few = {
        &listed, set->own ? &sorted->own : NULL, left, sorted->state, NULL, set->cost};
    send_to_all(d, train, &few, stream, 0, counts);
}

static void send_to_sorted(const memqc_device *d, const struct mqc_train *train,
                           const struct mqc_cell_set *set, uint32_t stream, const int32_t *counts) {
    struct sorted sorted;
    float z[CHUNK];
    const int noisy = mqc_pulses_are_noisy(d);
    size_t left = set->n; /* cells with pulses left */
    sort_cells(set, counts, &sorted);
    struct round round = {
        set->own ? &sorted.own : NULL, 0, sorted.directions, noisy ? z : NULL, 0, 0};
    for (size_t i = 0; i < left; i++)
        *(sorted.directions[i] > 0 ? &round.sets : &round.resets) += 1;
    for (int64_t number = 0;;) {
        while (left > 0 && pulses_of(counts[sorted.place[left - 1]]) <= number) {
            left--;
            *(sorted.directions[left] > 0 ? &round.sets : &round.resets) -= 1;
        }
        if (left == 0)
            break;
        if (left <= FEW) {
            const int64_t pulses = pulses_of(counts[sorted.place[left - 1]]) - number;
            send_to_few(d, train, set, stream, left, pulses, number, &sorted);
            number += pulses;
            continue;
        }
        if (noisy)
            sorted_noise(d, set, &sorted, stream, (uint64_t)number, left, z);
        pulse_once(d, train, &round, left, sorted.state, set->cost);
        number++;
    }
    for (size_t i = 0; i < set->n; i++)
        set->state[sorted.place[i]] = sorted.state[i];
}

void mqc_train_send(const memqc_device *d, const struct mqc_train *train,
                    const struct mqc_cell_set *set, uint32_t stream, int32_t all,
                    const int32_t *counts) {
    if (counts && counts_differ(set->n, counts))
        send_to_sorted(d, train, set, stream, counts);
    else
        send_to_all(d, train, set, stream, all, counts);
    if (set->g)
        memcpy(set->g, set->state, set->n * sizeof *set->g);
}
