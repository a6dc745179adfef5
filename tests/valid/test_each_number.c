/* SPDX-License-Identifier: BSD-3-Clause */
/* Each record of a saved device and array gets one number too few, and each of its first and last
 * numbers becomes others, under a good checksum: the file is refused, or what it makes has no flaw
 * and can be saved and loaded again. Nothing is left to chance, as it is in test_hostile.c. */
#include "../property/objects.h"
#include "altered.h"

#include "crossbar/valid.h"
#include "device/valid.h"

enum { FROM_EACH_END = 4 };

static const double reals[] = {NAN, INFINITY, -1, 0, 0.5, 1e4, 3e38};
static const uint64_t wholes[] = {0, 1, 2, 4097, UINT32_MAX, UINT64_MAX};

static struct { size_t refused, taken; } count;

/* Asked with each file that is made. */
static void (*try_load)(const unsigned char *bytes, size_t size, const char *tag);

#define TRY_LOAD(noun)                                                                       \
    static void load_##noun(const unsigned char *bytes, size_t size, const char *tag) {      \
        memqc_##noun *made = NULL;                                                           \
        const memqc_status status = memqc_##noun##_load_memory(bytes, size, &made);          \
        ck_assert_msg(status == MEMQC_OK || status == MEMQC_ERROR_FORMAT, "%s: %s: %s", tag, \
                      memqc_status_name(status), memqc_last_error());                        \
        count.refused += status != MEMQC_OK;                                                 \
        count.taken += status == MEMQC_OK;                                                   \
        if (status == MEMQC_OK) {                                                            \
            const char *const flaw = mqc_##noun##_flaw(made);                                \
            ck_assert_msg(flaw == NULL, "%s is taken: %s", tag, flaw);                       \
            CAN_BE_LOADED(noun, made);                                                       \
        }                                                                                    \
        memqc_##noun##_destroy(&made);                                                       \
    }

TRY_LOAD(device)
TRY_LOAD(crossbar)

static void finish(struct mqc_writer *writer, const char *tag) {
    try_load(writer->data, writer->size, tag);
    mqc_write_free(writer);
}

/* Parameters, errors of them, and counters: those of an older library are fewer. A table of jumps with
 * one node is as good with one quantile less. */
static int may_be_shorter(const char *tag) {
    static const char *const tags[] = {"devp", "fits", "xpar", "xcnt", "devd"};
    for (size_t i = 0; i < COUNT(tags); i++)
        if (strcmp(tag, tags[i]) == 0)
            return 1;
    return 0;
}

static void without_last(const struct archive *a, size_t chosen) {
    struct mqc_writer writer;
    mqc_write_start(&writer, (enum mqc_kind)a->kind, a->version);
    for (size_t i = 0; i < a->n; i++)
        mqc_write(&writer, a->record[i].tag, a->record[i].type, a->record[i].count - (i == chosen),
                  a->record[i].values);
    OK(mqc_write_finish(&writer));
    const size_t before = count.taken;
    finish(&writer, a->record[chosen].tag);
    ck_assert_msg(count.taken == before || may_be_shorter(a->record[chosen].tag),
                  "%s: one number too few is taken", a->record[chosen].tag);
}

/* The k-th other number for one of a type. */
static int other_number(enum mqc_type type, size_t k, void *number) {
    const float single = k < COUNT(reals) ? (float)reals[k] : 0;
    const uint32_t word = k < COUNT(wholes) ? (uint32_t)wholes[k] : 0;
    const int real = type == MQC_F32 || type == MQC_F64;
    if (k >= (real ? COUNT(reals) : COUNT(wholes)))
        return 0;
    if (type == MQC_F32)
        memcpy(number, &single, sizeof single);
    else if (type == MQC_U32)
        memcpy(number, &word, sizeof word);
    else
        memcpy(number, real ? (const void *)&reals[k] : (const void *)&wholes[k], 8);
    return 1;
}

/* Attacks a saved object, whose bytes are freed. */
static void sample(unsigned char *bytes, size_t size) {
    static struct archive a;
    take_apart(&a, bytes, size);
    for (size_t i = 0; i < a.n; i++) {
        const struct record *const record = &a.record[i];
        struct place place = {record->tag, 0, 0};
        for (size_t j = 0; j < i; j++)
            place.k += strcmp(a.record[j].tag, record->tag) == 0;
        if (record->count > 0)
            without_last(&a, i);
        for (place.at = 0; place.at < record->count; place.at++) {
            unsigned char number[8];
            if (place.at >= FROM_EACH_END && place.at + FROM_EACH_END < record->count)
                continue;
            for (size_t k = 0; other_number(record->type, k, number); k++) {
                struct mqc_writer writer;
                write_altered(&a, &place, number, &writer);
                finish(&writer, record->tag);
            }
        }
    }
    free(bytes);
}

START_TEST(devices) {
    static const int32_t fits[] = {MEMQC_DEVICE_QUANTIZED, MEMQC_DEVICE_FIT_QUANTIZED_LEVELS,
                                   MEMQC_DEVICE_LINEAR};
    try_load = load_device;
    sample_device(table_device());
    sample_device(levels_device(0));
    sample_device(levels_device(2));
    sample_device(jumps_device());
    for (size_t i = 0; i < COUNT(fits); i++)
        sample_device(fitted_device(fits[i]));
    ck_assert(count.refused > 1000 && count.taken > 100);
}
END_TEST

/* With the pulses that its tables were fitted to. */
START_TEST(a_device_of_fitted_jumps) {
    enum { PAIRS = 300 };
    static int32_t pulse[PAIRS], direction[PAIRS];
    static float g[PAIRS];
    const int32_t *columns[] = {NULL, NULL, pulse, direction, NULL};
    memqc_device *device;
    setup();
    try_load = load_device;
    for (int i = 0; i < PAIRS; i++) {
        pulse[i] = i + 1;
        direction[i] = i < PAIRS / 2 ? 1 : -1;
        g[i] = (float)((20 + 0.3 * (i < PAIRS / 2 ? i : PAIRS - i) + uniform(0, 0.1)) * 1e-6);
    }
    OK(memqc_device_fit(MEMQC_DEVICE_JUMPS, PAIRS, COUNT(columns), columns, g, NULL, NULL,
                        &device));
    sample_device(device);
    ck_assert(count.refused > 100 && count.taken > 10);
}
END_TEST

START_TEST(arrays) {
    unsigned char *bytes;
    size_t size;
    try_load = load_crossbar;
    memqc_crossbar *xb = make_array(&array_kinds[_i]);
    SAVE(crossbar, xb, bytes, size);
    sample(bytes, size);
    ck_assert(count.refused > 100 && count.taken > 100);
    memqc_crossbar_destroy(&xb);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("each number");
    TCase *group = add_group(suite, "files", NULL);
    tcase_add_test(group, devices);
    tcase_add_test(group, a_device_of_fitted_jumps);
    tcase_add_loop_test(group, arrays, 0, COUNT(array_kinds));
    return run_suite(suite);
}
