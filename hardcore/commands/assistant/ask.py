"""Asking: a question or a wish in any words, for a language model where one is set up; and what this program is."""

from hardcore.commands.assistant.modelanswer import Asked, can_consult
from hardcore.commands.composing.compose import answer_question
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Result
from hardcore.commands.core.types import Flag, Words


@command(
    "ask",
    "ask how do I cancel a job?",
    tries=True,
    about={
        "words": "what you want to know or have done",
        "apply": "do what is planned at once, where it changes no more than was named",
    },
)
async def ask(call: Call, words: Words, *, apply: Flag = False) -> Asked | Done:
    """Ask in any words: a language model plans commands, which are shown; `1` does them as one step.

    It needs a model: `assistant.url` and `assistant.model` of /config, and where the server wants a key,
    HARDCORE_ASSISTANT_KEY in the environment or in a file .env. Without a model, questions are answered from the
    project and the guide.
    """
    from hardcore.language.asking import is_question

    if not can_consult(call) and is_question(words):
        return answer_question(call, words)
    from hardcore.commands.assistant.consult import consult

    return await consult(call, words, apply=apply)


class About(Result):
    """What this program is here: version, engine, and the model that may be asked, null without one."""

    version: str
    engine: str
    model: str | None
    url: str | None
    key: bool
    mode: str

    def text(self) -> str:
        """Return it in a few lines."""
        key = "with a key" if self.key else "without a key"
        model = f"{self.model} at {self.url}, {key}; asked: {self.mode}" if self.model else "none is set up: offline"
        return f"hardcore {self.version}\nengine: {self.engine}\nlanguage model: {model}"


@command("about", "about", effects=())
def about(call: Call) -> About:
    """Say which version this is, which engine plays, and which language model may be asked."""
    from hardcore.assistant.keys import api_key

    settings = call.studio.settings
    model = settings.assistant
    return About(
        version=call.studio.version,
        engine=settings.engine.kind,
        model=model.model if model.configured else None,
        url=model.url if model.configured else None,
        key=bool(model.configured and api_key(model.url)),
        mode=model.mode,
    )
