/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes as choices, numbers and arrays. */
#include "fuzz.h"

#include <float.h>
#include <math.h>

enum { GUARD = 0x5a };

uint8_t take_byte(struct fuzz *f) {
    return f->at < f->end ? *f->at++ : 0;
}

size_t take_below(struct fuzz *f, size_t bound) {
    size_t value = take_byte(f);
    if (bound > 256)
        value = value << 8 | take_byte(f);
    return value % bound;
}

int take_rarely(struct fuzz *f) {
    return take_byte(f) % 32 == 31;
}

static void take_bytes(struct fuzz *f, void *to, size_t n) {
    unsigned char *bytes = to;
    for (size_t i = 0; i < n; i++)
        bytes[i] = take_byte(f);
}

double take_number(struct fuzz *f) {
    static const double odd[] = {0,         -0.0,    1,       -1,       0.5,    2,     INFINITY,
                                 -INFINITY, NAN,     DBL_MAX, 1e-310,   5e-324, 1e-45, 1e-38,
                                 FLT_MAX,   FLT_MIN, DBL_MIN, -DBL_MAX, 1e30,   1e-30, 1e10,
                                 -1e10,     4096,    32.5,    1e6,      1e9,    4.3e9, 1e19,
                                 -1e19,     0x1p63,  0x1p24,  1e-6};
    double number;
    const uint8_t kind = take_byte(f);
    if (kind < 100)
        return odd[kind % COUNT(odd)];
    if (kind < 150)
        return (double)take_byte(f) - 16;
    if (kind < 220)
        return (double)take_byte(f) / 128 - 1;
    take_bytes(f, &number, sizeof number);
    return number;
}

static float to_float(double number) {
    if (isnan(number))
        return NAN;
    return fabs(number) > FLT_MAX ? (float)copysign(INFINITY, number) : (float)number;
}

uint64_t take_wide(struct fuzz *f) {
    static const uint64_t ends[] = {
        UINT32_MAX,        UINT64_C(1) << 32,       (UINT64_C(1) << 34) - 4,
        UINT64_C(1) << 34, (UINT64_C(1) << 40) - 1, UINT64_C(1) << 40,
        UINT64_C(1) << 62, UINT64_MAX - 2,          UINT64_MAX};
    const uint8_t kind = take_byte(f);
    if (kind < 200)
        return kind;
    if (kind < 245)
        return ends[kind % COUNT(ends)];
    uint64_t wide;
    take_bytes(f, &wide, sizeof wide);
    return wide;
}

int32_t take_int(struct fuzz *f) {
    static const int32_t ends[] = {INT32_MIN,     INT32_MIN + 1, INT32_MAX,
                                   INT32_MAX - 1, 1 << 20,       -65};
    const uint8_t kind = take_byte(f);
    if (kind < 210)
        return (int32_t)kind - 64;
    if (kind < 240)
        return ends[kind % COUNT(ends)];
    int32_t value;
    take_bytes(f, &value, sizeof value);
    return value;
}

/* --- memory --- */

void *make_room(struct fuzz *f, size_t bytes) {
    MUST(f->n_kept < MOST_KEPT, "too much memory for one call");
    void *room = malloc(bytes ? bytes : 1);
    MUST(room, "no memory: %zu bytes", bytes);
    memset(room, GUARD, bytes ? bytes : 1);
    return f->kept[f->n_kept++] = room;
}

void drop_rooms(struct fuzz *f) {
    while (f->n_kept)
        free(f->kept[--f->n_kept]);
}

/* xorshift64 (Marsaglia), so that few bytes fill a whole array. */
static double next_fraction(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 11) * 0x1p-53;
}

static void fill(struct fuzz *f, size_t n, float *x, double least, double most) {
    const uint8_t kind = take_byte(f);
    uint64_t state = UINT64_C(0x9e3779b97f4a7c15) * (kind + 1u);
    const double factor = kind >= 180 && kind < 220 ? take_number(f) : 1;
    for (size_t i = 0; i < n; i++)
        x[i] = to_float(factor * (least + (most - least) * next_fraction(&state)));
    if (kind >= 220 && kind < 250 && n)
        x[take_below(f, n)] = to_float(take_number(f));
    for (size_t i = 0; i < n && kind >= 250; i++)
        x[i] = to_float(take_number(f));
}

float *take_floats(struct fuzz *f, size_t n) {
    float *x = make_room(f, n * sizeof *x);
    fill(f, n, x, -1, 1);
    return x;
}

float *take_conductances(struct fuzz *f, size_t n) {
    float *g = make_room(f, n * sizeof *g);
    fill(f, n, g, 0, 1e-4);
    return g;
}

int32_t *take_ints(struct fuzz *f, size_t n, int32_t least, int32_t most) {
    int32_t *values = make_room(f, n * sizeof *values);
    const uint8_t kind = take_byte(f);
    uint64_t state = UINT64_C(0x9e3779b97f4a7c15) * (kind + 1u);
    for (size_t i = 0; i < n; i++)
        values[i] = (int32_t)(least + floor(((double)most - least + 1) * next_fraction(&state)));
    if (kind >= 240 && n)
        values[take_below(f, n)] = take_int(f);
    return values;
}

size_t *take_places(struct fuzz *f, size_t n, size_t bound) {
    size_t *places = make_room(f, n * sizeof *places);
    for (size_t i = 0; i < n; i++)
        places[i] = take_below(f, bound);
    if (take_rarely(f) && n)
        places[take_below(f, n)] = (size_t)take_wide(f);
    return places;
}

size_t take_ld(struct fuzz *f, size_t width) {
    const uint8_t kind = take_byte(f);
    if (kind < 200)
        return width;
    return kind < 240 ? width + kind % 4 : width - 1 - kind % width;
}

/* Elements from the first of the first row to the last of the last. */
static size_t extent(size_t rows, size_t width, size_t ld) {
    return rows ? (rows - 1) * (ld < width ? width : ld) + width : 0;
}

float *take_matrix(struct fuzz *f, size_t rows, size_t width, size_t *ld) {
    *ld = take_ld(f, width);
    const size_t n = extent(rows, width, *ld);
    float *x = take_floats(f, n);
    for (size_t i = 0; i<n && * ld> width; i++)
        if (i % *ld >= width)
            x[i] = NAN;
    return x;
}

void *make_matrix(struct fuzz *f, size_t rows, size_t width, size_t *ld) {
    *ld = take_ld(f, width);
    return make_room(f, extent(rows, width, *ld) * sizeof(float));
}

void *or_null(struct fuzz *f, void *pointer) {
    return take_byte(f) == 0xee ? NULL : pointer;
}

/* --- what a call gave back --- */

/* FNV-1a. */
void see(struct fuzz *f, const void *bytes, size_t size) {
    const unsigned char *from = bytes;
    for (size_t i = 0; i < size; i++)
        f->seen = (f->seen ^ from[i]) * UINT64_C(1099511628211);
}

void see_matrix(struct fuzz *f, const void *values, size_t rows, size_t width, size_t ld) {
    const unsigned char *from = values;
    const size_t n = extent(rows, width, ld);
    for (size_t i = 0; i < 4 * n && ld >= width; i++)
        if (i / 4 % ld < width)
            see(f, &from[i], 1);
        else
            MUST(from[i] == GUARD, "byte %zu of a result of %zu x %zu, %zu apart", i, rows, width,
                 ld);
}
