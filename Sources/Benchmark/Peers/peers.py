"""Times one of the benchmark's workloads in Keras or PyTorch and prints one line of JSON.

    python peers.py PEER WORKLOAD --threads 2 [--started NANOSECONDS]

PEER is one of PEERS. `swift run benchmark --peers ...` starts this script, a new process for each
measurement; nothing else in the project needs Python.

What is measured: random data of the book's shapes from a fixed seed; one step; a few steps to guess
the time of one; a whole epoch that does not count (tracing, compiling, the smaller last batch); then
epochs for about two seconds, at least three. An epoch is the book's, or about a second of it, but three steps at least.
Shuffling and collecting the batches from memory are part of it; a workload that only predicts takes
them in order. The Swift side does the same.

A new workload is an entry in WORKLOADS, under the name that Workloads.swift gives it, or, with a loop
of its own, in LOOPS and a function of that name in generative_keras.py and generative_torch.py.
"""

import argparse
import importlib
import json
import math
import os
import resource
import sys
import time
from typing import Callable, NamedTuple

PEERS = {
    "keras-tf": "Keras on TensorFlow, as it comes",
    "keras-tf-jit": "the same, compiled by XLA",
    "keras-jax": "Keras on JAX",
    "torch": "PyTorch, as it comes",
    "torch-malloc": "the same with a C library that keeps freed memory",
    "torch-compile": "the same, compiled by torch.compile",
}
# So many samples of long sequences are held: 20,000 are more than fit into a timed epoch.
HELD = 20_000


def multi_hot(random, count, words):
    rows = np.zeros((count, words), "float32")
    for row, length in zip(rows, random.integers(150, 251, count)):
        row[random.integers(0, words, length)] = 1
    return rows


def normal(random, *shape):
    return random.standard_normal(shape, dtype="float32")


def uniform(random, *shape):
    return random.random(shape, dtype="float32")


def words(random, *shape):
    return random.integers(1, 10_000, shape, "int32")


def characters(random, count, length, different):
    rows = np.zeros((count, length, different), "float32")
    np.put_along_axis(rows, random.integers(0, different, (count, length, 1)), 1, axis=2)
    return rows


class Layer(NamedTuple):
    """A layer in either library; dense layers and convolutions but the last have a ReLU behind them."""

    kind: str
    units: int = 0
    padding: int = 0
    frozen: bool = False
    size: int = 0  # the width of a kernel or of a pool over time
    # Of recurrent layers.
    sequences: bool = False
    activation: str = "tanh"
    dropout: float = 0
    recurrent_dropout: float = 0


def dense(*units):
    return [Layer("dense", n) for n in units]


def conv(*filters, **options):
    """Convolutions with kernels of 3 by 3."""
    return [Layer("conv", n, **options) for n in filters]


def separable(*filters):
    return [Layer("separable", n) for n in filters]


def embedding(units):
    return [Layer("embedding", units)]


def recurrent(kind, units, **options):
    return [Layer(kind, units, **options)]


def conv1d(units, size):
    return [Layer("conv1d", units, size=size)]


def pool1d(size):
    return [Layer("pool1d", size=size)]


POOL, AVERAGE, FLATTEN = [Layer("pool")], [Layer("average")], [Layer("flatten")]
LARGEST = [Layer("largest")]


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
    network: list | None  # None for the autoencoder, whose targets are its inputs
    rate: float = 1e-3
    is_prediction: bool = False
    loss: str | None = None  # None for what the classes call for, with a metric beside it
    held: int | None = None  # fewer samples than the book's epoch has, where those would fill the memory


def reviews(network, **options):
    return Workload(128, 20_000, words, (500,), 2, network + dense(1), **options)


