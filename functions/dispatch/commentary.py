"""The lead's comment, in the order the letter agreed on; no value can forge the `IDs:` part.

`Тема: … | Намерение: … | Качество: N | Итог: … | Итог (RU): … | Рекомендации: … | IDs: event=…, agent=…, conv=…`
"""

from __future__ import annotations

import re

from postcall.domain.analysis import Analysis, AnalysisSource
from postcall.domain.event import CallEvent

WITHOUT_AI = "[Без ИИ-анализа]"
NOT_JUDGED = "не определено"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


_BARS = str.maketrans(dict.fromkeys("|｜¦│∣⏐", "/"))


def one_line(text: str) -> str:
    """A value for the comment: one line, no control or bidirectional characters, and no `|`."""
    return re.sub(r"\s+", " ", _CONTROL.sub(" ", text).translate(_BARS)).strip()


def label(analysis: Analysis, name: str) -> str:
    """The Russian word for one of the analysis's codes, the code itself without one, empty when not judged."""
    code = getattr(analysis, name)
    labels = analysis.details.get("labels") or {}
    return str(labels.get(name) or code or "")


def commentary(event: CallEvent, analysis: Analysis, *, limit: int | None = None) -> str:
    """The comment, at most `limit` characters: the texts are shortened, the ids never."""
    body = _texts(analysis)
    ids = (
        f" | IDs: event={one_line(event.public_id)}, agent={one_line(event.agent_id or '')}, "
        f"conv={one_line(event.conversation_id or '')}"
    )
    if limit is not None and len(body) + len(ids) > limit:
        body = body[: max(0, limit - len(ids) - 1)].rstrip() + "…"
    return body + ids


def _texts(analysis: Analysis) -> str:
    score = NOT_JUDGED if analysis.quality_score is None else str(analysis.quality_score)
    parts = {
        "Тема": label(analysis, "topic") or NOT_JUDGED,
        "Намерение": label(analysis, "intent") or NOT_JUDGED,
        "Качество": score,
        "Итог": analysis.summary or "—",
        "Итог (RU)": analysis.summary_ru or "—",
        "Рекомендации": "; ".join(analysis.recommendations) or "—",
    }
    mark = f"{WITHOUT_AI} " if analysis.source is AnalysisSource.OFFLINE else ""
    return mark + " | ".join(f"{name}: {one_line(value)}" for name, value in parts.items())
