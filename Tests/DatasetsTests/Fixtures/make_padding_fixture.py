"""Makes padded-sequences.json with Keras: python3 make_padding_fixture.py (needs keras).

The sequences are the reviews of imdb-expected.json, as they are and, as in the book, turned around before padding.
"""

import json
import os

from keras.utils import pad_sequences

os.chdir(os.path.dirname(os.path.abspath(__file__)))
with open("imdb-expected.json") as file:
    reviews = json.load(file)["limited"]

names = {"pre": "start", "post": "end"}
cases = []
for length in (1, 7, 11, 40):
    for padding in names:
        for truncating in names:
            for reverse in (False, True):
                sequences = [review[::-1] for review in reviews] if reverse else reviews
                rows = pad_sequences(sequences, maxlen=length, padding=padding, truncating=truncating)
                cases.append({
                    "length": length, "padding": names[padding], "truncating": names[truncating],
                    "isReversed": reverse, "ids": rows.flatten().tolist(),
                })
with open("padded-sequences.json", "w") as file:
    json.dump(cases, file, separators=(",", ":"))
    file.write("\n")
