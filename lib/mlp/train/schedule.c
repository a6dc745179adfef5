/* SPDX-License-Identifier: BSD-3-Clause */
/* Learning-rate schedules: pure functions of how far training is, so that a resumed run goes on as
 * it would have. */
#include "mlp/train/schedule.h"

#include <math.h>

static double constant(const double *value, double t) {
    (void)value, (void)t;
    return 1;
}

static double step(const double *value, double t) {
    return pow(mqc_mlp_value(value, MEMQC_MLP_SCHEDULE_FACTOR), floor(t));
}

static double exponential(const double *value, double t) {
    return pow(mqc_mlp_value(value, MEMQC_MLP_SCHEDULE_FACTOR), t);
}

static double cosine(const double *value, double t) {
    const double pi = 3.14159265358979323846,
                 floor_ = mqc_mlp_value(value, MEMQC_MLP_SCHEDULE_FLOOR);
    return t < 1 ? floor_ + (1 - floor_) * 0.5 * (1 + cos(pi * t)) : floor_;
}

static double inverse(const double *value, double t) {
    (void)value;
    return 1 / (1 + t);
}

double mqc_mlp_schedule(const memqc_mlp *mlp, size_t first, size_t last) {
    static double (*const schedules[])(const double *, double) = {constant, step, exponential,
                                                                  cosine, inverse};
    const double n = (double)mlp->at.epoch_samples, epochs = mlp->at.epochs,
                 warmup = mqc_mlp_value(mlp->value, MEMQC_MLP_WARMUP);
    const double before = epochs + (double)first / n, after = epochs + (double)last / n;
    const double t = before / mqc_mlp_value(mlp->value, MEMQC_MLP_SCHEDULE_PERIOD);
    const double factor =
        schedules[(int)mqc_mlp_value(mlp->value, MEMQC_MLP_SCHEDULE) - MEMQC_MLP_SCHEDULE_CONSTANT](
            mlp->value, t);
    return after < warmup ? factor * (after / warmup) : factor;
}
