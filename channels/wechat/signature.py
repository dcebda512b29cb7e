"""Who knows the token: WeChat's signature over a request.

developers.weixin.qq.com/doc/offiaccount/Basic_Information/Access_Overview.html
"""

import hashlib
import hmac
from typing import Sequence


def sign(token: str, *parts: str) -> str:
    """SHA-1 over the token and the parts, sorted as strings, not as numbers: 40 hex digits.

    Args:
        parts: timestamp and nonce; with them, for ``msg_signature``, what is encrypted.
    """
    sorted_parts = sorted(part.encode("utf-8", "surrogatepass") for part in (token, *parts))
    return hashlib.sha1(b"".join(sorted_parts)).hexdigest()  # noqa: S324 the platform's choice


def is_signed(signature: str, tokens: Sequence[str], *parts: str) -> bool:
    """Whether any of the tokens made the signature; takes as long for a wrong one as for a right.

    Args:
        tokens: several while a token is being changed.
    """
    given = signature.encode("utf-8", "surrogatepass")
    # a list: all are compared, whichever fits
    return any([hmac.compare_digest(given, sign(token, *parts).encode()) for token in tokens])
