/* SPDX-License-Identifier: BSD-3-Clause */
/* What snapshots of devices, arrays and networks are made with. */
#ifndef MEMQC_FUZZ_SUBJECTS_H
#define MEMQC_FUZZ_SUBJECTS_H

#include "calls.h"

/* The saved bytes of an object. */
#define SAVED(noun, object, bytes)                                                              \
    do {                                                                                        \
        MUST(memqc_##noun##_save_memory((object), NULL, 0, &(bytes).size) == MEMQC_OK,          \
             "not saved");                                                                      \
        (bytes).data = malloc((bytes).size);                                                    \
        MUST((bytes).data, "no memory");                                                        \
        MUST(memqc_##noun##_save_memory((object), (bytes).data, (bytes).size, &(bytes).size) == \
                 MEMQC_OK,                                                                      \
             "saved before, but not now");                                                      \
    } while (0)

/* What an accessor says, whatever it is. */
#define ADD(bytes, call, value)                               \
    do {                                                      \
        const memqc_status add_status_ = (call);              \
        add_bytes((bytes), &add_status_, sizeof add_status_); \
        add_bytes((bytes), &(value), sizeof(value));          \
    } while (0)

/* Of objects whose model is a function of ours, and which cannot be saved. */
void dump_custom(const memqc_device *device, struct bytes *bytes);

#endif
