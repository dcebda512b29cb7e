import logging
import threading
import time

import pytest

from core.errors import OneStopError
from knowledge.loader import load_files
from knowledge.store import KnowledgeStore


@pytest.fixture
def store(folder):
    """The knowledge of the folder, watched."""
    store = KnowledgeStore(folder)
    store.watch()
    wait_until_watched(store, folder)
    yield store
    store.close()


def within(seconds, condition):
    """Waits until ``condition`` holds. Returns whether it came to hold in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def wait_until_watched(store, folder):
    """The watcher's thread needs a moment; it is ready when it has seen a first change."""
    words = folder / "glossary" / "words.yml"
    before = store.current
    first = words.read_text()
    for number in range(100):
        words.write_text(f"{first}# {number}\n")
        if within(0.8, lambda: store.current is not before):
            return
    raise AssertionError("the folder is not watched")


def opening(store):
    return store.current.entries["faq:port"].answer.en


def test_a_changed_file_is_current_within_two_seconds(store, port, change):
    change(port, "06:30", "07:00")
    assert within(2, lambda: opening(store) == "It opens at 07:00.")
    assert store.faults == []


def test_a_file_that_an_editor_replaces_is_current_within_two_seconds(store, port):
    draft = port.with_suffix(".tmp")
    draft.write_text(port.read_text().replace("06:30", "07:00"))
    draft.replace(port)
    assert within(2, lambda: opening(store) == "It opens at 07:00.")


def test_a_new_file_is_current_within_two_seconds(store, port):
    text = port.read_text().replace("faq:port", "faq:new").replace("06:30", "08:00")
    new = port.parent / "more" / "new.yml"
    new.parent.mkdir()
    new.write_text(text)
    assert within(2, lambda: "faq:new" in store.current.entries)


def test_a_removed_file_is_gone_within_two_seconds(store, port):
    port.unlink()
    assert within(2, lambda: "faq:port" not in store.current.entries)
    assert "service:search" in store.current.entries


def test_a_broken_file_changes_nothing_and_is_reported(store, port, change, caplog):
    before = store.current
    with caplog.at_level(logging.ERROR, logger="knowledge.store"):
        change(port, "  yue: 六點半開。\n", "")
        assert within(2, lambda: store.faults)
    assert store.current is before
    assert [str(fault) for fault in store.faults] == [f"{port}:5: answer: yue is missing."]
    assert within(2, lambda: f"{port}:5: answer: yue is missing." in caplog.text)


def test_a_broken_file_does_not_hold_up_the_others(store, port, search, change):
    change(port, "topic: border", "topic: [")
    assert within(2, lambda: store.faults)
    change(search, "Search online.", "Search by telephone.")
    assert within(2, lambda: store.current.entries["service:search"].answer.en != "Search online.")
    assert opening(store) == "It opens at 06:30."
    assert store.current.entries["service:search"].answer.en == "Search by telephone."


def test_a_mended_file_is_current_and_no_longer_reported(store, port, change):
    change(port, "06:30.", "06:30.\n\tbroken")
    assert within(2, lambda: store.faults)
    change(port, "06:30.\n\tbroken", "05:00.")
    assert within(2, lambda: opening(store) == "It opens at 05:00.")
    assert store.faults == []


def test_a_half_written_file_never_shows(folder, port):
    store = KnowledgeStore(folder)
    before = store.current
    whole = port.read_text().replace("06:30", "07:00").encode()
    last = whole.rindex(b"sources:")
    for size in range(0, last, 7):
        port.write_bytes(whole[:size])
        store.refresh()
        assert store.current is before
        assert store.faults
    port.write_bytes(whole)
    assert store.refresh()
    assert opening(store) == "It opens at 07:00."


def test_a_writer_in_the_middle_does_not_stop_the_watching(store, port):
    whole = port.read_text().replace("06:30", "07:00")
    with port.open("w") as file:
        for place in range(0, len(whole), 20):
            file.write(whole[place : place + 20])
            file.flush()
            time.sleep(0.01)
    assert within(2, lambda: opening(store) == "It opens at 07:00.")
    assert within(2, lambda: store.faults == [])


