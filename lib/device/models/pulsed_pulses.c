/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulses on pulsed cells, whose state is their conductance. A pulse moves it by the step of the
 * model's law, with cycle-to-cycle noise, and stops at the cell's bounds. Programming sends the
 * number of pulses that the noise-free response curve asks for. */
#include "device/models/pulsed_pulses.h"
#include "device/models/costs.h"
#include "device/models/pulsed.h"
#include "device/models/pulsed_leap.h"
#include "device/models/pulsed_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

/* The leaps, or pulses, of programming number `draw` are draws (draw << PROGRAMMING) + 0, 1, 2 ... of
 * a stream of their own. */
enum { PROGRAMMING = 20 };
static const uint32_t programming_stream = MQC_STREAM_ATTEMPT(MQC_STREAM_PULSE, 1);

void mqc_pulsed_pulse(const memqc_device *d, const struct mqc_cell_set *set, uint32_t stream,
                      int32_t all, const int32_t *counts) {
    const struct mqc_train train = mqc_train_of(d);
    mqc_train_send(d, &train, set, stream, all, counts);
}

/* Pulses of a burst from tables of jumps come one after the other, since a jump may be as large as
 * the window. The k-th, from 0, has the random number of attempt 2 + k. */
static void burst_of_jumps(const memqc_device *d, const struct mqc_cell_set *set,
                           const float *counts) {
    const struct mqc_train train = mqc_train_of(d);
    float u[CHUNK], directions[CHUNK];
    for (uint32_t k = 0;; k++) {
        const float sent = (float)k;
        int left = 0;
        for (size_t i = 0; i < set->n; i++) {
            directions[i] = fabsf(counts[i]) > sent ? counts[i] : 0;
            left |= directions[i] != 0;
        }
        if (!left)
            return;
        mqc_train_noise(d, set->where, MQC_STREAM_ATTEMPT(MQC_STREAM_PULSE, 2 + k), set->n, 0, u);
        mqc_jump_kernels()->jump(train.jumps, &train.pulse, set->own, set->n, 0, directions, u,
                                 set->state);
    }
}

void mqc_pulsed_burst(const memqc_device *d, const struct mqc_cell_set *set, const float *counts) {
    const struct mqc_train train = mqc_train_of(d);
    const int with_noise = mqc_pulses_are_noisy(d);
    float z[CHUNK];
    if (d->jumps) {
        burst_of_jumps(d, set, counts);
        return;
    }
    if (with_noise)
        mqc_draws_normals(set->where, MQC_STREAM_ATTEMPT(MQC_STREAM_PULSE, 2), 0, set->n, 0, z);
    mqc_device_kernels()->burst(&train.pulse, set->own, set->n, counts, with_noise ? z : NULL,
                                set->state);
}

/* --- programming --- */

/* Pulses counted as those of a programming, after so many others of it where `before` is not NULL. */
static void pulse_programming(const memqc_device *d, const struct mqc_cell_set *set,
                              const int32_t *before, const int32_t *counts) {
    const struct mqc_draws *where = set->where;
    uint64_t cells_of[CHUNK], draws[CHUNK];
    for (size_t i = 0; (where->cells || before) && i < set->n; i++) {
        const uint64_t draw = where->cells ? where->draws[i] : where->draw;
        cells_of[i] = where->cells ? where->cells[i] : where->cell + i;
        draws[i] = (draw << PROGRAMMING) + (uint64_t)(before ? abs(before[i]) : 0);
    }
    const struct mqc_draws pulses = {where->seed, where->cell, where->draw << PROGRAMMING,
                                     where->cells || before ? cells_of : NULL, draws};
    struct mqc_cell_set cells = *set;
    cells.where = &pulses;
    if (mqc_device_leaps(d))
        mqc_leap_send(d, &cells, programming_stream, counts);
    else
        d->ops->pulse(d, &cells, programming_stream, 0, counts);
}

/* The pulses that lead to levels; told, where `pulses` is not NULL. */
static void program(const memqc_device *d, const struct mqc_lookup *lookup,
                    const struct mqc_cell_set *set, const float *levels, float *pulses) {
    int32_t there[CHUNK], back[CHUNK];
    const int any = mqc_lookup_plans(d, lookup, set->n, set->state, levels, there, back);
    pulse_programming(d, set, NULL, there);
    if (any)
        pulse_programming(d, set, there, back);
    for (size_t i = 0; pulses && i < set->n; i++)
        pulses[i] = (float)(abs(there[i]) + (any ? abs(back[i]) : 0));
}

