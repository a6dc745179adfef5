/* SPDX-License-Identifier: BSD-3-Clause */
/* The noise-free courses of a pulsed device, and how many of their pulses lead from a conductance to a
 * level. */
#ifndef MQC_DEVICE_COURSE_KERNELS_H
#define MQC_DEVICE_COURSE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "core/isa.h"

/* A course: n conductances, of which the k-th, from 0, is that after k potentiation pulses from G_MIN,
 * or depression pulses from G_MAX. */
struct mqc_course {
    int32_t first, n; /* where it is among those of both */
    int32_t to_bound; /* does the last pulse lead to the other bound? */
    double cut;       /* the part of that pulse that the bound leaves */
    double parts;     /* parts of the guide to a siemens */
};

enum { MQC_GUIDE = 256 };

struct mqc_courses {
    struct mqc_course of[2]; /* up, down */
    float *g;                /* S: the course up, that down, and a number more; their own memory */
    /* Where to look on a course: the last point that lies before each of so many equal parts of the
     * way. A point between two of these is found in so many halvings. */
    int32_t guide[2 * (MQC_GUIDE + 1)], halvings;
    size_t levels;
    const double *target; /* of each level from 1 on, S; memory of struct mqc_lookup */
    double *until; /* pulses up and down, with a fraction, that lead there; their own memory */
};

/* A number of pulses that is not told: the bound ahead cuts the last of them. */
#define MQC_NEAR_BOUND INT32_MIN

struct mqc_course_kernels {
    /* Signed numbers of pulses that lead from conductances nearest to levels, or MQC_NEAR_BOUND.
     * Returns how many are not told. */
    size_t (*pulses)(const struct mqc_courses *courses, size_t n, const float *g,
                     const float *levels, int32_t *pulses);
};

const struct mqc_course_kernels *mqc_course_kernels(void);

MQC_DECLARE_KERNELS(mqc_course_kernels, mqc_course_kernels);

#endif
