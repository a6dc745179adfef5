/* SPDX-License-Identifier: BSD-3-Clause */
/* What random numbers are for. The ids are frozen: a changed id changes every result; new ones go
 * to the end. The low 8 bits are the id, the upper 24 the number of the attempt where a draw may be
 * repeated, or of the quantity where there are several. */
#ifndef MQC_RNG_STREAMS_H
#define MQC_RNG_STREAMS_H

enum mqc_stream {
    MQC_STREAM_CHILD = 0,     /* seeds made from seeds */
    MQC_STREAM_PROGRAM = 1,   /* cycle-to-cycle noise of programming a cell */
    MQC_STREAM_INIT = 2,      /* initial weights */
    MQC_STREAM_SHUFFLE = 3,   /* order of the samples */
    MQC_STREAM_PULSE = 4,     /* cycle-to-cycle noise of a pulse; attempt 1: of one within a
                                  programming, 2: of a burst of coincident pulses */
    MQC_STREAM_CELL = 5,      /* device-to-device spread, an attempt number for each parameter */
    MQC_STREAM_READ = 6,      /* read noise; attempts from 1 on: the slower parts of 1/f noise */
    MQC_STREAM_TELEGRAPH = 7, /* random telegraph noise: flips (0), the two rates of a cell (1, 2),
                                  its first state (3), whether it has a trap (4), more bits of flips
                                  and first states (5, 6) */
    MQC_STREAM_AGE = 8,       /* drift exponents (0), relaxation (1) */
    MQC_STREAM_FAULT = 9,     /* stuck cells: kind (0), where they are stuck (1), more bits of the
                                  kind (2) */
    MQC_STREAM_OUTPUT = 10,   /* noise of a product's outputs; lib/crossbar/read has the attempts */
    MQC_STREAM_DRIVER = 11,   /* noise of a product's inputs */
    MQC_STREAM_CELL_READ = 12, /* noise of a product's cells */
    MQC_STREAM_DROPOUT = 64,   /* units that a sample finds off */
    MQC_STREAM_DITHER = 65,    /* of stochastic rounding */
    MQC_STREAM_AWARE = 66,     /* noise that noise-aware training injects */
    MQC_STREAM_TRAIN = 67 /* pulse trains, an attempt number for each slot, or each binary digit
                                of the probability */
};

#define MQC_STREAM_ATTEMPT(stream, attempt) ((uint32_t)(stream) | (uint32_t)(attempt) << 8)

#endif
