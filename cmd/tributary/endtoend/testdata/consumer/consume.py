# A consumer of a queue that is shared. It prints what it has got, works until
# it is told a line, acknowledges, and goes on when it is told another.
import json, os, sys, urllib.request

queue = os.environ["BASE"] + "/v1/queues/" + os.environ["QUEUE"]


def call(path, body):
    headers = {"Authorization": "Bearer " + os.environ["TOKEN"], "Content-Type": "application/json"}
    return json.load(urllib.request.urlopen(urllib.request.Request(queue + path, json.dumps(body).encode(), headers)))


while True:
    lease = call("/leases", {"limit": 5, "seconds": int(sys.argv[1]), "wait": 5})
    if not lease["data"]:
        continue
    print(" ".join(event["id"] for event in lease["data"]), flush=True)
    if not sys.stdin.readline():
        break
    call("/ack", {"seq": lease["data"][-1]["seq"], "lease_id": lease["id"]})
    print("acknowledged", flush=True)
    if not sys.stdin.readline():
        break
