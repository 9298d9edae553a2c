"""One judgement's exchange with a model: ask, check, ask once more where a second try can help, add up the cost.

A second try carries the first answer (cut) as the assistant's turn: many chat templates refuse two user turns in a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from functions.analysis.fallback_analyst import JudgementFailedError, ModelUnavailable
from functions.analysis.model.context_size import CallTooLongError, fitting_characters, saw_only_a_part
from functions.analysis.model.output import InvalidAnswerError, ModelOutput, is_looping, read_answer, weaknesses
from functions.analysis.model.prices import total
from functions.analysis.model.prompt import Message, Prompt, references
from functions.analysis.model.reply import Reply
from functions.analysis.preprocessing import PreparedCall
from functions.analysis.question import Asking
from postcall.domain.analysis import Usage

TRIES = 2
FITTINGS = 3  # a refusal for length costs nothing: shorten the call so often
LEAST_SHOWN = 200  # characters of a call
LOOPED = "it repeated itself and did not end"


# Messages and the most output tokens; raises what `failures` makes of errors.
Ask = Callable[[list[Message], int], Asking[Reply]]


@dataclass(frozen=True)
class Judged:
    """A usable answer, and how it came about."""

    answer: ModelOutput
    reply: Reply
    usage: Usage
    tries: int
    was_cut: bool
    saw_only_a_part: bool


@dataclass
class Conversation:
    """Asks about one call, at most twice. What the next request must do differently is kept between the two."""

    ask: Ask
    prompt: Prompt
    prepared: PreparedCall
    max_characters: int
    max_output_tokens: int
    _usages: list[Usage] = field(default_factory=list)
    _repairs: list[Message] = field(default_factory=list)
    _best: tuple[ModelOutput, Reply] | None = None
    _was_cut: bool = False
    _saw_a_part: bool = False
    _flag: str = ""
    _request_id: str | None = None

    def asking(self) -> Asking[Judged]:
        """The answer, and the questions on the way to it.

        Raises:
            JudgementFailedError: Two tries brought none.
            ModelUnavailable: The model cannot judge now.
        """
        try:
            for _ in range(TRIES):
                if (yield from self._is_settled()):
                    break
        except JudgementFailedError as error:
            if self._best is None:
                raise self._failure(error) from None
        except ModelUnavailable:
            if self._best is None:
                raise
        if self._best is None:
            raise self._failure()
        return Judged(*self._best, total(self._usages), len(self._usages), self._was_cut, self._saw_a_part)

    def _is_settled(self) -> Asking[bool]:
        """One request; True when no second one is needed."""
        reply = yield from self._reply()
        if reply.finish == "content_filter":
            raise JudgementFailedError("model_refused")
        if reply.refused:
            self._flag = "model_refused"
            return False
        try:
            answer = read_answer(reply.content, self.prompt.schema, references(self.prepared), len(self.prepared.shown))
        except InvalidAnswerError as error:
            self._note_unusable(reply, error)
            return False
        weak = weaknesses(answer, self.prepared)
        if self._best is None or len(weak) <= len(weaknesses(self._best[0], self.prepared)):
            self._best = (answer, reply)
        if weak:
            self._repairs = self.prompt.repair(reply.content, weak)
        return not weak

    def _note_unusable(self, reply: Reply, error: InvalidAnswerError) -> None:
        """Cut off: more room, unless the answer went in circles. Anything else: name what was wrong."""
        was_cut_off = reply.finish == "length"
        self._flag = "model_answer_cut_off" if was_cut_off else "model_answer_invalid"
        if was_cut_off and not is_looping(reply.content):
            self.max_output_tokens *= 2
        else:
            self._repairs = self.prompt.repair(reply.content, [LOOPED] if was_cut_off else error.fields)

    def _reply(self) -> Asking[Reply]:
        """The reply, to a call shortened as far as it must be."""
        for _ in range(FITTINGS + 1):
            messages, was_cut = self.prompt.messages(self.prepared, max_characters=self.max_characters)
            self._was_cut = self._was_cut or was_cut
            messages += self._repairs
            try:
                reply = yield from self.ask(messages, self.max_output_tokens)
            except CallTooLongError as error:
                if self._repairs or not self._shorten(error, messages):  # before a repair, the call alone was taken
                    break
            else:
                self._usages.append(reply.usage)
                self._request_id = reply.request_id
                self._saw_a_part = self._saw_a_part or saw_only_a_part(reply.usage.input_tokens, messages)
                return reply
        raise JudgementFailedError("model_request_rejected", reason="context_length_exceeded")

    def _shorten(self, error: CallTooLongError, messages: list[Message]) -> bool:
        """Whether enough of the call remains to be worth a question."""
        shown = min(self.max_characters, sum(len(turn.text) for turn in self.prepared.shown))
        limit = self.max_output_tokens
        self.max_characters = fitting_characters(error, messages, shown=shown, answer_tokens=limit)
        return self.max_characters >= LEAST_SHOWN

    def _failure(self, error: JudgementFailedError | None = None) -> JudgementFailedError:
        """Why there is no answer: what the first try's was, if there was one, or else why the request failed."""
        details = {"request_id": self._request_id} | (error.details if error else {})
        flag = self._flag or (error.flag if error else "")
        return JudgementFailedError(flag, usage=total(self._usages), **details)
