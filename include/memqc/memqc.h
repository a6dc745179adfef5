/* SPDX-License-Identifier: BSD-3-Clause */
/** @file memqc.h
 *  Everything: memristor devices (device.h), crossbar arrays of them (crossbar.h), networks trained on those
 *  (mlp.h). Link with `pkg-config --cflags --libs memqc`.
 */
#ifndef MEMQC_MEMQC_H
#define MEMQC_MEMQC_H

#include "base.h"
#include "device.h"
#include "crossbar.h"
#include "crossbar_keys.h"
#include "crossbar_read.h"
#include "mlp.h"

#endif
