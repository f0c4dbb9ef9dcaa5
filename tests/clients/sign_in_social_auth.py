"""Signs a user in as a Django or Flask site with python-social-auth does: sign_in_social_auth.py URL MODE, credentials in
the environment. MODE is twitter (OAuth 1.0a) or twitter-oauth2. Prints the address to send the user to, reads the address
that they were sent back to, and prints one JSON object. The backends are as they are shipped, but for the hosts that are
written in them."""

import json
import os
import sys
from urllib.parse import parse_qsl, urlsplit

from social_core.backends.twitter import TwitterOAuth
from social_core.backends.twitter_oauth2 import TwitterOAuth2
from social_core.storage import BaseStorage
from social_core.strategy import BaseStrategy

url, mode = sys.argv[1:]
HOSTS = ["https://api.twitter.com", "https://twitter.com"]


def here(address):
    for host in HOSTS:
        address = address.replace(host, url, 1) if address.startswith(host) else address
    return address


class Storage(BaseStorage):
    """For one visitor, whose states are all new."""

    class nonce:
        @classmethod
        def use(cls, server_url, timestamp, salt):
            return True

        @classmethod
        def consume(cls, server_url, timestamp, salt):
            return True


class Site(BaseStrategy):
    """A site with one visitor and no database."""

    def __init__(self):
        super().__init__(Storage)
        self.session, self.data = {}, {}

    def get_setting(self, name):
        return {
            "SOCIAL_AUTH_TWITTER_KEY": os.environ["API_KEY"],
            "SOCIAL_AUTH_TWITTER_SECRET": os.environ["API_KEY_SECRET"],
            "SOCIAL_AUTH_TWITTER_OAUTH2_KEY": os.environ["CLIENT_ID"],
            "SOCIAL_AUTH_TWITTER_OAUTH2_SECRET": os.environ["CLIENT_SECRET"],
            # What it asks for by default are scopes of X.
            "SOCIAL_AUTH_TWITTER_OAUTH2_IGNORE_DEFAULT_SCOPE": True,
            "SOCIAL_AUTH_TWITTER_OAUTH2_SCOPE": ["users.read", "notes.read", "offline.access"],
        }[name]

    def session_get(self, name, default=None):
        return self.session.get(name, default)

    def session_set(self, name, value):
        self.session[name] = value

    def session_pop(self, name):
        return self.session.pop(name, None)

    def request_data(self, merge=True):
        return self.data

    def build_absolute_uri(self, path=None):
        return path

    def random_string(self, length=12, chars="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"):
        return super().random_string(length, chars)

    def authenticate(self, backend, *args, **kwargs):
        return kwargs["response"], backend.get_user_details(kwargs["response"])


class Elsewhere:
    verifier_length = 0

    def create_code_verifier(self, *args):
        verifier = super().create_code_verifier(*args)
        self.verifier_length = len(verifier)
        return verifier

    def authorization_url(self):
        return here(super().authorization_url())

    def request(self, address, **kwargs):
        return super().request(here(address), **kwargs)


Backend = type("Backend", (Elsewhere, TwitterOAuth if mode == "twitter" else TwitterOAuth2), {})
site = Site()
backend = Backend(site, redirect_uri=os.environ["CALLBACK"])
print(here(backend.auth_url()), flush=True)
brought = sys.stdin.readline().strip()
backend.data = site.data = dict(parse_qsl(urlsplit(brought).query))
response, details = backend.auth_complete()
print(
    json.dumps(
        {
            "id": str(response["id"]),
            "username": details["username"],
            "redirect_state": "redirect_state" in backend.data,
            "verifier_length": backend.verifier_length,
        }
    )
)
