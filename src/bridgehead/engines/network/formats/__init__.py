"""Networks and trips as files other planning programs read and write: bytes or text in, records out, and back.

`tntp` has the text files of the collection Transportation Networks for Research, `gmns` the tables of the General
Modeling Network Specification, `omx` open matrices, `geojson` maps and `parquet` columns. Files are opened by whoever
calls. Numbers are written so that reading gives the same bits; bad input raises with every fault at once.
"""
