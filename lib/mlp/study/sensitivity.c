/* SPDX-License-Identifier: BSD-3-Clause */
/* What limits a network on a device. Each property alone, the others ideal, on instances that share
 * their random numbers with those of an ideal device, so that losses are means of differences; and
 * the factor on it that a target leaves room for.
 *
 * That factor is the end of the factors at which the mean accuracy reaches the target: doubled or
 * halved until it is enclosed, then bisected on a logarithmic scale. Its confidence interval is
 * that of the means turned round: from where mean - t sd / sqrt(n) leaves the target to where mean
 * + t sd / sqrt(n) does. All measurements serve all three. */
#include "core/alloc.h"
#include "core/constants.h"
#include "core/error.h"
#include "device/property.h"
#include "mlp/checks.h"
#include "mlp/network.h"
#include "mlp/pass/plan.h"
#include "mlp/study/instances.h"
#include "core/summary.h"

#include <math.h>
#include <string.h>

enum { MOST_POINTS = 96, DOUBLINGS = 20 };

static const double precision = 1.02; /* of a factor */

/* A factor and what was measured at it. */
struct point {
    double factor;
    double mean;
    double half; /* of the interval of the mean */
};

struct study {
    struct mqc_instances run;
    const memqc_device *device; /* NULL: each layer's own */
    int32_t property;
    double target;
    double ohm;  /* the largest resistance of the wires */
    double most; /* of the factor */
    int begun;   /* the property is absent, and a little of it stands for the factor 1 */
    memqc_device *scaled[MQC_MLP_LAYERS];
    double *ideal;
    double *accuracies;
    size_t run_before; /* instances so far, and how many there will be */
    size_t estimate;
    size_t n_points;
    struct point point[MOST_POINTS];
};

/* The property of the device; -1: of the wires, or all of them. */
static int device_property(int32_t property) {
    static const int of[] = {
        -1,
        MQC_PROPERTY_LEVELS,
        MQC_PROPERTY_C2C,
        MQC_PROPERTY_D2D,
        MQC_PROPERTY_ASYMMETRY,
        MQC_PROPERTY_READ_NOISE,
        -1,
        MQC_PROPERTY_FAULTS,
        MQC_PROPERTY_DRIFT,
    };
    return of[property - MEMQC_MLP_PROPERTY_ALL];
}

static const memqc_device *original(const struct study *s, size_t l) {
    return s->device ? s->device : s->run.mlp->layer[l].device;
}

static size_t layers(const struct study *s) {
    return s->run.mlp->n_layers;
}

/* --- devices and wires at a factor --- */

static memqc_status scale_layer(struct study *s, size_t l, double factor) {
    memqc_device *const d = s->scaled[l];
    const int wanted = device_property(s->property);
    mqc_device_assign(d, original(s, l));
    if (s->begun && wanted >= 0 && factor > 0)
        mqc_property_begin(d, (enum mqc_property)wanted);
    for (int p = 0; p < MQC_PROPERTIES; p++)
        MQC_TRY(
            mqc_property_scale(d, (enum mqc_property)p,
                               s->property == MEMQC_MLP_PROPERTY_ALL || p == wanted ? factor : 0));
    const double finer = (mqc_device_states(d) - 1) / (mqc_device_states(original(s, l)) - 1);
    s->run.onto.tolerance[l] = finer;
    s->run.onto.device[l] = d;
    return MEMQC_OK;
}

static memqc_status scale(struct study *s, double factor) {
    const int wired =
        s->property == MEMQC_MLP_PROPERTY_ALL || s->property == MEMQC_MLP_PROPERTY_WIRES;
    for (size_t l = 0; l < layers(s); l++)
        MQC_TRY(scale_layer(s, l, factor));
    s->run.onto.scaled = 1;
    s->run.onto.wires = wired && !s->begun ? factor : 0;
    s->run.onto.ohm = wired && s->begun ? factor : 0; /* 1 ohm stands for the factor 1 */
    s->run.onto.noise =
        s->property == MEMQC_MLP_PROPERTY_ALL || s->property == MEMQC_MLP_PROPERTY_READ_NOISE
            ? factor
            : 0;
    return MEMQC_OK;
}

