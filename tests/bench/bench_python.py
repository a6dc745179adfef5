#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a product from Python costs above the C call: a 64 x 64 array, 1 vector and 64 vectors.

usage: PYTHONPATH=bindings/python python3 tests/bench/bench_python.py BUILD_ROOT
Both sides take turns, and the fastest of 20 calls in a row counts.
"""
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROUNDS, TURNS, CALLS = 20, 50, 20
SOURCE = r"""
#include <memqc/memqc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static double now(void) {
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}
int main(int argc, char **argv) {
    static float w[4096], x[4096], y[4096];
    const size_t batch = (size_t)atoi(argv[1]);
    memqc_device *device = NULL;
    memqc_crossbar *crossbar = NULL;
    for (int i = 0; i < 4096; i++)
        w[i] = (float)(i % 13 - 6) / 6, x[i] = (float)(i % 7) / 7;
    if (memqc_device_create_preset("hfox-a", &device) || argc < 2 ||
        memqc_crossbar_create(device, 64, 64, 1, &crossbar) || memqc_crossbar_program(crossbar, w, 64))
        return 1;
    double best = 1e9;
    for (int turn = 0; turn < TURNS; turn++) {
        const double start = now();
        for (int call = 0; call < CALLS; call++)
            memqc_crossbar_mac(crossbar, batch, x, 64, y, 64);
        const double each = (now() - start) / CALLS;
        best = each < best ? each : best;
    }
    printf("%g\n", best);
}
"""


def compiled(folder, library):
    source, program = os.path.join(folder, "mac.c"), os.path.join(folder, "mac")
    with open(source, "w", encoding="utf-8") as file:
        file.write(SOURCE)
    subprocess.run(["cc", "-O2", f"-DTURNS={TURNS}", f"-DCALLS={CALLS}", source, "-o", program,
                    "-I", os.path.join(ROOT, "include"), library,
                    "-Wl,-rpath," + os.path.dirname(library)], check=True)
    return program


def fastest(product):
    best = 1e9
    for _ in range(TURNS):
        start = time.perf_counter()
        for _ in range(CALLS):
            product()
        best = min(best, (time.perf_counter() - start) / CALLS * 1e6)
    return best


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    library = os.path.join(os.path.abspath(sys.argv[1]), "lib/libmemqc.so.0")
    os.environ.update(MEMQC_LIBRARY=library, OPENBLAS_NUM_THREADS="1")
    import memqc
    import numpy as np
    count = np.arange(4096)
    crossbar = memqc.Crossbar(memqc.Device("hfox-a"), ((count % 13 - 6) / 6).reshape(64, 64), seed=1)
    x = ((count % 7) / 7).reshape(64, 64).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        program = compiled(folder, library)
        for batch, given in ((1, x[0]), (64, x)):
            c, py = 1e9, 1e9
            for _ in range(ROUNDS):
                c = min(c, float(subprocess.check_output([program, str(batch)])))
                py = min(py, fastest(lambda: given @ crossbar))
            print(f"{batch:2d} vectors: C {c:6.2f} us, Python {py:6.2f} us, above {py - c:5.2f} us")
    return 0


if __name__ == "__main__":
    sys.exit(main())
