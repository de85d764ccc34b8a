"""Open incidents on the page: a dead site is one line with its pages, what fails alone stands by itself."""

from __future__ import annotations

from watcher.web.outages import by_site


def test_pages_of_one_site_are_one_line_and_others_stand_alone() -> None:
    dead = [
        {"id": number, "kind": "error" if number % 2 else "unreachable", "url": f"http://a.gov.cn/{number}.html"}
        for number in range(40, 0, -1)
    ]
    alone = [
        {"id": 41, "kind": "degraded", "url": "http://a.gov.cn/x.html"},
        {"id": 42, "kind": "unreachable", "url": "http://b.gov.cn/x.html"},
        {"id": 43, "kind": "channel-dead", "url": None},
        {"id": 44, "kind": "error", "url": "file:seeds/1.txt"},
        {"id": 45, "kind": "error", "url": "file:seeds/2.txt"},
    ]
    lines = by_site([*alone, *dead], 10)
    assert [(line["id"], line["pages"]) for line in lines] == [(41, 1), (42, 1), (43, 1), (44, 1), (45, 1), (40, 40)]
    assert lines[-1]["site"] == "a.gov.cn"
    assert len(by_site([*alone, *dead], 3)) == 3
