"""Quantities that are no indicators: dates, document numbers, ages, grades, list numbers, enumerations, conditions."""

from __future__ import annotations

import re

from watcher.indicators import bare, verbs
from watcher.indicators.bare import CALENDAR, CHINESE, STATE_BEFORE
from watcher.indicators.values import Mention
from watcher.lexicon.units import family

_TITLE = re.compile(r"《[^》]{0,150}》|〔[^〕]{0,12}〕|第[0-9]{1,4}号")
_LETTERS = frozenset("×✕*÷ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ第号№+＋-")
_LETTER_BEFORE = re.compile(r"[A-Za-zⅠ-Ⅻ第号№+＋×✕*÷][-]?$")
_ENUMERATED = re.compile(
    r"^[^，,。；;、：:0-9（(]{0,8}?(?:专项行动|大?行动$|行动[，。；、]|核心制度|项?制度|项?(?:具体)?(?:措施|举措)|个?(?:部门|单位)(?:参加|组成|联合|参与)|职责|原则|方面|环节|阶段(?!教育|学生|学校)|层面|维度|领域|意见|关键|要点|"
    r"试点(?:城市|地区|单位)之一|之一|板块|攻坚战|战役|专项整治|主题|章节|部分|步骤|要素|指标体系|(?:约束性|预期性|主要|核心|具体|[一二三]级)(?:工作|评价|考核)?指标)"
)
_DENOMINATOR_ENDS = frozenset("每按照1")
_DENOMINATOR = re.compile(r"(?:每|按照?每?|平均每|按照?每?1?)$")
_STANDARD = re.compile(r"^\s?(?:的|以上的|左右的)?(?:标准|比率|比例|要求|规模)")
_AGE = re.compile(r"(?:寿命|年龄)[^，,。；]{0,30}$")
_YEARS_OF = re.compile(r"(?:年限|寿命|周期|平均[^，,。；]{0,8}时间|(?:诊断|确诊)时间)[^，,。；]{0,24}$")
_BY_YEARS = re.compile(
    r"(?:寿命|年限)[^，,。；;]{0,30}[，,](?:比|较|同比)[^，,。；;]{0,12}(?:提高|增加|延长|上升|增长|缩短|下降|降低|减少)了?$"
)
_DURATION = re.compile(
    r"(?:时间|提前[量期]|天数|时长|小时数|时限|时延|延时|延迟|寿命|半径|反应|响应|住院日|床日|间隔|时段|[月时日]数|无霜期|可支付|用时|耗时|回收期|周转天|周期|工作日|缩短|压缩|压减|控制在|不超过|出行圈|通勤)[^，,。；]{0,20}$"
    r"|(?:提高|提升|延长|增加)[到至](?:20\d\d年的?)?$|(?:比|较|同比)(?:20\d\d年)?[^，,。；0-9]{0,6}(?:偏[多少]|增加|减少|延长)了?$|偏[多少]$|(?:[、，中]|^)(?:优|良|优良|[轻中重]度(?:及以上)?污染)$"
)
_STAY = re.compile(r"住院[天日]|平均[^，,。；]{0,4}[日期][数为]?$")
"""日 is a day of the calendar unless a length of stay is told."""
_MEMBERS = re.compile(r"(?:[^，,。；、（(]|[（(][^（()）]{1,8}[)）]){1,10}?(?:中|(?<!公)里)(?:[，,]|还?有?(?=[0-9]))")
_NAMED_IN_TURN = re.compile(r"[\u4e00-\u9fff]{0,10}?(?:依次|分别)[为是][\u4e00-\u9fff]")
"""较高的5类食品依次为…: so many are named, not counted."""
_RULES = re.compile(
    r"[^，,。；;、0-9]{0,8}?(?:措施|举措|政策|意见|建议|规定|要求|标准|内容|经验|办法|原则|任务|禁令|纪律)"
)
"""12条措施: articles of a paper; 24条河流 and 航线118条 are counted."""
_CONDITION = re.compile(
    r"^的?(?:人口|居民|家庭|贫困|行政村|村|乡镇|街道|企业|单位|老人|老年人|儿童|人员|医院|县|旗|区域|城市|城镇|社区|场所|项目|工程)"
)
_WHO_ARE = re.compile(r"的[^，,。；0-9]{0,12}?(?:有|共|占比?|比例|比重)(?:为|达到?)?\s?[0-9]")
"""吞吐量达到100万人次以上的机场有106个."""
_CHINESE_OK = re.compile(r"(?:配[置备]|设[置立]|建成|新建|建设|确定|至少有?|参加|接受)$")
_BUILT = re.compile(r"(?:建成|[新改扩]建|建设|新增|引进|培养|购置|达到|增加到)$")
_BUILT_UNITS = frozenset(("所", "座", "家", "名", "张", "辆", "台"))
"""建成两所医院 tells a number, 一所 and 三个 mostly do not."""
_OFTEN = re.compile(r"(?:人均|年均|平均|每[年月周日季]|服务|开展|举办|接受|参加)[^，,。；]{0,12}$")
_PROPORTION = re.compile(r"[:：∶︰]")
_PROPORTION_OF = re.compile(
    r"(?:比(?:例|值|重)?|结构)(?:均|由|从|达到?|为|是|[^，,。；]{0,4}[到至为])[^，,。；]{0,14}$"
)
_PROPORTION_BOUND = re.compile(
    r"比(?:例|值)?(?:不低于|不高于|不超过|达到|控制在|约为|约)?$|(?:调整|变化|优化)[为到至]$"
)
_TAKEN_ON = re.compile(r"(?:引进|培养|培训|新增|招聘|吸引|选派|储备|达到?|服务|惠及|带动)[^，,。；]{0,4}$")
_CONDITION_UNITS = {
    "persons",
    "households",
    "mass",
    "coal",
    "power",
    "length",
    "area",
    "volume",
    "visits",
    "years",
    "money",
    "livestock",
}
_ABOUT_ITSELF = frozenset("科级市省县区地土届次年月周人校院局")
"""2023本级, 12本科 tell of no books."""
_DEGREES = re.compile("[^，,。；]{0,6}(?:低温|高温|启动|环境|条件|情况)")
"""-30℃低温冷启动成功率: part of a name."""
_CLOCK = re.compile(r"[0-9][点时:：]\s?$")
_SCALE = frozenset("×✕*÷级/／")
"""200米×23米, 1公里/1小时, 1000吨级船舶: measures of one thing, and grades."""
_ADMINISTERED = re.compile(
    r"[^，,。；0-9]{0,6}(?:市|县|区|旗|盟|州|乡镇|街道|医院|学校|机构|企业)(?:[（(][^（()）]{1,8}[)）])?(?:已?全部|分别|依次)"
)
"""16个设区市全部通气: how many there are is not what is told."""
_CHARGED = re.compile(r"按照?[^，,。；]{2,30}的$")
_CHARGES = re.compile(r"(?:计?收取?|计算?|确定|核定|支付|缴纳|执行)")
"""按标准的80%收取: a rule, not what was reached."""
_SIZED = re.compile(r"(?:规模|总额|额度|安排|投入|设立|筹[集措]|列支|拨付|统筹|落实)(?:为|达到?)?$")
"""总规模不低于20亿元的基金: how large it is, and no condition on it."""
_HOLDS_WHOLE = re.compile(r"占全[国省区市县]$")
"""以占全国9%的耕地养活…: a turn of speech."""
_COPIES = "一式"
_QUALIFIED = re.compile(r"的?[\u4e00-\u9fff]{2,10}?(?:达到?|共?有|占)?\s?[0-9]")
"""500平方米以上海岛188个, 1万立方米以上冷库12座: the bound tells which are counted."""
_ABOUT_THOSE = re.compile(r"(?:^|[，,；;])对[^，,。；0-9]{0,12}$")
"""对新建1万立方米以上冷库，…: which of them a rule is for."""
_FINE = re.compile(r"(?:[0-9.]{1,6}倍(?:以上|以下))?的?罚款")
_RATIO_OF, _WHOLE = ("的比例", "的比重", "的份额"), re.compile("占[^，,。；]{2,15}$")
_MOVED = ("前进", "后移", "后退", "进位", "提升", "上升", "下降", "跃升")
"""列全省第5位、前进2位: a rank."""
_SAID_OF = re.compile(r"[)）](?:均|都|分别)?(?:达到?|保持|稳定|控制|提高|实现|为|不低于|不超过|≥)")
"""配备率（供餐人数500人以上）保持100%: for whom the measure is."""
_STANDARD_OF = ("节能标准", "节能设计标准", "标准")
_SUCH = ("的", "项目", "企业", "产业")
_THROUGH = ("超过", "经过", "通过", "突过")
_MARKS = re.compile(r"(?:[满总]分|分数线|[扣加得计记])(?:为|是)?$")
"""满分为100分, 每例扣2分: marks of a test or an assessment, not the score somebody reached."""
_CLASSED = ("新药", "创新药", "化药", "化学药", "中药", "疫苗", "医疗器械", "用地", "水质", "地区")
"""1类新药, 2类地区: a class of its own."""
_THESE = ("这", "上述", "前述", "该")
"""这5个行业的经费占…: they were counted before."""
_SO_MANY = re.compile("[0-9]{1,5}[个家户项所人名座条处只]")
_GRADED = ("为A", "为B", "为C", "为D", "为优", "为良", "为合格", "为不合格", "为基本合格", "为一等", "为二等", "为三等")
_POINTS_FOR = re.compile(r"每(?:改善|提[高升]|降低|下降|增[加长]|减少|超[过出]?|高出?|低)了?$|分[值数]的$")
_AVERAGED = re.compile("[\u4e00-\u9fff]{2,8}?(?:平均|户均|院均|校均)[^，,。；0-9的]{1,10}[0-9]")
"""25家医院平均得分812.6分: who they are whose mean is told."""
_GOAL = re.compile(
    r"(?:[、和与及]\s?[0-9]+(?:\.[0-9]+)?[%‰％]?){0,3}的[^，,。；]{0,10}?(?:目标|控制指标|控制线|红线|警戒线|国家标准|国家要求)(?:值|任务|要求)?(?:[，,。；尚还仍差相有]|$)"
)
_AGAINST_GOAL = re.compile(
    r"(?:距离?|[低高优好]于|已超过|均超过|超额完成|提前实现|提前完成)[^，,。；0-9]{0,4}(?:[0-9]+(?:\.[0-9]+)?[%‰％]?[、和与及]){0,3}$"
)
"""低于0.9‰的控制指标, 超额完成5500万人的目标任务: what something is held against."""
_CLAUSE_END = re.compile("区|[，,。；]")
"""管辖, 下辖 and 辖 stand before the count, 直辖市 and 辖区 do not."""
_GOES_ON = frozenset("的、和与及")
_TASK_ENDS = tuple("务标划求核值数为是")
_TASK = re.compile(r"[（(](?:全年|年度|国家|省|市|上级|规划|计划)?(?:目标|任务|计划|要求|考核)(?:值|数|为|是)*$")
"""63.9%（全年任务62%）: what a result is held against."""
_GOAL_BEFORE = re.compile(r"(?:目标|任务|计划|预期)[值数]?[（(]$")
"""完成2025年目标值（520公里）的81.9%."""
_TURNED = re.compile(r"翻了?$")
_DAYS_OF = re.compile(
    "(?:天数|时长|小时数)[^。；]{0,4}(?:不少于|不低于|不超过)[0-9.]{1,6}[天小时个]{1,3}，[^，,。；0-9]{2,16}$"
)
"""国有博物馆开放天数不少于300天，非国有博物馆不少于240天."""
_YEARLY = re.compile(r"(?:每[年月周天日]|全年|年均|平均)(?:不少于|不低于|不超过|至少|最少|最多)?$")
_MAGNITUDE = re.compile(r"[百千万十](?![一二三四五六七八九十])")
_GRADE_BEFORE = re.compile(r"级(?:以上)?[和、与及]\s?$")
_AMONG = re.compile(r"[^，,。；]{0,8}中")
_CAPTIONS = frozenset("表图栏件")
_CAPTION = re.compile("(?:^|[，,。；;（(：:\\s]|[附续如见])[表图]$|(?:专栏|附件)$")
"""表1 株洲市…: the number of a table."""
_SLOGAN_BEHIND = re.compile(r"^[^，,。；;、]{0,12}?(?:圈|热线|平台|工程|窗口|机制|模式|服务圈|行动)")


