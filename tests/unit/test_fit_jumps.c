/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of jumps as a candidate of a fit. The pulses come from a law in closed form and from the
 * tests' own random numbers: a change is a mean, which depends on the conductance, times a shifted
 * exponential number. */
#include "core/alloc.h"
#include "ladders.h"

#include <memqc/device_measured.h>

enum { TRACES = 10, PULSES = 200, NODES = MEMQC_DEVICE_TABLE_NODES, QUANTILES = 257 };

static const double low_end = 10e-6, high_end = 110e-6;

/* A change is sign (mean (0.3 + 0.7 E) - back). */
static const double shift = 0.3, tail = 0.7, back = 0.3e-6;

/* `size` scales the steps up. */
static double mean_of(int32_t sign, double size, double at) {
    const double part =
        sign > 0 ? size * (high_end - at) : 1.3 * (at - low_end); /* of the window */
    return 6e-6 * part / (high_end - low_end) + 0.2e-6;
}

static double jumped(int32_t sign, double size, double at) {
    const double mean = mean_of(sign, size, at);
    const double change = mean * (shift - tail * log(uniform_number())) - back;
    return fmin(fmax(at + sign * change, low_end), high_end);
}

/* The probability of a smaller change. */
static double below(int32_t sign, double size, double at, double change) {
    const double of_mean = (sign * change + back) / mean_of(sign, size, at);
    const double less = of_mean > shift ? -expm1(-(of_mean - shift) / tail) : 0;
    return sign > 0 ? less : 1 - less;
}

/* Cycles of up and down; down = 0: without depression, of which each cycle has one pulse. */
static size_t trace(int32_t device, double size, int32_t cycles, int32_t pulses, int down,
                    size_t n) {
    double at = low_end;
    for (int32_t cycle = 0; cycle < cycles; cycle++) {
        at = down ? at : low_end;
        for (int32_t p = 1; p <= (down ? 2 : 1) * pulses; p++, n++) {
            direction_of[n] = p <= pulses ? 1 : -1;
            at = jumped(direction_of[n], size, at);
            g[n] = (float)at;
            device_of[n] = device;
            cycle_of[n] = cycle;
            pulse_of[n] = p;
        }
    }
    return n;
}

static memqc_device *fit_trace(int32_t model, size_t n) {
    memqc_device *fitted;
    OK(fit(model, n, device_of, cycle_of, pulse_of, direction_of, g, &fitted));
    return fitted;
}

/* A direction of a table. */
struct table {
    size_t tables, n_g, n_q;
    float g[NODES], q[NODES * QUANTILES], low[NODES * QUANTILES], high[NODES * QUANTILES];
};

static struct table found, other;

static void get_table(const memqc_device *device, size_t number, int32_t sign, struct table *t) {
    OK(memqc_device_jumps_size(device, number, sign, &t->tables, &t->n_g, &t->n_q));
    ck_assert_uint_le(t->n_q, QUANTILES);
    OK(memqc_device_get_jumps(device, number, sign, NODES, t->g, NODES * QUANTILES, t->q));
}

static double quantile_at(const struct table *t, const float *q, double at, size_t j) {
    size_t i = 0;
    while (i < t->n_g && (double)t->g[i] <= at)
        i++;
    if (i == 0 || i == t->n_g)
        return (double)q[(i ? i - 1 : 0) * t->n_q + j];
    const double from = (double)t->g[i - 1], part = (at - from) / ((double)t->g[i] - from);
    const double a = (double)q[(i - 1) * t->n_q + j], b = (double)q[i * t->n_q + j];
    return a + part * (b - a);
}

/* The probability of a change of at most x, by the table at a conductance. */
static double place_in(const struct table *t, double at, double x) {
    size_t low = 0, high = t->n_q;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (quantile_at(t, t->q, at, middle) <= x)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || low == t->n_q)
        return low > 0;
    const double a = quantile_at(t, t->q, at, low - 1), b = quantile_at(t, t->q, at, low);
    return ((double)(low - 1) + (x - a) / (b - a)) / (double)(t->n_q - 1);
}

