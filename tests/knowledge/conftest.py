"""A small, faultless content folder to change and to break."""

import shutil

import pytest

from core.settings import ROOT

FAQ = """\
id: faq:port
name: {en: Opening hours, yue: 開放時間, zh_hant: 開放時間, zh_hans: 开放时间}
topic: border
verified: true
answer:
  en: It opens at 06:30.
  yue: 六點半開。
  zh_hant: 六時半開放。
  zh_hans: 六点半开放。
facts: {}
questions:
  en: ["When does it open?"]
  yue: ["幾點開門㗎？"]
  cmn: ["几点开门？"]
related:
  - service:search
as_of: '2026-11-22'
confidence: high
sources:
  - title: A notice
    addresses: [www.gov.hk/notice]
"""
SERVICE = """\
id: service:search
name: {en: Company search, zh_hant: 公司查冊, zh_hans: 公司查册}
side: hk
category: company_registration
department: CR
membership: inferred
answer:
  en: Search online.
  yue: 上網查。
  zh_hant: 可在網上查冊。
  zh_hans: 可在网上查册。
facts:
  fee: null
  time: {en: At once, zh_hant: 即時, zh_hans: 即时}
  online: {en: On the site, zh_hant: 網站, zh_hans: 网站}
  who: {en: Anyone, zh_hant: 任何人, zh_hans: 任何人}
  documents:
    - {en: A name, zh_hant: 名稱, zh_hans: 名称}
    - {en: A number, zh_hant: 號碼, zh_hans: 号码}
questions:
  en: ["How do I search for a company?"]
  yue: ["點樣查公司？"]
  cmn: ["怎么查公司？"]
ask: hotline:1823
link: https://www.cr.gov.hk/search
as_of: '2026-11-22'
confidence: medium
sources:
  - title: A trade paper
    addresses: [news.example.com/search]
"""
HOTLINE = """\
id: hotline:1823
name: {en: Government hotline, zh_hant: 政府熱線, zh_hans: 政府热线}
number: '1823'
answer:
  en: Call 1823.
  yue: 打1823。
  zh_hant: 致電1823。
  zh_hans: 拨打1823。
facts:
  phone: {en: '1823', zh_hant: '1823', zh_hans: '1823'}
  hours: {en: 24 hours, zh_hant: 24小時, zh_hans: 24小时}
questions:
  en: ["What is 1823?"]
  yue: ["1823係咩？"]
  cmn: ["1823是什么？"]
as_of: '2026-11-22'
confidence: high
sources:
  - title: The hotline
"""
PERMIT = """\
id: permit:card
name: {en: Travel card, zh_hant: 旅行卡, zh_hans: 旅行卡}
answer:
  en: A card for travelling.
  yue: 出門用嘅卡。
  zh_hant: 出門用的卡。
  zh_hans: 出行用的卡。
facts: {who: null, documents: null, fee: null, time: null, validity: null, where: null, how: null}
questions:
  en: ["What is a travel card?"]
  yue: ["旅行卡係咩？"]
  cmn: ["旅行卡是什么？"]
ask: hotline:1823
as_of: '2026-11-22'
confidence: high
sources:
  - title: A leaflet
"""
CENTRE = """\
id: harbour
name: {en: Harbour (DEMO), zh_hant: 海港（示範 DEMO）, zh_hans: 海港（演示 DEMO）}
address: {en: The harbour, yue: 海港嗰度, zh_hant: 海港, zh_hans: 海港}
side: hong_kong
locality: central
permits: [card]
demo: true
opening:
  - {days: [mon, sat], from: "09:00", to: "12:00", every: 30, capacity: 4}
  - {days: [mon], from: "14:00", to: "15:00", every: 60, capacity: 1}
on_holidays: closed
aliases: [海港中心]
"""
LOCALITIES = """\
near: [附近, near]
localities:
  island:
    name: {en: The Island, zh_hant: 港島, zh_hans: 港岛}
    city: Hong Kong
    latitude: 22.27
    longitude: 114.18
  central:
    name: {en: Central, zh_hant: 中環, zh_hans: 中环}
    aliases: [city centre]
    city: Hong Kong
    within: island
    latitude: 22.28
    longitude: 114.16
"""
PERMITS = """\
card:
  name: {en: Card, zh_hant: 卡, zh_hans: 卡}
  application_types: [first, lost]
  documents: {hong_kong: [hkid, hrp], macao: [macao_id]}
  guardian_below: 16
  min_age: null
  lead_days: 1
  window_days: 20
  ask: hotline:1823
"""
LEVELS = """\
tasks:
  book_appointment: {level: 0}
  view_appointment: {level: 2}
  reschedule_appointment: {level: 2}
  cancel_appointment: {level: 2, max_age_minutes: 15}
  check_application_status: {level: 2}
  delete_my_data: {level: 0}
services:
  service:search: {level: 3}
"""
REFERENCE = {
    "official_hosts": "gov.hk: {en: GovHK, zh_hant: 香港政府一站通, zh_hans: 香港政府一站通}\n",
    "departments": (
        "CR:\n  name: {en: Registry, zh_hant: 註冊處, zh_hans: 注册处}\n  ask: hotline:1823\n"
    ),
    "cities": "Shenzhen: {en: Shenzhen, zh_hant: 深圳, zh_hans: 深圳}\n",
    "ambiguities": (
        "ambiguities:\n"
        "  - words: [thing]\n"
        "    question: {en: 'Which one?', zh_hant: 哪一個？, zh_hans: 哪一个？}\n"
        "    choices:\n"
        "      - title: {en: Hours, zh_hant: 時間, zh_hans: 时间}\n"
        "        entry: faq:port\n"
        "      - title: {en: Search, zh_hant: 查冊, zh_hans: 查册}\n"
        "        entry: service:search\n"
    ),
    "qualifiers": "qualifiers:\n  - [south, southbound]\n",
    "application_types": (
        "first: {words: [first time]}\nrenewal: {words: [renew, 續期]}\n"
        "lost: {words: [lost], hints: [replace]}\ndamaged: {words: [torn]}\n"
        "change_of_particulars: {words: [new name]}\n"
    ),
    "applicant_sides": (
        "hong_kong: {words: [港人]}\nmainland: {words: [mainlander]}\n"
        "macao: {words: [澳門人]}\nforeign: {words: [foreigner]}\n"
    ),
}
UI = """\
utter_greet:
  en: Hello {name}!
  yue: 你好{name}！
  zh_hant: 你好{name}！
  zh_hans: 你好{name}！
  buttons:
    - title: {en: Hours, zh_hant: 時間, zh_hans: 时间}
      payload: '/choose{"entry": "faq:port"}'
"""
GLOSSARY = "terms:\n  - {colloquial: [回鄉卡], formal: [回鄉證], en: Home Return Permit}\n"


