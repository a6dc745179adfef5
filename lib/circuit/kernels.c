/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h.
 *
 * A tridiagonal matrix a_k on, -1 beside the diagonal is factored into one array, t_k = 1 / (a_k -
 * t_(k-1)), and solved by y_k = f_k + t_(k-1) y_(k-1), then x_k = t_k (y_k + x_(k+1)). */
#include "circuit/kernels.h"
#include "circuit/vector.h"

#include <string.h>

_Static_assert((int)MQC_LANES == (int)MQC_VECTOR, "a vector has a number of each");

enum { VECTORS = MQC_LINES / MQC_LANES, SUMS = 16 };

/* Forward, what lies before a cell conducts `left`; that and the cell in series with the segment
 * behind it are what lies before the next one. Only sums, products and quotients of positive
 * numbers: exact to rounding whatever the resistances are. */
static inline void factor_wires(const struct mqc_inner *inner, const double *d, double *t,
                                double *diagonal, double *source) {
    const size_t n = inner->n;
    vector left = (vector){0} + inner->first, right = (vector){0} + inner->last, carry = {0},
           p = {0};
    for (size_t j = 0; j < n; j++) {
        const vector y = carry + (j == 0 ? inner->first : 0.0) + (j + 1 == n ? inner->last : 0.0);
        const vector node = left + inner->ratio * load(d + j * MQC_LINES);
        const vector pivot = 1.0 / (node + (j + 1 == n ? inner->last : 1.0));
        store(t + j * MQC_LINES, pivot);
        store(source + j * MQC_LINES, y);
        store(diagonal + j * MQC_LINES, left);
        left = node * pivot;
        carry = pivot * y;
    }
    for (size_t j = n; j-- > 0;) {
        const vector cell = load(d + j * MQC_LINES);
        const vector seen = (load(diagonal + j * MQC_LINES) + right) /
                            inner->ratio; /* what the cell sees of its line */
        const vector node = right + inner->ratio * cell;
        right = node / (node + 1.0);
        p = load(t + j * MQC_LINES) * (load(source + j * MQC_LINES) + p);
        store(diagonal + j * MQC_LINES, cell * seen / (cell + seen));
        store(source + j * MQC_LINES, cell * p);
    }
}

static inline void factor_node(const struct mqc_inner *inner, const double *d, double *t,
                               double *diagonal, double *source) {
    vector sum = (vector){0} + inner->first;
    for (size_t j = 0; j < inner->n; j++)
        sum += load(d + j * MQC_LINES);
    const vector inverse = 1.0 / sum;
    for (size_t j = 0; j < inner->n; j++) {
        const vector cell = load(d + j * MQC_LINES);
        store(t + j * MQC_LINES, inverse);
        store(diagonal + j * MQC_LINES, cell * (sum - cell) * inverse);
        store(source + j * MQC_LINES, cell * inner->first * inverse);
    }
}

static void factor(const struct mqc_inner *inner, const double *d, double *t, double *diagonal,
                   double *source) {
    for (size_t v = 0; v < MQC_LINES; v += MQC_LANES) {
        if (inner->line == MQC_LINE_WIRE)
            factor_wires(inner, d + v, t + v, diagonal + v, source + v);
        else if (inner->line == MQC_LINE_NODE)
            factor_node(inner, d + v, t + v, diagonal + v, source + v);
    }
    if (inner->line == MQC_LINE_SOURCE) {
        memcpy(diagonal, d, inner->n * MQC_LINES * sizeof *d);
        memcpy(source, d, inner->n * MQC_LINES * sizeof *d);
    }
}

static void factor_outer(const struct mqc_outer *outer, const double *diagonal, double *t) {
    enum { WIDTH = 64 };
    for (size_t at = 0; at < outer->n; at += WIDTH) {
        const size_t width = outer->n - at < WIDTH ? outer->n - at : WIDTH;
        double above[WIDTH];
        for (size_t j = 0; j < width; j++)
            above[j] = outer->first;
        for (size_t i = 0; i < outer->rows; i++) {
            const double below = i + 1 == outer->rows ? outer->last : 1.0;
            for (size_t j = 0; j < width; j++) {
                const double node = above[j] + diagonal[i * outer->n + at + j],
                             pivot = 1.0 / (node + below);
                t[i * outer->n + at + j] = pivot;
                above[j] = node * pivot;
            }
        }
    }
}

