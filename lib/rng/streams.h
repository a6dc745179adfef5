/* SPDX-License-Identifier: BSD-3-Clause */
/* What random numbers are for. The ids are frozen: a changed id changes every result; new ones go to the end. The low 8 bits
 * are the id, the upper 24 the number of the attempt where a draw may be repeated. */
#ifndef MQC_RNG_STREAMS_H
#define MQC_RNG_STREAMS_H

enum mqc_stream {
    MQC_STREAM_CHILD = 0,   /* seeds made from seeds */
    MQC_STREAM_PROGRAM = 1, /* cycle-to-cycle noise of programming a cell */
    MQC_STREAM_INIT = 2,    /* initial weights */
    MQC_STREAM_SHUFFLE = 3, /* order of the samples */
    MQC_STREAM_DROPOUT = 64 /* units that a sample finds off */
};

#define MQC_STREAM_ATTEMPT(stream, attempt) ((uint32_t)(stream) | (uint32_t)(attempt) << 8)

#endif
