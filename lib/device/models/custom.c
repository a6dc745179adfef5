/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulses by a function of the caller, pulse by pulse. Before each call the cells that have pulses
 * left are moved together. The function gets their conductances, within their windows, their
 * parameters and random numbers of each cell and pulse; what it moves a cell by is scaled by the
 * cell's own factor, the noise of C2C_... is added, and the bounds cut the sum.
 *
 * Random numbers: those of the k-th pulse of a cell are draw k after its own. Normal numbers are of
 * the stream of the pulses, uniform ones and the noise of C2C_... of others beside it. */
#include "device/models/custom.h"
#include "core/error.h"
#include "device/cell/spread.h"
#include "device/models/costs.h"
#include "device/models/custom_host.h"
#include "device/models/models.h"
#include "device/models/pulsed.h"

#include <math.h>
#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK, PARAMETERS = MEMQC_DEVICE_CUSTOM_PARAMETERS };

/* Attempts of MQC_STREAM_PULSE (bursts; and what is added for uniform numbers and the noise of
 * C2C_...) and of MQC_STREAM_CELL (two for each parameter): frozen. */
enum { BURST = 3, UNIFORM = 16, NOISE_OF_C2C = 32, OF_CELLS = 64 };

/* Pulse k of burst number d is draw (d << BURST_BITS) + k. */
enum { BURST_BITS = 8 };

/* --- what cells have of their own --- */

void mqc_custom_parameter(const memqc_device *d, size_t p, const struct mqc_draws *where, size_t n,
                          float *values) {
    const struct mqc_custom *c = &d->custom;
    const double s = sqrt(log1p(c->lognormal[p] * c->lognormal[p]));
    float z[CHUNK];
    for (size_t i = 0; i < n; i++)
        values[i] = (float)c->mean[p];
    if (c->lognormal[p] > 0) {
        mqc_draws_shifted_normals(where, MQC_STREAM_ATTEMPT(MQC_STREAM_CELL, OF_CELLS + 2 * p),
                                  MQC_FOR_LIFE, 0, n, z);
        mqc_device_kernels()->lognormal(n, (float)s, z, z);
        for (size_t i = 0; i < n; i++)
            values[i] *= z[i];
    }
    if (c->normal[p] > 0) {
        mqc_draws_shifted_normals(where, MQC_STREAM_ATTEMPT(MQC_STREAM_CELL, OF_CELLS + 2 * p + 1),
                                  MQC_FOR_LIFE, 0, n, z);
        for (size_t i = 0; i < n; i++)
            values[i] += (float)c->normal[p] * z[i];
    }
}

/* Rows of a train, CHUNK apart: bounds and parameters are the function's, and stand together. */
enum { UP, DOWN, NOISE, LO, HI, OWN, ROWS = OWN + PARAMETERS };

/* Cells that have pulses left, in their order. */
struct train {
    size_t n;
    uint32_t place[CHUNK]; /* where each is in the set */
    uint64_t cells[CHUNK], draws[CHUNK];
    int32_t left[CHUNK]; /* pulses, of either sign */
    float g[CHUNK];
    float rows[ROWS * CHUNK];
};

static void fill_rows(const memqc_device *d, const struct mqc_cell_set *set, float *rows) {
    const struct mqc_cell_arrays *own = set->own;
    const float nominal[] = {[UP] = d->pulse.up.step,
                             [DOWN] = d->pulse.down.step,
                             [NOISE] = 1,
                             [LO] = d->pulse.lo,
                             [HI] = d->pulse.hi};
    const float *const of_cells[] = {[UP] = own ? own->up : NULL,
                                     [DOWN] = own ? own->down : NULL,
                                     [NOISE] = own ? own->noise : NULL,
                                     [LO] = own ? own->lo : NULL,
                                     [HI] = own ? own->hi : NULL};
    for (size_t r = 0; r < OWN; r++)
        for (size_t i = 0; i < set->n; i++)
            rows[r * CHUNK + i] = own ? of_cells[r][i] : nominal[r];
    for (size_t p = 0; p < d->custom.n; p++)
        mqc_custom_parameter(d, p, set->where, set->n, rows + (OWN + p) * CHUNK);
}

