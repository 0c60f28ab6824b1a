"""How a program ends, and what its run says of it."""

from __future__ import annotations

import unittest

from support import ClientTest


class Ends(ClientTest):
    def end(self, code: str) -> object:
        result = self.record("import os, sys\nrun = gradbook.run('x')\nrun.log(0, a=0.5)\n" + code)
        self.assertEqual(result.rows[0], {"step": 0, "a": 0.5})
        ends = result.transcript.special("@end")
        self.assertLessEqual(len(ends), 1)
        return ends[0] if ends else None

    def test_a_program_that_ends_is_done(self) -> None:
        self.assertEqual(self.end(""), {"state": "done"})

    def test_an_exception_is_a_failure_with_its_text(self) -> None:
        self.assertEqual(self.end("raise ValueError('no data')"), {"state": "failed", "reason": "ValueError: no data"})
        self.assertEqual(self.end("assert False"), {"state": "failed", "reason": "AssertionError"})
        self.assertEqual(self.end("raise KeyboardInterrupt"), {"state": "failed", "reason": "KeyboardInterrupt"})
        self.assertEqual(
            self.end("os.kill(os.getpid(), 2); import time; time.sleep(9)"),
            {"state": "failed", "reason": "KeyboardInterrupt"},
        )

    def test_the_exception_is_still_shown_and_other_hooks_are_called(self) -> None:
        result = self.record("""
            import sys
            sys.excepthook = lambda *problem: print("hook", problem[1])
            run = gradbook.run("x")
            raise ValueError("no data")
            """)
        self.assertEqual((result.output, result.status), ("hook no data\n", 1))
        self.assertEqual(result.end, {"state": "failed", "reason": "ValueError: no data"})
        self.assertIn("ValueError: no data", self.record("gradbook.run('x')\nraise ValueError('no data')").errors)

    def test_an_exception_whose_text_fails_is_a_failure(self) -> None:
        code = "class Bad(Exception):\n    def __str__(self): raise OSError\nraise Bad"
        self.assertEqual(self.end(code), {"state": "failed", "reason": "Bad"})

    def test_sys_exit_is_no_exception(self) -> None:
        # The recorder has the status.
        self.assertEqual(self.end("sys.exit(3)"), {"state": "done"})

    def test_os_exit_says_nothing(self) -> None:
        self.assertIsNone(self.end("os._exit(0)"))

    def test_a_with_statement_ends_the_run(self) -> None:
        for statement, expected in (
            ("pass", {"state": "done"}),
            ("sys.exit(0)", {"state": "done"}),
            ("sys.exit(3)", {"state": "failed", "reason": "SystemExit: 3"}),
            ("1 / 0", {"state": "failed", "reason": "ZeroDivisionError: division by zero"}),
        ):
            with self.subTest(statement):
                self.assertEqual(self.end(f"with run:\n    {statement}"), expected)

    def test_a_run_is_ended_once_and_later_rows_are_refused(self) -> None:
        result = self.record("""
            run = gradbook.run("x")
            run.end("failed", "bad data")
            run.end()
            for step in range(3):
                run.log(step, a=0.5)
            raise ValueError
            """)
        self.assertEqual(result.end, {"state": "failed", "reason": "bad data"})
        self.assertEqual(result.rows, [])
        self.assertEqual(len(result.warnings), 1)
        self.assertIn("the run has ended", result.warnings[0])

    def test_threads_that_log_while_the_program_ends_do_no_harm(self) -> None:
        result = self.record("""
            import threading, time
            run = gradbook.run("x")
            def work():
                step = 0
                while True:
                    run.log(step, a=0.5)
                    step += 1
            for _ in range(4):
                threading.Thread(target=work, daemon=True).start()
            time.sleep(0.1)
            """)
        self.assertEqual((result.status, result.errors, result.spools), (0, "", {}))
        self.assertEqual(result.end, {"state": "done"})
        self.assertIn("@end", result.transcript.entries[-1].row)

    def test_a_long_reason_comes_whole(self) -> None:
        self.assertEqual(self.end("run.end('failed', 'r' * 5000)"), {"state": "failed", "reason": "r" * 5000})

    def test_a_thread_that_outlives_the_main_one_is_waited_for(self) -> None:
        result = self.record("""
            import threading, time
            run = gradbook.run("x")
            threading.Thread(target=lambda: (time.sleep(0.2), run.log(1, a=0.5))).start()
            """)
        self.assertEqual(result.rows, [{"step": 1, "a": 0.5}])


if __name__ == "__main__":
    unittest.main()
