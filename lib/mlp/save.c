/* SPDX-License-Identifier: BSD-3-Clause */
/* A network in an archive, with all that its training needs to go on. */
#include "mlp/save.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/file.h"
#include "crossbar/array/params.h"
#include "crossbar/save.h"
#include "device/models/custom_host.h"
#include "device/save.h"
#include "mlp/checks.h"
#include "mlp/history.h"
#include "mlp/layer.h"
#include "mlp/params.h"
#include "mlp/pass/plan.h"
#include "mlp/pass/store.h"
#include "mlp/rules/rules.h"
#include "mlp/valid.h"

#include <string.h>

enum { VERSION = 2, STATE = 9, SUMS = 5 };

/* --- writing --- */

static void write_store(const struct mqc_layer *layer, const struct mqc_store *store,
                        struct mqc_writer *writer) {
    mqc_write(writer, "bias", MQC_F32, layer->out, store->bias);
    if (store->xb)
        mqc_crossbar_write(store->xb, writer);
    if (store->w)
        mqc_write(writer, "wght", MQC_F32, layer->rows * layer->out, store->w);
    for (size_t i = 0; i < MQC_STATES && store->state[i]; i++)
        mqc_write(writer, "stat", MQC_F32, mqc_layer_state(layer), store->state[i]);
}

static void write_progress(const memqc_mlp *mlp, struct mqc_writer *writer) {
    const struct mqc_progress *at = &mlp->at;
    const struct mqc_running *run = &at->running;
    const uint64_t state[STATE] = {mlp->seed,      mlp->ready != 0,   at->epochs,
                                   at->best_epoch, at->epoch_samples, at->steps,
                                   run->samples,   run->correct,      at->best_kept != 0};
    const double sums[SUMS] = {run->loss, run->before.pulses, run->before.energy,
                               run->before.saturated, at->best};
    mqc_write(writer, "prog", MQC_U64, STATE, state);
    mqc_write(writer, "sums", MQC_F64, SUMS, sums);
    mqc_write_u64(writer, "hcol", MQC_MLP_HISTORY);
    mqc_write(writer, "hist", MQC_F64, at->epochs * (size_t)MQC_MLP_HISTORY, mlp->history);
}

static void write_plan(const struct mqc_plan *plan, struct mqc_writer *writer) {
    uint32_t chosen[MQC_CROSSBAR_KEYS];
    for (size_t i = 0; i < MQC_CROSSBAR_KEYS; i++)
        chosen[i] = plan->chosen[i];
    mqc_write(writer, "plan", MQC_F64, MQC_CROSSBAR_KEYS, plan->array->value);
    mqc_write(writer, "chos", MQC_U32, MQC_CROSSBAR_KEYS, chosen);
}

static void write_mlp(const memqc_mlp *mlp, struct mqc_writer *writer) {
    uint64_t sizes[MQC_MLP_LAYERS + 1] = {mqc_mlp_inputs(mlp)};
    mqc_write_start(writer, MQC_KIND_MLP, VERSION);
    for (size_t l = 0; l < mlp->n_layers; l++)
        sizes[l + 1] = mlp->layer[l].out;
    mqc_write(writer, "size", MQC_U64, mlp->n_layers + 1, sizes);
    mqc_write(writer, "para", MQC_F64, MQC_MLP_KEYS, mlp->value);
    write_progress(mlp, writer);
    for (size_t l = 0; l < mlp->n_layers; l++) {
        const struct mqc_layer *layer = &mlp->layer[l];
        mqc_write(writer, "para", MQC_F64, MQC_MLP_KEYS, layer->value);
        mqc_write_u64(writer, "devi", layer->device != NULL);
        if (layer->device)
            mqc_device_write(layer->device, writer);
        write_plan(&layer->plan, writer);
        if (mlp->ready)
            write_store(layer, &layer->now, writer);
        if (mlp->at.best_kept)
            write_store(layer, &layer->best[mlp->at.best_slot], writer);
    }
}

