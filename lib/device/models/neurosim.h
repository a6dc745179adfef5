/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_DEVICE_NEUROSIM_H
#define MQC_DEVICE_NEUROSIM_H

/* The label of the nonlinearity whose affine step has this slope. */
double mqc_neurosim_label(double slope);

#endif
