"""What someone would write: fetch, extract, compare, keep. Run by the bench in an environment of its own.

``python script.py FOLDER`` reads ``pages.txt`` (id, tab, address a line) and keeps the last text of each in ``last.db``.
"""

import asyncio
import difflib
import sqlite3
import sys
from pathlib import Path

import httpx
import trafilatura


async def main(folder: Path) -> None:
    rows = [line.split("\t") for line in (folder / "pages.txt").read_text("utf-8").splitlines()]
    db = sqlite3.connect(folder / "last.db")
    db.execute("CREATE TABLE IF NOT EXISTS pages (id TEXT PRIMARY KEY, etag TEXT, html BLOB, text TEXT)")
    slots = asyncio.Semaphore(32)
    async with httpx.AsyncClient(timeout=30) as client:

        async def check(name: str, url: str) -> None:
            known = db.execute("SELECT etag, text FROM pages WHERE id = ?", [name]).fetchone()
            async with slots:
                answer = await client.get(url, headers={"If-None-Match": known[0]} if known and known[0] else {})
            if answer.status_code == 304:
                return
            text = trafilatura.extract(answer.content) or ""
            if known and known[1] != text:
                print(f"CHANGED: {name}")
                print("\n".join(difflib.unified_diff(known[1].splitlines(), text.splitlines(), lineterm="", n=0)))
            if not known or known[1] != text:
                db.execute(
                    "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?)",
                    [name, answer.headers.get("etag"), answer.content, text],
                )
                db.commit()

        await asyncio.gather(*(check(*row) for row in rows))


asyncio.run(main(Path(sys.argv[1])))
