"""Words written twice in a row by mistake.

Chinese doubles words on purpose too: 天天, 研究研究, 一步一步, 看看. What is left as a mistake
is a doubled function word, a doubled word of two characters that is no verb, and a phrase of
three to eight characters said twice.
"""

from __future__ import annotations

import re

from mtcheck.text.parses import cached
from mtcheck.text.scripts import HAN

__all__ = ["doubled_words"]

# A character, and the neighbours before and after it where two words meet:
# 目的|的, 的|确, 为|了解, 现在|在, 是|是否.
_ONE = {
    "的": ("目标靶打有", "确士黎"),
    "是": ("但可还", "非否的"),
    "了": ("为", "解事然却断结如"),
    "在": ("现存实内外潜自所正好旨", "于线校职场读建押"),
    "和": ("饱总温缓中平柔随调共祥", "平谐解睦气声局"),
    "与": ("参赋给授", "会"),
    "及": ("以", "时早格其"),
    "被": ("", "子褥"),
    "把": ("", "握关手"),
    "或": ("", "许者"),
    "而": ("然从因反进故", "且后言"),
    "于": ("对关由基处位属", "是"),
    "并": ("合归兼", "且发非未不列存购"),
    "也": ("", "许门"),
    "都": ("首古", "市会"),
    "就": ("成造", "业医诊是读职餐地算"),
}
_TWO = """
因此 因为 所以 以及 通过 可以 可能 这些 那些 这种 该种 并且 但是 然而 而且 没有 不是 就是 进行
一些 作为 对于 关于 由于 之间 其中 其他 为了 如果 虽然 同时 此外 另外 以下 以上 目前 患者 结果
方法 疾病 病例 细胞 基因 蛋白 药物 数据 模型 系统 技术 问题 因素 水平 作用 过程 时间 环境 理论
文章 论文 重要 主要 显著 不同 相关
"""
_WORDS = frozenset(_TWO.split())
_PRONOUNS = frozenset(("我们", "他们", "她们", "它们", "你们"))
_HAN = re.compile(f"[{HAN}]")
_REPEAT = re.compile(rf"([{HAN}]{{1,8}}?)\1")
_REPEATING_NAME = re.compile(r"\b([A-Z][a-z]{2,7})[\s-]?(?i:\1)")
_LATIN = re.compile(r"(?<![A-Za-z0-9_.-])([A-Za-z]{2,20})\s\1(?![A-Za-z0-9_-])")
# In the source also in another letter case, as species are named: Cygnus cygnus.
_LATIN_ANY_CASE = re.compile(_LATIN.pattern, re.IGNORECASE)


def _is_slip(text: str, start: int, end: int) -> bool:
    unit = text[start : (start + end) // 2]
    if len(unit) == 1:
        around = _ONE.get(unit)
        before, after = text[max(0, start - 1) : start], text[end : end + 1]
        # A third one is a cry or a laugh.
        return around is not None and not (
            (before and before in around[0] + unit) or (after and after in around[1] + unit)
        )
    if len(unit) == 2:
        # 告诉他们|他们的权利: a pronoun after a verb may be two.
        after_han = start > 0 and _HAN.match(text[start - 1]) is not None
        return unit in _WORDS or (unit in _PRONOUNS and not after_han)
    if len(unit) == 3 and (unit[0] in "的之" or unit[-1] in "的之"):
        return False  # the friend of the friend: 朋友|的朋友
    return len(set(unit)) > 2 and unit[0] not in "一每"  # counting: 一步步|一步步


@cached
def doubled_words(source: str, hypothesis: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` in the hypothesis of the second of two equal words, where that is a slip.

    A Latin word that stands twice in the source too (``had had``, a name), in whatever letter
    case, is none.
    """
    slips = [m for m in _REPEAT.finditer(hypothesis) if _is_slip(hypothesis, *m.span())]
    # A name that repeats itself: Ngorongoro is 恩戈罗恩戈罗.
    if any(len(m[1]) > 2 for m in slips) and _REPEATING_NAME.search(source):
        slips = [m for m in slips if len(m[1]) <= 2]
    found = [(m.start() + len(m[1]), m.end()) for m in slips]
    latin = list(_LATIN.finditer(hypothesis))
    if latin:
        in_source = {m[1].lower() for m in _LATIN_ANY_CASE.finditer(source)}
        found += [(m.end() - len(m[1]), m.end()) for m in latin if m[1].lower() not in in_source]
    return tuple(sorted(found))
