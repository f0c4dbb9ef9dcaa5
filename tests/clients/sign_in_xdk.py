"""Signs a user in and reads the month's usage with X's own kit for Python: sign_in_xdk.py URL, credentials in the
environment. Prints the address to send the user to, reads the address that they were sent back to, and prints one JSON
object."""

import json
import os
import sys

from xdk import Client
from xdk.oauth2_auth import OAuth2PKCEAuth

[url] = sys.argv[1:]
auth = OAuth2PKCEAuth(
    base_url=url,
    authorization_base_url=f"{url}/i",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    redirect_uri=os.environ["CALLBACK"],
    scope=["users.read", "notes.read", "offline.access"],
)
print(auth.get_authorization_url(), flush=True)
tokens = auth.fetch_token(sys.stdin.readline().strip())
me = Client(base_url=url, access_token=tokens["access_token"]).users.get_me()
# Its models refuse a number where X sends a text.
usage = Client(base_url=url, bearer_token=os.environ["BEARER_TOKEN"]).usage.get()
print(json.dumps({"username": me.data.username, "cap": usage.data.project_cap, "resets": usage.data.cap_reset_day}))