static inline void eliminate_wires(const struct mqc_inner *inner, const double *d, const double *t,
                                   double *b, double *y) {
    vector carry[VECTORS] = {{0}}, w[VECTORS] = {{0}};
    for (size_t j = 0; j < inner->n; j++) {
        for (size_t v = 0; v < VECTORS; v++) {
            const size_t at = j * MQC_LINES + v * MQC_LANES;
            const vector sum = inner->ratio * load(d + at) * load(b + at) + carry[v];
            carry[v] = load(t + at) * sum;
            store(y + at, sum);
        }
    }
    for (size_t j = inner->n; j-- > 0;) {
        for (size_t v = 0; v < VECTORS; v++) {
            const size_t at = j * MQC_LINES + v * MQC_LANES;
            w[v] = load(t + at) * (load(y + at) + w[v]);
            store(b + at, load(d + at) * (load(b + at) - w[v]));
        }
    }
}

static void eliminate(const struct mqc_inner *inner, const double *d, const double *t, double *b,
                      double *y) {
    if (inner->line == MQC_LINE_WIRE) {
        eliminate_wires(inner, d, t, b, y);
        return;
    }
    vector w[VECTORS] = {{0}};
    for (size_t j = 0; j < inner->n && inner->line == MQC_LINE_NODE; j++)
        for (size_t v = 0; v < VECTORS; v++)
            w[v] +=
                load(d + j * MQC_LINES + v * MQC_LANES) * load(b + j * MQC_LINES + v * MQC_LANES);
    for (size_t v = 0; v < VECTORS && inner->line == MQC_LINE_NODE; v++)
        w[v] *= load(t + v * MQC_LANES);
    for (size_t j = 0; j < inner->n; j++) {
        for (size_t v = 0; v < VECTORS; v++) {
            const size_t at = j * MQC_LINES + v * MQC_LANES;
            store(b + at, load(d + at) * (load(b + at) - w[v]));
        }
    }
}

static inline void put(double *to, vector v, int add) {
    store(to, add ? load(to) + v : v);
}

static void eliminate_many(const struct mqc_inner *inner, const double *d, const double *t, int add,
                           const double *b, double *q, double *y) {
    const size_t n = inner->n;
    vector w = {0};
    if (inner->line == MQC_LINE_WIRE) {
        vector carry = {0};
        for (size_t j = 0; j < n; j++) {
            const vector sum = inner->ratio * d[j * MQC_LINES] * load(b + j * MQC_LANES) + carry;
            carry = t[j * MQC_LINES] * sum;
            store(y + j * MQC_LANES, sum);
        }
        for (size_t j = n; j-- > 0;) {
            w = t[j * MQC_LINES] * (load(y + j * MQC_LANES) + w);
            put(q + j * MQC_LANES, d[j * MQC_LINES] * (load(b + j * MQC_LANES) - w), add);
        }
        return;
    }
    for (size_t j = 0; j < n && inner->line == MQC_LINE_NODE; j++)
        w += d[j * MQC_LINES] * load(b + j * MQC_LANES);
    if (inner->line == MQC_LINE_NODE)
        w *= t[0];
    for (size_t j = 0; j < n; j++)
        put(q + j * MQC_LANES, d[j * MQC_LINES] * (load(b + j * MQC_LANES) - w), add);
}

/* to[k][l] = from[l][k] for eight of each; rows are so far apart. */
static inline void turn(const double *from, size_t from_step, double *to, size_t to_step, int add) {
#if defined(__AVX512F__) && defined(__GNUC__) && !defined(__clang__)
    typedef long long order __attribute__((vector_size(sizeof(vector))));
    static const order pairs[2] = {{0, 8, 2, 10, 4, 12, 6, 14}, {1, 9, 3, 11, 5, 13, 7, 15}},
                       fours[2] = {{0, 1, 8, 9, 4, 5, 12, 13}, {2, 3, 10, 11, 6, 7, 14, 15}},
                       halves[2] = {{0, 1, 2, 3, 8, 9, 10, 11}, {4, 5, 6, 7, 12, 13, 14, 15}};
    vector a[MQC_LANES], b[MQC_LANES];
#pragma GCC unroll 8
    for (size_t l = 0; l < MQC_LANES; l++)
        a[l] = load(from + l * from_step);
#pragma GCC unroll 8
    for (size_t l = 0; l < MQC_LANES; l++)
        b[l] = __builtin_shuffle(a[l & ~1u], a[l | 1u], pairs[l & 1]);
#pragma GCC unroll 8
    for (size_t l = 0; l < MQC_LANES; l++)
        a[l] = __builtin_shuffle(b[l & ~2u], b[l | 2u], fours[l >> 1 & 1]);
#pragma GCC unroll 8
    for (size_t l = 0; l < MQC_LANES; l++)
        put(to + l * to_step, __builtin_shuffle(a[l & ~4u], a[l | 4u], halves[l >> 2]), add);
#else
    for (size_t l = 0; l < MQC_LANES; l++)
        for (size_t k = 0; k < MQC_LANES; k++)
            to[k * to_step + l] = from[l * from_step + k] + (add ? to[k * to_step + l] : 0.0);
#endif
}

