"""Writes ../rng.json: what NumPy's and PyTorch's generators give after a seed, ranges of numbers, and sums.

usage: python rng.py [--check]

NumPy 2.4 and PyTorch 2.15 on a processor with AVX2 or AVX-512, one thread. `randn_f32` of 16 and more values and the
order of a sum depend on the processor: without AVX2 they differ in their last bits.
"""

import numpy as np
import torch

import golden

torch.set_num_threads(1)

SEEDS = [0, 1, 42, 100, 12345, 2**31 - 1, 2**31, 2**32 - 1]
PLACES = [10, 99, 311, 312, 313, 623, 624, 1247, 1999]
RANGES = [(-1, 1, 100), (0, 1, 10), (0, 1, 11), (-3, 7, 33), (5, -5, 64), (0, 1, 2), (2, 9, 1), (2, 2, 5),
          (0.1, 0.7, 7), (-0.3, 12.7, 50)]
F32, F64 = torch.float32, torch.float64
DTYPES = {"f32": F32, "f64": F64}


def numpy_stream(seed):
    def seeded():
        np.random.seed(seed)
        return np.random

    def shuffled(count):
        order = list(range(count))
        np.random.shuffle(order)
        return order

    words = np.random.RandomState(seed)
    result = {"seed": seed, "u32_first8": [int(words.randint(0, 2**32, dtype=np.uint32)) for _ in range(8)]}
    result["random_sample_first10"] = seeded().random_sample(10).tolist()
    run = seeded().random_sample(2000).tolist()
    result["random_sample_at"] = [[place, run[place]] for place in PLACES]
    seeded()
    result["shuffle10"] = shuffled(10)
    seeded()
    result["shuffle100_first"] = shuffled(100)
    result["shuffle100_second"] = shuffled(100)
    result["random_sample_after_two_shuffle100"] = np.random.random_sample()
    seeded().random_sample(102)
    result["shuffle100_after_102_samples"] = shuffled(100)
    result["permutation17"] = seeded().permutation(17).tolist()
    result["randn_first11"] = seeded().randn(11).tolist()
    result["then_random_sample3"] = np.random.random_sample(3).tolist()
    result["then_randn2"] = np.random.randn(2).tolist()
    result["uniform_-2.5_4_n5"] = seeded().uniform(-2.5, 4, 5).tolist()
    result["normal_1.5_0.3_n5"] = seeded().normal(1.5, 0.3, 5).tolist()
    return result


def numpy_array_seed(seed):
    np.random.seed(seed)
    return {"seed_array": seed, "random_sample_first5": np.random.random_sample(5).tolist()}


def torch_stream(seed):
    def seeded():
        torch.manual_seed(seed)

    def rand(count, dtype):
        seeded()
        return torch.rand(count, dtype=dtype)

    def normals(dtype):
        results = {}
        for count in (1, 5, 15, 16, 17, 100):
            seeded()
            values = torch.randn(count, dtype=dtype).tolist()
            results[str(count)] = {"values": values, "then_rand_f32": torch.rand(1).item(),
                                   "then_randn1_f32": torch.randn(1).item()}
        return results

    def mixed():
        seeded()
        calls = []
        for op, count in (("randn_f64", 1), ("rand_f32", 2), ("randn_f32", 2), ("randn_f32", 16), ("randn_f32", 1),
                          ("rand_f64", 1), ("randn_f64", 18), ("randn_f64", 2), ("randperm", 5), ("randn_f32", 1)):
            name, _, dtype = op.partition("_")
            values = torch.randperm(count) if name == "randperm" else getattr(torch, name)(count, dtype=DTYPES[dtype])
            calls.append({"op": op, "n": count, "values": values.tolist()})
        return calls

    result = {"seed": seed, "rand_f32_first10": rand(10, F32).tolist()}
    result["rand_f32_first3_hex"] = [golden.bits32(value) for value in rand(3, F32).tolist()]
    run = rand(2000, F32).tolist()
    result["rand_f32_at"] = [[place, run[place]] for place in PLACES]
    result["rand_f64_first10"] = rand(10, F64).tolist()
    run = rand(1000, F64).tolist()
    result["rand_f64_at"] = [[place, run[place]] for place in (311, 312, 623, 999)]
    result["randn_f32"] = normals(F32)
    result["randn_f64"] = normals(F64)
    result["mixed_sequence"] = mixed()
    rand(100, F32)
    result["rand100_then_randn1"] = torch.randn(1).item()
    for count in (10, 100):
        seeded()
        result[f"randperm{count}"] = torch.randperm(count).tolist()
    seeded()
    result["uniform_-2_3_f32_n5"] = torch.empty(5, dtype=F32).uniform_(-2, 3).tolist()
    seeded()
    result["uniform_-0.3_0.4_f64_n5"] = torch.empty(5, dtype=F64).uniform_(-0.3, 0.4).tolist()
    seeded()
    result["normal_1.5_0.3_f64_n5"] = torch.empty(5, dtype=F64).normal_(1.5, 0.3).tolist()
    seeded()
    result["randint_-3_1000_n8"] = torch.randint(-3, 1000, (8,)).tolist()
    if seed != -1:
        seeded()
        loader = torch.utils.data.DataLoader(list(range(20)), batch_size=None, shuffle=True)
        result["dataloader_shuffle20_two_epochs"] = [[int(index) for index in loader] for _ in range(2)]
    return result


def torch_range(start, end, steps, name):
    values = torch.linspace(start, end, steps, dtype=DTYPES[name]).tolist()
    return {"start": start, "end": end, "steps": steps, "dtype": name, "values": values}


def numpy_range(start, end, count):
    return {"start": start, "end": end, "num": count, "values": np.linspace(start, end, count).tolist()}


def reduction(given):
    """Sums in both libraries' orders of the two lists that the file states."""
    a, b = (torch.tensor(given[name], dtype=F32) for name in "ab")
    a64, b64 = (torch.tensor([value / divisor for value in given[name]], dtype=F64)
                for name, divisor in (("a", 3), ("b", 7)))

    def product(x, y):
        return x[None, :].mm(y[:, None]).item()

    return {
        "n": len(a), "torch_sum_f32": a.sum().item(), "torch_mean_f32": a.mean().item(),
        "torch_mm_f32": product(a, b), "f64_note": "f64 inputs are a/3 and b/7 evaluated in binary64",
        "torch_sum_f64": a64.sum().item(), "torch_mm_f64": product(a64, b64),
        "numpy_sum_f64": float(np.sum(a64.numpy())), "a": given["a"], "b": given["b"],
    }


golden.finish("rng.json", {
    "meta": golden.meta("rng.json", torch=f"{torch.__version__} CPU, 1 thread", numpy=np.__version__),
    "numpy": [numpy_stream(seed) for seed in SEEDS],
    "numpy_array_seed": [numpy_array_seed(entry["seed_array"])
                         for entry in golden.committed("rng.json")["numpy_array_seed"]],
    "torch": [torch_stream(seed) for seed in SEEDS + [-1, 2**32 + 5]],
    "linspace_torch": [torch_range(*each, name) for each in RANGES for name in DTYPES],
    "linspace_numpy": [numpy_range(*each) for each in RANGES],
    "reductions": [reduction(given) for given in golden.committed("rng.json")["reductions"]],
})
