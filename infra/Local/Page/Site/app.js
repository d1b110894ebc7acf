"use strict";
// The status page. Everything it knows comes from /api/stream: a whole picture at first, then what is new. Text from outside only ever becomes
// textContent. Every store has an end, so that a page can stay open.

const MOST_MARKS = 600, MOST_EVENTS = 500, MOST_SAMPLES = 900, MOST_LINES = 2000, KEEP = 15 * 60 * 1000;
const PROBERS = ["balancer", "readiness", "liveness", "startup", "health"];
const PROMISE = { balancer: "balancerNoticesFailure", readiness: "readinessNoticesFailure", liveness: "livenessNoticesFailure" };
const STATES = {
  good: "ready", degraded: "degraded, still ready", bad: "not ready", starting: "starting", draining: "draining", unknown: "unknown",
};
const SIGNS = {
  good: "M3 8.5l3.2 3.2L13 4.5", bad: "M4 4l8 8M12 4l-8 8", degraded: "M8 3l6 10H2zM8 7v3", starting: "M8 3a5 5 0 1 0 5 5M8 5v3l2 2",
  draining: "M3 4h10M4.5 8h7M6 12h4", unknown: "M5.5 6a2.5 2.5 0 1 1 3.4 2.3c-.6.3-.9.7-.9 1.4M8 12.4v.1",
};

const $ = id => document.getElementById(id);
const token = document.querySelector("meta[name=candor-token]").content;
const readOnly = document.querySelector("meta[name=candor-read-only]").content === "true";
const recorded = $("recording") !== null;
const lanes = new Map();      // "pod prober" → marks {at, passed, took, message}
const events = [], samples = [];
let present = null, facts = null, run = null, offset = 0, lostAt = null, dirty = true, clockAt = null;

// ---------------------------------------------------------------- the stream

function connect() {
  const stream = new EventSource("api/stream");
  stream.onmessage = message => take(JSON.parse(message.data));
  stream.onerror = () => {
    lostAt ??= Date.now();
    say("connection", `connection lost at ${clock(lostAt + offset)}; trying again`, "lost");
    // Refused for good, as by a stack that was started anew: this page's token is the other one's.
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  };
}

function take(update) {
  if (!recorded && run !== null && update.run !== run) { location.reload(); return; }
  run = update.run;
  offset = update.now - Date.now();
  if (update.facts) { facts = update.facts; showFacts(); }
  if (update.hello && !update.resumed) { lanes.clear(); events.length = 0; samples.length = 0; }
  for (const [pod, prober, at, passed, took, message] of update.marks ?? []) {
    const key = `${pod} ${prober}`;
    if (!lanes.has(key)) lanes.set(key, []);
    keep(lanes.get(key), { at, passed: passed === 1, took, message }, MOST_MARKS);
  }
  for (const event of update.events ?? []) keep(events, { ...event, at: Date.parse(event.at) }, MOST_EVENTS);
  for (const sample of update.samples ?? []) keep(samples, { ...sample, at: Date.parse(sample.at) }, MOST_SAMPLES);
  if (update.present) present = update.present;
  if (update.hello && !recorded) {
    const missed = lostAt === null ? "" : `; connected again, ${(update.marks ?? []).length} answers and ${(update.events ?? []).length} events caught up`;
    say("connection", `live${missed}`, "");
    lostAt = null;
  }
  if (update.events?.length || update.hello) showEvents(update.hello ? events : update.events.map(e => ({ ...e, at: Date.parse(e.at) })), update.hello);
  if (update.present || update.hello) show();
  dirty = true;
}

function keep(list, item, most) { list.push(item); if (list.length > most) list.splice(0, list.length - most); }
function now() { return clockAt ?? Date.now() + offset; }

// ---------------------------------------------------------------- words and small parts

function clock(at) { return new Date(at).toLocaleTimeString("en-GB", { hour12: false }); }
function seconds(s) { return s >= 120 ? `${+(s / 60).toFixed(1)} min` : `${+s.toFixed(s < 10 ? 1 : 0)} s`; }
function say(id, text, kind) { const e = $(id); if (e.textContent !== text) e.textContent = text; e.className = kind ?? ""; }

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value); else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

