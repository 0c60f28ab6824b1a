"""Fits a line to noisy points by stochastic gradient descent, and prints what it does. It imports no gradbook."""

import argparse
import random

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--seed", type=int, default=0)
options = parser.parse_args()

points = [(x / 50, 3 * x / 50 + 2 + random.Random(x).uniform(-0.1, 0.1)) for x in range(-50, 50)]
stream = random.Random(options.seed)
slope = offset = 0.0
for step in range(200):
    x, y = stream.choice(points)
    error = slope * x + offset - y
    slope -= options.lr * 2 * error * x
    offset -= options.lr * 2 * error
    if step % 10 == 9:
        loss = sum((slope * x + offset - y) ** 2 for x, y in points) / len(points)
        print(f"step {step + 1}/200 loss {loss:.6f} slope {slope:.4f}")
