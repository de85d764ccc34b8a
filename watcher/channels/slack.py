"""Slack incoming webhook: blocks, within their limits.

Published shape: docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (the body ``ok`` is success; error
words such as ``invalid_payload``, ``no_service``, ``channel_is_archived``), docs.slack.dev/reference/block-kit/blocks (50
blocks, 150 characters a header, 3,000 a section text), docs.slack.dev/apis/web-api/rate-limits (one a second,
``Retry-After``). All text of a page stands in ``plain_text`` objects, which know no mark-up, mention or link.
"""

from __future__ import annotations

from collections.abc import Mapping

from watcher.channels._cut import clip, fit, more_line
from watcher.channels._escape import plain, slack
from watcher.channels._layout import edit_text, fact_lines, links, move_lines, words
from watcher.channels._limits import limits
from watcher.channels._options import Check
from watcher.channels._post import broken, encode, from_status, http_address, not_theirs, parse, post, retry_after, said
from watcher.errors import ConfigError
from watcher.settings import Channel
from watcher.types import Answer, Delivered, Delivery, Event, Message, Undelivered, Wire
from watcher.words import both

OPTIONS: Mapping[str, Check] = {}
REQUIRED: frozenset[str] = frozenset({"url"})
usable = http_address

BLOCKS = 50
SECTION = 3000
"""Characters of a section's text."""
HEADER = 150
FALLBACK = 3000
"""Characters of the top ``text``, which notifications show; Slack cuts it itself at 40,000."""
GONE = frozenset(
    {
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "invalid_token",
        "no_active_hooks",
        "no_service",
        "no_service_id",
        "no_team",
        "posting_to_general_channel_denied",
        "team_disabled",
        "user_not_found",
    }
)
REFUSED = frozenset(
    {"invalid_payload", "invalid_blocks", "invalid_attachments", "no_text", "too_many_attachments", "missing_text_or_fallback_or_attachments", "msg_too_long",
     "msg_blocks_too_long", "invalid_blocks_format"}
)  # fmt: skip


def _section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _packed(lines: list[str]) -> list[dict[str, object]]:
    """Lines as few sections as their limit allows; a single line longer than a section is clipped."""
    texts: list[str] = []
    for line in (clip(line, SECTION) for line in lines):
        if texts and len(texts[-1]) + 1 + len(line) <= SECTION:
            texts[-1] += "\n" + line
        elif line:
            texts.append(line)
    return [_section(text) for text in texts]


def build(message: Message) -> dict[str, object]:
    """The webhook's JSON for the whole message, whatever its size."""
    blocks: list[dict[str, object]] = [
        {"type": "header", "text": {"type": "plain_text", "text": clip(plain(message.title), HEADER), "emoji": False}}
    ]
    blocks += _packed([part for part in (plain(message.place), plain(message.summary)) if part])
    blocks += _packed(move_lines(message, plain) + fact_lines(message, plain))
    if message.edits:
        edits = [f"• {plain(edit_text(edit, message.language))}" for edit in message.edits]
        blocks += [{"type": "divider"}, *_packed([words(message)[1], *edits])]
    if more := more_line(message):
        blocks += _packed([plain(more)])
    if shown := links(message):
        text = "  |  ".join(f"<{link.url.replace('&', '&amp;')}|{slack(link.label)}>" for link in shown)
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}})
    if message.footer:
        note = {"type": "plain_text", "text": clip(plain(message.footer), SECTION), "emoji": False}
        blocks.append({"type": "context", "elements": [note]})
    fallback = slack(f"{message.title} {message.summary}")
    return {"text": clip(fallback, FALLBACK), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def fits(body: dict[str, object]) -> bool:
    """Whether Slack takes it: number of blocks, length of every text, size."""
    blocks = body["blocks"]
    if not isinstance(blocks, list) or len(blocks) > BLOCKS:
        return False
    texts = [block["text"]["text"] for block in blocks if "text" in block]
    return all(0 < len(text) <= SECTION for text in texts) and len(encode({"blocks": blocks})) <= limits("slack").size


def payload(message: Message) -> dict[str, object]:
    """The webhook's JSON, cut to its limits."""
    return fit(message, build, fits)


def verdict(answer: Answer) -> Delivery:
    """``ok`` as the body (or ``{"ok": true}`` from a compatible receiver) is success, a known word says why not."""
    text = said(answer)
    body = parse(answer)
    word = text.split(" ", 1)[0].rstrip(":")
    if body is not None:
        word = str(body.get("error", text))
    reason = f"HTTP {answer.status}: {text}"
    taken = body.get("ok") is True if body is not None else answer.body.strip() == b"ok"
    if taken and 200 <= answer.status < 300:
        return Delivered(text)
    if word in ("rate_limited", "ratelimited", "message_limit_exceeded") or answer.status == 429:
        return Undelivered(reason, retry_after=retry_after(answer) or 30.0)
    if word in GONE:
        return Undelivered(reason, permanent=True)
    if word in REFUSED:
        return Undelivered(reason, rejected=True)
    return from_status(answer) or not_theirs(answer, both(" Slack ", "Slack"))


async def send(message: Message, event: Event, message_id: str, channel: Channel, wire: Wire) -> Delivery:
    """Posts the blocks. Never raises for what the far end or the settings do."""
    try:
        url = http_address(channel)
    except ConfigError as error:
        return broken(error)
    return await post(wire, url, encode(payload(message)), verdict, message_id)
