"""All renderings of a Change under one name; each lives in a file of its own."""

from watcher.compare.render_html import fragment, html
from watcher.compare.render_json import edit_json, move_json, ref_json, to_json
from watcher.compare.render_markdown import markdown
from watcher.compare.render_text import plain, terminal
from watcher.compare.wording import describe, headline, value, word

__all__ = [
    "describe",
    "edit_json",
    "fragment",
    "headline",
    "html",
    "markdown",
    "move_json",
    "plain",
    "ref_json",
    "terminal",
    "to_json",
    "value",
    "word",
]
