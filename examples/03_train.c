/* SPDX-License-Identifier: BSD-3-Clause */
/* Trains a network on conductances of sample A to tell the rows of a 4 x 4 picture from its
 * columns, and asks it.
 * cc 03_train.c $(pkg-config --cflags --libs memqc) */
#include <memqc/memqc.h>

#include <stdio.h>

enum { SIDE = 4, PIXELS = SIDE * SIDE, PICTURES = 2 * SIDE, EPOCHS = 200 };

/* One lit row (class 0) or one lit column (class 1) each. */
static void draw(float x[PICTURES * PIXELS], int32_t labels[PICTURES]) {
    for (size_t i = 0; i < PICTURES; i++) {
        labels[i] = i < SIDE ? 0 : 1;
        for (size_t j = 0; j < PIXELS; j++) {
            size_t line = labels[i] == 0 ? j / SIDE : j % SIDE;
            x[i * PIXELS + j] = line == i % SIDE ? 1.0F : 0.0F;
        }
    }
}

static memqc_status train(memqc_mlp *mlp) {
    float x[PICTURES * PIXELS];
    int32_t labels[PICTURES], classes[PICTURES];
    double accuracy = 0.0;
    draw(x, labels);
    memqc_status status = memqc_mlp_set(mlp, MEMQC_MLP_BATCH, PICTURES);
    for (size_t epoch = 0; epoch < EPOCHS && status == MEMQC_OK && accuracy < 1.0; epoch++) {
        status = memqc_mlp_train_epoch(mlp, PICTURES, x, PIXELS, labels);
        if (status == MEMQC_OK) {
            status = memqc_mlp_evaluate(mlp, PICTURES, x, PIXELS, labels, NULL, &accuracy, NULL);
        }
    }
    if (status == MEMQC_OK) {
        status = memqc_mlp_predict(mlp, PICTURES, x, PIXELS, NULL, 0, classes);
    }
    for (size_t i = 0; i < PICTURES && status == MEMQC_OK; i++) {
        printf("%s %zu: %s\n", labels[i] ? "column" : "row", i % SIDE,
               classes[i] ? "column" : "row");
    }
    printf("accuracy %.0f %%\n", 100.0 * accuracy);
    return status;
}

int main(void) {
    static const size_t sizes[] = {PIXELS, 16, 2};
    memqc_device *device = NULL;
    memqc_mlp *mlp = NULL;
    memqc_status status = memqc_device_create_preset("hfox-a", &device);
    if (status == MEMQC_OK) {
        status = memqc_mlp_create(sizes, 3, device, 0, &mlp);
    }
    if (status == MEMQC_OK) {
        status = train(mlp);
    }
    if (status != MEMQC_OK) {
        fprintf(stderr, "03_train: %s\n", memqc_last_error());
    }
    memqc_mlp_destroy(&mlp);
    memqc_device_destroy(&device);
    if (fflush(stdout) != 0) {
        perror("03_train: standard output cannot be written");
        return 1;
    }
    return status == MEMQC_OK ? 0 : 1;
}