/* How much of the property there is; of layers that differ, where it is worst. */
static double value_of(const struct study *s) {
    const int p = device_property(s->property);
    double worst = 0;
    if (s->property == MEMQC_MLP_PROPERTY_WIRES)
        return s->ohm * s->run.onto.wires + s->run.onto.ohm;
    for (size_t l = 0; l < layers(s); l++) {
        const double value = mqc_property_value(s->scaled[l], (enum mqc_property)p, s->run.seconds);
        const int worse = p == MQC_PROPERTY_LEVELS ? value < worst : value > worst;
        if (l == 0 || worse)
            worst = value;
    }
    return worst;
}

static memqc_status value_at(struct study *s, double factor, double *value) {
    *value = factor;
    if (s->property == MEMQC_MLP_PROPERTY_ALL || isnan(factor))
        return MEMQC_OK;
    if (isinf(factor) && s->property != MEMQC_MLP_PROPERTY_LEVELS)
        return MEMQC_OK;
    MQC_TRY(scale(s, fmin(factor, s->most)));
    *value = value_of(s);
    return MEMQC_OK;
}

/* --- measuring --- */

static memqc_status measure(struct study *s, double factor, double *accuracies) {
    struct mqc_instances run;
    int deterministic = 1;
    MQC_TRY(scale(s, factor));
    for (size_t l = 0; l < layers(s); l++)
        deterministic &= mqc_device_is_deterministic(s->scaled[l]) &&
                         !mqc_plan_is_noisy(&s->run.mlp->layer[l].plan, s->run.onto.noise > 0);
    run = s->run;
    run.n = deterministic ? 1 : s->run.n;
    run.before = s->run_before;
    run.total = run.before + run.n < s->estimate ? s->estimate : run.before + run.n;
    MQC_TRY(mqc_instances_run(&run, accuracies));
    s->run_before += run.n;
    for (size_t i = run.n; i < s->run.n; i++)
        accuracies[i] = accuracies[0];
    return MEMQC_OK;
}

/* The point at a factor, measured where that was not done. */
static memqc_status point_at(struct study *s, double factor, const struct point **point) {
    double sd;
    for (size_t i = 0; i < s->n_points; i++)
        if (s->point[i].factor == factor) {
            *point = &s->point[i];
            return MEMQC_OK;
        }
    struct point *const new = &s->point[s->n_points];
    MQC_TRY(measure(s, factor, s->accuracies));
    mqc_mean_sd(s->run.n, s->accuracies, &new->mean, &sd);
    new->factor = factor;
    new->half = sd *mqc_mean_interval(s->run.n);
    s->n_points++;
    *point = new;
    return MEMQC_OK;
}

/* --- the search --- */

/* bound: -1 the lower end of the mean's interval, 0 the mean, 1 the upper end. */
static int reaches(const struct study *s, const struct point *point, int bound) {
    return point->mean + bound * point->half >=
           s->target - 1e-9; /* accuracies are fractions of samples, however rounded */
}

/* The lowest factor that was found to fail, and the highest below it that does not (0 is one, as
 * has been seen). */
