#!/usr/bin/env python3
"""Writes the golden values of convolutions and their company: `python3 generate_convolution.py`.

Needs the PyPI packages tensorflow-cpu (or tensorflow), torch, keras and numpy. The stored files come
from Python 3.11, numpy 2, torch 2.13.0+cpu, keras 3.15.1 on tensorflow 2.21.

Everything is seeded, so a second run writes the same bytes. Expected values are computed twice in
double precision, by Keras' layers on TensorFlow and by PyTorch's functions, from inputs that a Float
holds exactly; the script stops where the two disagree, and stores the result rounded to six digits.

Conventions: images are [batch, height, width, channels], kernels [height, width, inputs, outputs];
those of transposed convolutions [height, width, outputs, inputs], as in Keras.
"""
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf
import torch
import torch.nn.functional as F

import generate
from generate import LOSSES, Optimizer, check, double, number, uniform, write

ACTIVATIONS = {
    "linear": lambda z: z, "relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
    "relu6": F.relu6, "swish": F.silu,
}
KINKS = {"relu": [0], "relu6": [0, 6], "leaky": [0]}


def tensor_json(array, indent):
    """A tensor in one line without blanks: images have short rows, and many."""
    array = np.asarray(array)
    return (f'{{"shape": [{", ".join(map(str, array.shape))}],'
            f' "values": [{",".join(number(v) for v in array.flat)}]}}')


generate.tensor_json = tensor_json


# --- PyTorch's side: images to channels first and back, padding made explicit --------------------


def first(x):
    return x.permute(0, 3, 1, 2).contiguous()


def last(x):
    return x.permute(0, 2, 3, 1)


