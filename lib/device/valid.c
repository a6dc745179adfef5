/* SPDX-License-Identifier: BSD-3-Clause */
/* What a device may be: each parameter within its range, parameters that go together, tables in
 * their order, finite numbers in the report of its fit. */
#include "device/valid.h"
#include "core/error.h"
#include "device/cell/check.h"
#include "device/cell/levels.h"
#include "device/models/custom_host.h"
#include "device/models/models.h"

#include <math.h>
#include <string.h>

static const float most_siemens = 1e3f;

/* --- parameters --- */

static const char *flaw_of_values(const memqc_device *d) {
    for (size_t i = 0; i < MQC_DEVICE_KEYS; i++)
        if (mqc_keys_check(&mqc_device_keys, "load", mqc_keys_at(&mqc_device_keys, i),
                           d->value[i]) != MEMQC_OK)
            return "a device's parameter is out of its range";
    return NULL;
}

/* Do the parameters go together, and is what was derived from them theirs? A copy derives it anew:
 * it shares the tables, which preparing leaves alone where there are some. */
static const char *flaw_of_laws(const memqc_device *d) {
    memqc_device again = *d;
    if (d->value[MQC_DEVICE_AT(MODEL)] != d->ops->model ||
        again.ops->prepare(&again, "load") != MEMQC_OK ||
        mqc_device_check_effects(&again, "load") != MEMQC_OK)
        return "a device's parameters do not fit together";
    int alike = again.sigma == d->sigma && again.k == d->k && again.ladder == d->ladder &&
                again.uneven == d->uneven && again.pulse.kind == d->pulse.kind;
    for (int down = 0; down < 2 && d->ops->pulsed; down++)
        alike &= again.law[down].step == d->law[down].step &&
                 again.law[down].shape == d->law[down].shape;
    return alike ? NULL : "a device's draws are not those of its parameters";
}

/* --- tables --- */

/* Do n values rise, from 0 on? */
static int rise(size_t n, const float *values) {
    int good = 1;
    for (size_t i = 0; i < n; i++)
        good &= isfinite(values[i]) && values[i] >= 0 && (i == 0 || values[i] > values[i - 1]);
    return good;
}

static const char *flaw_of_table(const struct mqc_table *table) {
    if (table->n < 1 || table->n > MQC_TABLE_NODES)
        return "a table of steps of a size that none has";
    const size_t n = (size_t)table->n;
    int good = rise(n, table->g);
    for (size_t i = 0; i < n; i++)
        good &= isfinite(table->step[i]) && table->step[i] >= 0;
    return good ? NULL : "a table of steps that none can be";
}

static const char *flaw_of_levels(const struct mqc_levels *levels) {
    if (levels->n < 2 || levels->n > MQC_LEVELS_MOST || levels->quantiles == 1 ||
        levels->quantiles > MQC_LEVELS_QUANTILES)
        return "a number of levels that no device has";
    const size_t n = levels->n, m = levels->quantiles;
    int good = 1;
    for (size_t i = 0; i < n; i++)
        good &= levels->g[i] >= 0 && levels->g[i] <= most_siemens && levels->sd[i] >= 0 &&
                levels->sd[i] <= most_siemens && (i == 0 || levels->g[i] < levels->g[i - 1]);
    for (size_t i = 0; i < n * m; i++)
        good &= levels->quantile[i] >= 0 && levels->quantile[i] <= most_siemens &&
                (i % m == 0 || levels->quantile[i] >= levels->quantile[i - 1]);
    return good ? NULL : "levels that no device can have";
}

static const char *flaw_of_direction(const struct mqc_jumps *jumps,
                                     const struct mqc_jump_table *t) {
    if (t->n_g < 1 || t->n_g > MEMQC_DEVICE_TABLE_NODES || t->n_q < 2 ||
        t->n_q > MEMQC_DEVICE_JUMP_QUANTILES)
        return "a table of jumps of a size that none has";
    const size_t n = (size_t)t->n_g, m = (size_t)t->n_q;
    const float *const quantile = jumps->block + t->q_at;
    int good = rise(n, jumps->block + t->g_at);
    for (size_t i = 0; i < n * m; i++)
        good &=
            fabsf(quantile[i]) <= most_siemens && (i % m == 0 || quantile[i] >= quantile[i - 1]);
    return good ? NULL : "a table of jumps that none can be";
}

static const char *flaw_of_jumps(const struct mqc_jumps *jumps) {
    const char *flaw = NULL;
    for (size_t k = 0; k < 2 * jumps->n && !flaw; k++)
        flaw = flaw_of_direction(jumps, &jumps->table[k]);
    return flaw;
}

