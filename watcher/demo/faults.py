"""How the replay portal misbehaves when it is told to: error codes, walls that look like pages, half answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "error", "busy", "jsl", "ruishu", "wzws", "login", "maintenance", "soft404", "missing", "gone",
    "empty", "shrunken", "slow", "cut", "garbage", "cookie",
]  # fmt: skip


@dataclass(slots=True)
class Fault:
    """One path's misbehaviour. ``left``: how many more answers it spoils, ``None`` until healed."""

    kind: Kind
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Wall:
    """An answer that is not the document: its status, its template (``None``: no body) and further headers."""

    status: int
    template: str | None
    headers: tuple[tuple[str, str], ...] = ()


WALLS: dict[Kind, Wall] = {
    "error": Wall(500, "faults/error.html"),
    "busy": Wall(503, "faults/error.html", (("Retry-After", "1"),)),
    "jsl": Wall(
        521, "faults/jsl.html", (("Set-Cookie", "__jsluid_s=0f1e2d3c4b5a69788796a5b4c3d2e1f0; path=/; HttpOnly"),)
    ),
    "ruishu": Wall(412, "faults/ruishu.html"),
    "wzws": Wall(200, "faults/wzws.html", (("WZWS-RAY", "1171-1767601800"),)),
    "login": Wall(200, "faults/login.html"),
    "maintenance": Wall(200, "faults/maintenance.html"),
    "soft404": Wall(200, "faults/soft404.html"),
    "missing": Wall(404, "faults/notfound.html"),
    "gone": Wall(410, "faults/notfound.html"),
    "empty": Wall(200, None),
}