/* Kolmogorov distance of the changes by the table from those by the law, cut at the ends, for pulses
 * at n conductances. */
static double distance_at(const struct table *t, int32_t sign, double size, size_t n,
                          const float *at) {
    enum { STEPS = 60, EACH = 10 };
    double most = 0;
    for (int step = -STEPS; step <= STEPS; step++) {
        const double x = step * 12e-6 / STEPS * (abs(step) < STEPS / 2 ? 0.2 : 1);
        double sum = 0, of = 0;
        for (size_t i = 0; i < n; i += EACH, of++) {
            const double g_before = (double)at[i];
            if (g_before + x > low_end && g_before + x < high_end)
                sum += place_in(t, g_before, x) - below(sign, size, g_before, x);
        }
        most = fmax(most, fabs(sum / of));
    }
    return most;
}

static int float_before(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Conductances before the pulses of a direction, sorted; how many. */
static size_t visited(size_t n, int32_t device, int32_t sign, float *at) {
    size_t many = 0;
    for (size_t i = 1; i < n; i++)
        if (device_of[i] == device && cycle_of[i] == cycle_of[i - 1] && direction_of[i] == sign)
            at[many++] = g[i - 1];
    qsort(at, many, sizeof *at, float_before);
    return many;
}

static float places[MOST];

/* The largest distance in a tenth of the pulses. */
static double worst(const memqc_device *fitted, size_t number, size_t n, int32_t device,
                    double size) {
    double most = 0;
    for (int32_t sign = -1; sign < 2; sign += 2) {
        get_table(fitted, number, sign, &found);
        const size_t many = visited(n, device, sign, places);
        for (size_t k = 0; k < 10; k++)
            most = fmax(most, distance_at(&found, sign, size, many / 10, places + k * many / 10));
    }
    return most;
}

/* --- what is found --- */

/* 200 pulses are within 0.12 of the law in all but 2 exp(-2 200 0.12^2) = 0.6 % (Dvoretzky, Kiefer and
 * Wolfowitz), 20 times of them in all but 12 %; and a table takes in others near them. */
START_TEST(the_law_of_the_jumps_is_found) {
    seed_of_numbers = 1000 + (uint64_t)_i;
    const size_t n = trace(0, 1, TRACES, PULSES, 1, 0);
    memqc_device *fitted = fit_trace(_i == 0 ? MEMQC_DEVICE_FIT_BEST : MEMQC_DEVICE_JUMPS, n);
    ck_assert_int_eq(taken(fitted), MEMQC_DEVICE_JUMPS);
    ck_assert(get(fitted, MEMQC_DEVICE_MODEL) == MEMQC_DEVICE_JUMPS);
    ck_assert(report(fitted, MEMQC_DEVICE_FIT_KS_P, MEMQC_DEVICE_FIT_BEST) >= 0.01);
    ck_assert(report(fitted, MEMQC_DEVICE_FIT_VERDICT, MEMQC_DEVICE_FIT_BEST) ==
              MEMQC_DEVICE_FIT_VERDICT_TABLE);
    ck_assert(report(fitted, MEMQC_DEVICE_FIT_PARAMETERS, MEMQC_DEVICE_FIT_BEST) == 8);
    ck_assert_double_le(worst(fitted, 0, n, 0, 1), 0.1);
    ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_G_MAX), high_end, 1e-6);
    ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_G_MIN), low_end, 1e-6);
    memqc_device_destroy(&fitted);
}
END_TEST

/* Formulas that the data are drawn from stay. */
START_TEST(formulas_stay_formulas) {
    memqc_device *device = pulsed(MEMQC_DEVICE_CONSTANT + _i, 7);
    const size_t n = trains(device, 1, 6);
    memqc_device *fitted = fit_trace(MEMQC_DEVICE_FIT_BEST, n);
    ck_assert_int_eq(taken(fitted), MEMQC_DEVICE_CONSTANT + _i);
    ck_assert(report(fitted, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_JUMPS) >
              report(fitted, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_BEST) + 20);
    memqc_device_destroy(&device);
    memqc_device_destroy(&fitted);
}
END_TEST

