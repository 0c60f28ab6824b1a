"""Writes ../optimizer-bits.json: parameters after each step of PyTorch's optimizers, to be compared bit for bit.

`runs` have prescribed gradients. `float32_runs` are the chapter's problem in float32, full batch (recipe `optimizer`).
Lion, which PyTorch lacks, is written out here from its paper.

usage: python optimizer_bits.py [--check]

PyTorch 2.15 on a processor with AVX2 or AVX-512.

Both parameters are tensors of shape [1, 1], as in the model. Gradients are numbers that binary32 holds exactly, so both
number types see the same ones; they contain zeros, changes of sign and five orders of magnitude.

Two things depend on the processor in PyTorch and are replaced here, so that everything else can be compared exactly.
Square roots come from a vector library: on an AMD EPYC it misses the correctly rounded result by one bit in 17 % of
32-bit and 1.4 % of 64-bit values; here they are correctly rounded. Matrix products sum in an order of their own; here
the gradient of w is the fused sum from left to right, which is PyTorch's on Intel processors with AVX2 or AVX-512.
"""
import math
import random
import struct
from fractions import Fraction

import torch

import golden

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
    ("lion", dict(lr=0.05)),
    ("lion", dict(lr=0.1, beta1=0.8, beta2=0.95, weight_decay=0.1, maximize=True)),
]

FLOAT32_RUNS = [
    ("sgd", dict(lr=0.1)),
    ("sgd", dict(lr=0.05, momentum=0.9)),
    ("sgd", dict(lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01)),
    ("adam", dict(lr=0.1)),
    ("adam", dict(lr=0.05, amsgrad=True, weight_decay=0.01)),
]


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2; every product and sum is rounded."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0, maximize=False):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay, maximize=maximize))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for parameter in group["params"]:
                gradient = -parameter.grad if group["maximize"] else parameter.grad
                momentum = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
                direction = (momentum.mul(beta1) + gradient.mul(1 - beta1)).sign()
                parameter.sub_((direction + parameter.mul(group["weight_decay"])).mul(group["lr"]))
                momentum.copy_(momentum.mul(beta2) + gradient.mul(1 - beta2))

CLASSES = dict(sgd=torch.optim.SGD, adam=torch.optim.Adam, adamw=torch.optim.AdamW, nadam=torch.optim.NAdam,
               radam=torch.optim.RAdam, adamax=torch.optim.Adamax, adagrad=torch.optim.Adagrad,
               adadelta=torch.optim.Adadelta, rmsprop=torch.optim.RMSprop, rprop=torch.optim.Rprop,
               asgd=torch.optim.ASGD, adafactor=torch.optim.Adafactor, lion=Lion)
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


def fused_dot(a, b):
    total = 0.0
    for x, y in zip(a, b):
        exact = Fraction(x) * Fraction(y) + Fraction(total)
        nearest = binary32(float(exact))
        # Rounding by way of 64 bits can miss by one number of 32 bits: take the nearest of the neighbours.
        bits = struct.unpack("i", struct.pack("f", nearest))[0]
        near = [struct.unpack("f", struct.pack("i", bits + step))[0] for step in (0, -1, 1)]
        total = min(near, key=lambda value: abs(Fraction(value) - exact))
    return total


def chapter_trace(optimizer, given):
    torch.manual_seed(100)
    x = torch.unsqueeze(torch.linspace(-1, 1, 100), dim=1)
    y = 3 * x.pow(2) + 2 + 0.2 * torch.rand(x.size())
    w = torch.randn(1, 1, requires_grad=True)
    b = torch.zeros(1, 1, requires_grad=True)
    rule = CLASSES[optimizer]([w, b], **arguments(given))
    rows = []
    for _ in range(2 * STEPS):
        prediction = x.pow(2).mm(w) + b
        prediction.retain_grad()
        loss = torch.nn.MSELoss()(prediction, y)
        rule.zero_grad()
        loss.backward()
        w.grad.fill_(fused_dot(x.pow(2).flatten().tolist(), prediction.grad.flatten().tolist()))
        rows.append([w.item(), b.item(), loss.item(), w.grad.item(), b.grad.item()])
        rule.step()
    return rows


def settings(given):
    return {key: str(value).lower() if isinstance(value, bool) else repr(value)
            for key, value in given.items() if key != "lr"}


def use_correctly_rounded_roots():
    def sqrt(self):
        # Rounding the 64-bit root to 32 bits gives the correctly rounded 32-bit root.
        return torch.full_like(self, math.sqrt(self.item()))

    torch.Tensor.sqrt = sqrt
    torch.Tensor.sqrt_ = lambda self: self.copy_(sqrt(self))


torch.set_num_threads(1)
use_correctly_rounded_roots()
rows = gradients()
runs = [dict(optimizer=name, settings=settings(given), lr=given.get("lr"),
             float32=trace(name, given, torch.float32, rows), float64=trace(name, given, torch.float64, rows))
        for name, given in RUNS]
float32_runs = [dict(optimizer=name, settings=settings(given), lr=given["lr"], trace=chapter_trace(name, given))
                for name, given in FLOAT32_RUNS]
meta = dict(torch=torch.__version__.split("+")[0],
            parse_check_f64=[[value, golden.bits(value)] for value in (0.1, 1 / 3, 2.2250738585072014e-308, rows[0][0])])
contents = dict(meta=meta, start=[0.5, -0.25], gradients=rows, runs=runs, float32_runs=float32_runs)
golden.finish("optimizer-bits.json", contents, in_one_line=True)
