"""The sounds in a bucket, against a real S3 server on loopback: what one machine writes, the others hear."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from audio.bucket import BadAddress, Bucket, Place, read_address
from audio.names import recorded_name
from audio.render import render_clip
from audio.shelf import ShelfAway
from audio.store import SoundStore, UnknownSound
from audio.synthesizer import Silence
from audio.telephone import RATE, encode
from tests.audio.test_take import voice

KEYS = {"key_id": "made-up", "secret": "made-up"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def place(endpoint: str, request: pytest.FixtureRequest) -> Place:
    """A bucket of the test's own, in which other things stand too."""
    name = request.node.name.replace("_", "-")[:60].strip("-")
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )
    client.create_bucket(Bucket=name)
    client.put_object(Bucket=name, Key="elsewhere/" + "0" * 64 + ".wav", Body=b"of another line")
    client.put_object(Bucket=name, Key="voice/read-me.txt", Body=b"no sound")
    client.close()
    return read_address(f"s3://{name}/voice?endpoint={endpoint}")


def machine(place: Place, folder: Path) -> SoundStore:
    return SoundStore(Bucket(place, folder, **KEYS))


def test_what_one_machine_renders_another_one_plays(place: Place, tmp_path: Path) -> None:
    one, two = machine(place, tmp_path / "1"), machine(place, tmp_path / "2")
    assert one.find("ration", "en") is None
    name = one.name_of("ration", "en")
    render_clip(one, Silence(), (name, "en", "ration"))
    assert one.find("ration", "en") == name
    assert two.find("ration", "en") == name
    with one.open(name) as here, two.open(name) as there:
        assert here.read() == there.read()
    assert set(two.refresh()) == {name}
    two.remove(name)
    assert one.refresh() == {}
    with pytest.raises(UnknownSound):
        two.open(name)


def test_the_newest_take_of_a_person_is_heard_everywhere(place: Place, tmp_path: Path) -> None:
    one = machine(place, tmp_path / "1")
    clip = encode(voice(rate=RATE))
    name = one.add_take("ration", "en", clip)
    assert name == recorded_name("ration", "en", clip)
    assert one.find("ration", "en") == name
    assert machine(place, tmp_path / "2").find("ration", "en") == name


def test_what_was_read_once_is_there_without_the_network(place: Place, tmp_path: Path) -> None:
    store = machine(place, tmp_path / "1")
    name = store.name_of("ration", "en")
    store.put(name, b"RIFF")
    other = machine(place, tmp_path / "2")
    with other.open(name) as file:
        assert file.read() == b"RIFF"
    gone = Bucket(Place(place.bucket, place.prefix, "http://127.0.0.1:1", place.region), tmp_path / "2", **KEYS)
    assert gone.read(name) == b"RIFF"


def test_a_store_that_is_away_is_told_in_a_sentence_and_no_turn_waits(place: Place, tmp_path: Path) -> None:
    away = Place(place.bucket, place.prefix, "http://127.0.0.1:1", place.region)
    store = SoundStore(Bucket(away, tmp_path, **KEYS))
    assert store.find("ration", "en") is None
    for use in (store.refresh, lambda: store.open("0" * 64), lambda: store.put("0" * 64, b"")):
        with pytest.raises(ShelfAway, match=r"at http://127\.0\.0\.1:1 does not answer: "):
            use()


def test_a_bucket_that_is_not_there_is_told(place: Place, tmp_path: Path) -> None:
    nowhere = Place("no-such-bucket", "", place.endpoint, place.region)
    with pytest.raises(ShelfAway, match="no-such-bucket"):
        SoundStore(Bucket(nowhere, tmp_path, **KEYS)).refresh()


def test_an_address_is_taken_apart() -> None:
    assert read_address("s3://sounds") == Place("sounds", "", None, "us-east-1")
    assert read_address("s3://sounds/a/b/?endpoint=https://s.example&region=ap-south-1") == Place(
        "sounds", "a/b", "https://s.example", "ap-south-1"
    )


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://sounds", "must look like s3://"),
        ("s3:///sounds", "must look like s3://"),
        ("s3://sounds?endpont=https://s.example", "but not endpont"),
        ("s3://sounds?endpoint=s.example", "must begin with https://"),
    ],
)
def test_junk_is_named(url: str, why: str) -> None:
    with pytest.raises(BadAddress, match=why):
        read_address(url)


def test_a_server_that_checks_signatures_knows_ours_and_refuses_a_wrong_secret(
    place: Place, endpoint: str, tmp_path: Path
) -> None:
    iam = boto3.client(
        "iam", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )
    iam.create_user(UserName="helpline")
    key = iam.create_access_key(UserName="helpline")["AccessKey"]
    everything = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    iam.put_user_policy(UserName="helpline", PolicyName="sounds", PolicyDocument=json.dumps(everything))
    iam.close()
    requests.post(f"{endpoint}/moto-api/reset-auth", data="0", timeout=5).raise_for_status()
    try:
        ours = Bucket(place, tmp_path / "1", key_id=key["AccessKeyId"], secret=key["SecretAccessKey"])
        ours.put("0" * 64, b"RIFF")
        assert set(ours.listed()) == {"0" * 64}
        with pytest.raises(ShelfAway, match="does not answer: "):
            Bucket(place, tmp_path / "2", key_id=key["AccessKeyId"], secret="wrong").listed()
    finally:
        requests.post(f"{endpoint}/moto-api/reset-auth", data="inf", timeout=5).raise_for_status()


def test_a_bucket_without_copies_leaves_nothing_on_this_machine(place: Place, tmp_path: Path) -> None:
    bucket = Bucket(place, None, **KEYS)
    bucket.put("talk-1-a", b"RIFF of a talk")
    assert Bucket(place, None, **KEYS).read("talk-1-a") == b"RIFF of a talk"
    bucket.remove("talk-1-a")
    assert bucket.read("talk-1-a") is None
    assert list(tmp_path.iterdir()) == []
