/* SPDX-License-Identifier: BSD-3-Clause */
/* The reader of measured curves: every way to write them, every error with its place, and files
 * that mean harm. */
#include "csv.h"
#include "test.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

static char error[512];

static struct curves read_text(const char *text) {
    struct curves c;
    ck_assert_msg(curves_parse(&c, "test.csv", text, strlen(text), error, sizeof error) == 0, "%s",
                  error);
    return c;
}

static void refuses(const char *text, const char *message) {
    struct curves c;
    ck_assert_msg(curves_parse(&c, "test.csv", text, strlen(text), error, sizeof error) != 0,
                  "accepted: %s", text);
    ck_assert_msg(strstr(error, message) != NULL, "no \"%s\" in \"%s\"", message, error);
    ck_assert_uint_eq(c.n, 0);
    ck_assert_ptr_null(c.g);
}

/* The same two rows, 1.5 and 2 mS, in many ways. */
START_TEST(all_ways_of_writing_are_read) {
    static const char *const texts[] = {
        "cycle,pulse,conductance [mS]\n1,1,1.5\n1,2,2\n",
        "\xef\xbb\xbf"
        "cycle,pulse,G (mS)\r\n1,1,1.5\r\n1,2,2.0e0\r\n",
        "Cycle;Pulse;Conductance [\xc2\xb5S]\n1;1;1500,0\n1;2;2000\n",
        "cycle;pulse;conductance [\xce\xbcS]\n1;1;1500.0\n\n  \n# a comment; with marks\n1;2;2E+3",
        "pulse\tcycle\tnote\tconductance (nS)\n1\t1\tx\t1.5e6\n2\t1\t\t+2000000\n",
        "\"cycle\",\"pulse\",\"conductance [S]\"\n\"1\",\"1\",\"0.0015\"\n1,2,.002\n",
        "cycle,pulse,resistance [kohm]\n1,1,0.66666666666667\n1,2,0.5\n",
        "cycle,pulse,resistance [\xce\xa9]\n1,1,666.66666666667\n1,2,500\n",
        "cycle,pulse,current [uA],read voltage [mV]\n1,1,150,100\n1,2,-200,-100\n",
        "cycle;pulse;conductance [G0]\n1;1;19,3548387096774\n1;2;25,8064516129032\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct curves c = read_text(texts[i]);
        ck_assert_uint_eq(c.n, 2);
        ck_assert_msg(fabs((double)c.g[0] - 1.5e-3) < 1e-9 && fabs((double)c.g[1] - 2e-3) < 1e-9,
                      "%s: %g %g", texts[i], (double)c.g[0], (double)c.g[1]);
        ck_assert_int_eq(c.cycle[1], 1);
        ck_assert_int_eq(c.pulse[1], 2);
        ck_assert_int_eq(c.device[0], 0);
        ck_assert_int_eq(c.direction[0], -1);
        curves_free(&c);
    }
}
END_TEST

START_TEST(devices_and_directions_are_read) {
    struct curves c = read_text("device,cycle,pulse,direction,conductance "
                                "[S]\n7,0,0,+1,1\n7,0,1,Potentiation,1\n7,0,2,SET,1\n"
                                "8,-3,3,-1,1\n8,0,4,depression,1\n8,0,5,Reset,1\n");
    static const int32_t want[] = {1, 1, 1, -1, -1, -1};
    for (size_t i = 0; i < 6; i++)
        ck_assert_int_eq(c.direction[i], want[i]);
    ck_assert_int_eq(c.device[5], 8);
    ck_assert_int_eq(c.cycle[3], -3);
    ck_assert(c.has_device && c.has_direction);
    curves_free(&c);
}
END_TEST

START_TEST(numbers_of_readings_are_read) {
    struct curves c = read_text("cycle,pulse,Read,G [S]\n1,1,0,1\n1,1,1,2\n1,2,0,3\n");
    ck_assert(c.has_read);
    ck_assert_int_eq(c.read[0], 0);
    ck_assert_int_eq(c.read[1], 1);
    curves_free(&c);
    c = read_text("cycle,pulse,G [S]\n1,1,1\n");
    ck_assert(!c.has_read);
    ck_assert_int_eq(c.read[0], 0);
    curves_free(&c);
    refuses("cycle,pulse,read,G [S]\n1,1,first,1\n", "column 3: \"first\" is no number");
}
END_TEST

