#!/usr/bin/env python3
"""Writes the golden values of whole random networks: `python3 generate_networks.py`.

Needs the PyPI packages tensorflow-cpu (or tensorflow), keras and numpy. The stored files come from
Python 3.11, numpy 2, keras 3.15.1 on tensorflow 2.21.

`networks.json` describes the networks, `networks.safetensors` holds what Keras makes of them in double
precision, rounded to Float: outputs, and the gradients of all inputs and trained weights. Every network
has branches of one input or two, side by side, then a join, and behind it a layer of another kind each
time: such as one that hands its gradient back in another order in memory than the join's. Most have
multiples of 16 channels, which the engine keeps in blocks.

Inputs, weights and the gradients of outputs are not stored. They are drawn by `Numbers`, in the order of
inputs, of each layer's weights, of outputs; the tests draw the same. A network is taken only if tiny
changes of all these numbers do not change the gradients much: no relu or maximum that rounding may
decide the other way.
"""
import json
import os
import pathlib
import struct

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf

HERE = pathlib.Path(__file__).parent
COUNT = 96
LAYERS = keras.layers


class Numbers:
    """A linear congruential generator: its ten highest bits, around zero, in steps that a Float holds."""

    def __init__(self, seed):
        self.state = seed

    def draw(self, shape, offset=0.0, scale=1.0):
        values = np.empty(int(np.prod(shape)), np.float64)
        for i in range(len(values)):
            self.state = (self.state * 1664525 + 1013904223) % 2**32
            values[i] = offset + scale * ((self.state >> 22) - 448) / 512
        assert (values == values.astype(np.float32)).all()
        return values.reshape(shape)


# --- Descriptions: a network is a list of layers, each with the numbers of what it reads ----------
#
# Inputs have the first numbers. A layer that `shares` has the weights of the layer with that number.


