/* SPDX-License-Identifier: BSD-3-Clause */
/* What the library says of its parameters, and what each of them does with every kind of value. */
#include "nouns.h"

#include <ctype.h>

static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789";

/* Are all characters of a text lower case, digits, or the one given? */
static int is_name(const char *text, char joint) {
    char allowed[64];
    snprintf(allowed, sizeof allowed, "%s%c", lower, joint);
    return text && *text && strspn(text, allowed) == strlen(text);
}

static void check_choices(const struct noun *noun, int32_t key) {
    const int32_t first = (int32_t)number_of(noun, key, MEMQC_KEY_MIN);
    const int32_t last = (int32_t)number_of(noun, key, MEMQC_KEY_MAX);
    for (int32_t value = first; value <= last; value++) {
        const char *name = noun->choice_name(key, value);
        int32_t found = 0;
        ck_assert_msg(is_name(name, '-'), "%s: choice %d of key %d has the name \"%s\"", noun->name,
                      (int)value, (int)key, name ? name : "NULL");
        OK(noun->choice(key, name, &found));
        ck_assert_int_eq(found, value);
    }
    int32_t found = 0;
    prime_error();
    ck_assert_ptr_null(noun->choice_name(key, first - 1));
    ck_assert_ptr_null(noun->choice_name(key, last + 1));
    REFUSES(noun->choice(key, "no such choice", &found));
    REFUSES_NULL(noun->choice(key, NULL, &found));
    REFUSES_NULL(noun->choice(key, noun->choice_name(key, first), NULL));
}

static void check_numbers(const struct noun *noun, int32_t key, const char *name) {
    const double kind = number_of(noun, key, MEMQC_KEY_KIND);
    const double min = number_of(noun, key, MEMQC_KEY_MIN);
    const double max = number_of(noun, key, MEMQC_KEY_MAX);
    const double initial = number_of(noun, key, MEMQC_KEY_INITIAL);
    const double by_layer = number_of(noun, key, MEMQC_KEY_BY_LAYER);
    const double settled = number_of(noun, key, MEMQC_KEY_SETTLED);
    ck_assert_msg(kind >= MEMQC_KIND_REAL && kind <= MEMQC_KIND_CHOICE, "%s: kind %g", name, kind);
    ck_assert_msg(min <= initial && initial <= max, "%s: %g in a new one, bounds %g .. %g", name,
                  initial, min, max);
    ck_assert_msg(by_layer == 0 || by_layer == 1, "%s: by layer %g", name, by_layer);
    ck_assert_msg(settled == 0 || settled == 1, "%s: settled %g", name, settled);
    if (kind != MEMQC_KIND_REAL)
        ck_assert_msg(rint(min) == min && rint(max) == max, "%s: bounds %g .. %g", name, min, max);
    if (kind == MEMQC_KIND_FLAG)
        ck_assert_msg(min == 0 && max == 1, "%s: bounds %g .. %g", name, min, max);
    if (kind == MEMQC_KIND_CHOICE) {
        check_choices(noun, key);
    } else {
        prime_error();
        ck_assert_ptr_null(noun->choice_name(key, (int32_t)fmax(min, -1e9)));
        ck_assert_str_ne(memqc_last_error(), "");
    }
}

START_TEST(keys_describe_themselves) {
    const struct noun *noun = nouns[_i];
    const size_t n = noun->keys();
    ck_assert_uint_gt(n, 20);
    for (size_t i = 0; i < n; i++) {
        const int32_t key = noun->key_at(i);
        int32_t found = 0;
        ck_assert_int_eq(key, noun->key_at(0) + (int32_t)i);
        const char *name = noun->key_text(key, MEMQC_KEY_NAME);
        ck_assert_msg(is_name(name, '_'), "%s: key %d has the name \"%s\"", noun->name, (int)key,
                      name ? name : "NULL");
        OK(noun->key(name, &found));
        ck_assert_msg(found == key, "%s: \"%s\" is key %d, not %d", noun->name, name, (int)found,
                      (int)key);
        const char *group_text = noun->key_text(key, MEMQC_KEY_GROUP);
        ck_assert_msg(group_text && *group_text, "%s: %s is in no group", noun->name, name);
        ck_assert_ptr_nonnull(noun->key_text(key, MEMQC_KEY_UNIT));
        const char *sentence = noun->key_text(key, MEMQC_KEY_TEXT);
        ck_assert_msg(sentence && strlen(sentence) > 8, "%s: %s has no sentence", noun->name, name);
        check_numbers(noun, key, name);
    }
    ck_assert_int_eq(noun->key_at(n), 0);
    ck_assert_int_eq(noun->key_at((size_t)-1), 0);
}
END_TEST

