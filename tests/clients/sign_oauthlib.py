"""Prints random requests signed by oauthlib, one JSON object a line: sign_oauthlib.py SEED COUNT."""

import json
import random
import sys
from urllib.parse import quote, quote_plus

from oauthlib.oauth1 import (
    SIGNATURE_HMAC_SHA1,
    SIGNATURE_HMAC_SHA256,
    SIGNATURE_TYPE_AUTH_HEADER,
    SIGNATURE_TYPE_BODY,
    SIGNATURE_TYPE_QUERY,
    Client,
)

PIECES = ["a", "B", "7", "-", ".", "_", "~", "é", " ", "!", "*", "'", "(", ")", "+", "☃", "&", "=", "%", "%41", "/", "?", "#", ","]
SECRET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/+&= é"
FORM = "application/x-www-form-urlencoded"


def main(seed, count):
    chance = random.Random(seed)
    for _ in range(count):
        print(json.dumps(request(chance)))


def text(chance, pieces, longest):
    return "".join(chance.choice(pieces) for _ in range(chance.randrange(longest)))


def pairs(chance):
    made = [("n" + text(chance, PIECES, 4), text(chance, PIECES, 8)) for _ in range(chance.randrange(4))]
    # A name that comes twice, with the same value or another.
    return made + [(name, chance.choice([value, "again"])) for name, value in made if chance.random() < 0.2]


def encode(chance, made):
    how = chance.choice([lambda part: quote(part, safe="~"), lambda part: quote_plus(part, safe="~")])
    return "&".join(f"{how(name)}={how(value)}" for name, value in made)


def request(chance):
    method = chance.choice(["GET", "POST", "PUT", "DELETE"])
    scheme = chance.choice(["http", "https"])
    host = chance.choice(["api.example.com", "EXAMPLE.org", "127.0.0.1"])
    port = chance.choice(["", ":80", ":443", ":8787"])
    path = quote("/" + text(chance, ["1.1", "/", "notes.json", "é", "~", "-"], 5), safe="/~")
    query = encode(chance, pairs(chance))
    url = f"{scheme}://{host}{port}{path}" + (f"?{query}" if query else "")
    with_form = method != "GET" and chance.random() < 0.7
    kinds = [SIGNATURE_TYPE_AUTH_HEADER, SIGNATURE_TYPE_AUTH_HEADER, SIGNATURE_TYPE_QUERY]
    token = None if chance.random() < 0.2 else "token" + text(chance, SECRET, 8)
    client = Client(
        "key" + text(chance, SECRET, 8),
        client_secret=text(chance, SECRET, 20) or "s",
        resource_owner_key=token,
        resource_owner_secret=text(chance, SECRET, 20) if token else None,
        signature_method=chance.choice([SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256]),
        signature_type=chance.choice(kinds + [SIGNATURE_TYPE_BODY] if with_form else kinds),
    )
    form = encode(chance, pairs(chance)) if with_form else None
    headers = {"Content-Type": FORM} if with_form else {}
    uri, signed_headers, body = client.sign(url, method, form, headers)
    return {
        "method": method,
        "origin": f"{scheme}://{host}{port}",
        "url": uri,
        "authorization": signed_headers.get("Authorization"),
        "form": body if with_form else None,
        "consumer_secret": client.client_secret,
        "token_secret": client.resource_owner_secret or "",
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
