"""Writes ../optimizers.json: 200 full-batch steps of PyTorch's optimizers on the chapter's problem, in binary64.

usage: python optimizers.py [--check]

PyTorch 2.15 and NumPy 2.4. The loss is mean((x^2 w + b - y)^2); a row holds what a step began with and the parameters
it ended with. Rows of LBFGS also hold how often the loss was evaluated so far, rows of ASGD the averaged parameters, rows
with a scheduler the learning rate after it. Compared with a tolerance: sums may run in another order elsewhere.
"""

import warnings

import numpy as np
import torch

import golden

torch.set_num_threads(1)
warnings.simplefilter("ignore")

ROWS = [1, 2, 3, 5, 10, 50, 100, 200]

RUNS = [
    ("SGD", dict(lr=0.1)),
    ("SGD", dict(lr=0.05, momentum=0.9)),
    ("SGD", dict(lr=0.05, momentum=0.9, dampening=0.3)),
    ("SGD", dict(lr=0.05, momentum=0.9, nesterov=True)),
    ("SGD", dict(lr=0.1, weight_decay=0.01)),
    ("SGD", dict(lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.02)),
    ("SGD", dict(lr=0.001, maximize=True)),
    ("SGD", dict(lr=0.001)),
    ("Adam", dict(lr=0.05)),
    ("Adam", dict(lr=0.1, betas=(0.8, 0.99), eps=1e-6)),
    ("Adam", dict(lr=0.05, weight_decay=0.1)),
    ("Adam", dict(lr=0.1, amsgrad=True)),
    ("Adam", dict(lr=0.05, amsgrad=True, weight_decay=0.01)),
    ("Adam", dict(lr=0.01, maximize=True)),
    ("Adam", dict()),
    ("Adam", dict(lr=0.05, weight_decay=0.1, decoupled_weight_decay=True)),
    ("AdamW", dict(lr=0.05)),
    ("AdamW", dict(lr=0.1, weight_decay=0.1, betas=(0.85, 0.98))),
    ("AdamW", dict(lr=0.05, amsgrad=True)),
    ("AdamW", dict()),
    ("NAdam", dict(lr=0.05)),
    ("NAdam", dict(lr=0.1, momentum_decay=0.01, weight_decay=0.01)),
    ("NAdam", dict(lr=0.05, weight_decay=0.05, decoupled_weight_decay=True)),
    ("NAdam", dict()),
    ("RAdam", dict(lr=0.1)),
    ("RAdam", dict(lr=0.05, betas=(0.8, 0.95), weight_decay=0.01)),
    ("RAdam", dict(lr=0.05, weight_decay=0.05, decoupled_weight_decay=True)),
    ("RAdam", dict()),
    ("Adamax", dict(lr=0.1)),
    ("Adamax", dict(lr=0.05, betas=(0.8, 0.99), weight_decay=0.01)),
    ("Adamax", dict()),
    ("Adagrad", dict(lr=0.5)),
    ("Adagrad", dict(lr=0.3, lr_decay=0.01, initial_accumulator_value=0.1)),
    ("Adagrad", dict(lr=0.5, weight_decay=0.01, eps=1e-8)),
    ("Adagrad", dict()),
    ("Adadelta", dict()),
    ("Adadelta", dict(lr=5.0, rho=0.95, eps=1e-5)),
    ("Adadelta", dict(lr=2.0, weight_decay=0.01)),
    ("RMSprop", dict(lr=0.02)),
    ("RMSprop", dict(lr=0.02, alpha=0.9, centered=True)),
    ("RMSprop", dict(lr=0.01, momentum=0.9)),
    ("RMSprop", dict(lr=0.01, centered=True, momentum=0.5, weight_decay=0.01, eps=1e-6)),
    ("RMSprop", dict()),
    ("Rprop", dict()),
    ("Rprop", dict(lr=0.1, etas=(0.4, 1.3), step_sizes=(1e-5, 1.0))),
    ("ASGD", dict(lr=0.1)),
    ("ASGD", dict(lr=0.05, lambd=0.01, alpha=0.6, t0=20, weight_decay=0.01)),
    ("ASGD", dict()),
    ("LBFGS", dict()),
    ("LBFGS", dict(lr=0.5, max_iter=4, history_size=3)),
    ("LBFGS", dict(line_search_fn="strong_wolfe")),
    ("LBFGS", dict(lr=1, max_iter=3, max_eval=5, line_search_fn="strong_wolfe")),
    ("Adafactor", dict()),
    ("Adafactor", dict(lr=0.1, beta2_decay=-0.7, d=1.5, weight_decay=0.01)),
]

