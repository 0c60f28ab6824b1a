"""Norms of a model's tensors, computed in float64 and without a change of the tensors."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .warn import warn_once

Statistics = dict[str, "float | int"]

# Elements that are converted to float64 at a time: 64 KB, which stay in the processor's cache, and too few for the
# linear algebra below NumPy to wake threads.
_BLOCK = 1 << 13


def named(model: object, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The tensors of a module, or of a dictionary of arrays; dictionaries may hold dictionaries."""
    parameters = getattr(model, "named_parameters", None)
    if callable(parameters):
        yield from parameters()
    elif isinstance(model, Mapping):
        for key, value in model.items():
            if isinstance(value, Mapping):
                yield from named(value, f"{prefix}{key}/")
            else:
                yield f"{prefix}{key}", value
    else:
        raise TypeError(f"run.tensors takes a module or a dictionary of arrays, not {type(model).__name__}")


def statistics(model: object, copies: dict[str, Any] | None) -> dict[str, Statistics]:
    """For each tensor its norm, that of its gradient, and how many values are not finite. `copies` holds the values of
    the last call, gives the norm of the update, and gets the present values."""
    torch = sys.modules.get("torch")
    result: dict[str, Statistics] = {}
    of_torch: list[tuple[str, Any]] = []
    for name, tensor in named(model):
        result[name] = {}
        try:
            if torch is None or not isinstance(tensor, torch.Tensor):
                result[name] = _of_array(name, _array(tensor), _gradient(tensor), copies)
            elif (views := _views(tensor)) is not None:
                result[name] = _of_array(name, *views, copies)
            else:
                of_torch.append((name, tensor))
        except Exception as error:
            warn_once(f"tensor {name}", f"the tensor '{name}' is not recorded ({error}).")
    if torch is not None and of_torch:
        _add_torch(torch, of_torch, copies, result)
    return {name: values for name, values in result.items() if values}


# NumPy, and what turns into its arrays


def _array(tensor: Any) -> Any:
    if not (hasattr(tensor, "__array__") and hasattr(tensor, "shape")):
        raise TypeError(f"a {type(tensor).__name__} is no array")
    import numpy  # What has __array__ has imported it.

    return numpy.asarray(tensor)


def _gradient(tensor: Any) -> Any:
    gradient = getattr(tensor, "grad", None)
    return None if gradient is None else _array(gradient)


def _views(tensor: Any) -> tuple[Any, Any] | None:
    """A tensor of PyTorch and its gradient as NumPy sees them without a copy, which takes less than half of PyTorch's
    time; None on other devices, for bfloat16 and the like, and without NumPy."""
    if tensor.device.type != "cpu":
        return None
    try:
        return tensor.detach().numpy(), None if tensor.grad is None else tensor.grad.detach().numpy()
    except (RuntimeError, TypeError):
        return None


def _of_array(name: str, values: Any, gradient: Any, copies: dict[str, Any] | None) -> Statistics:
    import numpy

    result: Statistics = {"norm": _norm(numpy, values), "nonfinite": 0}
    if not math.isfinite(result["norm"]):
        result["nonfinite"] = int(values.size - numpy.count_nonzero(numpy.isfinite(values)))
        if result["nonfinite"] == 0:
            largest = float(numpy.max(numpy.abs(values)))
            result["norm"] = largest * _norm(numpy, values / largest)
    if gradient is not None:
        result["gradient_norm"] = _norm(numpy, gradient)
    if copies is not None:
        last = copies.get(name)
        if last is not None and last.shape == values.shape:
            result["update_norm"] = _norm(numpy, values, last)
        if last is not None and last.shape == values.shape and last.dtype == values.dtype:
            numpy.copyto(last, values)
        else:
            copies[name] = numpy.array(values)
    return result


def _norm(numpy: Any, values: Any, subtracted: Any = None) -> float:
    flat = values.reshape(-1)
    other = None if subtracted is None else subtracted.reshape(-1)
    wide = numpy.complex128 if numpy.iscomplexobj(flat) else numpy.float64
    total = 0.0
    with numpy.errstate(all="ignore"):
        for start in range(0, flat.size, _BLOCK):
            block = flat[start : start + _BLOCK].astype(wide, copy=False)
            if other is not None:
                block = block - other[start : start + _BLOCK].astype(wide, copy=False)
            total += float(numpy.vdot(block, block).real)
    return math.sqrt(total)


# PyTorch: all numbers of a device come to the processor in one transfer


def _add_torch(
    torch: Any, tensors: Iterable[tuple[str, Any]], copies: dict[str, Any] | None, result: dict[str, Statistics]
) -> None:
    waiting: dict[Any, list[tuple[str, str, Any]]] = {}
    with torch.no_grad():
        for name, tensor in tensors:
            try:
                values = _strided(tensor.detach())
                found = {"norm": _torch_norm(torch, values), "nonfinite": values.numel() - torch.isfinite(values).sum()}
                if tensor.grad is not None:
                    found["gradient_norm"] = _torch_norm(torch, _strided(tensor.grad.detach()))
                if copies is not None:
                    last = copies.get(name)
                    if last is not None and (last.shape, last.device) == (values.shape, values.device):
                        found["update_norm"] = _torch_norm(torch, _wide(torch, values) - _wide(torch, last))
                        last.copy_(values)
                    else:
                        copies[name] = values.clone()
            except Exception as error:
                warn_once(f"tensor {name}", f"the tensor '{name}' is not recorded ({error}).")
                continue
            for what, number in found.items():
                waiting.setdefault(number.device, []).append((name, what, number.to(torch.float64)))
        for device, entries in waiting.items():
            try:
                numbers = torch.stack([number for _, _, number in entries]).tolist()
            except Exception as error:
                warn_once(f"device {device}", f"the tensors of the device '{device}' are not recorded ({error}).")
                continue
            for (name, what, _), number in zip(entries, numbers):
                result[name][what] = int(number) if what == "nonfinite" else number


def _strided(tensor: Any) -> Any:
    if tensor.is_sparse:
        tensor = tensor.coalesce().values()
    # Apple's devices have no float64.
    return tensor.cpu() if tensor.device.type == "mps" else tensor


def _wide(torch: Any, tensor: Any) -> Any:
    return tensor.to(torch.complex128 if tensor.is_complex() else torch.float64)


def _torch_norm(torch: Any, tensor: Any) -> Any:
    if not (tensor.is_floating_point() or tensor.is_complex()):
        tensor = _wide(torch, tensor)
    return torch.linalg.vector_norm(tensor, dtype=torch.complex128 if tensor.is_complex() else torch.float64)
