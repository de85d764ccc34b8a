"""Who sends a paper, as its title says in front of 关于. Pure."""

from __future__ import annotations

import re

_SENDERS = re.compile(r"^([\u4e00-\u9fff、,，\s()（）·]{3,80}?)关于")
_BETWEEN = re.compile(r"[、,，\s]+")
_GOVERNMENT = re.compile(
    r"(?:政府|[省市区县州盟旗乡镇]委|委员会)(?:办公厅|办公室)$|(?:人民政府|政府|党工委|管委会|管理委员会)$"
)
_COMMISSION = re.compile(
    r"(?:健康|改革|建设|教育|科技|事务|监督|管理|工作|体育|民族|宗教|经济|信息化|计划生育)[\u4e00-\u9fff]{0,4}委员会(?:办公室)?$"
)


def senders_agree(one: str, other: str) -> bool:
    """False where two titles name different bureaus: each has its 工作要点 and its 招聘公告. A government may issue what any bureau wrote,
    and who signs together with others is one of them.
    """
    a, b = _senders(one), _senders(other)
    if not a or not b or any(_governs(name) for name in (*a, *b)):
        return True
    return any(_short_for(x, "".join(b)) for x in a) or any(_short_for(y, "".join(a)) for y in b)


def _senders(title: str) -> list[str]:
    found = _SENDERS.match(title)
    return [name for name in _BETWEEN.split(found[1]) if len(name) > 2] if found else []


def _governs(name: str) -> bool:
    return bool(_GOVERNMENT.search(name)) and not _COMMISSION.search(name)


def _short_for(name: str, names: str) -> bool:
    """卫健委 is 卫生健康委员会: the characters of a name in their order."""
    rest = iter(names)
    return all(character in rest for character in name)
