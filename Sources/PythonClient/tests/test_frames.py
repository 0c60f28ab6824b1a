"""Frames and lines: which rows become which, and how long they are."""

from __future__ import annotations

import unittest

from protocol import decode
from support import ClientTest


class Reader(unittest.TestCase):
    """The reader of these tests must see what is broken."""

    def test_it_counts_what_cannot_be_read(self) -> None:
        frame = b"\x01\x00" + bytes(12) + bytes(8)
        self.assertEqual(len(decode(frame).broken), 1)
        self.assertEqual(len(decode(b'{"@keys":{"0":["a"]},"pid":0}\n' + frame[:-1]).broken), 1)
        self.assertEqual(decode(b'{"@keys":{"0":["a"]},"pid":0}\n' + frame).rows, [{"step": 0, "a": 0.0}])
        self.assertEqual(decode(b'{"a":1}\n{"b":2').broken, [b'{"b":2'])
        self.assertEqual(decode(b'{"a":{"b":2}}}\n').broken, [b'{"a":{"b":2}}}'])


class Frames(ClientTest):
    def test_rows_of_floats_are_frames_from_the_second_one_on(self) -> None:
        result = self.record("""
            run = gradbook.run("x")
            for step in range(5):
                run.log(step, {"val/acc": 0.5}, loss=0.25)
            """)
        frames = [entry.is_frame for entry in result.transcript.entries]
        self.assertEqual(frames, [False, True, True, True, True, False])
        self.assertEqual(result.rows, [{"step": step, "val/acc": 0.5, "loss": 0.25} for step in range(5)])
        self.assertEqual(list(result.transcript.lists.values()), [["val/acc", "loss"]])

    def test_a_row_with_anything_else_or_without_a_step_is_a_line(self) -> None:
        result = self.record("""
            run = gradbook.run("x")
            for step in range(4):
                run.log(step, a=0.5)
            run.log(4, a=1)
            run.log(5, a=True)
            run.log(6, a="text")
            run.log(7, a=None)
            run.log(a=0.25)
            run.log(2.0, a=0.125)
            run.log(2**63 - 1, a=0.5)
            run.log(-(2**62), a=0.5)
            run.log(2**63, a=0.5)
            """)
        rows = [(entry.row, entry.is_frame) for entry in result.transcript.entries[4:-1]]
        self.assertEqual(
            rows,
            [
                ({"step": 4, "a": 1}, False),
                ({"step": 5, "a": True}, False),
                ({"step": 6, "a": "text"}, False),
                ({"a": 0.25}, False),
                ({"step": 2, "a": 0.125}, True),
                ({"step": 2**63 - 1, "a": 0.5}, True),
            ],
        )
        self.assertIs(result.rows[5]["a"], True)
        self.assertEqual(len(result.warnings), 1)

    def test_a_process_declares_at_most_256_lists(self) -> None:
        result = self.record("""
            run = gradbook.run("x")
            for step in range(4):
                for name in range(300):
                    run.log(step, {f"a{name}": 0.5})
            """)
        self.assertEqual(sorted(number for _, number in result.transcript.lists), list(range(256)))
        self.assertEqual(len(result.rows), 1200)
        self.assertEqual(result.transcript.broken, [])
        self.assertEqual(sum(entry.is_frame for entry in result.transcript.entries), 256 * 3)

    def test_keys_that_come_once_are_not_declared(self) -> None:
        result = self.record("""
            run = gradbook.run("x")
            for step in range(5000):
                run.log(step, {f"a{step}": 0.5})
            """)
        self.assertEqual((len(result.rows), result.transcript.lists), (5000, {}))

    def test_nothing_that_can_be_short_is_longer_than_4096_bytes(self) -> None:
        result = self.record("""
            run = gradbook.run("x", **{f"setting{number}": number for number in range(2000)})
            for step in range(3):
                run.log(step, {f"metric/{number}": number + 0.5 for number in range(600)})
                run.log(step, {f"m{number}": number + 0.5 for number in range(450)})
                run.log(step, {f"int{number}": number for number in range(1000)})
            run.summary({f"final{number}": number for number in range(1000)})
            run.tag(*(f"tag{number}" for number in range(1000)))
            """)
        self.assertEqual(result.transcript.broken, [])
        self.assertLessEqual(max(entry.length for entry in result.transcript.entries), 4096)
        merged: dict[int, dict[str, float]] = {}
        for row in result.rows:
            merged.setdefault(row.pop("step"), {}).update(row)
        expected = {
            **{f"metric/{number}": number + 0.5 for number in range(600)},
            **{f"m{number}": number + 0.5 for number in range(450)},
            **{f"int{number}": number for number in range(1000)},
        }
        self.assertEqual(merged, {step: expected for step in range(3)})
        self.assertEqual(result.transcript.config, {f"setting{number}": number for number in range(2000)})
        self.assertEqual(sum(len(part) for part in result.transcript.special("@summary")), 1000)
        self.assertEqual(sum(len(part) for part in result.transcript.special("@tags")), 1000)

    def test_what_cannot_be_short_comes_whole(self) -> None:
        result = self.record("""
            run = gradbook.run("x")
            run.note("n" * 10_000_000)
            run.log(0, text="t" * 5000, loss=0.5)
            run.log({f"metric/{number}": 0.5 for number in range(1000)})
            run.log(1, loss=0.25)
            """)
        self.assertEqual(result.transcript.broken, [])
        self.assertEqual(result.transcript.special("@note"), ["n" * 10_000_000])
        self.assertEqual(
            result.rows,
            [
                {"step": 0, "text": "t" * 5000},
                {"step": 0, "loss": 0.5},
                {f"metric/{number}": 0.5 for number in range(1000)},
                {"step": 1, "loss": 0.25},
            ],
        )


if __name__ == "__main__":
    unittest.main()
