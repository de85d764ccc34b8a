"""Drawer of file formats: one file turns the bytes of one format into blocks."""
