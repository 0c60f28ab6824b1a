"""Writes ../seed-sections.json: training as sections 2.6 to 2.10 of the textbook chapter do it, in three libraries.

usage: python seed_sections.py [--check]

NumPy 2.4, PyTorch 2.15 (one thread, a processor with AVX2 or AVX-512) and TensorFlow 2.21. Sections whose library is not
installed stay as they are in the file, and are named. A row of a trace holds a step, the parameters it began with, and the
loss and gradients at them.
"""

from fractions import Fraction

import numpy as np

import golden

try:
    import torch
    torch.set_num_threads(1)
except ImportError:
    torch = None
try:
    import tensorflow as tf
except ImportError:
    tf = None

ROWS = [0, 1, 2, 3, 5, 10, 20, 50, 100, 200, 300, 400, 500, 799, 1000, 2000, 3000, 5000, 7500, 9999]
TAPE_ROWS = [0, 1, 2, 3, 5, 10, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 13998]
TAPE_STEPS = 13999


def is_kept(step, steps, rows=ROWS):
    return step in rows or step == steps - 1


def numpy_data(seed):
    np.random.seed(seed)
    x = np.linspace(-1, 1, 100).reshape(100, 1)
    return x, 3 * np.power(x, 2) + 2 + 0.2 * np.random.rand(x.size).reshape(100, 1)


def torch_data(seed, dtype):
    torch.manual_seed(seed)
    x = torch.unsqueeze(torch.linspace(-1, 1, 100, dtype=dtype), dim=1)
    y = 3 * x.pow(2) + 2 + 0.2 * torch.rand(x.size(), dtype=dtype)
    w = torch.randn(1, 1, dtype=dtype, requires_grad=True)
    b = torch.zeros(1, 1, dtype=dtype, requires_grad=True)
    return x, y, w, b


def final(w, b, name):
    hexadecimal = golden.bits32 if name == "f32" else golden.bits
    return {"final_w": w, "final_b": b, "final_w_hex": hexadecimal(w), "final_b_hex": hexadecimal(b)}


def section_2_6(seed, lr, steps):
    x, y = numpy_data(seed)
    w, b = np.random.rand(1, 1), np.random.rand(1, 1)
    start = {"w0": w.item(), "b0": b.item()}
    trace = []
    for step in range(steps):
        prediction = np.power(x, 2) * w + b
        loss = (0.5 * (prediction - y) ** 2).sum()
        grad_w = np.sum((prediction - y) * np.power(x, 2))
        grad_b = np.sum(prediction - y)
        if is_kept(step, steps):
            trace.append([step, w.item(), b.item(), float(loss), float(grad_w), float(grad_b)])
        w -= lr * grad_w
        b -= lr * grad_b
    return {"section": "2.6", "dtype": "f64", "numpy_seed": seed, "n": 100, "lr": lr, "steps": steps,
            "x": x.ravel().tolist(), "y": y.ravel().tolist(), **start, "trace": trace, "printed": f"{w} {b}",
            **final(w.item(), b.item(), "f64")}


def torch_run(section, name, seed, lr, steps, x, y, w, b, train, batches=None):
    """One run; `train` computes the loss of a batch, its gradients, and updates w and b."""
    start = {"w0": w.item(), "b0": b.item()}
    extra = batches or {}
    trace = []
    for step in range(steps):
        before = [step, w.item(), b.item()]
        loss, grad_w, grad_b = train(step)
        if is_kept(step, steps):
            trace.append(before + [loss, grad_w, grad_b])
    return {"section": section, "dtype": name, "torch_seed": seed, "n": 100, "lr": lr, "steps": steps,
            "x": x.ravel().tolist(), "y": y.ravel().tolist(), **start, **extra, "trace": trace,
            "printed": f"{w} {b}", **final(w.item(), b.item(), name)}


def section_2_7(name, steps, lr=0.001, seed=100):
    x, y, w, b = torch_data(seed, {"f32": torch.float32, "f64": torch.float64}[name])

    def train(step):
        loss = (0.5 * (x.pow(2).mm(w) + b - y) ** 2).sum()
        loss.backward()
        gradients = w.grad.item(), b.grad.item()
        with torch.no_grad():
            w.sub_(lr * w.grad)
            b.sub_(lr * b.grad)
            w.grad.zero_()
            b.grad.zero_()
        return loss.item(), *gradients

    return torch_run("2.7", name, seed, lr, steps, x, y, w, b, train)