def hidden_spans(sentence: str) -> list[tuple[int, int]]:
    """Stretches in which numbers belong to titles and document numbers."""
    if "《" not in sentence and "〔" not in sentence and "第" not in sentence:
        return []
    return [match.span() for match in _TITLE.finditer(sentence)]


def refused(sentence: str, mention: Mention, hidden: list[tuple[int, int]]) -> bool:
    """Whether a quantity can be told to be no indicator by its own look and its neighbours."""
    value = mention.value
    if hidden and any(a <= mention.number_start < b for a, b in hidden):
        return True
    start, digits, end = mention.start, mention.number_start, mention.end
    before = sentence[start - 16 if start > 16 else 0 : start]
    behind = sentence[end : end + 24]
    mark = behind[:1]
    if mark in _SCALE and _measures_size(value.unit, behind):
        return True
    if mark.isascii() and mark.isalpha():
        last = value.unit[-1:]
        if value.unit in ("", "个") or (last.isascii() and last.isalpha()):
            return True
    if before and before[-1] in _CAPTIONS and _CAPTION.search(before):
        return True
    if sentence[digits - 1 : digits] in _LETTERS and _LETTER_BEFORE.search(sentence, max(0, digits - 2), digits):
        return True
    if value.number is None and _PROPORTION.search(value.text):
        return _PROPORTION_OF.search(before) is None and _PROPORTION_BOUND.search(before) is None
    if mention.chinese and _chinese_refused(sentence, mention, before, behind):
        return True
    if not value.unit:
        return bare.refused(sentence, mention, before, behind)
    return _by_unit(sentence, mention, before, behind) or _counted_off(sentence, mention, before, behind)


