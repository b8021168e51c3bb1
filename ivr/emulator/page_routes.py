"""The phone page, the fonts of its three scripts, and what it has to know."""

import re
from pathlib import Path

from aiohttp import web

from ivr.emulator.wire import answer_json, exchange_of, refuse

PAGE = Path(__file__).parent / "page"
# As npm lays them out beside the code; where they are missing the system's own fonts serve.
FONTS = Path(__file__).parents[2] / "node_modules" / "@fontsource"

_FILE = re.compile(r"[a-z0-9_-]+\.(html|css|js|svg|woff2)")
_PACKAGE = re.compile(r"noto-sans(-bengali|-devanagari)?")
# Sounds come from wherever the application says; everything else from here.
_POLICY = "default-src 'self'; media-src *; img-src 'self' data:; base-uri 'none'; frame-ancestors 'self'"


async def show_page(request: web.Request) -> web.StreamResponse:
    """GET / and /page/{file}."""
    folder = Path(exchange_of(request).settings.page or PAGE)
    return _send(folder, request.match_info.get("file", "index.html"), "no-cache")


async def show_font(request: web.Request) -> web.StreamResponse:
    """GET /fonts/{package}/{file}."""
    package = request.match_info["package"]
    if not _PACKAGE.fullmatch(package):
        return refuse(404, "There is no such font here.")
    return _send(FONTS / package / "files", request.match_info["file"], "max-age=604800")


async def tell_about(request: web.Request) -> web.StreamResponse:
    """GET /local/about: the number that phones dial, where the desk is, and whether sound is carried, or why not."""
    ex = exchange_of(request)
    about = {"number": ex.settings.number, "desk_url": ex.settings.desk_url}
    return answer_json({**about, "voice": ex.mixer is not None, "no_voice": ex.no_voice})


def _send(folder: Path, file: str, caching: str) -> web.StreamResponse:
    if not _FILE.fullmatch(file) or not (folder / file).is_file():
        return refuse(404, "There is no such page here. The phone is at /.")
    return web.FileResponse(
        folder / file,
        headers={
            "Cache-Control": caching,
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        },
    )


ROUTES = [
    web.get("/", show_page),
    web.get("/page/{file}", show_page),
    web.get("/fonts/{package}/{file}", show_font),
    web.get("/local/about", tell_about),
]
