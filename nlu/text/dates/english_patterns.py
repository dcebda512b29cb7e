"""How dates and hours are written in English, on folded (lower-case) text."""
# ruff: noqa: E501 -- a pattern is read as one piece

import re
from functools import partial

from nlu.text.dates.lexicon import names_of, numbers_of
from nlu.text.dates.numerals import ENGLISH, ENGLISH_NUMBER, number

_ascii = partial(re.compile, flags=re.ASCII)  # a Chinese character beside a word ends it
WEEKDAYS = names_of("weekdays") | {"sat": 6, "sun": 7}
MONTHS = names_of("months")
ORDINALS = numbers_of("en", "ordinals")


def choices(words: "dict[str, int]") -> str:
    return "|".join(sorted(words, key=len, reverse=True))


MONTH_NAME = rf"(?P<month>{choices(MONTHS)})\.?"
LONG_MONTHS = {w for w in MONTHS if len(w) > 3} - {"march", "sept"}
_CARDINALS = [word for word, value in ENGLISH.items() if 13 <= value <= 31]  # "may one" is no date
DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{choices(ORDINALS)}|{'|'.join(sorted(_CARDINALS, key=len, reverse=True))})"
ONES = "one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = {
    word: 10 * tens
    for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_BELOW_100 = (
    rf"(?:(?:{'|'.join(TENS)})(?:[\s-](?:{'|'.join(ONES)})(?!\w))?|{'|'.join(TEENS)}"
    rf"|(?:oh|o|zero)[\s-](?:{'|'.join(ONES)}))"
)
SAID_YEAR = (
    rf"(?:nineteen|twenty)[\s-]{_BELOW_100}"
    rf"|two thousand(?:\sand)?(?:\s(?:{_BELOW_100}|{'|'.join(ONES)}))?"
)
YEAR_NAME = rf"(?:[\s,.-]*(?:of\s|in\s)?(?P<y>(?:1\d|20)\d\d|'\d\d|{SAID_YEAR})(?![\w:]))?"
N = rf"(?:{ENGLISH_NUMBER}|an?|half an?|a couple of|couple of)"
UNITS = {"min": 0, "minute": 0, "hour": 0, "hr": 0, "day": 1, "week": 7, "fortnight": 14}
UNIT = r"(?P<unit>min(?:ute)?|hour|hr|day|week|fortnight|month|year)s?"
ONES = "one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = {
    t: 10 * n
    for n, t in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_BELOW_100 = (
    rf"(?:(?:{'|'.join(TENS)})(?:[\s-](?:{'|'.join(ONES)})(?!\w))?|{'|'.join(TEENS)}"
    rf"|(?:oh|o|zero)[\s-](?:{'|'.join(ONES)}))"
)
SAID_YEAR = rf"(?:nineteen|twenty)[\s-]{_BELOW_100}|two thousand(?:\sand)?(?:\s(?:{_BELOW_100}|{'|'.join(ONES)}))?"
SEGMENTS = {"early": "early", "beginning of": "early", "start of": "early", "mid": "mid",
             "middle of": "mid", "late": "late", "later": "late", "end of": "late"}  # fmt: skip
SEGMENT = (
    r"(?:(?:the\s)?(?P<segment>early|mid|late|later|(?:the\s)?"
    r"(?:end|beginning|start|middle) of)[\s-](?:in\s)?(?:the\s)?)?"
)
HOUR = r"(?P<h>\d{1,2}|" + "|".join(
    "one two three four five six seven eight nine ten eleven twelve".split()) + ")"  # fmt: skip

