#!/usr/bin/env bash
# Two engines that hold a model to a JSON schema allow different texts for one schema: not the schema decides about spaces.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check llguidance==1.9.1 outlines-core==0.2.14 2>/dev/null

cat >"$place/compare.py" <<'PY'
import json
import re
import sys
from importlib.metadata import version

from llguidance import LLMatcher, LLTokenizer
from outlines_core.json_schema import build_regex_from_schema

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"score": {"type": "integer"}, "summary": {"type": "string"}},
        "required": ["score", "summary"],
        "additionalProperties": False,
    }
)
ANSWER = {"score": 4, "summary": "wants two rooms"}
TEXTS = {
    "compact": json.dumps(ANSWER, separators=(",", ":")),
    "one space after each separator": json.dumps(ANSWER),
    "indented by two": json.dumps(ANSWER, indent=2),
    "10,000 spaces between two members": '{"score":4,' + " " * 10_000 + '"summary":"wants two rooms"}',
    "a slash written as \\/": r'{"score":4,"summary":"2\/3 rooms"}',
}
SEEN = {
    "compact": (True, True),
    "one space after each separator": (True, True),
    "indented by two": (True, False),
    "10,000 spaces between two members": (True, False),
    "a slash written as \\/": (False, True),
}
TOKENIZER = LLTokenizer("byte")
EXPRESSION = re.compile(build_regex_from_schema(SCHEMA))


def llguidance(text):
    matcher = LLMatcher(TOKENIZER, LLMatcher.grammar_from_json_schema(SCHEMA))
    tokens = TOKENIZER.tokenize_str(text)
    return matcher.validate_tokens(tokens) == len(tokens) and matcher.consume_tokens(tokens) and matcher.is_accepting()


print("llguidance", version("llguidance"), "| outlines-core", version("outlines-core"))
found = {}
for name, text in TEXTS.items():
    json.loads(text)  # each of them is JSON that fits the schema
    found[name] = llguidance(text), EXPRESSION.fullmatch(text) is not None
    print(f"{name:36}", *(f"{engine}: {'allowed' if yes else 'refused':9}" for engine, yes in zip(("llguidance", "outlines-core"), found[name])))
if found != SEEN:
    sys.exit("the behaviour is not seen any more")
PY
"$place/venv/bin/python" "$place/compare.py"
echo "Hurt: who changes the model's server and keeps the schema: a model may fill its whole answer with spaces on one, and be cut off."
