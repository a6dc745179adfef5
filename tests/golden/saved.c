/* SPDX-License-Identifier: BSD-3-Clause */
/* Saved objects that every later version must load: tests/golden/saved has a folder for each version
 * whose files differ, with the files and what the objects in them answer.
 *
 * usage: saved write FOLDER       saves the objects into the folder
 *        saved answers FILE ...   loads each file, and prints its format and what its object is and
 *                                 does: parameters, draws, reads, a step of training
 *        saved again FILE ...     loads each file, saves what it holds, and compares the bytes
 *
 * The objects are such that bytes and answers are the same on every machine: products have at most
 * 32 outputs. */
#include "saved.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- writing --- */

static const char *folder;

const char *saved_path(const char *name) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s.memqc", folder, name);
    return path;
}

static int write_all(const char *into) {
    folder = into;
    saved_write_devices();
    saved_write_arrays();
    saved_write_networks();
    return EXIT_SUCCESS;
}

/* --- answers --- */

void saved_floats(const char *name, size_t n, const float *x) {
    printf("  %s =", name);
    for (size_t i = 0; i < n; i++)
        printf(" %.9g", (double)x[i]);
    printf("\n");
}

void saved_doubles(const char *name, size_t n, const double *x) {
    printf("  %s =", name);
    for (size_t i = 0; i < n; i++)
        printf(" %.17g", x[i]);
    printf("\n");
}

void saved_ints(const char *name, size_t n, const int32_t *x) {
    printf("  %s =", name);
    for (size_t i = 0; i < n; i++)
        printf(" %" PRId32, x[i]);
    printf("\n");
}

void saved_hash(const char *name, size_t n, const float *x) {
    struct digest d = digest_begin();
    digest_floats(&d, n, x);
    printf("  %s =", name);
    for (size_t i = 0; i < n && i < 4; i++)
        printf(" %.9g", (double)x[i]);
    printf(" ... %016" PRIx64 "\n", d.hash);
}

void saved_parameter(const struct saved_noun *noun, int32_t key, double value) {
    double initial, kind;
    TRY(noun->value(key, MEMQC_KEY_INITIAL, &initial));
    TRY(noun->value(key, MEMQC_KEY_KIND, &kind));
    if (value == initial)
        return;
    printf("  %s = ", noun->text(key, MEMQC_KEY_NAME));
    if (kind == MEMQC_KIND_CHOICE)
        printf("%s\n", noun->choice(key, (int32_t)value));
    else
        printf("%.17g\n", value);
}

/* --- files --- */

/* A file, whole. */
struct bytes {
    unsigned char *data;
    size_t size;
};

static void *memory(size_t size) {
    void *data = malloc(size);
    if (!data)
        abort();
    return data;
}

static struct bytes read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    struct bytes bytes = {memory(1 << 20), 0};
    if (file) {
        bytes.size = fread(bytes.data, 1, 1 << 20, file);
        fclose(file);
    }
    if (bytes.size < 24) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(EXIT_FAILURE);
    }
    return bytes;
}

/* A number of the head, whose lowest byte comes first. */
static unsigned number_at(const struct bytes *bytes, size_t at) {
    const unsigned char *byte = bytes->data + at;
    return byte[0] | (unsigned)byte[1] << 8 | (unsigned)byte[2] << 16 | (unsigned)byte[3] << 24;
}

/* What a file holds; all but one are NULL. */
struct object {
    memqc_device *device;
    memqc_crossbar *xb;
    memqc_mlp *mlp;
};

enum { HEAD_VERSION = 8, HEAD_KIND = 12, KIND_MLP = 1, KIND_CROSSBAR = 2, KIND_DEVICE = 3 };

static struct object load(const char *path, const struct bytes *bytes) {
    struct object object = {NULL, NULL, NULL};
    const unsigned kind = number_at(bytes, HEAD_KIND);
    memqc_status status;
    if (kind == KIND_DEVICE)
        status = memqc_device_load(path, &object.device);
    else if (kind == KIND_CROSSBAR)
        status = memqc_crossbar_load(path, &object.xb);
    else
        status = memqc_mlp_load(path, &object.mlp);
    digest_check(status, path);
    return object;
}

static void destroy(struct object *object) {
    memqc_device_destroy(&object->device);
    memqc_crossbar_destroy(&object->xb);
    memqc_mlp_destroy(&object->mlp);
}

static void answer(const char *path) {
    static const char *const kinds[] = {"none", "network", "array", "device"};
    const char *slash = strrchr(path, '/');
    struct bytes bytes = read_file(path);
    struct object object = load(path, &bytes);
    printf("%s: %s, format %u, %zu bytes\n", slash ? slash + 1 : path,
           kinds[number_at(&bytes, HEAD_KIND) & 3], number_at(&bytes, HEAD_VERSION), bytes.size);
    if (object.device)
        saved_answer_device(object.device);
    if (object.xb)
        saved_answer_array(object.xb);
    if (object.mlp)
        saved_answer_network(object.mlp);
    printf("\n");
    destroy(&object);
    free(bytes.data);
}

static void save(const struct object *object, struct bytes *to) {
    if (object->device)
        TRY(memqc_device_save_memory(object->device, to->data, to->size, &to->size));
    else if (object->xb)
        TRY(memqc_crossbar_save_memory(object->xb, to->data, to->size, &to->size));
    else
        TRY(memqc_mlp_save_memory(object->mlp, to->data, to->size, &to->size));
}

static int again(const char *path) {
    struct bytes bytes = read_file(path), other = {memory(1 << 20), 1 << 20};
    struct object object = load(path, &bytes);
    save(&object, &other);
    const int equal = bytes.size == other.size && memcmp(bytes.data, other.data, bytes.size) == 0;
    if (!equal)
        printf("%s: what it holds is saved with other bytes\n", path);
    destroy(&object);
    free(bytes.data);
    free(other.data);
    return equal;
}

int main(int argc, char **argv) {
    int good = 1;
    if (argc == 3 && strcmp(argv[1], "write") == 0)
        return write_all(argv[2]);
    if (argc < 3 || (strcmp(argv[1], "answers") != 0 && strcmp(argv[1], "again") != 0)) {
        fprintf(stderr, "usage: %s write FOLDER | answers FILE ... | again FILE ...\n", argv[0]);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[1], "again") == 0)
            good &= again(argv[i]);
        else
            answer(argv[i]);
    }
    return good && fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
}
