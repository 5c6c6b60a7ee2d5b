"""Writes what Keras' Xception computes, and constants in its format: `python generate_xception.py`.

Needs keras (on any backend), h5py and numpy; the stored files come from keras 3.12.0 on tensorflow 2.21, h5py 3.

Weights are the formula's of generate.py, whose functions stand here again as that file also needs torch and packages.
Tensors are counted from 1 over the layers with weights in the order of their names, as bytes sort them; layers that
Keras numbers through are called by their order, conv2d_1 to conv2d_4. In the file of weights every tensor is full of
its number in that count divided by 8.
"""
import io
import json
import math
import os
import re
import zipfile

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py
import keras
import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Fixtures")
SAMPLES = 48
SIDE = 83


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
    if kind.endswith("kernel"):
        fan = math.prod(shape[:2] if kind == "depthwise_kernel" else shape[:-1])
        limit = math.sqrt(6 / fan)
        return made(shape, tensor, -limit, limit)
    return made(shape, tensor, *{
        "beta": (-0.1, 0.1), "gamma": (0.8, 1.2),
        "moving_mean": (-0.1, 0.1), "moving_variance": (0.5, 1.5)}[kind])


def sampled(value):
    value = np.asarray(value, dtype=np.float64)
    flat = value.flatten()
    step = max(len(flat) // SAMPLES, 1)
    return {"shape": list(value.shape), "step": step, "norm": float(np.sqrt(np.mean(flat ** 2))),
            "values": [float(np.float32(x)) for x in flat[::step][:SAMPLES]]}


model = keras.applications.Xception(include_top=False, weights=None, input_shape=(SIDE, SIDE, 3))
names = {}
for kind in ["conv2d", "batch_normalization"]:
    found = [layer for layer in model.layers if re.fullmatch(kind + r"(_\d+)?", layer.name)]
    names.update({layer.name: f"{kind}_{number}" for number, layer in enumerate(found, 1)})
layers = sorted((names.get(layer.name, layer.name), layer) for layer in model.layers if layer.weights)

number = 0
stream = io.BytesIO()
with h5py.File(stream, "w") as file:
    for name, layer in layers:
        group = file.create_group(f"{name}/{name}")
        values = []
        for variable in layer.weights:
            number += 1
            values.append(weight(variable.name, variable.shape, number))
            group.create_dataset(variable.name + ":0", data=np.full(variable.shape, number / 8, "f2"))
        layer.set_weights(values)
with zipfile.ZipFile(os.path.join(FOLDER, "xception.zip"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
    info = zipfile.ZipInfo("xception.h5")
    info.compress_type = zipfile.ZIP_DEFLATED
    file.writestr(info, stream.getvalue())

picture = made((1, SIDE, SIDE, 3), 0, 0, 255) / np.float32(127.5) - np.float32(1)
taps = ["block1_conv2_act", "block2_pool", "block4_pool", "block5_sepconv3_bn", "block13_pool", "block14_sepconv2_act"]
outputs = keras.Model(model.inputs, [model.get_layer(name).output for name in taps]).predict(picture, verbose=0)
with open(os.path.join(FOLDER, "xception.json"), "w") as file:
    json.dump({"xception": {
        "parameters": model.count_params(), "side": SIDE, "preprocessed": sampled(picture),
        "layers": [dict(sampled(value), name=name) for name, value in zip(taps, outputs)]}}, file, indent=0)