/* Readings that are none are for the fit to leave out. */
START_TEST(flaws_are_read) {
    static const char text[] = "cycle,pulse,resistance [kohm]\n"
                               "1,1,\n1,2,NaN\n1,3,inf\n1,4,0\n1,5,-2\n1,6,9.9e37\n";
    struct curves c;
    ck_assert_int_eq(curves_parse(&c, "test.csv", text, strlen(text), error, sizeof error), 0);
    ck_assert_uint_eq(c.n, 6);
    ck_assert(isnan(c.g[0]) && isnan(c.g[1]) && isnan(c.g[2]) && isinf(c.g[3]));
    ck_assert_float_eq(c.g[4], -5e-4f);
    ck_assert(c.g[5] >= 0 && c.g[5] < 1e-30f);
    curves_free(&c);
    static const char huge[] = "cycle,pulse,conductance [S]\n1,1,-1e300\n";
    ck_assert_int_eq(curves_parse(&c, "test.csv", huge, strlen(huge), error, sizeof error), 0);
    ck_assert(isinf(c.g[0]) && c.g[0] < 0);
    curves_free(&c);
}
END_TEST

START_TEST(errors_name_their_place) {
    refuses("", "no header row");
    refuses("cycle,pulse,conductance [S]\n", "no rows");
    refuses("cycle,conductance [S]\n1,1\n", "test.csv: line 1: the header has no column \"pulse\"");
    refuses("cycle,pulse,conductance\n1,1,1\n", "line 1, column 3: \"conductance\" has no unit");
    refuses("cycle,pulse,conductance [mho]\n1,1,1\n", "unknown unit");
    refuses("cycle,pulse,conductance [S\n1,1,1\n", "not closed");
    refuses("cycle,pulse,cycle,conductance [S]\n1,1,1,1\n", "line 1, column 3: a second column");
    refuses("cycle,pulse,current [A]\n1,1,1\n", "must have one of");
    refuses("cycle,pulse,conductance [S],resistance [ohm]\n1,1,1,1\n", "must have one of");
    refuses("cycle,pulse,conductance [S]\n1,1,1\n\n1,2,x\n",
            "line 4, column 3: \"x\" is no number");
    refuses("cycle,pulse,conductance [S]\n1,1.5,1\n",
            "line 2, column 2: \"1.5\" is no whole number");
    refuses("cycle,pulse,conductance [S]\n1,1,1e\n", "no number");
    refuses("cycle,pulse,conductance [S]\n1,1,1.2.3\n", "no number");
    refuses("cycle;pulse;conductance [S]\n1;1;1.234,5\n", "no number");
    refuses("cycle,pulse,conductance [S]\n1,1,1e999\n", "too large");
    refuses("cycle,pulse,conductance [S]\n1,3000000000,1\n", "whole number");
    refuses("cycle,pulse,conductance [S]\n1,1\n", "line 2, column 2: the row ends here");
    refuses("cycle,pulse,current [A],voltage [V]\n1,1,1,0\n", "column 4: a read voltage of 0 V");
    refuses("cycle,pulse,direction,conductance [S]\n1,1,left,1\n",
            "line 2, column 3: \"left\" is no direction");
    refuses("cycle,pulse,conductance [S]\n1,1,\"1\n", "quotation mark");
    struct curves c;
    ck_assert_int_ne(curves_read(&c, "no such file.csv", error, sizeof error), 0);
    ck_assert_ptr_nonnull(strstr(error, "no such file.csv: cannot be opened"));
    ck_assert_int_ne(curves_parse(&c, "z", "cycle,pulse,G [S]\n1,\0,1\n", 23, error, sizeof error),
                     0);
    ck_assert_ptr_nonnull(strstr(error, "zero byte"));
}
END_TEST

/* Good files with bytes changed, doubled and cut off: read or refused, never worse. The sanitizers
 * watch. */
