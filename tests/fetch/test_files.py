"""``file:`` reaches regular files inside its folder and nothing else."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from watcher.errors import FetchError, Refused
from watcher.fetch.files import read_file

CAP = 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "home" / "中文 目录"
    inside.mkdir(parents=True)
    (inside / "规划.txt").write_bytes("正文".encode())
    (tmp_path / "home" / "a.txt").write_bytes(b"a")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (tmp_path / "homework").mkdir()
    (tmp_path / "homework" / "x.txt").write_bytes(b"x")
    return tmp_path / "home"


def test_relative_absolute_and_percent_encoded_names_are_read(folder: Path) -> None:
    inside = folder / "中文 目录" / "规划.txt"
    for url in (
        "file:中文 目录/规划.txt",
        inside.as_uri(),
        f"file:{inside}",
        f"FILE://localhost{inside}",
        "file:./a.txt",
    ):
        fetched = read_file(url, folder, CAP)
        assert fetched.status == 200
        assert fetched.body in ("正文".encode(), b"a")
        assert fetched.url == url
        assert fetched.final_url.startswith("file:///")


@pytest.mark.parametrize(
    "url",
    ["file:../secret.txt", "file:%2e%2e/secret.txt", "file:中文 目录/../../secret.txt", "file:///etc/passwd", "file:/etc/passwd",
     "file:../homework/x.txt", "file:link-out", "file:folder-out/secret.txt", "file:"],
)  # fmt: skip
def test_nothing_outside_the_folder_is_read(folder: Path, url: str) -> None:
    (folder / "link-out").symlink_to(folder.parent / "secret.txt")
    (folder / "folder-out").symlink_to(folder.parent)
    with pytest.raises(Refused):
        read_file(url, folder, CAP)


@pytest.mark.parametrize(
    "url",
    ["http://a.cn/", "file://evil.test/etc/passwd", "file://user@localhost/a.txt", "file:////evil/share/x", "file:a.txt%00.html",
     "file:a.txt?x", "file:a.txt#x", "a.txt", "", " file:a.txt", "file:%ff"],
)  # fmt: skip
def test_other_spellings_are_refused(folder: Path, url: str) -> None:
    with pytest.raises(Refused):
        read_file(url, folder, CAP)


def test_links_that_stay_inside_are_followed(folder: Path) -> None:
    (folder / "link").symlink_to("a.txt")
    assert read_file("file:link", folder, CAP).body == b"a"


def test_what_is_no_regular_file_is_refused_at_once(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(folder, os.O_RDONLY)
        try:
            server.bind(f"/proc/self/fd/{here}/socket")
        finally:
            os.close(here)
        (folder / "loop").symlink_to("loop")
        for name in ("pipe", "中文 目录"):
            with pytest.raises(Refused):
                read_file(f"file:{name}", folder, CAP)
        for name in ("socket", "loop"):
            with pytest.raises(FetchError):
                read_file(f"file:{name}", folder, CAP)


def test_missing_and_oversized_files_are_errors(folder: Path) -> None:
    with pytest.raises(FetchError) as caught:
        read_file("file:none.txt", folder, CAP)
    assert caught.value.kind == "file"
    (folder / "big").write_bytes(b"x" * (CAP + 1))
    with pytest.raises(FetchError) as caught:
        read_file("file:big", folder, CAP)
    assert caught.value.kind == "too-large"
