"""Replies that no specification foresees and that servers, proxies and small models send all the same."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from functools import cache

from tools.simulators.model import recorded
from tools.simulators.model.answers import JsonObject, valid_answer
from tools.simulators.model.reply import Response, Scenario, always, as_json, completion, of_llama_cpp, text_of

Change = Callable[[JsonObject], None]


def _spoilt(change: Change) -> Scenario:
    """A good completion with something changed in its body."""

    def scenario(request: JsonObject) -> Response:
        body = json.loads(completion(text_of(valid_answer(request))).body)
        change(body)
        return as_json(body)

    return scenario


def _message(**members: object) -> Change:
    return lambda body: body["choices"][0]["message"].update(members)


def _parts(body: JsonObject) -> None:
    message = body["choices"][0]["message"]
    half = len(message["content"]) // 2
    message["content"] = [
        {"type": "text", "text": message["content"][:half]},
        {"type": "text", "text": message["content"][half:]},
    ]


def _reasoning(body: JsonObject) -> None:
    message = body["choices"][0]["message"]
    message["reasoning_content"], message["content"] = message["content"], ""


def _usage_in_words(body: JsonObject) -> None:
    body["usage"] = {"prompt_tokens": "3000", "completion_tokens": "many", "prompt_tokens_details": "none"}


def _digits(request: JsonObject) -> Response:
    """A quote whose turn has 39 digits: grammars allow any number."""
    answer = valid_answer(request)
    answer["evidence"] = [row | {"turn": "TURN"} for row in answer["evidence"]]
    return completion(text_of(answer).replace('"TURN"', "1" * 39))


def _around(before: str, after: str) -> Scenario:
    return lambda request: completion(before + text_of(valid_answer(request)) + after)


def _overflow(body: recorded.Body, status: int = 400) -> Scenario:
    """The refusal for the first question, whatever its length; a shortened one is taken."""
    return always(as_json(body, status))


def _recorded(name: str) -> Scenario:
    """As llama.cpp answered."""
    return lambda _request: of_llama_cpp(name)


STRANGE: dict[str, Scenario] = {
    "llama_cpp": lambda request: as_json(
        recorded.llama_cpp_completion(text_of(valid_answer(request)), prompt_tokens=3_000)
    ),
    "content_in_parts": _spoilt(_parts),
    "reasoning_content": _spoilt(_reasoning),
    "usage_in_words": _spoilt(_usage_in_words),
    "usage_is_a_list": _spoilt(lambda body: body.update(usage=[1, 2])),
    "model_is_a_number": _spoilt(lambda body: body.update(model=7, id=None)),
    "turn_of_39_digits": _digits,
    "thoughts_before": _around("<think>Клиент хочет {квартиру}.</think>\n", ""),
    "prose_around": _around("Вот анализ:\n```json\n", "\n```\nНадеюсь, это поможет!"),
    "padded": _around("", " " * 50_000),
}


@cache
def _packed() -> bytes:
    """A few hundred kilobytes that unpack to 300 MB."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    return b"".join([*(packer.compress(b"x" * 1_000_000) for _ in range(300)), packer.flush()])


def _bomb(_request: JsonObject) -> Response:
    return Response(200, _packed(), {"content-type": "application/json", "content-encoding": "gzip"})


UNREADABLE: dict[str, Scenario] = {
    "packed": _bomb,
    "endless": always(Response(200, b"x" * 65_536, {"content-type": "application/json"}, behaviour="endless")),
    "choices_is_a_text": _spoilt(lambda body: body.update(choices="none")),
    "message_is_a_text": _spoilt(lambda body: body["choices"].__setitem__(0, {"message": "hello"})),
    "brackets": always(Response(200, b"[" * 200_000, {"content-type": "application/json"})),
    "huge": always(Response(200, b'{"choices": "' + b"x" * 5_000_000 + b'"}', {"content-type": "application/json"})),
    "not_utf8": always(Response(200, b'{"choices": ["\xff\xfe"]}', {"content-type": "application/json"})),
    "a_number": always(as_json(7)),
}
UNUSABLE: dict[str, Scenario] = {
    "content_is_a_number": _spoilt(_message(content=7)),
    "content_is_brackets": always(completion("[" * 200_000)),
    "llama_cpp_other_form": _recorded("form"),
    "llama_cpp_prose": _recorded("completion"),
    "only_thoughts": always(completion("<think>Хорошо, посмотрим на этот звонок…")),
}
OVERFLOWS: dict[str, Scenario] = {
    "llama_cpp_overflow": _recorded("overflow"),
    "litellm_overflow": _overflow(recorded.LITELLM_OVERFLOW),
    "vllm_overflow": _overflow(recorded.VLLM_OVERFLOW),
    "lm_studio_overflow": _overflow(recorded.LM_STUDIO_OVERFLOW),
    "tgi_overflow": _overflow(recorded.TGI_OVERFLOW, 422),
}
OTHERS: dict[str, Scenario] = {
    "llama_cpp_cut_form": _recorded("cut_form"),
    "template": _recorded("two_user_turns"),
    "llama_cpp_unknown_schema": _recorded("unknown_schema"),
    "llama_cpp_wrong_path": _recorded("wrong_path"),
    "llama_cpp_wrong_key": _recorded("wrong_key"),
}