uint64_t mqc_pulsed_program(const memqc_device *d, const struct mqc_lookup *lookup,
                            const struct mqc_cell_set *set, const float *levels, int force) {
    (void)force;
    program(d, lookup, set, levels, NULL);
    return 0;
}

/* The set with its conductances as states. */
static struct mqc_cell_set with_g_as_state(const struct mqc_cell_set *set) {
    struct mqc_cell_set cells = *set;
    cells.state = set->g;
    cells.g = NULL;
    return cells;
}

uint64_t mqc_pulsed_write(const memqc_device *d, const struct mqc_lookup *lookup,
                          const struct mqc_cell_set *set, const float *from, const float *to,
                          float *pulses) {
    const struct mqc_cell_set cells = with_g_as_state(set);
    (void)from;
    program(d, lookup, &cells, to, pulses);
    return 0;
}

uint64_t mqc_pulsed_draw(const memqc_device *d, const struct mqc_lookup *lookup,
                         const struct mqc_cell_set *set, const float *states) {
    const float low = (float)mqc_device_g_min(d);
    for (size_t i = 0; i < set->n; i++)
        set->g[i] = low;
    return mqc_pulsed_write(d, lookup, set, NULL, states, NULL);
}

double mqc_pulsed_miss(const memqc_device *d, double g, double level) {
    return mqc_nominal_plan(d, g, mqc_device_level_g(d, level)).miss;
}

/* One pulse at least; none where pulses are coarse, have no noise, and bring nothing nearer. */
void mqc_pulsed_correction(const memqc_device *d, const struct mqc_lookup *lookup, size_t n,
                           const float *g, const float *levels, const double *most,
                           int32_t *pulses) {
    const int settle = lookup->after[0] && !mqc_pulses_are_noisy(d) && !d->custom.host;
    int32_t back[CHUNK];
    (void)mqc_lookup_plans(d, lookup, n, g, levels, pulses, back);
    for (size_t i = 0; i < n; i++) {
        const int32_t one = (double)g[i] < lookup->target[(size_t)levels[i] - 1] ? 1 : -1;
        const int32_t wanted = pulses[i] || settle ? pulses[i] : one;
        const int32_t limit = most[i] < 1 ? 0 : (int32_t)most[i];
        const int32_t cut = wanted < 0 ? -limit : limit;
        pulses[i] = abs(wanted) <= limit ? wanted : cut;
    }
}

uint64_t mqc_pulsed_correct(const memqc_device *d, const struct mqc_lookup *lookup,
                            const struct mqc_cell_set *set, const float *levels,
                            const int32_t *pulses) {
    const struct mqc_cell_set cells = with_g_as_state(set);
    (void)lookup, (void)levels;
    pulse_programming(d, &cells, NULL, pulses);
    return 0;
}

/* --- voltages --- */

/* Below both thresholds the cell only conducts. */
void mqc_pulsed_apply(const memqc_device *d, const struct mqc_cell_set *set, double volts) {
    const double slack = 1e-6;
    const int up = volts >= d->value[MQC_DEVICE_AT(SET_VOLTAGE)] - slack,
              down = volts <= d->value[MQC_DEVICE_AT(RESET_VOLTAGE)] + slack;
    struct mqc_train train = mqc_train_of(d);
    train.volts_up = train.volts_down = volts;
    if (up || down) {
        mqc_train_send(d, &train, set, MQC_STREAM_PULSE, up ? 1 : -1, NULL);
        return;
    }
    for (size_t i = 0; volts != 0 && i < set->n; i++)
        mqc_pulse_charge(d, volts > 0, volts < 0,
                         2 * mqc_pulse_energy(d, volts) * (double)set->state[i], set->cost);
    if (set->g)
        memcpy(set->g, set->state, set->n * sizeof *set->g);
}

double mqc_pulsed_middle_step(const memqc_device *d) {
    const double middle = 0.5 * (mqc_device_g_max(d) + mqc_device_g_min(d));
    return 0.5 * (mqc_device_nominal_step(d, 0, middle) + mqc_device_nominal_step(d, 1, middle));
}
