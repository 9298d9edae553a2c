"""A cloud assembly as the CDK writes them, small enough to see through: one API, two functions, a queue, a table."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BUCKET = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
STACK = "probe"
Resource = dict[str, Any]


def write_assembly(directory: Path, template: dict[str, Any] | None = None) -> Path:
    """Write `cdk.out`, the stack in a nested assembly as a stage's are."""
    nested = directory / "assembly-local"
    nested.mkdir(parents=True)
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": nested.name}}
    _write(directory / "manifest.json", {"artifacts": {"stage": stage}})
    stack = {"stackName": STACK, "templateFile": "probe.template.json"}
    artifact = {"type": "aws:cloudformation:stack", "properties": stack, "dependencies": ["probe.assets"]}
    _write(nested / "manifest.json", {"artifacts": {STACK: artifact, "probe.assets": {"type": "cdk:asset-manifest"}}})
    _write(nested / "probe.template.json", template or probe_template())
    _write(nested / "probe.assets.json", {"files": {name: _asset(name) for name in ("probe", "probe_layer")}})
    return directory


def probe_template() -> dict[str, Any]:
    """The template of the probe."""
    return {
        "Parameters": {"ProbeSetting": {"Type": "String", "Default": "by default"}},
        "Resources": _data() | _queues() | _functions() | _api() | _recorded(),
        "Outputs": {
            "SecretReference": {"Value": {"Ref": "Secret"}},
            "Address": {"Value": {"Ref": "Address"}},
            "AllocationId": {"Value": {"Fn::GetAtt": ["Address", "AllocationId"]}},
            "Queue": {"Value": {"Ref": "Queue"}},
            "DeadLetters": {"Value": {"Ref": "DeadLetters"}},
        },
    }


def _data() -> Resource:
    return {
        "Table": _resource(
            "AWS::DynamoDB::Table",
            TableName="probe",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ),
        "Secret": _resource("AWS::SecretsManager::Secret", Name="probe/empty"),
    }


def _queues() -> Resource:
    redrive = {"deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetters", "Arn"]}, "maxReceiveCount": 2}
    return {
        "DeadLetters": _resource("AWS::SQS::Queue", QueueName="probe-dead-letters"),
        "Queue": _resource("AWS::SQS::Queue", QueueName="probe", VisibilityTimeout=3, RedrivePolicy=redrive),
        "DeadLetterAlarm": _depth_alarm("dead-letters", {"Fn::GetAtt": ["DeadLetters", "QueueName"]}),
        "OtherAlarm": _depth_alarm("elsewhere", "another-queue"),
    }


def _depth_alarm(name: str, queue: object) -> Resource:
    return _resource(
        "AWS::CloudWatch::Alarm",
        AlarmName=f"probe-{name}",
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": queue}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )


def _functions() -> Resource:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {
        "Role": _resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": [trust]}),
        "Layer": _resource("AWS::Lambda::LayerVersion", Content=_code("probe_layer")),
        "Web": _function("web", Layers=[{"Ref": "Layer"}]),
        "Consumer": _function("consume"),
        "Mapping": _resource(
            "AWS::Lambda::EventSourceMapping",
            EventSourceArn={"Fn::GetAtt": ["Queue", "Arn"]},
            FunctionName={"Ref": "Consumer"},
            BatchSize=10,
            FunctionResponseTypes=["ReportBatchItemFailures"],
        ),
    }


def _api() -> Resource:
    integration = {"Fn::Join": ["", ["integrations/", {"Ref": "Integration"}]]}
    return {
        "Api": _resource("AWS::ApiGatewayV2::Api", Name="probe", ProtocolType="HTTP"),
        "Integration": _resource(
            "AWS::ApiGatewayV2::Integration",
            ApiId={"Ref": "Api"},
            IntegrationType="AWS_PROXY",
            IntegrationUri={"Fn::GetAtt": ["Web", "Arn"]},
            PayloadFormatVersion="2.0",
        ),
        "Route": _resource(
            "AWS::ApiGatewayV2::Route", ApiId={"Ref": "Api"}, RouteKey="ANY /{proxy+}", Target=integration
        ),
        "Stage": _resource("AWS::ApiGatewayV2::Stage", ApiId={"Ref": "Api"}, StageName="$default", AutoDeploy=True),
    }


def _recorded() -> Resource:
    return {
        "Address": _resource("AWS::EC2::EIP", Domain="vpc"),
        "Budget": _resource("AWS::Budgets::Budget", Budget={"BudgetType": "COST", "TimeUnit": "MONTHLY"}),
    }


def _function(handler: str, **properties: object) -> Resource:
    return _resource(
        "AWS::Lambda::Function",
        FunctionName=f"probe-{handler}",
        Runtime=f"python3.{sys.version_info[1]}",
        Handler=f"probe.{handler}",
        Timeout=3,
        Role={"Fn::GetAtt": ["Role", "Arn"]},
        Code=_code("probe"),
        Environment={"Variables": {"PROBE_SETTING": {"Ref": "ProbeSetting"}, "PROBE_TABLE": {"Ref": "Table"}}},
        **properties,
    )


def _code(name: str) -> Resource:
    return {"S3Bucket": {"Fn::Sub": BUCKET}, "S3Key": f"{name}.zip"}


def _asset(name: str) -> Resource:
    return {
        "source": {"path": str(HERE / name), "packaging": "zip"},
        "destinations": {"local": {"bucketName": BUCKET, "objectKey": f"{name}.zip"}},
    }


def _resource(kind: str, **properties: object) -> Resource:
    return {"Type": kind, "Properties": properties}


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")