class Network:
    def __init__(self, random, number):
        self.random, self.number = random, number
        self.inputs, self.nodes, self.shapes = [], [], []
        self.training = bool(random.integers(2))

    def pick(self, choices):
        return choices[self.random.integers(len(choices))]

    def channels(self):
        return self.pick([16, 16, 16, 16, 32, 32, 3, 5, 8, 17])

    def input(self, shape):
        assert not self.nodes
        self.inputs.append(shape)
        self.shapes.append(tuple(shape))
        return len(self.shapes) - 1

    def add(self, layer, inputs, shares=None, **options):
        inputs = [inputs] if isinstance(inputs, int) else inputs
        node = {"layer": layer, "inputs": inputs, "options": options}
        if shares is not None:
            node["shares"] = shares
        made = keras_layer(node)
        given = [self.shapes[i] for i in inputs]
        batched = [(2, *s) for s in given]
        shape = made.compute_output_shape(batched if len(given) > 1 else batched[0])
        assert all(e > 0 for e in shape), "nothing left"
        self.nodes.append(node)
        self.shapes.append(tuple(shape[1:]))
        return len(self.shapes) - 1

    # Layers that keep height and width, so that branches can be joined.

    def convolution(self, x, filters=None, same=True, stride=1):
        kernel = self.pick([[1, 1], [1, 1], [2, 2], [3, 3], [3, 3], [1, 3], [3, 2], [5, 5]])
        if max(kernel) > 3 and max(self.shapes[x][-1], filters or 0) > 16:
            kernel = [2, 2]
        if not same and (kernel[0] > self.shapes[x][0] or kernel[1] > self.shapes[x][1]):
            kernel = [1, 1]
        options = dict(filters=filters or self.channels(), kernel=kernel, stride=[stride, stride],
                       padding="same" if same else "valid",
                       activation=self.pick(["linear", "linear", "relu", "tanh", "sigmoid"]))
        kind = self.pick(["Conv2D"] * 6 + ["SeparableConv2D"])
        if kind == "Conv2D":
            options["usesBias"] = bool(self.random.integers(2))
        return self.add(kind, x, **options)

    def keeping(self, x):
        """Any layer that keeps the extents."""
        kind = self.pick(["conv"] * 4 + ["depthwise", "norm", "act", "pool", "leaky"])
        if kind == "conv":
            return self.convolution(x)
        if kind == "depthwise":
            return self.add("DepthwiseConv2D", x, kernel=self.pick([[3, 3], [2, 3]]), stride=[1, 1],
                            padding="same")
        if kind == "norm":
            return self.add("BatchNormalization", x)
        if kind == "act":
            return self.add("Activation", x, activation=self.pick(
                ["relu", "tanh", "elu", "softplus", "softmax", "swish"]))
        if kind == "leaky":
            return self.add("LeakyReLU", x, slope=0.25)
        return self.add(self.pick(["MaxPooling2D", "AveragePooling2D"]), x,
                        kernel=self.pick([[2, 2], [3, 3]]), stride=[1, 1], padding="same")

    def branches(self, starts, count, channels=None):
        """Branches of equal extents; of equal channels too if those are given."""
        strides = self.pick([1, 1, 1, 2])
        ends = []
        for branch in range(count):
            x = starts[branch % len(starts)]
            if strides > 1:
                x = self.convolution(x, stride=strides)
            for _ in range(self.random.integers(0, 2)):
                x = self.keeping(x)
            # Most branches end in what leaves blocks: a convolution, or what follows it in them.
            x = self.convolution(x, channels)
            if self.random.integers(3) == 0:
                x = self.pick([
                    lambda: self.add("Activation", x, activation="relu"),
                    lambda: self.add("BatchNormalization", x),
                    lambda: self.add("MaxPooling2D", x, kernel=[3, 3], stride=[1, 1], padding="same"),
                ])()
            ends.append(x)
        return ends

    def shared(self, starts):
        """One convolution in all branches."""
        first = self.add("Conv2D", starts[0], filters=self.channels(), kernel=[2, 2], stride=[1, 1],
                         padding="same", activation="tanh", usesBias=True)
        start = starts[-1]
        if len(starts) == 1:
            start = self.add("Activation", start, activation="tanh")
        return [first, self.add("Conv2D", start, shares=first,
                                **self.nodes[first - len(self.inputs)]["options"])]

    def join(self, starts):
        kind = self.number % 4
        if kind == 3:
            ends = self.shared(starts)
            return self.add(self.pick(["Add", "Concatenate"]), ends)
        if kind == 1:
            count = self.pick([2, 3])
            return self.add("Add", self.branches(starts, count, self.channels()))
        count = self.pick([2, 2, 3])
        # Blocks in, blocks out; or whatever comes.
        filters = self.pick([16, 16, 16, 32, None])
        return self.add("Concatenate", self.branches(starts, count, filters))

    def follow(self, x, kind):
        height, width, channels = self.shapes[x]
        if kind == "nothing":
            return x
        if kind in ("relu", "tanh", "softmax", "elu"):
            return self.add("Activation", x, activation=kind)
        if kind == "leaky":
            return self.add("LeakyReLU", x, slope=0.25)
        if kind == "flatten":
            return self.add("Flatten", x)
        if kind == "reshape":
            return self.add("Reshape", x, shape=[height * width, channels])
        if kind == "dense":
            return self.add("Dense", x, units=self.pick([3, 16]), activation="linear")
        if kind == "crop":
            return self.add("Cropping2D", x, amounts=[[1, 0], [0, 1]])
        if kind == "pad":
            return self.add("ZeroPadding2D", x, amounts=[[1, 0], [2, 1]])
        if kind in ("nearest", "bilinear"):
            return self.add("UpSampling2D", x, kernel=[2, 1] if kind == "nearest" else [2, 2],
                            interpolation=kind)
        if kind == "norm":
            return self.add("BatchNormalization", x)
        if kind == "few":
            return self.add("Conv2D", x, filters=3, kernel=[2, 2], stride=[1, 1], padding="valid",
                            activation="linear", usesBias=True)
        if kind == "conv":
            return self.convolution(x, 16, same=False)
        if kind == "strided":
            return self.add("Conv2D", x, filters=16, kernel=[2, 2], stride=[2, 1], padding="same",
                            activation="tanh", usesBias=False)
        if kind == "depthwise":
            return self.add("DepthwiseConv2D", x, kernel=[3, 3], stride=[2, 2], padding="same")
        if kind == "separable":
            return self.add("SeparableConv2D", x, filters=self.pick([16, 5]), kernel=[2, 2],
                            stride=[1, 1], padding="valid", activation="linear")
        if kind == "transpose":
            return self.add("Conv2DTranspose", x, filters=self.pick([16, 3]), kernel=[3, 2],
                            stride=[2, 2], padding="same", activation="linear")
        if kind in ("max", "mean"):
            return self.add("MaxPooling2D" if kind == "max" else "AveragePooling2D", x,
                            kernel=[2, 3], stride=[2, 1], padding="same")
        return self.add("GlobalMaxPooling2D" if kind == "global max" else "GlobalAveragePooling2D", x)