START_TEST(bad_questions_are_refused) {
    const struct noun *noun = nouns[_i];
    const int32_t key = noun->key_at(0), end = key + (int32_t)noun->keys();
    const int32_t bad[] = {0, -1, INT32_MIN, INT32_MAX, key - 1, end};
    static const char *const names[] = {"", " ", "no_such_parameter", "1"};
    double value = 0;
    int32_t found = 0;
    for (size_t i = 0; i < COUNT(bad); i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", (int)bad[i]);
        prime_error();
        ck_assert_ptr_null(noun->key_text(bad[i], MEMQC_KEY_NAME));
        ck_assert_ptr_null(strstr(memqc_last_error(), "\"@\""));
        ck_assert_ptr_null(noun->key_text(key, bad[i]));
        ck_assert_ptr_null(noun->choice_name(bad[i], 1));
        REFUSES(noun->key_value(bad[i], MEMQC_KEY_MIN, &value));
        REFUSES(noun->key_value(key, bad[i], &value));
        REFUSES(noun->choice(bad[i], "blind", &found));
    }
    for (size_t i = 0; i < COUNT(names); i++)
        FAILS(MEMQC_ERROR_ARGUMENT, names[i], noun->key(names[i], &found));
    REFUSES_NULL(noun->key(NULL, &found));
    REFUSES_NULL(noun->key(noun->key_text(key, MEMQC_KEY_NAME), NULL));
    REFUSES_NULL(noun->key_value(key, MEMQC_KEY_MIN, NULL));
}
END_TEST

/* --- setting --- */

/* Does the text hold this number, to the digits that it may print? */
static int holds(const char *text, double number) {
    for (const char *at = text; *at; at++) {
        if (at > text && (isalnum((unsigned char)at[-1]) || strchr("_.", at[-1])))
            continue;
        char *end;
        const double found = strtod(at, &end);
        if (end == at || isalpha((unsigned char)*end))
            continue;
        if (found == number || fabs(found - number) <= 1e-5 * fabs(number))
            return 1;
    }
    return 0;
}

/* A value that must not be taken: refused with a text of its own, and nothing is changed. The text
 * stays valid until the next call of this. */
static const char *check_refused(const struct form *form, int32_t key, double value) {
    static char text[1024];
    struct snapshot before;
    const struct access *access = form->access;
    const char *name = access->noun->key_text(key, MEMQC_KEY_NAME);
    take(access, &before);
    prime_error();
    const memqc_status status = access->set(key, value);
    snprintf(text, sizeof text, "%s", memqc_last_error());
    ck_assert_msg(status == MEMQC_ERROR_ARGUMENT || status == MEMQC_ERROR_STATE,
                  "%s: %s = %.17g gave %s", form->label, name, value, memqc_status_name(status));
    ck_assert_msg(*text && !strstr(text, "\"@\""), "%s: %s = %.17g set no error text", form->label,
                  name, value);
    check_unchanged(access, &before, name);
    return text;
}

/* The same, with the name of the parameter in the text. */
static const char *check_refused_by_name(const struct form *form, int32_t key, double value) {
    const char *name = form->access->noun->key_text(key, MEMQC_KEY_NAME);
    const char *text = check_refused(form, key, value);
    ck_assert_msg(strstr(text, name), "%s: %s = %.17g: the text does not name it: %s", form->label,
                  name, value, text);
    return text;
}

/* What is used takes the value that it has, and what is not refuses it. */
START_TEST(used_or_refused) {
    const struct form *form = &forms[_i];
    const struct access *access = form->access;
    size_t used = 0;
    take_form(form);
    for (size_t i = 0; i < access->noun->keys(); i++) {
        const int32_t key = access->noun->key_at(i);
        double value = NAN;
        OK(access->get(key, &value));
        if (!is_used(access, key)) {
            check_refused_by_name(form, key, value);
            continue;
        }
        used++;
        const memqc_status status = access->set(key, value);
        ck_assert_msg(status == MEMQC_OK, "%s: %s does not take its value %.17g: %s", form->label,
                      access->noun->key_text(key, MEMQC_KEY_NAME), value, memqc_last_error());
    }
    ck_assert_uint_gt(used, 8);
}
END_TEST

