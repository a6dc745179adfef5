/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists every parameter with its group, unit, range, choices and a sentence, all of which the
 * library tells by itself. With --markdown: docs/parameters.md.
 * cc parameters.c $(pkg-config --cflags --libs memqc) */
#include <memqc/memqc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The functions by which the parameters of one kind of object are read. */
struct noun {
    const char *name, *title, *set;
    size_t (*keys)(void);
    int32_t (*key_at)(size_t index);
    const char *(*text)(int32_t key, int32_t what);
    memqc_status (*value)(int32_t key, int32_t what, double *value);
    const char *(*choice_name)(int32_t key, int32_t value);
};

#define NOUN(noun, title)                                                                 \
    {                                                                                     \
#noun, title, "memqc_" #noun "_set", memqc_##noun##_keys, memqc_##noun##_key_at,  \
            memqc_##noun##_key_text, memqc_##noun##_key_value, memqc_##noun##_choice_name \
    }

static const struct noun nouns[] = {
    NOUN(device, "Devices"),
    NOUN(crossbar, "Crossbars"),
    NOUN(mlp, "Networks"),
};
enum { NOUNS = sizeof nouns / sizeof *nouns };

static const char *text(const struct noun *noun, int32_t key, int32_t what) {
    const char *found = noun->text(key, what);
    if (!found) {
        fprintf(stderr, "parameters: %s\n", memqc_last_error());
        exit(EXIT_FAILURE);
    }
    return found;
}

static double number(const struct noun *noun, int32_t key, int32_t what) {
    double found = 0;
    if (noun->value(key, what, &found) != MEMQC_OK) {
        fprintf(stderr, "parameters: %s\n", memqc_last_error());
        exit(EXIT_FAILURE);
    }
    return found;
}

/* A value as people write it: a number, or the name of a choice. */
static void print_value(const struct noun *noun, int32_t key, double value) {
    if (number(noun, key, MEMQC_KEY_KIND) == MEMQC_KIND_CHOICE)
        printf("%s", noun->choice_name(key, (int32_t)value));
    else
        printf("%.10g", value);
}

static void print_range(const struct noun *noun, int32_t key) {
    const double min = number(noun, key, MEMQC_KEY_MIN), max = number(noun, key, MEMQC_KEY_MAX);
    const double kind = number(noun, key, MEMQC_KEY_KIND);
    if (kind == MEMQC_KIND_CHOICE) {
        for (double value = min; value <= max; value++)
            printf("%s%s", value > min ? ", " : "", noun->choice_name(key, (int32_t)value));
    } else if (kind == MEMQC_KIND_FLAG) {
        printf("0 or 1");
    } else {
        printf("%.10g .. %.10g%s", min, max, kind == MEMQC_KIND_WHOLE ? ", whole" : "");
    }
}

/* What else there is to know, after the sentence. */
static void print_notes(const struct noun *noun, int32_t key) {
    if (number(noun, key, MEMQC_KEY_BY_LAYER) != 0)
        printf(" Layers may differ in it.");
    if (number(noun, key, MEMQC_KEY_SETTLED) != 0)
        printf(" Settled by creation or the first programming.");
}

static void print_plain(const struct noun *noun, int32_t key) {
    const char *unit = text(noun, key, MEMQC_KEY_UNIT);
    printf("%s (", text(noun, key, MEMQC_KEY_NAME));
    print_range(noun, key);
    printf("%s%s; ", *unit ? " " : "", unit);
    print_value(noun, key, number(noun, key, MEMQC_KEY_INITIAL));
    printf(")\n    %s", text(noun, key, MEMQC_KEY_TEXT));
    print_notes(noun, key);
    printf("\n");
}

static void print_row(const struct noun *noun, int32_t key) {
    const char *unit = text(noun, key, MEMQC_KEY_UNIT);
    printf("| `%s` |%s%s | ", text(noun, key, MEMQC_KEY_NAME), *unit ? " " : "", unit);
    print_range(noun, key);
    printf(" | ");
    print_value(noun, key, number(noun, key, MEMQC_KEY_INITIAL));
    printf(" | %s", text(noun, key, MEMQC_KEY_TEXT));
    print_notes(noun, key);
    printf(" |\n");
}

/* Is a key the first of its group? */
static int begins_group(const struct noun *noun, size_t index) {
    const char *group = text(noun, noun->key_at(index), MEMQC_KEY_GROUP);
    for (size_t i = 0; i < index; i++)
        if (strcmp(text(noun, noun->key_at(i), MEMQC_KEY_GROUP), group) == 0)
            return 0;
    return 1;
}

static void print_group(const struct noun *noun, const char *group, int markdown) {
    if (markdown)
        printf("\n### %s\n\n| parameter | unit | range | default | what it does |\n"
               "|---|---|---|---|---|\n",
               group);
    else
        printf("\n--- %s: %s ---\n", noun->name, group);
    for (size_t i = 0; i < noun->keys(); i++) {
        const int32_t key = noun->key_at(i);
        if (strcmp(text(noun, key, MEMQC_KEY_GROUP), group) != 0)
            continue;
        if (markdown)
            print_row(noun, key);
        else
            print_plain(noun, key);
    }
}

static void print_noun(const struct noun *noun, int markdown) {
    if (markdown)
        printf("\n## %s\n\nSet by `%s`.\n", noun->title, noun->set);
    for (size_t i = 0; i < noun->keys(); i++)
        if (begins_group(noun, i))
            print_group(noun, text(noun, noun->key_at(i), MEMQC_KEY_GROUP), markdown);
}

/* The status, or 1 if any of the output was lost, as on a full disk. */
static int end(int status) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "parameters: standard output cannot be written\n");
    return EXIT_FAILURE;
}

static int usage(int status) {
    printf("usage: parameters [--markdown] [device|crossbar|mlp]\n\n"
           "Lists every parameter: range, default, and a sentence on what it does.\n"
           "--markdown makes docs/parameters.md.\n");
    return end(status);
}

int main(int argc, char *argv[]) {
    const char *only = NULL;
    int markdown = 0, found = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return usage(EXIT_SUCCESS);
        if (strcmp(argv[i], "--markdown") == 0)
            markdown = 1;
        else
            only = argv[i];
    }
    if (markdown && !only)
        printf("# Parameters\n\nMade by `parameters --markdown` from what the library says of "
               "itself. A choice is set by its constant:\n`memqc_<noun>_choice()` finds it by its "
               "name.\n");
    for (size_t i = 0; i < NOUNS; i++) {
        if (only && strcmp(only, nouns[i].name) != 0)
            continue;
        found = 1;
        print_noun(&nouns[i], markdown);
    }
    return found ? end(EXIT_SUCCESS) : usage(EXIT_FAILURE);
}
