// What pages do in a browser. They are found by their data attributes, because classes belong to the build.
(() => {
  "use strict";
  const each = (selector, how) => document.querySelectorAll(selector).forEach(how);

  each("[data-cookies]", (veil) => {
    veil.querySelectorAll("[data-choice]").forEach((button) => button.addEventListener("click", () => {
      document.cookie = `cookie_choice=${button.dataset.choice}; path=/; max-age=15552000; samesite=lax`;
      veil.remove();
    }));
  });

  each("[data-peek]", (button) => button.addEventListener("click", () => {
    const input = button.previousElementSibling;
    input.type = input.type === "password" ? "text" : "password";
  }));

  each("[data-pad]", (pad) => {
    const field = pad.querySelector("input"), dots = pad.querySelector("[data-dots]");
    const show = () => { dots.textContent = "●".repeat(field.value.length); };
    pad.querySelectorAll("[data-place]").forEach((key) => key.addEventListener("click", () => {
      if (field.value.length < 10) field.value += key.dataset.place;
      show();
    }));
    pad.querySelector("[data-clear]").addEventListener("click", () => { field.value = ""; show(); });
  });

  each("[data-wait]", (button) => {
    const text = button.textContent;
    let left = Number(button.dataset.wait);
    const tick = () => {
      button.disabled = left > 0;
      button.textContent = left > 0 ? `${text} (${left} s)` : text;
      if (left-- > 0) setTimeout(tick, 1000);
    };
    tick();
  });

  each("[data-approval]", (box) => {
    const ask = async () => {
      try {
        const answer = await fetch(box.dataset.approval, { headers: { Accept: "application/json" } });
        const { state } = await answer.json();
        if (state !== "waiting") { location.assign(box.dataset.next); return; }
      } catch { /* the next time */ }
      setTimeout(ask, 1500);
    };
    setTimeout(ask, 1500);
  });

  each("[data-more]", (button) => {
    const list = document.querySelector("[data-list]"), row = document.querySelector("template[data-row]"), group = document.querySelector("template[data-group]");
    const add = (operation) => {
      const made = row.content.cloneNode(true);
      made.querySelectorAll("[data-f]").forEach((place) => { place.textContent = operation[place.dataset.f] || ""; });
      made.querySelectorAll("use").forEach((use) => use.setAttribute("href", `#i-${operation.kind}`));
      if (!group) { list.append(made); return; }
      const last = list.lastElementChild;
      if (!last || last.firstElementChild.textContent !== operation.day) {
        const day = group.content.cloneNode(true);
        day.querySelector("h3").textContent = operation.day;
        list.append(day);
      }
      list.lastElementChild.querySelector("ul").append(made);
    };
    button.addEventListener("click", async () => {
      button.disabled = true;
      const answer = await fetch(button.dataset.more, { headers: { Accept: "application/json" } });
      if (answer.status === 401) { location.reload(); return; }
      if (!answer.ok) { button.disabled = false; return; }
      const { operations, next } = await answer.json();
      operations.forEach(add);
      if (!next) { button.parentElement.remove(); return; }
      button.dataset.more = button.dataset.more.replace(/page=\d+/, `page=${next}`);
      button.disabled = false;
    });
  });
})();
