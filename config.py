"""Settings of every process, read once from the environment. Junk raises at the start and names the variable."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, TypedDict, get_args
from urllib.parse import urlsplit

Environment = Literal["development", "production"]
OnlineSpeech = Literal["gtts", "none"]
AtProvider = Literal["delete", "keep"]

EMERGENCY_SERVICES = ("112", "108", "181", "1098", "1930")  # police, ambulance, women, children, online fraud

LONGEST_CITIZEN_URL = 27  # with the way to a page, what networks let into one blank of an approved text

LOCAL_ACCOUNT_SID = "AC" + "0" * 31 + "1"
LOCAL_APP_SID = "AP" + "0" * 31 + "1"
LOCAL_API_KEY = "SK" + "0" * 31 + "1"


class SingleSignOn(TypedDict):
    """The settings of one provider, which are given together or not at all."""

    oidc_issuer: str | None
    oidc_client_id: str | None
    oidc_client_secret: str | None
    oidc_name: str


class BadSetting(ValueError):
    """A variable of the environment is missing or makes no sense. The message names it and the mend."""


@dataclass(frozen=True, slots=True)
class Config:
    """Where everything is. Addresses carry no trailing slash; folders are absolute."""

    environment: Environment
    data_dir: Path  # the database, secrets, sounds and the spool of a single machine
    public_url: str  # how Twilio and browsers reach the web process; signatures are checked against it
    bind: str  # host:port of the web process
    citizen_url: str | None  # what links in texts to citizens begin with; None: texts have none
    stream_url: str  # how browsers reach the event stream
    stream_bind: str
    database_url: str
    redis_url: str
    secret_key: str  # signs sessions, tickets and sound addresses
    code_pepper: str  # keys the HMAC of one-time codes
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_auth_token_before: str | None  # signs webhooks too, while the one is replaced by the other
    twilio_api_key: str
    twilio_api_secret: str
    twilio_app_sid: str  # the TwiML App that browsers connect out through
    twilio_api_base_url: str | None  # None: Twilio itself
    helpline_number: str  # E.164
    text_sender: str  # sender of texts: a number, an alphanumeric header, or MG... for a Messaging Service
    emulator_url: str | None  # how browsers reach the emulator; None in production
    local_voice_url: str | None  # how browsers reach its voices; None in production, and where it carries none
    web_workers: int  # processes
    web_threads: int  # requests under way at once in each of them
    shared_calls: str | None  # the memory that these processes share; `helpline web` makes and names it
    log_json: bool
    speech_online: OnlineSpeech  # which online voice renders prompts ahead of calls
    speech_online_url: str  # where it is asked; the English of Google's Indian host is the Indian one
    sound_store_url: str | None  # s3://bucket/prefix?endpoint=…; None: a folder below data_dir
    sound_store_key_id: str | None  # None, and the secret: those of the machine's environment
    sound_store_secret: str | None
    record_talks: bool  # callers are told so before
    recording_keep_days: int  # then the sound is deleted, unless somebody holds it for a dispute
    recording_at_provider: AtProvider  # what becomes of the network's own file once ours is stored
    recording_store_url: str | None  # s3://bucket/prefix?endpoint=…; None: a folder below data_dir
    recording_store_key_id: str | None
    recording_store_secret: str | None
    proof_store_url: str | None  # s3://bucket/prefix?endpoint=…; None: a folder below data_dir
    proof_store_key_id: str | None
    proof_store_secret: str | None
    emergency_lines: tuple[tuple[str, str], ...]  # (112, where it is called); one without a line is read out
    oidc_issuer: str | None  # the provider of single sign-on; None: there is none
    oidc_client_id: str | None
    oidc_client_secret: str | None
    oidc_name: str  # as the sign-in page calls it
    metrics_token: str | None  # whoever sends it may read /metrics; None: only while developing

    @property
    def spool_dir(self) -> Path:
        """Where the last resort writes promises to ring back while the store is down."""
        return self.data_dir / "spool"

    @property
    def audio_dir(self) -> Path:
        return self.data_dir / "audio"

    @property
    def recordings_dir(self) -> Path:
        """Where recordings of talks stand, unless they have a bucket."""
        return self.data_dir / "recordings"

    @property
    def proofs_dir(self) -> Path:
        """Where the files stand that officers prove their work with, unless they have a bucket."""
        return self.data_dir / "proofs"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read the settings. Raises BadSetting for junk. Any variable may be given as NAME_FILE with a path instead."""
        return _Reader(environ).config()


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def config(self) -> Config:
        environment = self._one_of("HELPLINE_ENV", get_args(Environment), "development")
        local = environment == "development"
        data_dir = Path(self._text("HELPLINE_DATA_DIR", "var")).resolve()
        emulator = self._url("EMULATOR_URL", "http://127.0.0.1:8002") if local else None
        public_url = self._url("PUBLIC_URL", "http://127.0.0.1:8000" if local else None)
        stream_url = self._url("STREAM_URL", "http://127.0.0.1:8001" if local else None)
        online = self._one_of("SPEECH_ONLINE", get_args(OnlineSpeech), "none" if local else "gtts")
        return Config(
            environment="development" if local else "production",
            data_dir=data_dir,
            public_url=public_url,
            bind=self._bind("BIND", _host_and_port(public_url) if local else "127.0.0.1:8000"),
            citizen_url=self._citizen_url("CITIZEN_URL", public_url, local),
            stream_url=stream_url,
            stream_bind=self._bind("STREAM_BIND", _host_and_port(stream_url) if local else "127.0.0.1:8001"),
            database_url=self._database(data_dir, local),
            redis_url=self._redis(data_dir, local),
            secret_key=self._secret("SECRET_KEY", data_dir, local),
            code_pepper=self._secret("CODE_PEPPER", data_dir, local),
            twilio_account_sid=self._text("TWILIO_ACCOUNT_SID", LOCAL_ACCOUNT_SID if local else None),
            twilio_auth_token=self._secret("TWILIO_AUTH_TOKEN", data_dir, local),
            twilio_auth_token_before=self._raw("TWILIO_AUTH_TOKEN_BEFORE") or None,
            twilio_api_key=self._text("TWILIO_API_KEY", LOCAL_API_KEY if local else None),
            twilio_api_secret=self._secret("TWILIO_API_SECRET", data_dir, local),
            twilio_app_sid=self._text("TWILIO_APP_SID", LOCAL_APP_SID if local else None),
            twilio_api_base_url=self._optional_url("TWILIO_API_BASE_URL", emulator),
            helpline_number=self._e164("HELPLINE_NUMBER", "+919137091370"),
            text_sender=self._text("TEXT_SENDER", "HLPLIN" if local else None),
            emulator_url=emulator,
            local_voice_url=self._local_voice("LOCAL_VOICE_URL", "https://127.0.0.1:8003") if local else None,
            web_workers=self._count("WEB_WORKERS", 4, 256),
            web_threads=self._count("WEB_THREADS", 16, 1024),
            shared_calls=self._raw("HELPLINE_SHARED_CALLS") or None,
            log_json=self._one_of("LOG_FORMAT", ("json", "text"), "text" if local else "json") == "json",
            speech_online="gtts" if online == "gtts" else "none",
            speech_online_url=self._url("SPEECH_ONLINE_URL", "https://translate.google.co.in"),
            sound_store_url=self._raw("SOUND_STORE_URL") or None,
            sound_store_key_id=self._raw("SOUND_STORE_KEY_ID") or None,
            sound_store_secret=self._raw("SOUND_STORE_SECRET") or None,
            record_talks=self._one_of("RECORD_TALKS", ("yes", "no"), "yes") == "yes",
            recording_keep_days=self._count("RECORDING_KEEP_DAYS", 180, 36_500),
            recording_at_provider="keep"
            if self._one_of("RECORDING_AT_PROVIDER", get_args(AtProvider), "delete") == "keep"
            else "delete",
            recording_store_url=self._raw("RECORDING_STORE_URL") or None,
            recording_store_key_id=self._raw("RECORDING_STORE_KEY_ID") or None,
            recording_store_secret=self._raw("RECORDING_STORE_SECRET") or None,
            proof_store_url=self._raw("PROOF_STORE_URL") or None,
            proof_store_key_id=self._raw("PROOF_STORE_KEY_ID") or None,
            proof_store_secret=self._raw("PROOF_STORE_SECRET") or None,
            emergency_lines=self._emergency_lines("EMERGENCY_LINES"),
            **self._single_sign_on(local),
            metrics_token=self._raw("METRICS_TOKEN") or None,
        )

    def _raw(self, name: str) -> str | None:
        path = self._environ.get(f"{name}_FILE")
        if not path:
            return self._environ.get(name)
        if self._environ.get(name):
            raise BadSetting(f"{name} and {name}_FILE are both set. Keep the one that is right.")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError:
            raise BadSetting(f"{name}_FILE names {path}, which is no text.") from None

    def _text(self, name: str, default: str | None) -> str:
        value = self._raw(name) or default
        if not value:
            raise BadSetting(f"{name} is not set. Set it, or name a file that holds it in {name}_FILE.")
        return value

    def _secret(self, name: str, data_dir: Path, local: bool) -> str:
        value = self._raw(name)
        if value:
            return value
        if not local:
            return self._text(name, None)
        return _local_secret(data_dir / "secrets" / name.lower())

    def _one_of(self, name: str, known: tuple[str, ...], default: str) -> str:
        value = self._text(name, default)
        if value not in known:
            raise BadSetting(f"{name} is {value!r}. It must be one of: {', '.join(known)}.")
        return value

    def _url(self, name: str, default: str | None) -> str:
        value = self._text(name, default).rstrip("/")
        try:
            parts = urlsplit(value)
            whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # brackets that do not close, or a port that is none
            whole = False
        if not whole or parts.query or parts.fragment or parts.username is not None:
            raise BadSetting(f"{name} is {value!r}. It must be an address such as https://helpline.example.gov.in.")
        return value

    def _optional_url(self, name: str, default: str | None) -> str | None:
        return self._url(name, default) if (self._raw(name) or default) else None

    def _citizen_url(self, name: str, public_url: str, local: bool) -> str | None:
        """On the own machine the pages themselves, where that fits into a text."""
        value = self._optional_url(name, public_url if local and len(public_url) <= LONGEST_CITIZEN_URL else None)
        if value is None:
            return None
        if len(value) > LONGEST_CITIZEN_URL:
            raise BadSetting(f"{name} is {value!r}. A text has room for {LONGEST_CITIZEN_URL} letters of it.")
        if not local and not value.startswith("https://"):
            raise BadSetting(f"{name} is {value!r}. It must begin with https://.")
        return value

    def _local_voice(self, name: str, default: str) -> str | None:
        value = self._text(name, default)
        if value == "none":
            return None
        wrong = BadSetting(f"{name} is {value!r}. It must be https, a host and a port, such as {default}, or none.")
        try:
            parts = urlsplit(value.rstrip("/"))
            whole = parts.scheme == "https" and parts.hostname and parts.port
        except ValueError:  # a port that is none
            raise wrong from None
        # Browsers are given host and port alone, and the emulator listens there.
        if not whole or parts.path or parts.query or parts.fragment or parts.username is not None:
            raise wrong
        return value.rstrip("/")

    def _database(self, data_dir: Path, local: bool) -> str:
        value = self._text("DATABASE_URL", f"sqlite:///{data_dir / 'helpline.db'}" if local else None)
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise BadSetting("DATABASE_URL must begin with sqlite:/// or postgresql://.")
        return value

    def _redis(self, data_dir: Path, local: bool) -> str:
        value = self._text("REDIS_URL", f"unix://{data_dir / 'valkey.sock'}" if local else None)
        try:
            parts = urlsplit(value)
            whole = parts.path if parts.scheme == "unix" else parts.scheme in ("redis", "rediss") and parts.port != 0
        except ValueError:  # a port that is none
            whole = False
        if not whole:  # its value is not told: it may hold a password
            raise BadSetting("REDIS_URL must look like rediss://:password@host:6379/0, redis:// or unix:///path.sock.")
        return value

    def _bind(self, name: str, default: str) -> str:
        value = self._text(name, default)
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise BadSetting(f"{name} is {value!r}. It must be a host and a port, such as 0.0.0.0:8000.")
        return value

    def _e164(self, name: str, default: str) -> str:
        value = self._text(name, default)
        if not (value.startswith("+") and value[1:].isdecimal() and 8 <= len(value) <= 16):
            raise BadSetting(f"{name} is {value!r}. It must be a number such as +919137091370.")
        return value

    def _emergency_lines(self, name: str) -> tuple[tuple[str, str], ...]:
        lines = []
        for entry in filter(None, map(str.strip, (self._raw(name) or "").split(","))):
            service, _, target = (part.strip() for part in entry.partition("="))
            is_number = target.startswith("+") and target[1:].isdecimal() and 8 <= len(target) <= 16
            if service not in EMERGENCY_SERVICES or not (is_number or target.startswith("sip:")):
                raise BadSetting(
                    f"{name} holds {entry!r}. It must be pairs such as 112=+913322145486,1098=sip:childline@example.in,"
                    f" for: {', '.join(EMERGENCY_SERVICES)}."
                )
            lines.append((service, target))
        return tuple(lines)

    def _single_sign_on(self, local: bool) -> SingleSignOn:
        issuer = self._optional_url("OIDC_ISSUER", None)
        if issuer is not None and not local and not issuer.startswith("https://"):
            raise BadSetting(f"OIDC_ISSUER is {issuer!r}. It must begin with https://.")
        return {
            "oidc_issuer": issuer,
            "oidc_client_id": self._text("OIDC_CLIENT_ID", None) if issuer else None,
            "oidc_client_secret": self._text("OIDC_CLIENT_SECRET", None) if issuer else None,
            "oidc_name": self._raw("OIDC_NAME") or "SSO",
        }

    def _count(self, name: str, default: int, most: int) -> int:
        value = self._text(name, str(default))
        if not value.isdecimal() or not 1 <= int(value) <= most:
            raise BadSetting(f"{name} is {value!r}. It must be a whole number from 1 to {most}.")
        return int(value)


def _host_and_port(url: str) -> str:
    """Where a process that is reached at this address listens, when nothing stands between."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def _local_secret(path: Path) -> str:
    """A secret of this machine, made on first use and kept, so that a restart keeps sessions and codes."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            draft = path.with_suffix(f".{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(32), encoding="ascii")
            # Several processes start at once: whoever links first wins, and no one ever reads a half-written file.
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise BadSetting(
            f"HELPLINE_DATA_DIR is {path.parent.parent}, where {path.parent.name} cannot be kept: {error.strerror}."
            " Name a folder on a disk with room that this user may write."
        ) from error


def secret_names() -> frozenset[str]:
    """Names of the fields that must never be printed."""
    known = {field.name for field in fields(Config)}
    return frozenset(
        known
        & {
            "secret_key",
            "code_pepper",
            "twilio_auth_token",
            "twilio_auth_token_before",
            "twilio_api_secret",
            "database_url",
            "sound_store_secret",
            "recording_store_secret",
            "proof_store_secret",
            "oidc_client_secret",
            "metrics_token",
        }
    )
