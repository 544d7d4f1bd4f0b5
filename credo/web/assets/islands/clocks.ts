// A clock gets its due time and paints itself, in steps. The moment it falls due it says "late" without asking anybody.
import { all, find, say } from "./page";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function paint(): void {
  if (document.hidden) return;
  for (const clock of all("[data-clock]")) {
    const due = Date.parse(clock.dataset.due ?? "");
    const left = due - Date.now();
    if (left < -DAY || (left > 6 * 60 * MINUTE && !sameDay(due))) continue; // days: the server's words stand
    const text = find("[data-clock-text]", clock);
    const words = say(left < 0 ? "late" : "left").replace("%(span)s", span(Math.abs(left)));
    if (text && text.textContent !== words) text.textContent = words;
    clock.classList.toggle("is-broken", left < 0);
    clock.classList.toggle("is-risk", left >= 0 && (left < 30 * MINUTE || clock.matches(".is-risk")));
    turn(clock, due);
  }
}

function turn(clock: HTMLElement, due: number): void {
  const since = Date.parse(clock.dataset.since ?? "");
  const arc = find<SVGCircleElement>(".ring circle:last-child", clock);
  if (!arc || Number.isNaN(since)) return;
  const spent = Math.max(0, Math.min(100, Math.round((100 * (Date.now() - since)) / (due - since))));
  arc.setAttribute("stroke-dasharray", `${spent} ${100 - spent}`);
}

function span(length: number): string {
  const minutes = Math.round(length / MINUTE);
  if (minutes < 60) return say("min").replace("%(number)s", String(minutes));
  return say("hours")
    .replace("%(hours)s", String(Math.floor(minutes / 60)))
    .replace("%(minutes)02d", String(minutes % 60).padStart(2, "0"));
}

function sameDay(moment: number): boolean {
  return new Date(moment).toDateString() === new Date().toDateString();
}

setInterval(paint, 10_000);
document.addEventListener("visibilitychange", paint);
