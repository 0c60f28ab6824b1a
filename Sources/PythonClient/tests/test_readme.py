"""The examples of README.md, as they stand there."""

from __future__ import annotations

import re
import unittest

from support import CLIENT, ClientTest


class Examples(ClientTest):
    def test_each_of_them_runs(self) -> None:
        examples = re.findall(r"```python\n(.*?)```", (CLIENT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
        self.assertEqual(len(examples), 2)
        first, second = (self.record(example) for example in examples)
        self.assertEqual((first.status, first.errors, len(first.rows)), (0, "", 1010))
        self.assertEqual(first.rows[1], {"step": 0, "val/acc": 0.9, "val/top/5": 0.99})
        self.assertEqual((second.status, second.errors), (0, ""))
        self.assertIn("'time' is reserved and cannot be the name of a metric; ", second.output)
        self.assertEqual(second.rows[1], {"loss": 0.5})
        self.assertEqual(second.rows[0]["optimizer/beta/1"], 0.999)
        self.assertEqual(second.end, {"state": "failed", "reason": "the loss is not a number"})


if __name__ == "__main__":
    unittest.main()