/* Whole groups, and all but the last few elements. */
static inline size_t turn_all(size_t lines, size_t n) {
    return lines == MQC_LINES ? n / MQC_LANES * MQC_LANES : 0;
}

static void pack(size_t lines, size_t n, const double *restrict x, size_t ld,
                 double *restrict group) {
    const size_t turned = turn_all(lines, n);
    for (size_t j = 0; j < turned; j += MQC_LANES)
        for (size_t s = 0; s < MQC_LINES; s += MQC_LANES)
            turn(x + s * ld + j, ld, group + j * MQC_LINES + s, MQC_LINES, 0);
    for (size_t s = 0; s < lines; s++)
        for (size_t k = turned; k < n; k++)
            group[k * MQC_LINES + s] = x[s * ld + k];
    for (size_t j = 0; j < n && lines < MQC_LINES; j++)
        for (size_t s = lines; s < MQC_LINES; s++)
            group[j * MQC_LINES + s] = 0;
}

static void unpack(size_t lines, size_t n, const double *restrict group, int add,
                   double *restrict x, size_t ld) {
    const size_t turned = ld ? turn_all(lines, n) : 0;
    for (size_t j = 0; j < turned; j += MQC_LANES)
        for (size_t s = 0; s < MQC_LINES; s += MQC_LANES)
            turn(group + j * MQC_LINES + s, MQC_LINES, x + s * ld + j, ld, add);
    for (size_t s = 0; s < lines; s++)
        for (size_t k = turned; k < n; k++)
            x[s * ld + k] = group[k * MQC_LINES + s] + (add ? x[s * ld + k] : 0.0);
}

/* --- vectors of the outer lines, for one and for many right-hand sides --- */

static inline void direction(size_t lanes, size_t cells, const double *restrict beta,
                             const double *restrict z, double *restrict p) {
    for (size_t c = 0; c < cells; c++)
        for (size_t l = 0; l < lanes; l++)
            p[c * lanes + l] = z[c * lanes + l] + beta[l] * p[c * lanes + l];
}

static inline void add(size_t lanes, size_t cells, const double *restrict alpha,
                       const double *restrict x, double *restrict y) {
    for (size_t c = 0; c < cells; c++)
        for (size_t l = 0; l < lanes; l++)
            y[c * lanes + l] += alpha[l] * x[c * lanes + l];
}

static inline void couple(size_t lanes, const struct mqc_outer *outer, const double *restrict p,
                          double *restrict q) {
    const size_t width = outer->n * lanes;
    for (size_t i = 0; i < outer->rows; i++, p += width, q += width) {
        const double terminal =
            (i ? 0.0 : outer->first) + (i + 1 < outer->rows ? 0.0 : outer->last);
        const double *above = i ? p - width : p, *below = i + 1 < outer->rows ? p + width : p;
        for (size_t k = 0; k < width; k++) /* differences first: they are exact where neighbours are
                                              close */
            q[k] += (p[k] - above[k]) + (p[k] - below[k]) + terminal * p[k];
    }
}

static inline void fold(size_t lanes, const double *sum, double *out) {
    for (size_t l = 0; l < lanes; l++) {
        out[l] = 0;
        for (size_t k = 0; k < SUMS; k++)
            out[l] += sum[k * lanes + l];
    }
}

static inline void dot(size_t lanes, size_t cells, const double *restrict a,
                       const double *restrict b, double *restrict out) {
    double sum[SUMS * MQC_LANES] = {0};
    size_t c = 0;
    for (; c + SUMS <= cells; c += SUMS)
        for (size_t k = 0; k < SUMS * lanes; k++)
            sum[k] += a[c * lanes + k] * b[c * lanes + k];
    for (size_t k = 0; k < (cells - c) * lanes; k++)
        sum[k] += a[c * lanes + k] * b[c * lanes + k];
    fold(lanes, sum, out);
}

static inline void drive(size_t lanes, size_t n, const double *restrict s, const double *restrict v,
                         double *restrict r) {
    for (size_t j = 0; j < n; j++)
        for (size_t l = 0; l < lanes; l++)
            r[j * lanes + l] += s[j] * v[l];
}