function svg(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes ?? {})) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function sign(state) { return svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: SIGNS[state], fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" })); }
function chip(state, word) { return element("span", { class: `state ${state}` }, sign(state), word ?? STATES[state]); }

// What is not an error must not look like one: each state has its own word, sign and colour.
function stateOf(pod) {
  const verdict = present.verdicts[pod.name];
  if (pod.phase === "Terminating") return ["draining", "draining"];
  if (pod.phase === "Ended") return ["unknown", "gone"];
  if (pod.phase === "BackOff") return ["bad", "down, waits to start again"];
  if (pod.phase === "Pending" || pod.processId === null || /^starting/.test(pod.reason)) return ["starting", "starting"];
  if (verdict?.status === "starting") return ["starting", "starting"];
  if (verdict?.status === "draining") return ["draining", "draining"];
  if (pod.ready && verdict?.ready === false) return ["bad", "says not ready, not noticed yet"];
  if (pod.ready) return verdict?.status === "degraded" ? ["degraded", "degraded, still ready"] : ["good", "ready"];
  const target = targetOf(pod.name);
  if (target?.state === "initial" || /^readiness gate.*(not registered|Initial)/.test(pod.reason)) return ["starting", "waits for the balancer's first check"];
  return pod.reason === "" ? ["unknown", "unknown"] : ["bad", "not ready"];
}

function whyOf(pod) {
  const verdict = present.verdicts[pod.name];
  const words = [];
  if (verdict && verdict.reason && verdict.status !== "ready") words.push(`says of itself: ${verdict.status}, ${verdict.reason}`);
  if (pod.reason) words.push(pod.reason);
  return words.join(". ");
}

function targetOf(name) { return present.status.targets.find(target => target.pod === name); }
function serves(workload) { return present.status.workloads.find(w => w.name === workload)?.kind === "Deployment"; }

// ---------------------------------------------------------------- the present

function show() {
  const { status } = present;
  say("stack", `· stack ${status.stack}`);
  // A pod's own verdict counts before any prober has noticed it.
  const failing = status.pods.some(pod => stateOf(pod)[0] === "bad");
  document.title = `${status.healthy && !failing ? "✓" : "!"} Candor ${status.stack}`;
  const overall = status.stopping ? ["draining", "the stack is being ended"] : status.problems.length ? ["bad", "needs a person"]
    : failing ? ["bad", "not healthy"] : status.healthy ? ["good", "everything is healthy"] : ["starting", "on its way"];
  $("overall").replaceChildren(chip(...overall));
  const speed = status.speed === 1 ? "" : `, at speed ${status.speed}`;
  $("where").replaceChildren(...status.urls.map(url => element("a", { href: url }, url)), speed);
  $("problems").hidden = status.problems.length === 0;
  say("problems", status.problems.join("\n"));
  showPath();
  showPods();
  showOperations();
  showSpans();
  showActions();
}

function showPath() {
  const { status, verdicts, links } = present;
  const front = status.pods.filter(pod => serves(pod.workload)), back = status.pods.filter(pod => !serves(pod.workload));
  const rows = Math.max(front.length, back.length, 1), height = Math.max(120, rows * 58 + 20);
  const picture = svg("svg", { viewBox: `0 0 760 ${height}`, role: "img" });
  const at = (index, count) => height * (index + 0.5) / Math.max(count, 1);
  const node = (x, y, width, title, small, state) => {
    const group = svg("g", { class: state });
    group.append(svg("rect", { x, y: y - 22, width, height: 44, rx: 7 }), svg("path", { class: "sign", d: SIGNS[state], transform: `translate(${x + 8} ${y - 15})` }));
    const name = svg("text", { x: x + 28, y: y - 2 });
    name.textContent = cut(title, width / 7.6 - 4);
    const line = svg("text", { x: x + 10, y: y + 15, class: "small" });
    line.textContent = cut(small, width / 5.9 - 2);
    group.append(name, line);
    picture.append(group);
  };
  const edge = (x1, y1, x2, y2, state, kind) => picture.append(svg("g", { class: state }, svg("line", { x1, y1, x2, y2, class: kind })));
  const said = [];
  const frontState = status.healthy ? "good" : status.targets.some(t => t.state === "healthy") ? "degraded" : "bad";
  const balancerState = status.targets.length === 0 && !status.problems.length ? "starting" : frontState;
  edge(92, height / 2, 140, height / 2, "unknown", "");
  front.forEach((pod, index) => {
    const target = targetOf(pod.name), y = at(index, front.length);
    const state = target === undefined ? "unknown" : { healthy: "good", unhealthy: "bad", draining: "draining", initial: "starting" }[target.state];
    edge(270, height / 2, 330, y, state, target === undefined ? "none" : target.state === "draining" ? "leaving" : "");
    said.push(`${pod.name} ${stateOf(pod)[1]}, ${target ? `${target.state} at the balancer` : "not at the balancer"}`);
    const names = facts?.workloads.find(w => w.name === pod.workload)?.services ?? [];
    back.forEach((part, at2) => {
      const service = (facts?.services ?? []).find(s => names.includes(s.name) && s.workloads.includes(part.workload));
      if (!service) return;
      const broken = links.find(link => link.service === service.name && (link.from === pod.name || link.from === pod.workload));
      const check = verdicts[pod.name]?.checks?.[service.name];
      const state = broken ? "bad" : check ? { healthy: "good", degraded: "degraded", unhealthy: "bad" }[check.status] ?? "unknown" : "unknown";
      edge(520, y, 580, at(at2, back.length), state, broken ? "none" : "");
      if (state === "bad") said.push(`${pod.name} to ${service.name}: ${broken ? broken.mode : check.reason}`);
    });
  });
  node(8, height / 2, 84, "Users", samples.length ? `${samples.at(-1).rate.toFixed(1)}/s` : "", samples.length && samples.at(-1).failures > 0 ? "bad" : "unknown");
  node(140, height / 2, 130, "Balancer", `${status.targets.filter(t => t.state === "healthy").length} of ${status.targets.length} healthy`, balancerState);
  front.forEach((pod, index) => node(330, at(index, front.length), 190, pod.name, stateOf(pod)[1], stateOf(pod)[0]));
  back.forEach((pod, index) => { said.push(`${pod.name} ${stateOf(pod)[1]}`); node(580, at(index, back.length), 172, pod.name, stateOf(pod)[1], stateOf(pod)[0]); });
  picture.setAttribute("aria-label", `Users to balancer to ${front.length} pods to ${back.length} dependencies. ${said.join("; ")}`);
  $("path").replaceChildren(picture);
  if (!$("legend").childElementCount) $("legend").append(...Object.keys(STATES).map(state => element("li", {}, chip(state))));
}

function promised(row) { return row.best === row.worst ? seconds(row.best) : `${seconds(row.best)} to ${seconds(row.worst)}`; }

function cut(text, length) { return text.length <= length ? text : `${text.slice(0, Math.max(1, Math.floor(length) - 1))}…`; }

const cards = new Map();

function showPods() {
  const names = new Set(present.status.pods.map(pod => pod.name));
  for (const [name, card] of cards) if (!names.has(name)) { card.remove(); cards.delete(name); seen.unobserve(card); }
  for (const pod of present.status.pods) {
    if (!cards.has(pod.name)) { const made = makeCard(pod); cards.set(pod.name, made); $("pods").append(made); seen.observe(made); }
    const card = cards.get(pod.name), [state, word] = stateOf(pod), target = targetOf(pod.name);
    card.className = `pod ${state}`;
    card.parts.state.replaceChildren(chip(state, word));
    text(card.parts.why, whyOf(pod));
    text(card.parts.facts, [pod.workload, pod.address, pod.processId === null ? "no process" : `process ${pod.processId}`, `${pod.restarts} restarts`, target ? `${target.state} at the balancer, ${target.requests} requests` : null].filter(Boolean).join(" · "));
    const checks = Object.entries(present.verdicts[pod.name]?.checks ?? {});
    text(card.parts.checks, checks.length ? `checks: ${checks.map(([name, check]) => `${name} ${check.status}${check.status === "healthy" ? "" : ` (${check.reason})`}`).join(", ")}` : "");
    if (card.parts.drain) card.parts.drain.disabled = readOnly || !serves(pod.workload) || state === "draining" || pod.processId === null;
    if (card.parts.kill) card.parts.kill.disabled = readOnly || pod.processId === null;
    card.parts.doctor.hidden = !facts?.doctor;
    card.parts.doctor.disabled = !serves(pod.workload) || pod.processId === null;
  }
  for (const key of lanes.keys()) if (!names.has(key.split(" ")[0]) && (lanes.get(key).at(-1)?.at ?? 0) < now() - KEEP) lanes.delete(key);
}

function text(where, what) { if (where.textContent !== what) where.textContent = what; }

function makeCard(pod) {
  const parts = { state: element("span"), why: element("p", { class: "why" }), facts: element("span", { class: "facts" }), kept: element("p", { class: "kept" }), checks: element("p", { class: "checks" }) };
  parts.drain = element("button", { type: "button", "aria-label": `Drain ${pod.name}`, onclick: () => act({ action: "drain", target: pod.name }) }, "Drain");
  parts.kill = element("button", { type: "button", "aria-label": `Kill ${pod.name}`, onclick: () => act({ action: "kill", target: pod.name }) }, "Kill");
  parts.doctor = element("button", { type: "button", "aria-label": `Ask the doctor about ${pod.name}`, onclick: () => askDoctor(pod.name) }, "Doctor");
  const logs = element("button", { type: "button", "aria-label": `Logs of ${pod.name}`, onclick: () => { $("log-of").value = pod.name; followLog(); $("logs-title").scrollIntoView(); } }, "Logs");
  const canvas = element("canvas", { height: 104, role: "img", tabindex: "0", "aria-label": `What the probers of ${pod.name} saw` });
  const card = element("article", { "aria-label": `Pod ${pod.name}` },
    element("div", { class: "top" }, element("h3", {}, pod.name), parts.state, parts.facts, element("span", { class: "acts" }, logs, parts.doctor, parts.drain, parts.kill)),
    parts.why, element("div", { class: "lanes" }, canvas), parts.kept, parts.checks);
  Object.assign(card, { parts, canvas, pod: pod.name, visible: true, cursor: null });
  canvas.addEventListener("mousemove", event => point(card, event));
  canvas.addEventListener("mouseleave", () => { $("tip").hidden = true; card.cursor = null; dirty = true; });
  canvas.addEventListener("keydown", event => walk(card, event));
  canvas.addEventListener("blur", () => { card.cursor = null; $("tip").hidden = true; dirty = true; });
  return card;
}

// Only what is in sight is drawn: a hundred pods cost no more than the few on the screen.
const seen = new IntersectionObserver(entries => { for (const entry of entries) entry.target.visible = entry.isIntersecting; dirty = true; });

// ---------------------------------------------------------------- lanes

const LANE = 24, LEFT = 74, TOP = 2;

function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim(); }
function probersOf(pod) { return PROBERS.filter(prober => lanes.has(`${pod} ${prober}`)); }
function spanSeconds() { return Number($("span").value); }