static void begin(const memqc_device *d, const struct mqc_cell_set *set, struct train *train) {
    const struct mqc_draws *where = set->where;
    train->n = set->n;
    for (size_t i = 0; i < set->n; i++) {
        train->place[i] = (uint32_t)i;
        train->cells[i] = where->cells ? where->cells[i] : where->cell + i;
        train->draws[i] = where->cells ? where->draws[i] : where->draw;
        train->g[i] = set->state[i];
    }
    fill_rows(d, set, train->rows);
}

/* Moves the cells that have pulses left together; gives the others back. */
static void shrink(const memqc_device *d, const struct mqc_cell_set *set, struct train *train) {
    const size_t rows = OWN + d->custom.n;
    size_t m = 0;
    for (size_t i = 0; i < train->n; i++) {
        if (train->left[i] == 0) {
            set->state[train->place[i]] = train->g[i];
            continue;
        }
        if (m < i) {
            train->place[m] = train->place[i];
            train->cells[m] = train->cells[i];
            train->draws[m] = train->draws[i];
            train->left[m] = train->left[i];
            train->g[m] = train->g[i];
            for (size_t r = 0; r < rows; r++)
                train->rows[r * CHUNK + m] = train->rows[r * CHUNK + i];
        }
        m++;
    }
    train->n = m;
}

/* --- a pulse --- */

/* What a pulse needs and makes. */
struct round {
    float volts[CHUNK], z[CHUNK], u[CHUNK], c2c[CHUNK];
    float from[CHUNK];  /* conductances within their windows */
    float to[CHUNK];    /* what the function makes of them */
    float plain[CHUNK]; /* the same without noise, where steps are made even */
};

static void random_numbers(const memqc_device *d, const struct mqc_draws *where, uint32_t stream,
                           const struct train *train, struct round *round) {
    uint64_t draws[CHUNK];
    struct mqc_draws now = {where->seed, 0, 0, train->cells, draws};
    const float *noise = train->rows + NOISE * CHUNK;
    memcpy(draws, train->draws, train->n * sizeof *draws);
    mqc_draws_normals(&now, stream, 0, train->n, 0, round->z);
    mqc_draws_uniforms(&now, stream + MQC_STREAM_ATTEMPT(0, UNIFORM), 0, 0, train->n, round->u);
    for (size_t i = 0; i < train->n; i++)
        round->z[i] *= (float)d->custom.noise * noise[i];
    if (d->pulse.absolute > 0 || d->pulse.relative > 0 || d->pulse.step > 0)
        mqc_draws_normals(&now, stream + MQC_STREAM_ATTEMPT(0, NOISE_OF_C2C), 0, train->n, 0,
                          round->c2c);
    else
        memset(round->c2c, 0, sizeof round->c2c);
}

static int call_host(const memqc_device *d, const struct train *train, struct round *round) {
    const float *cells[2 + PARAMETERS];
    const float *lo = train->rows + LO * CHUNK, *hi = train->rows + HI * CHUNK;
    const size_t n = train->n;
    for (size_t r = 0; r < 2 + d->custom.n; r++)
        cells[r] = train->rows + (LO + r) * CHUNK;
    for (size_t i = 0; i < n; i++) {
        const float g = train->g[i] < lo[i] ? lo[i] : train->g[i];
        round->from[i] = g > hi[i] ? hi[i] : g;
    }
    memcpy(round->to, round->from, n * sizeof *round->to);
    if (mqc_host_call(d, n, round->volts, cells, round->z, round->u, round->to))
        return 1;
    if (d->custom.uneven == 1)
        return 0;
    memcpy(round->plain, round->from, n * sizeof *round->plain);
    return mqc_host_call(d, n, round->volts, cells, NULL, NULL, round->plain);
}

