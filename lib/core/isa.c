/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/isa.h"

#ifdef MQC_TESTING
enum mqc_isa mqc_isa_limit = MQC_ISA_COUNT;
#endif

static enum mqc_isa widest(void) {
#ifdef MQC_X86
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return MQC_ISA_AVX512;
    if (__builtin_cpu_supports("avx2"))
        return MQC_ISA_AVX2;
#endif
    return MQC_ISA_BASE;
}

enum mqc_isa mqc_isa(void) {
#ifdef MQC_TESTING
    return widest() < mqc_isa_limit ? widest() : mqc_isa_limit;
#else
    return widest();
#endif
}
