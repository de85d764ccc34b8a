"""Drawer of CMS families: one file recognises and takes apart the pages of one family."""
