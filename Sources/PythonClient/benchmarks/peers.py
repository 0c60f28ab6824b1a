"""The time that logging five floats takes from a training program, by several loggers in turn.

usage: peers.py PROGRAM [STEPS]

PROGRAM is gradbook. Loggers that are not installed are left out: trackio, wandb (offline), tensorboardX, mlflow. Each logs
STEPS rows (2000) in a process of its own; the median of 3 counts. Loggers that only put a row into a queue in memory are
quicker than those that hand it to another process, and lose it if the program is killed."""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable

NAMES = ["loss", "w", "b", "grad_w", "grad_b"]
ROUNDS = 3
PACKAGES = {"gradbook": "sys", "trackio": "trackio", "wandb": "wandb", "tensorboard": "tensorboardX", "mlflow": "mlflow"}
Logger = Callable[[int, "dict[str, float]"], object]


def logger(peer: str) -> Logger:
    if peer == "gradbook":
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        import gradbook

        return gradbook.run("peers").log
    if peer == "trackio":
        import trackio

        trackio.init(project="peers")
        return lambda step, row: trackio.log(row, step=step)
    if peer == "wandb":
        import wandb

        run = wandb.init(project="peers")
        return lambda step, row: run.log(row, step=step)
    if peer == "tensorboard":
        from tensorboardX import SummaryWriter

        writer = SummaryWriter("tb")

        def add(step: int, row: dict[str, float]) -> None:
            for name, value in row.items():
                writer.add_scalar(name, value, step)

        return add
    import mlflow

    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    mlflow.set_experiment("peers")
    mlflow.start_run()
    return lambda step, row: mlflow.log_metrics(row, step=step)


def trainer(peer: str, steps: int) -> None:
    """Prints the microseconds of a step, as the last line."""
    log = logger(peer)
    log(0, dict.fromkeys(NAMES, 0.5))

    def timed(log: Logger) -> float:
        start = time.perf_counter()
        for step in range(1, steps + 1):
            x = 1 / step
            log(step, {"loss": x, "w": x / 3, "b": x / 5, "grad_w": x / 7, "grad_b": x / 11})
        return (time.perf_counter() - start) / steps * 1e6

    # The numbers cost the program something without any logger, too.
    print(timed(log) - timed(lambda step, row: None), flush=True)


def measured(peer: str, program: str, steps: int) -> float:
    command = [sys.executable, __file__, "--train", peer, str(steps)]
    if peer == "gradbook":
        command = [program, "record", "--quiet", "--", *command]
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ, "WANDB_MODE": "offline", "WANDB_SILENT": "true", "TRACKIO_DIR": folder + "/trackio",
            "HF_HUB_OFFLINE": "1", "GIT_PYTHON_REFRESH": "quiet",
        }  # fmt: skip
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return next(float(line) for line in reversed(done.stdout.splitlines()) if line.replace(".", "").isdigit())


def main() -> None:
    program = str(Path(sys.argv[1]).resolve())
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    times: dict[str, float] = {}
    for peer, package in PACKAGES.items():
        if importlib.util.find_spec(package) is None:
            print(f"{peer:12} is not installed")
            continue
        # MLflow takes milliseconds a step.
        count = min(steps, 300) if peer == "mlflow" else steps
        times[peer] = statistics.median(measured(peer, program, count) for _ in range(ROUNDS))
        print(f"{peer:12}{times[peer]:10.2f} us a step of five numbers")
    for peer in times.keys() - {"gradbook"}:
        print(f"gradbook takes {times['gradbook'] / times[peer]:.4f} of the time of {peer}")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "--train":
        trainer(sys.argv[2], int(sys.argv[3]))
    elif len(sys.argv) > 1:
        main()
    else:
        sys.exit(__doc__)
