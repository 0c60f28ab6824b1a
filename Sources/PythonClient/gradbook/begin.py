"""How a run begins: below a recorder, with a recorder of its own, or, without any, in a file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from . import environment, lifetime, lines
from .pipe import Pipe
from .recorder import Recorder, program
from .runs import Run
from .values import setting
from .warn import warn_once

# A recorder has one run; so has a process below it.
_process_with_run = 0


def run(
    experiment: str,
    settings: Mapping[str, object] | None = None,
    /,
    *,
    name: str | None = None,
    tags: Iterable[str] = (),
    db: str | os.PathLike[str] | None = None,
    **more: object,
) -> Run:
    """Begins a run: `gradbook.run("mnist", lr=3e-4, seed=3, tags=["baseline"])`. What else is named is a setting of the
    run; a dictionary of settings may stand after the experiment.

    Below `gradbook record` or `gradbook sweep` the run is the recorder's: it has experiment, name and file from there,
    and a second run in the same process records nothing. Elsewhere each call starts a recorder, `gradbook log`, which
    writes to `db`, else GRADBOOK_DB, else gradbook.db here. Ranks of a job other than 0 record nothing unless
    GRADBOOK_ALL_RANKS is 1."""
    rank = environment.rank()
    started = Run(
        str(experiment), None if name is None else str(name), environment.identity(), f"rank{rank}/" if rank else ""
    )
    if rank and not environment.records_all_ranks():
        return started
    if environment.is_below_recorder():
        _join(started, rank)
    else:
        _start(started, None if db is None else os.fspath(db))
    if not started._is_recording:
        return started
    lifetime.follow(started)
    try:
        configuration = {str(key): setting(value) for key, value in {**(settings or {}), **more}.items()}
        # The settings of other ranks are those of rank 0, but for what must differ.
        if configuration and not rank:
            started._opening += lines.split({}, configuration, inside="@config")
        for tag in [tags] if isinstance(tags, str) else tags:
            started._opening.append(lines.encoded({"@tags": [str(tag)]}))
    except Exception as error:
        warn_once("settings", f"settings or tags are not recorded whole ({lifetime.description(error)}).")
    started._send(list(started._opening))
    return started


def _join(run: Run, rank: int) -> None:
    """Lets `run` write to the recorder above the program."""
    global _process_with_run
    if _process_with_run == os.getpid():
        run._excuse = (
            "this process has a run already, and `gradbook record` records one; start the program without it to have "
            "a run for each call of gradbook.run."
        )
        warn_once("second run", run._excuse)
        run._excuse = None
        return
    descriptor = environment.descriptor()
    if descriptor is None:
        # Said when it logs, since workers that load data call what calls this, and need not record.
        run._excuse = (
            "this process has not inherited the recorder's pipe, so it records nothing; log in the process that "
            "`gradbook record` has started, or in its forks."
        )
        return
    _process_with_run = os.getpid()
    run._is_recording = True
    try:
        run._pipe = Pipe(descriptor, os.environ.get("GRADBOOK_LOCK"))
    except OSError as error:
        _warn_of_spool(run, f"the recorder's pipe cannot be opened: {error}")
    run._tells_end = environment.is_owner() and not rank
    if run._tells_end and run._pipe is not None:
        # The recorder keeps the names that it was given itself; a spool file has these in its first line.
        names = {"@experiment": run.experiment} if run.name is None else {"@experiment": run.experiment, "@name": run.name}
        run._pipe.write(lines.encoded(names))


def _start(run: Run, database: str | None) -> None:
    """Starts a recorder for `run`; without one the run goes to a spool file."""
    run._is_recording = run._tells_end = True
    executable = program()
    given = os.environ.get("GRADBOOK_PROGRAM")
    problem = (
        f"GRADBOOK_PROGRAM names '{given}', which is no program"
        if given
        else "there is no program `gradbook` on PATH, beside Python, or in GRADBOOK_PROGRAM"
    )
    if executable is not None:
        try:
            run._recorder = Recorder(executable, run.identity, run.experiment, run.name, database)
            run._pipe = Pipe(run._recorder.input, takes_over=True)
            return
        except (OSError, ValueError) as error:
            problem = f"'{executable}' cannot be started: {error}"
    _warn_of_spool(run, problem)


def _warn_of_spool(run: Run, problem: str) -> None:
    warn_once(
        "recorder",
        f"{problem}; the run goes to a file gradbook-spool-{run.identity}-{os.getpid()}.jsonl in "
        f"'{run._folder}', which `gradbook log --resume` takes in.",
    )
