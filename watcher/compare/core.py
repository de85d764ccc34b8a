"""Two versions in, one Change out."""

from __future__ import annotations

from collections.abc import Sequence

from watcher.text import squeeze
from watcher.types import Change, Edit, Indicator, Reading


def compare(
    before: Reading,
    after: Reading,
    before_indicators: Sequence[Indicator],
    after_indicators: Sequence[Indicator],
) -> Change:
    """What differs between any two versions: neighbours, draft and final, or documents of two places. Pure, and
    deterministic: no clock decides where to stop. Empty (false) when the texts are equal, whatever the indicators: a
    move needs a change of content in the text behind it.
    """
    # Only who compares pays for the word list, the synonyms and the aligners.
    from watcher.compare.blocks import text_edits
    from watcher.compare.moves import moves
    from watcher.compare.stable import borne_out

    edits = tuple(edit for edit in text_edits(before, after) if not _own_title(edit, before, after))
    found = moves(before_indicators, after_indicators) if edits else ()
    return Change(borne_out(found, before.text, after.text, edits), edits)


def _own_title(edit: Edit, before: Reading, after: Reading) -> bool:
    """Whether all that an edit adds or takes away is the title that both versions have: a new template prints it inside its text, or no more."""
    title = squeeze(before.title)
    return bool(title) and squeeze(after.title) == title == squeeze(edit.before + edit.after)
