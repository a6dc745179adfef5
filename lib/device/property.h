/* SPDX-License-Identifier: BSD-3-Clause */
/* What is not ideal about a device, property by property, each with a factor: 0 is a device without
 * it, 1 the device as it is. */
#ifndef MQC_DEVICE_PROPERTY_H
#define MQC_DEVICE_PROPERTY_H

#include "device/cell/inside.h"

enum mqc_property {
    MQC_PROPERTY_LEVELS,     /* the factor is on the step between levels */
    MQC_PROPERTY_C2C,        /* noise of programming */
    MQC_PROPERTY_D2D,        /* spread from cell to cell */
    MQC_PROPERTY_ASYMMETRY,  /* steps that differ with the direction or along the range */
    MQC_PROPERTY_READ_NOISE, /* and telegraph noise */
    MQC_PROPERTY_FAULTS,     /* stuck cells */
    MQC_PROPERTY_DRIFT,      /* drift and relaxation */
    MQC_PROPERTIES
};

/* Scales a property; values stop at the bounds of their parameters. Levels go first where several
 * are scaled: noise of pulses is kept the same over the same way. ARGUMENT where the model refuses;
 * the device is then undefined. */
memqc_status mqc_property_scale(memqc_device *device, enum mqc_property property, double factor);

/* The largest factor that does more than the ones below it. */
double mqc_property_most(const memqc_device *device, enum mqc_property property);

/* How much of it the device has: LEVELS their number; C2C root mean square over the levels of the
 * sd of what programming gives, S; D2D the largest of its sds; ASYMMETRY the largest relative
 * deviation of a step from their mean; READ_NOISE root mean square over the levels of the sd of a
 * read, S; FAULTS the fraction of cells; DRIFT root mean square over the levels of the change of G
 * after so many seconds, over G_MAX - G_MIN. */
double mqc_property_value(const memqc_device *device, enum mqc_property property, double seconds);

/* Gives some of it to a device that has none, for the factor to scale. Returns 0 where the model
 * knows no such thing. */
int mqc_property_begin(memqc_device *device, enum mqc_property property);

/* Are two arrays of it alike? */
int mqc_device_is_deterministic(const memqc_device *device);

#endif
