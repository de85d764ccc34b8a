"""Values of sources.yaml that are read from words, or that must be more than their type says: durations, sizes, secrets, addresses.

Each check raises ``ValueError`` in plain words.
"""

from __future__ import annotations

import difflib
import re
from ipaddress import ip_network
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf

from watcher import settings
from watcher.types import EventType
from watcher.words import tr

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|min|m|h|d|w)")
_SIZES = {"b": 1, "kb": 1000, "mb": 10**6, "gb": 10**9, "kib": 1024, "mib": 1024**2, "gib": 1024**3}
_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _duration(value: object) -> float:
    if isinstance(value, str):
        text = value.strip().lower()
        parts = _DURATION.findall(text)
        if parts and _DURATION.sub("", text).strip() == "":
            return sum(float(number) * _UNITS[unit] for number, unit in parts)
    raise ValueError(
        tr("时长写作数字加单位，如 30s、15m、6h、1d", "a duration is a number with a unit, such as 30s, 15m, 6h or 1d")
    )


def _patience(value: object) -> float:
    seconds = _duration(value)
    if seconds <= 0:
        raise ValueError(tr("必须大于零，如 30s", "must be more than nothing, such as 30s"))
    return seconds


def _selector(value: str) -> str:
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        LexborHTMLParser("<p>").css_first(value)
    except SelectolaxError:
        raise ValueError(
            tr(
                f"{value!r} 不是有效的 CSS 选择器，例如 div.content 或 #zoom",
                f"{value!r} is not a CSS selector, such as div.content or #zoom",
            )
        ) from None
    return value


def _size(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if isinstance(value, str) and (found := re.fullmatch(r"(\d{1,9})\s*([kmg]?i?b)", value.strip().lower())):
        return int(found[1]) * _SIZES[found[2]]
    raise ValueError(
        tr("大小写作数字加单位，如 512KiB、32MiB", "a size is a number with a unit, such as 512KiB or 32MiB")
    )


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            tr(
                f"没有 {value!r} 这个时区；例如 Asia/Shanghai",
                f"{value!r} is not a known time zone; an example is Asia/Shanghai",
            )
        ) from None
    return value


def _cron(value: str) -> str:
    from watcher.schedule import cron_trigger

    try:
        cron_trigger(value, "UTC")
    except ValueError as error:
        raise ValueError(
            tr(
                "不是五个字段的 cron 表达式，例如 0 9 * * 1-5",
                f"not a cron expression of five fields, such as 0 9 * * 1-5: {error}",
            )
        ) from None
    return value


def _exceptions(value: bool | list[str] | None) -> bool | list[str] | None:
    """``allow_private``: every exception is a network, a host or ``host:port``."""
    for entry in value if isinstance(value, list) else ():
        _exception(entry)
    return value


def _exception(value: str) -> None:
    text = value.strip()
    host, _, rest = text.partition("/")
    if rest or not text:
        try:
            ip_network(text, strict=False)
        except ValueError:
            raise ValueError(_no_exception(value)) from None
    elif not re.fullmatch(r"(?:[\w.-]{1,253}|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?|[0-9a-fA-F:.]+", host):
        raise ValueError(_no_exception(value))


def _no_exception(value: str) -> str:
    return tr(
        f"{value!r} 既不是主机名、主机:端口，也不是 10.0.0.0/8 这样的网段",
        f"{value!r} is neither a host, host:port nor a network such as 10.0.0.0/8",
    )


def _quiet(re2: Any) -> Any:
    """Options under which a mistake is only raised, not also printed by the library itself."""
    options = re2.Options()
    options.log_errors = False
    return options


def _pattern(value: str) -> str:
    import re2

    try:
        re2.compile(value, _quiet(re2))
    except re2.error as error:
        said = error.args[0] if error.args else error
        said = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        raise ValueError(
            tr(f"不是有效的匹配式（RE2 语法）：{said}", f"not a valid pattern (RE2 syntax): {said}")
        ) from None
    return value


def secret_name(value: object) -> settings.Secret:
    """``env:NAME`` or ``file:/path`` as a ``Secret``. Raises ``ValueError``, never with the text that was given."""
    kind, _, place = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind == "env" and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", place):
        return settings.Secret(f"{kind}:{place}")
    if kind == "file" and place:
        return settings.Secret(f"{kind}:{place}")
    # The text itself is not repeated: it may be the secret.
    raise ValueError(
        tr(
            '密钥绝不写在这里：请写环境变量名（"env:NAME"）或文件（"file:/path"）',
            'a secret is never written here: name an environment variable ("env:NAME") or a file ("file:/path")',
        )
    )


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError(
            tr(
                "id 由小写字母、数字、- _ . 组成，以字母或数字开头，不超过 100 个字符",
                "an id is up to 100 small letters, digits, - _ and ., and begins with a letter or digit",
            )
        )
    return value


