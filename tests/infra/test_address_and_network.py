"""The address the CRM knows stays, and dispatch leaves through nothing else."""

import pytest

from tests.infra.templates import EVERYWHERE, ON_AWS, Templates, environment


@pytest.mark.parametrize("env", EVERYWHERE)
def test_every_address_outlives_its_stack(synthesised: Templates, env: str) -> None:
    addresses = synthesised.resources(env, "address", "AWS::EC2::EIP")

    assert len(addresses) == environment(env).network.nat_gateways
    assert {each["DeletionPolicy"] for each in addresses.values()} == {"RetainExceptOnCreate"}
    assert {each["UpdateReplacePolicy"] for each in addresses.values()} == {"Retain"}


@pytest.mark.parametrize("env", EVERYWHERE)
def test_the_address_stack_is_protected_in_every_environment(synthesised: Templates, env: str) -> None:
    manifest = (synthesised.folder / "manifest.json").read_text(encoding="utf-8")
    artifact = manifest.split(f'"postcall-{env}-address": {{', 1)[1].split('"dependencies"', 1)[0]

    assert '"terminationProtection": true' in artifact


@pytest.mark.parametrize("env", EVERYWHERE)
def test_the_static_addresses_are_an_output(synthesised: Templates, env: str) -> None:
    assert "StaticIps" in synthesised.template(env, "address")["Outputs"]


@pytest.mark.parametrize("env", EVERYWHERE)
def test_every_nat_gateway_stands_on_one_of_those_addresses(synthesised: Templates, env: str) -> None:
    gateways = synthesised.resources(env, "network", "AWS::EC2::NatGateway").values()
    used = [str(each["Properties"]["AllocationId"]) for each in gateways]

    assert len(set(used)) == environment(env).network.nat_gateways
    assert all(f"postcall-{env}-address" in allocation for allocation in used)
    assert not synthesised.resources(env, "network", "AWS::EC2::EIP")


@pytest.mark.parametrize("env", EVERYWHERE)
def test_dynamodb_and_s3_are_reached_without_the_nat(synthesised: Templates, env: str) -> None:
    endpoints = synthesised.resources(env, "network", "AWS::EC2::VPCEndpoint").values()

    assert {str(each["Properties"]["ServiceName"]).rsplit(".", 1)[1][:2] for each in endpoints} == {"dy", "s3"}
    assert {each["Properties"]["VpcEndpointType"] for each in endpoints} == {"Gateway"}


@pytest.mark.parametrize("env", ON_AWS)
def test_dispatch_alone_is_in_the_private_subnets_and_may_reach_the_crm_and_aws_only(
    synthesised: Templates, env: str
) -> None:
    functions = synthesised.properties(env, "pipeline", "AWS::Lambda::Function", "FunctionName")
    inside = {name: each["VpcConfig"] for name, each in functions.items() if "VpcConfig" in each}
    (firewall,) = synthesised.resources(env, "pipeline", "AWS::EC2::SecurityGroup").values()
    out = firewall["Properties"]["SecurityGroupEgress"]

    assert list(inside) == [f"postcall-{env}-dispatch"]
    assert all("privateSubnet" in str(subnet) for each in inside.values() for subnet in each["SubnetIds"])
    assert [(rule["FromPort"], rule["ToPort"], rule["IpProtocol"]) for rule in out] == [
        (443, 443, "tcp"),
        (6163, 6163, "tcp"),
    ]
    assert "SecurityGroupIngress" not in firewall["Properties"]


@pytest.mark.parametrize("env", EVERYWHERE)
def test_zones_are_named_so_that_no_account_is_asked(synthesised: Templates, env: str) -> None:
    subnets = synthesised.resources(env, "network", "AWS::EC2::Subnet").values()

    assert {each["Properties"]["AvailabilityZone"] for each in subnets} == set(environment(env).availability_zones)
