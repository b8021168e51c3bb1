"""What one emulator is started with. It reads no configuration of any application: only these values."""

from dataclasses import dataclass

LOCAL_TAIL = "0" * 31 + "1"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Seconds are those of the telephone; a web request's limits are real ones."""

    bind: str = "127.0.0.1:0"  # port 0 takes a free one
    account_sid: str = "AC" + LOCAL_TAIL
    auth_token: str = "local-auth-token"  # noqa: S105 - the emulator's own made-up account
    api_key: str = "SK" + LOCAL_TAIL
    api_secret: str = "local-api-secret-of-thirty-two-bytes"  # noqa: S105 - the emulator's own made-up account
    number: str = "+919137091370"
    voice_url: str = ""
    fallback_url: str = ""  # empty: the emulator's own bin, /local/bins/fallback
    status_url: str = ""
    app_sid: str = "AP" + LOCAL_TAIL
    app_voice_url: str = ""
    app_status_url: str = ""
    speed: float = 1.0  # how many times faster than the wall the telephone's clock runs
    virtual: bool = False  # the clock stands still until POST /local/clock
    webhook_seconds: float = 15.0  # real: the whole of one webhook with its retries
    connect_seconds: float = 5.0  # real: until a connection stands
    words_per_second: float = 2.5  # of <Say>
    recording_seconds: float = 1.0  # until a finished recording can be fetched
    guard_recordings: bool = False  # whether a recording is shown only to the account
    text_seconds: float = 0.5  # between the stations of a text
    one_call_a_second: bool = False  # answers 20429 to a faster application
    voice_bind: str = ""  # where browsers signal their voice, by TLS; empty: no sound is carried between the parties
    voice_grace: float = 8.0  # real seconds that a softphone's call outlives its signalling
    voice_folder: str = "."  # keeps the certificate that this machine makes for it
    desk_url: str = ""  # where the phone page's link to the desk leads; empty: no link
    speak_command: tuple[str, ...] = ()  # the console program that speaks <Say>; empty: silent
    templates: tuple[str, ...] = ()  # DLT templates of texts to India; empty: none is asked for
    page: str = ""  # folder of the phone page; empty: the one beside this file
