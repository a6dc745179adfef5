/* SPDX-License-Identifier: BSD-3-Clause */
/* Noise of the measurement: 1000 pulses up and 1000 down, drawn without the library, read with a noise
 * of 0.1 to 50 mean steps, white, or half of its variance slow. The model is given. A line for each
 * cell: of how many seeds are the step, the noise of the pulse and that of the measurement within 2
 * standard errors, and the step within 10 and 25 %?
 *
 * usage: fit_noise [seeds [model [noise [errors|choice]]]], model 0 .. 6 and noise 0 .. 7, -1 for all;
 * errors: each fit to stderr; choice: all candidates are fitted. SEED: the first seed */
#include "unit/noisy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWS = 60, SIZES = 4 };

static const double sizes[SIZES] = {0.1, 1, 8, 50};

static const char *const names[] = {"constant", "linear",   "soft bounds", "exponential",
                                    "power",    "neurosim", "table"};
static const struct noisy_course courses[] = {
    {MEMQC_DEVICE_CONSTANT, 0.9, 0, 0, 0.3, 0, 0, 0},
    {MEMQC_DEVICE_LINEAR, 0.9, 0.6, 0, 0.3, 0, 0, 0},
    {MEMQC_DEVICE_SOFT_BOUNDS, 0.9, 0, 0, 0.3, 0, 0, 0},
    {MEMQC_DEVICE_EXPONENTIAL, 0.9, 6, 0.04, 0.3, 0, 0, 0},
    {MEMQC_DEVICE_POWER, 0.9, 1.6, 0, 0.3, 0, 0, 0},
    {MEMQC_DEVICE_NEUROSIM, 1, 2, 0, 0.3, 0, 0, 0},
    {MEMQC_DEVICE_TABLE, 0.9, 3, 0, 0.3, 0, 0, 0},
};

/* One fit: estimates with their errors. */
struct told {
    double value, error;
};

static struct told told(const memqc_device *fitted, int32_t key, double scale) {
    const struct told of = {scale * get(fitted, key), scale * error_of(fitted, key)};
    return of;
}

/* How many errors off, 0 / 0 being a miss. */
static double errors_off(struct told of, double truth) {
    return of.error > 0 ? (of.value - truth) / of.error : INFINITY;
}

/* What a pulse without noise moves, up and down, from the middle of the course; S. */
static double nominal_step(const memqc_device *device) {
    double steps = 0;
    memqc_device *quiet;
    OK(memqc_device_copy(device, &quiet));
    OK(memqc_device_set(quiet, MEMQC_DEVICE_C2C_ABSOLUTE, 0));
    OK(memqc_device_set(quiet, MEMQC_DEVICE_C2C_RELATIVE, 0));
    OK(memqc_device_set(quiet, MEMQC_DEVICE_C2C_STEP, 0));
    for (int direction = -1; direction <= 1; direction += 2) {
        const double start = noisy_low + 0.4 * (noisy_high - noisy_low);
        float state = (float)start;
        OK(memqc_device_pulse(quiet, 0, 0, 1, 10 * direction, &state, NULL, NULL));
        steps += 0.05 * direction * ((double)state - start);
    }
    memqc_device_destroy(&quiet);
    return steps;
}

/* The step in the middle of the course, of models without a parameter for the step; its error by
 * draws from those of the fit. */
static struct told middle_step(const memqc_device *fitted) {
    struct told of = {nominal_step(fitted), 0};
    for (uint64_t draw = 0; draw < DRAWS; draw++) {
        memqc_device *drawn;
        OK(memqc_device_fit_draw(fitted, 1, draw, &drawn));
        of.error += pow(nominal_step(drawn) - of.value, 2) / DRAWS;
        memqc_device_destroy(&drawn);
    }
    of.error = sqrt(of.error);
    return of;
}

static double true_middle_step(const struct noisy_course *course) {
    double steps = 0;
    for (int direction = -1; direction <= 1; direction += 2) {
        double at = 0.4;
        for (int pulse = 0; pulse < 10; pulse++)
            at += direction * noisy_law(course, direction > 0 ? at : 1 - at);
        steps += 0.05 * direction * (at - 0.4);
    }
    return steps * (noisy_high - noisy_low);
}

