"""Times one of the benchmark's workloads in Keras or PyTorch and prints one line of JSON.

    python peers.py PEER WORKLOAD --threads 2 [--started NANOSECONDS]

PEER is keras-tf, keras-jax or torch. `swift run benchmark --peers ...` starts this script, a new
process for each measurement; nothing else in the project needs Python.

What is measured: random data of the book's shapes from a fixed seed; one step; a few steps to guess
the time of one; a whole epoch that does not count (tracing, compiling, the smaller last batch); then
epochs for about two seconds, at least three. An epoch is the book's, or about a second of it.
Shuffling and collecting the batches from memory are part of it. The Swift side does the same.

A new workload is an entry in WORKLOADS, under the name that Workloads.swift gives it.
"""

import argparse
import json
import math
import os
import resource
import sys
import time


def multi_hot(random, count):
    rows = np.zeros((count, 10_000), "float32")
    for row, words in zip(rows, random.integers(150, 251, count)):
        row[random.integers(0, 10_000, words)] = 1
    return rows


def normal(*shape):
    return lambda random, count: random.standard_normal((count, *shape), dtype="float32")


def uniform(*shape):
    return lambda random, count: random.random((count, *shape), dtype="float32")


def dense(inputs, *units):
    """Dense layers with ReLU in between; the last one's activation belongs to the loss."""

    def keras_layers(layers, activation):
        hidden = [layers.Dense(n, activation="relu") for n in units[:-1]]
        return [*hidden, layers.Dense(units[-1], activation=activation)]

    def torch_layers(nn):
        pairs = [(nn.Linear(i, o), nn.ReLU()) for i, o in zip((inputs, *units), units)]
        return [layer for pair in pairs for layer in pair][:-1]

    return keras_layers, torch_layers


# name: (batch size, samples of the book's epoch, inputs, classes or None for a number, layers)
WORKLOADS = {
    "imdb_dense": (512, 15_000, multi_hot, 2, dense(10_000, 16, 16, 1)),
    "reuters_dense": (512, 7_982, multi_hot, 46, dense(10_000, 64, 64, 46)),
    "boston_kfold": (1, 303, normal(13), None, dense(13, 64, 64, 1)),
    "mnist_dense": (128, 60_000, uniform(784), 10, dense(784, 512, 10)),
}


def keras_fit(x, y, batch, classes, layers):
    keras.utils.set_random_seed(1)
    activation, loss, metric = {
        None: (None, "mse", "mae"), 2: ("sigmoid", "binary_crossentropy", "accuracy"),
    }.get(classes, ("softmax", "categorical_crossentropy", "accuracy"))
    if classes and classes > 2:
        y = np.eye(classes, dtype="float32")[y]
    model = keras.Sequential([keras.Input(x.shape[1:]), *layers[0](keras.layers, activation)])
    model.compile(optimizer=keras.optimizers.RMSprop(), loss=loss, metrics=[metric])

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

    return fit


def torch_fit(x, y, batch, classes, layers):
    torch.manual_seed(1)
    functional = torch.nn.functional
    loss_of, measure = {
        None: (functional.mse_loss, lambda output, y: (output - y).abs().sum()),
        2: (functional.binary_cross_entropy_with_logits,
            lambda output, y: ((output > 0) == (y > 0.5)).sum()),
    }.get(classes, (functional.cross_entropy, lambda output, y: (output.argmax(1) == y).sum()))
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    model = torch.nn.Sequential(*layers[1](torch.nn))
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9, eps=1e-7)

    def epoch(samples):
        start = time.perf_counter()
        loss, metric = torch.zeros(()), torch.zeros(())
        for rows in torch.randperm(samples).split(batch):
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

    return lambda samples, epochs: [epoch(samples) for _ in range(epochs)]


def measure(fit, count, batch, started, data_seconds):
    """Times `fit(samples, epochs)`, which trains and returns the seconds of each epoch."""
    fit(min(batch, count), 1)
    first_step = time.clock_gettime(time.CLOCK_MONOTONIC) - started - data_seconds
    book_steps = math.ceil(count / batch)
    for steps in (3, 30):
        steps = min(steps, book_steps)
        seconds = fit(min(steps * batch, count), 2)[-1]
        if seconds > 0.2:
            break
    samples = min(max(1, int(steps / seconds)) * batch, count)
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
    batch, count, inputs, classes, layers = WORKLOADS[workload]
    start = time.perf_counter()
    random = np.random.default_rng(1234)
    x = inputs(random, count)
    y = random.integers(0, classes, count) if classes else normal(1)(random, count)
    y = y.astype("float32").reshape(-1, 1) if classes == 2 else y
    data_seconds = time.perf_counter() - start
    fit = (torch_fit if peer == "torch" else keras_fit)(x, y, batch, classes, layers)
    return dict(software=software, **measure(fit, count, batch, started, data_seconds))


if __name__ == "__main__":
    now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("peer", choices=["keras-tf", "keras-jax", "torch"])
    parser.add_argument("workload")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--started", type=int, default=now, help="the monotonic clock at the start")
    a = parser.parse_args()
    print("\n" + json.dumps(run(a.peer, a.workload, a.threads, a.started / 1e9)), flush=True)
