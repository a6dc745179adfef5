/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers that count something are whole, whoever gives them: a caller or a file. Nor is what else a file
 * says believed that no call can have made. */
#include "../unit/mlp.h"
#include "altered.h"

/* The functions of a noun that describe its parameters, set and load. */
struct noun {
    size_t (*keys)(void);
    int32_t (*key_at)(size_t index);
    memqc_status (*key_value)(int32_t key, int32_t what, double *value);
};
static const struct noun devices = {memqc_device_keys, memqc_device_key_at, memqc_device_key_value};
static const struct noun arrays = {memqc_crossbar_keys, memqc_crossbar_key_at,
                                   memqc_crossbar_key_value};
static const struct noun networks = {memqc_mlp_keys, memqc_mlp_key_at, memqc_mlp_key_value};

static int counts(const struct noun *noun, int32_t key) {
    double kind;
    OK(noun->key_value(key, MEMQC_KEY_KIND, &kind));
    return kind != MEMQC_KIND_REAL;
}

/* A number between two whole ones, within the range of the parameter. */
static double between(const struct noun *noun, int32_t key, double value) {
    double least, most;
    OK(noun->key_value(key, MEMQC_KEY_MIN, &least));
    OK(noun->key_value(key, MEMQC_KEY_MAX, &most));
    ck_assert_double_gt(most, least);
    return value + 0.5 < most ? value + 0.5 : value - 0.5;
}

typedef memqc_status (*loader)(const unsigned char *data, size_t size);

static memqc_status load_device(const unsigned char *data, size_t size) {
    memqc_device *device;
    const memqc_status status = memqc_device_load_memory(data, size, &device);
    memqc_device_destroy(&device);
    return status;
}

static memqc_status load_array(const unsigned char *data, size_t size) {
    memqc_crossbar *array;
    const memqc_status status = memqc_crossbar_load_memory(data, size, &array);
    memqc_crossbar_destroy(&array);
    return status;
}

static memqc_status load_network(const unsigned char *data, size_t size) {
    memqc_mlp *network;
    const memqc_status status = memqc_mlp_load_memory(data, size, &network);
    memqc_mlp_destroy(&network);
    return status;
}

/* Every number that counts, in every record of a tag, is refused where a half is added. */
static size_t refuses_halves(const struct archive *archive, const char *tag,
                             const struct noun *noun, loader load) {
    size_t tried = 0;
    struct place place = {tag, 0, 0};
    for (; record_of(archive, &place); place.k++)
        for (place.at = 0; place.at < noun->keys(); place.at++) {
            const int32_t key = noun->key_at(place.at);
            if (!counts(noun, key))
                continue;
            struct mqc_writer writer;
            const double half = between(noun, key, number_at(archive, &place));
            write_altered(archive, &place, &half, &writer);
            FAILS(MEMQC_ERROR_FORMAT, NULL, load(writer.data, writer.size));
            mqc_write_free(&writer);
            tried++;
        }
    return tried;
}

START_TEST(a_device_refuses_halves) {
    for (int32_t model = MEMQC_DEVICE_QUANTIZED; model <= MEMQC_DEVICE_JUMPS; model++) {
        memqc_device *device;
        struct archive archive;
        if (model == MEMQC_DEVICE_CUSTOM)
            continue;
        OK(memqc_device_create(model, &device));
        FAILS(MEMQC_ERROR_ARGUMENT, "whole number",
              memqc_device_set(device, MEMQC_DEVICE_STATES, 32.5));
        FAILS(MEMQC_ERROR_ARGUMENT, "whole number",
              memqc_device_set(device, MEMQC_DEVICE_STATES, 32.4));
        for (size_t i = 0; i < memqc_device_keys(); i++) {
            const int32_t key = memqc_device_key_at(i);
            double value;
            OK(memqc_device_get(device, key, &value));
            if (counts(&devices, key))
                FAILS(MEMQC_ERROR_ARGUMENT, NULL,
                      memqc_device_set(device, key, between(&devices, key, value)));
        }
        SAVED(device, device, &archive);
        ck_assert_uint_ge(refuses_halves(&archive, "devp", &devices, load_device), 5);
        free(archive.bytes);
        memqc_device_destroy(&device);
    }
}
END_TEST

