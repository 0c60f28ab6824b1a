"""Norms of tensors, beside those that NumPy or plain Python computes."""

from __future__ import annotations

import importlib.util
import math
import unittest
from typing import Any

from support import ClientTest

from gradbook.tensors import statistics

HAS_NUMPY = importlib.util.find_spec("numpy") is not None
HAS_TORCH = importlib.util.find_spec("torch") is not None


@unittest.skipUnless(HAS_NUMPY, "NumPy is not installed")
class Arrays(unittest.TestCase):
    def test_a_dictionary_gives_norms_by_flat_names(self) -> None:
        import numpy

        model = {
            "dense": {"kernel": numpy.array([[3.0, 4.0]], "f4"), "bias": numpy.array(-2)},
            "none": numpy.zeros((0, 3)),
        }
        self.assertEqual(
            statistics(model, None),
            {
                "dense/kernel": {"norm": 5.0, "nonfinite": 0},
                "dense/bias": {"norm": 2.0, "nonfinite": 0},
                "none": {"norm": 0.0, "nonfinite": 0},
            },
        )

    def test_norms_are_those_of_float64(self) -> None:
        import numpy

        generator = numpy.random.default_rng(1)
        for kind in ("f2", "f4", "f8", "c8", "i4"):
            values = (generator.standard_normal((1100, 1000)) * 9).astype(kind)
            (found,) = statistics({"a": values[:, ::2]}, None).values()
            exact = math.sqrt(math.fsum((numpy.abs(values[:, ::2].astype("c16")).ravel() ** 2).tolist()))
            self.assertLess(abs(found["norm"] / exact - 1), 1e-13, kind)

    def test_values_that_are_not_finite_are_counted(self) -> None:
        import numpy

        found = statistics(
            {"a": numpy.array([1, math.nan, math.inf, -math.inf], "f4"), "b": numpy.array([math.inf])}, None
        )
        self.assertEqual(found["a"]["nonfinite"], 3)
        self.assertTrue(math.isnan(found["a"]["norm"]))
        self.assertEqual(found["b"], {"norm": math.inf, "nonfinite": 1})

    def test_a_norm_of_large_values_does_not_overflow(self) -> None:
        import numpy

        (found,) = statistics({"a": numpy.array([3e200, 4e200])}, None).values()
        self.assertEqual(found["nonfinite"], 0)
        self.assertAlmostEqual(found["norm"] / 5e200, 1, 14)

    def test_updates_are_differences_from_the_last_call(self) -> None:
        import numpy

        values = numpy.array([1.0, 2.0], "f4")
        copies: dict[str, Any] = {}
        self.assertNotIn("update_norm", statistics({"a": values}, copies)["a"])
        values += numpy.array([3.0, 4.0], "f4")
        self.assertEqual(statistics({"a": values}, copies)["a"]["update_norm"], 5.0)
        self.assertEqual(statistics({"a": values}, copies)["a"]["update_norm"], 0.0)
        self.assertNotIn("update_norm", statistics({"a": numpy.zeros(3)}, copies)["a"])

    def test_a_module_gives_its_parameters_and_gradients(self) -> None:
        import numpy

        class Parameter:
            def __init__(self, values: Any, gradient: Any) -> None:
                self.values, self.grad, self.shape = values, gradient, values.shape

            def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
                return self.values

        class Module:
            def named_parameters(self) -> Any:
                yield "layer.weight", Parameter(numpy.array([3.0, 4.0]), numpy.array([0.0, -1.0]))
                yield "layer.bias", Parameter(numpy.array([1.0]), None)

        self.assertEqual(
            statistics(Module(), None),
            {
                "layer.weight": {"norm": 5.0, "nonfinite": 0, "gradient_norm": 1.0},
                "layer.bias": {"norm": 1.0, "nonfinite": 0},
            },
        )

    def test_nothing_is_changed(self) -> None:
        import numpy

        values = numpy.array([[1.0, math.nan], [2.0, 3.0]], "f4").T
        before = values.tobytes()
        values.flags.writeable = False
        statistics({"a": values}, {})
        self.assertEqual(values.tobytes(), before)