memqc_status memqc_mlp_save_memory(const memqc_mlp *mlp, void *data, size_t room, size_t *size) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(size);
    if (!data && room)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: data is NULL, and room = %zu", __func__, room);
    struct mqc_writer writer;
    write_mlp(mlp, &writer);
    return mqc_write_to_memory(&writer, __func__, "network", data, room, size);
}

static memqc_status save(const memqc_mlp *mlp, const char *function, const char *path) {
    struct mqc_writer writer;
    write_mlp(mlp, &writer);
    return mqc_write_to_file(&writer, function, path);
}

memqc_status memqc_mlp_save(const memqc_mlp *mlp, const char *path) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(path);
    return save(mlp, __func__, path);
}

memqc_status mqc_mlp_save_checkpoint(const memqc_mlp *mlp, const char *function) {
    return mlp->checkpoint ? save(mlp, function, mlp->checkpoint) : MEMQC_OK;
}

memqc_status mqc_mlp_check_checkpoint(const memqc_mlp *mlp, const char *function) {
    for (size_t l = 0; mlp->checkpoint && l < mlp->n_layers; l++)
        if (mlp->layer[l].device)
            MQC_TRY(mqc_fail_in(function, mqc_host_check_saved(mlp->layer[l].device)));
    return MEMQC_OK;
}

memqc_status memqc_mlp_set_checkpoint(memqc_mlp *mlp, const char *path, uint64_t samples) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_idle(mlp, __func__));
    if (!path && samples)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: samples = %llu would be without effect: path is NULL", __func__,
                        (unsigned long long)samples);
    char *copy = NULL;
    if (path) {
        if (!(copy = mqc_alloc(strlen(path) + 1, 1)))
            return MEMQC_ERROR_NOMEM;
        memcpy(copy, path, strlen(path));
    }
    mqc_free(mlp->checkpoint);
    mlp->checkpoint = copy;
    mlp->checkpoint_samples = samples;
    return MEMQC_OK;
}

/* --- reading --- */

static memqc_status read_store(struct mqc_reader *reader, const struct mqc_layer *layer,
                               struct mqc_store *store) {
    size_t n = 0;
    MQC_TRY(mqc_read_count(reader, "bias", MQC_F32, &n)); /* before anything is allocated for a
                                                             shape that may be invented */
    if (n != layer->out || (reader->end - reader->at) / sizeof(float) < layer->rows * layer->out)
        return mqc_read_refuse(reader, "a layer of another size than its weights");
    MQC_TRY(mqc_store_make(layer, store));
    MQC_TRY(mqc_read(reader, "bias", MQC_F32, layer->out, store->bias));
    if (layer->rule->on_crossbar)
        MQC_TRY(mqc_crossbar_read(reader, &store->xb));
    if (store->w)
        MQC_TRY(mqc_read(reader, "wght", MQC_F32, layer->rows * layer->out, store->w));
    for (size_t i = 0; i < MQC_STATES && store->state[i]; i++)
        MQC_TRY(mqc_read(reader, "stat", MQC_F32, mqc_layer_state(layer), store->state[i]));
    return MEMQC_OK;
}

/* Parameters of an older library are fewer: the others keep their defaults. */
static memqc_status read_values(struct mqc_reader *reader, double *value) {
    size_t n = 0;
    MQC_TRY(mqc_read_count(reader, "para", MQC_F64, &n));
    if (n > MQC_MLP_KEYS)
        return mqc_read_refuse(reader, "a network with parameters that this library does not know");
    MQC_TRY(mqc_read(reader, "para", MQC_F64, n, value));
    for (size_t i = 0; i < n; i++)
        if (mqc_keys_check(&mqc_mlp_keys, reader->function, mqc_keys_at(&mqc_mlp_keys, i),
                           value[i]) != MEMQC_OK)
            return mqc_read_refuse(reader, "a network's parameter is out of its range");
    return MEMQC_OK;
}

