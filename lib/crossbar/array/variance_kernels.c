/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. */
#include "crossbar/array/variance_kernels.h"
#include "core/math.h"

#include <math.h>
#include <string.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

static const float top = MQC_VARIANCE_TOP;
static const float least = 0x1p-60f, most = 0x1p60f; /* so that units can be multiplied */

#if defined(__AVX512BW__)
enum { VECTOR = 16, ROWS = 8, PANELS = 2 };
#elif defined(__AVX2__)
enum { VECTOR = 8, ROWS = 4, PANELS = 1 };
#else
enum { VECTOR = 4, ROWS = 2, PANELS = 1 };
#endif

typedef int32_t wholes __attribute__((vector_size(VECTOR * sizeof(int32_t))));
typedef float floats __attribute__((vector_size(VECTOR * sizeof(float))));

static inline floats load_floats(const float *from) {
    floats v;
    memcpy(&v, from, sizeof v);
    return v;
}

/* --- rounding --- */

/* The first of a pair is its low half. */
enum { LITTLE = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ };

/* What brings numbers up to `largest` to 0 .. top; 0 where they are 0, or are not to be rounded:
 * their error is infinite then. */
static inline float inverse_of(float largest, float *unit, float *error) {
    const int good = largest >= least && largest <= most;
    *unit = good ? largest / top : 0;
    *error = good || largest == 0 ? 0 : INFINITY;
    return good ? top / largest : 0;
}

/* The larger one of two that are not negative: floats are in the order of their bits, NaN behind
 * infinity. */
static inline float larger(float a, float b) {
    const uint32_t x = mqc_bits(a), y = mqc_bits(b);
    return mqc_from_bits(x > y ? x : y);
}

static void enlarge(size_t n, const float *restrict squares, float *restrict largest) {
    for (size_t j = 0; j < n; j++)
        largest[j] = larger(squares[j], largest[j]);
}

static void scale(size_t n, float *restrict largest, struct mqc_roundings of) {
    for (size_t j = 0; j < n; j++) {
        largest[j] = inverse_of(largest[j], of.unit + j, of.error + j);
        of.sum[j] = 0;
    }
}

/* Multiples of the units that `inverse` is one over; what is lost is added to the error. */
static inline wholes multiples(const float *squares, floats inverse, floats *sum, floats *error) {
    const floats magic = (floats){0} + 12582912.0f; /* see mqc_round() */
    const floats exact = (floats)((wholes)(load_floats(squares) * inverse) & (inverse > 0));
    const floats rounded = (exact + magic) - magic;
    *sum += rounded;
    *error += (floats)((wholes)(exact - rounded) & 0x7fffffff);
    return __builtin_convertvector(rounded, wholes);
}

static void pack(size_t n, const float *even, const float *odd, const float *inverse,
                 int16_t *panel, size_t size, struct mqc_roundings of) {
    for (size_t j = 0; j < n; j += VECTOR) {
        int16_t *const to = panel + j / MQC_PANEL * size + j % MQC_PANEL * 2;
        const floats by = load_floats(inverse + j);
        floats sum = load_floats(of.sum + j), error = load_floats(of.error + j);
        const wholes first = multiples(even + j, by, &sum, &error);
        const wholes second = multiples(odd + j, by, &sum, &error);
        const wholes pairs = LITTLE ? first | second << 16 : first << 16 | second;
        memcpy(to, &pairs, sizeof pairs);
        memcpy(of.sum + j, &sum, sizeof sum);
        memcpy(of.error + j, &error, sizeof error);
    }
}

static void place(size_t pairs, const int16_t *restrict squares, int16_t *restrict panel) {
    for (size_t k = 0; k < pairs; k++)
        memcpy(panel + k * MQC_PANEL_PAIR, squares + 2 * k, 2 * sizeof *squares);
}

static float largest_of(size_t n, const float *restrict squares) {
    uint32_t largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = mqc_bits(squares[i]) > largest ? mqc_bits(squares[i]) : largest;
    return mqc_from_bits(largest);
}

static struct mqc_rounding round_vector(size_t n, const float *restrict squares,
                                        int16_t *restrict out) {
    const float finer = 1024; /* errors are summed in these parts of a unit, rounded up */
    struct mqc_rounding of = {0, 0, 0};
    int32_t sum = 0, error = 0;
    const float inverse = inverse_of(largest_of(n, squares), &of.unit, &of.error);
    for (size_t i = inverse > 0 ? n : 0; i < mqc_variance_padded(n); i++)
        out[i] = 0;
    if (!(inverse > 0))
        return of;
    for (size_t i = 0; i < n; i++) {
        const float x = squares[i] * inverse, k = mqc_round(x);
        out[i] = (int16_t)k;
        sum += (int32_t)k;
        error += (int32_t)(fabsf(x - k) * finer + 0.999f);
    }
    of.sum = (float)sum;
    of.error = (float)error / finer;
    return of;
}

/* --- products --- */

/* FEW pairs fill 32 bits: 2 FEW top^2 < 2^31. DEPTH of them, of a panel, fit the first-level cache.
 * A single vector takes ALONE panels at a time. */
enum { VECTORS = MQC_PANEL / VECTOR, FEW = MQC_VARIANCE_GROUP / 2, DEPTH = 64, ALONE = 4 };

