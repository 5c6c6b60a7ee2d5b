"""Writes the Parquet files with which ParquetTests compares what it reads. Needs pyarrow.

    python make_parquet_fixtures.py
"""

import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

folder = pathlib.Path(__file__).parent
words = [f"word{number * 37 % 100}" for number in range(300)] + ["", "Größe", "映画", "it's"]

# By way of a dictionary that is soon full, so that later pages are plain; several pages, compressed.
pq.write_table(
    pa.table({"index": words, "number": list(range(len(words)))}), folder / "words-snappy.parquet",
    compression="snappy", data_page_size=256, dictionary_pagesize_limit=400, write_batch_size=64)

# Rows without a text, neither dictionary nor compression, two groups of rows.
gaps = [None if number % 3 == 1 else word for number, word in enumerate(words[:60])]
pq.write_table(
    pa.table({"index": gaps}), folder / "words-plain.parquet", compression="none",
    use_dictionary=False, row_group_size=40)

# A column in which every row has a text.
schema = pa.schema([pa.field("index", pa.string(), nullable=False)])
pq.write_table(
    pa.table({"index": ["same"] * 50 + ["other"]}, schema), folder / "words-required.parquet",
    compression="snappy")

# What is not known: another compression, pages of version 2.
pq.write_table(
    pa.table({"index": words}), folder / "words-gzip.parquet", compression="gzip")
pq.write_table(
    pa.table({"index": words}), folder / "words-version2.parquet", compression="snappy",
    data_page_version="2.0")
