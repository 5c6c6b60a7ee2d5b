"""Times one of the benchmark's workloads in Keras or PyTorch and prints one line of JSON.

    python peers.py PEER WORKLOAD --threads 2 [--started NANOSECONDS]

PEER is keras-tf, keras-jax or torch. `swift run benchmark --peers ...` starts this script, a new
process for each measurement; nothing else in the project needs Python.

What is measured: random data of the book's shapes from a fixed seed; one step; a few steps to guess
the time of one; a whole epoch that does not count (tracing, compiling, the smaller last batch); then
epochs for about two seconds, at least three. An epoch is the book's, or about a second of it, but three steps at least.
Shuffling and collecting the batches from memory are part of it; a workload that only predicts takes
them in order. The Swift side does the same.

A new workload is an entry in WORKLOADS, under the name that Workloads.swift gives it.
"""

import argparse
import json
import math
import os
import resource
import sys
import time
from typing import Callable, NamedTuple


def multi_hot(random, count, words):
    rows = np.zeros((count, words), "float32")
    for row, length in zip(rows, random.integers(150, 251, count)):
        row[random.integers(0, words, length)] = 1
    return rows


def normal(random, *shape):
    return random.standard_normal(shape, dtype="float32")


def uniform(random, *shape):
    return random.random(shape, dtype="float32")


class Layer(NamedTuple):
    """A layer in either library, with a ReLU behind it if it has weights and is not the last."""

    kind: str
    units: int = 0
    padding: int = 0
    frozen: bool = False


def dense(*units):
    return [Layer("dense", n) for n in units]


def conv(*filters, **options):
    """Convolutions with kernels of 3 by 3."""
    return [Layer("conv", n, **options) for n in filters]


def separable(*filters):
    return [Layer("separable", n) for n in filters]


POOL, AVERAGE, FLATTEN = [Layer("pool")], [Layer("average")], [Layer("flatten")]


def vgg16(frozen=0):
    """The convolutional base, with that many of its five blocks frozen."""
    blocks = enumerate([[64] * 2, [128] * 2, [256] * 3, [512] * 3, [512] * 3])
    return sum((conv(*block, padding=1, frozen=i < frozen) + POOL for i, block in blocks), [])


class Workload(NamedTuple):
    batch: int
    count: int  # the samples of the book's epoch
    inputs: Callable
    shape: tuple  # of a sample, channels last
    classes: int | None  # None for a number
    network: list
    rate: float = 1e-3
    is_prediction: bool = False


WORKLOADS = {
    "imdb_dense": Workload(512, 15_000, multi_hot, (10_000,), 2, dense(16, 16, 1)),
    "reuters_dense": Workload(512, 7_982, multi_hot, (10_000,), 46, dense(64, 64, 46)),
    "boston_kfold": Workload(1, 303, normal, (13,), None, dense(64, 64, 1)),
    "mnist_dense": Workload(128, 60_000, uniform, (784,), 10, dense(512, 10)),
    "mnist_convnet": Workload(
        64, 60_000, uniform, (28, 28, 1), 10,
        conv(32) + POOL + conv(64) + POOL + conv(64) + FLATTEN + dense(64, 10)),
    "catsdogs": Workload(
        20, 2_000, uniform, (150, 150, 3), 2,
        conv(32) + POOL + conv(64) + POOL + conv(128) + POOL + conv(128) + POOL + FLATTEN
        + dense(512, 1), rate=1e-4),
    "vgg16_features": Workload(
        20, 2_000, uniform, (150, 150, 3), 2, vgg16(), is_prediction=True),
    "vgg16_finetune": Workload(
        20, 2_000, uniform, (150, 150, 3), 2, vgg16(frozen=4) + FLATTEN + dense(256, 1), rate=1e-5),
    "sepconv": Workload(
        32, 3_200, uniform, (64, 64, 3), 10,
        separable(32, 64) + POOL + separable(64, 128) + POOL + separable(64, 128) + AVERAGE
        + dense(32, 10)),
}


