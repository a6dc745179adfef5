/* SPDX-License-Identifier: BSD-3-Clause */
/* Where threads get little stack, as under musl, the threads of a study have enough nevertheless. */
#define _GNU_SOURCE
#include "../unit/instances.h"

#include <pthread.h>

enum { INSTANCES = 4, LITTLE = 128 << 10 };

static void give_little(void) {
#ifdef __GLIBC__
    pthread_attr_t attributes;
    ck_assert_int_eq(pthread_attr_init(&attributes), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&attributes, LITTLE), 0);
    ck_assert_int_eq(pthread_setattr_default_np(&attributes), 0);
    ck_assert_int_eq(pthread_attr_destroy(&attributes), 0);
#endif
}

START_TEST(threads_of_a_study_have_room) {
    static const char *const presets[] = {"hfox-b", "soft-bounds", "rpu"};
    double expected[INSTANCES], accuracies[INSTANCES];
    make_task();
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    give_little();
    for (size_t i = 0; i < COUNT(presets); i++) {
        memqc_device *device = make_device(presets[i], bad, COUNT(bad));
        run(mlp, device, 1e3, INSTANCES, 1, expected);
        run(mlp, device, 1e3, INSTANCES, 2, accuracies);
        ck_assert(memcmp(expected, accuracies, sizeof accuracies) == 0);
        memqc_device_destroy(&device);
    }
    memqc_mlp_destroy(&mlp);
}
END_TEST

RUN_TESTS("small stacks", threads_of_a_study_have_room)
