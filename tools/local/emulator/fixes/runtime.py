"""Restores AWS's Python runtime: `awslambdaric` over the Runtime API, whatever python3.x the template names.

ministack runs Python functions in a worker of its own, with another error shape and an environment thrown away after
each exception; but it serves the real Runtime API to `provided.*` functions. Python functions are led that way.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from tools.local.emulator.fixes import metrics
from tools.local.emulator.function_log import FunctionLog
from tools.local.emulator.unpacked import unpacked

if TYPE_CHECKING:
    import queue


class PythonEnvironment(lambda_runtime.ProvidedWorker):  # type: ignore[misc]  # ministack has no types
    """One execution environment: a process that takes one event after another from the Runtime API."""

    def __init__(self, func_name: str, config: dict[str, Any], code_zip: bytes) -> None:
        super().__init__(func_name, config, code_zip)
        self._log = FunctionLog(func_name)

    def _build_handler_class(self, generation: int, pending: queue.Queue[Any]) -> type:
        handler: type = super()._build_handler_class(generation, pending)
        handler.disable_nagle_algorithm = True  # type: ignore[attr-defined]  # else each answer waits 40 ms for an ACK
        handler.parse_request = _parse_request  # type: ignore[attr-defined]
        handler.send_response = handler.send_response_only  # type: ignore[attr-defined]  # no date, no server's name
        return handler

    def _pump_output(self, stream: IO[bytes], log_queue: queue.Queue[str]) -> None:
        account, region = lambda_svc._account_region_from_function_config(self.config)

        def each(line: str) -> None:
            self._log.write(line)
            metrics.record_embedded(line, account=account, region=region)

        super()._pump_output(_Tee(stream, each), log_queue)

    def _drain_stderr_bounded(self, *_waits: float, **_named_waits: float) -> str:
        """What was printed so far; ministack would wait 50 ms for a function that prints nothing."""
        text: str = self._drain_stderr()
        return text

    def invoke(self, *arguments: Any, **named: Any) -> dict[str, Any]:  # noqa: ANN401 — passed through as it came
        result: dict[str, Any] = super().invoke(*arguments, **named)
        payload = result.get("error_payload")
        if isinstance(payload, dict) and payload.get("errorType") in {"Sandbox.Timedout", "Runtime.ExitError"}:
            self._log.write(f"{arguments[1]} {payload['errorMessage']}")
        return result


def _parse_request(self: Any) -> bool:  # noqa: ANN401 — ministack's handler of the Runtime API
    """Line by line: the standard library reads headers as it reads an e-mail, which costs more than an invocation."""
    self.command, self.path, self.request_version = self.raw_requestline.decode("latin-1").split()
    self.headers, self.close_connection = {}, False
    while (line := self.rfile.readline().strip()) != b"":
        name, _, text = line.decode("latin-1").partition(":")
        self.headers[name.title()] = text.strip()
    return self.headers.get("Expect") != "100-continue" or bool(self.handle_expect_100())


class _Tee:
    """A process's output that is also read line by line on its way."""

    def __init__(self, stream: IO[bytes], each: Any) -> None:  # noqa: ANN401 — a callback
        self._stream = stream
        self._each = each

    def readline(self) -> bytes:
        line = self._stream.readline()
        if line:
            self._each(line.decode("utf-8", errors="replace").rstrip("\r\n"))
        return line

    def close(self) -> None:
        self._stream.close()


def install() -> None:
    """Lead python3.x functions to the Runtime API."""
    other_class, other_run = lambda_runtime._worker_class_for, lambda_svc._execute_function_warm

    def worker_class(config: dict[str, Any]) -> type:
        kind: type = PythonEnvironment if _is_python(config) else other_class(config)
        return kind

    def run(function: dict[str, Any], event: Any, request_id: str) -> Any:  # noqa: ANN401 — any JSON
        config = function.get("config") or function
        execute = lambda_svc._execute_function_provided_warm if _is_python(config) else other_run
        return execute(function, event, request_id)

    lambda_runtime._worker_class_for = worker_class
    lambda_svc._execute_function_warm = run
    lambda_svc._provided_runtime_code_dir = lambda code_zip: str(unpacked(code_zip))
    lambda_svc._provided_worker_env = environment


def _is_python(config: dict[str, Any]) -> bool:
    return str(config.get("Runtime", "")).startswith("python3")


def environment(config: dict[str, Any], code_dir: str, port: int) -> dict[str, str]:
    """The variables of an execution environment: the function's own and those AWS sets; nothing of the shell."""
    name = config["FunctionName"]
    region = lambda_svc.get_region()
    variables = dict(lambda_svc._runtime_env_vars(config))
    variables |= {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "en_US.UTF-8",
        "PYTHONUTF8": "1",
        "TZ": ":UTC",
        "TMPDIR": os.environ["TMPDIR"],
        "PYTHONPATH": os.pathsep.join([code_dir, *_layer_paths(config)]),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{config['Runtime']}",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
        "AWS_LAMBDA_FUNCTION_VERSION": config.get("Version", "$LATEST"),
        "AWS_LAMBDA_LOG_GROUP_NAME": (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": lambda_svc.new_uuid(),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
        "LAMBDA_TASK_ROOT": code_dir,
        "_HANDLER": config["Handler"],
        "POSTCALL_EMULATOR_PID": str(os.getpid()),
        **_logging(config.get("LoggingConfig") or {}),
        **lambda_runtime.execution_credentials(config),
    }
    if os.environ["AWS_ENDPOINT_URL"].startswith("https:"):
        variables.setdefault("AWS_CA_BUNDLE", lambda_svc_certificate())
    return variables


def lambda_svc_certificate() -> str:
    """The emulator's own certificate, under USE_SSL=1."""
    from ministack.core import tls  # noqa: PLC0415 — only under TLS

    certificate: str = tls.resolve_tls_material()[0]
    return certificate


def _logging(settings: dict[str, Any]) -> dict[str, str]:
    """Lambda's advanced logging controls, as AWS hands them to the runtime client."""
    if settings.get("LogFormat") != "JSON":
        return {}
    return {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": settings.get("ApplicationLogLevel") or "INFO"}


def _layer_paths(config: dict[str, Any]) -> list[str]:
    """Where the layers' Python lies below what AWS merges into /opt."""
    paths = []
    for attachment in reversed(config.get("Layers") or []):  # in /opt the last layer wins
        content = lambda_svc._resolve_layer_zip(attachment)
        if content:
            root = unpacked(content) / "python"
            versioned: Path = root / "lib" / config["Runtime"] / "site-packages"
            paths += [str(path) for path in (versioned, root) if path.is_dir()]
    return paths
