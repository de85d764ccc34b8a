"""Workers on other machines (``executor: dask://HOST:PORT``): who goes, who waits, what travels, and what happens when one is lost.

Only ``coordinator``, ``worker`` and ``scheduler`` import Dask distributed, and only when they start: it is the optional extra ``cluster``.
"""