START_TEST(an_array_refuses_halves) {
    static const float w[] = {0.5f, -0.25f, 1, 0, -1, 0.75f};
    memqc_device *device = coarse_device("hfox-a");
    memqc_crossbar *array;
    struct archive archive;
    OK(memqc_crossbar_create(device, 3, 2, 0, &array));
    for (size_t i = 0; i < memqc_crossbar_keys(); i++) {
        const int32_t key = memqc_crossbar_key_at(i);
        double value;
        OK(memqc_crossbar_get(array, key, &value));
        if (counts(&arrays, key))
            FAILS(MEMQC_ERROR_ARGUMENT, NULL,
                  memqc_crossbar_set(array, key, between(&arrays, key, value)));
    }
    OK(memqc_crossbar_program(array, w, 2));
    SAVED(crossbar, array, &archive);
    ck_assert_uint_ge(refuses_halves(&archive, "devp", &devices, load_array), 5);
    ck_assert_uint_ge(refuses_halves(&archive, "xpar", &arrays, load_array), 20);
    free(archive.bytes);
    memqc_crossbar_destroy(&array);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(a_network_refuses_halves) {
    make_task();
    memqc_mlp *mlp = make_task_net(&kinds[KINDS - 1], 6);
    struct archive archive;
    for (size_t i = 0; i < memqc_mlp_keys(); i++) {
        const int32_t key = memqc_mlp_key_at(i);
        double value;
        OK(memqc_mlp_get(mlp, key, &value));
        if (counts(&networks, key))
            FAILS(MEMQC_ERROR_ARGUMENT, NULL,
                  memqc_mlp_set(mlp, key, between(&networks, key, value)));
    }
    OK(memqc_mlp_fit(mlp, 20, task_x, TASK_INPUTS, task_labels, 1));
    SAVED(mlp, mlp, &archive);
    ck_assert_uint_ge(refuses_halves(&archive, "devp", &devices, load_network), 20);
    ck_assert_uint_ge(refuses_halves(&archive, "xpar", &arrays, load_network), 40);
    ck_assert_uint_ge(refuses_halves(&archive, "plan", &arrays, load_network), 40);
    ck_assert_uint_ge(refuses_halves(&archive, "para", &networks, load_network), 20);
    free(archive.bytes);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* What was not chosen for a layer's arrays is what its device gives them: another value was never saved. */
START_TEST(parameters_that_were_not_chosen_are_the_devices) {
    make_task();
    memqc_mlp *mlp = make_task_net(&kinds[KINDS - 1], 6), *loaded = NULL;
    struct archive archive;
    struct mqc_writer writer;
    size_t refused = 0;
    SAVED(mlp, mlp, &archive);
    struct place value = {"plan", 0, 0}, chosen = {"chos", 0, 0};
    for (; value.at < memqc_crossbar_keys(); value.at++) {
        uint32_t is_chosen;
        double least, most;
        const int32_t key = memqc_crossbar_key_at(value.at);
        memcpy(&is_chosen, record_of(&archive, &chosen)->values + value.at * sizeof is_chosen,
               sizeof is_chosen);
        OK(memqc_crossbar_key_value(key, MEMQC_KEY_MIN, &least));
        OK(memqc_crossbar_key_value(key, MEMQC_KEY_MAX, &most));
        const double old = number_at(&archive, &value), other = old < most ? most : least;
        if (is_chosen || !isfinite(other))
            continue;
        write_altered(&archive, &value, &other, &writer);
        FAILS(MEMQC_ERROR_FORMAT, NULL, memqc_mlp_load_memory(writer.data, writer.size, &loaded));
        mqc_write_free(&writer);
        refused++;
    }
    ck_assert_uint_ge(refused, 20);
    free(archive.bytes);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* The sum of the three would be 0 in 64 bits: a network whose weights are not drawn cannot have
 * seen minibatches. */
START_TEST(sums_of_progress_do_not_wrap) {
    enum { SAMPLES_OF_EPOCH = 4, STEPS = 5, SAMPLES = 6 };
    const uint64_t one = 1, rest = UINT64_MAX;
    make_task();
    memqc_mlp *mlp = make_task_net(&kinds[0], 6), *loaded = NULL;
    struct archive archive, second;
    struct mqc_writer writer;
    SAVED(mlp, mlp, &archive);
    const struct place steps = {"prog", 0, STEPS}, samples = {"prog", 0, SAMPLES},
                       of_epoch = {"prog", 0, SAMPLES_OF_EPOCH};
    write_altered(&archive, &steps, &rest, &writer);
    take_apart(&second, writer.data, writer.size);
    struct mqc_writer more, all;
    write_altered(&second, &samples, &one, &more);
    struct archive third;
    take_apart(&third, more.data, more.size);
    write_altered(&third, &of_epoch, &one, &all);
    FAILS(MEMQC_ERROR_FORMAT, "progress", memqc_mlp_load_memory(all.data, all.size, &loaded));
    mqc_write_free(&writer);
    mqc_write_free(&more);
    mqc_write_free(&all);
    free(archive.bytes);
    memqc_mlp_destroy(&mlp);
}
END_TEST

RUN_TESTS("whole numbers", a_device_refuses_halves, an_array_refuses_halves,
          a_network_refuses_halves, sums_of_progress_do_not_wrap,
          parameters_that_were_not_chosen_are_the_devices)
