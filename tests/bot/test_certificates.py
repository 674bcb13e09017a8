"""Slack's certificates: checked at every call, read once."""

import ssl

from bot.app import web_client


def test_a_client_brings_its_certificates_along_and_checks_slack_s():
    client = web_client("xoxb-test", "https://slack.example/api/")
    assert client.ssl is not None, "the library would read them anew for every call, which takes 20 ms and more"
    assert client.ssl.verify_mode is ssl.CERT_REQUIRED
    assert client.ssl.check_hostname
    assert client.ssl.get_ca_certs() or client.ssl.cert_store_stats()
