"""A receiver as one function of the same emulated AWS, without Postcall: an HTTP API, the function, a table.

As with Postcall the function's processes are killed and the emulator is spared.
"""

from __future__ import annotations

import io
import subprocess
import urllib.request
import zipfile
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Final

from tools.local.aws import ACCOUNT, EmulatedAws
from tools.local.paths import EMULATOR_PYTHON
from tools.local.ports import free_port
from tools.local.services import emulator_command
from tools.verify.peers import emulated
from tools.verify.peers.calls import SECRET
from tools.verify.peers.install import Say
from tools.verify.peers.systems import CRM_TIMEOUT_SECONDS, HOST, Peer

LAMBDAS: Final = Path(__file__).with_name("lambdas")
_NAME: Final = "receiver"
_VERSIONS = "import importlib.metadata as m; print(*(m.version(n) for n in ('boto3', 'ministack')))"
_OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class FunctionPeer(Peer):
    """The emulator in its process group, with a function of one file of `lambdas`."""

    path = "/webhooks/elevenlabs"
    file: str

    def __init__(self) -> None:
        super().__init__()
        self._aws_port = 0

    def prepare(self, say: Say) -> None:
        """Nothing: `make setup` has installed the emulator."""

    def furnish(self) -> None:
        """Nothing: the table is made once the emulator answers."""
        self._aws_port = free_port()

    def command(self) -> Sequence[str]:
        """The emulator of the local stack."""
        return emulator_command(self.home / "emulator", aws=self._aws_port, api=self.port)

    def environment(self) -> Mapping[str, str]:
        """Nothing of its own."""
        return {}

    def is_ready(self) -> bool:
        """Whether the emulated AWS answers."""
        try:
            with _OPENER.open(f"http://{HOST}:{self._aws_port}/_ministack/health", timeout=5) as answer:
                return bool(answer.status == HTTPStatus.OK)
        except OSError:
            return False

    def start(self, crm_url: str) -> None:
        """The emulator, empty; then the table, the function and its API."""
        super().start(crm_url)
        aws = EmulatedAws(f"http://{HOST}:{self._aws_port}")
        aws.dynamodb().create_table(
            TableName=_NAME,
            AttributeDefinitions=[{"AttributeName": "event_id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "event_id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        function = aws.functions().create_function(
            FunctionName=_NAME,
            Runtime="python3.13",
            Role=f"arn:aws:iam::{ACCOUNT}:role/{_NAME}",
            Handler=f"{self.file}.handler",
            Code={"ZipFile": _packed(self.file)},
            Timeout=30,
            MemorySize=512,
            Environment={"Variables": self._variables(crm_url)},
        )
        gateway = aws.client("apigatewayv2")
        api = gateway.create_api(Name=_NAME, ProtocolType="HTTP")["ApiId"]
        integration = gateway.create_integration(
            ApiId=api,
            IntegrationType="AWS_PROXY",
            IntegrationUri=function["FunctionArn"],
            PayloadFormatVersion="2.0",
        )["IntegrationId"]
        gateway.create_route(ApiId=api, RouteKey=f"POST {self.path}", Target=f"integrations/{integration}")
        gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)

    def kill(self) -> None:
        """SIGKILL to the function's processes."""
        if self._started is not None:
            emulated.kill_functions(self._started.pid)

    def megabytes(self) -> dict[str, float]:
        """The function's processes, and the emulated AWS apart."""
        return emulated.megabytes(self._started.pid) if self._started else {}

    def versions(self) -> dict[str, str]:
        """What the emulated runtime brings, and the emulator's."""
        found = subprocess.run([EMULATOR_PYTHON, "-c", _VERSIONS], capture_output=True, text=True, check=True).stdout
        return dict(zip(("boto3", "ministack"), found.split(), strict=True))

    @staticmethod
    def _variables(crm_url: str) -> dict[str, str]:
        crm = {"CRM_URL": crm_url, "CRM_TIMEOUT_MS": str(CRM_TIMEOUT_SECONDS * 1000)}
        return {"TABLE": _NAME, "WEBHOOK_SECRET": SECRET, **crm}


class PlainFunction(FunctionPeer):
    """What most write on AWS: one function that does it all before it answers."""

    name = "lambda_plain"
    file = "plain"
    setting = (
        "one function on the same emulated AWS: stores, posts the lead, marks, answers; 502 when the CRM does not take "
        "it, and the sender tries again; drops a second event whose lead is made"
    )


class Floor(FunctionPeer):
    """The least that a receiver can do on the same emulated AWS; nothing follows, so misfortunes are not tried."""

    name = "floor"
    file = "floor"
    makes_leads = False
    setting = "one function on the same emulated AWS that puts what it is sent and answers: no signature, no lead"


def _packed(file: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(LAMBDAS / f"{file}.py", f"{file}.py")
    return packed.getvalue()
