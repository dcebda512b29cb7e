"""Reads one YAML file; finds the line of a place in it when something is wrong there."""

from pathlib import Path
from typing import Any, Optional, Sequence, Union

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from knowledge.fault import Fault

MAX_BYTES = 256 * 1024


def read_yaml(path: Path, data: bytes) -> Union[Any, Fault]:
    """The content of a file, or the fault that keeps it from being read."""
    if len(data) > MAX_BYTES:
        return Fault(path, 1, f"The file is larger than {MAX_BYTES // 1024} KB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return Fault(path, line, "The file is not in UTF-8. Save it again as UTF-8.")
    try:
        return YAML(typ="safe").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Fault(path, mark.line + 1 if mark else 1, _plain(error))
    except YAMLError as error:
        return Fault(path, 1, f"The file cannot be read as YAML: {error}.")
    except (ValueError, TypeError, RecursionError) as error:  # such as the date 2026-13-45
        return Fault(path, 1, f"A value in the file cannot be read ({error}). Put it in quotes.")


def _plain(error: MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "unknown fault")
    if "tab" in problem or "'\\t'" in problem:
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
