"""How many connections this process may hold at a time."""

from __future__ import annotations

import resource

_REST = 128
"""Open files for everything else: database, readers' pipes, the page's visitors, resolver, logs."""
_LEAST = 4


def connections(wanted: int) -> int:
    """``wanted``, or as many as the limit on open files leaves; the soft limit (often 1,024) is raised as far as that takes.

    Beyond the limit the system refuses every file, not connections alone: the database and our own modules too.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    need = wanted + _REST
    if soft < need:
        soft = need if hard == resource.RLIM_INFINITY else max(soft, min(need, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(wanted, max(_LEAST, soft - _REST))
