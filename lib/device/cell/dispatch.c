/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernels for this machine. The choice stands in a file of its own because kernels.c
 * and the other files of kernels are compiled several times. */
#include "device/cell/course_kernels.h"
#include "device/cell/effect_kernels.h"
#include "device/cell/jump_kernels.h"
#include "device/cell/kernels.h"
#include "device/cell/leap_kernels.h"

const struct mqc_device_kernels *mqc_device_kernels(void) {
    static const struct mqc_device_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_device_kernels);
    return tables[mqc_isa()];
}

const struct mqc_effect_kernels *mqc_effect_kernels(void) {
    static const struct mqc_effect_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_effect_kernels);
    return tables[mqc_isa()];
}

const struct mqc_jump_kernels *mqc_jump_kernels(void) {
    static const struct mqc_jump_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_jump_kernels);
    return tables[mqc_isa()];
}

const struct mqc_leap_kernels *mqc_leap_kernels(void) {
    static const struct mqc_leap_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_leap_kernels);
    return tables[mqc_isa()];
}

const struct mqc_course_kernels *mqc_course_kernels(void) {
    static const struct mqc_course_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_course_kernels);
    return tables[mqc_isa()];
}
