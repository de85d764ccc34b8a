"""Imported by the server that worker processes are forked from, and by nobody else: what it loads, they share."""

from __future__ import annotations

import gc

from watcher.pipeline import workers as workers
from watcher.pipeline.warm import settle, warm

warm()
gc.collect()
settle()  # the collector would write to what is shared
