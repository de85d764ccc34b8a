"""YAML as plain values that know their lines; refuses duplicate keys, tags and aliases that repeat themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.reader import ReaderError

from watcher.errors import ConfigError
from watcher.words import system, told, tr

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Where each key and value of the file stands."""

    file: str
    at: dict[KeyPath, int]
    deep: int = 100
    """Longer paths are not noted."""

    def note(self, path: KeyPath, line: int) -> None:
        """Something stands in a line."""
        if len(path) <= self.deep:
            self.at[path] = line

    def error(self, path: KeyPath, message: str) -> ConfigError:
        """An error at the deepest part of ``path`` that the file has."""
        where = path
        while where and where not in self.at:
            where = where[:-1]
        return ConfigError(message, file=self.file, line=self.at.get(where, 1))


def parse(path: Path, deep: int = 100) -> tuple[Any, Lines]:
    """A file as plain values, and where they stand (paths up to ``deep`` long). Raises ``ConfigError``."""
    return parsed(text_of(path), str(path), deep)


def text_of(path: Path) -> str:
    """A file's text. Raises ``ConfigError`` when there is none, or none in UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            tr(
                "没有这个文件；用 --sources 指明你的文件，或以仓库里的 sources.yaml 为起点",
                "there is no such file; name yours with --sources, or start from the one in the repository",
            ),
            file=str(path),
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(
            tr(
                "不是 UTF-8 编码（可能是 GBK）；请用编辑器另存为 UTF-8",
                "this is not UTF-8 (GBK perhaps); save the file as UTF-8",
            ),
            file=str(path),
            line=line,
        ) from None
    except OSError as error:
        said = told(system(error))
        raise ConfigError(tr(f"读不出：{said}", f"cannot be read: {said}"), file=str(path)) from None


_PROBLEMS = {
    "mapping values are not allowed": "这里不应出现“键: 值”",
    "could not find expected ':'": "缺少冒号",
    "cannot start any token": "有不能出现在这里的字符（例如制表符）",
    "did not find expected key": "这里应当是一个键",
    "did not find expected '-' indicator": "这里应当是以 - 开头的一项",
    "did not find expected ',' or": "括号里缺少逗号，或括号没有闭合",
    "did not find expected <document start>": "顶层应当是“键: 值”",
    "unexpected end of stream": "引号没有闭合",
    "found undefined alias": "引用了没有定义的别名",
    "second occurrence": "同名的锚点出现两次",
    "block sequence entries are not allowed": "这里不应出现以 - 开头的一项",
    "unacceptable character": "有不能出现的控制字符",
    "control characters are not allowed": "有不能出现的控制字符",
}
"""What the YAML library says, and how to say it in Chinese."""


def _problem(said: str) -> str:
    return tr(next((words for part, words in _PROBLEMS.items() if part in said), said), said)


_WIDE_COLON = re.compile(r"\s*(?:- )?\s*\w+：")


def _wide_colon(text: str, line: int) -> int | None:
    """The line with a full-width colon after its key that made YAML stumble here or in a line below."""
    around = text.split("\n")[max(line - 3, 0) : line]
    return next((line - at for at, one in enumerate(reversed(around)) if _WIDE_COLON.match(one)), None)


def parsed(text: str, name: str, deep: int = 100) -> tuple[Any, Lines]:
    """YAML text as plain values; ``name`` is the file's, for errors. Raises ``ConfigError``."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
        lines = Lines(name, {(): 1}, deep)
        data = {} if node is None else _plain(node, (), lines, loader(""))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = _problem(error.problem or str(error))
        line = mark.line + 1 if mark else 1
        wide = _wide_colon(text, line)
        raise ConfigError(
            tr(
                f"不是有效的 YAML：{said}；请检查附近的缩进、冒号和引号",
                f"not valid YAML: {said}; check the indentation, colons and quotes around here",
            )
            if wide is None
            else tr(
                "键后面是全角冒号“：”；请改为半角冒号加一个空格",
                "the colon after the key is a full-width one; write a plain colon and a space",
            ),
            file=name,
            line=wide or line,
        ) from None
    except yaml.YAMLError as error:
        said = _problem(str(error).partition("\n")[0])
        place = error.position if isinstance(error, ReaderError) else 0
        # The C reader counts bytes.
        line = text.encode("utf-8", "ignore")[:place].count(b"\n") + 1
        raise ConfigError(tr(f"不是有效的 YAML：{said}", f"not valid YAML: {said}"), file=name, line=line) from None
    return data, lines


def _plain(node: yaml.Node, path: KeyPath, lines: Lines, loader: Any, depth: int = 0) -> Any:
    """A YAML node as plain values; notes lines, refuses duplicate keys, tags, and aliases that would repeat themselves."""
    lines.note(path, node.start_mark.line + 1)
    if depth > 20:
        raise lines.error(
            path,
            tr(
                "嵌套过深；不允许包含自身的别名",
                "nested too deeply; aliases that contain themselves are not allowed",
            ),
        )
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            line = key_node.start_mark.line + 1
            if key is None:
                raise ConfigError(tr("键必须是普通的词", "a key must be a plain word"), file=lines.file, line=line)
            if key in result:
                raise ConfigError(
                    tr(
                        f"键 {key!r} 在这里出现两次；请删去一个",
                        f"the key {key!r} stands here twice; remove one of them",
                    ),
                    file=lines.file,
                    line=line,
                )
            result[key] = _plain(value_node, (*path, key), lines, loader, depth + 1)
            lines.note((*path, key), line)
        return result
    if isinstance(node, yaml.SequenceNode):
        if len(node.value) * max(depth, 1) > 2_000_000:
            raise lines.error(path, tr("条目过多", "too many entries"))
        found: list[Any] = []
        nodes = list(reversed(node.value))
        if depth == 1 and path and not isinstance(path[0], int):
            node.value = []  # the nodes of a large file go as they are used, or they would be its largest part in memory
        while nodes:
            found.append(_plain(nodes.pop(), (*path, len(found)), lines, loader, depth + 1))
        return found
    return loader.construct_object(node, deep=True)
