"""What a program logs, as values of the protocol: integers of 64 bits, doubles, booleans and text under flat names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Union

from .warn import warn_once

Plain = Union[int, float, bool, str]

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1

_REPLACEMENTS = {
    "step": "give the step as the first argument, run.log(3, loss=0.1)",
    "time": "the recorder notes the time itself; call durations 'seconds', for instance",
    "pid": "the recorder notes the process itself; call it 'process', for instance",
    "@config": 'give settings to gradbook.run("mnist", lr=0.1)',
    "@summary": "call run.summary(accuracy=0.9)",
    "@tags": 'call run.tag("baseline")',
    "@note": 'call run.note("a text")',
    "@file": 'call run.file("model.pt")',
    "@tensors": "call run.tensors(step, model)",
    "@end": "call run.end()",
}


def refuse_reserved(names: Iterable[object]) -> None:
    """Raises ValueError for a name that means something else to the recorder."""
    for name in names:
        if name in _REPLACEMENTS or str(name).startswith("@"):
            advice = _REPLACEMENTS.get(str(name), "choose a name that does not begin with '@'")
            raise ValueError(f"'{name}' is reserved and cannot be the name of a metric; {advice}.")


def flat(values: Mapping[Any, object], prefix: str = "") -> dict[str, Plain]:
    """Plain values by their full names: {"val": {"acc": 0.9}} is {"val/acc": 0.9}. None is left out, and so is what is
    no number and no text, with a warning."""
    result: dict[str, Plain] = {}
    _flatten(values.items(), prefix, result)
    return result


def _flatten(items: Iterable[tuple[Any, object]], prefix: str, result: dict[str, Plain]) -> None:
    for key, value in items:
        name = prefix + (key if type(key) is str else str(key))
        kind = type(value)
        if kind is float or kind is str or kind is bool:
            result[name] = value  # type: ignore[assignment]
        elif value is None:
            continue
        elif isinstance(value, Mapping):
            _flatten(value.items(), name + "/", result)
        elif isinstance(value, (list, tuple)):
            _flatten(((index, element) for index, element in enumerate(value)), name + "/", result)
        else:
            number = plain(value)
            if number is not None:
                result[name] = number
            else:
                warn_once(f"value {name}", _problem(name, value))


def plain(value: object) -> Plain | None:
    """A number or text as a plain Python value, None if it is none. An integer beyond 64 bits is the nearest double."""
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        return _integer(int(value))
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        return str(value)
    try:
        # Scalars of NumPy, PyTorch and JAX, arrays of one element too; an array of several raises an error.
        item = getattr(value, "item", None)
        if callable(item):
            inner = item()
            if type(inner) is not type(value):
                return plain(inner)
        # Any other number, numpy.longdouble and Decimal too.
        return _integer(value.__index__()) if hasattr(value, "__index__") else float(value)  # type: ignore[arg-type]
    except Exception:
        return None


def _integer(value: int) -> int | float:
    if _SMALLEST <= value <= _LARGEST:
        return value
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _problem(name: str, value: object) -> str:
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        return (
            f"'{name}' is an array of shape {tuple(shape)} and is not recorded; log a number, such as its mean, "
            f"or its norm by run.tensors."
        )
    return f"'{name}' is neither a number nor text but of type {type(value).__name__}, and is not recorded."


def step_number(step: object) -> int | None:
    """A step as the protocol wants it, from 0 to 2^63-1; None if it is none."""
    number = plain(step)
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _LARGEST:
        return number
    return None


def setting(value: object) -> object:
    """A value of the configuration: anything that JSON can say; what it cannot is text, as a path is."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {str(key): setting(element) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [setting(element) for element in value]
    if isinstance(value, (set, frozenset)):
        return sorted((setting(element) for element in value), key=str)
    number = plain(value)
    return str(value) if number is None else number