WEEKDAY = _ascii(
    r"(?<![\w'])(?:(?P<which>this coming|the coming|coming|this|next next|next|last|upcoming|following|every|each)\s|(?P<han>[下今呢这上本])一?个?\s?)?"
    rf"(?P<day>(?<!i )(?<!we )(?:{choices(names_of('weekdays'))})|(?<!i )(?<!we )(?<!they )(?<!the )(?<!早)(?:sat|sun)(?=\s*(?:$|[,.?!/&)-]|\d|"
    r"ok|is|works?|pl|or|and|to|at|am|pm|mor|aft|eve|noon|night|before|after|\W*[^\x00-\x7f]))"
    r")(?:'?s)?(?![\w'])\.?(?P<after>\s(?:week(?!\w)|after next|before last|from now|later|ago|(?:of |in )?next week|(?:the )?week after next"
    rf"|(?:of|in)\s(?:the\s)?(?:(?:this|next|last|each|every)\s)?(?:month|{choices(MONTHS)})(?!\w)))?"
)
WEEK = _ascii(
    r"(?<!\w)(?:(?:the\s)?(?P<segment>early|mid|late|later|end of|beginning of|start of|middle of)[\s-](?:in\s)?(?:the\s)?)?"
    r"(?P<which>this|next next|next|last|coming|(?:the )?following)\s(?:coming\s)?(?P<what>week(?:end)?|month|year)(?!\w|\sof\s|\sin\s(?!the\s(?:mor|aft|eve)))"
    r"|(?<!\w)the (?P<what2>week(?:end)?|month) after next|(?<!\w)(?:the |on )?weekend(?!\w)"
)
DAY_MONTH = _ascii(
    rf"(?<![\w.:/$])(?:(?P<first>{DAY})\s?(?P<link>or|and|to|-|&|/)\s?(?:the\s)?)?(?P<d>{DAY})"
    rf"[\s.-]*(?:of\s)?{MONTH_NAME}(?![a-z']){'-?'}{YEAR_NAME}"
)
YEAR_FIRST = _ascii(rf"(?<!\w)(?P<y>(?:19|20)\d\d)[\s/-]{MONTH_NAME}[\s/-](?P<d>{DAY})(?!\w)")
ON = _ascii(r"(?<!\w)on\s(?:the\s)?(?P<d>\d{1,2})(?P<month>(?!\w|[/.:]\d|-\d))(?=$|[\s,.])")
MONTH_DAY = _ascii(
    rf"(?<!\w){MONTH_NAME}[\s-]*(?:the\s)?(?P<d>{DAY})(?![\w:]|[.,]\d(?!\d{{3}})|%|\s?(?:[ap]\.?m|people|persons?|of|days?|weeks?|"
    rf"months?|years?|times?|hours?|hrs)(?!\w)){YEAR_NAME}"
    rf"(?:\s?(?P<link>or|and|to|-|&)\s?(?:the\s)?(?P<second>{DAY})(?![\w:/]|\s?(?:[ap]\.?m)))?"
)
MONTH = _ascii(
    rf"(?<!\w)(?:{SEGMENT}(?P<long>{choices(MONTHS)})|{SEGMENT.replace('segment', 'segment2')}"
    rf"(?P<which>in|of|during|by|next|this|last|until)\s(?P<short>{choices(MONTHS)}))(?![\w'])"
    r"(?:\s(?P<y>(?:19|20)\d\d)(?!\d))?"
)
SPAN_END = _ascii(
    r"(?<!\w)(?:the\s)?(?P<segment>end|beginning|start|middle|mid|late|later|early)[\s-](?:of\s)?(?:the\s|this\s)?(?P<what>month|year|week)(?!\w)"
    r"|(?<!\w)(?P<what2>month|year)[\s-]end(?!\w)"
)
YEAR = _ascii(r"(?<!\w)in (?P<y>(?:19|20)\d\d)(?!\w)")
ORDINAL = _ascii(
    rf"(?<!\w)(?:the\s)?(?P<d>\d{{1,2}}(?:st|nd|rd|th)|(?<=the\s)(?:{choices(ORDINALS)})|(?<=day\sthe\s)(?:\d{{1,2}}|{ENGLISH_NUMBER}))(?!\w)(?P<month>\sof\s(?P<which>this|next|the)\smonth)?"
    r"(?(month)|(?!\sof))(?=\s*(?:$|[,.?!)&/]|at|in the|or|and|to|of|please|pls|yes|but|i|we|if|so|then|instead|for|morning|afternoon|evening|is|works?|before|"
    r"after|noon|from|\d|mon|tue|wed|thu|fri|sat|sun|[^\x00-\x7f]))"
)
OFFSET = _ascii(
    rf"(?<!\w)(?:(?P<lead>in|after|within)\s)?(?P<about>(?:about|around)\s)?(?P<n>{N})(?:\s|-)?{UNIT}(?!\w)"
    r"(?:['’]?s?\s(?P<tail>later|from now|from today|ago|time|after))?"
)
COMPOUND = _ascii(r"(?:day|week|month|year|hour|hr)s?,?\s(?:and\s)?$")
WEEK_ON = _ascii(
    rf"(?<!\w)(?P<n>an?|one|two|three|1|2|3)\s(?P<unit>week|fortnight)s?\s(?:(?:on|from|after)\s)?(?=(?:this\s|next\s)?(?:{choices(WEEKDAYS)}|today|tomorrow|tmr)(?!\w))"
)
CLOCK = _ascii(
    rf"(?<![\w.:/$#]){HOUR}(?:(?P<sep>[:.]|\s)(?P<m>[0-5]\d|{_BELOW_100}))?\s?"
    r"(?:(?P<ap>[ap])\.?\s?m(?![a-z])\.?|(?P<oc>o'?\s?clock)(?!\w)|(?P<ish>ish)(?!\w)|(?P<word>noon)(?!\w))"
)
TO = _ascii(  # 2-4pm
    rf"(?<![\w.:/$#-]){HOUR}(?:[:.](?P<m>[0-5]\d))?\s?(?:-|~|to|and|or|until|till|&|/)\s?"
    r"(?=\d{1,2}(?:[:.][0-5]\d)?\s?(?:[ap]\.?m|noon|o'?clock))"
)
PAST = _ascii(
    rf"(?<!\w)(?:(?P<q>a\s?quarter|quarter|half|{ENGLISH_NUMBER})(?P<minutes>\smin(?:ute)?s?)?\s(?P<way>past|to|till|before|after)\s|(?P<half>half)\s){HOUR}"
    r"(?!(?!\s?[ap]\.?m)\w|\s(?:price|days?|hours?|an|of|people|persons?|weeks?|months?|years?)|[/.:]\d)(?:\s?(?P<ap>[ap])\.?m(?!\w))?"
)
RANGE = _ascii(
    r"\d{1,2}\s?(?:to|till)\s?\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m|noon|o'?clock|[a-z]{3})"
)
SAID = _ascii(  # ten thirty
    r"(?<![\w-])(?P<h>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    rf"\s(?P<m>{_BELOW_100})(?![\w-]|\s(?:people|dollars|days|minutes|per|percent))"
)
AT = _ascii(
    rf"(?<!\w)(?P<at>at|by|around|about|before|after|from|until|till|till|@)\s?{HOUR}(?:\s(?P<m>{_BELOW_100}))?"
    r"(?=\s*(?:$|[,?!)]|\.(?!\d)|on|to|or|and|-|please|pls|tomorrow|tmr|today|next|this|if|free|available|possible|good|fine|in the|mon|tue|wed|thu|fri|sat|sun|works|ok|[^\x00-\x7f]))"
)
HOUR_IN = _ascii(
    rf"(?<![\w.:/$#-]){HOUR}\s(?=(?:in the|this|tomorrow|tmr)\s?(?:morning|afternoon|evening|night)|tonight|at night)"
)
NUMBER_BEFORE = _ascii(rf"(?<!\w)(?:{'|'.join((*ONES, *TEENS, *TENS))})[\s-]$")


def below_100(text: str) -> int:
    """Spoken minutes or years: fifty five, oh five, twelve."""
    words = re.split(r"[\s-]", text)
    return sum(TENS.get(w, 0) or (number(w) if w in ONES or w in TEENS else 0) for w in words)
