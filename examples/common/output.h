/* SPDX-License-Identifier: BSD-3-Clause */
/* The end of a program whose results went to standard output. */
#ifndef MEMQC_EXAMPLES_OUTPUT_H
#define MEMQC_EXAMPLES_OUTPUT_H

/* Returns status, or 1 if any of the output was lost, as on a full disk; then says so in the name of
 * the program. */
int output_end(const char *program, int status);

#endif