static const char *flaw_of_tables(const memqc_device *d) {
    const char *flaw = NULL;
    for (int down = 0; down < 2 && d->ops == &mqc_device_table && !flaw; down++)
        flaw = flaw_of_table(&d->table[down]);
    if (!flaw && d->levels)
        flaw = flaw_of_levels(d->levels);
    return !flaw && d->jumps ? flaw_of_jumps(d->jumps) : flaw;
}

/* --- the report of a fit --- */

static int is_share(double x) {
    return x >= 0 && x <= 1;
}

static const char *flaw_of_report(const struct mqc_fit_report *report) {
    int good = isfinite(report->drift) && report->drift_error >= 0 &&
               isfinite(report->drift_error) && isfinite(report->memory[0]) &&
               isfinite(report->memory[1]);
    for (size_t i = 0; i < MQC_DEVICE_KEYS; i++)
        good &= report->standard_error[i] >= 0 && isfinite(report->standard_error[i]);
    for (size_t i = 0; i < MQC_FIT_CANDIDATES; i++)
        good &= isfinite(report->of[i].log_likelihood) && is_share(report->of[i].ks) &&
                is_share(report->of[i].ks_p);
    return good ? NULL : "a report of a fit of impossible numbers";
}

static const char *flaw_of_posterior(const struct mqc_fit_posterior *p) {
    if (p->n < 0 || p->n > MQC_FIT_DRAWN)
        return "more parameters of a fit than can be drawn";
    const size_t n = (size_t)p->n;
    int good = 1;
    for (size_t i = 0; i < n; i++)
        good &= isfinite(p->value[i]) != 0;
    for (size_t i = 0; i < n * (n + 1) / 2; i++)
        good &= isfinite(p->root[i]) != 0;
    return good ? NULL : "a covariance of a fit that none can be";
}

static const char *flaw_of_level_errors(const memqc_device *d) {
    const struct mqc_level_errors *const errors = d->levels ? d->levels->errors : NULL;
    int good = 1;
    for (size_t i = 0; errors && i < mqc_level_errors_size(d->levels->n, errors->columns); i++)
        good &= isfinite(errors->mean[i]) && (i >= 2 * d->levels->n || errors->mean[i] >= 0);
    return good ? NULL : "an error of a level that none can be";
}

const char *mqc_device_flaw(const memqc_device *device) {
    const char *flaw = flaw_of_values(device);
    if (!flaw)
        flaw = flaw_of_tables(device);
    if (!flaw)
        flaw = flaw_of_laws(device);
    if (!flaw && device->fit.taken)
        flaw = flaw_of_report(&device->fit);
    if (!flaw)
        flaw = flaw_of_posterior(&device->fit.posterior);
    return flaw ? flaw : flaw_of_level_errors(device);
}

/* --- two devices --- */

static int are_floats_equal(size_t n, const float *a, const float *b) {
    return n == 0 || memcmp(a, b, n * sizeof *a) == 0;
}

static int are_tables_equal(const struct mqc_table *a, const struct mqc_table *b) {
    return a->n == b->n && are_floats_equal((size_t)a->n, a->g, b->g) &&
           are_floats_equal((size_t)a->n, a->step, b->step);
}

/* Levels that are not in force are not saved. */
static int are_ladders_equal(const memqc_device *a, const memqc_device *b) {
    if (!a->ladder || !b->ladder || a->levels == b->levels)
        return !a->ladder == !b->ladder;
    const struct mqc_levels *const x = a->levels, *const y = b->levels;
    return x->n == y->n && x->quantiles == y->quantiles && are_floats_equal(x->n, x->g, y->g) &&
           are_floats_equal(x->n, x->sd, y->sd) &&
           are_floats_equal(x->n * x->quantiles, x->quantile, y->quantile);
}

static int are_jumps_equal(const struct mqc_jumps *a, const struct mqc_jumps *b) {
    if (!a || !b || a == b)
        return a == b;
    int equal = a->n == b->n;
    for (size_t k = 0; equal && k < 2 * a->n; k++) {
        const struct mqc_jump_table *const s = &a->table[k], *const t = &b->table[k];
        equal = s->n_g == t->n_g && s->n_q == t->n_q &&
                are_floats_equal((size_t)s->n_g, a->block + s->g_at, b->block + t->g_at) &&
                are_floats_equal((size_t)s->n_g * (size_t)s->n_q, a->block + s->q_at,
                                 b->block + t->q_at);
    }
    return equal;
}

int mqc_device_equal(const memqc_device *a, const memqc_device *b) {
    if (a->ops != b->ops || a->seed != b->seed || a->custom.host != b->custom.host ||
        memcmp(a->value, b->value, sizeof a->value) != 0)
        return 0;
    const int has_table = a->ops == &mqc_device_table;
    return (!has_table || (are_tables_equal(&a->table[0], &b->table[0]) &&
                           are_tables_equal(&a->table[1], &b->table[1]))) &&
           are_ladders_equal(a, b) && are_jumps_equal(a->jumps, b->jumps);
}