START_TEST(few_pulses_make_no_table) {
    memqc_device *fitted = NULL;
    double value;
    seed_of_numbers = 5;
    size_t n = trace(0, 1, 4, 25, 1, 0); /* 96 pairs up and 100 down */
    FAILS(MEMQC_ERROR_DATA, "100 or more",
          fit(MEMQC_DEVICE_JUMPS, n, device_of, cycle_of, pulse_of, direction_of, g, &fitted));
    fitted = fit_trace(MEMQC_DEVICE_FIT_BEST, n);
    FAILS(MEMQC_ERROR_STATE, "100 single pulses",
          memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_JUMPS, &value));
    memqc_device_destroy(&fitted);
    n = trace(0, 1, 4, 26, 1, 0); /* four cycles, in ten parts */
    fitted = fit_trace(MEMQC_DEVICE_JUMPS, n);
    for (size_t i = 0; i < n; i++)
        pulse_of[i] *= 2; /* every other pulse was not read */
    memqc_device_destroy(&fitted);
    FAILS(MEMQC_ERROR_DATA, "by one pulse",
          fit(MEMQC_DEVICE_JUMPS, n, device_of, cycle_of, pulse_of, direction_of, g, &fitted));
}
END_TEST

/* Depression is the mirror image. */
START_TEST(a_direction_without_rows_mirrors_the_other) {
    seed_of_numbers = 8;
    memqc_device *fitted = fit_trace(MEMQC_DEVICE_JUMPS, trace(0, 1, TRACES, 40, 0, 0));
    get_table(fitted, 0, 1, &found);
    get_table(fitted, 0, -1, &other);
    ck_assert_uint_eq(found.n_g, other.n_g);
    ck_assert_uint_eq(found.n_q, other.n_q);
    const double ends = get(fitted, MEMQC_DEVICE_G_MIN) + get(fitted, MEMQC_DEVICE_G_MAX);
    for (size_t i = 0; i < found.n_g; i++) {
        const size_t to = found.n_g - 1 - i;
        ck_assert_double_eq_tol((double)found.g[i], ends - (double)other.g[to], 1e-11);
        for (size_t j = 0; j < found.n_q; j++)
            ck_assert(found.q[i * found.n_q + j] == -other.q[to * found.n_q + found.n_q - 1 - j]);
    }
    memqc_device_destroy(&fitted);
}
END_TEST

/* Devices that differ have tables of their own, those that do not a common one. */
START_TEST(devices_have_tables) {
    seed_of_numbers = 9;
    const double sizes[] = {1, _i ? 2.5 : 1};
    size_t n = 0;
    for (int32_t d = 0; d < 2; d++)
        n = trace(d, sizes[d], TRACES, PULSES, 1, n);
    memqc_device *fitted = fit_trace(MEMQC_DEVICE_JUMPS, n);
    get_table(fitted, 0, 1, &found);
    ck_assert_uint_eq(found.tables, _i ? 2u : 1u);
    for (int32_t d = 0; d < 2; d++)
        ck_assert_double_le(worst(fitted, _i > 0 && d > 0, n, d, sizes[d]), 0.1);
    memqc_device_destroy(&fitted);
}
END_TEST

