"""The file that departments build after: whole in itself, and what our side really does."""

import re

import pytest
from jsonschema import Draft7Validator

from actions.appointments import http_messages as messages
from actions.appointments.http_client import _REFUSALS
from actions.appointments.model import ApplicationType, Side
from tests.support.openapi import OpenApi

API = OpenApi()
OPERATIONS = {operation["operationId"]: operation for _, _, operation in API.operations()}
SCHEMAS = API.document["components"]["schemas"]


def contents(part):
    """The JSON bodies that a part of the file describes, references followed."""
    part = API.resolve(part)
    if "application/json" in part.get("content", {}):
        yield part["content"]["application/json"]


def bodies(operation):
    yield from contents(operation.get("requestBody", {}))
    for response in operation["responses"].values():
        yield from contents(response)


def references(part):
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        part = list(part.values())
    if isinstance(part, list):
        for item in part:
            yield from references(item)


def test_there_is_a_call_for_every_method_of_the_port():
    assert set(OPERATIONS) == {
        "searchSlots", "hold", "release", "confirm", "find", "ofPerson", "ofChat", "reschedule",
        "cancel",
    }  # fmt: skip


def test_every_reference_leads_somewhere_and_every_part_is_used():
    used = set(references(API.document))
    for name in used:
        assert API.resolve({"$ref": name})
    for kind in ("schemas", "parameters", "responses", "requestBodies"):
        for name in API.document["components"][kind]:
            assert f"#/components/{kind}/{name}" in used


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name):
    Draft7Validator.check_schema(SCHEMAS[name])
    assert "nullable" not in str(SCHEMAS[name])  # JSON Schema does not know it


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_body_has_an_example_that_fits(name):
    found = list(bodies(OPERATIONS[name]))
    assert found
    for media in found:
        assert API.fault(media["schema"], media["example"]) is None


@pytest.mark.parametrize(
    "name, model",
    [("searchSlots", messages.Slots), ("hold", messages.Slot), ("confirm", messages.Appointment),
     ("find", messages.Appointment), ("ofPerson", messages.Appointments),
     ("ofChat", messages.Appointments),
     ("reschedule", messages.Appointment), ("cancel", messages.Appointment)],
)  # fmt: skip
def test_our_side_understands_the_examples(name, model):
    (media,) = contents(OPERATIONS[name]["responses"]["200"])
    assert model.validate(media["example"])


def test_every_refusal_that_we_tell_apart_is_a_code_of_the_file():
    codes = SCHEMAS["Error"]["properties"]["code"]["enum"]
    assert {code for _, code in _REFUSALS} <= set(codes)
    text = str(API.document["paths"]) + str(API.document["components"]["responses"])
    for code in codes:
        assert f"`{code}`" in text


def test_the_vocabulary_is_that_of_the_port():
    booking = SCHEMAS["Booking"]["properties"]
    assert booking["application_type"]["enum"] == list(ApplicationType.__args__)
    assert booking["applicant_side"]["enum"] == list(Side.__args__)


@pytest.mark.parametrize(
    "schema, field",
    [("CatalogueId", messages.Slot.__fields__["centre"]), ("SlotId", messages.Slot.__fields__["id"]),
     ("Reference", messages.Appointment.__fields__["reference"]),
     ("Text", messages._Applicant.__fields__["name"]),
     ("PersonId", messages._Booking.__fields__["person"]),
     ("ChatId", messages.FromHere.__fields__["chat"])],
)  # fmt: skip
def test_the_patterns_on_both_sides_are_the_same(schema, field):
    pattern = SCHEMAS[schema]["pattern"]
    assert re.fullmatch(r"\^(.*)\$", pattern)[1] == field.type_.regex.pattern.removesuffix(r"\Z")


def test_the_limits_of_numbers_and_lists_are_the_same():
    free, changes = (
        SCHEMAS["Slot"]["properties"]["free"],
        SCHEMAS["Appointment"]["properties"]["changes"],
    )
    assert free["maximum"] == changes["maximum"] == messages._Count.le
    for name, model in (("Slots", messages.Slots), ("Appointments", messages.Appointments)):
        (field,) = model.__fields__.values()
        assert SCHEMAS[name]["properties"][field.name]["maxItems"] == field.field_info.max_items
