/* SPDX-License-Identifier: BSD-3-Clause */
/* What an update rule keeps, in an archive: all but the fast array, which follows as an array. */
#include "core/archive.h"
#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/update/update.h"

enum { GATHERED = 1, ZERO = 2, FAST = 4 };

void mqc_update_write(const memqc_crossbar *xb, struct mqc_writer *writer) {
    const struct mqc_update *update = &xb->update;
    const int gathered = update->gathered ? GATHERED : 0, zero = update->zero ? ZERO : 0;
    mqc_write_u64(writer, "uste", update->steps);
    mqc_write_u64(writer, "uopt", (uint64_t)(gathered | zero | (update->fast ? FAST : 0)));
    if (gathered)
        mqc_write(writer, "ugat", MQC_F32, xb->shape.cells, update->gathered);
    if (zero)
        mqc_write(writer, "uzer", MQC_F32, xb->shape.cells, update->zero);
}

static memqc_status read_floats(struct mqc_reader *reader, const char *tag, size_t n, float **x) {
    size_t there = 0;
    MQC_TRY(mqc_read_count(reader, tag, MQC_F32, &there)); /* before memory for them */
    if (there != n)
        return mqc_read_refuse(reader, "an update rule's state of another size than its array");
    MQC_TRY(MQC_HAVE(x, n));
    return mqc_read(reader, tag, MQC_F32, n, *x);
}

memqc_status mqc_update_read(struct mqc_reader *reader, memqc_crossbar *xb, int *fast) {
    uint64_t options = 0;
    MQC_TRY(mqc_read_u64(reader, "uste", 0, UINT64_MAX, &xb->update.steps));
    MQC_TRY(mqc_read_u64(reader, "uopt", 0, GATHERED | ZERO | FAST, &options));
    *fast = (options & FAST) != 0;
    if (options & GATHERED)
        MQC_TRY(read_floats(reader, "ugat", xb->shape.cells, &xb->update.gathered));
    if (options & ZERO)
        MQC_TRY(read_floats(reader, "uzer", xb->shape.cells, &xb->update.zero));
    return MEMQC_OK;
}
