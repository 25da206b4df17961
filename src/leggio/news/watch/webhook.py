"""Post a clipping to a webhook. In: an address and JSON. Out: nothing, or a `Refusal` that says whom it concerns.

HTTP cannot promise "exactly once": an answer may be lost on its way, or the process killed before it is written down.
So a clipping is posted until an answer 2xx is written down, each time with the same Idempotency-Key; a receiver that
remembers keys has each clipping exactly once.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import IO

from leggio import __version__
from leggio.record import Json

TIMEOUT_S = 10.0  # a receiver that has more to do should answer first and work later
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 3600.0
# Answers that are about this clipping alone; all others say that the receiver is not well or not there.
_ABOUT_THE_CLIPPING = frozenset({400, 409, 413, 415, 422})

Post = Callable[[str, bytes, Mapping[str, str]], int]


class Refusal(Exception):
    """A delivery that did not arrive. `everything`: the next one would not either."""

    def __init__(self, sentence: str, everything: bool) -> None:
        super().__init__(sentence)
        self.everything = everything


def post_clipping(address: str, key: str, clipping: dict[str, Json], post: Post) -> None:
    """Post a clipping. `post` gives the status of the answer. Raises Refusal where it is not 2xx."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"leggio/{__version__}",
        "Idempotency-Key": key,
    }
    body = json.dumps({"delivery": key, "clipping": clipping}, ensure_ascii=False).encode()
    try:
        status = post(address, body, headers)
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise Refusal(f"{address} cannot be reached ({reason}).", everything=True) from error
    if not 200 <= status < 300:
        hint = ": name the address that it leads to" if 300 <= status < 400 else ""
        raise Refusal(f"{address} answered {status}{hint}.", everything=status not in _ABOUT_THE_CLIPPING)


def post_with_urllib(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer to a POST, which is not led on elsewhere. Raises OSError, HTTPException."""
    request = urllib.request.Request(address, data=body, headers=dict(headers), method="POST")
    try:
        with _OPENER.open(request, timeout=TIMEOUT_S) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def choose_wait(attempts: int) -> float:
    """Seconds to wait after so many attempts: twice as long each time, up to an hour."""
    return min(FIRST_WAIT_S * 2.0 ** min(attempts, 32), LONGEST_WAIT_S)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """urllib would follow a redirect of a POST with a GET, which delivers nothing and looks like success."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:  # fmt: skip
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)
