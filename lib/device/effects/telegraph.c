/* SPDX-License-Identifier: BSD-3-Clause */
/* Random telegraph noise: a trap beside the filament that fills (G falls to G (1 - RTN_AMPLITUDE))
 * and empties again. A Markov process of two states: with the rates a of filling and b of emptying,
 * within a time t
 *
 *     P(filled | empty) = a / (a + b) (1 - e^(-(a + b) t))
 *     P(emptied | full) = b / (a + b) (1 - e^(-(a + b) t))
 *
 * and in the long run full with a / (a + b): Machlup, J. Appl. Phys. 25 (1954) 341; in resistive
 * cells Ielmini, Nardi and Cagli, Appl. Phys. Lett. 96 (2010) 053503. Steps of any length are
 * exact: two of t/2 have the law of one of t. The rates of a cell are its own for life, and so is
 * whether it has a trap at all. */
#include "device/effects/telegraph.h"
#include "core/error.h"
#include "device/cell/check.h"
#include "device/cell/effect_kernels.h"

#include <math.h>
#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

/* Attempt numbers of MQC_STREAM_TELEGRAPH: frozen. The _LOW ones continue others beyond 24 bits. */
enum quantity { Q_FLIP, Q_FILL, Q_EMPTY, Q_START, Q_YIELD, Q_FLIP_LOW, Q_START_LOW };

static uint32_t stream(enum quantity q) {
    return MQC_STREAM_ATTEMPT(MQC_STREAM_TELEGRAPH, q);
}

/* Log-normal factors of mean 1 on the rates. */
static void factors(const memqc_device *d, const struct mqc_draws *where, enum quantity q,
                    size_t first, size_t n, float *out) {
    const double sd = d->value[MQC_DEVICE_AT(RTN_SPREAD)];
    float z[CHUNK];
    if (sd > 0) {
        mqc_draws_shifted_normals(where, stream(q), MQC_FOR_LIFE, first, n, z);
        mqc_device_kernels()->lognormal(n, (float)sqrt(log1p(sd * sd)), z, out);
    } else {
        for (size_t i = 0; i < n; i++)
            out[i] = 1;
    }
}

/* Which of n cells have a trap: 1 or 0. */
static void owners(const memqc_device *d, const struct mqc_draws *where, size_t first, size_t n,
                   int32_t *has) {
    const double yield = d->value[MQC_DEVICE_AT(RTN_YIELD)];
    float u[CHUNK];
    if (yield < 1)
        mqc_draws_uniforms(where, stream(Q_YIELD), MQC_FOR_LIFE, first, n, u);
    for (size_t i = 0; i < n; i++)
        has[i] = yield < 1 ? (double)u[i] < yield : 1;
}

/* Traps after a number of seconds. Bits that a uniform number of 24 does not have come from a
 * second one, for the few that need them. */
static void step(const memqc_device *d, const struct mqc_draws *where, enum quantity q,
                 enum quantity low, double seconds, size_t first, size_t n, int32_t *traps) {
    float fills[CHUNK], empties[CHUNK], u[CHUNK], open[CHUNK];
    int32_t has[CHUNK];
    const double high = d->value[MQC_DEVICE_AT(RTN_TIME_HIGH)],
                 low_time = d->value[MQC_DEVICE_AT(RTN_TIME_LOW)];
    const struct mqc_rates rates = {(float)(1 / high), (float)(1 / low_time), fills, empties};
    factors(d, where, Q_FILL, first, n, fills);
    factors(d, where, Q_EMPTY, first, n, empties);
    mqc_draws_uniforms(where, stream(q), 0, first, n, u);
    uint64_t undecided =
        mqc_effect_kernels()->flip(n, &rates, (float)fmin(seconds, 1e30), u, open, traps);
    for (size_t i = 0; undecided && i < n; i++) {
        if (!(open[i] > 0))
            continue;
        float more;
        mqc_draws_uniforms(where, stream(low), 0, first + i, 1, &more);
        traps[i] ^= more < open[i];
    }
    owners(d, where, first, n, has);
    for (size_t i = 0; i < n; i++)
        traps[i] &= has[i];
}

