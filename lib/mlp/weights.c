/* SPDX-License-Identifier: BSD-3-Clause */
/* Weights of a layer, read and set from outside. */
#include "core/alloc.h"
#include "core/error.h"
#include "mlp/checks.h"
#include "mlp/network.h"

#include <math.h>
#include <string.h>

static memqc_status check_ldw(const struct mqc_layer *layer, const char *function, size_t ldw) {
    if (ldw < layer->out)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: ldw = %zu is less than the layer's %zu outputs",
                        function, ldw, layer->out);
    return MEMQC_OK;
}

static void copy_rows(size_t rows, size_t cols, const float *from, size_t ldf, float *to,
                      size_t ldt) {
    for (size_t i = 0; i < rows; i++)
        memcpy(to + i * ldt, from + i * ldf, cols * sizeof *to);
}

memqc_status memqc_mlp_get_weights(memqc_mlp *mlp, size_t layer, float *w, size_t ldw,
                                   float *bias) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_layer(mlp, __func__, layer));
    const struct mqc_layer *from = &mlp->layer[layer];
    const size_t in = from->in, out = from->out;
    if (w)
        MQC_TRY(check_ldw(from, __func__, ldw));
    MQC_TRY(mqc_mlp_draw(mlp));
    const float *all = from->now.w;
    if (from->now.xb) {
        MQC_TRY(memqc_crossbar_get_weights(
            from->now.xb, from->grad, out)); /* the caller may have no room for the biases' row */
        all = from->grad;
    }
    if (w)
        copy_rows(in, out, all, out, w, ldw);
    if (bias)
        memcpy(bias, mqc_layer_bias_row(from) ? all + in * out : from->now.bias,
               out * sizeof *bias);
    return MEMQC_OK;
}

static memqc_status check_finite(const char *function, const char *what, size_t rows, size_t cols,
                                 const float *x, size_t ld) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++)
            if (!isfinite(x[i * ld + j]))
                return mqc_fail(MEMQC_ERROR_DATA, "%s: %s[%zu, %zu] = %g; it must be finite",
                                function, what, i, j, (double)x[i * ld + j]);
    return MEMQC_OK;
}

/* Programs whole rows, the others keeping their conductances. */
static memqc_status program_rows(struct mqc_layer *layer, size_t first, size_t rows, const float *w,
                                 size_t ldw) {
    const size_t out = layer->out, n = rows * out;
    if (rows == layer->rows)
        return memqc_crossbar_program(layer->now.xb, w, ldw);
    size_t *places = mqc_alloc(n, sizeof *places);
    if (!places)
        return MEMQC_ERROR_NOMEM;
    for (size_t i = 0; i < n; i++)
        places[i] = first * out + i;
    copy_rows(rows, out, w, ldw, layer->grad, out);
    const memqc_status status = memqc_crossbar_program_list(layer->now.xb, n, places, layer->grad);
    mqc_free(places);
    return status;
}

static memqc_status set_rows(struct mqc_layer *to, const float *w, size_t ldw, const float *bias) {
    const size_t in = to->in, out = to->out;
    if (to->now.xb && w && bias) { /* one call, so that a failure leaves both */
        copy_rows(in, out, w, ldw, to->grad, out);
        memcpy(to->grad + in * out, bias, out * sizeof *bias);
        return program_rows(to, 0, in + 1, to->grad, out);
    }
    if (to->now.xb)
        return w ? program_rows(to, 0, in, w, ldw) : program_rows(to, in, 1, bias, out);
    if (w)
        copy_rows(in, out, w, ldw, to->now.w, out);
    if (bias)
        memcpy(to->now.w + in * out, bias, out * sizeof *bias);
    return MEMQC_OK;
}

memqc_status memqc_mlp_set_weights(memqc_mlp *mlp, size_t layer, const float *w, size_t ldw,
                                   const float *bias) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_idle(mlp, __func__));
    MQC_TRY(mqc_mlp_check_layer(mlp, __func__, layer));
    struct mqc_layer *to = &mlp->layer[layer];
    if (w) {
        MQC_TRY(check_ldw(to, __func__, ldw));
        MQC_TRY(check_finite(__func__, "w", to->in, to->out, w, ldw));
    }
    if (bias)
        MQC_TRY(check_finite(__func__, "bias", 1, to->out, bias, to->out));
    const int was_ready = mlp->ready, on_array = mqc_layer_bias_row(to);
    MQC_TRY(mqc_mlp_draw(mlp));
    if (w || (bias && on_array)) {
        if (on_array)
            MQC_TRY(mqc_mlp_finish(mlp, was_ready, set_rows(to, w, ldw, bias)));
        else if (to->now.xb)
            MQC_TRY(mqc_mlp_finish(mlp, was_ready, program_rows(to, 0, to->in, w, ldw)));
        else
            copy_rows(to->in, to->out, w, ldw, to->now.w, to->out);
    }
    if (bias && !on_array)
        memcpy(to->now.bias, bias, to->out * sizeof *bias);
    return MEMQC_OK;
}

memqc_status memqc_mlp_borrow_crossbar(memqc_mlp *mlp, size_t layer, const memqc_crossbar **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_layer(mlp, __func__, layer));
    const struct mqc_rule *rule = mlp->layer[layer].rule;
    if (!rule->on_crossbar)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: the weights of layer %zu are digital: its rule is %s", __func__, layer,
                        rule->name);
    MQC_TRY(mqc_mlp_draw(mlp));
    *out = mlp->layer[layer].now.xb;
    return MEMQC_OK;
}
