"""The verbs and adverbs around a value: what brings it (达到, 控制在), what tells a change (下降), what wants an object (建成)."""

from __future__ import annotations

import re
from collections import defaultdict

_ADVERB = r"(?:分别|双双|争取|仅|只(?=有)|均|都|各|平均|总体|原则上?|一般|稳步|逐步|逐年|进一步|普遍|基本|已经|已|也|则|应当|(?<![供反响效适相对感呼])应|要求|要|须|需|将|可|全部|(?<![签节预合公条契制履邀违])约|预计|有望|可望|力争|确保|努力|仍|最终|全面|(?<=到)并|不断|持续|继续|连年|连续(?:[0-9三五]年)?|累计|提前|大幅|明显|显著|平稳|合计|总计|共计|共|总共|首次|历史性|(?:有)?可能|更)"
_STATE = (
    r"(?:达到了|达到|达|约为|为|是|占到|占|提高到了?|提高至|提高为|提升到|提升至|提升为|上升到|上升至|增长到|增长至|增加到|增加至|增至|升至|扩大到|扩大至|拓展到|拓展至|发展到|扩展到|"
    r"下降到|下降至|下降为|降低到|降低至|降到|降至|降为|减少到|减少至|减至|缩短到|缩短至|压缩到|压缩至|压减至|压减到|缩小到|缩小至|收窄到|收窄至|精简到|精简至|精简为|回升到|回升至|回落到|回落至|攀升至|[迈跨跃站]上了?|站稳|上调至|下调至|调整为|调整到|调整至|优化为|优化到|优化至|变化为|变为|控制在|保持在|稳定在|维持在|实现|超过|突破|进入|位列|达成|精准到|冲刺|"
    r"共有|共计|总计|合计|有|共|计|至|到|在|以|按照?|保持)"
)
# A run of words is taken whole or not at all: it stands in a look ahead, which is never gone back into, and once more as what it
# found. Python 3.11 has (?:…)*+ for that, but until 3.11.5 it misses matches where more than one character repeats.
_TAIL = re.compile(rf"(?=((?:年均|(?<=[到达为])每[天日月年周]|{_ADVERB}|{_STATE})+))\1$")
_ADVERB_MARKS = "".join(sorted(set(re.findall(r"[\u4e00-\u9fff]", _ADVERB)))) + "0123456789"
_TAIL_MARKS = _ADVERB_MARKS + "年每天日月周" + "".join(sorted(set(re.findall(r"[\u4e00-\u9fff]", _STATE))))
"""Every character such words are made of: nothing before the run of these can belong to them."""
_CHANGE = re.compile(
    rf"(?P<than>(?:较|在(?=(?:19|20)\d\d(?:[—–－-](?:19|20)\d\d)?年末?的?(?:基线|基数)?的?基础上)|以(?=[^，,；。]{{2,12}}为基)|同(?=(?:19|20)\d\d年|上年|去年)|(?<!占)(?<!性别)(?<!百分)比(?![重例率值])|同比|环比|相比|与)[^，,；。]{{0,16}}?)?(?=(?P<how>{_ADVERB}*))(?P=how)(?P<verb>(?:年均)?(?:增长|增加|提高|上升|提升|下降|降低|减少|新增|净增|递增|递减|缩短|压减|压缩|上涨|增产|减产|降价|提价|回落|回升|缩小|扩大|收窄|放缓|加快|下滑|下跌|上浮|下浮|偏[高低多少]|增|降))了?(?=(?P<more>{_ADVERB}*))(?P=more)\s*$"
)
CHANGE_ENDS = frozenset("长加高升降低多少增减短缩涨产价落小大窄缓快滑跌浮")
"""The last characters of the verbs of change; of adverbs only 大幅 has one of them."""
_BEHIND_CHANGE = _ADVERB_MARKS.replace("大", "") + "了"
_STRONG_STATES = (
    "达到了 达到 达 约为 占到 提高到 提高到了 提高至 提升到 提升至 上升到 上升至 增长到 增长至 增加到 增加至 增至 升至 扩大到 扩大至 "
    "拓展到 拓展至 发展到 扩展到 下降到 下降至 下降为 降低到 降低至 降到 降至 降为 减少到 减少至 减至 缩短到 缩短至 压缩到 压缩至 压减至 压减到 缩小到 缩小至 收窄到 收窄至 "
    "精简到 精简至 精简为 回升到 回升至 回落到 回落至 攀升至 迈上 跨上 跃上 站上 站稳 上调至 下调至 调整为 调整到 调整至 优化为 优化到 优化至 变化为 变为 控制在 保持在 稳定在 维持在 超过 突破 精准到 进入"
)
_ACTIONS = (
    "建成 新建 改扩建 扩建 改建 建设 建立 打造 配备 配置 设置 设立 开设 新增 增加 培养 培育 引进 招聘 完成 组建 开展 创建 评选 "
    "评选出 认定 命名 选派 派出 选聘 推广 推出 举办 发放 安装 铺设 投放 实施 遴选 确定 提供 形成 取得 获得 获批 荣获 获评 争创 "
    "打造建设 规划建设 标准化建设 改造 提升 支持 推进 推动 扶持 选树 拥有 具备 覆盖 检查 抽检 处置 接收 接待 救治 筛查 培训 签订 发展 "
    "布局 补充 购置 更新 淘汰 治理 修复 开通 开工 启动 投入 落实 帮扶 服务 惠及 解决 安置 资助 救助 关停 整治 选拔 入选 纳入 申报 "
    "创成 孵化 聘任 聘请 力争 确保 实现 至少 不少于 其中 全市 全省 全区 全县 全旗 各 共 共有 有 将 对 为 由 在 的 与 和 及 、 "
    "全国 约"
)


def _by_last(words: str) -> dict[str, tuple[str, ...]]:
    """The words by their last character, so that few of them are tried at the end of a text."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in words.split():
        found[word[-1]].append(word)
    return {last: tuple(endings) for last, endings in found.items()}


_ONLY_ACTIONS = frozenset(_ACTIONS.split())
_STATE_BY_LAST = _by_last(_STRONG_STATES)
_ACTION_BY_LAST = _by_last(_ACTIONS)


def without_state(name: str) -> str:
    """The name without the adverbs and verbs of state at its end (…率逐步提高到 → …率)."""
    edge = len(name.rstrip(_TAIL_MARKS))
    tail = _TAIL.search(name, edge) if edge < len(name) else None
    return name[: tail.start()] if tail else name


def ends_in_state(text: str) -> bool:
    """Whether the words before a value end in a verb that makes it the value of what stands before: 达到, 控制在, 下降到."""
    trimmed = text.rstrip()
    return trimmed.endswith(_STATE_BY_LAST.get(trimmed[-1:], ()))


def change(text: str) -> re.Match[str] | None:
    """The verb of change that ends the words before a value, with what it is measured against: 较2015年增加, 年均增长."""
    return _CHANGE.search(text) if text.rstrip().rstrip(_BEHIND_CHANGE)[-1:] in CHANGE_ENDS else None


def ends_in_action(text: str) -> bool:
    """Whether the words before a value end in a verb (or a filler) that wants its object behind the value, or are none."""
    return not text or text.endswith(_ACTION_BY_LAST.get(text[-1], ()))


def is_action(text: str) -> bool:
    """Whether the words before a value are nothing but such a verb."""
    return text in _ONLY_ACTIONS
