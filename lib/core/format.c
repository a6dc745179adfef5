/* SPDX-License-Identifier: BSD-3-Clause */
/* The C library's printf family follows the locale's decimal mark; error texts must not, so this is
 * our own. */
#include "core/error.h"

#include <math.h>

struct text {
    char *out;
    size_t size, used;
};

static void put_char(struct text *t, char c) {
    if (t->used + 1 < t->size)
        t->out[t->used++] = c;
}

static void put_string(struct text *t, const char *s) {
    for (s = s ? s : "(null)"; *s; s++)
        put_char(t, *s);
}

static void put_unsigned(struct text *t, unsigned long long value) {
    char digits[24];
    size_t n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    while (n)
        put_char(t, digits[--n]);
}

static void put_signed(struct text *t, long long value) {
    if (value < 0)
        put_char(t, '-');
    put_unsigned(t, value < 0 ? 0ULL - (unsigned long long)value : (unsigned long long)value);
}

enum { DIGITS = 9 };

/* The DIGITS leading decimal digits of a positive value as a whole number; *exponent is that of the
 * first one. */
static unsigned long long decimal(double value, int *exponent) {
    int e = (int)floor(log10(value));
    double scaled = e < -290 ? value * 1e290 * pow(10.0, DIGITS - 1 - e - 290)
                             : value * pow(10.0, DIGITS - 1 - e);
    unsigned long long m = (unsigned long long)(scaled + 0.5);
    if (m >= 1000000000ULL) {
        m = (m + 5) / 10;
        e++;
    } else if (m < 100000000ULL) {
        m *= 10;
        e--;
    }
    *exponent = e;
    return m;
}

static void put_double(struct text *t, double value) {
    if (isnan(value)) {
        put_string(t, "nan");
        return;
    }
    if (signbit(value)) {
        put_char(t, '-');
        value = -value;
    }
    if (isinf(value)) {
        put_string(t, "inf");
        return;
    }
    if (value == 0) {
        put_char(t, '0');
        return;
    }
    int e;
    unsigned long long m = decimal(value, &e);
    char digits[DIGITS];
    for (int i = DIGITS - 1; i >= 0; i--, m /= 10)
        digits[i] = (char)('0' + m % 10);
    int n = DIGITS;
    while (n > 1 && digits[n - 1] == '0')
        n--;
    const int plain = e >= -5 && e < DIGITS; /* plain notation; else d.ddde-xx */
    const int point = plain ? e : 0;         /* digits before the point, less one */
    if (point < 0) {
        put_string(t, "0.");
        for (int i = -1; i > point; i--)
            put_char(t, '0');
    }
    for (int i = 0; i < n || i <= point; i++) {
        put_char(t, i < n ? digits[i] : '0');
        if (i == point && i + 1 < n)
            put_char(t, '.');
    }
    if (!plain) {
        put_char(t, 'e');
        put_signed(t, e);
    }
}

static long long next_signed(va_list *args, int longs) {
    if (longs > 1)
        return va_arg(*args, long long);
    return longs ? va_arg(*args, long) : va_arg(*args, int);
}

static unsigned long long next_unsigned(va_list *args, int longs, int is_size) {
    if (is_size)
        return va_arg(*args, size_t);
    if (longs > 1)
        return va_arg(*args, unsigned long long);
    return longs ? va_arg(*args, unsigned long) : va_arg(*args, unsigned);
}

static const char *put_conversion(struct text *t, const char *fmt, va_list *args) {
    int longs = 0, is_size = 0;
    for (; *fmt == 'l' || *fmt == 'z'; fmt++) {
        longs += *fmt == 'l';
        is_size |= *fmt == 'z';
    }
    switch (*fmt) {
    case 's':
        put_string(t, va_arg(*args, const char *));
        break;
    case 'd':
        put_signed(t, next_signed(args, longs));
        break;
    case 'u':
        put_unsigned(t, next_unsigned(args, longs, is_size));
        break;
    case 'g':
        put_double(t, va_arg(*args, double));
        break;
    case '\0':
        return fmt;
    default:
        put_char(t, *fmt);
    }
    return fmt + 1;
}

void mqc_format(char *out, size_t size, const char *fmt, va_list args) {
    struct text t = {out, size, 0};
    va_list copy; /* va_list may be an array type: only a copy of our own can be handed on by
                     address */
    va_copy(copy, args);
    while (*fmt) {
        if (*fmt == '%')
            fmt = put_conversion(&t, fmt + 1, &copy);
        else
            put_char(&t, *fmt++);
    }
    va_end(copy);
    if (size)
        out[t.used] = '\0';
}
