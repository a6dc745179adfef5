/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#include "paper_options.h"

#include <memqc/memqc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct word {
    const char *text;
    size_t value;
};

static const struct word figures[] = {{"2a", FIGURE_2A},   {"2b", FIGURE_2B}, {"2c", FIGURE_2C},
                                      {"2d", FIGURE_2D},   {"3", FIGURE_3},   {"3c", FIGURE_3C},
                                      {"4", FIGURE_4},     {"5c", FIGURE_5C}, {"5d", FIGURE_5D},
                                      {"all", FIGURE_ALL}, {NULL, 0}};
static const struct word samples[] = {
    {"ideal", SAMPLE_IDEAL}, {"A", SAMPLE_A}, {"B", SAMPLE_B}, {NULL, 0}};
static const struct word laws[] = {{"printed", MEMQC_DEVICE_LAW_PRINTED},
                                   {"linear", MEMQC_DEVICE_LAW_LINEAR},
                                   {"measured", MEMQC_DEVICE_LAW_MEASURED},
                                   {NULL, 0}};
static const struct word rules[] = {
    {"nearest", MEMQC_MLP_RULE_CROSSBAR}, {"float", MEMQC_MLP_RULE_FLOAT}, {NULL, 0}};
static const struct word losses[] = {{"squared-error", MEMQC_MLP_SQUARED_ERROR},
                                     {"cross-entropy", MEMQC_MLP_CROSS_ENTROPY},
                                     {NULL, 0}};
static const struct word activations[] = {{"logistic", MEMQC_MLP_LOGISTIC},
                                          {"tanh", MEMQC_MLP_TANH},
                                          {"relu", MEMQC_MLP_RELU},
                                          {NULL, 0}};
static const struct word schedules[] = {{"constant", MEMQC_MLP_SCHEDULE_CONSTANT},
                                        {"exponential", MEMQC_MLP_SCHEDULE_EXPONENTIAL},
                                        {"cosine", MEMQC_MLP_SCHEDULE_COSINE},
                                        {NULL, 0}};
