"""What the words around a number or an address say: whose it is, whether it is a phone at all, which one is preferred.

The nearest sign counts. Words that are neither a sign nor known to be harmless make it nobody's: a wrong contact costs
more than a missing one. The signs are in `words/contacts.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from functions.analysis.contacts.evidence import Owner, Preference
from functions.analysis.contacts.number_words import number_words
from functions.analysis.words import holds, pattern, words

_SENTENCE = re.compile(r"[.!?;…]+(?=\s|$)")
_PAUSE = re.compile(r"[,:;—–]|(?<=\s)-(?=\s)|\b(?:а|но|и|или|але|ці|but|and|or)\b(?= )")
_STOP = re.compile(r"[.!?;…,:—–]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_REFERS = re.compile(
    r"\W*(?:а |но |и |but |and )?(?:это|этот|он|она|оно|там|тут|его|ее|тот|туда|который|которым|с него|на него|по нему|"
    r"уже|не |номер|телефон|только|хотя|гэта|ен|там|яго|it|its|it's|that|that's|this|which|he|she|they|not |number|"
    r"don't|but)(?![^\W\d_])"
)
_PHONE_WORD = re.compile(r"\b(?:телефон|мобильн|сотов|номер телефон|тэлефон|мабільн|phone|mobile|cell)")
_BARE_NOT = re.compile(r"\b(?:не|not|ня)(?: (?:на|по|па|on|at|to|for|via|в|этот|this|номер|number))*\W*$")
_BARE = re.compile(r"\W*(?:(?:номер|нумар|number)\W*)?")
_DENIAL = re.compile(r"\b(?:не|ня|not) (?:так|то|тое|правильно|верно|правільна|quite|right|that)(?![^\W_])")
_IN_VAIN = (  # before a verb of calling: «нет толку звонить на …»
    "толку", "толк", "смысла", "смысл", "сэнсу", "бесполезно", "бессмысленно", "незачем", "зря", "дарэмна", "нельзя",
    "невозможно", "сложно", "трудно", "no use to", "no point to", "no sense to", "useless to", "bother to",
)  # fmt: skip
_NEGATION = re.compile(  # of what one does with a number: whatever it is, it is no "call me"
    r"(?<![^\W_])(?<!если )(?<!калі )(?<!когда )(?<!пока )(?<!if )(?:не|ня|not|никогда|нельзя|never)(?![^\W_])"
    r"(?! (?:забудьте|забудь|потеряйте|перепутайте|позже|раньше|только|позднее|раней|пазней|later|before))"
)
_SHORT, _SHORT_SENTENCE = 3, 6  # words
_NEGATIVE = ("other", "company", "past", "thing", "topic")  # a topic counts in the number's own clause alone


@dataclass(frozen=True)
class Around:
    """The words around a value, folded: its sentence before it, what hangs on it, and what goes on to speak of it."""

    lead: str
    tail: str = ""
    rest: tuple[str, ...] = ()
    before: str = ""  # the sentence before, where the value begins its own


@dataclass(frozen=True)
class Verdict:
    """What the words around a value say. `sign` is the kind of sign that decided, where one did."""

    owner: Owner
    preference: Preference = Preference.PLAIN
    sign: str = ""


def arounds(folded: str, spans: Sequence[tuple[int, int]]) -> list[Around]:
    """The words around each span; what stands between two is parted at the last pause."""
    edges = [0]
    for (_start, end), (start, _end) in pairwise(spans):
        edges.append(_parting(folded, end, start))
    edges.append(len(folded))
    return [
        _around(folded[left:start], folded[end:right])
        for (start, end), left, right in zip(spans, edges, edges[1:], strict=False)
    ]


def _parting(folded: str, end: int, start: int) -> int:
    """Where what is said of one value ends and what is said of the next begins."""
    gap = folded[end:start]
    sentences = list(_SENTENCE.finditer(gap))
    if sentences:
        return end + sentences[0].end() if len(sentences) == 1 else end + sentences[-2].end()
    pauses = list(_PAUSE.finditer(gap))
    while len(pauses) > 1 and _says_on(gap, pauses[0], pauses[1]):
        pauses.pop(0)
    return end + (pauses[0].start() if pauses else 0)


def _says_on(gap: str, pause: re.Match[str], following: re.Match[str]) -> bool:
    """«…, это мой, а …», «… — мой, …»: what stands between two pauses still speaks of the number before it."""
    clause = gap[pause.end() : following.start()]
    is_label = pause.group() in "—–-:" and len(_WORD.findall(clause)) <= _SHORT
    return not _WORD.search(clause) or is_label or _REFERS.match(clause) is not None


def _around(before: str, after: str) -> Around:
    sentences = _SENTENCE.split(before)
    lead = sentences[-1]
    previous = sentences[-2] if len(sentences) > 1 and _BARE.fullmatch(lead) else ""
    tail, *rest = _STOP.split(after) or [""]
    said_of_it = [part for part in rest if _goes_on(part)]
    return Around(lead, tail, tuple(said_of_it), previous)


def _goes_on(part: str) -> bool:
    """Whether a later part still speaks of the value, or says whose it is."""
    return _REFERS.match(part) is not None or len(_WORD.findall(part)) <= _SHORT or _holds("names_self", part)


def judge(around: Around) -> Verdict:
    """The verdict of the words around a value."""
    preference = _preference(around)
    sign, at, until = _last_sign(around.lead)
    clause_at = _clause_start(around.lead)
    is_before = sign in {"thing", "past", "topic"} and at < clause_at
    is_told_apart = sign == "topic" or (sign == "past" and _WORD.search(around.lead, clause_at) is not None)
    if is_before and (is_told_apart or _PHONE_WORD.search(around.lead, clause_at)):
        sign, until = "", 0
    if not sign and around.before and len(_WORD.findall(around.before)) <= _SHORT_SENTENCE:
        sign = _last_sign(around.before)[0]
        sign = sign if sign in {"other", "company", "thing"} else ""
    after = _sign_after(around)
    if after and (after in _NEGATIVE or sign not in _NEGATIVE):
        sign, until = after, len(around.lead)
    if sign in _NEGATIVE:
        return Verdict(Owner.OTHER, preference, sign)
    unknown = _unknown(_DENIAL.sub("", around.lead[until if sign == "own" else clause_at :]))
    if unknown or (sign != "own" and (_unknown(around.tail, first_only=True) or _NEGATION.search(around.tail))):
        return Verdict(Owner.UNKNOWN, preference)
    is_own = sign == "own" or _PHONE_WORD.search(around.lead, clause_at) is not None or _is_named(around)
    return Verdict(Owner.CALLER if is_own else Owner.NEUTRAL, preference, sign)


def _last_sign(lead: str) -> tuple[str, int, int]:
    """The sign nearest before the value, and where it begins and ends."""
    if not _WORD.search(lead):
        return "", 0, 0
    if _BARE_NOT.search(lead):
        return "past", len(lead), len(lead)
    found = [(match.start(), kind, match.end()) for kind in ("own", *_NEGATIVE) if (match := _last(_signs(kind), lead))]
    at, sign, until = max(found, default=(0, "", 0))
    return sign, at, until


def _sign_after(around: Around) -> str:
    """The sign in what hangs on the value, or in what goes on to speak of it."""
    for kind in _NEGATIVE:
        if _signs(kind).search(around.tail):
            return kind
        wanted = [part for part in around.rest if kind not in {"thing", "topic"} or _REFERS.match(part)]
        if any(_signs(kind).search(part) for part in wanted):
            return kind
    said = (around.tail, *around.rest)
    own = re.search(r"\b(?:мой|моя|мое|mine|my|мая|маё)\b", " ".join(said))
    return "own" if own or any(_holds("names_self", part) for part in said) else ""


def _holds(kind: str, part: str) -> bool:
    return holds("contacts", kind, part)


def _is_named(around: Around) -> bool:
    """«Номер …, зовут Ольга»: who is reached there is said, and nothing before it that is not understood."""
    is_told = any(_holds("names_somebody", part) for part in (around.tail, *around.rest))
    return is_told and not _unknown(around.lead)


def _preference(around: Around) -> Preference:
    said = f"{around.lead} {around.tail}"
    for kind in (Preference.PREFERRED, Preference.MAIN, Preference.SPARE):
        if _signs(kind.name.lower()).search(said):
            return kind
    return Preference.PLAIN


def _clause_start(lead: str) -> int:
    match = _last(_PAUSE, lead.rstrip(" :;—–-"))
    return match.end() if match else 0


def _unknown(text: str, *, first_only: bool = False) -> bool:
    found = _WORD.findall(text)[: 1 if first_only else None]
    return any(word not in harmless() and word not in number_words() for word in found)


def disowns(folded: str) -> bool:
    """Whether a turn without a number says of the one before it that it is another's, an old one, not to be used."""
    said = [
        part for part in _STOP.split(folded) if _REFERS.match(part) or re.search(r"номер|телефон|нумар|number", part)
    ]
    return any(_signs(kind).search(part) for part in said for kind in ("other", "past", "company"))


def harmless_words(folded: str) -> bool:
    """Whether a text has no word that could mean anything for the number beside it."""
    return not _unknown(folded)


def _last(expression: re.Pattern[str], text: str) -> re.Match[str] | None:
    return max(expression.finditer(text), key=lambda match: match.start(), default=None)


@cache
def _signs(kind: str) -> re.Pattern[str]:
    expression = pattern("contacts", kind).pattern
    tried = r"(?<!лся )(?<!лась )(?<!вал )(?<!вала )(?<!мог )(?<!могла )"  # «пытался дозвониться по …»
    tried += "".join(rf"(?<!{word} )" for word in _IN_VAIN)
    unless = rf"(?<!не )(?<!not )(?<!n't )(?<!never ){tried}" if kind == "own" else ""
    return re.compile(rf"(?<![^\W_]){unless}(?:{expression})")


@cache
def harmless() -> frozenset[str]:
    """Words that say nothing about whose a number is."""
    return words("contacts", "harmless")
