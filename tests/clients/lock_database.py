"""Holds a database of SQLite for itself: says so, and gives it free when its standard input ends."""

import sqlite3
import sys

database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
database.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
