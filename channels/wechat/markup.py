"""Reads the XML and JSON of pushes, which are hostile until they are checked.

Both forms become the same: nested dictionaries whose values are strings. Nothing is resolved
(entities, document types), nothing is read twice (a name that stands twice is refused, as two
readers could take different ones), and numbers stay as they are written, since ids have 64 bits.
"""

import json
from typing import Any, Dict, List, NoReturn, Union
from xml.parsers import expat

from channels.wechat.refused import Refused

#: Levels of nesting and number of fields; real pushes have 4 and about 30.
MAX_DEPTH, MAX_FIELDS = 8, 500
#: Names that may stand several times.
_LISTS = ("List", "item")

Field = Union[str, Dict[str, Any], List[Any]]
Fields = Dict[str, Any]


def read(body: bytes) -> Fields:
    """The fields of a push, XML or JSON, whichever it is.

    Raises:
        Refused: it is neither, or breaks the rules above.
    """
    if body.lstrip()[:1] == b"{":
        return _read_json(body)
    return _Reader().read(body)


def text_of(fields: Fields, name: str) -> str:
    """The text of a field; empty when there is none.

    Raises:
        Refused: the field is no text.
    """
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise Refused("malformed")
    return value


class _Reader:
    """Builds the dictionaries while expat reads."""

    def __init__(self) -> None:
        self._open: List[Fields] = []
        self._texts: List[List[str]] = []
        self._names: List[str] = []
        self._count = 0
        self._root: Field = ""

    def read(self, body: bytes) -> Fields:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse
        parser.ProcessingInstructionHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = lambda text: self._texts[-1].append(text)
        parser.buffer_text = True
        try:
            # as a string: UTF-8 whatever the declaration says, as the platform has it
            parser.Parse(body.decode(), True)
        except (expat.ExpatError, ValueError):
            raise Refused("malformed") from None
        if not isinstance(self._root, dict) or self._names != ["xml"]:
            raise Refused("malformed")
        return self._root

    def _start(self, name: str, attributes: Dict[str, str]) -> None:
        self._count += 1
        if attributes or self._count > MAX_FIELDS or len(self._open) >= MAX_DEPTH:
            raise Refused("malformed")
        self._open.append({})
        self._texts.append([])
        self._names.append(name)

    def _end(self, name: str) -> None:
        fields, text = self._open.pop(), "".join(self._texts.pop())
        value: Field = fields or text
        if fields and text.strip():
            raise Refused("malformed")
        if not self._open:
            self._root = value
            return
        self._names.pop()
        above = self._open[-1]
        if name in _LISTS:
            above.setdefault(name, []).append(value)
        elif name in above:
            raise Refused("duplicate")
        else:
            above[name] = value


def _refuse(*_: Any) -> NoReturn:
    raise Refused("malformed")


def _read_json(body: bytes) -> Fields:
    try:
        # numbers as they are written: no rounding, and no time spent on a number of a megabyte
        read = json.loads(
            body.decode(), object_pairs_hook=_once,
            parse_int=str, parse_float=str, parse_constant=_refuse,
        )  # fmt: skip
    except (ValueError, RecursionError):
        raise Refused("malformed") from None
    fields = _strings(read, MAX_DEPTH)
    if not isinstance(fields, dict):
        raise Refused("malformed")
    return fields


def _once(pairs: List[Any]) -> Fields:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise Refused("duplicate")
    if len(fields) > MAX_FIELDS:
        raise Refused("malformed")
    return fields


def _strings(value: Any, depth: int) -> Field:
    if depth == 0:
        raise Refused("malformed")
    if isinstance(value, dict):
        return {_string(name): _strings(one, depth - 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_strings(one, depth - 1) for one in value]
    return _string(value)


def _string(value: Any) -> str:
    """A value as a string without lone surrogates, which nothing behind this could write."""
    return "" if value is None else str(value).encode("utf-8", "ignore").decode()
