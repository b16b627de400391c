// The playground is a client: whatever it does, the public API and tributary.js do.
// What it knows of the client stays in this tab.
"use strict";

(() => {
  const base = location.origin;
  const find = (id) => document.getElementById(id);
  const show = (element, text) => {
    element.hidden = false;
    if (text !== undefined) element.textContent = text;
  };
  const kept = (name, value) => (value === undefined ? sessionStorage.getItem(name) : sessionStorage.setItem(name, value));
  let token = "";

  // What went wrong is said in the API's own words.
  function wrong(error) {
    show(find("wrong"), error.message || String(error));
  }

  async function step(button, act) {
    find("wrong").hidden = true;
    if (button) button.disabled = true;
    try {
      return await act();
    } catch (error) {
      wrong(error);
    } finally {
      if (button) button.disabled = false;
    }
  }

  // A call is shown as it can be typed; $TOKEN is what the first one gives.
  function tell(name, title, command) {
    const place = document.querySelector(`[data-call="${name}"]`);
    const details = place.querySelector("details") ?? document.createElement("details");
    const summary = document.createElement("summary");
    const method = document.createElement("b");
    method.textContent = title;
    summary.append(method);
    const text = document.createElement("pre");
    text.tabIndex = 0;
    text.textContent = command;
    details.replaceChildren(summary, text);
    place.append(details);
    kept(`call ${name}`, JSON.stringify([title, command])); // the page may be left for the widget
  }

  function retell() {
    for (const { dataset } of document.querySelectorAll("[data-call]")) {
      const told = kept(`call ${dataset.call}`);
      if (told) tell(dataset.call, ...JSON.parse(told));
    }
  }

  const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

  function curl(path, body) {
    const lines = [`curl -s ${quoted(base + path)}`, `  -H "Authorization: Bearer $TOKEN"`];
    if (body) lines.push(`  -H 'Content-Type: application/json'`, `  -d ${quoted(JSON.stringify(body))}`);
    return lines.join(" \\\n");
  }

  async function answered(response) {
    const text = await response.text();
    let said = {};
    try {
      said = JSON.parse(text);
    } catch {
      // what is no JSON is told by its status
    }
    if (!response.ok) throw new Error(said.detail ?? said.error_description ?? said.title ?? `The server answered ${response.status}.`);
    return said;
  }

  async function api(name, path, body) {
    tell(name, `${body ? "POST" : "GET"} ${path}`, curl(path, body));
    const headers = { Authorization: `Bearer ${token}` };
    if (body) headers["Content-Type"] = "application/json";
    return answered(await fetch(path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) }));
  }

  async function enter(id, secret) {
    tell("token", "POST /oauth/token", `TOKEN=$(curl -s -u ${quoted(`${id}:${secret}`)} \\\n  -d grant_type=client_credentials ${base}/oauth/token \\\n  | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`);
    const given = await answered(await fetch("/oauth/token", {
      method: "POST",
      credentials: "omit", // or the browser asks for a password itself
      headers: { Authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    }));
    token = given.access_token;
    kept("client", id);
    kept("secret", secret);
    find("client").hidden = true;
    show(find("client-done"), id);
    show(find("user"));
  }

  // A token ends after an hour at most; a workbench is open longer.
  async function anew(act) {
    try {
      return await act();
    } catch {
      await enter(kept("client"), kept("secret"));
      return act();
    }
  }

  async function settle(user) {
    kept("user", user);
    find("user-done").textContent = user;
    show(find("widget")); // no earlier: it needs a user, and would move under the hand
    find("events").replaceChildren();
    await follow(user);
    await data(user);
  }

  async function make() {
    const user = await api("user", "/v1/users", { external_id: `playground-${Date.now()}` });
    await settle(user.id);
  }

  // Events: one stream, taken up again after the last that came.
  let stream;
  async function follow(user) {
    stream?.abort();
    const own = (stream = new AbortController());
    const path = `/v1/events?user_id=${encodeURIComponent(user)}`;
    tell("events", `GET ${path}`, `curl -sN ${quoted(base + path)} \\\n  -H "Authorization: Bearer $TOKEN" \\\n  -H 'Accept: text/event-stream'`);
    let last = "";
    const listen = async () => {
      while (!own.signal.aborted) {
        try {
          const headers = { Authorization: `Bearer ${token}`, Accept: "text/event-stream" };
          if (last) headers["Last-Event-ID"] = last;
          const response = await fetch(path, { headers, signal: own.signal });
          if (!response.ok) await answered(response);
          for await (const event of parts(response.body)) {
            last = event.id;
            if (!own.signal.aborted) arrive(event, user);
          }
        } catch (error) {
          if (own.signal.aborted) return;
          await anew(async () => {}).catch(() => {});
        }
        await new Promise((again) => setTimeout(again, 1000));
      }
    };
    listen();
  }

  async function* parts(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value;
      for (let at = text.indexOf("\n\n"); at >= 0; at = text.indexOf("\n\n")) {
        const event = Object.fromEntries(text.slice(0, at).split("\n").filter((line) => !line.startsWith(":")).map((line) => {
          const colon = line.indexOf(": ");
          return [line.slice(0, colon), line.slice(colon + 2)];
        }));
        text = text.slice(at + 2);
        if (event.data) yield event;
      }
    }
  }

  function cell(tag, text, kind) {
    const made = document.createElement(tag);
    made.textContent = text ?? "";
    if (kind) made.className = kind;
    return made;
  }

  function arrive(event, user) {
    find("events-none").hidden = true;
    const list = find("events");
    show(list);
    const line = document.createElement("li");
    const told = JSON.parse(event.data);
    const more = Object.entries(told.data ?? {}).filter(([, value]) => typeof value !== "object").map(([name, value]) => `${name}=${value}`).join(" ");
    const name = document.createElement("span");
    name.append(cell("b", event.event), ` `, cell("span", more, "more"));
    line.append(cell("span", event.id, "seq"), name);
    list.append(line);
    list.scrollTop = list.scrollHeight;
    if (/^(accounts|transactions)\.|succeeded$|partial$/.test(event.event)) later(() => data(user));
  }

  // Many events come at once; the data are read once after them.
  let waiting;
  function later(act) {
    clearTimeout(waiting);
    waiting = setTimeout(() => act().catch(wrong), 400);
  }

  const money = (amount) => (amount ? `${amount.value ?? amount.amount} ${amount.currency}` : "");

  function fill(name, rows) {
    const table = find(name);
    find(`${name}-none`).hidden = rows.length > 0;
    table.parentElement.hidden = rows.length === 0;
    table.tBodies[0].replaceChildren(...rows.map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells);
      return row;
    }));
  }

  async function data(user) {
    const owner = encodeURIComponent(user);
    const accounts = await anew(() => api("accounts", `/v1/accounts?user_id=${owner}`));
    fill("accounts", accounts.data.map((a) => [cell("td", a.name), cell("td", a.type), cell("td", a.iban ?? a.number), cell("td", money(a.balance), "amount")]));
    const transactions = await anew(() => api("transactions", `/v1/transactions?user_id=${owner}&limit=20`));
    fill("transactions", transactions.data.map((t) => [
      cell("td", t.effective_date ?? t.booking_date), cell("td", t.label), cell("td", t.category?.id ?? t.category),
      cell("td", t.status), cell("td", money(t.amount), "amount"),
    ]));
  }

  function tellResult(result) {
    show(find("result"), result.error ? `The user left: ${result.error}${result.step ? ` at ${result.step}` : ""}.` : `Result: ${result.result}${result.status ? `, ${result.status}` : ""} ${result.connection_id ?? ""}`);
    if (kept("user")) later(() => data(kept("user")));
  }

  async function connect(form) {
    const { mode, locale, channel } = Object.fromEntries(new FormData(form));
    const order = { user_id: kept("user"), mode, locale };
    if (channel) order.channels = [channel];
    if (mode === "page") order.redirect_url = `${base}/playground`;
    else order.parent_origin = base;
    const container = mode === "iframe" ? ", container: document.getElementById('frame')" : "";
    tell("open", "tributary.js", `<script src="${base}/widget/tributary.js"></script>\n\nconst result = await Tributary.open(session.links.add_connection, { mode: "${mode}"${container} });`);
    const link = anew(() => api("session", "/v1/widget_sessions", order)).then((session) => session.links.add_connection);
    const options = { mode, title: "Connect a bank" };
    if (mode === "iframe") options.container = find("frame");
    tellResult(await Tributary.open(link, options));
  }

  find("client").addEventListener("submit", (event) => {
    event.preventDefault();
    const { id, secret } = Object.fromEntries(new FormData(event.target));
    step(event.submitter, async () => {
      await enter(id.trim(), secret.trim());
      await make();
    });
  });
  find("another").addEventListener("click", (event) => step(event.target, () => anew(make)));
  find("open").addEventListener("submit", (event) => {
    event.preventDefault();
    find("result").hidden = true;
    step(event.submitter, () => connect(event.target));
  });

  // The printed link carries the credentials in its fragment, which no server sees.
  async function begin() {
    const given = new URLSearchParams(location.hash.slice(1));
    const result = Tributary.returned();
    history.replaceState(null, "", "/playground");
    const id = given.get("client_id") ?? kept("client");
    const secret = given.get("client_secret") ?? kept("secret");
    if (!id || !secret) return;
    if (result) retell();
    if (given.has("client_id")) sessionStorage.removeItem("user");
    await enter(id, secret);
    if (kept("user")) await settle(kept("user"));
    else await make();
    if (result) tellResult(result);
  }

  step(null, begin);
})();
