"""Text for XML. In: any text. Out: what XML can hold of it."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean_text(text: str) -> str:
    """Text without the control characters that XML forbids, which OCR now and then writes."""
    return _NOT_XML.sub("", text)
