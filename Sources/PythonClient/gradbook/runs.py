"""One run of a training program."""

from __future__ import annotations

import os
import struct
import threading
import time
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import SupportsIndex

from . import lifetime, lines, tensors
from .frames import STEP_SIGN_BYTE, Lists
from .pipe import Pipe
from .recorder import Recorder
from .spool import Spool
from .values import Plain, flat, refuse_reserved, step_number
from .warn import warn_once

# How long the end of a run waits until its own recorder has stored everything.
_PATIENCE = 60.0
# Children of a fork may hold the pipe, so that the recorder does not see its end.
_PATIENCE_AFTER_FORK = 2.0

_as_float = float.conjugate


def _working_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return "."  # It was removed.


class Run:
    """A run that is being recorded, made by `gradbook.run`. Threads may share it, and so may the children of a fork.

    Its methods warn once on stderr instead of raising an error, but for a reserved name, which is a mistake in the
    program."""

    def __init__(self, experiment: str, name: str | None, identity: str, prefix: str = "") -> None:
        self.experiment = experiment
        self.name = name
        self.identity = identity
        self._prefix = prefix
        self._pipe: Pipe | None = None
        self._recorder: Recorder | None = None
        self._spool: Spool | None = None
        self._spool_lock = threading.RLock()  # Reentrant for a signal's handler, as that of the pipe.
        self._folder = _working_folder()
        self._opening: list[bytes] = []
        self._lists = Lists()
        self._packers = self._lists.packers
        self._copies: dict[str, object] | None = None
        self._is_recording = False
        self._has_ended = False
        self._tells_end = False
        self._has_forked = False
        # Said when the program logs into a run that records nothing.
        self._excuse: str | None = None

    @property
    def recording(self) -> bool:
        """Whether what is logged is kept: by the recorder, or in a spool file if that is gone."""
        return self._is_recording and not self._has_ended

    # What a program logs

    def log(
        self,
        step: SupportsIndex | Mapping[str, object] | None = None,
        mapping: Mapping[str, object] | None = None,
        /,
        **metrics: object,
    ) -> None:
        """Records numbers or text of a step: `run.log(3, loss=0.1)`, `run.log(3, {"val/acc": 0.9}, loss=0.1)`.

        Without a step it is the one after the last of the same group, the part of the name before the first "/".
        Integers are kept exactly up to 64 bits; scalars of NumPy and PyTorch are numbers; None is left out; nested
        dictionaries get names with "/". Rows of floats alone, with a step, take the fast way: 0.4 to 0.5 of the
        time of json.dumps and os.write."""
        try:
            values = metrics if mapping is None else {**mapping, **metrics}
            frame = self._packers[tuple(values)](step, *map(_as_float, values.values()))  # type: ignore[arg-type]
        except (KeyError, TypeError, ValueError, AttributeError, struct.error):
            pass
        else:
            if frame[STEP_SIGN_BYTE] < 128 and self._pipe.write(frame):  # type: ignore[union-attr]
                return
        self._log_slowly(step, mapping, metrics)

    def tensors(self, step: SupportsIndex, model: object, updates: bool = False) -> None:
        """Records of each tensor its norm, its gradient's norm, and how many of its values are not finite.

        `model` is a `torch.nn.Module`, anything else with `named_parameters()`, or a dictionary of arrays. With
        `updates`, the norm of the difference from the last call's values is recorded too, which keeps a copy of all
        tensors. All norms are computed in float64, and the tensors are not changed.

        Cost, measured on one core: 1.5 ms for a million values in memory, as much for their gradients, 4 ms for their
        updates; and 20 to 40 us for each tensor. bfloat16 takes three times as long. Another device computes its norms
        itself, and sends them together, for which the program waits. So rather call it every hundred steps."""
        if not self._may_record():
            return
        number = step_number(step)
        if number is None:
            self._refuse_step(step)
            return
        try:
            if updates and self._copies is None:
                self._copies = {}
            found = tensors.statistics(model, self._copies if updates else None)
            members = {self._prefix + name: values for name, values in found.items()}
            written = lines.split({"step": number}, members, inside="@tensors") if members else []
        except Exception as error:
            warn_once("tensors", f"run.tensors of step {number} recorded nothing ({lifetime.description(error)}).")
            return
        self._send(written)

    def summary(self, values: Mapping[str, object] | None = None, /, **more: object) -> None:
        """Records final values of the run: `run.summary(accuracy=0.91)`. The same name again replaces the value."""
        members = {self._prefix + name: value for name, value in self._plain(values, more).items()}
        if members and self._may_record():
            self._send(lines.split({}, members, inside="@summary"))

    def tag(self, *tags: str) -> None:
        """Adds tags, by which runs are found."""
        self._send_special(*({"@tags": [str(tag)]} for tag in tags))

    def note(self, text: str) -> None:
        """Adds a note: what a person should know about the run."""
        self._send_special({"@note": str(text)})

    def file(self, path: str | os.PathLike[str], name: str | None = None) -> None:
        """Records a file's path, size and SHA-256, not its bytes. `name` is what the run calls it: the path as
        given."""
        given = os.fspath(path)
        full = os.path.abspath(given)
        if not os.path.exists(full):
            warn_once(f"file {full}", f"there is no file '{full}' yet; call run.file after it was written.")
        self._send_special({"@file": {"path": full, "name": given if name is None else name}})

    # Its end

    def end(self, state: str = "done", reason: str | None = None) -> None:
        """Ends the run, as "done" or "failed"; waits until a recorder of its own has stored it. The end of the program
        calls it too, with the exception's type and text if there was one."""
        if state not in ("done", "failed"):
            warn_once("state", f"a run ends as 'done' or 'failed', not as '{state}', which is recorded as 'failed'.")
            state, reason = "failed", reason or str(state)
        if self.recording:
            self._excuse = "the run has ended, so nothing more is recorded; call run.end() after the last row."
        self._leave(state, None if reason is None else str(reason))

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
            self.end()
        else:
            self.end("failed", lifetime.description(error))

    # How it is written

    def _log_slowly(self, step: object, mapping: object, metrics: Mapping[str, object]) -> None:
        if isinstance(step, Mapping) and mapping is None:
            step, mapping = None, step
        row = self._plain(mapping, metrics, reserved=True)
        if not self._may_record() or not row:
            return
        number = None if step is None else step_number(step)
        if number is None:
            if step is not None:
                self._refuse_step(step)
                return
            # A line without a step stays whole: parts of it would be steps of their own.
            self._send([lines.encoded({self._prefix + key: value for key, value in row.items()})])
        elif not self._send_frame(number, row):
            self._send(lines.split({"step": number}, {self._prefix + key: value for key, value in row.items()}))

    def _send_frame(self, step: int, row: Mapping[str, Plain]) -> bool:
        pipe = self._pipe
        if pipe is None or not pipe.is_open or not all(type(value) is float for value in row.values()):
            return False
        keys = tuple(row)
        packer = self._packers.get(keys)
        if packer is None:
            # The lock keeps two threads from one number, and another's frames from coming before the declaration.
            with pipe.lock:
                declared = self._lists.declaration(keys, self._prefix) if self._lists.is_due(keys) else None
                if declared is None or not pipe.write(declared[0]):
                    return False
                packer = declared[1]
                self._lists.add(keys, packer)
        return pipe.write(packer(step, *row.values()))

    def _plain(self, mapping: object, more: Mapping[str, object], reserved: bool = False) -> dict[str, Plain]:
        if mapping is not None and not isinstance(mapping, Mapping):
            warn_once("mapping", f"{mapping!r:.100} has no name and is not recorded; write run.log(step, loss=0.1).")
            mapping = None
        values = more if mapping is None else {**mapping, **more}
        if reserved:
            refuse_reserved(values)
        try:
            return flat(values)
        except Exception as error:
            warn_once("values", f"a row cannot be read and is not recorded ({lifetime.description(error)}).")
            return {}

    def _send_special(self, *rows: Mapping[str, object]) -> None:
        if rows and self._may_record():
            self._send([lines.encoded(row) for row in rows])

    def _send(self, written: Iterable[bytes]) -> None:
        for line in written:
            if self._pipe is None or not self._pipe.write(line):
                self._keep(line)

    def _keep(self, line: bytes) -> None:
        """Spools a line that the pipe did not take."""
        if self._has_ended and self._spool is None and not line.startswith(b'{"@end"'):
            return  # Another thread logged while the run ended.
        spool = self._begun_spool()
        written = spool.begin() if line in self._opening else spool.write(line)
        if not written and self._is_recording:
            self._is_recording = False
            warn_once(
                "spool", f"'{spool.path}' cannot be written ({spool.problem}); what the run logs from now on is lost."
            )

    def _begun_spool(self) -> Spool:
        with self._spool_lock:
            if self._spool is None:
                path = os.path.join(self._folder, f"gradbook-spool-{self.identity}-{os.getpid()}.jsonl")
                title = {"run": self.identity, "experiment": self.experiment, "name": self.name, "pid": os.getpid()}
                self._spool = Spool(path, {**title, "time": time.time()}, self._opening)
                if self._pipe is not None:
                    warn_once(
                        "recorder",
                        f"the recorder is gone ({self._pipe.reason}); what the run logs from now on goes to "
                        f"'{path}', which `gradbook log --resume` takes in.",
                    )
            return self._spool

    def _may_record(self) -> bool:
        if self.recording:
            return True
        if self._excuse:
            warn_once("excuse", self._excuse)
        return False

    def _refuse_step(self, step: object) -> None:
        warn_once("step", f"the step {step!r:.100} is no integer from 0 to 2^63-1, so its row is not recorded.")

    def _leave(self, state: str, reason: str | None) -> None:
        if self._has_ended:
            return
        self._packers = {}
        self._has_ended = True
        lifetime.forget(self)
        last = None
        if self._is_recording and self._tells_end:
            last = lines.encoded({"@end": {"state": state} if reason is None else {"state": state, "reason": reason}})
        if (self._pipe is None or not self._pipe.close(last)) and last is not None:
            self._keep(last)
        if self._spool is not None:
            self._spool.close()
        if self._recorder is not None:
            self._recorder.wait(_PATIENCE_AFTER_FORK if self._has_forked else _PATIENCE)

    def _renew_after_fork(self) -> None:
        """For the child: its frames carry its own process's number, and its end is not the run's."""
        self._lists = Lists()
        self._packers = self._lists.packers
        self._spool = None
        self._spool_lock = threading.RLock()
        self._tells_end = False
        if self._recorder is not None:
            self._recorder.leave_to_parent()
            self._recorder = None
        if self._pipe is not None:
            self._pipe.renew_after_fork()
