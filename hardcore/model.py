"""The base of every stored value: a frozen pydantic model with structural sharing."""

from collections.abc import Callable
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Item = TypeVar("Item", covariant=True)


class Model(BaseModel):
    """An immutable value; equal by content, changed only by `evolve`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, revalidate_instances="never")

    def evolve(self, **changes: Any) -> Self:
        """Return a copy with `changes`, validated; unchanged children stay the same objects.

        pydantic's own `model_copy` does not validate, and dumping and parsing again loses sharing.
        Raises pydantic.ValidationError.
        """
        model, values = type(self), self.__dict__
        # what is computed once is among the values too, but no field
        fields = {name: values[name] for name in model.__pydantic_fields__}
        fields.update(changes)
        made: Self = model.__pydantic_validator__.validate_python(fields)
        return made


class Shared(tuple[Item, ...]):
    """A tuple of children that stays the same object while other fields change.

    pydantic looks at every item of a plain tuple and copies it, at each `evolve`: 12,800 of them cost 0.35 ms, and
    nobody can tell by identity that none has changed. A field takes it on as the last of its annotations:

        clips: Annotated[tuple[Clip, ...], Field(max_length=4096), Shared] = ()

    Any tuple may be given; one that is a `Shared` already was checked when it was made.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def kept(value: Any, check: Callable[[Any], Any]) -> Any:
            if isinstance(value, cls):
                return value
            return cls(checked) if (checked := check(value)) else ()

        return core_schema.no_info_wrap_validator_function(kept, handler(source))
