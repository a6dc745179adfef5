/* SPDX-License-Identifier: BSD-3-Clause */
/* The public headers are read here for their numbers only: nothing above core is called. */
#include "core/constants.h"
#include "core/error.h"

#include <memqc/memqc.h>

/* The blocks of the public enumerations: from its first number to before the next block's. */
static const struct {
    int32_t first;
    const char *what;
} blocks[] = {
    {101, "a text of a parameter"},
    {111, "a number of a parameter"},
    {201, "a kind of parameter"},
    {301, "a statistic of memqc_summary()"},
    {401, "a phase of a long call"},
    {1001, "a parameter of a device"},
    {1101, "a model of a device"},
    {1111, "a law of noise of a device"},
    {1121, "a way to treat draws below zero"},
    {1131, "a fault of a cell"},
    {1151, "a candidate of a fit"},
    {1161, "a value of a fit"},
    {2001, "a parameter of a crossbar"},
    {2101, "a mapping of a crossbar"},
    {2111, "a normalization of a crossbar"},
    {2121, "a programming scheme of a crossbar"},
    {2131, "an input coding of a crossbar"},
    {2141, "an input format of a crossbar"},
    {2151, "an ADC range of a crossbar"},
    {2161, "what an ADC of a crossbar senses"},
    {2171, "a path of read noise of a crossbar"},
    {2181, "the ends of the lines of a crossbar"},
    {2191, "a method for the wires of a crossbar"},
    {2201, "an update rule of a crossbar"},
    {2301, "a counter of a crossbar"},
    {2401, "a cost of a crossbar"},
    {2501, "a value of a crossbar's report"},
    {3001, "a parameter of an mlp"},
    {3101, "an update rule of an mlp"},
    {3111, "an activation of an mlp"},
    {3121, "a loss of an mlp"},
    {3131, "a kind of bias of an mlp"},
    {3141, "an optimizer of an mlp"},
    {3151, "a learning-rate schedule of an mlp"},
    {3161, "what an mlp monitors"},
    {3201, "a value of an mlp's history"},
    {3301, "a property of a sensitivity"},
};

#define NAME(constant) \
    { constant, #constant }
static const struct {
    int32_t value;
    const char *name;
} names[] = {
#include "core/constants_base.h"
#include "core/constants_crossbar.h"
#include "core/constants_device.h"
#include "core/constants_mlp.h"
};

int mqc_constant(double value, const char **name, const char **what) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].value != value)
            continue;
        *name = names[i].name;
        for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++)
            if (blocks[b].first <= value)
                *what = blocks[b].what;
        return 1;
    }
    return 0;
}

memqc_status mqc_refuse_constant(const char *function, const char *argument, double value,
                                 const char *wanted) {
    const char *name, *what = "";
    if (mqc_constant(value, &name, &what))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s = %g is %s, %s; %s", function, argument,
                        value, name, what, wanted);
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s = %g is no such constant; %s", function, argument,
                    value, wanted);
}
