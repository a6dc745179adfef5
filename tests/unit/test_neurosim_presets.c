/* SPDX-License-Identifier: BSD-3-Clause */
/* The devices of NeuroSim's table, against its equations written out once more:
 *
 *     G(p) = G_min + B (1 - e^(-p / A)),   B = (G_max - G_min) / (1 - e^(-P / A))
 *
 * for p of P pulses up, the same from G_max down, A solved from the label by max(y - x) = 0.07
 * sqrt(2) NL of the normalized curve; and noise of sd c2c (G_max - G_min) for each pulse. */
#include "effects.h"
#include "neurosim_table.h"

enum { WIDE = 40000, COURSE = 128 };

/* A / P of a label above 0: the largest deviation of y(x) = (1 - e^(-x / a)) / (1 - e^(-1 / a))
 * from x falls as a grows. */
static double bend_of(double label) {
    double low = 1e-3, high = 1e3;
    for (int i = 0; i < 200; i++) {
        const double a = sqrt(low * high);
        double most = 0;
        for (int j = 1; j < 2000; j++) {
            const double x = j / 2000.0, y = expm1(-x / a) / expm1(-1 / a);
            most = fmax(most, y - x);
        }
        if (most > 0.07 * sqrt(2) * label)
            low = a;
        else
            high = a;
    }
    return sqrt(low * high);
}

/* Where p of P pulses have led, from 0 to 1. A label below 0 bends the other way: the curve is
 * that of the positive label, seen from the other end. */
static double travelled(double label, double p, double pulses) {
    const double a = bend_of(fabs(label)), x = label < 0 ? 1 - p / pulses : p / pulses,
                 y = expm1(-x / a) / expm1(-1 / a);
    return label < 0 ? 1 - y : y;
}

/* Potentiation is bent by a positive label, depression by a negative one. */
static double bent(const struct published *is, int down) {
    return down ? -is->down : is->up;
}

START_TEST(courses_are_those_of_the_equations) {
    for (size_t i = 0; i < COUNT(neurosim); i++) {
        const struct published *is = &neurosim[i];
        const double hi = 1 / is->ohm, lo = hi / is->on_off;
        memqc_device *d;
        OK(memqc_device_create_preset(is->name, &d));
        for (int down = 0; down < 2; down++) {
            const size_t pulses = down ? is->down_pulses : is->up_pulses;
            float g[COURSE];
            OK(memqc_device_response(d, down ? -1 : 1, down ? hi : lo, pulses, g));
            for (size_t p = 1; p <= pulses; p += pulses / 8) {
                const double y = travelled(bent(is, down), (double)p, (double)pulses),
                             want = down ? hi - y * (hi - lo) : lo + y * (hi - lo);
                ck_assert_msg(fabs((double)g[p - 1] - want) < 2e-4 * (hi - lo),
                              "%s: %g S after %zu pulses %s, not %g S", is->name, (double)g[p - 1],
                              p, down ? "down" : "up", want);
            }
        }
        memqc_device_destroy(&d);
    }
}
END_TEST

/* One pulse, and three, from the middle of the window, where no bound cuts them: y' - 1 / bend
 * goes to its r-th part with each pulse, r = e^(-1 / A). */
START_TEST(noise_is_that_of_the_table) {
    static const int32_t trains[] = {1, 3};
    float *g = floats(WIDE, 0);
    for (size_t i = 0; i < COUNT(neurosim); i++) {
        const struct published *is = &neurosim[i];
        const double hi = 1 / is->ohm, lo = hi / is->on_off, s = is->c2c * (hi - lo);
        memqc_device *d;
        OK(memqc_device_create_preset(is->name, &d));
        OK(memqc_device_set_seed(d, 77));
        for (size_t t = 0; t < 2 * COUNT(trains); t++) {
            const int down = t % 2;
            const int32_t n = trains[t / 2];
            const double label = bent(is, down), a = bend_of(fabs(label)) * (label < 0 ? -1 : 1),
                         pulses = (double)(down ? is->down_pulses : is->up_pulses),
                         r = exp(-1 / (a * pulses)), end = -1 / expm1(-1 / a);
            const double y = end + (0.5 - end) * pow(r, n),
                         sd = s * sqrt(n == 1 ? 1 : (1 - pow(r, 2 * n)) / (1 - r * r));
            for (size_t c = 0; c < WIDE; c++)
                g[c] = (float)(0.5 * (hi + lo));
            OK(memqc_device_pulse(d, 0, 10 * t, WIDE, down ? -n : n, g, NULL, NULL));
            check_moments(g, WIDE, down ? hi - y * (hi - lo) : lo + y * (hi - lo), sd);
        }
        memqc_device_destroy(&d);
    }
    free(g);
}
END_TEST

RUN_TESTS("neurosim_presets", courses_are_those_of_the_equations, noise_is_that_of_the_table)
