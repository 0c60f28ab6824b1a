"""A program without a recorder around it starts one."""

from __future__ import annotations

import unittest

from support import ClientTest

CODE = """
    with gradbook.run("mnist", lr=0.5, seed=3ARGUMENTS) as run:
        for step in range(100):
            run.log(step, loss=step + 0.5)
    """


def code(arguments: str = "") -> str:
    return CODE.replace("ARGUMENTS", arguments)


class Alone(ClientTest):
    def test_a_recorder_gets_the_run(self) -> None:
        result = self.alone(code(", name='-first', db='a b.db', tags=['t']"))
        self.assertEqual((result.status, result.errors, result.spools), (0, "", {}))
        (arguments,) = self.recorder_arguments()
        self.assertEqual(
            [*arguments[:2], *arguments[3:]], ["log", "--experiment=mnist", "--name=-first", "--db=a b.db"]
        )
        self.assertRegex(arguments[2], "^--identity=[0-9a-f]{32}$")
        self.assertEqual(result.rows, [{"step": step, "loss": step + 0.5} for step in range(100)])
        self.assertEqual(result.transcript.config, {"lr": 0.5, "seed": 3})
        self.assertEqual(result.end, {"state": "done"})

    def test_names_are_optional(self) -> None:
        self.alone(code())
        self.assertEqual(len(self.recorder_arguments()[0]), 3)

    def test_each_call_is_a_run(self) -> None:
        result = self.alone(code() + code() + "first, second = gradbook.run('a'), gradbook.run('b')")
        self.assertEqual(len({arguments[2] for arguments in self.recorder_arguments()}), 4)
        self.assertEqual(len(result.rows), 200)
        self.assertEqual(result.transcript.special("@end"), 4 * [{"state": "done"}])

    def test_the_program_waits_until_the_run_is_stored(self) -> None:
        # The fake writes what it reads; whatever is missing now was not yet read.
        result = self.alone("run = gradbook.run('x')\nfor step in range(50_000): run.log(step, loss=0.5)")
        self.assertEqual(len(result.rows), 50_000)

    def test_without_the_program_the_run_is_spooled_whole(self) -> None:
        result = self.alone(code(), program=False)
        self.assertEqual(result.status, 0)
        self.assertEqual(len(result.warnings), 1)
        self.assertIn(
            "there is no program `gradbook` on PATH, beside Python, or in GRADBOOK_PROGRAM", result.warnings[0]
        )
        self.assertEqual(len(result.spool), 1 + 1 + 100 + 1)
        self.assertEqual(result.spool[0]["@spool"]["experiment"], "mnist")
        self.assertEqual(result.spool[1], {"@config": {"lr": 0.5, "seed": 3}})

    def test_gradbook_program_names_it(self) -> None:
        self.alone(code())
        program = str(self.folder / "bin" / "gradbook")
        result = self.alone(code(), PATH="/usr/bin:/bin", GRADBOOK_PROGRAM=program)
        self.assertEqual((len(self.recorder_arguments()), result.errors), (2, ""))
        result = self.alone(code(), GRADBOOK_PROGRAM="/nowhere/gradbook")
        self.assertIn("/nowhere/gradbook", result.warnings[0])

    def test_a_program_that_cannot_be_started_is_said(self) -> None:
        (self.folder / "broken").write_bytes(b"\x00\x01\x02")
        (self.folder / "broken").chmod(0o755)
        result = self.alone(code(), GRADBOOK_PROGRAM=str(self.folder / "broken"))
        self.assertIn("broken' cannot be started", result.warnings[0])
        self.assertEqual(len(result.spool), 103)

    def test_a_recorder_that_fails_is_said(self) -> None:
        result = self.alone(code(), FAKE_STATUS="64")
        self.assertEqual(result.warnings, ["gradbook: the recorder ended with status 64, so the run may lack lines."])
        self.assertEqual(result.status, 0)

    def test_a_recorder_that_ends_early_makes_the_run_spool(self) -> None:
        result = self.alone(
            "run = gradbook.run('x', lr=1)\nfor step in range(50_000): run.log(step, a=0.5)", FAKE_READS="1"
        )
        self.assertIn("the recorder is gone", result.warnings[0])
        self.assertEqual(result.spool[1], {"@config": {"lr": 1}})
        self.assertEqual(result.spool[-2]["step"], 49_999)

    def test_a_child_that_holds_the_pipe_does_not_hold_up_the_program(self) -> None:
        result = self.alone("""
            import os, time
            run = gradbook.run("x")
            child = os.fork()
            if child == 0:
                time.sleep(60)
                os._exit(0)
            run.log(0, a=0.5)
            start = time.monotonic()
            run.end()
            print(time.monotonic() - start)
            os.kill(child, 9)
            """)
        self.assertLess(float(result.output), 10)
        self.assertEqual(len(result.warnings), 1)

    def test_a_signal_to_the_program_s_group_does_not_reach_the_recorder(self) -> None:
        result = self.alone("""
            import os
            run = gradbook.run("x")
            print(os.getpgid(run._recorder._process.pid) != os.getpgid(0))
            """)
        self.assertEqual(result.output, "True\n")

    def test_a_fork_logs_into_the_same_run(self) -> None:
        result = self.alone(
            """
            import os
            run = gradbook.run("x")
            if os.fork() == 0:
                for step in range(3):
                    run.log(step, child=0.5)
                raise SystemExit
            os.wait()
            run.log(0, parent=0.5)
            """,
            flags=("-X", "dev"),
        )
        self.assertEqual((len(result.rows), result.errors), (4, ""))
        self.assertEqual(result.end, {"state": "done"})

    def test_an_exception_in_a_notebook_of_several_runs_fails_those_that_are_open(self) -> None:
        result = self.alone("gradbook.run('a').end()\ngradbook.run('b')\nraise ValueError('x')")
        self.assertEqual(sorted(end["state"] for end in result.transcript.special("@end")), ["done", "failed"])


if __name__ == "__main__":
    unittest.main()
