"""Stories sent by e-mail: what a reader gets, by which id, and how a server's answers are taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.deliver.conftest import TransportOf, delivery
from tests.servers.certificates import Authority
from tests.servers.mail_server import PASSWORD, USER, MailServer
from wire.deliver.discretion import Discreet
from wire.deliver.letters import title
from wire.errors import DeliveryError, Refused, Unreachable
from wire.story import Action, Delivery, Document, Receipt

Endpoint = Callable[..., Discreet]


@pytest.fixture
def endpoint(transport_of: TransportOf, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """The transport to an endpoint with such settings."""
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)

    def build(port: int, settings: str = 'tls = "none"') -> Discreet:
        return transport_of(
            f'type = "mail"\nhost = "127.0.0.1"\nport = {port}\nsender = "The Desk <desk@news.example>"\n'
            f'to = ["editor@paper.example", "Night Desk <night@paper.example>"]\n{settings}\n'
        )

    return build


def text(
    headline: str = "Storm Closes Harbour Bridge – Überflutung", body: str = "SYDNEY: it rained."
) -> Document:
    return Document(
        format="text",
        media_type="text/plain; charset=utf-8",
        body=f"Headline: {headline}\nLanguage: en\n\n{body}\n".encode(),
        suffix="txt",
    )


def story(number: int, document: Document | None = None, action: Action = Action.NEW) -> Delivery:
    one = delivery(number, story=f"s{number}", version=number, action=action)
    return replace(one, document=document or text(f"Story {number}"))


def test_a_story_becomes_a_mail(endpoint: Endpoint) -> None:
    with MailServer() as server:
        receipt = endpoint(server.port, 'tls = "none"\nsubject_prefix = "[wire] "').send(
            story(1, text()), deadline_s=10
        )
    (mail,) = server.mails
    assert (mail.sender, mail.to) == ("desk@news.example", ["editor@paper.example", "night@paper.example"])
    message = mail.message
    assert message["From"] == "The Desk <desk@news.example>"
    assert message["To"] == "editor@paper.example, Night Desk <night@paper.example>"
    assert message["Subject"] == "[wire] Storm Closes Harbour Bridge – Überflutung"
    assert message["Message-ID"] == "<msg_1@news.example>"
    assert message["References"] == "<story.s1@news.example>"
    assert message["Date"].datetime == delivery().created_at
    assert (message["Wire-Story"], message["Wire-Version"], message["Wire-Action"]) == ("s1", "1", "new")
    assert message.get_content().replace("\r\n", "\n") == text().body.decode()
    assert mail.data.isascii()
    assert (receipt.status, receipt.detail) == (250, "taken")


def test_a_text_that_could_play_with_who_reads_it_is_attached(endpoint: Endpoint) -> None:
    """Signs that turn the reading direction, say: the mail's own text is what everybody sees."""
    with MailServer() as server:
        endpoint(server.port).send(story(1, text(body="SYDNEY: it \u202edenia\u202c.")), deadline_s=10)
    (mail,) = server.mails
    assert mail.message.get_body().get_content() == "Storm Closes Harbour Bridge – Überflutung\r\n"
    [attached] = mail.message.iter_attachments()
    assert "\u202e" in attached.get_content()


def test_every_attempt_sends_the_same_bytes(endpoint: Endpoint) -> None:
    binary = Document(
        format="iptc7901", media_type="text/plain", body=b"\x01\xfe.\r\n.\r\n\x04", suffix="txt"
    )
    with MailServer() as server:
        transport = endpoint(server.port)
        for document in (text(), binary):
            for attempt in (1, 2):
                transport.send(replace(story(1, document), attempt=attempt), deadline_s=10)
    datas = [mail.data for mail in server.mails]
    assert datas[0] == datas[1]
    assert datas[2] == datas[3]
    assert server.sessions == 1
    (attached,) = server.mails[2].message.iter_attachments()
    assert attached.get_payload(decode=True) == binary.body
    assert attached.get_filename() == "s1-v1.txt"


def test_a_kill_says_so_in_its_subject_and_refers_to_the_story(endpoint: Endpoint) -> None:
    gone = Document(format="json", media_type="application/json", body=b'{"guid": "g"}', suffix="json")
    with MailServer() as server:
        endpoint(server.port).send(story(1, gone, Action.KILL), deadline_s=10)
    message = server.mails[0].message
    assert message["Subject"] == "KILL: s1"
    assert message["References"] == "<story.s1@news.example>"


@pytest.mark.parametrize(
    ("media_type", "body", "found"),
    [
        ("application/json", json.dumps({"headline": "Überflutung"}), "Überflutung"),
        ("application/json", json.dumps({"headlines": [{"value": "A"}, {"value": "B"}]}), "A"),
        ("application/json", '{"headlines": []}', "flood1"),
        ("application/json", "[" * 100_000, "flood1"),
        ("text/html", "<html><head><title>A &amp; B\n </title></head></html>", "A & B"),
        ("application/vnd.iptc.g2.newsitem+xml", "<x><headline xml:lang='en'>A &lt;b</headline></x>", "A <b"),
        ("application/nitf+xml", "<hedline><hl1>A <em>B</em></hl1></hedline>", "A B"),
        ("text/plain", "Headline: A\x00\x1bB\r\nBcc: x@y.example\r\n\r\nbody", "A B"),
        ("text/plain", "Headline: " + "x" * 500, "x" * 180),
        ("text/plain", "nothing", "flood1"),
    ],
)
def test_the_subject_is_the_headline_of_whatever_document(media_type: str, body: str, found: str) -> None:
    document = Document(format="x", media_type=media_type, body=body.encode(), suffix="x")
    assert title(replace(delivery(), document=document)) == found


