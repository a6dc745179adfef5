/* SPDX-License-Identifier: BSD-3-Clause */
/* Dirty data of every kind, at 0.5 and 5 %: how often a fit finds the right model with all its
 * parameters within 3 standard errors, and how often it refuses.
 *
 * usage: long_fit_dirty [SEEDS [KIND|all [alone]]]  (50 seeds, all kinds)
 * alone: the drawn model is given, which takes a tenth of the time. */
#include "unit/dirt.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const kinds[DIRTS] = {"clean",    "overflow", "above", "zero",  "missing",
                                         "negative", "million",  "cycle", "drift", "units"};

static int alone;

struct tally {
    int right, within, refused;
};

/* A window that was read off the data has no error: 2 % of it is near enough. */
static int is_within(const memqc_device *fitted, const memqc_device *d, int32_t key) {
    const int window = key == MEMQC_DEVICE_G_MAX || key == MEMQC_DEVICE_G_MIN;
    const double error = error_of(fitted, key), apart = fabs(get(fitted, key) - get(d, key));
    if (error > 0)
        return apart <= 3 * error;
    return !window || apart <= 0.02 * (get(d, MEMQC_DEVICE_G_MAX) - get(d, MEMQC_DEVICE_G_MIN));
}

static int all_within(const memqc_device *fitted, const memqc_device *d) {
    static const int32_t keys[] = {
        MEMQC_DEVICE_G_MAX,     MEMQC_DEVICE_G_MIN,      MEMQC_DEVICE_STEP,
        MEMQC_DEVICE_ASYMMETRY, MEMQC_DEVICE_SLOPE_UP,   MEMQC_DEVICE_SLOPE_DOWN,
        MEMQC_DEVICE_POWER_UP,  MEMQC_DEVICE_POWER_DOWN, MEMQC_DEVICE_NL_UP,
        MEMQC_DEVICE_NL_DOWN,   MEMQC_DEVICE_SIGMA,      MEMQC_DEVICE_K,
        MEMQC_DEVICE_C2C_STEP};
    const int32_t model = model_of(d);
    int within = 1;
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (keys[i] == MEMQC_DEVICE_C2C_STEP && model == MEMQC_DEVICE_CONSTANT)
            continue; /* the same as C2C_ABSOLUTE */
        if (keys[i] == MEMQC_DEVICE_STEP && model == MEMQC_DEVICE_QUANTIZED)
            continue; /* follows from the window */
        within &= is_within(fitted, d, keys[i]);
    }
    return within;
}

/* The model is the drawn one; of the quantized ones any. */
static void try_one(int32_t model, enum dirt kind, double share, uint64_t seed,
                    struct tally *tally) {
    const int quantized = model == MEMQC_DEVICE_QUANTIZED;
    memqc_device *d = quantized ? staircases(MEMQC_G0, 0.03, seed) : pulsed(model, seed), *fitted;
    size_t n = ROWS, spoilt = 0;
    for (size_t i = 0; i < ROWS && quantized; i++)
        direction_of[i] = -1;
    if (!quantized)
        n = trains(d, 1, 8);
    n = dirty(kind, share, n, get(d, MEMQC_DEVICE_G_MIN), get(d, MEMQC_DEVICE_G_MAX), seed,
              &spoilt);
    const memqc_status status = fit(alone ? model : MEMQC_DEVICE_FIT_BEST, n, NULL, cycle_of,
                                    pulse_of, direction_of, g, &fitted);
    if (status == MEMQC_ERROR_DATA) {
        tally->refused++;
    } else if (status == MEMQC_OK && model_of(fitted) == model) {
        tally->right++;
        tally->within += all_within(fitted, d);
    }
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}

int main(int argc, char *argv[]) {
    static const char *const models[] = {"quantized",   "constant", "linear",   "soft-bounds",
                                         "exponential", "power",    "neurosim", "table"};
    const int seeds = argc > 1 ? atoi(argv[1]) : 50;
    int below = 0;
    alone = argc > 3 && strcmp(argv[3], "alone") == 0;
    printf("right model / all parameters within 3 standard errors / refused, of %d seeds\n", seeds);
    for (int kind = 0; kind < DIRTS; kind++) {
        if (argc > 2 && strcmp(argv[2], "all") != 0 && strcmp(argv[2], kinds[kind]) != 0)
            continue;
        for (size_t m = 0; m < COUNT(models); m++) {
            printf("%-10s %-12s", kinds[kind], models[m]);
            for (int large = 0; large < 2; large++) {
                struct tally tally = {0, 0, 0};
                for (int seed = 1; seed <= seeds; seed++)
                    try_one(MEMQC_DEVICE_QUANTIZED + (int32_t)m, (enum dirt)kind,
                            large ? 0.05 : 0.005, (uint64_t)seed, &tally);
                below += 10 * (tally.within + tally.refused) < 9 * seeds;
                printf("   %3d %3d %3d", tally.right, tally.within, tally.refused);
                fflush(stdout);
            }
            printf("\n");
        }
    }
    printf("%d of the figures are below 9 of 10\n", below);
    return 0;
}