function drawLanes(card) {
  const probers = probersOf(card.pod), width = card.canvas.clientWidth, height = Math.max(1, probers.length) * LANE + 18;
  const context = sized(card.canvas, width, height), until = now(), from = until - spanSeconds() * 1000;
  const x = at => LEFT + (width - LEFT - 6) * (at - from) / (until - from);
  context.font = "12px system-ui, 'DejaVu Sans', sans-serif";
  context.textBaseline = "middle";
  const kept = [], leaving = events.findLast(event => event.subject === card.pod && event.message === "told to end");
  probers.forEach((prober, index) => {
    const y = TOP + index * LANE + LANE / 2, marks = lanes.get(`${card.pod} ${prober}`);
    context.fillStyle = colour("dim");
    context.fillText(prober, 4, y);
    context.strokeStyle = colour("line");
    line(context, LEFT, y, width - 6, y);
    for (const failure of failures(card.pod, prober, marks)) {
      if (failure.promise) {
        const left = Math.max(LEFT, x(failure.began + failure.promise.best * 1000)), right = Math.min(width - 6, x(failure.began + failure.promise.worst * 1000));
        if (right > LEFT && left < width - 6) {
          context.fillStyle = colour("band");
          context.fillRect(left, y - 10, Math.max(2, right - left), 20);
          context.strokeStyle = colour("bandline");
          context.setLineDash([4, 3]);
          context.strokeRect(left, y - 10, Math.max(2, right - left), 20);
          context.setLineDash([]);
        }
      }
      if (failure.noticed && failure.noticed >= from) {
        context.strokeStyle = colour("text");
        context.lineWidth = 2;
        line(context, x(failure.noticed), y - 11, x(failure.noticed), y + 11);
        context.lineWidth = 1;
        if (failure.promise) kept.push(`${prober} noticed after ${seconds((failure.noticed - failure.began) / 1000)}, promised ${promised(failure.promise)}: ${(failure.noticed - failure.began) / 1000 <= failure.promise.worst + 0.5 ? "kept" : "late"}`);
      }
    }
    let last = -10, passed = false;
    marks.forEach(mark => {
      passed ||= mark.passed;
      if (mark.at < from) return;
      const at = x(mark.at);
      if (mark.passed) {
        if (at - last < 1.2) return;
        context.fillStyle = colour("good");
        context.fillRect(at - 1, y - 5, 2, 10);
      } else {
        // Not yet, and not any more, are no failures: hollow, in the colours of starting and draining.
        const kind = leaving && mark.at >= leaving.at ? "draining" : prober === "startup" || !passed ? "starting" : "bad";
        context.beginPath();
        if (kind === "bad") { context.moveTo(at, y - 7); context.lineTo(at + 5, y + 5); context.lineTo(at - 5, y + 5); context.closePath(); }
        else context.arc(at, y, 3, 0, 2 * Math.PI);
        context.fillStyle = context.strokeStyle = colour(kind);
        if (kind === "bad") context.fill(); else context.stroke();
      }
      last = at;
      if (card.cursor?.prober === prober && card.cursor.mark === mark) {
        context.strokeStyle = colour("focus");
        context.lineWidth = 2;
        context.strokeRect(at - 7, y - 10, 14, 20);
        context.lineWidth = 1;
      }
    });
  });
  const y = TOP + Math.max(1, probers.length) * LANE + 8;
  context.fillStyle = colour("dim");
  const steps = width < 500 ? 2 : 5;
  for (let step = 0; step <= steps; step++) {
    const ago = spanSeconds() * (1 - step / steps);
    context.textAlign = step === steps ? "right" : "center";
    context.fillText(ago === 0 ? "now" : `−${seconds(ago)}`, step === steps ? width - 6 : x(until - ago * 1000), y);
  }
  context.textAlign = "left";
  if (probers.length === 0) context.fillText("no prober has asked yet", LEFT, TOP + LANE / 2);
  text(card.parts.kept, kept.slice(-3).join("; "));
  const summary = probers.map(prober => { const mark = lanes.get(`${card.pod} ${prober}`).at(-1); return `${prober} ${mark.passed ? "passed" : "failed"}: ${mark.message}`; }).join("; ");
  card.canvas.setAttribute("aria-label", `What the probers of ${card.pod} saw last: ${summary || "nothing yet"}`);
}

