/* SPDX-License-Identifier: BSD-3-Clause */
/* A fit by formula is normal about its estimates; memqc_device_fit_draw() draws from that. A table
 * has no such errors: devices are drawn with replacement, then cycles of each, and fitted anew
 * (Efron 1979). A few cycles are too few for that. Where the fit cannot tell two models apart, half
 * of the devices are of either. */
#include "likely.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_CYCLES = 4, ATTEMPTS = 20 };

static double told(const memqc_device *device, int32_t what) {
    double value = 0;
    return memqc_device_fit_value(device, what, MEMQC_DEVICE_FIT_BEST, &value) == MEMQC_OK ? value
                                                                                           : 0;
}

/* The model that memqc_device_fit() takes for a candidate. */
static int32_t model_of(double candidate) {
    const int32_t number = (int32_t)candidate;
    const int quantized = number >= MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT &&
                          number <= MEMQC_DEVICE_FIT_QUANTIZED_PROPORTIONAL;
    return quantized ? MEMQC_DEVICE_QUANTIZED : number;
}

static memqc_status fit(const struct curves *c, int32_t model, memqc_device **out) {
    const int32_t *const columns[] = {c->device, c->cycle, c->pulse, c->direction, c->read};
    return memqc_device_fit(model, c->n, 5, columns, c->g, NULL, NULL, out);
}

/* --- cycles --- */

static const struct curves *sorted;

static int by_cycle(const void *a, const void *b) {
    const size_t i = *(const size_t *)a, j = *(const size_t *)b;
    if (sorted->device[i] != sorted->device[j])
        return sorted->device[i] < sorted->device[j] ? -1 : 1;
    if (sorted->cycle[i] != sorted->cycle[j])
        return sorted->cycle[i] < sorted->cycle[j] ? -1 : 1;
    return (i > j) - (i < j);
}

static int same_device(const struct likely *l, size_t a, size_t b) {
    return l->curves->device[l->row[l->cycle[a]]] == l->curves->device[l->row[l->cycle[b]]];
}

static int find_cycles(struct likely *l) {
    const struct curves *const c = l->curves;
    l->row = calloc(c->n + 1, sizeof *l->row);
    l->cycle = calloc(c->n + 1, sizeof *l->cycle);
    if (!l->row || !l->cycle)
        return -1;
    for (size_t i = 0; i < c->n; i++)
        l->row[i] = i;
    sorted = c;
    qsort(l->row, c->n, sizeof *l->row, by_cycle);
    for (size_t i = 0; i < c->n; i++) {
        const size_t now = l->row[i], before = i ? l->row[i - 1] : 0;
        if (i == 0 || c->device[now] != c->device[before] || c->cycle[now] != c->cycle[before])
            l->cycle[l->n_cycles++] = i;
    }
    l->cycle[l->n_cycles] = c->n;
    return 0;
}

/* --- bootstrap --- */

/* Below n; splitmix64 (Steele, Lea and Flood 2014). */
static size_t below(uint64_t *state, size_t n) {
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (size_t)((z ^ z >> 31) % n);
}

static void add_cycle(const struct likely *l, size_t cycle, int32_t device, int32_t number,
                      struct curves *to) {
    for (size_t i = l->cycle[cycle]; i < l->cycle[cycle + 1]; i++, to->n++) {
        const size_t row = l->row[i];
        to->device[to->n] = device;
        to->cycle[to->n] = number;
        to->pulse[to->n] = l->curves->pulse[row];
        to->direction[to->n] = l->curves->direction[row];
        to->g[to->n] = l->curves->g[row];
        if (to->read)
            to->read[to->n] = l->curves->read[row];
    }
}

