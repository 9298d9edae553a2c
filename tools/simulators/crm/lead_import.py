"""The import of one form into one lead: defaults, columns, required check, lookups, find by Id, save.

Both roads of the service share this part, and the letter's body too. Its traps are the product's own: unknown names and
empty values vanish, a missing lookup value is created, a value that does not convert leaves a saved lead and an error.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from tools.simulators.crm import answers
from tools.simulators.crm.entity import Column, NotConvertible, Value, by_name, convert, cut, guid, is_too_long
from tools.simulators.crm.exchange import Refused, Unhandled
from tools.simulators.crm.faults import Injected
from tools.simulators.crm.form_data import Field
from tools.simulators.crm.profiles import Configuration, Landing
from tools.simulators.crm.records import PRIMARY_KEY, KeyTaken, Lead, Records


@dataclass
class _Row:
    """The lead in the making."""

    values: dict[str, Value] = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    not_set: list[str] = field(default_factory=list)
    errors: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class Import:
    """Where a form is imported to, for one request."""

    config: Configuration
    records: Records
    injected: Injected
    pause: Callable[[float], object]
    request_number: int

    def save(self, fields: tuple[Field, ...], landing: Landing, contact: dict[str, str] | None = None) -> None:
        """Save the lead.

        Raises:
            Refused: A value or the lead was refused; the lead may be saved all the same.
            Unhandled: The server fails.
            Interrupted: By an ordered fault.
        """
        row = _Row()
        supplied = self._matched(self._with_defaults(fields, landing), row)
        self._check_required(supplied)
        for column, text in sorted(supplied.values(), key=lambda pair: pair[0].type != "lookup"):
            self._set(row, column, text)
        lead_id = guid(supplied["Id"][1]) if "Id" in supplied else None
        lead = Lead(
            lead_id or str(uuid.uuid4()), landing.id, row.values, contact=contact or {}, requests=[self.request_number]
        )
        lead.cut, lead.dropped, lead.not_set = row.cut, row.dropped, row.not_set
        self._commit(lead)
        if row.errors:
            raise row.errors[0]
        self.injected.after_commit()

    def _matched(self, fields: tuple[Field, ...], row: _Row) -> dict[str, tuple[Column, str]]:
        """The last value of each column there is; unknown names and empty values go."""
        columns = by_name(self.config.columns)
        supplied: dict[str, tuple[Column, str]] = {}
        for item in fields:
            column = columns.get(item.name or "")
            if column is None:
                row.dropped.append(str(item.name))
            elif item.value is not None and not item.is_empty:
                supplied.pop(column.name, None)
                supplied[column.name] = (column, item.value)
        return supplied

    def _with_defaults(self, fields: tuple[Field, ...], landing: Landing) -> tuple[Field, ...]:
        """The form's fields, and the landing's defaults for the columns that are missing or empty."""
        columns = by_name(self.config.columns)
        filled = {columns[item.name].name for item in fields if item.name in columns and not item.is_empty}
        defaults = {"WebForm": landing.id, **landing.defaults}
        return (*fields, *(Field(name, value) for name, value in defaults.items() if name not in filled))

    def _check_required(self, supplied: dict[str, tuple[Column, str]]) -> None:
        for column in self.config.columns:
            if column.required and not column.default and column.name not in supplied:
                raise Unhandled("RequiredColumnsEmptyValuesException")

    def _set(self, row: _Row, column: Column, text: str) -> None:
        try:
            value = (
                self._looked_up(column, text) if column.type == "lookup" else convert(text, column, self.config.culture)
            )
        except NotConvertible:
            row.not_set.append(column.name)
            row.errors.append(Refused(answers.text("format", self.config.culture), "FormatException"))
        except Refused as refused:
            row.not_set.append(column.name)
            row.errors.append(refused)
        else:
            row.values[column.name] = value
            if column.type == "text" and is_too_long(text, column):
                row.cut.append(column.name)

    def _looked_up(self, column: Column, text: str) -> str:
        """The text of the reference book's row; a text that is not in the book is added to it."""
        book = self.config.lookups.get(column.table)
        if found := self.records.find_in_book(column.table, guid(text) or text):
            return found[1]
        if guid(text) or (book is not None and not book.auto_create):
            raise Refused(answers.text("lookup", self.config.culture, column.table), "")
        return self.records.add_to_book(column.table, cut(text, Column("Name")))[1]

    def _commit(self, lead: Lead) -> None:
        """Find, then save: two statements, so that two equal Ids in flight meet as they do in the product."""
        exists = self.records.has_lead(lead.id)
        if self.config.save_seconds:
            self.pause(self.config.save_seconds)
        self.injected.before_commit()
        lead.fields["Id"] = lead.id
        try:
            if exists:
                self.records.update(lead, self.config.columns)
            else:
                for column in self.config.columns:
                    if column.default:
                        lead.fields.setdefault(column.name, column.default)
                self.records.insert(lead, self.config.columns)
        except KeyTaken as taken:
            is_primary, database = taken.index == PRIMARY_KEY, self.config.database
            raise answers.key_taken(taken.index, taken.value, is_primary=is_primary, database=database) from taken
