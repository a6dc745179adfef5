# SPDX-License-Identifier: BSD-3-Clause
"""The rows: what is measured beside what, in which way, and what it must reach. The workloads are
those of `bench` (the program) and of bench_work.py."""
from bench_verdict import Row

SGEMM, SGEMV, GEMMS = "sgemm of the same shape", "sgemv of the same shape", "the same products alone"
COPY = "a copy of as many bytes"
SPSOLVE = "SciPy's direct solve"
TWO = "two processors"


def training():
    """First epochs of 784-256-10 on MNIST, batch 32."""
    found = []
    for rule, over_torch, over_gemms in (("float", None, None), ("nearest", 0.65, None),
                                         ("mixed", 0.55, 1.15), ("noise_aware", 0.85, None)):
        what = f"784-256-10, batch 32, {rule.replace('_', '-')}"
        found.append(Row(f"{rule}_over_torch", f"{what}: an epoch over PyTorch's in float32",
                         f"epoch_{rule}", "torch_epoch", bar=over_torch, against="PyTorch float32",
                         rounds=3, group="epochs", needs=("mnist", "torch")))
        found.append(Row(f"{rule}_over_gemms", f"{what}: an epoch over its matrix products",
                         f"epoch_{rule}", "epoch_products", bar=over_gemms, limit=1, against=GEMMS,
                         rounds=3, group="epochs"))
    return found


def samples():
    return [
        Row("trains_over_float", "pulse trains on `rpu` sample by sample, over the float rule",
            "samples_trains", "samples_float", bar=1.6, against="our float rule, batch 1",
            group="samples", needs=("mnist",)),
        Row("trains_over_peer", "the same over the best peer's C++ core", "samples_trains",
            "peer_samples", bar=0.7, against="the peer", group="samples",
            needs=("mnist", "peer")),
        Row("trains_alike", "the same over the float rule, where all cells are alike",
            "samples_trains_alike", "samples_float", against="our float rule, batch 1",
            group="samples"),
        Row("train_pulses", "a pulse of a train over a normal number", "train_pulses", "normals",
            against="filling of normals", group="samples"),
        Row("paper_over_reference", "784-16-16-10, batch 10, nearest level: an epoch and a test, the "
            "reference in NumPy over ours", "paper_epoch", "reference_epoch", higher=True, bar=16,
            limit=28, against="paper_reference.py", rounds=3, group="paper",
            needs=("mnist", "numpy", "reference")),
        Row("paper_over_gemms", "the same over its matrix products", "paper_epoch", "paper_products",
            limit=1, against=GEMMS, rounds=3, group="paper"),
    ]


def arrays():
    batch = "1024 x 1024, batch 256"
    vectors = "1024 x 1024, vectors one by one"
    noisy = "8-bit converters, 2 % noise"
    return [
        Row("mac_batch", f"a product, {batch}, ideal", "mac_batch", "sgemm", limit=1, against=SGEMM,
            rounds=9, group="mac"),
        Row("mac_even_batch", f"{batch}, {noisy}, the same for all cells", "mac_even_batch", "sgemm",
            bar=1.3, limit=1, against=SGEMM, rounds=9, group="mac"),
        Row("mac_proportional_batch", f"{batch}, {noisy} of each conductance",
            "mac_proportional_batch", "sgemm", bar=1.7, limit=1, against=SGEMM, rounds=9,
            group="mac"),
        Row("mac_wired_batch", f"{batch}, behind wires, effective matrices in double precision",
            "mac_wired_batch", "sgemm", limit=2, against="sgemm, half a dgemm of the same shape",
            rounds=9, group="mac"),
        Row("mac_vectors", f"{vectors}, ideal", "mac_vectors", "sgemv", limit=1, against=SGEMV,
            rounds=9, group="mac"),
        Row("mac_even_vectors", f"{vectors}, {noisy}, the same for all cells", "mac_even_vectors",
            "sgemv", bar=1.15, limit=1, against=SGEMV, rounds=9, group="mac"),
        Row("mac_proportional_vectors", f"{vectors}, {noisy} of each conductance",
            "mac_proportional_vectors", "sgemv", bar=1.6, limit=1, against=SGEMV, rounds=9,
            group="mac"),
        Row("update", "an update of 784 x 16 cells, of which one in a hundred moves", "update",
            "saxpy", limit=1, against="saxpy of as many numbers", rounds=9, group="update"),
        Row("update_over_copy", "the same", "update", "update_copy", limit=1, against=COPY, rounds=9,
            group="update"),
        Row("python_vector", "64 x 64 from Python, one vector, over the call in C", "python_vector",
            "product_vector", limit=1, against="the call in C", group="python", rounds=9,
            needs=("numpy",)),
        Row("python_batch", "64 x 64 from Python, 64 vectors, over the call in C", "python_batch",
            "product_batch", limit=1, against="the call in C", group="python", rounds=9,
            needs=("numpy",)),
    ]


