"""prompt_toolkit's style from ours. Nothing is said by colour alone: only the chosen completion is not reversed."""

from prompt_toolkit.styles import Style

from hardcore.surfaces.screen.styles import STYLES

STYLE = Style.from_dict(
    {
        "completion-menu": "noinherit",
        "completion-menu.completion": "reverse",
        "completion-menu.completion.current": "noreverse bold",
        "completion-menu.meta.completion": "reverse",
        "completion-menu.meta.completion.current": "noreverse bold",
        "auto-suggestion": "ansibrightblack",
        "bar": "reverse",
        **STYLES,
    }
)
