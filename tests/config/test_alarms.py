"""``[alarms]``: who is told, and that no password stands in the file."""

from __future__ import annotations

import pytest

from tests.config.conftest import Load
from wire.errors import ConfigError

MAIL = 'to = "desk@news.example", sender = "wire@news.example", server = "smtp.news.example:587"'


def test_mail_is_told_with_its_server(settings_of: Load) -> None:
    mail = settings_of(f"[alarms]\nmail = {{ {MAIL} }}\n").alarms.mail
    assert mail is not None
    assert (mail.to, mail.host, mail.port, mail.encryption) == (
        ("desk@news.example",),
        "smtp.news.example",
        587,
        "starttls",
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f'mail = {{ {MAIL}, user = "wire" }}', "belong together"),
        (f'mail = {{ {MAIL}, user = "wire", password = "hunter2" }}', "never stands in the configuration"),
        (
            f'mail = {{ {MAIL}, user = "w", password = "${{env:P}}", encryption = "none" }}',
            "only sent encrypted",
        ),
        ('mail = { to = "nobody", sender = "a@b.example", server = "s:25" }', "no mail address"),
        ('mail = { to = "a@b.example", sender = "a@b.example", server = "s" }', "HOST:PORT"),
        ('webhook = { url = "ftp://x.example/" }', "must be a full URL"),
        ("unread_s = 0", "greater than or equal to 1"),
    ],
)
def test_faults_are_told(settings_of: Load, line: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as told:
        settings_of(f"[alarms]\n{line}\n")
    assert "hunter2" not in str(told.value)


def test_the_address_of_a_webhook_may_be_a_secret(settings_of: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", "https://hooks.example/T0/secret")
    hook = settings_of('[alarms]\nwebhook = { url = "${env:HOOK}" }\n').alarms.webhook
    assert hook is not None
    assert hook.url.reveal() == "https://hooks.example/T0/secret"
    assert "T0" not in repr(hook)
