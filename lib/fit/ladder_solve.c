/* SPDX-License-Identifier: BSD-3-Clause */
/* Means, devices and deviations in turn, until nothing moves: each step raises the likelihood. */
#include "fit/ladder_solve.h"
#include "fit/ladder_means.h"
#include "fit/ladder_noise.h"

#include <math.h>

enum { MOST_ROUNDS = 300 };

static const double still = 1e-8; /* of a standard deviation */

static void start(struct mqc_fit_ladder *ladder) {
    double squares = 0;
    for (size_t d = 0; d < ladder->devices; d++) {
        ladder->shift[d] = 0;
        ladder->scale[d] = ladder->noise[d] = 1;
    }
    for (size_t level = 0; level < ladder->levels; level++) {
        ladder->mean[level] = ladder->centre[level];
        squares += ladder->sd[level] * ladder->sd[level] / (double)ladder->levels;
    }
    ladder->slope[0] = ladder->slope[1] = sqrt(squares);
}

/* Curves must fall from each level to the next, levels one by one to a third one at least. A curve
 * may end below 0 S by its error. */
static int falls(const struct mqc_fit_ladder *ladder) {
    const size_t last = ladder->levels - 1;
    size_t steps = 0;
    for (size_t i = 1; i <= last; i++)
        steps += ladder->mean[i] < ladder->mean[i - 1];
    const double error = sqrt(ladder->leverage[last] / fmax(ladder->weight[last], 1e-300));
    if (!(ladder->mean[last] >= -2 * error))
        return 0;
    return ladder->means == MQC_MEANS_EACH ? steps >= 2 : steps == ladder->levels - 1;
}

/* By how much of an sd means and deviations have moved from what values[] has of them. */
static double moved(struct mqc_fit_ladder *ladder, double *last) {
    double most = 0;
    for (size_t i = 0; i < ladder->levels; i++) {
        const double here[] = {ladder->mean[i], ladder->sd[i]};
        for (size_t k = 0; k < 2; k++) {
            most = fmax(most, fabs(here[k] - last[2 * i + k]) / ladder->sd[i]);
            last[2 * i + k] = here[k];
        }
    }
    return most;
}

int mqc_fit_ladder_solve(struct mqc_fit_ladder *ladder) {
    start(ladder);
    moved(ladder, ladder->last);
    for (int round = 0; round < MOST_ROUNDS; round++) {
        if (!mqc_fit_ladder_means(ladder))
            return 0;
        if (ladder->spread)
            mqc_fit_ladder_place_devices(ladder);
        if (!falls(ladder))
            return 0;
        mqc_fit_ladder_noise(ladder);
        if (ladder->spread)
            mqc_fit_ladder_compare_noise(ladder);
        if (moved(ladder, ladder->last) < still)
            break;
    }
    return 1;
}
