/* SPDX-License-Identifier: BSD-3-Clause */
/* Written by tests/abi/update_constants.py, for constants.c: names of public constants. */
/* clang-format off */
NAME(MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT),
NAME(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR),
NAME(MEMQC_DEVICE_FIT_QUANTIZED_PROPORTIONAL),
