/* SPDX-License-Identifier: BSD-3-Clause */
/* The header row of a CSV file: names of columns, units in brackets. */
#include "csv_reader.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    enum csv_column column;
} names[] = {{"device", CSV_DEVICE},
             {"cycle", CSV_CYCLE},
             {"pulse", CSV_PULSE},
             {"direction", CSV_DIRECTION},
             {"read", CSV_READ},
             {"conductance", CSV_CONDUCTANCE},
             {"g", CSV_CONDUCTANCE},
             {"resistance", CSV_RESISTANCE},
             {"r", CSV_RESISTANCE},
             {"current", CSV_CURRENT},
             {"i", CSV_CURRENT},
             {"voltage", CSV_VOLTAGE},
             {"read voltage", CSV_VOLTAGE},
             {"read_voltage", CSV_VOLTAGE},
             {"v", CSV_VOLTAGE}};

static const struct {
    const char *name;
    enum csv_column column;
    double si;
} units[] = {
    {"S", CSV_CONDUCTANCE, 1},
    {"mS", CSV_CONDUCTANCE, 1e-3},
    {"uS", CSV_CONDUCTANCE, 1e-6},
    {"\xc2\xb5S", CSV_CONDUCTANCE, 1e-6},
    {"\xce\xbcS", CSV_CONDUCTANCE, 1e-6},
    {"nS", CSV_CONDUCTANCE, 1e-9},
    {"G0", CSV_CONDUCTANCE, 77.5e-6},
    {"ohm", CSV_RESISTANCE, 1},
    {"kohm", CSV_RESISTANCE, 1e3},
    {"Mohm", CSV_RESISTANCE, 1e6},
    {"\xce\xa9", CSV_RESISTANCE, 1},
    {"k\xce\xa9", CSV_RESISTANCE, 1e3},
    {"M\xce\xa9", CSV_RESISTANCE, 1e6},
    {"A", CSV_CURRENT, 1},
    {"mA", CSV_CURRENT, 1e-3},
    {"uA", CSV_CURRENT, 1e-6},
    {"\xc2\xb5"
     "A",
     CSV_CURRENT, 1e-6},
    {"\xce\xbc"
     "A",
     CSV_CURRENT, 1e-6},
    {"nA", CSV_CURRENT, 1e-9},
    {"V", CSV_VOLTAGE, 1},
    {"mV", CSV_VOLTAGE, 1e-3},
};

/* "conductance [uS]" to a column and the factor of its unit. */
static int header_field(struct csv_reader *r, size_t i) {
    char name[CSV_FIELD_SIZE], unit[CSV_FIELD_SIZE] = "";
    snprintf(name, sizeof name, "%s", r->fields[i]);
    const size_t open = strcspn(name, "[(");
    if (name[open]) {
        snprintf(unit, sizeof unit, "%s", name + open + 1);
        name[open] = '\0';
        const size_t close = strcspn(unit, "])");
        if (!unit[close])
            return csv_fail(r, i + 1, "\"%s\": the bracket of the unit is not closed",
                            r->fields[i]);
        unit[close] = '\0';
        csv_trim(name);
        csv_trim(unit);
    }
    for (size_t j = 0; j < CSV_COUNT(names); j++) {
        const enum csv_column column = names[j].column;
        if (!csv_same_word(name, names[j].name))
            continue;
        if (r->of[column] >= 0)
            return csv_fail(r, i + 1, "a second column \"%s\"", r->fields[i]);
        r->of[column] = (int)i;
        r->si[column] = 1;
        if (column < CSV_CONDUCTANCE)
            return 0;
        for (size_t k = 0; k < CSV_COUNT(units); k++) {
            if (units[k].column == column && strcmp(units[k].name, unit) == 0) {
                r->si[column] = units[k].si;
                return 0;
            }
        }
        return csv_fail(
            r, i + 1,
            "\"%s\" has %s unit; allowed are S, mS, uS, nS, G0, ohm, kohm, Mohm, A, mA, "
            "uA, nA, V, mV, each for its own",
            r->fields[i], *unit ? "an unknown" : "no");
    }
    return 0; /* columns of other names are passed over */
}

int csv_header(struct csv_reader *r) {
    const char *rest, *end = csv_next_line(r, &rest);
    if (!end)
        return csv_fail(r, 0, "no header row");
    r->separator = ',';
    if (memchr(r->at, ';', (size_t)(end - r->at)))
        r->separator = ';';
    else if (memchr(r->at, '\t', (size_t)(end - r->at)))
        r->separator = '\t';
    if (csv_split(r, end))
        return -1;
    r->at = rest;
    for (size_t i = 0; i < r->n_fields; i++)
        if (header_field(r, i))
            return -1;
    const int of_current = r->of[CSV_CURRENT] >= 0 && r->of[CSV_VOLTAGE] >= 0;
    if (r->of[CSV_CYCLE] < 0 || r->of[CSV_PULSE] < 0)
        return csv_fail(r, 0, "the header has no column \"%s\"",
                        r->of[CSV_CYCLE] < 0 ? "cycle" : "pulse");
    if ((r->of[CSV_CONDUCTANCE] >= 0) + (r->of[CSV_RESISTANCE] >= 0) + of_current != 1)
        return csv_fail(
            r, 0,
            "the header must have one of: a conductance, a resistance, a current with a voltage");
    r->curves->has_device = r->of[CSV_DEVICE] >= 0;
    r->curves->has_direction = r->of[CSV_DIRECTION] >= 0;
    r->curves->has_read = r->of[CSV_READ] >= 0;
    return 0;
}
