"""The walk through a column: its pages one after another, the requests that a shell makes, titles that a list cuts. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from watcher.errors import FetchError
from watcher.fetch.verdict import verdict_of_error
from watcher.read.columns import ColumnPage, ListRequest, is_cut, next_asking
from watcher.types import Item, Verdict

Ask = str | ListRequest
"""An address, or a request with a body."""

MAX_ITEMS = 2000
"""Items that one visit takes in."""
MAX_UNITS = 6
"""Lists that one shell page is put together from."""
MAX_CUT = 30
"""Cut titles that one visit completes from the documents themselves."""
_HOLDING: frozenset[Verdict] = frozenset(("challenge", "error", "login", "unreachable"))
"""What keeps a page from being seen; anything else is the end of the list."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of a list, or why there is none."""

    page: ColumnPage | None
    status: int | None = None
    verdict: Verdict = "document"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk found, or what stood in its way; a later page in the way leaves the items of the pages before it."""

    items: tuple[Item, ...] = ()
    verdict: Verdict = "document"
    note: str = ""
    status: int | None = None
    retry_after: float | None = None
    wire: str | None = None
    """The kind of error that kept an answer away, None when one came."""


async def walk(
    first: str,
    depth: int,
    ask: Callable[[Ask], Awaitable[Answer]],
    known: Mapping[str, str | None] | None = None,
    *,
    at_least: int = 1,
    end: str | None = None,
) -> Walked:
    """Reads up to ``depth`` pages of each list behind ``first``.

    ``known`` are the addresses of a list that was read before, with their dates: then a list ends with the page whose last item is no news (after
    ``at_least`` pages), and what is older than everything known stood behind the end of what was read at first: it is no news, it only moved up
    (unless nothing made room for it). ``end`` is the day at which the first reading ended, where that is known (``end_of_first``).
    """
    try:
        answers, status = await _lists(first, ask)
    except FetchError as error:
        return _stopped(error)
    if isinstance(answers, Answer):
        return Walked((), answers.verdict, answers.note, answers.status)
    oldest = end or (min((date for date in known.values() if date), default=None) if known else None)
    items: dict[str, Item] = {}
    seen_end = False
    stopped: Walked | None = None
    for start, page in answers:
        here: Ask = start
        looking_back = False
        for number in range(1, depth + 1):
            fresh = [one for one in page.items if one.url not in items]
            put_in = _put_in(page.items, known) if known else frozenset()
            moved_up = _moved_up(page.items, known) if known else frozenset()
            news = []
            for one in fresh:
                if one.url in moved_up or (looking_back and end is not None and one.date is None):
                    continue
                if known is None or one.url in put_in or _is_news(one, known, oldest, behind=seen_end):
                    news.append(one.url)
                seen_end = seen_end or (end is not None and known is not None and one.url in known and one.date == end)
            told = frozenset(news)
            items |= {one.url: one for one in fresh if one.url in told or (known is not None and one.url in known)}
            looking_back = known is not None and (not news or fresh[-1].url not in told)
            settled = looking_back and number >= at_least
            ended = not fresh or settled or number == depth or len(items) >= MAX_ITEMS
            following = None if ended else _next(here, page)
            if following is None:
                break
            here = following
            try:
                answer = await ask(here)
            except FetchError as error:
                stopped = stopped or _stopped(error)
                break
            if answer.page is None:
                if answer.verdict in _HOLDING:
                    stopped = stopped or Walked((), answer.verdict, answer.note, answer.status)
                break
            page = answer.page
    return replace(stopped, items=tuple(items.values())) if stopped else Walked(tuple(items.values()), status=status)


def _is_news(item: Item, known: Mapping[str, str | None], oldest: str | None, *, behind: bool) -> bool:
    """What is of the last day of the first reading, and stands behind what was read of that day, is older, too."""
    old = item.date and oldest and (item.date < oldest or (behind and item.date == oldest))
    return item.url not in known and not old


def end_of_first(stored: Sequence[Mapping[str, str | None]]) -> str | None:
    """The oldest day of what a column showed when it was read for the first time; ``None`` where that had no days, or not in their order.

    ``stored`` are its items, the latest first. What was pinned above newer ones, however old, says nothing of where the list ended.
    """
    began = min((one["first_seen_at"] or "" for one in stored), default="")
    first = [one["date"] for one in reversed(stored) if one["first_seen_at"] == began]
    days = [day for day in first if day]
    kept: list[str] = []
    run = 0
    for at, day in enumerate(reversed(days)):
        if not kept or day >= kept[-1]:
            kept.append(day)
            run += len(kept) == at + 1
    in_order = len(days) - len(kept) <= max(_PINNED, len(days) // 5) or 2 * run >= len(days)
    return kept[0] if in_order and len(kept) > 1 and 5 * len(days) >= 4 * len(first) else None


_PINNED = 2
"""Items of a first reading that may stand out of order anywhere, or one in five; more may be pinned above the others."""


def _put_in(items: Sequence[Item], known: Mapping[str, str | None]) -> frozenset[str]:
    """What stands above a known item on a page that still shows all known ones: none made room, so it was put there, whatever its date."""
    places = [place for place, one in enumerate(items) if one.url in known]
    if not places or len({items[place].url for place in places}) < len(known):
        return frozenset()
    return frozenset(one.url for one in items[: places[-1]] if one.url not in known)


def _moved_up(items: Sequence[Item], known: Mapping[str, str | None]) -> frozenset[str]:
    """Undated items at the foot of a page of known ones that no longer shows all of these: something was taken off, and the next ones moved up."""
    places = [place for place, one in enumerate(items) if one.url in known]
    tail = items[places[-1] + 1 :] if places else ()
    if not tail or len(places) < 2 * len(tail) or len({items[place].url for place in places}) >= len(known):
        return frozenset()
    return frozenset(one.url for one in tail if one.date is None)


def _stopped(error: FetchError) -> Walked:
    return Walked((), verdict_of_error(error), error.both, retry_after=error.retry_after, wire=error.kind)


def _next(here: Ask, page: ColumnPage) -> Ask | None:
    if page.next is not None or isinstance(here, str):
        return page.next
    return next_asking(here, len(page.items), page.total)


async def _lists(
    first: str, ask: Callable[[Ask], Awaitable[Answer]]
) -> tuple[Answer | list[tuple[Ask, ColumnPage]], int | None]:
    """The list that an address holds, or those that its shell asks for; an ``Answer`` where the page is none."""
    answer = await ask(first)
    if answer.page is None:
        return answer, answer.status
    if answer.page.items or not answer.page.requests:
        return [(first, answer.page)], answer.status
    asked: set[tuple[str, bytes]] = set()
    waiting, found, trouble = list(answer.page.requests[:MAX_UNITS]), [], answer
    error: FetchError | None = None
    while waiting and len(asked) < MAX_UNITS + 2:
        request = waiting.pop(0)
        if (request.url, request.body) in asked:
            continue
        asked.add((request.url, request.body))
        try:
            unit = await ask(request)
        except FetchError as failed:
            error = error or failed
            continue
        if unit.page is None:
            trouble = unit
        elif unit.page.items:
            found.append((request, unit.page))
        else:
            waiting.extend(unit.page.requests)
    if not found and error is not None:
        raise error
    if not found:
        return trouble if trouble.page is None else [(first, ColumnPage())], trouble.status
    return _worth(found), answer.status


def _worth(found: list[tuple[ListRequest, ColumnPage]]) -> list[tuple[Ask, ColumnPage]]:
    """Of the lists of one page those with dates; where none has any, the longest. Menus come as lists too."""
    dated: list[tuple[Ask, ColumnPage]] = [
        (request, page)
        for request, page in found
        if 2 * sum(item.date is not None for item in page.items) >= len(page.items)
    ]
    return dated or [max(found, key=lambda pair: len(pair[1].items))]


async def completed(
    items: tuple[Item, ...],
    follows: Callable[[str], bool],
    known: Collection[str],
    title_at: Callable[[str], Awaitable[str | None]],
) -> tuple[Item, ...]:
    """``items`` with cut titles made whole where the cut part may be what makes an item matter.

    A new item whose printed part does not match is asked for its own title; where more are cut than one visit may ask for, the rest is
    left out, so that the next visit finds it new again.
    """
    kept: list[Item] = []
    asked = 0
    for item in items:
        if not is_cut(item.title) or item.url in known or follows(item.title):
            kept.append(item)
            continue
        if asked >= MAX_CUT:
            continue
        asked += 1
        title = await title_at(item.url)
        kept.append(replace(item, title=title) if title and _continues(item.title, title) else item)
    return tuple(kept)


def _continues(cut: str, title: str) -> bool:
    """Whether ``title`` begins as ``cut`` does, up to its dots."""
    stem = re.sub(r"[\s.…．。>]+$", "", cut)
    return len(title) > len(stem) and re.sub(r"\s", "", title).startswith(re.sub(r"\s", "", stem))
