/* SPDX-License-Identifier: BSD-3-Clause */
/* Fits over few devices: staircases of the presets hfox-a and hfox-b, of 1 to 10 devices. How often
 * of SEEDS is the law linear, are k and sigma within 2 standard errors, and is the verdict other
 * than that nothing describes the data? usage: fit_devices [seeds [all]]; all: with all candidates
 * fitted, and not the quantized model alone */
#include <memqc/memqc.h>

#include "device/cell/inside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CYCLES = 12, LEVELS = 32, MOST_DEVICES = 10, MOST = MOST_DEVICES * CYCLES * LEVELS };

static int32_t model = MEMQC_DEVICE_QUANTIZED;
static float g[MOST];
static int32_t device_of[MOST], cycle_of[MOST], pulse_of[MOST];

static void check(memqc_status status) {
    if (status == MEMQC_OK)
        return;
    fprintf(stderr, "%s\n", memqc_last_error());
    exit(1);
}

static memqc_device *draw(const char *preset, uint64_t seed, int devices) {
    memqc_device *device;
    check(memqc_device_create_preset(preset, &device));
    check(memqc_device_set_seed(device, seed));
    for (int d = 0; d < devices; d++) {
        const size_t from = (size_t)d * CYCLES * LEVELS;
        check(memqc_device_staircase(device, (uint64_t)d, 0, CYCLES, g + from, LEVELS, NULL));
        for (int32_t i = 0; i < CYCLES * LEVELS; i++) {
            device_of[from + (size_t)i] = d;
            cycle_of[from + (size_t)i] = i / LEVELS;
            pulse_of[from + (size_t)i] = i % LEVELS + 1;
        }
    }
    return device;
}

static double value(const memqc_device *device, int32_t what, int32_t which) {
    double result;
    check(memqc_device_fit_value(device, what, which, &result));
    return result;
}

static int is_near(const memqc_device *fitted, int32_t key, double truth) {
    double found;
    check(memqc_device_get(fitted, key, &found));
    return fabs(found - truth) <= 2 * value(fitted, MEMQC_DEVICE_FIT_STANDARD_ERROR, key);
}

struct tally {
    int law, k, sigma, described;
};

static void try_one(const char *preset, uint64_t seed, int devices, struct tally *tally) {
    const int32_t *const columns[] = {[MEMQC_DEVICE_COLUMN_DEVICE] = device_of,
                                      [MEMQC_DEVICE_COLUMN_CYCLE] = cycle_of,
                                      [MEMQC_DEVICE_COLUMN_PULSE] = pulse_of};
    const size_t n = (size_t)devices * CYCLES * LEVELS;
    memqc_device *truth = draw(preset, seed, devices), *fitted;
    check(memqc_device_fit(model, n, 3, columns, g, NULL, NULL, &fitted));
    tally->law += value(fitted, MEMQC_DEVICE_FIT_CANDIDATE, MEMQC_DEVICE_FIT_BEST) ==
                  MEMQC_DEVICE_FIT_QUANTIZED_LINEAR;
    tally->described += value(fitted, MEMQC_DEVICE_FIT_VERDICT, MEMQC_DEVICE_FIT_BEST) !=
                        MEMQC_DEVICE_FIT_VERDICT_NOTHING;
    tally->k += is_near(fitted, MEMQC_DEVICE_K, truth->k);
    tally->sigma += is_near(fitted, MEMQC_DEVICE_SIGMA, truth->sigma);
    memqc_device_destroy(&truth);
    memqc_device_destroy(&fitted);
}

int main(int argc, char **argv) {
    static const char *const presets[] = {"hfox-a", "hfox-b"};
    static const int counts[] = {1, 2, 3, 5, 10};
    const int seeds = argc > 1 ? atoi(argv[1]) : 50;
    int failed = 0;
    if (argc > 2 && strcmp(argv[2], "all") == 0)
        model = MEMQC_DEVICE_FIT_BEST;
    printf("of %d seeds: law linear, k and sigma within 2 standard errors, residuals pass\n",
           seeds);
    for (size_t p = 0; p < 2; p++) {
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            struct tally tally = {0, 0, 0, 0};
            for (int seed = 1; seed <= seeds; seed++)
                try_one(presets[p], (uint64_t)seed, counts[c], &tally);
            printf("%s, %2d devices: law %2d, k %2d, sigma %2d, described %2d\n", presets[p],
                   counts[c], tally.law, tally.k, tally.sigma, tally.described);
            fflush(stdout);
            failed |= 10 * tally.law < 9 * seeds || 10 * tally.k < 9 * seeds ||
                      10 * tally.sigma < 9 * seeds;
        }
    }
    return failed;
}
