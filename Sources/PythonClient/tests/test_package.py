"""The package as it is shipped: standard library only, typed, and built with the program's version."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import textwrap
import unittest
import zipfile
from pathlib import Path

from support import CLIENT, ClientTest

VERSION_FILE = CLIENT.parent / "gradbook" / "Version.swift"

USES = """
    import gradbook
    from pathlib import Path

    with gradbook.run("mnist", {"a": 1}, name="first", tags=["t"], db=Path("x.db"), lr=3e-4, seed=3) as run:
        run.log(1, {"val/acc": 0.9}, loss=0.1)
        run.log({"loss": 0.1})
        run.log(loss=0.1, text="x", nested={"a": 1})
        run.tensors(1, {}, updates=True)
        run.summary(accuracy=0.9)
        run.tag("a", "b")
        run.note("text")
        run.file(Path("x"))
        recording: bool = run.recording
        run.end("failed", "no data")
    version: str = gradbook.__version__
    """


def has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


class Package(ClientTest):
    def run_module(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments], cwd=CLIENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def test_no_file_is_long(self) -> None:
        for file in sorted(CLIENT.rglob("*.py")):
            self.assertLessEqual(len(file.read_text(encoding="utf-8").splitlines()), 300, file)

    def test_only_the_standard_library_is_imported(self) -> None:
        # Without site-packages there is no other.
        code = f"import sys; sys.path.insert(0, {str(CLIENT)!r}); import gradbook; gradbook.run('x').log(1, a=0.5)"
        finished = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code],
            cwd=self.folder,
            capture_output=True,
            text=True,
            env={"PATH": "/nowhere"},
        )
        self.assertEqual(finished.returncode, 0, finished.stderr)

    def test_the_version_is_the_installed_package_s(self) -> None:
        result = self.record("print(gradbook.__version__)\ntry: gradbook.nothing\nexcept AttributeError as e: print(e)")
        self.assertRegex(result.output, r"^(\d+\.\d+\.\d+\S*|unknown)\nmodule 'gradbook' has no attribute 'nothing'\n$")

    @unittest.skipUnless(has("mypy"), "mypy is not installed")
    def test_all_of_it_is_typed(self) -> None:
        self.assertTrue((CLIENT / "gradbook" / "py.typed").is_file())
        checked = self.run_module("mypy", "--cache-dir", str(self.folder / "cache"))
        self.assertEqual(checked.returncode, 0, checked.stdout)
        script = self.folder / "uses.py"
        script.write_text(textwrap.dedent(USES))
        environment = {**os.environ, "MYPYPATH": str(CLIENT)}
        checked = subprocess.run(
            [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(self.folder / "cache"), str(script)],
            cwd=self.folder,
            env=environment,
            text=True,
            capture_output=True,
        )
        self.assertEqual(checked.returncode, 0, checked.stdout)
        script.write_text("import gradbook\ngradbook.run('x').log('a', 5)\n")
        checked = subprocess.run(
            [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(self.folder / "cache"), str(script)],
            cwd=self.folder,
            env=environment,
            text=True,
            capture_output=True,
        )
        self.assertIn("Found 2 errors", checked.stdout)

    @unittest.skipUnless(has("build") and has("setuptools"), "build is not installed")
    def test_it_is_built_with_the_program_s_version(self) -> None:
        version = re.search(r'let current = "([^"]+)"', VERSION_FILE.read_text(encoding="utf-8"))
        assert version is not None
        # A copy, since setuptools writes beside the sources. Without an index: setuptools of this environment.
        copy = self.folder / "Sources" / "PythonClient"
        for file in [*CLIENT.glob("*.*"), *CLIENT.glob("gradbook/*"), VERSION_FILE]:
            if file.is_file():
                target = self.folder / "Sources" / file.relative_to(CLIENT.parent)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
        built = subprocess.run(
            [sys.executable, "-m", "build", "--no-isolation"],
            cwd=copy,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.assertEqual(built.returncode, 0, built.stdout)
        (wheel,) = (copy / "dist").glob("*.whl")
        self.assertEqual(wheel.name, f"gradbook-{version[1]}-py3-none-any.whl")
        names = {Path(name).name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("gradbook/")}
        self.assertEqual(names, {file.name for file in (CLIENT / "gradbook").glob("*.*")})


if __name__ == "__main__":
    unittest.main()
