"""What the recorder and the launcher of a job say in the environment."""

from __future__ import annotations

import fcntl
import os
import re
import stat

# The process that made the run of this recorder. Processes below it may log, but the run's end is not theirs to tell.
_OWNER = "GRADBOOK_OWNER"


def rank() -> int:
    """This process's rank in its job; 0 where there is none. A rank that is no number counts as one other than 0."""
    for name in ("RANK", "SLURM_PROCID"):
        text = os.environ.get(name, "")
        if text:
            return int(text) if text.isascii() and text.isdigit() else -1
    return 0


def records_all_ranks() -> bool:
    """Whether ranks other than 0 record too."""
    return os.environ.get("GRADBOOK_ALL_RANKS") == "1"


def is_below_recorder() -> bool:
    """Whether `gradbook record` or `gradbook sweep` has started this process or one above it."""
    return bool(os.environ.get("GRADBOOK_FD"))


def identity() -> str:
    """The run's identity: the recorder's, or a new one."""
    given = os.environ.get("GRADBOOK_RUN", "")
    if is_below_recorder() and re.fullmatch("[0-9a-f]{32}", given):
        return given
    # Not from `random`, whose numbers belong to the program.
    return os.urandom(16).hex()


def is_owner() -> bool:
    """Whether this process is the first of the recorder's that made a run, so that it tells the run's end."""
    run = os.environ.get("GRADBOOK_RUN", "") + " "
    own = run + str(os.getpid())
    # One recorder may run below another.
    if not os.environ.get(_OWNER, "").startswith(run):
        os.environ[_OWNER] = own
    return os.environ[_OWNER] == own


def descriptor() -> int | None:
    """The recorder's pipe, for writing; None if this process did not inherit it.

    A number alone proves nothing: the descriptor may have been closed, and the number given to another file. So it has
    to be a pipe that is open for writing, and the one at GRADBOOK_PIPE if the recorder names it there. With that path,
    a process whose launcher closed the descriptor opens the pipe again; Python's `subprocess` closes it, and with it
    `torchrun`."""
    path = os.environ.get("GRADBOOK_PIPE")
    text = os.environ.get("GRADBOOK_FD", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
    try:
        status = os.fstat(number)
        mode = fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE
        if stat.S_ISFIFO(status.st_mode) and mode != os.O_RDONLY and (not path or _is_file(path, status)):
            return number
    except OSError:
        pass
    return _opened(path) if path else None


def _is_file(path: str, status: os.stat_result) -> bool:
    return os.path.samestat(os.stat(path), status)


def _opened(path: str) -> int | None:
    try:
        if not stat.S_ISFIFO(os.stat(path).st_mode):
            return None
        # A pipe that nobody reads is an error then, instead of a wait.
        number = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        os.set_blocking(number, True)
        return number
    except OSError:
        return None
