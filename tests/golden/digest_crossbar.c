/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes of arrays: programming, products through converters, service and saved bytes.
 *
 * Small arrays have at most 32 rows and columns, so that no product goes to OpenBLAS. Large ones
 * are for --all. */
#include "digest_crossbar.h"

#include <stdlib.h>

const struct array small_array = {"hfox-a", 24, 20};

/* --- what an array is and gives --- */

memqc_crossbar *digest_array(const struct array *a, const struct setting *device_settings,
                             const struct setting *settings) {
    memqc_crossbar *xb = NULL;
    memqc_device *device = digest_coarse(a->preset, device_settings);
    TRY(memqc_crossbar_create(device, a->rows, a->cols, 0, &xb));
    memqc_device_destroy(&device);
    TRY(memqc_crossbar_set_seed(xb, 7));
    digest_set(xb, settings);
    return xb;
}

/* The settings number choices from 1 (methods of wires from 0), as their lines do. */
static double choice(int32_t key, double number) {
    double kind, first;
    TRY(memqc_crossbar_key_value(key, MEMQC_KEY_KIND, &kind));
    TRY(memqc_crossbar_key_value(key, MEMQC_KEY_MIN, &first));
    if (kind != MEMQC_KIND_CHOICE || number >= first)
        return number;
    return first + number - (key != MEMQC_CROSSBAR_WIRE_METHOD);
}

void digest_set(memqc_crossbar *xb, const struct setting *settings) {
    size_t n = 0, left = 0, before;
    for (; settings && settings[n].key; n++)
        left++;
    /* Settings that need others come after them. Those without an effect are left out. */
    do {
        before = left;
        left = 0;
        for (size_t i = 0; i < n; i++)
            left += memqc_crossbar_set(xb, settings[i].key,
                                       choice(settings[i].key, settings[i].value)) != MEMQC_OK;
    } while (left && left < before);
    for (size_t i = 0; left && i < n; i++) {
        int32_t used;
        TRY(memqc_crossbar_uses(xb, settings[i].key, &used));
        if (used)
            TRY(memqc_crossbar_set(xb, settings[i].key,
                                   choice(settings[i].key, settings[i].value)));
    }
}

void digest_program(memqc_crossbar *xb, double range) {
    static float w[LARGEST * LARGEST];
    size_t rows, cols;
    TRY(memqc_crossbar_get_shape(xb, &rows, &cols, NULL));
    digest_fill(21, rows * cols, -range, range, w);
    TRY(memqc_crossbar_program(xb, w, cols));
}

static void report(struct digest *d, const memqc_crossbar *xb, int named) {
    const int32_t last = named ? MEMQC_CROSSBAR_REPORT_ERROR_Q99 : MEMQC_CROSSBAR_REPORT_READS;
    for (int32_t what = MEMQC_CROSSBAR_REPORT_CELLS; what <= last; what++) {
        double value;
        TRY(memqc_crossbar_get_report(xb, what, &value));
        digest_doubles(d, 1, &value);
    }
}

void digest_counters(struct digest *d, const memqc_crossbar *xb) {
    for (int32_t k = MEMQC_CROSSBAR_COUNT_PROGRAMMED; k <= MEMQC_CROSSBAR_COUNT_SATURATED_LAST;
         k++) {
        uint64_t value;
        TRY(memqc_crossbar_get_count(xb, k, &value));
        digest_sizes(d, 1, &value);
    }
    for (int32_t k = MEMQC_CROSSBAR_COST_SET; k <= MEMQC_CROSSBAR_COST_READ_TIME; k++) {
        double value;
        TRY(memqc_crossbar_get_cost(xb, k, &value));
        digest_doubles(d, 1, &value);
    }
}

static int has_reference(const memqc_crossbar *xb) {
    double mapping;
    TRY(memqc_crossbar_get(xb, MEMQC_CROSSBAR_MAPPING, &mapping));
    return mapping == MEMQC_CROSSBAR_MAPPING_REFERENCE;
}

void digest_cells(struct digest *d, const memqc_crossbar *xb) {
    static float g[LARGEST * LARGEST];
    static int32_t n[LARGEST * LARGEST];
    size_t rows, cols, planes;
    TRY(memqc_crossbar_get_shape(xb, &rows, &cols, &planes));
    for (size_t plane = 0; plane < planes; plane++) {
        TRY(memqc_crossbar_get_levels(xb, plane, n, cols));
        digest_ints(d, rows * cols, n);
        TRY(memqc_crossbar_get_stuck(xb, plane, n, cols));
        digest_ints(d, rows * cols, n);
        TRY(memqc_crossbar_get_conductances(xb, plane, g, cols));
        digest_floats(d, rows * cols, g);
    }
    for (size_t slice = 0; has_reference(xb) && slice < planes; slice++) {
        TRY(memqc_crossbar_get_reference(xb, slice, g));
        digest_floats(d, rows, g);
    }
    TRY(memqc_crossbar_get_weights(xb, g, cols));
    digest_floats(d, rows * cols, g);
    TRY(memqc_crossbar_get_nominal_weights(xb, g, cols));
    digest_floats(d, rows * cols, g);
}

