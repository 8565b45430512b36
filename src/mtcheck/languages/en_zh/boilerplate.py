"""Lines that are no part of an abstract: translation notices, a chatbot's talk, copyright.

A pattern asks for the wording of a notice ("this text was …", "… prevails"), because abstracts
about machine translation mention it too.
"""

from __future__ import annotations

import re

from mtcheck.text.parses import cached

__all__ = [
    "chat_lines",
    "copyright_lines",
    "disclaims",
    "translation_notices",
    "without_copyright",
]

_MACHINE = (
    r"(?:计算机|电脑|机器|人工智能|AI|自动|谷歌|Google|百度|有道|必应|微软|Bing|DeepL|腾讯|搜狗|"
    r"ChatGPT|GPT|大模型|大语言模型|翻译软件|翻译引擎|翻译程序|翻译工具|神经网络)"
)
_TEXT = r"(?:文章|文|摘要|内容|译文|页面|页|网页|文档|文本|翻译|中文版|中文译文|版本|信息)"
_REST = r"[^，。；！？,;!?\n]"
_END = r"(?=[，。；！？、,.;!?\s）)】\]]|$)"

_CHINESE = (
    # 本文章由计算机程序翻译
    rf"(?:本|此|该|以上|以下|上述)?(?:页|网页|中文)?{_TEXT}(?:均|都|全部)?"
    rf"(?:系由|经由|由|经过|经|系)\s?{_REST}{{0,6}}?{_MACHINE}{_REST}{{0,8}}?"
    rf"(?:翻译|译成|机翻|译出)(?:而成|而来|生成|完成|所得|提供|成中文|为中文|的)?{_END}",
    # 以上内容为机器翻译, 本译文使用AI翻译
    rf"(?:(?:本|此|该|以上|以下|上述)(?:中文)?(?:内容|译文|翻译|网页|页面|版本)|译文)(?:均|都)?"
    rf"(?:为|是|使用|采用|通过)\s?{_MACHINE}{_REST}{{0,6}}?(?:翻译|机翻|译文|结果|生成)"
    rf"(?:而成|生成|完成|所得|的)?{_END}",
    # 机器翻译，仅供参考
    rf"{_MACHINE}(?:程序)?(?:自动)?(?:翻译|机翻)(?:的)?(?:结果|内容|译文)?[，,]?\s?仅供参考",
    r"(?:本|此)?(?:译文|翻译内容|翻译结果|中文译文|中文翻译|中文版)(?:仅)?供(?:您)?参考",
    # 如有差异，请以英文原文为准
    r"(?:如有|若有|如存在|如遇|倘有)(?:任何)?[^，。；\n]{0,8}"
    r"(?:差异|歧义|出入|不一致|不符|错误|疑问|偏差|争议|冲突|异议)(?:之处|的地方)?[，,]?\s?"
    r"(?:请|应|概|均|一律|则)?以(?:英文|英语|原文|外文|源语|原始)[^，。；\n]{0,8}为准",
    # 【机器翻译】
    r"^\s*[\[【（(]\s?(?:机器翻译|机翻|自动翻译|AI翻译|谷歌翻译|百度翻译)[^\[\]【】（）()\n]{0,8}[\]】）)]",
)
_ENGLISH = (
    r"\b(?:this|the)\s(?:article|abstract|text|page|content|document|translation|version)\s"
    r"(?:was|is|has\sbeen)\s(?:\w+ly\s)?(?:machine[- ]|computer[- ])?"
    r"(?:translated|generated|produced|created)\s(?:\w+ly\s)?(?:by|using|with|via)\s"
    r"(?:an?\s)?(?:machine|computer|google|deepl|ai\b|artificial|automatic|chatgpt|gpt|microsoft|"
    r"bing|baidu|software|translation\s(?:software|program|tool))"
    r"(?:\s(?:translation|translate|translator|program|software|tool|intelligence|system)){0,3}",
    r"\b(?:this|the)\s(?:article|abstract|text|page|content|document|translation|version)\s"
    r"(?:was|is|has\sbeen)\s(?:machine|automatically|computer)[- ]translated\b",
    r"\b(?:machine|automatically)[- ]translated\s(?:text|content|by|with|using|version)\b",
    r"\btranslated\s(?:by|with|using)\s(?:google(?:\stranslate)?|deepl|chatgpt|microsoft\stranslator|"
    r"bing(?:\stranslator)?|baidu)\b",
    r"\bin\s(?:the\s)?case\sof\s(?:any\s)?(?:discrepanc(?:y|ies)|differences?|inconsistenc(?:y|ies)|"
    r"doubt|conflict),?\s(?:please\s)?(?:refer\sto\s)?the\s(?:English|original)\s?\w{0,10}\s?"
    r"\w{0,10}\s?(?:shall\s|will\s)?(?:prevails?|applies|govern)?",
)
_NOTICE = re.compile("|".join(f"(?:{p})" for p in (*_CHINESE, *_ENGLISH)), re.IGNORECASE)
_HINT = re.compile(r"译|为准|供参考|translat|generated|produced|created|case\sof", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:machine|computer|automatic(?:ally)?|software)[- ]?\w{0,10}\stranslat|"
    r"translated\s(?:by|with)|machine[- ]translat|prevail",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[，,；;]?\s?(?:译文)?(?:仅)?供(?:您)?参考")