def _executor(value: object) -> object:
    if isinstance(value, str) and value.startswith(("dask:", "dask+")):
        return str(settings.Scheduler.parse(value))
    if value not in ("auto", "local", "processes"):
        near = difflib.get_close_matches(str(value), ("auto", "local", "processes", "dask://"), 1)
        zh, en = (f"；是不是想写 {near[0]!r}？", f"; did you mean {near[0]!r}?") if near else ("", "")
        raise ValueError(
            tr(
                f"{value!r} 不是 auto、local、processes 或 dask://主机:端口{zh}",
                f"{value!r} is none of auto, local, processes and dask://HOST:PORT{en}",
            )
        )
    return value


def _clock(value: str) -> str:
    if not _CLOCK.fullmatch(value):
        raise ValueError(tr("时刻写作带引号的 HH:MM", "a time of day is written HH:MM, in quotes"))
    return value


_WEIGHTS = {"高": "high", "中": "medium", "低": "low"}


def _weight(value: object) -> object:
    """高, 中 and 低 are words for it too."""
    return _WEIGHTS.get(value, value) if isinstance(value, str) else value


def _event_type(value: str) -> str:
    """A type of event or a family of them (``document``, ``document.*``)."""
    kinds = get_args(EventType)
    known = sorted({*kinds, *(kind.partition(".")[0] for kind in kinds)})
    if value.removesuffix(".*") not in known:
        near = difflib.get_close_matches(value.lower(), known, n=1, cutoff=0.5)
        raise ValueError(
            tr(
                f"没有 {value!r} 这种消息" + (f"；是不是 {near[0]!r}？" if near else f"；可用：{'、'.join(known)}"),
                f"there is no type {value!r}"
                + (f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"),
            )
        )
    return value


def web_address(value: str) -> str:
    """An ``http(s):`` address, without what the gate would refuse in every one. Raises ``ValueError``."""
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # [::1 without its end
        whole = False
    if not whole:
        raise ValueError(
            tr(
                "网址以 http:// 或 https:// 加主机名开头（sources.yaml 旁的文件用 file:）",
                "an address begins with http:// or https:// and a host (or file: for a file beside sources.yaml)",
            )
        )
    if _NO_ADDRESS.search(value) or re.search(r"\s", parts.netloc):
        raise ValueError(
            tr("网址里有反斜杠、空白或控制字符", "the address holds a backslash, white space or a control character")
        )
    if "@" in parts.netloc:
        raise ValueError(
            tr(
                "网址里不写用户名和口令：请写在 network: headers",
                "no user name or password in an address: see network: headers",
            )
        )
    return value


_NO_ADDRESS = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")


_PROXIES = ("http", "https", "socks5", "socks5h", "socks4", "socks4a")


def proxy_address(value: str) -> str:
    """The address of a proxy that the gate speaks to. Raises ``ValueError``."""
    parts = urlsplit(value)
    if parts.scheme not in _PROXIES or not parts.hostname:
        known = ", ".join(f"{scheme}://" for scheme in _PROXIES)
        raise ValueError(tr(f"代理的地址以 {known} 开头", f"a proxy's address begins with {known}"))
    return value


def _page_url(value: str) -> str:
    return value if value.startswith("file:") else web_address(value)


Duration = Annotated[float, BeforeValidator(_duration)]
Patience = Annotated[float, BeforeValidator(_patience)]
Selector = Annotated[str, AfterValidator(_selector)]
Size = Annotated[int, BeforeValidator(_size)]
TimeZone = Annotated[str, AfterValidator(_timezone)]
Cron = Annotated[str, AfterValidator(_cron)]
Pattern = Annotated[str, AfterValidator(_pattern)]
SecretName = Annotated[InstanceOf[settings.Secret], BeforeValidator(secret_name)]
Id = Annotated[str, AfterValidator(_id)]
Clock = Annotated[str, AfterValidator(_clock)]
Exceptions = Annotated[bool | list[str] | None, AfterValidator(_exceptions)]
PageAddress = Annotated[str, AfterValidator(_page_url)]
EventWord = Annotated[str, AfterValidator(_event_type)]
WeightWord = Annotated[settings.Weight, BeforeValidator(_weight)]
Executor = Annotated[str, BeforeValidator(_executor)]
Hours = tuple[Annotated[int, Field(ge=0, le=24)], Annotated[int, Field(ge=0, le=24)]]
