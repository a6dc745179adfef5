/* SPDX-License-Identifier: BSD-3-Clause */
/* What other readings say of one: those before and after it, and those of the same pulse in other
 * cycles. */
#ifndef MQC_FIT_PEERS_H
#define MQC_FIT_PEERS_H

#include "fit/data.h"

/* Work space of the cleaning, one a row each. */
struct mqc_fit_bench {
    struct mqc_fit_data *data;
    size_t *places;
    /* Median of the readings of the same device, pulse and direction over the cycles; NaN where
     * there are fewer than three. */
    double *typical;
    double *off, *middle, *at, *values, *expected, *apart;
};

/* Room for the rows of data. NOMEM; mqc_fit_bench_free() is due then too. */
memqc_status mqc_fit_bench_make(struct mqc_fit_bench *bench, struct mqc_fit_data *data);
void mqc_fit_bench_free(struct mqc_fit_bench *bench);

int mqc_fit_same_pulse(const struct mqc_fit_row *a, const struct mqc_fit_row *b);

/* Fills typical[], and places[] with the rows by device, pulse and direction. */
void mqc_fit_compare_cycles(struct mqc_fit_bench *bench);

/* Fills expected[] with what the others say that a reading should be, NaN where there are none: typical[],
 * or the median of those beside it in its cycle; and apart[] with the distance from it that noise has
 * not. typical[] and places[] are known. */
void mqc_fit_expect(struct mqc_fit_bench *bench);

/* The end of the device, or of the cycle, that begins at a row. */
size_t mqc_fit_end_of_device(const struct mqc_fit_data *data, size_t first);
size_t mqc_fit_end_of_cycle(const struct mqc_fit_data *data, size_t first);

/* Median of n values, which are sorted. */
double mqc_fit_median(size_t n, double *values);

#endif
