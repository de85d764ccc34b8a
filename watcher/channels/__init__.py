"""Drawer of channels: one file knows one chat or transport."""
