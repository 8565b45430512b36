"""What the HTML report says of its own, in English and in Simplified Chinese.

``{name}`` stands for a value. Where English has a singular, it stands before a ``|`` and is
taken when ``n`` is 1. The page's script reads the same catalogue by the same two rules.
Texts that a rule or the pipeline wrote come in English and are not translated here.
"""

from __future__ import annotations

from collections.abc import Mapping

from mtcheck.reporters.words import score_label
from mtcheck.scorers import columns

__all__ = ["CATALOGUE", "KINDS", "LOCALES", "Messages"]

LOCALES: Mapping[str, str] = {"en": "en", "zh": "zh-CN"}
"""The ``lang`` attribute of each interface language."""

CATALOGUE: Mapping[str, tuple[str, str]] = {
    # between words
    "colon": (": ", "："),
    "comma": (", ", "，"),
    # the head of the page
    "brand": ("mtcheck report", "mtcheck 质检报告"),
    "data-frame": ("Data frame", "数据表"),
    "skip": ("Skip to the segments", "跳到句段列表"),
    "pass": ("Pass", "通过"),
    "fail": ("Fail", "未通过"),
    "counts": ("Counts", "计数"),
    "documents": ("document|documents", "篇文档"),
    "segments": ("segment|segments", "个句段"),
    "rejected": ("input row set aside|input rows set aside", "行输入被搁置"),
    "status.accept": ("accept", "接受"),
    "status.review": ("review", "复核"),
    "status.reject": ("reject", "退回"),
    "scores": ("Scores", "得分"),
    "interval": ("95% interval {low} to {high}", "95% 区间 {low} 至 {high}"),
    "findings": ("Findings", "发现的问题"),
    "unconfirmed": (
        "A finding is a machine’s and unconfirmed.",
        "问题由机器给出，未经人工确认。",
    ),
    "severity.neutral": ("neutral", "提示"),
    "severity.minor": ("minor", "轻微"),
    "severity.major": ("major", "严重"),
    "severity.critical": ("critical", "致命"),
    "show-code": ("Show the segments with {code}", "只看含 {code} 的句段"),
    # charts
    "charts": ("Charts", "图表"),
    "chart.data": ("The same as a table", "以表格查看"),
    "chart.risk": ("Segments by risk", "句段的风险分布"),
    "chart.risk.note": (
        "Risk is the estimated probability that a person would mark a major error.",
        "风险指人工会标出严重错误的估计概率。",
    ),
    "chart.risk.axis": ("risk", "风险"),
    "chart.review": ("review from {x}", "{x} 起复核"),
    "chart.reject": ("reject from {x}", "{x} 起退回"),
    "chart.category": ("Findings by category and severity", "按类别和严重程度统计的问题"),
    "chart.documents": ("Mean risk by document", "各文档的平均风险"),
    "chart.documents.note": (
        "The {n} documents of highest mean risk, of {all}.",
        "共 {all} 篇文档，列出平均风险最高的 {n} 篇。",
    ),
    "chart.systems": ("Mean risk by system", "各系统的平均风险"),
    "chart.flagged-of": ("{flagged} of {n} flagged", "{n} 个中标记 {flagged} 个"),
    "chart.similarity": ("Similarity against risk", "相似度与风险"),
    "chart.similarity.note": (
        "Similarity sees text that is about something else; risk sees subtler errors.",
        "相似度能发现内容不对应的译文；风险能发现更细微的错误。",
    ),
    "chart.similarity.axis": ("similarity", "相似度"),
    "chart.mean-risk": ("mean risk", "平均风险"),
    "chart.range": ("{low} to {high}", "{low} 至 {high}"),
    "document": ("Document", "文档"),
    "system": ("System", "系统"),
    "flagged": ("Flagged", "已标记"),
    # the table of segments
    "list": ("Segments", "句段"),
    "list.none": ("No segment was flagged.", "没有被标记的句段。"),
    "list.caption": (
        "{flagged} of {n} segment to look at, worst first"
        "|{flagged} of {n} segments to look at, worst first",
        "{n} 个句段中有 {flagged} 个需要查看，问题最重的在前",
    ),
    "no-script": (
        "Without scripts this page shows the worst segments only ({n}), "
        "with neither search nor decisions.",
        "脚本未启用：本页只列出问题最重的 {n} 个句段，不能搜索，也不能记录结论。",
    ),
    "elsewhere": (
        "{n} more segment is not on this page.|{n} more segments are not on this page.",
        "另有 {n} 个句段不在本页。",
    ),
    "elsewhere.see": ("See {file}.", "见 {file}。"),
    "filter": ("Filter and sort", "筛选与排序"),
    "filter.text": ("Search", "搜索"),
    "filter.text.hint": ("text, message, id", "文本、说明、编号"),
    "filter.all": ("all", "全部"),
    "filter.flagged": ("flagged", "已标记"),
    "filter.none": ("none yet", "尚无结论"),
    "filter.any": ("any", "已有结论"),
    "filter.risk": ("Risk from", "风险不低于"),
    "filter.clear": ("Clear", "清除筛选"),
    "sort": ("Sort by", "排序"),
    "sort.rank": ("worst first", "问题最重在前"),
    "sort.risk": ("risk, high first", "风险从高到低"),
    "sort.risk.up": ("risk, low first", "风险从低到高"),
    "sort.similarity": ("similarity, low first", "相似度从低到高"),
    "sort.code": ("rule", "规则"),
    "sort.category": ("category", "类别"),
    "sort.document": ("order of the input", "输入顺序"),
    "sort.random": ("random order, for a fair sample", "随机顺序（公平抽样）"),
    "sort.decision": ("decision", "结论"),
    "column.segment": ("Segment", "句段"),
    "column.status": ("Status", "状态"),
    "column.risk": ("Risk", "风险"),
    "column.rule": ("Rule", "规则"),
    "column.category": ("Category", "类别"),
    "column.source": ("Source", "原文"),
    "column.hypothesis": ("Translation", "译文"),
    "column.decision": ("Decision", "结论"),
    "hits": ("{n} of {all} segment|{n} of {all} segments", "{all} 个句段中的 {n} 个"),
    "hits.none": (
        "No segment fits. Clear the filter to see all.",
        "没有符合的句段。清除筛选可查看全部。",
    ),
    "pages": ("Pages", "分页"),
    "page.first": ("First page", "首页"),
    "page.previous": ("Previous page", "上一页"),
    "page.next": ("Next page", "下一页"),
    "page.last": ("Last page", "末页"),
    "page.of": ("{from} to {to}", "第 {from} 至 {to} 个"),
    "page.size": ("Rows", "每页行数"),
    "open-all": ("Open all on this page", "展开本页全部"),
    "close-all": ("Close all", "全部收起"),
    # an opened segment
    "details": ("Details of {id}", "{id} 的详情"),
    "source": ("Source", "原文"),
    "hypothesis": ("Translation", "译文"),
    "reference": ("Reference", "参考译文"),
    "no-source": ("no source", "没有原文"),
    "no-hypothesis": ("no translation", "没有译文"),
    "before": ("Before", "上文"),
    "after": ("After", "下文"),
    "copy.source": ("Copy the source", "复制原文"),
    "copy.hypothesis": ("Copy the translation", "复制译文"),
    "copy.suggestion": ("Copy the suggestion", "复制建议"),
    "copy.link": ("Copy the link", "复制链接"),
    "copied": ("Copied.", "已复制。"),
    "copy.failed": ("The browser does not allow copying.", "浏览器不允许复制。"),
    "link": ("Link to this segment", "本句段的链接"),
    "marked": ("Marked", "标记处"),
    "suggestion": ("Suggestion", "建议"),
    "known": ("known to the baseline", "基线中已有"),
    "suppressed": ("Not reported", "未报告"),
    "why": ("Why {status}", "“{status}”的原因"),
    "risk.text": (
        "Risk {risk}: the estimated probability that a person would mark a major error here.",
        "风险 {risk}：人工会在此标出严重错误的估计概率。",
    ),
    "risk.spans": (
        "What looks suspicious to the risk model is underlined with waves; "
        "in the source, what lacks a counterpart.",
        "波浪线为风险模型认为可疑之处；在原文中，为译文缺少对应之处。",
    ),
    "risk.mark": ("suspicious to the risk model", "风险模型认为可疑"),
    "facts": ("Scores and origin", "得分与出处"),
    "place": ("Place", "出处"),
    "alignment": ("Alignment", "对齐"),
    # decisions
    "decisions": ("Decisions", "审阅结论"),
    "decision.segment": ("Your decision on this segment", "对整个句段的结论"),
    "decision.finding": ("Your decision on {code}", "对 {code} 的结论"),
    "decision.confirm": ("confirm", "确认有误"),
    "decision.false-alarm": ("false alarm", "误报"),
    "decision.fixed": ("fixed", "已改正"),
    "decision.note": ("Note", "备注"),
    "error": ("The error", "错误"),
    "error.severity": ("How severe", "严重程度"),
    "error.category": ("Of which kind", "错误类别"),
    "error.any": ("kind: not said", "类别：未注明"),
    "error.take": ("Take the selected text", "取选中文字"),
    "error.none": (
        "Select the wrong text in the source or the translation first.",
        "请先在原文或译文中选中有误的文字。",
    ),
    "error.drop": ("Leave this place out", "去掉此处"),
    "error.ask": (
        "What is the error? Say its kind and severity, and select its place.",
        "是什么错误？请选类别和严重程度，并选中其位置。",
    ),
    "decision.noted": ("{id}: {decision}", "{id}：{decision}"),
    "decision.cleared": ("{id}: decision taken back", "{id}：已撤回结论"),
    "decided": ("{n} decision|{n} decisions", "{n} 条结论"),
    "kept": ("kept in this browser", "保存在本浏览器中"),
    "not-kept": (
        "This browser keeps nothing for this page: export before you close it.",
        "此浏览器不为本页保存数据：关闭前请先导出。",
    ),
    "export": ("Export decisions", "导出结论"),
    "import": ("Import decisions", "导入结论"),
    "imported": ("{n} decision read|{n} decisions read", "读入 {n} 条结论"),
    "unfit": ("{n} fits no segment here|{n} fit no segment here", "{n} 条在此没有对应句段"),
    "unreadable": ("{n} line not understood|{n} lines not understood", "{n} 行无法识别"),
    "export.hint": (
        "The file holds one JSON object a line. mtcheck reads it back: false alarms fall "
        "silent, and decisions on segments calibrate the risk.",
        "文件每行一个 JSON 对象，可供 mtcheck 读回：误报不再报告，对句段的结论用于校准风险。",
    ),
    # keys
    "keys": ("Keys", "快捷键"),
    "keys.hint": ("They work while the focus is in the table.", "焦点在表格内时有效。"),
    "keys.move": ("next, previous segment", "下一个、上一个句段"),
    "keys.open": ("open or close", "展开或收起"),
    "keys.decide": (
        "decide on the segment: confirm, false alarm, fixed",
        "对句段下结论：确认有误、误报、已改正",
    ),
    "keys.note": ("write a note", "写备注"),
    "keys.search": ("search", "搜索"),
    # the foot of the page
    "settings": ("Settings of this run", "本次运行的设置"),
    "version": ("mtcheck {version}, schema {schema}", "mtcheck {version}，格式版本 {schema}"),
}

