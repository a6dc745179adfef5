/* SPDX-License-Identifier: BSD-3-Clause */
/* What happens to programmed cells, as CSV. */
#include "devices.h"

#include <math.h>
#include <stdio.h>

enum { READS = 400, STEPS = 400, POINTS = 49 };

static void fill(float *g, float value) {
    for (size_t i = 0; i < CELLS; i++) {
        g[i] = value;
    }
}

/* Reads of one cell, white and 1/f-like. */
static void print_reads(const char *curve, double octaves) {
    const struct setting settings[] = {{MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.02},
                                       {MEMQC_DEVICE_READ_NOISE_OCTAVES, octaves},
                                       {0, 0.0}};
    memqc_device *device = new_device(MEMQC_DEVICE_QUANTIZED, settings);
    for (uint64_t read = 0; read < READS; read++) {
        const float g = 100e-6f;
        float out = 0.0f;
        must(memqc_device_read(device, 0, read, 1, &g, &out));
        printf("read,%s,trace1,%d,%.5e\n", curve, (int)read, (double)out);
    }
    memqc_device_destroy(&device);
}

/* Three cells with rates of their own. */
static void print_telegraph(void) {
    static const struct setting settings[] = {{MEMQC_DEVICE_RTN_AMPLITUDE, 0.1},
                                              {MEMQC_DEVICE_RTN_TIME_HIGH, 0.05},
                                              {MEMQC_DEVICE_RTN_TIME_LOW, 0.02},
                                              {MEMQC_DEVICE_RTN_SPREAD, 1},
                                              {0, 0.0}};
    memqc_device *device = new_device(MEMQC_DEVICE_QUANTIZED, settings);
    const float g[TRACES] = {100e-6f, 85e-6f, 70e-6f};
    float out[TRACES];
    int32_t traps[TRACES];
    must(memqc_device_telegraph_begin(device, 0, 0, TRACES, traps));
    for (uint64_t step = 0; step < STEPS; step++) {
        must(memqc_device_telegraph_read(device, TRACES, traps, g, out));
        for (size_t i = 0; i < TRACES; i++) {
            printf("telegraph,cell %zu,trace1,%.4f,%.5e\n", i + 1, 1e-3 * (double)step,
                   (double)out[i]);
        }
        must(memqc_device_telegraph_advance(device, 0, step, 1e-3, TRACES, traps));
    }
    memqc_device_destroy(&device);
}

/* Conductances over time, in equal steps of their logarithm. */
static void print_ageing(const char *picture, const char *curve, const struct setting *settings) {
    memqc_device *device = new_device(MEMQC_DEVICE_QUANTIZED, settings);
    float start[CELLS], g[CELLS];
    fill(start, 800e-6f);
    for (int i = 0; i < POINTS; i++) {
        const double x = pow(10.0, -2.0 + 8.0 * i / (POINTS - 1));
        must(memqc_device_age(device, 0, 0, x, 0.0, CELLS, start, g));
        print_cells(picture, curve, x, g);
    }
    memqc_device_destroy(&device);
}

/* Both ends of the window. */
static void print_endurance(double centre) {
    const struct setting settings[] = {
        {MEMQC_DEVICE_ENDURANCE_EXPONENT, 0.5}, {MEMQC_DEVICE_ENDURANCE_CENTRE, centre}, {0, 0.0}};
    memqc_device *device = new_device(MEMQC_DEVICE_QUANTIZED, settings);
    for (int i = 0; i < POINTS; i++) {
        const double cycles = pow(10.0, 2.0 + 8.0 * i / (POINTS - 1));
        float ends[2] = {(float)(16 * MEMQC_G0), (float)(0.5 * MEMQC_G0)};
        must(memqc_device_age(device, 0, 0, 0.0, cycles, 2, ends, ends));
        printf("endurance,centre %g: ON,mean,%.6g,%.5e\nendurance,centre %g: OFF,mean,%.6g,%.5e\n",
               centre, cycles, (double)ends[0], centre, cycles, (double)ends[1]);
    }
    memqc_device_destroy(&device);
}

static void print_currents(double slope) {
    const struct setting settings[] = {
        {MEMQC_DEVICE_IV_NONLINEARITY, slope}, {MEMQC_DEVICE_READ_VOLTAGE, 0.3}, {0, 0.0}};
    memqc_device *device = new_device(MEMQC_DEVICE_QUANTIZED, settings);
    for (int i = -40; i <= 40; i++) {
        const float g = 100e-6f, volts = 0.0125f * (float)i;
        float amps = 0.0f;
        must(memqc_device_current(device, 1, &g, &volts, &amps));
        printf("current,a = %g / V,mean,%.5g,%.5e\n", slope, (double)volts, (double)amps);
    }
    memqc_device_destroy(&device);
}

/* What a thousand cells programmed to 8 G0 read as, in order. */
static void print_faults(void) {
    static const struct setting settings[] = {{MEMQC_DEVICE_STUCK_ON, 0.02},
                                              {MEMQC_DEVICE_STUCK_OFF, 0.05},
                                              {MEMQC_DEVICE_STUCK_ANYWHERE, 0.05},
                                              {0, 0.0}};
    static const char *const names[] = {"healthy", "stuck on", "stuck off", "stuck anywhere"};
    memqc_device *device = new_device(MEMQC_DEVICE_QUANTIZED, settings);
    float g[CELLS];
    int32_t kinds[CELLS], levels[CELLS];
    for (size_t i = 0; i < CELLS; i++) {
        levels[i] = 17;
    }
    must(memqc_device_draw(device, 0, 0, CELLS, levels, g, NULL));
    must(memqc_device_faults(device, 0, CELLS, kinds, g));
    for (size_t i = 0; i < CELLS; i++) {
        printf("faults,%s,trace1,%zu,%.5e\n", names[kinds[i] - MEMQC_DEVICE_FAULT_NONE], i,
               (double)g[i]);
    }
    memqc_device_destroy(&device);
}

void print_effects(void) {
    static const struct setting drift[] = {
        {MEMQC_DEVICE_DRIFT_NU, 0.03}, {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.01}, {0, 0.0}};
    static const struct setting warm[] = {{MEMQC_DEVICE_DRIFT_NU, 0.03},
                                          {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.01},
                                          {MEMQC_DEVICE_TEMPERATURE, 358.15},
                                          {0, 0.0}};
    static const struct setting relaxation[] = {{MEMQC_DEVICE_RELAXATION, 0.2},
                                                {MEMQC_DEVICE_RELAXATION_TIME, 100},
                                                {MEMQC_DEVICE_RELAXATION_G, 600e-6},
                                                {MEMQC_DEVICE_RELAXATION_SD, 15e-6},
                                                {0, 0.0}};
    print_reads("white", 0);
    print_reads("1/f over 8 octaves", 8);
    print_telegraph();
    print_ageing("drift", "300 K", drift);
    print_ageing("drift", "85 °C", warm);
    print_ageing("relaxation", "300 K", relaxation);
    print_endurance(0.5);
    print_endurance(0);
    print_currents(0);
    print_currents(3);
    print_currents(8);
    print_faults();
}