/* The noise of a pulse as a root mean square over the course, whatever its kind. */
static struct told pulse_noise(const memqc_device *fitted, double step) {
    const double middle = noisy_low + 0.5 * (noisy_high - noisy_low);
    const struct told of[] = {told(fitted, MEMQC_DEVICE_C2C_ABSOLUTE, 1),
                              told(fitted, MEMQC_DEVICE_C2C_RELATIVE, middle),
                              told(fitted, MEMQC_DEVICE_C2C_STEP, step)};
    struct told all = {0, 0};
    for (size_t i = 0; i < COUNT(of); i++) {
        all.value = hypot(all.value, of[i].value);
        all.error = hypot(all.error, of[i].error);
    }
    return all;
}

/* STEP of a linear device is that at the ends of its window, which is that of the data; elsewhere the
 * parameter does not depend on the window. */
static double true_step(const struct noisy_course *course, const memqc_device *fitted) {
    const double range = noisy_high - noisy_low;
    const double low = (get(fitted, MEMQC_DEVICE_G_MIN) - noisy_low) / range,
                 high = (noisy_high - get(fitted, MEMQC_DEVICE_G_MAX)) / range;
    if (course->model == MEMQC_DEVICE_LINEAR)
        return 0.5 * range * (noisy_law(course, low) + noisy_law(course, high));
    return course->step * range;
}

enum { STEP, MIDDLE, PULSE, WHITE, SLOW, THINGS };

struct counts {
    int within[THINGS], near[2], silent;
};

static int is_slow(const struct noisy_course *course) {
    return course->slow > 0;
}

static void count(const struct noisy_course *course, uint64_t seed, int verbose,
                  struct counts *counts) {
    const double moved = noisy_measure(course, seed);
    memqc_device *fitted = noisy_fit(course->model);
    const int has_step =
        course->model != MEMQC_DEVICE_NEUROSIM && course->model != MEMQC_DEVICE_TABLE;
    const double truth[THINGS] = {[STEP] = has_step ? true_step(course, fitted)
                                                    : true_middle_step(course),
                                  [MIDDLE] = true_middle_step(course),
                                  [PULSE] = course->pulse * moved,
                                  [WHITE] = noisy_siemens(course, course->white),
                                  [SLOW] = noisy_siemens(course, course->slow)};
    struct told of[THINGS] = {[MIDDLE] = middle_step(fitted),
                              [PULSE] = pulse_noise(fitted, moved),
                              [WHITE] = told(fitted, MEMQC_DEVICE_READ_NOISE, 1),
                              [SLOW] = told(fitted, MEMQC_DEVICE_READ_NOISE_SLOW, 1)};
    of[STEP] = has_step ? told(fitted, MEMQC_DEVICE_STEP, 1) : of[MIDDLE];
    for (int i = 0; i < THINGS; i++) {
        const double errors = errors_off(of[i], truth[i]);
        /* No slow noise found where there is none. */
        const int none = i == SLOW && truth[i] == 0 && of[i].value == 0;
        counts->within[i] += none || fabs(errors) <= 2;
        if (verbose)
            fprintf(stderr, "%s %.4f +- %.4f, %.2f; ",
                    (const char *[]){"step", "middle", "pulse", "white", "slow"}[i],
                    of[i].value / (truth[i] > 0 ? truth[i] : 1),
                    of[i].error / (truth[i] > 0 ? truth[i] : 1), errors);
    }
    const double off = fabs(of[STEP].value / truth[STEP] - 1);
    counts->near[0] += off <= 0.1;
    counts->near[1] += off <= 0.25;
    counts->silent += of[PULSE].value == 0 && !(of[PULSE].error > 0);
    if (verbose)
        fprintf(stderr, "seed %d, verdict on noise %g\n", (int)seed,
                report(fitted, MEMQC_DEVICE_FIT_NOISE, MEMQC_DEVICE_FIT_BEST));
    memqc_device_destroy(&fitted);
}