@unittest.skipUnless(HAS_TORCH, "PyTorch is not installed")
class PyTorch(ClientTest):
    def test_a_module_is_recorded_and_not_changed(self) -> None:
        result = self.record("""
            import torch
            torch.manual_seed(3)
            model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            run = gradbook.run("x")
            bits = lambda: b"".join(p.detach().numpy().tobytes() + p.grad.numpy().tobytes() for p in model.parameters())
            last = None
            for step in range(3):
                optimizer.zero_grad()
                loss = model(torch.ones(2, 3)).pow(2).mean()
                loss.backward()
                state = torch.get_rng_state()
                before = bits()
                half = torch.tensor(0.5).bfloat16()
                run.log(step, loss=loss, scale=torch.tensor(3), flag=torch.tensor(True), half=half)
                run.tensors(step, model, updates=True)
                assert bits() == before and torch.equal(state, torch.get_rng_state())
                for name, p in model.named_parameters():
                    values = p.detach().double()
                    difference = values - last[name] if last else torch.zeros(1)
                    norms = values.norm(), p.grad.double().norm(), difference.norm()
                    print(step, name, *(norm.item() for norm in norms))
                last = {name: p.detach().double().clone() for name, p in model.named_parameters()}
                optimizer.step()
            run.tensors(9, {"a": torch.tensor([1, 2, 2]), "b": torch.tensor([3j, 4.0]),
                            "c": torch.ones(2, 2).to_sparse(), "d": torch.tensor([1.0, float("nan")]).bfloat16(),
                            "e": torch.zeros(0)})
            small = torch.nn.Linear(3, 2, bias=False).bfloat16()
            small.weight.grad = torch.full_like(small.weight, 2.0)
            small.weight.data.zero_()
            run.tensors(20, small, updates=True)
            small.weight.data += 1
            run.tensors(21, small, updates=True)
            run.tensors(10, {"meta": torch.empty(2, device="meta"), "a": torch.ones(4)})
            """)
        self.assertEqual(result.status, 0, result.errors)
        found = {
            (entry.row["step"], name): values
            for entry in result.transcript.entries
            for name, values in entry.row.get("@tensors", {}).items()
        }
        lines = [line.split() for line in result.output.splitlines()]
        self.assertEqual(len(lines), 12)
        for step, name, norm, gradient, update in lines:
            values = found[int(step), name]
            self.assertEqual(values["nonfinite"], 0)
            expected = [float(norm), float(gradient)] + ([float(update)] if int(step) else [])
            measured = [values[key] for key in ("norm", "gradient_norm", "update_norm") if key in values]
            self.assertEqual(len(measured), len(expected))
            for first, second in zip(measured, expected):
                self.assertAlmostEqual(first, second, 13)
        self.assertEqual([found[9, name]["norm"] for name in "abce"], [3.0, 5.0, 2.0, 0.0])
        self.assertEqual(found[9, "d"]["nonfinite"], 1)
        root = math.sqrt(6)
        self.assertEqual(found[20, "weight"], {"norm": 0.0, "nonfinite": 0, "gradient_norm": 2 * root})
        self.assertEqual(
            found[21, "weight"], {"norm": root, "nonfinite": 0, "gradient_norm": 2 * root, "update_norm": root}
        )
        self.assertEqual(found[10, "a"], {"norm": 2.0, "nonfinite": 0})
        self.assertEqual(len(result.warnings), 1)
        self.assertEqual(set(result.rows[0]), {"step", "loss", "scale", "flag", "half"})
        self.assertEqual([result.rows[0][key] for key in ("scale", "flag", "half")], [3, True, 0.5])


@unittest.skipUnless(HAS_NUMPY, "NumPy is not installed")
class Recorded(ClientTest):
    def test_an_entry_for_each_tensor_in_short_lines(self) -> None:
        result = self.record("""
            import numpy
            run = gradbook.run("x")
            run.tensors(7, {f"layer{number}": {"weight": numpy.full(4, number)} for number in range(500)})
            run.tensors(8, {})
            run.tensors(9, {"list": [1, 2], "text": "x"})
            """)
        entries = [entry for entry in result.transcript.entries if "@tensors" in entry.row]
        self.assertLessEqual(max(entry.length for entry in entries), 4096)
        self.assertEqual({entry.row["step"] for entry in entries}, {7})
        merged = {name: values for entry in entries for name, values in entry.row["@tensors"].items()}
        self.assertEqual(merged, {f"layer{n}/weight": {"norm": 2.0 * n, "nonfinite": 0} for n in range(500)})
        self.assertEqual(len(result.warnings), 2)

    def test_names_of_other_ranks_begin_with_the_rank(self) -> None:
        result = self.record(
            """
            import numpy
            gradbook.run("x").tensors(1, {"a": numpy.ones(1)})
            """,
            RANK="1",
            GRADBOOK_ALL_RANKS="1",
        )
        self.assertEqual(list(result.transcript.special("@tensors")[0]), ["rank1/a"])


if __name__ == "__main__":
    unittest.main()
