/* SPDX-License-Identifier: BSD-3-Clause */
/* A physical model as a device: VTEAM, Kvatinsky et al., IEEE Trans. Circuits Syst. II 62 (2015)
 * 786, with the exponential windows of its Eq. (5). x is the state, 0 at R_on and 1 at R_off:
 *
 *     dx/dt = k (v / v_t - 1)^alpha f(x) beyond the threshold v_t, else 0
 *     R     = R_on + (R_off - R_on) x
 *
 * cc 06_custom_device.c $(pkg-config --cflags --libs memqc) -lm */
#include <memqc/memqc.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 64, COLS = 16, PULSES = 24, FINE = 20000, COARSE = 8 };
enum { V_SET, V_RESET, RATE, NOISE, PARAMETERS }; /* of a cell */
#define TRY(call) (void)((call) == MEMQC_OK || (fputs(memqc_last_error(), stderr), exit(1), 0))
static const double alpha = 3, edge = 0.05, r_on = 10e3, r_off = 50e3;

/* dx/dt of a cell; a positive voltage sets, which lowers x. */
static double slope(double volts, double x, double v_set, double v_reset, double rate) {
    if (volts > v_set)
        return -rate * pow(volts / v_set - 1, alpha) * exp(-exp((edge - x) / (edge / 3)));
    if (volts < v_reset)
        return rate * pow(volts / v_reset - 1, alpha) * exp(-exp((x - 1 + edge) / (edge / 3)));
    return 0;
}

/* x after a pulse, by so many steps of the classical Runge-Kutta method. */
static double integrate(double volts, double seconds, const double p[3], double x, int steps) {
    const double h = seconds / steps;
    for (int i = 0; i < steps; i++) {
        const double a = slope(volts, x, p[0], p[1], p[2]);
        const double b = slope(volts, x + h / 2 * a, p[0], p[1], p[2]);
        const double c = slope(volts, x + h / 2 * b, p[0], p[1], p[2]);
        x += h / 6 * (a + 2 * b + 2 * c + slope(volts, x + h * c, p[0], p[1], p[2]));
    }
    return x;
}

/* One pulse on each of n cells: the bounds of a cell are its resistances. */
static int32_t step(void *user, size_t n, const float *volts, double seconds,
                    const float *const *cells, const float *normals, const float *uniforms,
                    float *g) {
    const float *const *own = cells + 2;
    (void)user, (void)uniforms;
    for (size_t i = 0; i < n; i++) {
        const double on = 1.0 / cells[1][i], off = 1.0 / cells[0][i];
        const double x = (1.0 / g[i] - on) / (off - on);
        const double noise = normals ? exp((double)own[NOISE][i] * normals[i]) : 1;
        const double p[] = {own[V_SET][i], own[V_RESET][i], own[RATE][i] * noise};
        g[i] = (float)(1 / (on + (off - on) * integrate(volts[i], seconds, p, x, COARSE)));
    }
    return 0;
}

int main(void) {
    static const double mean[] = {0.3, -0.4, 500, 0.1}, spread[] = {0.02, 0.02, 0.1, 0};
    static const int32_t keys[] = {MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_G_MAX, MEMQC_DEVICE_SET_VOLTAGE,
                                   MEMQC_DEVICE_RESET_VOLTAGE, MEMQC_DEVICE_PULSE_TIME};
    const double values[] = {1 / r_off, 1 / r_on, 0.9, -1.2, 10e-6};
    static float up[PULSES], w[ROWS * COLS], got[ROWS * COLS], cell = 50e-6f;
    memqc_device *device = NULL;
    memqc_crossbar *array = NULL;
    TRY(memqc_device_create_custom("vteam", step, NULL, NULL, &device));
    TRY(memqc_device_set_many(device, 5, keys, values));
    TRY(memqc_device_set_custom(device, PARAMETERS, mean, spread, NULL));

    TRY(memqc_device_response(device, 1, values[0], PULSES, up));
    double x = 1, worst = 0;
    for (int i = 0; i < PULSES; i++) {
        x = integrate(values[2], values[4], mean, x, FINE);
        worst = fmax(worst, fabs((double)up[i] * (r_on + (r_off - r_on) * x) - 1));
        if (i % 6 == 5)
            printf("%2d SET pulses: %5.1f uS\n", i + 1, 1e6 * (double)up[i]);
    }
    printf("away from the differential equation by less than 0.01 %%: %s\n",
           worst < 1e-4 ? "yes" : "no");
    TRY(memqc_device_apply(device, 0, 0, 1, 0.25, &cell, NULL, NULL));
    printf("a pulse of 0.25 V on 50 uS: %.0f uS\n", 1e6 * (double)cell);

    for (size_t i = 0; i < ROWS * COLS; i++)
        w[i] = (float)sin((double)(i * (i % 7 + 1)));
    TRY(memqc_crossbar_create(device, ROWS, COLS, 1, &array));
    for (int scheme = MEMQC_CROSSBAR_SCHEME_BLIND; scheme <= MEMQC_CROSSBAR_SCHEME_VERIFY;
         scheme++) {
        double sum = 0;
        TRY(memqc_crossbar_set(array, MEMQC_CROSSBAR_SCHEME, scheme));
        TRY(memqc_crossbar_program(array, w, COLS));
        TRY(memqc_crossbar_get_weights(array, got, COLS));
        for (size_t i = 0; i < ROWS * COLS; i++)
            sum += pow((double)got[i] - (double)w[i], 2);
        printf("weights -1 .. 1 programmed %s: error %.2f\n",
               scheme == MEMQC_CROSSBAR_SCHEME_BLIND ? "blindly" : "with verification",
               sqrt(sum / (ROWS * COLS)));
    }
    memqc_crossbar_destroy(&array);
    memqc_device_destroy(&device);
    if (fflush(stdout) != 0)
        return perror("06_custom_device: standard output cannot be written"), 1;
    return worst < 1e-4 ? 0 : 1;
}
