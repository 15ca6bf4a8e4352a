"""An invented statute, and the shape of a statute without places, for comparing what went out with what came back."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from bridgehead.engines.statute.decode import source_of
from bridgehead.engines.statute.model import Passage, Span, Statute
from bridgehead.engines.statute.reader import read

SHARED = Path(__file__).resolve().parents[4] / "shared" / "statutes"
TEXTS = sorted(path for path in SHARED.glob("*") if path.suffix in (".md", ".txt") and path.name != "README.md")
"""The stored statutes; none where the shared material is not beside the checkout."""

LAW = """# 青山市渡轮管理条例

2019年5月6日 青山市第三届人民代表大会常务委员会第九次会议通过
2019年6月1日 青山市人民政府公布

<!-- INFO END -->

## 第一章 总则

第一条 为了管好渡轮，制定本条例。

第二条 市人民政府应当每年向市人民代表大会常务委员会报告渡轮情况。
渡轮经营者不得超载。

## 第二章 码头

### 第一节 船票

第三条 市交通运输部门会同公安等部门履行下列职责：
（一）核定票价；
（二）查验下列证件：
1．船长证；
2．水手证；
（三）公布班次。

### 第二节 泊位

第三条之一 鼓励企业修建泊位。

## 第三章 附则

第四条 本条例自2019年8月1日起施行。
"""


def law(text: str = LAW, name: str = "ferry.md") -> Statute:
    """Return an invented statute, read."""
    return read(source_of(text.encode(), name))


def shape(value: Any) -> Any:
    """Return a statute without its source and its places: everything an export has to keep."""
    if isinstance(value, Passage):
        return value.text
    if isinstance(value, Span):
        return "somewhere"
    if isinstance(value, tuple):
        return tuple(map(shape, value))
    if dataclasses.is_dataclass(value):
        left_out = ("source", "segments", "anomalies")
        named = [one.name for one in dataclasses.fields(value) if one.name not in left_out]
        return {"": type(value).__name__, **{name: shape(getattr(value, name)) for name in named}}
    return value
