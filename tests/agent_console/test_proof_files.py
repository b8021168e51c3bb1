"""Files that prove an officer's work: only what is a document or a picture by its own bytes, kept for nobody else."""

import io
import os
import stat
from dataclasses import replace
from datetime import date, timedelta

import pytest
from werkzeug.datastructures import FileStorage

from agent_console.proof_files import MOST_BYTES, UnusableProof, keep_proof, read_proof, read_record_of
from config import BadSetting
from ivr.proofs import proofs_of
from ivr.router import Router
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.officers import employ_officers

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0" + bytes(40)


def sent(content: bytes, name: str = "proof.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


@pytest.mark.parametrize(
    ("content", "kind"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")], ids=["pdf", "png", "jpg"]
)
def test_a_file_is_what_its_bytes_are_whatever_its_name_says(content: bytes, kind: str) -> None:
    proof = read_proof(sent(content, "picture.exe"))
    assert proof is not None
    assert (proof.kept.kind, proof.content) == (kind, content)
    assert read_record_of(proof.kept.on_record()) == proof.kept


@pytest.mark.parametrize("line", [None, "", "in the file", "abc.pdf paper.pdf", 7])
def test_a_record_without_a_file_speaks_of_none(line: object) -> None:
    assert read_record_of(line) is None


@pytest.mark.parametrize("content", [b"", b"<html><script>", b"MZ\x90", b" %PDF-1.4"])
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(UnusableProof) as refused:
        read_proof(sent(content, "proof.pdf"))
    assert refused.value.key == "refused.proof_kind"


def test_a_file_has_a_size_at_most() -> None:
    assert read_proof(sent(PDF + bytes(MOST_BYTES - len(PDF)))) is not None
    with pytest.raises(UnusableProof) as refused:
        read_proof(sent(PDF + bytes(MOST_BYTES - len(PDF) + 1)))
    assert refused.value.key == "refused.proof_too_big"


def test_no_file_is_no_fault() -> None:
    assert read_proof(None) is None
    assert read_proof(sent(b"", "")) is None


def test_a_proof_is_kept_for_us_alone_under_its_own_digest(desk: Desk) -> None:
    config = desk.telephone.config
    proof = read_proof(sent(PDF))
    assert proof is not None
    keep_proof(config, proof)
    keep_proof(config, proof)  # again: the same file
    [file] = config.proofs_dir.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.proofs_dir.stat().st_mode) == 0o700
    assert proofs_of(config).read(proof.kept.digest) == PDF


def test_a_bad_address_of_the_store_names_its_setting(desk: Desk) -> None:
    with pytest.raises(BadSetting, match="PROOF_STORE_URL"):
        proofs_of(replace(desk.telephone.config, proof_store_url="ftp://nowhere"))


def keep(desk: Desk, content: bytes, *, hours_ago: int) -> str:
    """Keep a file, written so long ago; the line that speaks of it."""
    proof = read_proof(sent(content))
    assert proof is not None
    keep_proof(desk.telephone.config, proof)
    at = (desk.clock.now() - timedelta(hours=hours_ago)).timestamp()
    os.utime(desk.telephone.config.proofs_dir / f"{proof.kept.digest}.proof", (at, at))
    return proof.kept.on_record()


def kept_now(desk: Desk) -> set[str]:
    return set(proofs_of(desk.telephone.config).listed())


def test_what_was_shown_and_never_sent_goes_after_a_day_and_what_a_record_names_stays(desk: Desk) -> None:
    officers = employ_officers(desk)
    officers.case(channel="letter", received_on=date(2026, 2, 27), scan=keep(desk, PDF, hours_ago=25))
    keep(desk, PNG, hours_ago=25)
    young = keep(desk, JPEG, hours_ago=23)
    assert len(kept_now(desk)) == 3
    router = Router(desk.telephone)
    assert router.tick()
    named = read_record_of(keep(desk, PDF, hours_ago=25))
    still = read_record_of(young)
    assert named is not None
    assert still is not None
    assert kept_now(desk) == {named.digest, still.digest}
    desk.clock.advance(86400)
    assert router.tick()
    assert kept_now(desk) == {named.digest}


def test_a_folder_of_which_no_record_speaks_is_left_alone(desk: Desk) -> None:
    """A wrong address of the store must not cost the proofs of the right one."""
    keep(desk, PDF, hours_ago=1000)
    assert Router(desk.telephone).tick()
    assert len(kept_now(desk)) == 1


def test_a_file_that_is_agreed_to_late_is_written_anew_before_its_record(desk: Desk) -> None:
    officers = employ_officers(desk)
    case = officers.case()
    officers.act("chitra", case, "open")
    line = keep(desk, PDF, hours_ago=30)
    [(_, before)] = proofs_of(desk.telephone.config).listed().items()
    done = officers.act("chitra", case, "report", note="The card was handed over.", proof=line, proof_name="x.pdf")
    assert done.status_code == 302
    [(_, after)] = proofs_of(desk.telephone.config).listed().items()
    assert after > before
