/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. */
#include "rng/normal.h"
#include "rng/philox.h"
#include "rng/rng.h"

#include <string.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

enum { GROUP = 64, BLOCKS = 16 };

#if defined(__AVX512F__)
typedef uint64_t lanes __attribute__((vector_size(64)));
typedef uint32_t half_lanes __attribute__((vector_size(32)));
#define MULTIPLY(a, b) ((lanes)_mm512_mul_epu32((__m512i)(a), (__m512i)(b)))
#elif defined(__AVX2__)
typedef uint64_t lanes __attribute__((vector_size(32)));
typedef uint32_t half_lanes __attribute__((vector_size(16)));
#define MULTIPLY(a, b) ((lanes)_mm256_mul_epu32((__m256i)(a), (__m256i)(b)))
#elif defined(__SSE2__)
typedef uint64_t lanes __attribute__((vector_size(16)));
typedef uint32_t half_lanes __attribute__((vector_size(8)));
#define MULTIPLY(a, b) ((lanes)_mm_mul_epu32((__m128i)(a), (__m128i)(b)))
#endif

#ifdef MULTIPLY
/* Philox in 64-bit lanes. The one thing that GCC does not find by itself is the instruction that
 * multiplies the low halves of two lanes; it ignores their high halves, so these may hold anything.
 * */
enum { LANES = sizeof(lanes) / sizeof(uint64_t) };

