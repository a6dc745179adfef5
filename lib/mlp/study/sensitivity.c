/* SPDX-License-Identifier: BSD-3-Clause */
/* What limits a network on a device. Each property alone, the others ideal: its loss. Each property
 * ideal, the others as they are: its gain. Both are means of differences between instances that
 * share their random numbers, over instances and samples, see core/crossed.c. */
#include "core/alloc.h"
#include "core/constants.h"
#include "core/crossed.h"
#include "core/error.h"
#include "mlp/checks.h"
#include "mlp/network.h"
#include "mlp/study/required.h"

#include <math.h>

/* What is measured in the course of a study. Bits are rows for instances, as for mqc_crossed(). */
struct study {
    struct mqc_scaled scaled;
    struct mqc_required required;
    double *accuracies;
    uint8_t *ideal;
    uint8_t *now;     /* the property alone, then the device without it */
    uint8_t *company; /* the device as it is */
};

static size_t layers(const struct study *s) {
    return s->scaled.run.mlp->n_layers;
}

/* The first of the limits that tell of a difference, and of those of its parts. */
struct place {
    int32_t difference; /* and its LOW and HIGH */
    int32_t parts;      /* BY_INSTANCES, BY_SAMPLES, BY_BOTH, then what would halve it */
};

static const struct place of_loss = {MEMQC_MLP_LIMIT_LOSS, MEMQC_MLP_LIMIT_LOSS_BY_INSTANCES};
static const struct place of_gain = {MEMQC_MLP_LIMIT_GAIN, MEMQC_MLP_LIMIT_GAIN_BY_INSTANCES};

/* The mean of better - worse with its interval, cut where the worse accuracy, of which `better` is
 * the mean, would be above 1 or below 0. */
static struct mqc_crossed note_difference(const struct study *s, const uint8_t *better,
                                          const uint8_t *worse, const struct place *at,
                                          double *limit) {
    const size_t n = s->scaled.run.n, samples = s->scaled.run.samples->n;
    const struct mqc_crossed d = mqc_crossed(n, samples, better, worse);
    limit[at->difference] = d.mean;
    limit[at->difference + 1] = d.mean - d.half;
    limit[at->difference + 2] = d.mean + d.half;
    limit[at->parts] = d.rows;
    limit[at->parts + 1] = d.columns;
    limit[at->parts + 2] = d.both;
    limit[at->parts + 3] = mqc_crossed_rows_to_halve(&d, n);
    limit[at->parts + 4] = mqc_crossed_columns_to_halve(&d, samples);
    return d;
}

/* Of a property that the device does not have, exactly 0. */
static void note_nothing(const struct study *s, const struct place *at, double *limit) {
    for (int i = 0; i < 3; i++)
        limit[at->difference + i] = limit[at->parts + i] = 0;
    limit[at->parts + 3] = (double)s->scaled.run.n;
    limit[at->parts + 4] = (double)s->scaled.run.samples->n;
}

static void cut(double *interval, double low, double high) {
    interval[1] = fmin(interval[0], fmax(interval[1], low));
    interval[2] = fmax(interval[0], fmin(interval[2], high));
}

static double mean_of(const struct study *s, const uint8_t *hits) {
    return mqc_crossed(s->scaled.run.n, s->scaled.run.samples->n, hits, NULL).mean;
}

/* --- the property --- */

/* Where there is none of the property, a little of it is put in its place. Returns 0 in possible
 * where that cannot be. */
static memqc_status begin(struct study *s, double value, int *possible) {
    struct mqc_scaled *const scaled = &s->scaled;
    const int32_t property = s->required.property;
    const int p = mqc_scaled_property(property);
    *possible = 1;
    scaled->begun = p >= 0 ? value == 0 : property == MEMQC_MLP_PROPERTY_WIRES && scaled->ohm == 0;
    if (p == MQC_PROPERTY_DRIFT && scaled->begun) /* there may be some that needs more time */
        for (size_t l = 0; l < layers(s); l++)
            scaled->begun &=
                mqc_property_value(mqc_scaled_original(scaled, l), MQC_PROPERTY_DRIFT, 1e30) == 0;
    const int wired = property == MEMQC_MLP_PROPERTY_ALL || property == MEMQC_MLP_PROPERTY_WIRES;
    const double ohm = scaled->begun && property == MEMQC_MLP_PROPERTY_WIRES ? 1 : scaled->ohm;
    double most = wired && ohm > 0 ? 1e6 / ohm : INFINITY;
    for (size_t l = 0; l < layers(s); l++) {
        memqc_device *const d = scaled->scaled[l];
        mqc_device_assign(d, mqc_scaled_original(scaled, l));
        if (scaled->begun && p >= 0)
            *possible &= mqc_property_begin(d, (enum mqc_property)p);
        for (int q = 0; q < MQC_PROPERTIES; q++)
            if (q == p || property == MEMQC_MLP_PROPERTY_ALL)
                most = fmin(most, mqc_property_most(d, (enum mqc_property)q));
    }
    s->required.most = most;
    return MEMQC_OK;
}