START_TEST(keys_keep_their_bounds) {
    const struct form *form = &forms[_i];
    const struct noun *noun = form->access->noun;
    take_form(form);
    for (size_t k = 0; k < noun->keys(); k++) {
        const int32_t key = noun->key_at(k);
        const double min = number_of(noun, key, MEMQC_KEY_MIN);
        const double max = number_of(noun, key, MEMQC_KEY_MAX);
        const double bad[] = {nextafter(min, -INFINITY),
                              min - 1,
                              min - fabs(min),
                              nextafter(max, INFINITY),
                              max + 1,
                              max + fabs(max),
                              -INFINITY,
                              INFINITY,
                              NAN};
        for (size_t i = 0; i < COUNT(bad); i++) {
            if (bad[i] >= min && bad[i] <= max)
                continue; /* a bound of zero, a far one, or none */
            const char *text = check_refused_by_name(form, key, bad[i]);
            const int named = number_of(noun, key, MEMQC_KEY_KIND) == MEMQC_KIND_CHOICE;
            if (is_used(form->access, key) && !named)
                ck_assert_msg(holds(text, min) && holds(text, max),
                              "key %d = %.17g: the text lacks the bounds %.17g .. %.17g: %s",
                              (int)key, bad[i], min, max, text);
        }
        if (number_of(noun, key, MEMQC_KEY_KIND) != MEMQC_KIND_REAL && min < max)
            check_refused_by_name(form, key, min + 0.5);
    }
}
END_TEST

/* A bound is taken, or refused because of another parameter: in words, and without a change. */
START_TEST(keys_take_their_bounds_or_say_why_not) {
    const struct form *form = &forms[_i];
    const struct access *access = form->access;
    for (size_t k = 0; k < access->noun->keys(); k++) {
        const int32_t key = access->noun->key_at(k);
        const double bounds[] = {number_of(access->noun, key, MEMQC_KEY_MIN),
                                 number_of(access->noun, key, MEMQC_KEY_MAX)};
        for (size_t i = 0; i < COUNT(bounds); i++) {
            double value = NAN;
            take_form(form);
            if (access->set(key, bounds[i]) == MEMQC_OK) {
                OK(access->get(key, &value));
                ck_assert_msg(fabs(value - bounds[i]) <= 1e-12 * fabs(bounds[i]),
                              "%s: key %d set to %.17g, read as %.17g", form->label, (int)key,
                              bounds[i], value);
            } else {
                check_refused(form, key, bounds[i]);
            }
        }
    }
}
END_TEST

START_TEST(unknown_keys) {
    const struct form *form = &forms[_i];
    const struct access *access = form->access;
    const int32_t first = access->noun->key_at(0);
    const int32_t bad[] = {0,         -1,        INT32_MIN,
                           INT32_MAX, first - 1, first + (int32_t)access->noun->keys()};
    struct snapshot before;
    double value = 0;
    int32_t flag = 0;
    take_form(form);
    take(access, &before);
    for (size_t i = 0; i < COUNT(bad); i++) {
        const double one = 1;
        REFUSES(access->set(bad[i], 1));
        REFUSES(access->get(bad[i], &value));
        REFUSES(access->uses(bad[i], &flag));
        REFUSES(access->set_many(1, &bad[i], &one));
    }
    REFUSES_NULL(access->get(first, NULL));
    REFUSES_NULL(access->uses(first, NULL));
    check_unchanged(access, &before, "an unknown key");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("keys");
    TCase *texts = group(suite, "texts"), *values = group(suite, "values");
    tcase_add_loop_test(texts, keys_describe_themselves, 0, (int)COUNT(nouns));
    tcase_add_loop_test(texts, bad_questions_are_refused, 0, (int)COUNT(nouns));
    tcase_add_loop_test(values, used_or_refused, 0, (int)COUNT(forms));
    tcase_add_loop_test(values, keys_keep_their_bounds, 0, (int)COUNT(forms));
    tcase_add_loop_test(values, keys_take_their_bounds_or_say_why_not, 0, (int)COUNT(forms));
    tcase_add_loop_test(values, unknown_keys, 0, (int)COUNT(forms));
    return run_suite(suite);
}
