/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices that measured curves allow: what is likely, beside what was fitted. */
#ifndef MEMQC_EXAMPLES_LIKELY_H
#define MEMQC_EXAMPLES_LIKELY_H

#include "csv.h"

#include <memqc/memqc.h>

enum likely_way {
    LIKELY_POSTERIOR, /* the parameters of the fit, within their errors */
    LIKELY_BOOTSTRAP, /* fits of cycles, and devices, drawn with replacement */
    LIKELY_UNKNOWN    /* neither is possible: the fitted device alone */
};

struct likely {
    const struct curves *curves;
    const memqc_device *fitted;
    memqc_device *other; /* another model that describes the curves as well; NULL: none */
    enum likely_way way;
    size_t n_cycles;
    size_t *cycle; /* the first row of each cycle, in order, and n_cycles + 1: the end */
    size_t *row;   /* the rows of the curves, by device and cycle */
    uint64_t seed;
};

/* For a device that was fitted to the curves. likely_free() in any case. */
memqc_status likely_make(struct likely *likely, const struct curves *curves,
                         const memqc_device *fitted, uint64_t seed);

/* A device. Where there are two models, odd numbers are of the other. */
memqc_status likely_draw(const struct likely *likely, uint64_t number, memqc_device **out);

void likely_free(struct likely *likely);

#endif
