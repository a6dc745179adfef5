/* SPDX-License-Identifier: BSD-3-Clause */
/* Whose error text it is: of the last failure in a thread. And copies, which keep nothing in common. */
#define _POSIX_C_SOURCE 200809L /* barriers */
#include "public.h"

#include <pthread.h>

/* A copy and its origin go separate ways. */
START_TEST(copies_are_independent) {
    memqc_device *copy = NULL;
    double value = 0;
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 16));
    OK(memqc_device_copy(device, &copy));
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 8));
    OK(memqc_device_get(copy, MEMQC_DEVICE_STATES, &value));
    ck_assert(value == 16);
    memqc_device_destroy(&device);
    OK(memqc_device_ramp(copy, f));
    memqc_device_destroy(&copy);
}
END_TEST

START_TEST(success_keeps_the_text) {
    char text[512];
    double value = 0;
    REFUSES(memqc_device_set(device, MEMQC_DEVICE_STATES, 1));
    snprintf(text, sizeof text, "%s", memqc_last_error());
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 4));
    OK(memqc_device_get(device, MEMQC_DEVICE_STATES, &value));
    ck_assert_str_eq(memqc_last_error(), text);
}
END_TEST

struct speaker {
    const char *name; /* what it asks for, and expects to find in its text */
    pthread_barrier_t *barrier;
    char first[512], own[512];
};

/* Reads the text that a new thread starts with, fails once both run, and reads its own text once
 * both have failed. */
static void *speak(void *argument) {
    struct speaker *me = argument;
    int32_t key;
    snprintf(me->first, sizeof me->first, "%s", memqc_last_error());
    pthread_barrier_wait(me->barrier);
    memqc_device_key(me->name, &key);
    pthread_barrier_wait(me->barrier);
    snprintf(me->own, sizeof me->own, "%s", memqc_last_error());
    return NULL;
}

START_TEST(text_belongs_to_the_thread) {
    pthread_barrier_t barrier;
    pthread_t thread[2];
    struct speaker speakers[2] = {{.name = "thread_one", .barrier = &barrier},
                                  {.name = "thread_two", .barrier = &barrier}};
    REFUSES(memqc_device_set(device, MEMQC_DEVICE_STATES, 1));
    ck_assert_int_eq(pthread_barrier_init(&barrier, NULL, 2), 0);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, speak, &speakers[i]), 0);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
    pthread_barrier_destroy(&barrier);
    for (int i = 0; i < 2; i++) {
        ck_assert_str_eq(speakers[i].first, "");
        ck_assert_ptr_nonnull(strstr(speakers[i].own, speakers[i].name));
        ck_assert_ptr_null(strstr(memqc_last_error(), speakers[i].name));
    }
    ck_assert_ptr_nonnull(strstr(memqc_last_error(), "states"));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("error_text");
    TCase *text = group(suite, "error text");
    tcase_add_test(text, copies_are_independent);
    tcase_add_test(text, success_keeps_the_text);
    tcase_add_test(text, text_belongs_to_the_thread);
    return run_suite(suite);
}
