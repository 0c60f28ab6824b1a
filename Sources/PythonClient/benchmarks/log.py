"""The time of one `run.log` of five floats beside that of `json.dumps` and `os.write` of the same row.

usage: log.py [STEPS]

Both write to a pipe that another process empties, in turns of STEPS rows (10000), and the median of 21 turns counts.
Exits with 1 if the ratio is above 0.6, which the project promises."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Callable

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import gradbook

MOST = 0.6
TURNS = 21


def reader(descriptor: int) -> None:
    while os.read(descriptor, 1 << 16):
        pass


def main() -> None:
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(writing)
        reader(reading)
        os._exit(0)
    os.close(reading)
    os.environ.update(GRADBOOK_FD=str(writing), GRADBOOK_RUN="0" * 32)
    run = gradbook.run("benchmark")
    log, dumps, write = run.log, json.dumps, os.write
    loss, w, b, grad_w, grad_b = 0.123456789012, 0.598273645182, 0.182736451827, 0.009182736451, -0.272635441827

    def client() -> None:
        for step in range(steps):
            log(step, loss=loss, w=w, b=b, grad_w=grad_w, grad_b=grad_b)

    def plain() -> None:
        for step in range(steps):
            row = {"step": step, "loss": loss, "w": w, "b": b, "grad_w": grad_w, "grad_b": grad_b}
            write(writing, (dumps(row) + "\n").encode())

    def measured(function: Callable[[], None]) -> float:
        start = time.perf_counter()
        function()
        return (time.perf_counter() - start) / steps * 1e6

    turns = [(measured(client), measured(plain)) for _ in range(TURNS + 1)][1:]
    ours, theirs = (statistics.median(column) for column in zip(*turns))
    ratio = statistics.median(first / second for first, second in turns)
    run.end()
    print(f"run.log of five floats    {ours:6.2f} us")
    print(f"json.dumps and os.write   {theirs:6.2f} us")
    print(f"ratio                     {ratio:6.2f}    at most {MOST}")
    sys.exit(ratio > MOST)


if __name__ == "__main__":
    main()
