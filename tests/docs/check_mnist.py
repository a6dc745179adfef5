#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""examples/get-mnist.sh: keeps nothing that is not MNIST, is quiet where it is asked to be, and ends
in time whatever the server does. Where MNIST is in $MEMQC_DATA or the cache, it is also copied.

usage: check_mnist.py examples/get-mnist.sh
"""
import gzip
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte",
         "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
failures = 0


def check(good, text):
    global failures
    failures += not good
    print(f"{'ok    ' if good else 'FAILED'} {text}")


def get(script, mirror, folder, *options):
    start = time.monotonic()
    result = subprocess.run(["sh", script, *options, str(folder)], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
                            env={**os.environ, "MEMQC_MIRROR": mirror})
    return result.returncode, result.stdout, time.monotonic() - start


def real_mnist():
    cache = os.environ.get("XDG_CACHE_HOME", "")
    if not cache.startswith("/"):
        cache = os.path.join(os.environ.get("HOME", "/"), ".cache")
    for folder in (os.environ.get("MEMQC_DATA"), os.path.join(cache, "memqc/mnist")):
        if folder and all(os.path.exists(os.path.join(folder, f"{name}.gz")) for name in NAMES):
            return folder
    return None


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    script = sys.argv[1]
    if not shutil.which("curl"):
        print("skipped: curl is missing, and wget does not know file://")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        status, text, _ = get(script, f"file://{folder}/nowhere", folder / "a", "--quiet")
        check(status == 1 and text == "", "no such mirror: status 1, and not a word")
        (folder / "mirror").mkdir()
        for file in NAMES:
            (folder / "mirror" / f"{file}.gz").write_bytes(gzip.compress(b"other digits"))
        status, text, _ = get(script, f"file://{folder}/mirror", folder / "a")
        check(status == 1 and "wrong SHA-256" in text, "other data: status 1, and why")
        check(list((folder / "a").iterdir()) == [], "other data are not kept")
        with socket.create_server(("127.0.0.1", 0)) as server:
            mirror = f"http://127.0.0.1:{server.getsockname()[1]}"
            status, text, seconds = get(script, mirror, folder / "a", "--quiet", "--seconds", "2")
        check(status == 1 and seconds < 10, f"a server that is silent: {seconds:.1f} s of 2")
        status, text, _ = get(script, mirror, folder / "a", "--seconds", "two")
        check(status == 2 and "usage" in text, "a limit that is no number: status 2")
        real = real_mnist()
        if real:
            status, text, _ = get(script, f"file://{real}", folder / "b", "--quiet", "--seconds",
                                  "30")
            check(status == 0 and text == "" and len(list((folder / "b").iterdir())) == 4,
                  "MNIST itself is taken")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
