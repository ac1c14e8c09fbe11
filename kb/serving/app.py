"""The application: which address is answered by what, and what holds for all of them."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kb import __version__
from kb.output import note
from kb.serving.endpoint import METHODS, Endpoint, document
from kb.serving.media_types import GRAPHS, HTML
from kb.serving.negotiation import preferred
from kb.serving.query_page import STATIC, named_queries
from kb.serving.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kb.collection import Collection
    from kb.serving.pool import Pool

LOOPBACK = ["localhost", "127.0.0.1", "::1", "[::1]"]
_LOCAL_ORIGINS = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"
_ROBOTS = "User-agent: *\nDisallow: /sparql\n"
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
_POLICY = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
)


def make_app(collection: Collection, pool: Pool, *, loopback: bool, started: Callable[[], None]) -> Starlette:
    """Return the application over a pool that it starts and closes; ``started`` is called in between.

    On loopback, other names for this server and pages of other hosts are refused: no page that its user happens to
    visit is to read a collection that is not public.
    """
    site = _Site(collection, pool)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await pool.start()
        started()
        yield
        await pool.close()

    origins = {"allow_origin_regex": _LOCAL_ORIGINS} if loopback else {"allow_origins": ["*"]}
    cors = Middleware(
        CORSMiddleware, **origins, allow_methods=METHODS, allow_headers=["*"], expose_headers=["*"], max_age=86400
    )
    hosts = [Middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK, www_redirect=False)] if loopback else []
    routes = [
        Route("/", site.first_page),
        Route("/sparql", Endpoint(pool).answer, methods=[*METHODS]),
        Route("/queries.json", site.queries),
        Route("/health", site.health),
        Route("/.well-known/void", site.collection),
        Route("/robots.txt", site.robots),
        Route("/favicon.ico", site.icon),
        Mount("/static", StaticFiles(directory=STATIC)),
        Route("/{kind}/", site.listing),
        Route("/{path:path}", site.thing),
    ]
    return Starlette(
        routes=routes, middleware=[Middleware(_Headers), *hosts, cors], lifespan=lifespan,
        exception_handlers={Exception: _mistaken},
    )  # fmt: skip


def _mistaken(request: Request, error: Exception) -> Response:
    """Say that something should not have happened, unless a client has only left its answer lying."""
    if not isinstance(error, TimeoutError):
        note(f"This should not have happened: {type(error).__name__}: {error}. The server goes on.")
    return PlainTextResponse("The server made a mistake over this request.\n", 500)


class _Site:
    """Everything but queries."""

    def __init__(self, collection: Collection, pool: Pool) -> None:
        self._collection = collection
        self._pool = pool

    async def first_page(self, request: Request) -> Response:
        return await document(request, self._pool, {"operation": "listing", "type": HTML, "kind": "", "number": 1})

    async def listing(self, request: Request) -> Response:
        asked = request.query_params.get("page", "1")
        number = int(asked) if re.fullmatch(r"[1-9]\d{0,6}", asked) else 1
        kind = request.path_params["kind"]
        return await document(
            request, self._pool, {"operation": "listing", "type": HTML, "kind": kind, "number": number}
        )

    async def thing(self, request: Request) -> Response:
        path = request.scope["raw_path"].decode("latin-1").removeprefix("/")
        chosen = preferred(request.headers.get("accept", ""), [*GRAPHS, HTML])
        return await document(request, self._pool, {"operation": "thing", "type": chosen, "path": path})

    async def health(self, request: Request) -> Response:
        try:
            reply = await self._pool.ask({"operation": "size"})
        except Refusal as refusal:
            return JSONResponse({"status": "busy", "version": __version__}, refusal.status, refusal.headers)
        self._pool.room.give(len(reply.body))
        found = {"status": "ok", "version": __version__, "data": self._pool.data()}
        found |= {name: reply.head[name] for name in ("generation", "quads")}
        return JSONResponse(found, headers={"Cache-Control": "no-store"})

    async def collection(self, request: Request) -> Response:
        asked = {
            "operation": "collection",
            "type": preferred(request.headers.get("accept", ""), [*GRAPHS]) or next(iter(GRAPHS)),
            "studies": [str(folder) for folder in self._collection.studies],
            "ontology": str(self._collection.ontology),
            "address": str(request.url.replace(query="", fragment="")),
            "endpoint": str(request.url.replace(path="/sparql", query="", fragment="")),
        }
        return await document(request, self._pool, asked)

    async def queries(self, request: Request) -> Response:
        return Response(named_queries(), media_type="application/json")

    async def icon(self, request: Request) -> Response:
        return Response(status_code=204, headers={"Cache-Control": "max-age=86400"})

    async def robots(self, request: Request) -> Response:
        return PlainTextResponse(_ROBOTS)


class _Headers:
    """What every answer says: it is of the type that it names, and a page of it may do nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *_HEADERS, *([] if _POLICY[0] in own else [_POLICY])]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
