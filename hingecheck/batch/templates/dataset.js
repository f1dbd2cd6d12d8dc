"use strict";
(() => {
  const PAGE = 50;
  const data = JSON.parse(document.getElementById("data").textContent);
  const held = 0, changed = 1, unsure = 2, none = 3;

  const clips = data.clips.map(([folder, name, id, pictured, lift, status, reps, tuck, tuckDeg, tucked, rounded, why], place) => {
    const liftName = lift < 0 ? "" : data.lifts[lift][1];
    const whys = why.map((k) => data.whys[k]).join(", ");
    return {
      folder, name, id, pictured, lift, liftName, status, reps, tuck, tuckDeg, tucked, rounded, whys, place,
      count: reps.reduce((sum, number) => sum + number, 0),
      text: `${folder}${name}\n${liftName}\n${whys}`.toLowerCase(),
    };
  });
  const failed = data.failed.map(([folder, name, kind, message]) => ({
    folder, name, kind, message, text: `${folder}${name}\n${message}`.toLowerCase(),
  }));
  failed.sort((a, b) => a.kind - b.kind);

  const anyPictured = clips.some((clip) => clip.pictured);

  const backs = {
    tuck: ["With a tuck", (clip) => clip.tucked],
    rounded: ["Rounded", (clip) => clip.rounded],
    held: ["Held in every rep", (clip) => clip.status === held],
    unsure: ["Too close or in part", (clip) => clip.status === unsure],
    none: ["Not judged", (clip) => clip.status === none],
  };
  const rank = [1, 3, 2, 0];
  const byName = (() => {
    let order = null;
    return (clip) => {
      if (!order) {
        const collator = new Intl.Collator("en", { numeric: true });
        const sorted = [...clips].sort((a, b) => collator.compare(a.name, b.name) || a.place - b.place);
        order = new Map(sorted.map((one, k) => [one, k]));
      }
      return order.get(clip);
    };
  })();
  const columns = {
    name: ["Clip", byName],
    lift: ["Lift", (clip) => (clip.lift < 0 ? null : clip.liftName)],
    reps: ["Reps", (clip) => clip.count, true],
    back: ["Back", (clip) => rank[clip.status] * 1e4 + clip.reps[changed], true],
    tuck: ["Largest tuck", (clip) => clip.tuckDeg, true],
    why: ["Why not judged", (clip) => clip.whys || null],
  };

  const form = document.querySelector(".filters");
  const filters = ["q", "lift", "back", "status"];
  const list = document.getElementById("list");
  const without = document.getElementById("without");
  const counts = { clips: document.querySelector("#list").previousElementSibling, failed: without.querySelector(".count") };
  let view = { sort: "", down: false };

  function element(tag, className, parent, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  }

  function mark(status, parent) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("class", `mark ${data.statuses[status][0]}`);
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(space, "use");
    use.setAttribute("href", `#mark-${data.statuses[status][0]}`);
    svg.append(use);
    parent.append(svg);
  }

  const counted = (number) => (number >= 10000 ? number.toLocaleString("en").replaceAll(",", "\u202f") : String(number));

  function names(one, parent, tag) {
    const title = element(tag, "", parent);
    element("bdi", "", title, one.name);
    if (one.folder) element("bdi", "folder", parent, one.folder);
    return title;
  }

  function rowOf(clip) {
    const row = element("tr");
    row.setAttribute("role", "row");
    const cell = (className, label, tag = "td") => {
      const node = element(tag, className, row);
      node.setAttribute("role", tag === "th" ? "rowheader" : "cell");
      if (label) node.dataset.label = label;
      return node;
    };
    const address = `clips/${encodeURIComponent(clip.id)}/`;
    const who = element("div", "who", cell("", "", "th"));
    if (clip.pictured) {
      const picture = element("img", "", who);
      picture.loading = "lazy";
      picture.decoding = "async";
      picture.alt = "";
      picture.addEventListener("error", () => picture.replaceWith(element("span", "blank")));
      picture.src = `${address}thumb.jpg`;
    } else if (anyPictured) {
      element("span", "blank", who);
    }
    const link = names(clip, element("span", "", who), "a");
    link.href = `${address}report.html`;
    element("span", "", cell("lift"), clip.liftName || "\u2013");
    cell("rep-count num", "Reps").append(String(clip.count));
    const marks = element("div", "marks", cell("back"));
    for (const status of [changed, unsure, held, none]) {
      const number = clip.reps[status];
      if (!number && (clip.count || status !== none)) continue;
      const group = element("span", "", marks);
      mark(status, group);
      if (number) group.append(String(number));
      element("span", "visually-hidden", group, ` ${data.statuses[status][1].toLowerCase()} `);
      group.title = data.statuses[status][1];
    }
    const tuck = cell("tuck num", clip.tuck ? "Tuck" : "");
    if (clip.tuck) tuck.append(clip.tuck);
    if (clip.whys) cell("why").append(clip.whys);
    else cell("why");
    return row;
  }

  function table(parent) {
    const node = element("table", "clips", parent);
    node.setAttribute("role", "table");
    node.setAttribute("aria-label", "Clips");
    const head = element("thead", "", node);
    head.setAttribute("role", "rowgroup");
    const row = element("tr", "", head);
    row.setAttribute("role", "row");
    for (const [key, [label, , downFirst]] of Object.entries(columns)) {
      const th = element("th", `col-${key}`, row);
      th.scope = "col";
      th.setAttribute("role", "columnheader");
      if (view.sort === key) th.setAttribute("aria-sort", view.down ? "descending" : "ascending");
      const button = element("button", "", th, label);
      button.type = "button";
      button.addEventListener("click", () => {
        view = { sort: key, down: view.sort === key ? !view.down : Boolean(downFirst) };
        show();
        list.querySelector(`.col-${key} button`).focus({ preventScroll: true });
      });
    }
    const body = element("tbody", "", node);
    body.setAttribute("role", "rowgroup");
    return body;
  }

  function inPages(parent, body, rows, make, what) {
    let shown = 0;
    const more = element("button", "more");
    more.type = "button";
    const add = (focus) => {
      const part = document.createDocumentFragment();
      const first = shown;
      for (; shown < Math.min(first + PAGE, rows.length); shown += 1) part.append(make(rows[shown], rows[shown - 1]));
      const lead = focus && part.querySelector("a, strong");
      body.append(part);
      if (lead) {
        lead.tabIndex = 0;
        lead.focus({ preventScroll: true });
      }
      more.textContent = `Show ${Math.min(PAGE, rows.length - shown)} more of ${counted(rows.length - shown)} ${what}`;
      if (shown < rows.length) parent.append(more);
      else more.remove();
    };
    more.addEventListener("click", () => add(true));
    add(false);
  }

  function nothing(parent) {
    const note = element("p", "nothing", parent, "Nothing matches.");
    const button = element("button", "", note, "Show all clips");
    button.type = "button";
    button.addEventListener("click", () => form.reset());
  }

  function sorted(rows) {
    if (!view.sort) return rows;
    const [, key] = columns[view.sort];
    const way = view.down ? -1 : 1;
    const keyed = rows.map((clip) => [key(clip), clip]);
    keyed.sort(([a, one], [b, other]) => {
      if (a === null || b === null) return (a === null) - (b === null) || one.place - other.place;
      return way * ((a > b) - (a < b)) || one.place - other.place;
    });
    return keyed.map(([, clip]) => clip);
  }

  function failure(one, before) {
    const part = document.createDocumentFragment();
    if (!before || before.kind !== one.kind) {
      element("h3", "", element("li", "group", part), data.failures[one.kind]);
    }
    const item = element("li", "", part);
    names(one, item, "strong");
    const sentence = element("p", "", item);
    element("bdi", "", sentence, one.message);
    return part;
  }

  function show() {
    const words = form.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const lift = form.lift.value === "" ? null : data.lifts.findIndex(([value]) => value === form.lift.value);
    const back = backs[form.back.value]?.[1];
    const status = form.status.value;
    const said = (one) => words.every((word) => one.text.includes(word));
    const seen = status === "failed" ? [] : clips.filter((clip) =>
      (lift === null || clip.lift === lift) && (!back || back(clip)) && said(clip));
    const missing = status === "ok" || lift !== null || back ? [] : failed.filter(said);

    list.replaceChildren();
    if (seen.length) inPages(list, table(list), sorted(seen), rowOf, "clips");
    else if (!missing.length) nothing(list);
    const of = (some, all) => (some === all ? counted(all) : `${counted(some)} of ${counted(all)}`);
    counts.clips.textContent = clips.length ? `${of(seen.length, clips.length)} checked ${clips.length === 1 ? "clip" : "clips"}` : "No clip has a result.";

    without.hidden = missing.length === 0;
    const failures = document.getElementById("failures");
    failures.replaceChildren();
    if (missing.length) inPages(failures, element("ol", "failed", failures), missing, failure, "without a result");
    counts.failed.textContent = `${of(missing.length, failed.length)} without a result`;
    keep();
  }

  function keep(way = "replaceState") {
    const kept = new URLSearchParams();
    for (const name of filters) {
      if (form[name].value) kept.set(name, form[name].value);
    }
    if (view.sort) kept.set("sort", `${view.down ? "-" : ""}${view.sort}`);
    const hash = kept.toString();
    if (hash !== location.hash.slice(1)) {
      history[way](null, "", hash ? `#${hash}` : location.pathname + location.search);
    }
  }

  function recall() {
    const kept = new URLSearchParams(location.hash.slice(1));
    form.q.value = kept.get("q") ?? "";
    for (const name of ["lift", "back", "status"]) {
      const wanted = kept.get(name) ?? "";
      const known = [...form[name].options].some((option) => option.value === wanted);
      form[name].value = known ? wanted : "";
    }
    const sort = kept.get("sort") ?? "";
    const key = sort.replace(/^-/, "");
    view = Object.hasOwn(columns, key) ? { sort: key, down: sort.startsWith("-") } : { sort: "", down: false };
    show();
  }

  function leadToFailed(event) {
    // Whoever asks for a new tab gets one: the link's own address says the same.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    for (const name of filters) form[name].value = name === "status" ? "failed" : "";
    keep("pushState");
    show();
    without.querySelector("h2").focus({ preventScroll: true });
    without.scrollIntoView();
  }

  function choices(select, entries) {
    for (const [value, label, number] of entries) {
      const option = element("option", "", select, `${label} (${counted(number)})`);
      option.value = value;
    }
  }

  choices(form.lift, data.lifts
    .map(([value, label], k) => [value, label, clips.filter((clip) => clip.lift === k).length])
    .filter(([, , number]) => number));
  choices(form.back, Object.entries(backs)
    .map(([value, [label, is]]) => [value, label, clips.filter(is).length])
    .filter(([, , number]) => number));
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  document.querySelector(".to-failed")?.addEventListener("click", leadToFailed);
  addEventListener("hashchange", recall);
  form.hidden = clips.length + failed.length < 2;
  recall();
})();