def _measures_size(unit: str, behind: str) -> bool:
    """Whether a quantity before ×, 级 or a stroke with a second one tells a size, a grade or a scale."""
    if behind[0] == "级":
        return unit != "" and behind[1:2] != "数" and "级" not in unit
    return behind[0] not in "/／" or (behind[1:2].isdigit() and family(unit) == "length")


def _chinese_refused(sentence: str, mention: Mention, before: str, behind: str) -> bool:
    """一个, 两项, 五大 are turns of phrase; a Chinese numeral counts with a bound (六种以上) or behind 每…配备."""
    value = mention.value
    printed = sentence[mention.number_start : mention.end].removesuffix(value.unit)
    if _MAGNITUDE.match(printed) or value.unit in (
        "级",
        "年",
        "期",
        "次",
        "批",
        "大类",
        "部",
    ):
        return True
    if family(value.unit) == "money" and (value.unit != "元" or len(value.number or "") > 1):
        return False  # 二百元 is a sum, 二元 and 一元 are words
    per = "每" in sentence[max(0, mention.start - 30) : mention.start]
    built = value.unit in _BUILT_UNITS and value.number != "1" and _BUILT.search(before)
    if value.op == "=" and not built and not (per and _CHINESE_OK.search(before)):
        return True
    return value.unit == "个" and behind[:1] in ("月", "一")


