/* SPDX-License-Identifier: BSD-3-Clause */
/* Batches of vectors, floats and instruction sets change no bit of a solution. */
#include "circuit.h"

#include "circuit/kernels.h"

START_TEST(a_batch_changes_no_bit) {
    for (size_t n = 0; n < 2 * KINDS; n++) {
        const enum mqc_direction way = ways[n % 2];
        const size_t in = inputs_of(way), out = outputs_of(way);
        struct array *a = open_array(10 + n, &kinds[n / 2]);
        for (size_t k = 0; k < in; k++)
            a->volts[4 * in + k] = 0;
        OK(mqc_circuit_solve_double(a->circuit, way, BATCH, a->volts, in, a->amps, out));
        OK(mqc_circuit_solve_double(a->circuit, way, 2, a->volts + 3 * in, in, a->others, out));
        ck_assert_mem_eq(a->others, a->amps + 3 * out, 2 * out * sizeof *a->amps);
        for (size_t b = 0; b < BATCH; b++) {
            OK(mqc_circuit_solve_double(a->circuit, way, 1, a->volts + b * in, in, a->others, out));
            ck_assert_mem_eq(a->others, a->amps + b * out, out * sizeof *a->amps);
        }
        for (size_t k = 0; k < out; k++)
            ck_assert(a->amps[4 * out + k] == 0);
        mqc_circuit_destroy(&a->circuit);
    }
}
END_TEST

START_TEST(floats_are_rounded_doubles) {
    struct array *a = open_array(30, &kinds[0]);
    float volts[3 * (ROWS + 2)], amps[3 * (COLS + 1)];
    double exact[3 * ROWS];
    for (size_t k = 0; k < 3 * ROWS; k++) {
        volts[k / ROWS * (ROWS + 2) + k % ROWS] = (float)a->volts[k];
        exact[k] = (double)(float)a->volts[k];
    }
    OK(mqc_circuit_solve(a->circuit, MQC_FORWARD, 3, volts, ROWS + 2, amps, COLS + 1));
    OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, 3, exact, ROWS, a->amps, COLS));
    for (size_t k = 0; k < 3 * COLS; k++)
        ck_assert(amps[k / COLS * (COLS + 1) + k % COLS] == (float)a->amps[k]);
    mqc_circuit_destroy(&a->circuit);
}
END_TEST

START_TEST(all_instruction_sets_give_the_same_bits) {
    static const struct mqc_wires_kernels *const tables[] = MQC_KERNEL_TABLES(mqc_wires_kernels);
    static const struct mqc_cells_kernels *const cells[] = MQC_KERNEL_TABLES(mqc_cells_kernels);
    enum { N = 37, CELLS = N * MQC_LINES, ALL = CELLS * MQC_LANES };
    static double d[CELLS], x[2][ALL], t[2][3 * CELLS], y[CELLS], z[2][ALL], sums[2][3 * MQC_LANES];
    struct dice dice = {31, 0};
    for (size_t k = 0; k < CELLS; k++)
        d[k] = roll(&dice) < 0.1 ? 0 : pow(10, -6 + 7 * roll(&dice));
    for (int isa = MQC_ISA_AVX2; isa <= (int)mqc_isa(); isa++) {
        for (int line = MQC_LINE_WIRE; line <= MQC_LINE_SOURCE; line++) {
            const struct mqc_inner inner = {(enum mqc_line)line, N, 0.7, 0.3, 0.2};
            const struct mqc_outer outer = {MQC_LINES, N, 0.1, 0.9};
            for (int k = 0; k < 2; k++) {
                const struct mqc_wires_kernels *kernels = tables[k ? isa : MQC_ISA_BASE];
                const struct mqc_cells_kernels *cell = cells[k ? isa : MQC_ISA_BASE];
                double *out = sums[k];
                struct dice same = {32, 0};
                for (size_t i = 0; i < ALL; i++)
                    x[k][i] = z[k][i] = roll(&same) - 0.5;
                kernels->factor(&inner, d, t[k], t[k] + CELLS, t[k] + 2 * CELLS);
                kernels->eliminate(&inner, d, t[k], x[k], y);
                kernels->eliminate_many(&inner, d + 3, t[k] + 3, 1, x[k] + CELLS, z[k], y);
                kernels->unpack(MQC_LINES, N, x[k], 1, z[k], N);
                kernels->pack(MQC_LINES - 3, N, z[k], N, x[k]);
                kernels->factor_outer(&outer, t[k] + CELLS, t[k]);
                kernels->many.precondition(&outer, t[k], z[k], x[k]);
                kernels->many.couple(&outer, x[k], z[k]);
                kernels->one.couple(&outer, x[k], z[k]);
                kernels->one.precondition(&outer, t[k], z[k], x[k]);
                kernels->many.dot(CELLS, x[k], z[k], out);
                kernels->many.direction(CELLS, out, x[k], z[k]);
                kernels->many.add(CELLS, out, z[k], x[k]);
                kernels->many.project(CELLS, d, x[k], out + MQC_LANES);
                kernels->many.drive(CELLS, d, out + MQC_LANES, x[k]);
                kernels->many.largest(CELLS, x[k], d, out + 2 * MQC_LANES);
                for (size_t i = 0; i < CELLS; i++)
                    z[k][i] = 3 * z[k][i] / out[2 * MQC_LANES];
                cell->sinh_cells(CELLS, 5, 0.1, d, z[k], t[k], t[k] + CELLS);
                out[0] = cell->sinh_power(CELLS, 5, 0.1, d, z[k], t[k], 1e-3, t[k], z[k]);
            }
            ck_assert_mem_eq(t[0], t[1], sizeof t[0]);
            ck_assert_mem_eq(x[0], x[1], sizeof x[0]);
            ck_assert_mem_eq(z[0], z[1], sizeof z[0]);
            ck_assert_mem_eq(sums[0], sums[1], sizeof sums[0]);
        }
    }
}
END_TEST

RUN_TESTS("circuit batch", a_batch_changes_no_bit, floats_are_rounded_doubles,
          all_instruction_sets_give_the_same_bits)
