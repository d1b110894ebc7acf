// Plays recorded runs in the page: what the stream would have said, at its times. Part of a file that needs no server.

const player = { runs: [], frames: [], next: 0, from: 0, to: 0, playing: false, tick: 0 };

async function openRecording() {
  const packed = Uint8Array.from(atob($("recording").textContent), character => character.charCodeAt(0));
  const text = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  player.runs = JSON.parse(text).runs;
  document.body.classList.add("replay");
  $("replay").hidden = false;
  $("save").hidden = true;
  say("connection", "recorded");
  $("runs").replaceChildren(...player.runs.map((run, index) => element("option", { value: String(index) }, run.title)));
  $("runs-label").hidden = player.runs.length < 2;
  const wanted = new URLSearchParams(location.hash.slice(1));
  choose(Math.min(player.runs.length - 1, Math.max(0, Number(wanted.get("run")) || 0)), wanted.has("at") ? Number(wanted.get("at")) * 1000 : null);
  // Who asked for less motion presses the button.
  if (!wanted.has("at") && !matchMedia("(prefers-reduced-motion: reduce)").matches) play(true);
}

function choose(index, at) {
  const run = player.runs[index];
  Object.assign(player, { frames: run.frames, next: 0, from: run.frames[0].now, to: run.frames.at(-1).now });
  $("runs").value = String(index);
  text($("replay-title"), `Recorded run: ${run.title}`);
  text($("replay-note"), run.note ?? "");
  $("time").max = String(Math.ceil((player.to - player.from) / 100) / 10);
  seek(at ?? 0);
}

// Everything up to a time, at once: as one update, however long the way is.
function seek(after) {
  const until = player.from + Math.max(0, Math.min(after, player.to - player.from));
  if (clockAt === null || until < clockAt || player.next === 0) player.next = 0;
  const due = [];
  while (player.next < player.frames.length && (player.next === 0 || player.frames[player.next].now <= until)) due.push(player.frames[player.next++]);
  clockAt = until;
  if (due.length > 0) {
    take({
      ...due[0], now: until, resumed: false, facts: due.findLast(frame => frame.facts)?.facts, present: due.findLast(frame => frame.present)?.present,
      marks: due.flatMap(frame => frame.marks ?? []), events: due.flatMap(frame => frame.events ?? []), samples: due.flatMap(frame => frame.samples ?? []),
    });
  }
  const passed = (until - player.from) / 1000;
  $("time").value = String(passed);
  $("time").setAttribute("aria-valuetext", `${seconds(passed)} of ${seconds((player.to - player.from) / 1000)}`);
  text($("time-now"), `${seconds(passed)} of ${seconds((player.to - player.from) / 1000)}, ${clock(until)}`);
  dirty = true;
}

function play(on) {
  player.playing = on && player.frames.length > 0;
  player.tick = performance.now();
  text($("play"), player.playing ? "Pause" : "Play");
}

$("play").addEventListener("click", () => {
  if (!player.playing && clockAt >= player.to) seek(0);
  play(!player.playing);
});
$("runs").addEventListener("change", () => { choose(Number($("runs").value), null); play(player.playing); });
$("time").addEventListener("input", () => { play(false); seek(Number($("time").value) * 1000); });
setInterval(() => {
  if (!player.playing) return;
  const tick = performance.now(), passed = (tick - player.tick) * Number($("rate").value);
  player.tick = tick;
  seek(clockAt - player.from + passed);
  if (clockAt >= player.to) play(false);
}, 100);

openRecording().catch(() => say("connection", "the recording in this file cannot be read", "lost"));
