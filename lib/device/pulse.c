/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulses on cells, counted and paid for. */
#include "core/alloc.h"
#include "core/error.h"
#include "device/cell/inside.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

double mqc_device_ramp_voltage(const memqc_device *d, double level) {
    const double *v = d->value, knee = v[MEMQC_DEVICE_RAMP_KNEE_PULSE],
                 pulses = v[MEMQC_DEVICE_PULSES];
    const double start = v[MEMQC_DEVICE_RAMP_START], bend = v[MEMQC_DEVICE_RAMP_KNEE],
                 end = v[MEMQC_DEVICE_RAMP_END];
    const double n = 1 + (pulses - 1) * (level - 1) / (d->states - 1);
    return n <= knee ? start + (bend - start) * (n - 1) / (knee - 1)
                     : bend + (end - bend) * (n - knee) / (pulses - knee);
}

/* Adds pulses to an account. */
static void charge(const memqc_device *d, double sets, double resets, double energy, double *cost) {
    if (!cost)
        return;
    cost[MEMQC_DEVICE_COST_SET] += sets;
    cost[MEMQC_DEVICE_COST_RESET] += resets;
    cost[MEMQC_DEVICE_COST_TIME] += (sets + resets) * d->value[MEMQC_DEVICE_PULSE_TIME];
    cost[MEMQC_DEVICE_COST_ENERGY] += energy;
}

/* --- pulsed models --- */

static int noisy(const memqc_device *d) {
    return d->pulse.absolute > 0 || d->pulse.relative > 0 || d->pulse.step > 0;
}

/* Energy per siemens of (before + after) of a pulse of a voltage. */
static double per_pair(const memqc_device *d, double volts) {
    return 0.5 * volts * volts * d->value[MEMQC_DEVICE_PULSE_TIME];
}

struct train {
    struct mqc_pulse pulse;
    double volts_up, volts_down;
};

static struct train train_of(const memqc_device *d) {
    struct train train = {d->pulse, d->value[MEMQC_DEVICE_SET_VOLTAGE],
                          d->value[MEMQC_DEVICE_RESET_VOLTAGE]};
    train.pulse.up.table = &d->table[0];
    train.pulse.down.table = &d->table[1];
    return train;
}

/* The ways of a round: cells with pulses left; returns whether there is any. */
static int ways_of(size_t n, const int32_t *counts, int64_t round, float *ways, double *sets,
                   double *resets) {
    size_t up = 0, down = 0;
    for (size_t i = 0; i < n; i++) {
        const int is_up = counts[i] > round, is_down = -(int64_t)counts[i] > round;
        ways[i] = (float)(is_up - is_down);
        up += (size_t)is_up;
        down += (size_t)is_down;
    }
    *sets = (double)up;
    *resets = (double)down;
    return up + down > 0;
}

static void pulse_pulsed(const memqc_device *d, const struct train *train,
                         const struct mqc_draws *where, uint32_t stream,
                         const struct mqc_cell_arrays *cells, size_t n, int32_t all,
                         const int32_t *counts, float *state, double *cost) {
    const struct mqc_device_kernels *kernels = mqc_device_kernels();
    const int with_noise = noisy(d), same = all > 0 ? 1 : -1;
    const int64_t rounds = counts ? INT64_MAX : all > 0 ? all : -(int64_t)all;
    float z[CHUNK], ways[CHUNK], before[CHUNK];
    double sets = all > 0 ? (double)n : 0, resets = all < 0 ? (double)n : 0;
    for (size_t i = 0; !counts && cost && i < n; i++)
        ways[i] = (float)same;
    for (int64_t round = 0; round < rounds; round++) {
        if (counts && !ways_of(n, counts, round, ways, &sets, &resets))
            break;
        if (with_noise)
            mqc_draws_normals(where, stream, 0, n, (uint64_t)round, z);
        if (cost)
            memcpy(before, state, n * sizeof *state);
        kernels->pulse(&train->pulse, cells, n, counts ? 0 : same, ways, with_noise ? z : NULL,
                       state);
        if (cost)
            charge(d, sets, resets,
                   kernels->energy(n, ways, per_pair(d, train->volts_up),
                                   per_pair(d, train->volts_down), before, state),
                   cost);
    }
}

