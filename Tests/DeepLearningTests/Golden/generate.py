#!/usr/bin/env python3
"""Writes the golden values that the engine's tests compare with: `python3 generate.py`.

Needs the PyPI packages torch, keras and numpy. The stored files come from
Python 3.11.7, numpy 2.4.6, torch 2.13.0+cpu, keras 3.15.1 (on its torch backend).

Everything is seeded, so a second run writes the same bytes. Expected values are computed in double
precision from inputs that a Float holds exactly, then rounded to Float (optimizer trajectories are
computed in Float throughout, as an engine does). The formulas are those of Keras 2.0.8, which the
book used; wherever torch.optim or today's Keras still have the same formula, this script checks
itself against them, and it checks that plain single precision comes close enough to be tested.

Conventions: arrays are {"shape", "values"}, row-major; kernels are [inputs, units]; a loss is the
mean over the last axis, then over the rows.
"""
import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

HERE = pathlib.Path(__file__).parent
torch.set_num_threads(1)


# --- JSON: one line per row of a tensor, shortest digits that give back the same Float -----------


def number(value):
    value = np.float32(value)
    assert np.isfinite(value), value
    if abs(value) < 1e-30:  # no reader should have to agree about denormals
        value = np.float32(0)
    if value == np.round(value) and abs(value) < 1e6:
        return str(int(value))
    return str(value)


def tensor_json(array, indent):
    array = np.asarray(array)
    rows = array.reshape(-1, array.shape[-1]) if array.shape[-1] > 1 else array.reshape(1, -1)
    lines = [", ".join(number(v) for v in row) for row in rows]
    pad = "\n" + " " * (indent + 2)
    values = lines[0] if len(lines) == 1 else pad + ("," + pad).join(lines)
    return f'{{"shape": [{", ".join(map(str, array.shape))}], "values": [{values}]}}'


def to_json(value, indent=0):
    pad = "\n" + " " * (indent + 2)
    end = "\n" + " " * indent
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    if isinstance(value, np.ndarray):
        return tensor_json(value, indent)
    if isinstance(value, dict):
        body = ("," + pad).join(f'"{k}": {to_json(v, indent + 2)}' for k, v in value.items())
        return "{" + pad + body + end + "}"
    if isinstance(value, list):
        if all(isinstance(v, (int, float)) for v in value):
            return "[" + ", ".join(to_json(v) for v in value) + "]"
        return "[" + pad + ("," + pad).join(to_json(v, indent + 2) for v in value) + end + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        assert not set(value) & set('"\\\n')
        return f'"{value}"'
    if isinstance(value, int):
        return str(value)
    return f"{value:.9g}"


