/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#include "data.h"

#include "idx.h"
#include "synthetic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SYSTEM_FOLDER "/usr/share/datasets/fashion-mnist"

/* The test digits are numbered from here, so that no training set of a size that fits in memory
 * shares one with them. A multiple of ten keeps the classes even. */
#define FIRST_TEST_DIGIT UINT64_C(1000000000000)

enum { TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS, FILES };
static const char *const file_names[FILES] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                              "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

struct failure {
    char *text;
    size_t size;
};

struct paths {
    char file[FILES][DATA_PATH_SIZE];
    int missing; /* index of the first file that is not there, or FILES */
    int found;
};

static void set_free(struct data_set *set) {
    free(set->x);
    free(set->labels);
    *set = (struct data_set){0};
}

void data_free(struct data *d) {
    set_free(&d->train);
    set_free(&d->test);
    d->source[0] = '\0';
}

static int set_allocate(struct data_set *set, size_t n, size_t rows, size_t cols,
                        const struct failure *failure) {
    size_t pixels = rows * cols;
    if (n > SIZE_MAX / sizeof(float) / pixels) {
        snprintf(failure->text, failure->size, "%zu images of %zu x %zu do not fit in memory", n,
                 rows, cols);
        return -1;
    }
    *set = (struct data_set){.n = n, .rows = rows, .cols = cols};
    set->x = malloc(n * pixels * sizeof *set->x);
    set->labels = malloc(n * sizeof *set->labels);
    if (!set->x || !set->labels) {
        snprintf(failure->text, failure->size, "no memory for %zu images of %zu x %zu", n, rows,
                 cols);
        return -1;
    }
    return 0;
}

/* Builds folder/name, taking name.gz where the plain file is not there. Nonzero if neither is. */
static int find_file(char *path, const char *folder, const char *name) {
    static const char *const endings[] = {"", ".gz"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        struct stat status;
        int length = snprintf(path, DATA_PATH_SIZE, "%s/%s%s", folder, name, endings[i]);
        if (length > 0 && length < DATA_PATH_SIZE && stat(path, &status) == 0) {
            return 0;
        }
    }
    return -1;
}

static void find_files(struct paths *paths, const char *folder) {
    paths->missing = FILES;
    paths->found = 0;
    for (int i = 0; i < FILES; i++) {
        if (find_file(paths->file[i], folder, file_names[i]) == 0) {
            paths->found++;
        } else if (paths->missing == FILES) {
            paths->missing = i;
        }
    }
}

static int check_labels(const struct idx *images, const struct idx *labels, const char *images_path,
                        const char *labels_path, const struct failure *failure) {
    if (labels->n != images->n) {
        snprintf(failure->text, failure->size, "%s: has %zu labels, but %s has %zu images",
                 labels_path, labels->n, images_path, images->n);
        return -1;
    }
    for (size_t i = 0; i < labels->n; i++) {
        if (labels->bytes[i] >= DATA_CLASSES) {
            snprintf(failure->text, failure->size, "%s: label %zu is %d, allowed are 0 to %d",
                     labels_path, i, labels->bytes[i], DATA_CLASSES - 1);
            return -1;
        }
    }
    return 0;
}

static int load_set(struct data_set *set, const char *images_path, const char *labels_path,
                    const struct failure *failure) {
    struct idx images = {0}, labels = {0};
    int failed = idx_read(&images, images_path, IDX_IMAGES, failure->text, failure->size) ||
                 idx_read(&labels, labels_path, IDX_LABELS, failure->text, failure->size) ||
                 check_labels(&images, &labels, images_path, labels_path, failure) ||
                 set_allocate(set, images.n, images.rows, images.cols, failure);
    if (!failed) {
        size_t bytes = images.n * images.rows * images.cols;
        for (size_t i = 0; i < bytes; i++) {
            set->x[i] = (float)images.bytes[i] / 255.0f;
        }
        for (size_t i = 0; i < labels.n; i++) {
            set->labels[i] = labels.bytes[i];
        }
    }
    idx_free(&images);
    idx_free(&labels);
    return failed ? -1 : 0;
}

static int load_files(struct data *d, const struct paths *paths, const struct failure *failure) {
    if (load_set(&d->train, paths->file[TRAIN_IMAGES], paths->file[TRAIN_LABELS], failure) ||
        load_set(&d->test, paths->file[TEST_IMAGES], paths->file[TEST_LABELS], failure)) {
        return -1;
    }
    if (d->train.rows != d->test.rows || d->train.cols != d->test.cols) {
        snprintf(failure->text, failure->size, "%s: has images of %zu x %zu, but %s of %zu x %zu",
                 paths->file[TEST_IMAGES], d->test.rows, d->test.cols, paths->file[TRAIN_IMAGES],
                 d->train.rows, d->train.cols);
        return -1;
    }
    return 0;
}

