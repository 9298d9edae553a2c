"""A turn of the caller: the numbers in it, what it answers, what it corrects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from functions.analysis.contacts.context import Around, Verdict, arounds, disowns, harmless_words, judge
from functions.analysis.contacts.corrections import (
    Correction,
    breaks_off,
    correction_in,
    is_wrong,
    only_waits,
)
from functions.analysis.contacts.evidence import Candidate, Owner, Preference, State
from functions.analysis.contacts.heard import HeardNumber, heard_numbers
from functions.analysis.contacts.own_line import hear_own_line
from functions.analysis.contacts.phones_said import Dictation, PhonesSaid
from functions.analysis.contacts.picking import pick
from functions.analysis.contacts.spoken_numbers import SpokenNumber
from functions.analysis.heuristics import confirms, denies
from functions.analysis.words import holds

_MOST_REPLACED = 3  # groups that a correction inside a number may replace
_CODE = re.compile(r"\b(?:код|кот|code)\W*$")
_LONGEST_CODE = 3  # digits
_NEGATES = re.compile(r"(?<![^\W_])(?:не|ня|not)\W*$")
_MOST_NUMBERS = 100  # of one turn: more are no dictation
_LONGEST_PAUSE = 4  # caller's turns after which a number is not gone on with
_FEWEST_DIGITS, _FEWEST_TOGETHER = 2, 5
_LONGEST_DICTATION = 40  # groups: what goes on longer is no phone


def hear_caller(
    said: PhonesSaid, text: str, folded: str, turn: int, others: Sequence[tuple[int, int]] = ()
) -> list[HeardNumber]:
    """A turn of the caller, added to the evidence. `others` is where its addresses stand."""
    found = heard_numbers(text, folded, said.regions, phones=len(said.found))
    inside = [one for one in found[:_MOST_NUMBERS] if _is_inside(one, others)]
    numbers = [one for one in found if one not in inside][:_MOST_NUMBERS]
    _Listener(said, folded, turn, numbers, others).listen()
    said.runs += [one.number.digits for one in numbers if len(one.number.digits) >= _FEWEST_DIGITS]
    together = "".join(one.number.digits for one in numbers if not one.is_phone)
    said.runs += [together] if len(together) >= _FEWEST_TOGETHER else []
    if said.last is not None:
        said.runs.append("".join(said.last.groups))
    said.read_back, said.offered = None, False
    return numbers


def _is_inside(heard: HeardNumber, others: Sequence[tuple[int, int]]) -> bool:
    """Whether the digits belong to an address."""
    return any(start <= heard.number.start < end for start, end in others)


@dataclass
class _Listener:
    """One turn while it is listened to."""

    said: PhonesSaid
    folded: str
    turn: int
    numbers: list[HeardNumber]
    others: Sequence[tuple[int, int]] = ()
    negated: int = 0  # groups that were just named as wrong: «не 123, а …»
    replaces_own: bool = False  # the number before it was the caller's, and the next one takes its place

    @property
    def has_phones(self) -> bool:
        """Whether a whole phone is in the turn."""
        return any(one.is_phone for one in self.numbers)

    def listen(self) -> None:
        """Numbers first; a turn without a whole one answers or corrects what came before."""
        if not self.has_phones:
            if self._answers():
                return
        elif self.said.read_back is not None:
            self._replaces_read_back()
        else:
            self._replaces_last()
        self._note_numbers()
        hear_own_line(self.said, self.folded, has_phones=self.has_phones)
        if not self.has_phones and holds("contacts", "delegates", self.folded):
            self.said.delegated = True

    # The turn as an answer.

    def _answers(self) -> bool:
        """Whether the turn was about a number said before: a read-back, or the last dictation."""
        said = self.said
        small = [one.number for one in self.numbers if not one.is_extension]
        if said.read_back is not None:
            self._answer_read_back(said.read_back, small)
            return True
        if said.last is None or said.last.value is None or self.turn - said.last.turn > _LONGEST_PAUSE:
            if said.asserted and correction_in(self.folded, small) is not None:
                said.attempts.append(self.turn)  # a number that only the agent said is mended, and still not taken
            return False
        if not said.went_on and not small and disowns(self.folded):
            said.mark(said.last.value, State.TAKEN_BACK)
            said.attempts.append(self.turn)
            return True
        correction = correction_in(self.folded, small)
        if correction is None or not self._is_meant(correction):
            return False
        said.correct(said.last, correction, turn=self.turn)
        return True

    def _is_meant(self, correction: Correction) -> bool:
        """After another question only a correction that says what it corrects is one."""
        if correction.place or correction.wrong:
            return True
        return not self.said.went_on and (bool(correction.right) or is_wrong(self.folded))

    def _answer_read_back(self, read_back: Dictation, small: Sequence[SpokenNumber]) -> None:
        said, value = self.said, read_back.value
        correction = correction_in(self.folded, small)
        is_yes = confirms(self.folded)
        if correction is not None and (correction.right or not is_yes):
            for earlier in said.likest(value or "", self.turn):
                said.mark(earlier, State.TAKEN_BACK)
            said.correct(read_back, correction, turn=self.turn)
        elif denies(self.folded) or disowns(self.folded):
            for one in (value, *said.likest(value or "", self.turn)):
                said.mark(one, State.TAKEN_BACK)
            said.attempts.append(self.turn)
        elif is_yes and value is not None:
            for earlier in said.likest(value, self.turn):
                said.mark(earlier, State.TAKEN_BACK)
            said.note(Candidate("", value, self.turn, Owner.CALLER, State.CONFIRMED))
            said.last = read_back

    def _replaces_read_back(self) -> None:
        """A number instead of yes or no: the same one confirms, another one replaces what was read back."""
        said, read_back = self.said, self.said.read_back
        values = [one.value for one in self.numbers if one.is_phone]
        if read_back is None or read_back.value is None:
            return
        if values == [read_back.value] and not denies(self.folded):
            said.note(Candidate("", read_back.value, self.turn, Owner.CALLER, State.CONFIRMED))
        elif read_back.value not in values and (denies(self.folded) or not confirms(self.folded)):
            for one in (read_back.value, *said.likest(read_back.value, self.turn)):
                said.mark(one, State.TAKEN_BACK)
            self.replaces_own = True

    def _replaces_last(self) -> None:
        """«Подождите, не так, …»: another number takes the place of the one before it."""
        last = self.said.last
        first = next(one for one in self.numbers if one.is_phone)
        lead = self.folded[: first.number.start]
        if last is not None and last.value not in {None, first.value} and breaks_off(lead):
            self.said.mark(last.value, State.TAKEN_BACK)
            self.replaces_own = last.owner is Owner.CALLER

    # The turn as dictation.

    def _note_numbers(self) -> None:
        spans = [(one.number.start, one.number.end) for one in self.numbers]
        parting = [span for span, one in zip(spans, self.numbers, strict=True) if self._parts(one)]
        every = sorted((*parting, *self.others[:_MOST_NUMBERS]))
        near = dict(zip(every, arounds(self.folded, every), strict=True))
        around = [near.get(span, Around("")) for span in spans]
        judged = [self._judge(heard, one) for heard, one in zip(self.numbers, around, strict=True)]
        buffer = self._begun()
        for index, heard in enumerate(self.numbers):
            if heard.is_phone:
                verdict = judged[index]
                owner = self._owner(heard, verdict)
                value = heard.value or ""
                self.said.note(
                    Candidate("", value, self.turn, owner, State.SAID, verdict.preference, doubtful=heard.doubtful)
                )
                buffer = Dictation(heard.number.groups, heard.number.plus, self.turn, owner, value)
                self._finish(buffer, index, judged)
            elif self._goes_on(heard, buffer, index):
                owner = self.said.owner_of(heard, judged[index])
                buffer = self._longer(buffer, heard, owner, self._gap(index))
        self._leave(buffer)
        phones = [(one.value, near) for one, near in zip(self.numbers, around, strict=True) if one.value is not None]
        pick(self.said, self.folded, phones)
        better = [one for one, it in zip(self.numbers, judged, strict=True) if _is_better(it) and one.is_attempt]
        if better:  # the preferred one did not come through: the other is not what they want
            for value in [one.value for one in self.numbers if one.value in self.said.found and one.value]:
                self.said.found[value] = replace(self.said.found[value], owner=Owner.UNKNOWN)
        if self._sounds_like_a_phone():
            self.said.attempts.append(self.turn)

    def _sounds_like_a_phone(self) -> bool:
        """Whether a phone was dictated and no digits came through: an answer to the question that is none."""
        if self.has_phones or (self.said.last is not None and self.said.last.turn == self.turn):
            return False
        if holds("contacts", "no_phone", self.folded):
            return False
        if holds("contacts", "sounds_like_phone", self.folded):
            return not harmless_words(self.folded)
        is_asked = self.said.asked.phone and not self.said.asked.name and not self.said.asked.email
        return is_asked and not confirms(self.folded) and not harmless_words(self.folded)

    def _judge(self, heard: HeardNumber, around: Around) -> Verdict:
        """«Код 29, …» is how a phone begins; any other number after «код» is none."""
        is_code = _CODE.search(around.lead) is not None and len(heard.number.groups[0]) <= _LONGEST_CODE
        return Verdict(Owner.NEUTRAL) if is_code and len(heard.number.groups) > 1 else judge(around)

    def _owner(self, heard: HeardNumber, verdict: Verdict) -> Owner:
        """Whose a whole number is: the caller's in place of another of theirs, unless its words say otherwise."""
        owner = self.said.owner_of(heard, verdict)
        is_open = owner in {Owner.NEUTRAL, Owner.UNKNOWN} and verdict.owner is Owner.NEUTRAL
        return Owner.CALLER if is_open and self.replaces_own else owner

    def _parts(self, heard: HeardNumber) -> bool:
        """Whether a number is one to speak of: «один», "my old one" are not."""
        return len(heard.number.digits) > 1 or self.folded[heard.number.start].isdigit()

    def _begun(self) -> Dictation | None:
        """Half a number from the turn before."""
        last = self.said.last
        is_open = last is not None and last.value is None and not self.said.went_on
        return last if is_open else None

    def _gap(self, index: int) -> str:
        before = self.numbers[index - 1].number.end if index else 0
        return self.folded[before : self.numbers[index].number.start]

    def _goes_on(self, heard: HeardNumber, buffer: Dictation | None, index: int) -> bool:
        """Whether a short run is a piece of a number: one that begins long enough, or goes on with a begun one."""
        if heard.number.is_amount or heard.is_extension or heard.is_of_a_thing:
            return False
        if buffer is None:
            return heard.is_attempt or (index + 1 == len(self.numbers) and _may_begin(heard.number))
        gap = self._gap(index)
        return buffer.value is None and (harmless_words(gap) or breaks_off(gap))

    def _longer(self, buffer: Dictation | None, heard: HeardNumber, owner: Owner, gap: str) -> Dictation:
        number, regions = heard.number, self.said.regions
        begun = Dictation(number.groups, number.plus, self.turn, owner)
        if buffer is None or len(buffer.groups) > _LONGEST_DICTATION:
            return begun
        if (breaks_off(gap) and not only_waits(gap)) or self.negated:
            counts = [self.negated] if self.negated else range(1, _MOST_REPLACED + 1)
            self.negated = len(number.groups) if _NEGATES.search(gap) else 0
            options = [buffer.groups[:-count] + number.groups for count in counts]
            whole = {value: groups for groups in options if (value := buffer.phone(groups, regions))}
            if len(whole) == 1:
                (value, groups), *_ = whole.items()
                return self._whole(replace(buffer, groups=groups), value, State.CORRECTED)
            return replace(buffer, groups=options[0], turn=self.turn)
        groups = buffer.groups + number.groups
        value = buffer.phone(groups, regions)
        longer = replace(buffer, groups=groups, turn=self.turn)
        return longer if value is None else self._whole(longer, value, State.SAID)

    def _whole(self, dictation: Dictation, value: str, state: State) -> Dictation:
        owner = dictation.owner
        if owner is Owner.NEUTRAL and not self.said.asked.something:
            owner = Owner.CALLER  # several pieces of a whole phone: said to be called at
        self.said.note(Candidate("", value, self.turn, owner, state))
        return replace(dictation, owner=owner, value=value, turn=self.turn)

    def _finish(self, phone: Dictation, index: int, judged: Sequence[Verdict]) -> None:
        """What follows a whole number in the same turn may correct it, up to the next whole one."""
        following = self.numbers[index + 1 :]
        until = next((at for at, one in enumerate(following) if one.is_phone), len(following))
        end = following[until].number.start if until < len(following) else len(self.folded)
        phone_end = self.numbers[index].number.end
        text = self.folded[phone_end:end]
        small = [one.number.moved(-phone_end) for one in following[:until] if not one.is_extension]
        if until < len(following):
            is_next_others = judged[index + 1 + until].owner is Owner.OTHER
            if breaks_off(text) and following[until].value != phone.value and not is_next_others:
                self.said.mark(phone.value, State.TAKEN_BACK)
                self.replaces_own = phone.owner is Owner.CALLER
            return
        correction = correction_in(text, small)
        if correction is not None:
            self.said.correct(phone, correction, turn=self.turn)

    def _leave(self, buffer: Dictation | None) -> None:
        said = self.said
        if buffer is None:
            return
        if buffer.value is None and buffer.owner is not Owner.OTHER and any(one.is_attempt for one in self.numbers):
            said.attempts.append(self.turn)
        if said.last is None or said.last.turn != self.turn or buffer.value is None:
            said.last = buffer


def _is_better(verdict: Verdict) -> bool:
    return verdict.preference is Preference.PREFERRED and verdict.owner is not Owner.OTHER


def _may_begin(number: SpokenNumber) -> bool:
    """Whether a short run at the end of a turn may be the beginning of a phone: «восемь ноль двадцать девять»."""
    return number.plus or number.digits.startswith(("80", "375", "0", "89", "29", "33", "44", "25", "+7"))
