/* SPDX-License-Identifier: BSD-3-Clause */
/* The measured rows of a fit: checked, sorted and counted. */
#ifndef MQC_FIT_DATA_H
#define MQC_FIT_DATA_H

#include <memqc/fit.h>

enum {
    MQC_FIT_LONGEST_GAP = 1000, /* pulses */
    MQC_FIT_LEAST = 8           /* points of a device */
};

#define MQC_FIT_SLACK 1e-6 /* of the range: closer values are equal */

/* A row of the caller's, sorted by device, cycle, pulse and reading. */
struct mqc_fit_row {
    int32_t device, cycle, pulse, direction, level;
    int32_t gap; /* pulses since the row before; 0 for the first of a cycle, after a gap that is too
                    long, and for a reading of the same pulse */
    int32_t read;   /* number of the reading */
    int32_t repeat; /* readings since the row before, of the same pulse; 0: it is of another one */
    int torn;       /* was a pulse of another direction before it left out? */
    size_t from;    /* the caller's row */
    double place; /* of its cycle, in cycles from the middle one of the device; 0 where the drift is
                       known to the digit */
    double g;
};

struct mqc_fit_data {
    size_t n, points, cycles, devices;
    struct mqc_fit_row *rows;
    size_t *start;     /* where each device begins; devices + 1 of them */
    int32_t levels;    /* of the quantized candidates */
    int32_t pulses[2]; /* longest train up and down, the row that it starts from included */
    size_t moves[2];   /* rows that pulses up and down led to from the row before */
    int32_t longest;   /* pulses between two rows, 1 or more */
    double range, resolution;
    size_t given;      /* rows of the caller's; those that are left out are not among n */
    int32_t *left_out; /* MEMQC_DEVICE_LEFT_OUT_... of each of them, or 0 */
    double drift, drift_error;
    double drift_taken; /* what was taken out of the rows, mean over the devices */
    int drifts;         /* is there a drift that is known with an error only? */
    int goes_below; /* are there readings below 0 S, so that those at 0 S are not cut off there? */
    int repeated;   /* are there repeated readings that differ? */
    int agreed;     /* were there repeated readings, all of them equal? */
};

/* Does a row stand for all readings below 0 S, which an instrument cuts off there? */
static inline int mqc_fit_is_cut_off(const struct mqc_fit_data *data, size_t i) {
    return data->rows[i].g <= 0 && !data->goes_below;
}

/* Are two rows of the same pulse of the same cycle? */
static inline int mqc_fit_one_pulse(const struct mqc_fit_row *a, const struct mqc_fit_row *b) {
    return a->device == b->device && a->cycle == b->cycle && a->pulse == b->pulse;
}

/* Is it the first row of what is known of a cell: of its cycle, or after a gap that is too long? */
static inline int mqc_fit_begins(const struct mqc_fit_row *row) {
    return row->gap == 0 && row->repeat == 0;
}

/* The caller's columns; all but pulse may be NULL. */
struct mqc_fit_columns {
    const int32_t *device, *cycle, *pulse, *direction, *read;
};

/* Fills data, cleaned. DATA where the rows describe no device, NOMEM. mqc_fit_data_free() is due after a
 * failure too. */
memqc_status mqc_fit_data_make(struct mqc_fit_data *data, size_t n,
                               const struct mqc_fit_columns *columns, const float *g);
void mqc_fit_data_free(struct mqc_fit_data *data);

#endif
