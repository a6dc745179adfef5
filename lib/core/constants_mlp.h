/* SPDX-License-Identifier: BSD-3-Clause */
/* Included by constants.c: the public constants of <memqc/mlp_keys.h> that are numbered in blocks. */
