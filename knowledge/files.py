"""Reads one YAML file; finds the line of a place in it when something is wrong there."""

import re
from itertools import accumulate
from pathlib import Path
from typing import Any, Optional, Sequence, Union

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from knowledge.fault import Fault

MAX_BYTES = 256 * 1024
MAX_DEPTH = 100
_MANY_DASHES = re.compile(rf"(?:[-?] +){{{MAX_DEPTH}}}")


def read_yaml(path: Path, data: bytes) -> Union[Any, Fault]:
    """The content of a file, or the fault that keeps it from being read."""
    if len(data) > MAX_BYTES:
        return Fault(path, 1, f"The file is larger than {MAX_BYTES // 1024} KB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return Fault(path, line, "The file is not in UTF-8. Save it again as UTF-8.")
    if _too_deep(text):
        return Fault(path, 1, "There are too many brackets or dashes inside one another.")
    try:
        return YAML(typ="safe").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line if mark else 0
        return Fault(path, line + 1, _plain(error, "".join(text.split("\n")[line : line + 1])))
    except YAMLError as error:
        return Fault(path, 1, f"The file cannot be read as YAML: {error}.")
    except (ValueError, TypeError) as error:  # such as the date 2026-13-45
        return Fault(path, 1, f"A value in the file cannot be read ({error}). Put it in quotes.")


def _too_deep(text: str) -> bool:
    """Whether the parser, which is written in C, could run out of stack and end the process."""
    levels = accumulate(1 if sign in "[{" else -1 for sign in re.findall(r"[\[\]{}]", text))
    return max(levels, default=0) > MAX_DEPTH or bool(_MANY_DASHES.search(text))


def _plain(error: MarkedYAMLError, line: str) -> str:
    problem = str(error.problem or error.context or "unknown fault")
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "There is a tab here. Use spaces to indent."
    if "mapping values are not allowed" in problem:
        return "There is a colon inside a text here. Put the text in quotes."
    if "duplicate key" in problem:
        return f"A name stands twice here: {problem}."
    return f"The file cannot be read here ({problem}). Check the indent and the quotes."


def line_of(data: bytes, place: Sequence[Union[str, int]]) -> int:
    """The line (from 1) of the value at ``place``, or of its nearest parent that exists."""
    node: Optional[Node] = YAML(typ="rt", pure=True).compose(data.decode("utf-8-sig"))
    line = 1
    for step in place:
        following: Optional[Node] = None
        if isinstance(node, MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    line, following = key.start_mark.line + 1, value
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            following = node.value[step]
            line = following.start_mark.line + 1
        if following is None:
            break
        node = following
    return line
