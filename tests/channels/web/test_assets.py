"""What the page's scripts and the server have to agree on."""

import re
from pathlib import Path

from actions.appointments.draft import PERSONAL
from channels.web import input as page

_ASSETS = Path(page.__file__).parent / "assets"


def test_the_page_hides_the_answers_to_every_personal_question():
    script = (_ASSETS / "asking.js").read_text()
    table = re.search(r"const PERSONAL = \{\n(.*?)\n\};", script, re.DOTALL)
    assert table
    assert set(re.findall(r"^  (\w+):", table[1], re.MULTILINE)) == PERSONAL
