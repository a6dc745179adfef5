/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernels: each layer's hot loops are plain C in a file kernels.c that is compiled once for each
 * instruction set below, and vectorized by the compiler. All builds give the same bits: only IEEE
 * operations, no contraction, no reassociation. A layer picks its table by mqc_isa();
 * MQC_KERNEL(name) is the name of a function or table in the build at hand. */
#ifndef MQC_CORE_ISA_H
#define MQC_CORE_ISA_H

enum mqc_isa { MQC_ISA_BASE, MQC_ISA_AVX2, MQC_ISA_AVX512, MQC_ISA_COUNT };

/* The widest instruction set that was built and that this machine runs. */
enum mqc_isa mqc_isa(void);

#ifdef MQC_TESTING
/* Tests may ask for a narrower one, before the first call of the library. */
extern enum mqc_isa mqc_isa_limit;
#endif

#define MQC_PASTE_(a, b) a##_##b
#define MQC_PASTE(a, b) MQC_PASTE_(a, b)
#define MQC_KERNEL(name) MQC_PASTE(name, MQC_ISA)

/* Functions of which each loop of a kernel has a copy of its own, with its constants in it. Counts of
 * coverage have one copy. */
#if defined(__GNUC__) && !defined(MQC_ONE_COPY)
#define MQC_INLINE static inline __attribute__((always_inline))
#else
#define MQC_INLINE static inline
#endif

/* Declares a layer's tables, and the initializer of the array to choose from. */
#ifdef MQC_X86
#define MQC_DECLARE_KERNELS(type, name) \
    extern const struct type name##_base, name##_avx2, name##_avx512
#define MQC_KERNEL_TABLES(name) \
    { &name##_base, &name##_avx2, &name##_avx512 }
#else
#define MQC_DECLARE_KERNELS(type, name) extern const struct type name##_base
#define MQC_KERNEL_TABLES(name) \
    { &name##_base, &name##_base, &name##_base }
#endif

#endif
