// A clock counts hours of opening. The server says what is left and when the desk is open next; between those hours the
// clock stands still. It steps by itself, and says "late" the moment it falls due without asking anybody.
import { all, find, onArrival, say } from "./page";
import { news, refresh } from "./live";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const quiet = new Map<string, number>();

function paint(): void {
  if (document.hidden) return;
  for (const clock of all("[data-clock]")) step(clock);
}

function step(clock: HTMLElement): void {
  const now = Date.now();
  const hours = (clock.dataset.hours ?? "").split(" ").map(stretch);
  const left = Number(clock.dataset.left) * 1000 - passed(hours, now);
  const late = Date.parse(clock.dataset.due ?? "") < now;
  turn(clock, late ? 0 : left);
  clock.classList.toggle("is-broken", late);
  clock.classList.toggle("is-risk", !late && (left < 30 * MINUTE || clock.matches(".is-risk")));
  if (now > (hours.at(-1)?.[1] ?? 0)) return ask(clock);
  // Due on another day, or late by days: the server's words stand.
  if (!late && now < Number(clock.dataset.day ?? 0) * 1000) return;
  if (late && left <= -DAY) return;
  const words =
    late && left > -MINUTE ? say("overdue") : say(late ? "late" : "left").replace("%(span)s", span(Math.abs(left)));
  const text = find("[data-clock-text]", clock);
  if (text && text.textContent !== words) text.textContent = words;
}

// How much opening time lies between the server's moment and `now`.
function passed(hours: [number, number][], now: number): number {
  return hours.reduce((sum, [start, end]) => sum + Math.max(0, Math.min(now, end) - start), 0);
}

function stretch(written: string): [number, number] {
  const [start = 0, end = 0] = written.split("-").map((at) => Number(at) * 1000);
  return [start, end];
}

// The page stood open for days: what the desk does next is not known here any more. Asked once in ten minutes at most,
// for a machine whose date is wrong would ask for ever.
function ask(clock: HTMLElement): void {
  const row = clock.closest<HTMLElement>("[data-row]");
  const whose = row?.dataset.row ?? "head";
  if (performance.now() < (quiet.get(whose) ?? 0)) return;
  quiet.set(whose, performance.now() + 10 * MINUTE);
  const open = find("#thread[data-open]")?.dataset.conversation;
  if (row) refresh(row);
  else if (open) news(open); // brings the clock of the open conversation along
}

function turn(clock: HTMLElement, left: number): void {
  const whole = Number(clock.dataset.whole) * 1000;
  const arc = find<SVGCircleElement>(".ring circle:last-child", clock);
  if (!arc) return;
  const spent = whole > 0 ? Math.max(0, Math.min(100, Math.round(100 * (1 - left / whole)))) : 100;
  arc.setAttribute("stroke-dasharray", `${spent} ${100 - spent}`);
}

function span(length: number): string {
  const minutes = Math.round(length / MINUTE);
  if (minutes < 60) return say("min").replace("%(number)s", String(minutes));
  return say("hours")
    .replace("%(hours)s", String(Math.floor(minutes / 60)))
    .replace("%(minutes)02d", String(minutes % 60).padStart(2, "0"));
}

onArrival("[data-clock]", step);
setInterval(paint, 10_000);
document.addEventListener("visibilitychange", paint);