void mqc_device_burst_cells(const memqc_device *d, const struct mqc_draws *where,
                            const struct mqc_cell_arrays *cells, size_t n, const float *counts,
                            float *state) {
    const struct train train = train_of(d);
    const int with_noise = noisy(d);
    float z[CHUNK];
    if (with_noise)
        mqc_draws_normals(where, MQC_STREAM_ATTEMPT(MQC_STREAM_PULSE, 2), 0, n, 0, z);
    mqc_device_kernels()->burst(&train.pulse, cells, n, counts, with_noise ? z : NULL, state);
}

/* --- the quantized model --- */

/* Energy of the RESET pulse that leads to a level from the one before, at the ramp's voltage. */
static double level_energy(const memqc_device *d, double level) {
    return per_pair(d, mqc_device_ramp_voltage(d, level)) *
           (mqc_device_level_g(d, level - 1) + mqc_device_level_g(d, level));
}

static double reset_energy(const memqc_device *d, double from, double to) {
    double sum = 0;
    for (double level = from + 1; level <= to; level++)
        sum += level_energy(d, level);
    return sum;
}

memqc_status mqc_lookup_energy(const memqc_device *d, struct mqc_lookup *lookup) {
    if (!(lookup->energy = mqc_alloc((size_t)d->states + 1, sizeof *lookup->energy)))
        return MEMQC_ERROR_NOMEM;
    for (size_t level = 2; level <= (size_t)d->states; level++)
        lookup->energy[level] = lookup->energy[level - 1] + level_energy(d, (double)level);
    return MEMQC_OK;
}

/* A sweep from 0 to SET_VOLTAGE: the square of the voltage has a mean of a third. */
static double set_energy(const memqc_device *d, double from) {
    return per_pair(d, d->value[MEMQC_DEVICE_SET_VOLTAGE]) / 3 *
           (mqc_device_level_g(d, from) + mqc_device_g_max(d));
}

/* Cells that need a new conductance, picked out of a chunk. */
struct picked {
    size_t n;
    uint64_t cells[CHUNK], draws[CHUNK];
    float states[CHUNK], own[3][CHUNK];
    uint32_t at[CHUNK];
};

static void pick(struct picked *p, const struct mqc_draws *where,
                 const struct mqc_cell_arrays *cells, size_t i, uint64_t later, float state) {
    p->cells[p->n] = where->cells ? where->cells[i] : where->cell + i;
    p->draws[p->n] = (where->cells ? where->draws[i] : where->draw) + later;
    p->states[p->n] = state;
    p->at[p->n] = (uint32_t)i;
    if (cells) {
        p->own[0][p->n] = cells->lo[i];
        p->own[1][p->n] = cells->hi[i];
        p->own[2][p->n] = cells->noise[i];
    }
    p->n++;
}

static uint64_t draw_picked(const memqc_device *d, struct picked *p, uint64_t seed, int own,
                            float *g) {
    float drawn[CHUNK];
    const struct mqc_draws where = {seed, 0, 0, p->cells, p->draws};
    const struct mqc_cell_arrays cells = {p->own[0], p->own[1], NULL, NULL, NULL, NULL, p->own[2]};
    const uint64_t below = d->ops->draw(d, &where, own ? &cells : NULL, p->n, p->states, drawn);
    for (size_t i = 0; i < p->n; i++)
        g[p->at[i]] = drawn[i];
    return below;
}

