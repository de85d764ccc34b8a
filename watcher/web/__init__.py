"""The page, the JSON API and the feeds."""