def weather(network):
    return Workload(
        128, 64_000, normal, (240, 14), None, network + dense(1), loss="mae", held=HELD)


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
    "imdb_embedding": Workload(
        32, 20_000, words, (20,), 2, embedding(8) + FLATTEN + dense(1)),
    "imdb_simplernn": reviews(embedding(32) + recurrent("simple", 32)),
    "imdb_lstm": reviews(embedding(32) + recurrent("lstm", 32)),
    "jena_gru": weather(recurrent("gru", 32)),
    "jena_gru_dropout": weather(recurrent("gru", 32, dropout=0.2, recurrent_dropout=0.2)),
    "jena_stacked_gru": weather(
        recurrent("gru", 32, sequences=True, dropout=0.1, recurrent_dropout=0.5)
        + recurrent("gru", 64, activation="relu", dropout=0.1, recurrent_dropout=0.5)),
    "imdb_conv1d": reviews(
        embedding(128) + conv1d(32, 7) + pool1d(5) + conv1d(32, 7) + LARGEST, rate=1e-4),
    "jena_conv_gru": weather(
        conv1d(32, 5) + pool1d(3) + conv1d(32, 5)
        + recurrent("gru", 32, dropout=0.1, recurrent_dropout=0.5)),
    "textgen_lstm": Workload(
        128, 200_000, characters, (60, 57), 57, recurrent("lstm", 128) + dense(57), rate=0.01,
        loss="categorical_crossentropy", held=HELD),
    "vae_mnist": Workload(
        16, 60_000, uniform, (28, 28, 1), None, None, loss="binary_crossentropy"),
}
# The batch and the samples of what the book runs through without a pause: all steps of a dream or of a
# picture's style, the frogs once.
LOOPS = {"deepdream": (1, 60), "style_transfer": (1, 400), "gan_cifar": (20, 5_000)}


def generative(library):
    """The loops and the autoencoder of chapter 8, which need the library loaded."""
    return importlib.import_module(f"generative_{library}")


def keras_layers(network, activation):
    """The layers in Keras, the last with the activation that the loss expects."""
    layers = keras.layers
    for place, layer in enumerate(network, 1):
        units = layer.units
        options = dict(activation="relu" if place < len(network) else activation)
        if layer.padding:
            options["padding"] = "same"
        match layer.kind:
            case "dense": yield layers.Dense(units, **options)
            case "conv": yield layers.Conv2D(units, 3, trainable=not layer.frozen, **options)
            case "separable": yield layers.SeparableConv2D(units, 3, **options)
            case "pool": yield layers.MaxPooling2D(2)
            case "average": yield layers.GlobalAveragePooling2D()
            case "flatten": yield layers.Flatten()
            case "embedding": yield layers.Embedding(10_000, units)
            case "conv1d": yield layers.Conv1D(units, layer.size, **options)
            case "pool1d": yield layers.MaxPooling1D(layer.size)
            case "largest": yield layers.GlobalMaxPooling1D()
            case kind:
                cell = {"simple": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}[kind]
                yield cell(
                    units, activation=layer.activation, return_sequences=layer.sequences,
                    dropout=layer.dropout, recurrent_dropout=layer.recurrent_dropout)


