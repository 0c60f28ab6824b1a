"""How the files of Tests/Golden are written and compared; each script of this folder makes one of them."""

import json
import math
import pathlib
import struct
import sys

FOLDER = pathlib.Path(__file__).parent.parent


def bits(value):
    """The IEEE bits of a binary64, as the files show them."""
    return struct.pack(">d", value).hex()


def bits32(value):
    return struct.pack(">f", value).hex()


def meta(file, **producers):
    """What stands at the top of a file: who made it, and numbers that test the reader's parser."""
    checks = [0.1, 1 / 3, 2.6369006633758545, -sys.float_info.max, 5e-324]
    return {
        "format": 1, "set": "shared", "file": file, "producers": producers,
        "parse_check_f64": [[value, bits(value)] for value in checks],
    }


def differences(committed, computed, path=""):
    """Where two files differ; who produced them does not count."""
    if path in (".meta.producers", ".meta.torch"):
        return
    if isinstance(committed, dict) and isinstance(computed, dict):
        for key in committed.keys() | computed.keys():
            if key not in committed or key not in computed:
                yield f"{path}.{key}", committed.get(key), computed.get(key)
            else:
                yield from differences(committed[key], computed[key], f"{path}.{key}")
    elif isinstance(committed, list) and isinstance(computed, list) and len(committed) == len(computed):
        for index, (one, other) in enumerate(zip(committed, computed)):
            yield from differences(one, other, f"{path}[{index}]")
    elif committed != computed or isinstance(committed, float) and bits(committed) != bits(computed):
        yield path, committed, computed


def text(contents):
    """One line for each key, and one for each entry of a list of objects."""
    def line(value):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    sections = []
    for key, value in contents.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            sections.append(f'"{key}": [\n' + ",\n".join(map(line, value)) + "\n]")
        else:
            sections.append(f'"{key}": {line(value)}')
    return "{\n" + ",\n".join(sections) + "\n}\n"


def finish(name, contents, in_one_line=False):
    """Writes the file; with --check as the script's argument compares it with the one that is there."""
    file = FOLDER / name
    written = json.dumps(contents, separators=(",", ":")) + "\n" if in_one_line else text(contents)
    if sys.argv[1:] != ["--check"]:
        file.write_text(written, encoding="utf-8")
        return
    # By way of JSON, so that tuples are lists.
    computed = json.loads(written)
    found = list(differences(json.loads(file.read_text(encoding="utf-8")), computed))
    for path, one, other in found[:20]:
        print(f"{name}{path}: {one} in the file, {other} computed")
    numbers = [(a, b) for _, a, b in found if isinstance(a, float) and isinstance(b, float)]
    largest = max((abs(a - b) / max(abs(a), abs(b), math.ulp(0.0)) for a, b in numbers), default=0)
    print(f"{name}: {len(found)} differences" + (f", the largest of numbers {largest:.1e} relative" if found else ""))
    sys.exit(1 if found else 0)


def committed(name):
    """The file that is there, for a script that keeps the inputs it states."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
