/* SPDX-License-Identifier: BSD-3-Clause */
/* Correlation of the residuals z of one device, in units of their sd: at the same level from a
 * cycle to the next,
 *
 *     c = sum z(k, l) z(k + 1, l) / sum z(k, l)^2
 *
 * of level 1 with the other levels of its cycle, q, and of those with each other, rho. Residuals of
 * the levels of a cycle may depend on each other in any way, so that a pair of cycles counts as one
 * observation: the variance is the sum over pairs of the squared scores (Liang and Zeger, Biometrika
 * 73 (1986) 13, with the factor n / (n - 1)). Of few cycles that is too small where levels share a
 * part, since the largest cycles pull the estimate towards themselves; the variance of normal
 * residuals with the correlations found is the least that is taken. The curve that was fitted runs
 * through the mean of the shared part, which takes 1 of the n (1 - c) / (1 + c) cycles that are
 * worth as much as independent ones. Called by combine.c. */
#include "fit/memory.h"
#include "core/error.h"
#include "core/reserve.h"
#include "fit/drift.h"
#include "fit/models.h"
#include "fit/spread.h"

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
    double total = 0;
    if (problem->rows[first].level != 1 || isnan(z[first]))
        return sums;
    for (size_t i = first + 1; i < end && problem->rows[i].level > 1; i++)
        if (!isnan(z[i])) {
            add_pair(&sums, z[first], z[i]);
            total += z[i];
        }
    sums.among = total * total - sums.right;
    sums.pairs = (double)sums.n * ((double)sums.n - 1);
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

/* Estimates are kept away from 1, where their variances end. */
static const double most = 0.98;

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
        sum.among += memory->of[which][i].among;
        sum.pairs += memory->of[which][i].pairs;
    }
    return sum;
}

/* A factor for errors of few degrees of freedom, by which twice the error holds 95 %. */
static double student(double freedom) {
    return mqc_fit_student_factor(fmax(freedom, 1));
}

/* Of independent residuals of n observations, the variance of a mean of products of z. */
static double robust(double squares, size_t n) {
    const double count = (double)n, wider = student(count - 1);
    return squares * count / (count - 1) * wider * wider;
}

/* As many independent cycles tell as much of a mean of the shared part. */
static double cycles_of_mean(size_t n, double c) {
    return fmax((double)n * (1 - c) / (1 + c), 1.5);
}

/* As many tell as much of its variance, 1 of them taken by the mean. */
static double cycles_of_variance(size_t n, double c) {
    return fmax((double)n * (1 - c * c) / (1 + c * c) - 1, 1);
}

/* From the correlation of residuals that of the noise. */
static double restored(double r, double cycles) {
    const double left = 1 - 1 / cycles + fabs(r) / cycles;
    return fmin(fmax(r / fmax(left, 0.1), -most), most);
}

/* rho; 0 where it is not above 0. */
static double shared_part(const struct mqc_fit_memory *memory, double c) {
    const size_t n = memory->n[MQC_FIT_WITHIN];
    const struct mqc_fit_correlation sum = sum_of(memory, MQC_FIT_WITHIN);
    if (n < FEWEST_PAIRS || !(sum.pairs > 0 && sum.right > 0))
        return 0;
    const double r = sum.among / sum.pairs * (double)sum.n / sum.right;
    return restored(fmin(fmax(r, 0), most), cycles_of_mean(n, c));
}

static struct estimate between_cycles(const struct mqc_fit_memory *memory) {
    const struct mqc_fit_correlation sum = sum_of(memory, MQC_FIT_BETWEEN);
    const size_t n = memory->n[MQC_FIT_BETWEEN];
    const double c = sum.products / sum.left, count = (double)n, levels = (double)sum.n / count;
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        const struct mqc_fit_correlation *pair = &memory->of[MQC_FIT_BETWEEN][i];
        const double score = (pair->products - c * pair->left) / sum.left;
        squares += score * score;
    }
    const double held = fmin(fmax(c, -most), most), rho = shared_part(memory, held),
                 wider = student(count - 1);
    const double normal =
        wider * wider * (1 - held * held) / (double)sum.n * (1 + (levels - 1) * rho * rho);
    /* the mean of the shared part lowers c by its share of (1 + 3 c) / n */
    const double bias = rho * (1 + 3 * held) / (count + 1);
    const struct estimate found = {c, sqrt(fmax(robust(squares, n), normal) + bias * bias)};
    return found;
}

/* Variance of r, for one cycle of normal residuals: level 1 with the others, which are correlated by
 * rho. By the delta method from the covariances of the sums of products and of both squares. */
