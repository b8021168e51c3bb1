"""Asks an application's address for something, the way Twilio does: signed, bounded, retried, redirected."""

import asyncio
import secrets
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

import aiohttp
from twilio.request_validator import RequestValidator
from yarl import URL

from ivr.emulator.clock import Clock
from ivr.emulator.errors import WebhookFailed
from ivr.emulator.faults import Faults
from ivr.emulator.outgoing import MOST_BYTES, Outgoing, Params
from ivr.emulator.overrides import Overrides, read_overrides
from ivr.emulator.settings import Settings

AGENT = "TwilioProxy/1.1"
MOST_REDIRECTS = 10


@dataclass(frozen=True, slots=True)
class Reply:
    """What an application answered with 2xx."""

    url: str  # after redirects: what relative addresses in the body are relative to
    content_type: str  # lower case, without its parameters; empty where missing
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass(frozen=True, slots=True)
class _Trial:
    status: int
    reply: Reply
    location: str


class Webhooks:
    """The outgoing side of the emulator."""

    def __init__(self, settings: Settings, faults: Faults, clock: Clock) -> None:
        self._settings = settings
        self._faults = faults
        self._clock = clock
        self._validator = RequestValidator(settings.auth_token)
        # A connection each: one kept open while the application restarts would look like a failure of its answer.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True, limit=0), cookie_jar=aiohttp.DummyCookieJar()
        )
        self._repeats: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        for task in list(self._repeats):
            task.cancel()
        await self._session.close()

    async def send(
        self,
        url: str,
        method: str,
        params: Params,
        *,
        jar: aiohttp.CookieJar | None = None,
        keeps_port: bool = False,
        most_bytes: int = MOST_BYTES,
    ) -> Reply:
        """Send it and return the 2xx answer. Raises WebhookFailed."""
        request = Outgoing(url, method, params, secrets.token_hex(16), jar, keeps_port, most_bytes)
        with self._clock.at_work():
            if self._faults.webhook_latency:
                await asyncio.sleep(self._faults.webhook_latency)
            try:
                return await self._send_in_time(request)
            finally:
                if self._faults.duplicate:
                    await self._repeat(request)

    async def _repeat(self, request: Outgoing) -> None:
        if not self._faults.duplicate_delay:
            await self._send_again(request)
            return
        task = asyncio.create_task(self._send_later(request, self._faults.duplicate_delay))
        self._repeats.add(task)
        task.add_done_callback(self._repeats.discard)

    async def _send_later(self, request: Outgoing, delay: float) -> None:
        await self._clock.sleep(delay)
        with self._clock.at_work():
            await self._send_again(request)

    async def _send_again(self, request: Outgoing) -> None:
        try:
            await self._send_in_time(request)
        except WebhookFailed:
            return  # the first delivery decides

    async def _send_in_time(self, request: Outgoing) -> Reply:
        limits = read_overrides(
            request.url, connect=self._settings.connect_seconds, total=self._settings.webhook_seconds
        )
        try:
            async with asyncio.timeout(limits.total):
                return await self._follow(request, limits)
        except TimeoutError as error:
            raise WebhookFailed(11205, request.url, f"no whole answer within {limits.total:g} s") from error

    async def _follow(self, request: Outgoing, limits: Overrides) -> Reply:
        for _ in range(MOST_REDIRECTS + 1):
            trial = await self._try_often(request, limits)
            if not trial.location:
                if not 200 <= trial.status < 300:
                    raise WebhookFailed(11200, request.url, f"the answer was {trial.status}")
                return trial.reply
            # What was posted does not travel on: the digits of a caller are lost here.
            request = replace(request, url=urljoin(trial.reply.url, trial.location), method="GET", params=())
        raise WebhookFailed(11215, request.url)

    async def _try_often(self, request: Outgoing, limits: Overrides) -> _Trial:
        for left in range(limits.retries, -1, -1):
            try:
                trial = await self._try(request, limits)
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
                trouble, told = "ct", f"no connection: {type(error).__name__}"
            except aiohttp.InvalidURL as error:
                raise WebhookFailed(11100, request.url) from error
            except TimeoutError:
                trouble, told = "rt", f"no answer within {limits.read:g} s"
            except aiohttp.ClientError as error:
                trouble, told = "broken", f"the connection broke: {type(error).__name__}"
            else:
                trouble = {4: "4xx", 5: "5xx"}.get(trial.status // 100, "")
                if not (trouble and left and limits.retries_after(trouble)):
                    return trial
                continue
            if not left or trouble == "broken" or not limits.retries_after(trouble):
                raise WebhookFailed(11205, request.url, told)
        raise WebhookFailed(11205, request.url)

    async def _try(self, request: Outgoing, limits: Overrides) -> _Trial:
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise WebhookFailed(11100, request.url)
        async with asyncio.timeout(limits.read):
            trial = await self._exchange(request, limits, "")
            # As with Twilio, the password is shown only to a server that asked for it.
            if trial.status == 401 and request.login:
                trial = await self._exchange(request, limits, request.login)
        return trial

    async def _exchange(self, request: Outgoing, limits: Overrides, authorization: str) -> _Trial:
        address = URL(request.target, encoded=True)
        headers = {
            "User-Agent": AGENT,
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": request.token,
            "X-Twilio-Signature": request.sign(self._validator),
        }
        if request.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if authorization:
            headers["Authorization"] = authorization
        async with self._session.request(
            request.method,
            address,
            data=request.form,
            headers=headers,
            cookies=request.jar.filter_cookies(address) if request.jar is not None else None,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.connect),
        ) as response:
            if request.jar is not None:
                request.jar.update_cookies(response.cookies, address)
            body = await _read_body(request, response) if response.status < 300 else b""
            found = {name.lower(): value for name, value in response.headers.items()}
            kind = found.get("content-type", "").split(";")[0].strip().lower()
            moved = response.status in (301, 302, 303, 307, 308)
            reply = Reply(request.target, kind, found, body)
            return _Trial(response.status, reply, found.get("location", "") if moved else "")


async def _read_body(request: Outgoing, response: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for chunk in response.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) > request.most_bytes:
            raise WebhookFailed(11750, request.url)
    return body