static int synthetic_set(struct data_set *set, size_t n, uint64_t first, uint64_t seed,
                         const struct failure *failure) {
    if (n == 0) {
        snprintf(failure->text, failure->size,
                 "0 synthetic digits asked for, at least 1 is needed");
        return -1;
    }
    if (set_allocate(set, n, SYNTHETIC_SIDE, SYNTHETIC_SIDE, failure)) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        set->labels[i] = synthetic_digit(set->x + i * SYNTHETIC_PIXELS, seed, first + i);
    }
    return 0;
}

/* One place to look. Returns 1 if the data are loaded, 0 if they are not there, -1 on failure. */
static int try_folder(struct data *d, const char *folder, const char *what, int must_exist,
                      const struct failure *failure) {
    struct paths *paths = malloc(sizeof *paths);
    int result = 0;
    if (!paths) {
        snprintf(failure->text, failure->size, "no memory to look for data");
        return -1;
    }
    find_files(paths, folder);
    if (paths->missing == FILES) {
        snprintf(d->source, sizeof d->source, "%s in %s", what, folder);
        result = load_files(d, paths, failure) ? -1 : 1;
    } else if (must_exist) {
        snprintf(failure->text, failure->size, "%s/%s: neither it nor %s.gz can be found (%s)",
                 folder, file_names[paths->missing], file_names[paths->missing], what);
        result = -1;
    } else if (paths->found > 0) {
        fprintf(stderr, "data: passing over %s, which has %d of the %d files\n", folder,
                paths->found, FILES);
    }
    free(paths);
    return result;
}

int data_load_from(struct data *d, const struct data_folders *folders, size_t synthetic_train,
                   size_t synthetic_test, uint64_t seed, char *error, size_t error_size) {
    const struct {
        const char *folder, *what;
        int must_exist;
    } places[] = {
        {folders->argument, "the IDX files of --data", 1},
        {folders->environment, "the IDX files of $MEMQC_DATA", 1},
        {folders->cache, "MNIST from get-mnist.sh", 0},
        {folders->system, "Fashion-MNIST from Debian's dataset-fashion-mnist", 0},
    };
    const struct failure failure = {error, error_size};
    int result = 0;
    *d = (struct data){.source = ""};
    for (size_t i = 0; result == 0 && i < sizeof places / sizeof places[0]; i++) {
        if (places[i].folder) {
            result =
                try_folder(d, places[i].folder, places[i].what, places[i].must_exist, &failure);
        }
    }
    if (result == 0) {
        snprintf(d->source, sizeof d->source, "synthetic digits, built in and drawn with seed %llu",
                 (unsigned long long)seed);
        result = synthetic_set(&d->train, synthetic_train, 0, seed, &failure) ||
                         synthetic_set(&d->test, synthetic_test, FIRST_TEST_DIGIT, seed, &failure)
                     ? -1
                     : 1;
    }
    if (result < 0) {
        data_free(d);
        return -1;
    }
    return 0;
}

/* The value of an environment variable, NULL where it is unset or empty. */
static const char *environment(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/* The same rule as in get-mnist.sh. The XDG specification has relative paths ignored. */
static const char *cache_folder(char *path, size_t size) {
    const char *cache = environment("XDG_CACHE_HOME"), *home = environment("HOME");
    int length = -1;
    if (cache && *cache == '/') {
        length = snprintf(path, size, "%s/memqc/mnist", cache);
    } else if (home) {
        length = snprintf(path, size, "%s/.cache/memqc/mnist", home);
    }
    return length > 0 && (size_t)length < size ? path : NULL;
}

int data_load(struct data *d, const char *folder_or_null, size_t synthetic_train,
              size_t synthetic_test, uint64_t seed, char *error, size_t error_size) {
    char cache[DATA_PATH_SIZE];
    const struct data_folders folders = {.argument = folder_or_null,
                                         .environment = environment("MEMQC_DATA"),
                                         .cache = cache_folder(cache, sizeof cache),
                                         .system = SYSTEM_FOLDER};
    return data_load_from(d, &folders, synthetic_train, synthetic_test, seed, error, error_size);
}
