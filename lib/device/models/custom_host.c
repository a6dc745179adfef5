/* SPDX-License-Identifier: BSD-3-Clause */
/* The caller's function behind a custom device. Copies of a device count as holders of one; they
 * may be made and destroyed in several threads at once. Pulses have no status: a fault is noted, and
 * the public function asks for it at its end. Several threads may call one const device, so that the
 * note is the thread's, as the error text is. */
#include "device/models/custom_host.h"
#include "core/alloc.h"
#include "core/error.h"

#include <stdatomic.h>
#include <string.h>

struct mqc_host {
    atomic_size_t holders;
    memqc_device_step step;
    void *user;
    memqc_device_release release;
    char name[MQC_HOST_NAME];
};

enum fault_kind { FAILED, MADE_NAN };

/* Of the last device that failed in this thread. */
static _Thread_local struct {
    const memqc_device *device;
    enum fault_kind kind;
    int32_t result; /* FAILED */
    float volts, g; /* MADE_NAN */
} fault;

/* A device that is new, or about to go: what its address meant before is over. */
static void forget(const memqc_device *device) {
    if (fault.device == device)
        fault.device = NULL;
}

memqc_status mqc_host_make(memqc_device *device, const char *name, memqc_device_step step,
                           void *user, memqc_device_release release) {
    struct mqc_host *host = mqc_alloc(1, sizeof *host);
    if (!host)
        return MEMQC_ERROR_NOMEM;
    forget(device);
    atomic_init(&host->holders, 1);
    host->step = step;
    host->user = user;
    host->release = release;
    memcpy(host->name, name, strlen(name));
    device->custom.host = host;
    return MEMQC_OK;
}

void mqc_host_share(memqc_device *copy) {
    struct mqc_host *const host = copy->custom.host;
    forget(copy);
    if (host)
        atomic_fetch_add_explicit(&host->holders, 1, memory_order_relaxed);
}

void mqc_host_leave(memqc_device *device) {
    struct mqc_host *const host = device->custom.host;
    forget(device);
    device->custom.host = NULL;
    if (!host || atomic_fetch_sub_explicit(&host->holders, 1, memory_order_acq_rel) != 1)
        return;
    if (host->release)
        host->release(host->user);
    mqc_free(host);
}

int mqc_host_has_fault(const memqc_device *device) {
    return fault.device == device;
}

int mqc_host_call(const memqc_device *device, size_t n, const float *volts,
                  const float *const *cells, const float *normals, const float *uniforms,
                  float *g) {
    const struct mqc_host *host = device->custom.host;
    if (fault.device == device)
        return 1;
    const double seconds = device->value[MQC_DEVICE_AT(PULSE_TIME)];
    const int32_t result = host->step(host->user, n, volts, seconds, cells, normals, uniforms, g);
    if (result == 0)
        return 0;
    fault.device = device;
    fault.kind = FAILED;
    fault.result = result;
    return 1;
}

void mqc_host_note_nan(const memqc_device *device, float volts, float g) {
    if (fault.device == device)
        return;
    fault.device = device;
    fault.kind = MADE_NAN;
    fault.volts = volts;
    fault.g = g;
}

memqc_status mqc_host_check(const memqc_device *device, const char *function) {
    if (fault.device != device)
        return MEMQC_OK;
    fault.device = NULL;
    if (fault.kind == FAILED)
        return mqc_fail(MEMQC_ERROR_DATA,
                        "%s: the step function of the custom device \"%s\" returned %d; 0 is "
                        "wanted",
                        function, device->custom.host->name, (int)fault.result);
    return mqc_fail(MEMQC_ERROR_DATA,
                    "%s: the step function of the custom device \"%s\" made NaN of a cell at %g S "
                    "by a pulse of %g V",
                    function, device->custom.host->name, (double)fault.g, (double)fault.volts);
}

memqc_status mqc_host_check_saved(const memqc_device *device) {
    if (!device->custom.host)
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_STATE,
                    "the custom device \"%s\" is a function of the program's own, which no file "
                    "can hold; save weights or conductances instead",
                    device->custom.host->name);
}