// Runs of failed answers. A fault began after the last good answer, and exactly when its process ended where that is known.
function failures(pod, prober, marks) {
  const found = [], promise = facts?.timeline.find(row => row.key === PROMISE[prober]);
  const noticed = { balancer: /^unhealthy in/, readiness: /^not ready:/, liveness: /^liveness probe failed/ }[prober];
  for (let at = 0; at < marks.length; at++) {
    if (marks[at].passed || (at > 0 && !marks[at - 1].passed)) continue;
    let end = at;
    while (end + 1 < marks.length && !marks[end + 1].passed) end++;
    if (at === 0 || !promise) continue;
    const good = marks[at - 1].at, until = marks[end + 1]?.at ?? now();
    const killed = events.findLast(event => event.subject === pod && event.at > good - 200 && event.at <= marks[at].at && /ended with exit code/.test(event.message));
    const began = killed ? killed.at : good;
    const event = noticed && events.find(event => event.subject === pod && event.at >= began && event.at <= until + 1000 && noticed.test(event.message));
    found.push({ began, promise: end - at + 1 >= 1 ? promise : null, noticed: event?.at });
  }
  return found;
}

function line(context, x1, y1, x2, y2) { context.beginPath(); context.moveTo(x1, y1); context.lineTo(x2, y2); context.stroke(); }

