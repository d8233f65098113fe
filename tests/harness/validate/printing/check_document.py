"""check_document.py json FILE SCHEMA | xml FILE: exit 1 and a line for each thing that is wrong with it."""

import json
import sys
import xml.etree.ElementTree

try:
    import jsonschema
except ImportError:
    print("Debian's package python3-jsonschema is missing")
    sys.exit(3)

kind, file = sys.argv[1:3]
with open(file, "rb") as document:
    content = document.read()
if kind == "xml":
    xml.etree.ElementTree.fromstring(content)
else:
    with open(sys.argv[3], encoding="utf-8") as schema:
        validator = jsonschema.validators.validator_for(rules := json.load(schema))
        validator.check_schema(rules)
        wrong = list(validator(rules).iter_errors(json.loads(content.decode("utf-8"))))
    for one in wrong:
        print("/".join(str(step) for step in one.absolute_path), one.message, sep=": ")
    sys.exit(1 if wrong else 0)
