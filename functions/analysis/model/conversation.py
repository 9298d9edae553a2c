"""One judgement's exchange with a model: ask, check, ask once more where a second try can help, add up the cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from functions.analysis.model.answer import Answer, InvalidAnswerError, read_answer, weaknesses
from functions.analysis.model.failures import CallTooLongError
from functions.analysis.model.prices import total
from functions.analysis.model.prompt import Message, Prompt, references, repair_message
from functions.analysis.patience import JudgementFailedError, ModelUnavailable
from functions.analysis.reading import Reading
from postcall.domain.analysis import Usage

TRIES = 2


@dataclass(frozen=True)
class Reply:
    """What came back for one request. `finish` is the server's word: `stop`, `length`, `content_filter`."""

    content: str
    finish: str = "stop"
    refused: bool = False
    usage: Usage = Usage()
    model: str | None = None
    request_id: str | None = None


Ask = Callable[
    [list[Message], int], Reply
]  # messages and the most output tokens; raises what `failures` makes of errors


@dataclass(frozen=True)
class Judged:
    """A usable answer, and how it came about."""

    answer: Answer
    reply: Reply
    usage: Usage
    tries: int
    was_cut: bool


@dataclass
class Conversation:
    """Asks about one call, at most twice. What the next request must do differently is kept between the two."""

    ask: Ask
    prompt: Prompt
    reading: Reading
    max_characters: int
    max_output_tokens: int
    _usages: list[Usage] = field(default_factory=list)
    _repairs: list[Message] = field(default_factory=list)
    _best: tuple[Answer, Reply] | None = None
    _was_cut: bool = False
    _flag: str = ""
    _request_id: str | None = None

    def judge(self) -> Judged:
        """The answer. Raises `JudgementFailedError` when two tries brought none, and `ModelUnavailable`."""
        try:
            for _ in range(TRIES):
                if self._is_settled():
                    break
        except ModelUnavailable:
            if self._best is None:
                raise
        if self._best is None:
            raise self._failure()
        return Judged(*self._best, total(self._usages), len(self._usages), self._was_cut)

    def _is_settled(self) -> bool:
        """One request; True when no second one is needed."""
        reply = self._reply()
        if reply is None:
            return False
        if reply.finish == "content_filter":
            self._flag = "model_refused"
            raise self._failure()
        if reply.refused or reply.finish == "length":
            self._flag = "model_refused" if reply.refused else "model_answer_cut_off"
            self.max_output_tokens *= 1 if reply.refused else 2
            return False
        try:
            answer = read_answer(reply.content, self.prompt.schema, references(self.reading))
        except InvalidAnswerError as error:
            self._flag, self._repairs = "model_answer_invalid", [repair_message(error.fields)]
            return False
        self._best = (answer, reply)
        weak = weaknesses(answer, self.reading)
        self._repairs = [repair_message(weak)]
        return not weak

    def _reply(self) -> Reply | None:
        """The reply; None when the call must be cut first."""
        messages, was_cut = self.prompt.messages(self.reading, max_characters=self.max_characters)
        self._was_cut = self._was_cut or was_cut
        try:
            reply = self.ask([*messages, *self._repairs], self.max_output_tokens)
        except CallTooLongError:
            self._flag = "model_request_rejected"
            self.max_characters = min(self.max_characters, sum(len(turn.text) for turn in self.reading.shown)) // 2
            return None
        self._usages.append(reply.usage)
        self._request_id = reply.request_id
        return reply

    def _failure(self) -> JudgementFailedError:
        return JudgementFailedError(self._flag, usage=total(self._usages), request_id=self._request_id)