START_TEST(damaged_files_do_no_harm) {
    static const char good[] = "\xef\xbb\xbf"
                               "device;cycle;pulse;direction;conductance [uS]\r\n# "
                               "c\r\n1;1;1;set;\"1,5\"\r\n1;1;2;-1;2e-1\r\n";
    static const char bytes[] = ";,\t\"\n\r#[]()-+.eE019\xff\0 S";
    uint32_t random = 12345;
    int accepted = 0;
    for (int i = 0; i < 20000; i++) {
        char text[2 * sizeof good];
        size_t n = sizeof good - 1;
        memcpy(text, good, sizeof good);
        for (int j = 0; j < 1 + i % 4; j++) {
            random = random * 1664525u + 1013904223u;
            text[(random >> 8) % n] = bytes[(random >> 24) % (sizeof bytes - 1)];
        }
        random = random * 1664525u + 1013904223u;
        if (i % 3 == 0)
            n = (random >> 8) % n;
        if (i % 7 == 0) {
            memmove(text + n, text, n);
            n *= 2;
        }
        char *exact = malloc(n + 1); /* so that reading beyond the end shows */
        ck_assert_ptr_nonnull(exact);
        memcpy(exact, text, n);
        struct curves c;
        error[0] = '\0';
        if (curves_parse(&c, "f", exact, n, error, sizeof error) == 0)
            accepted++;
        else
            ck_assert_msg(error[0] != '\0', "refused without a reason");
        curves_free(&c);
        free(exact);
    }
    ck_assert_int_gt(accepted, 100);
}
END_TEST

START_TEST(the_locale_does_not_matter) {
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "C"};
    for (size_t i = 0; i < 4; i++)
        if (setlocale(LC_ALL, names[i]))
            break;
    struct curves c = read_text("cycle,pulse,conductance [S]\n1,1,0.5\n");
    ck_assert_float_eq(c.g[0], 0.5f);
    curves_free(&c);
    setlocale(LC_ALL, "C");
}
END_TEST

static memqc_device *fit_example(const char *name) {
    const char *folder = getenv("MEMQC_EXAMPLE_DATA");
    char path[4096];
    struct curves c;
    memqc_device *device;
    ck_assert_msg(folder != NULL, "MEMQC_EXAMPLE_DATA names no folder");
    snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert_msg(curves_read(&c, path, error, sizeof error) == 0, "%s", error);
    const int32_t *const columns[] = {c.device, c.cycle, c.pulse, c.direction};
    OK(memqc_device_fit(MEMQC_DEVICE_FIT_BEST, c.n, 4, columns, c.g, NULL, NULL, &device));
    curves_free(&c);
    return device;
}

static void within(const memqc_device *device, int32_t key, double truth) {
    double value, se;
    OK(memqc_device_get(device, key, &value));
    OK(memqc_device_fit_value(device, MEMQC_DEVICE_FIT_STANDARD_ERROR, key, &se));
    ck_assert_double_gt(se, 0);
    ck_assert_msg(fabs(value - truth) <= 2 * se, "key %d: %g instead of %g, se %g", (int)key, value,
                  truth, se);
}

/* What examples/fit_generate.c put in comes out. */
START_TEST(example_files_give_their_parameters_back) {
    int32_t model;
    memqc_device *a = fit_example("hfox-a.csv"), *b = fit_example("soft-bounds.csv");
    model = model_of(a);
    ck_assert_int_eq(model, MEMQC_DEVICE_QUANTIZED);
    within(a, MEMQC_DEVICE_G_MAX, 16 * MEMQC_G0);
    within(a, MEMQC_DEVICE_G_MIN, 0.5 * MEMQC_G0);
    within(a, MEMQC_DEVICE_SIGMA, MEMQC_G0);
    within(a, MEMQC_DEVICE_K, 0.03);
    model = model_of(b);
    ck_assert_int_eq(model, MEMQC_DEVICE_SOFT_BOUNDS);
    within(b, MEMQC_DEVICE_G_MAX, 100e-6);
    within(b, MEMQC_DEVICE_G_MIN, 10e-6);
    within(b, MEMQC_DEVICE_STEP, 6e-6);
    within(b, MEMQC_DEVICE_ASYMMETRY, -0.1);
    within(b, MEMQC_DEVICE_C2C_STEP, 0.3);
    within(b, MEMQC_DEVICE_D2D_G_MAX, 0.1);
    within(b, MEMQC_DEVICE_D2D_G_MIN, 0.2);
    within(b, MEMQC_DEVICE_D2D_STEP, 0.2);
    within(b, MEMQC_DEVICE_D2D_NOISE, 0.2);
    memqc_device_destroy(&a);
    memqc_device_destroy(&b);
}
END_TEST

RUN_TESTS("csv", all_ways_of_writing_are_read, devices_and_directions_are_read,
          numbers_of_readings_are_read, flaws_are_read, errors_name_their_place,
          damaged_files_do_no_harm, the_locale_does_not_matter,
          example_files_give_their_parameters_back)
