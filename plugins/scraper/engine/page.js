// What the engine asks of a document. It runs in a world of its own: scripts of the page see nothing of it.
globalThis.tributary = (() => {
  const doc = Math.random().toString(36).slice(2) + performance.timeOrigin;
  const most = {rows: 5000, text: 2000, all: 4000000, elements: 20000};
  const isPath = s => s.startsWith("/") || s.startsWith("./") || s.startsWith("(");
  const all = (selector, root) => {
    if (!isPath(selector)) return Array.from((root || document).querySelectorAll(selector)).slice(0, most.elements);
    const found = document.evaluate(selector, root || document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null), out = [];
    for (let i = 0; i < found.snapshotLength && i < most.elements; i++) out.push(found.snapshotItem(i));
    return out;
  };
  const visible = e => {
    if (!(e instanceof Element)) return true;
    if (e.checkVisibility && !e.checkVisibility({checkOpacity: false, checkVisibilityCSS: true})) return false;
    return e.getClientRects().length > 0;
  };
  const fold = s => (s || "").replace(/\s+/g, " ").trim().toLowerCase();
  const words = e => {
    if (!(e instanceof Element)) return e.nodeValue || "";
    if (e instanceof HTMLInputElement || e instanceof HTMLTextAreaElement) return e.value;
    return e.innerText || e.textContent || ""; // what is folded away has a text, but none that is rendered
  };
  const cut = s => (s || "").slice(0, most.text);
  // one finds the first visible element, with a text where one is given.
  const one = (selector, text) => all(selector).find(e => visible(e) && (!text || fold(words(e)).includes(fold(text))));
  let body = null;
  const seen = s => {
    if (s.title && !fold(document.title).includes(fold(s.title))) return false;
    if (s.css && !one(s.css, s.text)) return false;
    if (s.not && all(s.not).some(visible)) return false;
    if (s.text && !s.css) {
      if (body === null) body = fold(cut4(document.body));
      if (!body.includes(fold(s.text))) return false;
    }
    return true;
  };
  const cut4 = e => e ? (e.innerText || "").slice(0, 200000) : "";
  const offset = () => {
    let x = 0, y = 0;
    try {
      for (let w = window; w !== w.parent; w = w.parent) {
        const f = w.frameElement, r = f.getBoundingClientRect();
        x += r.left + f.clientLeft; y += r.top + f.clientTop;
      }
    } catch (e) { return null; }
    return {x, y};
  };
  const place = (e, fx, fy) => {
    e.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
    const r = e.getBoundingClientRect(), o = offset();
    const x = r.left + r.width * (fx === undefined ? 0.5 : fx), y = r.top + r.height * (fy === undefined ? 0.5 : fy);
    const hit = document.elementFromPoint(x, y);
    const clear = !!hit && (e === hit || e.contains(hit) || hit.contains(e) || hit instanceof HTMLAreaElement);
    return o && clear ? {Ok: true, X: x + o.x, Y: y + o.y} : {Ok: false};
  };
  // cell finds that of a row below a heading. null: the table has no such heading.
  const wide = r => Array.from(r.cells).flatMap(c => Array(Math.min(c.colSpan, 50)).fill(c));
  const cell = (row, headings) => {
    const table = row.closest("table"), names = headings.map(fold);
    for (const r of table ? table.rows : []) {
      const i = wide(r).findIndex(c => (c.tagName === "TH" || r === table.rows[0]) && names.includes(fold(words(c))));
      if (i >= 0) return row.cells ? wide(row)[i] : undefined;
    }
    return null;
  };
  const get = (row, [selector, attribute]) => {
    if (selector && isPath(selector)) {
      const n = document.evaluate(selector, row, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null).singleNodeValue;
      return n ? cut(n instanceof Element ? words(n) : n.nodeValue) : "";
    }
    const e = !selector || selector === "." ? row : row.querySelector(selector);
    if (!e) return "";
    if (!attribute) return cut(words(e).trim());
    if ((attribute === "href" || attribute === "src") && e[attribute]) return cut(String(e[attribute]));
    return cut(e.getAttribute(attribute) || "");
  };
  const setter = e => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), "value");
  const tell = e => { for (const n of ["input", "change"]) e.dispatchEvent(new Event(n, {bubbles: true})); };
  // print is the fingerprint of a part of a picture: what is drawn, cut to its edges, in 16 × 16 points.
  const print = (image, sx, sy, sw, sh) => {
    const n = 96, c = document.createElement("canvas"); c.width = c.height = n;
    const g = c.getContext("2d"); g.fillStyle = "#fff"; g.fillRect(0, 0, n, n); g.drawImage(image, sx, sy, sw, sh, 0, 0, n, n);
    const d = g.getImageData(0, 0, n, n).data, l = [], edge = 6;
    for (let i = 0; i < n * n; i++) l.push(0.3 * d[4 * i] + 0.59 * d[4 * i + 1] + 0.11 * d[4 * i + 2]);
    const ground = l[edge * n + edge], ink = (x, y) => Math.abs(l[y * n + x] - ground) > 60;
    let x0 = n, y0 = n, x1 = -1, y1 = -1;
    for (let y = edge; y < n - edge; y++) for (let x = edge; x < n - edge; x++) if (ink(x, y)) { x0 = Math.min(x0, x); x1 = Math.max(x1, x); y0 = Math.min(y0, y); y1 = Math.max(y1, y); }
    if (x1 < 0) return "";
    let bits = "";
    for (let j = 0; j < 16; j++) for (let i = 0; i < 16; i++) {
      let on = 0, of = 0;
      for (let y = Math.floor(y0 + (y1 + 1 - y0) * j / 16); y < y0 + (y1 + 1 - y0) * (j + 1) / 16; y++)
        for (let x = Math.floor(x0 + (x1 + 1 - x0) * i / 16); x < x0 + (x1 + 1 - x0) * (i + 1) / 16; x++) { of++; if (ink(x, y)) on++; }
      bits += on * 2 > of ? "1" : "0";
    }
    return bits.match(/.{4}/g).map(b => parseInt(b, 2).toString(16)).join("");
  };
  return {
    look: ({pages, overlays, want, empty}) => {
      body = null;
      return {
        Doc: doc, URL: location.href, Ready: document.readyState !== "loading", Pages: (pages || []).map(seen), Overlays: (overlays || []).map(seen),
        Want: want ? !!one(want.css, want.text) : false, Empty: empty ? seen(empty) : false,
      };
    },
    seen: s => { body = null; return document.readyState !== "loading" && seen(s); },
    place: ({css, text}) => { const e = one(css, text); return e ? {Found: true, ...place(e)} : {Found: false}; },
    click: ({css, text}) => { const e = one(css, text); if (e) e.click(); return !!e; },
    usable: ({css, text}) => { const e = one(css, text); return !!e && !e.disabled && e.getAttribute("aria-disabled") !== "true" && !e.closest(".disabled"); },
    focus: css => { const e = one(css); window.focus(); e.focus(); if (e.select) e.select(); return e.value ? e.value.length : 0; },
    holds: css => { const e = one(css); return e && e.value !== undefined ? e.value.length : -1; },
    put: ([css, value]) => { const e = one(css), s = setter(e); if (s && s.set) s.set.call(e, value); else e.value = value; tell(e); },
    leave: css => { const e = one(css); if (e) { e.dispatchEvent(new Event("change", {bubbles: true})); } },
    choose: ([css, text]) => {
      const e = one(css), found = Array.from(e.options || []).find(o => o.value === text) || Array.from(e.options || []).find(o => fold(o.text).includes(fold(text)));
      if (!found) return false;
      e.value = found.value; tell(e); return true;
    },
    text: css => { const e = one(css); return e ? cut(words(e).trim()) : ""; },
    raw: css => { const e = all(css)[0]; return e ? (e.textContent || "").slice(0, most.all) : ""; },
    rows: ({each, fields}) => {
      let left = most.all;
      const out = [], lacks = new Set();
      for (const row of all(each).slice(0, most.rows)) {
        const r = {};
        for (const [name, where] of Object.entries(fields)) {
          const at = where[2] ? cell(row, where[2]) : row;
          if (at === null) lacks.add(name);
          r[name] = at ? get(at, where) : ""; left -= r[name].length;
        }
        if (left < 0) break;
        out.push(r);
      }
      return {Doc: doc, Ready: document.readyState !== "loading", Rows: out, Lacks: Array.from(lacks)};
    },
    options: ({each, value, label}) => all(each).filter(e => e instanceof HTMLOptionElement || visible(e)).slice(0, 20).map(e => ({Value: get(e, value), Label: get(e, label)})),
    area: css => {
      const e = one(css); if (!e) return null;
      e.scrollIntoView({block: "center", behavior: "instant"});
      const r = e.getBoundingClientRect(), o = offset() || {x: 0, y: 0};
      return {X: r.left + o.x + scrollX, Y: r.top + o.y + scrollY, Width: r.width, Height: r.height};
    },
    marks: css => { const e = one(css); return e ? Array.from(words(e).replace(/\s/g, "")).length : -1; },
    keys: ({css, read, grid, prints}) => {
      const out = [];
      for (const e of all(css).filter(visible).slice(0, 100)) {
        const columns = grid ? grid.Columns : 1, rows = grid ? grid.Rows : 1;
        for (let j = 0; j < rows; j++) for (let i = 0; i < columns; i++) {
          const key = {...place(e, (i + 0.5) / columns, (j + 0.5) / rows)};
          if (read) key.Read = get(e, read);
          if (prints) {
            const image = e.matches("img,canvas") ? e : e.querySelector("img,canvas");
            if (image) { const w = image.naturalWidth || image.width, h = image.naturalHeight || image.height; key.Print = print(image, w * i / columns, h * j / rows, w / columns, h / rows); }
          }
          out.push(key);
        }
      }
      return out;
    },
    // mask leaves of a document, or of a copy of it, what shows its structure, and of its texts nothing but the words that
    // are given.
    mask: ({keep, live}) => {
      const root = live ? document : document.cloneNode(true);
      const known = new Set(keep), hide = s => s.replace(/[\p{L}\p{N}]+/gu, w => known.has(w.toLowerCase()) ? w : w.replace(/\p{Lu}/gu, "X").replace(/\p{L}/gu, "x").replace(/\p{N}/gu, "1"));
      const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT), texts = [];
      while (walk.nextNode() && texts.length < 200000) texts.push(walk.currentNode);
      for (const t of texts) if (t.nodeType === Node.COMMENT_NODE) t.remove(); else if (!(t.parentElement && t.parentElement.matches("style"))) t.nodeValue = t.parentElement && t.parentElement.matches("script") ? "" : hide(t.nodeValue);
      const plain = new Set(["class", "type", "name", "role", "for", "method", "rel", "charset", "colspan", "rowspan", "style", "lang", "dir", "width", "height", "align", "border", "cellpadding", "cellspacing"]);
      for (const e of Array.from(root.querySelectorAll("*")).slice(0, 200000)) {
        if (e instanceof HTMLInputElement && !["submit", "button", "reset"].includes(e.type) || e instanceof HTMLTextAreaElement) { e.setAttribute("value", ""); e.value = ""; }
        if (e instanceof HTMLImageElement || e.matches("canvas,video,picture,object,embed,svg image")) { e.style.visibility = "hidden"; e.removeAttribute("srcset"); }
        for (const a of Array.from(e.attributes)) {
          if (a.name.startsWith("on")) { e.removeAttribute(a.name); continue; }
          if (!plain.has(a.name)) a.value = a.value.replace(/\?[^#]*/, "").replace(/\d{3,}/g, d => "1".repeat(d.length));
          if (["alt", "title", "placeholder", "aria-label", "content", "value", "label"].includes(a.name) || a.name.startsWith("data-")) a.value = hide(a.value);
        }
      }
      return "<!doctype html>\n" + root.documentElement.outerHTML.slice(0, 2000000);
    },
  };
})();
