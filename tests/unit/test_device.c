/* SPDX-License-Identifier: BSD-3-Clause */
/* The quantized device: the paper's numbers, the closed forms, and a million draws against them. */
#include "moments.h"

enum { MILLION = 1000000, STATES = 32 };

static const int32_t laws[] = {MEMQC_DEVICE_LAW_PRINTED, MEMQC_DEVICE_LAW_LINEAR,
                               MEMQC_DEVICE_LAW_MEASURED};
static const int32_t paper_levels[] = {1, 5, 16, 29, 32};

static memqc_device *make(const char *preset, int32_t law) {
    memqc_device *device;
    OK(memqc_device_create_preset(preset, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_LAW, law));
    OK(memqc_device_set_seed(device, 1234));
    return device;
}

static double get(const memqc_device *device, int32_t key) {
    double value;
    OK(memqc_device_get(device, key, &value));
    return value;
}

/* Mean and sd of max(X, 0), or of X given X >= 0, X = N(mu, s^2), by Simpson's rule: nothing of the
 * library's formulae. */
static void integrate(double mu, double s, int redraw, double *mean, double *sd) {
    enum { STEPS = 20000 };
    const double lo = -40 * s + mu < 0 ? 0 : mu - 40 * s, hi = mu + 40 * s, h = (hi - lo) / STEPS;
    double mass = 0, first = 0, second = 0;
    for (int i = 0; i <= STEPS; i++) {
        const double x = lo + i * h, z = (x - mu) / s,
                     weight = (i == 0 || i == STEPS ? 1
                               : i % 2              ? 4
                                                    : 2) *
                              h / 3;
        const double p = weight * exp(-0.5 * z * z) / (s * sqrt(2 * 3.14159265358979323846));
        mass += p;
        first += p * x;
        second += p * x * x;
    }
    const double total = redraw ? mass : 1;
    *mean = first / total;
    *sd = sqrt(second / total - *mean * *mean);
}

/* sigma, in G0, and k of the draws: the law "measured" solves them from the widths at pulses 5 and
 * 29. */
static void noise_of(const memqc_device *d, int32_t law, double *sigma, double *k) {
    const double per_sd = 2 * sqrt(2 * log(2)) * MEMQC_G0;
    *sigma = get(d, MEMQC_DEVICE_SIGMA) / MEMQC_G0;
    *k = get(d, MEMQC_DEVICE_K);
    if (law != MEMQC_DEVICE_LAW_MEASURED)
        return;
    const double early = get(d, MEMQC_DEVICE_FWHM_EARLY) / per_sd,
                 slope = (early - get(d, MEMQC_DEVICE_FWHM_LATE) / per_sd) / 24;
    *sigma = early + 5 * slope;
    *k = slope / *sigma;
}

START_TEST(closed_form_agrees_with_integration) {
    for (size_t p = 0; p < 2; p++) {
        for (size_t law = 0; law < 3; law++) {
            for (int redraw = 0; redraw < 2; redraw++) {
                memqc_device *d = make(p ? "hfox-b" : "hfox-a", laws[law]);
                OK(memqc_device_set(d, MEMQC_DEVICE_BELOW_ZERO, MEMQC_DEVICE_CLAMP + redraw));
                double sigma, k;
                noise_of(d, laws[law], &sigma, &k);
                for (int32_t level = 1; level <= STATES; level++) {
                    double nominal, mean, sd, want_mean, want_sd;
                    OK(memqc_device_level(d, level, &nominal, &mean, &sd));
                    const double mu = 16.5 - 0.5 * level, shrink = 1 - k * level;
                    ck_assert_double_eq_tol(nominal / MEMQC_G0, mu, 1e-12);
                    integrate(laws[law] == MEMQC_DEVICE_LAW_PRINTED ? shrink * mu : mu,
                              shrink * sigma, redraw, &want_mean, &want_sd);
                    ck_assert_double_eq_tol(mean / MEMQC_G0, want_mean, 1e-6 * want_mean);
                    ck_assert_double_eq_tol(sd / MEMQC_G0, want_sd, 1e-5 * want_sd);
                }
                memqc_device_destroy(&d);
            }
        }
    }
}
END_TEST

/* The table of section 2 of the paper's analysis: what Eq. (1) as printed gives at pulses 1, 5 and
 * 29. */