def torch_modules():
    """What PyTorch does not have as modules."""
    nn, functional = torch.nn, torch.nn.functional

    class Turn(nn.Module):
        """Swaps time and channels: recurrent layers keep the channels last, convolutions first."""

        def forward(self, x):
            return x.transpose(1, 2)

    class Largest(nn.Module):
        def forward(self, x):
            return x.amax(2)

    class Output(nn.Module):
        """The output of a recurrent layer, of all moments or of the last."""

        def __init__(self, sequences):
            super().__init__()
            self.sequences = sequences

        def forward(self, results):
            return results[0] if self.sequences else results[0][:, -1]

    class DroppingGRU(nn.Module):
        """A GRU with masks that stay the same for a whole sequence, as Keras has them.

        nn.GRU knows no dropout of the state, so this is what a user of PyTorch has to write. All
        moments of the input are multiplied at once.
        """

        def __init__(self, features, layer):
            super().__init__()
            self.features, self.layer = features, layer
            self.inner = nn.Linear(features, 3 * layer.units)
            self.outer = nn.Linear(layer.units, 3 * layer.units)
            self.activation = getattr(torch, layer.activation)

        def forward(self, x):
            batch, units = x.shape[0], self.layer.units
            if self.training:
                x = x * functional.dropout(torch.ones(batch, 1, self.features), self.layer.dropout)
            mask = functional.dropout(
                torch.ones(batch, units), self.layer.recurrent_dropout, self.training)
            state, outputs = torch.zeros(batch, units), []
            for sums in self.inner(x.transpose(0, 1).contiguous()).unbind(0):
                recurrent = self.outer(state * mask)
                update, reset = torch.sigmoid(
                    sums[:, :2 * units] + recurrent[:, :2 * units]).chunk(2, 1)
                candidate = self.activation(
                    sums[:, 2 * units:] + reset * recurrent[:, 2 * units:])
                state = candidate + update * (state - candidate)
                outputs.append(state)
            return torch.stack(outputs, 1) if self.layer.sequences else state

    return Turn, Largest, Output, DroppingGRU


