"""Records a training run: every number of every step, into one SQLite file.

    import gradbook

    with gradbook.run("mnist", lr=3e-4, seed=3) as run:
        for step in range(1000):
            run.log(step, loss=train_one_step())

Nothing here changes what a program computes, and nothing but a reserved name of a metric raises an error into it.
"""

from __future__ import annotations

from .begin import run
from .runs import Run

__all__ = ["Run", "__version__", "run"]


def __getattr__(name: str) -> str:
    # Looked up when asked for: importlib.metadata takes longer to import than all of this package.
    if name != "__version__":
        raise AttributeError(f"module 'gradbook' has no attribute {name!r}")
    from importlib import metadata

    try:
        return metadata.version("gradbook")
    except metadata.PackageNotFoundError:
        return "unknown"