def with_optimizer(section, name, seed, lr, steps, batch=None, numpy_seed=None, drawn=0, epochs=None):
    """Section 2.8 on all samples, section 2.9 on batches in an order that NumPy shuffles in every epoch."""
    x, y, w, b = torch_data(seed, {"f32": torch.float32, "f64": torch.float64}[name])
    loss_of = torch.nn.MSELoss()
    optimizer = torch.optim.SGD([w, b], lr=lr)
    batches, extra = [None] * steps, None
    if batch:
        np.random.seed(numpy_seed)
        np.random.random_sample(drawn)
        orders = []
        for _ in range(epochs):
            order = list(range(100))
            np.random.shuffle(order)
            orders.append(order)
        batches = [order[start:start + batch] for order in orders for start in range(0, 100, batch)]
        extra = {"numpy_seed": numpy_seed, "numpy_samples_drawn_before": drawn, "epochs": epochs, "batch": batch,
                 "order_first_epoch": orders[0], "order_second_epoch": orders[1], "order_last_epoch": orders[-1]}

    def train(step):
        features, labels = x, y
        if batches[step]:
            features, labels = (each.index_select(0, torch.LongTensor(batches[step])) for each in (x, y))
        loss = loss_of(features.pow(2).mm(w) + b, labels)
        loss.backward()
        gradients = w.grad.item(), b.grad.item()
        optimizer.step()
        optimizer.zero_grad()
        return loss.item(), *gradients

    return torch_run(section, name, seed, lr, steps, x, y, w, b, train, extra)


def section_2_10(name, w0):
    x, y = numpy_data(100)
    dtype = {"f32": tf.float32, "f64": tf.float64}[name]
    w, b = tf.Variable(tf.constant([w0], dtype)), tf.Variable(tf.zeros([1], dtype))
    trace = []
    for step in range(TAPE_STEPS):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((y - (np.power(x, 2) * w + b)) ** 2 / 2)
        grad_w, grad_b = tape.gradient(loss, [w, b])
        if is_kept(step, TAPE_STEPS, TAPE_ROWS):
            trace.append([step] + [float(np.asarray(each).item()) for each in (w, b, loss, grad_w, grad_b)])
        w.assign(w - 0.001 * grad_w)
        b.assign(b - 0.001 * grad_b)
    return {"section": "2.10", "dtype": name, "numpy_seed": 100, "n": 100, "lr": 0.001, "steps": TAPE_STEPS,
            "w0": w0, "b0": 0.0, "trace": trace,
            "final_w": float(w.numpy().item()), "final_b": float(b.numpy().item())}


def least_squares(seed):
    """The minimum of mean((x^2 w + b - y)^2) over the data, with exact fractions, rounded at the end."""
    x, y = numpy_data(seed)
    features, y = ([Fraction(value) for value in values.ravel().tolist()] for values in (np.power(x, 2), y))
    mean = sum(features) / len(features), sum(y) / len(y)
    spread = sum((feature - mean[0]) ** 2 for feature in features)
    w = sum((feature - mean[0]) * (value - mean[1]) for feature, value in zip(features, y)) / spread
    b = mean[1] - w * mean[0]
    error = sum((w * feature + b - value) ** 2 for feature, value in zip(features, y)) / len(y)
    return {"numpy_seed": seed, "n": 100, "w": float(w), "b": float(b), "mse": float(error)}


stated = golden.committed("seed-sections.json")
numpy_runs = {0: (100, 0.001, 800), 10: (1, 0.005, 200)}
torch_runs = {
    1: lambda: section_2_7("f32", 800),
    2: lambda: with_optimizer("2.8", "f32", 100, 0.001, 10000),
    3: lambda: with_optimizer("2.9", "f32", 100, 0.001, 10000, 10, 100, 102, 1000),
    4: lambda: section_2_7("f64", 800),
    5: lambda: with_optimizer("2.8", "f64", 100, 0.001, 2000),
    6: lambda: with_optimizer("2.9", "f64", 100, 0.001, 1000, 10, 100, 102, 100),
    7: lambda: with_optimizer("2.9", "f32", 100, 0.001, 2000, 10, 0, 0, 200),
    8: lambda: with_optimizer("2.9", "f32", 100, 0.001, 400, 32, 100, 0, 100),
    9: lambda: with_optimizer("2.8", "f32", 1, 0.05, 1000),
}
runs = [section_2_6(*numpy_runs[index]) if index in numpy_runs else torch_runs[index]() if torch else kept
        for index, kept in enumerate(stated["runs"])]
tape_runs = stated["tensorflow_runs"]
if tf:
    tape_runs = [section_2_10(*run) for run in (
        ("f32", 0.0), ("f32", 0.25), ("f32", 0.5), ("f32", 0.75), ("f32", 0.9375), ("f64", 0.5))]
for library, sections in ((torch, "2.7 to 2.9, which need PyTorch"), (tf, "2.10, which needs TensorFlow")):
    if library is None:
        print(f"kept as it is: {sections}")
golden.finish("seed-sections.json", {
    "meta": golden.meta("seed-sections.json", **({"torch": f"{torch.__version__} CPU, 1 thread"} if torch else {}),
                        numpy=np.__version__),
    "tensorflow_version": tf.__version__ if tf else stated["tensorflow_version"],
    "runs": runs,
    "tensorflow_runs": tape_runs,
    "least_squares_optimum": [least_squares(seed) for seed in (100, 1)],
})
