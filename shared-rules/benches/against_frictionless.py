"""How many seconds frictionless takes to check a roster against the columns of the program `retail`.

Run by `cargo bench -p shared-rules` as `against_frictionless.py FILE`, in an environment that has frictionless.
"""

import csv
import json
import sys
import time
from pathlib import Path

from frictionless import Resource, Schema, system

KEPT = ("name", "type", "format", "constraints", "trueValues", "falseValues", "delimiter", "itemType")

file = Path(sys.argv[1])
program = json.loads((Path(__file__).parent.parent / "programs/retail.json").read_text())
fields = {field["name"]: field for field in program["fields"]}
with file.open(newline="") as lines:
    header = next(csv.reader(lines))
# frictionless takes a boolean's `enum` as texts, and knows no type `list`: these two are left to be texts.
columns = []
for name in header:
    column = {key: value for key, value in fields[name].items() if key in KEPT}
    if column["type"] == "list":
        column = {"name": name, "type": "string"}
    if column["type"] == "boolean":
        column.pop("constraints", None)
    columns.append(column)

system.trusted = True
schema = Schema.from_descriptor({"fields": columns, "missingValues": [""]})
started = time.perf_counter()
report = Resource(path=str(file), schema=schema).validate(limit_errors=1_000_000)
seconds = time.perf_counter() - started
if not report.tasks or report.errors:
    sys.exit(f"frictionless could not read the file: {report.errors}")
print(seconds)