/* The step without noise, moved from its mean: of the direction that it has, or 0. */
static float made_even(const struct mqc_custom *c, int up, float step) {
    const float mean = (float)c->mean_step;
    const float size = mean + (float)c->uneven * ((up ? step : -step) - mean);
    const float left = size > 0 ? size : 0;
    return up ? left : -left;
}

/* What moves a cell, so that infinity is a number: a thousand windows are out of each. */
static float limited(float f, float window) {
    const float most = 1e3f * window;
    f = f > most ? most : f;
    return f < -most ? -most : f;
}

static void move_cells(const memqc_device *d, struct train *train, const struct round *round) {
    const struct mqc_custom *c = &d->custom;
    const struct mqc_pulse *p = &d->pulse;
    const float *rows = train->rows;
    for (size_t i = 0; i < train->n; i++) {
        const int up = round->volts[i] > 0;
        const float x = round->from[i], factor = rows[(size_t)(up ? UP : DOWN) * CHUNK + i];
        const float lo = rows[LO * CHUNK + i], hi = rows[HI * CHUNK + i];
        float f = limited(round->to[i] - x, hi - lo);
        if (c->uneven != 1) {
            const float plain = limited(round->plain[i] - x, hi - lo);
            f += made_even(c, up, plain) - plain;
        }
        f *= factor * (float)c->move;
        const int as_it_is = factor == 1 && c->move == 1 && c->uneven == 1;
        float next = as_it_is ? round->to[i] : x + f;
        next += rows[NOISE * CHUNK + i] * round->c2c[i] *
                sqrtf(p->absolute + p->relative * (x * x) + p->step * (f * f));
        if (isnan(next)) {
            mqc_host_note_nan(d, round->volts[i], x);
            continue;
        }
        next = next < lo ? lo : next;
        train->g[i] = next > hi ? hi : next;
    }
}

/* Pulses, their stream and their voltages. */
struct sending {
    uint32_t stream;
    double volts_up, volts_down;
};

static void charge(const memqc_device *d, const struct train *train, const struct round *round,
                   const float *before, double *cost) {
    double ups = 0, energy = 0;
    for (size_t i = 0; cost && i < train->n; i++) {
        ups += round->volts[i] > 0;
        energy += mqc_pulse_energy(d, (double)round->volts[i]) *
                  ((double)before[i] + (double)train->g[i]);
    }
    mqc_pulse_charge(d, ups, (double)train->n - ups, energy, cost);
}

static void pulse_once(const memqc_device *d, const struct mqc_cell_set *set,
                       const struct sending *sending, struct train *train) {
    struct round round;
    float before[CHUNK];
    memcpy(before, train->g, train->n * sizeof *before);
    for (size_t i = 0; i < train->n; i++)
        round.volts[i] = (float)(train->left[i] > 0 ? sending->volts_up : sending->volts_down);
    random_numbers(d, set->where, sending->stream, train, &round);
    if (call_host(d, train, &round) == 0) {
        move_cells(d, train, &round);
        charge(d, train, &round, before, set->cost);
    }
    for (size_t i = 0; i < train->n; i++) {
        train->left[i] += train->left[i] > 0 ? -1 : 1;
        train->draws[i]++;
    }
}

/* The pulses of a train whose cells know how many they get. After a fault the others are left. */
static void send(const memqc_device *d, const struct mqc_cell_set *set,
                 const struct sending *sending, struct train *train) {
    shrink(d, set, train);
    while (train->n > 0 && !mqc_host_has_fault(d)) {
        pulse_once(d, set, sending, train);
        shrink(d, set, train);
    }
    for (size_t i = 0; i < train->n; i++)
        set->state[train->place[i]] = train->g[i];
    if (set->g)
        memcpy(set->g, set->state, set->n * sizeof *set->g);
}

static struct sending sending_of(const memqc_device *d, uint32_t stream) {
    const struct sending sending = {stream, d->value[MQC_DEVICE_AT(SET_VOLTAGE)],
                                    d->value[MQC_DEVICE_AT(RESET_VOLTAGE)]};
    return sending;
}

