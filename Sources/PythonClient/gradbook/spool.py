"""The file that takes a run's lines when the recorder is gone."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping

from . import lines


class Spool:
    """JSON lines that `gradbook log --resume RUN FILE` reads. The first line says which run; each further one has its
    time.

    Each line is written at once, so that a crash loses none."""

    def __init__(self, path: str, title: Mapping[str, object], opening: list[bytes]) -> None:
        self.path = path
        self.problem = ""
        self._title = title
        self._opening = opening
        self._file = -1
        self._lock = threading.RLock()

    def begin(self) -> bool:
        """Makes the file, which says what the recorder perhaps has not read: the run, its settings and tags."""
        with self._lock:
            if self._file < 0 and not self.problem:
                try:
                    self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
                    _write_all(self._file, lines.encoded({"@spool": self._title}))
                    for opening in self._opening:
                        _write_all(self._file, opening)
                except OSError as error:
                    self.problem = error.strerror or str(error)
            return not self.problem

    def write(self, line: bytes) -> bool:
        """False: the file cannot be written, and the line is lost."""
        with self._lock:
            if not self.begin():
                return False
            try:
                # The recorder cannot know any more when a line was written.
                _write_all(self._file, b'{"time":%.6f,' % time.time() + line[1:])
                return True
            except OSError as error:
                self.problem = error.strerror or str(error)
                return False

    def close(self) -> None:
        with self._lock:
            file, self._file = self._file, -1
            self.problem = self.problem or "it is closed"
            if file >= 0:
                try:
                    os.close(file)
                except OSError:
                    pass


def _write_all(file: int, data: bytes) -> None:
    """Writes all of a line; none of it where the disk is full."""
    written = 0
    try:
        while written < len(data):
            written += os.write(file, data[written:])
    except OSError:
        if written:
            os.ftruncate(file, os.fstat(file).st_size - written)
        raise