/* Long after all traps were empty. */
void mqc_device_begin_traps(const memqc_device *d, const struct mqc_draws *where, size_t n,
                            int32_t *traps) {
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        memset(traps + first, 0, m * sizeof *traps);
        step(d, where, Q_START, Q_START_LOW, INFINITY, first, m, traps + first);
    }
}

void mqc_device_advance_traps(const memqc_device *d, const struct mqc_draws *where, double seconds,
                              size_t n, int32_t *traps) {
    for (size_t first = 0; first < n; first += CHUNK)
        step(d, where, Q_FLIP, Q_FLIP_LOW, seconds, first, n - first < CHUNK ? n - first : CHUNK,
             traps + first);
}

void mqc_device_trapped_cells(const memqc_device *d, size_t n, const int32_t *traps, float *g) {
    if (d->value[MQC_DEVICE_AT(RTN_AMPLITUDE)] > 0)
        mqc_effect_kernels()->trapped(n, (float)d->value[MQC_DEVICE_AT(RTN_AMPLITUDE)], traps, g);
}

void mqc_device_trap_times(const memqc_device *d, const struct mqc_draws *where, int low, size_t n,
                           float *seconds) {
    float factor[CHUNK];
    int32_t has[CHUNK];
    const double time =
        mqc_device_value(d, low ? MEMQC_DEVICE_RTN_TIME_LOW : MEMQC_DEVICE_RTN_TIME_HIGH);
    factors(d, where, low ? Q_EMPTY : Q_FILL, 0, n, factor);
    owners(d, where, 0, n, has);
    const float without = low ? 0 : INFINITY;
    for (size_t i = 0; i < n; i++)
        seconds[i] = has[i] ? (float)(time / (double)factor[i]) : without;
}

static memqc_status check_traps(const char *function, size_t n, const int32_t *traps) {
    for (size_t i = 0; i < n; i++)
        if (traps[i] != 0 && traps[i] != 1)
            return mqc_fail(MEMQC_ERROR_DATA,
                            "%s: traps[%zu] = %d; allowed is 0 (empty) or 1 (full)", function, i,
                            (int)traps[i]);
    return MEMQC_OK;
}

memqc_status memqc_device_telegraph_begin(const memqc_device *device, uint64_t cell, uint64_t draw,
                                          size_t n, int32_t *traps) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, traps);
    MQC_TRY(mqc_device_check_cells(__func__, cell, n));
    const struct mqc_draws where = {device->seed, cell, draw, NULL, NULL};
    mqc_device_begin_traps(device, &where, n, traps);
    return MEMQC_OK;
}

memqc_status memqc_device_telegraph_advance(const memqc_device *device, uint64_t cell,
                                            uint64_t draw, double seconds, size_t n,
                                            int32_t *traps) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, traps);
    MQC_TRY(mqc_device_check_cells(__func__, cell, n));
    MQC_TRY(mqc_device_check_duration(__func__, seconds));
    MQC_TRY(check_traps(__func__, n, traps));
    const struct mqc_draws where = {device->seed, cell, draw, NULL, NULL};
    mqc_device_advance_traps(device, &where, seconds, n, traps);
    return MEMQC_OK;
}

memqc_status memqc_device_telegraph_read(const memqc_device *device, size_t n, const int32_t *traps,
                                         const float *g, float *out) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, traps);
    MQC_ARRAY(n, g);
    MQC_ARRAY(n, out);
    MQC_TRY(check_traps(__func__, n, traps));
    MQC_TRY(mqc_device_check_conductances(__func__, n, g));
    if (n && out != g)
        memcpy(out, g, n * sizeof *out);
    mqc_device_trapped_cells(device, n, traps, out);
    return MEMQC_OK;
}
