"""From two versions to a Change: paragraphs, tables, indicators; and which editions belong together. Pure."""
