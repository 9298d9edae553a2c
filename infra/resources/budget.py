"""The month's budget: a warning when most of it is spent, another when it will not be enough."""

from aws_cdk import aws_budgets as budgets
from constructs import Construct

from infra.environments import Environment


class MonthlyBudget(Construct):
    """Of the whole account: Postcall has one per environment."""

    def __init__(self, scope: Construct, environment: Environment, limit_usd: int, topic_arn: str) -> None:
        super().__init__(scope, "Budget")
        budgets.CfnBudget(
            self,
            "Monthly",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=environment.names.prefix,
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=limit_usd, unit="USD"),
            ),
            notifications_with_subscribers=[
                self._warning("ACTUAL", 80, topic_arn),
                self._warning("FORECASTED", 100, topic_arn),
            ],
        )

    def _warning(
        self, kind: str, percent: int, topic_arn: str
    ) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
        return budgets.CfnBudget.NotificationWithSubscribersProperty(
            notification=budgets.CfnBudget.NotificationProperty(
                notification_type=kind,
                comparison_operator="GREATER_THAN",
                threshold=percent,
                threshold_type="PERCENTAGE",
            ),
            subscribers=[budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=topic_arn)],
        )