FOLLOWERS = ["nothing", "crop", "flatten", "pad", "relu", "conv", "dense", "nearest", "softmax", "few",
             "reshape", "tanh", "norm", "bilinear", "strided", "leaky", "max", "transpose", "mean",
             "depthwise", "elu", "separable", "global max", "global mean"]


def describe(number, seed):
    random = np.random.default_rng(seed)
    network = Network(random, number)
    batch = int(random.integers(1, 4))
    height, width = (int(e) for e in random.integers(2, 8, 2))
    inputs = [network.input([height, width, network.channels()])]
    if random.integers(4) == 0 or (number % 4 == 3 and random.integers(2)):
        channels = network.shapes[0][-1] if number % 4 == 3 else network.channels()
        inputs.append(network.input([height, width, channels]))
    starts = inputs
    if random.integers(2) and len(inputs) == 1:
        starts = [network.keeping(inputs[0])]
    joined = network.join(starts)
    follower = FOLLOWERS[number % len(FOLLOWERS)]
    end = network.follow(joined, follower)
    outputs = [end]
    shape = network.shapes[end]
    ending = random.integers(4)
    if len(shape) == 3 and ending == 0 and follower != "nothing":
        # A second join, of what has been followed.
        end = network.add(network.pick(["Add", "Concatenate"]),
                          [network.convolution(end, 16), network.convolution(end, 16)])
        outputs = [network.follow(end, network.pick(["nothing", "crop", "relu", "flatten", "conv"]))]
    elif len(shape) == 3 and ending == 1 and follower != "nothing":
        outputs = [network.convolution(end, 16)]
    elif ending == 2:
        # The join itself is an output too: gradients from two sides.
        outputs = [end, joined] if end != joined else [end]
    return network, batch, outputs, follower


# --- Keras ---------------------------------------------------------------------------------------


def keras_layer(node):
    o = dict(node["options"])
    kind = node["layer"]
    common = dict(dtype="float64")
    if kind in ("Add", "Concatenate", "Flatten", "GlobalMaxPooling2D", "GlobalAveragePooling2D"):
        return getattr(LAYERS, kind)(**common)
    if kind == "Activation":
        return LAYERS.Activation(o["activation"], **common)
    if kind == "LeakyReLU":
        return LAYERS.LeakyReLU(o["slope"], **common)
    if kind == "Reshape":
        return LAYERS.Reshape(o["shape"], **common)
    if kind == "Dense":
        return LAYERS.Dense(o["units"], activation=o["activation"], **common)
    if kind in ("Cropping2D", "ZeroPadding2D"):
        return getattr(LAYERS, kind)(o["amounts"], **common)
    if kind == "UpSampling2D":
        return LAYERS.UpSampling2D(o["kernel"], interpolation=o["interpolation"], **common)
    if kind == "BatchNormalization":
        return LAYERS.BatchNormalization(**common)
    if kind in ("MaxPooling2D", "AveragePooling2D"):
        return getattr(LAYERS, kind)(o["kernel"], strides=o["stride"], padding=o["padding"], **common)
    if kind == "DepthwiseConv2D":
        return LAYERS.DepthwiseConv2D(o["kernel"], strides=o["stride"], padding=o["padding"], **common)
    return getattr(LAYERS, kind)(
        o["filters"], o["kernel"], strides=o["stride"], padding=o["padding"],
        activation=o["activation"], use_bias=o.get("usesBias", True), **common)


def scales(layer):
    """The middle and the spread of each of a layer's weights: powers of two, for outputs around 1."""
    found = []
    for weight in layer.weights:
        shape = tuple(weight.shape)
        if weight.path.endswith(("gamma", "moving_variance")):
            found.append([1.25, 0.5])
        elif len(shape) == 1:
            found.append([0.0, 0.5])
        else:
            incoming = np.prod(shape[:-1]) if "depthwise" not in weight.path else np.prod(shape[:2])
            found.append([0.0, float(2.0 ** -round(np.log2(max(incoming, 1)) / 2 - 0.9))])
    return found


def upsampled(layer, x):
    """TensorFlow resizes in single precision; these sums are the same in double."""
    if not isinstance(layer, LAYERS.UpSampling2D) or layer.interpolation != "bilinear":
        return layer(x)
    for axis, factor in [(1, layer.size[0]), (2, layer.size[1])]:
        extent = x.shape[axis]
        centers = np.maximum((np.arange(extent * factor) + 0.5) / factor - 0.5, 0)
        first = np.minimum(centers.astype(int), extent - 1)
        second = np.minimum(first + 1, extent - 1)
        share = (centers - first).reshape([-1, 1, 1] if axis == 1 else [-1, 1])
        x = tf.gather(x, first, axis=axis) * (1 - share) + tf.gather(x, second, axis=axis) * share
    return x


