/* SPDX-License-Identifier: BSD-3-Clause */
/* seeds FOLDER: saved objects of every kind into the corpora of FOLDER, from which the fuzzers begin
 * to alter files. To be run again where the format of files changes. */
#include "property/objects.h"

static const char *folder, *noun;
static int number;

static void sample(unsigned char *bytes, size_t size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/load_%s/seed-%02d", folder, noun, number++);
    FILE *file = fopen(path, "wb");
    ck_assert_msg(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "%s", path);
    free(bytes);
}

static void write_seeds(const char *of, void (*save_all)(void)) {
    noun = of;
    number = 0;
    save_all();
}

int main(int argc, char **argv) {
    if (argc != 2)
        return 2;
    folder = argv[1];
    write_seeds("device", make_devices);
    write_seeds("crossbar", make_arrays);
    write_seeds("mlp", make_networks);
    return 0;
}