static void enclose(const struct study *s, int bound, double *low, double *high) {
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
static double next_factor(const struct study *s, double low, double high) {
    const double least = exp2(-DOUBLINGS / 2);
    if (isinf(high) && low == 0)
        return s->most > 0 ? 1 : 0;
    if (isinf(high))
        return low >= s->most ? 0 : fmin(2 * low, s->most);
    if (low == 0)
        return high <= least ? 0 : 0.5 * high;
    if (s->property == MEMQC_MLP_PROPERTY_LEVELS) {
        const double steps = mqc_device_states(original(s, 0)) - 1, most = rint(steps / low),
                     fewest = rint(steps / high);
        return most - fewest < 2 || high < precision * low ? 0 : steps / rint(sqrt(most * fewest));
    }
    return high <= precision * low ? 0 : sqrt(low * high);
}

static memqc_status search(struct study *s, int bound) {
    const struct point *point = NULL;
    double low, high, next;
    for (;;) {
        enclose(s, bound, &low, &high);
        next = next_factor(s, low, high);
        if (next == 0 || s->n_points == MOST_POINTS)
            return MEMQC_OK;
        const size_t before = s->n_points;
        MQC_TRY(point_at(s, next, &point));
        if (s->n_points == before) /* rounding has led to a factor that is known */
            return MEMQC_OK;
    }
}

/* Conservative: the last factor that was seen to do. */
static double factor_of(const struct study *s, int bound) {
    double low, high;
    enclose(s, bound, &low, &high);
    if (isinf(high))
        return INFINITY;
    return bound > 0 ? high : low;
}

/* Does more of it change anything at all? (Drift at no time does not.) */
static memqc_status has_effect(struct study *s, int *effect) {
    double most = 1;
    *effect = 1;
    if (s->property == MEMQC_MLP_PROPERTY_DRIFT) {
        MQC_TRY(value_at(s, s->most, &most));
        *effect = most > 0;
    }
    return MEMQC_OK;
}

static memqc_status find_factors(struct study *s, double factor[3]) {
    const struct point *none = NULL;
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

/* --- the report --- */

static memqc_status note_required(struct study *s, double *limit) {
    double factor[3], value[3];
    MQC_TRY(find_factors(s, factor));
    for (int i = 0; i < 3; i++) {
        static const int32_t factors[] = {MEMQC_MLP_LIMIT_FACTOR_LOW, MEMQC_MLP_LIMIT_FACTOR,
                                          MEMQC_MLP_LIMIT_FACTOR_HIGH};
        MQC_TRY(value_at(s, factor[i], &value[i]));
        limit[factors[i]] = s->begun ? NAN : factor[i];
    }
    const int falls = s->property == MEMQC_MLP_PROPERTY_LEVELS; /* with the factor */
    limit[MEMQC_MLP_LIMIT_REQUIRED] = value[1];
    limit[MEMQC_MLP_LIMIT_REQUIRED_LOW] = value[falls ? 2 : 0];
    limit[MEMQC_MLP_LIMIT_REQUIRED_HIGH] = value[falls ? 0 : 2];
    return MEMQC_OK;
}

/* The ends of the interval where an accuracy of 1 or 0 cuts it. */
static void note_loss(struct study *s, double *limit) {
    const size_t n = s->run.n;
    const double ideal = limit[MEMQC_MLP_LIMIT_IDEAL];
    double mean, sd;
    for (size_t i = 0; i < n; i++)
        s->accuracies[i] = s->ideal[i] - s->accuracies[i];
    mqc_mean_sd(n, s->accuracies, &mean, &sd);
    limit[MEMQC_MLP_LIMIT_LOSS] = mean;
    const double half = sd * mqc_mean_interval(n);
    limit[MEMQC_MLP_LIMIT_LOSS_LOW] = fmin(mean, fmax(mean - half, ideal - 1));
    limit[MEMQC_MLP_LIMIT_LOSS_HIGH] = fmax(mean, fmin(mean + half, ideal));
}

/* Is there any of the property? Where there is none, a little of it is put in its place. Returns 0
 * where that cannot be. */
static memqc_status begin(struct study *s, double *limit, int *possible) {
    const int p = device_property(s->property);
    *possible = 1;
    MQC_TRY(scale(s, 1));
    limit[MEMQC_MLP_LIMIT_VALUE] = s->property == MEMQC_MLP_PROPERTY_ALL ? 1 : value_of(s);
    s->begun = p >= 0 ? value_of(s) == 0 : s->property == MEMQC_MLP_PROPERTY_WIRES && s->ohm == 0;
    if (p == MQC_PROPERTY_DRIFT && s->begun) /* there may be some that needs more time */
        for (size_t l = 0; l < layers(s); l++)
            s->begun &= mqc_property_value(original(s, l), MQC_PROPERTY_DRIFT, 1e30) == 0;
    const int wired =
        s->property == MEMQC_MLP_PROPERTY_ALL || s->property == MEMQC_MLP_PROPERTY_WIRES;
    const double ohm = s->begun && s->property == MEMQC_MLP_PROPERTY_WIRES ? 1 : s->ohm;
    s->most = wired && ohm > 0 ? 1e6 / ohm : INFINITY;
    for (size_t l = 0; l < layers(s); l++) {
        memqc_device *const d = s->scaled[l];
        mqc_device_assign(d, original(s, l));
        if (s->begun && p >= 0)
            *possible &= mqc_property_begin(d, (enum mqc_property)p);
        for (int q = 0; q < MQC_PROPERTIES; q++)
            if (q == p || s->property == MEMQC_MLP_PROPERTY_ALL)
                s->most = fmin(s->most, mqc_property_most(d, (enum mqc_property)q));
    }
    return MEMQC_OK;
}

static memqc_status examine(struct study *s, double *limit) {
    double mean, sd;
    int possible;
    for (int32_t what = 0; what < MEMQC_MLP_LIMITS; what++)
        limit[what] = (double)NAN;
    MQC_TRY(measure(s, 0, s->ideal));
    mqc_mean_sd(s->run.n, s->ideal, &limit[MEMQC_MLP_LIMIT_IDEAL], &sd);
    MQC_TRY(begin(s, limit, &possible));
    if (s->begun)
        memcpy(s->accuracies, s->ideal, s->run.n * sizeof *s->ideal);
    else
        MQC_TRY(measure(s, 1, s->accuracies));
    mqc_mean_sd(s->run.n, s->accuracies, &mean, &sd);
    limit[MEMQC_MLP_LIMIT_ACCURACY] = mean;
    if (!s->begun) {
        const struct point one = {1, mean, sd * mqc_mean_interval(s->run.n)};
        s->point[s->n_points++] = one;
    }
    note_loss(s, limit);
    return s->target > 0 && possible ? note_required(s, limit) : MEMQC_OK;
}

static memqc_status study(struct study *s, double *limit) {
    memqc_status status = MEMQC_OK;
    s->ideal = mqc_alloc(s->run.n, sizeof *s->ideal);
    s->accuracies = mqc_alloc(s->run.n, sizeof *s->accuracies);
    if (!s->ideal || !s->accuracies)
        status = MEMQC_ERROR_NOMEM;
    for (size_t l = 0; l < layers(s) && status == MEMQC_OK; l++)
        status = memqc_device_copy(original(s, l), &s->scaled[l]);
    if (status == MEMQC_OK)
        status = examine(s, limit);
    for (size_t l = 0; l < layers(s); l++)
        memqc_device_destroy(&s->scaled[l]);
    mqc_free(s->ideal);
    mqc_free(s->accuracies);
    return status;
}

static memqc_status check_property(const char *function, int32_t property) {
    if (property < MEMQC_MLP_PROPERTY_ALL || property > MEMQC_MLP_PROPERTY_DRIFT)
        return mqc_refuse_constant(function, "property", property,
                                   "one of MEMQC_MLP_PROPERTY_... is wanted");
    return MEMQC_OK;
}

memqc_status memqc_mlp_sensitivity(memqc_mlp *mlp, const memqc_device *device, int32_t property,
                                   size_t n, const float *x, size_t ldx, const int32_t *labels,
                                   double *limits) {
    MQC_TRY(mqc_mlp_check_training(mlp, __func__, n, x, ldx, labels));
    MQC_TRY(check_property(__func__, property));
    if (n == 0)
        return MEMQC_OK;
    MQC_NOT_NULL(limits);
    const struct mqc_samples samples = {__func__, n, x, ldx, labels, NULL};
    struct study s = {.run = mqc_instances_make(mlp, device, &samples),
                      .device = device,
                      .property = property,
                      .target = mqc_mlp_value(mlp->value, MEMQC_MLP_TARGET)};
    for (size_t l = 0; l < mlp->n_layers; l++)
        s.ohm = fmax(s.ohm, mqc_plan_resistance(&mlp->layer[l].plan));
    s.run.phase = MEMQC_PHASE_SENSITIVITY;
    s.estimate = (s.target > 0 ? 20 : 2) * s.run.n;
    MQC_TRY(mqc_instances_check(&s.run, 2));
    const int was_ready = mlp->ready;
    MQC_TRY(mqc_mlp_draw(mlp));
    mlp->busy = __func__;
    const memqc_status status = study(&s, limits);
    mlp->busy = NULL;
    return mqc_mlp_finish(mlp, was_ready, status);
}
