"""Words of Simplified Chinese that are often written with a wrong character.

Two kinds stand in one table. *Misspellings* have a character of like sound or shape but another
meaning; no dictionary has them. *Variants* were once written so; the list of variant words
GF 1001-2001 or the terms of the national committee for scientific names recommend the other
form. Every group says what sets its characters apart. A wrong form that also arises where two
other words meet (讨论|着, 自己|经历) has a context that keeps it from being reported.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

__all__ = ["CONTEXTS", "GROUPS", "Context", "WrongWord", "replacements", "wrong_words"]

GROUPS: tuple[tuple[str, str], ...] = (
    (
        "著 is outstanding, or to write; 着 is the particle of a lasting state",
        "显着>显著 卓着>卓著 着名>著名 着作>著作 原着>原著 论着>论著 土着>土著 专着>专著 名着>名著",
    ),
    (
        "作 is to act, to work; 做 is to do a thing",
        "做为>作为 操做>操作 做用>作用 工做>工作 制做>制作",
    ),
    (
        "即 is even if, at once; 既 is since, already",
        "既使>即使 立既>立即 随既>随即 既刻>即刻 既将来临>即将来临 既将到来>即将到来",
    ),
    (
        "既 is since, already; 即 is at once; 继 is to go on",
        "即然>既然 即往史>既往史 继往史>既往史",
    ),
    (
        "账 is an account, 帐 a tent (GF 1001-2001)",
        "帐户>账户 帐号>账号 帐单>账单 帐目>账目 帐本>账本 结帐>结账 转帐>转账 记帐>记账 "
        "坏帐>坏账 帐款>账款",
    ),
    (
        "分 is a constituent, 份 a share (GF 1001-2001)",
        "部份>部分 成份>成分 水份>水分 组份>组分 养份>养分 盐份>盐分 糖份>糖分",
    ),
    (
        "分子 is a molecule, 份子 a contribution of money",
        "高份子>高分子 小份子>小分子 大份子>大分子 份子量>分子量",
    ),
    (
        "像 is a picture, or to resemble; 象 is a sign, an elephant",
        "图象>图像 影象>影像 录象>录像 成象>成像 摄象>摄像 偶象>偶像 好象>好像 映象>映像 象素>像素",
    ),
    (
        "象 is a sign or appearance; 像 is a picture",
        "现像>现象 对像>对象 印像>印象 抽像>抽象 气像>气象 迹像>迹象 形像>形象 像限>象限 真象>真相",
    ),
    ("反映 is to reflect, 反应 to react", "反应出>反映出 反应了>反映了"),
    (
        "必需 is indispensable, 必须 is must",
        "必须氨基酸>必需氨基酸 必须脂肪酸>必需脂肪酸 必须元素>必需元素 必须品>必需品",
    ),
    (
        "候 is to wait, a state; 侯 is a marquis",
        "侯选>候选 气侯>气候 症侯>症候 侯鸟>候鸟 侯诊>候诊",
    ),
    ("己 is self, 已 is already", "己经>已经 自已>自己"),
    ("安 is to put in place, 按 to press", "按装>安装 按排>安排"),
    ("部署 is to deploy, 布 is cloth", "布署>部署"),
    ("灸 is moxibustion, 炙 to roast", "针炙>针灸 艾炙>艾灸"),
    ("搏 is to beat, 博 is broad", "脉博>脉搏 博动>搏动 博斗>搏斗"),
    ("弛 is slack, 驰 to gallop", "松驰>松弛 驰豫>弛豫"),
    (
        "辨 is to tell apart, 辩 to argue",
        "辩别>辨别 辩认>辨认 辩识>辨识 分辩率>分辨率 鉴辩>鉴辨 答辨>答辩 辨论>辩论 辨护>辩护",
    ),
    ("漫 is to overflow, 蔓 to spread, 慢 slow", "漫延>蔓延 弥慢>弥漫 漫性>慢性"),
    ("竞 is to compete, 竟 after all", "竟争>竞争 竟赛>竞赛 竞然>竟然 究竞>究竟"),
    ("辐 is a spoke, to radiate; 幅 is breadth", "幅射>辐射 辐度>幅度 振辐>振幅"),
    ("圆 is round, 园 a garden", "椭园>椭圆 园锥>圆锥 园满>圆满"),
    ("副 is secondary, 付 to pay", "付作用>副作用 付教授>副教授 付产物>副产物"),
    ("粱 is millet, 梁 a beam", "高梁>高粱 桥粱>桥梁"),
    ("徙 is to move, 徒 a follower", "迁徒>迁徙"),
    ("刺 is to prick, 剌 perverse", "剌激>刺激 穿剌>穿刺 针剌>针刺"),
    ("测 is to measure, 侧 a side", "预侧>预测 检侧>检测"),
    ("议 is to discuss, 义 is meaning", "建义>建议 意议>意义"),
    ("乏 is to lack, 泛 wide", "缺泛>缺乏 广乏>广泛"),
    ("预 is beforehand, 予 to give", "干予>干预 予后>预后 予测>预测"),
    ("借 and 藉 are by means of, 籍 is a register", "凭籍>凭借 慰籍>慰藉 籍此>借此"),
    ("籍 is a register or book, 藉 to rely on", "国藉>国籍 书藉>书籍"),
    ("坐 is to sit or lie, 座 a seat (GF 1001-2001)", "座标>坐标 座落>坐落 坐谈会>座谈会"),
    (
        "覆 is to cover, 复 to repeat (GF 1001-2001)",
        "复盖>覆盖 反覆>反复 恢覆>恢复 重覆>重复 答覆>答复",
    ),
    ("叠 is to pile up, 迭 to alternate", "重迭>重叠 迭加>叠加 折迭>折叠"),
    ("阈 is a threshold, 阀 a valve", "阀值>阈值"),
    ("鳞 is a scale, 磷 is phosphorus", "磷状细胞>鳞状细胞 磷癌>鳞癌"),
    ("证 is proof, 症 a disease", "症据>证据 论症>论证 癌证>癌症 炎证>炎症"),
    (
        "令 is to make, 另 is another",
        "另人满意>令人满意 另人关注>令人关注 另人惊讶>令人惊讶 另人信服>令人信服",
    ),
    (
        "酯 is an ester, 脂 is fat",
        "甘油三脂>甘油三酯 聚脂>聚酯 卵磷酯>卵磷脂 磷酯酶>磷脂酶 磷酯酰>磷脂酰 酯肪>脂肪",
    ),
    ("胀 is to swell, 涨 to rise", "膨涨>膨胀 肿涨>肿胀"),
    ("合 is together, 和 is and", "综和>综合 化和物>化合物 混和物>混合物"),
    ("讯 is news, 迅 quick; 询 is to ask, 寻 to look for", "通迅>通讯 咨讯>资讯 寻问>询问"),
    ("溯 is to go back, 朔 the new moon", "追朔>追溯 回朔>回溯"),
    (
        "述 is to state, 诉 to complain",
        "综上所诉>综上所述 如上所诉>如上所述 上诉方法>上述方法 上诉因素>上述因素",
    ),
    ("致 is to cause, 至 to reach", "至使>致使 导至>导致"),
    ("例 is a case, 历 a record", "病历对照>病例对照 病历报告>病例报告"),
    ("浸 is to soak, 侵 to invade", "侵润>浸润"),
    ("律 is a rhythm, 率 a rate", "心率失常>心律失常 心率不齐>心律不齐 心律变异性>心率变异性"),
    (
        "炭 is charcoal, 碳 the element",
        "活性碳>活性炭 碳疽>炭疽 焦碳>焦炭 煤碳>煤炭 木碳>木炭 碳黑>炭黑",
    ),
    ("蜡 is wax, 腊 the twelfth month", "石腊>石蜡"),
    ("氨 is ammonia, 胺 an amine", "胺基酸>氨基酸"),
    ("荧 is to glow, 萤 a firefly", "萤光>荧光"),
    ("型 is a type, 形 a shape", "类形>类型 模形>模型 典形>典型 梯型>梯形"),
    ("练 is to train, 炼 to refine", "锻练>锻炼 训炼>训练"),
    ("燥 is dry, 躁 restless", "干躁>干燥 枯躁>枯燥 急燥>急躁 烦燥>烦躁"),
    ("环 is a ring, around; 坏 is bad", "坏境>环境"),
    ("暴 is violent, to expose; 爆 is to burst", "爆露>暴露 暴炸>爆炸"),
    ("催 is to urge, 摧 to destroy", "摧化>催化 催毁>摧毁"),
    ("销 is to cancel, 消 to vanish (GF 1001-2001)", "撤消>撤销"),
    ("抉 is to pick, 诀 a knack, 决 to decide", "决择>抉择 决窍>诀窍"),
    ("涵 is to contain, 函 a letter", "函盖>涵盖 涵概>涵盖 包函>包含"),
    ("备 is fully, 倍 times", "倍受关注>备受关注 倍受重视>备受重视"),
    ("妨 is to hinder, 防 to prevent", "防碍>妨碍"),
    ("亟 is urgently, 急 hurried", "急待解决>亟待解决 急待研究>亟待研究"),
    ("弥 is to fill, 拟 to plan", "拟补>弥补"),
    ("历 is to pass, 厉 severe", "厉史>历史 历害>厉害"),
    ("阿司匹林 is the name in the pharmacopoeia", "阿斯匹林>阿司匹林"),
    (
        "过度 is too much, 过渡 a transition",
        "过渡使用>过度使用 过渡医疗>过度医疗 过渡捕捞>过度捕捞",
    ),
    (
        "set phrases",
        "众所周之>众所周知 迄今为此>迄今为止 一如继往>一如既往 循序渐近>循序渐进 相辅相承>相辅相成 "
        "名符其实>名副其实 不径而走>不胫而走 融汇贯通>融会贯通 再接再励>再接再厉 默守成规>墨守成规 "
        "大相径廷>大相径庭 因地治宜>因地制宜 迫不急待>迫不及待 有持无恐>有恃无恐",
    ),
)
"""Why the characters differ, and the words: ``wrong>right`` with spaces between."""


@dataclass(frozen=True, slots=True)
class Context:
    """Characters around a wrong form that tell of two words that meet.

    ``not_before`` and ``not_after`` silence it; when ``after`` is given, one of its characters
    or the end must follow; ``unless`` is a character that must not come later in the clause.
    """

    not_before: str = ""
    not_after: str = ""
    after: str = ""
    unless: str = ""


_GARDENS = "公校花家果庄田乐茶菜植动物陵"
CONTEXTS: dict[str, Context] = {
    "显着": Context(not_before="凸彰尽突浅"),
    "着名": Context(after="的学专教科作"),
    "着作": Context(after="权者等，。、；》"),
    "原着": Context(not_after="陆装色火重眼"),
    "论着": Context(not_before="谈讨议评争辩理推结立"),
    "土着": Context(not_after="地火陆手"),
    "专着": Context(not_after="于眼重"),
    "名着": Context(not_before="署命闻著"),
    "做为": Context(not_before="所不"),
    "操做": Context(not_before="体早课"),
    "做用": Context(not_before="当叫看", not_after="户"),
    "工做": Context(not_before="手加人施员职分"),
    "制做": Context(not_before="限控机体抑强编"),
    "既使": Context(unless="又也"),
    "立既": Context(not_before="成建独设确对创订树中"),
    "随既": Context(not_before="伴跟", not_after="往有定是"),
    "既刻": Context(not_after="画苦"),
    "即然": Context(not_before="立随当", not_after="后"),
    "帐户": Context(not_before="营篷", not_after="外"),
    "部份": Context(not_after="额数"),
    "成份": Context(not_after="额数"),
    "水份": Context(not_after="额数"),
    "组份": Context(not_after="额数量"),
    "养份": Context(not_after="额数"),
    "盐份": Context(not_after="额数"),
    "糖份": Context(not_after="额数"),
    "图象": Context(not_after="征"),
    "影象": Context(not_after="征"),
    "录象": Context(not_after="征"),
    "成象": Context(not_before="构形合", not_after="征限牙"),
    "摄象": Context(not_after="征"),
    "偶象": Context(not_after="征"),
    "好象": Context(not_before="良友美完", not_after="征牙限"),
    "映象": Context(not_after="征限"),
    "象素": Context(not_before="现对气印形抽迹景", not_after="质养描"),
    "现像": Context(not_before="出呈发再实体展表", not_after="素差"),
    "对像": Context(not_after="素差质"),
    "印像": Context(not_after="素"),
    "抽像": Context(not_after="素"),
    "气像": Context(not_before="大", not_after="素差质"),
    "形像": Context(not_before="图圆方", not_after="素差"),
    "像限": Context(not_before="图影成录摄偶"),
    "真象": Context(not_after="征"),
    "反应出": Context(not_after="现口"),
    "反应了": Context(not_after="0123456789 一二三四五六七八九十两几半数多约近"),
    "己经": Context(not_before="自知异克"),
    "自已": Context(
        not_before="来取源选出引译载摘抽提获始发",
        not_after="经知有故被发建完获得公确出停开收形成具能",
    ),
    "按装": Context(not_after="置配载备机修药运卸"),
    "按排": Context(not_after="序名放列除量卵泄水"),
    "布署": Context(not_after="名"),
    "博动": Context(not_before="赛微", not_after="物漫画机员"),
    "博斗": Context(not_before="赛"),
    "辩认": Context(not_before="争申答", not_after="为"),
    "辨论": Context(not_before="分鉴"),
    "漫性": Context(not_before="弥散浸烂浪"),
    "竟争": Context(not_before="究毕"),
    "竟赛": Context(not_before="究毕"),
    "幅射": Context(not_before="大"),
    "园锥": Context(not_before=_GARDENS),
    "园满": Context(not_before=_GARDENS),
    "付作用": Context(not_before="应支交给托"),
    "高梁": Context(not_after="桥柱体"),
    "予后": Context(not_before="给授赋寄准不"),
    "予测": Context(not_before="给授赋寄准不"),
    "籍此": Context(not_before="国书古户学典史"),
    "症据": Context(not_before="病炎癌重急综后", not_after="此报统悉称"),
    "论症": Context(not_after="状"),
    "癌证": Context(not_after="据明实候"),
    "炎证": Context(not_after="据明实候"),
    "聚脂": Context(not_after="肪质多"),
    "综和": Context(not_before="错"),
    "化和物": Context(not_after="理质流种料联资业品"),
    "混和物": Context(not_after="理质种料"),
    "通迅": Context(not_after="速捷猛"),
    "寻问": Context(not_after="题"),
    "至使": Context(not_before="甚以直乃截", not_after="用"),
    "导至": Context(not_before="引传指诱疏主半向领教超辅倡"),
    "活性碳": Context(not_after="源酸"),
    "煤碳": Context(not_after="氢含"),
    "木碳": Context(not_after="水含"),
    "萤光": Context(not_after="虫"),
    "类形": Context(not_after="态状成容似"),
    "模形": Context(not_after="态状成式"),
    "典形": Context(not_before="古", not_after="式态象制而容成"),
    "梯型": Context(not_before="阶楼"),
    "坏境": Context(not_before="破毁败损"),
    "包函": Context(not_after="数"),
    "拟补": Context(not_after="充偿办交"),
    "历害": Context(not_before="经病", not_after="虫"),
}
"""What tells a wrong form from two right words that meet."""


@dataclass(frozen=True, slots=True)
class WrongWord:
    """A wrong form at ``[start, end)``, the word meant and why."""

    start: int
    end: int
    right: str
    why: str


@functools.cache
def replacements() -> dict[str, tuple[str, str]]:
    """Every wrong form with the right one and the reason."""
    table: dict[str, tuple[str, str]] = {}
    for why, words in GROUPS:
        for word in words.split():
            wrong, _, right = word.partition(">")
            table[wrong] = (right, why)
    return table


@functools.cache
def _by_head() -> dict[str, tuple[str, ...]]:
    """The wrong forms by their first two characters, longest first."""
    heads: dict[str, list[str]] = {}
    for wrong in sorted(replacements(), key=len, reverse=True):
        heads.setdefault(wrong[:2], []).append(wrong)
    return {head: tuple(forms) for head, forms in heads.items()}


def _is_wrong(text: str, start: int, wrong: str) -> bool:
    context = CONTEXTS.get(wrong)
    if context is None:
        return True
    end = start + len(wrong)
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if (before and before in context.not_before) or (after and after in context.not_after):
        return False
    if context.after and after and after not in context.after:
        return False
    return not any(c in context.unless for c in text[end : end + 40])


@functools.lru_cache(maxsize=4096)
def wrong_words(text: str) -> tuple[WrongWord, ...]:
    """The wrong forms in a text, from left to right, none overlapping."""
    heads = _by_head()
    found: list[WrongWord] = []
    free = 0
    for start in range(len(text) - 1):
        forms = heads.get(text[start : start + 2])
        if forms is None or start < free:
            continue
        for wrong in forms:
            if text.startswith(wrong, start) and _is_wrong(text, start, wrong):
                right, why = replacements()[wrong]
                free = start + len(wrong)
                found.append(WrongWord(start, free, right, why))
                break
    return tuple(found)
