"""Notices by e-mail: what the server is told, and what its answers mean."""

import datetime
import ipaddress
from email.message import Message as Mail
from pathlib import Path
from typing import Any

import pytest

from bmg_assets.notices.email_way import Email
from bmg_assets.notices.notice import Event, Notice
from bmg_assets.notices.notices_file import EmailSettings
from bmg_assets.notices.ways import Message, NoticeRefusedError, ReceiverAwayError
from bmg_assets_tests.notices.receivers import Mailbox


def email(mailbox: Mailbox, user: str | None = None, **settings: Any) -> Email:
    content = {"server": "127.0.0.1", "port": mailbox.port, "from": "bmg@lab.org", "to": ["one@lab.org", "two@lab.org"]}
    return Email(EmailSettings.model_validate({"encryption": "none", **content, **settings}), user, user and "pa55word")


def test_a_message_reaches_all_receivers_with_an_identity_that_stays(mailbox: Mailbox, message: Message) -> None:
    for _ in range(2):
        email(mailbox).send(message)
    first, second = mailbox.came
    assert first["Subject"] == "[BMG] Zr-Al-Cu: cast next Zr50Al5Cu45"
    assert (first["From"], first["To"]) == ("bmg@lab.org", "one@lab.org, two@lab.org")
    assert first["Message-ID"] == second["Message-ID"] == "<0123abc@lab.org>"
    assert text_of(first) == "3 mm ± 1.\n\nhttp://lab:3001/systems/Zr-Al-Cu\n"
    assert sum("RCPT" in one.upper() for one in mailbox.heard) == 4


def test_a_subject_with_a_line_break_forges_no_header(mailbox: Mailbox) -> None:
    notice = Notice("id", Event.REFUSED_ROWS, "evil\r\nBcc: all@lab.org", "text")
    email(mailbox).send(Message("1", notice, "", ""))
    assert mailbox.came[0]["Bcc"] is None


@pytest.mark.parametrize(
    ("answers", "error", "words"),
    [
        ({"RCPT": "550 nobody"}, NoticeRefusedError, "status 550"),
        ({"RCPT": "450 later"}, ReceiverAwayError, "status 450"),
        ({"MAIL": "553 not you"}, NoticeRefusedError, "status 553"),
        ({"END": "552 too large"}, NoticeRefusedError, "status 552"),
        ({"END": "451 later"}, ReceiverAwayError, "status 451"),
        ({"DATA": "554 no"}, NoticeRefusedError, "status 554"),
    ],
)
def test_what_the_server_answers_decides_whether_it_is_this_notice(
    mailbox: Mailbox, message: Message, answers: dict[str, str], error: type[Exception], words: str
) -> None:
    mailbox.answers = answers
    with pytest.raises(error, match=words):
        email(mailbox).send(message)
    assert mailbox.came == []


def test_a_server_that_falters_after_it_took_the_message_has_taken_it(mailbox: Mailbox, message: Message) -> None:
    mailbox.answers = {"QUIT": "421 out of order"}
    email(mailbox).send(message)
    assert len(mailbox.came) == 1


def test_a_wrong_password_is_told_without_it(mailbox: Mailbox, message: Message) -> None:
    mailbox.answers = {"AUTH": "535 AHBhNTV3b3Jk pa55word is wrong"}
    with pytest.raises(ReceiverAwayError, match="BMG_SMTP_USER and BMG_SMTP_PASSWORD") as told:
        email(mailbox, "somebody").send(message)
    assert "pa55word" not in str(told.value)


def test_no_password_is_sent_where_the_server_offers_no_encryption(mailbox: Mailbox, message: Message) -> None:
    with pytest.raises(ReceiverAwayError, match=r"does not offer what email\.encryption"):
        email(mailbox, "somebody", encryption="starttls").send(message)
    assert not any("AUTH" in one or "MAIL" in one for one in mailbox.heard)


def test_the_password_is_sent_encrypted_to_a_server_whose_certificate_is_trusted(
    mailbox: Mailbox, message: Message, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.certificate = certificate_in(tmp_path)
    way = email(mailbox, "somebody", encryption="starttls")
    with pytest.raises(ReceiverAwayError, match="cannot be trusted"):
        way.send(message)
    monkeypatch.setenv("SSL_CERT_FILE", str(mailbox.certificate))
    way.send(message)
    assert len(mailbox.came) == 1
    assert [one.split()[0] for one in mailbox.heard if "AUTH" in one] == ["(TLS)"]


def test_a_server_that_is_away_is_told(message: Message) -> None:
    with Mailbox().serving() as mailbox:
        pass
    with pytest.raises(ReceiverAwayError, match=f"127.0.0.1:{mailbox.port} does not answer"):
        email(mailbox).send(message)


def text_of(mail: Mail) -> str:
    data = mail.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data.decode().replace("\r\n", "\n")


def certificate_in(folder: Path) -> Path:
    """A certificate of 127.0.0.1 that is its own authority, with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), 1, now - datetime.timedelta(1), now + datetime.timedelta(1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = folder / "certificate.pem"
    path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return path