KINDS = (
    "accuracy/mistranslation",
    "accuracy/omission",
    "accuracy/addition",
    "accuracy/untranslated",
    "terminology/wrong-term",
    "terminology/inconsistent",
    "linguistic-conventions/grammar",
    "linguistic-conventions/punctuation",
    "linguistic-conventions/spelling",
    "style",
    "other",
)
"""The kinds of error that a reviewer can name, as MQM paths."""

# The parts of category paths; what is not here stays as it is.
_CATEGORY_ZH: Mapping[str, str] = {
    "accuracy": "准确性",
    "addition": "增译",
    "character-encoding": "字符编码",
    "copyright": "版权行",
    "cut-off": "截断",
    "disclaimer": "机器翻译声明",
    "glued-sentences": "句子粘连",
    "grammar": "语法",
    "inconsistent": "不一致",
    "labels": "小标题",
    "language": "语种",
    "linguistic-conventions": "语言规范",
    "locale-conventions": "地区规范",
    "markup": "标记",
    "missing-text": "缺文",
    "mistranslation": "误译",
    "number-format": "数字格式",
    "omission": "漏译",
    "other": "其他",
    "punctuation": "标点",
    "source": "原文",
    "spelling": "用字",
    "structure": "结构",
    "style": "文体",
    "terminology": "术语",
    "textual-conventions": "语篇",
    "typography": "排版",
    "untranslated": "未译",
    "wrong-term": "术语错误",
}


