"""How many messages WeChat lets an account send to a person who has done something.

As the customer-service message documents have it; older copies of the mini programs' page say one
message after entering. The platform's own count decides in the end (45047, 45015).
"""

from typing import Mapping, Sequence

from channels.common.quota import Rule
from channels.wechat.account import Kind

_TWO_DAYS = 48 * 3600
RULES: Mapping[Kind, Sequence[Rule]] = {
    "service_account": (
        Rule("message", 5, _TWO_DAYS),
        Rule("menu", 3, 60),
        Rule("follow", 3, 60),
        Rule("scan", 3, 60),
    ),
    "miniprogram": (Rule("message", 5, _TWO_DAYS), Rule("enter", 2, 60)),
}
