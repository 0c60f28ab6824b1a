"""Threads and processes that share a run."""

from __future__ import annotations

import unittest
from collections import Counter

from support import ClientTest, Result


class Processes(ClientTest):
    def assert_rows(self, result: Result, expected: Counter[tuple[str, int]]) -> None:
        """Each row, once, with the value that belongs to its name and step."""
        self.assertEqual(result.transcript.broken, [])
        found: Counter[tuple[str, int]] = Counter()
        for row in result.rows:
            step = row["step"]
            for name, value in row.items():
                if isinstance(value, str):
                    self.assertEqual(value, str(step) * (len(value) // len(str(step))))
                elif name != "step":
                    self.assertEqual(value, step + 0.5)
                if name != "step":
                    found[name, step] += 1
        self.assertEqual(found, expected)

    def test_32_threads_lose_nothing(self) -> None:
        result = self.record("""
            import threading
            run = gradbook.run("x")
            def work(number):
                for step in range(500):
                    run.log(step, {f"a{number}": step + 0.5, f"b{number % 4}_{number}": step + 0.5})
                    if step % 100 == 0:
                        run.log(step, {f"text{number}": str(step) * 6000})
            threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            """)
        expected = Counter(
            (name, step)
            for number in range(32)
            for step in range(500)
            for name in (f"a{number}", f"b{number % 4}_{number}")
        )
        expected.update((f"text{number}", step) for number in range(32) for step in range(0, 500, 100))
        self.assert_rows(result, expected)
        self.assertEqual(result.end, {"state": "done"})

    def test_8_processes_write_frames_and_lines_at_once(self) -> None:
        result = self.record("""
            import os
            run = gradbook.run("x")
            run.log(0, shared=0.5)
            run.log(1, shared=1.5)
            for number in range(8):
                if os.fork() == 0:
                    for step in range(2000):
                        run.log(step, {f"a{number}": step + 0.5})
                        if step % 100 == 0:
                            run.log(step, {f"long{number}/{key}": step + 0.5 for key in range(50)})
                        run.log(step, {f"text{number}": str(step)})
                    os._exit(0)
            for number in range(8):
                os.wait()
            """)
        expected = Counter({("shared", 0): 1, ("shared", 1): 1})
        for number in range(8):
            expected.update((f"a{number}", step) for step in range(2000))
            expected.update((f"text{number}", step) for step in range(2000))
            expected.update((f"long{number}/{key}", step) for step in range(0, 2000, 100) for key in range(50))
        self.assert_rows(result, expected)
        self.assertEqual(len({process for process, _ in result.transcript.lists}), 9)

    def test_long_lines_of_processes_are_written_under_the_lock(self) -> None:
        for lock in (True, False):
            with self.subTest(lock=lock):
                result = self.record(
                    """
                    import os
                    run = gradbook.run("x")
                    for number in range(4):
                        if os.fork() == 0:
                            for step in range(1, 30):
                                run.log(step, {f"text{number}": str(step) * 100_000})
                            os._exit(0)
                    for number in range(4):
                        os.wait()
                    """,
                    **({} if lock else {"GRADBOOK_LOCK": ""}),
                )
                self.assert_rows(
                    result, Counter((f"text{number}", step) for number in range(4) for step in range(1, 30))
                )

    def test_a_fork_logs_under_its_own_number_and_does_not_end_the_run(self) -> None:
        result = self.record("""
            import os, sys
            with gradbook.run("x") as run:
                for step in range(3):
                    run.log(step, a=step + 0.5)
                if os.fork() == 0:
                    for step in range(3, 6):
                        run.log(step, a=step + 0.5)
                    run.end("failed")
                    sys.exit(1)
                os.wait()
                run.log(6, a=6.5)
            """)
        self.assert_rows(result, Counter(("a", step) for step in range(7)))
        self.assertEqual(len({process for process, _ in result.transcript.lists}), 2)
        self.assertEqual(result.end, {"state": "done"})
        self.assertEqual(result.errors, "")

    def test_a_fork_while_threads_log_does_not_hang(self) -> None:
        result = self.record(
            """
            import os, threading
            run = gradbook.run("x")
            stop = threading.Event()
            def work(name):
                step = 0
                while not stop.is_set():
                    run.log(step, {name: step + 0.5})
                    step += 1
            threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(4)]
            for thread in threads:
                thread.start()
            for number in range(50):
                if os.fork() == 0:
                    for step in range(3):
                        run.log(step, {f"c{number}": step + 0.5})
                    os._exit(0)
                os.wait()
            stop.set()
            """,
            flags=("-W", "ignore"),
        )
        self.assertEqual(result.transcript.broken, [])
        children = Counter(name for row in result.rows for name in row if name.startswith("c"))
        self.assertEqual(children, {f"c{number}": 3 for number in range(50)})

    def test_workers_of_multiprocessing_log_if_they_inherit_the_pipe(self) -> None:
        code = """
            import multiprocessing, sys
            def work(number):
                if run := globals().get("run"):
                    run.log(number, a=number + 0.5)
                else:
                    worker = gradbook.run("x")
                    assert not worker.recording
                    if number < 2:
                        worker.log(number, a=0.5)
                        worker.log(number, a=0.5)
            if __name__ == "__main__":
                context = multiprocessing.get_context(sys.argv[1] if len(sys.argv) > 1 else "METHOD")
                run = gradbook.run("x")
                workers = [context.Process(target=work, args=(number,)) for number in range(4)]
                for worker in workers:
                    worker.start()
                for worker in workers:
                    worker.join()
                    assert worker.exitcode == 0
            """
        result = self.record(code.replace("METHOD", "fork"))
        self.assert_rows(result, Counter(("a", step) for step in range(4)))
        for method in ("spawn", "forkserver"):
            with self.subTest(method=method):
                result = self.record(code.replace("METHOD", method))
                self.assertEqual(result.rows, [])
                self.assertEqual(len(result.warnings), 2, result.errors)
                self.assertIn("has not inherited the recorder's pipe", result.warnings[0])
                self.assertEqual(result.end, {"state": "done"})

    def test_a_program_below_another_finds_the_pipe_by_its_path(self) -> None:
        import os
        import threading

        path = str(self.folder / "pipe")
        os.mkfifo(path)
        received: list[bytes] = []

        def read() -> None:
            with open(path, "rb") as pipe:
                received.append(pipe.read())

        reader = threading.Thread(target=read)
        reader.start()
        # As torchrun does: the launcher closes the descriptors of its workers, and their numbers may be other files.
        keeper = os.open(path, os.O_WRONLY)
        result = self.record(
            """
            import os, subprocess, sys
            if len(sys.argv) == 1:
                os.environ["GRADBOOK_PIPE"] = "PATH"
                code = "import os; os.pipe2(0); exec(compile(open(%r).read(), 'train', 'exec'))" % __file__
                sys.exit(subprocess.run([sys.executable, __file__, "worker"]).returncode)
            with gradbook.run("x") as run:
                assert run.recording
                run.log(3, a=3.5)
            """.replace("PATH", path)
        )
        os.close(keeper)
        reader.join()
        self.assertEqual((result.status, result.errors), (0, ""))
        self.assertIn(b'{"step":3,"a":3.5}\n', received[0])
        self.assertTrue(received[0].endswith(b'{"@end":{"state":"done"}}\n'))

    def test_a_second_run_below_a_recorder_records_nothing(self) -> None:
        result = self.record("""
            for number in range(3):
                with gradbook.run("x") as run:
                    print(run.recording)
                    run.log(0, a=number)
            """)
        self.assertEqual(result.output.split(), ["True", "False", "False"])
        self.assertEqual(result.rows, [{"step": 0, "a": 0}])
        self.assertEqual(len(result.warnings), 1)
        self.assertEqual(result.end, {"state": "done"})

    def test_only_the_process_that_made_the_run_tells_its_end(self) -> None:
        result = self.record("""
            import os
            run = gradbook.run("x")
            if os.fork() == 0:
                with gradbook.run("y") as second:
                    assert second.recording
                    second.log(1, a=1.5)
                os._exit(0)
            os.wait()
            """)
        self.assertEqual(result.rows, [{"step": 1, "a": 1.5}])
        self.assertEqual(result.end, {"state": "done"})

    def test_a_recorder_below_another_has_an_owner_of_its_own(self) -> None:
        owner = "0" * 32 + " 1"
        self.assertEqual(self.record("gradbook.run('x')", GRADBOOK_OWNER=owner).end, {"state": "done"})


class Ranks(ClientTest):
    CODE = """
        run = gradbook.run("x", lr=0.5, tags=["a"])
        print(run.recording)
        for step in range(3):
            run.log(step, a=step + 0.5)
        run.summary(b=1)
        run.tag("t")
        """

    def test_rank_0_records(self) -> None:
        for name, rank in (("RANK", "0"), ("SLURM_PROCID", "0"), ("RANK", ""), ("SLURM_PROCID", "")):
            with self.subTest(name=name, rank=rank):
                self.assertEqual(len(self.record(self.CODE, **{name: rank}).rows), 3)

    def test_others_record_nothing_and_say_nothing(self) -> None:
        for name, rank in (("RANK", "1"), ("SLURM_PROCID", "3"), ("RANK", "x")):
            with self.subTest(name=name, rank=rank):
                result = self.record(self.CODE, **{name: rank})
                self.assertEqual((result.output, result.errors, result.transcript.entries), ("False\n", "", []))
        result = self.alone(self.CODE, RANK="1")
        self.assertEqual((result.errors, self.recorder_arguments(), result.spools), ("", [], {}))

    def test_all_ranks_record_under_their_names_if_asked(self) -> None:
        result = self.record(self.CODE, RANK="2", GRADBOOK_ALL_RANKS="1")
        self.assertEqual(result.rows, [{"step": step, "rank2/a": step + 0.5} for step in range(3)])
        self.assertEqual(result.transcript.special("@summary"), [{"rank2/b": 1}])
        self.assertEqual(result.transcript.config, {})
        # The job's end is rank 0's to tell.
        self.assertEqual(result.transcript.special("@end"), [])


if __name__ == "__main__":
    unittest.main()
