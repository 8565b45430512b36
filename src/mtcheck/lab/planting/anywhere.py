"""Errors that a translator could make at any place of a right translation, claimed or not.

:mod:`mtcheck.lab.planting.segments` plants where a rule's page says that it looks; here every
place is taken at which a change of a few words gives good Chinese that says something else.
What the rules claim plays no part, nor does the source: the translation is right, so what
turns its meaning round is wrong. A word whose opposite would not be said there is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from mtcheck.lab.planting.kinds import Changed, Kind, Site

__all__ = ["ANYWHERE", "LOOSELY"]

_Found = Iterator["_Edit"]


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    """``new`` in place of the half-open ``[start, end)`` of a hypothesis."""

    start: int
    end: int
    new: str

    def made_in(self, text: str) -> str:
        """The text with the change."""
        return text[: self.start] + self.new + text[self.end :]


def _everywhere(name: str, find: Callable[[str], _Found]) -> Kind:
    """The kind of which ``find`` finds all the edits that make it; they are made by place."""

    def make(site: Site) -> Iterator[Changed]:
        text = site.hypothesis
        for edit in sorted(find(text)):
            mark = edit.start, edit.start + len(edit.new)
            yield site.with_hypothesis(edit.made_in(text), (mark,), text[edit.start : edit.end])

    return Kind(name, make)


def _words(table: Mapping[str, str], *kept: str) -> Callable[[str], _Found]:
    """Changes by a table of patterns and what stands instead; none in what is to be ``kept``."""
    ways = [(re.compile(old), new) for old, new in table.items()]
    names = re.compile("|".join(kept) or r"(?!)")

    def find(text: str) -> _Found:
        taken = [m.span() for m in names.finditer(text)]
        found = [_Edit(*m.span(), m.expand(new)) for old, new in ways for m in old.finditer(text)]
        for change in sorted(found, key=lambda c: (c.start - c.end, c)):  # the longest first
            if not any(a < change.end and change.start < b for a, b in taken):
                taken.append((change.start, change.end))
                yield change

    return find


def _both_ways(*pairs: tuple[str, str]) -> dict[str, str]:
    """Each word of a pair for the other; of words named twice the first pair counts."""
    table: dict[str, str] = {}
    for one, other in pairs:
        table.setdefault(one, other)
        table.setdefault(other, one)
    return table


_HAN = "[\u4e00-\u9fff]"
_NUMERAL = "[0-9０-９一二两三四五六七八九十百千万亿几半]"
_CHANGED = _both_ways(
    ("增加", "减少"),
    ("升高", "降低"),
    ("上升", "下降"),
    ("增长", "下降"),
    ("增多", "减少"),
    ("提高", "降低"),
    ("提升", "降低"),
    ("好转", "恶化"),
    ("增强", "减弱"),
    ("加强", "削弱"),
    ("促进", "抑制"),
    ("激活", "抑制"),
    ("上调", "下调"),
    ("加重", "减轻"),
    ("加剧", "缓解"),
    ("延长", "缩短"),
    ("扩大", "缩小"),
    ("加快", "减慢"),
    ("加速", "减缓"),
    ("上涨", "下跌"),
    ("扩张", "收缩"),
    ("高估", "低估"),
    ("翻倍", "减半"),
    ("增大", "减小"),
    ("变大", "变小"),
    ("增高", "降低"),
    ("增至", "减至"),
    ("升至", "降至"),
)
_COMPARED = _both_ways(
    ("高于", "低于"),
    ("优于", "劣于"),
    ("大于", "小于"),
    ("多于", "少于"),
    ("长于", "短于"),
    ("早于", "晚于"),
    ("快于", "慢于"),
    ("强于", "弱于"),
    ("更高", "更低"),
    ("更大", "更小"),
    ("更多", "更少"),
    ("更长", "更短"),
    ("更好", "更差"),
    ("更快", "更慢"),
    ("更强", "更弱"),
    ("更早", "更晚"),
    ("更容易", "更难"),
    ("更易", "更难"),
    ("更严重", "更轻微"),
    ("较高", "较低"),
    ("较大", "较小"),
    ("较多", "较少"),
    ("较长", "较短"),
    ("较好", "较差"),
    ("较快", "较慢"),
    ("较强", "较弱"),
    ("最高", "最低"),
    ("最大", "最小"),
    ("最长", "最短"),
    ("最快", "最慢"),
    ("最强", "最弱"),
    ("偏高", "偏低"),
    ("很高", "很低"),
    ("很大", "很小"),
    ("非常高", "非常低"),
    ("非常大", "非常小"),
    ("过高", "过低"),
    ("过多", "过少"),
)
_DIRECTIONS = {
    **_CHANGED,
    **_COMPARED,
    "下滑": "上升",
    "减低": "升高",
    "减退": "增强",
    "收紧": "放松",
    "改善(?=[。，；、（]|率|的|$)": "恶化",
    "改善(?![。，；、（]|率|的|$)": "损害",
    "最好(?=的)": "最差",
}
_DIRECTION_NAMES = (
    "抑制[剂素物肽]|免疫抑制|抑制性|(?:肿瘤|癌)抑制|促进[剂会者]|激活[剂物酶]|增强[剂子]|加速[器度]"
    "|血管扩张|扩张型|提升[机者]|减少[性症]|缩小版|最大限度|最大化|最小化|最高(?:法|领袖|荣誉|峰|级)"
    "|比较[好差强弱多少大小长短高低快慢]|通过多|很高兴|加重要|更[好差快]地|改善措"
    f"|(?:高于|低于|大于|小于|多于|少于)(?:约|大约|等于)?\\s?{_NUMERAL}"
)

_ADVERB = "(?:显著|明显|完全|充分|真正|事先|有效|正常|得到|真的|直接|进一步)"
_VERB = (
    "(?:发现|显示|观察到|观察|检测到|检测|看到|出现|发生|接受|收到|受到|报告|报道|达到|改变|影响|增加"
    "|减少|降低|提高|改善|升高|下降|导致|引起|造成|表现|签署|发布|收购|完成|参加|提供|使用|采用|记录|纳入"
    "|遵守|得到|获得|通过|治疗|给出|给予|给|考虑|评估|确定|证明|证实|表明|说明|进行|形成|产生|成功|送到|登陆"
    "|违反|保存|遭|受|填满|喷发|面对|直面|运作|工作|被|能够|能|预约|授权|经历|提及|提到|提出|注意到|意识到"
    "|变化|恢复|停止|减弱|发明|发病|就|按|根据)"
)
_NO_LONGER = {
    f"(?:并|几乎)?没有(?={_ADVERB}?{_VERB})": "",
    f"(?:还|尚)没有(?={_ADVERB}?{_VERB})": "已",
    "没有任何": "有一些",
    "还没有(?=这|一|足够|人|任何)": "已有",
    f"(?:并|几乎)?没有(?!{_ADVERB}?{_VERB})(?=人|一|任何|必要|证据|数据|文献|研究|差异|显著|明显|统计|影响|要求"
    "|城市|脑|住所|情报|关联|关系|其他|准备|实际|树木|凝聚力|症状|效果|作用|意义|区别|优势|风险"
    "|重大|严重|重要|这|什么|足够|问题|理由|办法|可能|机会|闪光灯|损坏|跨洋|明确|正式|正常|细菌|保暖"
    "|相关|变化|不良|并发症|副作用|死亡|复发|病例|患者)": "有",
    "无(?=显著|明显|统计学|差异|影响|关联|相关|关系|任何|益处|症状|禁忌|褥疮|复发|并发症|不良|进展"
    "|意义|发热|死亡|病例|其他|严重|临床)": "有",
    "无差异": "有差异",
    "无效": "有效",
    "无关(?!紧要)": "有关",
    "无法": "能够",
    "无需": "需要",
    "无须": "必须",
    f"并未(?={_HAN})": "",
    f"尚未(?={_HAN})": "已",
    f"从未(?={_HAN})": "曾",
    "从来没有": "一直有",
    "未能": "能够",
    "未见": "可见",
    "未知": "已知",
    "未经": "经过",
    f"(?<![并尚从])(?:几乎)?未(?={_ADVERB}?{_VERB})": "",
    "并?不会": "会",
    "并?不能": "能",
    "不应该?": "应该",
    "[并绝决]?不是": "是",
    "不可以": "可以",
    "不可(?=避免|能|行|用|接受|逆)": "可",
    "不足以": "足以",
    "并?不存在": "存在",
    "并?不需要?": "需要",
    "不必(?!要)": "必须",
    "不再": "仍然",
    "不影响": "影响",
    "不支持": "支持",
    "尚不(?=明确|清楚|确定|知)": "已",
    "(?:并|几乎)?不(?=建议|推荐|依赖|包括|包含|相关|确定|显著|明显|清楚|明确|一致|允许|适合|适用"
    "|知道|公平|平等"
    "|稳定|完整|充分|完善|准确|可靠|具|具有|承认|想|愿|被|属于|受|增加|减少|改变|利于|熟悉|理解|舒服"
    "|太可能|值得|经|符合|成功|有效)": "",
    "不在(?![乎意])": "在",
    "不要": "要",
    "(?<!更)不用": "需要",
    "不利": "有利",
    "不到(?=的)": "得到",
    "缺乏": "具有",
    "缺少": "具有",
    "没那么": "那么",
    "没法": "能够",
}
_NEGATION_NAMES = (
    "不得不|不能不|不可不|并不是不|无不|不会不|不太可能|毫无|有没有|漫不经心|不无|[或否]不存在"
    "|(?:没有|未)[^，。；]{1,12}任何|无人[机驾潜]|未来|不可能|不一定"
)

_NOT_BEFORE = "(?<![不未没无非否别])"
_NEGATED = {
    f"{_NOT_BEFORE}(表明|显示|提示|证实|证明)(?={_HAN}|，)": r"并未\1",
    f"{_NOT_BEFORE}(发现|观察到|检测到|报告|采用|使用|接受|纳入|评估|分析|比较|改善|影响|增加|减少|降低"
    "|提高)了": r"没有\1",
    f"{_NOT_BEFORE}(可以|应该|应当|需要|支持|包括|影响到|允许|属于|适合|适用于|取决于|依赖于|意味着"
    "|存在|具有|有助于|有利于)(?![，。；、和的下])": r"不\1",
    f"{_NOT_BEFORE}建议(?=[患者所在对使采进接将\\d])": "不建议",
    f"{_NOT_BEFORE}可能(?=会|是|与|在|导致|引起|有)": "不可能",
    f"{_NOT_BEFORE}(?<!可)能够?(?=在|将|对|通过|有效|显著|产生|提供|使|让)": "不能",
    f"{_NOT_BEFORE}(?<![尔机社体学协晚都年大开集商司])会"
    "(?=在|对|导致|增加|降低|影响|产生|使|让|发生|出现|有)": "不会",
    f"{_NOT_BEFORE}有(?=显著|明显|统计学|助于|必要|证据|人认为)": "没有",
    f"{_NOT_BEFORE}(?<![于但还若总凡只正都就要更像老即便])是"
    "(?=一[种个项名]|由|因为|为了|最)": "不是",
    f"{_NOT_BEFORE}相关(?=[。，；]|$)": "不相关",
    f"{_NOT_BEFORE}有关(?=[。，；]|$)": "无关",
    f"{_NOT_BEFORE}(?<![经已曾])被(?=认为|用于|用来|诊断|纳入|视为|证实|证明|发现)": "未被",
    f"(?:已经|已)(?={_VERB})": "尚未",
}
_NEGATED_NAMES = (
    "[^，。；]*[不没未无非][^，。；]*|[更多的示供些种]支持|的存在|有效(?:性|率|成分|期)|需要量|支持[系者性]|研究人员发现了?|建议书|使用(?:者|率)|所有|现有|会议|委员会"
    "|可能性|可能会不|存在感|发现[号者]|包括但不限于|能(?:够)?(?:不|否)|具有(?:性)"
)

_BEFORE_NUMBER = f"(?=(?:大?约)?\\s?{_NUMERAL})"
_UNIT_END = f"(?<={_NUMERAL}|[%％‰米克升岁年月天日周时钟倍例名人次个元度分里斤吨页种台座])"
_COMPARATORS = {
    "(?<!低)至少(?!于)": "最多",
    f"(?:最多|至多)(?:有|为)?{_BEFORE_NUMBER}": "至少",
    f"不少于{_BEFORE_NUMBER}": "不多于",
    f"不低于{_BEFORE_NUMBER}": "不高于",
    f"不超过{_BEFORE_NUMBER}": "超过",
    f"(?:不到|不足){_BEFORE_NUMBER}": "超过",
    f"(?<!不)超过(?:了)?{_BEFORE_NUMBER}(?!\\s?\\d{{4}} ?年)": "不到",
    f"(?<!不)(?:多于|高于){_BEFORE_NUMBER}": "低于",
    f"(?<!不)(?:少于|低于){_BEFORE_NUMBER}": "高于",
    f"(?<!不)大于(?!等于){_BEFORE_NUMBER}": "小于",
    f"(?<!不)小于(?!等于){_BEFORE_NUMBER}": "大于",
    f"大于等于{_BEFORE_NUMBER}": "小于等于",
    f"小于等于{_BEFORE_NUMBER}": "大于等于",
    f"(?<!一[种个项]){_UNIT_END}(?:及|或)?以上": "以下",
    f"{_UNIT_END}(?:及|或)?以下": "以上",
    f"{_UNIT_END}以内": "以上",
}
_SIGNS = {"[<＜]": ">", "[>＞]": "<", "[≤≦]": "≥", "[≥≧]": "≤"}

_FREQUENCY = {
    "经常|常常|往往|通常(?!来说|情况)|时常": "很少",
    "频繁(?=的)": "罕见",
    "(?:很少|极少|甚少|鲜少)(?![。，；的])": "经常",
    "总是|始终": "从不",
    "(?<!并)从不|从来不": "总是",
    "(?<!也)有时(?!间|候|是因)": "总是",
    "偶尔|偶然": "经常",
    "罕见|少见": "常见",
    "(?<!不)(?<!更)常见": "罕见",
}
_QUANTITY = {
    "(?:绝)?大多数|(?:绝)?大部分": "少数",
    "(?<![大少])多数(?!据|字|量|值)": "少数",
    "少数(?!民族|派|族)": "多数",
    "几乎所有": "少数",
    "(?<!私人)所有(?!者|权|制|\\s?\\d)": "部分",
    "全部": "部分",
    "许多(?!家)|众多|诸多": "极少数",
    "很多": "极少",
    "大量": "少量",
    "少量": "大量",
    f"某些|(?<!{_HAN})一些": "所有",
    "(?<![一大小])部分(?=患者|人|国家|地区|研究|病例|参与者)": "所有",
    "唯一": "众多",
}
_CERTAINTY = {
    "不太可能|不大可能": "很可能",
    "(?<!不)(?:很|极|更)有?可能": "不太可能",
    "(?<![不很极更有尽])可能(?!性)(?=会|是|与|在|导致|引起|有|需要|对)": "肯定",
    "不可能": "可能",
    "(?<!不)(?<!有)一定(?=会|要|是|能)": "不一定",
    "必须": "不必",
    "也许|或许": "肯定",
    "大概率": "小概率",
}
_SIDES = {
    "左(?!右)(?=侧|眼|心|肺|脑|手|脚|边|翼|室|房|肾|腿|臂|膝|耳|上|下|前|后|肝|髋|转)": "右",
    "(?<!左)右(?=侧|眼|心|肺|脑|手|脚|边|翼|室|房|肾|腿|臂|膝|耳|上|下|前|后|肝|髋|转)": "左",
    "东(?=部|侧|岸|面|南部?|北部?)(?!南亚)": "西",
    "西(?=部|侧|岸|面|南部?|北部?)": "东",
    "(?<![东西])南(?=部|侧|岸|面)": "北",
    "(?<![东西])北(?=部|侧|岸|面)": "南",
}
_ORDER = {
    f"(?<={_HAN})(?<!久)之前": "之后",
    f"(?<={_HAN})之后": "之前",
    "以前(?!往)": "以后",
    "以后": "以前",
    "术前": "术后",
    "术后": "术前",
    "治疗前(?!后)": "治疗后",
    "(?<!前)治疗后": "治疗前",
    "早期": "晚期",
    "晚期": "早期",
    "前者": "后者",
    "后者": "前者",
    "(?<![从自])开始(?=于|了|在)": "结束",
    "首次|第一次(?!世界|海湾)": "最后一次",
    "(?<!之)最后一?(?=个|次|名|位)": "第一",
    "初期": "末期",
    "末期": "初期",
}
_SEX = {
    "男性": "女性",
    "女性": "男性",
    "男孩": "女孩",
    "女孩": "男孩",
    "(?<!处)男(?=子|生|童|人|演员|选手)": "女",
    "女(?=子|生|童|人|演员|选手)(?!权)": "男",
}
_VALENCE = {
    "(?<!不)支持(?!性|系|者|向量)": "反对",
    "(?<!不)反对(?!派|党|者)": "支持",
    "(?<![到遭被])拒绝": "同意",
    "(?<!不)同意(?!书)": "拒绝",
    "(?<![未不新获得缓])批准": "否决",
    "(?<!不)成功(?=[。，；的了]|$)": "失败",
    "(?<!和)失败(?=[。，；的了过]|$)": "成功",
    "(?<!不)允许": "禁止",
    "禁止": "允许",
    "(?<!不)正相关": "负相关",
    "负相关": "正相关",
    "阳性": "阴性",
    "阴性": "阳性",
    "有益": "有害",
    "有害": "有益",
    "良性": "恶性",
    "恶性": "良性",
    "优势": "劣势",
    "(?<!优)劣势": "优势",
    "优点": "缺点",
    "(?<!优)缺点": "优点",
    "(?<!不)有利(?=[于的。，])": "不利",
    "不利": "有利",
    "积极(?=影响|作用|的|意义|结果)": "消极",
    "消极": "积极",
    "赢得(?=[^，。；]{0,14}(?:赛|冠军|胜|选举|官司))": "输掉",
    "(?<![不的身])安全(?=的|有效|可行|。|，)": "危险",
    "(?<!的)危险(?=的|。|，)": "安全",
    "(?<!不)(?<!有)有效(?=的|。|，)": "无效",
    "保护因素": "危险因素",
    "危险因素": "保护因素",
    "(?<!不)容易": "难以",
    "难以(?!置信)": "容易",
}

_LOOSE = _both_ways(
    ("诱导", "抑制"), ("呈正", "呈负"), ("最多", "最少"), ("较早", "较晚"), ("高水平", "低水平"),
    ("高剂量", "低剂量"), ("高表达", "低表达"), ("高风险", "低风险"), ("高危", "低危"),
    ("过度", "不足"), ("有效", "无效"), ("开始", "结束"), ("短期", "长期"), ("急性", "慢性"),
    ("原发", "继发"), ("存活", "死亡"), ("风险因素", "保护因素"), ("治疗组", "对照组"),
    ("实验组", "对照组"), ("试验组", "对照组"), ("观察组", "对照组"), ("成人", "儿童"),
    ("上肢", "下肢"), ("近端", "远端"), ("左", "右"), ("男", "女"), ("东", "西"), ("北", "南"),
    ("胜", "败"), ("敏感", "耐药"), ("内部", "外部"), ("依赖", "独立于"), ("接受", "拒绝"),
    ("进入", "离开"),
)  # fmt: skip
_LOOSE_NAMES = "左右|男女|东西|南北|东[北南]|西[北南]|北京|南京|山[东西]|[广河湖海][东西南北]"
_ALIKE = {**_both_ways(("相似", "不同"), ("达到", "未达到")), "相同|相当(?!于)": "不同"}

_DIGITS = re.compile(
    r"(?<![A-Za-z0-9][-–])(?<![\d.,A-Za-z_/~])\d+(?:[.,]\d+)*(?![\dA-Za-z_]|[.,]\d|-[A-Za-z])"
    r"|(?<=\d[-–])\d+(?:\.\d+)?(?![\dA-Za-z_]|[.,]\d|-[A-Za-z])"
)
_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9-]*[A-Z])[A-Za-z]+-?\d+(?![A-Za-z0-9.%％])")
_NUMBER_WORD = re.compile(
    r"(?<![一二两三四五六七八九十百千万第几数零星周])([二两三四五六七八九])"
    r"(?=[个名例人种项次组年月天周倍岁国家位只条座])(?!月份?)"
)


def _number_changed(text: str) -> _Found:
    """One digit of a number: 45 becomes 65, 1.2 becomes 3.2; dates and centuries stay likely."""
    for m in _DIGITS.finditer(text):
        number, after = m[0], text[m.end() :].lstrip()[:2]
        if number.isdigit() and after[:1] in ("月", "日") and 0 < int(number) < 32:
            yield _Edit(m.start(), m.end(), str(int(number) + (2 if int(number) < 11 else -3)))
            continue
        at = next((i for i, c in enumerate(number) if c in "123456789"), 0)
        if after == "世纪" or re.fullmatch(r"(?:1\d|20)\d\d", number):
            at = len(number) - 1
        yield _Edit(m.start(), m.end(), _other_digit(number, at))


def _code_changed(text: str) -> _Found:
    """The last digit of a name: IL-6 becomes IL-8."""
    for m in _CODE.finditer(text):
        yield _Edit(m.start(), m.end(), _other_digit(m[0], len(m[0]) - 1))


def _other_digit(text: str, at: int) -> str:
    digit = int(text[at])
    return text[:at] + str(digit + 2 if digit < 8 else digit - 3) + text[at + 1 :]


def _number_word_changed(text: str) -> _Found:
    for m in _NUMBER_WORD.finditer(text):
        at = "二两三四五六七八九".index(m[1])
        yield _Edit(m.start(1), m.end(1), "五六五六七八九四三"[at])


_LINKED = re.compile("但|而|因此|所以|则|并|且|也|就|都|其|这|该|还|以|从|及|或|和|与|使|即")
_OPENING = re.compile("虽|尽管|因为|由于|如果|若|当|除|无论|不仅|即使|只要|在.{0,12}[中时后前下]$")
_LEADING = re.compile(
    "^(?:虽|尽管|因为|由于|如果|若|当|除|无论|不仅|即使|只要)|[时后前里中来说称为示言]$"
)


def _clause_left_out(text: str) -> _Found:
    """A clause between commas, of eight Han or more, without which the sentence stands."""
    for sentence in re.finditer("[^。！？!?]+[。！？!?]?", text):
        parts = list(re.finditer("[^，；。！？!?]+", sentence[0]))
        if len(parts) < 2:
            continue
        for k, part in enumerate(parts):
            words = part[0].strip()
            if len(re.findall(_HAN, words)) < 8 or _OPENING.match(words):
                continue
            if words.count("（") != words.count("）") or words.count("“") != words.count("”"):
                continue
            start, end = sentence.start() + part.start(), sentence.start() + part.end()
            if k == len(parts) - 1:
                before = parts[k - 1][0].strip()
                if len(re.findall(_HAN, before)) >= 8 and not _LEADING.search(before):
                    yield _Edit(start - 1, end, "")
            elif not _LINKED.match(parts[k + 1][0].strip()):
                yield _Edit(start, end + 1, "")


ANYWHERE = (
    _everywhere("direction flipped", _words(_DIRECTIONS, _DIRECTION_NAMES)),
    _everywhere("negation removed", _words(_NO_LONGER, _NEGATION_NAMES)),
    _everywhere("negation added", _words(_NEGATED, _NEGATED_NAMES)),
    _everywhere("comparator turned, in words", _words(_COMPARATORS)),
    _everywhere("comparator turned, as a sign", _words(_SIGNS, r"</?[a-z]+>|->|<-")),
    _everywhere("number changed, in digits", _number_changed),
    _everywhere("number changed, in words", _number_word_changed),
    _everywhere("number of a name changed", _code_changed),
    _everywhere("clause left out", _clause_left_out),
    _everywhere("frequency turned", _words(_FREQUENCY)),
    _everywhere("quantity turned", _words(_QUANTITY)),
    _everywhere("certainty turned", _words(_CERTAINTY)),
    _everywhere("side turned", _words(_SIDES, "西南联大|东南亚|西北大学|东北大学")),
    _everywhere("order or time turned", _words(_ORDER)),
    _everywhere("sex turned", _words(_SEX)),
    _everywhere(
        "valence turned", _words(_VALENCE, "安全性|阳性菌|阴性菌|有效性|经[^，。]{0,12}批准")
    ),
)
"""Every kind, in the order of the table."""

LOOSELY = (
    _everywhere("another word turned", _words(_LOOSE, _LOOSE_NAMES)),
    _everywhere("comparison turned", _words(_COMPARED | _ALIKE, _DIRECTION_NAMES)),
)
"""Kinds for training alone: now and then the outcome is odd Chinese, or as right as it was."""
