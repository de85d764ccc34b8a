"""Microsoft Teams: an Adaptive Card through a workflow ("When a Teams webhook request is received").

Published shape: learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using (``type``
``message`` with one ``application/vnd.microsoft.card.adaptive`` attachment, 28 KB, four requests a second; a failure can
come as text under status 200) and adaptivecards.io/explorer. A workflow answers 202 with an empty body. All text of a
page stands in ``RichTextBlock`` runs, which know no Markdown, and mentions need an entity that is never sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from watcher.channels._cut import fit, more_line
from watcher.channels._escape import plain
from watcher.channels._layout import GOOD, WARN, edit_text, facts_head, links, words
from watcher.channels._limits import limits
from watcher.channels._options import Check
from watcher.channels._post import broken, encode, from_status, http_address, not_theirs, parse, post, retry_after, said
from watcher.errors import ConfigError
from watcher.settings import Channel
from watcher.types import Answer, Delivered, Delivery, Effect, Event, Message, Undelivered, Wire
from watcher.words import both

OPTIONS: Mapping[str, Check] = {}
REQUIRED: frozenset[str] = frozenset({"url"})
usable = http_address

VERSION = "1.4"
"""Of the Adaptive Card schema; Teams on phones shows no later one in full."""
ACTIONS = 6
"""Teams shows at most six actions."""
GONE = frozenset({"WorkflowNotFound", "WorkflowTriggerIsNotEnabled", "DirectApiAuthorizationRequired"})
REFUSED = frozenset({"TriggerInputSchemaMismatch", "InvalidRequestContent", "RequestEntityTooLarge"})
_FAILED = re.compile(r"(?i)delivery failed.{0,200}?HTTP error (\d{3})")


def _run(text: str, **style: object) -> dict[str, object]:
    return {"type": "TextRun", "text": text, **style}


def _rich(*runs: dict[str, object], **style: object) -> dict[str, object]:
    return {"type": "RichTextBlock", "inlines": list(runs), **style}


def _colour(effect: Effect | None) -> str:
    return "Warning" if effect in WARN else "Good" if effect in GOOD else "Accent"


def build(message: Message) -> dict[str, object]:
    """The request's JSON for the whole message, whatever its size."""
    body = [_rich(_run(plain(message.title), weight="Bolder", size="Medium"))]
    if message.place:
        body.append(_rich(_run(plain(message.place), isSubtle=True)))
    body.append(_rich(_run(plain(message.summary), weight="Bolder")))
    for move in message.moves:
        if move.head:
            body.append(_rich(_run(plain(move.head), weight="Bolder")))
        effect = _run(plain(move.word), weight="Bolder", color=_colour(move.effect))
        body.append(_rich(_run(f"• {plain(move.text)} "), effect, spacing="Small"))
    if over := facts_head(message):
        body.append(_rich(_run(over, weight="Bolder")))
    body += [_rich(_run(f"• {plain(fact)}"), spacing="Small") for fact in message.facts]
    if message.edits:
        body.append(_rich(_run(words(message)[1], weight="Bolder"), separator=True))
    body += [_rich(_run(f"• {plain(edit_text(edit, message.language))}"), spacing="Small") for edit in message.edits]
    if more := more_line(message):
        body.append(_rich(_run(plain(more), isSubtle=not message.hidden_moves)))
    if message.footer:
        body.append(_rich(_run(plain(message.footer), isSubtle=True, size="Small")))
    card: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": VERSION,
        "fallbackText": plain(f"{message.title} {message.summary}"),
        "msteams": {"width": "Full"},
        "body": body,
    }
    actions = [{"type": "Action.OpenUrl", "title": plain(link.label), "url": link.url} for link in links(message)]
    if actions:
        card["actions"] = actions[:ACTIONS]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def payload(message: Message) -> dict[str, object]:
    """The request's JSON, cut to its limit."""
    return fit(message, build, lambda body: len(encode(body)) <= limits("teams").size)


def verdict(answer: Answer) -> Delivery:
    """202 or 200 with an empty body or ``1``; text that speaks of a failed delivery is a failure under any status."""
    text = said(answer)
    if failed := _FAILED.search(text):
        inner = int(failed.group(1))
        if inner == 429 or inner >= 500:
            return Undelivered(text, retry_after=retry_after(answer) or (60.0 if inner == 429 else None))
        return Undelivered(text, rejected=inner in (400, 413), permanent=inner in (401, 403, 404, 410))
    body = parse(answer) or {}
    error = body.get("error")
    code = str(error.get("code")) if isinstance(error, dict) else ""
    if code in GONE or code in REFUSED:
        return Undelivered(f"HTTP {answer.status}: {text}", permanent=code in GONE, rejected=code in REFUSED)
    if refusal := from_status(answer):
        return refusal
    if error or body.get("ok") is False:
        return Undelivered(f"HTTP {answer.status}: {text}")
    if answer.body.strip() not in (b"", b"1") and not body:
        return not_theirs(answer, both(" Teams 工作流", "a Teams workflow"))
    return Delivered(text or f"HTTP {answer.status}")


async def send(message: Message, event: Event, message_id: str, channel: Channel, wire: Wire) -> Delivery:
    """Posts the card. Never raises for what the far end or the settings do."""
    try:
        url = http_address(channel)
    except ConfigError as error:
        return broken(error)
    return await post(wire, url, encode(payload(message)), verdict, message_id)
