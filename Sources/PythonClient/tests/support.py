"""Programs that log, each started with a pipe as `gradbook record` starts it, or alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import threading
import unittest
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protocol import Transcript, decode

CLIENT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CLIENT))
IDENTITY = "0123456789abcdef0123456789abcdef"

# A `gradbook log` that keeps its arguments and its standard input; FAKE_STATUS and FAKE_READS make it fail.
FAKE_PROGRAM = f"""#!{sys.executable} -S
import json, os, sys
folder = os.environ["FAKE_FOLDER"]
status = int(os.environ.get("FAKE_STATUS", "0"))
most = int(os.environ.get("FAKE_READS", "-1"))
name = os.path.join(folder, "recorder-%d" % os.getpid())
json.dump(sys.argv[1:], open(name + ".json", "w"))
with open(name + ".input", "wb", 0) as file:
    while most:
        data = os.read(0, 1 << 16)
        if not data:
            break
        file.write(data)
        most -= 1
sys.exit(status)
"""


@dataclass
class Result:
    transcript: Transcript
    output: str
    errors: str
    status: int
    spools: dict[str, list[dict[str, Any]]]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.transcript.rows

    @property
    def warnings(self) -> list[str]:
        return [line for line in self.errors.splitlines() if line.startswith("gradbook: ")]

    @property
    def spool(self) -> list[dict[str, Any]]:
        """The lines of the only spool file."""
        (lines,) = self.spools.values()
        return lines

    @property
    def end(self) -> dict[str, Any]:
        """How the run ended, which is told once."""
        (end,) = self.transcript.special("@end")
        assert isinstance(end, dict)
        return end


class ClientTest(unittest.TestCase):
    """Runs programs in a folder of their own."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        (self.folder / "lock").touch()

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GRADBOOK_", "SLURM_", "FAKE_")) and name not in ("RANK", "PYTHONPATH")
        }
        return {**kept, "PYTHONPATH": str(CLIENT), "PYTHONDONTWRITEBYTECODE": "1", **more}

    def record(
        self, code: str, *, reads: int | None = None, flags: tuple[str, ...] = (), shell: str | None = None, **more: str
    ) -> Result:
        """Runs `code` with a pipe, of which `reads` bytes are read before it is closed, or all."""
        reading, writing = os.pipe()
        received = bytearray()

        def read() -> None:
            with open(reading, "rb", buffering=0) as pipe:
                while reads is None or len(received) < reads:
                    data = pipe.read(65536 if reads is None else min(65536, reads - len(received)))
                    if not data:
                        break
                    received.extend(data)

        reader = threading.Thread(target=read)
        reader.start()
        environment = self.environment(
            {"GRADBOOK_FD": str(writing), "GRADBOOK_RUN": IDENTITY, "GRADBOOK_LOCK": str(self.folder / "lock"), **more}
        )
        try:
            finished = self._run(code, flags, environment, shell, pass_fds=(writing,), closes=writing)
        finally:
            reader.join()
        return self._result(bytes(received), finished)

    def alone(self, code: str, *, program: bool = True, flags: tuple[str, ...] = (), **more: str) -> Result:
        """Runs `code` without a recorder around it, with a fake `gradbook` on PATH; the transcript is that of what the
        fake read, all of them one after another."""
        binaries = self.folder / "bin"
        binaries.mkdir(exist_ok=True)
        if program:
            fake = binaries / "gradbook"
            fake.write_text(FAKE_PROGRAM)
            fake.chmod(0o755)
        environment = self.environment({"PATH": f"{binaries}:/usr/bin:/bin", "FAKE_FOLDER": str(self.folder), **more})
        finished = self._run(code, flags, environment, None)
        inputs = [file.read_bytes() for file in sorted(self.folder.glob("recorder-*.input"))]
        return self._result(b"".join(inputs), finished)

    def recorder_arguments(self) -> list[list[str]]:
        return [json.loads(file.read_text()) for file in sorted(self.folder.glob("recorder-*.json"))]

    def _run(
        self,
        code: str,
        flags: tuple[str, ...],
        environment: dict[str, str],
        shell: str | None,
        pass_fds: tuple[int, ...] = (),
        closes: int | None = None,
    ) -> subprocess.CompletedProcess[str]:
        script = self.folder / "train.py"
        script.write_text("import gradbook\n" + textwrap.dedent(code))
        command = [sys.executable, *flags, str(script)]
        if shell is not None:
            command = ["sh", "-c", shell, *command]
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            pass_fds=pass_fds,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if closes is not None:
            os.close(closes)
        try:
            output, errors = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return subprocess.CompletedProcess(command, process.returncode, output, errors)

    def _result(self, data: bytes, finished: subprocess.CompletedProcess[str]) -> Result:
        spools = {
            file.name: [json.loads(line) for line in file.read_text().splitlines()]
            for file in sorted(self.folder.glob("gradbook-spool-*.jsonl"))
        }
        return Result(decode(data), finished.stdout, finished.stderr, finished.returncode, spools)
