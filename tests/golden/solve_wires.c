/* SPDX-License-Identifier: BSD-3-Clause */
/* Solves the circuit of a file: the half in C of check_wires.py.
 *
 *     solve_wires IN OUT
 *
 * IN and OUT are doubles. IN: rows, cols, resistance of a word-line and of a bit-line segment, of a
 * driver, of a sense terminal, driven ends, sensed ends, direction, batch, a, v_ref, whether the
 * matrix is wanted; rows x cols conductances; batch vectors. OUT: batch vectors of currents, then
 * the matrix.
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/common.h"
#include "circuit/newton.h"
#include "circuit/solve.h"

struct header {
    double rows, cols, word, bit, driver, sense, driven, sensed, way, batch, a, v_ref, matrix;
};

struct job {
    struct header head;
    struct mqc_wires wires;
    size_t rows, cols, in, out, batch;
    enum mqc_direction way;
    float *g;
    double *matrix;
    double *volts, *amps;
    struct mqc_circuit *circuit;
    struct mqc_newton *newton;
};

static void need(int yes, const char *what) {
    if (!yes) {
        fprintf(stderr, "solve_wires: %s\n", what);
        exit(EXIT_FAILURE);
    }
}

static void read_job(const char *name, struct job *job) {
    FILE *file = fopen(name, "rb");
    need(file && fread(&job->head, sizeof job->head, 1, file) == 1, "the file cannot be read");
    const struct header *h = &job->head;
    job->wires = (struct mqc_wires){
        h->word, h->bit, h->driver, h->sense, (int32_t)h->driven, (int32_t)h->sensed};
    job->rows = (size_t)h->rows;
    job->cols = (size_t)h->cols;
    job->batch = (size_t)h->batch;
    job->way = h->way != 0 ? MQC_BACKWARD : MQC_FORWARD;
    job->in = job->way == MQC_FORWARD ? job->rows : job->cols;
    job->out = job->way == MQC_FORWARD ? job->cols : job->rows;
    const size_t cells = job->rows * job->cols;
    double *g = room(cells, sizeof *g);
    job->g = room(cells, sizeof *job->g);
    job->matrix = room(cells, sizeof *job->matrix);
    job->volts = room(job->batch * job->in, sizeof *job->volts);
    job->amps = room(job->batch * job->out, sizeof *job->amps);
    need(fread(g, sizeof *g, cells, file) == cells, "conductances are missing");
    need(fread(job->volts, sizeof *job->volts, job->batch * job->in, file) == job->batch * job->in,
         "voltages are missing");
    for (size_t k = 0; k < cells; k++)
        job->g[k] = (float)g[k];
    free(g);
    fclose(file);
}

static void write_job(const char *name, const struct job *job) {
    FILE *file = fopen(name, "wb");
    need(file && fwrite(job->amps, sizeof *job->amps, job->batch * job->out, file) ==
                     job->batch * job->out,
         "cannot write");
    for (size_t k = 0; k < job->rows * job->cols && job->head.matrix != 0; k++) {
        const double g = job->matrix[k];
        need(fwrite(&g, sizeof g, 1, file) == 1, "cannot write");
    }
    need(fclose(file) == 0, "cannot write");
}

static void solve(struct job *job) {
    const struct mqc_nonlinearity law = {job->head.a, job->head.v_ref};
    if (law.a > 0)
        must(mqc_newton_solve(job->newton, job->circuit, &law, job->way, job->batch, job->volts,
                              job->in, job->amps, job->out));
    else
        must(mqc_circuit_solve_double(job->circuit, job->way, job->batch, job->volts, job->in,
                                      job->amps, job->out));
}

static void matrix(struct job *job) {
    must(mqc_circuit_matrix(job->circuit, mqc_circuit_matrix_tolerance(job->circuit), job->matrix,
                            job->cols));
}

int main(int argc, char **argv) {
    struct job job = {0};
    need(argc == 3, "usage: solve_wires IN OUT");
    read_job(argv[1], &job);
    must(mqc_circuit_create(&job.wires, job.rows, job.cols, &job.circuit));
    must(mqc_newton_create(job.circuit, &job.newton));
    must(mqc_circuit_program(job.circuit, job.g, job.cols));
    solve(&job);
    if (job.head.matrix != 0)
        matrix(&job);
    write_job(argv[2], &job);
    mqc_newton_destroy(&job.newton);
    mqc_circuit_destroy(&job.circuit);
    free(job.g);
    free(job.matrix);
    free(job.volts);
    free(job.amps);
    return EXIT_SUCCESS;
}
