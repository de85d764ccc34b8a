"""Signatures are what the far ends compute."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from watcher.channels import _sign
from watcher.errors import ConfigError


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=200).map(lambda raw: raw.hex().encode()))
@settings(max_examples=50)
def test_the_reference_library_verifies(key: bytes, text: bytes) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    body = b'{"x":"' + text + b'"}'
    now = int(datetime.now(UTC).timestamp())
    headers = _sign.webhook_headers("msg_1", now, body, _sign.webhook_keys(secret))
    assert Webhook(secret).verify(body, headers) == {"x": text.decode()}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body + b" ", headers)


def test_the_signature_is_that_of_the_specification() -> None:
    # The example of spec/standard-webhooks.md.
    keys = _sign.webhook_keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    headers = _sign.webhook_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, keys)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["whsec_***", "whsec_QUJD", "whsec_" + "QUJD" * 30, "文字"])
def test_a_bad_secret_is_refused_without_being_told(secret: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _sign.webhook_keys(secret)
    assert secret not in str(caught.value)


def test_dingtalk_signs_as_its_documentation_does() -> None:
    # stringToSign = timestamp + "\n" + secret, HmacSHA256, Base64, urlEncode; computed with openssl.
    query = _sign.dingtalk_query("this is secret", 1577262236757)
    assert query == "timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"


def test_feishu_signs_an_empty_text_with_time_and_secret_as_key() -> None:
    assert _sign.feishu_sign("demo", 1599360473) == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="
