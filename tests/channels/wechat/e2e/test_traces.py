"""What is left behind of people: nothing in plain in Redis, in the database or in the logs."""

from channels.wechat.simulator import messages
from tests.support.wechat_site import NAME, PHONE, TEMPLATE

#: Nobody and nothing but this person says it.
WORDS = "我想問下紫色大象喺羅湖幾點閂門"


def files(folder):
    """All that Redis, the database and the logs have written, by their names."""
    found = [path for path in folder.rglob("*") if path.is_file() and "models" not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


async def test_nothing_personal_and_no_secret_stands_anywhere_in_plain(site):
    one, mini = site.person("traces"), site.person("traces", "mini")
    for person in (one, mini):
        await person.say(WORDS)
        await person.book()
        await person.tells(messages.decided({TEMPLATE: "accept"}))
        await person.does(messages.voice("我讀出嚟嘅紫色大象"))
    tokens = [token for one in site.platforms.values() for token in one.world._tokens]
    assert tokens
    secrets = [one.secret for one in site.accounts.values()]
    secrets += [token for one in site.accounts.values() for token in one.tokens]
    secrets += [key for one in site.accounts.values() for key in one.aes_keys]
    openids = [who for platform in site.platforms.values() for who in platform.world.people]
    said = [WORDS, "紫色大象", NAME, PHONE, PHONE.replace(" ", ""), one.document, mini.document]
    said += [one.document.replace("(", "").replace(")", "") for one in (one, mini)]
    await site.redis.config_set("rdbcompression", "no")
    await site.redis.save()

    written = files(site.folder)
    for name in ("redis/onestop.rdb", "onestop.sqlite3", "server.log"):
        assert written[name], name
    log = written["server.log"].decode()
    assert '"level": "info"' in log and "a token for wx02 was fetched" in log
    # the pseudonym is there, so that a search in the wrong place would be noticed
    holding = [name for name, content in written.items() if one.sender.encode() in content]
    for kind in ("rdb", "aof", "sqlite3"):
        assert any(kind in name for name in holding), kind
    for words in (*tokens, *secrets, *openids, *said):
        for form in (words.encode(), words.encode("unicode_escape")):
            holding = [name for name, content in written.items() if form in content]
            assert not holding, (words[:12], holding)
