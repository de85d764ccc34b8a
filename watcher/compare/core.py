"""Two versions in, one Change out."""

from __future__ import annotations

from collections.abc import Sequence

from watcher.types import Change, Indicator, Reading


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

    edits = text_edits(before, after)
    found = moves(before_indicators, after_indicators) if edits else ()
    return Change(borne_out(found, before.text, after.text, edits), edits)
