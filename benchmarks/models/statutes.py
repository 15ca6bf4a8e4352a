"""Invented statutes of any number and length, in the forms real ones have: for measuring, not for judging quality."""

from __future__ import annotations

import random

_BODIES = (
    *("自治区人民政府", "设区的市人民政府", "旗县级以上人民政府", "旗县级以上人民政府交通运输主管部门"),
    *("发展改革、财政、商务等部门", "海关、边检机关", "渡口经营者", "运输企业", "有关部门和单位"),
)
_DO = (
    *("建立排队预报制度", "公布开放时间和收费标准", "改善司机休息场所", "把渡口经费列入财政预算"),
    *("对服务质量进行评估", "向社会公布上一年度的等候时间", "制定渡口发展规划并组织实施", "加强冬季航道的巡查"),
    *("按照职责做好渡口服务工作", "为残疾人和老年人提供便利", "保存三年以上的通行记录"),
)
_WHEN = ("", "", "", "每年三月底前", "自收到申请之日起十个工作日内", "定期", "依法")
_ITEMS = "一二三四五六七八九十"
_CHAPTERS = ("总则", "渡口建设", "通行服务", "安全管理", "保障措施", "法律责任", "附则")


def statute(seed: int, articles: int = 70) -> str:
    """Return the text of an invented statute, about 250 characters of UTF-8 an article.

    Parameters
    ----------
    seed : int
        Another one gives another statute; the same one the same.
    articles : int
        How many articles.
    """
    rnd = random.Random(seed)
    lines = [
        f"{rnd.choice('青白红黑金')}石湾自治区渡口管理条例",
        "（2019年3月29日自治区人民代表大会常务委员会通过）",
        "",
    ]
    each = -(-articles // len(_CHAPTERS))
    for number in range(1, articles + 1):
        if (number - 1) % each == 0:
            chapter = (number - 1) // each
            lines += ["", f"第{_numeral(chapter + 1)}章　{_CHAPTERS[chapter]}", ""]
        text = "本条例自2019年6月1日起施行。" if number == articles else _sentence(rnd, number)
        lines.append(f"第{_numeral(number)}条　{text}")
        lines += [_sentence(rnd, number) for _ in range(rnd.choice((0, 0, 1, 2)) if number < articles else 0)]
        if rnd.random() < 0.12 and number < articles:
            lines.append(f"{rnd.choice(_BODIES)}应当履行下列职责：")
            lines += [f"（{mark}）{rnd.choice(_DO)}；" for mark in _ITEMS[: rnd.randint(2, 6)]]
            lines[-1] = lines[-1][:-1] + "。"
    return "\n".join(lines) + "\n"


def _sentence(rnd: random.Random, number: int) -> str:
    who, do, also = rnd.choice(_BODIES), rnd.choice(_DO), rnd.choice(_DO)
    form = rnd.randrange(7)
    if form == 0:
        return f"鼓励运输企业错峰过渡，支持渡口经营者{do}。"
    if form == 1:
        return f"任何单位和个人不得违反本条例第{_numeral(max(1, number - 1))}条的规定{do}。"
    if form == 2:
        return f"违反前款规定的，由交通运输主管部门责令改正；拒不改正的，处一千元以上五千元以下罚款，并{do}。"
    if form == 3:
        return f"{who}可以委托第三方{do}，也可以{also}。"
    if form == 4:
        return f"{who}负责{do}，{also}。"
    return f"{who}应当{rnd.choice(_WHEN)}{do}，{also}，并会同有关部门{rnd.choice(_DO)}。"


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _ITEMS[tens - 1]) + ("十" if tens else "") + (_ITEMS[ones - 1] if ones else "")
