// What the page around is told: which page the visit is at, how high it is, and how
// it ended. Only to the origin that the client registered; nothing is listened to.
"use strict";

(() => {
  const { mode, parent: origin, session, page, told } = document.body.dataset;
  const around = mode === "popup" ? window.opener : window.parent === window ? null : window.parent;
  if (around && origin) {
    const tell = (event, what) => around.postMessage({ tributary: 1, session, event, ...what }, origin);
    if (page) tell("step", { step: page });
    if (mode === "iframe") {
      let last = 0;
      new ResizeObserver(() => {
        const height = Math.ceil(document.body.getBoundingClientRect().height);
        if (height !== last) tell("resize", { height: (last = height) });
      }).observe(document.body);
    }
    if (told) tell("result", { result: JSON.parse(told) });
  }

  // A frame may not take the focus; one that has it may move it.
  if (document.hasFocus()) document.querySelector("[data-foremost]")?.focus();

  // The bank gets a window that knows nothing of ours, and is closed when it has
  // answered. Where none can be opened so, the link itself opens it.
  let bank;
  for (const link of document.querySelectorAll("a[data-aside]")) {
    link.addEventListener("click", (event) => {
      bank = window.open(link.href, "_blank");
      if (!bank) return;
      bank.opener = null;
      event.preventDefault();
    });
  }
  addEventListener("pagehide", () => bank?.close());
})();