function sized(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

function point(card, event) {
  const box = card.canvas.getBoundingClientRect(), probers = probersOf(card.pod);
  const prober = probers[Math.floor((event.clientY - box.top - TOP) / LANE)];
  if (!prober) { $("tip").hidden = true; return; }
  const until = now(), from = until - spanSeconds() * 1000;
  const wanted = from + (event.clientX - box.left - LEFT) / (box.width - LEFT - 6) * (until - from);
  const near = lanes.get(`${card.pod} ${prober}`).reduce((best, mark) => Math.abs(mark.at - wanted) < Math.abs((best?.at ?? -1e15) - wanted) ? mark : best, null);
  if (near) tip(card, prober, near, event.clientX, event.clientY);
}

function tip(card, prober, mark, x, y) {
  card.cursor = { prober, mark };
  const words = `${clock(mark.at)}  ${prober} ${mark.passed ? "passed" : "failed"} in ${mark.took} ms\n${mark.message}`;
  const box = $("tip");
  box.textContent = words;
  box.hidden = false;
  box.style.left = `${Math.max(4, Math.min(x + 12, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${y + 18 + box.offsetHeight > innerHeight ? y - box.offsetHeight - 10 : y + 18}px`;
  dirty = true;
  return words;
}

function walk(card, event) {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key], probers = probersOf(card.pod);
  if (event.key === "Escape") { $("tip").hidden = true; card.cursor = null; dirty = true; return; }
  if (!step || probers.length === 0) return;
  event.preventDefault();
  let lane = Math.max(0, probers.indexOf(card.cursor?.prober ?? probers[0]));
  lane = Math.min(probers.length - 1, Math.max(0, lane + step[1]));
  const marks = lanes.get(`${card.pod} ${probers[lane]}`), before = card.cursor?.mark;
  const at = !before ? marks.length - 1 : step[1] ? marks.reduce((best, mark, index) => Math.abs(mark.at - before.at) < Math.abs(marks[best].at - before.at) ? index : best, 0)
    : Math.min(marks.length - 1, Math.max(0, marks.indexOf(before) + step[0]));
  const box = card.canvas.getBoundingClientRect(), until = now(), from = until - spanSeconds() * 1000;
  const across = box.left + LEFT + Math.max(0, (box.width - LEFT - 6) * (marks[at].at - from) / (until - from));
  $("spoken").textContent = tip(card, probers[lane], marks[at], across, box.top + TOP + (lane + 1) * LANE);
}

// ---------------------------------------------------------------- users, operations, spans, events