START_TEST(printed_form_leaves_the_staircase) {
    static const struct {
        int32_t level;
        double mean, sd_a, sd_b;
    } table[] = {{1, 15.52, 0.97, 3.88}, {5, 11.90, 0.85, 3.40}, {29, 0.26, 0.13, 0.52}};
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_PRINTED));
    for (size_t i = 0; i < 3; i++) {
        for (int b = 0; b < 2; b++) {
            double mean, sd, cut_mean, cut_sd;
            OK(memqc_device_set(d, MEMQC_DEVICE_SIGMA, (b ? 4 : 1) * MEMQC_G0));
            OK(memqc_device_level(d, table[i].level, NULL, &cut_mean, &cut_sd));
            integrate(table[i].mean, b ? table[i].sd_b : table[i].sd_a, 0, &mean, &sd);
            ck_assert_double_eq_tol(cut_mean / MEMQC_G0, mean, 1e-5);
            ck_assert_double_eq_tol(cut_sd / MEMQC_G0, sd, 1e-5);
        }
    }
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(a_million_draws_at_each_level) {
    float *g = malloc(MILLION * sizeof *g);
    int32_t *levels = malloc(MILLION * sizeof *levels);
    ck_assert(g && levels);
    for (size_t p = 0; p < 2; p++) {
        for (size_t law = 0; law < 3; law++) {
            memqc_device *d = make(p ? "hfox-b" : "hfox-a", laws[law]);
            for (size_t l = 0; l < sizeof paper_levels / sizeof *paper_levels; l++) {
                double mean, sd;
                uint64_t negative, zeros = 0, below = 0; /* an assertion a draw would take longer
                                                            than the draws */
                for (size_t i = 0; i < MILLION; i++)
                    levels[i] = paper_levels[l];
                OK(memqc_device_draw(d, 0, 10 * law + l, MILLION, levels, g, &negative));
                OK(memqc_device_level(d, paper_levels[l], NULL, &mean, &sd));
                check_moments(g, MILLION, mean, sd);
                for (size_t i = 0; i < MILLION; i++) {
                    below += !(g[i] >= 0);
                    zeros += g[i] == 0;
                }
                ck_assert_uint_eq(below, 0);
                ck_assert_uint_eq(zeros, negative); /* clamped and counted */
            }
            memqc_device_destroy(&d);
        }
    }
    free(g);
    free(levels);
}
END_TEST

START_TEST(draws_below_zero_can_be_repeated) {
    float *g = malloc(MILLION * sizeof *g), *clamped = malloc(MILLION * sizeof *g);
    int32_t *levels = malloc(MILLION * sizeof *levels);
    ck_assert(g && clamped && levels);
    memqc_device *d = make("hfox-b", MEMQC_DEVICE_LAW_PRINTED);
    for (size_t i = 0; i < MILLION; i++)
        levels[i] = 32; /* (1 - 0.96) 0.5 G0 +- (1 - 0.96) 4 G0: 45 % of the draws are below zero */
    uint64_t negative, again;
    double mean, sd;
    OK(memqc_device_draw(d, 0, 0, MILLION, levels, clamped, &negative));
    OK(memqc_device_set(d, MEMQC_DEVICE_BELOW_ZERO, MEMQC_DEVICE_REDRAW));
    OK(memqc_device_draw(d, 0, 0, MILLION, levels, g, &again));
    OK(memqc_device_level(d, 32, NULL, &mean, &sd));
    check_moments(g, MILLION, mean, sd);
    ck_assert_uint_eq(negative, again);
    const double p = 0.5 * erfc(0.5 / 4 / sqrt(2));
    ck_assert_double_eq_tol((double)negative / MILLION, p, 5 * sqrt(p * (1 - p) / MILLION));
    uint64_t wrong = 0;
    for (size_t i = 0; i < MILLION; i++)
        wrong += clamped[i] > 0 ? g[i] != clamped[i] : !(g[i] > 0);
    ck_assert_uint_eq(wrong, 0); /* the draws above zero are the same */
    free(g);
    free(clamped);
    free(levels);
    memqc_device_destroy(&d);
}
END_TEST

