/* SPDX-License-Identifier: BSD-3-Clause */
#include "calls.h"

static int is_status(memqc_status status) {
    return status <= MEMQC_OK && status >= MEMQC_ERROR_FORMAT;
}

void add_bytes(struct bytes *bytes, const void *data, size_t size) {
    bytes->data = realloc(bytes->data, bytes->size + size + 1);
    MUST(bytes->data, "no memory: %zu bytes", size);
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

int32_t stop_after(void *user, const double *at, size_t n) {
    struct stop *stop = user;
    MUST(n > MEMQC_PROGRESS_ACCURACY && at[MEMQC_PROGRESS_DONE] <= at[MEMQC_PROGRESS_TOTAL],
         "progress %g of %g", at[MEMQC_PROGRESS_DONE], at[MEMQC_PROGRESS_TOTAL]);
    return stop->after-- <= 0;
}

/* What one of the two objects makes of a call. */
struct outcome {
    memqc_status status;
    uint64_t seen;
    struct bytes bytes;
};

static struct outcome make_call(const struct subject *subject, const struct call *call,
                                struct fuzz *f, void *object, int on_null) {
    struct outcome outcome;
    int32_t key;
    f->real = object;
    f->object = on_null ? NULL : object;
    f->seen = UINT64_C(14695981039346656037);
    MUST(memqc_device_key("@", &key) == MEMQC_ERROR_ARGUMENT, "a text that no other call leaves");
    outcome.status = call->make(f);
    outcome.seen = f->seen;
    MUST(is_status(outcome.status), "%s: %d", call->name, (int)outcome.status);
    if (outcome.status != MEMQC_OK)
        MUST(*memqc_last_error() && !strstr(memqc_last_error(), "\"@\""), "%s: no error text",
             call->name);
    drop_rooms(f);
    outcome.bytes = subject->snapshot(object);
    return outcome;
}

static int equal(const struct bytes *a, const struct bytes *b) {
    return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

/* Where two snapshots differ first. */
static size_t differ_at(const struct bytes *a, const struct bytes *b) {
    size_t i = 0;
    while (i < a->size && i < b->size && a->data[i] == b->data[i])
        i++;
    return i;
}

static void compare(const struct call *call, const struct bytes *before, const struct outcome *a,
                    const struct outcome *b) {
    const memqc_status status = a->status;
    MUST(status == b->status, "%s: %s, but of the twin %s", call->name, memqc_status_name(status),
         memqc_status_name(b->status));
    MUST(equal(&a->bytes, &b->bytes), "%s (%s): the twin differs at byte %zu", call->name,
         memqc_status_name(status), differ_at(&a->bytes, &b->bytes));
    if (status == MEMQC_OK)
        MUST(a->seen == b->seen, "%s: the twin gives other results", call->name);
    else if (status != MEMQC_STOPPED)
        MUST(equal(before, &a->bytes), "%s failed (%s), but changed byte %zu: %s", call->name,
             memqc_status_name(status), differ_at(before, &a->bytes), memqc_last_error());
}

static size_t count_calls(const struct subject *subject) {
    size_t n = 0;
    for (size_t i = 0; i < MOST_GROUPS && subject->group[i]; i++)
        n += subject->group[i]->n;
    return n;
}

static const struct call *call_at(const struct subject *subject, size_t index) {
    size_t i = 0;
    for (; index >= subject->group[i]->n; i++)
        index -= subject->group[i]->n;
    return &subject->group[i]->calls[index];
}

/* One call. Returns the twin for the next one. */
static void *step(const struct subject *subject, void *object, void *twin, struct bytes *before,
                  struct fuzz *f) {
    const size_t n = count_calls(subject), which = take_below(f, n + 1);
    const int on_null = which == n;
    const struct call *call = call_at(subject, on_null ? take_below(f, n) : which);
    struct fuzz again = *f;
    struct outcome a = make_call(subject, call, f, object, on_null);
    if (getenv("MEMQC_FUZZ_CALLS"))
        fprintf(stderr, "%s%s: %s%s%s\n", call->name, on_null ? " of NULL" : "",
                memqc_status_name(a.status), a.status ? ": " : "",
                a.status ? memqc_last_error() : "");
    struct outcome b = make_call(subject, call, &again, twin, on_null);
    compare(call, before, &a, &b);
    free(before->data);
    free(b.bytes.data);
    *before = a.bytes;
    void *next = take_byte(f) % 4 ? subject->reload(twin) : subject->copy(twin);
    subject->destroy(twin);
    return next;
}

void run_calls(const struct subject *subject, void *object, struct fuzz *f, int most) {
    if (subject->is_large(object)) {
        subject->destroy(object);
        return;
    }
    void *twin = subject->reload(object);
    struct bytes before = subject->snapshot(object), of_twin = subject->snapshot(twin);
    MUST(equal(&before, &of_twin), "what was loaded differs at byte %zu",
         differ_at(&before, &of_twin));
    free(of_twin.data);
    for (int i = 0; i < most && f->at < f->end && !subject->is_large(object); i++)
        twin = step(subject, object, twin, &before, f);
    free(before.data);
    subject->destroy(twin);
    subject->destroy(object);
}

struct fuzz calls_by(const uint8_t *data, size_t size, uint8_t *room, size_t n) {
    uint64_t state = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < size; i++)
        state = (state ^ data[i]) * UINT64_C(1099511628211);
    for (size_t i = 0; i < n; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        room[i] = (uint8_t)(state >> 33);
    }
    return (struct fuzz){.at = room, .end = room + n};
}