static double variance_of_r(double r, double rho, double levels) {
    const double mean = rho + (1 - rho) / levels, square = rho * rho + (1 - rho * rho) / levels;
    return mean + r * r * (1 - 2 * mean - 2 + 0.5 * (1 + square) + r * r);
}

/* serial: correlation of the cycles. */
static struct estimate within_cycles(const struct mqc_fit_memory *memory, double serial) {
    const struct mqc_fit_correlation sum = sum_of(memory, MQC_FIT_WITHIN);
    const size_t n = memory->n[MQC_FIT_WITHIN];
    const double scale = sqrt(sum.left * sum.right), r = sum.products / scale;
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        const struct mqc_fit_correlation *cycle = &memory->of[MQC_FIT_WITHIN][i];
        const double score =
            cycle->products / scale - 0.5 * r * (cycle->left / sum.left + cycle->right / sum.right);
        squares += score * score;
    }
    const double wider = (1 + serial * serial) / (1 - serial * serial);
    const double independent = (1 - r * r) * (1 - r * r) / (double)sum.n;
    const double cycles = cycles_of_variance(n, serial), factor = student(cycles),
                 q = restored(r, cycles_of_mean(n, serial)), levels = (double)sum.n / (double)n;
    const double normal =
        factor * factor * variance_of_r(q, shared_part(memory, serial), levels) / cycles;
    const struct estimate found = {
        q, sqrt(fmax(wider * fmax(robust(squares, n), independent), normal))};
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
    const double t = found.value / found.error * student((double)freedom);
    if (mqc_fit_beyond_t(t, freedom) >= significant)
        return 0;
    work->value[index_of(key)] = fmin(fmax(found.value, row->min), row->max);
    return work->value[index_of(key)];
}

/* Is the shared part more than chance makes of independent residuals? The variance of the sum over
 * the levels of a cycle is a chi-squared. */
static int is_shared(double rho, double levels, double cycles) {
    return mqc_fit_chi_below((1 + (levels - 1) * rho) / (1 - rho), cycles) > 1 - significant;
}

/* Residuals that depend on each other tell less than as many that do not: of a mean by the sum of
 * their correlations, of a variance by the sum of the squares of those. They are c^k rho between
 * cycles k apart, with 1 in the place of rho at the same level. The mean of the shared part is lost
 * to sigma. taken: c that the device has. */
static void widen(struct mqc_fit_work *work, double c, double taken) {
    static const int32_t means[] = {MEMQC_DEVICE_G_MAX, MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_STEP},
                         noises[] = {MEMQC_DEVICE_SIGMA, MEMQC_DEVICE_K};
    double *const error = work->report.standard_error;
    const double others = (double)work->data.levels - 1, rho = shared_part(&work->memory, c);
    const double cycles = cycles_of_variance(work->memory.n[MQC_FIT_WITHIN], c);
    const double known = (1 + others * rho) * (1 - rho) * sqrt(2 / cycles) / fmax(others, 1),
                 factor = student(cycles), squares = rho * rho + known * known;
    double of_mean = (1 + taken) / (1 - taken);
    const double of_noise = (1 + c * c) / (1 - c * c) * (1 + factor * factor * others * squares);
    if (is_shared(rho, others, cycles))
        of_mean *= 1 + others * rho;
    for (size_t i = 0; i < sizeof means / sizeof *means; i++)
        error[index_of(means[i])] *= sqrt(fmax(of_mean, 1));
    for (size_t i = 0; i < sizeof noises / sizeof *noises; i++)
        error[index_of(noises[i])] *= sqrt(of_noise);
    const double lost = 0.5 * rho / cycles_of_mean(work->memory.n[MQC_FIT_WITHIN], c) *
                        work->value[index_of(MEMQC_DEVICE_SIGMA)];
    error[index_of(MEMQC_DEVICE_SIGMA)] = hypot(error[index_of(MEMQC_DEVICE_SIGMA)], lost);
}

void mqc_fit_memory_tell(struct mqc_fit_work *work) {
    const struct mqc_fit_memory *memory = &work->memory;
    double c = 0, taken = 0;
    if (memory->n[MQC_FIT_BETWEEN] >= FEWEST_PAIRS) {
        const struct estimate found = between_cycles(memory);
        taken = tell(work, MQC_FIT_BETWEEN, MEMQC_DEVICE_CYCLE_CORRELATION, found);
        c = isfinite(found.value) ? fmin(fmax(found.value, -most), most) : 0;
    }
    if (memory->n[MQC_FIT_WITHIN] < FEWEST_PAIRS)
        return;
    tell(work, MQC_FIT_WITHIN, MEMQC_DEVICE_SET_RESET_CORRELATION, within_cycles(memory, c));
    widen(work, c, taken);
}