def keras_layers(network, activation):
    """The layers in Keras, the last with the activation that the loss expects."""
    layers = keras.layers
    for place, (kind, units, padding, frozen) in enumerate(network, 1):
        options = dict(activation="relu" if place < len(network) else activation)
        if padding:
            options["padding"] = "same"
        match kind:
            case "dense": yield layers.Dense(units, **options)
            case "conv": yield layers.Conv2D(units, 3, trainable=not frozen, **options)
            case "separable": yield layers.SeparableConv2D(units, 3, **options)
            case "pool": yield layers.MaxPooling2D(2)
            case "average": yield layers.GlobalAveragePooling2D()
            case "flatten": yield layers.Flatten()


def torch_layers(network, shape):
    """The layers in PyTorch, the last without an activation: its losses take logits."""
    nn = torch.nn
    *size, channels = shape
    for place, (kind, units, padding, frozen) in enumerate(network, 1):
        match kind:
            case "dense": yield nn.Linear(channels, units)
            case "conv":
                yield nn.Conv2d(channels, units, 3, padding=padding).requires_grad_(not frozen)
            case "separable":
                yield nn.Conv2d(channels, channels, 3, groups=channels, bias=False)
                yield nn.Conv2d(channels, units, 1)
            case "pool": yield nn.MaxPool2d(2)
            case "average": yield from (nn.AdaptiveAvgPool2d(1), nn.Flatten())
            case "flatten": yield nn.Flatten()
        if kind in ("conv", "separable"):
            size = [n - 2 + 2 * padding for n in size]
        elif kind == "pool":
            size = [n // 2 for n in size]
        channels = channels * math.prod(size) if kind == "flatten" else units or channels
        if units and place < len(network):
            yield nn.ReLU(inplace=True)  # as in torchvision's networks; faster here


def keras_runner(x, y, workload):
    keras.utils.set_random_seed(1)
    batch, classes = workload.batch, workload.classes
    activation, loss, metric = {
        None: (None, "mse", "mae"), 2: ("sigmoid", "binary_crossentropy", "accuracy"),
    }.get(classes, ("softmax", "categorical_crossentropy", "accuracy"))
    if classes and classes > 2:
        y = np.eye(classes, dtype="float32")[y]
    model = keras.Sequential(
        [keras.Input(x.shape[1:]), *keras_layers(workload.network, activation)])
    optimizer = keras.optimizers.RMSprop(workload.rate)
    model.compile(optimizer=optimizer, loss=loss, metrics=[metric])

    class Clock(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.start = time.perf_counter()

        def on_epoch_end(self, epoch, logs=None):
            for value in (logs or {}).values():
                float(value)  # waits for a step that may still be running
            self.seconds.append(time.perf_counter() - self.start)

    def fit(samples, epochs):
        clock = Clock()
        clock.seconds = []
        model.fit(x[:samples], y[:samples], batch, epochs, verbose=0, callbacks=[clock])
        return clock.seconds

    def predict(samples):
        start = time.perf_counter()
        model.predict(x[:samples], batch, verbose=0)
        return time.perf_counter() - start

    if workload.is_prediction:
        return lambda samples, epochs: [predict(samples) for _ in range(epochs)]
    return fit


def torch_runner(x, y, workload):
    torch.manual_seed(1)
    functional = torch.nn.functional
    loss_of, measure = {
        None: (functional.mse_loss, lambda output, y: (output - y).abs().sum()),
        2: (functional.binary_cross_entropy_with_logits,
            lambda output, y: ((output > 0) == (y > 0.5)).sum()),
    }.get(
        workload.classes,
        (functional.cross_entropy, lambda output, y: (output.argmax(1) == y).sum()))
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    model = torch.nn.Sequential(*torch_layers(workload.network, workload.shape))
    weights = [w for w in model.parameters() if w.requires_grad]
    optimizer = torch.optim.RMSprop(weights, lr=workload.rate, alpha=0.9, eps=1e-7)

    def epoch(samples):
        start = time.perf_counter()
        loss, metric = torch.zeros(()), torch.zeros(())
        for rows in torch.randperm(samples).split(workload.batch):
            inputs, targets = x[rows], y[rows]
            optimizer.zero_grad(set_to_none=True)
            output = model(inputs)
            value = loss_of(output, targets)
            value.backward()
            optimizer.step()
            with torch.no_grad():
                loss += value * len(rows)
                metric += measure(output, targets)
        loss.item(), metric.item()
        return time.perf_counter() - start

    @torch.inference_mode()
    def predict(samples):
        start = time.perf_counter()
        torch.cat([model(inputs) for inputs in x[:samples].split(workload.batch)])
        return time.perf_counter() - start

    model.train(not workload.is_prediction)
    once = predict if workload.is_prediction else epoch
    return lambda samples, epochs: [once(samples) for _ in range(epochs)]


def measure(fit, count, batch, started, data_seconds):
    """Times `fit(samples, epochs)`, which trains or predicts; it returns each epoch's seconds."""
    fit(min(batch, count), 1)
    first_step = time.clock_gettime(time.CLOCK_MONOTONIC) - started - data_seconds
    book_steps = math.ceil(count / batch)
    for steps in (3, 30):
        steps = min(steps, book_steps)
        seconds = fit(min(steps * batch, count), 2)[-1]
        if seconds > 0.2:
            break
    samples = min(max(3, int(steps / seconds)) * batch, count)
    epochs = max(3, min(500, math.ceil(2 / fit(samples, 1)[0])))
    # Keras sets up its iterators in the first epoch of a call; that one does not count either.
    seconds = fit(samples, epochs + 1)[1:]
    return dict(
        batchSize=batch, samples=samples, epochSeconds=seconds, secondsToFirstStep=first_step,
        peakMemoryBytes=peak_memory())


def peak_memory():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return size if sys.platform == "darwin" else size * 1024


def load(peer, threads):
    """Imports what the peer consists of, held to that many threads; returns names and versions."""
    global keras, np, torch
    for library in ("OMP", "MKL", "OPENBLAS"):
        os.environ[library + "_NUM_THREADS"] = str(threads)
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", JAX_PLATFORMS="cpu")
    import numpy as np
    if peer == "torch":
        import torch
        torch.set_num_threads(threads)
        return f"PyTorch {torch.__version__}"
    if peer == "keras-jax":
        os.environ["KERAS_BACKEND"] = "jax"
        import jax as backend
    else:
        os.environ["KERAS_BACKEND"] = "tensorflow"
        import tensorflow as backend
        backend.config.threading.set_intra_op_parallelism_threads(threads)
        backend.config.threading.set_inter_op_parallelism_threads(threads)
    import keras
    return f"Keras {keras.__version__} on {backend.__name__} {backend.__version__}"


def run(peer, workload, threads, started):
    if workload not in WORKLOADS:
        return dict(failure=f"peers.py has no workload {workload}")
    try:
        software = load(peer, threads)
    except ImportError as error:
        return dict(missing=str(error).split("\n")[0])
    w = WORKLOADS[workload]
    start = time.perf_counter()
    random = np.random.default_rng(1234)
    *size, channels = w.shape
    # PyTorch keeps the channels before the rows and columns.
    x = w.inputs(random, w.count, *((channels, *size) if peer == "torch" else w.shape))
    y = random.integers(0, w.classes, w.count) if w.classes else normal(random, w.count, 1)
    y = y.astype("float32").reshape(-1, 1) if w.classes == 2 else y
    data_seconds = time.perf_counter() - start
    fit = (torch_runner if peer == "torch" else keras_runner)(x, y, w)
    return dict(software=software, **measure(fit, w.count, w.batch, started, data_seconds))


if __name__ == "__main__":
    now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("peer", choices=["keras-tf", "keras-jax", "torch"])
    parser.add_argument("workload")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--started", type=int, default=now, help="the monotonic clock at the start")
    a = parser.parse_args()
    print("\n" + json.dumps(run(a.peer, a.workload, a.threads, a.started / 1e9)), flush=True)
