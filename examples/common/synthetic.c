/* SPDX-License-Identifier: BSD-3-Clause */
#include "synthetic.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* How far hands differ. Chosen so that a linear classifier and the nearest class mean do about as
 * well here as on MNIST. Lengths are in units of the glyph's height, angles in radians, sizes on
 * the page in pixels. */
#define JITTER 0.038f         /* sd of a control point */
#define ROTATION 0.15f        /* sd */
#define SLANT_MEAN 0.12f      /* hands lean to the right */
#define SLANT 0.23f           /* sd */
#define ASPECT 0.16f          /* sd of the logarithm of width / height */
#define WAVE_AMPLITUDE 0.038f /* sd of each of the waves of the elastic distortion */
#define BOX 20.0f             /* MNIST's: the longer side of the ink */
#define SMALLEST 0.86f        /* of the box */
#define SHIFT 0.6f            /* sd of the centre */
#define THINNEST 0.85f        /* half the stroke's width */
#define THICKEST 2.0f         /* the same */
#define FAINTEST 0.78f        /* ink of a stroke's middle */

/* STEPS: lines from one control point to the next. */
enum { WAVES = 3, STEPS = 6, MOST_CONTROL = 12, LABELS = 10, VARIANTS = 4 };

/* A control point in per cent of the glyph's box, y downwards. The curve runs through the points; a
 * corner breaks its tangent and an end begins the next stroke. The last point of a variant is an
 * end too, and zeros follow it. */
enum { CURVE, CORNER, END };
struct control {
    signed char x, y, kind;
};

/* Variants are equally likely, so a common way of writing a digit stands here twice. The formatter
 * would give each point a line of its own. */
