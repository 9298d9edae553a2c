"""Start the emulated AWS: `python -m tools.local.emulator …`, run by the emulator's own virtual environment.

That environment holds what AWS's Python runtime ships (boto3, botocore, awslambdaric) and ministack, nothing of ours.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import uvloop  # type: ignore[import-not-found]  # the emulator's environment


def main() -> None:
    """Read the command line, set ministack's environment, then import and serve it."""
    arguments = _arguments()
    directory: Path = arguments.directory.resolve()
    os.environ.update(_environment(arguments, directory))
    (directory / "tmp").mkdir(parents=True, exist_ok=True)
    from tools.local.emulator import server  # noqa: PLC0415 — ministack reads its environment when it is imported

    uvloop.run(server.serve(port=arguments.port, api_port=arguments.api_port))
    os._exit(0)  # a handler that still runs must not hold the process up


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.local.emulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="where the AWS services listen")
    parser.add_argument("--api-port", type=int, required=True, help="where the deployed HTTP API listens")
    parser.add_argument("--directory", type=Path, required=True, help="state, unpacked code and the functions' logs")
    parser.add_argument("--region", required=True)
    parser.add_argument("--account", required=True)
    parser.add_argument("--schemas", type=Path, required=True, help="the resource types' schemas, as cfn-lint has them")
    parser.add_argument("--keep-state", action="store_true", help="load the state on start and save it on a clean stop")
    return parser.parse_args()


def _environment(arguments: argparse.Namespace, directory: Path) -> dict[str, str]:
    """What ministack is told; everything stays on loopback and below the directory."""
    tls = os.environ.get("USE_SSL", "").lower() in {"1", "true", "yes"}
    return {
        "GATEWAY_PORT": str(arguments.port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": arguments.region,
        "MINISTACK_ACCOUNT_ID": arguments.account,
        "AWS_ENDPOINT_URL": f"{'https' if tls else 'http'}://127.0.0.1:{arguments.port}",
        "PERSIST_STATE": "1" if arguments.keep_state else "0",
        "S3_PERSIST": "1" if arguments.keep_state else "0",
        "STATE_DIR": str(directory / "state"),
        "S3_DATA_DIR": str(directory / "state" / "s3"),
        "TMPDIR": str(directory / "tmp"),
        "POSTCALL_EMULATOR_DIRECTORY": str(directory),
        "POSTCALL_EMULATOR_SCHEMAS": str(arguments.schemas),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # No Docker daemon is ever asked: ministack would otherwise reap containers that are not ours.
        "DOCKER_HOST": f"unix://{directory}/no-docker.sock",
        "LAMBDA_EXECUTOR": "local",
    }


if __name__ == "__main__":
    main()
