/* SPDX-License-Identifier: BSD-3-Clause */
/* Leaps of programming against the pulses that they stand for, sent one by one with other random
 * numbers: the same distribution of conductances, and the same costs. */
#include "pulses.h"

#include "device/cell/spread.h"
#include "device/models/pulsed.h"
#include "device/models/pulsed_leap.h"

#include <float.h>

enum { CHUNK = MQC_DEVICE_CHUNK, CHUNKS = 8, N = CHUNKS * CHUNK };

/* --- cells and what becomes of them --- */

struct sample {
    float *g;
    double cost[MEMQC_DEVICE_COSTS], energy[CHUNKS];
};

/* Sends n cells from a state so many pulses, by leaps or one by one. The cells of both are the same. */
static struct sample send(const memqc_device *d, int by_leaps, float from, int32_t count) {
    static float block[MQC_CELL_ARRAYS * CHUNK];
    struct sample sample = {room(N), {0}, {0}};
    int32_t counts[CHUNK];
    for (size_t i = 0; i < CHUNK; i++)
        counts[i] = count;
    for (size_t first = 0; first < N; first += CHUNK) {
        const struct mqc_draws where = {4711, first, by_leaps ? 0 : 1 << 20, NULL, NULL};
        const struct mqc_cell_arrays own = mqc_cell_arrays_in(block, CHUNK);
        float *const g = sample.g + first;
        mqc_device_cell_arrays(d, &where, CHUNK, &own);
        for (size_t i = 0; i < CHUNK; i++)
            g[i] = from;
        const struct mqc_cell_set set = {
            &where, mqc_device_varies(d) ? &own : NULL, CHUNK, g, NULL, sample.cost};
        if (by_leaps)
            mqc_leap_send(d, &set, MQC_STREAM_PULSE, counts);
        else
            d->ops->pulse(d, &set, MQC_STREAM_PULSE, 0, counts);
        sample.energy[first / CHUNK] = sample.cost[MEMQC_DEVICE_COST_ENERGY];
    }
    for (size_t k = CHUNKS - 1; k > 0; k--)
        sample.energy[k] -= sample.energy[k - 1];
    return sample;
}

/* --- two samples --- */

