"""What a caller certainly wants, by their own words: a complaint, haste, to be called back; each with its quote.

No judgement: a rule says that the words were said, and what a manager does first. The expressions are in
`words/proof.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from functions.analysis.cleaning import clean
from functions.analysis.contacts.number_words import fold
from functions.analysis.preprocessing import PreparedCall, unmasked
from functions.analysis.words import may_hold, pattern
from postcall.domain.call import Speaker

TITLES = {"complaint": "Жалоба", "urgent": "Срочно", "callback": "Просит перезвонить"}
QUOTE_LIMIT = 120
RECOMMENDATION_LIMIT = 200
MOST = 3
_ONLY = {  # where this holds, nothing else is advised; the first that holds
    "do_not_contact": "Не звонить: исключить номер из обзвона и удалить данные, если об этом просили.",
    "caller_is_minor": "Не перезванивать ребёнку: дождаться звонка взрослого.",
    "wrong_number": "Ничего не делать: ошиблись номером.",
    "nobody_spoke": "Разговора не было: связаться позже, если номер известен.",
}
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")


@dataclass(frozen=True)
class Wish:
    """One thing that was said, where, and in which words."""

    kind: str
    quote: str
    turn: int

    @property
    def title(self) -> str:
        """What people read before the quote."""
        return TITLES[self.kind]


def wishes(prepared: PreparedCall) -> tuple[Wish, ...]:
    """The first time that each was said; nothing of a child, nor where nobody spoke."""
    if prepared.heuristics.caller_is_minor or not prepared.is_conversation:
        return ()
    turns = enumerate(prepared.shown)
    said = [(index, turn.text, fold(turn.text)) for index, turn in turns if turn.speaker is Speaker.CALLER]
    found = (_first(kind, said) for kind in TITLES)
    return tuple(one for one in found if one is not None)


def recommendations(prepared: PreparedCall, heard: Sequence[Wish], *, has_contact: bool) -> tuple[str, ...]:
    """What to do first, from what is certain about the call."""
    return tuple(text[:RECOMMENDATION_LIMIT] for text in _advice(prepared, heard, has_contact=has_contact))[:MOST]


def _advice(prepared: PreparedCall, heard: Sequence[Wish], *, has_contact: bool) -> Iterator[str]:
    heuristics, wanted = prepared.heuristics, {one.kind: one for one in heard}
    only = next((advice for name, advice in _ONLY.items() if getattr(heuristics, name)), None)
    if only is not None:
        yield only
        return
    if "complaint" in wanted:
        yield f"Передать жалобу ответственной службе: «{wanted['complaint'].quote}»"
    if "callback" in wanted and has_contact:
        yield f"Перезвонить, как просили: «{wanted['callback'].quote}»"
    if "urgent" in wanted:
        yield "Связаться сегодня: клиент торопится." if has_contact else "Срочно, но контакта нет: найти его по записи."
    if not has_contact and heuristics.refuses_contact:
        yield "Контакт оставить отказались: ждать нового обращения."
    elif not has_contact:
        yield "Контакт не назван: прослушать запись и поискать его в заявках."
    elif not wanted:
        yield "Связаться с клиентом, прочитав разговор: оценки по нему нет."


def _first(kind: str, said: Sequence[tuple[int, str, str]]) -> Wish | None:
    """The first turn that says it, of each its place, its text as said and folded."""
    expression = pattern("proof", kind)
    for index, text, folded in said:
        if not may_hold(kind, folded) or expression.search(folded) is None:
            continue
        sentences = (match[0].strip() for match in _SENTENCE.finditer(text))
        quote = next((one for one in sentences if expression.search(fold(one))), text)
        return Wish(kind, clean(unmasked(quote), QUOTE_LIMIT), index)
    return None
