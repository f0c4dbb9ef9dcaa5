"""Reads metrics with the parser of prometheus_client. The URL as argument, the token in the environment. Prints
{"types": {name: type}, "samples": {name: [[labels, value]]}}."""

import json
import os
import sys

import requests
from prometheus_client.parser import text_string_to_metric_families

answer = requests.get(sys.argv[1], headers={"authorization": "Bearer " + os.environ["METRICS_TOKEN"]}, timeout=60)
assert answer.status_code == 200, answer.text
assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8", answer.headers
types, samples = {}, {}
for family in text_string_to_metric_families(answer.text):
    assert family.documentation, family.name
    assert family.name not in types, family.name
    types[family.name] = family.type
    for sample in family.samples:
        same = samples.setdefault(sample.name, [])
        assert sample.labels not in [labels for labels, _ in same], sample
        same.append([sample.labels, sample.value])
print(json.dumps({"types": types, "samples": samples}))
