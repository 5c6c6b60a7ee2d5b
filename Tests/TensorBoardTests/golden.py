"""Prints the records that EventTests.swift expects, made by the tensorboard package.

    pip install tensorboard numpy
    python3 golden.py
"""

import struct

import numpy as np
from tensorboard.compat.proto import event_pb2, graph_pb2, summary_pb2
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c


def record(event):
    data = event.SerializeToString()
    length = struct.pack("<Q", len(data))
    checks = [struct.pack("<I", masked_crc32c(part)) for part in (length, data)]
    return (length + checks[0] + data + checks[1]).hex()


def summary(tag, plugin, data_class, step):
    event = event_pb2.Event(wall_time=1511800000.5, step=step)
    value = event.summary.value.add(tag=tag)
    value.metadata.plugin_data.plugin_name = plugin
    value.metadata.data_class = data_class
    return event, value.tensor


print("version", record(event_pb2.Event(wall_time=1511800000.5, file_version="brain.Event:2")))

event, tensor = summary("loss", "scalars", summary_pb2.DATA_CLASS_SCALAR, 3)
tensor.dtype = 1
tensor.tensor_shape.SetInParent()
tensor.float_val.append(0.25)
print("scalar", record(event))

event, tensor = summary("dense_1/kernel", "histograms", summary_pb2.DATA_CLASS_TENSOR, 300)
tensor.dtype = 2
tensor.tensor_shape.dim.add(size=2)
tensor.tensor_shape.dim.add(size=3)
tensor.tensor_content = np.array([[-1, 0, 1], [0, 1, 3]], "<f8").tobytes()
print("histogram", record(event))

graph = graph_pb2.GraphDef()
for name, op, inputs, shape in [
    ("input_1", "Input", [], [-1, 3]),
    ("dense_1/kernel", "Variable", [], [3, 2]),
    ("dense_1/bias", "Variable", [], [2]),
    ("dense_1", "Dense", ["input_1", "dense_1/kernel", "dense_1/bias"], [-1, 2]),
]:
    node = graph.node.add(name=name, op=op, input=inputs)
    extents = node.attr["_output_shapes"].list.shape.add()
    for extent in shape:
        extents.dim.add(size=extent)
graph.versions.producer = 22
print("graph", graph.SerializeToString().hex())
