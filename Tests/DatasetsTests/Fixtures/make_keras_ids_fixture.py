"""Makes aclImdb-ties.tar.gz, reviews with many equally frequent words and bytes that are no UTF-8, and keras-ids.json: the
fingerprint of what Keras' imdb.npz would hold if it had been made of them. Needs NumPy. The dictionary of Python 2.7 is
written down here a second time, for Python 3."""

import hashlib
import io
import json
import random
import struct
import tarfile

import numpy as np

MASK = (1 << 64) - 1


def hash_of(key):
    if not key:
        return 0
    value = key[0] << 7
    for byte in key:
        value = (value * 1000003 & MASK) ^ byte
    value ^= len(key)
    return MASK - 1 if value == MASK else value


def dictionary_order(keys):
    table = [None] * 8

    def put(table, key):
        place = hash_of(key) & (len(table) - 1)
        perturb = hash_of(key)
        while table[place & (len(table) - 1)] is not None:
            place = place * 5 + perturb + 1 & MASK
            perturb >>= 5
        table[place & (len(table) - 1)] = key

    for used, key in enumerate(keys, 1):
        put(table, key)
        if used * 3 >= len(table) * 2:
            room = used * (2 if used > 50000 else 4)
            size = 8
            while size <= room:
                size *= 2
            larger = [None] * size
            for old in table:
                if old is not None:
                    put(larger, old)
            table = larger
    return [key for key in table if key is not None]


FILTERS = b'!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'


def words_of(text):
    return text.lower().translate(bytes.maketrans(FILTERS, b" " * len(FILTERS))).split(b" ")


random.seed(7)
syllables = ["ka", "lo", "Mi", "ne", "RU", "sha", "to", "wé", "x'", "zu"]
vocabulary = ["".join(random.choices(syllables, k=random.randint(1, 4))) for _ in range(700)]
marks = [" ", ", ", ". ", "<br />", " - ", "\n", "\t", "  "]
files = {}
for half, count in (("train", 12), ("test", 5)):
    for verdict in ("pos", "neg"):
        for number in range(count):
            text = "".join(
                random.choice(vocabulary) + random.choice(marks) for _ in range(random.randint(20, 90))
            ).encode()
            if number == 3:
                text += b"broken \xe9\xff byteS\x85here"
            files[f"aclImdb/{half}/{verdict}/{number}_{7 if verdict == 'pos' else 2}.txt"] = text

with tarfile.open("aclImdb-ties.tar.gz", "w:gz") as archive:
    names = list(files)
    random.shuffle(names)
    for name in names:
        info = tarfile.TarInfo(name)
        info.size = len(files[name])
        archive.addfile(info, io.BytesIO(files[name]))


def half(name):
    return [n for v in ("pos", "neg") for n in sorted(n for n in files if n.startswith(f"aclImdb/{name}/{v}/"))]


counts = {}
for name in half("train"):
    for word in filter(None, words_of(files[name])):
        counts[word] = counts.get(word, 0) + 1
ranking = sorted(dictionary_order(list(counts)), key=lambda word: -counts[word])
rank = {word: number + 1 for number, word in enumerate(ranking)}


def add(digest, array):
    digest.update(struct.pack("<Q", len(array)) + bytes(array))


total = hashlib.sha256()
for name, seed in (("train", 113), ("test", 226)):
    names = half(name)
    order = np.arange(len(names))
    np.random.RandomState(seed).shuffle(order)
    labels, starts, ids = [], [0], []
    for index in order:
        ids += [1] + [rank[w] + 3 for w in words_of(files[names[index]]) if w in rank]
        labels.append(1 if "/pos/" in names[index] else 0)
        starts.append(len(ids))
    digest = hashlib.sha256()
    for values, kind in ((labels, "u1"), (starts, "<i4"), (ids, "<i4")):
        array = np.array(values, dtype=kind)
        digest.update(struct.pack("<Q", len(array)) + array.tobytes())
    add(total, digest.hexdigest().encode())
with open("keras-ids.json", "w") as file:
    json.dump({"fingerprint": total.hexdigest(), "words": len(rank), "ties": len(rank) - len(set(counts.values()))}, file)
