"""Verifies a request's HTTP Message Signature with http-message-signatures. Origin and the request's head as arguments,
the key in the environment. Prints {"covered": {component: value}}, or {"covered": null, "why": …}."""

import base64
import json
import os
import sys

import requests
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms


class Key(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id):
        assert key_id == "gatehouse", key_id
        return base64.b64decode(os.environ["UPSTREAM_KEY"])

    resolve_private_key = resolve_public_key


origin, head = sys.argv[1:]
first, *lines = head.splitlines()
method, path, _ = first.split(" ")
headers = dict(line.split(": ", 1) for line in lines if ": " in line)
request = requests.Request(method, origin + path, headers=headers).prepare()
# As it came: the library that carries it would encode it anew.
request.url = origin + path
try:
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=Key())
    [result] = verifier.verify(request)
    assert result.label == "gatehouse", result.label
    print(json.dumps({"covered": dict(result.covered_components)}))
except Exception as error:
    print(json.dumps({"covered": None, "why": repr(error)}))
