/* SPDX-License-Identifier: BSD-3-Clause */
/* Statistics of the devices that have a name, against the formulas of their sources written out once
 * more; those of NeuroSim are in test_neurosim_presets.c.
 *
 * With 40 000 cells a point, a mean is known to 0.5 % and an sd to 0.35 % of the sd, and a check
 * passes within 5 standard errors: 2.5 % and 1.8 %. By chance alone one check in 1.7 million fails;
 * there are about 200. */
#include "effects.h"
#include "neurosim_table.h"

enum { CELLS_EACH = 40000 };

static const double g0 = MEMQC_G0 * 1e6; /* uS */

static memqc_device *preset(const char *name) {
    memqc_device *device;
    OK(memqc_device_create_preset(name, &device));
    OK(memqc_device_set_seed(device, 20));
    return device;
}

static double clamp(double x, double lo, double hi) {
    return fmin(fmax(x, lo), hi);
}

/* Moments of max(0, X), X = N(mu, s^2), by Simpson's rule. */
static void cut(double mu, double s, double *mean, double *sd) {
    enum { STEPS = 4000 };
    const double h = (mu + 12 * s) / STEPS;
    double first = 0, second = 0;
    for (int i = 1; i <= STEPS; i++) {
        const double x = i * h, z = (x - mu) / s, weight = i == STEPS ? 1 : 2 + 2 * (i % 2);
        const double part = weight * exp(-0.5 * z * z) * h / (3 * s * sqrt(2 * acos(-1)));
        first += x * part;
        second += x * x * part;
    }
    *mean = first;
    *sd = sqrt(second - first * first);
}

/* --- levels --- */

/* Chen et al. 2020: pulse n = 1 .. 32 leads to 16.5 - 0.5 n G0. */
static double pulse_of(double g) {
    return 33 - 2 * g / g0;
}

/* Eq. (1): sigma (1 - k n), k = 0.03, sigma = 1 G0 of sample A and 4 of B. */
static double chen_a_sd(double g) {
    return g0 * (1 - 0.03 * pulse_of(g));
}

static double chen_b_sd(double g) {
    return 4 * g0 * (1 - 0.03 * pulse_of(g));
}

/* Figure 3c-f: a straight line through widths at half maximum, in G0, at pulses 5 and 29. */
static double width_sd(double g, double early, double late) {
    return g0 * (early + (late - early) * (pulse_of(g) - 5) / 24) / (2 * sqrt(2 * log(2)));
}

static double width_a_sd(double g) {
    return width_sd(g, 4.4, 1.2);
}

static double width_b_sd(double g) {
    return width_sd(g, 5.5, 2.3);
}

static double no_sd(double g) {
    (void)g;
    return 0;
}

/* Joshi et al. 2020, as aihwkit has it. */
static double pcm_sd(double g) {
    const double x = g / 25;
    return 0.26348 + 1.965 * x - 1.1731 * x * x;
}

static double milo_sd(double g) {
    return 4.782 - 0.009107 * g;
}

static double wan_sd(double g) {
    return 1.536e-4 * pow(g, 3) - 0.01167 * g * g + 0.2374 * g + 1.053;
}

/* The window in uS. */
static const struct source {
    const char *name;
    double (*sd)(double g);
    double lo, hi;
    int32_t states, law;
} programmed[] = {
    {"hfox-a", chen_a_sd, 0.5, 16, 32, MEMQC_DEVICE_LAW_LINEAR}, /* G0 */
    {"hfox-a", width_a_sd, 0.5, 16, 32, MEMQC_DEVICE_LAW_MEASURED},
    {"hfox-b", chen_b_sd, 0.5, 16, 32, MEMQC_DEVICE_LAW_LINEAR},
    {"hfox-b", width_b_sd, 0.5, 16, 32, MEMQC_DEVICE_LAW_MEASURED},
    {"ideal", no_sd, 0.5, 16, 32, MEMQC_DEVICE_LAW_LINEAR},
    {"pcm", pcm_sd, 0, 25, 256, MEMQC_DEVICE_LAW_POLYNOMIAL},
    {"milo-2021", milo_sd, 50, 225, 8, MEMQC_DEVICE_LAW_POLYNOMIAL},
    {"wan-2022", wan_sd, 1, 39.26, 32, MEMQC_DEVICE_LAW_POLYNOMIAL},
};

