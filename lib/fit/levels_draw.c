/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels from the posterior of a fit. A deviation of its own with so many degrees of freedom is
 * drawn by the chi-squared law, which Wilson and Hilferty, Proc. Natl. Acad. Sci. 17 (1931) 684,
 * make of a normal number; deviations with a law in common are normal. Means are normal by the
 * deviation that was drawn, so that those of few readings follow Student's t. What does not fall is
 * made to (projected posterior; Dunson and Neelon, Biometrics 59 (2003) 286). */
#include "fit/levels_draw.h"
#include "core/alloc.h"
#include "core/error.h"
#include "fit/ladder_means.h"
#include "fit/levels_device.h"

#include <math.h>

/* Numbers of the cells whose random numbers these are, behind those of draw.c. */
enum {
    COMMON = MQC_LEVEL_ERRORS_COLUMNS,
    NUMBERS = COMMON + 2,
    FIRST_COLUMN = 64,
    FIRST_MEAN = 128,
    FIRST_DEVIATION = 8192
};

struct mqc_levels_draw {
    struct mqc_levels *levels; /* the last draw */
    double *g, *weight;
    float *of_mean, *of_deviation; /* normal numbers */
};

memqc_status mqc_levels_draw_make(const memqc_device *device, struct mqc_levels_draw **out) {
    *out = NULL;
    if (!device->ladder || !device->levels->errors)
        return MEMQC_OK;
    const size_t n = device->levels->n;
    struct mqc_levels_draw *room = *out = mqc_alloc(1, sizeof *room);
    if (!room)
        return MEMQC_ERROR_NOMEM;
    room->g = mqc_alloc(2 * n, sizeof *room->g);
    room->of_mean = mqc_alloc(2 * n, sizeof *room->of_mean);
    memqc_status status = room->g && room->of_mean ? MEMQC_OK : MEMQC_ERROR_NOMEM;
    if (status == MEMQC_OK)
        status = mqc_levels_copy(device->levels, &room->levels);
    if (status != MEMQC_OK) {
        mqc_levels_draw_free(out);
        return status;
    }
    room->weight = room->g + n;
    room->of_deviation = room->of_mean + n;
    return MEMQC_OK;
}

void mqc_levels_draw_free(struct mqc_levels_draw **room) {
    if (*room) {
        mqc_levels_free(&(*room)->levels);
        mqc_free((*room)->g);
        mqc_free((*room)->of_mean);
    }
    mqc_free(*room);
    *room = NULL;
}

/* The deviation that is drawn, as a part of the fitted one. */
static double deviation(const struct mqc_level_errors *errors, size_t i, double sd, double share,
                        const float *common, double own) {
    if (!(sd > 0))
        return 1;
    if (!errors->each) {
        const double change = (double)errors->sd_root[2 * i] * (double)common[0] +
                              (double)errors->sd_root[2 * i + 1] * (double)common[1];
        return 1 + share * change / sd;
    }
    const double part = (double)errors->sd[i] / sd;
    const double ninth = 4 * part * part / 9; /* 2 / (9 freedom) */
    const double root = 1 - ninth + own * sqrt(ninth);
    return root > 0.1 ? 1 + share * (pow(root, -1.5) - 1) : 0;
}

static double shift(const struct mqc_level_errors *errors, size_t i, const float *column,
                    double own) {
    double change = own * (double)errors->mean[i];
    for (size_t k = 0; k < errors->columns; k++)
        change += (double)column[k] * (double)errors->root[i * errors->columns + k];
    return change;
}

static double squares(const struct mqc_level_errors *errors, size_t i) {
    double sum = (double)errors->mean[i] * (double)errors->mean[i];
    for (size_t k = 0; k < errors->columns; k++) {
        const double root = (double)errors->root[i * errors->columns + k];
        sum += root * root;
    }
    return sum;
}

/* Level i, whose deviation becomes `part` times as large. */
static void put(const struct mqc_levels *from, size_t i, double g, double part,
                struct mqc_levels *to) {
    const size_t m = from->quantiles;
    to->g[i] = (float)g;
    to->sd[i] = (float)(part * (double)from->sd[i]);
    for (size_t j = i * m; j < (i + 1) * m; j++) {
        const double off = (double)from->quantile[j] - (double)from->g[i];
        to->quantile[j] = (float)fmax(g + part * off, 0);
    }
}

/* The sd of a level as its errors count it. */
static double sd_of(const struct mqc_levels *levels, size_t i) {
    double mean, sd = (double)levels->sd[i];
    if (levels->quantiles > 0)
        mqc_levels_moments(levels, i + 1, &mean, &sd);
    return sd;
}

int mqc_levels_draw(struct mqc_levels_draw *room, const memqc_device *device,
                    const struct mqc_rng *rng, uint64_t draw, double share, memqc_device *out) {
    const struct mqc_rng_kernels *const kernels = mqc_rng_kernels();
    const struct mqc_levels *const from = device->levels;
    const struct mqc_level_errors *const errors = from->errors;
    const size_t n = from->n;
    float column[NUMBERS];
    kernels->normal(rng, FIRST_COLUMN, draw, NUMBERS, column);
    kernels->normal(rng, FIRST_MEAN, draw, n, room->of_mean);
    kernels->normal(rng, FIRST_DEVIATION, draw, n, room->of_deviation);
    for (size_t i = 0; i < n; i++) {
        const double part = deviation(errors, i, sd_of(from, i), share, column + COMMON,
                                      (double)room->of_deviation[i]);
        if (!(part > 0))
            return 0;
        room->of_deviation[i] = (float)part;
        room->g[i] =
            (double)from->g[i] + share * part * shift(errors, i, column, (double)room->of_mean[i]);
        room->weight[i] = 1 / fmax(squares(errors, i), 1e-60);
    }
    mqc_fit_fall(n, room->weight, room->g);
    if (!(room->g[0] > fmax(room->g[n - 1], 0)))
        return 0;
    mqc_fit_levels_separate(n, room->g);
    for (size_t i = 0; i < n; i++)
        put(from, i, room->g[i], (double)room->of_deviation[i], room->levels);
    mqc_levels_finish(room->levels);
    mqc_levels_leave(out);
    mqc_levels_hold(room->levels);
    out->levels = room->levels;
    out->value[MQC_DEVICE_AT(G_MAX)] = (double)room->levels->g[0];
    out->value[MQC_DEVICE_AT(G_MIN)] = (double)room->levels->g[n - 1];
    return 1;
}
