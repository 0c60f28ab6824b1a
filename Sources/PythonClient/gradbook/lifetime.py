"""Ends and forks of the process: a run that is open when the program ends tells the recorder how it ended."""

from __future__ import annotations

import atexit
import os
import sys
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .runs import Run

_open: list[Run] = []
_is_installed = False
_failure: str | None = None


def follow(run: Run) -> None:
    """Ends `run` when the program ends, unless it was ended before."""
    global _is_installed
    _open.append(run)
    if _is_installed:
        return
    _is_installed = True
    previous = sys.excepthook

    # An exception that ends the program passes here, KeyboardInterrupt too; SystemExit does not.
    def hook(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        global _failure
        _failure = description(value)
        previous(kind, value, trace)

    sys.excepthook = hook
    atexit.register(_end_all)
    os.register_at_fork(after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)


def forget(run: Run) -> None:
    if run in _open:
        _open.remove(run)


def description(error: BaseException) -> str:
    """An exception's type and text."""
    try:
        text = str(error)
    except Exception:
        text = ""
    return f"{type(error).__name__}: {text}"[:1000] if text else type(error).__name__


def _end_all() -> None:
    for run in list(_open):
        run._leave("done" if _failure is None else "failed", _failure)


def _after_fork_in_parent() -> None:
    for run in _open:
        run._has_forked = True


def _after_fork_in_child() -> None:
    for run in _open:
        run._renew_after_fork()
