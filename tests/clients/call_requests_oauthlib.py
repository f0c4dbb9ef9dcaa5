"""Calls a deployment as any program with requests-oauthlib does: call_requests_oauthlib.py URL, credentials in the
environment. Prints one JSON object."""

import json
import os
import sys

from requests_oauthlib import OAuth1Session

TEXT = "é ~!*'()+ ☃"

url = sys.argv[1]
session = OAuth1Session(
    os.environ["API_KEY"],
    os.environ["API_KEY_SECRET"],
    os.environ["ACCESS_TOKEN"],
    os.environ["ACCESS_TOKEN_SECRET"],
)
answers = {
    "verify_credentials": session.get(f"{url}/1.1/account/verify_credentials.json"),
    "post": session.post(f"{url}/1.1/notes.json", params={"q": TEXT, "empty": ""}, data={"text": TEXT}),
    "json": session.post(f"{url}/2/notes", params={"q": TEXT}, json={"text": TEXT}),
    "me": session.get(f"{url}/2/users/me"),
}
print(
    json.dumps(
        {
            name: {"status": answer.status_code, "level": answer.headers.get("x-access-level"), "body": answer.json()}
            for name, answer in answers.items()
        }
    )
)
