"""The player of scripts: it goes by what is asked, and tells what is not as written."""

from types import SimpleNamespace

import pytest
from ruamel.yaml import YAML

from core.reader import Reader
from tests.dialogue.appointments import script as scripts_module
from tests.dialogue.appointments.script import Script, Stage, scripts

BEGIN = {"say": "book", "answers": {"name": "Ng", "phone": ["what?", "123"]}}


class Form:
    """Asks for what it is told to, whatever is said; ``said`` is what it heard."""

    def __init__(self, *asks, reader="en"):
        self._asks, self._reader, self.said = list(asks), reader, []

    async def turn(self, sender, text, channel):
        self.said.append(text)
        asks = self._asks.pop(0)
        reply = {"text": f"Your {asks}? K4M-T7P-R2W", "buttons": []}
        return SimpleNamespace(asks=asks, replies=[reply], reader=Reader.parse(self._reader))


async def play(form, **part):
    stage = Stage(SimpleNamespace(conversation=form), clock=None)
    written = {"permit": "hkid", "parts": [{**BEGIN, **part}]}
    await stage.play(Script("en", 1, written))


@pytest.mark.parametrize(
    "asks", [("name", "phone", "phone", None), ("phone", "phone", "name", None)]
)
async def test_answers_in_whatever_order_it_is_asked(asks):
    form = Form(*asks)
    await play(form)
    assert form.said[0] == "book"
    assert sorted(form.said[1:]) == ["123", "Ng", "what?"]


@pytest.mark.parametrize(
    "asks, part, fault",
    [
        (("name", None), {}, "not asked for: ['phone']"),
        (("name", "name"), {}, "nothing is left to answer name"),
        (("centre",), {}, "nothing is left to answer centre"),
        (("name",), {"say": {"say": "book", "asks": "phone"}}, "not asked: phone"),
        (("name",), {"say": {"say": "book", "contains": "zebra"}}, "without 'zebra'"),
        (("name",), {"say": {"say": "book", "lacks": "Your"}}, "with 'Your'"),
        ((None,), {"answers": {}, "contains": "{reference}x"}, "without 'K4M-T7P-R2Wx'"),
    ],
)  # fmt: skip
async def test_tells_what_is_not_as_written(asks, part, fault):
    with pytest.raises(AssertionError) as told:
        await play(Form(*asks), **part)
    assert fault in str(told.value)
    assert "book → " in str(told.value)


async def test_the_language_is_looked_at_in_every_turn():
    with pytest.raises(AssertionError, match="answered in \\('cmn', 'Hans'\\)"):
        await play(Form("name", reader="cmn-Hans"))


@pytest.mark.parametrize(
    "written",
    [
        {"permit": "hkid", "tolld": {}, "parts": []},
        {"permit": "hkid", "parts": [{"say": "book", "answer": {}}]},
        {"permit": "hkid", "parts": [{"say": {"say": "book", "ask": "name"}}]},
        {"permit": "hkid", "parts": [{"say": "book", "answers": {"name": {"said": "Ng"}}}]},
    ],
)
def test_what_is_written_wrongly_is_refused(tmp_path, monkeypatch, written):
    monkeypatch.setattr(scripts_module, "FOLDER", tmp_path)
    (tmp_path / "ways").mkdir()
    for language in scripts_module.LANGUAGES:
        with (tmp_path / "ways" / f"{language}.yml").open("w") as file:
            YAML().dump([written], file)
    with pytest.raises(ValueError, match="hkid"):
        list(scripts("ways"))