static void pulse_quantized(const memqc_device *d, const struct mqc_draws *where,
                            const struct mqc_cell_arrays *cells, size_t n, int32_t all,
                            const int32_t *counts, float *state, float *g, double *cost) {
    struct picked p;
    p.n = 0;
    for (size_t i = 0; i < n; i++) {
        const int64_t count = counts ? counts[i] : all, resets = count < 0 ? -count : 0;
        const double from = (double)state[i],
                     to = count > 0 ? 1 : fmin(from + (double)resets, d->states);
        if (cost && count > 0)
            charge(d, (double)count, 0,
                   set_energy(d, from) + (double)(count - 1) * set_energy(d, 1), cost);
        if (cost && count < 0) { /* beyond the last level the pulses go on at its voltage */
            const double idle = (double)resets - (to - from);
            charge(d, 0, (double)resets,
                   reset_energy(d, from, to) +
                       idle * 2 * per_pair(d, mqc_device_ramp_voltage(d, d->states)) *
                           mqc_device_level_g(d, d->states),
                   cost);
        }
        if (to == from)
            continue;
        state[i] = (float)to;
        pick(&p, where, cells, i, count > 0 ? 0 : (uint64_t)(to - from) - 1, state[i]);
    }
    if (g && p.n)
        draw_picked(d, &p, where->seed, cells != NULL, g);
}

void mqc_device_pulse_cells(const memqc_device *d, const struct mqc_draws *where, uint32_t stream,
                            const struct mqc_cell_arrays *cells, size_t n, int32_t all,
                            const int32_t *counts, float *state, float *g, double *cost) {
    if (!d->ops->pulsed) {
        pulse_quantized(d, where, cells, n, all, counts, state, g, cost);
        return;
    }
    const struct train train = train_of(d);
    pulse_pulsed(d, &train, where, stream, cells, n, all, counts, state, cost);
    if (g)
        memcpy(g, state, n * sizeof *g);
}

/* --- programming --- */

static uint64_t program_quantized(const memqc_device *d, const struct mqc_lookup *lookup,
                                  const struct mqc_draws *where,
                                  const struct mqc_cell_arrays *cells, size_t n,
                                  const float *levels, int force, float *state, float *g,
                                  double *cost) {
    const double *sum = lookup->energy;
    struct picked p;
    p.n = 0;
    for (size_t i = 0; i < n; i++) {
        const double from = (double)state[i], to = (double)levels[i];
        if (to == from && !force)
            continue;
        if (cost && to > from)
            charge(d, 0, to - from, sum[(size_t)to] - sum[(size_t)from], cost);
        else if (cost)
            charge(d, 1, to - 1, set_energy(d, from) + sum[(size_t)to], cost);
        state[i] = levels[i];
        pick(&p, where, cells, i, 0, levels[i]);
    }
    return g && p.n ? draw_picked(d, &p, where->seed, cells != NULL, g) : 0;
}

uint64_t mqc_device_program_cells(const memqc_device *d, const struct mqc_lookup *lookup,
                                  const struct mqc_draws *where,
                                  const struct mqc_cell_arrays *cells, size_t n,
                                  const float *levels, int force, float *state, float *g,
                                  double *cost) {
    if (!d->ops->pulsed)
        return program_quantized(d, lookup, where, cells, n, levels, force, state, g, cost);
    /* The pulses of programming number draw are draw 2^20 + 0, 1, 2 ... of a stream of their own.
     * */
    uint64_t draws[CHUNK], numbers[CHUNK];
    int32_t counts[CHUNK];
    for (size_t i = 0; i < n; i++) {
        counts[i] =
            mqc_lookup_pulses(lookup, (double)state[i], mqc_device_level_g(d, (double)levels[i]));
        draws[i] = (where->cells ? where->draws[i] : where->draw) << 20;
        numbers[i] = where->cells ? where->cells[i] : where->cell + i;
    }
    const struct mqc_draws pulses = {where->seed, where->cell, where->draw << 20,
                                     where->cells ? numbers : NULL, draws};
    mqc_device_pulse_cells(d, &pulses, MQC_STREAM_ATTEMPT(MQC_STREAM_PULSE, 1), cells, n, 0, counts,
                           state, g, cost);
    return 0;
}

/* --- the public functions --- */

