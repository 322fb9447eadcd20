import pytest

from binhyen.contracts import EventBatch, Hold
from binhyen.contracts.describe import json_schema


def test_a_contract_is_described_field_by_field():
    assert json_schema(Hold) == {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "camera": {"type": "string"},
            "start": {"type": "integer"},
            "end": {"type": "integer"},
        },
        "required": ["id", "camera", "start", "end"],
        "additionalProperties": False,
    }


def test_nested_contracts_are_described_inside():
    event = json_schema(EventBatch)["properties"]["events"]["items"]
    assert event["required"] == ["id", "kind", "at"]
    assert event["properties"]["detail"] == {"type": "object", "additionalProperties": {"type": "string"}}
    assert "gap" in event["properties"]["kind"]["enum"]


@pytest.mark.parametrize(
    ("kind", "described"),
    [
        (int | None, {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        (tuple[bool, ...], {"type": "array", "items": {"type": "boolean"}}),
    ],
)
def test_what_may_be_absent_and_what_repeats_are_described(kind, described):
    assert json_schema(kind) == described


def test_what_no_contract_holds_is_refused():
    with pytest.raises(TypeError, match="no contract holds"):
        json_schema(bytes)
