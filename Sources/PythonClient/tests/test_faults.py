"""A recorder that is gone, descriptors that are closed, and files that cannot be written: the program goes on."""

from __future__ import annotations

import os
import unittest

from support import IDENTITY, ClientTest

STEPS = 5_000
LOOP = """
    import os
    run = gradbook.run("mnist", lr=0.5, tags=["a"])
    FAULT
    for step in range(5_000):
        run.log(step, loss=step + 0.5)
        run.log(step, count=step)
    print(run.recording)
    """


def loop(fault: str = "") -> str:
    return LOOP.replace("FAULT", fault)


class Faults(ClientTest):
    def test_a_reader_that_is_gone_makes_the_run_spool(self) -> None:
        for reads in (0, 1, 100, 10_000, 60_001):
            with self.subTest(reads=reads):
                for file in self.folder.glob("gradbook-spool-*"):
                    file.unlink()
                result = self.record(loop(), reads=reads)
                self.assertEqual((result.status, result.output), (0, "True\n"), result.errors)
                self.assertEqual(len(result.warnings), 1, result.errors)
                self.assertIn("the recorder is gone (Broken pipe)", result.warnings[0])
                (name,) = result.spools
                self.assertIn(str(self.folder.resolve() / name), result.warnings[0])
                self.assertRegex(name, f"^gradbook-spool-{IDENTITY}-[0-9]+[.]jsonl$")
                title, config, tags = result.spool[:3]
                self.assertEqual((title["@spool"]["run"], title["@spool"]["experiment"]), (IDENTITY, "mnist"))
                self.assertEqual((config, tags), ({"@config": {"lr": 0.5}}, {"@tags": ["a"]}))
                self.assertEqual(result.spool[-1]["@end"], {"state": "done"})
                # Spool and what was read are the whole run, but for a gap of what was in the pipe: 64 KB and a line.
                spooled = [dict(row) for row in result.spool[3:-1]]
                self.assertTrue(all(row.pop("time") > 1e9 for row in spooled))
                expected = [
                    row
                    for step in range(STEPS)
                    for row in ({"step": step, "loss": step + 0.5}, {"step": step, "count": step})
                ]
                self.assertEqual(spooled, expected[len(expected) - len(spooled) :])
                self.assertEqual(result.rows, expected[: len(result.rows)])
                self.assertLess(len(expected) - len(spooled) - len(result.rows), 65536 / 20)

    def test_a_fork_spools_to_a_file_of_its_own(self) -> None:
        result = self.record(
            loop("os.fork(); run.log(0, start=1)").replace("print(run.recording)", "run.note('end')"), reads=0
        )
        self.assertEqual(len(result.spools), 2)
        for lines in result.spools.values():
            self.assertEqual(lines[0]["@spool"]["run"], IDENTITY)
            self.assertEqual(len([line for line in lines if "loss" in line]), STEPS)

    def test_threads_spool_to_one_file(self) -> None:
        result = self.record(
            """
            import threading
            run = gradbook.run("x", lr=1)
            def work(number):
                for step in range(200):
                    run.log(step, {f"a{number}": step + 0.5})
            threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            """,
            reads=1000,
        )
        self.assertEqual(["@spool" in line for line in result.spool].count(True), 1)
        self.assertEqual(result.spool[1], {"@config": {"lr": 1}})
        self.assertEqual(len(result.warnings), 1)
        rows = {(name, row["step"]) for row in result.spool[2:-1] for name in row if name.startswith("a")}
        self.assertEqual(len(rows), len(result.spool) - 3)
        self.assertGreater(len(rows), 32 * 200 - 65536 / 20)

    def test_a_closed_descriptor_makes_no_difference(self) -> None:
        result = self.record(loop("os.close(int(os.environ['GRADBOOK_FD']))"))
        self.assertEqual((len(result.rows), result.errors), (2 * STEPS, ""))

    def test_closing_all_descriptors_makes_the_run_spool(self) -> None:
        result = self.record(loop("os.closerange(3, 4096)"))
        self.assertEqual((result.status, result.output), (0, "True\n"))
        self.assertIn("the recorder is gone (Bad file descriptor)", result.warnings[0])
        self.assertEqual(len(result.spool), 3 + 2 * STEPS + 1)

    def test_a_descriptor_that_became_another_file_is_not_written_for_long(self) -> None:
        result = self.record(
            loop("""file = os.open("other", os.O_CREAT | os.O_RDWR)
    os.dup2(file, run._pipe._descriptor)""")
        )
        self.assertIn("its descriptor was given to another file", result.warnings[0])
        # 64 writes may pass before the check, which README says.
        self.assertLess(os.path.getsize(self.folder / "other"), 64 * 40)
        self.assertGreater(len(result.spool), 2 * STEPS - 64)
        self.assertEqual(result.spool[-1]["@end"], {"state": "done"})

    def test_no_file_of_the_program_gets_a_line(self) -> None:
        result = self.record(
            loop("""os.closerange(3, 4096)
    files = [open(f"file{number}", "wb") for number in range(200)]""")
        )
        self.assertEqual(len(result.spool), 3 + 2 * STEPS + 1)
        self.assertEqual({os.path.getsize(file) for file in self.folder.glob("file*")}, {0})

    def test_a_number_that_is_no_pipe_for_writing_is_not_written(self) -> None:
        for fault in (
            "os.environ['GRADBOOK_FD'] = str(os.open('other', os.O_CREAT | os.O_RDWR))",
            "os.environ['GRADBOOK_FD'] = str(os.pipe()[0])",
            "os.environ['GRADBOOK_FD'] = '999'",
            "os.environ['GRADBOOK_FD'] = 'x'",
            "os.environ['GRADBOOK_FD'] = '-1'",
            "os.environ['GRADBOOK_PIPE'] = __file__",
        ):
            with self.subTest(fault):
                result = self.record(f"import os\n{fault}\nrun = gradbook.run('x')\nprint(run.recording)\n")
                self.assertEqual((result.output, result.errors, result.transcript.entries), ("False\n", "", []))

    def test_a_spool_that_cannot_be_written_is_said_once(self) -> None:
        for folder in ("/dev/null", "/dev/full/x"):
            result = self.record(loop(f"run._folder = '{folder}'"), reads=300)
            self.assertEqual((result.status, result.output), (0, "False\n"))
            self.assertEqual(len(result.warnings), 2)
            self.assertIn(
                "cannot be written (Not a directory); what the run logs from now on is lost", result.warnings[1]
            )

    def test_a_full_disk_is_said_once(self) -> None:
        result = self.record(
            loop("""import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))"""),
            reads=300,
        )
        self.assertEqual((result.status, result.output), (0, "False\n"))
        self.assertIn("cannot be written (File too large)", result.warnings[1])
        (file,) = self.folder.glob("gradbook-spool-*")
        self.assertGreater(file.stat().st_size, 9_900)

    def test_no_stderr_is_no_reason_to_stop(self) -> None:
        for fault in ("import sys; sys.stderr = None", "os.close(2)", "import sys; sys.stderr.close()"):
            with self.subTest(fault):
                result = self.record(loop(fault), reads=0)
                self.assertEqual((result.status, result.output), (0, "True\n"))

    def test_a_pipe_that_does_not_block_is_waited_for(self) -> None:
        result = self.record(
            loop("""os.set_blocking(int(os.environ["GRADBOOK_FD"]), False)
    run.note("n" * 1_000_000)""")
        )
        self.assertEqual((len(result.rows), result.errors, result.transcript.broken), (2 * STEPS, "", []))
        self.assertEqual(result.transcript.special("@note"), ["n" * 1_000_000])

    def test_signals_tear_no_line(self) -> None:
        result = self.record("""
            import os, signal
            run = gradbook.run("x")
            class Interruption(Exception): pass
            calls, is_ready = 0, False
            def handler(number, frame):
                global calls
                if is_ready:
                    calls += 1
                    run.log(calls, signal=calls + 0.5)
                    raise Interruption
            signal.signal(signal.SIGALRM, handler)
            for step in range(3000):
                signal.setitimer(signal.ITIMER_REAL, 0.0001 * (step % 7))
                try:
                    is_ready = True
                    run.log(step, loss=step + 0.5)
                    if step % 10 == 0:
                        run.log(step, text="t" * 50_000)
                    is_ready = False
                except Interruption:
                    is_ready = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            print(calls)
            """)
        self.assertEqual((result.status, result.transcript.broken), (0, []), result.errors)
        calls = int(result.output)
        self.assertGreater(calls, 10)
        self.assertEqual(len([row for row in result.rows if "signal" in row]), calls)
        # An interrupted call's row is whole or absent.
        self.assertGreater(len(result.rows), 3300 - calls)
        self.assertEqual({row["text"] for row in result.rows if "text" in row}, {"t" * 50_000})

    def test_a_killed_program_loses_no_line_that_was_written(self) -> None:
        for signal in ("SIGKILL", "SIGTERM", "SIGSEGV"):
            with self.subTest(signal):
                result = self.record(f"""
                    import os, signal
                    run = gradbook.run("x")
                    for step in range(1000):
                        run.log(step, loss=step + 0.5)
                    os.kill(os.getpid(), signal.{signal})
                    """)
                self.assertEqual((len(result.rows), result.transcript.broken), (1000, []))
                self.assertEqual(result.transcript.special("@end"), [])

    def test_a_removed_folder_or_no_descriptor_left_is_no_reason_to_stop(self) -> None:
        faults = (
            "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')",
            "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))",
        )
        for fault, warnings in zip(faults, (0, 2)):
            with self.subTest(fault):
                result = self.record(f"""
                    import os
                    {fault}
                    run = gradbook.run("x", lr=1)
                    run.log(1, a=0.5)
                    """)
                self.assertEqual(result.status, 0, result.errors)
                self.assertEqual(len(result.warnings), warnings, result.errors)

    def test_settings_that_cannot_be_read_are_said(self) -> None:
        result = self.record("""
            loop = []
            loop.append(loop)
            run = gradbook.run("x", lr=loop, tags=5)
            run.log(1, a=0.5)
            """)
        self.assertEqual((result.status, len(result.rows), len(result.warnings)), (0, 1, 1), result.errors)

    def test_few_descriptors_are_enough(self) -> None:
        result = self.record("""
            import resource
            resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
            run = gradbook.run("x")
            files = []
            try:
                while True:
                    files.append(open("/dev/null"))
            except OSError:
                pass
            for step in range(10):
                run.log(step, loss=0.5)
            run.note("n" * 10_000)
            """)
        self.assertEqual((len(result.rows), len(result.transcript.special("@note"))), (10, 1), result.errors)


if __name__ == "__main__":
    unittest.main()
