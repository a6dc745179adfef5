/* SPDX-License-Identifier: BSD-3-Clause */
/* What random numbers are for. The ids are frozen: a changed id changes every result; new ones go
 * to the end. The low 8 bits are the id, the upper 24 the number of the attempt where a draw may be
 * repeated, or of the quantity where there are several. */
#ifndef MQC_RNG_STREAMS_H
#define MQC_RNG_STREAMS_H

enum mqc_stream {
    MQC_STREAM_CHILD = 0,   /* seeds made from seeds */
    MQC_STREAM_PROGRAM = 1, /* cycle-to-cycle noise of programming a cell */
    MQC_STREAM_INIT = 2,    /* initial weights */
    MQC_STREAM_SHUFFLE = 3, /* order of the samples */
    /* Cycle-to-cycle noise of a pulse. Attempt 1: of a pulse within a programming. */
    MQC_STREAM_PULSE = 4,
    MQC_STREAM_CELL = 5, /* device-to-device spread, an attempt for each parameter */
    MQC_STREAM_READ = 6, /* read noise. Attempts from 1 on: the slower parts of 1/f noise */
    /* Random telegraph noise. Attempt 0: flips; 1 and 2: the rates of a cell; 3: its first state;
     * 4: whether it has a trap; 5 and 6: more bits of 0 and 3. */
    MQC_STREAM_TELEGRAPH = 7,
    MQC_STREAM_AGE = 8, /* drift exponents (0), relaxation (1) */
    /* Stuck cells: the kind (0), the conductance (1), more bits of the kind (2). */
    MQC_STREAM_FAULT = 9,
    MQC_STREAM_OUTPUT = 10,    /* noise of the outputs of a product; attempts: lib/crossbar/read */
    MQC_STREAM_DRIVER = 11,    /* noise of the inputs of a product; attempts as above */
    MQC_STREAM_CELL_READ = 12, /* noise of the cells of a product; attempts as above */
    MQC_STREAM_DROPOUT = 64,   /* units that a sample finds off */
    MQC_STREAM_DITHER = 65,    /* stochastic rounding */
    MQC_STREAM_AWARE = 66,     /* noise that noise-aware training injects */
    /* Pulse trains: an attempt for each slot, or for each binary digit of the probability. */
    MQC_STREAM_TRAIN = 67,
    MQC_STREAM_POSTERIOR = 68, /* devices drawn from a fit; attempts of parameters out of bounds */
    MQC_STREAM_RESIDUAL = 70   /* where beyond a bound a point of a fit would have been */
};

#define MQC_STREAM_ATTEMPT(stream, attempt) ((uint32_t)(stream) | (uint32_t)(attempt) << 8)

#endif
