"""A reader of the protocol, independent of the client's own code: bytes in, entries out."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Entry:
    """A line, or a frame as the line that it stands for."""

    row: dict[str, Any]
    process: int | None = None  # of a frame
    length: int = 0

    @property
    def is_frame(self) -> bool:
        return self.process is not None


@dataclass
class Transcript:
    entries: list[Entry] = field(default_factory=list)
    lists: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    # "@experiment" and "@name".
    names: dict[str, str] = field(default_factory=dict)
    # What cannot be read: lines that are no JSON objects, frames of unknown lists, an end without "\n".
    broken: list[bytes] = field(default_factory=list)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Rows of metrics, in order."""
        return [entry.row for entry in self.entries if not any(key.startswith("@") for key in entry.row)]

    def special(self, name: str) -> list[Any]:
        return [entry.row[name] for entry in self.entries if name in entry.row]

    @property
    def config(self) -> dict[str, Any]:
        return {key: value for part in self.special("@config") for key, value in part.items()}


def decode(data: bytes) -> Transcript:
    result = Transcript()
    at = 0
    while at < len(data):
        if data[at] == 1:
            header = data[at : at + 14]
            names = None
            if len(header) == 14:
                _, number, process, step = struct.unpack("<BBIq", header)
                names = result.lists.get((process, number))
            if names is None or len(data) < at + 14 + 8 * len(names):
                following = data.find(b"\n{", at)
                following = len(data) if following < 0 else following + 1
                result.broken.append(data[at:following])
                at = following
                continue
            length = 14 + 8 * len(names)
            values = struct.unpack_from(f"<{len(names)}d", data, at + 14)
            result.entries.append(Entry({"step": step, **dict(zip(names, values))}, process, length))
            at += length
            continue
        end = data.find(b"\n", at)
        line = data[at:] if end < 0 else data[at:end]
        at = len(data) if end < 0 else end + 1
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or end < 0:
            result.broken.append(line)
            continue
        for number, names in row.get("@keys", {}).items():
            result.lists[row["pid"], int(number)] = names
        if "@experiment" in row:
            result.names.update(row)
        elif "@keys" not in row:
            result.entries.append(Entry(row, None, len(line) + 1))
    return result
