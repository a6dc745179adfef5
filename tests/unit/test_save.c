/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices and crossbars as records of an archive: what comes back goes on as the saved one would
 * have, to the bit. */
#include "test.h"

#include "crossbar/save.h"
#include "device/save.h"

enum { ROWS = 5, COLS = 7, CELLS = ROWS * COLS, CASES = 12 };

static float w[CELLS], dw[CELLS], x[3 * COLS];

static void fill(void) {
    for (size_t i = 0; i < CELLS; i++) {
        w[i] = (float)((double)(i * 37 % 64) / 32.0 - 1);
        dw[i] = (float)((double)(i * 53 % 64) / 32.0 - 1);
    }
    for (size_t i = 0; i < 3 * COLS; i++)
        x[i] = (float)((double)(i * 29 % 64) / 63.0);
}

/* Mapping, normalization, and programmed or not, by the number of the case. */
static memqc_crossbar *make(int i) {
    memqc_device *device = NULL;
    memqc_crossbar *xb = NULL;
    OK(memqc_device_create_preset(i % 2 ? "hfox-a" : "hfox-b", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 20 + i));
    OK(memqc_device_set(device, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_PRINTED + i % 3));
    OK(memqc_device_set(device, MEMQC_DEVICE_BELOW_ZERO, MEMQC_DEVICE_CLAMP + i % 2));
    OK(memqc_device_set_seed(device, UINT64_C(7) << 40));
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_SINGLE + i % 2));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_NORMALIZATION,
                          MEMQC_CROSSBAR_NORMALIZATION_FIXED + i / 2 % 3));
    OK(memqc_crossbar_set_seed(xb, UINT64_C(0xfedcba9876543210)));
    for (int step = 0; step < 3 && i < 6; step++)
        OK(step ? memqc_crossbar_update(xb, 0.3, dw, COLS) : memqc_crossbar_program(xb, w, COLS));
    memqc_device_destroy(&device);
    return xb;
}

static void write_crossbar(const memqc_crossbar *xb, struct mqc_writer *writer) {
    mqc_write_start(writer, MQC_KIND_CROSSBAR, 1);
    mqc_crossbar_write(xb, writer);
    OK(mqc_write_finish(writer));
}

static memqc_status read_crossbar(const struct mqc_writer *writer, memqc_crossbar **out) {
    struct mqc_reader reader;
    OK(mqc_read_start(&reader, "f", writer->data, writer->size, MQC_KIND_CROSSBAR, 1));
    const memqc_status status = mqc_crossbar_read(&reader, out);
    if (status == MEMQC_OK)
        OK(mqc_read_finish(&reader));
    return status;
}

static void check_same(memqc_crossbar *a, memqc_crossbar *b) {
    float y[2][3 * COLS];
    uint64_t count[2];
    struct mqc_writer writers[2];
    memqc_crossbar *const both[] = {a, b};
    memset(y, 0, sizeof y);
    for (int i = 0; i < 2; i++) {
        write_crossbar(both[i], &writers[i]);
        OK(memqc_crossbar_mac(both[i], 3, x, ROWS, y[i], COLS));
        OK(memqc_crossbar_get_count(both[i], MEMQC_CROSSBAR_COUNT_PROGRAMMED, &count[i]));
    }
    ck_assert_mem_eq(y[0], y[1], sizeof y[0]);
    ck_assert_uint_eq(count[0], count[1]);
    ck_assert_uint_eq(writers[0].size, writers[1].size);
    ck_assert_mem_eq(writers[0].data, writers[1].data, writers[0].size);
    for (int i = 0; i < 2; i++)
        mqc_write_free(&writers[i]);
}

