"""The style of a view in a notebook, bound to its own block.

It takes its colours from the page around it, so that it reads well in light and dark themes.
"""

from __future__ import annotations

from markupsafe import Markup

__all__ = ["STYLE"]

STYLE = Markup(
    "<style>"
    ".mtcheck{font:14px/1.5 system-ui,sans-serif;max-width:75em}"
    ".mtcheck table{border-collapse:collapse;margin:8px 0;font-size:inherit}"
    ".mtcheck caption{text-align:left;caption-side:top;opacity:.8}"
    ".mtcheck th,.mtcheck td{padding:4px 10px;vertical-align:top;text-align:left;"
    "border-bottom:1px solid rgba(128,128,128,.4);white-space:normal}"
    ".mtcheck td{overflow-wrap:anywhere}.mtcheck tbody th{font-weight:400}"
    ".mtcheck .n{text-align:right;white-space:nowrap}"
    '.mtcheck :lang(zh-CN){font-family:"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",'
    '"Noto Sans SC",system-ui,sans-serif}'
    ".mtcheck mark{color:inherit;background:rgba(240,160,40,.35);"
    "border-bottom:2px solid rgba(240,130,20,.9)}"
    ".mtcheck small{opacity:.8}"
    "</style>"
)
