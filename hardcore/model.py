"""The base of every stored value: a frozen pydantic model with structural sharing."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """An immutable value; equal by content, changed only by `evolve`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, revalidate_instances="never")

    def evolve(self, **changes: Any) -> Self:
        """Return a copy with `changes`, validated; unchanged children stay the same objects.

        pydantic's own `model_copy` does not validate, and dumping and parsing again loses sharing.
        Raises pydantic.ValidationError.
        """
        return type(self).model_validate({**self._fields(), **changes})

    def _fields(self) -> dict[str, Any]:
        values = self.__dict__
        return {name: values[name] for name in type(self).__pydantic_fields__}
