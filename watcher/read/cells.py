"""What a cell of an indicator table is: a header word, a number, a nature, a unit, a name. Pure, by form and word lists."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from watcher.lexicon import units
from watcher.text import plain, squeeze

Column = Literal["number", "category", "name", "unit", "value", "nature", "other"]

_HEADERS: dict[str, Column] = {
    **dict.fromkeys(["序号", "编号", "序", "号"], "number"),
    **dict.fromkeys(
        ["领域", "类别", "指标类别", "分类", "类型", "指标类型", "一级指标", "维度", "方面", "指标领域", "板块", "目标类别", "分项", "指标分类",
         "大类", "主要领域", "类项", "目标领域"],
        "category",
    ),
    **dict.fromkeys(
        ["指标", "主要指标", "指标名称", "名称", "项目", "具体指标", "二级指标", "三级指标", "指标内容", "发展指标", "核心指标", "评价指标", "监测指标",
         "考核指标", "目标", "规划指标", "预期指标", "主要发展指标", "指标项", "内容", "类别指标", "目标名称", "主要目标", "工作指标", "项目名称", "任务指标", "产品名称", "机构类别"],
        "name",
    ),
    **dict.fromkeys(["单位", "计量单位", "指标单位", "单位名称", "量纲"], "unit"),
    **dict.fromkeys(
        ["属性", "指标属性", "指标性质", "性质", "目标属性", "指标类型属性", "约束性/预期性", "预期性/约束性", "属性类别", "指标约束", "约束性质", "约束类型", "约束力", "约束程度", "指标导向", "类型属性", "指标性质类型"], "nature"
    ),
    **dict.fromkeys(
        ["备注", "责任单位", "牵头单位", "责任部门", "数据来源", "说明", "牵头部门", "配合单位", "完成时限", "主要责任单位", "指标说明", "指标来源", "指标解释",
         "计算方法", "实施单位", "分值", "得分", "自评得分", "权重", "评分标准", "评分细则", "偏差原因", "统计口径", "完成进度", "累计进度", "进展", "进展评价", "进展情况", "评估结果", "目标任务", "负责单位", "牵头责任单位", "建设内容", "建设地点", "建设性质", "建设规模", "建设年限", "层级", "指标级别"],
        "other",
    ),
}  # fmt: skip
_YEAR = "(?:19|20)[0-9]{2}"
_VALUE_HEADER = re.compile(
    f"(?:到|至|截至)?{_YEAR}年?(?:[-—至到]{_YEAR}年?)?(?:底|末|初)?"
    "(?:规划|发展|预期|实际|预计|中期|终期|近期|远期|阶段性?|预算|决算|执行|展望|全国|全省|全市|全县|全区|国家|自治区|省|市|完成|达到|工作|目标|计划|现状|基期|基数|基线|基准|参考|年均|累计|指标|数据|情况|值|数|增长|增速|平均|水平|"
    "\\(.{0,12}\\)|%|/|、|年)*"
    "|(?:现状|基期|基准|基数|基线|基础|起点|终点|期初|期末|终期|目标|规划|预期|规划目标|发展目标|目标年|基准年|基期年|现状年|实际|实际完成|完成|[近中远终]期(?:目标)?|期末目标|国家目标|省级目标|(?:全国|全省|全区|全市|全州)(?:平均)?|"
    "[一二三四五六七八九十]{2,3}五|十[三四五六]五)(?:期末|时期|期间)?(?:值|数|数据|情况|目标值?|规划目标|完成情况?|预期目标|末|水平|年均增[长速].{0,6}|年均|累计)?(?:\\(.{0,14}\\)|/.{1,10})?"
    "|年均(?:增[长速幅]|变化|下降)?(?:率|度)?(?:\\(.{0,12}\\)|/累计|/\\[累计\\]|\\[累计\\]|%)?|累计(?:数|值|增长|(?:增加|新增|下降|降低|提高)值?|/年均)?(?:\\(.{0,12}\\)|%|/.{0,6})?|增[长速幅](?:率|度)?(?:\\(.{0,8}\\)|%)?"
    "|\\[累计[数值]?\\](?:(?:或|/)年均增[长速幅](?:率)?(?:\\(.{0,8}\\))?)?|年均增[长速幅](?:率)?(?:\\(.{0,8}\\)|%)?(?:或|/)\\[?累计[数值]?\\]?|[五5]年累计.{0,6}|±%?|年均/累计.{0,6}|变化(?:幅度|值|量|情况)?|变动情况|增减(?:[数量值额]|幅度)?(?:\\(.{0,4}\\)|%)?|(?:增加|净增)[数值额]"
    # Bulletins: 绝对数(亿元), 比上年增长(%), 年末数(万人), 比重(%).
    f"|[^0-9()]{{1,8}}\\({_YEAR}年?(?:底|末)?\\)"
    "|(?:年度|全年|本年度?|绩效)(?:指标|目标|任务|计划|实际|完成|绩效)(?:值|数|目标|完成)?值?|(?:实际|全年|累计|已)完成[值数量]?|(?:指标|工作|任务)(?:目标)?[值数]|工作目标|完成率(?:\\(.{0,4}\\)|%)?"
    "|(?:五年)?(?:合计|总计)|(?:绝对[数量额值]|年末[数值]|产量|总量|数量|实绩|比重|占比|(?:比|较)上年末?(?:同期)?(?:±|增长|增减|增加|提高)?|同比(?:增长|增减|±)?|增长速度|增减幅度)(?:\\(.{0,12}\\)|±?%)?"
)
_AMBIGUOUS = frozenset({"目标", "内容", "项目", "名称", "方面", "说明", "号", "序", "性质", "类型", "层级"})

_NUMBER = "[0-9]+(?:,[0-9]{3})*(?:\\.[0-9]+)?"
_UNIT_TAIL = (
    "(?:%|‰|％|个百分点|百分点|/10万|/百万|/万|1/10万|万人|万张|万名|万户|万吨|万千瓦|亿元|万元|元|岁|年|张|名|人|个|辆|所|家|台|人次|公里|平方米|平方公里|分钟|小时|倍|位|项|次|"
    "件|吨|户|公顷|亩|万亩|立方米|万立方米|天|级|类|℃|kg|m2|床|座|处|条|套|岁左右)?"
)
_OPERATOR = "(?:[<>≤≥=≈~≧≦]|不低于|不少于|不高于|不超过|大于|小于|高于|低于|超过|达到|达|约|至少|控制在|降至|提高到|降低到|稳定在|保持在|增长|下降|降低|提高|增加|减少|累计|年均|力争|左右|零|累计增长|[±+])"
_VALUE = re.compile(
    f"{_OPERATOR}{{0,3}}[\\[(〔【]?-?{_NUMBER}{_UNIT_TAIL}(?:(?:-{{1,2}}|至|/|:)-?{_NUMBER}{_UNIT_TAIL})?[\\])〕】]?(?:以上|以下|以内|左右|及以上|及以下|以上水平|之内|\\*+|①|②|③)?(?:\\([^()]{{1,30}}\\))?"
    "|\\[?-{1,3}\\]?|/|…|\\[-\\]|翻[一两二三]番|百分之.{1,8}|[一二三四五六七八九]成(?:以上|左右)?"
)
_NATURE = re.compile("[(\\[]?(?:预期|约束|建议|指导|引导|倡导|参考|监测|鼓励)性?(?:指标)?[)\\]]?")
_WORDS = re.compile(
    "(?:达到|高于|低于|优于|好于|持续|逐步|不断|稳步|有所|完成|控制|比|较|每年|逐年|保持|维持|稳定|进一步|明显|显著|基本|全面|全覆盖|全部|降|提高|提升|增长|增加|减少|不低|不高|不超|不少|力争|"
    "按照?|完成国家|国家|省级?下达|自治区下达|上级下达|以?(?:国家|省|自治区|市|上级)(?:下达|要求|核定|反馈|考核|平均)|待|下降|上升|翻|与.{1,12}(?:同步|一致|持平)|同步|高质量|实现|建成|消除|优良|良好|合格|符合|"
    "动态|常态|接近|领先|居|位居|前[0-9]|处于|无|有|是|否|-)"
)
_UNIT = re.compile(
    "(?:1?/?10?万|%|‰|‱|个百分点|百分点|[万亿千百]?(?:人|人年|人次|元|张|名|个|辆|所|家|台|吨|户|亩|公顷|公里|平方米|平方公里|立方米|千瓦|千瓦时|吨标准煤|吨标煤|册|件|次|件次|套|座|处|条|只|头|支|项|"
    "标准立方米|标台|标箱|TEU|床位?|岁|年|天|小时|分钟|级|位|类|倍)(?:/.{1,10})?|[-/—]|(?:人|张|名|个|辆|元|件|平方米|吨|户|升|千克|公斤|kg|mg|μg|微克)/.{1,8}|比值|比例|分|度|℃|dB|分贝|mg/L|μg/m3|微克/立方米|吨标准煤/万元|立方米/万元)"
)
_CJK = re.compile("[\u4e00-\u9fff]")
_UNIT_BRACKET = re.compile("[(（\\[【][^()（）]{0,16}[)）\\]】]?[\\s*＊★☆▲△●○①-⑳¹²³]*$")


def header_kind(text: str) -> Column | None:
    """The column that a header cell announces, ``None`` when the text is no header word."""
    return _header_kind(text) if 0 < len(text) <= 32 else None


@lru_cache(maxsize=4096)
def _header_kind(text: str) -> Column | None:
    word = _FOOTNOTE.sub("", plain(_RAISED.sub("", text)).translate(_SQUARE)).replace("?", "").replace(":", "")
    kind = _HEADERS.get(word)
    if kind:
        return kind
    if _VALUE_HEADER.fullmatch(word) and not word.isdigit():
        return "value"
    stem = re.sub("\\(.{0,20}\\)|\\[.{0,20}\\]", "", word)
    if kind := _HEADERS.get(stem):
        return kind
    # Almost every cell is told from a head by its end.
    told = stem[-1:] in _FORM_ENDS or "及" in stem or "原因" in stem
    return next((kind for kind, form in _FORMS if form.fullmatch(stem)), None) if told else None


_FORM_ENDS = frozenset("年度末标目容项称求平绩际成务划数值量算行额位门室体导人区构间限期点排源径据义释涵价明展因")


_FORMS: tuple[tuple[Column, re.Pattern[str]], ...] = (
    ("name", re.compile("(?:考核|服务|评价|监测|工作|建设|评估|任务|衡量|检查|创建|民生|收入|支出|预算)(?:指标|项目|内容|事项|项)|(?:衡量|细化|量化|关键|重点|具体|工作)指标|(?:预算)?科目(?:名称)?")),
    ("value", re.compile("(?:年度|目标|任务|指标|考核|工作)要求|(?:上年|去年|上一年|本年|今年)度?(?:末|同期)?(?:水平|实绩|实际|完成|目标|任务|计划)?[数值量]?|净?增量|增加量|总任务|终值|(?:年初|调整后?|上年|本年|全年|预计)*(?:预算|决算|执行)[数额]?")),
    ("other", re.compile(
        "(?:主要)?(?:责任|牵头|主责|配合|实施|主管|承办|落实|考核|推进|负责|监测|协同|参与|填报|审核)(?:单位|部门|科室|处室|股室|主体|领导|人|地区|机构)(?:及.{2,6})?"
        "|(?:完成|推进|整改)(?:时间|期限|时限)|时限要求|时间(?:节点|要求|安排)|(?:指标|数据|资料)(?:来源|口径|依据|定义|释义|含义).{0,2}|(?:偏差|未完成).{0,2}原因.{0,10}|(?:进展|完成|落实)情况(?:评价|说明)|实施进展"
    )),
)  # fmt: skip
"""What many words of heads are made of: 主责部门, 完成时间, 年度要求."""


_RAISED = re.compile("[¹²³⁰-⁹①-⑳*＊]+$")
_SQUARE = str.maketrans("〔〕【】", "[][]")
_FOOTNOTE = re.compile("(?<=.)\\[(?:注?[0-9]{1,2}|注)\\]$")
"""Marks of footnotes behind a header word: 累计¹, 2025年[2]."""


def ambiguous_header(text: str) -> bool:
    """Whether a header word is also an everyday word, so that alone it proves nothing."""
    return plain(text) in _AMBIGUOUS


def is_value(text: str) -> bool:
    """A number with operator, unit, brackets or range, or a dash that stands for none."""
    word = plain(text)
    return len(word) <= 40 and (
        bool(_VALUE.fullmatch(word))
        or _in_unit(word)
        or ("、" in word and all(map(_VALUE.fullmatch, word.split("、"))))
    )


def _in_unit(word: str) -> bool:
    """A figure in a unit of the lexicon (12立方米/秒, 4支以上)."""
    match = _MEASURED.fullmatch(word)
    return match is not None and units.is_unit(match[1])


_MEASURED = re.compile(f"{_OPERATOR}?{_NUMBER}([^0-9].{{0,11}}?)(?:及?以[上下内]|左右)?")


def is_bare_number(text: str) -> bool:
    """A plain whole number, as row numbers are printed."""
    return bool(re.fullmatch("[0-9０-９]{1,3}[.、．]?", squeeze(text)))


def is_nature(text: str) -> bool:
    """预期性, 约束性 and their short forms."""
    return len(text) <= 10 and bool(_NATURE.fullmatch(plain(text)))


def is_unit(text: str) -> bool:
    """A unit of measure that stands alone in its cell."""
    return len(text) <= 14 and (bool(_UNIT.fullmatch(plain(text))) or units.is_unit(text))


def is_words_value(text: str) -> bool:
    """A target in words (持续增长, 达到国家平均水平)."""
    return len(text) <= 40 and bool(_WORDS.match(plain(text)))


def has_unit_bracket(text: str) -> bool:
    """A name that ends in a bracket with its unit, closed or not."""
    return bool(_UNIT_BRACKET.search(text))


def is_open(text: str) -> bool:
    """More brackets opened than closed: the cell goes on in the next line."""
    return sum(text.count(c) for c in "(（[【《“") > sum(text.count(c) for c in ")）]】》”")


def is_text(text: str) -> bool:
    """Chinese words, as names and categories are."""
    return bool(_CJK.search(text))


_BODY = re.compile(
    "[市县区省州盟旗各]?[\u4e00-\u9fff、,，()（）]{1,40}(?:[局委厅办部院]|政府|办公室|委员会|中心|单位|部门|集团|公司|联合会|工会|团委|妇联|管委会)(?:等)?"
)


def is_body(text: str) -> bool:
    """The name of an office, as columns of responsible bodies print it."""
    return bool(_BODY.fullmatch(squeeze(text)))


def ends_in_operator(text: str) -> bool:
    """Whether a cell breaks off behind the words of a bound (控制在), so that the next line is its figure."""
    return len(text) <= 12 and bool(_OPERATOR_END.search(squeeze(text)))


_OPERATOR_END = re.compile("(?:控制在|不低于|不少于|不高于|不超过|达到|降至|提高到|降低到|稳定在|保持在|[<>≤≥＜＞])$")


def has_operator(text: str) -> bool:
    """A bound rather than a measured figure."""
    word = plain(text)
    return bool(word) and (
        word[0] in "<>≤≥≧≦~≈"
        or word.endswith(("以上", "以下", "以内", "左右"))
        or word.startswith(("不低", "不少", "不超", "不高"))
    )
