#!/usr/bin/env bash
# Several servers that speak OpenAI's wire send `"code": 400`, a number; the openai package hands it on as the text '400'.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check openai==3.57.0 2>/dev/null

cat >"$place/compare.py" <<'PY'
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import openai

ANSWER = {"error": {"message": "the request exceeds the context size", "type": "exceed_context_size_error", "code": 400}}


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps(ANSWER).encode()
        self.send_response(400)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = openai.OpenAI(base_url=f"http://127.0.0.1:{server.server_port}/v1", api_key="invented", max_retries=0)
try:
    client.chat.completions.create(model="any", messages=[{"role": "user", "content": "Good day"}])
except openai.BadRequestError as error:
    seen = error.code, error.body["code"], error.status_code
print("openai", openai.__version__)
print("on the wire: code =", repr(ANSWER["error"]["code"]))
print("error.code =", repr(seen[0]), "| error.body['code'] =", repr(seen[1]), "| error.status_code =", repr(seen[2]))
if seen != ("400", 400, 400):
    sys.exit("the behaviour is not seen any more")
PY
"$place/venv/bin/python" "$place/compare.py"
echo "Hurt: who sorts a local server's errors by error.code == 400, or expects one type in error.code and error.body['code']."