static memqc_status read_history(struct mqc_reader *reader, memqc_mlp *mlp, uint32_t epochs) {
    uint64_t columns = 0;
    size_t n = 0;
    MQC_TRY(mqc_read_u64(reader, "hcol", MQC_MLP_HISTORY, MQC_MLP_HISTORY, &columns));
    MQC_TRY(mqc_read_count(reader, "hist", MQC_F64, &n));
    if (n % columns != 0 || n / columns != epochs)
        return mqc_read_refuse(reader, "a history of other epochs");
    MQC_TRY(mqc_history_reserve(mlp, epochs));
    return mqc_read(reader, "hist", MQC_F64, n, mlp->history);
}

static memqc_status read_progress(struct mqc_reader *reader, memqc_mlp *mlp) {
    struct mqc_progress at = {0};
    uint64_t s[STATE];
    double sums[SUMS];
    MQC_TRY(mqc_read(reader, "prog", MQC_U64, STATE, s));
    MQC_TRY(mqc_read(reader, "sums", MQC_F64, SUMS, sums));
    if (s[1] > 1 || s[2] > UINT32_MAX - 1 || s[3] > s[2] || s[4] > UINT32_MAX || s[6] > s[4] ||
        s[7] > s[6] || s[8] > s[1] || (s[8] && !s[3]) || (!s[1] && (s[2] | s[5] | s[6]) != 0))
        return mqc_read_refuse(reader, "a progress of training that none can have made");
    mlp->seed = s[0];
    MQC_TRY(read_history(reader, mlp, (uint32_t)s[2])); /* while there is none to be copied */
    at.epochs = (uint32_t)s[2];
    at.best_epoch = (uint32_t)s[3];
    at.epoch_samples = (size_t)s[4];
    at.steps = s[5];
    at.running.samples = (size_t)s[6];
    at.running.correct = (size_t)s[7];
    at.best_kept = s[8] != 0;
    at.running.loss = sums[0];
    at.running.before = (struct mqc_effort){sums[1], sums[2], sums[3]};
    at.best = sums[4];
    mlp->at = at;
    mlp->ready = s[1] != 0;
    return MEMQC_OK;
}

/* The plan with all its values, and then as the chosen ones and the device would make it: no other one
 * can have been saved. */
static memqc_status take_plan(struct mqc_reader *reader, const struct mqc_plan *all,
                              struct mqc_layer *layer) {
    struct mqc_plan made = {.array = NULL}, again = {.array = NULL};
    MQC_TRY(mqc_plan_make(&made, reader->function, layer->device, all));
    memcpy(made.chosen, layer->plan.chosen, sizeof made.chosen);
    const memqc_status status = mqc_plan_make(&again, reader->function, layer->device, &made);
    const int is_whole = status == MEMQC_OK && memcmp(made.array->value, again.array->value,
                                                      sizeof made.array->value) == 0;
    mqc_plan_free(&made);
    if (!is_whole) {
        mqc_plan_free(&again);
        return status == MEMQC_OK ? MEMQC_ERROR_ARGUMENT : status;
    }
    mqc_plan_free(&layer->plan);
    layer->plan.array = again.array;
    return MEMQC_OK;
}

static memqc_status read_plan(struct mqc_reader *reader, struct mqc_layer *layer) {
    struct mqc_plan all = {.array = layer->plan.array};
    uint32_t chosen[MQC_CROSSBAR_KEYS];
    memqc_status status = MEMQC_OK;
    MQC_TRY(mqc_read(reader, "plan", MQC_F64, MQC_CROSSBAR_KEYS, all.array->value));
    MQC_TRY(mqc_read(reader, "chos", MQC_U32, MQC_CROSSBAR_KEYS, chosen));
    for (size_t i = 0; i < MQC_CROSSBAR_KEYS && status == MEMQC_OK; i++) {
        all.chosen[i] = 1;
        layer->plan.chosen[i] = chosen[i] != 0;
        status = mqc_keys_check(&mqc_crossbar_keys, reader->function,
                                mqc_keys_at(&mqc_crossbar_keys, i), all.array->value[i]);
    }
    if (status == MEMQC_OK)
        status = take_plan(reader, &all, layer);
    return status == MEMQC_ERROR_ARGUMENT
               ? mqc_read_refuse(reader, "parameters of an array that none can have")
               : status;
}