/* Every 50th row was not read, and every 200th is off by half of the window. */
START_TEST(dirt_is_left_out) {
    seed_of_numbers = 11;
    const size_t all = trace(0, 1, TRACES, PULSES, 1, 0);
    size_t n = 0, off = 0;
    for (size_t i = 0; i < all; i++) {
        if (i % 50 == 20)
            continue;
        g[n] = g[i];
        cycle_of[n] = cycle_of[i];
        pulse_of[n] = pulse_of[i];
        direction_of[n] = direction_of[i];
        off += i % 200 == 77;
        g[n++] += i % 200 == 77 ? (float)-direction_of[i] * 50e-6f : 0.0f;
    }
    memqc_device *fitted = fit_trace(MEMQC_DEVICE_JUMPS, n);
    ck_assert(report(fitted, MEMQC_DEVICE_FIT_KS_P, MEMQC_DEVICE_FIT_BEST) >= 0.01);
    ck_assert_uint_ge(rows_left_out(fitted), off);
    ck_assert_uint_le(rows_left_out(fitted), 2 * off);
    ck_assert_double_le(worst(fitted, 0, n, 0, 1), 0.1);
    memqc_device_destroy(&fitted);
}
END_TEST

/* --- draws, bands and files --- */

/* The true quantile at p of a pulse down. */
static double true_quantile(double at, double p) {
    return back - mean_of(-1, 1, at) * (shift - tail * log(p));
}

/* Bands hold the law in 95 % of the quantiles between 0.1 and 0.9, where the law does not bend; those
 * of one fit depend on each other. Draws are within them in 95 %. */
START_TEST(bands_hold_the_law_and_the_draws) {
    enum { TRIALS = 5, DRAWS = 20 };
    int held = 0, of = 0, within = 0, drawn_of = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        seed_of_numbers = 77 + 1000 * trial;
        const size_t n = trace(0, 1, 30, 40, 1, 0);
        memqc_device *fitted = fit_trace(MEMQC_DEVICE_JUMPS, n);
        get_table(fitted, 0, -1, &found);
        OK(memqc_device_fit_jump_bands(fitted, 0, -1, found.n_g * found.n_q, found.low,
                                       found.high));
        const size_t many = visited(n, 0, -1, places);
        for (size_t i = 0; i < found.n_g; i++) {
            const double at = (double)found.g[i];
            if (at < (double)places[many / 6] || at > (double)places[5 * many / 6])
                continue;
            for (size_t j = found.n_q / 10; j < found.n_q * 9 / 10; j += 4, of++) {
                const size_t k = i * found.n_q + j;
                const double p = (double)j / (double)(found.n_q - 1);
                const double truth = true_quantile(at, p);
                held += truth >= (double)found.low[k] && truth <= (double)found.high[k];
                ck_assert(found.low[k] <= found.q[k] || found.high[k] >= found.q[k]);
            }
        }
        for (uint64_t draw = 0; draw < DRAWS && trial == 0; draw++) {
            memqc_device *drawn;
            OK(memqc_device_fit_draw(fitted, 3, draw, &drawn));
            get_table(drawn, 0, -1, &other);
            for (size_t k = 0; k < found.n_g * found.n_q; k++, drawn_of++)
                within += other.q[k] >= found.low[k] && other.q[k] <= found.high[k];
            memqc_device_destroy(&drawn);
        }
        memqc_device_destroy(&fitted);
    }
    ck_assert(held >= 85 * of / 100 && held <= 99 * of / 100);
    ck_assert(within >= 92 * drawn_of / 100 && within <= 98 * drawn_of / 100);
}
END_TEST

static int equal_tables(const memqc_device *a, const memqc_device *b) {
    int equal = 1;
    for (int32_t sign = -1; sign < 2; sign += 2) {
        get_table(a, 0, sign, &found);
        get_table(b, 0, sign, &other);
        equal &= found.n_g == other.n_g && found.n_q == other.n_q &&
                 memcmp(found.q, other.q, found.n_g * found.n_q * sizeof *found.q) == 0;
    }
    return equal;
}