static void pulse(const memqc_device *d, const struct mqc_cell_set *set, uint32_t stream,
                  int32_t all, const int32_t *counts) {
    const struct sending sending = sending_of(d, stream);
    struct train train;
    begin(d, set, &train);
    for (size_t i = 0; i < set->n; i++)
        train.left[i] = counts ? counts[i] : all;
    send(d, set, &sending, &train);
}

static void burst(const memqc_device *d, const struct mqc_cell_set *set, const float *counts) {
    const struct sending sending = sending_of(d, MQC_STREAM_ATTEMPT(MQC_STREAM_PULSE, BURST));
    struct train train;
    begin(d, set, &train);
    for (size_t i = 0; i < set->n; i++) {
        train.left[i] = (int32_t)counts[i];
        train.draws[i] <<= BURST_BITS;
    }
    send(d, set, &sending, &train);
}

/* The function knows its own thresholds. */
static void apply(const memqc_device *d, const struct mqc_cell_set *set, double volts) {
    const struct sending sending = {MQC_STREAM_PULSE, volts, volts};
    struct train train;
    begin(d, set, &train);
    for (size_t i = 0; i < set->n; i++)
        train.left[i] = (volts > 0) - (volts < 0);
    send(d, set, &sending, &train);
}

/* --- the nominal course --- */

/* What the function makes of a nominal cell at g, whose normal number is z; NULL: without noise. */
static double after(const memqc_device *d, int down, double g, const float *z) {
    const float volts =
        (float)d->value[down ? MQC_DEVICE_AT(RESET_VOLTAGE) : MQC_DEVICE_AT(SET_VOLTAGE)];
    const float half = 0.5f, from = (float)g;
    float to = from, means[PARAMETERS];
    const float *cells[2 + PARAMETERS] = {&d->pulse.lo, &d->pulse.hi};
    for (size_t p = 0; p < d->custom.n; p++) {
        means[p] = (float)d->custom.mean[p];
        cells[2 + p] = &means[p];
    }
    if (mqc_host_call(d, 1, &volts, cells, z, z ? &half : NULL, &to))
        return (double)from;
    if (!isnan(to))
        return (double)to;
    mqc_host_note_nan(d, volts, from);
    return (double)from;
}

static struct mqc_step_law law(const memqc_device *d, int down) {
    const struct mqc_step_law factor = {1, 0};
    (void)d, (void)down;
    return factor;
}

double mqc_custom_step(const memqc_device *d, int down, double g) {
    const double way = after(d, down, g, NULL) - (double)(float)g;
    return down ? -way : way;
}

static double shape(const memqc_device *d, int down, double y, double g) {
    const struct mqc_custom *c = &d->custom;
    const double step = mqc_custom_step(d, down, g);
    (void)y;
    return c->move * (c->uneven == 1 ? step : (double)made_even(c, 1, (float)step));
}

/* Half of what normal numbers of 1 and -1 make different, the uniform ones in the middle. */
static double scatter(const memqc_device *d, int down, double g) {
    const float z[] = {(float)d->custom.noise, -(float)d->custom.noise};
    return 0.5 * d->custom.move * d->law[down].step *
           fabs(after(d, down, g, &z[0]) - after(d, down, g, &z[1]));
}

static memqc_status look_up(const memqc_device *d, struct mqc_lookup *lookup) {
    MQC_TRY(mqc_lookup_curves(d, lookup));
    const memqc_status status = mqc_host_check(d, "a device's nominal course");
    if (status != MEMQC_OK)
        mqc_lookup_free(lookup);
    return status;
}

const struct mqc_device_ops mqc_device_custom = {
    MQC_PULSED_LAW("custom", MEMQC_DEVICE_CUSTOM),
    .prepare = mqc_pulsed_prepare,
    .look_up = look_up,
    .pulse = pulse,
    .apply = apply,
    .burst = burst,
    .kind = MQC_PULSE_TABLE, /* no kernel moves these cells */
    .law = law,
    .shape = shape,
    .scatter = scatter,
};
