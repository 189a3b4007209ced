"""What a ``type = "mail"`` endpoint is told when it is configured wrongly."""

from __future__ import annotations

import pytest

from tests.config.conftest import Faults, Load

MAIL = '[[endpoints]]\nid = "a"\ntype = "mail"\nhost = "mail.example"\nsender = "desk@news.example"\n'
TO = 'to = "editor@paper.example"\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (MAIL, "1: endpoints[1].to: is missing"),
        (MAIL + 'to = "editor"', "6: endpoints[1].to[1]: 'editor' is no address such as"),
        (MAIL + 'to = ["a@b.example, c@d.example"]', "6: endpoints[1].to[1]: "),
        (
            MAIL + 'to = "a@b.example\\r\\nBcc: c@d.example"',
            "6: endpoints[1].to[1]: must be a text on one line",
        ),
        (MAIL + TO + 'user = "desk"', "1: endpoints[1]: user and password go together"),
        (
            MAIL + TO + 'user = "desk"\npassword = "${env:P}"\ntls = "none"',
            "1: endpoints[1]: tls = 'none' would send the password in the clear",
        ),
        (MAIL + TO + 'password = "hunter2"', "7: endpoints[1].password: a secret never stands"),
        (MAIL + TO + "digest = 0", "7: endpoints[1].digest: must be greater than or equal to 1"),
        (
            MAIL + TO + 'subject_prefix = "a\\nb"',
            "1: endpoints[1]: subject_prefix must be a text on one line",
        ),
    ],
)
def test_a_fault_says_what_is_wrong(faults_of: Faults, text: str, fault: str) -> None:
    (found,) = faults_of(text)
    assert found.startswith(fault)


def test_a_mail_is_text_unless_something_else_is_said(settings_of: Load) -> None:
    plain, other = settings_of(
        MAIL + TO + (MAIL + TO).replace('"a"', '"b"') + 'document = "html"\ndigest = 20\n'
    ).endpoints
    assert (plain.document, plain.at_once) == ("text", 1)
    assert (other.document, other.at_once) == ("html", 20)
