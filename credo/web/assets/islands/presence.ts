// Who is here: this tab says "reading" or "writing" while it is seen, and says when it leaves.
import { find } from "./page";

const EVERY = 15_000;
let writingUntil = 0;
let at: string | undefined;
let said: Promise<void> = Promise.resolve();

function report(): void {
  const open = find("#thread[data-open]")?.dataset.conversation;
  if (at && at !== open) leave();
  at = open;
  if (!open || document.hidden) return;
  said = said.then(() => say(open));
}

// One report after the other, so that an older one never overtakes a newer one.
async function say(open: string): Promise<void> {
  const doing = Date.now() < writingUntil ? "writing" : "viewing";
  try {
    const body = new URLSearchParams({ doing });
    const answer = await fetch(`/conversations/${open}/presence`, { method: "POST", body });
    if (answer.ok && at === open) show(await answer.text());
  } catch {
    // Being away is what an unreported presence means; the lease ends by itself.
  }
}

// The answer says who else is here. It is the server's own fragment.
function show(markup: string): void {
  const place = find("#presence");
  if (!place) return;
  place.outerHTML = markup;
  const fresh = find("#presence");
  if (fresh) htmx.process(fresh);
}

function leave(): void {
  writingUntil = 0;
  navigator.sendBeacon(`/conversations/${at}/presence`, new URLSearchParams({ doing: "gone" }));
}

document.addEventListener("input", (event) => {
  if (!(event.target as Element).closest("#composer")) return;
  const was = writingUntil > Date.now();
  writingUntil = Date.now() + EVERY * 2;
  if (!was) report();
});

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = (event as CustomEvent<{ ctx: { target?: Element } }>).detail;
  if (ctx.target?.id === "thread" || find("#thread")?.dataset.conversation !== at) report();
});
document.addEventListener("visibilitychange", report);
document.addEventListener("credo:sent", () => {
  writingUntil = 0;
  report();
});
addEventListener("pagehide", () => {
  if (at) leave();
});
setInterval(report, EVERY);
report();