/* clang-format off */
static const struct control glyphs[LABELS][VARIANTS][MOST_CONTROL] = {
    { /* 0 */
        {{50, 0, 0}, {22, 14, 0}, {8, 50, 0}, {22, 87, 0}, {50, 100, 0}, {78, 87, 0}, {92, 50, 0},
         {78, 14, 0}, {48, 0, END}},
        {{62, 4, 0}, {30, 8, 0}, {8, 40, 0}, {14, 82, 0}, {45, 100, 0}, {80, 80, 0}, {92, 42, 0},
         {74, 8, 0}, {40, 6, END}},
        {{45, 6, 0}, {18, 40, 0}, {20, 85, 0}, {48, 100, 0}, {76, 70, 0}, {82, 30, 0}, {66, 2, 0},
         {38, 10, END}},
        {{50, 0, 0}, {10, 20, 0}, {0, 55, 0}, {20, 92, 0}, {52, 98, 0}, {90, 84, 0}, {100, 45, 0},
         {82, 10, 0}, {46, 2, END}},
    },
    { /* 1 */
        {{50, 0, CORNER}, {50, 50, 0}, {50, 100, END}},
        {{52, 0, CORNER}, {49, 50, 0}, {50, 100, END}},
        {{30, 24, CORNER}, {54, 0, CORNER}, {52, 50, 0}, {52, 100, END}},
        {{28, 22, CORNER}, {52, 0, CORNER}, {52, 99, END}, {22, 100, CORNER}, {80, 99, END}},
    },
    { /* 2 */
        {{10, 24, 0}, {24, 5, 0}, {54, 0, 0}, {80, 18, 0}, {72, 46, 0}, {42, 74, 0},
         {8, 98, CORNER}, {50, 96, 0}, {96, 97, END}},
        {{12, 16, 0}, {50, 0, 0}, {80, 22, 0}, {64, 58, 0}, {30, 90, 0}, {8, 92, 0}, {14, 74, 0},
         {42, 80, 0}, {66, 96, 0}, {94, 90, END}},
        {{8, 10, 0}, {44, 0, 0}, {78, 10, 0}, {84, 36, 0}, {52, 66, 0}, {6, 92, CORNER},
         {40, 88, 0}, {88, 100, END}},
        {{22, 30, 0}, {34, 4, 0}, {66, 4, 0}, {74, 32, 0}, {50, 68, 0}, {16, 94, 0}, {8, 78, 0},
         {34, 76, 0}, {64, 98, 0}, {92, 84, END}},
    },
    { /* 3 */
        {{12, 12, 0}, {44, 0, 0}, {78, 14, 0}, {70, 38, 0}, {40, 48, CORNER}, {76, 56, 0},
         {88, 78, 0}, {54, 100, 0}, {8, 88, END}},
        {{12, 3, CORNER}, {82, 2, CORNER}, {44, 42, CORNER}, {78, 52, 0}, {86, 80, 0},
         {48, 100, 0}, {6, 88, END}},
        {{18, 8, 0}, {56, 0, 0}, {76, 20, 0}, {50, 44, 0}, {36, 48, 0}, {60, 50, 0}, {82, 70, 0},
         {62, 98, 0}, {14, 96, END}},
        {{20, 14, 0}, {52, 0, 0}, {80, 12, 0}, {74, 34, 0}, {44, 46, CORNER}, {80, 62, 0},
         {70, 90, 0}, {30, 100, 0}, {10, 82, END}},
    },
    { /* 4 */
        {{20, 2, CORNER}, {12, 50, CORNER}, {50, 54, 0}, {88, 50, END}, {76, 4, CORNER},
         {70, 50, 0}, {66, 100, END}},
        {{66, 0, CORNER}, {6, 66, CORNER}, {96, 64, END}, {66, 2, CORNER}, {64, 100, END}},
        {{16, 6, 0}, {14, 36, 0}, {32, 52, 0}, {60, 48, 0}, {82, 26, END}, {84, 0, CORNER},
         {78, 50, 0}, {70, 100, END}},
        {{34, 0, 0}, {12, 40, 0}, {16, 54, CORNER}, {54, 56, 0}, {92, 46, END}, {78, 16, CORNER},
         {62, 58, 0}, {54, 100, END}},
    },
    { /* 5 */
        {{84, 2, CORNER}, {28, 3, CORNER}, {20, 44, CORNER}, {52, 36, 0}, {82, 54, 0}, {78, 86, 0},
         {44, 100, 0}, {8, 90, END}},
        {{30, 6, CORNER}, {22, 42, CORNER}, {56, 42, 0}, {78, 66, 0}, {60, 96, 0}, {10, 96, END},
         {30, 5, CORNER}, {92, 0, END}},
        {{92, 0, 0}, {44, 6, 0}, {28, 30, 0}, {46, 46, 0}, {68, 62, 0}, {64, 90, 0}, {34, 100, 0},
         {6, 86, END}},
        {{80, 4, CORNER}, {36, 4, CORNER}, {24, 38, CORNER}, {64, 46, 0}, {76, 74, 0}, {52, 96, 0},
         {16, 94, 0}, {10, 76, END}},
    },
    { /* 6 */
        {{72, 0, 0}, {34, 26, 0}, {12, 64, 0}, {26, 94, 0}, {58, 98, 0}, {80, 76, 0}, {64, 54, 0},
         {34, 60, 0}, {16, 80, END}},
        {{44, 0, 0}, {26, 36, 0}, {18, 74, 0}, {38, 98, 0}, {68, 90, 0}, {70, 66, 0}, {46, 60, 0},
         {24, 78, END}},
        {{84, 4, 0}, {50, 8, 0}, {18, 38, 0}, {10, 76, 0}, {36, 100, 0}, {76, 92, 0}, {86, 66, 0},
         {58, 52, 0}, {18, 66, END}},
        {{60, 0, 0}, {26, 40, 0}, {14, 78, 0}, {44, 100, 0}, {84, 84, 0}, {70, 64, 0}, {36, 76, 0},
         {22, 90, END}},
    },
    { /* 7 */
        {{8, 6, CORNER}, {88, 3, CORNER}, {60, 46, 0}, {40, 100, END}},
        {{10, 12, 0}, {40, 6, 0}, {84, 4, CORNER}, {70, 48, 0}, {60, 100, END}},
        {{8, 6, CORNER}, {88, 3, CORNER}, {60, 48, 0}, {42, 100, END}, {30, 54, CORNER},
         {82, 48, END}},
        {{12, 24, CORNER}, {14, 5, CORNER}, {52, 6, 0}, {86, 2, 0}, {76, 34, 0}, {54, 100, END}},
    },
    { /* 8 */
        {{76, 14, 0}, {46, 0, 0}, {20, 20, 0}, {46, 46, 0}, {78, 74, 0}, {50, 100, 0}, {20, 78, 0},
         {50, 48, 0}, {80, 22, 0}, {66, 6, END}},
        {{50, 0, 0}, {24, 20, 0}, {50, 44, 0}, {76, 22, 0}, {50, 0, 0}, {40, 2, END}, {50, 44, 0},
         {18, 72, 0}, {48, 100, 0}, {82, 74, 0}, {52, 44, END}},
        {{84, 8, 0}, {44, 2, 0}, {26, 24, 0}, {52, 50, 0}, {66, 80, 0}, {40, 100, 0}, {22, 82, 0},
         {50, 48, 0}, {88, 12, END}},
        {{62, 2, 0}, {32, 14, 0}, {40, 40, 0}, {64, 66, 0}, {60, 94, 0}, {34, 98, 0}, {26, 76, 0},
         {56, 46, 0}, {78, 16, 0}, {58, 2, END}},
    },
    { /* 9 */
        {{80, 18, 0}, {50, 2, 0}, {18, 22, 0}, {30, 48, 0}, {64, 44, 0}, {82, 18, CORNER},
         {78, 60, 0}, {70, 100, END}},
        {{78, 22, 0}, {46, 0, 0}, {14, 22, 0}, {34, 46, 0}, {70, 38, 0}, {80, 16, 0}, {78, 64, 0},
         {54, 96, 0}, {22, 92, END}},
        {{74, 14, 0}, {40, 10, 0}, {20, 36, 0}, {44, 48, 0}, {76, 20, CORNER}, {64, 60, 0},
         {44, 100, END}},
        {{70, 6, 0}, {32, 4, 0}, {20, 30, 0}, {50, 46, 0}, {78, 24, 0}, {70, 4, 0}, {74, 50, 0},
         {72, 100, END}},
    },
};
/* clang-format on */

