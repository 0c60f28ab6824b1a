"""A recorder of the client's own: `gradbook log` as a child process, where no `gradbook record` is around the
program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from .warn import warn_once


def program() -> str | None:
    """The program `gradbook`: that in GRADBOOK_PROGRAM, else of this virtual environment, on PATH, or beside Python."""
    given = os.environ.get("GRADBOOK_PROGRAM")
    if given:
        return shutil.which(given)
    beside = os.path.join(os.path.dirname(sys.executable or ""), "gradbook")
    # An environment need not be activated, and then PATH may name another release.
    if sys.prefix != sys.base_prefix and shutil.which(beside):
        return beside
    return shutil.which("gradbook") or shutil.which(beside)


class Recorder:
    """A running `gradbook log`; `input` is the end of its pipe to write to."""

    def __init__(self, executable: str, identity: str, experiment: str, name: str | None, database: str | None) -> None:
        arguments = [executable, "log", f"--experiment={experiment}", f"--identity={identity}"]
        if name is not None:
            arguments.append(f"--name={name}")
        if database is not None:
            arguments.append(f"--db={database}")
        reading, self.input = os.pipe()
        try:
            # A session of its own: Ctrl-C or a hangup ends the program, and the recorder still stores what it wrote.
            self._process = subprocess.Popen(
                arguments, stdin=reading, stdout=subprocess.DEVNULL, start_new_session=True
            )
        except BaseException:
            os.close(self.input)
            raise
        finally:
            os.close(reading)

    def wait(self, seconds: float) -> None:
        """Waits for the recorder, so that who reads the file after the program finds the whole run."""
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            warn_once(
                "recorder waits", f"the recorder, process {self._process.pid}, still runs, and stores what it has read."
            )
            return
        if status != 0:
            warn_once("recorder failed", f"the recorder ended with status {status}, so the run may lack lines.")

    def leave_to_parent(self) -> None:
        """For the child of a fork, which has no such child: `subprocess` would warn of it at the end."""
        self._process.returncode = 0
