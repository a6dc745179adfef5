/* SPDX-License-Identifier: BSD-3-Clause */
/** @file device_custom.h
 *  Models of the caller's own: a function that says what a pulse does to many cells at once.
 *
 *  Such a device is of the model #MEMQC_DEVICE_CUSTOM, a pulsed one: the state of a cell is its
 *  conductance. The library does all that it does with its own models: it draws the random numbers
 *  and what differs from cell to cell, programs levels, ages and reads cells, trains arrays and
 *  networks of them, and studies these. G_MIN and G_MAX are the window, STATES its levels. Steps of
 *  cells differ by D2D_STEP, ASYMMETRY and D2D_ASYMMETRY, which are factors on what the function
 *  moves, and C2C_... add noise to that of the function.
 *
 *  The equation in the function is the one that a physical model is written in, such as VTEAM's
 *  dw/dt over a pulse of a voltage and a width. examples/06_custom_device.c has that model.
 */
#ifndef MEMQC_DEVICE_CUSTOM_H
#define MEMQC_DEVICE_CUSTOM_H

#include "device.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most parameters that each cell of a custom device has of its own. @since 0.3 */
#define MEMQC_DEVICE_CUSTOM_PARAMETERS 16

/** One pulse on each of n cells.
 *
 *  The function must be pure: what it makes of a cell depends on the arguments of that cell alone,
 *  and not on n, on other cells, or on earlier calls. Then results have equal bits however cells
 *  are grouped and whatever the number of threads. Studies call it from several threads at once.
 *  It must not call the library with an object that is at work.
 *
 *  The library keeps conductances within the window of each cell. NaN leaves a cell as it was; this
 *  and a result other than 0 end the call of the library with DATA. Cells whose pulses came before
 *  have had them; the cells of the failed call of this function have not.
 *  @param user      what memqc_device_create_custom() was given
 *  @param n         cells, 1 .. 1024
 *  @param volts     V, n voltages: SET_VOLTAGE for potentiation, RESET_VOLTAGE for depression; from
 *                   memqc_device_apply() any voltage but 0
 *  @param seconds   s, width of the pulse, PULSE_TIME
 *  @param cells     arrays of n values: cells[0] and cells[1] are the bounds of the cells in S,
 *                   cells[2 + p] is their parameter p
 *  @param normals   n numbers of N(0, 1), new for each pulse, times the factor of D2D_NOISE; NULL:
 *                   without noise, as for the nominal course that programming goes by
 *  @param uniforms  n numbers in [0, 1), new for each pulse; NULL where normals is
 *  @param g         S, n conductances, changed
 *  @return 0; any other value is an error of the caller's own, which the text names
 *  @since 0.3 */
typedef int32_t (*memqc_device_step)(void *user, size_t n, const float *volts, double seconds,
                                     const float *const *cells, const float *normals,
                                     const float *uniforms, float *g);

/** Frees what a step function uses. @since 0.3 */
typedef void (*memqc_device_release)(void *user);

/** New device whose pulses are a function of the caller, without parameters of cells, seed 0.
 *
 *  Copies of the device, such as those in arrays and networks, share the function. When the last
 *  is destroyed, `release` is called, once, in the thread that destroys it. Where this call fails,
 *  it is not called.
 *
 *  The function itself cannot be saved. Saving such a device, or an array or a network with one, is
 *  refused (STATE), as is training with a checkpoint.
 *  @param name     of the model, for texts; 1 .. 63 characters, copied
 *  @param step     the function
 *  @param user     for the function; may be NULL
 *  @param release  frees user; may be NULL
 *  @param out      the device, to be given to memqc_device_destroy(); NULL on failure
 *  @return ARGUMENT, NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_device_create_custom(const char *name, memqc_device_step step,
                                                  void *user, memqc_device_release release,
                                                  memqc_device **out);

/** Sets the parameters of the cells of a custom device, all of them. Cell i has of parameter p
 *
 *      mean[p] F + normal[p] Z
 *
 *  for life: F is a log-normal factor of mean 1 and standard deviation lognormal[p], Z is N(0, 1).
 *  @param n          parameters, 0 .. #MEMQC_DEVICE_CUSTOM_PARAMETERS
 *  @param mean       n values, in the unit of the parameter, finite in single precision
 *  @param lognormal  n standard deviations of the factors, 0 .. 10; NULL: all 0
 *  @param normal     n standard deviations in the unit of the parameter, 0 or more; NULL: all 0
 *  @return ARGUMENT (another model; n), DATA (a value out of range)  @since 0.3 */
MEMQC_API memqc_status memqc_device_set_custom(memqc_device *device, size_t n, const double *mean,
                                               const double *lognormal, const double *normal);

/** Gets the parameters of the cells of a custom device.
 *  @param room  elements of each array; 0 asks for n alone
 *  @param mean, lognormal, normal  n values; each may be NULL
 *  @param n     how many parameters there are; set also where the room is too little
 *  @return ARGUMENT (another model; room)  @since 0.3 */
MEMQC_API memqc_status memqc_device_get_custom(const memqc_device *device, size_t room,
                                               double *mean, double *lognormal, double *normal,
                                               size_t *n);

/** The values that n cells of a custom device have of one of their parameters.
 *  @param parameter  its number, from 0
 *  @param values     n values
 *  @return ARGUMENT (another model; no such parameter; cells)  @since 0.3 */
MEMQC_API memqc_status memqc_device_custom_cells(const memqc_device *device, size_t parameter,
                                                 uint64_t cell, size_t n, float *values);

#ifdef __cplusplus
}
#endif

#endif
