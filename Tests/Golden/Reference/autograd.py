"""Writes ../autograd.json: values, gradients and second derivatives of PyTorch's operations, and what its engine says.

usage: python autograd.py [--check]

PyTorch 2.15. The file states the expressions, programs and numbers that go in; this script computes what comes out: of
`cases` the value, the gradients of the sum of value times `upstream`, and their derivative along `hvp_v`; of `programs`
the tensors they name; of `semantics` what they print, and their errors and warnings.
"""

import contextlib
import io
import re
import warnings

import torch

import golden

torch.set_num_threads(1)
# Also what PyTorch says only once in a process.
torch.set_warn_always(True)


def tensor(given):
    dtype = {"int64": torch.int64, "bool": torch.bool}.get(given.get("dtype"), torch.float64)
    return torch.tensor(given["data"], dtype=dtype).reshape(given["shape"])


def entry(value):
    return {"shape": list(value.shape), "data": value.detach().reshape(-1).tolist()}


def case(given):
    inputs = [tensor(each).requires_grad_() for each in given["inputs"]]
    constants = {name: tensor(each) for name, each in (given.get("constants") or {}).items()}
    output = eval(given["expr"], {"torch": torch, **dict(zip("abcd", inputs)), **constants})
    upstream = tensor(given["upstream"])
    has_second = "hvp_v" in given
    gradients = torch.autograd.grad(output, inputs, upstream, create_graph=has_second)
    result = {"op": given["op"], "expr": given["expr"], "inputs": given["inputs"], "output": entry(output),
              "upstream": given["upstream"]}
    if constants:
        result["constants"] = given["constants"]
    result["grads"] = [entry(each) for each in gradients]
    if has_second:
        directions = [tensor(each) for each in given["hvp_v"]]
        along = sum((gradient * direction).sum() for gradient, direction in zip(gradients, directions))
        second = [None] * len(inputs)
        if along.requires_grad:
            second = torch.autograd.grad(along, inputs, allow_unused=True)
        result["hvp_v"] = given["hvp_v"]
        result["hvp"] = [entry(torch.zeros_like(leaf) if each is None else each) for leaf, each in zip(inputs, second)]
    return result


def program(given):
    names = {name: tensor(each) for name, each in given["given"].items()}
    names["torch"] = torch
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(given["code"], names)
        result = {name: entry(eval(name, names)) for name in given["result"]}
    return {"name": given["name"], "given": given["given"], "code": given["code"], "result": result}


def without_address(text):
    """A message without what is different in every process, and without where it came from."""
    text = re.sub(r"0x[0-9a-f]+", "0x…", text)
    return re.sub(r" \(Triggered internally at .*", "", text, flags=re.DOTALL)


def semantics(given):
    error = None
    printed = io.StringIO()
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(printed):
        warnings.simplefilter("always")
        try:
            exec(given["code"], {"torch": torch})
        except Exception as failure:
            error = {"type": type(failure).__name__, "message": without_address(str(failure))}
    return {
        "name": given["name"], "code": given["code"], "stdout": without_address(printed.getvalue()), "error": error,
        "warnings": [{"category": each.category.__name__, "message": without_address(str(each.message))}
                     for each in caught],
    }


stated = golden.committed("autograd.json")
golden.finish("autograd.json", {
    "meta": golden.meta("autograd.json", torch=f"{torch.__version__} CPU, 1 thread"),
    "cases": [case(given) for given in stated["cases"]],
    "programs": [program(given) for given in stated["programs"]],
    "semantics": [semantics(given) for given in stated["semantics"]],
})