static const struct word mappings[] = {{"single", MEMQC_CROSSBAR_MAPPING_SINGLE},
                                       {"differential", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
                                       {NULL, 0}};

/* WORD_BITS: words of a list, or-ed together, over repeated options too. */
enum kind { WORD, WORD_LIST, WORD_BITS, COUNT, COUNT_LIST, REAL, TEXT, HELP, VERSION };

struct option {
    const char *name, *argument;
    enum kind kind;
    size_t offset; /* of its field in struct options */
    const struct word *words;
    size_t min, max; /* of COUNT and COUNT_LIST */
    const char *help;
};

#define FIELD(name) offsetof(struct options, name)

static const struct option table[] = {
    {"figure", "LIST", WORD_BITS, FIELD(figures), figures, 0, 0,
     "figures to make: 2a, 2b, 2c, 2d, 3, 3c, 4, 5c, 5d or all; may be repeated"},
    {"hidden", "LIST", COUNT_LIST, FIELD(hidden), NULL, 1, 65536,
     "units of each hidden layer (16,16)"},
    {"states", "LIST", COUNT_LIST, FIELD(states), NULL, 2, 4096,
     "numbers of conductance states (5c: 4,16,32,64; 5d: 32)"},
    {"samples", "LIST", WORD_LIST, FIELD(samples), samples, 0, 0,
     "devices: ideal, A, B (2a, 2b, 5c: A; 2c: ideal,A; 5d: ideal,A,B; 3, 3c, 4: A,B)"},
    {"epochs", "N", COUNT, FIELD(epochs), NULL, 1, 100000, "epochs of training (10)"},
    {"lr", "RATE", REAL, FIELD(lr), NULL, 0, 0, "learning rate (10)"},
    {"schedule", "NAME", WORD, FIELD(schedule), schedules, 0, 0,
     "of the learning rate over the epochs: constant, exponential (to a tenth) or cosine (to 0) "
     "(constant)"},
    {"batch", "N", COUNT, FIELD(batch), NULL, 1, 65536, "samples in a minibatch (10)"},
    {"seeds", "N", COUNT, FIELD(seeds), NULL, 1, 10000,
     "runs of each cell of a table, with seeds 1 to N (5)"},
    {"law", "LAW", WORD, FIELD(law), laws, 0, 0,
     "device noise: printed, linear or measured (linear; 3, 3c and 4: measured)"},
    {"rule", "RULE", WORD, FIELD(rule), rules, 0, 0,
     "update rule: nearest level, or float for the baseline without a device (nearest)"},
    {"loss", "LOSS", WORD, FIELD(loss), losses, 0, 0,
     "squared-error or cross-entropy (squared-error)"},
    {"activation", "NAME", WORD, FIELD(activation), activations, 0, 0,
     "logistic, tanh or relu (logistic)"},
    {"input-bits", "N", COUNT, FIELD(input_bits), NULL, 0, 1,
     "1: inputs are 0 or 1; 0: full precision (1)"},
    {"mapping", "NAME", WORD, FIELD(mapping), mappings, 0, 0,
     "cells of a weight: single or differential (single)"},
    {"data", "DIR", TEXT, FIELD(data), NULL, 0, 0,
     "folder with the MNIST files (else $MEMQC_DATA, the cache, ...)"},
    {"out", "DIR", TEXT, FIELD(out), NULL, 0, 0, "write CSV files there; made if missing"},
    {"jobs", "N", COUNT, FIELD(jobs), NULL, 1, 1024,
     "runs at the same time (one for each processor)"},
    {"train", "N", COUNT, FIELD(train), NULL, 1, 1000000000,
     "use only the first N training samples"},
    {"test", "N", COUNT, FIELD(test), NULL, 1, 1000000000, "use only the first N test samples"},
    {"help", NULL, HELP, 0, NULL, 0, 0, "print this text"},
    {"version", NULL, VERSION, 0, NULL, 0, 0, "print the version"},
};
enum { OPTIONS = sizeof table / sizeof table[0] };

static void print_help(void) {
    printf("usage: paper --figure LIST [options]\n\n"
           "Makes the figures of Chen et al., Micromachines 2020, 11, 427: switching loops (2a), "
           "resistances over\n"
           "cycles (2b), scans of the RESET (2c), conductance staircases (2d, 3, 4), their "
           "histograms (3c), and the\n"
           "training of a network on memristor conductances (5c, 5d). Defaults are in "
           "parentheses; lists are\n"
           "separated by commas.\n\n");
    for (size_t i = 0; i < OPTIONS; i++) {
        int width = printf("  --%s %s", table[i].name, table[i].argument ? table[i].argument : "");
        printf("%*s%s\n", width < 22 ? 22 - width : 1, "", table[i].help);
    }
}

static void print_allowed(const struct option *option) {
    if (option->kind == COUNT || option->kind == COUNT_LIST) {
        fprintf(stderr, "%s from %zu to %zu",
                option->kind == COUNT ? "a whole number" : "whole numbers", option->min,
                option->max);
    } else if (option->kind == REAL) {
        fprintf(stderr, "a number above 0, at most 1e6");
    } else if (option->kind == TEXT) {
        fprintf(stderr, "the name of a folder");
    } else {
        for (const struct word *word = option->words; word->text; word++) {
            fprintf(stderr, "%s%s", word == option->words ? "" : ", ", word->text);
        }
    }
    if (option->kind == WORD_LIST || option->kind == COUNT_LIST || option->kind == WORD_BITS) {
        fprintf(stderr, "; %d at most, separated by commas", LIST_MAX);
    }
    fputc('\n', stderr);
}

static int parse_count(const char *text, size_t length, size_t min, size_t max, size_t *value) {
    size_t sum = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        sum = sum * 10 + (size_t)(text[i] - '0');
        if (sum > max) {
            return -1;
        }
    }
    *value = sum;
    return length == 0 || sum < min ? -1 : 0;
}

static int parse_word(const char *text, size_t length, const struct word *words, size_t *value) {
    for (; words->text; words++) {
        if (strlen(words->text) == length && memcmp(words->text, text, length) == 0) {
            *value = words->value;
            return 0;
        }
    }
    return -1;
}

static int parse_real(const char *text, double *value) {
    char *end = NULL;
    double number = strtod(text, &end);
    if (end == text || *end != '\0' || !(number > 0.0 && number <= 1e6)) {
        return -1;
    }
    *value = number;
    return 0;
}

/* A number of layers may come twice in a list (16,16); a state or a sample that does would only be
 * trained twice. */
static int append(struct list *list, size_t value, int repeats) {
    for (size_t i = 0; i < list->n && !repeats; i++) {
        if (list->value[i] == value) {
            return 0;
        }
    }
    if (list->n == LIST_MAX) {
        return -1;
    }
    list->value[list->n++] = value;
    return 0;
}

