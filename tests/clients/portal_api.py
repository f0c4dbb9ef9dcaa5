"""Hooks of Schemathesis: calls name what exists, so that they get further than a 404, and answers are counted.

PORTAL_IDS: {"own": {…}, "other": {…}}, ids by the names that paths have for them. Operators' calls are about others, so
that none of them ends the session of the one who calls. ANSWERS: the file for the counts."""

import atexit
import json
import os
import zlib

import schemathesis

IDS = json.loads(os.environ["PORTAL_IDS"])
ANSWERS = {}


@schemathesis.hook
def map_path_parameters(context, parameters):
    if not parameters:
        return parameters
    of_operator = context.operation is not None and "/review/" in context.operation.path
    for name, known in IDS["other" if of_operator else "own"].items():
        # One in four stays as it was made up. The choice depends on the value alone: a case can be repeated.
        if name in parameters and zlib.crc32(repr(parameters[name]).encode()) % 4:
            parameters[name] = known
    return parameters


@schemathesis.hook
def after_call(context, case, response):
    ANSWERS[response.status_code] = ANSWERS.get(response.status_code, 0) + 1


@atexit.register
def write_answers():
    with open(os.environ["ANSWERS"], "w", encoding="utf-8") as file:
        json.dump(ANSWERS, file)
