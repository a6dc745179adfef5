/* SPDX-License-Identifier: BSD-3-Clause */
/* A network on other devices. */
#ifndef MQC_MLP_STUDY_TRANSFER_H
#define MQC_MLP_STUDY_TRANSFER_H

#include "mlp/pass/inside.h"

/* What the copy differs in. */
struct mqc_onto {
    const char *function; /* for the texts */
    uint64_t seed;
    int untrained; /* it will not be trained, and needs nothing for that */
    const memqc_device *device[MQC_MLP_LAYERS];
    /* Of a study that scales what is not ideal: */
    int scaled;
    double tolerance[MQC_MLP_LAYERS]; /* factor on VERIFY_TOLERANCE, which is in levels of the
                                         device */
    double wires;                     /* factor on the resistances of the wires */
    double ohm;                       /* of each segment instead, where it is more than 0 */
    double noise;                     /* factor on a read noise that was chosen for the arrays */
};

/* The network's seed, and the device for all layers, or each layer's own where that is NULL. */
struct mqc_onto mqc_onto_default(const memqc_mlp *mlp, const memqc_device *device,
                                 const char *function);

/* A copy of a network whose weights, which are drawn, are programmed onto other devices, for
 * memqc_mlp_transfer() and for the studies that make many. */
memqc_status mqc_mlp_transfer(const memqc_mlp *mlp, const struct mqc_onto *onto, memqc_mlp **out);

#endif
