/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes of what happens to a programmed cell: reads, faults, telegraph noise, ageing. */
#include "digest.h"

enum { CELLS = DIGEST_CELLS };

static void reads(void) {
    struct digest d = digest_begin();
    for (int octaves = 0; octaves <= 5; octaves += 5) {
        const struct setting settings[] = {{MEMQC_DEVICE_READ_NOISE, 2e-6},
                                           {MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.03},
                                           {MEMQC_DEVICE_READ_NOISE_OCTAVES, octaves},
                                           {0, 0}};
        memqc_device *device = digest_device("hfox-a", 0, settings);
        float g[CELLS], out[CELLS];
        digest_fill(8, CELLS, 0, 1e-3, g);
        for (uint64_t draw = 0; draw < 40; draw++) {
            TRY(memqc_device_read(device, 100, draw, CELLS, g, out));
            digest_floats(&d, CELLS, out);
        }
        digest_print(&d, "read/octaves%d", octaves);
        memqc_device_destroy(&device);
    }
}

static void stuck(void) {
    static const struct setting settings[] = {{MEMQC_DEVICE_STUCK_ON, 0.1},
                                              {MEMQC_DEVICE_STUCK_OFF, 0.2},
                                              {MEMQC_DEVICE_STUCK_ANYWHERE, 0.1},
                                              {0, 0}};
    struct digest d = digest_begin();
    memqc_device *device = digest_device("soft-bounds", 0, settings);
    int32_t kinds[CELLS];
    float g[CELLS];
    digest_fill(9, CELLS, 0, 1e-3, g);
    TRY(memqc_device_faults(device, 1000, CELLS, kinds, g));
    for (size_t i = 0; i < CELLS; i++)
        kinds[i] -= MEMQC_DEVICE_FAULT_NONE;
    digest_ints(&d, CELLS, kinds);
    digest_floats(&d, CELLS, g);
    digest_print(&d, "faults");
    memqc_device_destroy(&device);
}

static void telegraph(void) {
    static const struct setting settings[] = {
        {MEMQC_DEVICE_RTN_AMPLITUDE, 0.2},  {MEMQC_DEVICE_RTN_YIELD, 0.7},
        {MEMQC_DEVICE_RTN_TIME_HIGH, 3e-3}, {MEMQC_DEVICE_RTN_TIME_LOW, 1e-3},
        {MEMQC_DEVICE_RTN_SPREAD, 0.5},     {0, 0}};
    struct digest d = digest_begin();
    memqc_device *device = digest_device("hfox-a", 0, settings);
    int32_t traps[CELLS];
    float g[CELLS], out[CELLS];
    digest_fill(10, CELLS, 0, 1e-3, g);
    TRY(memqc_device_telegraph_begin(device, 7, 0, CELLS, traps));
    digest_ints(&d, CELLS, traps);
    for (uint64_t draw = 0; draw < 10; draw++) {
        TRY(memqc_device_telegraph_advance(device, 7, draw, 4e-4 * (double)draw, CELLS, traps));
        TRY(memqc_device_telegraph_read(device, CELLS, traps, g, out));
        digest_ints(&d, CELLS, traps);
        digest_floats(&d, CELLS, out);
    }
    digest_own_values(&d, device);
    digest_print(&d, "telegraph");
    memqc_device_destroy(&device);
}

static void age(void) {
    static const struct setting settings[] = {
        {MEMQC_DEVICE_DRIFT_NU, 0.05},        {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.02},
        {MEMQC_DEVICE_RELAXATION, 0.3},       {MEMQC_DEVICE_RELAXATION_TIME, 10},
        {MEMQC_DEVICE_RELAXATION_SD, 1e-5},   {MEMQC_DEVICE_TEMPERATURE, 320},
        {MEMQC_DEVICE_ENDURANCE_EXPONENT, 1}, {0, 0}};
    struct digest d = digest_begin();
    memqc_device *device = digest_device("hfox-a", 0, settings);
    float g[CELLS], out[CELLS];
    digest_fill(11, CELLS, 0, 1e-3, g);
    for (double seconds = 0; seconds < 1e6; seconds = 10 * seconds + 0.5) {
        TRY(memqc_device_age(device, 50, 1, seconds, 1e3 * seconds, CELLS, g, out));
        digest_floats(&d, CELLS, out);
    }
    digest_own_values(&d, device);
    digest_print(&d, "age");
    memqc_device_destroy(&device);
}

static void current(void) {
    static const struct setting settings[] = {{MEMQC_DEVICE_IV_NONLINEARITY, 3}, {0, 0}};
    struct digest d = digest_begin();
    memqc_device *device = digest_device("hfox-a", 0, settings);
    float g[CELLS], volts[CELLS], amps[CELLS];
    digest_fill(12, CELLS, 0, 1e-3, g);
    digest_fill(13, CELLS, -2, 2, volts);
    TRY(memqc_device_current(device, CELLS, g, volts, amps));
    digest_floats(&d, CELLS, amps);
    digest_print(&d, "current");
    memqc_device_destroy(&device);
}

/* Mean and sd of levels, of which the normal law below zero takes exp() and erfc(). */
static void statistics(void) {
    struct digest d = digest_begin();
    for (size_t i = 0; memqc_device_preset_name(i); i++) {
        memqc_device *device = digest_device(memqc_device_preset_name(i), 0, NULL);
        double states, number[3];
        TRY(memqc_device_get(device, MEMQC_DEVICE_STATES, &states));
        for (int32_t level = 1; level <= (int32_t)states; level++) {
            TRY(memqc_device_level(device, level, &number[0], &number[1], &number[2]));
            digest_doubles(&d, 3, number);
        }
        digest_print(&d, "level/%s", memqc_device_preset_name(i));
        memqc_device_destroy(&device);
    }
}

void digest_effects(int all) {
    if (!all) {
        reads();
        stuck();
        telegraph();
    } else {
        age();
        current();
        statistics();
    }
}
