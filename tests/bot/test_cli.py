"""The command line as people and scripts use it."""

import json
import re
import shutil

import click
import pytest
from click.testing import CliRunner

from bot.cli import main
from core.settings import ROOT
from tests.support.onestop import onestop

VERBS = {"serve", "train", "chat", "understand", "knowledge", "appointments"}


def commands(group=main, path=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_the_help_of_each_verb_has_an_example_of_it(path):
    shown = CliRunner().invoke(main, [*path, "--help"])
    assert shown.exit_code == 0
    assert f"Example: onestop {' '.join(path)}" in " ".join(shown.output.split())


def test_every_verb_is_there():
    assert set(main.commands) >= VERBS
    assert {"check", "search"} <= set(main.commands["knowledge"].commands)


def test_the_console_is_said_to_be_not_there_yet():
    shown = CliRunner().invoke(main, ["serve", "admin"])
    assert shown.exit_code == 2
    assert "not there yet" in shown.stderr


def test_an_unknown_setting_is_one_sentence(monkeypatch):
    monkeypatch.setenv("ONESTOP_PROT", "80")
    shown = CliRunner().invoke(main, ["knowledge", "check"])
    assert shown.exit_code == 2
    assert "ONESTOP_PROT is not a setting" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_the_projects_own_knowledge_has_no_fault():
    shown = CliRunner().invoke(main, ["knowledge", "check"])
    assert shown.exit_code == 0, shown.output


def test_a_broken_file_is_named_with_line_and_fault(tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "knowledge" / "content", folder)
    broken = folder / "hotlines" / "1823.yml"
    lines = broken.read_text().splitlines()
    at = next(n for n, line in enumerate(lines, 1) if line.startswith("confidence:"))
    lines[at - 1] = "confidence: certain"
    broken.write_text("\n".join(lines))
    shown = CliRunner().invoke(main, ["knowledge", "check", str(folder)])
    assert shown.exit_code == 1
    assert re.search(rf"1823\.yml:{at}\b.*certain", shown.stdout)


def test_a_file_that_is_no_yaml_is_a_fault(tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "knowledge" / "content", folder)
    (folder / "hotlines" / "1823.yml").write_text("id: hotline:1823\nname: {en: [\n")
    shown = CliRunner().invoke(main, ["knowledge", "check", str(folder)])
    assert shown.exit_code == 1
    assert re.search(r"1823\.yml:\d+", shown.stdout)


@pytest.mark.model
def test_knowledge_search_gives_ids_and_scores(model, tmp_path):
    done = onestop(tmp_path, "knowledge", "search", "羅湖幾點閂門", "--json")
    assert done.returncode == 0, done.stderr
    hits = json.loads(done.stdout)
    assert hits[0]["id"] == "faq:bp01"
    assert all(set(hit) == {"id", "score"} for hit in hits)


@pytest.mark.model
def test_knowledge_search_shows_a_table_to_people(model, tmp_path):
    done = onestop(
        tmp_path, "knowledge", "search", "how", "long", "does", "a residence permit take"
    )
    assert done.returncode == 0, done.stderr
    assert "residence" in done.stdout.decode().lower()


def turns(done):
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def check_shape(turn):
    """The form of the contract."""
    assert set(turn) == {"user", "language", "script", "intent", "knowledge", "asks", "replies"}
    assert turn["language"] in ("yue", "cmn", "en")
    assert turn["script"] in ("Hant", "Hans", None)
    assert turn["replies"]
    for reply in turn["replies"]:
        assert set(reply) == {"text", "buttons", "link"}
        assert reply["text"]
        assert all(set(button) == {"title", "payload"} for button in reply["buttons"])


@pytest.mark.model
def test_chat_json_writes_one_object_a_turn(model, tmp_path):
    lines = ["羅湖口岸幾點閂門", "", "👍", "/restart", "通行證幾錢", "1"]
    written = "\n".join(lines).encode() + b"\n\xff\xfe\x00 no text at all\n"
    said = turns(onestop(tmp_path, "chat", "--json", "--user", "chan", said=written))
    assert len(said) == len(lines) + 1
    for turn in said:
        check_shape(turn)
        assert turn["user"] == "chan"
    assert {turn["language"] for turn in said[:6]} == {"yue"}
    assert said[0]["knowledge"] == ["faq:bp01"]
    assert said[0]["intent"] == "enquire"
    assert len(said[4]["replies"][0]["buttons"]) == 3
    assert said[5]["knowledge"] == ["permit:home_return_permit"]


@pytest.mark.model
def test_chat_jsonl_plays_many_people(model, tmp_path):
    said = [
        {"user": "a", "text": "English please"},
        {"user": "b", "text": "罗湖口岸几点关门"},
        {"user": "a", "text": "羅湖口岸幾點閂門"},
        {"user": "c", "text": "how long does a residence permit take", "language": "yue"},
        {"user": "b", "text": "中文"},
        {"user": "d", "text": "lone \ud800 surrogate"},
    ]
    lines = "\n".join(json.dumps(line) for line in said) + "\n"
    heard = turns(onestop(tmp_path, "chat", "--jsonl", said=lines))
    assert [turn["user"] for turn in heard] == ["a", "b", "a", "c", "b", "d"]
    assert [turn["language"] for turn in heard[:4]] == ["en", "cmn", "en", "yue"]
    assert heard[4]["asks"] == "language"
    for turn in heard:
        check_shape(turn)


@pytest.mark.model
def test_chat_jsonl_names_the_line_that_does_not_fit(model, tmp_path):
    done = onestop(tmp_path, "chat", "--jsonl", said='{"user": "a", "text": "hello"}\nno json\n')
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert "Line 2" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.model
def test_chat_numbers_the_choices_in_the_language_that_was_asked_for(model, tmp_path):
    done = onestop(tmp_path, "chat", "--language", "en", said="通行證幾錢\n")
    assert done.returncode == 0, done.stderr.decode()
    assert "  1. Home Return Permit" in done.stdout.decode()


@pytest.mark.model
def test_understand_jsonl_has_the_form_of_the_contract(model, tmp_path):
    texts = [
        "羅湖口岸幾點閂門",
        "how long does a residence permit take",
        "English please",
        "👍",
        "",
        "/restart",
        "x" * 9999,
    ]
    lines = "\n".join(json.dumps({"text": text}) for text in texts) + "\n"
    heard = turns(onestop(tmp_path, "understand", "--jsonl", said=lines))
    assert [line["text"] for line in heard] == texts
    for line in heard:
        assert set(line) == {
            "text",
            "language",
            "script",
            "intent",
            "confidence",
            "entities",
            "knowledge",
        }
        assert line["language"] in ("yue", "cmn", "en")
        assert 0 <= line["confidence"] <= 1
        assert len(line["knowledge"]) <= 5
        assert line["intent"] == "enquire" or line["knowledge"] == []
    assert (heard[0]["language"], heard[0]["script"], heard[0]["intent"]) == (
        "yue",
        "Hant",
        "enquire",
    )
    assert heard[0]["knowledge"][0]["id"] == "faq:bp01"
    scores = [hit["score"] for hit in heard[0]["knowledge"]]
    assert scores == sorted(scores, reverse=True)
    assert heard[2]["intent"] == "change_language"
    assert heard[2]["entities"][0]["value"] == "en"
    assert [line["intent"] for line in heard[3:]] == ["out_of_scope"] * 4


@pytest.mark.model
def test_understand_tells_entities_with_their_places_in_the_text_as_it_was_sent(model, tmp_path):
    text = "  …我係香港人，想喺深圳補領　回鄉證，電話９１２３ 4567，身份證 A123456(3)"
    (heard,) = turns(
        onestop(tmp_path, "understand", "--jsonl", said=json.dumps({"text": text}) + "\n")
    )
    found = [(e["entity"], e["value"], text[e["start"] : e["end"]]) for e in heard["entities"]]
    assert found == [
        ("applicant_side", "hong_kong", "香港人"),
        ("city", "Shenzhen", "深圳"),
        ("application_type", "lost", "補領"),
        ("permit", "permit:home_return_permit", "回鄉證"),
        ("permit", "permit:hkid", "身份證"),
        ("document_number", "A123456(3)", "A123456(3)"),
        ("phone_number", "+85291234567", "９１２３ 4567"),
    ]


@pytest.mark.model
def test_understand_takes_a_text_on_the_command_line(model, tmp_path):
    done = onestop(tmp_path, "understand", "how much", "is a Home Return Permit")
    assert done.returncode == 0, done.stderr.decode()
    understood = json.loads(done.stdout)
    assert understood["text"] == "how much is a Home Return Permit"
    assert understood["intent"] == "enquire"


def test_without_a_model_it_says_how_to_get_one(tmp_path):
    (tmp_path / "models").mkdir()
    done = onestop(tmp_path, "chat", said="hello\n")
    assert done.returncode == 1
    assert b"onestop train" in done.stderr
    assert b"Traceback" not in done.stderr
