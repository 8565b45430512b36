"""Negation cues in English and Chinese, for telling that one side negates and the other doesn't.

Both languages have a narrow list of clear negations and a wide list of anything that may carry
a negative meaning. A claim that a negation was lost needs a clear cue on one side and not even
a wide one on the other. Offsets are code points into the text given.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from mtcheck.text.scripts import latin_words
from mtcheck.text.zones import Zones

__all__ = [
    "Cue",
    "chinese_negations",
    "english_negations",
    "may_negate_chinese",
    "may_negate_english",
]


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that negates, with half-open offsets."""

    text: str
    start: int
    end: int


_CLEAR_EN = frozenset(
    {"not", "cannot", "never", "none", "nobody", "nowhere", "neither", "without", "can't", "won't"}
    | {f"{verb}n't" for verb in ("could", "do", "did", "does", "is", "are", "was", "were", "would")}
    | {f"{verb}n't" for verb in ("should", "has", "have", "had", "must", "need")}
)
# `no` is judged with its neighbours, and so is `not` (`not only`).

_WIDE_EN = re.compile(
    r"\b(?:no|not|cannot|never|none|nor|neither|nobody|nothing|nowhere|without|\w{2,8}n['’]t|cant|dont"
    r"|w/o|lack\w*|fail\w*|hard|hardly|scarce\w*|barely|rarely|seldom|few|fewer|little|less|least|unless"
    r"|until|till|except\w*|exclu\w*|absen\w*|free|instead|rather|than|avoid\w*|prevent\w*|prohibit\w*"
    r"|forbid\w*|forbad\w*|refus\w*|reject\w*|den(?:y|ies|ied|ial\w*)|miss\w*|only|just|otherwise"
    r"|regardless|irrespective|despite|whether|whatever|whoever|wherever|differ\w*|dis(?!tri|cov|cuss)\w+"
    r"|un(?!it|ion|i[fqv]|der)\w+|non\w*|anti\w*|a(?:typical|symptomatic|sexual|symmetr\w*|moral|nonym\w*)"
    r"|in(?:ab|acc|act|adeq|adv|apt|cap|coh|comp|conc|cong|cons|conv|corr|cur|dec|def|dep|dir|eff|eleg"
    r"|equal|equit|escap|evit|exp|fin|fle|freq|hosp|num|oper|sec|sens|sep|sig|sol|stab|suf|toler|val"
    r"|vis|vol|vul)\w+|im(?:balan|mob|mut|mun|pati|perf|perm|plaus|poss|poten|pract|prec|prop|prob)\w+"
    r"|il(?:leg|lic|lit|log)\w+|ir(?:rat|reg|rel|rep|resp|rev)\w+|mis\w+|mal(?:form|func|nut|prac|treat)\w*"
    r"|\w+less(?:ly|ness)?|poor\w*|bad\w*|wrong\w*|worse\w*|adverse\w*|defici\w*|short\w*|doubt\w*"
    r"|difficult\w*|too|stop\w*|ceas\w*|halt\w*|quit|abandon\w*|abolish\w*|remov\w*|eliminat\w*|cancel\w*"
    r"|void|los[es]\w*|lost|limit\w*|restrict\w*|against|oppos\w*|contra\w*|ban(?:s|ned|ning)?|ignor\w*"
    r"|neglect\w*|overlook\w*|forg[eo]t\w*|empty|blank|regular\w*|hesita\w*|reluctan\w*|defeat\w*|if"
    r"|off|out|beyond|spoil\w*|nil|zero|null|virgin|blind|deaf|mute|incessant\w*|constant\w*|continu\w*"
    r"|de(?:bunk|nounc|bat|clin|prav|priv)\w*|shut\w*|unknown|wireless|infant\w*|necessar\w*|need\w*)\b",
    re.IGNORECASE,
)

