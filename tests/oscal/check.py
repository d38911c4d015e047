"""check.py DOCUMENT - is this valid OSCAL 1.2.1 assessment results?"""
import json
import os
import sys

import jsonschema

CLASSES = (("\\p{L}", "[^\\W\\d_]"), ("\\p{N}", "\\d"))


def written_out(node):
    if isinstance(node, dict):
        return {k: plain(v) if k == "pattern" and isinstance(v, str)
                else written_out(v) for k, v in node.items()}
    if isinstance(node, list):
        return [written_out(v) for v in node]
    return node


def plain(pattern):
    for unknown, known in CLASSES:
        pattern = pattern.replace(unknown, known)
    return pattern


here = os.path.dirname(os.path.abspath(__file__))
with open(here + "/assessment-results-1.2.1.schema.json") as file:
    schema = written_out(json.load(file))
with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
validator = jsonschema.Draft7Validator(schema)
errors = list(validator.iter_errors(document))
for error in errors[:10]:
    print("/".join(str(p) for p in error.path) + ":", error.message[:200])
sys.exit(1 if errors else 0)
