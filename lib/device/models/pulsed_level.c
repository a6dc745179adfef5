/* SPDX-License-Identifier: BSD-3-Clause */
/* What programming a pulsed cell to a level gives, in closed form. */
#include "device/models/pulsed.h"

#include <math.h>

/* A pulse of programming: moves *at along the noise-free course, and carries the variance along it
 * to first order, var' = var (1 + df/dG)^2 + noise^2. A function of the caller's is in single
 * precision, and needs a wider difference. */
static void carry(const memqc_device *d, int down, double *at, double *variance) {
    const double *v = d->value, sign = down ? -1 : 1;
    const double next = mqc_pulsed_after(d, down, *at), f = sign * (next - *at),
                 delta = (d->custom.host ? 1e-3 : 1e-6) * mqc_device_step(d);
    const double change =
        (mqc_pulsed_after(d, down, *at + sign * delta) - next) / (sign * delta); /* 1 + df/dG */
    const double a = v[MQC_DEVICE_AT(C2C_ABSOLUTE)], b = v[MQC_DEVICE_AT(C2C_RELATIVE)] * *at,
                 c = v[MQC_DEVICE_AT(C2C_STEP)] * f,
                 own = d->ops->scatter ? d->ops->scatter(d, down, *at) : 0;
    *variance = *variance * change * change + a * a + b * b + c * c + own * own;
    *at = next;
}

/* There and back, where pulses are coarse. */
static void carry_back(const memqc_device *d, double target, double *at, double *variance) {
    const struct mqc_pulse_plan plan = mqc_nominal_plan(d, mqc_device_g_min(d), target);
    if (plan.back == 0)
        return;
    *at = mqc_device_g_min(d);
    *variance = 0;
    for (int32_t n = 0; n < plan.there; n++)
        carry(d, 0, at, variance);
    for (int32_t n = 0; n > plan.back; n--)
        carry(d, 1, at, variance);
}

/* Programming from G_MIN: the mean is the noise-free course. */
void mqc_pulsed_level(const memqc_device *d, double level, double *nominal, double *mean,
                      double *sd) {
    const double target = mqc_device_level_g(d, level);
    double at = mqc_device_g_min(d), variance = 0, before = 0, f = 0;
    *nominal = target;
    for (size_t n = 0; n < MQC_MOST_PULSES; n++) {
        const double next = mqc_pulsed_after(d, 0, at);
        f = next - at;
        if (fabs(next - target) >= fabs(at - target) || mqc_pulsed_ends(d, f, before))
            break;
        carry(d, 0, &at, &variance);
        before = f;
    }
    if (mqc_pulse_is_coarse(d, fmax(f, before)))
        carry_back(d, target, &at, &variance);
    *mean = at;
    *sd = sqrt(variance);
}
