"""Who asks, whether they may, and the line that says so: what every authenticated route goes through.

One line a request in the function's log: the token's name, the route, the event, the status. What was refused for want
of a valid token has no name; it is counted, and an alarm hears of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.http import HttpError, Request, Response, status_of
from postcall.aws.items import Item, to_attribute
from postcall.aws.observe import count, logger
from postcall.aws.secrets import secret
from postcall.domain.access import Right, Token, find_token, read_tokens
from postcall.domain.clock import Clock, write_time
from postcall.domain.errors import PostcallError, Unavailable
from postcall.domain.event_id import loggable
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

NO_TOKENS = '{"tokens": []}'
_KEPT = timedelta(days=2)


class DailyUse:
    """How often a token's right was used in a day, beside the quarantine's counters; of limited rights only."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def admit(self, token: Token, right: Right, *, limit: int, now: datetime) -> bool:
        """Count one more request; False when the day's limit is reached.

        Raises:
            Unavailable: Secrets Manager does not answer now.
        """
        values: Item = {":one": 1, ":limit": limit, ":expires": int((now + _KEPT).timestamp())}
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"quarantine_id": {"S": f"counter:token:{token.name}:{right}:{write_time(now)[:10]}"}},
                UpdateExpression="ADD used :one SET expires_at = :expires",
                ConditionExpression="attribute_not_exists(used) OR used < :limit",
                ExpressionAttributeValues={name: to_attribute(value) for name, value in values.items()},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise Unavailable(said("token.uncounted")) from error
        except BotoCoreError as error:
            raise Unavailable(said("token.uncounted")) from error
        return True


@dataclass(frozen=True)
class Access:
    """What decides on a request: the tokens' secret, the count of their use, and the time."""

    secret_id: str
    use: DailyUse
    clock: Clock

    def serve(
        self,
        request: Request,
        serve: Callable[[Request], Response],
        *,
        route: str,
        right: Right | None,
        event_id: str | None = None,
    ) -> Response:
        """Serve a request that needs a token with this right (with None: any token), and write its line.

        Raises:
            HttpError: 401 without a valid token, 403 without the right, 429 over the day's limit; what `serve` raises.

        """
        token = self._authenticated(request)
        status = int(HTTPStatus.INTERNAL_SERVER_ERROR)
        try:
            self._require(token, right)
            response = serve(replace(request, token=token))
            status = response["statusCode"]
        except PostcallError as error:
            status = int(status_of(error))
            raise
        finally:
            line = {"token": token.name, "route": route, "status": status}
            logger().info("access", extra=line | ({} if event_id is None else {"event_id": loggable(event_id)}))
        return response

    def _authenticated(self, request: Request) -> Token:
        tokens = read_tokens(secret(self.secret_id) or NO_TOKENS)
        token = find_token(request.headers.get("authorization"), tokens)
        if token is None:
            count("TokensRefused")
            raise HttpError(HTTPStatus.UNAUTHORIZED, said("request.token"))
        if token.is_over(self.clock.now()):
            count("TokensRefused")
            raise HttpError(HTTPStatus.UNAUTHORIZED, said("token.over"))
        return token

    def _require(self, token: Token, right: Right | None) -> None:
        if right is None:
            return
        if right not in token.may:
            raise HttpError(
                HTTPStatus.FORBIDDEN, said("token.no_right", right=said(f"right.{right}")), right=right.value
            )
        limit = token.per_day.get(right)
        if limit is not None and not self.use.admit(token, right, limit=limit, now=self.clock.now()):
            detail = said("token.spent", right=said(f"right.{right}"), limit=limit)
            raise HttpError(HTTPStatus.TOO_MANY_REQUESTS, detail, right=right.value)