@pytest.fixture
def folder(tmp_path):
    """The folder; ``folder / "topics" / "port.yml"`` is the file that most tests break."""
    folder = tmp_path / "content"
    for place, text in {
        "topics/port.yml": FAQ,
        "services/search.yml": SERVICE,
        "hotlines/1823.yml": HOTLINE,
        "permits/card.yml": PERMIT,
        "appointments/centres/harbour.yml": CENTRE,
        "appointments/localities.yml": LOCALITIES,
        "appointments/permits.yml": PERMITS,
        "identity/levels.yml": LEVELS,
        "ui/greet.yml": UI,
        "glossary/words.yml": GLOSSARY,
        **{f"reference/{name}.yml": text for name, text in REFERENCE.items()},
    }.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text)
    real = ROOT / "knowledge" / "content"
    shutil.copy(real / "reference" / "facts.yml", folder / "reference")
    shutil.copy(real / "ui" / "reply.yml", folder / "ui")
    return folder


@pytest.fixture
def port(folder):
    """The file of the entry ``faq:port``."""
    return folder / "topics" / "port.yml"


@pytest.fixture
def search(folder):
    """The file of the entry ``service:search``."""
    return folder / "services" / "search.yml"


@pytest.fixture
def change():
    """``change(path, old, new)`` replaces words of a file that stand there once."""

    def change(path, old, new):
        text = path.read_text()
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new))

    return change


@pytest.fixture(scope="session")
def content_folder():
    """The folder of the real content."""
    return ROOT / "knowledge" / "content"
