"""``onestop outbox``: dead letters are shown without anybody's words, sent again and dropped."""

import asyncio

import pytest
from click.testing import CliRunner

from bot.cli import main
from channels.common.outbox import Outbox, waiting
from core.cache import connect
from core.vault import Vault, make_keys
from tests.support.post import ADDRESS, TEXT, outgoing

SENDERS = "test-0123456789abcdef", "test-fedcba9876543210"


@pytest.fixture
def on_redis(redis_url, monkeypatch):
    """Runs work on the Redis that the command is told of."""
    monkeypatch.setenv("ONESTOP_REDIS_URL", redis_url)

    def run(work):
        async def connected():
            client = connect(redis_url)
            try:
                return await work(client)
            finally:
                await client.close()
                await client.connection_pool.disconnect()

        return asyncio.run(connected())

    run(lambda client: client.flushall())
    return run


@pytest.fixture
def two_letters(on_redis):
    async def bury(client):
        outbox = Outbox(client, Vault(make_keys(), "f"))
        for sender, reason in zip(SENDERS, ("40003", "too many tries")):
            await outbox.put(outgoing(f"o-{sender}", sender), outgoing(f"p-{sender}", sender))
            [ticket] = await outbox.take_over(1)
            await outbox.dead(ticket, await outbox.next(ticket), reason)
        await outbox.park(ticket, await outbox.next(ticket))
        return list(await client.zrange("outbox:dead:order", 0, -1))

    return on_redis(bury)


def onestop(*words):
    return CliRunner().invoke(main, ["outbox", *words], env={"COLUMNS": "140"})


def test_dead_letters_are_listed_without_anybodys_words(two_letters):
    shown = onestop("list")
    assert shown.exit_code == 0, shown.output
    for item_id, sender, reason in zip(two_letters, SENDERS, ("40003", "too many tries")):
        [line] = [line for line in shown.output.splitlines() if item_id[:8] in line]
        assert reason in line and sender[:13] in line
    for secret in (ADDRESS, TEXT, *SENDERS, *two_letters):
        assert secret not in shown.output
    assert "2 dead letters; 2 messages wait, 1 lines of them" in shown.output


def test_without_letters_there_is_no_table(on_redis):
    assert onestop("list").output.startswith("0 dead letters; 0 messages wait")


def test_a_letter_is_sent_again(two_letters, on_redis):
    shown = onestop("retry", two_letters[0][:8])
    assert (shown.exit_code, shown.output) == (0, "To be sent again: 1\n")
    assert on_redis(lambda client: client.hkeys("outbox:dead")) == [two_letters[1]]
    assert on_redis(waiting) == (3, 1)


def test_all_letters_are_dropped(two_letters, on_redis):
    shown = onestop("drop", "--all")
    assert (shown.exit_code, shown.output) == (0, "Deleted: 2\n")
    assert on_redis(lambda client: client.hkeys("outbox:dead")) == []
    assert on_redis(waiting) == (2, 1)


@pytest.mark.parametrize("verb", ["retry", "drop"])
def test_a_letter_that_is_not_there_is_said_so_and_nothing_is_done(two_letters, on_redis, verb):
    for name in ("zzzz", ""):
        shown = onestop(verb, two_letters[0], name)
        assert shown.exit_code == 1
        assert "dead letter" in shown.output
    assert len(on_redis(lambda client: client.hkeys("outbox:dead"))) == 2


@pytest.mark.parametrize("words", [[], ["3f2a", "--all"]])
def test_letters_are_named_or_all(on_redis, words):
    for verb in ("retry", "drop"):
        assert onestop(verb, *words).exit_code == 2


def test_the_help_has_examples(on_redis):
    for words in (["--help"], ["list", "--help"], ["retry", "--help"], ["drop", "--help"]):
        assert "Example: onestop outbox" in onestop(*words).output
