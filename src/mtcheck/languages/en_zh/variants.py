"""English terms that Chinese authors render in more than one way, and the ways.

Written for this project from general knowledge of Chinese academic usage. Each way may be
right; a text that mixes them for one term makes its reader wonder whether two things are
meant. Left out are words with several meanings that one text may well use side by side.
"""

from __future__ import annotations

import functools

from mtcheck.languages.en.terms import TermIndex, term_key

__all__ = ["VARIANTS", "variant_index"]

_TABLE = """
accretion: 吸积|增生
adherence: 依从性|遵从性|坚持性
adverse event: 不良事件|不良反应
anisotropy: 各向异性|非均向性
antimicrobial resistance: 抗菌药物耐药性|抗微生物药物耐药性|抗微生物耐药性|抗生素耐药性
apoptosis: 凋亡|程序性死亡
arrhythmia: 心律失常|心律不齐
atrial fibrillation: 心房颤动|房颤|心房纤颤
attention mechanism: 注意力机制|注意机制|关注机制
authoritarianism: 威权主义|权威主义|专制主义
biomarker: 生物标志物|生物标记物|生物标记|生物标识
biopsy: 活检|活组织检查
biomass: 生物量|生物质
canopy: 冠层|林冠|树冠
carbon sequestration: 碳固存|固碳|碳封存|碳汇
caregiver: 照顾者|照护者|看护者|护理者|照料者
catalyst: 催化剂|触媒
catchment: 流域|集水区
chromatography: 色谱|层析
chronic kidney disease: 慢性肾病|慢性肾脏病|慢性肾脏疾病
citizenship: 公民身份|公民权|公民资格
civil society: 公民社会|市民社会|民间社会
code-switching: 语码转换|代码转换|语码切换
cognitive impairment: 认知障碍|认知损害|认知损伤|认知功能障碍|认知受损
cohort: 队列|群组|同期群
confidence interval: 置信区间|可信区间|信赖区间
confounder: 混杂因素|混淆因素|混杂因子
containment: 遏制|围堵|牵制
corpus: 语料库|文集
covariate: 协变量|共变量
cross-sectional: 横断面|横截面|横切面|横断
customer satisfaction: 顾客满意|客户满意
cytokine: 细胞因子|细胞激素
dementia: 痴呆|失智
deterrence: 威慑|震慑|吓阻
difference-in-differences: 双重差分|倍差法|差分中的差分
discourse: 话语|论述|语篇
dislocation: 位错|脱位
drug resistance: 耐药性|抗药性
eigenvalue: 特征值|本征值
eigenvector: 特征向量|本征向量
endoscopy: 内镜|内窥镜
entrepreneur: 企业家|创业者
ethnicity: 族裔|种族|民族
excavation: 发掘|挖掘
exoplanet: 系外行星|太阳系外行星|外行星
feature extraction: 特征提取|特征抽取
feminism: 女性主义|女权主义
fine-tuning: 微调|精调
finite element: 有限元|有限单元
flipped classroom: 翻转课堂|翻转教室|颠倒课堂
follow-up: 随访|追踪
foreign direct investment: 外国直接投资|外商直接投资|对外直接投资
formative assessment: 形成性评价|形成性评估
generative adversarial network: 生成对抗网络|生成式对抗网络
gentrification: 绅士化|士绅化|中产阶级化
glacier: 冰川|冰河
governance: 治理|管治
gravitational wave: 引力波|重力波
habitat: 栖息地|生境
hazard ratio: 风险比|危险比
heart failure: 心力衰竭|心衰|心脏衰竭
heat pump: 热泵|热力泵
hegemony: 霸权|领导权
heterogeneity: 异质性|非均质性|不均匀性
homogeneity: 同质性|均质性|均匀性
incidence: 发病率|发生率
inclusion criterion: 纳入标准|入选标准|入组标准
indigenous: 原住民|土著|本土
inequality: 不平等|不均等
inflation: 通货膨胀|通胀
inscription: 铭文|碑文|题刻
intellectual property: 知识产权|智慧财产|知识财产
interoperability: 互操作性|互通性
intervention: 干预|介入
invasive species: 入侵物种|入侵种|侵入种
job satisfaction: 工作满意度|职业满意度
knockdown: 敲低|敲减|敲落
knockout: 敲除|剔除
knowledge sharing: 知识共享|知识分享
large language model: 大语言模型|大型语言模型
latency: 延迟|时延|潜伏期
latent variable: 潜变量|隐变量|潜在变量
legitimacy: 合法性|正当性
lesion: 病变|病灶|损伤
ligand: 配体|配位体
limit of detection: 检出限|检测限|探测极限
logistics: 物流|后勤
maize: 玉米|玉蜀黍
manuscript: 手稿|抄本|写本
matrix: 基质|矩阵|基体
mediator: 中介变量|介质|中介者
meta-analysis: 荟萃分析|元分析|Meta分析|meta分析|综合分析
metaphor: 隐喻|比喻
microstructure: 微观结构|显微组织|微观组织|微结构|显微结构
mindfulness: 正念|专注
minimum wage: 最低工资|最小工资
morpheme: 语素|词素
mortality: 死亡率|病死率
myocardial infarction: 心肌梗死|心肌梗塞|心梗
nanoparticle: 纳米颗粒|纳米粒子|纳米微粒
narrative: 叙事|叙述
nursing home: 养老院|疗养院|护理院
odds ratio: 比值比|优势比|几率比|赔率比
overexpression: 过表达|过度表达|超表达
overfitting: 过拟合|过度拟合
panel data: 面板数据|平行数据
paradigm: 范式|范例
particulate matter: 颗粒物|微粒物质|粒状物
pathogen: 病原体|病原菌|致病菌
patriarchy: 父权制|男权制
pedagogy: 教学法|教育学
permafrost: 多年冻土|永久冻土|永冻土|永冻层
phoneme: 音位|音素
photovoltaic: 光伏|光电
populism: 民粹主义|平民主义
precedent: 先例|判例
precipitation: 降水|降雨|沉淀
prevalence: 患病率|流行率|盛行率
propensity score: 倾向得分|倾向评分|倾向性评分|倾向性得分
pseudogene: 假基因|伪基因
purchase intention: 购买意愿|购买意向|购买意图
quality of life: 生活质量|生命质量|生存质量
qubit: 量子比特|量子位
reinforcement learning: 强化学习|增强学习
relative risk: 相对危险度|相对风险|相对危险
renewable energy: 可再生能源|再生能源
resident physician: 住院医师|驻院医生
residue: 残留|残余|残渣|残基
resilience: 韧性|弹性|恢复力|复原力|抗逆力
resolution: 分辨率|决议|解析度
rhizosphere: 根际|根圈
robust: 稳健|鲁棒|健壮
robustness: 稳健性|鲁棒性|健壮性
runoff: 径流|地表水流
sample size: 样本量|样本大小|样本容量
scaffold: 支架|骨架
screening: 筛查|筛选
sediment: 沉积物|泥沙|底泥
segmentation: 分割|分段|切分
self-efficacy: 自我效能|自我功效
sensitivity: 敏感性|灵敏度|敏感度|灵敏性
sepsis: 脓毒症|败血症|脓毒血症
side effect: 副作用|不良反应|副反应
simulation: 模拟|仿真
soft power: 软实力|软力量|软权力
species richness: 物种丰富度|物种丰度|物种数
specificity: 特异性|特异度
spillover: 溢出|外溢
stakeholder: 利益相关者|利益相关方|利益攸关方|利害关系人|利益攸关者|持份者
standard deviation: 标准差|标准偏差
standard error: 标准误差|标准误
stiffness: 刚度|硬度|刚性
stroke: 卒中|中风
subduction: 俯冲|隐没
subjectivity: 主体性|主观性
substrate: 底物|基质|衬底|基底|基板
supply chain: 供应链|供给链
susceptibility: 易感性|敏感性|磁化率
sustainability: 可持续性|永续性|持续性
systematic review: 系统评价|系统综述|系统性综述|系统回顾|系统性回顾
threshold: 阈值|临界值|门限|门槛
throughput: 吞吐量|通量
toughness: 韧性|韧度
trait: 特质|性状
transparency: 透明度|透明性
turnover intention: 离职意向|离职意愿|离职倾向
urbanization: 城市化|城镇化|都市化
virulence: 毒力|致病力|毒性
volatility: 波动性|波动率|挥发性
wastewater: 废水|污水
watershed: 流域|分水岭
well-being: 福祉|幸福感|福利
withdrawal time: 休药期|停药期
working memory: 工作记忆|工作内存
yield: 产量|产率|收率|得率
"""


def _parse(table: str) -> dict[str, tuple[str, ...]]:
    rows = (line.partition(": ") for line in table.strip().splitlines())
    return {term: tuple(ways.split("|")) for term, _, ways in rows}


VARIANTS = _parse(_TABLE)
"""English term in the singular to its Chinese renderings, at least two."""


@functools.cache
def variant_index() -> TermIndex[tuple[str, tuple[str, ...]]]:
    """Finds the terms in an English text; each match carries the term and its renderings."""
    return TermIndex({term_key(term): (term, ways) for term, ways in VARIANTS.items()})
