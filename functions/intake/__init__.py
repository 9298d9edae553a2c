"""intake: a genuine call is stored once and handed on; the caller gets its answer at once."""

from postcall.deferred import defer

# The core's own schemas as types: most of its import, and of use to type checkers alone.
defer("pydantic_core.core_schema", CoreConfig=dict, CoreSchema=dict, CoreSchemaType=str, ErrorType=str)
