"""Holds `rollcall validate` and frictionless to the same verdict on what a Table Schema says.

Each case is a schema and a file; both programs say which cells break it, and have to name the same ones. Run by
`cargo xtask test` as `against_frictionless.py ROLLCALL`, in an environment that has frictionless. The last line counts.

Left out is what the two read differently on purpose: white space (Rollcall says it is stray, frictionless reads
through it), blank rows (Rollcall passes over them), whole rows of a wrong length (Rollcall says nothing else of them);
and `groupChar` of integers, which version 2 of the standard has and frictionless 5.21 does not read.
"""

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from frictionless import Resource, Schema, system

# A column's properties, and texts of which some break them.
COLUMNS = [
    ({"type": "string", "constraints": {"required": True}}, ["x", ""]),
    ({"type": "string", "constraints": {"minLength": 2, "maxLength": 3}}, ["a", "ab", "äöü", "abcd", ""]),
    ({"type": "string", "constraints": {"pattern": "[A-Z]{2}[0-9]+"}}, ["AB1", "AB", "xAB1", "AB12x"]),
    ({"type": "string", "constraints": {"enum": ["Student", "Teacher"]}}, ["Student", "student", ""]),
    ({"type": "string", "format": "email"}, ["ann@example.com", "ann", "ann@", "@example.com"]),
    ({"type": "string", "format": "uuid"}, ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "1234"]),
    ({"type": "string", "constraints": {"unique": True}}, ["a", "b", "a", "", "", "A"]),
    ({"type": "integer"}, ["1", "-3", "1.5", "x", ""]),
    ({"type": "integer", "constraints": {"minimum": 1, "maximum": 3}}, ["0", "1", "3", "4"]),
    ({"type": "integer", "constraints": {"enum": [1, 2]}}, ["1", "3"]),
    ({"type": "integer", "bareNumber": False}, ["12 EUR", "$12", "x"]),
    ({"type": "number"}, ["1.5", "-2", "1e3", "1,5", "x", "NaN", "INF"]),
    ({"type": "number", "decimalChar": ",", "groupChar": "."}, ["1.234,5", "1,5", "x"]),
    ({"type": "number", "constraints": {"minimum": 0.5}}, ["0.4", "0.5", "7"]),
    ({"type": "boolean"}, ["true", "FALSE", "1", "0", "yes", "TrUe"]),
    ({"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, ["yes", "no", "true"]),
    ({"type": "date"}, ["2024-02-29", "2023-02-29", "2024-13-01", "29.2.2024"]),
    ({"type": "date", "format": "%d/%m/%Y"}, ["20/04/2011", "04/20/2011", "2011-04-20"]),
    ({"type": "date", "constraints": {"minimum": "2000-01-01", "maximum": "2020-12-31"}}, ["1999-12-31", "2000-01-01", "2021-01-01"]),
    ({"type": "time"}, ["17:30:00", "25:00:00", "x"]),
    ({"type": "datetime"}, ["2024-02-29T10:00:00", "2024-02-29T10:00:00Z", "2024-02-30T10:00:00", "x"]),
    ({"type": "year"}, ["2024", "x", "20240"]),
    ({"type": "year", "constraints": {"maximum": 2050}}, ["2050", "2051"]),
    ({"type": "yearmonth"}, ["2024-02", "2024-13", "x"]),
    ({"type": "duration"}, ["P1Y2M", "PT4H", "1 year", "x"]),
    ({"type": "object"}, ['{"a": 1}', "[1]", "x"]),
    ({"type": "array"}, ["[1]", '{"a": 1}', "x"]),
    ({"type": "geopoint"}, ["-71.06, 42.36", "181, 0", "x"]),
    ({"type": "any"}, ["x", "1"]),
]

# Schemas of several columns, with their rows.
TABLES = [
    (
        {"fields": [{"name": "a"}, {"name": "b"}], "primaryKey": ["a", "b"]},
        [["1", "x"], ["1", "y"], ["1", "x"]],
    ),
    (
        {"fields": [{"name": "a"}, {"name": "b"}], "missingValues": ["", "n/a"]},
        [["n/a", "x"], ["y", "z"]],
    ),
    (
        {
            "fields": [{"name": "a", "constraints": {"required": True}}, {"name": "b"}],
            "missingValues": ["", "n/a"],
        },
        [["n/a", "x"], ["y", "z"]],
    ),
    (
        {
            "fields": [{"name": "id"}, {"name": "boss"}],
            "foreignKeys": [{"fields": ["boss"], "reference": {"resource": "", "fields": ["id"]}}],
        },
        [["1", ""], ["2", "1"], ["3", "9"]],
    ),
]


def cases():
    for field, texts in COLUMNS:
        yield {"fields": [{"name": "value", **field}, {"name": "other"}]}, [[text, "x"] for text in texts]
    yield from TABLES


def by_rollcall(program, schema, roster):
    command = [program, "validate", roster, "--schema", schema, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 1), done.stderr
    found = json.loads(done.stdout)["diagnostics"]
    return {finding["location"]["row"] for finding in found if finding["severity"] == "error"}


def by_frictionless(schema, roster):
    with system.use_context(trusted=True):
        resource = Resource(path=str(roster), schema=Schema.from_descriptor(schema))
        tasks = resource.validate().tasks
    errors = [error for task in tasks for error in task.errors]
    assert all(hasattr(error, "row_number") for error in errors), errors
    return {error.row_number for error in errors}


def main(program):
    wrong = 0
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        schema_path, roster = Path(folder, "schema.json"), Path(folder, "roster.csv")
        for schema, rows in cases():
            count += 1
            schema_path.write_text(json.dumps(schema))
            with roster.open("w", newline="") as file:
                csv.writer(file).writerows([[field["name"] for field in schema["fields"]], *rows])
            ours, theirs = by_rollcall(program, schema_path, roster), by_frictionless(schema, roster)
            if ours != theirs:
                wrong += 1
                print(f"{json.dumps(schema)}\n  rollcall: rows {sorted(ours)}, frictionless: rows {sorted(theirs)}")
    verdict = "FAILED" if wrong else "ok"
    print(f"test result: {verdict}. {count - wrong} passed; {wrong} failed")
    return wrong


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1]) else 0)