static inline void lanes_philox(lanes c[4], uint32_t key0, uint32_t key1) {
    const lanes zero = {0}, m0 = zero + 0xD2511F53u, m1 = zero + 0xCD9E8D57u;
    for (int round = 0; round < 10; round++) {
        const lanes p0 = MULTIPLY(m0, c[0]), p1 = MULTIPLY(m1, c[2]);
        c[0] = (p1 >> 32) ^ c[1] ^ (zero + key0);
        c[1] = p1;
        c[2] = (p0 >> 32) ^ c[3] ^ (zero + key1);
        c[3] = p0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
}

static inline void group_words(const struct mqc_rng *rng, uint64_t group, uint64_t draw,
                               uint32_t out[GROUP]) {
    const lanes zero = {0};
    lanes number;
    for (int i = 0; i < LANES; i++)
        number[i] = group * BLOCKS + (uint64_t)i;
    for (int b = 0; b < BLOCKS; b += LANES) {
        lanes c[4] = {number + (uint64_t)b, zero + draw, zero + (draw >> 32), zero + rng->stream};
        lanes_philox(c, rng->key[0], rng->key[1]);
        for (int word = 0; word < 4; word++) {
            const half_lanes w = __builtin_convertvector(c[word], half_lanes);
            memcpy(out + word * BLOCKS + b, &w, sizeof w);
        }
    }
}
#else
static inline void group_words(const struct mqc_rng *rng, uint64_t group, uint64_t draw,
                               uint32_t out[GROUP]) {
    for (uint32_t b = 0; b < BLOCKS; b++) {
        const uint32_t counter[4] = {(uint32_t)(group * BLOCKS) + b, (uint32_t)draw,
                                     (uint32_t)(draw >> 32), rng->stream};
        uint32_t word[4];
        mqc_philox(counter, rng->key, word);
        for (int i = 0; i < 4; i++)
            out[i * BLOCKS + (int)b] = word[i];
    }
}
#endif

static inline void uniforms_of(const uint32_t words[GROUP], float out[GROUP]) {
    for (int i = 0; i < GROUP; i++)
        out[i] = (float)(int32_t)(words[i] >> 8) * 0x1p-24f;
}

static inline void group_uniform(const struct mqc_rng *rng, uint64_t group, uint64_t draw,
                                 float out[GROUP]) {
    uint32_t words[GROUP];
    group_words(rng, group, draw, words);
    uniforms_of(words, out);
}

static inline void normals_of(const uint32_t words[GROUP], float out[GROUP]) {
    for (int pair = 0; pair < GROUP; pair += 2 * BLOCKS) {
        for (int b = 0; b < BLOCKS; b++) {
            const float radius = mqc_normal_radius(words[pair + b]);
            float cosine, sine;
            mqc_normal_angle(words[pair + BLOCKS + b], &cosine, &sine);
            out[pair + b] = radius * cosine;
            out[pair + BLOCKS + b] = radius * sine;
        }
    }
}

static inline void group_normal(const struct mqc_rng *rng, uint64_t group, uint64_t draw,
                                float out[GROUP]) {
    uint32_t words[GROUP];
    group_words(rng, group, draw, words);
    normals_of(words, out);
}

/* Whole groups go straight to out; the groups that the range cuts at its ends go through a buffer.
 * */
#define FILL(name, type, group_function)                                                  \
    static void name(const struct mqc_rng *rng, uint64_t cell, uint64_t draw, size_t n,   \
                     type *out) {                                                         \
        type edge[GROUP];                                                                 \
        while (n) {                                                                       \
            const size_t skip = cell % GROUP, take = GROUP - skip < n ? GROUP - skip : n; \
            if (take == GROUP) {                                                          \
                group_function(rng, cell / GROUP, draw, out);                             \
            } else {                                                                      \
                group_function(rng, cell / GROUP, draw, edge);                            \
                memcpy(out, edge + skip, take * sizeof *out);                             \
            }                                                                             \
            out += take;                                                                  \
            cell += take;                                                                 \
            n -= take;                                                                    \
        }                                                                                 \
    }

FILL(fill_words, uint32_t, group_words)
FILL(fill_some_uniform, float, group_uniform)
FILL(fill_some_normal, float, group_normal)

/* The words of several groups come before their numbers: no vector is read that was just written by
 * halves. `some` does what is left. */
enum { SOME = 4 };
#define FILL_FAST(name, some, numbers_of)                                                        \
    static void name(const struct mqc_rng *rng, uint64_t cell, uint64_t draw, size_t n,          \
                     float *out) {                                                               \
        uint32_t words[SOME * GROUP];                                                            \
        const size_t skip = (GROUP - cell % GROUP) % GROUP, before = skip < n ? skip : n;        \
        some(rng, cell, draw, before, out);                                                      \
        for (cell += before, out += before, n -= before; n >= SOME * GROUP; n -= SOME * GROUP) { \
            for (uint64_t k = 0; k < SOME; k++)                                                  \
                group_words(rng, cell / GROUP + k, draw, words + k * GROUP);                     \
            for (int k = 0; k < SOME; k++)                                                       \
                numbers_of(words + k * GROUP, out + k * GROUP);                                  \
            cell += SOME * GROUP;                                                                \
            out += SOME * GROUP;                                                                 \
        }                                                                                        \
        some(rng, cell, draw, n, out);                                                           \
    }

FILL_FAST(fill_uniform, fill_some_uniform, uniforms_of)
FILL_FAST(fill_normal, fill_some_normal, normals_of)

/* As group_words(), for BLOCKS cells of any numbers and draws: the two words of each cell's pair.
 * */
static inline void list_words(const struct mqc_rng *rng, const uint64_t cells[BLOCKS],
                              const uint64_t draws[BLOCKS], uint32_t radius[BLOCKS],
                              uint32_t angle[BLOCKS]) {
#ifdef MULTIPLY
    const lanes zero = {0};
    for (int b = 0; b < BLOCKS; b += LANES) {
        lanes cell, draw;
        memcpy(&cell, cells + b, sizeof cell);
        memcpy(&draw, draws + b, sizeof draw);
        lanes c[4] = {(cell >> 6) * BLOCKS + (cell & 15), draw, draw >> 32, zero + rng->stream};
        lanes_philox(c, rng->key[0], rng->key[1]);
        const lanes second = zero - ((cell >> 5) & 1);
        const half_lanes r =
            __builtin_convertvector((c[0] & ~second) | (c[2] & second), half_lanes);
        const half_lanes a =
            __builtin_convertvector((c[1] & ~second) | (c[3] & second), half_lanes);
        memcpy(radius + b, &r, sizeof r);
        memcpy(angle + b, &a, sizeof a);
    }
#else
    for (int b = 0; b < BLOCKS; b++) {
        const uint32_t counter[4] = {(uint32_t)(cells[b] >> 6) * BLOCKS + (uint32_t)(cells[b] & 15),
                                     (uint32_t)draws[b], (uint32_t)(draws[b] >> 32), rng->stream};
        uint32_t word[4];
        mqc_philox(counter, rng->key, word);
        radius[b] = word[cells[b] >> 4 & 2];
        angle[b] = word[(cells[b] >> 4 & 2) + 1];
    }
#endif
}

/* A number of a cell from the two words of its pair. */
static inline float list_normal(uint64_t cell, uint32_t radius, uint32_t angle) {
    const uint32_t odd = 0u - ((uint32_t)(cell >> 4) & 1u);
    float cosine, sine;
    mqc_normal_angle(angle, &cosine, &sine);
    return mqc_normal_radius(radius) *
           mqc_from_bits((mqc_bits(cosine) & ~odd) | (mqc_bits(sine) & odd));
}

static inline float list_uniform(uint64_t cell, uint32_t even, uint32_t odd) {
    const uint32_t second = 0u - ((uint32_t)(cell >> 4) & 1u);
    return (float)(int32_t)(((even & ~second) | (odd & second)) >> 8) * 0x1p-24f;
}

/* The words of many cells come before their numbers: no vector is read that was just written by
 * halves. What is left over is filled up with cells 0. */
#define FILL_LIST(name, number)                                                               \
    static void name(const struct mqc_rng *rng, const uint64_t *cells, const uint64_t *draws, \
                     size_t n, float *out) {                                                  \
        uint64_t cell[GROUP], draw[GROUP];                                                    \
        uint32_t first[GROUP], second[GROUP];                                                 \
        float numbers[GROUP];                                                                 \
        for (; n >= GROUP; n -= GROUP, cells += GROUP, draws += GROUP, out += GROUP) {        \
            for (size_t b = 0; b < GROUP; b += BLOCKS)                                        \
                list_words(rng, cells + b, draws + b, first + b, second + b);                 \
            for (size_t i = 0; i < GROUP; i++)                                                \
                out[i] = number(cells[i], first[i], second[i]);                               \
        }                                                                                     \
        const size_t room = (n + BLOCKS - 1) / BLOCKS * BLOCKS;                               \
        for (size_t i = 0; i < room; i++) {                                                   \
            cell[i] = i < n ? cells[i] : 0;                                                   \
            draw[i] = i < n ? draws[i] : 0;                                                   \
        }                                                                                     \
        for (size_t b = 0; b < room; b += BLOCKS)                                             \
            list_words(rng, cell + b, draw + b, first + b, second + b);                       \
        for (size_t i = 0; i < room; i++)                                                     \
            numbers[i] = number(cell[i], first[i], second[i]);                                \
        memcpy(out, numbers, n * sizeof *out);                                                \
    }

FILL_LIST(fill_normal_list, list_normal)
FILL_LIST(fill_uniform_list, list_uniform)

const struct mqc_rng_kernels MQC_KERNEL(mqc_rng_kernels) = {
    fill_words, fill_uniform, fill_normal, fill_normal_list, fill_uniform_list,
};
