"""The way out: private subnets whose only road to the world is a NAT gateway with an address that stays.

Only the dispatch function lives here. It reaches DynamoDB through a gateway endpoint, free of charge, and the CRM
through the NAT; an interface endpoint for SQS would cost more than the traffic it saves.
"""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.environments import Environment
from infra.environments.rules import PRIVATE_SUBNET_BITS, PUBLIC_SUBNET_BITS
from infra.resources.acknowledgment import acknowledge
from infra.resources.function import retention
from infra.resources.tables import removal
from infra.stacks.base import PostcallStack


class NetworkStack(PostcallStack):
    def __init__(self, scope: Construct, environment: Environment, allocation_ids: list[str]) -> None:
        super().__init__(
            scope,
            "network",
            environment,
            description="Postcall: the private network that leads leave from",
            protected=environment.data.protected,
        )
        nat = ec2.NatProvider.gateway(eip_allocation_ids=allocation_ids)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            vpc_name=environment.names.prefix,
            ip_addresses=ec2.IpAddresses.cidr(str(environment.network.cidr)),
            max_azs=len(environment.availability_zones),
            nat_gateways=environment.network.nat_gateways,
            nat_gateway_provider=nat,
            # A custom resource, and a Lambda of its own, would empty the default group; nothing is ever put into it.
            restrict_default_security_group=False,
            subnet_configuration=[
                _subnets("public", ec2.SubnetType.PUBLIC),
                _subnets("private", ec2.SubnetType.PRIVATE_WITH_EGRESS),
            ],
            gateway_endpoints={
                "DynamoDb": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.DYNAMODB),
                "S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3),
            },
        )
        acknowledge(
            self.vpc,
            "CloudFormation-Validate::W3010",
            "the zones are named so that templates are made without asking an account, and so that an address stays "
            "in its zone",
        )
        self.nat_gateways = {gateway.az: gateway.gateway_id for gateway in nat.configured_gateways}
        self._flow_log(environment)

    def _flow_log(self, environment: Environment) -> None:
        log_group = logs.LogGroup(
            self,
            "FlowLogs",
            log_group_name=f"/aws/vpc/{environment.names.prefix}",
            retention=retention(environment.network.flow_log_days),
            removal_policy=removal(protected=environment.data.protected),
        )
        self.vpc.add_flow_log("FlowLog", destination=ec2.FlowLogDestination.to_cloud_watch_logs(log_group))


def _subnets(name: str, kind: ec2.SubnetType) -> ec2.SubnetConfiguration:
    private = kind == ec2.SubnetType.PRIVATE_WITH_EGRESS
    return ec2.SubnetConfiguration(
        name=name,
        subnet_type=kind,
        cidr_mask=PRIVATE_SUBNET_BITS if private else PUBLIC_SUBNET_BITS,
        map_public_ip_on_launch=None if private else False,
    )
