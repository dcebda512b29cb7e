"""Holds calls and answers against an OpenAPI 3.0 file, with jsonschema."""

from typing import Any, Iterator, Mapping, Optional

from jsonschema import Draft7Validator, FormatChecker, RefResolver
from jsonschema.exceptions import best_match
from ruamel.yaml import YAML

from core.settings import ROOT

APPOINTMENTS = ROOT / "docs" / "appointments" / "openapi.yml"


class OpenApi:
    """An API as its file describes it. Schemas of OpenAPI 3.0 read as those of JSON Schema here:
    the file uses no keyword in which they differ."""

    def __init__(self, path=APPOINTMENTS) -> None:
        self.document = YAML(typ="safe").load(path)
        self._resolver = RefResolver("", self.document)

    def operations(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Method, path and description of every call."""
        for path, item in self.document["paths"].items():
            for method in ("get", "put", "post", "delete"):
                if method in item:
                    shared = item.get("parameters", [])
                    own = item[method].get("parameters", [])
                    yield method.upper(), path, {**item[method], "parameters": [*shared, *own]}

    def resolve(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a part means, when it is a reference to another."""
        return self._resolver.resolve(part["$ref"])[1] if "$ref" in part else part

    def fault(self, schema: Mapping[str, Any], content: Any) -> Optional[str]:
        """Why a content does not fit a schema; None when it does."""
        checker = Draft7Validator(schema, resolver=self._resolver, format_checker=FormatChecker())
        error = best_match(checker.iter_errors(content))
        return error and f"{'.'.join(map(str, error.absolute_path))}: {error.message}"

    def request_fault(
        self, operation: Mapping[str, Any], headers: Mapping[str, str], body: Any
    ) -> Optional[str]:
        """Why a request does not fit; ``body`` is None when there is none."""
        for parameter in map(self.resolve, operation["parameters"]):
            if fault := self.fault(parameter["schema"], headers.get(parameter["name"])):
                return f"{parameter['name']}: {fault}"
        if "requestBody" not in operation:
            return None if body is None else "there must be no body"
        media = self.resolve(operation["requestBody"])["content"]["application/json"]
        return self.fault(media["schema"], body)

    def answer_fault(self, operation: Mapping[str, Any], status: int, body: Any) -> Optional[str]:
        """Why an answer is none that the file allows."""
        responses = operation["responses"]
        described = self.resolve(responses.get(str(status), responses["default"]))
        if "content" not in described:
            return None if body is None else f"{status} must have no body"
        return self.fault(described["content"]["application/json"]["schema"], body)