class Messages:
    """The catalogue in one language, ``"en"`` or ``"zh"``: ``t("hits", n=3, all=10)``."""

    def __init__(self, lang: str) -> None:
        self._column = list(LOCALES).index(lang)
        self.locale = LOCALES[lang]

    def __call__(self, key: str, **values: str | int) -> str:
        """A message; whole numbers get thousands separators. Raises KeyError when unknown."""
        text = self.texts()[key]
        if "|" in text:
            one, many = text.split("|")
            text = one if values.get("n") == 1 else many
        return text.format_map(
            {k: f"{v:,}" if isinstance(v, int) else v for k, v in values.items()}
        )

    def texts(self) -> dict[str, str]:
        """Every message as it stands in the catalogue."""
        return {key: both[self._column] for key, both in CATALOGUE.items()}

    def score(self, name: str) -> str:
        """A score's name as a label; of an unknown one the column's own."""
        column = columns().get(name)
        return score_label(name) if self._column == 0 or not column else column.chinese

    def category(self, path: str) -> str:
        """A category for people: ``accuracy/mistranslation`` is "accuracy: mistranslation"."""
        if self._column == 0:
            return path.replace("/", ": ").replace("-", " ")
        return "：".join(_CATEGORY_ZH.get(part, part) for part in path.split("/"))

    def rule(self, name: str, chinese: str) -> str:
        """A rule's name for people; one without a Chinese name keeps its own."""
        return name.replace("-", " ") if self._column == 0 else chinese or name