struct point {
    float x, y;
    int kind; /* END: no line to the next point */
};

struct curve {
    struct point p[MOST_CONTROL * (STEPS + 1)];
    size_t n;
};

/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014): examples need no more, and are independent of
 * the library.
 */
static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t next(uint64_t *state) {
    return mix(*state += UINT64_C(0x9e3779b97f4a7c15));
}

/* A state of its own for each (seed, index, purpose). */
static uint64_t start(uint64_t seed, uint64_t index, uint64_t purpose) {
    return mix(mix(mix(seed + UINT64_C(0x9e3779b97f4a7c15)) ^ index) + purpose);
}

static float uniform(uint64_t *state, float low, float high) {
    return low + (high - low) * (float)(next(state) >> 40) * 0x1p-24f;
}

/* Mean 0 and the given sd, near enough to normal, and never beyond 3 sd, which would not be a
 * digit. */
static float normal(uint64_t *state, float sd) {
    float sum = uniform(state, -1.0f, 1.0f);
    sum += uniform(state, -1.0f, 1.0f);
    sum += uniform(state, -1.0f, 1.0f);
    return sum * sd;
}

/* Each block of ten is a permutation of the ten labels. */
static int32_t label_of(uint64_t seed, uint64_t index) {
    enum { PERMUTATION = 1 };
    int32_t order[LABELS];
    uint64_t state = start(seed, index / LABELS, PERMUTATION);
    for (int32_t i = 0; i < LABELS; i++) {
        size_t j = (size_t)(next(&state) % (uint64_t)(i + 1));
        order[i] = order[j];
        order[j] = i;
    }
    return order[index % LABELS];
}

static float spline(float a, float b, float c, float d, float t) {
    return 0.5f *
           (2 * b + t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
}

/* A Catmull-Rom curve through the jittered control points, as short lines. */
static void trace(struct curve *curve, const struct control *glyph, uint64_t *state) {
    struct point p[MOST_CONTROL];
    int stroke_starts = 1;
    size_t n = 0;
    while (n < MOST_CONTROL && (glyph[n].x || glyph[n].y || glyph[n].kind)) {
        p[n].x = 0.01f * (float)glyph[n].x - 0.5f + normal(state, JITTER);
        p[n].y = 0.01f * (float)glyph[n].y - 0.5f + normal(state, JITTER);
        p[n].kind = glyph[n].kind;
        n++;
    }
    curve->n = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        if (p[i].kind == END) {
            stroke_starts = 1;
            continue;
        }
        const struct point *b = p + i, *c = p + i + 1;
        const struct point *a = stroke_starts || b->kind == CORNER ? b : b - 1;
        const struct point *d = c->kind == CURVE ? c + 1 : c;
        for (int step = stroke_starts ? 0 : 1; step <= STEPS; step++) {
            float t = (float)step / (float)STEPS;
            struct point *q = curve->p + curve->n++;
            q->x = spline(a->x, b->x, c->x, d->x, t);
            q->y = spline(a->y, b->y, c->y, d->y, t);
            q->kind = step == STEPS ? c->kind : CURVE;
        }
        stroke_starts = 0;
    }
}

/* The elastic distortion: slow waves across the glyph, displacing x and y. */
static void distort(struct curve *curve, uint64_t *state) {
    for (int wave = 0; wave < WAVES; wave++) {
        float kx = uniform(state, -5.0f, 5.0f), ky = uniform(state, -5.0f, 5.0f);
        float phase = uniform(state, 0.0f, 6.2831853f);
        float dx = normal(state, WAVE_AMPLITUDE), dy = normal(state, WAVE_AMPLITUDE);
        for (size_t i = 0; i < curve->n; i++) {
            struct point *p = curve->p + i;
            float height = sinf(kx * p->x + ky * p->y + phase);
            p->x += dx * height;
            p->y += dy * height;
        }
    }
}