_BETWEEN = re.compile(r"[\s，。；、,.;！!（）()：:]*")


@cached
def translation_notices(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of each notice, its full stop included; neighbouring ones as one."""
    if not _HINT.search(text):
        return ()
    found: list[tuple[int, int]] = []
    for m in _NOTICE.finditer(text):
        start, end = m.span()
        start += len(m[0]) - len(m[0].lstrip())
        end = tail.end() if (tail := _TAIL.match(text, end)) else end
        if end < len(text) and text[end] in "。.！!":
            end += 1
        if found and (start < found[-1][1] or _BETWEEN.fullmatch(text, found[-1][1], start)):
            start = found.pop()[0]
        found.append((start, end))
    return tuple(found)


def disclaims(source: str) -> bool:
    """Whether the source itself speaks of its own translation by machine."""
    return _SOURCE.search(source) is not None


_CHAT = re.compile(
    # 好的，以下是翻译： at the start
    r"^\s*(?:(?:好的|当然(?:可以)?|没问题|可以的|明白了?|收到)[，,。！!：:]\s?)?"
    r"(?:以下|下面|这)(?:就)?(?:是|为)[^。！？\n：:]{0,30}?(?:翻译|译文|中文版)(?:结果|版本|内容)?"
    r"\s?[：:\n]\s*"
    r"|^\s*(?:好的|当然(?:可以)?|没问题)[，,。！!]\s?(?=.{0,20}翻译)"
    r"|^\s*(?:(?:好的|当然(?:可以)?|没问题)[，,。！!]\s?)?[【\[*#]{0,3}\s?(?:(?:最终|最后|完整|修订|修改|润色|改进|优化|更正|校对|参考|正式|直接|机器|全文)(?:后|版)?的?)?"
    r"(?:简体)?(?:中文|汉语)?(?:译文|翻译|译本)(?:版本?|文本|内容)?(?:如下|结果)?[】\]*]{0,3}\s?[：:]\s*"
    r"|[（(【\[]\s?(?:译者?注|译者?按|译注|翻译说明)[^）)】\]\n]{0,200}[）)】\]]"
    r"|^\s*(?:简体)?(?:中文|汉语)\s?[：:]\s*|^\s*(?:Chinese|Human|Assistant|User|AI)\s?[：:]\s*(?=[\u4e00-\u9fff])"
    r"|^\s*(?:根据|按照|应)您?的?要求[，,][^。\n：:]{0,24}[：:]\s*"
    r"|^\s*\{\s*[\"'“][A-Za-z_]{2,20}[\"'”]\s*[：:]\s*[\"'“]"
    r"|</?(?:think|translation|answer|output)>"
    r"|^\s*(?:final|revised|improved)\s(?:chinese\s)?(?:translation|version)\s?[：:]\s*"
    r"|^\s*翻译(?:成|为)(?:简体)?中文(?:如下|是)?\s?[：:]\s*"
    r"|^\s*(?:(?:sure|certainly|of\scourse|okay|ok)[,!.:]?\s{1,2})?here(?:\sis|['’]s)\s"
    r"(?:the|your|a|my)\s[^\n:.]{0,40}?translat[^\n:.]{0,60}[:.]\s*"
    r"|^\s*(?:sure|certainly|of\scourse)[,!]\s(?=.{0,40}translat)"
    r"|^\s*(?:chinese\s)?translation\s?:\s*"
    r"|```[a-z]{0,10}"
    r"|(?:抱歉|对不起)[，,]\s?(?:我|作为)[^。\n]{0,20}(?:无法|不能)[^。\n]{0,20}翻译[^。\n]{0,40}。?"
    r"|我无法翻译[^。\n]{0,40}。?"
    r"|作为(?:一个|一名)?(?:AI|人工智能)(?:语言)?(?:模型|助手)[，,][^。\n]{0,60}。?"
    r"|\b(?:I\sapologi[sz]e,?|I['’]m\ssorry,?|I\sam\ssorry,?)?(?:\sbut\s)?I\s(?:cannot|can['’]t)\s"
    r"translate[^\n.]{0,90}\.?"
    # closing remarks
    r"|(?:希望(?:这|以上|此)?(?:个)?(?:翻译|译文)?(?:能|会)?(?:对您|对你|能帮)[^。！!\n]{0,12}|"
    r"如(?:果)?(?:您|你)?(?:还)?有(?:任何)?(?:其他)?(?:问题|需要|需求)[^。！!\n]{0,6}请(?:随时)?"
    r"(?:告诉我|联系我|告知|提出))[^。！!\n]{0,20}[。！!]?"
    r"|[（(]?(?:注|注意|说明|请注意|译注|译者注)[：:，,]\s?[^。\n]{0,20}(?:翻译|译文|译为|译成|直译|意译)"
    r"[^。\n]{0,80}。?[）)]?"
    r"|\b(?:please\s)?note\s?(?:that|:)\s[^\n.]{0,80}translat[^\n.]{0,80}\.?"
    r"|\b(?:i\shope\sthis\shelps|let\sme\sknow\sif\syou)[^\n.!]{0,60}[.!]?",
    re.IGNORECASE,
)
_CHAT_HINT = re.compile(
    r"译|(?:中文|汉语|chinese|human|assistant|user|ai)\s?[：:]|要求[，,]|^\s*\{|希望|如有|如果|当然|好的"
    r"|作为|transl|hope|let me|sure|certain|```|</?[tao]|final|revised",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"(?:copyright\s?)?(?:©|\(c\)(?=\s?(?:\d{4}|the\b)))\s?[^。\n]{0,120}?"
    r"(?:reserved\.?|保留(?:所有|一切)权利|版权所有|(?=。)|$)"
    r"|(?:本文|本刊)?版权(?:所有|归)[^。\n]{0,60}"
    r"|(?:保留|版权)(?:所有|一切)权利|版权\s?(?=©|\d{4})[^。\n]{0,60}"
    r"|\bcopyright\s(?=©|\(c\)|\d{4})[^。\n]{0,80}|\ball\srights\sreserved\.?",
    re.IGNORECASE,
)
_COPYRIGHT_HINTS = ("©", "(c)", "版权", "权利", "copyright", "reserved")


def without_copyright(text: str) -> str:
    """The text less its copyright notices."""
    for start, end in reversed(copyright_lines(text)):
        text = text[:start] + text[end:]
    return text


def _trimmed(m: re.Match[str]) -> tuple[int, int]:
    start, end = m.span()
    return start + len(m[0]) - len(m[0].lstrip()), end - (len(m[0]) - len(m[0].rstrip()))


@cached
def chat_lines(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of what a chatbot says around its translation."""
    if not _CHAT_HINT.search(text):
        return ()
    return tuple(_trimmed(m) for m in _CHAT.finditer(text) if m[0].strip())


@cached
def copyright_lines(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of copyright notices; pieces that follow each other are one."""
    lower = text.lower()
    if not any(hint in lower for hint in _COPYRIGHT_HINTS):
        return ()
    found: list[tuple[int, int]] = []
    for m in _COPYRIGHT.finditer(text):
        if not m[0].strip():
            continue
        start, end = _trimmed(m)
        if found and _BETWEEN.fullmatch(text, found[-1][1], start):
            start = found.pop()[0]
        found.append((start, end))
    return tuple(found)
