/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#include "paper_progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

double progress_clock(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void time_left(const struct progress *progress, char text[32]) {
    double gone = progress_clock() - progress->start;
    double left =
        progress->done > 0.0 ? gone * (progress->work - progress->done) / progress->done : 0.0;
    unsigned long seconds = left < 360000.0 ? (unsigned long)(left + 0.5) : 360000UL;
    if (seconds >= 3600) {
        snprintf(text, 32, "%lu:%02lu:%02lu left", seconds / 3600, seconds / 60 % 60, seconds % 60);
    } else {
        snprintf(text, 32, "%lu:%02lu left", seconds / 60, seconds % 60);
    }
}

static void rewrite(struct progress *progress, const char *line) {
    int width = fprintf(stderr, "\r%s", line) - 1;
    if (width < progress->width) {
        fprintf(stderr, "%*s", progress->width - width, "");
    }
    progress->width = width;
    fflush(stderr);
}

void progress_start(struct progress *progress, size_t runs, double work) {
    *progress = (struct progress){.runs = runs, .work = work, .start = progress_clock()};
    progress->terminal = isatty(STDERR_FILENO);
}

void progress_step(struct progress *progress, const char *what, double samples, size_t epoch,
                   size_t epochs, double accuracy) {
    double now = progress_clock();
    progress->done += samples;
    if (!progress->terminal || now - progress->shown < 0.2) {
        return;
    }
    char left[32], line[160];
    time_left(progress, left);
    snprintf(line, sizeof line, "%zu of %zu runs, %s: %s, epoch %zu of %zu, %.1f %%",
             progress->finished, progress->runs, left, what, epoch, epochs, accuracy);
    progress->shown = now;
    rewrite(progress, line);
}

void progress_finish(struct progress *progress, const char *what, double accuracy, double seconds) {
    progress->finished++;
    if (progress->terminal) {
        return;
    }
    char left[32];
    time_left(progress, left);
    fprintf(stderr, "run %zu of %zu: %s: %.2f %% (%.1f s), %s\n", progress->finished,
            progress->runs, what, accuracy, seconds, left);
}

void progress_end(struct progress *progress) {
    if (progress->terminal) {
        rewrite(progress, "");
        fprintf(stderr, "\r");
    }
}
