"""One name for a visit from the fetch to the alert, made of what is stored anyway."""

from __future__ import annotations

from datetime import datetime


def trace(source_id: int, at: datetime) -> str:
    """The visit of a source at an instant: ``17-18f3c2a91b0``. A version is seen at the instant of its visit, so the same name
    comes out of the version's row, of its change and of its alerts.
    """
    return f"{source_id}-{int(at.timestamp() * 1000):x}"