/* Draws at a level, and the closed form of the library, against N(g, sd^2) cut at 0; in uS. */
static void check_level(const memqc_device *d, int32_t level, double want, double want_sd) {
    double nominal, mean, sd, cut_mean = want, cut_sd = 0;
    float *g = floats(CELLS_EACH, 0);
    int32_t *levels = malloc(CELLS_EACH * sizeof *levels);
    ck_assert_ptr_nonnull(levels);
    OK(memqc_device_level(d, level, &nominal, &mean, &sd));
    ck_assert_double_eq_tol(nominal * 1e6, want, 1e-9);
    if (want_sd > 0)
        cut(want, want_sd, &cut_mean, &cut_sd);
    ck_assert_double_eq_tol(mean * 1e6, cut_mean, 1e-5 * cut_sd + 1e-9);
    ck_assert_double_eq_tol(sd * 1e6, cut_sd, 1e-5 * cut_sd + 1e-12);
    for (size_t i = 0; i < CELLS_EACH; i++)
        levels[i] = level;
    OK(memqc_device_draw(d, 0, (uint64_t)level, CELLS_EACH, levels, g, NULL));
    if (want_sd > 0)
        check_moments(g, CELLS_EACH, cut_mean * 1e-6, cut_sd * 1e-6);
    else
        for (size_t i = 0; i < CELLS_EACH; i++)
            ck_assert(g[i] == (float)nominal);
    free(levels);
    free(g);
}

START_TEST(levels_have_the_sd_of_their_source) {
    for (size_t i = 0; i < COUNT(programmed); i++) {
        const struct source *is = &programmed[i];
        const double unit = is->hi == 16 ? g0 : 1, hi = is->hi * unit, lo = is->lo * unit;
        memqc_device *d = preset(is->name);
        double law;
        OK(memqc_device_get(d, MEMQC_DEVICE_LAW, &law));
        if (is->law == MEMQC_DEVICE_LAW_MEASURED)
            OK(memqc_device_set(d, MEMQC_DEVICE_LAW, is->law));
        else
            ck_assert_double_eq(law, is->law);
        for (int32_t j = 0; j < 6; j++) {
            const int32_t level = 1 + j * (is->states - 1) / 5;
            const double g = hi - (hi - lo) * (level - 1) / (is->states - 1);
            check_level(d, level, g, is->sd(g));
        }
        memqc_device_destroy(&d);
    }
}
END_TEST

/* --- what time does to a phase-change cell --- */

/* nu of cells from their conductances 1 s and a day after the last read, without flicker. */
START_TEST(drift_of_pcm_is_that_of_its_source) {
    static const double shares[] = {1, 0.5, 0.2, 0.05, 0.001}, times[] = {1, 86400};
    memqc_device *d = preset("pcm");
    OK(memqc_device_set(d, MEMQC_DEVICE_FLICKER, 0));
    float *out = floats(CELLS_EACH, 0);
    for (size_t i = 0; i < 10; i++) {
        const double x = shares[i / 2], log_time = log((times[i % 2] + 20) / 20);
        float *in = floats(CELLS_EACH, (float)(x * 25e-6));
        OK(memqc_device_age(d, 0, 0, times[i % 2], 0, CELLS_EACH, in, out));
        for (size_t j = 0; j < CELLS_EACH; j++)
            out[j] = (float)(-log((double)out[j] / (double)in[j]) / log_time);
        /* one second is 0.05 of ln t, which leaves 24 bits of g some 1e-6 of nu */
        check_moments(out, CELLS_EACH, clamp(-0.0155 * log(x) + 0.0244, 0.049, 0.1),
                      clamp(-0.0125 * log(x) - 0.0059, 0.008, 0.045));
        free(in);
    }
    free(out);
    memqc_device_destroy(&d);
}
END_TEST

/* Right after the last read there is no drift, but 20 s of flicker. */
START_TEST(flicker_of_pcm_is_that_of_its_source) {
    static const double shares[] = {1, 0.3, 0.05, 0.001}, times[] = {0, 3.15e7};
    memqc_device *d = preset("pcm");
    OK(memqc_device_set(d, MEMQC_DEVICE_DRIFT_T0, 1e12));
    float *out = floats(CELLS_EACH, 0);
    for (size_t i = 0; i < 8; i++) {
        const double x = shares[i / 2], t = times[i % 2] + 20;
        const double grown = sqrt(log((t + 250e-9) / (2 * 250e-9)));
        double mean, sd;
        cut(1, fmin(0.0088 / pow(x, 0.65), 0.2) * grown, &mean, &sd);
        float *in = floats(CELLS_EACH, (float)(x * 25e-6));
        OK(memqc_device_age(d, 0, i, times[i % 2], 0, CELLS_EACH, in, out));
        check_moments(out, CELLS_EACH, x * 25e-6 * mean, x * 25e-6 * sd);
        free(in);
    }
    free(out);
    memqc_device_destroy(&d);
}
END_TEST

/* --- Gokmen and Vlasov 2016 --- */

/* 1200 steps over the window of 10 .. 100 uS, with 30 % of spread from cell to cell and 30 % of the
 * cell's own step from pulse to pulse; a step up is 1 + a times as large, a step down 1 - a, a of
 * sd 0.02; bounds with 15 % and 30 % of spread. The factors of a cell have a mean of 1. */
