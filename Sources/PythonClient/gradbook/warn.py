"""What the client tells the user: one sentence on stderr, and each kind of sentence once a process."""

from __future__ import annotations

import sys

_said: set[str] = set()


def warn_once(kind: str, sentence: str) -> None:
    """Says `sentence`, unless one of the same kind was said before. It goes to stderr and not through `warnings`, which
    a program may have turned into errors."""
    if kind in _said:
        return
    _said.add(kind)
    try:
        # In one piece, for other processes write too.
        sys.stderr.write(f"gradbook: {sentence}\n")
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        pass  # There is no stderr, or it is closed.
