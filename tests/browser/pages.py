"""What the browser tests do with a page: ask, look, check."""

import json
from pathlib import Path

import axe_playwright_python

from core.settings import ROOT

#: Kept for people to look at after a run.
SHOTS = ROOT / "var" / "screenshots"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def ask(page, text):
    """Types a question, sends it, and returns the assistant's next message."""
    answers = page.locator(".message--bot")
    before = answers.count()
    page.fill("textarea", text)
    page.keyboard.press("Enter")
    answers.nth(before).wait_for(timeout=15_000)
    return answers.nth(before)


def shoot(page, name):
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=False)


def violations(page):
    """What axe-core finds against WCAG 2.2 AA."""
    page.wait_for_timeout(400)  # the fade-in of a message is not what axe should look at
    page.evaluate(AXE)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}}).then(r => r.violations)",
        tags,
    )
    return [f"{v['id']}: {json.dumps([n['target'] for n in v['nodes']])}" for v in found]