def write(name, about, **content):
    path = HERE / f"{name}.json"
    path.write_text(to_json({"about": about, **content}) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


# --- Helpers -------------------------------------------------------------------------------------


def uniform(random, shape, low=-1.0, high=1.0):
    """Asymmetric random numbers of three decimals: short to store, exact once they are Floats."""
    return np.round(random.uniform(low, high, shape), 3).astype(np.float32)


def double(array, gradient=False):
    return torch.tensor(np.asarray(array, np.float32), dtype=torch.float64, requires_grad=gradient)


def check(actual, expected, what, relative=2e-5, absolute=2e-6):
    to_numpy = lambda a: np.asarray(a.detach() if isinstance(a, torch.Tensor) else a, np.float64)
    np.testing.assert_allclose(
        to_numpy(actual), to_numpy(expected), relative, absolute, err_msg=what)


# --- dense.json ----------------------------------------------------------------------------------

ACTIVATIONS = {
    "linear": lambda z: z,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softmax": lambda z: torch.softmax(z, -1),
    "hard_sigmoid": lambda z: torch.clamp(0.2 * z + 0.5, 0, 1),  # Keras 3 has another slope
    "elu": torch.nn.functional.elu,
    "selu": torch.nn.functional.selu,
    # torch's own softplus turns linear at 20
    "softplus": lambda z: torch.clamp(z, min=0) + torch.log1p(torch.exp(-torch.abs(z))),
    "softsign": torch.nn.functional.softsign,
}
KINKS = {"relu": [0], "elu": [0], "selu": [0], "hard_sigmoid": [-2.5, 2.5]}


def dense_case(
        seed, activation, rows, inputs, units, bias=True, scale=1.0, multi_hot=False, tag=""):
    while True:  # the next seed, until no sum lies so close to a kink that rounding could cross it
        random = np.random.default_rng(seed)
        if multi_hot:
            x = (random.random((rows, inputs)) < 0.15).astype(np.float32)
            x[rows // 2] = 0  # an empty row
        else:
            x = uniform(random, (rows, inputs), -1.2 * scale, 1.6 * scale)
        kernel = uniform(random, (inputs, units), -1.1, 0.9)
        b = uniform(random, units, -0.6, 0.8) if bias else None
        upstream = uniform(random, (rows, units), -1.0, 1.3)
        sums = x.astype(np.float64) @ kernel + (0 if b is None else b)
        if min((np.abs(sums - k).min() for k in KINKS.get(activation, [])), default=1) > 1e-4:
            break
        seed += 1000

    def run(dtype):
        leaves = [torch.tensor(a, dtype=dtype, requires_grad=True) for a in (x, kernel)]
        leaves += [torch.tensor(b, dtype=dtype, requires_grad=True)] if bias else []
        z = leaves[0] @ leaves[1] + (leaves[2] if bias else 0)
        output = ACTIVATIONS[activation](z)
        return [output, *torch.autograd.grad(output, leaves, torch.tensor(upstream, dtype=dtype))]

    name = f"{activation} {rows}x{inputs}->{units}{tag}"
    results = run(torch.float64)
    for single, exact in zip(run(torch.float32), results):
        check(single, exact, name, absolute=1e-5)
    if activation != "hard_sigmoid":
        layer = keras.layers.Dense(units, activation=activation, use_bias=bias)
        layer.build((None, inputs))
        layer.set_weights([kernel] + ([b] if bias else []))
        check(layer(x), results[0], name + " in Keras", absolute=1e-5)
    output, grad_input, grad_kernel = results[:3]
    return {
        "name": name, "activation": activation, "input": x, "kernel": kernel, "bias": b,
        "upstream": upstream, "output": output, "gradInput": grad_input,
        "gradKernel": grad_kernel, "gradBias": results[3] if bias else None,
    }


def write_dense():
    cases = []
    for i, activation in enumerate(ACTIVATIONS):
        cases.append(dense_case(100 + i, activation, 3, 5, 7, scale=1.5))
        cases.append(dense_case(200 + i, activation, 1, 4, 6, bias=i % 2 == 0))
        cases.append(dense_case(300 + i, activation, 3, 2, 5, scale=60, tag=" extreme"))
    for i, activation in enumerate(["relu", "softmax"]):
        cases.append(dense_case(400 + i, activation, 17, 33, 19))
    for i, activation in enumerate(["tanh", "sigmoid", "linear"]):
        cases.append(dense_case(500 + i, activation, 33, 10, 16))
    cases.append(dense_case(600, "softmax", 5, 8, 46))
    cases.append(dense_case(601, "sigmoid", 6, 16, 1))
    cases.append(dense_case(602, "relu", 9, 40, 16, multi_hot=True, tag=" multi-hot"))
    cases.append(dense_case(603, "tanh", 7, 35, 3, bias=False, multi_hot=True, tag=" multi-hot"))
    write("dense", "output = activation(input kernel + bias); upstream is the gradient of the"
          " output, the grad fields are the gradients it causes. bias may be null.", cases=cases)


# --- losses.json ---------------------------------------------------------------------------------

EPSILON = 1e-7
FLOAT_CEILING = float(np.float32(1) - np.float32(EPSILON))  # 1 - 1.19e-7


def clipped(p, ceiling):
    return torch.clamp(p, EPSILON, ceiling)


def binary_crossentropy(p, t, ceiling=1 - EPSILON):
    p = clipped(p, ceiling)
    return -(t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean(-1).mean()


def categorical_crossentropy(p, t, ceiling=1 - EPSILON):
    p = clipped(p / p.sum(-1, keepdim=True), ceiling)
    return -(t * torch.log(p)).sum(-1).mean()


def sparse_categorical_crossentropy(p, t, ceiling=1 - EPSILON):
    logs = torch.log_softmax(torch.log(clipped(p, ceiling)), -1)  # clips first, normalises after
    return -logs.gather(-1, t.long()[:, None]).mean()


def mean_squared_error(p, t, ceiling=None):
    return ((p - t) ** 2).mean(-1).mean()


def mean_absolute_error(p, t, ceiling=None):
    return (p - t).abs().mean(-1).mean()


LOSSES = {f.__name__: f for f in (
    binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy,
    mean_squared_error, mean_absolute_error)}


def loss_case(tag, loss, inputs, targets, activation="linear"):
    name = loss + ("" if activation == "linear" else f" of {activation}") + f", {tag}"
    function, squash = LOSSES[loss], ACTIVATIONS[activation]
    inputs, targets = np.asarray(inputs, np.float32), np.asarray(targets, np.float32)

    def run(dtype, ceiling):
        x = torch.tensor(inputs, dtype=dtype, requires_grad=True)
        value = function(squash(x), torch.tensor(targets, dtype=dtype), ceiling)
        return value, torch.autograd.grad(value, x)[0]

    value, gradient = run(torch.float64, 1 - EPSILON)
    float_value, float_gradient = run(torch.float64, FLOAT_CEILING)
    check(float_gradient, gradient, name)
    for single, exact in zip(run(torch.float32, FLOAT_CEILING), (float_value, gradient)):
        check(single, exact, name)
    if loss != "sparse_categorical_crossentropy":  # Keras 3 normalises before it clips
        predictions = squash(torch.tensor(inputs)).detach()
        check(torch.mean(getattr(keras.losses, loss)(torch.tensor(targets), predictions)),
              float_value, name + " in Keras")
    return {"name": name, "loss": loss, "activation": activation, "input": inputs,
            "targets": targets, "value": value.item(), "valueWithFloatBounds": float_value.item(),
            "gradient": gradient}


def write_losses():
    random = np.random.default_rng(7)
    bits = lambda *shape: (random.random(shape) < 0.45).astype(np.float32)
    soft = lambda *shape: uniform(random, shape, 0.02, 0.97)
    one_hot = lambda labels, classes: np.eye(classes, dtype=np.float32)[labels]

    def distributions(rows, classes):
        p = random.uniform(0.05, 1, (rows, classes))
        return (p / p.sum(-1, keepdims=True)).astype(np.float32)

    cases = []
    add = lambda *arguments: cases.append(loss_case(*arguments))
    bce, cce, sparse = list(LOSSES)[:3]
    add("1x1", bce, soft(1, 1), [[1]])
    add("19x3", bce, soft(19, 3), bits(19, 3))
    add("37x1", bce, soft(37, 1), bits(37, 1))
    add("soft targets", bce, soft(5, 2), soft(5, 2))
    edge = [[0, 1, 0.25], [1, 0, 0.75], [-0.3, 1.7, 0.5], [1.7, -0.3, 1e-4], [0.9999, 2e-6, 0.9999]]
    hard = [[0, 1, 1], [0, 1, 0], [0, 1, 1], [0, 1, 1], [0, 1, 1]]
    add("at and outside the bounds", bce, edge, hard)
    add("at and outside the bounds, soft targets", bce, edge, soft(5, 3))

    add("1x4", cce, distributions(1, 4), one_hot([2], 4))
    add("9x46", cce, distributions(9, 46), one_hot(random.integers(0, 46, 9), 46))
    add("soft targets", cce, distributions(5, 3), distributions(5, 3))
    add("rows that do not sum to 1", cce, uniform(random, (6, 5), 0.1, 1.4),
        one_hot(random.integers(0, 5, 6), 5))
    edge = [[0, 1, 0], [0, 1, 0], [0, 0.25, 0.75], [0, 0.25, 0.75], [3, 0, 1]]
    add("at the bounds", cce, edge, one_hot([1, 0, 0, 2, 2], 3))

    add("1x4", sparse, distributions(1, 4), [3])
    add("9x46", sparse, distributions(9, 46), random.integers(0, 46, 9))
    add("at the bounds", sparse, edge[:4], [1, 0, 0, 2])

    for loss in (mean_squared_error.__name__, mean_absolute_error.__name__):
        predictions, targets = uniform(random, (13, 3), -2, 3), uniform(random, (13, 3), -2, 3)
        predictions[4, 1] = targets[4, 1]  # a difference of zero has a gradient of zero
        add("13x3", loss, predictions, targets)
        add("1x1", loss, [[0.7]], [[-1.9]])
        add("21x1", loss, uniform(random, (21, 1), 5, 50), uniform(random, (21, 1), 5, 50))

    add("1x1", bce, [[0.37]], [[0]], "sigmoid")
    add("35x1", bce, uniform(random, (35, 1), -6, 6), bits(35, 1), "sigmoid")
    add("6x3 soft targets", bce, uniform(random, (6, 3), -4, 4), soft(6, 3), "sigmoid")
    saturated = [[20, -20, 40, -40], [-20, 20, -40, 40], [1.5, 20, -2.25, -40]]
    add("saturated", bce, saturated, [[1, 0, 1, 0], [1, 0, 1, 0], [0, 1, 1, 1]], "sigmoid")
    add("saturated, soft targets", bce, saturated, soft(3, 4), "sigmoid")
    add("1x3", cce, [[0.2, -1.1, 0.9]], [[0, 1, 0]], "softmax")
    add("17x5", cce, uniform(random, (17, 5), -4, 4), one_hot(random.integers(0, 5, 17), 5),
        "softmax")
    add("7x3 soft targets", cce, uniform(random, (7, 3), -3, 3), distributions(7, 3), "softmax")
    saturated = [[20, 0.5, -0.5], [20, 0.5, -0.5], [-40, 1, 0.25], [-40, 1, 0.25], [40, -40, 39.5],
                 [0.25, -20, 40]]
    add("saturated", cce, saturated, one_hot([0, 1, 0, 2, 2, 1], 3), "softmax")
    add("saturated, soft targets", cce, saturated, distributions(6, 3), "softmax")
    add("11x4", sparse, uniform(random, (11, 4), -4, 4), random.integers(0, 4, 11), "softmax")
    write("losses", "gradient is d value / d input. With activation linear the input is the"
          " predictions, with sigmoid or softmax the logits. Probabilities are clipped to"
          " [1e-7, 1 - 1e-7] and a clipped one passes no gradient back. value takes these bounds"
          " as real numbers; valueWithFloatBounds takes them as Keras did, rounded to Float, where"
          " the upper one is 1 - 1.19e-7, so that a saturated mistake costs 15.94 instead of"
          " 16.12. categorical divides each row by its sum, then clips; sparse clips, then"
          " divides.", cases=cases)


# --- optimizers.json -----------------------------------------------------------------------------


class Optimizer:
    """The update rules of Keras 2.0.8 in NumPy, in whatever precision the parameters have."""

    DEFAULTS = {
        "sgd": dict(learningRate=0.01, momentum=0.0, nesterov=False),
        "rmsprop": dict(learningRate=0.001, rho=0.9, epsilon=1e-8),
        "adagrad": dict(learningRate=0.01, epsilon=1e-8),
        "adam": dict(learningRate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8),
    }

    def __init__(self, kind, **changes):
        self.kind = kind
        self.settings = {**self.DEFAULTS[kind], "decay": 0.0, "clipValue": None, "clipNorm": None,
                         **changes}
        self.updates, self.slots = 0, None

    def apply(self, parameters, gradients):
        s, real = self.settings, parameters[0].dtype.type
        if self.slots is None:
            self.slots = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
        rate = real(s["learningRate"] / (1 + s["decay"] * self.updates))
        self.updates += 1
        if s["clipNorm"]:  # one norm over the gradients of all parameters
            norm = np.sqrt(sum((g * g).sum() for g in gradients))
            if norm >= s["clipNorm"]:
                gradients = [g * real(s["clipNorm"] / norm) for g in gradients]
        if s["clipValue"]:
            gradients = [np.clip(g, -real(s["clipValue"]), real(s["clipValue"])) for g in gradients]
        for p, g, (a, b) in zip(parameters, gradients, self.slots):
            if self.kind == "sgd":
                m = real(s["momentum"])
                a[...] = m * a - rate * g
                p += m * a - rate * g if s["nesterov"] else a
            elif self.kind == "rmsprop":
                a[...] = real(s["rho"]) * a + real(1 - s["rho"]) * g * g
                p -= rate * g / (np.sqrt(a) + real(s["epsilon"]))
            elif self.kind == "adagrad":
                a += g * g
                p -= rate * g / (np.sqrt(a) + real(s["epsilon"]))
            else:
                t = self.updates
                correction = np.sqrt(1 - s["beta2"] ** t) / (1 - s["beta1"] ** t)
                a[...] = real(s["beta1"]) * a + real(1 - s["beta1"]) * g
                b[...] = real(s["beta2"]) * b + real(1 - s["beta2"]) * g * g
                p -= rate * real(correction) * a / (np.sqrt(b) + real(s["epsilon"]))


def reference_trajectory(optimizer, starts, gradient_of, steps):
    """The same trajectory by torch.optim (SGD, RMSprop, Adagrad) or Keras 3 (Adam), in double."""
    s = optimizer.settings
    if optimizer.kind == "adam":
        variables = [keras.Variable(p.astype(np.float64), dtype="float64") for p in starts]
        rule = keras.optimizers.Adam(s["learningRate"], s["beta1"], s["beta2"], s["epsilon"])
        rule.build(variables)
        for _ in range(steps):
            gradients = gradient_of([v.numpy() for v in variables])
            rule.apply([keras.ops.convert_to_tensor(g) for g in gradients], variables)
        return [v.numpy() for v in variables]
    parameters = [torch.nn.Parameter(torch.tensor(p, dtype=torch.float64)) for p in starts]
    rate = s["learningRate"]
    rule = {
        "sgd": lambda: torch.optim.SGD(
            parameters, rate, momentum=s["momentum"], nesterov=s["nesterov"]),
        "rmsprop": lambda: torch.optim.RMSprop(
            parameters, rate, alpha=s["rho"], eps=s["epsilon"]),
        "adagrad": lambda: torch.optim.Adagrad(parameters, rate, eps=s["epsilon"]),
    }[optimizer.kind]()
    schedule = torch.optim.lr_scheduler.LambdaLR(rule, lambda t: 1 / (1 + s["decay"] * t))
    for _ in range(steps):
        for p, g in zip(parameters, gradient_of([p.detach().numpy() for p in parameters])):
            p.grad = torch.tensor(g)
        if s["clipNorm"]:
            torch.nn.utils.clip_grad_norm_(parameters, s["clipNorm"])
        if s["clipValue"]:
            torch.nn.utils.clip_grad_value_(parameters, s["clipValue"])
        rule.step()
        schedule.step()
    return [p.detach().numpy() for p in parameters]


def write_optimizers():
    random = np.random.default_rng(11)
    shapes = [(5, 7), (3,)]
    starts = [uniform(random, s, -1, 1.5) for s in shapes]
    curvatures = [uniform(random, s, 0.02, 1.5) for s in shapes]
    # Far enough from the starts that no adaptive rule arrives and begins to jitter.
    sides = [np.where(random.random(s) < 0.5, -1, 1) for s in shapes]
    targets = [(a + side * uniform(random, a.shape, 0.5, 2)).round(3).astype(np.float32)
               for a, side in zip(starts, sides)]

    def gradient_of(parameters):
        return [c.astype(p.dtype) * (p - t.astype(p.dtype))
                for p, c, t in zip(parameters, curvatures, targets)]

    recorded = [1, 2, 3, 10, 50, 100]
    cases = []
    for name, kind, changes in [
        ("SGD", "sgd", {}),
        ("SGD, decay", "sgd", dict(learningRate=0.1, decay=0.05)),
        ("SGD, momentum", "sgd", dict(momentum=0.9)),
        ("SGD, Nesterov momentum", "sgd", dict(momentum=0.9, nesterov=True)),
        ("SGD, clip norm", "sgd", dict(learningRate=0.1, clipNorm=1.5)),
        ("SGD, clip value", "sgd", dict(learningRate=0.1, clipValue=0.2)),
        ("RMSprop", "rmsprop", {}),
        ("RMSprop, decay", "rmsprop", dict(decay=0.01)),
        ("RMSprop, clip value", "rmsprop", dict(clipValue=0.05)),
        ("RMSprop, rate and rho", "rmsprop", dict(learningRate=0.003, rho=0.7)),
        ("Adagrad", "adagrad", {}),
        ("Adam", "adam", {}),
        ("Adam, rate and betas", "adam", dict(learningRate=0.004, beta1=0.5, beta2=0.99)),
    ]:
        optimizer, exact = Optimizer(kind, **changes), Optimizer(kind, **changes)
        flat = np.abs(np.concatenate([g.ravel() for g in gradient_of(starts)]))
        if limit := optimizer.settings["clipValue"]:
            assert flat.min() < limit < flat.max(), name
        if limit := optimizer.settings["clipNorm"]:
            assert np.linalg.norm(flat) > limit, name
        parameters = [p.copy() for p in starts]
        doubles = [p.astype(np.float64) for p in starts]
        steps = []
        for step in range(1, recorded[-1] + 1):
            optimizer.apply(parameters, gradient_of(parameters))
            exact.apply(doubles, gradient_of(doubles))
            if step in recorded:
                steps.append({"step": step, "parameters": [p.copy() for p in parameters]})
        assert all(p.dtype == np.float32 for p in parameters), name
        if limit := optimizer.settings["clipNorm"]:  # no longer bites at the end
            assert sum((g * g).sum() for g in gradient_of(doubles)) < limit ** 2, name
        for mine, twice in zip(parameters, doubles):
            check(mine, twice, f"{name}: Float against Double", 3e-6, 3e-6)
        for mine, peer in zip(doubles, reference_trajectory(exact, starts, gradient_of, 100)):
            # Keras keeps Adam's powers of beta in single precision.
            check(mine, peer, f"{name}: peer", 1e-5 if kind == "adam" else 1e-9, 1e-6)
        cases.append({"name": name, "optimizer": kind, **optimizer.settings, "steps": steps})
    write("optimizers", "The toy problem is 0.5 * sum(curvature * (parameter - target)^2) over two"
          " tensors: the gradient is curvature * (parameter - target). Every step updates both."
          " Parameters are recorded after the given numbers of updates.",
          problem={"parameters": [{"start": s, "curvature": c, "target": t}
                                  for s, c, t in zip(starts, curvatures, targets)]}, cases=cases)


# --- training.json -------------------------------------------------------------------------------


def training_case(name, seed, sizes, activations, loss, optimizer, x, y, l1, l2):
    kind, changes = optimizer
    random = np.random.default_rng(seed)
    weights = []
    for inputs, units in zip(sizes, sizes[1:]):
        limit = np.sqrt(6 / (inputs + units))
        weights.append(uniform(random, (inputs, units), -limit, limit))
        weights.append(uniform(random, units, -0.2, 0.3))

    def forward(parameters, dtype):
        h = torch.tensor(x, dtype=dtype)
        for i, activation in enumerate(activations):
            h = ACTIVATIONS[activation](h @ parameters[2 * i] + parameters[2 * i + 1])
        return h

    def run(dtype):
        rule = Optimizer(kind, **changes)
        current = [torch.tensor(w, dtype=dtype) for w in weights]
        data_losses, losses, snapshots, first_gradients = [], [], [], None
        for step in range(1, 6):
            leaves = [w.clone().requires_grad_() for w in current]
            data_loss = LOSSES[loss](forward(leaves, dtype), torch.tensor(y, dtype=dtype))
            penalty = sum(l1[i] * k.abs().sum() + l2[i] * (k * k).sum()
                          for i, k in enumerate(leaves[::2]))
            gradients = torch.autograd.grad(data_loss + penalty, leaves)
            first_gradients = first_gradients or gradients
            data_losses.append(data_loss.item())
            losses.append((data_loss + penalty).item())
            arrays = [w.numpy() for w in current]
            rule.apply(arrays, [g.numpy() for g in gradients])
            if step in (1, 5):
                snapshots.append({"step": step, "weights": [a.copy() for a in arrays]})
        return data_losses, losses, first_gradients, snapshots, forward(current, dtype)

    data_losses, losses, gradients, snapshots, predictions = run(torch.float64)
    for g in gradients:  # adaptive rules magnify the rounding of tiny gradients
        assert all(v == 0 or abs(v) > 1e-4 for v in g.flatten()), (name, g)
    single = run(torch.float32)
    check(single[1], losses, name)
    for mine, exact in zip(single[3][-1]["weights"], snapshots[-1]["weights"]):
        check(mine, exact, name, 1e-5, 3e-6)

    if kind != "rmsprop":  # today's Keras has epsilon inside the root there
        model = keras.Sequential([keras.Input((sizes[0],))] + [
            keras.layers.Dense(units, activation=activation,
                               kernel_regularizer=keras.regularizers.L1L2(l1[i], l2[i]))
            for i, (units, activation) in enumerate(zip(sizes[1:], activations))])
        model.set_weights(weights)
        s = Optimizer(kind, **changes).settings
        rule = (keras.optimizers.Adam(s["learningRate"], epsilon=s["epsilon"]) if kind == "adam"
                else keras.optimizers.SGD(s["learningRate"], s["momentum"]))
        model.compile(optimizer=rule, loss=loss)
        for expected in losses:
            check(model.train_on_batch(x, y), expected, name + " in Keras")
            model.reset_metrics()
        for theirs, exact in zip(model.get_weights(), snapshots[-1]["weights"]):
            check(theirs, exact, name + " in Keras", 1e-5, 3e-6)

    return {
        "name": name,
        "layers": [{"inputs": i, "units": u, "activation": a, "l1": l1[n], "l2": l2[n]}
                   for n, (i, u, a) in enumerate(zip(sizes, sizes[1:], activations))],
        "loss": loss, "optimizer": kind, **Optimizer(kind, **changes).settings, "x": x, "y": y,
        "weights": weights, "dataLosses": data_losses, "losses": losses,
        "gradientsAtStep1": list(gradients), "weightsAfter": snapshots,
        "predictionsAfter": predictions,
    }


def write_training():
    random = np.random.default_rng(23)
    multi_hot = (random.random((6, 12)) < 0.35).astype(np.float32)
    multi_hot[3] = 0  # an empty review
    verdicts = np.array([[1], [0], [0], [1], [1], [0]], np.float32)
    topics = np.eye(3, dtype=np.float32)[[2, 0, 1, 1, 2, 2]]
    zero = [0.0, 0.0, 0.0]
    cases = [
        training_case("binary cross-entropy, RMSprop, multi-hot input", 31, [12, 5, 4, 1],
                      ["relu", "tanh", "sigmoid"], "binary_crossentropy", ("rmsprop", {}),
                      multi_hot, verdicts, zero, zero),
        training_case("categorical cross-entropy, Adam", 32, [12, 5, 4, 3],
                      ["relu", "tanh", "softmax"], "categorical_crossentropy", ("adam", {}),
                      uniform(random, (6, 12)), topics, zero, zero),
        training_case("mean squared error, SGD with momentum, L2 and L1", 33, [12, 5, 4, 1],
                      ["relu", "tanh", "linear"], "mean_squared_error",
                      ("sgd", dict(learningRate=0.05, momentum=0.9)),
                      uniform(random, (6, 12)), uniform(random, (6, 1), -1, 2),
                      [0.0, 0.005, 0.0], [0.01, 0.0, 0.0]),
    ]
    write("training", "Five steps over the same batch. losses[i] is the loss before update i + 1,"
          " penalties l1 * sum|kernel| + l2 * sum(kernel^2) included; dataLosses leaves them out."
          " weights, gradientsAtStep1 (penalties included) and weightsAfter list kernel, bias,"
          " kernel, bias, ... from the first layer on.", cases=cases)


# --- metrics.json --------------------------------------------------------------------------------


def write_metrics():
    random = np.random.default_rng(41)
    cases = []

    def add(name, metric, predictions, targets, value):
        cases.append({"name": name, "metric": metric,
                      "predictions": np.asarray(predictions, np.float32),
                      "targets": np.asarray(targets, np.float32), "value": float(value)})

    def binary(name, p, t):
        p, t = np.asarray(p, np.float32), np.asarray(t, np.float32)
        add(name, "binary_accuracy", p, t, (np.round(p) == t).mean())  # halves go to even

    binary("21x1", uniform(random, (21, 1), 0, 1), (random.random((21, 1)) < 0.5))
    binary("halves and values beyond 1.5",
           np.c_[[0.5, 0.5, 1.5, 1.5, 1.4, 1.6, -0.4, -0.5, -0.6, 2.5, 0.51, 0.49]],
           np.c_[[0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1]])
    binary("5x3", uniform(random, (5, 3), 0, 1), (random.random((5, 3)) < 0.5))
    binary("soft targets never match", [[0.7], [0.2], [0.9]], [[0.7], [0], [0.9]])

    p = uniform(random, (17, 5), 0, 1)
    p[3], p[8] = [0.1, 0.4, 0.2, 0.4, 0.0], [0.3, 0.3, 0.3, 0.3, 0.3]  # ties: the first one counts
    labels = np.where(random.random(17) < 0.5, p.argmax(-1), random.integers(0, 5, 17))
    labels[3], labels[8] = 1, 2
    hits = (p.argmax(-1) == labels).mean()
    add("17x5", "categorical_accuracy", p, np.eye(5)[labels], hits)
    add("17x5", "sparse_categorical_accuracy", p, labels, hits)
    soft = uniform(random, (6, 4), 0, 1)
    p = uniform(random, (6, 4), 0, 1)
    p[::2] = soft[::2]
    add("soft targets", "categorical_accuracy", p, soft, (p.argmax(-1) == soft.argmax(-1)).mean())
    for shape in [(13, 1), (4, 3)]:
        p, t = uniform(random, shape, -3, 20), uniform(random, shape, -3, 20)
        add("x".join(map(str, shape)), "mean_absolute_error", p, t,
            np.abs(p.astype(np.float64) - t).mean())
    for case in cases:
        assert case["metric"] == "mean_absolute_error" or 0 < case["value"] < 1, case
        if case["metric"] != "binary_accuracy":  # today's Keras has a threshold there
            peer = getattr(keras.metrics, case["metric"])(case["targets"], case["predictions"])
            check(np.mean(peer.numpy()), case["value"], case["name"])
    write("metrics", "value is the metric over all rows. binary_accuracy: mean(round(p) == target),"
          " halves to the even neighbour; ties in a row go to the first class.", cases=cases)


# --- initializers.json ---------------------------------------------------------------------------


def write_initializers():
    cases = []
    for shape in [[12, 5], [10000, 16], [16, 1], [1, 1], [784, 512], [3, 3, 16, 32], [5, 7, 1, 8]]:
        receptive = int(np.prod(shape[:-2]))
        fan_in, fan_out = shape[-2] * receptive, shape[-1] * receptive
        assert (fan_in, fan_out) == keras.src.initializers.random_initializers.compute_fans(shape)
        cases.append({
            "shape": shape, "fanIn": fan_in, "fanOut": fan_out,
            "glorotUniformLimit": float(np.sqrt(6 / (fan_in + fan_out))),
            "glorotNormalDeviation": float(np.sqrt(2 / (fan_in + fan_out))),
            "heUniformLimit": float(np.sqrt(6 / fan_in)),
            "heNormalDeviation": float(np.sqrt(2 / fan_in)),
            "lecunUniformLimit": float(np.sqrt(3 / fan_in)),
            "lecunNormalDeviation": float(np.sqrt(1 / fan_in)),
        })
    write("initializers", "Uniform initializers draw from [-limit, limit]; normal ones from a"
          " normal distribution of that standard deviation, cut off at two of them (the deviation"
          " is not corrected for the cut, as in Keras 2.0).", cases=cases)


if __name__ == "__main__":
    write_dense()
    write_losses()
    write_optimizers()
    write_training()
    write_metrics()
    write_initializers()
