/* SPDX-License-Identifier: BSD-3-Clause */
/* The half in C of bench.py: runs workloads as it is told, and says how long they took. bench.py
 * decides what is measured in turn with what, and what the times mean.
 *
 *     bench [DATA]
 *
 * reads a command a line and answers each with one line (`list` with one for each workload):
 *
 *     list         workload NAME GROUP, and then `end`
 *     run NAME     ran processor=S wall=S items=N        seconds of one run, which did N items
 *                  counted number=X items=N              where the result is no time
 *                  absent WHY                            where it cannot be measured
 *     answers      answers X ...                         of the last run
 *     close        closed                                the inputs of all groups are freed
 */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include <string.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { LINE_SIZE = 256, MOST_GROUPS = 40 };

volatile float sink;

static struct {
    const char *data, *absent;
    double number;
    int counted;
    const double *answers;
    size_t answer_count;
    const struct group *open[MOST_GROUPS];
    size_t opened;
} state;

void count_instead(double number) {
    state.number = number;
    state.counted = 1;
}

void is_absent(const char *why) {
    state.absent = why;
}

void has_answers(const double *answers, size_t n) {
    state.answers = answers;
    state.answer_count = n;
}

const char *data_folder(void) {
    return state.data;
}

static const struct group *const all_groups[] = {array_groups,  cell_groups,  circuit_groups,
                                                 draw_groups,   epoch_groups, pulse_groups,
                                                 sample_groups, thread_groups};
enum { FILES = sizeof all_groups / sizeof *all_groups };

static void list(void) {
    for (size_t f = 0; f < FILES; f++)
        for (const struct group *group = all_groups[f]; group->name; group++)
            for (size_t i = 0; i < group->n; i++)
                printf("workload %s %s\n", group->workload[i].name, group->name);
    puts("end");
}

static const struct workload *find(const char *name, const struct group **of) {
    for (size_t f = 0; f < FILES; f++)
        for (const struct group *group = all_groups[f]; group->name; group++)
            for (size_t i = 0; i < group->n; i++)
                if (strcmp(group->workload[i].name, name) == 0) {
                    *of = group;
                    return &group->workload[i];
                }
    return NULL;
}

/* A group whose inputs are not to be had stays closed. */
static void open_group(const struct group *group) {
    for (size_t i = 0; i < state.opened; i++)
        if (state.open[i] == group)
            return;
    group->open();
    if (!state.absent && state.opened < MOST_GROUPS)
        state.open[state.opened++] = group;
}

static void close_all(void) {
    while (state.opened > 0)
        state.open[--state.opened]->close();
    has_answers(NULL, 0);
}

static void run(const char *name) {
    const struct group *group = NULL;
    const struct workload *workload = find(name, &group);
    double processor = 0, wall = 0;
    state.absent = workload ? NULL : "no such workload";
    state.counted = 0;
    if (workload)
        open_group(group);
    if (!state.absent && workload->prepare) /* which may find that it is absent */
        workload->prepare();
    if (!state.absent) {
        wall = now();
        processor = processor_seconds();
        workload->run();
        processor = processor_seconds() - processor;
        wall = now() - wall;
    }
    if (state.absent)
        printf("absent %s\n", state.absent);
    else if (state.counted)
        printf("counted number=%.17g items=%.17g\n", state.number, workload->items);
    else
        printf("ran processor=%.9g wall=%.9g items=%.17g\n", processor, wall, workload->items);
}

static void answer(void) {
    printf("answers");
    for (size_t i = 0; i < state.answer_count; i++)
        printf(" %.17g", state.answers[i]);
    puts("");
}

/* Memory that was freed is used again, as in a program that has run for a while. Else every run
 * would ask the system for new pages, which takes longer than some of the workloads. bench.py does
 * so too. */
static void keep_memory(void) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

int main(int argc, char **argv) {
    char line[LINE_SIZE];
    keep_memory();
    state.data = argc > 1 ? argv[1] : NULL;
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (strcmp(line, "list") == 0) {
            list();
        } else if (strncmp(line, "run ", 4) == 0) {
            run(line + 4);
        } else if (strcmp(line, "answers") == 0) {
            answer();
        } else if (strcmp(line, "close") == 0) {
            close_all();
            puts("closed");
        } else {
            fprintf(stderr, "bench: what is \"%s\"?\n", line);
            return EXIT_FAILURE;
        }
        fflush(stdout);
    }
    close_all();
    return EXIT_SUCCESS;
}
