/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory and archive of the pulses that tables of jumps were fitted to. */
#include "device/models/jump_pairs.h"
#include "core/alloc.h"
#include "core/error.h"
#include "device/models/jumps.h"

#include <math.h>

memqc_status mqc_jump_pairs_make(size_t tables, size_t n, struct mqc_jump_pairs **out) {
    struct mqc_jump_pairs *pairs = *out = mqc_alloc(1, sizeof *pairs);
    if (!pairs)
        return MEMQC_ERROR_NOMEM;
    atomic_init(&pairs->holders, 1);
    pairs->tables = tables;
    pairs->n = n;
    pairs->first = mqc_alloc(5 * tables + 1, sizeof *pairs->first);
    pairs->low = mqc_alloc(2 * tables, sizeof *pairs->low);
    pairs->before = mqc_alloc(2 * n, sizeof *pairs->before);
    pairs->group = mqc_alloc(n, sizeof *pairs->group);
    if (!pairs->first || !pairs->low || !pairs->before || !pairs->group) {
        mqc_jump_pairs_free(out);
        return MEMQC_ERROR_NOMEM;
    }
    pairs->near = pairs->first + 2 * tables + 1;
    pairs->groups = pairs->near + 2 * tables;
    pairs->high = pairs->low + tables;
    pairs->after = pairs->before + n;
    return MEMQC_OK;
}

void mqc_jump_pairs_hold(struct mqc_jump_pairs *pairs) {
    if (pairs)
        atomic_fetch_add_explicit(&pairs->holders, 1, memory_order_relaxed);
}

void mqc_jump_pairs_free(struct mqc_jump_pairs **pairs) {
    struct mqc_jump_pairs *const old = *pairs;
    *pairs = NULL;
    if (!old || atomic_fetch_sub_explicit(&old->holders, 1, memory_order_acq_rel) != 1)
        return;
    mqc_free(old->first);
    mqc_free(old->low);
    mqc_free(old->before);
    mqc_free(old->group);
    mqc_free(old);
}

/* --- archive --- */

void mqc_jump_pairs_write(const struct mqc_jump_pairs *pairs, struct mqc_writer *writer) {
    mqc_write_u64(writer, "jmpt", pairs ? pairs->tables : 0);
    if (!pairs)
        return;
    mqc_write_u64(writer, "jmpn", pairs->n);
    for (size_t i = 0; i < 5 * pairs->tables + 1; i++)
        mqc_write_u64(writer, "jmps", pairs->first[i]);
    mqc_write(writer, "jmpb", MQC_F32, 2 * pairs->tables, pairs->low);
    mqc_write(writer, "jmpg", MQC_F32, pairs->n, pairs->before);
    mqc_write(writer, "jmpa", MQC_F32, pairs->n, pairs->after);
    mqc_write(writer, "jmpc", MQC_U32, pairs->n, pairs->group);
}

/* Is direction k of what was read one that a fit can have? */
static int is_direction(const struct mqc_jump_pairs *pairs, size_t k) {
    const size_t first = pairs->first[k], end = pairs->first[k + 1], table = k / 2;
    int good = first <= end && end <= pairs->n && pairs->near[k] <= pairs->n;
    good = good && (pairs->near[k] > 0) == (end > first);
    for (size_t i = first; good && i < end; i++)
        good = pairs->before[i] >= 0 && pairs->before[i] <= 1e3f && pairs->after[i] >= 0 &&
               pairs->after[i] <= 1e3f && pairs->group[i] < pairs->groups[table] &&
               (i == first || pairs->before[i] >= pairs->before[i - 1]);
    return good;
}

static int is_right(const struct mqc_jump_pairs *pairs) {
    int good = pairs->first[0] == 0 && pairs->first[2 * pairs->tables] == pairs->n;
    for (size_t t = 0; t < pairs->tables; t++)
        good = good && pairs->groups[t] <= pairs->n && isfinite(pairs->low[t]) &&
               isfinite(pairs->high[t]) && pairs->near[2 * t] + pairs->near[2 * t + 1] > 0;
    for (size_t k = 0; k < 2 * pairs->tables; k++)
        good = good && is_direction(pairs, k);
    return good;
}

static memqc_status read_into(struct mqc_reader *reader, struct mqc_jump_pairs *pairs) {
    for (size_t i = 0; i < 5 * pairs->tables + 1; i++) {
        uint64_t value = 0;
        MQC_TRY(mqc_read_u64(reader, "jmps", 0, pairs->n, &value));
        pairs->first[i] = (size_t)value;
    }
    MQC_TRY(mqc_read(reader, "jmpb", MQC_F32, 2 * pairs->tables, pairs->low));
    MQC_TRY(mqc_read(reader, "jmpg", MQC_F32, pairs->n, pairs->before));
    MQC_TRY(mqc_read(reader, "jmpa", MQC_F32, pairs->n, pairs->after));
    MQC_TRY(mqc_read(reader, "jmpc", MQC_U32, pairs->n, pairs->group));
    return is_right(pairs) ? MEMQC_OK
                           : mqc_read_refuse(reader, "pulses of a fit that none can have had");
}

/* The archive holds as many bytes as it says, so the pairs are no more than these. */
memqc_status mqc_jump_pairs_read(struct mqc_reader *reader, memqc_device *device) {
    const size_t most = device->jumps && device->fit.taken ? device->jumps->n : 0;
    uint64_t tables = 0, n = 0;
    MQC_TRY(mqc_read_u64(reader, "jmpt", 0, most, &tables));
    if (tables == 0)
        return MEMQC_OK;
    if (tables != most)
        return mqc_read_refuse(reader, "pulses of a fit of other tables of jumps");
    MQC_TRY(mqc_read_u64(reader, "jmpn", 1, reader->end, &n));
    MQC_TRY(mqc_jump_pairs_make((size_t)tables, (size_t)n, &device->pairs));
    return read_into(reader, device->pairs);
}
