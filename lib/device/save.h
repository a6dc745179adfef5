/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_DEVICE_SAVE_H
#define MQC_DEVICE_SAVE_H

#include <memqc/device.h>

#include "core/archive.h"

/* A device as records of an archive, and a new one made of them. FORMAT, NOMEM. */
void mqc_device_write(const memqc_device *device, struct mqc_writer *writer);
memqc_status mqc_device_read(struct mqc_reader *reader, memqc_device **out);

#endif
