"""Lines of the protocol: a JSON object each, and short enough to be written in one piece where that is possible."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .pipe import ATOMIC

# NaN and infinities are words of the protocol; ASCII, since no program should have to know our encoding.
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def encoded(row: Mapping[str, object]) -> bytes:
    """One line, whatever its length."""
    return _encode(row).encode() + b"\n"


def split(head: Mapping[str, object], members: Mapping[str, object], inside: str | None = None) -> list[bytes]:
    """Lines that together say `head` and `members`, or an object of the members called `inside`.

    The recorder merges lines of one step, and settings, and so on, so several short lines say the same as a long one,
    and short ones need no lock. A line is longer than `ATOMIC` only where a single member is."""
    line = encoded({**head, inside: members} if inside else {**head, **members})
    if len(line) <= ATOMIC or len(members) < 2:
        return [line]
    opening = _encode(head)[:-1] + ("," if head else "")
    closing = "}\n"
    if inside:
        opening += _encode(inside) + ":{"
        closing = "}}\n"
    limit = ATOMIC - len(opening) - len(closing)
    lines: list[bytes] = []
    taken: list[str] = []
    length = -1

    def finish() -> None:
        if taken:
            lines.append((opening + ",".join(taken) + closing).encode())

    for member in (_encode({key: value})[1:-1] for key, value in members.items()):
        if taken and length + 1 + len(member) > limit:
            finish()
            taken, length = [], -1
        taken.append(member)
        length += 1 + len(member)
    finish()
    return lines
