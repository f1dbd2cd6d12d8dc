(() => {
  "use strict";
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });

  const holder = document.getElementById("chart-data");
  if (!holder) return;
  const { time, panels, reps, findings } = JSON.parse(holder.textContent);
  const slider = document.getElementById("cursor");
  const course = document.getElementById("course");
  const video = document.querySelector("video");
  const first = time[0], last = time[time.length - 1];
  const margin = { left: 38, right: 8, top: 16, bottom: 8, axis: 22 };
  const Z95 = 1.96;
  const LANE_ROW = 34, LANE_GAP = 4;
  /** A third of a frame: a time rounded to milliseconds may fall just before its own frame. */
  const nudge = Math.min(...time.slice(1).map((ms, i) => ms - time[i]), 100) / 3;
  let range = [first, last];
  let pinned = (reps.find((rep) => rep.status === "changed") || reps[0] || { low: first }).low;

  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const seconds = (ms, digits) => `${(ms / 1000).toFixed(digits)} s`;
  const whole = (tenths) => String(Math.round(tenths / 10) || 0).replace("-", "−");
  const withInterval = (panel, tenths, sd) => `${whole(tenths)}${panel.unit}`
    + (sd === null ? "" : ` (${whole(tenths - Z95 * sd)} to ${whole(tenths + Z95 * sd)})`);
  const repAt = (ms) => reps.find((rep) => rep.start <= ms && ms <= rep.end);

  function svg(name, attributes, parent) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (parent) parent.append(node);
    return node;
  }

  function html(name, className, parent, text = "") {
    const node = document.createElement(name);
    node.className = className;
    node.textContent = text;
    parent.append(node);
    return node;
  }

  /** Index of the frame nearest to a time. */
  function nearest(ms) {
    let low = 0, high = time.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (time[middle] <= ms) low = middle; else high = middle;
    }
    return ms - time[low] <= time[high] - ms ? low : high;
  }

  /** Value range of a panel over the whole clip, single wild frames aside, zero always in it. */
  function extent(panel) {
    const ends = [];
    panel.value.forEach((value, i) => {
      if (value === null) return;
      const half = Z95 * (panel.sd[i] || 0);
      ends.push(value - half, value + half);
    });
    ends.sort((a, b) => a - b);
    const cut = Math.floor(ends.length / 200);
    return [Math.min(0, ends[cut]), Math.max(10 * panel.span, ends[ends.length - 1 - cut])];
  }

  function niceStep(span, most, steps) {
    return steps.find((step) => span / step <= most) || steps[steps.length - 1];
  }

  /** Runs of frames in view without a gap, as [from, to) index pairs. */
  function runs(panel) {
    const from = Math.max(0, nearest(range[0]) - 1);
    const to = Math.min(time.length, nearest(range[1]) + 2);
    const found = [];
    let begin = -1;
    for (let i = from; i <= to; i++) {
      const seen = i < to && panel.value[i] !== null;
      if (seen && begin < 0) begin = i;
      if (!seen && begin >= 0) { found.push([begin, i]); begin = -1; }
    }
    return found;
  }

  function draw(panel, withAxis) {
    const width = Math.max(240, panel.node.clientWidth);
    const inner = width < 480 ? 96 : 118;
    const bottom = margin.top + inner;
    const height = bottom + (withAxis ? margin.axis : margin.bottom);
    const [low, high] = panel.extent;
    const x = (ms) => margin.left + (ms - range[0]) / (range[1] - range[0] || 1) * (width - margin.left - margin.right);
    const y = (tenths) => margin.top + (high - clamp(tenths, low, high)) / (high - low) * inner;
    panel.x = x;
    panel.y = y;
    panel.width = width;

    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    const clip = svg("clipPath", { id: `clip-${panel.name}` }, picture);
    svg("rect", { x: margin.left, y: 0, width: width - margin.left - margin.right, height }, clip);
    const inside = svg("g", { "clip-path": `url(#clip-${panel.name})` });

    for (const rep of reps) {
      if (rep.end < range[0] || rep.start > range[1]) continue;
      const spanWidth = Math.max(1, x(rep.end) - x(rep.start));
      svg("rect", { class: `span ${rep.status}`, x: x(rep.start), y: margin.top, width: spanWidth, height: inner }, inside);
      if (spanWidth > 12) {
        const label = svg("text", { x: x((Math.max(rep.start, range[0]) + Math.min(rep.end, range[1])) / 2), y: margin.top - 4, "text-anchor": "middle" }, picture);
        label.textContent = spanWidth > 48 ? `Rep ${rep.index}` : rep.index;
      }
    }

    const step = niceStep(high - low, 4, [50, 100, 150, 200, 300, 450, 600, 900]);
    for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
      svg("line", { class: tick === 0 ? "grid zero" : "grid", x1: margin.left, x2: width - margin.right, y1: y(tick), y2: y(tick) }, picture);
      svg("text", { x: margin.left - 6, y: y(tick) + 4, "text-anchor": "end" }, picture).textContent = whole(tick) + panel.unit;
    }

    picture.append(inside);
    const at = (i, tenths) => `${x(time[i]).toFixed(1)} ${y(tenths).toFixed(1)}`;
    let line = "", area = "";
    for (const [from, to] of runs(panel)) {
      const upper = [], lower = [], middle = [];
      for (let i = from; i < to; i++) {
        const half = Z95 * (panel.sd[i] || 0);
        middle.push(at(i, panel.value[i]));
        upper.push(at(i, panel.value[i] + half));
        lower.push(at(i, panel.value[i] - half));
      }
      line += `M${middle.join("L")}${middle.length === 1 ? "h0" : ""}`;
      area += `M${upper.concat(lower.reverse()).join("L")}Z`;
    }
    svg("path", { class: "band", d: area }, inside);
    svg("path", { class: "trace", d: line }, inside);
    if (panel.name === "lumbar_flexion") drawTucks(panel, inside, at);

    for (const { time: ms } of findings) {
      if (ms < range[0] || ms > range[1]) continue;
      svg("line", { class: "flag", x1: x(ms), x2: x(ms), y1: margin.top, y2: bottom }, inside);
    }

    if (withAxis) drawTimeAxis(picture, x, width, bottom);
    panel.here = svg("line", { class: "here", y1: margin.top, y2: bottom }, picture);
    panel.dot = svg("circle", { class: "dot", r: 4.5 }, picture);
    panel.holder.replaceChildren(picture);
  }

  /** The stretch from the tuck's onset to the lowest moment, in the colour of change. */
  function drawTucks(panel, inside, at) {
    for (const rep of reps) {
      if (rep.onset === null || rep.status !== "changed") continue;
      const points = [];
      const way = rep.low < rep.onset ? -1 : 1;
      for (let i = nearest(rep.onset); way * (nearest(rep.low) - i) >= 0; i += way) {
        if (panel.value[i] !== null) points.push(at(i, panel.value[i]));
      }
      if (!points.length) continue;
      svg("path", { class: "trace tuck", d: `M${points.join("L")}` }, inside);
      const [cx, cy] = points[0].split(" ");
      svg("circle", { class: "onset", cx, cy, r: 5 }, inside);
    }
  }

  function drawTimeAxis(picture, x, width, bottom) {
    const steps = [100, 200, 500, 1000, 2000, 5000, 10000, 15000, 30000, 60000, 120000, 300000, 600000];
    const step = niceStep(range[1] - range[0], width / 80, steps);
    for (let tick = Math.ceil(range[0] / step) * step; tick <= range[1]; tick += step) {
      svg("line", { class: "grid", x1: x(tick), x2: x(tick), y1: bottom, y2: bottom + 4 }, picture);
      const edge = x(tick) > width - 24 ? "end" : "middle";
      svg("text", { x: x(tick), y: bottom + 17, "text-anchor": edge }, picture).textContent = seconds(tick, step < 1000 ? 1 : 0);
    }
  }

  function drawAll() {
    const shown = panels.filter((panel) => panel.open);
    for (const panel of panels) panel.node.hidden = !panel.open;
    shown.forEach((panel, i) => draw(panel, i === shown.length - 1));
    drawLane(shown[0]);
    moveTo(pinned);
  }

  /** Findings over the charts, at their time: named where there is room, else a dot. */
  function drawLane(panel) {
    const lane = course.querySelector(".lane");
    const shift = panel.holder.getBoundingClientRect().left - lane.getBoundingClientRect().left;
    const ends = [];
    lane.replaceChildren();
    for (const finding of findings) {
      if (finding.time < range[0] || finding.time > range[1]) continue;
      const button = html("button", "pin", lane, finding.name);
      button.type = "button";
      button.title = finding.text;
      button.setAttribute("aria-label", `${finding.text}; rep ${finding.rep}, ${seconds(finding.time, 1)}`);
      button.addEventListener("click", () => pin(finding.time));
      const at = panel.x(finding.time) + shift;
      const room = () => Math.max(0, lane.clientWidth - button.offsetWidth);
      const left = () => clamp(at - button.offsetWidth / 2, 0, room());
      const free = () => [0, 1, 2].find((row) => (ends[row] ?? -LANE_GAP) + LANE_GAP <= left());
      let row = free();
      if (row === undefined) {
        button.classList.add("bare");
        row = free() ?? [0, 1, 2].reduce((best, next) => (ends[next] < ends[best] ? next : best));
      }
      const place = { row, left: Math.min(Math.max(left(), ends[row] ?? 0), room()) };
      ends[place.row] = place.left + button.offsetWidth;
      button.style.left = `${place.left}px`;
      button.style.top = `${place.row * LANE_ROW}px`;
    }
    lane.style.height = `${ends.length * LANE_ROW}px`;
  }

  /** Put the cursor on the frame nearest to a time and say what is there. */
  function moveTo(ms) {
    const i = nearest(clamp(ms, first, last));
    const rep = repAt(time[i]);
    const where = seconds(time[i], 2) + (rep ? `, rep ${rep.index} (${rep.word.toLowerCase()})` : "");
    const spoken = [where];
    for (const panel of panels) {
      if (!panel.open) continue;
      const value = panel.value[i];
      const text = value === null ? "not measured" : withInterval(panel, value, panel.sd[i]);
      panel.readout.textContent = text;
      spoken.push(`${panel.label} ${text}`);
      const px = panel.x(time[i]);
      const inView = time[i] >= range[0] && time[i] <= range[1];
      panel.here.setAttribute("x1", px);
      panel.here.setAttribute("x2", px);
      panel.here.style.display = inView ? "" : "none";
      panel.dot.style.display = inView && value !== null ? "" : "none";
      panel.dot.setAttribute("cx", px);
      if (value !== null) panel.dot.setAttribute("cy", panel.y(value));
    }
    slider.querySelector(".now").textContent = where;
    slider.setAttribute("aria-valuenow", (time[i] / 1000).toFixed(2));
    slider.setAttribute("aria-valuetext", spoken.join("; "));
  }

  /** Keep the cursor there, and take the video along. */
  function pin(ms) {
    pinned = time[nearest(clamp(ms, first, last))];
    if (video) video.currentTime = (pinned + nudge) / 1000;
    moveTo(pinned);
  }

  function zoomTo(index) {
    const rep = reps.find((candidate) => candidate.index === index);
    const room = rep ? 0.15 * (rep.end - rep.start) + 200 : 0;
    range = rep ? [Math.max(first, rep.start - room), Math.min(last, rep.end + room)] : [first, last];
    for (const button of course.querySelectorAll(".zoom button")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.rep) === (rep ? index : 0)));
    }
    drawAll();
  }

  function follow(panel) {
    const timeAt = (event) => {
      const box = panel.holder.getBoundingClientRect();
      const px = (event.clientX - box.left) * panel.width / box.width;
      const share = (px - margin.left) / (panel.width - margin.left - margin.right);
      return range[0] + clamp(share, 0, 1) * (range[1] - range[0]);
    };
    panel.holder.addEventListener("pointermove", (event) => moveTo(timeAt(event)));
    panel.holder.addEventListener("pointerleave", () => moveTo(pinned));
    panel.holder.addEventListener("click", (event) => pin(timeAt(event)));
  }

  function onKey(event) {
    const i = nearest(pinned);
    const jump = event.shiftKey ? 10 : 1;
    const repStep = (way) => {
      const lows = reps.map((rep) => rep.low);
      if (way < 0) lows.reverse();
      return lows.find((ms) => way * (nearest(ms) - i) > 0) ?? pinned;
    };
    const targets = {
      ArrowLeft: () => time[Math.max(0, i - jump)],
      ArrowDown: () => time[Math.max(0, i - jump)],
      ArrowRight: () => time[Math.min(time.length - 1, i + jump)],
      ArrowUp: () => time[Math.min(time.length - 1, i + jump)],
      PageUp: () => repStep(-1),
      PageDown: () => repStep(1),
      Home: () => range[0],
      End: () => range[1],
    };
    if (!(event.key in targets) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    pin(targets[event.key]());
  }

  function followVideo() {
    const hide = () => {
      video.parentElement.hidden = true;
      drawAll();
    };
    const sync = () => {
      pinned = video.currentTime * 1000;
      moveTo(pinned);
      if (!video.paused && !video.ended) requestAnimationFrame(sync);
    };
    const start = () => { video.currentTime = (pinned + nudge) / 1000; };
    video.addEventListener("error", hide);
    if (video.readyState) start(); else video.addEventListener("loadedmetadata", start);
    video.addEventListener("play", sync);
    video.addEventListener("seeked", sync);
    if (video.error) hide();
  }

  function build() {
    const zoom = course.querySelector(".zoom");
    const choices = reps.length ? [{ index: 0 }, ...reps] : [];
    for (const { index } of choices) {
      const button = html("button", "", zoom, index ? `Rep ${index}` : "Whole clip");
      button.type = "button";
      button.dataset.rep = index;
      button.addEventListener("click", () => zoomTo(index));
    }
    const list = course.querySelector(".panels");
    for (const panel of panels) {
      panel.extent = extent(panel);
      panel.node = html("div", "panel", list);
      const header = html("header", "", panel.node);
      html("strong", "", header, panel.label);
      html("span", "soft small", header, panel.zero);
      panel.readout = html("span", "value num", header);
      panel.holder = html("div", "plot", panel.node);
      follow(panel);
      const toggle = html("button", "", course.querySelector(".toggles"), panel.label);
      toggle.type = "button";
      toggle.setAttribute("aria-pressed", String(panel.open));
      toggle.addEventListener("click", () => {
        if (panel.open && panels.filter((other) => other.open).length === 1) return;
        panel.open = !panel.open;
        toggle.setAttribute("aria-pressed", String(panel.open));
        drawAll();
      });
    }
    slider.setAttribute("aria-valuemin", (first / 1000).toFixed(2));
    slider.setAttribute("aria-valuemax", (last / 1000).toFixed(2));
    slider.addEventListener("keydown", onKey);
    for (const button of document.querySelectorAll(".seek")) {
      button.addEventListener("click", () => {
        pin(Number(button.dataset.seek));
        zoomTo(Number(button.dataset.rep));
        course.scrollIntoView();
        slider.focus({ preventScroll: true });
      });
    }
    findings.sort((a, b) => a.time - b.time);
    zoomTo(0);
    if (video) followVideo();
    let width = slider.clientWidth;
    new ResizeObserver(() => {
      if (slider.clientWidth === width) return;
      width = slider.clientWidth;
      drawAll();
    }).observe(slider);
  }

  build();
})();