GROUP_RUNS = [
    ("SGD", dict(lr=0.1, momentum=0.9), dict(lr=0.01)),
    ("Adam", dict(lr=0.1), dict(lr=0.02, weight_decay=0.1)),
]

SCHEDULER_RUNS = [
    ("SGD", dict(lr=0.2), "StepLR", dict(step_size=30, gamma=0.5)),
    ("Adam", dict(lr=0.2), "CosineAnnealingLR", dict(T_max=200, eta_min=0.001)),
]

np.random.seed(100)
X = np.linspace(-1, 1, 100)
Y = 3 * np.power(X, 2) + 2 + 0.2 * np.random.rand(X.size)
FEATURES, TARGETS = (torch.tensor(values[:, None]) for values in (X, Y))
W0, B0 = 0.5, 0.0


def trace(make, make_scheduler=None):
    """The rows of one run of the optimizer that `make` gives for w and b."""
    w = torch.full((1, 1), W0, dtype=torch.float64, requires_grad=True)
    b = torch.full((1, 1), B0, dtype=torch.float64, requires_grad=True)
    rule = make(w, b)
    scheduler = make_scheduler(rule) if make_scheduler else None
    evaluations = 0
    rows = []
    for step in range(1, ROWS[-1] + 1):
        before = None

        def closure():
            nonlocal evaluations, before
            evaluations += 1
            rule.zero_grad()
            loss = ((FEATURES.pow(2).mm(w) + b - TARGETS) ** 2).mean()
            loss.backward()
            before = before or [loss.item(), w.grad.item(), b.grad.item()]
            return loss

        rule.step(closure)
        if scheduler:
            scheduler.step()
        row = [step] + before + [w.item(), b.item()]
        if isinstance(rule, torch.optim.LBFGS):
            row.append(evaluations)
        if isinstance(rule, torch.optim.ASGD):
            row += [rule.state[parameter]["ax"].item() for parameter in (w, b)]
        if scheduler:
            row.append(rule.param_groups[0]["lr"])
        if step in ROWS:
            rows.append(row)
    return rows


def effective(name, given):
    """All settings of the first group."""
    rule = getattr(torch.optim, name)([torch.zeros(1, 1, requires_grad=True)], **given)
    hidden = {"params", "foreach", "capturable", "differentiable", "fused"}
    settings = {key: value for key, value in rule.param_groups[0].items() if key not in hidden}
    # Earlier versions' LBFGS cannot maximize.
    return settings if "maximize" in settings else {**settings, "maximize": False}


golden.finish("optimizers.json", {
    "meta": golden.meta("optimizers.json", torch=f"{torch.__version__} CPU, 1 thread", numpy=np.__version__),
    "problem": {"numpy_seed": 100, "n": 100, "w0": W0, "b0": B0, "dtype": "f64", "shape_of_w_and_b": [1, 1],
                "loss": "mean((x^2 * w + b - y)^2)", "x": X.tolist(), "y": Y.tolist()},
    "columns": ["step", "loss_before", "grad_w_before", "grad_b_before", "w_after", "b_after"],
    "runs": [{"optimizer": name, "given": given, "effective": effective(name, given),
              "trace": trace(lambda *parameters: getattr(torch.optim, name)(parameters, **given))}
             for name, given in RUNS],
    "param_group_runs": [{"optimizer": name, "group_w": of_w, "group_b": of_b,
                          "trace": trace(lambda w, b: getattr(torch.optim, name)(
                              [dict(of_w, params=[w]), dict(of_b, params=[b])]))}
                         for name, of_w, of_b in GROUP_RUNS],
    "scheduler_runs": [{"optimizer": name, "given": given, "scheduler": scheduler, "scheduler_given": settings,
                        "trace": trace(lambda *parameters: getattr(torch.optim, name)(parameters, **given),
                                       lambda rule: getattr(torch.optim.lr_scheduler, scheduler)(rule, **settings))}
                       for name, given, scheduler, settings in SCHEDULER_RUNS],
})
