/* SPDX-License-Identifier: BSD-3-Clause */
#include "csv.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 256, FIELD_SIZE = 128, MOST_BYTES = 1 << 28 };

enum column { DEVICE, CYCLE, PULSE, DIRECTION, CONDUCTANCE, RESISTANCE, CURRENT, VOLTAGE, COLUMNS };

static const struct {
    const char *name;
    enum column column;
} names[] = {{"device", DEVICE},
             {"cycle", CYCLE},
             {"pulse", PULSE},
             {"direction", DIRECTION},
             {"conductance", CONDUCTANCE},
             {"g", CONDUCTANCE},
             {"resistance", RESISTANCE},
             {"r", RESISTANCE},
             {"current", CURRENT},
             {"i", CURRENT},
             {"voltage", VOLTAGE},
             {"read voltage", VOLTAGE},
             {"read_voltage", VOLTAGE},
             {"v", VOLTAGE}};

static const struct {
    const char *name;
    enum column column;
    double si;
} units[] = {
    {"S", CONDUCTANCE, 1},
    {"mS", CONDUCTANCE, 1e-3},
    {"uS", CONDUCTANCE, 1e-6},
    {"\xc2\xb5S", CONDUCTANCE, 1e-6},
    {"\xce\xbcS", CONDUCTANCE, 1e-6},
    {"nS", CONDUCTANCE, 1e-9},
    {"G0", CONDUCTANCE, 77.5e-6},
    {"ohm", RESISTANCE, 1},
    {"kohm", RESISTANCE, 1e3},
    {"Mohm", RESISTANCE, 1e6},
    {"\xce\xa9", RESISTANCE, 1},
    {"k\xce\xa9", RESISTANCE, 1e3},
    {"M\xce\xa9", RESISTANCE, 1e6},
    {"A", CURRENT, 1},
    {"mA", CURRENT, 1e-3},
    {"uA", CURRENT, 1e-6},
    {"\xc2\xb5"
     "A",
     CURRENT, 1e-6},
    {"\xce\xbc"
     "A",
     CURRENT, 1e-6},
    {"nA", CURRENT, 1e-9},
    {"V", VOLTAGE, 1},
    {"mV", VOLTAGE, 1e-3},
};

static const struct {
    const char *name;
    int32_t direction;
} directions[] = {{"1", 1},   {"+1", 1},          {"potentiation", 1}, {"set", 1},  {"up", 1},
                  {"-1", -1}, {"depression", -1}, {"reset", -1},       {"down", -1}};

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct reader {
    const char *name, *at, *end;
    size_t line, room;
    char separator;
    int of[COLUMNS]; /* place of each column, -1 for none */
    double si[COLUMNS];
    char fields[MOST_COLUMNS][FIELD_SIZE];
    size_t n_fields;
    struct curves *curves;
    char *error;
    size_t error_size;
};

