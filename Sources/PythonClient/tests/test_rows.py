"""What a row holds."""

from __future__ import annotations

import importlib.util
import json
import math
import struct
import unittest
from decimal import Decimal
from enum import IntEnum
from pathlib import PurePosixPath

from support import IDENTITY, ClientTest

from gradbook.values import flat, plain, setting, step_number

HAS_NUMPY = importlib.util.find_spec("numpy") is not None


class Values(unittest.TestCase):
    def test_integers_of_64_bits_are_exact_and_larger_ones_are_doubles(self) -> None:
        self.assertEqual([plain(2**63 - 1), plain(-(2**63))], [2**63 - 1, -(2**63)])
        for value, expected in (
            (2**63, 2.0**63),
            (-(2**63) - 1, -(2.0**63)),
            (10**400, math.inf),
            (-(10**400), -math.inf),
        ):
            self.assertIs(type(plain(value)), float)
            self.assertEqual(plain(value), expected)

    def test_booleans_and_text_stay(self) -> None:
        self.assertEqual(flat({"a": True, "b": "text"}), {"a": True, "b": "text"})

    def test_none_is_left_out(self) -> None:
        self.assertEqual(flat({"a": None, "b": {"c": None}}), {})

    def test_nested_values_get_flat_names(self) -> None:
        self.assertEqual(
            flat({"val": {"acc": 0.5, "top": {5: 1}}, "lr": [0.1, (0.2,)]}),
            {"val/acc": 0.5, "val/top/5": 1, "lr/0": 0.1, "lr/1/0": 0.2},
        )

    def test_other_numbers_are_their_plain_value(self) -> None:
        class Level(IntEnum):
            HIGH = 3

        class Number(float):
            pass

        class Scalar:  # As PyTorch's, without PyTorch.
            def item(self) -> float:
                return 0.25

        for value, expected in ((Level.HIGH, 3), (Number(0.5), 0.5), (Scalar(), 0.25), (Decimal("0.1"), 0.1)):
            self.assertEqual(plain(value), expected)
            self.assertIs(type(plain(value)), type(expected))

    def test_what_is_no_number_is_none(self) -> None:
        class Hostile:
            def item(self) -> float:
                raise RuntimeError("no")

        for value in (object(), Hostile(), 1j, b"bytes", len):
            self.assertIsNone(plain(value))

    @unittest.skipUnless(HAS_NUMPY, "NumPy is not installed")
    def test_numpy_scalars_and_arrays_of_one_element_are_numbers(self) -> None:
        import numpy

        for value, expected in (
            (numpy.float32(0.1), float(numpy.float32(0.1))),
            (numpy.float64(0.1), 0.1),
            (numpy.float16(0.5), 0.5),
            (numpy.int64(2**63 - 1), 2**63 - 1),
            (numpy.uint64(2**64 - 1), 2.0**64),
            (numpy.bool_(True), True),
            (numpy.array(0.5), 0.5),
            (numpy.array([3]), 3),
            (numpy.longdouble(0.5), 0.5),
            (numpy.str_("x"), "x"),
        ):
            self.assertEqual(plain(value), expected)
            self.assertIs(type(plain(value)), type(expected))
        self.assertIsNone(plain(numpy.zeros(3)))
        self.assertIsNone(plain(numpy.datetime64("2020-01-01")))

    def test_steps_are_integers_from_0_to_the_largest_of_64_bits(self) -> None:
        for value, expected in ((0, 0), (3.0, 3), (2**63 - 1, 2**63 - 1), (Decimal(3), 3)):
            self.assertEqual(step_number(value), expected)
        for value in (-1, 2**63, 0.5, math.nan, math.inf, "3", True, object()):
            self.assertIsNone(step_number(value))

    def test_settings_are_what_json_can_say(self) -> None:
        value = setting({"path": PurePosixPath("a/b"), "list": (1, None), "set": {2, 1}, "big": 2**70, 3: "x"})
        self.assertEqual(value, {"path": "a/b", "list": [1, None], "set": [1, 2], "big": 2.0**70, "3": "x"})


