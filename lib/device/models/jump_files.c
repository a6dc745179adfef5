/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of jumps in an archive: their number, then nodes and quantiles of each direction. */
#include "core/alloc.h"
#include "core/error.h"
#include "device/models/jumps.h"

void mqc_jumps_write(const memqc_device *device, struct mqc_writer *writer) {
    const struct mqc_jumps *jumps = device->jumps;
    mqc_write_u64(writer, "devj", jumps->n);
    for (size_t k = 0; k < 2 * jumps->n; k++) {
        const struct mqc_jump_table *t = &jumps->table[k];
        const size_t n = (size_t)t->n_g;
        mqc_write(writer, "devg", MQC_F32, n, jumps->block + t->g_at);
        mqc_write(writer, "devd", MQC_F32, n * (size_t)t->n_q, jumps->block + t->q_at);
    }
}

static memqc_status read_direction(struct mqc_reader *reader, memqc_device *device, size_t k) {
    size_t n = 0, all = 0;
    float g[MEMQC_DEVICE_TABLE_NODES];
    MQC_TRY(mqc_read_count(reader, "devg", MQC_F32, &n));
    if (n < 1 || n > MEMQC_DEVICE_TABLE_NODES)
        return mqc_read_refuse(reader, "a table of jumps of a size that none has");
    MQC_TRY(mqc_read(reader, "devg", MQC_F32, n, g));
    MQC_TRY(mqc_read_count(reader, "devd", MQC_F32, &all));
    if (all % n || all / n > MEMQC_DEVICE_JUMP_QUANTILES)
        return mqc_read_refuse(reader, "a table of jumps of a size that none has");
    float *quantiles = mqc_alloc(all + 1, sizeof *quantiles);
    if (!quantiles)
        return MEMQC_ERROR_NOMEM;
    memqc_status status = mqc_read(reader, "devd", MQC_F32, all, quantiles);
    if (status == MEMQC_OK)
        status = memqc_device_set_jumps(device, k / 2, k % 2 ? -1 : 1, n, g, all / n, quantiles);
    mqc_free(quantiles);
    if (status == MEMQC_ERROR_ARGUMENT || status == MEMQC_ERROR_DATA)
        return mqc_read_refuse(reader, "a table of jumps that none can be");
    return status;
}

memqc_status mqc_jumps_read(struct mqc_reader *reader, memqc_device *device) {
    uint64_t tables = 0;
    MQC_TRY(mqc_read_u64(reader, "devj", 1, MEMQC_DEVICE_JUMP_TABLES, &tables));
    for (size_t k = 0; k < 2 * tables; k++)
        MQC_TRY(read_direction(reader, device, k));
    return MEMQC_OK;
}