/* Bars: 9 of 10 within 2 errors, and the step within 10 % at 8 steps and 25 % at 50. */
static int tell(const char *model, const struct noisy_course *course, double size, int seeds,
                int verbose) {
    struct counts of = {{0}, {0}, 0};
    const int first = getenv("SEED") ? atoi(getenv("SEED")) : 1;
    for (int seed = first; seed < first + seeds; seed++)
        count(course, (uint64_t)seed, verbose, &of);
    printf(
        "%-12s %4g %-5s of %d: step %d, middle %d, pulse %d, white %d, slow %d; within 10 %% %d, "
        "25 %% %d; silent %d\n",
        model, size, is_slow(course) ? "slow" : "white", seeds, of.within[STEP], of.within[MIDDLE],
        of.within[PULSE], of.within[WHITE], of.within[SLOW], of.near[0], of.near[1], of.silent);
    fflush(stdout);
    int below = 0;
    for (int i = 0; i < THINGS; i++)
        below |= 10 * of.within[i] < 9 * seeds;
    return below || (size <= 8 ? of.near[0] : of.near[1]) < seeds;
}

/* A straight line for the steps is one law under three names, as long as the data do not show the bounds. */
static int is_one_law(int32_t a, int32_t b) {
    const int32_t lines[] = {MEMQC_DEVICE_LINEAR, MEMQC_DEVICE_SOFT_BOUNDS, MEMQC_DEVICE_NEUROSIM};
    int found = 0;
    for (size_t i = 0; i < COUNT(lines); i++)
        found += (a == lines[i]) + (b == lines[i]);
    return a == b || found == 2;
}

/* All candidates: how often is the model the drawn one, how often does the verdict name several, and how
 * often is another one called the description of the data? */
static int choose(const char *model, const struct noisy_course *course, double size, int seeds) {
    int right = 0, ambiguous = 0, wrong = 0;
    for (int seed = 1; seed <= seeds; seed++) {
        noisy_measure(course, (uint64_t)seed);
        memqc_device *fitted = noisy_fit(MEMQC_DEVICE_FIT_BEST);
        const int32_t taken = (int32_t)report(fitted, MEMQC_DEVICE_FIT_CANDIDATE,
                                              MEMQC_DEVICE_FIT_BEST),
                      verdict =
                          (int32_t)report(fitted, MEMQC_DEVICE_FIT_VERDICT, MEMQC_DEVICE_FIT_BEST);
        const int is_described = verdict == MEMQC_DEVICE_FIT_VERDICT_DESCRIBED;
        const int is_right = is_one_law(taken, course->model);
        right += is_right;
        ambiguous += !is_right && !is_described;
        wrong += !is_right && is_described;
        memqc_device_destroy(&fitted);
    }
    printf("%-12s %4g %-5s of %d, all candidates: right %d, another in doubt %d, wrong %d\n", model,
           size, is_slow(course) ? "slow" : "white", seeds, right, ambiguous, wrong);
    fflush(stdout);
    return wrong > 0;
}

int main(int argc, char *argv[]) {
    const int seeds = argc > 1 ? atoi(argv[1]) : 50, only = argc > 2 ? atoi(argv[2]) : -1,
              noise = argc > 3 ? atoi(argv[3]) : -1,
              chooses = argc > 4 && strcmp(argv[4], "choice") == 0;
    int below = 0;
    for (int model = 0; model < (int)COUNT(courses); model++) {
        for (int i = 0; i < 2 * SIZES; i++) {
            if ((only >= 0 && only != model) || (noise >= 0 && noise != i))
                continue;
            struct noisy_course course = courses[model];
            const int slow = i >= SIZES;
            const double size = sizes[i % SIZES];
            course.white = size * sqrt(slow ? 0.5 : 1);
            course.slow = size * sqrt(slow ? 0.5 : 0);
            noisy_prepare(&course);
            if (chooses)
                below |= choose(names[model], &course, size, seeds);
            else
                below |= tell(names[model], &course, size, seeds, argc > 4);
        }
    }
    return below;
}