void digest_products(struct digest *d, memqc_crossbar *xb, size_t batch, int ways) {
    static float x[BATCH * LARGEST], y[BATCH * LARGEST];
    size_t rows, cols;
    TRY(memqc_crossbar_get_shape(xb, &rows, &cols, NULL));
    digest_fill(22, batch * (rows > cols ? rows : cols), -1.1, 1.1, x);
    if (ways & FORWARD) {
        TRY(memqc_crossbar_mac(xb, batch, x, rows, y, cols));
        digest_floats(d, batch * cols, y);
    }
    if (ways & TRANSPOSED) {
        TRY(memqc_crossbar_mac_transposed(xb, batch, x, cols, y, rows));
        digest_floats(d, batch * rows, y);
    }
}

static void currents(struct digest *d, const memqc_crossbar *xb) {
    static float volts[BATCH * LARGEST], amps[BATCH * LARGEST];
    size_t rows, cols, planes;
    TRY(memqc_crossbar_get_shape(xb, &rows, &cols, &planes));
    digest_fill(23, BATCH * rows, -0.2, 0.2, volts);
    for (size_t plane = 0; plane < planes; plane++) {
        TRY(memqc_crossbar_ideal_currents(xb, plane, BATCH, volts, rows, amps, cols));
        digest_floats(d, BATCH * cols, amps);
    }
}

static void *saved(const memqc_crossbar *xb, size_t *size) {
    TRY(memqc_crossbar_save_memory(xb, NULL, 0, size));
    void *data = malloc(*size);
    if (!data)
        abort();
    TRY(memqc_crossbar_save_memory(xb, data, *size, size));
    return data;
}

/* The bytes of the file, and what an array that is read from them does next. */
static void digest_saved(struct digest *d, const memqc_crossbar *xb) {
    size_t size;
    memqc_crossbar *copy = NULL;
    void *data = saved(xb, &size);
    digest_bytes(d, data, size);
    TRY(memqc_crossbar_load_memory(data, size, &copy));
    free(data);
    digest_program(copy, 0.5);
    digest_products(d, copy, 1, FORWARD);
    data = saved(copy, &size);
    digest_bytes(d, data, size);
    free(data);
    memqc_crossbar_destroy(&copy);
}

/* --- programming --- */

static void change(struct digest *d, memqc_crossbar *xb) {
    enum { PLACES = 30 };
    static float dw[LARGEST * LARGEST];
    size_t rows, cols, places[PLACES];
    double moved;
    TRY(memqc_crossbar_get_shape(xb, &rows, &cols, NULL));
    digest_fill(24, rows * cols, -1, 1, dw);
    for (size_t i = 0; i < PLACES; i++)
        places[i] = i * 7919 % (rows * cols / 2); /* some come twice */
    TRY(memqc_crossbar_update(xb, -0.1, dw, cols));
    TRY(memqc_crossbar_get_report(xb, MEMQC_CROSSBAR_REPORT_MOVED, &moved));
    digest_sizes(d, 1, &(const uint64_t){(uint64_t)moved});
    report(d, xb, 0);
    TRY(memqc_crossbar_program_list(xb, PLACES, places, dw));
    report(d, xb, 1);
    TRY(memqc_crossbar_program_cell(xb, 2, 3, 0.3));
    report(d, xb, 1);
    digest_program(xb, 0.8);
    report(d, xb, 1);
}

static void history(const char *name, memqc_crossbar *xb) {
    struct digest d = digest_begin();
    digest_program(xb, 1.2);
    report(&d, xb, 1);
    digest_cells(&d, xb);
    digest_print(&d, "%s/program", name);
    digest_products(&d, xb, BATCH, FORWARD | TRANSPOSED);
    digest_products(&d, xb, 1, FORWARD | TRANSPOSED);
    currents(&d, xb);
    digest_print(&d, "%s/product", name);
    change(&d, xb);
    digest_cells(&d, xb);
    digest_products(&d, xb, BATCH, FORWARD | TRANSPOSED);
    digest_counters(&d, xb);
    digest_print(&d, "%s/change", name);
    digest_saved(&d, xb);
    digest_print(&d, "%s/save", name);
}

void digest_mappings(const struct array *a) {
    for (int mapping = 1; mapping <= 4; mapping++) {
        for (int norm = 1; norm <= 3; norm++) {
            for (int slices = 1; slices <= 3; slices += 2) {
                const struct setting settings[] = {
                    {MEMQC_CROSSBAR_MAPPING, mapping},
                    {MEMQC_CROSSBAR_NORMALIZATION, norm},
                    {MEMQC_CROSSBAR_CLIP_PERCENTILE, norm > 1 ? 98 : 100},
                    {MEMQC_CROSSBAR_SLICE_BASE, slices > 1 ? 4 : 0},
                    {MEMQC_CROSSBAR_SLICES, slices},
                    {0, 0}};
                char name[64];
                memqc_crossbar *xb = digest_array(a, NULL, settings);
                snprintf(name, sizeof name, "crossbar/%s/%zux%zu/map%d/norm%d/slices%d", a->preset,
                         a->rows, a->cols, mapping, norm, slices);
                history(name, xb);
                memqc_crossbar_destroy(&xb);
            }
        }
    }
}

