"""One person's chat on the page, and the pages of a sign-in, by the words of the knowledge."""

from tests.browser.pages import ask

#: What people say, by the variant that they are answered in.
SAID = {
    "yue": {"sign_in": "我要登入", "sign_out": "登出", "mine": "我想睇我嘅預約",
            "status": "我嘅申請去到邊", "book": "我想預約續期香港身份證"},
    "en": {"sign_in": "sign in", "sign_out": "sign out", "mine": "my appointments",
           "status": "where is my application", "book": "book HKID renewal"},
}  # fmt: skip
LOCALES = {"yue": "zh-HK", "en": "en-GB"}
#: What the provider's button says; the broker tells the same of this person.
CHAN = "陳大文"


class Words:
    """What the assistant says, in one variant."""

    def __init__(self, content, variant):
        self._content, self._variant = content, variant

    def __call__(self, key):
        """A phrase up to its first value."""
        return self._content.phrases[key].get(self._variant).partition("{")[0].strip()


class Chat:
    """The chat in a browser of its own.

    Args:
        words: what the assistant says in this person's language, see ``Words``.
    """

    def __init__(self, context, url, variant, words):
        self.context, self.words = context, words
        self._said = SAID[variant]
        self.page = context.new_page()
        self.page.goto(url)
        self.page.locator(".message--bot").first.wait_for()  # the greeting: it is connected

    def say(self, what):
        """Says one of ``SAID``, or the words themselves, and returns the first answer's text."""
        return ask(self.page, self._said.get(what, what)).inner_text()

    def tap(self, key):
        """Taps a choice of the last message by its phrase; returns the answer's text."""
        answers = self.page.locator(".message--bot")
        before = answers.count()
        self.page.locator(".is-latest .choice", has_text=self.words(key)).click()
        answers.nth(before).wait_for(timeout=15_000)
        return answers.nth(before).inner_text()

    def hears(self, words, after=0):
        """Waits for a message that the assistant sends; returns its text.

        Args:
            after: how many messages it must come behind.
        """
        found = self.page.locator(f".message--bot:nth-of-type(n+{after + 1})", has_text=words).last
        found.wait_for(timeout=15_000)
        return found.inner_text()

    def count(self):
        return self.page.locator(".message--bot").count()

    def link(self):
        """The address of the last link to sign in."""
        name = self.words("account.link_sign_in")
        return self.page.locator("a.button", has_text=name).last.get_attribute("href")

    def tap_link(self):
        """Opens that link as people do. Returns its page, in a tab of its own."""
        with self.page.expect_popup() as opened:
            self.page.locator(f'a.button[href="{self.link()}"]').click()
        opened.value.wait_for_load_state()
        return opened.value


def go(page):
    """“Go to sign in”."""
    page.locator("button[name=do][value=go]").click()


def log_in(page, person=CHAN):
    """At the test's provider."""
    page.get_by_role("button", name=person).click()


def linked(page):
    """Waits for the page after a login that says which chat is signed in; returns its text."""
    page.locator('form[action="/identity/undo"]').wait_for()
    return page.inner_text("main")
