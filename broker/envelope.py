"""The ring: a complete Celery message without data, as kombu's Redis transport expects it.

Lua pushes it onto the broker's list itself, so that making a conversation ready and ringing
for a worker are one atomic step. Message protocol 2 of Celery, pickled nothing:
https://docs.celeryq.dev/en/stable/internals/protocol.html
"""

import base64
import json

RING_TASK = "mersal.ring"
# Lua fills these in; both must be unique or right in every message.
ID_MARK = "@id@"
QUEUE_MARK = "@queue@"


def ring_envelope() -> str:
    """The message with marks where Lua puts its id and its queue."""
    embed = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
    body = base64.b64encode(json.dumps([[], {}, embed]).encode()).decode()
    headers = {
        "lang": "py",
        "task": RING_TASK,
        "id": ID_MARK,
        "root_id": ID_MARK,
        "parent_id": None,
        "group": None,
        "argsrepr": "",
        "kwargsrepr": "",
        "retries": 0,
        "timelimit": [None, None],
        "eta": None,
        "expires": None,
        "ignore_result": True,
    }
    properties = {
        "correlation_id": ID_MARK,
        "delivery_mode": 2,
        "delivery_info": {"exchange": "", "routing_key": QUEUE_MARK},
        "priority": 0,
        "body_encoding": "base64",
        "delivery_tag": ID_MARK,
    }
    message = {
        "body": body,
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": headers,
        "properties": properties,
    }
    return json.dumps(message)
