"""Pages saved as one file (MHTML, RFC 2557): what Word calls a web page in a single file and portals offer as .doc or .mht."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

MAX_PARTS = 60
"""Parts that are looked at; the page is the first one that is HTML."""
_HEAD = re.compile(rb"(?:[A-Za-z][A-Za-z-]{1,40}:[^\n]{0,998}\r?\n(?:[ \t][^\n]{0,998}\r?\n){0,20}){1,20}\r?\n")


def page_in(body: bytes) -> tuple[bytes, str] | None:
    """The page inside a web archive as bytes and content type, ``None`` for everything else. Never raises."""
    head = body[:4000].lstrip()
    if b"mime-version:" not in head[:400].lower() or _HEAD.match(head) is None:
        return None
    message = message_from_bytes(body.lstrip(), policy=policy.compat32)
    for count, part in enumerate(message.walk()):
        if count >= MAX_PARTS:
            break
        if part.get_content_type() == "text/html":
            data = part.get_payload(decode=True)
            charset = part.get_content_charset()
            if isinstance(data, bytes):
                return data, f"text/html; charset={charset}" if charset else "text/html"
    return None
