"""The pipe to the recorder, as a writer of lines and frames that tells when nobody reads them."""

from __future__ import annotations

import _thread
import errno
import fcntl
import os
import resource
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# The kernel writes as many bytes in one piece, whoever else writes (PIPE_BUF on Linux).
ATOMIC = 4096
# A descriptor that the program closed may be another file by now. To ask the kernel takes half as long as the write
# itself, so only every 64th write asks.
WRITES_PER_CHECK = 64


class Pipe:
    """One write is one line or frame. Threads may share it; so may processes, as long as each piece is `ATOMIC` or
    less.

    The descriptor is a copy with a high number. So the program may close its own, and the number is not given to the
    next file that it opens."""

    def __init__(self, descriptor: int, lock_path: str | None = None, *, takes_over: bool = False) -> None:
        self.lock = threading.RLock()  # Reentrant: a signal's handler may log while a log call is under way.
        self.is_open = True
        self.reason = ""
        self._descriptor = _copy(descriptor)
        if takes_over:
            os.close(descriptor)
        status = os.fstat(self._descriptor)
        self._file = status.st_dev, status.st_ino
        self._unchecked = 0
        self._lock_path = lock_path
        self._lock_file = -1

    def write(self, data: bytes) -> bool:
        """Writes a line or frame, and waits while the pipe is full. False: the pipe is gone, and `data` was not
        written."""
        if len(data) > ATOMIC:
            return self._write_long(data)
        with self.lock:
            self._unchecked += 1
            try:
                if self._unchecked > WRITES_PER_CHECK:
                    self._check()
                os.write(self._descriptor, data)
                return True
            except OSError as error:
                return self._write_after(error, data)

    def close(self, last: bytes | None = None) -> bool:
        """Writes the last line, after which other threads write none, and closes this process's end. The recorder sees
        the end of the pipe when all writers have done so. False: `last` was not written."""
        with self.lock:
            written = last is None or (self.write(last) if len(last) <= ATOMIC else self._write_pieces(last))
            self._leave("it is closed")
            return written

    def renew_after_fork(self) -> None:
        """For the child: a thread of the parent may have held the lock."""
        self.lock = threading.RLock()

    # Failures

    def _check(self) -> None:
        self._unchecked = 0
        status = os.fstat(self._descriptor)
        if (status.st_dev, status.st_ino) != self._file:
            raise OSError(errno.EBADF, "its descriptor was given to another file")

    def _write_after(self, error: OSError, data: bytes) -> bool:
        """Goes on after a write that failed."""
        while isinstance(error, BlockingIOError):
            # Another process of this pipe made it non-blocking.
            try:
                poll = select.poll()
                poll.register(self._descriptor, select.POLLOUT)
                poll.poll(1000)
                os.write(self._descriptor, data)
                return True
            except OSError as again:
                error = again
        self._leave(error.strerror or str(error))
        return False

    def _leave(self, reason: str) -> None:
        if not self.is_open:
            return
        self.is_open = False
        self.reason = reason
        descriptor, self._descriptor = self._descriptor, -1
        try:
            status = os.fstat(descriptor)
            if (status.st_dev, status.st_ino) == self._file:
                os.close(descriptor)
        except OSError:
            pass

    # Long lines

    def _write_long(self, data: bytes) -> bool:
        """Writes a line in several pieces, which must not be torn: neither by another writer nor by a signal's handler
        that raises an error. Handlers run in the main thread, so there another thread writes."""
        if threading.current_thread() is not threading.main_thread():
            return self._write_pieces(data)
        result: list[bool] = []
        finished = _thread.allocate_lock()
        finished.acquire()

        def work() -> None:
            try:
                result.append(self._write_pieces(data))
            finally:
                finished.release()

        try:
            # Not `threading.Thread`, whose start an error of a handler may leave half done.
            _thread.start_new_thread(work, ())
        except RuntimeError:
            return self._write_pieces(data)  # The interpreter is shutting down.
        finished.acquire()
        return bool(result) and result[0]

    def _write_pieces(self, data: bytes) -> bool:
        with self.lock:
            try:
                self._check()
                with self._lock_of_processes():
                    rest = memoryview(data)
                    while rest:
                        try:
                            rest = rest[os.write(self._descriptor, rest) :]
                        except BlockingIOError:
                            select.select([], [self._descriptor], [], 1)
                return True
            except OSError as error:
                self._leave(error.strerror or str(error))
                return False

    @contextmanager
    def _lock_of_processes(self) -> Iterator[None]:
        """Held while a long line is written. Without the recorder's file, the pipe itself is what processes lock."""
        if self._lock_file < 0 and self._lock_path:
            try:
                self._lock_file = os.open(self._lock_path, os.O_RDWR | os.O_CLOEXEC)
            except OSError:
                self._lock_path = None
        file = self._lock_file if self._lock_file >= 0 else self._descriptor
        try:
            fcntl.lockf(file, fcntl.LOCK_EX)
        except OSError:
            file = -1  # A file system without locks; the line is written all the same.
        try:
            yield
        finally:
            if file >= 0:
                fcntl.lockf(file, fcntl.LOCK_UN)


def _copy(descriptor: int) -> int:
    """A copy with a number in the upper half of those that a process usually has; no child program inherits it."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    highest = 1024 if limit == resource.RLIM_INFINITY else min(limit, 1024)
    for lowest in (highest // 2, 3):
        try:
            return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, lowest)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EMFILE):
                raise
    return os.dup(descriptor)
