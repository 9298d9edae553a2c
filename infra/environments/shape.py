"""What every piece of configuration is: immutable, and refusing a key it does not know."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)
