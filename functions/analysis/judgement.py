"""A model's answer becomes an analysis: checked against the call, scored by rule, cleaned, its contact chosen by code.

Whatever a caller talks a model into must pass here: quotes have to be found, contacts have to be candidates, the score
is computed, texts are cleaned, and every doubt is a flag for a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from functions.analysis.cleaning import clean, is_mostly_cyrillic, with_notes
from functions.analysis.collected import FieldNames
from functions.analysis.contacts.choice import NONE_OF_THESE, Choice, Wish, choose
from functions.analysis.contacts.names import supported_name
from functions.analysis.doubts import NO_RUSSIAN, doubts, ungrounded
from functions.analysis.model.output import ModelOutput
from functions.analysis.model.schema import QUOTED_SIGNALS, REMOVALS
from functions.analysis.preprocessing import PreparedCall, unmasked
from functions.analysis.proof import proven, with_evidence
from functions.analysis.scoring import NOT_A_LEAD, score
from functions.analysis.settings import CallerIdPolicy
from functions.analysis.taxonomy import Taxonomy
from postcall.domain.analysis import Analysis, AnalysisSource, Evidence

COMMENT_LIMIT, SUMMARY_LIMIT, RECOMMENDATION_LIMIT, RECOMMENDATIONS = 500, 1200, 200, 3


@dataclass(frozen=True)
class Judgement:
    """How answers are turned into analyses for one customer."""

    taxonomy: Taxonomy
    names: FieldNames
    policy: CallerIdPolicy = CallerIdPolicy.UNLESS_REFUSED

    def analysis(self, answer: ModelOutput, prepared: PreparedCall) -> Analysis:
        """The analysis, without what the exchange cost."""
        evidence = with_evidence(answer.quotes, prepared.shown)
        proved = proven(evidence, prepared.shown)
        minor = prepared.heuristics.caller_is_minor or (answer.caller_is_minor and "caller_is_minor" in proved)
        opted_out = prepared.heuristics.do_not_contact or (answer.do_not_contact and "do_not_contact" in proved)
        choice = self._contact(answer, prepared, minor=minor, opted_out=opted_out)
        signals = _signals(answer, prepared, proved, choice)
        can_be_lead = self.taxonomy.is_lead(topic=answer.topic, intent=answer.intent) and not (minor or opted_out)
        points = score(signals, can_be_lead=can_be_lead)
        status = _status(answer, signals, points, is_out=minor or opted_out)
        labels = {"topic": answer.topic, "intent": answer.intent, "lead_status": status}
        analysis = Analysis(
            source=AnalysisSource.OPENAI,
            contact=choice.contact,
            topic=answer.topic,
            intent=answer.intent,
            lead_status=status,
            quality_score=points,
            qualification_comment=with_notes(
                clean(unmasked(answer.qualification_comment), COMMENT_LIMIT), choice.notes
            ),
            summary=clean(unmasked(answer.summary), SUMMARY_LIMIT),
            summary_ru=_russian(answer),
            recommendations=_recommendations(answer),
            language=answer.language,
            signals=signals,
            evidence=tuple(_shown(one) for _quote, one in evidence),
            details=self._details(answer, prepared, labels, choice),
        )
        flags = {
            "caller_is_minor": minor,
            "do_not_contact": opted_out,
            "instruction_attempt": answer.instruction_attempt or prepared.has_orders,
        } | {
            f"{name}_unproven": getattr(answer, name) and not is_out
            for name, is_out in zip(REMOVALS, (minor, opted_out), strict=True)
        }
        analysis = _flagged(analysis, [*choice.flags, *(name for name, is_set in flags.items() if is_set)])
        if invented := ungrounded(analysis, prepared):
            analysis = replace(analysis, details=analysis.details | {"ungrounded": invented})
        return _flagged(analysis, doubts(answer, analysis, prepared))

    def _contact(self, answer: ModelOutput, prepared: PreparedCall, *, minor: bool, opted_out: bool) -> Choice:
        said = [turn.text for turn in prepared.turns]
        said += [value for value in prepared.call.vendor.collected.values() if isinstance(value, str)]
        name = None if answer.full_name is None else supported_name(answer.full_name, said)
        wish = Wish(phone_ref=answer.phone_ref, email_ref=answer.email_ref, full_name=name)
        terms: dict[str, Any] = {"policy": self.policy, "is_minor": minor, "do_not_contact": opted_out}
        chosen = choose(prepared, self.names, wish=wish, **terms)
        if NONE_OF_THESE not in {answer.phone_ref, answer.email_ref}:
            return chosen
        by_rule = choose(prepared, self.names, wish=Wish(full_name=name), **terms)
        if _values(chosen) == _values(by_rule):
            return chosen
        return replace(by_rule, flags=(*by_rule.flags, "contact_denied"))

    def _details(
        self, answer: ModelOutput, prepared: PreparedCall, labels: dict[str, str], choice: Choice
    ) -> dict[str, Any]:
        details: dict[str, Any] = {
            "labels": self.taxonomy.texts(**labels),
            "model_score": answer.quality_score,
            "model_lead_status": answer.lead_status,
            "vendor": {"successful": prepared.call.vendor.successful, "criteria": dict(prepared.call.vendor.criteria)},
        }
        if choice.others:
            details["other_contacts"] = choice.others
        if differences := _disagreements(prepared, labels["lead_status"], choice):
            details["disagreements"] = differences
        return details


def _values(choice: Choice) -> tuple[str | None, ...]:
    """Where a lead can be reached: a model's word alone takes nothing of it away, and puts nothing in its place."""
    return tuple(None if one is None else one.value for one in (choice.contact.phone, choice.contact.email))


