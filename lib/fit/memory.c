/* SPDX-License-Identifier: BSD-3-Clause */
/* Correlation of the residuals z of one device, in units of their sd: at the same level from a
 * cycle to the next,
 *
 *     c = sum z(k, l) z(k + 1, l) / sum z(k, l)^2
 *
 * and of level 1 with the other levels of its cycle. Residuals of the levels of a cycle may depend
 * on each other in any way, so that a pair of cycles counts as one observation: the variance is
 * the sum over pairs of the squared scores (Liang and Zeger, Biometrika 73 (1986) 13, with the
 * factor n / (n - 1)), and at least that of independent residuals. Scores of neighbouring pairs
 * are uncorrelated for c; for the correlation within a cycle they follow the memory of the cycles,
 * which widens its error. Called by combine.c. */
#include "fit/memory.h"
#include "core/error.h"
#include "core/reserve.h"
#include "fit/drift.h"
#include "fit/models.h"

#include <math.h>

enum { FEWEST_PAIRS = 8 };

/* White noise has a memory of this significance once in a hundred fits. */
static const double significant = 0.01;
/* Rows whose noise a bound at 0 S may cut are left out: so many sd above it, one in 1e4 is. */
static const double clear = 3.7;

/* Residual of a row, or NaN. */
static double residual_of(const struct mqc_fit_problem *problem, size_t i) {
    double mean, sd;
    mqc_fit_predict(problem, problem->theta, i, 0, 0, &mean, &sd);
    if (problem->state[i] == MQC_FIT_OUTLIER || !(mean > clear * sd))
        return NAN;
    return (problem->rows[i].g - mean) / sd;
}

static size_t end_of_cycle(const struct mqc_fit_problem *problem, size_t first) {
    size_t end = first + 1;
    while (end < problem->n && problem->rows[end].cycle == problem->rows[first].cycle)
        end++;
    return end;
}

static void add_pair(struct mqc_fit_correlation *sums, double a, double b) {
    sums->products += a * b;
    sums->left += a * a;
    sums->right += b * b;
    sums->n++;
}

/* One cycle with the next; both are sorted by their pulses. */
static struct mqc_fit_correlation between(const struct mqc_fit_problem *problem, const double *z,
                                          size_t first, size_t next, size_t end) {
    struct mqc_fit_correlation sums = {0};
    size_t i = first, j = next;
    while (i < next && j < end) {
        const int32_t level = problem->rows[i].level, other = problem->rows[j].level;
        if (level == other && !isnan(z[i]) && !isnan(z[j]))
            add_pair(&sums, z[i], z[j]);
        i += level <= other;
        j += other <= level;
    }
    return sums;
}

/* Level 1 of a cycle with the others. */
static struct mqc_fit_correlation within(const struct mqc_fit_problem *problem, const double *z,
                                         size_t first, size_t end) {
    struct mqc_fit_correlation sums = {0};
    if (problem->rows[first].level != 1 || isnan(z[first]))
        return sums;
    for (size_t i = first + 1; i < end && problem->rows[i].level > 1; i++)
        if (!isnan(z[i]))
            add_pair(&sums, z[first], z[i]);
    return sums;
}

static void keep(struct mqc_fit_memory *memory, int which, struct mqc_fit_correlation sums) {
    if (sums.n > 0)
        memory->of[which][memory->n[which]++] = sums;
}

memqc_status mqc_fit_memory_add(struct mqc_fit_work *work) {
    const struct mqc_fit_problem *problem = work->problem;
    struct mqc_fit_memory *memory = &work->memory;
    double *const z = work->residuals;
    for (int which = 0; which < MQC_FIT_MEMORIES; which++)
        MQC_TRY(MQC_HAVE(&memory->of[which], work->data.cycles));
    for (size_t i = 0; i < problem->n; i++)
        z[i] = residual_of(problem, i);
    for (size_t first = 0, next; first < problem->n; first = next) {
        next = end_of_cycle(problem, first);
        keep(memory, MQC_FIT_WITHIN, within(problem, z, first, next));
        if (next < problem->n && problem->rows[next].cycle == problem->rows[first].cycle + 1)
            keep(memory, MQC_FIT_BETWEEN,
                 between(problem, z, first, next, end_of_cycle(problem, next)));
    }
    return MEMQC_OK;
}

/* --- estimates --- */

struct estimate {
    double value, error;
};

static struct mqc_fit_correlation sum_of(const struct mqc_fit_memory *memory, int which) {
    struct mqc_fit_correlation sum = {0};
    for (size_t i = 0; i < memory->n[which]; i++) {
        sum.products += memory->of[which][i].products;
        sum.left += memory->of[which][i].left;
        sum.right += memory->of[which][i].right;
        sum.n += memory->of[which][i].n;
    }
    return sum;
}