static const char *const arrays[] = {"rpu", "soft-bounds"};
static const double step = 90e-6 / 1200;

/* Changes by a pulse from the middle of each cell's window, in S; a soft bound halves them there. */
static void change(const memqc_device *d, uint64_t draw, int32_t pulses, const float *middle,
                   float *moved) {
    memcpy(moved, middle, CELLS_EACH * sizeof *moved);
    OK(memqc_device_pulse(d, 0, draw, CELLS_EACH, pulses, moved, NULL, NULL));
    for (size_t i = 0; i < CELLS_EACH; i++)
        moved[i] -= middle[i];
}

/* Between the bounds of each cell, which pulses of 30 uS reach: a soft bound leaves 0.7^100. */
static void find_middles(const char *name, float *middle) {
    float *lo = floats(CELLS_EACH, 50e-6f), *hi = floats(CELLS_EACH, 50e-6f);
    memqc_device *d = preset(name);
    OK(memqc_device_set(d, MEMQC_DEVICE_C2C_STEP, 0));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_STEP, 0));
    OK(memqc_device_set(d, MEMQC_DEVICE_STEP, 30e-6));
    OK(memqc_device_pulse(d, 0, 0, CELLS_EACH, 100, hi, NULL, NULL));
    OK(memqc_device_pulse(d, 0, 0, CELLS_EACH, -100, lo, NULL, NULL));
    check_moments(hi, CELLS_EACH, 100e-6, 15e-6);
    check_moments(lo, CELLS_EACH, 10e-6, 3e-6);
    for (size_t i = 0; i < CELLS_EACH; i++)
        middle[i] = 0.5f * (lo[i] + hi[i]);
    memqc_device_destroy(&d);
    free(lo);
    free(hi);
}

static void check_spread(const char *name) {
    float *middle = floats(CELLS_EACH, 0), *up = floats(CELLS_EACH, 0),
          *down = floats(CELLS_EACH, 0);
    memqc_device *d = preset(name), *quiet = preset(name);
    OK(memqc_device_set(quiet, MEMQC_DEVICE_C2C_STEP, 0));
    find_middles(name, middle);
    const double mean = strcmp(name, "rpu") == 0 ? step : step / 2;
    /* second moments of factors of mean 1, which are independent */
    const double of_cells = 1.09 * (1 + 0.02 * 0.02), of_pulses = of_cells * 1.09;
    change(d, 0, 1, middle, up);
    check_moments(up, CELLS_EACH, mean, mean * sqrt(of_pulses - 1));
    change(d, 1, 1, middle, down);
    for (size_t i = 0; i < CELLS_EACH; i++) /* of two pulses of a cell */
        up[i] -= down[i];
    check_moments(up, CELLS_EACH, 0, mean * sqrt(2 * 0.3 * 0.3 * of_cells));
    change(quiet, 0, 1, middle, up);
    check_moments(up, CELLS_EACH, mean, mean * sqrt(of_cells - 1));
    change(quiet, 0, -1, middle, down);
    for (size_t i = 0; i < CELLS_EACH; i++)
        up[i] = (up[i] + down[i]) / (up[i] - down[i]);
    check_moments(up, CELLS_EACH, 0, 0.02);
    memqc_device_destroy(&d);
    memqc_device_destroy(&quiet);
    free(middle);
    free(up);
    free(down);
}

START_TEST(cells_vary_as_their_source_says) {
    for (size_t i = 0; i < COUNT(arrays); i++)
        check_spread(arrays[i]);
}
END_TEST

/* --- */

static size_t listed(const char *name) {
    size_t found = 0;
    for (size_t i = 0; i < COUNT(programmed); i++)
        found += strcmp(programmed[i].name, name) == 0;
    for (size_t i = 0; i < COUNT(arrays); i++)
        found += strcmp(arrays[i], name) == 0;
    for (size_t i = 0; i < COUNT(neurosim); i++)
        found += strcmp(neurosim[i].name, name) == 0;
    return found;
}

/* Whoever adds a preset adds its formula to a table of these tests. */
START_TEST(no_preset_is_forgotten) {
    const char *name;
    size_t presets = 0;
    for (; (name = memqc_device_preset_name(presets)) != NULL; presets++)
        ck_assert_msg(listed(name) > 0, "no test knows the statistics of the preset %s", name);
    ck_assert_uint_ge(presets, 16);
}
END_TEST

RUN_TESTS("presets", levels_have_the_sd_of_their_source, drift_of_pcm_is_that_of_its_source,
          flicker_of_pcm_is_that_of_its_source, cells_vary_as_their_source_says,
          no_preset_is_forgotten)
