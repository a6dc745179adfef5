#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs every command that README.md, docs/*.md, examples/*.md and the --help texts of the examples
mention, on a few images. A command that this script does not know fails, and so does a command
that it knows but that was not found to work.

usage: check_commands.py SOURCE_ROOT BUILD_ROOT
"""
import concurrent.futures
import os
import pathlib
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import time

TRAIN, TEST, SIDE = 64, 32, 28

# What makes a run of each program short. Later options override earlier ones.
SMALL = {
    "paper": "--seeds 1 --epochs 1 --jobs 1",
    "beyond": "--images 32 --seeds 1 --epochs 1",
    "fit": "--draws 2 --seeds 1 --epochs 1",
    "limits": "--train 64 --images 16 --epochs 1 --instances 2 --hidden 4 --devices hfox-a",
    "moves": "--seeds 1 --epochs 1 --images 64 --states 4",
    "run.sh": "--seeds 1 --epochs 1 --jobs 1",
}
# Programs without options that take a value, and the ones whose name alone is no command.
PLAIN = ["01_draw", "02_mac", "03_train", "04_crossbar", "05_embed", "06_custom_device",
         "devices", "parameters"]
# Words that stand for what the reader has.
PLACEHOLDERS = {"NAME": "transfer", "PRESET": "ideal", "PARAMETER=VALUE": "batch=16",
                "curves.csv": "examples/data/hfox-a.csv", "NOUN": "device",
                "my_device.csv": "examples/data/hfox-a.csv", "plan.toml": "examples/plans/states.toml"}
# Commands that another test runs, or whose doing is the running of this one.
ELSEWHERE = {
    "sh tests/run.sh": "tests/run.sh",
    "sh tests/coverage.sh": "tests/coverage.sh",
    "sh tests/full.sh": "tests/run.sh",
    "sh tests/fuzz.sh": "fuzz_targets",
    "sh tests/portable.sh": "'digest'",
    "sh tests/threads/race.sh": "tests/threads/race.sh",
    "meson setup build": "tests/run.sh",
    "meson test -C build": "tests/run.sh",
    "meson install": "'consumer'",
    "meson compile -C build docs/html": "doxygen",
    "tests/bench/bench.py": "'bench_suite'",
    "python3 tests/bench/bench.py": "'bench_suite'",
    "examples/reproduction.py": "'reproduction'",
    "tests/golden/check_device_tables.py": "'device_tables'",
    "python3 tests/abi/update_constants.py": "'constants_listed'",
    "sh tests/abi/check_abi.sh": "'abi'",
    "python3 -m venv": "python_",
    "python3 examples/gallery.py": "'plot'",
    "python3 examples/paper_search.py": "'sweep_study'",
    "python3 examples/integration/crosssim_device.py": "'crosssim'",
    "pip install": "'package'",
    "venv/bin/pip install": "'package'",
    "mpiexec -n": "'sweep_engines'",
    "ngspice -b": "'spice'",
    "luajit examples/integration/ffi.lua": "ffi",
    "cc -E -P": "ffi",
    "python3 examples/integration/spice.py": "'spice'",
}
# Languages of fenced blocks that hold commands, and what commands of the pages begin with besides.
SHELLS = ("sh", "bash", "shell", "console")
TOOLS = r"(?:\S*/)?(?:memqc|pip|cmake|mpiexec|ngspice|c\+\+|g\+\+|luajit|node|octave|jupyter)"
# A value for each option of the help texts, by program or for all ("").
VALUES = {
    ("paper", "figure"): ["2a", "2b", "2c", "2d", "3", "3c", "4", "5c", "5d", "2d,3,4"],
    ("paper", "samples"): ["ideal", "A", "B", "A,B"],
    ("paper", "schedule"): ["constant", "exponential", "cosine"],
    ("paper", "loss"): ["squared-error", "cross-entropy"],
    ("paper", "activation"): ["logistic", "tanh", "relu"],
    ("paper", "mapping"): ["single", "differential"],
    ("paper", "input-bits"): ["0", "1"],
    ("", "law"): ["printed", "linear", "measured"],
    ("fit", "rule"): ["mixed", "nearest", "both", "float"],
    ("", "rule"): ["nearest", "float"],
    ("", "hidden"): ["4"],
    ("", "states"): ["4"],
    ("", "lr"): ["1"],
    ("", "batch"): ["8"],
    ("", "loss"): ["2"],
    ("", "seconds"): ["10"],
    ("", "wire"): ["0.1"],
    ("", "set"): ["batch=16", "init_range@0=0.1", "mapping=single", "loss=squared-error"],
    ("", "set-device"): ["states=64", "below_zero=redraw"],
    ("", "devices"): ["hfox-b"],
    ("", "device"): ["ideal"],
    ("moves", "images"): ["20"],
    ("fit", "model"): ["quantized", "constant", "linear", "soft-bounds", "exponential", "power",
                       "neurosim", "table"],
    ("fit", "generate"): ["hfox-a", "soft-bounds"],
}
COUNTS = ["epochs", "seeds", "draws", "jobs", "train", "test", "images", "instances", "threads", "seed",
          "first"]
# beyond names rpu for this rule. Its soft-bounds take a minute to program.
DEVICE_OF = {"pulse-trains": "rpu"}
RULE_OF = {"soft-bounds": "float", "rpu": "float"}


class Checker:
    def __init__(self, source, build, folder):
        self.source, self.build, self.folder = source, build, folder
        self.examples = build / "examples"
        paths = [source / path for path in ("tests/run.sh", "tests/full.sh", "meson_options.txt",
                                            "docs/meson.build")]
        self.meson = "".join(path.read_text(encoding="utf-8")
                             for path in paths + sorted(source.glob("tests/**/meson.build")))
        self.commands, self.problems, self.times = {}, [], []
        self.environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1",
                            "MEMQC_DATA": str(folder / "data"),
                            "XDG_CACHE_HOME": str(folder / "cache"),
                            "MEMQC_MIRROR": f"file://{folder}/nowhere",
                            "MEMQC_LIBRARY": str(build / "lib/libmemqc.so.0"),
                            "PYTHONPATH": str(source / "bindings/python")}

    def add(self, where, arguments, **more):
        self.commands.setdefault(tuple(arguments), (where, more))

    def execute(self, where, arguments, more):
        start, limit = time.monotonic(), more.get("limit", 120)
        try:
            result = subprocess.run(arguments, cwd=more.get("cwd", self.source),
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                    text=True, env={**self.environment, **more.get("env", {})},
                                    timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            return f"{where}: {shlex.join(arguments)}: takes more than {limit} seconds"
        self.times.append((time.monotonic() - start, where))
        wanted = more.get("output", "")
        if result.returncode != more.get("status", 0):
            return f"{where}: {shlex.join(arguments)}: status {result.returncode}:\n{result.stdout[-600:]}"
        if not re.search(wanted, result.stdout):
            return f"{where}: {shlex.join(arguments)}: no {wanted!r} in\n{result.stdout[-600:]}"
        return None

    def run_all(self):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            jobs = [pool.submit(self.execute, where, list(words), dict(more)) for words,
                    (where, more) in self.commands.items()]
        self.problems += [job.result() for job in jobs if job.result()]

    # --- what the pages say ---

    def program(self, where, words):
        """A command whose first word is a program of the examples."""
        name = pathlib.Path(words[0]).name
        words = [PLACEHOLDERS.get(word, word) for word in words[1:]]
        if len(words) == 1 and words[0].startswith("--") and words[0] != "--help":
            return  # an option by its name: help_texts() has them all
        if name == "paper" and words and words[0] != "--help" and "--figure" not in words:
            words += ["--figure", "5d", "--states", "4"]
        if words != ["--help"] and "--generate" not in words and (name in SMALL):
            words += SMALL[name].split()
        self.add(where, [str(self.examples / name), *words])

    def command(self, where, text):
        for prefix, test in ELSEWHERE.items():
            if text.startswith(prefix):
                if test not in self.meson:
                    self.problems.append(f"{where}: {text}: {test} is no test any more")
                return
        words = shlex.split(text)
        if words[0] == "sh" and words[1] == "examples/run.sh":
            self.run_script(where)
        elif words[0] == "sh" and words[1] == "examples/get-mnist.sh":
            self.add(where, ["sh", "examples/get-mnist.sh", "--help"], output="usage")
            self.add(where, ["sh", "examples/get-mnist.sh", "--quiet", "--seconds", "2"], status=1,
                     output="^$")
        elif words[0] in ("cc", "c++"):
            self.compile(where, words)
        elif re.match(r"python3 -m memqc |(?:\S*/)?memqc ", text):
            self.package(where, words[3:] if words[0] == "python3" else words[1:])
        elif "&&" in words or ">" in text:
            self.pipeline(where, text)
        elif pathlib.Path(words[0]).name in [*SMALL, *PLAIN]:
            self.program(where, words)
        else:
            self.problems.append(f"{where}: {text}: check_commands.py does not know this command")

    def imports(self, module, python=sys.executable):
        return subprocess.run([python, "-c", f"import {module}"], stderr=subprocess.DEVNULL,
                              check=False).returncode == 0

    def has_matplotlib(self):
        return self.imports("matplotlib")

    def package(self, where, words):
        """The command line of the package for Python, from its folder; reports in seconds."""
        python = "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else sys.executable
        for module in ["numpy", "matplotlib"] + ["distributed"] * ("dask" in words):
            if not self.imports(module, python):
                print(f"skipped: memqc {shlex.join(words)}: {python} has no {module}")
                return
        words = [PLACEHOLDERS.get(word, word) for word in words]
        words = [str(self.source / word) if word.startswith("examples/") else word
                 for word in words]
        if words[0] in ("report", "paper") and not {"--quick", "--help"} & set(words):
            words.append("--quick")
        self.add(where, [python, "-m", "memqc", *words], cwd=self.folder,
                 env={"PYTHONPATH": str(self.source / "bindings/python"), "MPLBACKEND": "Agg",
                      "PYTHONDONTWRITEBYTECODE": "1",
                      "MEMQC_LIBRARY": str(self.build / "lib/libmemqc.so.0")})

    def run_script(self, where):
        """The whole script on the build that is tested: in its PATH stands a meson that does
        nothing, so that it is not built again."""
        self.add(where, ["sh", "examples/run.sh", "--help"], output="usage")
        tools = [shutil.which(tool) for tool in ("meson", "ninja", "pkg-config", "cc")]
        if not self.has_matplotlib() or not all(tools):
            return
        meson = self.folder / "bin" / "meson"
        meson.parent.mkdir(exist_ok=True)
        meson.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
        meson.chmod(0o755)
        small = [*SMALL["run.sh"].split(), "--data", str(self.folder / "data"), "--out",
                 str(self.folder / "out")]
        self.add(where, ["sh", "examples/run.sh", *small],
                 output="Tables, CSV files and pictures are in",
                 limit=300,  # every figure twice: half a minute of a processor of its own
                 env={"MEMQC_BUILD": str(self.build),
                      "PATH": f"{meson.parent}:{os.environ['PATH']}"})

    def compile(self, where, words):
        """A C or C++ program of a page or of examples/, against the library of the build."""
        language, compiler, variable = ("c", "cc", "CC") if words[0] == "cc" else (
            "cpp", "c++", "CXX")
        compiler = shlex.split(os.environ.get(variable) or compiler)
        if not shutil.which(compiler[0]):
            print(f"skipped: {where}: there is no {compiler[0]}")
            return
        path = self.source / where.split(":")[0]
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".md":
            text = re.search(rf"```{language}\n(.*?)```", text, re.S).group(1)
        program = next(word for word in words if word.endswith(f".{language}"))
        (self.folder / program).write_text(text, encoding="utf-8")
        lib, out = self.build / "lib", self.folder / f"{program}.out"
        line = [*compiler, program, "-o", str(out), "-I", str(self.source / "include"),
                "-I", str(self.source / "bindings/cpp"), "-L", str(lib), f"-Wl,-rpath,{lib}",
                "-lmemqc"]
        line += [word for word in words if word == "-lm" or word.startswith("-std=")]
        output = "the memristors say -?[0-9]" if path.suffix == ".md" else ""
        self.add(where, ["sh", "-c", f"{shlex.join(line)} && {out}"], cwd=self.folder,
                 output=output)

    def pipeline(self, where, text):
        if "plot_devices.py" in text and not self.has_matplotlib():
            return
        (self.folder / "docs").mkdir(exist_ok=True)
        text = text.replace("build/examples/", f"{self.examples}/").replace(
            "python3 examples/", f"{sys.executable} {self.source}/examples/")
        self.add(where, ["sh", "-c", text], cwd=self.folder)

    def pages(self):
        names = "|".join([*SMALL, *PLAIN])
        start = re.compile(
            rf"(?:\$ )?((?:sh|python3|meson|ninja|cc|{TOOLS}) |(?:\S*/)?(?:{names})(?= |$)"
            r"|(?:examples|tests)/\S+\.(?:py|sh))")
        for page in sorted([self.source / "README.md", *self.source.glob("docs/*.md"),
                            *self.source.glob("examples/**/*.md"),
                            *self.source.glob("bindings/**/*.md")]):
            name, code = page.relative_to(self.source), ""
            joined = re.sub(r"\\\n +", "", page.read_text(encoding="utf-8"))
            for number, line in enumerate(joined.splitlines(), 1):
                if line.startswith("```"):
                    code = "" if code else line[3:].strip() or "text"
                    continue
                typed = code in SHELLS if code else line.startswith("    ")
                found = [line.strip()] if typed else [] if code else re.findall(r"`([^`]+)`", line)
                for text in found:
                    text = re.sub(r"\s+# .*", "", text)
                    bare = re.fullmatch(r"\S+", text) and "/" not in text
                    file = re.fullmatch(r"(?:examples|tests)/[\w/-]+(\.\w+)?", text)
                    if start.match(text) and not bare and not file and "  " not in text:
                        self.command(f"{name}:{number}", text.removeprefix("$ "))

    def sources(self):
        """The line by which an example is compiled stands in its headnote."""
        for source in sorted(self.source.glob("examples/*.c")):
            for line in re.findall(r"^ \* (cc .*?)(?: \*/)?$", source.read_text(encoding="utf-8"),
                                   re.M):
                self.compile(str(source.relative_to(self.source)), shlex.split(line))

    # --- what the programs say ---

    def values(self, where, program, option):
        for key in ((program, option), ("", option)):
            if key in VALUES:
                return VALUES[key]
        if option in COUNTS:
            return ["2"]
        if option in ("data", "out"):
            return [str(self.folder / option)]
        self.problems.append(f"{where}: check_commands.py has no value for it")
        return []

    def help_texts(self):
        for program in ("paper", "beyond", "fit", "limits", "moves", "parameters"):
            text = subprocess.run([self.examples / program, "--help"], stdout=subprocess.PIPE,
                                  text=True, check=True).stdout
            for option in sorted(set(re.findall(r"--([a-z][a-z-]*)", text)) - {"help"}):
                where = f"{program} --help: --{option}"
                if (program, option) == ("fit", "quick"):
                    self.add(where, [str(self.examples / program), "examples/data/hfox-a.csv",
                                     "--model", "quantized", "--quick", "--train", "64"])
                    continue
                if option in ("version", "markdown"):
                    self.add(where, [str(self.examples / program), f"--{option}"])
                    continue
                for value in self.values(where, program, option):
                    before = {"paper": ["--figure", "5d", "--states", "4", "--samples", "A"],
                              "beyond": ["--rule", "transfer"],
                              "fit": ["examples/data/hfox-a.csv", "--model",
                                      "quantized"]}.get(program, [])
                    if option == "figure":
                        before = []
                    if option == "generate":
                        before = small = []
                    else:
                        small = SMALL[program].split()
                    self.add(where,
                             [str(self.examples / program), *before, *small, f"--{option}", value])
            if program == "beyond":
                self.rules(text)

    def rules(self, text):
        beyond = str(self.examples / "beyond")
        for rule in re.findall(r"^  ([a-z0-9-]+) +\S", text, re.M):
            device = DEVICE_OF.get(rule, "hfox-a")
            self.add(f"beyond --help: {rule}", [beyond, *SMALL["beyond"].split(), "--rule", rule,
                                                "--device", device], output="(?m)^result rule=")
        wrong = subprocess.run([beyond, "--device", "?"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, check=False,
                               env=self.environment).stderr
        presets = re.findall(r"[a-z0-9-]+", wrong.split("there are")[-1])
        if "hfox-a" not in presets:
            self.problems.append(f"the presets are not in {wrong!r}")
        for device in presets:
            rule = RULE_OF.get(device, "nearest")
            self.add(f"preset {device}",
                     [beyond, *SMALL["beyond"].split(), "--rule", rule, "--device", device])


def write_images(folder):
    """Pictures of a bright bar each, whose place is the class."""
    folder.mkdir()
    for name, n in (("train", TRAIN), ("t10k", TEST)):
        images, labels = bytearray(struct.pack(">4I", 0x803, n, SIDE,
                                               SIDE)), bytearray(struct.pack(">2I", 0x801, n))
        for i in range(n):
            labels.append(i % 10)
            images += bytes(255 if x // 3 == i % 10 + (i * 7 + y) % 5 // 4 else 0
                            for y in range(SIDE) for x in range(SIDE))
        (folder / f"{name}-images-idx3-ubyte").write_bytes(images)
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(labels)


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        checker = Checker(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(),
                          pathlib.Path(folder))
        write_images(checker.folder / "data")
        checker.pages()
        checker.sources()
        checker.help_texts()
        checker.run_all()
    for problem in checker.problems:
        print(f"FAILED {problem}")
    for seconds, where in sorted(checker.times)[-5:]:
        print(f"{seconds:.1f} s: {where}")
    print(f"{len(checker.times)} commands, {len(checker.problems)} problems")
    return 1 if checker.problems else 0


if __name__ == "__main__":
    sys.exit(main())
