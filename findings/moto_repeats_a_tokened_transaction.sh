#!/usr/bin/env bash
# DynamoDB applies a TransactWriteItems once per ClientRequestToken (for ten minutes); moto applies it each time.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check boto3==1.44.8 botocore==1.44.8 'moto[dynamodb]==5.2.5' 2>/dev/null

cat >"$place/compare.py" <<'PY'
import os
import sys
from importlib.metadata import version

import boto3
from moto import mock_aws

os.environ.update(AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", AWS_DEFAULT_REGION="eu-central-1")
with mock_aws():
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="stock",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    key = {"id": {"S": "flat-12"}}

    def view(token):
        step = {"TableName": "stock", "Key": key, "UpdateExpression": "ADD viewings :one"}
        step["ExpressionAttributeValues"] = {":one": {"N": "1"}}
        client.transact_write_items(TransactItems=[{"Update": step}], ClientRequestToken=token)

    view("order-1")
    view("order-1")  # what a client sends again when the answer was lost
    viewings = client.get_item(TableName="stock", Key=key)["Item"]["viewings"]["N"]

print("moto", version("moto"), "| boto3", version("boto3"))
print("one transaction, sent twice with the same ClientRequestToken: viewings =", viewings, "(DynamoDB documents 1)")
if viewings != "2":
    sys.exit("the behaviour is not seen any more")
PY
"$place/venv/bin/python" -W ignore "$place/compare.py"
echo "Hurt: who tests a repeated write with moto: a right program fails there, and a program without a token looks no worse."
