/* SPDX-License-Identifier: BSD-3-Clause */
/** @file memqc.h
 *  Everything: memristor devices (device.h), devices from measured curves (fit.h), crossbar arrays
 *  (crossbar.h), networks trained on them (mlp.h), and studies of these (study.h). Link with
 *  `pkg-config --cflags --libs memqc`.
 */
#ifndef MEMQC_MEMQC_H
#define MEMQC_MEMQC_H

#include "base.h"
#include "device_keys.h"
#include "device.h"
#include "device_effects.h"
#include "device_measured.h"
#include "device_custom.h"
#include "fit.h"
#include "crossbar.h"
#include "crossbar_keys.h"
#include "crossbar_read.h"
#include "mlp.h"
#include "mlp_keys.h"
#include "study.h"

#endif
