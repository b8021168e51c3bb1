"""An open-loop load of telephone turns: requests leave by the clock, whether or not earlier ones were answered.

A program of its own, so that its CPU is told apart from the server's. Prints one JSON object.
"""

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
import resource
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote_plus

KEYS = ("1", "9")  # Bengali, then "hear this again" for as long as the call lasts
TURNS = 6  # of a call, the first ring among them: as many as a caller needs from the first word into the queue
SETTLE_S = 2.0  # not counted: at the start every telephone rings at once, later one turn in six is a first ring


@dataclass(frozen=True)
class Line:
    """Whom to call."""

    public_url: str
    token: str
    account: str
    number: str


def request_bytes(line: Line, path: str, form: dict[str, str]) -> bytes:
    """One signed webhook, ready to be written to a socket."""
    text = line.public_url + path + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(line.token.encode(), text.encode(), hashlib.sha1).digest()).decode()
    body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in form.items())
    host = line.public_url.partition("//")[2]
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: TwilioProxy/1.1\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nX-Twilio-Signature: {signature}\r\n"
        f"I-Twilio-Idempotency-Token: {hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def form_of(line: Line, sid: str, caller: str, digits: str | None) -> dict[str, str]:
    """The fields that Twilio sends with a turn."""
    form = {
        "AccountSid": line.account,
        "ApiVersion": "2010-04-01",
        "CallSid": sid,
        "CallStatus": "in-progress" if digits is not None else "ringing",
        "Direction": "inbound",
        "From": caller,
        "To": line.number,
        "Caller": caller,
        "Called": line.number,
    }
    for party in ("From", "To", "Caller", "Called"):
        form |= {f"{party}City": "", f"{party}State": "West Bengal", f"{party}Zip": "", f"{party}Country": "IN"}
    if digits is not None:
        form |= {"Digits": digits, "FinishedOnKey": "", "msg": "Gather End"}
    return form


def requests_of(line: Line, *, phones: int, count: int, salt: str, path: str) -> Iterator[tuple[str, bytes]]:
    """(call, request) in the order of sending: every telephone in turn, each with one call after another.

    With a `path` each goes there instead, to compare other routes under the same load.
    """
    for position in range(count):
        lap, phone = divmod(position, phones)
        # First calls are of every length, so that the later ones do not begin all at once.
        length = TURNS - phone % TURNS
        nth, turn = (0, lap) if lap < length else (1 + (lap - length) // TURNS, (lap - length) % TURNS)
        sid = "CA" + hashlib.md5(f"{salt}:{phone}:{nth}".encode(), usedforsecurity=False).hexdigest()
        caller = f"+9198{phone:08d}"
        if path:
            yield f"{position}", request_bytes(line, path, form_of(line, sid, caller, KEYS[0]))
        elif turn == 0:
            yield sid, request_bytes(line, "/voice/incoming", form_of(line, sid, caller, None))
        else:
            digits = KEYS[min(turn - 1, len(KEYS) - 1)]
            yield sid, request_bytes(line, f"/voice/calls/{sid}/turns/{turn}", form_of(line, sid, caller, digits))


@dataclass
class Outcome:
    """What came of one load. Latencies in seconds, without those of the time to settle."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    late_starts: int = 0  # requests that waited for a free connection or their call's earlier answer


class Client(asyncio.Protocol):
    """One kept-alive connection with at most one request under way."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waiting: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        lower = head.lower()
        start = lower.find(b"content-length:")
        length = int(lower[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(0)

    async def send(self, request: bytes) -> int:
        """Status of the answer; 0 when the connection broke."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting


async def put_under_load(
    host: str, port: int, plan: list[tuple[str, bytes]], *, rate: float, connections: int
) -> Outcome:
    """Send the plan at `rate` a second. A latency counts from the moment the request was due."""
    loop = asyncio.get_running_loop()
    idle: deque[Client] = deque()
    for _ in range(connections):
        _transport, client = await loop.create_connection(Client, host, port)
        idle.append(client)
    freed = asyncio.Semaphore(connections)
    outcome = Outcome()
    answered: dict[str, asyncio.Event] = {}
    tasks: set[asyncio.Task[None]] = set()

    async def fire(due: float, request: bytes, before: asyncio.Event | None, done: asyncio.Event) -> None:
        if before is not None and not before.is_set():
            outcome.late_starts += 1
            await before.wait()
        async with freed:
            client = idle.popleft()
            status = await client.send(request)
            if status:
                idle.append(client)
            else:
                _transport, fresh = await loop.create_connection(Client, host, port)
                idle.append(fresh)
        if due >= start + SETTLE_S:
            outcome.latencies.append(time.perf_counter() - due)
        outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
        done.set()

    start = time.perf_counter() + 0.2
    for position, (call, request) in enumerate(plan):
        due = start + position / rate
        pause = due - time.perf_counter()
        if pause > 0.0005:
            await asyncio.sleep(pause)
        done = asyncio.Event()
        task = asyncio.create_task(fire(due, request, answered.get(call), done))
        answered[call] = done
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.wait_for(asyncio.gather(*tasks), timeout=60)
    return outcome


def quantile(ordered: list[float], share: float) -> float:
    """The value below which `share` of the ordered values lie."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public-url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--account", required=True)
    parser.add_argument("--number", required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--phones", type=int, default=0, help="calls at once; 0: 1.5 seconds' worth")
    parser.add_argument("--connections", type=int, default=96)
    parser.add_argument("--salt", required=True)
    parser.add_argument("--path", default="", help="post everything to this path instead of playing calls")
    asked = parser.parse_args()
    host, _, port = asked.public_url.partition("//")[2].partition(":")
    line = Line(asked.public_url, asked.token, asked.account, asked.number)
    phones = asked.phones or max(20, int(asked.rate * 1.5))
    count = int(asked.rate * (SETTLE_S + asked.seconds))
    plan = list(requests_of(line, phones=phones, count=count, salt=asked.salt, path=asked.path))
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    outcome = asyncio.run(put_under_load(host, int(port), plan, rate=asked.rate, connections=asked.connections))
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    ordered = sorted(outcome.latencies)
    print(  # noqa: T201  (this is what the program is for)
        json.dumps(
            {
                "rate": asked.rate,
                "sent": len(plan),
                "statuses": outcome.statuses,
                "achieved": len(plan) / (took - 0.2),
                "p50_ms": quantile(ordered, 0.5) * 1000,
                "p99_ms": quantile(ordered, 0.99) * 1000,
                "p999_ms": quantile(ordered, 0.999) * 1000,
                "late_starts": outcome.late_starts,
                "generator_cpu": (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / took,
            }
        )
    )


if __name__ == "__main__":
    main()
