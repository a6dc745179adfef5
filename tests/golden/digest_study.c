/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes of networks on other devices: transfers, many instances, and what limits them. */
#include "digest_mlp.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    PAIRS = MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
    REFERENCE = MEMQC_CROSSBAR_MAPPING_REFERENCE,
    TWO_SIDED = MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED
};

static void study(memqc_mlp *mlp, double seconds, double instances, double target) {
    const int32_t keys[] = {MEMQC_MLP_SECONDS, MEMQC_MLP_INSTANCES, MEMQC_MLP_TARGET,
                            MEMQC_MLP_THREADS};
    const double values[] = {seconds, instances, target, digest_threads};
    TRY(memqc_mlp_set_many(mlp, 4, keys, values));
}

void digest_transfer(int large) {
    static const char *const presets[] = {"hfox-a", "hfox-b", "soft-bounds"};
    static const struct setting settings[] = {{MEMQC_MLP_LEARNING_RATE, 1},
                                              {MEMQC_CROSSBAR_MAPPING, PAIRS},
                                              {MEMQC_MLP_TRANSFER_RANGE, 3},
                                              {0, 0}};
    struct digest d = digest_begin();
    memqc_mlp *mlp = digest_network(large, NULL, settings), *on_cells = NULL;
    digest_train(mlp, 3);
    for (size_t i = 0; i < 3; i++) {
        double accuracies[6];
        char name[64];
        memqc_device *device = digest_coarse(presets[i], NULL);
        TRY(memqc_device_set(device, MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.05));
        TRY(memqc_device_set(device, MEMQC_DEVICE_STUCK_ON, 0.02));
        TRY(memqc_device_set(device, MEMQC_DEVICE_RTN_AMPLITUDE, 0.2));
        study(mlp, 0, 6, 0);
        TRY(memqc_mlp_monte_carlo(mlp, device, SAMPLES, digest_data.x, INPUTS, digest_data.labels,
                                  accuracies));
        digest_doubles(&d, 6, accuracies);
        digest_print(&d, "%s/monte-carlo/%s", large ? "large" : "mlp", presets[i]);
        TRY(memqc_mlp_transfer(mlp, device, &on_cells));
        TRY(memqc_mlp_set(on_cells, MEMQC_MLP_THREADS, 2)); /* it is saved */
        snprintf(name, sizeof name, "%s/transfer/%s", large ? "large" : "mlp", presets[i]);
        digest_finish(on_cells, name);
        memqc_device_destroy(&device);
    }
    memqc_mlp_destroy(&mlp);
}

static const struct setting worn[] = {{MEMQC_DEVICE_D2D_G_MAX, 0.1},
                                      {MEMQC_DEVICE_D2D_G_MIN, 0.1},
                                      {MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.05},
                                      {MEMQC_DEVICE_STUCK_ON, 0.02},
                                      {MEMQC_DEVICE_DRIFT_NU, 0.05},
                                      {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.02},
                                      {0, 0}};

void digest_limits(const char *preset) {
    static const struct setting settings[] = {{MEMQC_MLP_LEARNING_RATE, 1},
                                              {MEMQC_CROSSBAR_MAPPING, PAIRS},
                                              {MEMQC_CROSSBAR_WORD_RESISTANCE, 5},
                                              {MEMQC_CROSSBAR_BIT_RESISTANCE, 5},
                                              {0, 0}};
    struct digest d = digest_begin();
    memqc_mlp *mlp = digest_network(0, NULL, settings);
    memqc_device *device = digest_coarse(preset, worn);
    double number[MEMQC_MLP_LIMITS];
    digest_train(mlp, 6);
    study(mlp, 100, 6, 0);
    TRY(memqc_mlp_monte_carlo(mlp, device, SAMPLES, digest_data.x, INPUTS, digest_data.labels,
                              number));
    digest_doubles(&d, 6, number);
    for (int32_t what = MEMQC_SUMMARY_MEAN; what <= MEMQC_SUMMARY_MAX; what++)
        TRY(memqc_summary(6, number, what, &number[6])), digest_doubles(&d, 1, &number[6]);
    digest_print(&d, "mlp/monte-carlo/wires/%s", preset);
    for (int32_t p = MEMQC_MLP_PROPERTY_ALL; p <= MEMQC_MLP_PROPERTY_DRIFT; p++) {
        const double target =
            p == MEMQC_MLP_PROPERTY_LEVELS || p == MEMQC_MLP_PROPERTY_C2C ? 0.5 : 0;
        study(mlp, 100, 4, target);
        TRY(memqc_mlp_sensitivity(mlp, device, p, SAMPLES, digest_data.x, INPUTS,
                                  digest_data.labels, number));
        digest_doubles(&d, MEMQC_MLP_LIMITS, number);
        digest_print(&d, "mlp/sensitivity/%s/property%d", preset,
                     (int)(p - MEMQC_MLP_PROPERTY_ALL + 1));
    }
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