static int parse_list(const struct option *option, const char *text, void *field) {
    struct list list = {0};
    size_t bits = 0;
    for (;;) {
        size_t length = strcspn(text, ",");
        size_t value = 0;
        int bad = option->words ? parse_word(text, length, option->words, &value)
                                : parse_count(text, length, option->min, option->max, &value);
        if (bad || append(&list, value, option->offset == FIELD(hidden))) {
            return -1;
        }
        bits |= value;
        text += length;
        if (*text++ == '\0') {
            break;
        }
    }
    if (option->kind == WORD_BITS) {
        *(size_t *)field |= bits;
    } else {
        *(struct list *)field = list;
    }
    return 0;
}

static int parse_value(const struct option *option, const char *text, struct options *options) {
    void *field = (char *)options + option->offset;
    switch (option->kind) {
    case WORD:
        return parse_word(text, strlen(text), option->words, field);
    case COUNT:
        return parse_count(text, strlen(text), option->min, option->max, field);
    case REAL:
        return parse_real(text, field);
    case TEXT:
        *(const char **)field = text;
        return *text == '\0' ? -1 : 0;
    case WORD_LIST:
    case WORD_BITS:
    case COUNT_LIST:
        return parse_list(option, text, field);
    case HELP:
    case VERSION:
        break;
    }
    return -1;
}

static const struct option *find_option(const char *text) {
    if (strncmp(text, "--", 2) != 0) {
        return NULL;
    }
    size_t length = strcspn(text + 2, "=");
    for (size_t i = 0; i < OPTIONS; i++) {
        if (strlen(table[i].name) == length && memcmp(table[i].name, text + 2, length) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

/* One option: *used becomes the number of arguments it took. */
static enum parse_result parse_option(struct options *options, int left, char *argv[], int *used) {
    const struct option *option = find_option(argv[0]);
    if (!option) {
        fprintf(stderr, "paper: %s: no such option; paper --help lists them\n", argv[0]);
        return PARSE_BAD;
    }
    const char *value = strchr(argv[0], '=');
    *used = value || !option->argument ? 1 : 2;
    if (!option->argument) {
        if (value) {
            fprintf(stderr, "paper: --%s takes no value\n", option->name);
            return PARSE_BAD;
        }
        if (option->kind == HELP) {
            print_help();
        } else {
            printf("paper (libmemqc) %s\n", memqc_version_string());
        }
        return PARSE_DONE;
    }
    if (!value && left < 2) {
        fprintf(stderr, "paper: --%s needs a value: ", option->name);
        print_allowed(option);
        return PARSE_BAD;
    }
    value = value ? value + 1 : argv[1];
    if (parse_value(option, value, options)) {
        fprintf(stderr, "paper: --%s %s: allowed: ", option->name, *value ? value : "''");
        print_allowed(option);
        return PARSE_BAD;
    }
    return PARSE_RUN;
}

static void set_defaults(struct options *options) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *options = (struct options){
        .hidden = {.n = 2, .value = {16, 16}},
        .epochs = 10,
        .batch = 10,
        .seeds = 5,
        .jobs = processors > 0 ? (size_t)processors : 1,
        .lr = 10.0,
        .rule = MEMQC_MLP_RULE_CROSSBAR,
        .loss = MEMQC_MLP_SQUARED_ERROR,
        .activation = MEMQC_MLP_LOGISTIC,
        .mapping = MEMQC_CROSSBAR_MAPPING_SINGLE,
        .schedule = MEMQC_MLP_SCHEDULE_CONSTANT,
        .input_bits = 1,
    };
}

enum parse_result options_parse(struct options *options, int argc, char *argv[]) {
    set_defaults(options);
    for (int i = 1, used = 0; i < argc; i += used) {
        enum parse_result result = parse_option(options, argc - i, argv + i, &used);
        if (result != PARSE_RUN) {
            return result;
        }
    }
    if (!options->figures) {
        fprintf(stderr, "paper: --figure is needed: 2a, 2b, 2c, 2d, 3, 3c, 4, 5c, 5d or all; "
                        "paper --help tells the rest\n");
        return PARSE_BAD;
    }
    options->measured_law = options->law ? options->law : MEMQC_DEVICE_LAW_MEASURED;
    options->law = options->law ? options->law : MEMQC_DEVICE_LAW_LINEAR;
    return PARSE_RUN;
}