static inline void project(size_t lanes, size_t n, const double *restrict s,
                           const double *restrict b, double *restrict out) {
    double sum[SUMS * MQC_LANES] = {0};
    for (size_t j = 0; j < n; j += SUMS) {
        const size_t here = n - j < SUMS ? n - j : SUMS;
        for (size_t k = 0; k < here; k++)
            for (size_t l = 0; l < lanes; l++)
                sum[k * lanes + l] += s[j + k] * b[(j + k) * lanes + l];
    }
    fold(lanes, sum, out);
}

static inline void precondition(size_t lanes, const struct mqc_outer *outer,
                                const double *restrict t, const double *restrict r,
                                double *restrict z) {
    const size_t n = outer->n, width = n * lanes;
    memcpy(z, r, width * sizeof *z);
    for (size_t i = 1; i < outer->rows; i++)
        for (size_t j = 0; j < n; j++)
            for (size_t l = 0; l < lanes; l++)
                z[i * width + j * lanes + l] =
                    r[i * width + j * lanes + l] +
                    t[(i - 1) * n + j] * z[(i - 1) * width + j * lanes + l];
    for (size_t i = outer->rows; i-- > 0;) {
        const double next = i + 1 < outer->rows ? 1.0 : 0.0;
        const double *below = z + (i + 1 < outer->rows ? i + 1 : i) * width;
        for (size_t j = 0; j < n; j++)
            for (size_t l = 0; l < lanes; l++)
                z[i * width + j * lanes + l] =
                    t[i * n + j] * (z[i * width + j * lanes + l] + next * below[j * lanes + l]);
    }
}

static inline void largest(size_t lanes, size_t cells, const double *restrict r,
                           const double *restrict w, double *restrict out) {
    double most[SUMS * MQC_LANES] = {0};
    for (size_t c = 0; c < cells; c += SUMS) {
        const size_t here = cells - c < SUMS ? cells - c : SUMS;
        for (size_t k = 0; k < here; k++) {
            for (size_t l = 0; l < lanes; l++) {
                const double x = r[(c + k) * lanes + l], size = (x < 0 ? -x : x) * w[c + k];
                most[k * lanes + l] = size > most[k * lanes + l] ? size : most[k * lanes + l];
            }
        }
    }
    for (size_t l = 0; l < lanes; l++) {
        out[l] = 0;
        for (size_t k = 0; k < SUMS; k++)
            out[l] = most[k * lanes + l] > out[l] ? most[k * lanes + l] : out[l];
    }
}

#define LANES(suffix, lanes)                                                                       \
    static void direction_##suffix(size_t cells, const double *beta, const double *z, double *p) { \
        direction(lanes, cells, beta, z, p);                                                       \
    }                                                                                              \
    static void couple_##suffix(const struct mqc_outer *outer, const double *p, double *q) {       \
        couple(lanes, outer, p, q);                                                                \
    }                                                                                              \
    static void dot_##suffix(size_t cells, const double *a, const double *b, double *out) {        \
        dot(lanes, cells, a, b, out);                                                              \
    }                                                                                              \
    static void add_##suffix(size_t cells, const double *alpha, const double *x, double *y) {      \
        add(lanes, cells, alpha, x, y);                                                            \
    }                                                                                              \
    static void precondition_##suffix(const struct mqc_outer *outer, const double *t,              \
                                      const double *r, double *z) {                                \
        precondition(lanes, outer, t, r, z);                                                       \
    }                                                                                              \
    static void drive_##suffix(size_t n, const double *s, const double *v, double *r) {            \
        drive(lanes, n, s, v, r);                                                                  \
    }                                                                                              \
    static void project_##suffix(size_t n, const double *s, const double *b, double *out) {        \
        project(lanes, n, s, b, out);                                                              \
    }                                                                                              \
    static void largest_##suffix(size_t cells, const double *r, const double *w, double *out) {    \
        largest(lanes, cells, r, w, out);                                                          \
    }

LANES(one, 1)
LANES(many, MQC_LANES)

#define TABLE(suffix)                                                                           \
    {                                                                                           \
        direction_##suffix, couple_##suffix, dot_##suffix, add_##suffix, precondition_##suffix, \
            drive_##suffix, project_##suffix, largest_##suffix                                  \
    }

const struct mqc_wires_kernels MQC_KERNEL(mqc_wires_kernels) = {
    TABLE(one), TABLE(many), factor, factor_outer, eliminate, eliminate_many, pack, unpack};
