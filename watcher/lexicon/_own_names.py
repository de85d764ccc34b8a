"""Words of a plan's own name that would say something else in the frame around it: 校外培训管理条例, 政府采购办法. Part of ``titles``."""

from __future__ import annotations

import re

_PAPER = "规划|计划|方案|办法|纲要|规定|细则|条例|措施|规范|指南|标准|目录|制度|预案|规则|要点|指引|导则|准则|规程|清单|名录|章程|条件|(?:实施|指导|若干)意见|的意见"
_NOTICE = "的?(?:通知|公告|通告|公示|函|启事|决定)"
_NAMED = re.compile(rf"^(?P<name>[^□]*(?:{_PAPER}))(?=(?:\([^()]*\))*(?:{_NOTICE})?$)")
_ASKED_ON = re.compile(
    rf"(?:征求|征集|征询|听取)(?P<name>[^□]*(?:{_PAPER}))(?=(?:\([^()]*\))*的?(?:修改|公众|社会)*(?:意见|建议)+(?:和?建议)?(?:{_NOTICE})?$)"
)
_WORDS = re.compile(
    "培训|采购|招投?标|投标|中标|成交|比选|听证|宣传|竞赛|征文|讲座|宣讲|论证|(?:合法性|公平竞争|备案)?审[查核]|竞争审查|(?:社会)?(?:稳定)?风险评估|环境影响(?:报告|评价)|环评|公众参与|"
    "(?:中期|终期|实施|后)?评估(?:报告)?|(?:实施|执行|完成|落实|进展)情况|答复|批复(?=权限|管理|事项)|"
    "(?<=[\u4e00-\u9fff])(?:人民|群众|社会|代表|公众)?(?:建议|意见|民意)(?:征集|收集|征求|办理|处理)"
)
_ASKED_WORDS = re.compile(
    "作品|项目|线索|案例|需求|专家|人选|志愿者?|课题|标识|名称|供应商|单位|企业|机构|提案|议案|史料|藏品|代表|评审|合作"
)
_APPROVING = re.compile("^(?:关于)?(?:同意|批复|批准|公布|发布)")


def without_own_words(frame: str) -> str:
    """``frame`` (a title, each 《…》 as □) with the telling words inside a plan's own name as ○.

    Only where the name is printed without 《》 and ends in a kind of paper right before the frame goes on: X市政府采购管理办法,
    关于征求X市政府投资项目管理办法意见的公告; X规划招标公告 keeps its words.
    """
    if asked := _ASKED_ON.search(frame):
        return _masked(frame, asked, _ASKED_WORDS)
    if (named := _NAMED.match(frame)) and not _APPROVING.match(frame):
        return _masked(frame, named, _WORDS)
    return frame


def _masked(frame: str, found: re.Match[str], words: re.Pattern[str]) -> str:
    start, end = found.span("name")
    return frame[:start] + words.sub(lambda word: "○" * len(word[0]), frame[start:end]) + frame[end:]