def torch_layers(network, shape):
    """The layers in PyTorch, the last without an activation: its losses take logits."""
    nn = torch.nn
    Turn, Largest, Output, DroppingGRU = torch_modules()
    *size, channels = shape
    is_turned = False  # sequences, to channels first
    for place, layer in enumerate(network, 1):
        kind, units, padding = layer.kind, layer.units, layer.padding
        if is_turned != (kind in ("conv1d", "pool1d", "largest")) and kind != "dense":
            yield Turn()
            is_turned = not is_turned
        match kind:
            case "dense": yield nn.Linear(channels, units)
            case "conv":
                yield nn.Conv2d(channels, units, 3, padding=padding).requires_grad_(
                    not layer.frozen)
            case "separable":
                yield nn.Conv2d(channels, channels, 3, groups=channels, bias=False)
                yield nn.Conv2d(channels, units, 1)
            case "pool": yield nn.MaxPool2d(2)
            case "average": yield from (nn.AdaptiveAvgPool2d(1), nn.Flatten())
            case "flatten": yield nn.Flatten()
            case "embedding":
                yield nn.Embedding(10_000, units)
                size = [channels]
            case "conv1d": yield nn.Conv1d(channels, units, layer.size)
            case "pool1d": yield nn.MaxPool1d(layer.size)
            case "largest":
                yield Largest()
                is_turned = False  # nothing is left to turn
            case "gru" if layer.recurrent_dropout: yield DroppingGRU(channels, layer)
            case _:
                cell = {"simple": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind]
                yield from (cell(channels, units, batch_first=True), Output(layer.sequences))
        if kind in ("conv", "separable"):
            size = [n - 2 + 2 * padding for n in size]
        elif kind == "pool":
            size = [n // 2 for n in size]
        channels = channels * math.prod(size) if kind == "flatten" else units or channels
        if kind in ("dense", "conv", "separable", "conv1d") and place < len(network):
            yield nn.ReLU(inplace=True)  # as in torchvision's networks; faster here


def keras_runner(x, y, workload, is_compiled):
    keras.utils.set_random_seed(1)
    batch, classes = workload.batch, workload.classes
    activation, loss, metric = {
        None: (None, "mse", "mae"), 2: ("sigmoid", "binary_crossentropy", "accuracy"),
    }.get(classes, ("softmax", "categorical_crossentropy", "accuracy"))
    loss, metrics = (workload.loss, []) if workload.loss else (loss, [metric])
    if classes and classes > 2:
        y = np.eye(classes, dtype="float32")[y]
    model = generative("keras").autoencoder() if workload.network is None else keras.Sequential(
        [keras.Input(x.shape[1:]), *keras_layers(workload.network, activation)])
    optimizer = keras.optimizers.RMSprop(workload.rate)
    model.compile(
        optimizer=optimizer, loss=loss, metrics=metrics, jit_compile=True if is_compiled else "auto")

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


def torch_runner(x, y, workload, is_compiled):
    torch.manual_seed(1)
    functional = torch.nn.functional
    loss_of, measure = {
        None: (functional.mse_loss, lambda output, y: (output - y).abs().sum()),
        2: (functional.binary_cross_entropy_with_logits,
            lambda output, y: ((output > 0) == (y > 0.5)).sum()),
    }.get(
        workload.classes,
        (functional.cross_entropy, lambda output, y: (output.argmax(1) == y).sum()))
    if workload.loss:
        measure = lambda output, y: 0
    if workload.loss == "mae":
        loss_of = functional.l1_loss
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    if workload.network is None:
        model, loss_of = generative("torch").autoencoder(), generative("torch").autoencoder_loss
    else:
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
    if is_compiled:
        model = torch.compile(model)
    once = predict if workload.is_prediction else epoch
    return lambda samples, epochs: [once(samples) for _ in range(epochs)]


def loop_runner(step, batch):
    """Epochs of a loop that takes step after step."""
    def epoch(samples):
        start = time.perf_counter()
        for _ in range(samples // batch):
            step()
        return time.perf_counter() - start

    return lambda samples, epochs: [epoch(samples) for _ in range(epochs)]


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
    if peer.startswith("torch"):
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
    if workload not in WORKLOADS and workload not in LOOPS:
        return dict(failure=f"peers.py has no workload {workload}")
    try:
        software = load(peer, threads)
    except ImportError as error:
        return dict(missing=str(error).split("\n")[0])
    is_torch = peer.startswith("torch")
    is_compiled = peer in ("keras-tf-jit", "torch-compile")
    if workload in LOOPS:
        batch, count = LOOPS[workload]
        (torch.manual_seed if is_torch else keras.utils.set_random_seed)(1)
        step = getattr(generative("torch" if is_torch else "keras"), workload)(is_compiled)
        return dict(software=software, **measure(loop_runner(step, batch), count, batch, started, 0))
    w = WORKLOADS[workload]
    if peer == "torch-compile" and any(layer.recurrent_dropout for layer in w.network or []):
        return dict(failure="left out: hundreds of moments written out take minutes to compile")
    start = time.perf_counter()
    random = np.random.default_rng(1234)
    *size, channels = w.shape
    count = min(w.count, w.held or w.count)
    # PyTorch keeps the channels of images before the rows and columns.
    x = w.inputs(random, count, *((channels, *size) if is_torch and len(size) == 2 else w.shape))
    y = random.integers(0, w.classes, count) if w.classes else normal(random, count, 1)
    y = x if w.network is None else y
    y = y.astype("float32").reshape(-1, 1) if w.classes == 2 else y
    data_seconds = time.perf_counter() - start
    fit = (torch_runner if is_torch else keras_runner)(x, y, w, is_compiled)
    return dict(software=software, **measure(fit, count, w.batch, started, data_seconds))


def keep_memory(started):
    """Starts anew if need be, with a C library that does not give freed memory back."""
    settings = dict(
        MALLOC_MMAP_THRESHOLD_=str(1 << 33), MALLOC_TRIM_THRESHOLD_=str(1 << 34),
        MALLOC_TOP_PAD_=str(1 << 28))
    if settings.items() <= os.environ.items():
        return
    os.execve(
        sys.executable, [sys.executable, *sys.argv, "--started", str(started)],
        os.environ | settings)


if __name__ == "__main__":
    now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("workload")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--started", type=int, default=now, help="the monotonic clock at the start")
    a = parser.parse_args()
    if a.peer == "torch-malloc":
        keep_memory(a.started)
    print("\n" + json.dumps(run(a.peer, a.workload, a.threads, a.started / 1e9)), flush=True)