def _signals(
    answer: ModelOutput,
    prepared: PreparedCall,
    proved: frozenset[str],
    choice: Choice,
) -> dict[str, bool]:
    """The signals that count: those that a quote proves, and two that code can see for itself."""
    quoted = {name: answer.signals[name] and name in proved for name in QUOTED_SIGNALS}
    spoke = answer.signals["real_conversation"] and prepared.is_conversation
    return {"real_conversation": spoke} | quoted | {"contact_available": choice.contact.reachable}


def _status(answer: ModelOutput, signals: dict[str, bool], points: int, *, is_out: bool) -> str:
    """The model's status, except where it says more than the call does."""
    if is_out:
        return "disqualified"
    if answer.lead_status == "qualified" and not (signals["need_stated"] and signals["contact_available"]):
        return "disqualified" if points == NOT_A_LEAD else "nurture"
    return answer.lead_status


def _flagged(analysis: Analysis, flags: list[str]) -> Analysis:
    return analysis.flagged(*flags) if flags else analysis


def _disagreements(prepared: PreparedCall, status: str, choice: Choice) -> list[str]:
    """Where ElevenLabs' own conclusion points the other way: recorded, not decided."""
    vendor, found = prepared.call.vendor, []
    if vendor.successful == "failure" and status == "qualified":
        found.append("elevenlabs_failure_but_qualified")
    if vendor.successful == "success" and status == "disqualified":
        found.append("elevenlabs_success_but_disqualified")
    phone = choice.contact.phone
    if phone is not None and phone.source == "spoken" and choice.others.get("phones"):
        found.append("another_phone_known")
    return found


def _recommendations(answer: ModelOutput) -> tuple[str, ...]:
    texts = (clean(unmasked(text), RECOMMENDATION_LIMIT) for text in answer.recommendations[:RECOMMENDATIONS])
    return tuple(text for text in texts if text)


def _russian(answer: ModelOutput) -> str:
    text = clean(unmasked(answer.summary_ru), SUMMARY_LIMIT)
    return text if is_mostly_cyrillic(text) else NO_RUSSIAN


def _shown(evidence: Evidence) -> Evidence:
    return replace(evidence, quote=clean(unmasked(evidence.quote), RECOMMENDATION_LIMIT))
