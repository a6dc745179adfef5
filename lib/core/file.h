/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole files. Nothing is kept open. */
#ifndef MQC_CORE_FILE_H
#define MQC_CORE_FILE_H

#include <memqc/base.h>

/* All bytes of a regular file of at most so many; *data is the caller's to free with mqc_free().
 * IO, NOMEM. */
memqc_status mqc_file_read(const char *function, const char *path, size_t most, uint8_t **data,
                           size_t *size);

/* Writes a file that is, whenever the process or the machine stops, the old one or the new one and
 * nothing between: written beside it under a name of its own (path, a dot and six characters),
 * brought to the disk, and renamed. Of two writers at once one wins, whole. The permissions of an
 * old file are kept; a symbolic link at path is replaced, not followed; a folder, a pipe or a
 * device is refused. A failure leaves the old file, and no other. IO, NOMEM. */
memqc_status mqc_file_write(const char *function, const char *path, const void *data, size_t size);

#endif