static memqc_status check_states(const memqc_device *d, const char *function, size_t n,
                                 const float *state) {
    const float most = d->ops->pulsed ? FLT_MAX : (float)d->states;
    int bad = mqc_device_kernels()->outside(n, state, d->ops->pulsed ? 0 : 1, most);
    for (size_t i = 0; !d->ops->pulsed && i < n; i++)
        bad |= state[i] != rintf(state[i]);
    for (size_t i = 0; bad && i < n; i++) {
        if (d->ops->pulsed && !(state[i] >= 0 && state[i] <= most))
            return mqc_fail(MEMQC_ERROR_DATA,
                            "%s: state[%zu] = %g S; allowed is any finite conductance from 0 on",
                            function, i, (double)state[i]);
        if (!d->ops->pulsed && !(state[i] >= 1 && state[i] <= most && state[i] == rintf(state[i])))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: state[%zu] = %g; allowed is a level, 1 .. %g",
                            function, i, (double)state[i], d->states);
    }
    return MEMQC_OK;
}

static memqc_status pulse_all(const memqc_device *device, const char *function, uint64_t cell,
                              uint64_t draw, size_t n, int32_t all, const int32_t *counts,
                              float *state, float *g, double *cost) {
    MQC_TRY(mqc_device_check_cells(function, cell, n));
    MQC_TRY(check_states(device, function, n, state));
    const int own = mqc_device_varies(device);
    float block[MQC_CELL_ARRAYS * CHUNK];
    const struct mqc_cell_arrays cells = mqc_cell_arrays_in(block, CHUNK);
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        const struct mqc_draws where = {device->seed, cell + first, draw, NULL, NULL};
        if (own)
            mqc_device_cell_arrays(device, &where, m, &cells);
        mqc_device_pulse_cells(device, &where, MQC_STREAM_PULSE, own ? &cells : NULL, m, all,
                               counts ? counts + first : NULL, state + first, g ? g + first : NULL,
                               cost);
    }
    return MEMQC_OK;
}

memqc_status memqc_device_pulse(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n,
                                int32_t pulses, float *state, float *g, double *cost) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(state);
    return pulse_all(device, __func__, cell, draw, n, pulses, NULL, state, g, cost);
}

memqc_status memqc_device_pulse_each(const memqc_device *device, uint64_t cell, uint64_t draw,
                                     size_t n, const int32_t *pulses, float *state, float *g,
                                     double *cost) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(pulses);
    MQC_NOT_NULL(state);
    return pulse_all(device, __func__, cell, draw, n, 0, pulses, state, g, cost);
}

memqc_status memqc_device_program(const memqc_device *device, uint64_t cell, uint64_t draw,
                                  size_t n, const int32_t *levels, float *state, float *g,
                                  double *cost) {
    struct mqc_lookup lookup;
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(levels);
    MQC_NOT_NULL(state);
    MQC_TRY(mqc_device_check_cells(__func__, cell, n));
    if (draw >> 40)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: draw = %llu; allowed is 0 .. 2^40 - 1", __func__,
                        (unsigned long long)draw);
    MQC_TRY(check_states(device, __func__, n, state));
    MQC_TRY(mqc_device_check_levels(device, __func__, n, levels));
    MQC_TRY(mqc_lookup_make(device, &lookup));
    const int own = mqc_device_varies(device);
    float block[MQC_CELL_ARRAYS * CHUNK], targets[CHUNK];
    const struct mqc_cell_arrays cells = mqc_cell_arrays_in(block, CHUNK);
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        const struct mqc_draws where = {device->seed, cell + first, draw, NULL, NULL};
        if (own)
            mqc_device_cell_arrays(device, &where, m, &cells);
        for (size_t i = 0; i < m; i++)
            targets[i] = (float)levels[first + i];
        mqc_device_program_cells(device, &lookup, &where, own ? &cells : NULL, m, targets, 0,
                                 state + first, g ? g + first : NULL, cost);
    }
    mqc_lookup_free(&lookup);
    return MEMQC_OK;
}

/* --- voltages --- */

/* The last level of the ramp whose RESET voltage a pulse reaches; 0 for none. */
static double reached(const memqc_device *d, double volts) {
    const double slack = 1e-6;
    for (double level = d->states; level >= 1; level--) {
        const double wanted = mqc_device_ramp_voltage(d, level);
        if (wanted < 0 && volts <= wanted + slack)
            return level;
    }
    return 0;
}

