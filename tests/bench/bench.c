/* SPDX-License-Identifier: BSD-3-Clause */
/* How long the hot parts take, beside what they are compared with. Prints a line for each:
 *
 *     bench name=NAME seconds=S ratio=R baseline=NAME items=N
 *
 * S is the median over several repetitions, in each of which every benchmark of a group runs once,
 * so that a machine that slows down does so for all of them. R is the median of the ratios within a
 * repetition, each time per item over that of the baseline. usage: bench [PREFIX ...]: only
 * benchmarks whose names begin so (and their baselines). */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include <string.h>

enum { MOST_REPETITIONS = 21 };

volatile float sink;

static double median(size_t n, double *values) {
    qsort(values, n, sizeof *values, by_size);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

static size_t find(const struct group *group, const char *name) {
    size_t i = 0;
    while (i < group->n && strcmp(group->benchmark[i].name, name) != 0)
        i++;
    return i;
}

static void report(const struct group *group, size_t i, double seconds[][MOST_REPETITIONS]) {
    const struct benchmark *b = &group->benchmark[i];
    double times[MOST_REPETITIONS], ratios[MOST_REPETITIONS];
    const size_t base = b->baseline ? find(group, b->baseline) : group->n;
    memcpy(times, seconds[i], sizeof times);
    printf("bench name=%s seconds=%.6g", b->name, median(group->repetitions, times));
    if (base < group->n) {
        const double scale = group->benchmark[base].items / b->items;
        for (size_t r = 0; r < group->repetitions; r++)
            ratios[r] = seconds[i][r] / seconds[base][r] * scale;
        printf(" ratio=%.3f baseline=%s", median(group->repetitions, ratios), b->baseline);
    } else {
        printf(" ratio=- baseline=-");
    }
    printf(" items=%.0f\n", b->items);
    fflush(stdout);
}

static void measure(const struct group *group) {
    static double seconds[MOST_OF_A_GROUP][MOST_REPETITIONS];
    group->open();
    for (size_t i = 0; i < group->n; i++)
        group->benchmark[i].run(); /* first touches of memory, scratch, choice of kernels */
    for (size_t r = 0; r < group->repetitions; r++) {
        for (size_t i = 0; i < group->n; i++) {
            const double start = now();
            group->benchmark[i].run();
            seconds[i][r] = now() - start;
        }
    }
    for (size_t i = 0; i < group->n; i++)
        report(group, i, seconds);
    group->close();
}

/* Only the benchmarks of a group whose names begin as asked for, and what they are compared with.
 * */
static struct group chosen(const struct group *group, int argc, char **argv) {
    struct group some = *group;
    some.n = 0;
    for (size_t i = 0; i < group->n; i++) {
        int wanted = argc < 2;
        for (int a = 1; a < argc; a++) {
            const size_t length = strlen(argv[a]);
            for (size_t j = 0; j < group->n; j++) {
                const struct benchmark *b = &group->benchmark[j];
                const int is_baseline =
                    b->baseline && strcmp(b->baseline, group->benchmark[i].name) == 0;
                wanted |= (j == i || is_baseline) && strncmp(b->name, argv[a], length) == 0;
            }
        }
        if (wanted)
            some.benchmark[some.n++] = group->benchmark[i];
    }
    return some;
}

static void measure_all(const struct group *groups, int argc, char **argv) {
    for (; groups->name; groups++) {
        const struct group group = chosen(groups, argc, argv);
        if (group.n > 0)
            measure(&group);
    }
}

int main(int argc, char **argv) {
    measure_all(array_groups, argc, argv);
    measure_all(pulse_groups, argc, argv);
    measure_all(network_groups, argc, argv);
    return EXIT_SUCCESS;
}
