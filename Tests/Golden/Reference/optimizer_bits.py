"""Writes ../optimizer-bits.json: parameters after each step of PyTorch's optimizers on prescribed gradients.

PyTorch 2.15 on a processor with AVX2 or AVX-512. Run: python optimizer_bits.py

Both parameters are tensors of shape [1, 1], as in the model. Gradients are numbers that binary32 holds exactly, so both
number types see the same ones; they contain zeros, changes of sign and five orders of magnitude.

PyTorch's square root comes from a vector library that misses the correctly rounded result by one bit in 17 % of
32-bit and 1.4 % of 64-bit values. Here it is replaced by the correctly rounded one, so that everything else can be
compared exactly.
"""
import json
import math
import random
import struct
import torch

STEPS = 24

RUNS = [
    ("sgd", dict(lr=0.1)),
    ("sgd", dict(lr=0.05, momentum=0.9)),
    ("sgd", dict(lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.02)),
    ("sgd", dict(lr=0.05, momentum=0.8, nesterov=True, maximize=True)),
    ("adam", dict(lr=0.05)),
    ("adam", dict(lr=0.1, beta1=0.3, beta2=0.99, eps=1e-6, weight_decay=0.1)),
    ("adam", dict(lr=0.1, amsgrad=True, maximize=True)),
    ("adam", dict(lr=0.05, weight_decay=0.1, decoupled_weight_decay=True)),
    ("adamw", dict(lr=0.05)),
    ("adamw", dict(lr=0.1, beta1=0.85, beta2=0.98, weight_decay=0.1, amsgrad=True)),
    ("nadam", dict(lr=0.05)),
    ("nadam", dict(lr=0.1, momentum_decay=0.01, weight_decay=0.01)),
    ("nadam", dict(lr=0.05, weight_decay=0.05, decoupled_weight_decay=True, maximize=True)),
    ("radam", dict(lr=0.1)),
    ("radam", dict(lr=0.05, beta1=0.8, beta2=0.95, weight_decay=0.01)),
    ("radam", dict(lr=0.05, weight_decay=0.05, decoupled_weight_decay=True, maximize=True)),
    ("adamax", dict(lr=0.1)),
    ("adamax", dict(lr=0.05, beta1=0.8, beta2=0.99, weight_decay=0.01, maximize=True)),
    ("adagrad", dict(lr=0.5)),
    ("adagrad", dict(lr=0.3, lr_decay=0.01, initial_accumulator_value=0.1, weight_decay=0.01, maximize=True)),
    ("adadelta", dict()),
    ("adadelta", dict(lr=2.0, rho=0.95, eps=1e-5, weight_decay=0.01, maximize=True)),
    ("rmsprop", dict(lr=0.02)),
    ("rmsprop", dict(lr=0.02, alpha=0.9, centered=True)),
    ("rmsprop", dict(lr=0.01, momentum=0.9, maximize=True)),
    ("rmsprop", dict(lr=0.01, centered=True, momentum=0.5, weight_decay=0.01, eps=1e-6)),
    ("rprop", dict()),
    ("rprop", dict(lr=0.1, eta_minus=0.4, eta_plus=1.3, step_min=1e-5, step_max=0.2, maximize=True)),
    ("asgd", dict(lr=0.1)),
    ("asgd", dict(lr=0.05, lambd=0.01, alpha=0.6, t0=8, weight_decay=0.01)),
    ("adafactor", dict()),
    ("adafactor", dict(lr=0.1, beta2_decay=-0.7, d=1.5, weight_decay=0.01, maximize=True)),
]

CLASSES = dict(sgd=torch.optim.SGD, adam=torch.optim.Adam, adamw=torch.optim.AdamW, nadam=torch.optim.NAdam,
               radam=torch.optim.RAdam, adamax=torch.optim.Adamax, adagrad=torch.optim.Adagrad,
               adadelta=torch.optim.Adadelta, rmsprop=torch.optim.RMSprop, rprop=torch.optim.Rprop,
               asgd=torch.optim.ASGD, adafactor=torch.optim.Adafactor)
TUPLES = dict(betas=("beta1", "beta2"), etas=("eta_minus", "eta_plus"), step_sizes=("step_min", "step_max"))
DEFAULTS = dict(beta1=0.9, beta2=0.999, eta_minus=0.5, eta_plus=1.2, step_min=1e-6, step_max=50.0)


def arguments(given):
    rest = dict(given)
    for name, parts in TUPLES.items():
        if any(part in rest for part in parts):
            rest[name] = tuple(rest.pop(part, DEFAULTS[part]) for part in parts)
    return rest


def binary32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def gradients():
    source = random.Random(4)
    rows = [[source.gauss(0, 1) * 10.0 ** source.randint(-3, 2) for _ in range(2)] for _ in range(STEPS)]
    rows[5][0] = rows[9][1] = 0.0
    return [[binary32(value) for value in row] for row in rows]


def trace(optimizer, given, dtype, rows):
    parameters = [torch.full((1, 1), value, dtype=dtype, requires_grad=True) for value in (0.5, -0.25)]
    rule = CLASSES[optimizer](parameters, **arguments(given))
    values = []
    for row in rows:
        for parameter, gradient in zip(parameters, row):
            parameter.grad = torch.full((1, 1), gradient, dtype=dtype)
        rule.step()
        values.append([parameter.item() for parameter in parameters])
    return values


def use_correctly_rounded_roots():
    def sqrt(self):
        # Rounding the 64-bit root to 32 bits gives the correctly rounded 32-bit root.
        return torch.full_like(self, math.sqrt(self.item()))

    torch.Tensor.sqrt = sqrt
    torch.Tensor.sqrt_ = lambda self: self.copy_(sqrt(self))


def number_check(value):
    return [value, struct.pack(">d", value).hex()]


torch.set_num_threads(1)
use_correctly_rounded_roots()
rows = gradients()
runs = [dict(optimizer=name, settings={key: str(value).lower() if isinstance(value, bool) else repr(value)
                                       for key, value in given.items() if key != "lr"},
             lr=given.get("lr"), float32=trace(name, given, torch.float32, rows),
             float64=trace(name, given, torch.float64, rows)) for name, given in RUNS]
meta = dict(torch=torch.__version__.split("+")[0],
            parse_check_f64=[number_check(value) for value in (0.1, 1 / 3, 2.2250738585072014e-308, rows[0][0])])
with open("../optimizer-bits.json", "w") as file:
    json.dump(dict(meta=meta, start=[0.5, -0.25], gradients=rows, runs=runs), file, indent=None, separators=(",", ":"))
    file.write("\n")
