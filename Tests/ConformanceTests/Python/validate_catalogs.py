"""Validates documents, one a line in a file, against a schema; prints the places of what is wrong."""

import json
import sys

from jsonschema import Draft202012Validator

schema_path, documents_path = sys.argv[1:3]
with open(schema_path, encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
with open(documents_path, encoding="utf-8") as file:
    for line in file:
        errors = validator.iter_errors(json.loads(line))
        places = {"/" + "/".join(str(step) for step in error.absolute_path) for error in errors}
        print(" ".join(sorted(places)) if places else "valid")
