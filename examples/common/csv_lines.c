/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines, fields and numbers of a CSV file. */
#include "csv_reader.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int csv_fail(struct csv_reader *r, size_t column, const char *format, ...) {
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

int csv_same_word(const char *a, const char *b) {
    while (*a && lower(*a) == *b)
        a++, b++;
    return *a == *b;
}

void csv_trim(char *text) {
    size_t from = strspn(text, " \t"), n = strlen(text + from);
    memmove(text, text + from, n + 1);
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        text[--n] = '\0';
}

int csv_split(struct csv_reader *r, const char *end) {
    const char *p = r->at;
    r->n_fields = 0;
    for (;;) {
        if (r->n_fields == CSV_MOST_COLUMNS)
            return csv_fail(r, 0, "more than %d columns", (int)CSV_MOST_COLUMNS);
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
            if (*p == '\0' || n + 1 == CSV_FIELD_SIZE)
                return csv_fail(r, r->n_fields,
                                *p ? "a field of more than %d bytes" : "a zero byte",
                                (int)CSV_FIELD_SIZE - 1);
            field[n++] = *p;
        }
        field[n] = '\0';
        if (quoted)
            return csv_fail(r, r->n_fields, "a quotation mark is not closed on its line");
        csv_trim(field);
        if (p == end)
            return 0;
        p++;
    }
}

const char *csv_next_line(struct csv_reader *r, const char **rest) {
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

int csv_number(struct csv_reader *r, enum csv_column column, double *value) {
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
        return csv_fail(r, i + 1, "\"%s\" is no number", r->fields[i]);
    /* a power of ten below 1 is not exact: divide by its inverse */
    *value = (scale < 0 ? mantissa / pow(10, -scale) : mantissa * pow(10, scale)) * r->si[column] *
             (negative ? -1 : 1);
    if (!isfinite(*value))
        return csv_fail(r, i + 1, "\"%s\" is too large", r->fields[i]);
    return 0;
}

int csv_whole(struct csv_reader *r, enum csv_column column, int32_t *value) {
    double number_value;
    if (csv_number(r, column, &number_value))
        return -1;
    if (number_value != floor(number_value) || fabs(number_value) > INT32_MAX)
        return csv_fail(r, (size_t)r->of[column] + 1, "\"%s\" is no whole number up to 2^31 - 1",
                        r->fields[r->of[column]]);
    *value = (int32_t)number_value;
    return 0;
}
