#!/usr/bin/env bash
# Powertools' circuit breaker shares that a circuit is open, but each process counts failures for itself.
# Workers that share one DynamoDB table (moto's) fail in turn against a dead service, always in a fresh process.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    aws-lambda-powertools==3.37.0 boto3==1.44.8 botocore==1.44.8 'moto[dynamodb]==5.2.5' flask==3.1.3 flask-cors==6.0.5 2>/dev/null

cat >"$place/worker.py" <<'PY'
"""One Lambda environment: calls a service that is away, as often as it is told, and prints how often it was asked."""
import sys

import boto3
from aws_lambda_powertools.utilities.circuit_breaker import CircuitBreakerConfig, circuit_breaker
from aws_lambda_powertools.utilities.circuit_breaker.persistence import CircuitBreakerDynamoDBPersistence

client = boto3.client("dynamodb", endpoint_url=sys.argv[1])
asked = 0


@circuit_breaker(
    name="crm",
    persistence_store=CircuitBreakerDynamoDBPersistence(table_name="circuits", boto3_client=client),
    on_circuit_open=lambda **_: None,
    config=CircuitBreakerConfig(failure_threshold=5, recovery_timeout=600),
)
def deliver():
    global asked
    asked += 1
    raise ConnectionError


for _ in range(int(sys.argv[2])):
    try:
        deliver()
    except ConnectionError:
        pass
print(asked)
PY

cat >"$place/compare.py" <<'PY'
import logging
import os
import subprocess
import sys
from importlib.metadata import version

import boto3
from moto.server import ThreadedMotoServer

os.environ.update(AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", AWS_DEFAULT_REGION="eu-central-1")
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
host, port = server.get_host_and_port()
address = f"http://{host}:{port}"
client = boto3.client("dynamodb", endpoint_url=address)


def failures(calls_of_each_worker):
    client.create_table(
        TableName="circuits",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    asked = 0
    for calls in calls_of_each_worker:
        worker = [sys.executable, sys.argv[1], address, str(calls)]
        asked += int(subprocess.run(worker, check=True, capture_output=True, text=True).stdout)
    item = client.get_item(TableName="circuits", Key={"id": {"S": "crm"}}).get("Item")  # none until it first opens
    client.delete_table(TableName="circuits")
    return asked, "closed" if item is None else item["state"]["S"].lower()


print("aws-lambda-powertools", version("aws-lambda-powertools"), "| moto", version("moto"), "| failure_threshold = 5")
one = failures([8])
print("one worker, eight calls:        the dead service was asked", one[0], "times, the circuit is", one[1])
two = failures([4, 4])
print("two workers, four calls each:   the dead service was asked", two[0], "times, the circuit is", two[1])
server.stop()
if one != (5, "open") or two != (8, "closed"):
    sys.exit("the behaviour is not seen any more")
PY
"$place/venv/bin/python" -W ignore "$place/compare.py" "$place/worker.py"
echo "Hurt: Lambdas that scale out or rarely run: each environment may fail four times for ever, and the circuit never opens."
