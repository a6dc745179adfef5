/* SPDX-License-Identifier: BSD-3-Clause */
/* Digits drawn from strokes, so that the examples run where no data set is to be had. They are
 * framed and scaled as those of MNIST and about as hard for a linear classifier. */
#ifndef MEMQC_EXAMPLES_SYNTHETIC_H
#define MEMQC_EXAMPLES_SYNTHETIC_H

#include <stdint.h>

enum { SYNTHETIC_SIDE = 28, SYNTHETIC_PIXELS = SYNTHETIC_SIDE * SYNTHETIC_SIDE };

/* Draws digit number index of the endless sequence that belongs to the seed and returns its label.
 * The pixels are multiples of 1/255 from 0 (paper) to 1 (ink). Every ten numbers from a multiple of
 * ten on have all ten labels, in an order of their own. */
int32_t synthetic_digit(float pixels[SYNTHETIC_PIXELS], uint64_t seed, uint64_t index);

#endif