/* --- the report --- */

/* What an engineer gains who makes the property ideal and leaves the others. */
static memqc_status note_gain(struct study *s, unsigned set, double *limit) {
    const uint8_t *worse = s->now, *better = s->ideal;
    if (set != MQC_SCALED_ALL) {
        MQC_TRY(mqc_scaled_measure(&s->scaled, MQC_SCALED_ALL, 1, s->accuracies, s->company));
        MQC_TRY(mqc_scaled_measure(&s->scaled, MQC_SCALED_ALL & ~set, 1, s->accuracies, s->now));
        worse = s->company;
        better = s->now;
    }
    const double device = mean_of(s, worse);
    limit[MEMQC_MLP_LIMIT_DEVICE] = device;
    note_difference(s, better, worse, &of_gain, limit);
    cut(&limit[MEMQC_MLP_LIMIT_GAIN], -device, 1 - device);
    return MEMQC_OK;
}

static memqc_status note_costs(struct study *s, unsigned set, double *limit) {
    const double ideal = limit[MEMQC_MLP_LIMIT_IDEAL];
    MQC_TRY(mqc_scaled_measure(&s->scaled, set, 1, s->accuracies, s->now));
    limit[MEMQC_MLP_LIMIT_ACCURACY] = mean_of(s, s->now);
    mqc_required_take(&s->required, 1, s->now);
    note_difference(s, s->ideal, s->now, &of_loss, limit);
    cut(&limit[MEMQC_MLP_LIMIT_LOSS], ideal - 1, ideal);
    return note_gain(s, set, limit);
}

static memqc_status examine(struct study *s, double *limit) {
    const int32_t property = s->required.property;
    const unsigned set = mqc_scaled_set_of(property);
    int possible, absent;
    for (int32_t what = 0; what < MEMQC_MLP_LIMITS; what++)
        limit[what] = (double)NAN;
    MQC_TRY(mqc_scaled_measure(&s->scaled, MQC_SCALED_NONE, 0, s->accuracies, s->ideal));
    limit[MEMQC_MLP_LIMIT_IDEAL] = mean_of(s, s->ideal);
    mqc_required_take(&s->required, 0, s->ideal);
    MQC_TRY(mqc_scaled_amount(&s->scaled, property, &limit[MEMQC_MLP_LIMIT_VALUE], &absent));
    if (absent) {
        limit[MEMQC_MLP_LIMIT_ACCURACY] = limit[MEMQC_MLP_LIMIT_IDEAL];
        note_nothing(s, &of_loss, limit);
        note_nothing(s, &of_gain, limit);
    } else
        MQC_TRY(note_costs(s, set, limit));
    MQC_TRY(begin(s, limit[MEMQC_MLP_LIMIT_VALUE], &possible));
    return s->required.target > 0 && possible ? mqc_required_note(&s->required, limit) : MEMQC_OK;
}

static memqc_status study(struct study *s, double *limit) {
    const size_t n = s->scaled.run.n, stride = mqc_crossed_stride(s->scaled.run.samples->n);
    memqc_status status = MEMQC_OK;
    s->accuracies = mqc_alloc(n, sizeof *s->accuracies);
    s->ideal = mqc_alloc(n, stride);
    s->now = mqc_alloc(n, stride);
    s->company = mqc_alloc(n, stride);
    s->required.scaled = &s->scaled;
    s->required.accuracies = s->accuracies;
    s->required.hits = s->now;
    if (!s->accuracies || !s->ideal || !s->now || !s->company)
        status = MEMQC_ERROR_NOMEM;
    if (status == MEMQC_OK)
        status = mqc_scaled_begin(&s->scaled);
    if (status == MEMQC_OK)
        status = examine(s, limit);
    mqc_scaled_end(&s->scaled);
    mqc_free(s->accuracies);
    mqc_free(s->ideal);
    mqc_free(s->now);
    mqc_free(s->company);
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
    struct study s = {
        .scaled = mqc_scaled_make(mlp, device, &samples),
        .required = {.property = property, .target = mqc_mlp_value(mlp->value, MEMQC_MLP_TARGET)}};
    const size_t fewest = property == MEMQC_MLP_PROPERTY_ALL ? 2 : 4;
    s.scaled.estimate = (s.required.target > 0 ? 20 : fewest) * s.scaled.run.n;
    MQC_TRY(mqc_instances_check(&s.scaled.run, 2));
    const int was_ready = mlp->ready;
    MQC_TRY(mqc_mlp_draw(mlp));
    mlp->busy = __func__;
    const memqc_status status = study(&s, limits);
    mlp->busy = NULL;
    return mqc_mlp_finish(mlp, was_ready, status);
}