/* Pairs of 16 bits times pairs, added. */
#if defined(__AVX512BW__)
#define MULTIPLY(a, b) ((wholes)_mm512_madd_epi16((__m512i)(a), (__m512i)(b)))
#elif defined(__AVX2__)
#define MULTIPLY(a, b) ((wholes)_mm256_madd_epi16((__m256i)(a), (__m256i)(b)))
#elif defined(__SSE2__)
#define MULTIPLY(a, b) ((wholes)_mm_madd_epi16((__m128i)(a), (__m128i)(b)))
#else
static inline wholes multiply_pairs(wholes a, wholes b) {
    int16_t x[2 * VECTOR], y[2 * VECTOR];
    wholes sum;
    memcpy(x, &a, sizeof x);
    memcpy(y, &b, sizeof y);
    for (size_t i = 0; i < VECTOR; i++)
        sum[i] = x[2 * i] * y[2 * i] + x[2 * i + 1] * y[2 * i + 1];
    return sum;
}
#define MULTIPLY(a, b) multiply_pairs((a), (b))
#endif

static inline wholes load(const int16_t *from) {
    wholes v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline wholes pair_of(const int16_t *from) {
    int32_t pair;
    memcpy(&pair, from, sizeof pair);
    return (wholes){0} + pair;
}

struct block {
    size_t pairs;
    const int16_t *x;
    size_t ldx;
    const int16_t *panel;
    size_t size;
    int add; /* to what is there? */
    float *out;
    size_t ldo;
};

/* FEW pairs of a vector with those of some outputs. */
MQC_INLINE floats part_of(const wholes x[FEW], const int16_t *panel) {
    wholes part = {0};
    for (size_t q = 0; q < FEW; q++)
        part += MULTIPLY(x[q], load(panel + q * MQC_PANEL_PAIR));
    return __builtin_convertvector(part, floats);
}

MQC_INLINE void multiply_block(const struct block *b, size_t rows, size_t panels) {
    floats sum[ROWS][ALONE][VECTORS];
    for (size_t r = 0; r < rows; r++)
        for (size_t p = 0; p < panels; p++)
            for (size_t v = 0; v < VECTORS; v++)
                sum[r][p][v] = (floats){0};
    for (size_t k = 0; k < b->pairs; k += FEW) {
        for (size_t r = 0; r < rows; r++) {
            wholes x[FEW];
            for (size_t q = 0; q < FEW; q++)
                x[q] = pair_of(b->x + r * b->ldx + 2 * (k + q));
            for (size_t p = 0; p < panels; p++)
                for (size_t v = 0; v < VECTORS; v++)
                    sum[r][p][v] +=
                        part_of(x, b->panel + p * b->size + k * MQC_PANEL_PAIR + 2 * v * VECTOR);
        }
    }
    for (size_t r = 0; r < rows; r++) {
        for (size_t p = 0; p < panels; p++) {
            for (size_t v = 0; v < VECTORS; v++) {
                float *const to = b->out + r * b->ldo + p * MQC_PANEL + v * VECTOR;
                floats all = {0};
                if (b->add)
                    memcpy(&all, to, sizeof all);
                all += sum[r][p][v];
                memcpy(to, &all, sizeof all);
            }
        }
    }
}

/* All vectors with panels that stand side by side, `rows` of them at a time. */
MQC_INLINE void multiply_panels(size_t n, struct block b, size_t rows, size_t panels) {
    size_t s = 0;
    for (; s + rows <= n; s += rows) {
        multiply_block(&b, rows, panels);
        b.x += rows * b.ldx;
        b.out += rows * b.ldo;
    }
    for (; s < n; s++) {
        multiply_block(&b, 1, panels);
        b.x += b.ldx;
        b.out += b.ldo;
    }
}

static void multiply(size_t n, size_t pairs, const int16_t *x, size_t ldx, size_t panels,
                     const int16_t *panel, size_t size, float *out, size_t ldo) {
    const size_t most_panels = n < ROWS ? ALONE : PANELS;
    for (size_t p = 0, width; p < panels; p += width) {
        width = p + most_panels <= panels ? most_panels : 1;
        for (size_t k = 0; k < pairs; k += DEPTH) {
            const struct block b = {.pairs = pairs - k < DEPTH ? pairs - k : DEPTH,
                                    .x = x + 2 * k,
                                    .ldx = ldx,
                                    .panel = panel + p * size + k * MQC_PANEL_PAIR,
                                    .size = size,
                                    .add = k > 0,
                                    .out = out + p * MQC_PANEL,
                                    .ldo = ldo};
            if (width == 1)
                multiply_panels(n, b, ROWS, 1);
            else if (n < ROWS)
                multiply_panels(n, b, 1, ALONE);
            else
                multiply_panels(n, b, ROWS, PANELS);
        }
    }
}

static inline float smaller(float a, float b) {
    return a < b ? a : b;
}

static int finish(size_t n, struct mqc_rounding of, struct mqc_roundings by, float *restrict var) {
    const float half = 0.5f, allowed = 0.0095f; /* leaves 5 % for what is rounded here */
    const float *restrict unit = by.unit, *restrict sum = by.sum, *restrict error = by.error;
    int beyond = 0;
    for (size_t j = 0; j < n; j++) {
        const float first = smaller(half * sum[j], top * of.error),
                    second = smaller(half * of.sum, top * error[j]),
                    both = half * smaller(of.error, error[j]);
        beyond += !(first + second + both <= allowed * var[j]);
        var[j] *= of.unit * unit[j];
    }
    return !beyond;
}

const struct mqc_variance_kernels MQC_KERNEL(mqc_variance_kernels) = {
    enlarge, scale, pack, place, round_vector, multiply, finish};
