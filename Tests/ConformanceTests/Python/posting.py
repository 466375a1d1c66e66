"""What the scripts of this folder have in common."""

import requests


def post(address, token, what, headers, body):
    """Posts a body of events twice, as a device would that did not hear the answer."""
    headers = {**headers, "Authorization": f"Bearer {token}"}
    for _ in range(2):
        answer = requests.post(f"{address}/v1/events", headers=headers, data=body, timeout=20)
        print(what, answer.status_code, answer.text)