static int ascending(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov's distance of two samples, which it sorts. Equal values count as one step of both. */
static double distance(float *a, float *b) {
    double most = 0;
    size_t i = 0, j = 0;
    qsort(a, N, sizeof *a, ascending);
    qsort(b, N, sizeof *b, ascending);
    while (i < N && j < N) {
        const float x = a[i] < b[j] ? a[i] : b[j];
        while (i < N && a[i] <= x)
            i++;
        while (j < N && b[j] <= x)
            j++;
        most = fmax(most, fabs((double)i - (double)j) / N);
    }
    return most;
}

/* Mean, standard deviation, and the standard error of its logarithm. */
static void moments(const float *g, double *mean, double *sd, double *error) {
    double sum = 0, squares = 0, fourths = 0;
    for (size_t i = 0; i < N; i++)
        sum += (double)g[i];
    *mean = sum / N;
    for (size_t i = 0; i < N; i++) {
        const double square = pow((double)g[i] - *mean, 2);
        squares += square / N;
        fourths += square * square / N;
    }
    *sd = sqrt(squares);
    *error = squares > 0 ? sqrt((fourths / (squares * squares) - 1) / (4.0 * N)) : 0;
}

/* Means of 8 chunks: Student's t of 14 degrees of freedom is below 7 with a probability of 1 - 6e-6. */
static void check_energy(const struct sample *leaps, const struct sample *singles, int index,
                         int count) {
    double sum[2] = {0, 0}, squares = 0;
    const struct sample *const both[] = {leaps, singles};
    for (int s = 0; s < 2; s++) {
        for (size_t k = 0; k < CHUNKS; k++)
            sum[s] += both[s]->energy[k] / CHUNKS;
        for (size_t k = 0; k < CHUNKS; k++)
            squares += pow(both[s]->energy[k] - sum[s], 2);
    }
    const double se = sqrt(squares / (CHUNKS - 1) / CHUNKS);
    ck_assert_msg(fabs(sum[0] - sum[1]) <= 7 * se + 2e-3 * sum[1],
                  "device %d, %d pulses: energy %g, not %g (se %g)", index, count, sum[0], sum[1],
                  se);
}

/* --- devices --- */

/* Some kinds of noise are a few times the step: then bounds clip pulses all the time. Steps are parts
 * of the window; 0: the model has its own. */
static const struct {
    int32_t model;
    double step;
    int32_t noise;
    double size;
} made[] = {
    {MEMQC_DEVICE_CONSTANT, 1.0 / 1000, MEMQC_DEVICE_C2C_STEP, 0.3},
    {MEMQC_DEVICE_CONSTANT, 1.0 / 1000, MEMQC_DEVICE_C2C_STEP, 3},
    {MEMQC_DEVICE_CONSTANT, 1.0 / 60, MEMQC_DEVICE_C2C_ABSOLUTE, 3e-6},
    {MEMQC_DEVICE_LINEAR, 1.0 / 1000, MEMQC_DEVICE_C2C_RELATIVE, 0.01},
    {MEMQC_DEVICE_SOFT_BOUNDS, 1.0 / 60, MEMQC_DEVICE_C2C_STEP, 0.5},
    {MEMQC_DEVICE_SOFT_BOUNDS, 1.0 / 1000, MEMQC_DEVICE_C2C_RELATIVE, 0.02},
    {MEMQC_DEVICE_SOFT_BOUNDS, 1.0 / 60, MEMQC_DEVICE_C2C_ABSOLUTE, 0.5e-6},
    {MEMQC_DEVICE_NEUROSIM, 0, MEMQC_DEVICE_C2C_ABSOLUTE, 0.3e-6},
    {MEMQC_DEVICE_POWER, 1.0 / 1000, MEMQC_DEVICE_C2C_STEP, 0.5},
    {MEMQC_DEVICE_POWER, 1.0 / 60, MEMQC_DEVICE_C2C_ABSOLUTE, 1e-6},
    {MEMQC_DEVICE_EXPONENTIAL, 1.0 / 1000, MEMQC_DEVICE_C2C_STEP, 0.3},
    {MEMQC_DEVICE_EXPONENTIAL, 1.0 / 60, MEMQC_DEVICE_C2C_RELATIVE, 0.01},
    {MEMQC_DEVICE_TABLE, 0, MEMQC_DEVICE_C2C_STEP, 0.2},
};
static const char *const presets[] = {"rpu", "soft-bounds", "ag-asi", "pcmo", "epiram"};
enum { STRAIGHT = 3, CURVED = 8, MADE = COUNT(made), DEVICES = MADE + COUNT(presets) };

static memqc_device *device(int index) {
    memqc_device *d;
    if (index >= MADE) {
        OK(memqc_device_create_preset(presets[index - MADE], &d));
        return d;
    }
    d = make(made[index].model, made[index].step * (hi - lo));
    OK(memqc_device_set(d, made[index].noise, made[index].size));
    return d;
}

/* --- noise --- */

/* From a bound, the middle, and a place near the bound ahead; 2 samples of 8192: Kolmogorov's
 * distance is below 2.47 sqrt(2 / N) with a probability of 1 - 1e-5, the differences of the means and of
 * the logarithms of the standard deviations below 4.5 standard errors likewise. 306 trains. What a bound
 * clips in a leap may shift a mean by 1e-3 standard deviations more, that of a curved law by 1 % of a
 * step; a standard deviation may be 1 % off. */
static void check_leaps(int index) {
    static const int32_t pulses[] = {1, 3, 20, 150, 700, 3000};
    static const double parts[] = {0, 0.5, 0.97};
    memqc_device *d = device(index);
    const double low = mqc_device_g_min(d), range = mqc_device_g_max(d) - low;
    ck_assert(mqc_device_leaps(d));
    for (size_t k = 0; k < sizeof pulses / sizeof *pulses; k++)
        for (size_t p = 0; p < 3; p++) {
            const int down = (k + p) % 2;
            const double from = low + range * (down ? 1 - parts[p] : parts[p]);
            const int32_t count = down ? -pulses[k] : pulses[k];
            struct sample leaps = send(d, 1, (float)from, count),
                          singles = send(d, 0, (float)from, count);
            double mean[2], sd[2], error[2];
            moments(leaps.g, &mean[0], &sd[0], &error[0]);
            moments(singles.g, &mean[1], &sd[1], &error[1]);
            const double se = sqrt((sd[0] * sd[0] + sd[1] * sd[1]) / N);
            const double step = mqc_device_nominal_step(d, down, from);
            ck_assert_msg(fabs(mean[0] - mean[1]) <= 4.5 * se + 1e-3 * sd[1] + 0.01 * step,
                          "device %d, %d pulses from %g: mean %g, not %g (se %g, step %g)", index,
                          count, from, mean[0], mean[1], se, step);
            if (sd[1] > 1e3 * FLT_EPSILON * mean[1]) { /* else it is made of roundings */
                const double far = distance(leaps.g, singles.g), wider = log(sd[0] / sd[1]);
                ck_assert_msg(far <= 2.47 * sqrt(2.0 / N),
                              "device %d, %d pulses from %g: distance %g; sd %g, not %g", index,
                              count, from, far, sd[0], sd[1]);
                ck_assert_msg(fabs(wider) <= 4.5 * hypot(error[0], error[1]) + 0.01,
                              "device %d, %d pulses from %g: sd %g, not %g", index, count, from,
                              sd[0], sd[1]);
            }
            ck_assert_double_eq(
                leaps.cost[down ? MEMQC_DEVICE_COST_RESET : MEMQC_DEVICE_COST_SET],
                singles.cost[down ? MEMQC_DEVICE_COST_RESET : MEMQC_DEVICE_COST_SET]);
            check_energy(&leaps, &singles, index, count);
            free(leaps.g);
            free(singles.g);
        }
    memqc_device_destroy(&d);
}

static void check_devices(int first, int end) {
    for (int i = first; i < end; i++)
        check_leaps(i);
}

START_TEST(constant_leaps) {
    check_devices(0, STRAIGHT);
}
END_TEST

START_TEST(straight_leaps) {
    check_devices(STRAIGHT, CURVED);
}
END_TEST

START_TEST(curved_leaps) {
    check_devices(CURVED, MADE);
}
END_TEST

START_TEST(preset_leaps) {
    check_devices(MADE, DEVICES);
}
END_TEST

/* --- no noise --- */

/* Then a train has one end, for straight laws to a few roundings, for curved ones to a part of a step. */
START_TEST(leaps_without_noise) {
    static const int32_t pulses[] = {1, 2, 5, 40, 333, 2000};
    for (size_t m = 0; m < MODELS; m++) {
        const int has_step =
            all_models[m] != MEMQC_DEVICE_TABLE && all_models[m] != MEMQC_DEVICE_NEUROSIM;
        memqc_device *d = make(all_models[m], has_step ? 0.2e-6 : 0);
        for (size_t k = 0; k < sizeof pulses / sizeof *pulses; k++)
            for (int down = 0; down < 2; down++) {
                const double from = down ? 90e-6 : 15e-6;
                const int32_t count = down ? -pulses[k] : pulses[k];
                struct sample leaps = send(d, 1, (float)from, count),
                              singles = send(d, 0, (float)from, count);
                const double step = mqc_device_nominal_step(d, down, from);
                ck_assert_msg(fabs((double)leaps.g[7] - (double)singles.g[7]) <= 0.03 * step,
                              "model %d, %d pulses: %g, not %g; step %g", (int)all_models[m],
                              (int)count, (double)leaps.g[7], (double)singles.g[7], step);
                const double energy = singles.cost[MEMQC_DEVICE_COST_ENERGY];
                ck_assert_msg(fabs(leaps.cost[MEMQC_DEVICE_COST_ENERGY] - energy) <= 1e-3 * energy,
                              "model %d, %d pulses: energy %g, not %g", (int)all_models[m],
                              (int)count, leaps.cost[MEMQC_DEVICE_COST_ENERGY], energy);
                free(leaps.g);
                free(singles.g);
            }
        memqc_device_destroy(&d);
    }
}
END_TEST

/* --- addresses --- */

/* The cells of a set do not touch each other: any order, any split, any neighbours. */
START_TEST(leaps_of_a_list) {
    memqc_device *d;
    float block[MQC_CELL_ARRAYS * CHUNK], row[CHUNK], listed[CHUNK];
    uint64_t cells[CHUNK], draws[CHUNK];
    int32_t counts[CHUNK], shuffled[CHUNK];
    OK(memqc_device_create_preset("rpu", &d));
    const struct mqc_draws where = {9, 5000, 3, NULL, NULL}, list = {9, 0, 0, cells, draws};
    const struct mqc_cell_arrays own = mqc_cell_arrays_in(block, CHUNK);
    for (size_t i = 0; i < CHUNK; i++) {
        const size_t at = (i * 389) % CHUNK;
        row[i] = listed[i] = 30e-6f;
        counts[i] = (int32_t)(i % 900) - 300;
        cells[at] = 5000 + i;
        draws[at] = 3;
        shuffled[at] = counts[i];
    }
    mqc_device_cell_arrays(d, &where, CHUNK, &own);
    const struct mqc_cell_set in_a_row = {&where, &own, CHUNK, row, NULL, NULL};
    mqc_leap_send(d, &in_a_row, MQC_STREAM_PULSE, counts);
    mqc_device_cell_arrays(d, &list, CHUNK, &own);
    for (size_t first = 0; first < CHUNK; first += 100) {
        const struct mqc_draws part = mqc_draws_from(&list, first);
        const struct mqc_cell_arrays own_part = mqc_cell_arrays_from(&own, first);
        const size_t n = CHUNK - first < 100 ? CHUNK - first : 100;
        const struct mqc_cell_set some = {&part, &own_part, n, listed + first, NULL, NULL};
        mqc_leap_send(d, &some, MQC_STREAM_PULSE, shuffled + first);
    }
    for (size_t i = 0; i < CHUNK; i++)
        ck_assert_float_eq(row[i], listed[(i * 389) % CHUNK]);
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("leaps", constant_leaps, straight_leaps, curved_leaps, preset_leaps, leaps_without_noise,
          leaps_of_a_list)