static int fail(struct reader *r, size_t column, const char *format, ...) {
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (column)
        snprintf(r->error, r->error_size, "%s: line %zu, column %zu: %s", r->name, r->line, column,
                 text);
    else
        snprintf(r->error, r->error_size, "%s: line %zu: %s", r->name, r->line, text);
    return -1;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int same_word(const char *a, const char *b) {
    while (*a && lower(*a) == *b)
        a++, b++;
    return *a == *b;
}

static void trim(char *text) {
    size_t from = strspn(text, " \t"), n = strlen(text + from);
    memmove(text, text + from, n + 1);
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        text[--n] = '\0';
}

/* Splits the line from r->at to end into fields. */
static int split(struct reader *r, const char *end) {
    const char *p = r->at;
    r->n_fields = 0;
    for (;;) {
        if (r->n_fields == MOST_COLUMNS)
            return fail(r, 0, "more than %d columns", (int)MOST_COLUMNS);
        char *field = r->fields[r->n_fields++];
        size_t n = 0;
        int quoted = 0;
        for (; p < end && (quoted || *p != r->separator); p++) {
            if (*p == '"' && quoted && p + 1 < end && p[1] == '"')
                p++;
            else if (*p == '"') {
                quoted = !quoted;
                continue;
            }
            if (*p == '\0' || n + 1 == FIELD_SIZE)
                return fail(r, r->n_fields, *p ? "a field of more than %d bytes" : "a zero byte",
                            (int)FIELD_SIZE - 1);
            field[n++] = *p;
        }
        field[n] = '\0';
        if (quoted)
            return fail(r, r->n_fields, "a quotation mark is not closed on its line");
        trim(field);
        if (p == end)
            return 0;
        p++;
    }
}

/* Next line that is neither blank nor a comment; NULL at the end. */
static const char *next_line(struct reader *r, const char **rest) {
    while (r->at < r->end) {
        const char *end = memchr(r->at, '\n', (size_t)(r->end - r->at)), *stop;
        const char *after = end ? end + 1 : r->end;
        stop = end ? end : r->end;
        if (stop > r->at && stop[-1] == '\r')
            stop--;
        r->line++;
        const char *p = r->at;
        while (p < stop && strchr(" \t,;", *p) && *p)
            p++;
        if (p < stop && *p != '#') {
            *rest = after;
            return stop;
        }
        r->at = after;
    }
    return NULL;
}

/* "conductance [uS]" to a column and the factor of its unit. */
static int header_field(struct reader *r, size_t i) {
    char name[FIELD_SIZE], unit[FIELD_SIZE] = "";
    snprintf(name, sizeof name, "%s", r->fields[i]);
    const size_t open = strcspn(name, "[(");
    if (name[open]) {
        snprintf(unit, sizeof unit, "%s", name + open + 1);
        name[open] = '\0';
        const size_t close = strcspn(unit, "])");
        if (!unit[close])
            return fail(r, i + 1, "\"%s\": the bracket of the unit is not closed", r->fields[i]);
        unit[close] = '\0';
        trim(name);
        trim(unit);
    }
    for (size_t j = 0; j < COUNT(names); j++) {
        const enum column column = names[j].column;
        if (!same_word(name, names[j].name))
            continue;
        if (r->of[column] >= 0)
            return fail(r, i + 1, "a second column \"%s\"", r->fields[i]);
        r->of[column] = (int)i;
        r->si[column] = 1;
        if (column < CONDUCTANCE)
            return 0;
        for (size_t k = 0; k < COUNT(units); k++) {
            if (units[k].column == column && strcmp(units[k].name, unit) == 0) {
                r->si[column] = units[k].si;
                return 0;
            }
        }
        return fail(r, i + 1,
                    "\"%s\" has %s unit; allowed are S, mS, uS, nS, G0, ohm, kohm, Mohm, A, mA, "
                    "uA, nA, V, mV, each for its own",
                    r->fields[i], *unit ? "an unknown" : "no");
    }
    return 0; /* columns of other names are passed over */
}

static int header(struct reader *r) {
    const char *rest, *end = next_line(r, &rest);
    if (!end)
        return fail(r, 0, "no header row");
    r->separator = memchr(r->at, ';', (size_t)(end - r->at))    ? ';'
                   : memchr(r->at, '\t', (size_t)(end - r->at)) ? '\t'
                                                                : ',';
    if (split(r, end))
        return -1;
    r->at = rest;
    for (size_t i = 0; i < r->n_fields; i++)
        if (header_field(r, i))
            return -1;
    const int of_current = r->of[CURRENT] >= 0 && r->of[VOLTAGE] >= 0;
    if (r->of[CYCLE] < 0 || r->of[PULSE] < 0)
        return fail(r, 0, "the header has no column \"%s\"", r->of[CYCLE] < 0 ? "cycle" : "pulse");
    if ((r->of[CONDUCTANCE] >= 0) + (r->of[RESISTANCE] >= 0) + of_current != 1)
        return fail(
            r, 0,
            "the header must have one of: a conductance, a resistance, a current with a voltage");
    r->curves->has_device = r->of[DEVICE] >= 0;
    r->curves->has_direction = r->of[DIRECTION] >= 0;
    return 0;
}

/* A decimal number with a point, or (where commas do not separate) a comma. */
static int number(struct reader *r, enum column column, double *value) {
    const size_t i = (size_t)r->of[column];
    const char *p = r->fields[i];
    double mantissa = 0;
    int digits = 0, scale = 0, mark = 0, negative = *p == '-';
    p += *p == '-' || *p == '+';
    for (; (*p >= '0' && *p <= '9') || (!mark && (*p == '.' || (*p == ',' && r->separator != ',')));
         p++) {
        if (*p == '.' || *p == ',') {
            mark = 1;
            continue;
        }
        mantissa = mantissa * 10 + (*p - '0');
        digits++;
        scale -= mark;
    }
    if (digits > 0 && (*p == 'e' || *p == 'E')) {
        const int down = p[1] == '-';
        int exponent = 0, any = 0;
        for (p += 1 + (p[1] == '-' || p[1] == '+'); *p >= '0' && *p <= '9'; p++, any = 1)
            exponent = exponent < 10000 ? exponent * 10 + (*p - '0') : exponent;
        digits = any ? digits : 0;
        scale += down ? -exponent : exponent;
    }
    if (digits == 0 || *p)
        return fail(r, i + 1, "\"%s\" is no number", r->fields[i]);
    /* a power of ten below 1 is not exact: divide by its inverse */
    *value = (scale < 0 ? mantissa / pow(10, -scale) : mantissa * pow(10, scale)) * r->si[column] *
             (negative ? -1 : 1);
    if (!isfinite(*value))
        return fail(r, i + 1, "\"%s\" is too large", r->fields[i]);
    return 0;
}

static int whole(struct reader *r, enum column column, int32_t *value) {
    double number_value;
    if (number(r, column, &number_value))
        return -1;
    if (number_value != floor(number_value) || fabs(number_value) > INT32_MAX)
        return fail(r, (size_t)r->of[column] + 1, "\"%s\" is no whole number up to 2^31 - 1",
                    r->fields[r->of[column]]);
    *value = (int32_t)number_value;
    return 0;
}

static int conductance(struct reader *r, float *g) {
    double first, volts = 1, value;
    const enum column column = r->of[CONDUCTANCE] >= 0  ? CONDUCTANCE
                               : r->of[RESISTANCE] >= 0 ? RESISTANCE
                                                        : CURRENT;
    const size_t at = (size_t)r->of[column] + 1;
    if (number(r, column, &first) || (column == CURRENT && number(r, VOLTAGE, &volts)))
        return -1;
    if (volts == 0)
        return fail(r, (size_t)r->of[VOLTAGE] + 1, "a read voltage of 0 V gives no conductance");
    if (column == RESISTANCE && !(first > 0))
        return fail(r, at, "a resistance of %g ohm; allowed is above 0", first);
    value = column == RESISTANCE ? 1 / first : first / volts;
    if (!(value >= 0 && value <= (double)FLT_MAX))
        return fail(r, at, "a conductance of %g S; allowed is any finite one from 0 on", value);
    *g = (float)value;
    return 0;
}

static int direction(struct reader *r, int32_t *value) {
    const size_t i = (size_t)r->of[DIRECTION];
    for (size_t j = 0; j < COUNT(directions); j++) {
        if (same_word(r->fields[i], directions[j].name)) {
            *value = directions[j].direction;
            return 0;
        }
    }
    return fail(r, i + 1,
                "\"%s\" is no direction; allowed are +1, potentiation, set, up, -1, depression, "
                "reset, down",
                r->fields[i]);
}

/* Room for one more row. */
static int grow(struct reader *r) {
    struct curves *c = r->curves;
    if (c->n < r->room)
        return 0;
    const size_t room = r->room ? 2 * r->room : 256;
    int32_t **const columns[] = {&c->device, &c->cycle, &c->pulse, &c->direction};
    for (size_t i = 0; i < COUNT(columns); i++) {
        int32_t *larger = realloc(*columns[i], room * sizeof *larger);
        if (!larger)
            return fail(r, 0, "no memory for %zu rows", room);
        *columns[i] = larger;
    }
    float *larger = realloc(c->g, room * sizeof *larger);
    if (!larger)
        return fail(r, 0, "no memory for %zu rows", room);
    c->g = larger;
    r->room = room;
    return 0;
}

static int row(struct reader *r) {
    struct curves *c = r->curves;
    if (grow(r))
        return -1;
    for (int column = 0; column < COLUMNS; column++)
        if (r->of[column] >= (int)r->n_fields)
            return fail(r, r->n_fields, "the row ends here; the header has %d columns or more",
                        r->of[column] + 1);
    const size_t i = c->n;
    c->device[i] = 0;
    c->direction[i] = -1;
    if ((c->has_device && whole(r, DEVICE, &c->device[i])) || whole(r, CYCLE, &c->cycle[i]) ||
        whole(r, PULSE, &c->pulse[i]) || (c->has_direction && direction(r, &c->direction[i])) ||
        conductance(r, &c->g[i]))
        return -1;
    c->n++;
    return 0;
}

int curves_parse(struct curves *curves, const char *name, const char *text, size_t length,
                 char *error, size_t error_size) {
    struct reader *r = calloc(1, sizeof *r);
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
    for (int i = 0; i < COLUMNS; i++)
        r->of[i] = -1;
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        r->at += 3;
    int failed = header(r);
    for (const char *rest, *end; !failed && (end = next_line(r, &rest)) != NULL; r->at = rest)
        failed = split(r, end) || row(r);
    if (!failed && curves->n == 0)
        failed = fail(r, 0, "no rows below the header");
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
    free(curves->g);
    memset(curves, 0, sizeof *curves);
}
