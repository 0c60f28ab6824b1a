"""Writes ../schedulers.json: 61 learning rates of every scheduler of PyTorch, before and after 60 steps.

usage: python schedulers.py [--check]

PyTorch 2.15. The optimizer is SGD with momentum 0.9; OneCycleLR and CyclicLR change the momentum, too.
"""

import math

import torch
from torch.optim import lr_scheduler

import golden

STEPS = 60

RUNS = [
    ("StepLR", 0.1, dict(step_size=10, gamma=0.5)),
    ("StepLR", 1.0, dict(step_size=7)),
    ("MultiStepLR", 0.1, dict(milestones=[5, 20, 21, 45], gamma=0.3)),
    ("MultiStepLR", 0.2, dict(milestones=[10, 10, 30], gamma=0.5)),
    ("ConstantLR", 0.1, dict()),
    ("ConstantLR", 0.3, dict(factor=0.25, total_iters=12)),
    ("LinearLR", 0.1, dict()),
    ("LinearLR", 0.2, dict(start_factor=0.1, end_factor=0.9, total_iters=25)),
    ("LinearLR", 0.2, dict(start_factor=1.0, end_factor=0.0, total_iters=60)),
    ("ExponentialLR", 0.1, dict(gamma=0.95)),
    ("CosineAnnealingLR", 0.1, dict(T_max=20)),
    ("CosineAnnealingLR", 0.1, dict(T_max=50, eta_min=0.001)),
    ("CosineAnnealingWarmRestarts", 0.1, dict(T_0=10)),
    ("CosineAnnealingWarmRestarts", 0.1, dict(T_0=5, T_mult=2, eta_min=0.002)),
    ("PolynomialLR", 0.1, dict(total_iters=30, power=2.0)),
    ("PolynomialLR", 0.1, dict()),
    ("OneCycleLR", 0.1, dict(max_lr=0.5, total_steps=61)),
    ("OneCycleLR", 0.1, dict(max_lr=0.3, epochs=6, steps_per_epoch=11, pct_start=0.4, anneal_strategy="linear")),
    ("OneCycleLR", 0.1, dict(max_lr=0.5, total_steps=70, three_phase=True, div_factor=10.0, final_div_factor=100.0)),
    ("CyclicLR", 0.1, dict(base_lr=0.01, max_lr=0.1, step_size_up=8)),
    ("CyclicLR", 0.1, dict(base_lr=0.01, max_lr=0.1, step_size_up=5, step_size_down=10, mode="triangular2")),
    ("CyclicLR", 0.1, dict(base_lr=0.001, max_lr=0.1, step_size_up=6, mode="exp_range", gamma=0.97)),
]

WARM_UP, TOTAL, FACTOR = 10, 60, 0.93

# What is given as functions or as lists of schedulers, with the words for it in the file.
COMBINATIONS = [
    ("LambdaLR", {"lambda": "e < W ? (e+1)/W : 0.5*(1+cos(pi*(e-W)/(T-W)))", "W": WARM_UP, "T": TOTAL},
     lambda optimizer: lr_scheduler.LambdaLR(
         optimizer, lambda e: (e + 1) / WARM_UP if e < WARM_UP
         else 0.5 * (1 + math.cos(math.pi * (e - WARM_UP) / (TOTAL - WARM_UP))))),
    ("MultiplicativeLR", {"lambda": "e odd ? G : 1.0", "G": FACTOR},
     lambda optimizer: lr_scheduler.MultiplicativeLR(optimizer, lambda e: FACTOR if e % 2 else 1.0)),
    ("SequentialLR", {"schedulers": [{"LinearLR": {"start_factor": 0.1, "total_iters": 8}},
                                     {"CosineAnnealingLR": {"T_max": 52}}], "milestones": [8]},
     lambda optimizer: lr_scheduler.SequentialLR(
         optimizer, [lr_scheduler.LinearLR(optimizer, start_factor=0.1, total_iters=8),
                     lr_scheduler.CosineAnnealingLR(optimizer, T_max=52)], milestones=[8])),
    ("ChainedScheduler", {"schedulers": [{"ConstantLR": {"factor": 0.1, "total_iters": 5}},
                                         {"ExponentialLR": {"gamma": 0.95}}]},
     lambda optimizer: lr_scheduler.ChainedScheduler(
         [lr_scheduler.ConstantLR(optimizer, factor=0.1, total_iters=5),
          lr_scheduler.ExponentialLR(optimizer, gamma=0.95)])),
]

PLATEAUS = [
    dict(), dict(factor=0.5, patience=3), dict(factor=0.5, patience=2, threshold=0.01, cooldown=4, min_lr=0.005),
    dict(mode="max", factor=0.7, patience=4),
    dict(factor=0.3, patience=2, threshold=0.05, threshold_mode="abs"),
]


def optimizer(lr):
    parameter = torch.zeros(1, requires_grad=True)
    parameter.grad = torch.zeros(1)
    return torch.optim.SGD([parameter], lr=lr, momentum=0.9)


def rates(rule, scheduler, metrics=None):
    """The learning rates and the momenta, at the start and after each step."""
    group = rule.param_groups[0]
    rows = [(group["lr"], group["momentum"])]
    for step in range(STEPS):
        rule.step()
        scheduler.step(*([metrics[step]] if metrics else []))
        rows.append((group["lr"], group["momentum"]))
    return [lr for lr, _ in rows], [momentum for _, momentum in rows]


def plain(name, lr, given):
    rule = optimizer(lr)
    lrs, momenta = rates(rule, getattr(lr_scheduler, name)(rule, **given))
    run = {"scheduler": name, "optimizer_lr": lr, "optimizer_momentum": 0.9, "given": given, "lr": lrs}
    return run | ({"momentum": momenta} if name in ("OneCycleLR", "CyclicLR") else {})


def combination(name, given, make):
    rule = optimizer(0.1)
    return {"scheduler": name, "optimizer_lr": 0.1, "given": given, "lr": rates(rule, make(rule))[0]}


def plateau(given, metrics):
    rule = optimizer(0.1)
    lrs, _ = rates(rule, lr_scheduler.ReduceLROnPlateau(rule, **given), metrics)
    return {"scheduler": "ReduceLROnPlateau", "optimizer_lr": 0.1, "given": given, "metrics": metrics, "lr": lrs}


# A falling loss, noise around 1, and a second fall: numbers that the file states.
metrics = golden.committed("schedulers.json")["runs"][-1]["metrics"]
golden.finish("schedulers.json", {
    "meta": golden.meta("schedulers.json", torch=f"{torch.__version__} CPU, 1 thread"),
    "runs": [plain(*run) for run in RUNS] + [combination(*each) for each in COMBINATIONS]
    + [plateau(given, metrics) for given in PLATEAUS],
})
