"""The lead's comment, in the order the letter agreed on; no value can forge the `IDs:` part.

`Тема: … | Намерение: … | Качество: N | Итог: … | Итог (RU): … | Рекомендации: … | IDs: event=…, agent=…, conv=…`
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from functions.dispatch.plain_text import one_line
from postcall.domain.analysis import Analysis, AnalysisSource
from postcall.domain.event import CallEvent

WITHOUT_AI = "[Без ИИ-анализа]"
NOT_JUDGED = "не определено"
# What Russian, Belarusian and English are written with; whatever else a caller brings may look like something else.
_ALLOWED = re.compile(
    r"[ A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{}~"
    r"\u00a1-\u00a5\u00a7\u00a9-\u00ac\u00ae-\u00b7\u00b9-\u01bf\u01c4-\u024f\u1e00-\u1eff"  # Latin without ¦ and ǀ
    r"\u0391-\u03a9\u03b1-\u03c9\u0400-\u0482\u048a-\u04bf\u04c1-\u04ce\u04d0-\u04ff"  # Greek, Cyrillic without Ӏ
    r"\u02bc\u2010-\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u20ac\u20b8\u20bd\u2116\u2122"
    r"\u2190-\u2193\u2212\u2248\u2260\u2264\u2265]"
)
_BARS = frozenset("|¦")
# Letters that can be taken for those of `IDs:`, after capitals, accents and strokes are gone.
_LOOK_ALIKES = str.maketrans(
    {**dict.fromkeys("іı!l1ι¡ɩ", "i"), **dict.fromkeys("đðд", "d"), **dict.fromkeys("ѕсſ$5§σςƨƽʃ", "s")}
)
# A letter with a stroke, a hook, a tail: `ł` is one that no normal form takes apart.
_ADORNED = re.compile(r"(LATIN|CYRILLIC) (SMALL LETTER (?:[A-Z]|LONG S|ES|BYELORUSSIAN-UKRAINIAN I)) WITH ")
_IDS = re.compile(r"i[\W_]*d[\W_]*s(?:_|[^\w:;=])*[:;=]")


@lru_cache(64)  # a body that is too large is composed more than once
def comment_text(text: str) -> str:
    """A value for the comment: one line that holds neither `|` nor `IDs:`, nor anything that looks like them."""
    allowed = re.sub(r"\s+", " ", "".join(map(_allowed, unicodedata.normalize("NFC", one_line(text))))).strip()
    letters = list(allowed)
    for found in _IDS.finditer("".join(map(_skeleton, allowed))):
        if not _ends_a_word(allowed, found.start(), found.end()):
            letters[found.end() - 1] = "–"
    return "".join(letters)


def _ends_a_word(text: str, start: int, end: int) -> bool:
    """Whether it is the end of a plain word, as in `kids:`."""
    letters = text[start : end - 1]
    return start > 0 and text[start - 1].isalpha() and letters.isalpha() and letters.islower()


@lru_cache(4_096)
def _allowed(character: str) -> str:
    """The character, the plain form of it, or what stands for it."""
    if _ALLOWED.fullmatch(character):
        return character
    if character in _BARS:
        return "/"
    if unicodedata.category(character) == "Mn":
        return ""
    plain = unicodedata.normalize("NFKC", character)
    return " " if plain == character else "".join(map(_allowed, plain))


@lru_cache(4_096)
def _skeleton(character: str) -> str:
    """The one Latin letter that a character can be taken for, else the character itself."""
    base = unicodedata.normalize("NFKD", character)[0].casefold()[0]
    adorned = _ADORNED.match(unicodedata.name(base, ""))
    plain = unicodedata.lookup(adorned.expand(r"\1 \2")) if adorned else base
    return plain.translate(_LOOK_ALIKES)


def label(analysis: Analysis, name: str) -> str:
    """The Russian word for one of the analysis's codes, the code itself without one, empty when not judged."""
    code = getattr(analysis, name)
    labels = analysis.details.get("labels") or {}
    return str(labels.get(name) or code or "")


def commentary(event: CallEvent, analysis: Analysis, *, limit: int | None = None) -> str:
    """The comment, at most `limit` characters: the texts are shortened, the ids never."""
    body = _texts(analysis)
    ids = f" | IDs: event={_id(event.public_id)}, agent={_id(event.agent_id)}, conv={_id(event.conversation_id)}"
    if limit is not None and len(body) + len(ids) > limit:
        body = body[: max(0, limit - len(ids) - 1)].rstrip() + "…"
    return body + ids


def _id(text: str | None) -> str:
    """An id as one word, so that none can bring a neighbour."""
    return re.sub(r"[^\w.:@#+=~/-]+", "_", comment_text(text or ""))


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
    return mark + " | ".join(f"{name}: {comment_text(value)}" for name, value in parts.items())
