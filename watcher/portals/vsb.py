"""博达 VSB: ``#vsb_content``, ``.v_news_content``, style sheets ``*.vsb.css``; addresses ``/info/COL/ID.htm``."""

from __future__ import annotations

from watcher.portals._family import Source

RANK = 45
NEEDLES: tuple[str, ...] = ("vsb_content", "v_news_content", ".vsb.css", "_vsl/")
BODY: tuple[str, ...] = ("#vsb_content", ".v_news_content", "#vsb_content_2", "#vsb_content_4", "[id^=vsb_content]")
DROP: tuple[str, ...] = (".share", "#qrcode", ".pre_next")
TITLE: tuple[str, ...] = (".content-title", ".title", "h1", "h2", "h3")
HEAD: tuple[str, ...] = (".xxgk_head", ".zfxxgk_head")
FILES: tuple[str, ...] = (".fj", "form[name=_newscontent_fromname] ul")


def recognises(page: Source) -> bool:
    """By the names that its editor writes."""
    return page.has(*NEEDLES)
