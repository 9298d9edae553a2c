"""The questions in their order, each built on what the one before found out; the settings that work come out of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from functions.analysis.fallback_analyst import ModelUnavailable
from functions.analysis.model.context_size import CallTooLongError, saw_only_a_part
from functions.analysis.model.failures import UnreadableReplyError
from functions.analysis.model.json_text import objects_in
from functions.analysis.model.prompt import Message, Prompt
from functions.analysis.model.reply import Reply
from functions.analysis.model.schema import problems
from functions.analysis.model.server import OPENAI_URL
from functions.analysis.settings import Effort, SchemaMode, Settings, TokenParam
from functions.analysis.taxonomy import taxonomy
from postcall.domain.said import said
from tools.postcall.checks import Check, State
from tools.postcall.model.rehearsal import speed
from tools.postcall.model.server import FORM, Answer, Server

FEW, ENOUGH = 16, 1_000  # tokens of an answer
MOST_NAMES = 5
TURNS_OF_TEN_MINUTES = 120
RULES: Message = {"role": "system", "content": "You answer questions."}
GREETING = [RULES, {"role": "user", "content": "Say hello."}]
COUNTING = [RULES, {"role": "user", "content": "Count from one to eighty in words."}]
PROSE = [RULES, {"role": "user", "content": "Tell in two sentences of prose, without any JSON, what the sea is like."}]
REPAIR = [*GREETING, {"role": "assistant", "content": "Hello."}, {"role": "user", "content": "Say it once more."}]
_TURN = "Здравствуйте, хочу узнать о двухкомнатной квартире с отделкой и рассрочке. "


@dataclass
class Examination:
    """Asks the server; `settings` are those that worked so far."""

    server: Server
    settings: Settings

    def checks(self) -> Iterator[Check]:
        """Every finding. Where the first question brings nothing there is nothing more to ask."""
        configured = self.settings
        first = self._first()
        yield from self.reached(first)
        if first.reply is None:
            return
        if self.settings.openai_reasoning_effort is not configured.openai_reasoning_effort:
            todo = said("server.set", setting="OPENAI_REASONING_EFFORT=omit")
            yield Check(said("server.effort"), State.WATCH, said("server.effort_refused"), todo)
        yield self._limit(configured.openai_token_param)
        yield self._schema()
        yield self._second_try()
        yield self._context()
        check, self.settings = speed(self.server, self.settings)
        yield check

    def _first(self) -> Answer:
        """The smallest question, written in other ways where the server refuses the configured one."""
        chosen = self.settings
        efforts = dict.fromkeys((chosen.openai_reasoning_effort, Effort.OMIT))
        params = dict.fromkeys((chosen.openai_token_param, *TokenParam))
        answers = []
        for effort, param in product(efforts, params):
            written = self._plain(openai_reasoning_effort=effort, openai_token_param=param)
            answers.append(self.server.ask(written, GREETING, ENOUGH))
            if answers[-1].status not in {400, 422}:
                self.settings = replace(chosen, openai_reasoning_effort=effort, openai_token_param=param)
                return answers[-1]
        return answers[0]

    def greeted(self) -> Iterator[Check]:
        """The first question's findings alone."""
        yield from self.reached(self._first())

    def reached(self, answer: Answer) -> Iterator[Check]:
        """Address, key and model, as far as the first question shows them."""
        url = self.settings.openai_base_url or OPENAI_URL
        if isinstance(answer.error, UnreadableReplyError):
            todo = said("server.other_api_todo")
            yield Check(said("server.address"), State.WRONG, said("server.other_api", url=url), todo)
        elif isinstance(answer.error, ModelUnavailable) and not answer.status:
            todo = said("server.silent_todo")
            yield Check(said("server.address"), State.WRONG, said("server.silent", url=url), todo)
        else:
            yield Check(said("server.address"), State.WELL, said("server.answers", url=url))
            yield from self._taken(answer.reply) if answer.reply else [self._refused(answer)]

    def _taken(self, reply: Reply) -> Iterator[Check]:
        yield Check(said("server.key"), State.WELL, said("server.key_taken"))
        names = {"model": self.settings.openai_model, "server_model": reply.model or "–"}
        yield Check(said("server.model"), State.WELL, said("server.model_answers", **names))

    def _refused(self, answer: Answer) -> Check:
        status, error = answer.status, answer.error
        if isinstance(error, ModelUnavailable) and error.out_of_credit:
            return Check(said("server.key"), State.WRONG, said("server.no_credit"), said("server.no_credit_todo"))
        if status in {401, 403}:
            found = said("server.key_refused", status=status)
            return Check(said("server.key"), State.WRONG, found, said("server.key_todo"))
        if isinstance(error, ModelUnavailable) and not error.misconfigured:
            found = said("server.busy", status=status)
            return Check(said("server.address"), State.WATCH, found, said("server.busy_todo"))
        return self._unknown(status)

    def _unknown(self, status: int) -> Check:
        """A model that the server does not list, or a request that it takes in no form."""
        model, names = self.settings.openai_model, self.server.names(self.settings)
        is_unknown = status in {404, 405} or bool(names and model not in names)
        todo = said("server.model_todo")
        if names and model not in names:
            todo = said("server.model_offered", names=", ".join(names[:MOST_NAMES]))
        found = said("server.model_unknown", model=model, status=status)
        return Check(
            said("server.model"), State.WRONG, found if is_unknown else said("server.refused", status=status), todo
        )

    def _limit(self, configured: TokenParam) -> Check:
        """Which name of the limit ends an answer."""
        name = said("server.limit")
        for param in dict.fromkeys((self.settings.openai_token_param, *TokenParam)):
            reply = self.server.ask(self._plain(openai_token_param=param), COUNTING, FEW).reply
            if reply is None or _is_longer(reply):
                continue
            if reply.finish != "length":
                return Check(name, State.UNSEEN, said("server.limit_unseen"))
            self.settings = replace(self.settings, openai_token_param=param)
            if param is configured:
                return Check(name, State.WELL, said("server.limit_kept", param=param))
            found = said("server.limit_other", wrong=configured, param=param)
            return Check(name, State.WATCH, found, said("server.set", setting=f"OPENAI_TOKEN_PARAM={param}"))
        return Check(name, State.WATCH, said("server.limit_none"), said("server.limit_none_todo"))

    def _schema(self) -> Check:
        """A question that leads away from the form: only a grammar brings the form all the same."""
        name = said("server.schema")
        mode = next((one for one in (SchemaMode.JSON_SCHEMA, SchemaMode.JSON_OBJECT) if self._holds(one)), None)
        chosen = mode or SchemaMode.PROMPT
        is_configured = self.settings.openai_schema_mode is chosen
        self.settings = replace(self.settings, openai_schema_mode=chosen)
        todo = "" if is_configured else said("server.set", setting=f"OPENAI_SCHEMA_MODE={chosen}")
        if chosen is SchemaMode.JSON_SCHEMA:
            return Check(name, State.WATCH if todo else State.WELL, said("server.schema_enforced"), todo)
        return Check(name, State.WATCH, said("server.schema_other", mode=chosen), todo)

    def _holds(self, mode: SchemaMode) -> bool:
        reply = self.server.ask(replace(self.settings, openai_schema_mode=mode), PROSE, ENOUGH).reply
        if reply is None:
            return False
        try:
            found = list(objects_in(reply.content))
        except ValueError:
            return False
        return bool(found) and (mode is not SchemaMode.JSON_SCHEMA or not problems(found[-1], FORM))

    def _second_try(self) -> Check:
        answer = self.server.ask(self._plain(), REPAIR, ENOUGH)
        name = said("server.second_try")
        if answer.reply is not None:
            return Check(name, State.WELL, said("server.try_taken"))
        found = said("server.try_refused", error=answer.error)
        return Check(name, State.WRONG, found, said("server.try_todo"))

    def _context(self) -> Check:
        """The rules with a call of ten minutes: taken whole, refused, or cut without a word."""
        rules = Prompt(taxonomy(), self.settings.openai_schema_mode).rules
        messages = [{"role": "system", "content": rules}, {"role": "user", "content": _TURN * TURNS_OF_TEN_MINUTES}]
        answer, name, todo = (
            self.server.ask(self._plain(), messages, FEW),
            said("server.context"),
            said("server.context_todo"),
        )
        if isinstance(answer.error, CallTooLongError):
            return Check(name, State.WRONG, said("server.context_small", window=answer.error.window), todo)
        if answer.reply is None:
            return Check(name, State.UNSEEN, said("server.context_unseen", error=answer.error))
        tokens = answer.reply.usage.input_tokens
        if saw_only_a_part(tokens, messages):
            return Check(name, State.WRONG, said("server.context_cut", tokens=tokens), todo)
        return Check(name, State.WELL, said("server.context_fits", tokens=tokens))

    def _plain(self, **changes: object) -> Settings:
        """The settings without any form."""
        return replace(self.settings, openai_schema_mode=SchemaMode.PROMPT, **changes)  # type: ignore[arg-type]  # its own fields


def _is_longer(reply: Reply) -> bool:
    """Whether the answer went on behind the limit, by the server's count or, without one, by its words."""
    return max(reply.usage.output_tokens, len(reply.content.split())) > 2 * FEW