/* One voltage pulse on cells of the quantized model. */
static void apply_quantized(const memqc_device *d, const struct mqc_draws *where,
                            const struct mqc_cell_arrays *cells, size_t n, double volts,
                            double level, float *state, float *g, double *cost) {
    const int set = volts >= d->value[MEMQC_DEVICE_SET_VOLTAGE] - 1e-6;
    const double each = per_pair(d, volts) / (volts > 0 ? 3 : 1);
    struct picked p;
    p.n = 0;
    for (size_t i = 0; i < n; i++) {
        const double from = (double)state[i], to = set                         ? 1
                                                   : volts < 0 && level > from ? level
                                                                               : from;
        if (volts != 0)
            charge(d, volts > 0, volts < 0,
                   each * (mqc_device_level_g(d, from) + mqc_device_level_g(d, to)), cost);
        if (to == from)
            continue;
        state[i] = (float)to;
        pick(&p, where, cells, i, 0, state[i]);
    }
    if (p.n)
        draw_picked(d, &p, where->seed, cells != NULL, g);
}

static void apply_pulsed(const memqc_device *d, const struct mqc_draws *where,
                         const struct mqc_cell_arrays *cells, size_t n, double volts, float *state,
                         float *g, double *cost) {
    const double slack = 1e-6;
    const int up = volts >= d->value[MEMQC_DEVICE_SET_VOLTAGE] - slack,
              down = volts <= d->value[MEMQC_DEVICE_RESET_VOLTAGE] + slack;
    struct train train = train_of(d);
    train.volts_up = train.volts_down = volts;
    if (up || down) {
        pulse_pulsed(d, &train, where, MQC_STREAM_PULSE, cells, n, up ? 1 : -1, NULL, state, cost);
    } else if (volts != 0) {
        for (size_t i = 0; i < n; i++)
            charge(d, volts > 0, volts < 0, 2 * per_pair(d, volts) * (double)state[i], cost);
    }
    memcpy(g, state, n * sizeof *g);
}

memqc_status memqc_device_apply(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n,
                                size_t n_pulses, const float *volts, float *state, float *g,
                                float *trace, size_t ldt, double *cost) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(volts);
    MQC_NOT_NULL(state);
    MQC_TRY(mqc_device_check_cells(__func__, cell, n));
    if (trace && ldt < n_pulses)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: ldt = %zu is less than n_pulses = %zu", __func__,
                        ldt, n_pulses);
    for (size_t p = 0; p < n_pulses; p++)
        if (!isfinite(volts[p]))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: volts[%zu] = %g V; voltages must be finite",
                            __func__, p, (double)volts[p]);
    MQC_TRY(check_states(device, __func__, n, state));
    const int own = mqc_device_varies(device), pulsed = device->ops->pulsed;
    float block[MQC_CELL_ARRAYS * CHUNK], now[CHUNK];
    const struct mqc_cell_arrays cells = mqc_cell_arrays_in(block, CHUNK), *const mine =
                                                                               own ? &cells : NULL;
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        struct mqc_draws where = {device->seed, cell + first, draw, NULL, NULL};
        if (own)
            mqc_device_cell_arrays(device, &where, m, &cells);
        for (size_t i = 0; i < m; i++)
            now[i] = pulsed ? state[first + i]
                     : g    ? g[first + i]
                            : (float)mqc_device_level_g(device, (double)state[first + i]);
        for (size_t p = 0; p < n_pulses; p++, where.draw++) {
            if (pulsed)
                apply_pulsed(device, &where, mine, m, (double)volts[p], state + first, now, cost);
            else
                apply_quantized(device, &where, mine, m, (double)volts[p],
                                reached(device, (double)volts[p]), state + first, now, cost);
            for (size_t i = 0; trace && i < m; i++)
                trace[(first + i) * ldt + p] = now[i];
        }
        if (g)
            memcpy(g + first, now, m * sizeof *g);
    }
    return MEMQC_OK;
}
