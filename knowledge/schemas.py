"""Checks a file's content against the JSON Schema of its kind, in plain sentences."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Iterator, Sequence, Union

from jsonschema import Draft7Validator, RefResolver
from jsonschema.exceptions import ValidationError, best_match

_FOLDER = Path(__file__).parent / "schema"
Place = Sequence[Union[str, int]]


@cache
def _validator(kind: str) -> Draft7Validator:
    common = json.loads((_FOLDER / "common.json").read_text())
    schema = json.loads((_FOLDER / f"{kind}.json").read_text())
    resolver = RefResolver("", schema, store={"common.json": common})
    return Draft7Validator(schema, resolver=resolver)


def check(kind: str, content: Any) -> Iterator[tuple[Place, str]]:
    """Yields the place and a plain sentence of every fault of ``content``, each once."""
    told = set()
    for error in _validator(kind).iter_errors(content):
        cause = _cause(error)
        sentence = _sentence(cause)
        if sentence not in told:  # the library names each missing name in a fault of its own
            told.add(sentence)
            yield list(cause.absolute_path), sentence


def _cause(error: ValidationError) -> ValidationError:
    """The fault behind a fault of alternatives: that of the one alternative of the right type."""
    if not error.context:
        return error
    wrong = {e.schema_path[0] for e in error.context if e.validator == "type" and not e.path}
    meant = [e for e in error.context if e.schema_path[0] not in wrong]
    return _cause(best_match(meant)) if meant else error


def _sentence(error: ValidationError) -> str:
    where = ".".join(str(step) for step in error.absolute_path) or "the file"
    value: Any = error.instance
    rule = error.validator
    expected: Any = error.validator_value
    if rule == "required":
        missing = [name for name in expected if name not in value]
        return f"{where}: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing."
    if rule == "additionalProperties":
        schema: Any = error.schema
        known = schema.get("properties", {})
        extra = [name for name in value if name not in known]
        return f"{where}: {', '.join(map(str, extra))} is not a name that is known here."
    if rule == "type":
        if expected == "string" and isinstance(value, (int, float)):
            return f"{where}: {value} is a number here. Put it in quotes to make it a text."
        return f"{where}: this must be {_type_name(expected)}."
    if rule == "enum":
        return f"{where}: {value!r} is not one of {', '.join(map(str, expected))}."
    if rule == "uniqueItems":
        twice = next((item for i, item in enumerate(value) if item in value[:i]), "")
        return f"{where}: “{twice}” stands twice."
    if rule in ("minLength", "maxLength", "minItems", "maxItems"):
        return f"{where}: this is too {'short' if rule.startswith('min') else 'long'}."
    if rule == "pattern":
        return f"{where}: {value!r} does not have the expected form."
    if rule == "oneOf":
        return f"{where}: this must be a text in each language, a list of such texts, or null."
    return f"{where}: {error.message}."


def _type_name(expected: Any) -> str:
    names = {"string": "a text", "object": "a group of names", "array": "a list",
             "number": "a number", "integer": "a whole number", "null": "null",
             "boolean": "true or false"}  # fmt: skip
    kinds = expected if isinstance(expected, list) else [expected]
    return " or ".join(names.get(kind, str(kind)) for kind in kinds)