/* Width, slant and rotation; size and place come from fitting the box. */
static void transform(struct curve *curve, uint64_t *state) {
    float angle = normal(state, ROTATION), slant = SLANT_MEAN + normal(state, SLANT);
    float width = 0.78f * expf(normal(state, ASPECT));
    float cosine = cosf(angle), sine = sinf(angle);
    for (size_t i = 0; i < curve->n; i++) {
        struct point *p = curve->p + i;
        float x = width * p->x - slant * p->y, y = p->y;
        p->x = cosine * x - sine * y;
        p->y = sine * x + cosine * y;
    }
}

/* Scales the ink into MNIST's box and puts its centre of mass into the middle of the page. */
static void fit(struct curve *curve, float half_width, uint64_t *state) {
    float left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
    float mass = 1e-6f, mx = 0, my = 0;
    for (size_t i = 0; i < curve->n; i++) {
        const struct point *p = curve->p + i;
        left = fminf(left, p->x);
        right = fmaxf(right, p->x);
        top = fminf(top, p->y);
        bottom = fmaxf(bottom, p->y);
        if (i + 1 < curve->n && p->kind != END) {
            float length = hypotf(p[1].x - p->x, p[1].y - p->y);
            mass += length;
            mx += 0.5f * length * (p->x + p[1].x);
            my += 0.5f * length * (p->y + p[1].y);
        }
    }
    float extent = fmaxf(fmaxf(right - left, bottom - top), 0.1f);
    float scale = (BOX - 2 * half_width) * uniform(state, SMALLEST, 1.0f) / extent;
    float middle = 0.5f * (float)(SYNTHETIC_SIDE - 1);
    float shift_x = middle - scale * mx / mass + normal(state, SHIFT);
    float shift_y = middle - scale * my / mass + normal(state, SHIFT);
    for (size_t i = 0; i < curve->n; i++) {
        curve->p[i].x = scale * curve->p[i].x + shift_x;
        curve->p[i].y = scale * curve->p[i].y + shift_y;
    }
}

static int on_page(float position) {
    if (position < 0)
        return 0;
    return position > SYNTHETIC_SIDE - 1 ? SYNTHETIC_SIDE - 1 : (int)position;
}

/* Raises each pixel near the line to its squared nearness: reach^2 - distance^2, where that is
 * positive. Only the rectangle that the pen can reach is visited. */
static void draw_line(float *near, const struct point *a, const struct point *b, float reach) {
    int x0 = on_page(ceilf(fminf(a->x, b->x) - reach)),
        x1 = on_page(floorf(fmaxf(a->x, b->x) + reach));
    int y0 = on_page(ceilf(fminf(a->y, b->y) - reach)),
        y1 = on_page(floorf(fmaxf(a->y, b->y) + reach));
    float dx = b->x - a->x, dy = b->y - a->y, per_length2 = 1.0f / fmaxf(dx * dx + dy * dy, 1e-12f);
    for (int y = y0; y <= y1; y++) {
        for (int x = x0; x <= x1; x++) {
            float px = (float)x - a->x, py = (float)y - a->y;
            float t = (px * dx + py * dy) * per_length2;
            t = fminf(fmaxf(t, 0.0f), 1.0f);
            px -= t * dx;
            py -= t * dy;
            float *pixel = near + y * SYNTHETIC_SIDE + x, value = reach * reach - px * px - py * py;
            *pixel = *pixel > value ? *pixel : value;
        }
    }
}

/* Ink over one pixel's width at the edge of the stroke, in steps of 1/255 as scanned images have
 * them. */
static void draw(float *pixels, const struct curve *curve, float half_width, float ink) {
    float reach = half_width + 0.5f;
    memset(pixels, 0, SYNTHETIC_PIXELS * sizeof *pixels);
    for (size_t i = 0; i + 1 < curve->n; i++) {
        if (curve->p[i].kind != END) {
            draw_line(pixels, curve->p + i, curve->p + i + 1, reach);
        }
    }
    for (size_t i = 0; i < SYNTHETIC_PIXELS; i++) {
        if (pixels[i] > 0.0f) {
            float covered = fminf(reach - sqrtf(fmaxf(reach * reach - pixels[i], 0.0f)), 1.0f);
            pixels[i] = roundf(255.0f * ink * covered) / 255.0f;
        }
    }
}

int32_t synthetic_digit(float pixels[SYNTHETIC_PIXELS], uint64_t seed, uint64_t index) {
    enum { SHAPE = 2 };
    struct curve curve;
    int32_t label = label_of(seed, index);
    uint64_t state = start(seed, index, SHAPE);
    size_t variant = (size_t)(next(&state) % VARIANTS);
    float half_width = uniform(&state, THINNEST, THICKEST), ink = uniform(&state, FAINTEST, 1.0f);
    trace(&curve, glyphs[label][variant], &state);
    distort(&curve, &state);
    transform(&curve, &state);
    fit(&curve, half_width, &state);
    draw(pixels, &curve, half_width, ink);
    return label;
}