/* Figure 3c-f: full widths at half maximum at pulses 5 and 29. */
START_TEST(measured_law_has_the_measured_widths) {
    static const double want[2][2] = {{4.4, 1.2}, {5.5, 2.3}};
    const double per_sd = 2 * sqrt(2 * log(2));
    float *g = malloc(MILLION * sizeof *g);
    int32_t *levels = malloc(MILLION * sizeof *levels);
    ck_assert(g && levels);
    for (int p = 0; p < 2; p++) {
        memqc_device *d = make(p ? "hfox-b" : "hfox-a", MEMQC_DEVICE_LAW_MEASURED);
        for (int late = 0; late < 2; late++) {
            const int32_t level = late ? 29 : 5;
            for (size_t i = 0; i < MILLION; i++)
                levels[i] = level;
            OK(memqc_device_draw(d, 0, (uint64_t)late, MILLION, levels, g, NULL));
            /* The quartiles of a Gaussian are 0.67449 sd from its middle, and a draw below zero
             * cannot move the upper one. */
            const double sd = want[p][late] / per_sd, nominal = level == 5 ? 14 : 2;
            size_t above = 0;
            for (size_t i = 0; i < MILLION; i++)
                above += (double)g[i] / MEMQC_G0 > nominal + 0.67448975 * sd;
            ck_assert_double_eq_tol((double)above / MILLION, 0.25, 5 * sqrt(0.25 * 0.75 / MILLION));
            ck_assert_double_eq_tol(
                get(d, late ? MEMQC_DEVICE_FWHM_LATE : MEMQC_DEVICE_FWHM_EARLY) / MEMQC_G0,
                want[p][late], 1e-9);
        }
        /* Solved by hand: sigma k = (sd5 - sd29) / 24, sigma = sd5 + 5 sigma k. */
        const double slope = (want[p][0] - want[p][1]) / per_sd / 24,
                     sigma = want[p][0] / per_sd + 5 * slope;
        float of_cell = 0;
        OK(memqc_device_cells(d, MEMQC_DEVICE_SIGMA, 0, 1, &of_cell));
        ck_assert_double_eq_tol((double)of_cell / MEMQC_G0, sigma, 1e-6);
        for (int32_t level = 1; level <= 9; level += 8) { /* six sd above zero, and more */
            double sd;
            OK(memqc_device_level(d, level, NULL, NULL, &sd));
            ck_assert_double_eq_tol(sd / MEMQC_G0, sigma - slope * level, 1e-7);
        }
        memqc_device_destroy(&d);
    }
    free(g);
    free(levels);
}
END_TEST

START_TEST(chunks_and_order_do_not_matter) {
    enum { N = 5000, FIRST = 123 };
    static float whole[N], pieces[N], one[1];
    static int32_t levels[N];
    memqc_device *d = make("hfox-b", MEMQC_DEVICE_LAW_LINEAR), *copy;
    OK(memqc_device_copy(d, &copy));
    uint64_t negative, part, sum = 0;
    for (int redraw = 0; redraw < 2; redraw++) {
        sum = 0;
        OK(memqc_device_set(d, MEMQC_DEVICE_BELOW_ZERO, MEMQC_DEVICE_CLAMP + redraw));
        for (size_t i = 0; i < N; i++)
            levels[i] = 1 + (int32_t)(i * 7 % STATES);
        OK(memqc_device_draw(d, FIRST, 3, N, levels, whole, &negative));
        for (size_t end = N; end > 0; end = end > 77 ? end - 77 : 0) {
            const size_t begin = end > 77 ? end - 77 : 0;
            OK(memqc_device_draw(d, FIRST + begin, 3, end - begin, levels + begin, pieces + begin,
                                 &part));
            sum += part;
        }
        ck_assert_mem_eq(whole, pieces, sizeof whole);
        ck_assert_uint_eq(sum, negative);
    }
    OK(memqc_device_draw(copy, FIRST + 1, 3, 1, levels + 1, one, NULL));
    OK(memqc_device_set_seed(copy, 1235));
    OK(memqc_device_draw(copy, FIRST, 3, N, levels, pieces, NULL));
    size_t equal = 0;
    for (size_t i = 0; i < N; i++)
        equal += whole[i] == pieces[i];
    ck_assert_uint_lt(equal, 10);
    memqc_device_destroy(&d);
    memqc_device_destroy(&copy);
}
END_TEST

