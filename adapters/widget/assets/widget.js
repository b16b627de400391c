// What makes the pages livelier. Every page works without it.
"use strict";

const at = document.body.dataset.at;
const find = (selector) => document.querySelector(selector);
const all = (selector) => Array.from(document.querySelectorAll(selector));

async function ask(what) {
  const answer = await fetch(at + what, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

// Forms are sent once, however often somebody clicks; again where nothing came of
// it, as when the network was lost or an app was opened beside the page.
const sending = 5000;
for (const form of all("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => {
      delete form.dataset.sent;
      event.submitter?.removeAttribute("aria-busy");
    }, sending);
  });
}
// Who comes back to a page that the browser kept sees where the visit is now.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// A bank's picture that does not arrive leaves its letters to be read.
document.addEventListener("error", (event) => {
  if (event.target.matches?.(".tile img")) event.target.remove();
}, true);
for (const picture of all(".tile img")) {
  if (picture.complete && picture.naturalWidth === 0) picture.remove();
}

// Search while it is typed.
const field = find("#q");
const choose = find(".choose");
if (field && choose) {
  const country = find("#country");
  const pattern = find("#bank").content.firstElementChild;
  const none = find(".none");
  const popular = find("[data-group=popular]");
  find(".search button").hidden = true;
  let latest = 0;
  let timer;
  const line = (bank) => {
    const made = pattern.cloneNode(true);
    made.querySelector("button").value = bank.id;
    const tile = made.querySelector(".tile");
    tile.className = "tile " + bank.hue;
    tile.textContent = bank.letters;
    if (bank.logo) {
      const picture = document.createElement("img");
      picture.alt = "";
      picture.src = bank.logo;
      tile.append(picture);
    }
    const name = made.querySelector(".name");
    name.textContent = bank.name;
    if (bank.down) {
      const word = document.createElement("small");
      word.className = "down";
      word.textContent = choose.dataset.down;
      name.append(word);
    }
    made.querySelector(".country").textContent = bank.country;
    return made;
  };
  const draw = (found) => {
    popular.querySelector("ul").replaceChildren(...found.popular.map(line));
    popular.hidden = find("#all").hidden = found.popular.length === 0;
    find("[data-group=all] ul").replaceChildren(...found.all.map(line));
    none.textContent = found.all.length === 0 ? none.dataset.none : found.more ? none.dataset.more : "";
  };
  const search = async () => {
    const turn = ++latest;
    clearTimeout(timer);
    try {
      const found = await ask("/banks?" + new URLSearchParams({ q: field.value, country: country?.value ?? "" }));
      if (turn === latest) draw(found);
    } catch {
      // The list stays as it is; the form still works.
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 150);
  });
  country?.addEventListener("change", search);
  find(".search").addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
}

// Passwords can be looked at.
for (const box of all(".secret")) {
  const input = box.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = box.dataset.show;
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? box.dataset.show : box.dataset.hide;
    button.setAttribute("aria-pressed", String(!shown));
  });
  box.classList.add("shown-able");
  box.append(button);
}

// Secrets of digits have keys on the screen; a keyboard types them as well.
for (const pad of all(".keypad")) {
  const input = pad.querySelector("input");
  const keys = document.createElement("div");
  keys.className = "keys";
  keys.setAttribute("role", "group");
  keys.setAttribute("aria-label", pad.dataset.keys);
  const key = (text, press) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "second";
    button.textContent = text;
    button.addEventListener("click", press);
    keys.append(button);
  };
  for (const digit of "1234567890") key(digit, () => { input.value += digit; });
  key(pad.dataset.erase, () => { input.value = input.value.slice(0, -1); });
  input.inputMode = "none"; // the keys below stand in the place of a phone's own
  pad.append(keys);
}

// Time that runs out, and time until something is possible.
const left = (stamp) => Math.max(0, Math.ceil((Number(stamp) - Date.now()) / 1000));
const clock = (seconds) => Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
for (const line of all("[data-until]")) {
  const tick = () => {
    const seconds = left(line.dataset.until);
    line.hidden = seconds === 0 || seconds > 3600;
    line.querySelector(".count").textContent = clock(seconds);
    if (seconds > 0) setTimeout(tick, 1000);
  };
  tick();
}
for (const form of all("[data-from]")) {
  const button = form.querySelector("button");
  const soon = form.querySelector(".soon");
  const tick = () => {
    const seconds = left(form.dataset.from);
    button.disabled = seconds > 0;
    soon.hidden = seconds === 0;
    soon.querySelector(".count").textContent = clock(seconds);
    if (seconds > 0) setTimeout(tick, 1000);
  };
  tick();
}

// Pages that wait look whether the visit has gone on.
if (find("[data-watch]")) {
  const stages = find(".stages");
  let pause = 700;
  const show = (stage) => {
    if (!stages) return;
    Array.from(stages.children).forEach((line, i) => {
      const state = i < stage ? "done" : i === stage ? "now" : "todo";
      if (line.dataset.state === state) return;
      line.dataset.state = state;
      line.querySelector(".state").textContent = stages.dataset[state];
      if (state === "now") find("[data-say]").textContent = line.querySelector(".what").textContent;
    });
  };
  const look = async () => {
    try {
      const pulse = await ask("/pulse");
      const typing = all("main input:not([type=hidden]):not([type=radio])").some((input) => input.value !== "");
      if (pulse.key !== document.body.dataset.key || (pulse.details !== document.body.dataset.details && !typing)) {
        location.replace(location.pathname);
        return;
      }
      show(pulse.stage);
      pause = Math.min(pause * 1.1, 3000);
    } catch {
      pause = Math.min(pause * 2, 10000); // a network that is lost comes back
    }
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
}