/* As many devices as there are, and as many cycles of each as it has, while there is room. */
static void resample(const struct likely *l, uint64_t *state, size_t room, struct curves *to) {
    int32_t device = 0;
    to->n = 0;
    for (size_t one = 0; one < l->n_cycles; device++) {
        size_t first = below(state, l->n_cycles), n = 0;
        while (first > 0 && same_device(l, first, first - 1))
            first--;
        while (first + n < l->n_cycles && same_device(l, first, first + n))
            n++;
        for (size_t i = 0; i < n; i++) {
            const size_t cycle = first + below(state, n),
                         rows = l->cycle[cycle + 1] - l->cycle[cycle];
            if (to->n + rows <= room)
                add_cycle(l, cycle, device, (int32_t)i, to);
        }
        size_t next = one; /* the same number of devices */
        while (next < l->n_cycles && same_device(l, one, next))
            next++;
        one = next;
    }
}

static memqc_status bootstrap(const struct likely *l, uint64_t number, memqc_device **out) {
    const size_t room = 2 * l->curves->n; /* cycles differ in length */
    uint64_t state = l->seed * 1000003 + number;
    int32_t *const columns = calloc(5 * room, sizeof *columns);
    float *const g = calloc(room, sizeof *g);
    struct curves drawn = {.device = columns,
                           .cycle = columns + room,
                           .pulse = columns + 2 * room,
                           .direction = columns + 3 * room,
                           .read = l->curves->read ? columns + 4 * room : NULL,
                           .g = g};
    memqc_status status = MEMQC_ERROR_NOMEM;
    for (int i = 0; i < ATTEMPTS && status != MEMQC_OK && columns && g; i++) {
        resample(l, &state, room, &drawn);
        status = fit(&drawn, model_of(told(l->fitted, MEMQC_DEVICE_FIT_CANDIDATE)), out);
    }
    free(columns);
    free(g);
    return status;
}

/* --- devices --- */

memqc_status likely_make(struct likely *likely, const struct curves *curves,
                         const memqc_device *fitted, uint64_t seed) {
    memqc_device *drawn = NULL;
    *likely = (struct likely){.curves = curves, .fitted = fitted, .seed = seed};
    if (find_cycles(likely))
        return MEMQC_ERROR_NOMEM;
    const int32_t taken = model_of(told(fitted, MEMQC_DEVICE_FIT_CANDIDATE)),
                  other = model_of(told(fitted, MEMQC_DEVICE_FIT_RUNNER_UP));
    /* Of a table the errors of its entries are not known, which those of its noise do not make up
     * for. */
    const int partial = taken == MEMQC_DEVICE_TABLE;
    if (!partial && memqc_device_fit_draw(fitted, seed, 0, &drawn) == MEMQC_OK)
        likely->way = LIKELY_POSTERIOR;
    else
        likely->way = likely->n_cycles < LEAST_CYCLES ? LIKELY_UNKNOWN : LIKELY_BOOTSTRAP;
    memqc_device_destroy(&drawn);
    if (likely->way != LIKELY_POSTERIOR || other == taken || other == 0 ||
        told(fitted, MEMQC_DEVICE_FIT_VERDICT) != MEMQC_DEVICE_FIT_VERDICT_AMBIGUOUS)
        return MEMQC_OK;
    return fit(curves, other, &likely->other);
}

memqc_status likely_draw(const struct likely *likely, uint64_t number, memqc_device **out) {
    if (likely->other && number % 2 == 1 &&
        memqc_device_fit_draw(likely->other, likely->seed, number, out) == MEMQC_OK)
        return MEMQC_OK;
    switch (likely->way) {
    case LIKELY_POSTERIOR:
        return memqc_device_fit_draw(likely->fitted, likely->seed, number, out);
    case LIKELY_BOOTSTRAP:
        return bootstrap(likely, number, out);
    default:
        return memqc_device_copy(likely->fitted, out);
    }
}

void likely_free(struct likely *likely) {
    memqc_device_destroy(&likely->other);
    free(likely->cycle);
    free(likely->row);
    *likely = (struct likely){.way = LIKELY_UNKNOWN};
}
