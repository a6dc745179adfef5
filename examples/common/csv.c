/* SPDX-License-Identifier: BSD-3-Clause */
/* The rows of a CSV file as curves. */
#include "csv_reader.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 1 << 28 };

static const struct {
    const char *name;
    int32_t direction;
} directions[] = {{"1", 1},   {"+1", 1},          {"potentiation", 1}, {"set", 1},  {"up", 1},
                  {"-1", -1}, {"depression", -1}, {"reset", -1},       {"down", -1}};

/* A measured number, or a word for none: an empty field, NaN and infinities are readings that the fit
 * leaves out. */
static int reading(struct csv_reader *r, enum csv_column column, double *value) {
    static const char *const none[] = {"",     "nan",      "-nan",      "inf",
                                       "-inf", "infinity", "-infinity", "overflow"};
    *value = NAN;
    for (size_t i = 0; i < CSV_COUNT(none); i++)
        if (csv_same_word(r->fields[r->of[column]], none[i]))
            return 0;
    return csv_number(r, column, value);
}

static int conductance(struct csv_reader *r, float *g) {
    double first, volts = 1, value;
    enum csv_column column = CSV_CURRENT;
    if (r->of[CSV_CONDUCTANCE] >= 0)
        column = CSV_CONDUCTANCE;
    else if (r->of[CSV_RESISTANCE] >= 0)
        column = CSV_RESISTANCE;
    if (reading(r, column, &first) || (column == CSV_CURRENT && csv_number(r, CSV_VOLTAGE, &volts)))
        return -1;
    if (volts == 0)
        return csv_fail(r, (size_t)r->of[CSV_VOLTAGE] + 1,
                        "a read voltage of 0 V gives no conductance");
    if (column == CSV_RESISTANCE && first == 0)
        value = INFINITY;
    else
        value = column == CSV_RESISTANCE ? 1 / first : first / volts;
    if (fabs(value) > (double)FLT_MAX)
        value = copysign(INFINITY, value);
    *g = (float)value;
    return 0;
}

static int direction(struct csv_reader *r, int32_t *value) {
    const size_t i = (size_t)r->of[CSV_DIRECTION];
    for (size_t j = 0; j < CSV_COUNT(directions); j++) {
        if (csv_same_word(r->fields[i], directions[j].name)) {
            *value = directions[j].direction;
            return 0;
        }
    }
    return csv_fail(
        r, i + 1,
        "\"%s\" is no direction; allowed are +1, potentiation, set, up, -1, depression, "
        "reset, down",
        r->fields[i]);
}

/* Room for one more row. */
static int grow(struct csv_reader *r) {
    struct curves *c = r->curves;
    if (c->n < r->room)
        return 0;
    const size_t room = r->room ? 2 * r->room : 256;
    int32_t **const columns[] = {&c->device, &c->cycle, &c->pulse, &c->direction, &c->read};
    for (size_t i = 0; i < CSV_COUNT(columns); i++) {
        int32_t *larger = realloc(*columns[i], room * sizeof *larger);
        if (!larger)
            return csv_fail(r, 0, "no memory for %zu rows", room);
        *columns[i] = larger;
    }
    float *larger = realloc(c->g, room * sizeof *larger);
    if (!larger)
        return csv_fail(r, 0, "no memory for %zu rows", room);
    c->g = larger;
    r->room = room;
    return 0;
}

static int row(struct csv_reader *r) {
    struct curves *c = r->curves;
    if (grow(r))
        return -1;
    for (int column = 0; column < CSV_COLUMNS; column++)
        if (r->of[column] >= (int)r->n_fields)
            return csv_fail(r, r->n_fields, "the row ends here; the header has %d columns or more",
                            r->of[column] + 1);
    const size_t i = c->n;
    c->device[i] = 0;
    c->direction[i] = -1;
    c->read[i] = 0;
    if ((c->has_device && csv_whole(r, CSV_DEVICE, &c->device[i])) ||
        csv_whole(r, CSV_CYCLE, &c->cycle[i]) || csv_whole(r, CSV_PULSE, &c->pulse[i]) ||
        (c->has_direction && direction(r, &c->direction[i])) ||
        (c->has_read && csv_whole(r, CSV_READ, &c->read[i])) || conductance(r, &c->g[i]))
        return -1;
    c->n++;
    return 0;
}

int curves_parse(struct curves *curves, const char *name, const char *text, size_t length,
                 char *error, size_t error_size) {
    struct csv_reader *r = calloc(1, sizeof *r);
    memset(curves, 0, sizeof *curves);
    if (!r) {
        snprintf(error, error_size, "%s: no memory", name);
        return -1;
    }
    r->name = name;
    r->at = text;
    r->end = text + length;
    r->curves = curves;
    r->error = error;
    r->error_size = error_size;
    for (int i = 0; i < CSV_COLUMNS; i++)
        r->of[i] = -1;
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        r->at += 3;
    int failed = csv_header(r);
    for (const char *rest, *end; !failed && (end = csv_next_line(r, &rest)) != NULL; r->at = rest)
        failed = csv_split(r, end) || row(r);
    if (!failed && curves->n == 0)
        failed = csv_fail(r, 0, "no rows below the header");
    free(r);
    if (failed)
        curves_free(curves);
    return failed;
}

int curves_read(struct curves *curves, const char *path, char *error, size_t error_size) {
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t n = 0, room = 0;
    memset(curves, 0, sizeof *curves);
    if (!file) {
        snprintf(error, error_size, "%s: cannot be opened", path);
        return -1;
    }
    for (;;) {
        if (n == room) {
            room = room ? 2 * room : 65536;
            char *larger = room <= MOST_BYTES ? realloc(text, room) : NULL;
            if (!larger) {
                snprintf(error, error_size, "%s: too large", path);
                break;
            }
            text = larger;
        }
        const size_t got = fread(text + n, 1, room - n, file);
        n += got;
        if (got == 0)
            break;
    }
    int failed = n == room || ferror(file);
    if (ferror(file))
        snprintf(error, error_size, "%s: cannot be read", path);
    fclose(file);
    if (!failed)
        failed = curves_parse(curves, path, text, n, error, error_size);
    free(text);
    return failed ? -1 : 0;
}

void curves_free(struct curves *curves) {
    free(curves->device);
    free(curves->cycle);
    free(curves->pulse);
    free(curves->direction);
    free(curves->read);
    free(curves->g);
    memset(curves, 0, sizeof *curves);
}
