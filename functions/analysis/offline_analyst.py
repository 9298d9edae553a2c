"""The analyst without a model: contacts by rule, ElevenLabs' own fields, certain signs. It judges nothing.

Topic, intent, status and score stay empty unless the voice agent itself collected them under a configured name:
keywords were right on 3 of 8 unseen calls, and a guess dressed as a judgement is worse than none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from functions.analysis.cleaning import clean, is_mostly_cyrillic, with_notes
from functions.analysis.collected import FieldNames
from functions.analysis.contacts.choice import choose
from functions.analysis.contacts.phones import DEFAULT_REGIONS
from functions.analysis.instructions import without_orders
from functions.analysis.preprocessing import PreparedCall, prepare, unmasked
from functions.analysis.question import Asking, at_once
from functions.analysis.scoring import NOT_A_LEAD
from functions.analysis.settings import CallerIdPolicy
from functions.analysis.taxonomy import Taxonomy
from functions.analysis.wishes import Wish, recommendations, wishes
from postcall.domain.analysis import Analysis, AnalysisSource, Evidence
from postcall.domain.call import Call, Speaker

MARK = "[Без ИИ-анализа]"
NO_RUSSIAN = "Русская сводка недоступна без ИИ."
COMMENT_LIMIT, SUMMARY_LIMIT = 500, 1200
OF_SILENCE = {"topic": "no_conversation", "intent": "none", "lead_status": "disqualified"}
_SIGN_TEXTS = {
    "no_transcript": "расшифровки нет",
    "no_caller_turn": "абонент не сказал ни слова",
    "silence": "абонент молчал",
    "voicemail": "похоже на автоответчик",
    "very_short": "очень короткий звонок",
    "wrong_number": "ошиблись номером",
    "do_not_contact": "просит больше не звонить",
    "caller_is_minor": "похоже, звонит ребёнок: контакты не сохранены",
}
_SUCCESS_TEXTS = {"success": "успех", "failure": "неуспех", "unknown": "не определено"}


@dataclass(frozen=True)
class OfflineAnalyst:
    """Analyses with rules alone."""

    taxonomy: Taxonomy
    names: FieldNames
    regions: tuple[str, ...] = DEFAULT_REGIONS
    policy: CallerIdPolicy = CallerIdPolicy.UNLESS_REFUSED

    def analyse(self, call: Call, *, received_at: datetime) -> Analysis:
        """The analysis; `received_at` does not matter here."""
        del received_at
        return self.analysis_of(prepare(call, self.regions))

    def asking(self, call: Call, *, received_at: datetime) -> Asking[Analysis]:
        """The same; nobody is asked."""
        return at_once(self.analyse(call, received_at=received_at))

    def analysis_of(self, prepared: PreparedCall, *, because: str = "модель не подключена") -> Analysis:
        """The analysis of a call that has been read; `because` says why no model judged it."""
        heuristics = prepared.heuristics
        choice = choose(
            prepared,
            self.names,
            policy=self.policy,
            is_minor=heuristics.caller_is_minor,
            do_not_contact=heuristics.do_not_contact,
        )
        labels, heard = self._collected_labels(prepared.call), wishes(prepared)
        summary = _summary(prepared)
        flags = [*heuristics.names(), *choice.flags, *(["instruction_attempt"] if prepared.has_orders else [])]
        analysis = Analysis(
            source=AnalysisSource.OFFLINE,
            contact=choice.contact,
            topic=labels["topic"],
            intent=labels["intent"],
            lead_status=labels["lead_status"],
            quality_score=self._collected_score(prepared.call),
            qualification_comment=with_notes(_comment(prepared, because, heard), choice.notes),
            summary=summary,
            summary_ru=summary if is_mostly_cyrillic(summary) else NO_RUSSIAN,
            recommendations=recommendations(prepared, heard, has_contact=choice.contact.reachable),
            language=prepared.call.language,
            evidence=tuple(Evidence(one.quote, one.turn, verified=True) for one in heard),
            details=self._details(labels, choice.others),
        )
        return analysis.flagged("no_ai_analysis", *(one.kind for one in heard), *flags)

    def silence(self, prepared: PreparedCall) -> Analysis:
        """The analysis of a call in which nobody spoke: nothing is left to judge, so its labels are certain."""
        unjudged = self.analysis_of(prepared)
        sentence = f"Разговора не было: {_sign_texts(prepared)}."
        labels = {name: code if code in self.taxonomy.codes(name) else None for name, code in OF_SILENCE.items()}
        return replace(
            unjudged,
            topic=labels["topic"],
            intent=labels["intent"],
            lead_status=labels["lead_status"],
            quality_score=NOT_A_LEAD,
            qualification_comment=sentence,
            summary=sentence,
            summary_ru=sentence,
            flags=(),
            needs_review=False,
            details=self._details(labels, {}) | {"heuristics": list(prepared.heuristics.names())},
        )

    def _details(self, labels: dict[str, str | None], others: dict[str, list[str]]) -> dict[str, Any]:
        return {"labels": self.taxonomy.texts(**labels)} | ({"other_contacts": others} if others else {})

    def _collected_labels(self, call: Call) -> dict[str, str | None]:
        """Labels that the voice agent collected under a configured name, in our codes or with our labels."""
        labels: dict[str, str | None] = {}
        for name in self.taxonomy.labels:
            text = self.names.label(call.vendor.collected, name)
            labels[name] = None if text is None else self.taxonomy.code_of(name, text)
        return labels

    def _collected_score(self, call: Call) -> int | None:
        text = self.names.label(call.vendor.collected, "quality_score")
        return int(text) if text in {"1", "2", "3", "4", "5"} else None


def _sign_texts(prepared: PreparedCall) -> str:
    return ", ".join(_SIGN_TEXTS[name] for name in prepared.heuristics.names())


def _comment(prepared: PreparedCall, because: str, heard: Sequence[Wish]) -> str:
    parts = [f"{MARK} Оценки нет: {because}."]
    parts += [f"{one.title}: «{one.quote}»." for one in heard]
    heuristics = _sign_texts(prepared)
    if prepared.has_orders:
        heuristics = ", ".join(filter(None, (heuristics, "в разговоре есть указания системе")))
    if heuristics:
        parts.append(f"Признаки: {heuristics}.")
    vendor = prepared.call.vendor
    if vendor.successful and vendor.successful != "unknown":
        parts.append(f"ElevenLabs: {_SUCCESS_TEXTS.get(vendor.successful, clean(vendor.successful, 40))}.")
    if vendor.criteria:
        verdicts = (
            f"{clean(name, 40)}: {_SUCCESS_TEXTS.get(verdict, clean(verdict, 20))}"
            for name, verdict in vendor.criteria.items()
        )
        parts.append(f"Критерии: {', '.join(verdicts)}.")
    return clean(" ".join(parts), COMMENT_LIMIT)


def _summary(prepared: PreparedCall) -> str:
    """ElevenLabs' own summary word for word, or else the caller's first two turns, quoted; nothing about a minor."""
    if prepared.heuristics.caller_is_minor:
        return ""
    if prepared.call.vendor.summary:
        return clean(without_orders(prepared.call.vendor.summary), SUMMARY_LIMIT)
    said = [turn.text for turn in prepared.shown if turn.speaker is Speaker.CALLER and turn.text.strip()][:2]
    if not said or prepared.heuristics.silence:
        return ""
    return clean(unmasked(f"Начало разговора: {' '.join(f'«{text}»' for text in said)}"), SUMMARY_LIMIT)
