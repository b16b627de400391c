// Reads lines of JSON and verifies each: with the reference library, or with
// node's own Ed25519. It prints how many it believed, and how many of the same
// with one bit changed.
import { createPublicKey, verify } from "node:crypto";
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";

const prefix = Buffer.from("302a300506032b6570032100", "hex"); // of an Ed25519 key in SPKI

function believes({ secret, id, at, signature }, body) {
  if (secret.startsWith("whpk_")) {
    const key = createPublicKey({ key: Buffer.concat([prefix, Buffer.from(secret.slice(5), "base64")]), format: "der", type: "spki" });
    const text = Buffer.concat([Buffer.from(`${id}.${at}.`), body]);
    return verify(null, text, key, Buffer.from(signature.replace("v1a,", ""), "base64"));
  }
  try {
    const headers = { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": signature };
    new Webhook(secret).verify(body.toString(), headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

let believed = 0;
let spoiled = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  const body = Buffer.from(message.body, "base64");
  believed += believes(message, body) ? 1 : 0;
  const changed = Buffer.from(body);
  changed[message.bit >> 3] ^= 1 << (message.bit & 7);
  spoiled += believes(message, changed) ? 1 : 0;
}
console.log(JSON.stringify({ believed, spoiled }));
