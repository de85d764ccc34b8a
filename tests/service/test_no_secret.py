"""A whole life of the product with far ends that repeat all they are sent: no key is in anything that it prints, keeps or serves."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import socket
import sys
from pathlib import Path
from urllib.parse import quote

import httpx
from aiohttp import web

from tests.channels.receivers import Receiver, serving
from tests.service.site import Site

KEYS = {
    name: f"Zx{at}SecretNobodyMaySee{at}"
    for at, name in enumerate(("WECOM", "DING", "FEISHU", "SLACK", "TOPIC", "MAIL", "PATH"))
}
SIGNING = "whsec_" + base64.b64encode(b"NobodyMaySeeThisEither" * 2).decode()
TOKEN = "ZxPageTokenNobodyMaySee"
FORBIDDEN = [*KEYS.values(), SIGNING, SIGNING.removeprefix("whsec_"), TOKEN]
KINDS = ("wecom", "dingtalk", "feishu", "slack", "ntfy", "email", "webhook", "dead")


async def _echo(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    told = f"{request.url} {dict(request.headers)} {body.decode()[:3000]}"
    return web.json_response({"errcode": 93000, "errmsg": told, "code": 19001, "msg": told, "error": told}, status=200)


def _sources(folder: Path, site: Site, port: int) -> Path:
    channels = [f'  {kind}: {{kind: {kind}, url: "env:URL_{kind.upper()}"{more}}}' for kind, more in (
        ("wecom", ""), ("dingtalk", ', secret: "env:SIGN_DING"'), ("feishu", ', secret: "env:SIGN_DING"'), ("slack", ""),
        ("ntfy", ""), ("email", ", to: a@example.org, from: b@example.org, tls: starttls"), ("webhook", ', secret: "env:SIGN_HOOK"'),
    )]  # fmt: skip
    channels.append('  dead: {kind: webhook, url: "env:URL_DEAD"}')
    file = folder / "sources.yaml"
    file.write_text(
        "settings:\n  database: watcher.db\n  every: 1s\n  jitter: 0\n"
        "  network: {allow_private: true, per_host_delay: 0s, retries: 0, timeout: 5s}\n"
        f'  web: {{port: {port}, token: "env:PAGE_TOKEN"}}\n  alerts: {{tries: 1}}\n'
        "channels:\n" + "\n".join(channels) + "\n"
        f'documents:\n  - {{id: plan, pages: [{{url: "http://127.0.0.1:{site.port}/1.html"}}]}}\n',
        encoding="utf-8",
    )
    return file


def _environment(address: str) -> dict[str, str]:
    at = address.rstrip("/")
    return {
        **os.environ,
        "WATCHER_LOG": "debug",
        "PYTHONFAULTHANDLER": "1",
        "URL_WECOM": f"{at}/cgi-bin/webhook/send?key={KEYS['WECOM']}",
        "URL_DINGTALK": f"{at}/robot/send?access_token={KEYS['DING']}",
        "URL_FEISHU": f"{at}/open-apis/bot/v2/hook/{KEYS['FEISHU']}",
        "URL_SLACK": f"{at}/services/T0/B0/{KEYS['SLACK']}",
        "URL_NTFY": f"{at}/{KEYS['TOPIC']}",
        "URL_EMAIL": f"smtp://user:{quote(KEYS['MAIL'])}@127.0.0.1:9",
        "URL_WEBHOOK": f"{at}/{KEYS['PATH']}",
        "URL_DEAD": f"http://127.0.0.1:9/{KEYS['PATH']}",
        "SIGN_DING": "SEC" + KEYS["DING"],
        "SIGN_HOOK": SIGNING,
        "PAGE_TOKEN": TOKEN,
    }


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _arguments(pid: int) -> bytes:
    """What everybody on the machine can read of a process."""
    place = Path(f"/proc/{pid}/cmdline")
    return place.read_bytes() if place.exists() else b""


def _files(folder: Path, besides: Path) -> dict[str, bytes]:
    return {place.name: place.read_bytes() for place in folder.rglob("*") if place.is_file() and place != besides}


async def test_no_key_is_in_anything_that_is_printed_kept_or_served(tmp_path: Path) -> None:
    site, seen = Site(), dict[str, bytes]()
    await site.start()
    port = _free()
    async with serving(_echo) as receiver:
        file, environment = _sources(tmp_path, site, port), _environment(receiver.url)

        async def command(*words: str) -> None:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "watcher", "--sources", str(file), *words, env=environment,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            seen[" ".join(words)] = (await child.communicate())[0]

        with (tmp_path / "log.txt").open("wb") as log:
            service = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "watcher", "--sources", str(file), "run", env=environment, stdout=log, stderr=log
            )
        async with (
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
            asyncio.timeout(60),
        ):
            while site.asked.total() < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            site.values["/1.html"] = "79.9"
            while len({url for url, _, _ in receiver.requests}) < 6:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            await asyncio.sleep(1.0)
            for place in (
                "/",
                "/alerts",
                "/incidents",
                "/sources",
                "/metrics",
                "/healthz",
                "/api/v1/changes",
                "/api/v1/documents",
                "/api/openapi.json",
            ):
                seen[place] = (await client.get(place, headers={"authorization": f"Bearer {TOKEN}"})).content
                seen[f"{place} refused"] = (await client.get(place)).content
        seen["arguments"] = _arguments(service.pid)
        service.send_signal(signal.SIGTERM)
        await service.wait()
        await asyncio.gather(
            command("test-channel", "wecom"), command("test-channel", "email"), command("backup", str(tmp_path / "copy.db")),
        )  # fmt: skip
        await asyncio.gather(command("alerts", "--format", "json"), command("incidents"), command("status"))
    await site.stop()
    seen |= _files(tmp_path, file)
    seen["messages"] = b"".join(body for url, _, body in receiver.requests if url != "/")
    assert b"93000" in seen["watcher.db"], "what far ends said is kept"
    assert b"checked" in seen["log.txt"], "at debug level"
    assert "未送达".encode() in seen["test-channel wecom"]
    told = [
        (name, key)
        for name, text in seen.items()
        for key in FORBIDDEN
        if key.encode() in text or quote(key).encode() in text
    ]
    assert told == []