function drawUsers() {
  const canvas = $("users"), width = canvas.clientWidth, height = 150, context = sized(canvas, width, height);
  const until = now(), from = until - KEEP, shown = samples.filter(sample => sample.at >= from);
  const most = Math.max(1, ...shown.map(sample => sample.rate)), x = at => width * (at - from) / KEEP, y = rate => height - 14 - (height - 22) * rate / most;
  context.font = "11px system-ui, 'DejaVu Sans', sans-serif";
  context.fillStyle = colour("dim");
  context.fillText(`${most.toFixed(0)}/s`, 2, 9);
  context.fillText("15 min ago", 2, height - 2);
  context.textAlign = "right"; context.fillText("now", width - 2, height - 2); context.textAlign = "left";
  for (const fault of (present?.spans ?? []).filter(span => span.kind === "fault")) {
    const left = Math.max(0, x(Date.parse(fault.from))), right = Math.min(width, x(fault.to ? Date.parse(fault.to) : until));
    if (right < 0) continue;
    context.fillStyle = colour("band");
    context.fillRect(left, 12, Math.max(2, right - left), height - 26);
    context.fillStyle = colour("bad");
    context.fillText(cut(fault.subject, 24), Math.min(left + 3, width - 90), 22);
  }
  context.strokeStyle = colour("good");
  context.lineWidth = 1.5;
  context.beginPath();
  shown.forEach((sample, index) => index ? context.lineTo(x(sample.at), y(sample.rate)) : context.moveTo(x(sample.at), y(sample.rate)));
  context.stroke();
  context.fillStyle = colour("bad");
  for (const sample of shown) if (sample.failures > 0) context.fillRect(x(sample.at) - 1, y(sample.failures), 3, height - 14 - y(sample.failures));
  const last = samples.at(-1), recent = samples.slice(-10), failed = recent.reduce((sum, s) => sum + s.failures, 0), all = recent.reduce((sum, s) => sum + s.rate, 0);
  text($("users-now"), !last ? "The balancer has not been asked yet." : `${last.rate.toFixed(1)} requests a second, ${all ? (100 * failed / all).toFixed(1) : "0.0"} % of the last 10 s failed (5xx)${last.latency === null ? "" : `, mean ${last.latency.toFixed(0)} ms`}.`);
}

function showOperations() {
  const rows = Object.entries(present.verdicts).flatMap(([pod, verdict]) => Object.entries(verdict.operations ?? {}).map(([name, operation]) => ({ pod, name, ...operation })));
  $("operations-section").hidden = rows.length === 0;
  if (rows.length === 0) return;
  const state = { healthy: "good", degraded: "degraded", slow: "degraded", failing: "bad" };
  const number = value => value === null || value === undefined ? "–" : String(value);
  $("operations").replaceChildren(
    element("thead", {}, element("tr", {}, ...["Operation", "Pod", "State", "Failed", "Requests judged", "Oldest open", "Why"].map(title => element("th", { scope: "col" }, title)))),
    element("tbody", {}, ...rows.sort((a, b) => a.name.localeCompare(b.name) || a.pod.localeCompare(b.pod)).map(row => element("tr", {},
      element("th", { scope: "row" }, row.name), element("td", {}, row.pod), element("td", {}, chip(state[row.status] ?? "unknown", row.status)),
      element("td", {}, typeof row.share === "number" ? `${(100 * row.share).toFixed(0)} %` : number(row.share)), element("td", {}, number(row.count)), element("td", {}, number(row.oldestAge)),
      element("td", {}, row.status === "healthy" ? "" : `${row.reason ?? ""}${row.since ? `, since ${clock(Date.parse(row.since))}` : ""}`)))));
}

function stateOfSpan(span, to) {
  if (span.outcome === "failed" || span.kind === "fault" && !to) return "bad";
  return to ? "good" : span.kind === "drain" ? "draining" : "starting";
}

function showSpans() {
  const shown = present.spans.slice(-12).reverse();
  $("spans-none").hidden = shown.length > 0;
  $("spans").replaceChildren(...shown.map(span => {
    const from = Date.parse(span.from), to = span.to ? Date.parse(span.to) : null, took = ((to ?? now()) - from) / 1000;
    const bound = facts?.timeline.find(row => row.key === (span.kind === "rollout" ? "rollingUpdate" : "lastRequest"));
    const held = bound && span.kind !== "fault" && (span.kind === "drain" || span.subject.startsWith("Deployment")) ? bound : null;
    const scale = 100 / Math.max(took, held ? held.worst : took, 0.001);
    const bar = svg("svg", { class: "bar", viewBox: "0 0 100 20", preserveAspectRatio: "none", "aria-hidden": "true" });
    if (held) bar.append(svg("rect", { x: held.best * scale, y: 1, width: Math.max(.5, (held.worst - held.best) * scale), height: 18, fill: colour("band"), stroke: colour("bandline"), "stroke-dasharray": "2 1", "stroke-width": .4 }));
    bar.append(svg("rect", { x: 0, y: 6, width: Math.max(.6, took * scale), height: 8, rx: 1, fill: colour(stateOfSpan(span, to)) }));
    const state = stateOfSpan(span, to);
    return element("li", {}, element("span", { class: "text" }, element("strong", {}, span.subject), ` ${span.kind}, ${clock(from)}: `, chip(state, to ? span.outcome : "goes on"), ` ${seconds(took)}${held ? `, promised ${promised(bound)}` : ""}`), bar);
  }));
}

