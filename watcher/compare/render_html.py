"""A diff as one self-contained HTML file: no scripts, no outside resources, light and dark, every text escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from watcher.compare.context import Group, column_name, fold, more, sections, shown_spans
from watcher.compare.render_text import clean
from watcher.compare.wording import edit_word, headline, name_of, nature, sort, value, when, word
from watcher.types import Change, Edit, Indicator, Move, SpanKind
from watcher.words import Language

STYLE = """
:root{color-scheme:light dark;--ink:#1c1f23;--paper:#fff;--soft:#57606a;--line:#d8dee4;--del:#9a1f1f;--delbg:#ffe3e0;
--ins:#0b5d2a;--insbg:#d7f5df;--head:#f3f5f7}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8ea;--paper:#15181c;--soft:#9aa4ae;--line:#333a42;--del:#ffb3ab;
--delbg:#4a1d1b;--ins:#9be7b0;--insbg:#12391f;--head:#1d2228}}
*{box-sizing:border-box}body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;color:var(--ink);background:var(--paper);
font:16px/1.7 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif}
h1{font-size:1.35rem;line-height:1.4}h2{font-size:1rem;color:var(--soft);border-bottom:1px solid var(--line);
padding-bottom:.25rem;margin-top:2rem}.meta{color:var(--soft);font-size:.9rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;
border-bottom:1px solid var(--line);vertical-align:top}th{background:var(--head);font-weight:600}
del{color:var(--del);background:var(--delbg);text-decoration:line-through}ins{color:var(--ins);background:var(--insbg);
text-decoration:underline;text-underline-offset:.2em}del,ins{border-radius:.2em;padding:0 .1em;overflow-wrap:anywhere}
.effect{white-space:nowrap;font-weight:600}.tightened,.removed,.unbinding{color:var(--del)}.relaxed,.added,.binding{color:var(--ins)}
.edit{margin:.6rem 0;overflow-wrap:anywhere}.kind{display:inline-block;min-width:3.2em;color:var(--soft);font-size:.85rem;
margin-right:.5em}.label{color:var(--soft)}td .label,td.year{white-space:nowrap}blockquote{margin:.2rem 0 0;color:var(--soft);font-size:.85rem}
@media print{body{max-width:none}}
"""
_HEADS = {
    "zh": ("指标", "年份", "原值", "新值", "变动"),
    "en": ("Indicator", "Year", "Before", "After", "Move"),
}


def html(change: Change, language: Language = "zh", context: int = 40, *, title: str = "", note: str = "") -> str:
    """The whole page. ``title`` names the document, ``note`` the two versions; both are escaped as everything is."""
    lang = "zh-CN" if language == "zh" else "en"
    first = headline(change, language)
    name = f"{title} · {first}" if title else first
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{_text(name)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + (f'<p class="meta">{_text(title)}</p>\n' if title else "")
        + f"<h1>{_text(first)}</h1>\n"
        + (f'<p class="meta">{_text(note)}</p>\n' if note else "")
        + fragment(change, language, context)
        + "</body>\n</html>\n"
    )


def fragment(change: Change, language: Language = "zh", context: int = 40) -> str:
    """The table of moves and the edits, to be put into a page that brings its own style (classes as in ``STYLE``)."""
    return "".join(_parts(change, language, context))


def _text(text: str) -> str:
    return escape(clean(text), quote=True)


def _parts(change: Change, language: Language, context: int) -> Iterator[str]:
    if change.moves:
        yield '<div class="scroll"><table class="moves">\n<thead><tr>'
        yield "".join(f'<th scope="col">{head}</th>' for head in _HEADS[language])
        yield "</tr></thead>\n<tbody>\n"
        yield from (_row(move, language) for move in change.moves)
        yield "</tbody></table></div>\n"
    for section, groups in sections(change.edits):
        yield f"<section>\n<h2>{_text(section) or ('正文开头' if language == 'zh' else 'Beginning')}</h2>\n"
        yield from (_edit(group, language, context) for group in groups)
        yield "</section>\n"


def _row(move: Move, language: Language) -> str:
    side = move.after or move.before
    quote = f"<blockquote>{_text(side.quote)}</blockquote>" if side and side.quote else ""
    return (
        f'<tr><td>{_text(name_of(move, language))}{quote}</td><td class="year">{_text(when(move, language).strip(" ()（）"))}</td>'
        f"<td>{_side(move.before, language)}</td><td>{_side(move.after, language)}</td>"
        f'<td class="effect {sort(move)}">{_text(word(move, language))}</td></tr>\n'
    )


def _side(side: Indicator | None, language: Language) -> str:
    if side is None:
        return "—"
    kind = nature(side, language)
    return _text(value(side, language)) + (f' <span class="label">{_text(kind)}</span>' if kind else "")


def _edit(group: Group, language: Language, context: int) -> str:
    edit = group.first
    kind = f'<span class="kind">{_text(edit_word(edit, language))}</span>'
    if edit.kind == "column" and edit.label:
        tag = "del" if edit.before else "ins"
        return (
            f'<p class="edit {edit.kind}">{kind}<{tag}>{_text(column_name(group))}</{tag}> × {len(group.edits)}</p>\n'
        )
    label = ""
    if edit.label and edit.kind in ("cell", "format", "column"):
        label = f'<span class="label">{_text(edit.label)}{"：" if language == "zh" else ": "}</span>'
    return f'<p class="edit {edit.kind}">{kind}{label}{spans(edit, context)}{more(group, language)}</p>\n'


def spans(edit: Edit, context: int = 40) -> str:
    """An edit's spans as escaped HTML with ``<del>`` and ``<ins>``, folded."""
    return "".join(_span(kind, text) for kind, text in fold(shown_spans(edit), context))


def _span(kind: SpanKind, text: str) -> str:
    shown = _text(text).replace("\n", "<br>")
    return shown if kind == "equal" else f"<del>{shown}</del>" if kind == "delete" else f"<ins>{shown}</ins>"
