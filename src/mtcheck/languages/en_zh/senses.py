"""Acronyms that stand for several things in the sciences, with their Chinese renderings.

Our own list, from the acronyms that engines confuse. A sense is known by a word or two of its
English long form and by its usual Chinese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["SENSES", "AcronymSense"]


@dataclass(frozen=True, slots=True)
class AcronymSense:
    """One reading of an acronym: a pattern for its English, and its Chinese renderings."""

    english: re.Pattern[str]
    chinese: tuple[str, ...]


def _senses(*pairs: tuple[str, str]) -> tuple[AcronymSense, ...]:
    return tuple(
        AcronymSense(re.compile(rf"\b{english}", re.IGNORECASE), tuple(chinese.split()))
        for english, chinese in pairs
    )


SENSES: dict[str, tuple[AcronymSense, ...]] = {
    "ACE": _senses(("angiotensin", "血管紧张素"), ("adverse childhood", "童年")),
    "AD": _senses(("alzheimer", "阿尔茨海默 阿兹海默"), ("atopic", "特应性 异位性")),
    "AF": _senses(("atrial fib", "房颤 心房颤动"), ("annulus fib", "纤维环")),
    "AI": _senses(
        ("artificial int", "人工智能"), ("aromatase", "芳香化酶"), ("avian inf", "禽流感")
    ),
    "AMD": _senses(("(?:age|macular)", "黄斑"), ("acid mine", "酸性矿山")),
    "AR": _senses(
        ("augmented", "增强现实"),
        ("androgen", "雄激素受体"),
        ("allergic rhin", "过敏性鼻炎 变应性鼻炎"),
        ("autoregress", "自回归"),
    ),
    "ASD": _senses(("autis", "自闭症 孤独症"), ("atrial sept", "房间隔缺损")),
    "BP": _senses(("blood pressure", "血压"), ("back.?propag", "反向传播")),
    "CAD": _senses(("coronary", "冠心病 冠状动脉"), ("computer", "计算机辅助")),
    "CBT": _senses(("cognitive", "认知行为"), ("computer", "计算机化测试 机考")),
    "CF": _senses(("cystic", "囊性纤维化"), ("carbon fib", "碳纤维")),
    "CI": _senses(
        ("confidence", "置信区间"), ("cochlear", "人工耳蜗"), ("cognitive imp", "认知障碍")
    ),
    "CKD": _senses(("(?:chronic )?kidney", "慢性肾"), ("cyclin", "周期蛋白")),
    "CP": _senses(("cerebral palsy", "脑瘫 脑性瘫痪"), ("chronic panc", "慢性胰腺炎")),
    "CR": _senses(
        ("complete resp", "完全缓解"), ("complete remis", "完全缓解"), ("calorie", "热量限制")
    ),
    "CT": _senses(("comput", "计算机断层"), ("chemotherapy", "化疗")),
    "DM": _senses(("diabetes", "糖尿病"), ("dermatomy", "皮肌炎"), ("data mining", "数据挖掘")),
    "ED": _senses(
        ("emergency", "急诊"), ("erectile", "勃起功能"), ("eating dis", "进食障碍 饮食失调")
    ),
    "ER": _senses(
        ("estrogen", "雌激素受体"), ("endoplasmic", "内质网"), ("emergency room", "急诊")
    ),
    "GA": _senses(
        ("genetic alg", "遗传算法"),
        ("gestational age", "胎龄 孕周"),
        ("general an", "全身麻醉 全麻"),
    ),
    "GC": _senses(
        ("gas chrom", "气相色谱"),
        ("gastric", "胃癌"),
        ("glucocort", "糖皮质激素"),
        ("germinal", "生发中心"),
    ),
    "GM": _senses(
        ("genetically mod", "转基因"), ("gr[ae]y matter", "灰质"), ("gut micro", "肠道菌群")
    ),
    "HF": _senses(
        ("heart failure", "心力衰竭 心衰"), ("high.?freq", "高频"), ("hydrogen fl", "氟化氢")
    ),
    "HR": _senses(("hazard", "风险比 危险比"), ("heart rate", "心率"), ("human res", "人力资源")),
    "IR": _senses(
        ("infrared", "红外"), ("insulin res", "胰岛素抵抗"), ("information ret", "信息检索")
    ),
    "LCA": _senses(
        ("life.?cycle", "生命周期"), ("latent class", "潜在类别"), ("left coronary", "左冠状动脉")
    ),
    "LDA": _senses(("latent dir", "隐含狄利克雷 潜在狄利克雷"), ("linear disc", "线性判别")),
    "MI": _senses(
        ("myocardial", "心肌梗死 心肌梗塞"),
        ("motivational", "动机性访谈"),
        ("multiple imp", "多重插补"),
    ),
    "ML": _senses(("machine learn", "机器学习"), ("maximum likelihood", "最大似然")),
    "MR": _senses(
        ("magnetic res", "磁共振"), ("mendelian", "孟德尔随机化"), ("mitral reg", "二尖瓣反流")
    ),
    "MS": _senses(
        ("multiple scl", "多发性硬化"), ("mass spec", "质谱"), ("metabolic syn", "代谢综合征")
    ),
    "OA": _senses(
        ("osteoarth", "骨关节炎"), ("open access", "开放获取"), ("ocean acid", "海洋酸化")
    ),
    "OR": _senses(("odds", "比值比 优势比"), ("operating room", "手术室")),
    "PCA": _senses(
        ("principal comp", "主成分"), ("patient.?controlled", "自控镇痛"), ("prostate", "前列腺癌")
    ),
    "PCR": _senses(("polymerase", "聚合酶链"), ("pathologic\\w* compl", "病理完全缓解")),
    "PD": _senses(
        ("parkinson", "帕金森"), ("peritoneal dial", "腹膜透析"), ("progressive dis", "疾病进展")
    ),
    "PE": _senses(
        ("pulmonary emb", "肺栓塞"), ("pre-?eclampsia", "子痫前期"), ("polyethyl", "聚乙烯")
    ),
    "PM": _senses(("particulate", "颗粒物"), ("polymyositis", "多发性肌炎")),
    "PSA": _senses(("prostate", "前列腺特异"), ("public serv", "公益广告")),
    "RA": _senses(
        ("rheumatoid", "类风湿"), ("retinoic", "维甲酸 视黄酸"), ("right atri", "右心房")
    ),
    "RF": _senses(
        ("random for", "随机森林"), ("radio.?freq", "射频"), ("rheumatoid fac", "类风湿因子")
    ),
    "SCI": _senses(("spinal cord", "脊髓损伤"), ("science cit", "科学引文")),
    "SEM": _senses(("structural eq", "结构方程"), ("scanning el", "扫描电")),
    "SLE": _senses(("(?:systemic )?lupus", "红斑狼疮"), ("stressful life", "应激性生活事件")),
    "SSI": _senses(("surgical site", "手术部位感染"), ("soil.?structure", "土-结构 土结构")),
    "TB": _senses(("tubercul", "结核"), ("terabyte", "太字节")),
    "TCM": _senses(("traditional chin", "中医 中药"), ("transcription", "转录")),
    "UC": _senses(("ulcerative", "溃疡性结肠炎"), ("urothelial", "尿路上皮癌")),
}
