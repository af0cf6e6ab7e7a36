"""The base of every stored value: a frozen pydantic model with structural sharing."""

from typing import Annotated, Any, NamedTuple, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationInfo,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema, to_json

Item = TypeVar("Item", covariant=True)


class Model(BaseModel):
    """An immutable value; equal by content, changed only by `evolve`."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, revalidate_instances="never", defer_build=True
    )

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
    nobody can tell by identity that none has changed. A field takes it on by an annotation that says how many there
    may be:

        clips: Annotated[tuple[Clip, ...], Shared.most(4096)] = ()

    Any tuple may be given; one that is a `Shared` already was checked when it was made. What checks the children is
    built when there are some: a project that has no rule never builds the 28 models of rules.
    """

    @classmethod
    def most(cls, count: int) -> "_Children":
        """Return the annotation of a field that holds `count` children at most."""
        return _Children(cls, count)


class _Children(NamedTuple):
    """How pydantic takes a `Shared`."""

    kind: type[Shared[Any]]
    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        children = self._checked(source)

        def kept(value: Any, info: ValidationInfo) -> Any:
            if isinstance(value, self.kind):
                return value
            if not value:
                return () if value == () else children.validate_python(value)
            # What came as JSON is read as such: a number in it may stand for what Python gives as an object.
            read = children.validate_json(to_json(value)) if info.mode == "json" else children.validate_python(value)
            return self.kind(read)

        def described(_: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
            return handler(children.core_schema)

        return core_schema.with_info_plain_validator_function(kept, metadata={"pydantic_js_functions": [described]})

    def _checked(self, source: Any) -> TypeAdapter[tuple[Any, ...]]:
        return TypeAdapter(Annotated[source, Field(max_length=self.most)], config=ConfigDict(defer_build=True))