class Rows(ClientTest):
    def test_a_run_tells_settings_rows_and_more(self) -> None:
        result = self.record(
            """
            with gradbook.run("mnist", {"name": "x"}, lr=3e-4, seed=3, tags=["a", "b"], name="first") as run:
                assert run.recording
                assert (run.experiment, run.name, run.identity) == ("mnist", "first", "IDENTITY")
                run.log(0, {"val/acc": 0.5}, loss=0.25)
                run.log(1, loss=0.125, note="text", count=7)
                run.log(loss=0.0625)
                run.log({"loss": 0.03125})
                run.log(5)
                run.summary({"a/b": 1}, accuracy=0.5)
                run.tag("c", "d")
                run.note("good")
                run.file("train.py")
                run.file("train.py", name="script")
            assert not run.recording
            """.replace("IDENTITY", IDENTITY)
        )
        self.assertEqual((result.status, result.errors), (0, ""))
        self.assertEqual(result.transcript.broken, [])
        self.assertEqual(result.transcript.config, {"name": "x", "lr": 3e-4, "seed": 3})
        self.assertEqual(
            result.rows,
            [
                {"step": 0, "val/acc": 0.5, "loss": 0.25},
                {"step": 1, "loss": 0.125, "note": "text", "count": 7},
                {"loss": 0.0625},
                {"loss": 0.03125},
            ],
        )
        self.assertEqual(result.transcript.special("@tags"), [["a"], ["b"], ["c"], ["d"]])
        self.assertEqual(result.transcript.special("@summary"), [{"a/b": 1, "accuracy": 0.5}])
        self.assertEqual(result.transcript.special("@note"), ["good"])
        path = str((self.folder / "train.py").resolve())
        self.assertEqual(
            result.transcript.special("@file"), [{"path": path, "name": "train.py"}, {"path": path, "name": "script"}]
        )
        self.assertEqual(result.end, {"state": "done"})

    def test_reserved_names_are_refused_with_their_replacement(self) -> None:
        result = self.record("""
            run = gradbook.run("mnist")
            for name in ("step", "time", "pid", "@config", "@new"):
                try:
                    run.log(1, **{name: 3})
                except ValueError as error:
                    print(error)
            run.log(1, {"a": {"step": 3}}, self=1, mapping=2)
            """)
        lines = result.output.splitlines()
        self.assertEqual(len(lines), 5)
        self.assertIn("'step' is reserved", lines[0])
        self.assertIn("run.log(3, loss=0.1)", lines[0])
        self.assertIn("gradbook.run(", lines[3])
        self.assertEqual(result.rows, [{"step": 1, "a/step": 3, "self": 1, "mapping": 2}])

    def test_other_mistakes_warn_once_and_never_raise(self) -> None:
        result = self.record(
            """
            run = gradbook.run("mnist", setting=object)
            loop = {}
            loop["loop"] = loop
            for _ in range(3):
                run.log(-1, loss=0.5)
                run.log("a", loss=0.5)
                run.log(1, x=object(), loss=0.5)
                run.log(1, 0.5)
                run.log(2, loop)
                run.summary(0.5)
                run.tensors(1, 5)
                run.tensors(-1, {})
                run.note(None)
                run.file("missing")
            run.end("finished")
            """,
            flags=("-W", "error"),
        )
        self.assertEqual(result.status, 0, result.errors)
        self.assertEqual(len(result.warnings), 7, result.errors)
        self.assertEqual(result.errors.splitlines(), result.warnings)
        self.assertEqual(result.rows, 3 * [{"step": 1, "loss": 0.5}])
        self.assertEqual(result.end, {"state": "failed", "reason": "finished"})

    def test_every_double_comes_through(self) -> None:
        values = [5e-324, -0.0, 1.7976931348623157e308, math.inf, -math.inf, 0.1, 2**53 + 1.0]
        result = self.record(f"""
            inf = float("inf")
            run = gradbook.run("x")
            for step, value in enumerate({values}):
                run.log(step, a=value)      # frames from the second one on
                run.log(step, a=value, b=1) # lines
            run.log(99, a=float("nan"))
            """)
        self.assertEqual([row["a"].hex() for row in result.rows[:-1]], [v.hex() for v in values for _ in "ab"])
        self.assertTrue(math.isnan(result.rows[-1]["a"]))

    def test_a_nan_keeps_its_payload_in_a_frame(self) -> None:
        result = self.record("""
            import struct
            run = gradbook.run("x")
            payload, = struct.unpack("<d", bytes.fromhex("efcdab00000ff87f"))
            for step in range(3):
                run.log(step, a=payload)
            """)
        self.assertEqual(struct.pack("<d", result.rows[-1]["a"]).hex(), "efcdab00000ff87f")

    @unittest.skipUnless(HAS_NUMPY, "NumPy is not installed")
    def test_numpy_scalars_are_logged(self) -> None:
        result = self.record("""
            import numpy
            run = gradbook.run("x")
            for step in numpy.arange(4):
                run.log(step, a=numpy.float64(0.1), b=numpy.float32(0.1))
                run.log(step, c=numpy.int64(2**62 + 1), d=numpy.zeros(3))
            """)
        self.assertEqual(result.rows[-2], {"step": 3, "a": 0.1, "b": 0.10000000149011612})
        self.assertTrue(result.transcript.entries[-3].is_frame)
        self.assertEqual(result.rows[-1], {"step": 3, "c": 2**62 + 1})
        self.assertEqual(len(result.warnings), 1)
        self.assertIn("'d' is an array of shape (3,)", result.warnings[0])

    def test_strange_names_come_through(self) -> None:
        names = ["run_id", '"', ";drop", "emoji \U0001f600", "a\nb", "\u0000", "\ud800", "", "x" * 200]
        result = self.record(f"""
            run = gradbook.run("x")
            for step in range(3):
                run.log(step, {{name: 0.5 for name in {names!r}}})
            """)
        self.assertEqual(result.rows, [{"step": step, **{name: 0.5 for name in names}} for step in range(3)])
        self.assertEqual(json.dumps(result.transcript.broken), "[]")


if __name__ == "__main__":
    unittest.main()