def run(network, batch, outputs, seed, noise=None):
    """Outputs, gradients, and how the weights are drawn. `noise` changes all numbers a little."""
    numbers = Numbers(seed)

    def drawn(shape, *how):
        values = numbers.draw(shape, *how)
        return values if noise is None else values + noise.uniform(-6e-5, 6e-5, shape)

    xs = [tf.Variable(drawn((batch, *shape))) for shape in network.inputs]
    layers, how = [], []
    for node in network.nodes:
        if "shares" in node:
            layers.append(layers[node["shares"] - len(network.inputs)])
            how.append([])
            continue
        layer = keras_layer(node)
        shapes = [(batch, *network.shapes[i]) for i in node["inputs"]]
        layer.build(shapes if len(shapes) > 1 else shapes[0])
        how.append(scales(layer))
        layer.set_weights([drawn(tuple(w.shape), *h) for w, h in zip(layer.weights, how[-1])])
        layers.append(layer)
    with tf.GradientTape() as tape:
        values = list(xs)
        for node, layer in zip(network.nodes, layers):
            arguments = [values[i] for i in node["inputs"]]
            argument = arguments if len(arguments) > 1 else arguments[0]
            if isinstance(layer, LAYERS.BatchNormalization):
                values.append(layer(argument, training=network.training))
            else:
                values.append(upsampled(layer, argument))
        results = [values[i] for i in outputs]
        loss = sum(tf.reduce_sum(r * numbers.draw(tuple(r.shape))) for r in results)
    named = {f"output/{i}": r for i, r in enumerate(results)}
    variables = {f"input/{i}": x for i, x in enumerate(xs)}
    for i, (node, layer) in enumerate(zip(network.nodes, layers)):
        if "shares" not in node:
            for k, weight in enumerate(layer.weights):
                if weight.trainable:
                    variables[f"weight/{i + len(xs)}/{k}"] = weight.value
    gradients = tape.gradient(loss, list(variables.values()))
    named |= {name: tf.zeros_like(v) if g is None else g
              for (name, v), g in zip(variables.items(), gradients)}
    return {name: value.numpy() for name, value in named.items()}, how


def is_stable(exact, others):
    """Whether small changes have small consequences, everywhere."""
    largest = max(np.abs(v).max() for name, v in exact.items() if name.startswith("weight"))
    for name, value in exact.items():
        if not np.isfinite(value).all() or np.abs(value).max() > 300:
            return False
        size = max(np.abs(value).max(), 0.02 * largest)
        if any(np.abs(other[name] - value).max() > 4e-3 * size for other in others):
            return False
    return True


def main():
    descriptions, tensors = [], {}
    for number in range(COUNT):
        seed = 1000 + number
        while True:
            try:
                network, batch, outputs, follower = describe(number, seed)
                values, how = run(network, batch, outputs, seed)
                noise = np.random.default_rng(1)
                count = sum(v.size for v in values.values())
                if 20 < count < 9000 and any(n.startswith("weight") for n in values) and is_stable(
                        values, [run(network, batch, outputs, seed, noise)[0] for _ in range(6)]):
                    break
            except AssertionError as error:
                assert str(error) == "nothing left", error
            except ValueError:
                pass  # a window that does not fit
            seed += 1000
        for node, scale in zip(network.nodes, how):
            node["scales"] = scale
        inputs = " and ".join("x".join(map(str, s)) for s in network.inputs)
        kinds = "-".join(n["layer"] for n in network.nodes)
        descriptions.append({
            "name": f"{number}: {batch} of {inputs}, {kinds}", "batch": batch, "seed": seed,
            "follower": follower, "training": network.training, "inputs": network.inputs,
            "nodes": network.nodes, "outputs": outputs})
        tensors |= {f"{number}/{name}": v for name, v in values.items()}
        print(descriptions[-1]["name"], count)
    write(descriptions, tensors)


def write(descriptions, tensors):
    lines = ",\n  ".join(json.dumps(d) for d in descriptions)
    (HERE / "networks.json").write_text(f'{{"cases": [\n  {lines}\n]}}\n')
    header, offset = {}, 0
    for name, value in tensors.items():
        end = offset + 4 * value.size
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(HERE / "networks.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for value in tensors.values():
            file.write(value.astype("<f4").tobytes())
        print(f"networks.safetensors: {file.tell()} bytes")


if __name__ == "__main__":
    main()