function showEvents(added, whole) {
  const list = $("events"), box = $("events-box"), atEnd = box.scrollTop < 4;
  const made = added.map(event => element("li", {}, element("time", { datetime: new Date(event.at).toISOString() }, clock(event.at)), element("span", { class: "subject" }, event.subject),
    element("span", { class: `message ${{ failure: "bad", warning: "degraded", healthy: "good" }[event.kind] ?? ""}` }, event.kind === "failure" ? "✕ " : event.kind === "warning" ? "! " : "", event.message)));
  if (whole) list.replaceChildren();
  for (const item of made) list.prepend(item);
  while (list.childElementCount > MOST_EVENTS) list.lastElementChild.remove();
  if (atEnd) box.scrollTop = 0;
}

function showFacts() {
  const rows = facts.timeline.map(row => element("tr", {}, element("th", { scope: "row" }, row.title), element("td", {}, promised(row))));
  const probes = facts.workloads.flatMap(workload => workload.probes.map(probe => element("tr", {}, element("th", { scope: "row" }, `${workload.name}, ${probe.prober}`), element("td", {}, probe.asks),
    element("td", {}, seconds(probe.period)), element("td", {}, seconds(probe.timeout)), element("td", {}, String(probe.failureThreshold)), element("td", {}, String(probe.successThreshold)))));
  for (const group of facts.targetGroups) probes.unshift(element("tr", {}, element("th", { scope: "row" }, `${group.name}, balancer`), element("td", {}, `GET ${group.path}, expects ${group.matcher}`),
    element("td", {}, seconds(group.interval)), element("td", {}, seconds(group.timeout)), element("td", {}, String(group.unhealthyThreshold)), element("td", {}, String(group.healthyThreshold))));
  $("facts").replaceChildren(
    scroll(element("table", {}, element("caption", {}, "What the contract promises, at this stack's speed"), element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "What"), element("th", { scope: "col" }, "At best to at worst"))), element("tbody", {}, ...rows)), "The contract's promises"),
    scroll(element("table", {}, element("caption", {}, "The Plan's probers"), element("thead", {}, element("tr", {}, ...["Prober", "Asks", "Every", "Waits", "Failures", "Successes"].map(title => element("th", { scope: "col" }, title)))), element("tbody", {}, ...probes)), "The Plan's probers"),
    ...(facts.contract ? [element("h3", {}, "The contract"), element("pre", { tabindex: "0", "aria-label": "The contract as JSON" }, JSON.stringify(facts.contract, null, 2))] : []));
}

function scroll(inner, label) { return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, inner); }

// ---------------------------------------------------------------- logs and actions

let logStream = null;

