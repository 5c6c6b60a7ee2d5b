"""Opens a folder that the TensorBoard callback wrote with the real tensorboard package, and compares.

    pip install tensorboard numpy setuptools
    swift run chapter7-callbacks
    python3 Tests/TensorBoardTests/check_with_tensorboard.py output/chapter7-callbacks

Reads everything back by TensorBoard's own readers (event accumulator, graph and projector plugins), and compares the
curves with the history's table and the last histogram and vectors with the weights in the run's folder.
"""

import csv
import glob
import json
import struct
import sys

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import graph_pb2
from tensorboard.plugins.projector import projector_config_pb2
from tensorboard.plugins.projector.projector_plugin import _read_tensor_tsv_file
from tensorboard.plugins.graph import graph_util
from google.protobuf import text_format
from tensorboard.util.tensor_util import make_ndarray


def weights(path):
    """The tensors of a safetensors file."""
    data = open(path, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    body = data[8 + length :]
    return {
        name: np.frombuffer(body[slice(*facts["data_offsets"])], "<f4").reshape(facts["shape"])
        for name, facts in header.items()
    }


def check(fact, what):
    print(("ok      " if fact else "FAILED  ") + what)
    if not fact:
        check.failed = True


check.failed = False
run = sys.argv[1]
logs = run + "/my_log_dir"
history = list(csv.DictReader(open(run + "/history.csv")))
learned = weights(run + "/weights.safetensors")
runs = {}
for part in ["train", "validation"]:
    assert len(glob.glob(f"{logs}/{part}/events.out.tfevents.*")) == 1
    runs[part] = EventAccumulator(f"{logs}/{part}", {"tensors": 0}).Reload()

for part, prefix in [("train", ""), ("validation", "val_")]:
    for tag in ["loss", "acc"]:
        events = runs[part].Tensors(tag)
        ours = np.array([row[prefix + tag] for row in history], np.float32)
        theirs = np.array([make_ndarray(event.tensor_proto) for event in events], np.float32)
        check(np.array_equal(ours, theirs), f"{part}/{tag}: {len(events)} values, bit for bit")
        check([event.step for event in events] == list(range(1, len(ours) + 1)), f"{part}/{tag}: steps")
        plugin = runs[part].SummaryMetadata(tag).plugin_data.plugin_name
        check(plugin == "scalars", f"{part}/{tag}: shown by the plugin {plugin}")

for name, value in learned.items():
    rows = make_ndarray(runs["train"].Tensors(name)[-1].tensor_proto)
    edges = np.append(rows[:, 0], rows[-1, 1])
    check(rows[:, 2].sum() == value.size, f"{name}: histogram of {value.size} values")
    # A single value stands in the middle of a bin of width 1.
    margin = 0.5 if value.min() == value.max() else 0
    check(
        np.isclose(edges[0], value.min() - margin) and np.isclose(edges[-1], value.max() + margin),
        f"{name}: from {edges[0]:.4f} to {edges[-1]:.4f}",
    )
    counts, _ = np.histogram(value.astype(np.float64), edges)
    # A value on a border may be counted on either side of it.
    difference = np.abs(counts - rows[:, 2]).sum() / value.size
    check(difference < 1e-3, f"{name}: numpy counts alike but for {difference:.2g} of all")
tags = [tag for tag in runs["validation"].Tags()["tensors"] if tag.endswith("/activations")]
check(len(tags) == 6, "activations of " + ", ".join(tag.split("/")[0] for tag in tags))

graph = runs["train"].Graph()
check(isinstance(graph, graph_pb2.GraphDef), f"graph of {len(graph.node)} nodes")
names = [node.name for node in graph.node]
check(len(set(names)) == len(names), "nodes have names of their own")
check(all(i in names for node in graph.node for i in node.input), "all inputs are nodes")
check(len(graph_util.merge_graph_defs([graph]).node) == len(names), "the graph plugin takes it")

config = projector_config_pb2.ProjectorConfig()
text_format.Parse(open(logs + "/projector_config.pbtxt").read(), config)
embedding = config.embeddings[0]
vectors = _read_tensor_tsv_file(f"{logs}/{embedding.tensor_path}")
check(np.array_equal(vectors, learned["embed/embeddings"]), f"projector: {vectors.shape} vectors, bit for bit")
words = open(f"{logs}/{embedding.metadata_path}", encoding="utf-8").read().splitlines()
check(len(words) == len(vectors), "projector: words " + ", ".join(words[3:9]))

sys.exit(1 if check.failed else 0)