/* Half of what 95 % of the numbers of Student's t stay within: 1 for many degrees of freedom. */
static double student(size_t freedom) {
    double low = 1, high = 10;
    for (int i = 0; i < 40; i++) {
        const double middle = 0.5 * (low + high);
        if (mqc_fit_beyond_t(2 * middle, freedom) > 0.05)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* From the squared scores of n observations, at least the error of independent residuals. Twice the
 * error holds the truth in 95 % also of few observations. */
static double error_of(double squares, size_t n, double independent) {
    const double count = (double)n, wider = student(n - 1);
    return sqrt(fmax(squares * count / (count - 1) * wider * wider, independent));
}

static struct estimate between_cycles(const struct mqc_fit_memory *memory) {
    const struct mqc_fit_correlation sum = sum_of(memory, MQC_FIT_BETWEEN);
    const double c = sum.products / sum.left;
    double squares = 0;
    for (size_t i = 0; i < memory->n[MQC_FIT_BETWEEN]; i++) {
        const struct mqc_fit_correlation *pair = &memory->of[MQC_FIT_BETWEEN][i];
        const double score = (pair->products - c * pair->left) / sum.left;
        squares += score * score;
    }
    const double independent = fmax(1 - c * c, 0) / (double)sum.n;
    const struct estimate found = {c, error_of(squares, memory->n[MQC_FIT_BETWEEN], independent)};
    return found;
}

/* serial: correlation of the cycles. */
static struct estimate within_cycles(const struct mqc_fit_memory *memory, double serial) {
    const struct mqc_fit_correlation sum = sum_of(memory, MQC_FIT_WITHIN);
    const double scale = sqrt(sum.left * sum.right), r = sum.products / scale;
    double squares = 0;
    for (size_t i = 0; i < memory->n[MQC_FIT_WITHIN]; i++) {
        const struct mqc_fit_correlation *cycle = &memory->of[MQC_FIT_WITHIN][i];
        const double score =
            cycle->products / scale - 0.5 * r * (cycle->left / sum.left + cycle->right / sum.right);
        squares += score * score;
    }
    const double wider = sqrt((1 + serial * serial) / (1 - serial * serial));
    const double independent = (1 - r * r) * (1 - r * r) / (double)sum.n;
    const struct estimate found = {
        r, wider * error_of(squares, memory->n[MQC_FIT_WITHIN], independent)};
    return found;
}

static size_t index_of(int32_t key) {
    return (size_t)(key - MEMQC_DEVICE_MODEL);
}

/* Into the report; returns what the model has: 0 where it is not significant. The test knows of few
 * observations by itself. */
static double tell(struct mqc_fit_work *work, int which, int32_t key, struct estimate found) {
    const struct mqc_key *row = mqc_key_row(&mqc_device_keys, key);
    const size_t freedom = work->memory.n[which] - 1;
    if (!(found.error > 0 && isfinite(found.value))) /* residuals of rounding, or none */
        return 0;
    work->report.memory[which] = found.value;
    work->report.standard_error[index_of(key)] = found.error;
    const double t = found.value / found.error * student(freedom);
    if (mqc_fit_beyond_t(t, freedom) >= significant)
        return 0;
    work->value[index_of(key)] = fmin(fmax(found.value, row->min), row->max);
    return work->value[index_of(key)];
}

/* Residuals that depend on each other tell less than as many that do not: of a mean by the sum of
 * their correlations, of a variance by the sum of the squares of those. They are c^k q between
 * cycles k apart, with 1 in the place of q at the same level. */
static void widen(struct mqc_fit_work *work, double c, double q) {
    static const int32_t means[] = {MEMQC_DEVICE_G_MAX, MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_STEP},
                         noises[] = {MEMQC_DEVICE_SIGMA, MEMQC_DEVICE_K};
    double *const error = work->report.standard_error;
    const double others = (double)work->data.levels - 1;
    const double of_mean = (1 + c) / (1 - c) * (1 + others * fabs(q)),
                 of_noise = (1 + c * c) / (1 - c * c) * (1 + others * q * q);
    for (size_t i = 0; i < sizeof means / sizeof *means; i++)
        error[index_of(means[i])] *= sqrt(fmax(of_mean, 1));
    for (size_t i = 0; i < sizeof noises / sizeof *noises; i++)
        error[index_of(noises[i])] *= sqrt(of_noise);
}

void mqc_fit_memory_tell(struct mqc_fit_work *work) {
    const struct mqc_fit_memory *memory = &work->memory;
    double c = 0, q = 0;
    if (memory->n[MQC_FIT_BETWEEN] >= FEWEST_PAIRS)
        c = tell(work, MQC_FIT_BETWEEN, MEMQC_DEVICE_CYCLE_CORRELATION, between_cycles(memory));
    if (memory->n[MQC_FIT_WITHIN] >= FEWEST_PAIRS)
        q = tell(work, MQC_FIT_WITHIN, MEMQC_DEVICE_SET_RESET_CORRELATION,
                 within_cycles(memory, c));
    if (c != 0 || q != 0)
        widen(work, c, q);
}
