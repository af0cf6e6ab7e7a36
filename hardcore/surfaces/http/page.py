"""The page at `/`: one file with its style and script, and headers by which it loads nothing from elsewhere."""

import base64
import hashlib
import re
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

PAGE = Path(__file__).with_name("page.html")


def policy(page: str) -> str:
    """Return the content security policy of a page: its own style and script, by their hashes, and this server."""

    def hashes(tag: str) -> str:
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        return " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in inside
        )

    return (
        f"default-src 'none'; script-src {hashes('script')}; style-src {hashes('style')}; connect-src 'self'; "
        "media-src blob:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def add_page(app: FastAPI) -> None:
    """Add the page; it holds nothing of the project and so needs no token."""
    page = PAGE.read_text(encoding="utf-8")
    headers = {
        "content-security-policy": policy(page),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-cache",
    }

    @app.get("/")
    async def shown() -> HTMLResponse:
        return HTMLResponse(page, headers=headers)