static memqc_status read_layer(struct mqc_reader *reader, memqc_mlp *mlp, size_t l) {
    struct mqc_layer *layer = &mlp->layer[l];
    uint64_t has_device = 0;
    MQC_TRY(read_values(reader, layer->value));
    mqc_layer_take_rule(layer);
    MQC_TRY(mqc_read_u64(reader, "devi", 0, 1, &has_device));
    if (has_device)
        MQC_TRY(mqc_device_read(reader, &layer->device));
    MQC_TRY(read_plan(reader, layer));
    if (mqc_layer_check(mlp, l, reader->function) != MEMQC_OK)
        return mqc_read_refuse(reader, "a layer's parameters do not fit together");
    if (!mlp->ready)
        return MEMQC_OK;
    layer->rows = layer->in + (size_t)mqc_layer_bias_row(layer);
    MQC_TRY(read_store(reader, layer, &layer->now));
    if (mlp->at.best_kept)
        MQC_TRY(read_store(reader, layer, &layer->best[0]));
    return mqc_layer_prepare(layer);
}

static memqc_status read_mlp(struct mqc_reader *reader, memqc_mlp **out) {
    uint64_t wide[MQC_MLP_LAYERS + 1];
    size_t sizes[MQC_MLP_LAYERS + 1], n = 0;
    MQC_TRY(mqc_read_count(reader, "size", MQC_U64, &n));
    if (n > MQC_MLP_LAYERS + 1)
        return mqc_read_refuse(reader, "a network of more layers than there can be");
    MQC_TRY(mqc_read(reader, "size", MQC_U64, n, wide));
    for (size_t l = 0; l < n; l++)
        sizes[l] = wide[l] > SIZE_MAX ? SIZE_MAX : (size_t)wide[l];
    const memqc_status status = memqc_mlp_create(sizes, n, NULL, 0, out);
    if (status == MEMQC_ERROR_ARGUMENT)
        return mqc_read_refuse(reader, "a network of a shape that none has");
    MQC_TRY(status);
    MQC_TRY(read_values(reader, (*out)->value));
    MQC_TRY(read_progress(reader, *out));
    for (size_t l = 0; l < (*out)->n_layers; l++)
        MQC_TRY(read_layer(reader, *out, l));
    const char *const flaw = mqc_mlp_flaw(*out);
    return flaw ? mqc_read_refuse(reader, flaw) : mqc_read_finish(reader);
}

static memqc_status load(const char *function, const void *data, size_t size, memqc_mlp **out) {
    struct mqc_reader reader;
    MQC_TRY(mqc_read_start(&reader, function, data, size, MQC_KIND_MLP, VERSION));
    if (reader.version < VERSION)
        return mqc_read_refuse(&reader, "a network of version 0.2, which only that version reads");
    const memqc_status status = read_mlp(&reader, out);
    if (status != MEMQC_OK)
        memqc_mlp_destroy(out);
    return status;
}

memqc_status memqc_mlp_load_memory(const void *data, size_t size, memqc_mlp **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(data);
    return load(__func__, data, size, out);
}

memqc_status memqc_mlp_load(const char *path, memqc_mlp **out) {
    uint8_t *data = NULL;
    size_t size = 0;
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(path);
    MQC_TRY(mqc_file_read(__func__, path, SIZE_MAX / 2, &data, &size));
    const memqc_status status = load(__func__, data, size, out);
    mqc_free(data);
    return status;
}
