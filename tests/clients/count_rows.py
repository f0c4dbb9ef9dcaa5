"""Counts the rows of every table in the databases below a folder; prints them as JSON, by table, and how many of the
databases have a table as `in_use`."""

import json
import pathlib
import sqlite3
import sys

counts = {"in_use": 0}
for file in pathlib.Path(sys.argv[1]).rglob("*.sqlite"):
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    counts["in_use"] += bool(tables)
    for (table,) in tables:
        (count,) = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        counts[table] = counts.get(table, 0) + count
    database.close()
print(json.dumps(counts))