def same(extent, window, stride, dilation=1):
    """TensorFlow's amounts: the odd one comes last."""
    total = max((-(-extent // stride) - 1) * stride + (window - 1) * dilation + 1 - extent, 0)
    return total // 2, total - total // 2


def padded(x, window, stride, dilation, padding, value=0.0):
    """Channels first."""
    if padding == "valid":
        return x
    top, bottom = same(x.shape[2], window[0], stride[0], dilation[0])
    left, right = same(x.shape[3], window[1], stride[1], dilation[1])
    return F.pad(x, (left, right, top, bottom), value=value)


def conv2d(x, kernel, bias, stride, dilation, padding, groups=1):
    x = padded(first(x), kernel.shape[:2], stride, dilation, padding)
    if groups == 1:
        kernel = kernel.permute(3, 2, 0, 1).contiguous()
    else:
        kernel = kernel.permute(2, 3, 0, 1).contiguous()
    y = last(F.conv2d(x, kernel, stride=stride, dilation=dilation, groups=groups))
    return y if bias is None else y + bias


def conv2d_transpose(x, kernel, bias, stride, padding):
    extents = [n * s + (max(k - s, 0) if padding == "valid" else 0)
               for n, k, s in zip(x.shape[1:3], kernel.shape[:2], stride)]
    y = F.conv_transpose2d(first(x), kernel.permute(3, 2, 0, 1).contiguous(), stride=stride)
    for axis, (extent, k, s) in enumerate(zip(extents, kernel.shape[:2], stride)):
        start = max(k - s, 0) // 2 if padding == "same" else 0
        y = y.narrow(axis + 2, start, min(extent, y.shape[axis + 2] - start))
        missing = extent - y.shape[axis + 2]  # a stride larger than the kernel leaves gaps
        y = F.pad(y, (0, 0, 0, missing) if axis == 0 else (0, missing))
    return last(y) + bias


def pool2d(x, kind, size, stride, padding):
    x = first(x)
    if kind == "max":
        return last(F.max_pool2d(padded(x, size, stride, (1, 1), padding, -np.inf), size, stride))
    sums = F.avg_pool2d(padded(x, size, stride, (1, 1), padding), size, stride)
    shares = F.avg_pool2d(
        padded(torch.ones_like(x), size, stride, (1, 1), padding), size, stride)
    return last(sums / shares)


def flat(function):
    """A function of sequences from one of images."""
    return lambda x, *rest: function(x[:, None], *rest)[:, 0]


# --- A case: one layer, its output and all gradients ---------------------------------------------


def layer_case(name, layer, options, shapes, keras_layer, torch_function, weights=(), seed=1,
               activation="linear", decimals=3, kink=None, keras_gradients=True, training=False):
    """`torch_function` takes inputs, then weights; `weights` are (shape, low, high)."""
    while True:
        random = np.random.default_rng(seed)
        inputs = [uniform(random, s, -1.2, 1.6).round(decimals).astype(np.float32) for s in shapes]
        values = [uniform(random, s, low, high) for s, low, high in weights]

        def run(dtype):
            leaves = [torch.tensor(a, dtype=dtype, requires_grad=True) for a in inputs + values]
            sums = torch_function(*leaves)
            output = ACTIVATIONS[activation](sums)
            up = torch.tensor(upstream_for(output.shape), dtype=dtype)
            gradients = torch.autograd.grad(output, leaves, up, allow_unused=True)
            gradients = [torch.zeros_like(l) if g is None else g
                         for g, l in zip(gradients, leaves)]
            return sums, up, output, gradients

        def upstream_for(shape):
            return uniform(np.random.default_rng(seed + 77), tuple(shape), -1.0, 1.3)

        sums, upstream, output, gradients = run(torch.float64)
        near = [(sums - k).abs().min().item() for k in KINKS.get(kink or activation, [])]
        if min(near, default=1) > 1e-4:
            break
        seed += 1000  # until no sum lies so close to a kink that rounding could cross it

    single = run(torch.float32)
    for mine, exact in zip([single[2], *single[3]], [output, *gradients]):
        check(mine, exact, name, absolute=2e-5)

    xs = [tf.Variable(x.astype(np.float64)) for x in inputs]
    keras_layer.build([tuple(x.shape) for x in xs] if len(xs) > 1 else tuple(xs[0].shape))
    if values:
        keras_layer.set_weights(values)
    with tf.GradientTape() as tape:
        argument = xs if len(xs) > 1 else xs[0]
        y = keras_layer(argument, training=True) if training else keras_layer(argument)
    check(y.numpy(), output, name + " in Keras", 1e-9, 1e-9)
    if keras_gradients:
        variables = xs + [w.value for w in keras_layer.weights]
        theirs = tape.gradient(y, variables, output_gradients=tf.constant(upstream.numpy()))
        for mine, other, number in zip(gradients, theirs, range(99)):
            if other is not None:
                check(other.numpy(), mine, f"{name}, gradient {number} in Keras", 1e-9, 1e-9)
    output, *gradients = map(six_digits, [output, *gradients])
    count = len(inputs)
    return {
        "name": name, "layer": layer, "options": options, "inputs": inputs, "weights": values,
        "upstream": upstream, "output": output, "gradInputs": gradients[:count],
        "gradWeights": gradients[count:],
    }


def six_digits(values):
    """More exact than the tests look, and a quarter shorter to store."""
    values = np.asarray(values.detach())
    return np.array([float(f"{v:.6g}") for v in values.flat]).reshape(values.shape)


def text(value):
    """3x5 or 3"""
    return str(value[0]) if value[0] == value[1] else f"{value[0]}x{value[1]}"


def pair(value):
    return [value, value] if isinstance(value, int) else list(value)


# --- convolutions.json ---------------------------------------------------------------------------

#       kernel  stride  padding dilation in, out batch, height, width, activation, bias
CONV2D = [
    (1, 1, "valid", 1, 3, 5, 2, 4, 5, "linear"),
    (1, 2, "same", 1, 5, 17, 1, 5, 4, "linear"),
    (1, 1, "valid", 1, 1, 1, 1, 1, 1, "linear"),
    (1, 1, "valid", 1, 32, 16, 3, 2, 2, "relu"),
    (1, 3, "valid", 1, 16, 5, 2, 7, 5, "linear"),
    (2, 1, "same", 1, 1, 3, 3, 4, 5, "linear"),
    (2, 2, "valid", 1, 3, 16, 1, 5, 7, "linear"),
    ((1, 2), 1, "valid", 1, 32, 17, 1, 3, 2, "linear"),
    (2, 1, "valid", 2, 16, 16, 1, 4, 3, "linear"),
    (3, 1, "valid", 1, 1, 1, 1, 3, 3, "linear"),
    (3, 1, "valid", 1, 3, 16, 2, 5, 6, "linear"),
    (3, 1, "valid", 1, 3, 3, 1, 4, 5, "tanh"),
    (3, 1, "same", 1, 16, 16, 1, 4, 4, "relu"),
    (2, 1, "same", 1, 16, 17, 1, 5, 3, "linear"),
    ((3, 1), 1, "same", 1, 17, 16, 1, 3, 4, "relu"),
    (3, 1, "same", 1, 1, 16, 3, 5, 4, "relu"),
    (3, 2, "same", 1, 3, 5, 2, 6, 7, "linear"),
    (3, 2, "same", 1, 16, 16, 1, 5, 5, "relu"),
    (3, 2, "valid", 1, 5, 3, 3, 7, 8, "linear"),
    (3, 3, "valid", 1, 1, 5, 2, 8, 7, "linear"),
    (3, 3, "same", 1, 3, 3, 1, 7, 5, "relu"),
    (3, (1, 2), "same", 1, 3, 5, 2, 5, 6, "linear"),
    (3, 1, "valid", 2, 3, 5, 2, 7, 6, "linear"),
    (3, 1, "same", 2, 5, 3, 1, 4, 5, "relu"),
    (3, 1, "same", 2, 1, 16, 1, 6, 5, "linear"),
    (5, 1, "same", 1, 3, 5, 1, 6, 5, "linear"),
    (5, 2, "same", 1, 1, 16, 2, 7, 9, "relu"),
    (5, 1, "valid", 1, 16, 1, 1, 6, 7, "linear"),
    (5, 1, "same", 1, 16, 3, 1, 2, 2, "linear"),
    ((3, 5), 1, "valid", 1, 3, 5, 2, 5, 7, "linear"),
    ((3, 5), (1, 2), "same", 1, 5, 3, 1, 4, 7, "relu"),
    ((3, 5), 2, "same", 1, 1, 3, 1, 1, 1, "linear"),
    (7, 1, "same", 1, 1, 3, 1, 3, 4, "linear"),
    (7, 2, "same", 1, 2, 5, 1, 9, 8, "linear"),
    (7, 3, "valid", 1, 1, 3, 1, 10, 9, "relu"),
]


def conv2d_case(number, kernel, stride, padding, dilation, inputs, filters, batch, height, width,
                activation, bias=True):
    kernel, stride, dilation = pair(kernel), pair(stride), pair(dilation)
    name = (f"Conv2D {text(kernel)}, stride {text(stride)}, {padding}, dilation {text(dilation)},"
            f" {batch}x{height}x{width}, {inputs}->{filters}, {activation}"
            + ("" if bias else ", no bias"))
    return layer_case(
        name, "Conv2D",
        dict(filters=filters, kernel=kernel, stride=stride, dilation=dilation, padding=padding,
             activation=activation, usesBias=bias),
        [(batch, height, width, inputs)],
        keras.layers.Conv2D(filters, kernel, strides=stride, padding=padding,
                            dilation_rate=dilation, activation=activation, use_bias=bias,
                            dtype="float64"),
        lambda x, k, b=None: conv2d(x, k, b, stride, dilation, padding),
        [((*kernel, inputs, filters), -0.7, 0.9)] + ([((filters,), -0.5, 0.7)] if bias else []),
        1000 + number, activation,
        # TensorFlow has no gradients of dilated convolutions on processors.
        keras_gradients=dilation == [1, 1])


def conv1d_case(number, kernel, stride, padding, dilation, inputs, filters, batch, time,
                activation="linear"):
    name = (f"Conv1D {kernel}, stride {stride}, {padding}, dilation {dilation}, {batch}x{time},"
            f" {inputs}->{filters}, {activation}")
    return layer_case(
        name, "Conv1D",
        dict(filters=filters, kernel=[1, kernel], stride=[1, stride], dilation=[1, dilation],
             padding=padding, activation=activation, usesBias=True),
        [(batch, time, inputs)],
        keras.layers.Conv1D(filters, kernel, strides=stride, padding=padding,
                            dilation_rate=dilation, activation=activation, dtype="float64"),
        lambda x, k, b: conv2d(
            x[:, None], k[None], b, (1, stride), (1, dilation), padding)[:, 0],
        [((kernel, inputs, filters), -0.7, 0.9), ((filters,), -0.5, 0.7)],
        2000 + number, activation, keras_gradients=dilation == 1)


def depthwise_case(number, kernel, stride, padding, channels, batch, height, width,
                   activation="linear", bias=True):
    kernel = pair(kernel)
    name = (f"DepthwiseConv2D {text(kernel)}, stride {stride}, {padding},"
            f" {batch}x{height}x{width}x{channels}, {activation}" + ("" if bias else ", no bias"))
    return layer_case(
        name, "DepthwiseConv2D",
        dict(kernel=kernel, stride=[stride, stride], padding=padding, activation=activation,
             usesBias=bias),
        [(batch, height, width, channels)],
        keras.layers.DepthwiseConv2D(kernel, strides=stride, padding=padding,
                                     activation=activation, use_bias=bias, dtype="float64"),
        lambda x, k, b=None: conv2d(x, k, b, (stride, stride), (1, 1), padding, channels),
        [((*kernel, channels, 1), -0.7, 0.9)] + ([((channels,), -0.5, 0.7)] if bias else []),
        3000 + number, activation)


def separable_case(number, kernel, stride, padding, inputs, filters, batch, height, width,
                   activation="linear"):
    kernel = pair(kernel)
    name = (f"SeparableConv2D {text(kernel)}, stride {stride}, {padding},"
            f" {batch}x{height}x{width}, {inputs}->{filters}, {activation}")

    def forward(x, depthwise, pointwise, b):
        x = conv2d(x, depthwise, None, (stride, stride), (1, 1), padding, inputs)
        return conv2d(x, pointwise, b, (1, 1), (1, 1), "valid")

    return layer_case(
        name, "SeparableConv2D",
        dict(filters=filters, kernel=kernel, stride=[stride, stride], padding=padding,
             activation=activation),
        [(batch, height, width, inputs)],
        keras.layers.SeparableConv2D(filters, kernel, strides=stride, padding=padding,
                                     activation=activation, dtype="float64"),
        forward,
        [((*kernel, inputs, 1), -0.7, 0.9), ((1, 1, inputs, filters), -0.9, 0.7),
         ((filters,), -0.5, 0.7)],
        4000 + number, activation)


def transpose_case(number, kernel, stride, padding, inputs, filters, batch, height, width,
                   activation="linear"):
    kernel, stride = pair(kernel), pair(stride)
    name = (f"Conv2DTranspose {text(kernel)}, stride {text(stride)}, {padding},"
            f" {batch}x{height}x{width}, {inputs}->{filters}, {activation}")
    return layer_case(
        name, "Conv2DTranspose",
        dict(filters=filters, kernel=kernel, stride=stride, padding=padding,
             activation=activation),
        [(batch, height, width, inputs)],
        keras.layers.Conv2DTranspose(filters, kernel, strides=stride, padding=padding,
                                     activation=activation, dtype="float64"),
        lambda x, k, b: conv2d_transpose(x, k, b, stride, padding),
        [((*kernel, filters, inputs), -0.7, 0.9), ((filters,), -0.5, 0.7)],
        5000 + number, activation)


def write_convolutions():
    cases = [conv2d_case(i, *settings) for i, settings in enumerate(CONV2D)]
    cases.append(conv2d_case(90, 3, 1, "same", 1, 3, 5, 2, 4, 3, "linear", bias=False))
    cases.append(conv2d_case(91, 3, 2, "valid", 1, 1, 3, 1, 5, 6, "relu", bias=False))
    cases.append(conv2d_case(92, 3, 1, "same", 1, 2, 3, 1, 3, 4, "sigmoid"))
    about = ("upstream is the gradient of the output, gradInputs and gradWeights are the gradients"
             " it causes. Weights are in Keras' order; extents are [height, width].")
    write("convolution-2d", about, cases=cases)

    cases = [conv1d_case(i, *settings) for i, settings in enumerate([
        (1, 1, "valid", 1, 3, 5, 2, 4),
        (3, 1, "valid", 1, 5, 3, 3, 8),
        (3, 1, "same", 1, 16, 16, 2, 7, "relu"),
        (5, 2, "same", 1, 3, 17, 1, 10),
        (7, 1, "valid", 1, 4, 3, 2, 9, "relu"),
        (7, 3, "valid", 1, 1, 5, 2, 17),
        (3, 1, "same", 2, 3, 5, 2, 6),
        (3, 1, "valid", 4, 2, 3, 1, 11, "relu"),
        (5, 1, "same", 1, 2, 3, 1, 1),
        (9, 1, "same", 1, 1, 2, 2, 3),
    ])]
    cases += [depthwise_case(i, *settings) for i, settings in enumerate([
        (3, 1, "valid", 1, 1, 3, 3),
        (3, 1, "same", 3, 2, 4, 5),
        (3, 1, "valid", 16, 2, 5, 4, "relu"),
        (3, 2, "same", 17, 1, 5, 6),
        (3, 2, "same", 32, 1, 4, 5, "relu"),
        (5, 1, "same", 5, 3, 3, 4),
        (2, 3, "valid", 3, 2, 7, 8),
        ((3, 5), 1, "same", 5, 1, 2, 3, "relu"),
        (3, 1, "same", 16, 3, 3, 2, "linear", False),
    ])]
    cases += [separable_case(i, *settings) for i, settings in enumerate([
        (3, 1, "valid", 3, 5, 2, 5, 4),
        (3, 1, "same", 16, 16, 1, 4, 3, "relu"),
        (3, 2, "same", 5, 17, 2, 5, 6),
        (5, 1, "valid", 1, 3, 1, 6, 5, "relu"),
        (2, 1, "same", 3, 32, 3, 2, 3),
    ])]
    cases += [transpose_case(i, *settings) for i, settings in enumerate([
        (3, 1, "valid", 3, 5, 2, 3, 4),
        (3, 1, "same", 3, 5, 2, 4, 3, "relu"),
        (3, 2, "same", 5, 3, 2, 3, 2),
        (3, 2, "valid", 16, 5, 1, 2, 3),
        (3, 2, "same", 16, 3, 1, 3, 3, "relu"),
        (4, 2, "same", 3, 16, 1, 3, 4),
        (4, 2, "valid", 1, 3, 3, 2, 3),
        (2, 2, "same", 5, 17, 1, 2, 2),
        (2, 3, "valid", 3, 2, 2, 2, 3),
        (2, 3, "same", 3, 2, 1, 3, 2, "relu"),
        (5, 3, "same", 3, 5, 1, 2, 3),
        (5, 3, "valid", 2, 3, 2, 1, 2),
        (5, 1, "same", 1, 3, 1, 2, 2),
        ((3, 5), (2, 1), "same", 2, 3, 1, 3, 2),
        (3, 2, "same", 4, 1, 1, 1, 1),
    ])]
    write("convolution-kinds", about, cases=cases)


# --- convolution-company.json --------------------------------------------------------------------


def pooling_case(number, kind, size, stride, padding, shape, decimals=3):
    size, stride = pair(size), pair(stride)
    is1d = len(shape) == 3
    layer = ("Max" if kind == "max" else "Average") + f"Pooling{2 - is1d}D"
    name = (f"{layer} {text(size)}, stride {text(stride)}, {padding}, {'x'.join(map(str, shape))}"
            + (", ties" if decimals < 3 else ""))
    if is1d:
        size, stride = [1, size[1]], [1, stride[1]]
    function = lambda x: pool2d(x, kind, size, stride, padding)
    return layer_case(
        name, layer, dict(kernel=size, stride=stride, padding=padding), [shape],
        getattr(keras.layers, layer)(
            size[1] if is1d else size, strides=stride[1] if is1d else stride, padding=padding,
            dtype="float64"),
        flat(function) if is1d else function, seed=6000 + number, decimals=decimals,
        # Among equal largest numbers TensorFlow, too, takes the first, but not in every version.
        keras_gradients=decimals == 3 or kind == "average")


def global_case(number, kind, shape):
    is1d = len(shape) == 3
    layer = "Global" + ("Max" if kind == "max" else "Average") + f"Pooling{2 - is1d}D"
    axes = (1,) if is1d else (1, 2)

    def function(x):
        x = x.reshape(shape[0], -1, shape[-1])
        return x.mean(1) if kind == "average" else x.max(1).values

    return layer_case(
        f"{layer} {'x'.join(map(str, shape))}", layer, {}, [shape],
        getattr(keras.layers, layer)(dtype="float64"), function, seed=6520 + number)


def resized(x, factor, interpolation):
    if interpolation == "nearest":
        return x.repeat_interleave(factor[0], 1).repeat_interleave(factor[1], 2)
    return last(F.interpolate(first(x), scale_factor=tuple(map(float, factor)), mode="bilinear",
                              align_corners=False))


def write_company():
    cases = [pooling_case(i, *settings) for i, settings in enumerate([
        ("max", 2, 2, "valid", (2, 4, 6, 3)),
        ("max", 2, 2, "valid", (2, 5, 7, 16)),
        ("max", 2, 2, "same", (1, 5, 3, 5)),
        ("max", 3, 2, "same", (2, 6, 5, 3)),
        ("max", 3, 1, "same", (1, 4, 5, 17)),
        ("max", 3, 3, "valid", (1, 8, 7, 5)),
        ("max", 2, 1, "valid", (3, 3, 4, 1)),
        ("max", (2, 3), (1, 2), "same", (1, 4, 5, 32)),
        ("max", 2, 3, "same", (1, 7, 5, 3)),
        ("max", 3, 2, "same", (1, 1, 1, 3)),
        ("max", 2, 2, "valid", (2, 5, 6, 16), 1),
        ("max", 3, 1, "same", (1, 5, 5, 3), 0),
        ("max", 3, 2, "valid", (1, 7, 7, 17), 0),
        ("average", 2, 2, "valid", (2, 4, 6, 3)),
        ("average", 2, 2, "same", (1, 5, 3, 16)),
        ("average", 3, 1, "same", (2, 4, 3, 5)),
        ("average", 3, 2, "valid", (1, 7, 8, 17)),
        ("average", 3, 3, "same", (1, 7, 5, 3)),
        ("average", (2, 3), (1, 2), "same", (1, 3, 5, 32)),
        ("average", 3, 1, "same", (1, 1, 2, 1)),
        ("max", 5, 5, "valid", (2, 12, 3)),
        ("max", 2, 1, "same", (2, 5, 16)),
        ("max", 3, 2, "same", (3, 7, 5)),
        ("average", 3, 2, "same", (2, 6, 3)),
        ("average", 2, 2, "valid", (2, 7, 17)),
    ])]
    cases += [global_case(i, kind, shape) for i, (kind, shape) in enumerate([
        ("max", (2, 3, 5, 3)), ("max", (3, 4, 4, 16)), ("max", (2, 6, 5)),
        ("average", (2, 3, 5, 3)), ("average", (3, 4, 4, 16)), ("average", (2, 6, 17)),
        ("average", (1, 1, 1, 5)),
    ])]

    layers = keras.layers
    for i, (size, shape) in enumerate([([[1, 1], [1, 1]], (2, 3, 4, 3)),
                                       ([[0, 2], [3, 1]], (1, 3, 2, 16))]):
        (top, bottom), (left, right) = size
        cases.append(layer_case(
            f"ZeroPadding2D {size}", "ZeroPadding2D", dict(amounts=size), [shape],
            layers.ZeroPadding2D(size, dtype="float64"),
            lambda x: F.pad(x, (0, 0, left, right, top, bottom)), seed=7000 + i))
        cases.append(layer_case(
            f"Cropping2D {size}", "Cropping2D", dict(amounts=size),
            [(shape[0], 5, 6, shape[3])], layers.Cropping2D(size, dtype="float64"),
            lambda x: x[:, top:5 - bottom, left:6 - right], seed=7100 + i))
    for i, (factor, interpolation, shape) in enumerate([
            (2, "nearest", (2, 3, 4, 3)), ((3, 2), "nearest", (1, 2, 3, 16)),
            (2, "bilinear", (2, 3, 4, 3)), ((3, 2), "bilinear", (1, 2, 3, 17)),
            (2, "bilinear", (1, 1, 2, 16))]):
        factor = pair(factor)
        cases.append(layer_case(
            f"UpSampling2D {text(factor)}, {interpolation}, {'x'.join(map(str, shape))}",
            "UpSampling2D", dict(kernel=factor, interpolation=interpolation), [shape],
            layers.UpSampling2D(factor, interpolation=interpolation, dtype="float64"),
            lambda x: resized(x, factor, interpolation), seed=7200 + i,
            # TensorFlow resizes in single precision.
            ) if interpolation == "nearest" else bilinear_case(factor, shape, 7200 + i))
    for i, slope in enumerate([0.3, 0.2]):
        cases.append(layer_case(
            f"LeakyReLU {slope}", "LeakyReLU", dict(slope=slope), [(2, 3, 3, 5 + 11 * i)],
            layers.LeakyReLU(slope, dtype="float64"),
            # The slope is single precision in TensorFlow, as it is in the engine.
            lambda x: torch.where(x > 0, x, float(np.float32(slope)) * x), seed=7300 + i, kink="leaky"))
    for i, channels in enumerate([(3, 5), (16, 32), (16, 3, 1), (16, 16)]):
        cases.append(layer_case(
            f"Concatenate {channels}", "Concatenate", {}, [(2, 2, 3, c) for c in channels],
            layers.Concatenate(dtype="float64"), lambda *xs: torch.cat(xs, -1), seed=7400 + i))
    for i, (count, channels) in enumerate([(2, 3), (3, 16)]):
        cases.append(layer_case(
            f"Add {count} of {channels}", "Add", {}, [(2, 2, 3, channels)] * count,
            layers.Add(dtype="float64"), lambda *xs: sum(xs[1:], xs[0]), seed=7500 + i))
    cases.append(layer_case(
        "Concatenate vectors", "Concatenate", {}, [(3, 4), (3, 2)],
        layers.Concatenate(dtype="float64"), lambda *xs: torch.cat(xs, -1), seed=7600))
    for i, activation in enumerate(["relu6", "swish"]):
        cases.append(conv2d_case(700 + i, 2, 1, "same", 1, 3, 5, 2, 3, 4, activation))
    write("convolution-company", "As in convolution-2d.", cases=cases)


def bilinear_case(factor, shape, seed):
    """TensorFlow resizes in single precision, so PyTorch decides and Keras is compared loosely."""
    layer = keras.layers.UpSampling2D(factor, interpolation="bilinear", dtype="float32")
    function = lambda x: resized(x, factor, "bilinear")
    random = np.random.default_rng(seed)
    x = uniform(random, shape, -1.2, 1.6)
    leaf = double(x, True)
    output = function(leaf)
    upstream = uniform(random, tuple(output.shape), -1.0, 1.3)
    gradient = torch.autograd.grad(output, leaf, double(upstream))[0]
    variable = tf.Variable(x)
    with tf.GradientTape() as tape:
        y = layer(variable)
    check(y.numpy(), output, "bilinear")
    theirs = tape.gradient(y, variable, output_gradients=tf.constant(upstream))
    check(theirs.numpy(), gradient, "bilinear, gradient", absolute=1e-5)
    return {
        "name": f"UpSampling2D {text(factor)}, bilinear, {'x'.join(map(str, shape))}",
        "layer": "UpSampling2D", "options": dict(kernel=factor, interpolation="bilinear"),
        "inputs": [x], "weights": [], "upstream": upstream, "output": six_digits(output),
        "gradInputs": [six_digits(gradient)], "gradWeights": [],
    }


# --- convolution-normalization.json --------------------------------------------------------------


def normalized(x, gamma, beta, mean, variance, epsilon):
    return (x - mean) / torch.sqrt(variance + epsilon) * gamma + beta


def normalization_case(seed, shape, momentum, epsilon):
    """Output and gradients in training and inference, and the moving statistics of three steps."""
    random = np.random.default_rng(seed)
    channels, axes = shape[-1], tuple(range(len(shape) - 1))
    batches = [uniform(random, shape, -1.2, 1.6 + i) for i in range(3)]
    gamma, beta = uniform(random, channels, 0.5, 1.6), uniform(random, channels, -0.5, 0.8)
    mean, variance = uniform(random, channels, -0.4, 0.6), uniform(random, channels, 0.4, 1.9)
    upstream = uniform(random, shape, -1.0, 1.3)
    name = f"{'x'.join(map(str, shape))}, momentum {momentum}, epsilon {epsilon}"
    layer = keras.layers.BatchNormalization(momentum=momentum, epsilon=epsilon, dtype="float64")
    layer.build(shape)

    def run(training, dtype=torch.float64):
        leaves = [torch.tensor(a, dtype=dtype, requires_grad=True)
                  for a in (batches[0], gamma, beta)]
        moving = [torch.tensor(a, dtype=dtype) for a in (mean, variance)]
        if training:
            moving = [leaves[0].mean(axes), leaves[0].var(axes, unbiased=False)]
        output = normalized(*leaves, *moving, epsilon)
        return [output, *torch.autograd.grad(output, leaves, torch.tensor(upstream, dtype=dtype))]

    def in_keras(training):
        layer.set_weights([gamma, beta, mean, variance])
        x = tf.Variable(batches[0].astype(np.float64))
        variables = [x, layer.gamma.value, layer.beta.value]
        with tf.GradientTape() as tape:
            y = layer(x, training=training)
        gradients = tape.gradient(
            y, variables, output_gradients=tf.constant(upstream.astype(np.float64)))
        return [y.numpy(), *(g.numpy() for g in gradients)]

    results = {}
    for key, training in (("training", True), ("inference", False)):
        results[key] = run(training)
        for mine, single, theirs in zip(
                results[key], run(training, torch.float32), in_keras(training)):
            check(theirs, mine, f"{name}, {key}, in Keras", 1e-9, 1e-9)
            check(single, mine, f"{name}, {key}", absolute=2e-5)

    # Keras 3 averages the biased variance; TensorFlow's fused kernel would take the unbiased one.
    layer.set_weights([gamma, beta, mean, variance])
    moving = [mean.astype(np.float64), variance.astype(np.float64)]
    for batch in batches:
        x = batch.astype(np.float64)
        layer(tf.constant(x), training=True)
        moving = [momentum * moving[0] + (1 - momentum) * x.mean(axes),
                  momentum * moving[1] + (1 - momentum) * x.var(axes)]
    for mine, theirs in zip(moving, layer.get_weights()[2:]):
        # Keras keeps the moments in single precision on their way.
        check(theirs, mine, name + ", moving statistics in Keras", 1e-6, 1e-6)
    keys = ("output", "gradInput", "gradGamma", "gradBeta")
    return {
        "name": name, "momentum": momentum, "epsilon": epsilon, "batches": batches,
        "weights": [gamma, beta, mean, variance], "upstream": upstream,
        "training": dict(zip(keys, results["training"])),
        "inference": dict(zip(keys, results["inference"])), "movingAfter": moving,
    }


def write_normalization():
    cases = [normalization_case(8000 + i, *settings) for i, settings in enumerate([
        ((4, 3, 3, 3), 0.99, 1e-3), ((2, 3, 4, 16), 0.9, 1e-3), ((3, 2, 2, 17), 0.5, 1e-5),
        ((1, 3, 5, 32), 0.99, 1e-3), ((7, 5), 0.9, 1e-3), ((2, 6, 3), 0.7, 1e-2)])]
    write("convolution-normalization", "weights are gamma, beta, moving mean, moving variance."
          " training and inference: of the first batch. movingAfter: moving mean and variance"
          " after all three batches in training mode; the variance averaged is the biased one.",
          cases=cases)


# --- convolution-training.json -------------------------------------------------------------------


def training_case(name, seed, optimizer, channels, filters, batch, side):
    """conv - pool - conv - pool - flatten - dense, three steps over the same batch."""
    kind, changes = optimizer
    flattened = ((side // 2) // 2) ** 2 * filters[1]
    shapes = [(3, 3, channels, filters[0]), (filters[0],), (3, 3, *filters), (filters[1],),
              (flattened, 3), (3,)]

    def forward(x, k1, b1, k2, b2, k3, b3):
        x = torch.relu(conv2d(x, k1, b1, (1, 1), (1, 1), "same"))
        x = pool2d(x, "max", (2, 2), (2, 2), "valid")
        x = torch.relu(conv2d(x, k2, b2, (1, 1), (1, 1), "same"))
        x = pool2d(x, "max", (2, 2), (2, 2), "valid")
        return torch.softmax(x.reshape(x.shape[0], -1) @ k3 + b3, -1)

    def run(dtype):
        rule = Optimizer(kind, **changes)
        current = [torch.tensor(w, dtype=dtype) for w in weights]
        images, targets = torch.tensor(x, dtype=dtype), torch.tensor(y, dtype=dtype)
        losses, gradients = [], []
        for _ in range(3):
            leaves = [w.clone().requires_grad_() for w in current]
            loss = LOSSES["categorical_crossentropy"](forward(images, *leaves), targets)
            gradients.append(torch.autograd.grad(loss, leaves))
            losses.append(loss.item())
            rule.apply([w.numpy() for w in current], [g.numpy() for g in gradients[-1]])
        return losses, gradients, current, forward(images, *current)

    while True:
        random = np.random.default_rng(seed)
        weights = [uniform(random, s, -0.4, 0.5) for s in shapes]
        x = uniform(random, (batch, side, side, channels), -1, 1.3)
        y = np.eye(3, dtype=np.float32)[random.integers(0, 3, batch)]
        losses, gradients, after, predictions = run(torch.float64)
        single = run(torch.float32)
        # Adaptive rules magnify the rounding of tiny gradients; another seed has none.
        flat = torch.cat([g.flatten() for step in gradients for g in step])
        smallest = flat[flat != 0].abs().min().item()
        try:
            for mine, exact in zip(single[2], after):
                check(mine, exact, name, 1e-5, 3e-6)
            if kind == "sgd" or smallest > 1e-5:
                break
        except AssertionError:
            pass
        seed += 1000

    model = keras.Sequential([
        keras.Input((side, side, channels)),
        keras.layers.Conv2D(filters[0], 3, padding="same", activation="relu", dtype="float64"),
        keras.layers.MaxPooling2D(2, dtype="float64"),
        keras.layers.Conv2D(filters[1], 3, padding="same", activation="relu", dtype="float64"),
        keras.layers.MaxPooling2D(2, dtype="float64"), keras.layers.Flatten(),
        keras.layers.Dense(3, activation="softmax", dtype="float64")])
    model.set_weights(weights)
    with tf.GradientTape() as tape:
        p = model(x.astype(np.float64))
        loss = -tf.reduce_mean(tf.reduce_sum(tf.math.log(p) * y, -1))
    check(loss.numpy(), losses[0], name + " in Keras")
    # Keras casts something to single precision on the way.
    theirs = tape.gradient(loss, [w.value for w in model.trainable_variables])
    for mine, other in zip(gradients[0], theirs):
        check(other.numpy(), mine, name + " in Keras, gradients", 2e-5, 2e-6)
    if kind == "sgd":
        s = Optimizer(kind, **changes).settings
        model.compile(keras.optimizers.SGD(s["learningRate"], s["momentum"]),
                      "categorical_crossentropy")
        for _ in range(3):
            model.train_on_batch(x, y)
        for mine, other in zip(after, model.get_weights()):
            check(other, mine, name + " in Keras, weights", 1e-4, 1e-5)
    return {
        "name": name, "optimizer": kind, **Optimizer(kind, **changes).settings,
        "filters": list(filters), "x": x, "y": y, "weights": weights, "losses": losses,
        "weightsAfter": after, "predictionsAfter": predictions,
    }


def write_training():
    cases = [
        training_case("RMSprop", 9001, ("rmsprop", dict(learningRate=0.003)), 1, (3, 4), 3, 8),
        training_case("SGD with momentum, 16 filters", 9002,
                      ("sgd", dict(learningRate=0.05, momentum=0.9)), 1, (16, 16), 3, 9),
    ]
    write("convolution-training", "Three steps of conv 3x3 same relu, max pooling 2, conv 3x3 same"
          " relu, max pooling 2, flatten, dense softmax over the same batch; categorical"
          " cross-entropy. losses[i] is the loss before update i + 1.", cases=cases)


if __name__ == "__main__":
    write_convolutions()
    write_company()
    write_normalization()
    write_training()
