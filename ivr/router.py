"""The router process: pairs, runs timers, sends commands, sweeps. Several may run; a lease in SQL elects one."""

import os
import secrets
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog

from ivr.bridges.placing import sweep_bridges
from ivr.case_clocks import name_anew, recount, sweep_cases
from ivr.commands import due_commands
from ivr.duty import ROUTER, duty_is_free, free_duty, take_duty
from ivr.feedback.placing import plan_feedback
from ivr.proofs import sweep_proofs
from ivr.recorded.sweeping import sweep_recordings
from ivr.routing import make_offers, may_pair, run_timers, something_due
from ivr.sending import send_command
from ivr.spool import take_in_spool
from ivr.sweeping import sweep
from ivr.telephone import Telephone
from ivr.texts import sweep_texts
from ivr.wake import ROUTER_CHANNEL, Listener
from models.errors import StoreUnavailable

POLL_S = 0.2
_DUTY_FOR = timedelta(seconds=6)  # so long nobody is paired when the machine of the router dies
_RENEW_AFTER = timedelta(seconds=2)
_TEXTS_EVERY = timedelta(seconds=1)
_SWEEP_EVERY = timedelta(seconds=5)
_CASES_EVERY = timedelta(minutes=1)
_NAMES_EVERY = timedelta(hours=1)
_PROOFS_EVERY = timedelta(days=1)
_MORE_CASES_AFTER = timedelta(milliseconds=250)  # when a whole batch was due: the day's first minutes
_SENDERS = 8  # commands under way at once: one that waits for the network keeps nobody else waiting

log = structlog.get_logger()


