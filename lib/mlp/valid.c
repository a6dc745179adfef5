/* SPDX-License-Identifier: BSD-3-Clause */
/* What a network may be: parameters that go together, a progress that training can have made, finite
 * weights and moments, and arrays that are those of their layers. */
#include "mlp/valid.h"
#include "core/error.h"
#include "crossbar/valid.h"
#include "device/valid.h"
#include "mlp/checks.h"
#include "mlp/params.h"

#include <math.h>
#include <string.h>

/* --- what training changes --- */

static int are_finite(size_t n, const float *values) {
    int good = 1;
    for (size_t i = 0; i < n; i++)
        good &= isfinite(values[i]) != 0;
    return good;
}

static const char *flaw_of_array(const struct mqc_layer *layer, const memqc_crossbar *xb) {
    if (xb->shape.rows != layer->rows || xb->shape.cols != layer->out ||
        memcmp(xb->value, layer->plan.array->value, sizeof xb->value) != 0 ||
        !mqc_device_equal(xb->device, layer->device))
        return "a crossbar that does not fit its layer";
    return xb->programmed ? mqc_crossbar_flaw(xb) : "a layer's crossbar that was never programmed";
}

const char *mqc_store_flaw_of_numbers(const struct mqc_layer *layer,
                                      const struct mqc_store *store) {
    const size_t weights = layer->rows * layer->out;
    if (!are_finite(layer->out, store->bias) || (store->w && !are_finite(weights, store->w)))
        return "NaN or infinity among the weights";
    for (size_t i = 0; i < MQC_STATES && store->state[i]; i++)
        if (!are_finite(mqc_layer_state(layer), store->state[i]))
            return "NaN or infinity among the moments of an optimizer";
    return NULL;
}

static const char *flaw_of_store(const struct mqc_layer *layer, const struct mqc_store *store) {
    const int on_crossbar = layer->rule->on_crossbar;
    if (!store->bias || (store->xb != NULL) != on_crossbar || (store->w != NULL) == on_crossbar)
        return "a layer without what its rule trains";
    const char *const flaw = mqc_store_flaw_of_numbers(layer, store);
    return !flaw && store->xb ? flaw_of_array(layer, store->xb) : flaw;
}

/* --- parameters --- */

static const char *flaw_of_values(const double *values) {
    for (size_t i = 0; i < MQC_MLP_KEYS; i++)
        if (mqc_keys_check(&mqc_mlp_keys, "load", mqc_keys_at(&mqc_mlp_keys, i), values[i]) !=
            MEMQC_OK)
            return "a network's parameter is out of its range";
    return NULL;
}

static const char *flaw_of_layer(const memqc_mlp *mlp, size_t l) {
    const struct mqc_layer *const layer = &mlp->layer[l];
    const char *flaw = flaw_of_values(layer->value);
    if (!flaw && layer->device)
        flaw = mqc_device_flaw(layer->device);
    if (!flaw && mqc_crossbar_flaw(layer->plan.array))
        flaw = "parameters of an array that none can have";
    if (!flaw && mqc_layer_check(mlp, l, "load") != MEMQC_OK)
        flaw = "a layer's parameters do not fit together";
    if (flaw || !mlp->ready)
        return flaw;
    flaw = flaw_of_store(layer, &layer->now);
    return !flaw && mlp->at.best_kept ? flaw_of_store(layer, &layer->best[mlp->at.best_slot])
                                      : flaw;
}

static const char *flaw_of_progress(const memqc_mlp *mlp) {
    const struct mqc_progress *const at = &mlp->at;
    const struct mqc_running *const run = &at->running;
    const int trained = at->epochs > 0 || at->steps > 0 || run->samples > 0;
    if (at->best_epoch > at->epochs || run->samples > at->epoch_samples ||
        run->correct > run->samples || (at->best_kept && (!mlp->ready || !at->best_epoch)) ||
        (trained && !mlp->ready))
        return "a progress of training that none can have made";
    return isfinite(run->loss) ? NULL : "a loss that is infinite or NaN";
}

const char *mqc_mlp_flaw(const memqc_mlp *mlp) {
    const char *flaw = flaw_of_values(mlp->value);
    if (!flaw && mqc_mlp_value(mlp->value, MEMQC_MLP_INPUT_MIN) >=
                     mqc_mlp_value(mlp->value, MEMQC_MLP_INPUT_MAX))
        flaw = "a network's parameters do not fit together";
    if (!flaw)
        flaw = flaw_of_progress(mlp);
    for (size_t l = 0; !flaw && l < mlp->n_layers; l++)
        flaw = flaw_of_layer(mlp, l);
    return flaw;
}