def _by_years(sentence: str, mention: Mention) -> bool:
    """Whether years are the difference of a measure that is told in years (寿命75.6岁，较2015年提高1.8岁)."""
    return _BY_YEARS.search(sentence, max(0, mention.start - 60), mention.start) is not None


def _by_unit(sentence: str, mention: Mention, before: str, behind: str) -> bool:
    """Years, ages, times, grades and ordinals count only behind words that make them a measure."""
    value = mention.value
    kind = family(value.unit)
    if kind == "years":
        if value.op != "=" and behind.startswith("的"):
            return True
        if CALENDAR.fullmatch(value.number or ""):
            return True
        return not _YEARS_OF.search(sentence[max(0, mention.start - 28) : mention.start]) and not _by_years(
            sentence, mention
        )
    if kind == "age":
        return not _AGE.search(sentence[max(0, mention.start - 40) : mention.start]) and not _by_years(
            sentence, mention
        )
    if value.unit == "日":
        return not _STAY.search(sentence[max(0, mention.number_start - 30) : mention.number_start])
    if kind in ("minutes", "days", "months"):
        wide = sentence[max(0, mention.number_start - 30) : mention.number_start]
        if value.op in (">=", "<=") and _YEARLY.search(
            sentence[max(0, mention.number_start - 8) : mention.number_start]
        ):
            return False
        if value.op in (">=", "<=") and _DAYS_OF.search(sentence, max(0, mention.start - 48), mention.start):
            return False
        if value.op in ("<", "<=") and value.text[:1] in "小不≤<＜":
            # 恢复点目标小于15分钟
            return bool(_SLOGAN_BEHIND.match(behind))
        return not _DURATION.search(wide) or bool(_SLOGAN_BEHIND.match(behind))
    if kind in ("voltage", "speed"):
        return bool(CHINESE.match(behind)) and not STATE_BEFORE.search(before)
    if kind == "level" and value.unit != "个等级":
        return not (STATE_BEFORE.search(before) or (_GRADE_BEFORE.search(before) and not CHINESE.match(behind)))
    if value.unit == "次" and value.text.endswith("以上") and behind.startswith("的"):
        # 逾期3次以上的予以通报
        return True
    if value.unit in ("次", "批", "期", "轮", "批次") and value.op == "=":
        return not _OFTEN.search(before) and behind[:1] not in "，,。；、"
    if value.unit == "位":
        if before.endswith(_MOVED):
            return True
        return not (value.op == "<=" or behind[:1] in "，,。；、")
    if value.unit == "本":
        return behind[:1] in _ABOUT_ITSELF
    if kind == "degree":
        return behind[:1] > "\u4e00" and _DEGREES.match(behind) is not None
    if value.unit == "条":
        return before.endswith("章") or bool(_RULES.match(behind))
    if value.unit == "分" and _CLOCK.search(before):
        return True
    if value.unit in ("P", "对"):
        return behind[:1] not in ("", "算", *"，,。；、")
    if value.unit in ("项", "种") and value.op == "=" and before.endswith("等"):
        return True
    if value.unit not in ("类", "大类"):
        return False
    if value.unit == "类" and len(value.number or "") == 1 and behind.startswith(_CLASSED):
        return True
    return before.endswith("等") or not (behind[:1].strip() or verbs.ends_in_state(before))