START_TEST(matrices_of_draws_are_the_same_draws) {
    enum { CELLS = 9, LEVELS = 5, CYCLES = 12, LD = 40 };
    static float matrix[CELLS * LD], stairs[CYCLES * LD], one;
    memqc_device *d = make("hfox-a", MEMQC_DEVICE_LAW_MEASURED);
    OK(memqc_device_draw_levels(d, 50, 9, CELLS, LEVELS, paper_levels, matrix, LD));
    for (size_t i = 0; i < CELLS; i++) {
        for (size_t j = 0; j < LEVELS; j++) {
            OK(memqc_device_draw(d, 50 + i, 9 + j, 1, &paper_levels[j], &one, NULL));
            ck_assert_mem_eq(&one, &matrix[i * LD + j], sizeof one);
        }
        ck_assert(matrix[i * LD + LEVELS] == 0);
    }
    OK(memqc_device_staircase(d, 3, 100, CYCLES, stairs, LD, NULL));
    for (size_t c = 0; c < CYCLES; c++) {
        for (int32_t level = 1; level <= STATES; level++) {
            OK(memqc_device_draw(d, 3, 100 + c * STATES + (size_t)level - 1, 1, &level, &one,
                                 NULL));
            ck_assert_mem_eq(&one, &stairs[c * LD + (size_t)level - 1], sizeof one);
        }
    }
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(ideal_is_exactly_nominal) {
    static const double states[] = {2, 3, 4, 16, 32, 63, 64, 4096};
    for (size_t s = 0; s < sizeof states / sizeof *states; s++) {
        for (int measured = 0; measured < 2; measured++) {
            memqc_device *d =
                make("ideal", measured ? MEMQC_DEVICE_LAW_MEASURED : MEMQC_DEVICE_LAW_LINEAR);
            OK(memqc_device_set(d, MEMQC_DEVICE_STATES, states[s]));
            static float g[4096];
            uint64_t negative;
            OK(memqc_device_staircase(d, 0, 0, 1, g, 4096, &negative));
            ck_assert_uint_eq(negative, 0);
            for (int32_t level = 1; level <= (int32_t)states[s]; level++) {
                double nominal, mean, sd;
                int32_t back;
                OK(memqc_device_level(d, level, &nominal, &mean, &sd));
                ck_assert_double_eq(nominal, mean);
                ck_assert_double_eq(sd, 0);
                ck_assert_double_eq_tol((double)g[level - 1], nominal, 2e-7 * 16 * MEMQC_G0);
                OK(memqc_device_nearest(d, 1, &g[level - 1], &back)); /* round trip */
                ck_assert_int_eq(back, level);
            }
            memqc_device_destroy(&d);
        }
    }
}
END_TEST

START_TEST(nearest_rounds_and_clamps) {
    memqc_device *d = make("hfox-a", MEMQC_DEVICE_LAW_LINEAR);
    const float g[] = {1,        0,        (float)(15.76 * MEMQC_G0), (float)(15.74 * MEMQC_G0),
                       INFINITY, -INFINITY};
    static const int32_t want[] = {1, 32, 1, 2, 1, 32};
    int32_t levels[6];
    OK(memqc_device_nearest(d, 6, g, levels));
    ck_assert_mem_eq(levels, want, sizeof want);
    const float nan = NAN;
    levels[0] = 77;
    FAILS(MEMQC_ERROR_DATA, "g[0]", memqc_device_nearest(d, 1, &nan, levels));
    ck_assert_int_eq(levels[0], 77);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(ramp_of_the_paper) {
    float volts[4096];
    memqc_device *d = make("hfox-a", MEMQC_DEVICE_LAW_LINEAR);
    OK(memqc_device_ramp(d, volts));
    for (int n = 1; n <= STATES; n++) { /* 13 pulses from -0.60 V in steps of 20 mV, then 19 in
                                           steps of 40 mV */
        const double want = n <= 13 ? -0.60 - 0.02 * (n - 1) : -0.84 - 0.04 * (n - 13);
        ck_assert_double_eq_tol((double)volts[n - 1], want, 1e-6);
    }
    OK(memqc_device_set(d, MEMQC_DEVICE_STATES, 63)); /* half pulses: voltages half way */
    OK(memqc_device_ramp(d, volts));
    ck_assert_double_eq_tol((double)volts[1], -0.61, 1e-6);
    ck_assert_double_eq_tol((double)volts[25], -0.86, 1e-6);
    ck_assert_double_eq_tol((double)volts[62], -1.60, 1e-6);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(parameters_depend_on_each_other) {
    memqc_device *d = make("hfox-a", MEMQC_DEVICE_LAW_LINEAR);
    OK(memqc_device_set(d, MEMQC_DEVICE_STEP, 0.25 * MEMQC_G0));
    ck_assert_double_eq(get(d, MEMQC_DEVICE_STATES), 63);
    FAILS(MEMQC_ERROR_ARGUMENT, "whole number",
          memqc_device_set(d, MEMQC_DEVICE_STEP, 0.3 * MEMQC_G0));
    OK(memqc_device_set(d, MEMQC_DEVICE_STATES, 32));
    ck_assert_double_eq_tol(get(d, MEMQC_DEVICE_STEP), 0.5 * MEMQC_G0, 1e-18);
    FAILS(MEMQC_ERROR_ARGUMENT, "g_min", memqc_device_set(d, MEMQC_DEVICE_G_MIN, 17 * MEMQC_G0));
    FAILS(MEMQC_ERROR_ARGUMENT, "g_max", memqc_device_set(d, MEMQC_DEVICE_G_MAX, 0.4 * MEMQC_G0));
    FAILS(MEMQC_ERROR_ARGUMENT, "k = 0.04",
          memqc_device_set(d, MEMQC_DEVICE_K, 0.04)); /* 1 - 32 k < 0 */
    OK(memqc_device_set(d, MEMQC_DEVICE_K, 1.0 / 32));
    FAILS(MEMQC_ERROR_ARGUMENT, "law = measured",
          memqc_device_set(d, MEMQC_DEVICE_FWHM_EARLY, MEMQC_G0));
    OK(memqc_device_set(d, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_MEASURED));
    FAILS(MEMQC_ERROR_ARGUMENT, "law = measured",
          memqc_device_set(d, MEMQC_DEVICE_SIGMA, MEMQC_G0));
    FAILS(MEMQC_ERROR_ARGUMENT, "negative", memqc_device_set(d, MEMQC_DEVICE_FWHM_LATE, 0));
    ck_assert_double_eq_tol(get(d, MEMQC_DEVICE_FWHM_LATE), 1.2 * MEMQC_G0, 1e-15);
    OK(memqc_device_set(d, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_LINEAR));
    ck_assert_double_eq(get(d, MEMQC_DEVICE_K), 1.0 / 32); /* the linear law's own k is back */
    FAILS(MEMQC_ERROR_ARGUMENT, "pulse_early", memqc_device_set(d, MEMQC_DEVICE_PULSE_EARLY, 29));
    FAILS(MEMQC_ERROR_ARGUMENT, "pulse_late", memqc_device_set(d, MEMQC_DEVICE_PULSE_LATE, 33));
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(bad_draws_are_refused) {
    memqc_device *d = make("hfox-a", MEMQC_DEVICE_LAW_LINEAR);
    int32_t levels[3] = {1, 33, 2};
    float g[3] = {-1, -1, -1};
    FAILS(MEMQC_ERROR_ARGUMENT, "levels[1] = 33 is outside 1 .. 32",
          memqc_device_draw(d, 0, 0, 3, levels, g, NULL));
    levels[1] = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "levels[1] = 0",
          memqc_device_draw_levels(d, 0, 0, 1, 3, levels, g, 3));
    ck_assert(g[0] == -1 && g[1] == -1 && g[2] == -1);
    levels[1] = 3;
    FAILS(MEMQC_ERROR_ARGUMENT, "2^34",
          memqc_device_draw(d, (uint64_t)1 << 34, 0, 1, levels, g, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "ldg", memqc_device_draw_levels(d, 0, 0, 1, 3, levels, g, 2));
    FAILS(MEMQC_ERROR_ARGUMENT, "ldg", memqc_device_staircase(d, 0, 0, 1, g, 3, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "level = 33", memqc_device_level(d, 33, NULL, NULL, NULL));
    OK(memqc_device_draw(d, 0, 0, 0, levels, g, NULL)); /* nothing is nothing */
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(presets) {
    size_t n = 0;
    for (; memqc_device_preset_name(n); n++) {
        memqc_device *d;
        OK(memqc_device_create_preset(memqc_device_preset_name(n), &d));
        memqc_device_destroy(&d);
        ck_assert_ptr_null(d);
    }
    ck_assert_uint_ge(n, 3);
    memqc_device *d = (memqc_device *)&n;
    FAILS(MEMQC_ERROR_ARGUMENT, "hfox-a", memqc_device_create_preset("hfox-c", &d));
    ck_assert_ptr_null(d);
}
END_TEST

RUN_TESTS("device", closed_form_agrees_with_integration, printed_form_leaves_the_staircase,
          a_million_draws_at_each_level, draws_below_zero_can_be_repeated,
          measured_law_has_the_measured_widths, chunks_and_order_do_not_matter,
          matrices_of_draws_are_the_same_draws, ideal_is_exactly_nominal, nearest_rounds_and_clamps,
          ramp_of_the_paper, parameters_depend_on_each_other, bad_draws_are_refused, presets)