START_TEST(crossbars_come_back_and_go_on) {
    static const size_t places[] = {7, 2, 7, CELLS - 1};
    for (int i = 0; i < CASES; i++) {
        struct mqc_writer writer;
        memqc_crossbar *xb = make(i), *copy = NULL, *both[2];
        write_crossbar(xb, &writer);
        OK(read_crossbar(&writer, &copy));
        mqc_write_free(&writer);
        both[0] = xb;
        both[1] = copy;
        if (i < 6)
            check_same(xb, copy);
        for (int k = 0; k < 2; k++) {
            if (i >= 6)
                OK(memqc_crossbar_program(both[k], dw, COLS));
            OK(memqc_crossbar_update(both[k], -0.4, w, COLS));
            OK(memqc_crossbar_program_list(both[k], 4, places, w));
        }
        check_same(xb, copy);
        memqc_crossbar_destroy(&xb);
        memqc_crossbar_destroy(&copy);
    }
}
END_TEST

START_TEST(devices_come_back) {
    for (int law = MEMQC_DEVICE_LAW_PRINTED; law <= MEMQC_DEVICE_LAW_MEASURED; law++) {
        struct mqc_writer writer;
        struct mqc_reader reader;
        memqc_device *device = NULL, *copy = NULL;
        const int32_t levels[4] = {1, 2, 9, 31};
        float g[2][4];
        OK(memqc_device_create_preset("hfox-b", &device));
        OK(memqc_device_set(device, MEMQC_DEVICE_LAW, law));
        OK(memqc_device_set(device, MEMQC_DEVICE_RAMP_KNEE, -0.7));
        OK(memqc_device_set_seed(device, 123));
        mqc_write_start(&writer, MQC_KIND_DEVICE, 1);
        mqc_device_write(device, &writer);
        OK(mqc_write_finish(&writer));
        OK(mqc_read_start(&reader, "f", writer.data, writer.size, MQC_KIND_DEVICE, 1));
        OK(mqc_device_read(&reader, &copy));
        OK(mqc_read_finish(&reader));
        for (int32_t key = MEMQC_DEVICE_MODEL; key <= MEMQC_DEVICE_RAMP_KNEE_PULSE; key++) {
            double a = 0, b = 1;
            OK(memqc_device_get(device, key, &a));
            OK(memqc_device_get(copy, key, &b));
            ck_assert_double_eq(a, b);
        }
        OK(memqc_device_draw(device, 3, 5, 4, levels, g[0], NULL));
        OK(memqc_device_draw(copy, 3, 5, 4, levels, g[1], NULL));
        ck_assert_mem_eq(g[0], g[1], sizeof g[0]);
        mqc_write_free(&writer);
        memqc_device_destroy(&device);
        memqc_device_destroy(&copy);
    }
}
END_TEST

/* Records that are whole and say what no crossbar is. */
START_TEST(impossible_crossbars_are_refused) {
    struct mqc_writer writer;
    memqc_crossbar *xb = make(0), *out = NULL;
    write_crossbar(xb, &writer);
    for (size_t at = 24; at < writer.size - 8; at++) { /* NaN, infinity, and enormous numbers, in
                                                          every place */
        unsigned char *kept = malloc(writer.size);
        ck_assert_ptr_nonnull(kept);
        memcpy(kept, writer.data, writer.size);
        memset(writer.data + at, 0xff, at + 4 < writer.size - 8 ? 4 : writer.size - 8 - at);
        struct mqc_reader reader = {"f", writer.data, 24, writer.size - 8, 1};
        const memqc_status status = mqc_crossbar_read(&reader, &out);
        ck_assert(status == MEMQC_OK || status == MEMQC_ERROR_FORMAT ||
                  status == MEMQC_ERROR_NOMEM);
        ck_assert((out == NULL) == (status != MEMQC_OK));
        memqc_crossbar_destroy(&out);
        memcpy(writer.data, kept, writer.size);
        free(kept);
    }
    mqc_write_free(&writer);
    memqc_crossbar_destroy(&xb);
}
END_TEST

int main(void) {
    fill();
    const TTest *const tests[] = {crossbars_come_back_and_go_on, devices_come_back,
                                  impossible_crossbars_are_refused};
    return run_tests("save", tests, COUNT(tests));
}
