"""Drawer of file formats: one format a file, recognised by content; see ``watcher.drawers``.

A member offers ``recognises(body, name="") -> bool`` and ``blocks(body, *, name="") -> tuple[Block, ...]``, which raises
``errors.FormatError``. Files with an underscore are helpers that members share.
"""