/* Copies and files know what the fit knew, and tables that were set end it. */
START_TEST(what_is_known_stays_with_the_device) {
    static unsigned char file[1 << 20];
    memqc_device *loaded, *copy, *drawn, *again, *refused = NULL;
    float one[1];
    size_t size;
    seed_of_numbers = 21;
    memqc_device *fitted = fit_trace(MEMQC_DEVICE_JUMPS, trace(0, 1, 6, 60, 1, 0));
    OK(memqc_device_fit_draw(fitted, 1, 2, &drawn));
    ck_assert(!equal_tables(fitted, drawn));
    OK(memqc_device_copy(fitted, &copy));
    OK(memqc_device_save_memory(fitted, file, sizeof file, &size));
    memqc_device_destroy(&fitted);
    OK(memqc_device_load_memory(file, size, &loaded));
    ck_assert(equal_tables(loaded, copy));
    OK(memqc_device_fit_draw(loaded, 1, 2, &again));
    ck_assert(equal_tables(again, drawn));
    memqc_device_destroy(&again);
    OK(memqc_device_fit_draw(copy, 1, 2, &again));
    ck_assert(equal_tables(again, drawn));
    FAILS(MEMQC_ERROR_ARGUMENT, "room = 1", memqc_device_fit_jump_bands(drawn, 0, 1, 1, one, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "table = 1",
          memqc_device_fit_jump_bands(drawn, 1, 1, 1, one, NULL));
    const float zero = 0, still[] = {0, 0};
    OK(memqc_device_set_jumps(loaded, 0, 1, 1, &zero, 2, still));
    FAILS(MEMQC_ERROR_STATE, "memqc_device_fit()",
          memqc_device_fit_jump_bands(loaded, 0, 1, 1, one, NULL));
    FAILS(MEMQC_ERROR_STATE, "standard error", memqc_device_fit_draw(loaded, 1, 2, &refused));
    memqc_device_destroy(&loaded);
    memqc_device_destroy(&copy);
    memqc_device_destroy(&drawn);
    memqc_device_destroy(&again);
}
END_TEST

/* The n-th of three calls, of which each makes what the next one wants. */
static memqc_status call(int n, size_t rows, memqc_device **fitted, memqc_device **drawn) {
    static float low[NODES * QUANTILES];
    if (n == 0)
        return fit(MEMQC_DEVICE_JUMPS, rows, NULL, cycle_of, pulse_of, direction_of, g, fitted);
    if (n == 1)
        return memqc_device_fit_draw(*fitted, 1, 2, drawn);
    return memqc_device_fit_jump_bands(*drawn, 0, 1, NODES * QUANTILES, low, NULL);
}

START_TEST(memory_may_be_missing) {
    memqc_device *made[2] = {NULL, NULL};
    seed_of_numbers = 29;
    const size_t n = trace(0, 1, 5, 30, 1, 0);
    for (int i = 0; i < 3; i++) {
        memqc_status status = MEMQC_ERROR_NOMEM;
        for (long k = 0; status != MEMQC_OK; k++) {
            mqc_alloc_fail_after(k);
            status = call(i, n, &made[0], &made[1]);
            mqc_alloc_fail_after(-1);
            ck_assert(status == MEMQC_OK || status == MEMQC_ERROR_NOMEM);
            ck_assert(status == MEMQC_OK || i == 2 || !made[i]);
        }
    }
    memqc_device_destroy(&made[0]);
    memqc_device_destroy(&made[1]);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("fit_jumps");
    TCase *tests = add_group(suite, "jumps", NULL);
    tcase_add_loop_test(tests, the_law_of_the_jumps_is_found, 0, 3);
    tcase_add_loop_test(tests, formulas_stay_formulas, 0, 6);
    tcase_add_test(tests, few_pulses_make_no_table);
    tcase_add_test(tests, a_direction_without_rows_mirrors_the_other);
    tcase_add_loop_test(tests, devices_have_tables, 0, 2);
    tcase_add_test(tests, dirt_is_left_out);
    tcase_add_test(tests, bands_hold_the_law_and_the_draws);
    tcase_add_test(tests, what_is_known_stays_with_the_device);
    tcase_add_test(tests, memory_may_be_missing);
    return run_suite(suite);
}