static void schemes(const char *preset) {
    const struct array a = {preset, 24, 20};
    static const struct setting noisy[] = {
        {MEMQC_DEVICE_READ_NOISE, 1e-7}, {MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.01}, {0, 0}};
    for (int mapping = 1; mapping <= 4; mapping++) {
        const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, mapping},
                                           {MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY},
                                           {MEMQC_CROSSBAR_VERIFY_TOLERANCE, 0.75},
                                           {MEMQC_CROSSBAR_VERIFY_PULSES, 300},
                                           {MEMQC_CROSSBAR_WRITE_PARALLEL, 4},
                                           {0, 0}};
        char name[64];
        memqc_crossbar *xb = digest_array(&a, noisy, settings);
        snprintf(name, sizeof name, "verify/%s/map%d", preset, mapping);
        history(name, xb);
        memqc_crossbar_destroy(&xb);
    }
}

/* --- in service --- */

static void remap(struct digest *d, memqc_crossbar *xb) {
    size_t remapped, lost;
    TRY(memqc_crossbar_remap(xb, &remapped, &lost));
    digest_sizes(d, 2, (const uint64_t[]){remapped, lost});
    digest_cells(d, xb);
}

static void service(const char *preset, int mapping) {
    static const struct setting faulty[] = {{MEMQC_DEVICE_STUCK_ON, 0.03},
                                            {MEMQC_DEVICE_STUCK_OFF, 0.04},
                                            {MEMQC_DEVICE_STUCK_ANYWHERE, 0.03},
                                            {0, 0}};
    const struct array a = {preset, 24, 20};
    const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, mapping}, {0, 0}};
    const size_t places[] = {5, 17, 100, 101, 479};
    const float at[] = {0, 1e-6f, 1e-5f, 3e-5f, 1e-4f};
    struct digest d = digest_begin();
    memqc_crossbar *xb = digest_array(&a, faulty, settings);
    digest_program(xb, 1);
    remap(&d, xb);
    TRY(memqc_crossbar_stick(xb, 0, 5, places, at));
    remap(&d, xb);
    TRY(memqc_crossbar_stick(xb, 0, 2, places + 1, NULL));
    change(&d, xb);
    remap(&d, xb);
    digest_counters(&d, xb);
    digest_cells(&d, xb);
    digest_print(&d, "service/%s/map%d", preset, mapping);
    digest_saved(&d, xb);
    digest_print(&d, "service/%s/map%d/save", preset, mapping);
    memqc_crossbar_destroy(&xb);
}

static void advance(const char *preset) {
    static const struct setting ageing[] = {
        {MEMQC_DEVICE_DRIFT_NU, 0.05},        {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.02},
        {MEMQC_DEVICE_RELAXATION, 0.3},       {MEMQC_DEVICE_RELAXATION_TIME, 10},
        {MEMQC_DEVICE_RELAXATION_SD, 1e-6},   {MEMQC_DEVICE_ENDURANCE_CYCLES, 10},
        {MEMQC_DEVICE_ENDURANCE_EXPONENT, 1}, {0, 0}};
    const struct array a = {preset, 24, 20};
    const struct setting settings[] = {{MEMQC_CROSSBAR_MAPPING, 2}, {0, 0}};
    struct digest d = digest_begin();
    memqc_crossbar *xb = digest_array(&a, ageing, settings);
    double clock;
    digest_program(xb, 1);
    for (double seconds = 0.5; seconds < 1e4; seconds *= 20) {
        TRY(memqc_crossbar_advance(xb, seconds));
        TRY(memqc_crossbar_get_clock(xb, &clock));
        digest_doubles(&d, 1, &clock);
        digest_cells(&d, xb);
        change(&d, xb);
    }
    digest_print(&d, "advance/%s", preset);
    digest_saved(&d, xb);
    digest_print(&d, "advance/%s/save", preset);
    memqc_crossbar_destroy(&xb);
}

void digest_crossbars(int all) {
    static const struct array pulsed = {"soft-bounds", 24, 20}, large = {"hfox-a", 70, 50},
                              large_pulsed = {"rpu", 50, 70}, nominal = {"ag-asi", 24, 20};
    if (!all) {
        digest_mappings(&small_array);
        digest_mappings(&pulsed);
        schemes("hfox-a");
        schemes("soft-bounds");
        service("hfox-a", 2);
        service("hfox-a", 3);
        service("rpu", 4);
        digest_converters(&small_array, 0);
    } else {
        digest_mappings(&large);
        digest_mappings(&large_pulsed);
        digest_mappings(&nominal);
        schemes("ag-asi");
        advance("hfox-a");
        advance("soft-bounds");
        digest_converters(&large, 1);
        digest_wires();
    }
}