def test_a_digest_is_one_mail_with_every_story_in_it(endpoint: Endpoint) -> None:
    with MailServer() as server:
        transport = endpoint(server.port, 'tls = "none"\ndigest = 10')
        deliveries = [story(3, action=Action.KILL), story(1), story(2)]
        for _ in range(2):
            fared = transport.send_all(deliveries, deadline_s=10)
            assert [type(one) for one in fared] == [Receipt] * 3
    first, second = server.mails
    assert first.data == second.data
    message = first.message
    assert message["Subject"] == "3 stories: KILL: Story 3"
    assert message["Message-ID"].startswith("<batch_")
    assert message.get_body().get_content().splitlines()[:3] == ["KILL: Story 3", "Story 1", "Story 2"]
    parts = list(message.iter_attachments())
    assert [(part.get_filename(), part["Content-ID"], part["Wire-Story"]) for part in parts] == [
        ("s3-v3.txt", "<msg_3@wire>", "s3"),
        ("s1-v1.txt", "<msg_1@wire>", "s1"),
        ("s2-v2.txt", "<msg_2@wire>", "s2"),
    ]
    assert all(part.get_content_disposition() == "inline" for part in parts)


def test_a_story_that_is_not_wanted_holds_up_no_other(endpoint: Endpoint) -> None:
    with MailServer(wants=(b"Story 3", "552 too large")) as server:
        fared = endpoint(server.port, 'tls = "none"\ndigest = 10').send_all(
            [story(n) for n in range(1, 5)], deadline_s=10
        )
    assert [isinstance(one, DeliveryError) for one in fared] == [False, False, True, False]
    assert [mail.message["Subject"] for mail in server.mails] == ["2 stories: Story 1", "Story 4"]


@pytest.mark.parametrize(
    ("answers", "kind", "said"),
    [
        ({"MAIL": "451 later"}, Unreachable, "451: later"),
        ({"MAIL": "553 not from you"}, Refused, "553: not from you"),
        ({"night@paper.example": "550 nobody"}, Refused, "550: nobody"),
        ({"night@paper.example": "450 busy"}, Unreachable, "450: busy"),
        ({"DATA": "554 spam"}, Refused, "554: spam"),
        ({"DATA": "452 full"}, Unreachable, "452: full"),
        ({"DATA": "421 good night"}, Unreachable, "421: good night"),
    ],
)
def test_a_mail_goes_to_all_or_to_none(
    endpoint: Endpoint, answers: dict[str, str], kind: type[DeliveryError], said: str
) -> None:
    with MailServer(answers=answers) as server:
        transport = endpoint(server.port)
        with pytest.raises(kind, match=said):
            transport.send(story(1), deadline_s=10)
        assert server.mails == []
        server.answers.clear()
        transport.send(story(1), deadline_s=10)
        assert len(server.mails) == 1


def test_what_was_taken_before_the_answer_was_lost_comes_again_as_the_same_mail(endpoint: Endpoint) -> None:
    with MailServer(answers={"DATA": "cut"}) as server:
        transport = endpoint(server.port)
        with pytest.raises(Unreachable):
            transport.send(story(1), deadline_s=10)
        server.answers.clear()
        transport.send(story(1), deadline_s=10)
    first, second = server.mails
    assert first.data == second.data


@pytest.mark.parametrize("at_once", [True, False])
def test_the_password_is_told_under_tls_alone(endpoint: Endpoint, vouching: Authority, at_once: bool) -> None:
    account = f'user = "{USER}"\npassword = "${{env:MAIL_PASSWORD}}"\nca_file = "{vouching.ca_file}"'
    mode = "tls" if at_once else "starttls"
    with MailServer(tls=vouching.server(), at_once=at_once) as server:
        endpoint(server.port, f'{account}\ntls = "{mode}"').send(story(1), deadline_s=10)
        (mail,) = server.mails
        assert (mail.secured, mail.user) == (True, USER)


def test_a_server_without_starttls_gets_nothing(endpoint: Endpoint) -> None:
    with MailServer() as server:
        with pytest.raises(Unreachable, match="STARTTLS"):
            endpoint(server.port, "").send(story(1), deadline_s=10)
        assert server.mails == []


def test_a_server_that_nobody_vouches_for_gets_nothing(endpoint: Endpoint, vouching: Authority) -> None:
    with MailServer(tls=vouching.server()) as server:
        with pytest.raises(Unreachable, match="certificate is not trusted"):
            endpoint(server.port, "").send(story(1), deadline_s=10)
        assert server.mails == []


def test_a_login_that_fails_is_mended_by_people_and_gives_no_password_away(
    endpoint: Endpoint, vouching: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "wr0ng-p4ssword")
    settings = f'user = "{USER}"\npassword = "${{env:MAIL_PASSWORD}}"\nca_file = "{vouching.ca_file}"'
    with MailServer(tls=vouching.server()) as server:
        transport = endpoint(server.port, settings)
        with pytest.raises(Unreachable, match="535") as caught:
            transport.probe()
    assert "wr0ng" not in str(caught.value)


def test_a_probe_asks_whether_a_mail_would_be_taken_and_sends_none(endpoint: Endpoint) -> None:
    with MailServer() as server:
        transport = endpoint(server.port)
        transport.probe()
        server.answers["night@paper.example"] = "550 nobody"
        with pytest.raises(Refused, match="550: nobody"):
            transport.probe()
        assert server.mails == []