# Words in which 不, 无, 非 … stand for something else than a negation.
_NO_NEGATION = re.compile(
    "不无|有没有|是不是|会不会|能不能|要不要|可不可以|不是[^，。；]{1,20}就是|不仅|不但|不只|不单|不光|不同|不断|不管|不论|不久|不少|不错|不过|不得不|不禁|不妨|不一|不等|不锈|不丹"
    "|不列颠|不止|差不多|忍不住|了不起|对不起|不已|不可避免|毫不|不约而同|不可或缺|不料|不惜"
    "|无论|无线|无锡|无数|无疑|无人|无机|无意|无敌|无私|无产|无烟|无花果|无极|无情|无穷|无限|无尽|无声|无形|虚无"
    "|无辜|无知|无家可归|无党派|无菌|无神|无力|无畏|无名|无双|无缝|无损|无创|无氧"
    "|非常|非洲|非裔|非凡|是非|除非|莫非|非法|北非|南非|东非|西非|中非|非政府|非线性|非典|非营利|非盈利|非正式|非官方"
    "|非物质|非暴力|非传统|非文|非诉|非同|非得|非要|菲"
    "|未来|未婚|未成年|未知|未必|未免|没收|沉没|淹没|埋没|出没|覆没|吞没|没落|隐没"
    "|否则|是否|能否|可否|与否|否认|否定|否决|勿忘"
)
_CLEAR_ZH = re.compile(
    "没有|并未|并非|并不|并没|从未|从不|从没|尚未|还未|未能|未曾|无法|不能|不会|不是|不可以|不应|不需|不再|不包括|不存在"
    "|不具有|不具备|不支持|不影响|不允许|不愿|不想|不必|不得|不属于|不适用|不知道|均未|均无|毫无|绝不|决不|而非|而不是"
    "|未见|未发现|未观察到|未检测到|未显示|未得到|未达到|无显著|无明显|无统计学|不显著|不明显|未受|未被|未经|没能"
    "|没被|没受|无需|无须|无关(?!紧要)"
)
_WIDE_ZH = re.compile(
    "[不没無无未非勿毋否甭缺罕免零岂拒禁]|失败|失去|失效|失调|丧失|难|排除|除了|除外|消除|去除|避免|防止|杜绝|阻止|阻碍"
    "|停止|停下|停了|[很极较甚]少|少有|少数|以外|之外|例外|绝少|稀少|仅|只有|只能|只是|只不|才能|才会|直到|反而|相反|反对"
    "|渺|代替|取代|替代|取消|废除|放弃|摆脱|脱离|远离|忽略|忽视|遗漏|矛盾|违|哪有|哪能|怎么|怎能|空白|谢绝|有待|而是|匿名|陌生"
    "|早于|先于|之前|以前|作罢|别[^的人墅名]"
)
# Characters of the wide list inside words that no English negation is rendered with.
_NOTHING_ZH = re.compile(
    "免疫|[难灾][民险]|灾难|未来|非常|非洲|非裔|[北南东西中]非|零[售件食]|零部件|不锈|不丹|不列颠|无线|无锡|无人机"
    "|[沉淹出埋吞]没|不仅|不但|不管(?!用)|不论|无论|[是能可与]否"
)
_DIFFERENT_EN = re.compile(r"\b(?:differ|vari|vary|divers|distinct|separate|other|diverg)", re.I)


_NEGATED_EN = re.compile(
    r"\b[Nn](?:o|one|obody|owhere|ot|ever|either|eed)\b|n['’]t\b|cannot|ithout"
)


@functools.lru_cache(maxsize=1024)
def english_negations(text: str) -> tuple[Cue, ...]:
    """The clear negations of an English text, such as ``not``, ``no``, ``never`` and ``didn't``.

    ``not only``, ``no longer than``, ``no. 5`` and questions (``isn't it?``) are left out.
    """
    if not _NEGATED_EN.search(text):
        return ()
    found: list[Cue] = []
    words = latin_words(text)
    for i, word in enumerate(words):
        low = word.text.lower().replace("’", "'")
        follower = words[i + 1].text.lower() if i + 1 < len(words) else ""
        if low == "no":
            after = text[word.end : word.end + 2]
            clear = (
                (word.text == "no" or i == 0)
                and after[:1] == " "
                and not after[1:].isdigit()
                and follower not in _NO_IDIOM
                and (i == 0 or words[i - 1].text.lower() not in ("oh", "but", "on", "uh", "say"))
            )
        elif low in _CLEAR_EN:
            # `why don't you`, `if not`: an offer and an aside.
            before = words[i - 1].text.lower() if i else ""
            clear = follower not in _NOT_IDIOM and before not in ("why", "if", "whether", "or")
        else:
            clear = False
        if clear and not _DOUBLE.match(follower):
            found.append(Cue(word.text, word.start, word.end))
    return tuple(found)


# `not uncommonly`, `not without`: an affirmation.
_DOUBLE = re.compile(
    r"un(?!der|til|it|iq|i[fv])|ir(?!on|ri)|without|less"
    r"|im(?!pro|pac|age|agin|pl[yie]|port|mun|med|pos[ei]|par)"
    r"|in(?!c?rease|volve|clu|tend|form|flu|dicat|duc|to\b|the\b|fect|hibit|filtr|vestig|hale|sert"
    r"|ject|habit|spect|stall|ter|vad|vit|herit|iti|nov|corp|put|sist|divid|fant|side|\b)"
)
_NO_IDIOM = frozenset(
    {"more", "less", "longer", "later", "fewer", "matter", "doubt", "one", "sooner", "wonder"}
    | {"it", "it's", "you", "i", "we", "they", "he", "she", "there's"}
)
_NOT_IDIOM = frozenset(
    {"only", "just", "merely", "simply", "until", "least", "unlike", "to", "all", "so"}
    | {"hard", "difficult", "bad", "rare", "far", "long"}
)


def may_negate_english(text: str) -> bool:
    """Whether an English text holds any word that Chinese may render with a negation."""
    return _WIDE_EN.search(text) is not None


@functools.lru_cache(maxsize=1024)
def chinese_negations(text: str) -> tuple[Cue, ...]:
    """The clear negations of a Chinese text, such as 没有, 不能, 无法 and 并未.

    A match inside a word that does not negate (不仅, 无论, 非常 …) is left out.
    """
    if not _NEGATOR.search(text):
        return ()
    masked = Zones((m.start(), m.end()) for m in _NO_NEGATION.finditer(text))
    return tuple(
        Cue(m.group(), m.start(), m.end())
        for m in _CLEAR_ZH.finditer(text)
        if not masked.touch(m.start(), m.end())
    )


_NEGATOR = re.compile("[不没无未非]")


def may_negate_chinese(text: str, source: str) -> bool:
    """Whether a Chinese text holds anything that may render a negation of its English source."""
    plain = _NOTHING_ZH.sub("", text)
    if _DIFFERENT_EN.search(source):
        plain = plain.replace("不同", "")
    return _WIDE_ZH.search(plain) is not None
