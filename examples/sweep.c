/* SPDX-License-Identifier: BSD-3-Clause */
/* The points of a study under MPI: sample, states and seed of each follow from its number, rank r of
 * n takes the points r, r + n, r + 2 n, ..., and the first rank writes the file once, at the end. A
 * point has the same numbers on any rank, so that any number of ranks writes the same bytes.
 * mpicc sweep.c $(pkg-config --cflags --libs memqc) && mpiexec -n 4 ./a.out sweep.csv */
#include <memqc/memqc.h>
#include <mpi.h>

#include <stdio.h>
#include <stdlib.h>

enum { SAMPLES = 2, STATES = 3, SEEDS = 4, POINTS = SAMPLES * STATES * SEEDS };
enum { SIDE = 4, PIXELS = SIDE * SIDE, PICTURES = 2 * SIDE, EPOCHS = 20 };

static const char *const samples[SAMPLES] = {"hfox-a", "hfox-b"};
static const double states[STATES] = {4, 16, 64};

struct point {
    size_t sample, states;
    uint64_t seed;
};

static struct point point_of(size_t number) {
    return (struct point){number % SAMPLES, number / SAMPLES % STATES,
                          1 + number / (SAMPLES * STATES)};
}

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

/* The loss of a point after its training. */
static memqc_status train(struct point point, double *loss) {
    static const size_t sizes[] = {PIXELS, 16, 2};
    float x[PICTURES * PIXELS];
    int32_t labels[PICTURES];
    memqc_device *device = NULL;
    memqc_mlp *mlp = NULL;
    draw(x, labels);
    memqc_status status = memqc_device_create_preset(samples[point.sample], &device);
    if (status == MEMQC_OK) {
        status = memqc_device_set(device, MEMQC_DEVICE_STATES, states[point.states]);
    }
    if (status == MEMQC_OK) {
        status = memqc_mlp_create(sizes, 3, device, point.seed, &mlp);
    }
    for (size_t epoch = 0; epoch < EPOCHS && status == MEMQC_OK; epoch++) {
        status = memqc_mlp_train_epoch(mlp, PICTURES, x, PIXELS, labels);
    }
    if (status == MEMQC_OK) {
        status = memqc_mlp_evaluate(mlp, PICTURES, x, PIXELS, labels, loss, NULL, NULL);
    }
    memqc_mlp_destroy(&mlp);
    memqc_device_destroy(&device);
    return status;
}

static int write_all(const char *path, const double loss[POINTS]) {
    FILE *file = fopen(path, "w");
    int failed = !file || fprintf(file, "sample,states,seed,loss\n") < 0;
    for (size_t i = 0; i < POINTS && !failed; i++) {
        struct point point = point_of(i);
        failed = fprintf(file, "%s,%g,%u,%.17g\n", samples[point.sample], states[point.states],
                         (unsigned)point.seed, loss[i]) < 0;
    }
    if ((file && fclose(file)) || failed) {
        perror(path);
        return 1;
    }
    return 0;
}

int main(int argc, char *argv[]) {
    double mine[POINTS] = {0}, all[POINTS] = {0};
    int rank = 0, ranks = 1, failed = 0;
    if (MPI_Init(&argc, &argv) != MPI_SUCCESS) {
        return 1;
    }
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    for (size_t i = (size_t)rank; i < POINTS; i += (size_t)ranks) {
        if (train(point_of(i), &mine[i]) != MEMQC_OK) { /* which ends all ranks */
            fprintf(stderr, "sweep: point %zu: %s\n", i, memqc_last_error());
            MPI_Abort(MPI_COMM_WORLD, 1);
        }
    }
    MPI_Reduce(mine, all, POINTS, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
    if (rank == 0) {
        failed = write_all(argc > 1 ? argv[1] : "sweep.csv", all);
    }
    MPI_Finalize();
    return failed;
}
