"""Atom for changes and iCalendar for consultations; every text is XML- or ICS-escaped, addresses are stable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from starlette.requests import Request
from starlette.responses import Response

from watcher.alert.links import diff_path, document_path
from watcher.alert.moves import weigh
from watcher.compare.render_text import clean
from watcher.web import asked
from watcher.web.export import xml_text
from watcher.web.figures import move_view
from watcher.web.reply import answer, language_of, site_of
from watcher.web.texts import say, stage_word
from watcher.words import Language

ENTRIES = 40


def base_of(request: Request) -> str:
    """The public address of this page: the configured one, else the one that was asked."""
    link = site_of(request).sources.alerting.link
    return link.rstrip("/") if link else f"{request.url.scheme}://{request.url.netloc}"


def _text(text: str) -> str:
    return escape(xml_text(text))


def atom(request: Request) -> Response:
    """All changes, or those of ``?document=``, ``?region=``, ``?indicator=``, ``?stage=``, ``?effect=``, ``?q=``."""
    language, base = language_of(request), base_of(request)
    with site_of(request).open() as store:
        wanted, _ = asked.change_filter(request, store)
        rows = store.shown.changes(wanted, limit=asked.limit(request, 20, ENTRIES))
        moves = store.shown.moves_of([row["id"] for row in rows if row["move_count"]])
    query = f"?{request.url.query}" if request.url.query else ""
    own = f"{base}/feed.atom{query}"
    updated = rows[0]["created_at"] if rows else "2000-01-01T00:00:00Z"
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="'
        + ("zh-CN" if language == "zh" else "en") + '">',
        f"<id>{escape(own)}</id><title>{_text(say('文件变动', language))}</title><updated>{updated}</updated>",
        f"<author><name>watcher</name></author><link rel=\"self\" href={quoteattr(own)}/><link href={quoteattr(base + '/')}/>",
    ]  # fmt: skip
    parts += [_entry(row, sorted(moves.get(row["id"], ()), key=weigh), base, language) for row in rows]
    parts.append("</feed>\n")
    return answer(request, "\n".join(parts).encode(), "application/atom+xml; charset=utf-8")


def _entry(row: dict[str, Any], moves: Sequence[dict[str, Any]], base: str, language: Language) -> str:
    link = base + diff_path(row["document_id"], row["from_number"], row["to_number"])
    stages = " → ".join(dict.fromkeys(stage_word(row[end], language) for end in ("from_stage", "to_stage")))
    lines = []
    colon = "：" if language == "zh" else ": "
    for move in moves[:20]:
        one = move_view(move, language)
        lines.append(f"{one.word}{colon}{one.name} {one.year} {one.before or '—'} → {one.after or '—'}")
    if row["edit_count"]:
        lines.append(say("文字改动 {count} 处", language, count=row["edit_count"]))
    content = "<ul>" + "".join(f"<li>{_text(line)}</li>" for line in lines) + "</ul>"
    place = " · ".join(part for part in (row["region"] or "", stages) if part)
    beside = f"（{place}）" if language == "zh" else f" ({place})"
    return (
        f"<entry><id>{escape(link)}</id><title>{_text(row['title'])}{_text(beside)}</title><updated>{row['created_at']}</updated>"
        f'<link href={quoteattr(link)}/><content type="html">{escape(content)}</content></entry>'
    )


def ics(request: Request) -> Response:
    """Consultations as all-day events on their closing days, with the window in the description."""
    site = site_of(request)
    first = (date.fromisoformat(site.today) - timedelta(days=60)).isoformat()
    with site.open() as store:
        rows = store.pages.consultations(first=first, limit=400, today=site.today)
    body = "\r\n".join(_calendar(rows, base_of(request), language_of(request))) + "\r\n"
    return answer(request, body.encode(), "text/calendar; charset=utf-8")


def _calendar(rows: Sequence[dict[str, Any]], base: str, language: Language) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//watcher//consultations//ZH", "CALSCALE:GREGORIAN")
    yield from _folded("X-WR-CALNAME:" + _ics(say("征求意见", language)))
    for row in rows:
        closes = date.fromisoformat(row["closes"])
        yield "BEGIN:VEVENT"
        yield from _folded(f"UID:{quote(row['document_id'])}-{row['closes']}@watcher")
        yield f"DTSTAMP:{row['closes'].replace('-', '')}T000000Z"
        yield f"DTSTART;VALUE=DATE:{closes:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{closes + timedelta(days=1):%Y%m%d}"
        yield from _folded("SUMMARY:" + _ics(say("征求意见截止：{title}", language, title=row["title"])))
        about = [
            row["region"] or "",
            f"{row['opens']} – {row['closes']}" if row["opens"] else "",  # the event's own day is the last one
            row["contact"] or "",
            row["url"] or "",
        ]
        yield from _folded("DESCRIPTION:" + _ics("\n".join(part for part in about if part)))
        yield from _folded("URL:" + base + document_path(row["document_id"]))
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _ics(text: str) -> str:
    plain = "".join(letter for letter in clean(text) if letter == "\n" or letter >= " ")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 bytes (RFC 5545, 3.1), cut between characters."""
    current = ""
    for letter in line:
        if len((current + letter).encode("utf-8", "replace")) > 74:
            yield current
            current = " "
        current += letter
    yield current