class Router:
    """One candidate for the duty. `tick` is one look at everything; `run` looks for ever."""

    def __init__(self, telephone: Telephone, holder: str = "") -> None:
        self._telephone = telephone
        self._holder = holder or f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._holds_until: datetime | None = None
        self._renew_at: datetime | None = None
        self._texts_at: datetime | None = None
        self._sweep_at: datetime | None = None
        self._spool_at: datetime | None = None
        self._cases_at: datetime | None = None
        self._names_at: datetime | None = None
        self._proofs_at: datetime | None = None
        self._cases_under_way = threading.Lock()
        self._under_way: set[int] = set()

    def tick(self, senders: ThreadPoolExecutor | None = None) -> bool:
        """Do what is due now, if the duty is ours. Commands go to `senders`, or are sent here. False without the duty.

        Raises what the store raises; `run` survives it.
        """
        telephone = self._telephone
        now = telephone.clock.now()
        on_duty = self._is_on_duty()
        self._take_in_spool_when_due(now)
        if not on_duty:
            return False
        with telephone.store.read() as connection:
            due, pairs = something_due(connection, now), may_pair(connection, now)
        if due:
            telephone.store.write(lambda connection: run_timers(connection, telephone.clock.now()))
        # A timer may just have freed somebody.
        if due or pairs:
            telephone.store.write(lambda connection: make_offers(connection, telephone.clock.now()))
            telephone.wake.desk()
        self._sweep_when_due(now)
        self._look_at_cases(now, senders)
        self._send(senders)
        return True

    def run(self, stop: threading.Event) -> None:
        """Look every 200 ms, sooner when woken, until `stop` is set."""
        listener = Listener(self._telephone.config.redis_url, ROUTER_CHANNEL)
        with ThreadPoolExecutor(_SENDERS, thread_name_prefix="sender") as senders:
            while not stop.is_set():
                try:
                    self.tick(senders)
                except Exception:
                    # A store that is away, most of all. Nothing else pairs callers: look again, whatever it was.
                    log.exception("router_stumbled")
                    stop.wait(1.0)
                listener.wait(POLL_S, stop)
        listener.close()
        self.step_down()

    def step_down(self) -> None:
        """Leave the duty to others at once."""
        if self._holds_until is None:
            return
        self._holds_until = None
        try:
            now = self._telephone.clock.now()
            self._telephone.store.write(lambda connection: free_duty(connection, ROUTER, self._holder, now))
        except Exception:
            log.exception("router_kept_its_lease")  # it ends by itself

    def _is_on_duty(self) -> bool:
        now = self._telephone.clock.now()
        if self._holds_until is not None and self._renew_at is not None and now < self._renew_at:
            return True
        if self._holds_until is None:
            with self._telephone.store.read() as connection:
                if not duty_is_free(connection, ROUTER, now):
                    return False
        holds = self._telephone.store.write(
            lambda connection: take_duty(connection, ROUTER, self._holder, now, _DUTY_FOR)
        )
        if holds and self._holds_until is None:
            log.info("router_on_duty")
        self._holds_until, self._renew_at = (now + _DUTY_FOR, now + _RENEW_AFTER) if holds else (None, None)
        return holds

    def _sweep_when_due(self, now: datetime) -> None:
        telephone = self._telephone
        if self._texts_at is None or now >= self._texts_at:
            self._texts_at = now + _TEXTS_EVERY
            sweep_texts(telephone)
        if self._sweep_at is None or now >= self._sweep_at:
            self._sweep_at = now + _SWEEP_EVERY
            for look in (sweep, sweep_recordings, sweep_bridges, plan_feedback):
                try:
                    look(telephone)
                except StoreUnavailable:
                    raise
                except Exception:
                    # One row that cannot be dealt with must not keep the others waiting for ever.
                    log.exception("sweep_stumbled", look=look.__name__)

    def _take_in_spool_when_due(self, now: datetime) -> None:
        """On duty or not: the folder is that of this machine, which the router on duty may not see."""
        if self._spool_at is None or now >= self._spool_at:
            self._spool_at = now + _SWEEP_EVERY
            take_in_spool(self._telephone)

    def _look_at_cases(self, now: datetime, senders: ThreadPoolExecutor | None) -> None:
        """Beside the pairing of callers, where there are threads: a batch takes as long as many pairings."""
        if (self._cases_at is not None and now < self._cases_at) or not self._cases_under_way.acquire(blocking=False):
            return
        self._cases_at = now + _CASES_EVERY
        if senders is None:
            self._sweep_cases(now)
        else:
            senders.submit(self._sweep_cases, now)

    def _sweep_cases(self, now: datetime) -> None:
        try:
            for look in (self._name_anew, self._recount, self._let_rise, self._sweep_proofs):
                try:
                    look(now)
                except Exception:
                    # Whatever it was: the others must not wait for it, and the next look finds the same cases again.
                    log.exception("case_clocks_stumbled", look=look.__name__)
        finally:
            self._cases_under_way.release()

    def _name_anew(self, now: datetime) -> None:
        if self._names_at is None or now >= self._names_at:
            name_anew(self._telephone)
            self._names_at = now + _NAMES_EVERY

    def _recount(self, _now: datetime) -> None:
        recount(self._telephone)

    def _let_rise(self, now: datetime) -> None:
        if sweep_cases(self._telephone):
            self._cases_at = now + _MORE_CASES_AFTER

    def _sweep_proofs(self, now: datetime) -> None:
        if self._proofs_at is None or now >= self._proofs_at:
            sweep_proofs(self._telephone)
            self._proofs_at = now + _PROOFS_EVERY

    def _send(self, senders: ThreadPoolExecutor | None) -> None:
        telephone = self._telephone
        with telephone.store.read() as connection:
            due = due_commands(connection, telephone.clock.now())
        for command_id in due:
            if senders is None:
                send_command(telephone, command_id)
            elif command_id not in self._under_way:
                self._under_way.add(command_id)
                senders.submit(self._send_safely, command_id)

    def _send_safely(self, command_id: int) -> None:
        try:
            send_command(self._telephone, command_id)
        except Exception:
            # Its claim ends by itself, and it is sent again.
            log.exception("command_stumbled", command_id=command_id)
        finally:
            self._under_way.discard(command_id)
