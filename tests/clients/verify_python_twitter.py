"""Calls a deployment with python-twitter, a client written for X's API, which knows nothing of this one but its base
URL: verify_python_twitter.py URL, credentials in the environment. Prints one JSON object."""

import json
import os
import sys

import twitter

api = twitter.Api(
    consumer_key=os.environ["API_KEY"],
    consumer_secret=os.environ["API_KEY_SECRET"],
    access_token_key=os.environ["ACCESS_TOKEN"],
    access_token_secret=os.environ["ACCESS_TOKEN_SECRET"],
    base_url=f"{sys.argv[1]}/1.1",
)
user = api.VerifyCredentials()
print(json.dumps({"id": user.id, "screen_name": user.screen_name, "created_at": user.created_at}))
