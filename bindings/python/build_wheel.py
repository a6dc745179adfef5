# SPDX-License-Identifier: BSD-3-Clause
"""The build backend: setuptools of the system, without network and without traces in the source.

pip hides the packages of the system from a build. This backend looks for setuptools and wheel
there, and asks pip to fetch them only where they are missing. `--config-settings library=system`
leaves the library out of the wheel, `library=PATH` takes one that is built already.
"""
import importlib.util
import os
import sys
import sysconfig
import tempfile

NEEDED = ("setuptools", "wheel")


def places():
    """Where the system and the virtual environment keep their packages."""
    for prefix in (sys.prefix, sys.base_prefix):
        names = {"base": prefix, "platbase": prefix, "installed_base": sys.base_prefix}
        yield sysconfig.get_path("purelib", vars=names)
    yield "/usr/lib/python3/dist-packages"


def missing():
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]


def find_tools():
    """Makes the tools importable. Returns those that are nowhere."""
    for place in places():
        if missing() and place not in sys.path and os.path.isdir(place):
            sys.path.append(place)
    return missing()


def get_requires_for_build_wheel(config_settings=None):
    return find_tools()


def run(name, config_settings, *arguments):
    """Calls setuptools in a scratch folder."""
    find_tools()
    library = (config_settings or {}).get("library")
    if library:
        os.environ["MEMQC_WHEEL_LIBRARY"] = library
    from setuptools import build_meta
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["MEMQC_WHEEL_SCRATCH"] = scratch
        return getattr(build_meta, name)(*arguments)


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    return run("prepare_metadata_for_build_wheel", config_settings, metadata_directory)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return run("build_wheel", config_settings, wheel_directory)


def build_sdist(sdist_directory, config_settings=None):
    raise NotImplementedError("the library is built from the whole repository: there is no sdist")