def draws():
    normals = "filling of normals"
    found = [
        Row("normals_over_numpy", "NumPy's normals in float32 over ours", "normals", "numpy_normals",
            higher=True, bar=7.5, limit=13, against="NumPy", rounds=9, group="draws",
            needs=("numpy",)),
        Row("normals_over_copy", "a normal number", "normals", "copy", limit=1, against=COPY,
            rounds=9, group="draws"),
    ]
    for name, what in (("normal_list", "normals of listed cells"),
                       ("device_draw", "draws of `hfox-a`"),
                       ("device_list", "draws of `hfox-a` for listed cells"),
                       ("pulse", "single pulses of `rpu`, all cells alike")):
        found.append(Row(name, what, name, "normals", against=normals, rounds=9, group="draws"))
    found.append(Row("pulse_over_copy", "the same", "pulse", "copy", limit=1, against=COPY, rounds=9,
                     group="draws"))
    found.append(Row("pulse_spread", "single pulses of `rpu`, with its spread from cell to cell over "
                     "without", "pulse_spread", "pulse", bar=2.5, against="cells alike", rounds=9,
                     group="draws"))
    found.append(Row("pulse_soft_bounds_d2d", "trains of 16 pulses of soft bounds, with spread from "
                     "cell to cell over without", "pulse_soft_bounds_d2d", "pulse_soft_bounds",
                     against="cells alike", rounds=9, group="pulses"))
    for name, base in (("pulse_jumps", ""), ("pulse_jumps_uneven", ""), ("pulse_jumps_d2d", "_d2d"),
                       ("pulse_jumps_uneven_d2d", "_d2d")):
        uneven = "unevenly spaced " if "uneven" in name else ""
        tables = "three tables" if base else "a table"
        found.append(Row(name, f"trains of 16 pulses from {tables} of {uneven}jumps", name,
                         f"pulse_soft_bounds{base}", bar=2.5, against="pulses of soft bounds",
                         rounds=9, group="pulses"))
    return found


def cells():
    found = []
    for name, device, way, bar in (("hfox_blind", "hfox-a", "blindly", 0.5),
                                   ("hfox_verify", "hfox-a", "write-verify", 2),
                                   ("ag_blind", "ag-asi", "blindly", 5),
                                   ("ag_verify", "ag-asi", "write-verify", 20),
                                   ("rpu_blind", "rpu", "blindly", 10)):
        found.append(Row(f"program_{name}", f"programming 10^6 cells of `{device}` with other "
                         f"weights, {way}", f"program_{name}", "ten_million_normals", bar=bar,
                         against="filling of 10^7 normals", rounds=3 if name == "ag_verify" else 9,
                         group="ag_verify" if name == "ag_verify" else "programming"))
    for device, single, pair in (("hfox", 12, 20), ("rpu", 32, 60)):
        for kind, bar in (("single", single), ("pair", pair)):
            found.append(Row(f"bytes_{device}_{kind}", "memory of a weight, "
                             f"`{'hfox-a' if device == 'hfox' else 'rpu'}`, " +
                             ("one cell" if kind == "single" else "a pair of cells"),
                             f"bytes_{device}_{kind}", unit="bytes", bar=bar, limit=8,
                             against="conductance and matrix", rounds=1, group="bytes",
                             first=False))
    return found


def circuits():
    found = []
    for size, bar, rounds in ((64, 80, 15), (256, 200, 7), (512, 300, 3)):
        found.append(Row(f"ir_drop_{size}", f"wires, {size} x {size}, one vector from conductances "
                         "to currents: SciPy over ours", f"cold_{size}", f"scipy_{size}",
                         higher=True, bar=bar, against=SPSOLVE, rounds=rounds,
                         group=f"circuit_{size}", needs=("numpy", "scipy")))
        found.append(Row(f"together_{size}", f"wires, {size} x {size}, 100 vectors: one by one over "
                         "together, each from conductances to currents", f"together_{size}",
                         f"cold_{size}", higher=True, bar=10, against="one by one", rounds=rounds,
                         group=f"circuit_{size}"))
    found.append(Row("matrix_512_seconds", "the effective matrix of 512 x 512", "matrix_512",
                     unit="s", bar=1.5, rounds=2, group="matrix", against="-",
                     first=False))
    found.append(Row("matrix_512", "the same, over one dense factorization: a Cholesky factorization "
                     "of 512 x 512 for each word line", "matrix_512", "cholesky_512", limit=1,
                     against="LAPACK's dpotrf", rounds=2, group="matrix",
                     needs=("numpy", "scipy"), first=False))
    return found


def threads():
    found = []
    for name, what in (("monte_carlo", "Monte Carlo, 8 instances"), ("filling", "10^7 draws"),
                       ("programming", "programming 10^6 cells of `ag-asi`"),
                       ("circuits", "wires, 128 x 128, 100 vectors")):
        found.append(Row(f"threads_{name}", f"{what}: one thread over two", f"{name}_2", f"{name}_1",
                         higher=True, bar=1.8, limit=2, against=TWO, wall=True, group="threads",
                         key=name != "monte_carlo"))
    for engine, need in (("processes", "numpy"), ("dask", "distributed"), ("mpi", "mpi")):
        found.append(Row(f"sweep_{engine}", f"a study by {engine}, points a second of two workers over "
                         "one", f"sweep_{engine}_2", f"sweep_{engine}_1", higher=True, bar=1.8,
                         limit=2, against=TWO, wall=True, rounds=2, group=f"sweep_{engine}",
                         needs=("numpy", need), first=False))
        found.append(Row(f"sweep_{engine}_waiting", "the same, of points that only wait",
                         f"waiting_{engine}_2", f"waiting_{engine}_1", higher=True, limit=2,
                         against=TWO, wall=True, rounds=1, group=f"sweep_{engine}_waiting",
                         needs=("numpy", need), first=False))
    return found


ROWS = [*training(), *samples(), *arrays(), *draws(), *cells(), *circuits(), *threads()]


def chosen(patterns):
    """Rows whose names begin as asked for; all without a pattern."""
    return [row for row in ROWS if not patterns or row.name.startswith(tuple(patterns))]
