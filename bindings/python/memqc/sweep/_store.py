# SPDX-License-Identifier: BSD-3-Clause
"""The file of results: SQLite with a write-ahead log, one transaction for each point."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sqlite3
import time
from typing import Any, Iterable, Iterator, NamedTuple, Optional, Union

from .._errors import FileError, FormatError
from ._settings import Settings
from ._train import Record

APPLICATION = 0x6D717377  # "mqsw": SQLite's mark of whose file it is
SCHEMA = 1
WAIT = 60.0  # s, for another study that writes
Path = Union[str, "os.PathLike[str]"]
TABLE = """CREATE TABLE points (
    identity TEXT PRIMARY KEY,
    study TEXT NOT NULL,
    function TEXT NOT NULL,
    version TEXT NOT NULL,
    settings TEXT NOT NULL,
    record TEXT NOT NULL,
    seconds REAL NOT NULL,
    host TEXT NOT NULL
) WITHOUT ROWID"""
COLUMNS = ("identity", "study", "function", "version", "settings", "record", "seconds", "host")


class Saved(NamedTuple):
    """A row of the file."""

    identity: str  #: of all that the numbers follow from
    study: str  #: the name of the plan
    function: str  #: what was computed, "memqc.sweep:train" or "module:name"
    version: str  #: of the library
    settings: Settings
    record: Record
    seconds: float  #: of processor time
    host: str  #: the machine


class Store:
    """An open file. Several studies may write to it at once; each point is written whole."""

    def __init__(self, path: Path, *, new: bool = True) -> None:
        self.path = os.fspath(path)
        if not new and not os.path.exists(self.path):
            raise FileError(errno.ENOENT, "no such file", self.path)
        with self.telling():
            self.connection = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
        try:
            with self.telling():
                self.prepare()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """The last study that closes the file takes its log away."""
        with contextlib.suppress(sqlite3.Error):
            self.connection.close()

    def one(self, sql: str, *values: Any) -> Any:
        row = self.connection.execute(sql, values).fetchone()
        return None if row is None else row[0]

    @contextlib.contextmanager
    def telling(self) -> Iterator[None]:
        """Errors of SQLite as those of the package, with the file's name."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            text = str(error)
            if "not a database" in text or "malformed" in text:
                raise FormatError(f"{self.path}: {text}; results need a file of their own") \
                    from error
            code = errno.ENOSPC if "full" in text else \
                errno.EROFS if "readonly" in text else errno.EIO
            raise FileError(code, f"{text}; the points saved so far are kept", self.path) \
                from error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Waits for other writers first."""
        with self.telling():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self.connection.execute("ROLLBACK")
                raise

    def prepare(self) -> None:
        """Refuses a foreign file before anything is written to it; makes the tables of a new one.
        Two studies may do so at the same time."""
        self.connection.execute("BEGIN")  # all that is read is of one moment
        try:
            known = self.known()
        finally:
            self.connection.execute("COMMIT")
        if not known:
            with self.transaction():
                if not self.known():
                    self.connection.execute(TABLE)
                    self.connection.execute(f"PRAGMA application_id = {APPLICATION}")
                    self.connection.execute(f"PRAGMA user_version = {SCHEMA}")
        self.log_ahead()
        self.connection.execute("PRAGMA synchronous = FULL")  # a saved point survives a power cut

    def log_ahead(self) -> None:
        """Switches to the write-ahead log. SQLite does not wait for others here by itself."""
        end = time.monotonic() + WAIT
        while self.one("PRAGMA journal_mode") != "wal":
            try:
                mode = self.one("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > end:
                    raise
                mode = None
                time.sleep(0.01)
            if mode not in (None, "wal"):
                raise FileError(errno.EIO, f"the file system allows no write-ahead log ({mode}); "
                                "a local disk does", self.path)

    def known(self) -> bool:
        """Is it a file of results? False where it is new."""
        application = self.one("PRAGMA application_id")
        tables = self.one("SELECT count(*) FROM sqlite_master")
        if application == 0 and tables == 0:
            return False
        if application != APPLICATION:
            raise FormatError(f"{self.path}: a database of another program; results need a file "
                              "of their own")
        version = self.one("PRAGMA user_version")
        if version != SCHEMA:
            raise FormatError(f"{self.path}: results of schema {version}; this version of memqc "
                              f"reads schema {SCHEMA}. Give another file, and keep this one for "
                              "the version that made it")
        return True

    def insert(self, saved: Saved) -> bool:
        """Writes a point, within a transaction; False where it was written before."""
        values = (*saved[:4], compact(saved.settings), compact(saved.record), *saved[6:])
        marks = ", ".join("?" * len(COLUMNS))
        cursor = self.connection.execute(f"INSERT OR IGNORE INTO points VALUES ({marks})", values)
        return cursor.rowcount > 0

    def save(self, saved: Saved) -> bool:
        """Writes a point; False where another study has written it before."""
        with self.transaction():
            return self.insert(saved)

    def get(self, identity: str) -> Optional[Saved]:
        """The point of an identity, where it is saved."""
        with self.telling():
            row = self.connection.execute(
                f"SELECT {', '.join(COLUMNS)} FROM points WHERE identity = ?",
                (identity,)).fetchone()
        return None if row is None else restored(row)

    def every(self) -> Iterator[Saved]:
        """All points, in the order of their identities."""
        with self.telling():
            for row in self.connection.execute(f"SELECT {', '.join(COLUMNS)} FROM points"):
                yield restored(row)

    def take(self, paths: Iterable[Path]) -> int:
        """Adds the points of other files. Returns how many were new."""
        count = 0
        for path in paths:
            other = Store(path, new=False)
            try:
                with self.transaction():
                    count += sum(self.insert(saved) for saved in other.every())
            finally:
                other.close()
        return count


def compact(value: Any) -> str:
    """JSON whose numbers come back to the last bit."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def restored(row: Any) -> Saved:
    """A row as it was saved."""
    values = dict(zip(COLUMNS, row))
    for name in ("settings", "record"):
        values[name] = json.loads(values[name])
    return Saved(**values)