def test_a_snapshot_in_use_does_not_change(store, port, change):
    held = store.current
    change(port, "06:30", "07:00")
    assert within(2, lambda: store.current is not held)
    assert held.entries["faq:port"].answer.en == "It opens at 06:30."


def test_files_that_were_read_before_are_read_again_only_when_changed(folder, port, change):
    files = load_files(folder)
    change(port, "06:30", "07:00")
    store = KnowledgeStore(folder, files)
    assert store.current.entries["faq:port"].answer.en == "It opens at 07:00."
    others = [file for path, file in files.items() if path != port]
    assert all(any(file is kept for kept in store._files.values()) for file in others)


def test_nothing_new_is_nothing_new(folder, port):
    store = KnowledgeStore(folder)
    port.touch()
    assert store.refresh() is False


def test_listeners_hear_of_it_before_it_is_current(folder, port, change):
    store, heard = KnowledgeStore(folder), []
    store.on_change(lambda fresh: heard.append((fresh, store.current)))
    before = store.current
    change(port, "06:30", "07:00")
    assert store.refresh() is True
    assert heard == [(store.current, before)]


def test_listeners_hear_nothing_of_a_broken_file(folder, port, change):
    store, heard = KnowledgeStore(folder), []
    store.on_change(heard.append)
    change(port, "topic: border", "topic: [")
    assert store.refresh() is False
    assert heard == []


def test_a_listener_that_fails_leaves_the_last_snapshot_and_is_asked_again(folder, port, change):
    store, failures = KnowledgeStore(folder), [RuntimeError("once")]

    def listener(_snapshot):
        if failures:
            raise failures.pop()

    store.on_change(listener)
    change(port, "06:30", "07:00")
    with pytest.raises(RuntimeError):
        store.refresh()
    assert opening(store) == "It opens at 06:30."
    assert store.refresh() is True
    assert opening(store) == "It opens at 07:00."


def test_a_folder_with_a_broken_file_can_be_opened(folder, port, change, caplog):
    change(port, "topic: border", "topic: [")
    with caplog.at_level(logging.ERROR, logger="knowledge.store"):
        store = KnowledgeStore(folder)
    assert "faq:port" not in store.current.entries
    assert len(store.faults) == 1
    assert f"knowledge: {port}:" in caplog.text


def test_a_folder_without_knowledge_is_refused(tmp_path):
    with pytest.raises(OneStopError, match="There is no knowledge"):
        KnowledgeStore(tmp_path)


def test_the_watching_ends(folder):
    def watchers():
        return [thread for thread in threading.enumerate() if thread.name == "knowledge-watch"]

    others = len(watchers())
    store = KnowledgeStore(folder)
    store.watch()
    assert len(watchers()) == others + 1
    store.close()
    assert within(5, lambda: len(watchers()) <= others)


def test_a_folder_that_goes_away_and_comes_back_is_followed(folder, tmp_path):
    store = KnowledgeStore(folder)
    before = len(store.current.entries)
    store.watch()
    try:
        away = tmp_path / "away"
        folder.rename(away)
        time.sleep(1.2)  # longer than two looks: it must have been seen to be gone
        assert len(store.current.entries) == before
        away.rename(folder)
        path = next(folder.rglob("*.yml"))
        path.write_text(path.read_text() + "# looked at again\n")
        revision = store.current.revision
        deadline = time.monotonic() + 5
        while store.current.revision == revision and time.monotonic() < deadline:
            time.sleep(0.05)
        assert store.current.revision != revision
    finally:
        store.close()


def test_sentences_that_go_away_stay_as_they_were(folder):
    store = KnowledgeStore(folder)
    phrases = dict(store.current.phrases)
    for path in (folder / "ui").glob("*.yml"):
        path.unlink()
    store.refresh()
    assert store.current.phrases == phrases


def test_where_stand_ins_are_not_allowed_there_are_no_demo_centres(folder):
    assert KnowledgeStore(folder).current.centres["harbour"].demo
    store = KnowledgeStore(folder, demo=False)
    assert store.current.centres == {}
    store.refresh()
    assert store.current.centres == {}
