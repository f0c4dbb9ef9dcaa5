"""Acts for a user as any program with requests-oauthlib does: sign_in_requests_oauthlib.py URL MODE, credentials in the
environment. Prints the address to send the user to, reads what the user brings back (a PIN, or the address that they
were sent to), and prints one JSON object. MODE is callback, pin or oauth2."""

import json
import os
import sys

from requests_oauthlib import OAuth1Session, OAuth2Session

url, mode = sys.argv[1:]


def ask(address):
    print(address, flush=True)
    return sys.stdin.readline().strip()


def with_oauth1():
    session = OAuth1Session(
        os.environ["API_KEY"],
        os.environ["API_KEY_SECRET"],
        callback_uri="oob" if mode == "pin" else os.environ["CALLBACK"],
    )
    session.fetch_request_token(f"{url}/oauth/request_token")
    brought = ask(session.authorization_url(f"{url}/oauth/authorize"))
    if mode == "callback":
        session.parse_authorization_response(brought)
        token = session.fetch_access_token(f"{url}/oauth/access_token")
    else:
        token = session.fetch_access_token(f"{url}/oauth/access_token", verifier=brought)
    return {
        "token": token,
        "user": session.get(f"{url}/1.1/account/verify_credentials.json").json(),
        "note": session.post(f"{url}/1.1/notes.json", data={"text": "for a user"}).status_code,
    }


def with_oauth2():
    client_id, secret = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]
    scope = ["users.read", "notes.read", "offline.access"]
    session = OAuth2Session(client_id, redirect_uri=os.environ["CALLBACK"], scope=scope, pkce="S256")
    address, _ = session.authorization_url(f"{url}/i/oauth2/authorize")
    endpoint = f"{url}/2/oauth2/token"
    token = session.fetch_token(endpoint, authorization_response=ask(address), client_secret=secret)
    user = session.get(f"{url}/2/users/me").json()
    refreshed = session.refresh_token(endpoint, auth=(client_id, secret))
    return {
        "token": token,
        "refreshed": refreshed,
        "user": user,
        "again": session.get(f"{url}/2/users/me").status_code,
    }


print(json.dumps(with_oauth2() if mode == "oauth2" else with_oauth1()))
