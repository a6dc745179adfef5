/* SPDX-License-Identifier: BSD-3-Clause */
/* The factor on a property that a target accuracy leaves room for: the end of the factors at which
 * the mean accuracy reaches the target. It is doubled or halved until it is enclosed, then bisected
 * on a logarithmic scale. Its confidence interval is that of the means turned round: from where the
 * lower end of the mean's interval, over instances and samples, leaves the target to where the
 * upper end does. All measurements serve all three. */
#include "mlp/study/required.h"
#include "core/crossed.h"
#include "core/error.h"

#include <math.h>

enum { DOUBLINGS = 20 };

static const double precision = 1.02; /* of a factor */

static memqc_status value_at(struct mqc_required *s, double factor, double *value) {
    *value = factor;
    if (s->property == MEMQC_MLP_PROPERTY_ALL || isnan(factor))
        return MEMQC_OK;
    if (isinf(factor) && s->property != MEMQC_MLP_PROPERTY_LEVELS)
        return MEMQC_OK;
    MQC_TRY(mqc_scaled_scale(s->scaled, mqc_scaled_set_of(s->property), fmin(factor, s->most)));
    *value = mqc_scaled_value(s->scaled, s->property);
    return MEMQC_OK;
}

void mqc_required_take(struct mqc_required *s, double factor, const uint8_t *hits) {
    const struct mqc_crossed mean =
        mqc_crossed(s->scaled->run.n, s->scaled->run.samples->n, hits, NULL);
    const struct mqc_point point = {factor, mean.mean, mean.half};
    s->point[s->n_points++] = point;
}

/* The point at a factor, measured where that was not done. */
static memqc_status point_at(struct mqc_required *s, double factor,
                             const struct mqc_point **point) {
    for (size_t i = 0; i < s->n_points; i++)
        if (s->point[i].factor == factor) {
            *point = &s->point[i];
            return MEMQC_OK;
        }
    MQC_TRY(mqc_scaled_measure(s->scaled, mqc_scaled_set_of(s->property), factor, s->accuracies,
                               s->hits));
    *point = &s->point[s->n_points];
    mqc_required_take(s, factor, s->hits);
    return MEMQC_OK;
}

/* bound: -1 the lower end of the mean's interval, 0 the mean, 1 the upper end. */
static int reaches(const struct mqc_required *s, const struct mqc_point *point, int bound) {
    return point->mean + bound * point->half >=
           s->target - 1e-9; /* accuracies are fractions of samples, however rounded */
}

/* The lowest factor that was found to fail, and the highest below it that does not (0 is one, as
 * has been seen). */
static void enclose(const struct mqc_required *s, int bound, double *low, double *high) {
    *low = 0;
    *high = INFINITY;
    for (size_t i = 0; i < s->n_points; i++)
        if (!reaches(s, &s->point[i], bound))
            *high = fmin(*high, s->point[i].factor);
    for (size_t i = 0; i < s->n_points; i++)
        if (reaches(s, &s->point[i], bound) && s->point[i].factor < *high)
            *low = fmax(*low, s->point[i].factor);
}

/* The next factor to look at; 0 when the search is settled. Numbers of levels are whole: two that
 * are neighbours settle it. */
static double next_factor(const struct mqc_required *s, double low, double high) {
    const double least = exp2(-DOUBLINGS / 2);
    if (isinf(high) && low == 0)
        return s->most > 0 ? 1 : 0;
    if (isinf(high))
        return low >= s->most ? 0 : fmin(2 * low, s->most);
    if (low == 0)
        return high <= least ? 0 : 0.5 * high;
    if (s->property == MEMQC_MLP_PROPERTY_LEVELS) {
        const double steps = mqc_device_states(mqc_scaled_original(s->scaled, 0)) - 1,
                     most = rint(steps / low), fewest = rint(steps / high);
        return most - fewest < 2 || high < precision * low ? 0 : steps / rint(sqrt(most * fewest));
    }
    return high <= precision * low ? 0 : sqrt(low * high);
}

static memqc_status search(struct mqc_required *s, int bound) {
    const struct mqc_point *point = NULL;
    double low, high, next;
    for (;;) {
        enclose(s, bound, &low, &high);
        next = next_factor(s, low, high);
        if (next == 0 || s->n_points == MQC_REQUIRED_POINTS)
            return MEMQC_OK;
        const size_t before = s->n_points;
        MQC_TRY(point_at(s, next, &point));
        if (s->n_points == before) /* rounding has led to a factor that is known */
            return MEMQC_OK;
    }
}

/* Conservative: the last factor that was seen to do. */
static double factor_of(const struct mqc_required *s, int bound) {
    double low, high;
    enclose(s, bound, &low, &high);
    if (isinf(high))
        return INFINITY;
    return bound > 0 ? high : low;
}

/* Does more of it change anything at all? (Drift at no time does not.) */
static memqc_status has_effect(struct mqc_required *s, int *effect) {
    double most = 1;
    *effect = 1;
    if (s->property == MEMQC_MLP_PROPERTY_DRIFT) {
        MQC_TRY(value_at(s, s->most, &most));
        *effect = most > 0;
    }
    return MEMQC_OK;
}

static memqc_status find_factors(struct mqc_required *s, double factor[3]) {
    const struct mqc_point *none = NULL;
    int effect;
    MQC_TRY(point_at(s, 0, &none));
    factor[0] = factor[1] = factor[2] = NAN;
    if (!reaches(s, none, 0))
        return MEMQC_OK; /* not even without it */
    MQC_TRY(has_effect(s, &effect));
    for (int bound = -1; bound <= 1; bound++) {
        factor[bound + 1] = effect ? 0 : INFINITY;
        if (effect && reaches(s, none, bound))
            MQC_TRY(search(s, bound));
    }
    for (int bound = -1; bound <= 1 && effect; bound++)
        if (reaches(s, none, bound))
            factor[bound + 1] = factor_of(s, bound);
    return MEMQC_OK;
}

memqc_status mqc_required_note(struct mqc_required *s, double *limit) {
    double factor[3], value[3];
    MQC_TRY(find_factors(s, factor));
    for (int i = 0; i < 3; i++) {
        static const int32_t factors[] = {MEMQC_MLP_LIMIT_FACTOR_LOW, MEMQC_MLP_LIMIT_FACTOR,
                                          MEMQC_MLP_LIMIT_FACTOR_HIGH};
        MQC_TRY(value_at(s, factor[i], &value[i]));
        limit[factors[i]] = s->scaled->begun ? NAN : factor[i];
    }
    const int falls = s->property == MEMQC_MLP_PROPERTY_LEVELS; /* with the factor */
    limit[MEMQC_MLP_LIMIT_REQUIRED] = value[1];
    limit[MEMQC_MLP_LIMIT_REQUIRED_LOW] = value[falls ? 2 : 0];
    limit[MEMQC_MLP_LIMIT_REQUIRED_HIGH] = value[falls ? 0 : 2];
    return MEMQC_OK;
}