def _governs(sentence: str, at: int) -> bool:
    """全县辖16个乡镇、238个行政村: how a place is divided."""
    opened = sentence.rfind("辖", max(0, at - 40), at)
    return opened >= 0 and not _CLAUSE_END.search(sentence, opened, at)


_PEOPLE = frozenset({"1万人", "10万人", "100万人", "1000人", "10万人口", "1万人口", "100万人口"})
_RATE = re.compile("口?[\u4e00-\u9fff]{2,14}?率")
"""10万人口火灾死亡率: so many people are what a rate is measured by, also without 每."""


def _counted_off(sentence: str, mention: Mention, before: str, behind: str) -> bool:
    """Denominators (每3万人口), enumerations (17个专项行动), members of a set (在12个盟市中, 35个行业大类中), conditions (100人以上的乡镇)."""
    value = mention.value
    kind = family(value.unit)
    if (
        behind[:1] in _GOES_ON
        and _GOAL.match(behind)
        and (
            value.text.startswith(("低于", "高于"))
            or (value.text.startswith("超过") and before.endswith(("已", "均", "都")))
            or _AGAINST_GOAL.search(before)
        )
    ):
        return True
    if before.endswith(_TASK_ENDS) and _TASK.search(before):
        return True
    if before[-1:] in "（(" and _GOAL_BEFORE.search(before):
        return True
    if value.unit in ("元", "万元", "倍") and _FINE.match(behind):
        return True
    if (
        value.unit.endswith("元")
        and before.endswith("过")
        and not before.endswith(_THROUGH)
        and behind.startswith(_SUCH)
    ):
        # 产值过500亿元的企业, 签约过亿元项目
        return True
    if behind.startswith(_RATIO_OF) and _WHOLE.search(before):
        # 占一般公共预算支出203330.03亿元的比例为14.71%
        return True
    if value.unit == "分" and (
        _MARKS.search(before) or behind.startswith(_GRADED) or (value.op != "=" and behind.startswith("的"))
    ):
        # 低于60分的通报批评, 800—899分为良好
        return True
    if kind in ("ratio", "points") and (_POINTS_FOR.search(before) or (value.op != "=" and before.endswith("得分率"))):
        # 每改善1个百分点得该指标分值的20%, 得分率低于60%的指标
        return True
    if value.unit in ("倍", "番") and _TURNED.search(before):
        return True
    if kind == "length" and behind.startswith("范围"):
        # 周边200米范围内不得设置…
        return True
    if (
        behind[:1] in ("）", ")")
        and value.text.endswith(("以上", "以下"))
        and kind in _CONDITION_UNITS
        and _SAID_OF.match(behind)
    ):
        return True
    if kind == "ratio" and behind.startswith(_STANDARD_OF):
        # 新建建筑75%节能标准执行率
        return True
    if value.unit == "部" and behind.startswith("门"):
        return True
    if (
        kind == "count"
        and ("全部" in behind or "分别" in behind or "依次" in behind)
        and value.op == "="
        and _ADMINISTERED.match(behind)
    ):
        return True
    if kind == "ratio" and _CHARGES.match(behind) and _CHARGED.search(before):
        return True
    if kind == "ratio" and before[-2:-1] == "全" and behind.startswith("的") and _HOLDS_WHOLE.search(before):
        return True
    if value.unit == "份" and before.endswith(_COPIES):
        return True
    if (
        kind not in ("ratio", "points")
        and before[-1:] in _DENOMINATOR_ENDS
        and _DENOMINATOR.search(before)
        and not _STANDARD.match(behind)
    ):
        return True
    if kind == "persons" and value.text in _PEOPLE and _RATE.match(behind):
        return True
    if kind in ("count", "items", "kinds", "sets", "times") and _ENUMERATED.match(behind):
        return True
    if value.unit == "项" and (behind[:1] == "已" or behind.startswith("指标")):
        return True
    if kind in ("count", "items", "kinds") and before.endswith("在") and _AMONG.match(behind):
        return True
    if (
        kind in ("count", "items", "kinds")
        and value.op == "="
        and (_MEMBERS.match(behind) or (("依次" in behind or "分别" in behind) and _NAMED_IN_TURN.match(behind)))
    ):
        return True
    if behind.startswith("的") and value.op != "=" and _WHO_ARE.match(behind):
        return True
    if value.unit.endswith("人") and value.text.endswith("以上") and CHINESE.match(behind):
        return behind.startswith("的") or not _TAKEN_ON.search(before)
    if (
        value.op in (">", ">=", "<", "<=")
        and behind.startswith("的")
        and (kind in _CONDITION_UNITS or value.unit in ("万", "亿"))
    ):
        return not (_TAKEN_ON.search(before) or (kind == "money" and _SIZED.search(before)))
    if kind in ("count", "items", "kinds") and before.endswith(_THESE):
        return True
    if kind == "count" and value.op == "=" and "均" in behind and _AVERAGED.match(behind):
        return True
    if kind == "count" and _governs(sentence, mention.number_start):
        return True
    conditional = kind in _CONDITION_UNITS or value.unit in ("万", "亿")
    if value.low is not None and conditional and behind.startswith("的") and _CONDITION.match(behind):
        return True
    bounded = value.op in (">=", "<=", ">") and value.text[-2:] in ("以上", "以下", "以内")
    if not bounded or not conditional:
        return False
    if kind == "money" and _SO_MANY.match(behind):
        # 50亿元以上6个
        return True
    if _CONDITION.match(behind):
        return True
    return bool(_QUALIFIED.match(behind) or (behind[:1] > "\u4e00" and _ABOUT_THOSE.search(before)))