function followLog() {
  logStream?.close();
  const name = $("log-of").value;
  $("log").textContent = "";
  if (!name) return;
  let lines = [];
  logStream = new EventSource(`api/logs?pod=${encodeURIComponent(name)}`);
  logStream.onopen = () => { lines = []; };
  logStream.onmessage = message => {
    keep(lines, JSON.parse(message.data).replace(/\x1b\[[0-9;]*m/g, ""), MOST_LINES);
    $("log").textContent = lines.join("\n");
    if ($("log-follow").checked) $("log").scrollTop = $("log").scrollHeight;
  };
}

function options(select, values) {
  if (select.dataset.of === values.join("\n")) return;
  select.dataset.of = values.join("\n");
  const chosen = select.value, first = select.querySelector("option[value='']");
  select.replaceChildren(...(first ? [first] : []), ...values.map(value => element("option", { value }, value)));
  if (values.includes(chosen)) select.value = chosen;
}

function showActions() {
  const { status, links } = present;
  options($("deployment"), status.workloads.filter(w => w.kind === "Deployment").map(w => w.name));
  options($("link-from"), [...status.workloads.filter(w => w.kind === "Deployment").map(w => w.name), ...status.pods.filter(p => serves(p.workload)).map(p => p.name)]);
  options($("link-service"), [...new Set((facts?.workloads ?? []).filter(w => w.kind === "Deployment").flatMap(w => w.services))]);
  options($("log-of"), ["balancer", ...status.pods.map(pod => pod.name)]);
  $("read-only").hidden = !readOnly;
  for (const control of $("act").querySelectorAll("button, select, input")) control.disabled = readOnly && control.id !== "ask-doctor";
  $("ask-doctor").hidden = !facts?.stackDoctor;
  showFaults();
  if (status.isolated) for (const control of $("fault-form").elements) control.disabled = true;
  const key = JSON.stringify(links);
  if ($("links").dataset.of !== key) {
    $("links").dataset.of = key;
    $("links").replaceChildren(...links.map(link => element("li", {}, chip("bad", `${link.from} to ${link.service}: ${link.mode}`), " ",
      element("button", { type: "button", disabled: readOnly, onclick: () => act({ action: "link", target: link.from, service: link.service, mode: "open" }) }, "End the fault"))));
  }
}

function showFaults() {
  const form = $("catalogue-form"), catalogue = facts?.faults ?? [];
  form.hidden = catalogue.length === 0;
  const select = $("fault"), key = catalogue.map(fault => fault.name).join("\n");
  if (select.dataset.of !== key) {
    select.dataset.of = key;
    const families = [...new Set(catalogue.map(fault => fault.family))];
    select.replaceChildren(...families.map(family => element("optgroup", { label: family }, ...catalogue.filter(fault => fault.family === family)
      .map(fault => element("option", { value: fault.name }, `${fault.name}: ${cut(fault.title, 60)}`)))));
    describeFault();
  }
  options($("fault-pod"), present.status.pods.filter(pod => serves(pod.workload)).map(pod => pod.name));
  const going = JSON.stringify(present.faults ?? []);
  if ($("faults").dataset.of !== going) {
    $("faults").dataset.of = going;
    $("faults").replaceChildren(...(present.faults ?? []).map(fault => element("li", {},
      chip("bad", `${fault.name}${fault.pod ? ` in ${fault.pod}` : ""}${fault.since ? ` since ${clock(Date.parse(fault.since))}` : ", left by an earlier run"}: ${fault.title}`), " ",
      element("button", { type: "button", disabled: readOnly, "aria-label": `End ${fault.name}`, onclick: () => act({ action: "end-fault", fault: fault.name }) }, "End the fault"))));
  }
}

function describeFault() {
  const fault = (facts?.faults ?? []).find(fault => fault.name === $("fault").value);
  text($("fault-title"), fault?.title ?? "");
  $("fault-pod-label").hidden = !fault?.onePod;
}

async function askDoctor(pod) {
  const told = await act({ action: "doctor", target: pod });
  if (!told) return;
  $("doctor").textContent = told;
  $("doctor").hidden = false;
  say("said", `The doctor looked at ${pod || "the stack"}:`);
  $("act-title").scrollIntoView();
  $("doctor").focus();
}

async function act(wanted) {
  say("said", "…");
  $("doctor").hidden = true;
  try {
    const answer = await fetch("api/actions", { method: "POST", headers: { "Content-Type": "application/json", "X-Candor-Token": token }, body: JSON.stringify(wanted) });
    const told = await answer.json();
    say("said", told.done ?? told.error, told.done ? "good" : "bad");
    return told.done;
  } catch {
    say("said", "The stack does not answer.", "bad");
  }
}

$("act").addEventListener("click", event => {
  const wanted = event.target.dataset?.act;
  if (wanted === "restart" || wanted === "undo") act({ action: wanted, target: $("deployment").value });
  if (wanted === "fault") act({ action: "fault", fault: $("fault").value, target: $("fault-pod-label").hidden ? "" : $("fault-pod").value });
  if (wanted === "scale") act({ action: "scale", target: $("deployment").value, replicas: Number($("replicas").value) });
  if (wanted === "link") act({ action: "link", target: $("link-from").value, service: $("link-service").value, mode: $("link-mode").value, delayMilliseconds: Number($("link-delay").value), share: Number($("link-share").value) / 100 });
});
$("ask-doctor").addEventListener("click", () => askDoctor(""));
$("fault").addEventListener("change", describeFault);
for (const form of document.forms) form.addEventListener("submit", event => event.preventDefault());
$("link-mode").addEventListener("change", () => {
  $("link-delay-label").hidden = $("link-mode").value !== "slow";
  $("link-share-label").hidden = $("link-mode").value !== "resetting";
});
$("log-of").addEventListener("change", followLog);
$("span").addEventListener("change", () => { dirty = true; });
addEventListener("resize", () => { dirty = true; });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { dirty = true; });

// Time goes on although nothing happens: once a second is enough, and not at all in a tab that nobody sees.
let drawn = 0;
function frame(time) {
  if (present && (dirty && time - drawn > 200 || time - drawn > 1000)) {
    drawn = time;
    dirty = false;
    for (const card of cards.values()) if (card.visible) drawLanes(card);
    drawUsers();
  }
  requestAnimationFrame(frame);
}

if (!recorded) connect();
requestAnimationFrame(frame);
setInterval(() => { if (present?.spans.some(span => !span.to)) showSpans(); }, 1000);
