// Opens the Tributary widget in a page, a popup or a frame, and gives the result as
// a promise. Types and words are in index.d.ts.
(() => {
  "use strict";

  // What a result has. Nothing else is taken from a message or an address.
  const names = ["result", "error", "step", "status", "connection_id", "state"];

  function resultOf(said) {
    const result = {};
    for (const name of names) {
      if (Object.hasOwn(said, name) && typeof said[name] === "string") result[name] = said[name];
    }
    if (!result.result && !result.error) return null;
    if (Array.isArray(said.connection_ids)) result.connection_ids = said.connection_ids.filter((id) => typeof id === "string");
    return result;
  }

  // A link tells which server may speak, and of which session.
  function read(link) {
    const address = new URL(link, location.href);
    const session = /\/widget\/([^/]+)\/[^/]+\/[^/]+$/.exec(address.pathname)?.[1];
    if (!session || !/^https?:$/.test(address.protocol)) throw new TypeError("This is no link of a widget session.");
    return { href: address.href, origin: address.origin, session };
  }

  function popup() {
    const [width, height] = [480, 760];
    const left = Math.round(screenX + Math.max(0, outerWidth - width) / 2);
    const top = Math.round(screenY + Math.max(0, outerHeight - height) / 2);
    const opened = window.open("", "", `popup,width=${width},height=${height},left=${left},top=${top}`);
    if (!opened) throw new Error("The browser opened no popup: call open() while the user presses something.");
    return {
      window: () => opened,
      go: (to) => opened.location.replace(to),
      gone: () => opened.closed,
      resize() {},
      close: () => opened.close(),
    };
  }

  function frame({ container, title = "Connect a bank" }) {
    const inner = document.createElement("iframe");
    inner.title = title;
    inner.referrerPolicy = "no-referrer";
    Object.assign(inner.style, { border: "0", display: "block", width: "100%", height: "36rem" });
    let outer = inner;
    let dismissed = false;
    if (container) {
      container.append(inner);
    } else {
      outer = document.createElement("dialog");
      outer.setAttribute("aria-label", title);
      Object.assign(outer.style, { border: "0", padding: "0", width: "min(30rem, 100vw)", maxWidth: "100vw", maxHeight: "92dvh", borderRadius: "1.25rem" });
      outer.addEventListener("close", () => (dismissed = true));
      outer.append(inner);
      document.body.append(outer);
      outer.showModal();
    }
    return {
      window: () => inner.contentWindow,
      go: (to) => (inner.src = to),
      gone: () => dismissed || !inner.isConnected,
      resize: (height) => (inner.style.height = `${height}px`),
      close: () => outer.remove(),
    };
  }

  function open(link, options = {}) {
    const { mode = "popup", signal, onStep, onResize } = options;
    return new Promise((resolve, reject) => {
      if (!["page", "popup", "iframe"].includes(mode)) throw new TypeError("The mode is page, popup or iframe.");
      signal?.throwIfAborted();
      if (mode === "page") {
        Promise.resolve(link).then((to) => location.assign(read(to).href)).catch(reject);
        return;
      }
      const place = mode === "iframe" ? frame(options) : popup();
      let visit;
      let step;
      const end = (settle, what) => {
        clearInterval(looking);
        removeEventListener("message", hear);
        signal?.removeEventListener("abort", abort);
        place.close();
        settle(what);
      };
      const abort = () => end(reject, signal.reason);
      const hear = ({ source, origin, data }) => {
        if (!visit || origin !== visit.origin || source === null || source !== place.window()) return;
        if (typeof data !== "object" || data === null || data.tributary !== 1 || data.session !== visit.session) return;
        if (data.event === "step" && typeof data.step === "string") {
          step = data.step;
          onStep?.(step);
        } else if (data.event === "resize" && data.height > 0 && data.height < 20000) {
          place.resize(data.height);
          onResize?.(data.height);
        } else if (data.event === "result" && typeof data.result === "object" && data.result !== null) {
          const result = resultOf(data.result);
          if (result) end(resolve, result);
        }
      };
      const looking = setInterval(() => {
        if (place.gone()) end(resolve, step ? { error: "closed", step } : { error: "closed" });
      }, 300);
      addEventListener("message", hear);
      signal?.addEventListener("abort", abort);
      Promise.resolve(link).then((to) => {
        visit = read(to);
        place.go(visit.href);
      }).catch((error) => end(reject, error));
    });
  }

  function returned(address = location.href) {
    return resultOf(Object.fromEntries(new URL(address).searchParams));
  }

  globalThis.Tributary = { open, returned };
})();
