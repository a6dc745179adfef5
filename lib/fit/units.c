/* SPDX-License-Identifier: BSD-3-Clause */
/* Readings that differ from the others of their pulse, or from those beside them, by a power of a
 * thousand. One or two are slips, more are another unit. */
#include "fit/units.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

enum { SLIPS = 2, NAMED = 6, MOST_POWER = 4 };

static const double close_to_power = 0.2; /* decades */
/* Of the readings that are off by a decade and more, units explain most. */
static const double share_of_units = 0.5;

/* By how many decades a reading is off; 0 where nothing tells. Beside 0 S noise alone is many decades
 * off, so that a reading must also be farther from what is expected than noise lies. */
static double decades(const struct mqc_fit_bench *bench, size_t i) {
    const double g = bench->data->rows[i].g, expected = bench->expected[i];
    if (!(g > 0 && expected > 0 && fabs(g - expected) > bench->apart[i]))
        return 0;
    return log10(g / expected);
}

/* The power of 1000 by which a reading is off, or 0. */
static int power_of(double off) {
    const double power = rint(off / 3);
    if (fabs(power) > MOST_POWER || !(fabs(off - 3 * power) < close_to_power))
        return 0;
    return (int)power;
}

/* Puts a number, after a comma, at the end of a text. */
static void append(char *text, size_t number) {
    char digits[24];
    size_t n = 0;
    if (*text)
        strcat(text, ", ");
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text += strlen(text);
    while (n > 0)
        *text++ = digits[--n];
    *text = '\0';
}

static memqc_status refuse(const struct mqc_fit_bench *bench, size_t count) {
    const struct mqc_fit_data *data = bench->data;
    char named[NAMED * 24] = "";
    size_t found = 0;
    double factor = 0;
    for (size_t i = 0; i < data->n && found < NAMED; i++) {
        const int power = power_of(bench->off[i]);
        if (power == 0)
            continue;
        factor = found++ == 0 ? pow(1000, power) : factor;
        append(named, data->rows[i].from);
    }
    if (count == found)
        return mqc_fail(MEMQC_ERROR_DATA,
                        "memqc_device_fit: units seem to be mixed up: the conductances of rows %s "
                        "are %g times those of their neighbours; all rows need one unit",
                        named, factor);
    return mqc_fail(MEMQC_ERROR_DATA,
                    "memqc_device_fit: units seem to be mixed up: the conductances of rows %s and "
                    "%zu more are %g times those of their neighbours; all rows need one unit",
                    named, count - found, factor);
}

/* Devices whose readings are all off by a power of 1000 from those of the median device. */
static memqc_status check_devices(struct mqc_fit_bench *bench) {
    const struct mqc_fit_data *data = bench->data;
    size_t devices = 0;
    for (size_t pass = 0; pass < 2; pass++) {
        double middle = 0;
        if (pass == 1) {
            if (devices < 3)
                return MEMQC_OK;
            middle = mqc_fit_median(devices, bench->off);
        }
        devices = 0;
        for (size_t first = 0, end; first < data->n; first = end) {
            size_t n = 0;
            end = mqc_fit_end_of_device(data, first);
            for (size_t i = first; i < end; i++)
                if (data->rows[i].g > 0)
                    bench->values[n++] = log10(data->rows[i].g);
            const double here = mqc_fit_median(n, bench->values);
            if (pass == 1 && power_of(here - middle) != 0)
                return mqc_fail(MEMQC_ERROR_DATA,
                                "memqc_device_fit: units seem to be mixed up: the conductances of "
                                "device %d, from row %zu on, are %g times those of the other "
                                "devices; all rows need one unit",
                                (int)data->rows[first].device, data->rows[first].from,
                                pow(1000, power_of(here - middle)));
            bench->off[devices++] = here;
        }
    }
    return MEMQC_OK;
}

memqc_status mqc_fit_check_units(struct mqc_fit_bench *bench) {
    struct mqc_fit_data *data = bench->data;
    size_t powers = 0, far = 0;
    for (size_t i = 0; i < data->n; i++) {
        bench->off[i] = decades(bench, i);
        powers += power_of(bench->off[i]) != 0;
        far += fabs(bench->off[i]) > 1;
    }
    if (powers > SLIPS && (double)powers > share_of_units * (double)far)
        return refuse(bench, powers);
    for (size_t i = 0; i < data->n && powers <= SLIPS; i++)
        if (power_of(bench->off[i]) != 0)
            data->left_out[data->rows[i].from] = MEMQC_DEVICE_LEFT_OUT_SCALE;
    return check_devices(bench);
}
