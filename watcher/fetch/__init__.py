"""The one gate to the network, and what came through it: decoding and the verdict."""

import sys

# httpx brings its own command line along (rich, pygments, click: 3 MiB and 40 ms), and does without where it cannot be imported.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None is how the import system says "there is none"
