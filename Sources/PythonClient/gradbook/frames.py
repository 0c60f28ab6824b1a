"""The fast form of a row: a list of keys is declared once, then a frame of bytes stands for a line.

A frame is the byte 0x01, the list's number (1 byte), the process (uint32), the step (int64), then a double for each
key; all little-endian."""

from __future__ import annotations

import os
import struct
from functools import partial
from typing import Callable

from . import lines
from .pipe import ATOMIC

# Packs a step and the values; a C function, so that a row takes no Python code.
Packer = Callable[..., bytes]

# The number is one byte.
MOST_LISTS = 256
# Rows with ever new keys would fill the memory of what was seen.
MOST_SEEN = 4096
_HEADER = 14
# The highest byte of the step in a frame: 128 or more is a negative step.
STEP_SIGN_BYTE = 13


class Lists:
    """The lists of keys that this process has declared, by their keys as the program gives them."""

    def __init__(self) -> None:
        self.packers: dict[tuple[str, ...], Packer] = {}
        self._seen: set[tuple[str, ...]] = set()
        self._count = 0

    def is_due(self, keys: tuple[str, ...]) -> bool:
        """Whether `keys` should be declared now: when they come the second time, as many keys come only once."""
        if self._count >= MOST_LISTS or _HEADER + 8 * len(keys) > ATOMIC:
            return False
        if keys in self._seen:
            return True
        if len(self._seen) < MOST_SEEN:
            self._seen.add(keys)
        return False

    def declaration(self, keys: tuple[str, ...], prefix: str) -> tuple[bytes, Packer] | None:
        """The line that declares `keys`, and what packs their rows; None if the line would be too long."""
        process = os.getpid()
        line = lines.encoded({"@keys": {str(self._count): [prefix + key for key in keys]}, "pid": process})
        if len(line) > ATOMIC:
            self._seen.discard(keys)
            return None
        packer = partial(struct.Struct(f"<BBIq{len(keys)}d").pack, 1, self._count, process)
        self._count += 1
        return line, packer

    def add(self, keys: tuple[str, ...], packer: Packer) -> None:
        """To be called after the declaration was written: other threads send frames from here on."""
        self.packers[keys] = packer
        self._seen.discard(keys)
