// Who is here: this tab says "reading" or "writing" while it is seen, and stops by itself when it is not.
import { find } from "./page";

const EVERY = 15_000;
let writingUntil = 0;

function report(): void {
  const open = find("#thread[data-open]")?.dataset.conversation;
  if (!open || document.hidden) return;
  const doing = Date.now() < writingUntil ? "writing" : "viewing";
  void fetch(`/conversations/${open}/presence`, { method: "POST", body: new URLSearchParams({ doing }) }).catch(() => {
    // Being away is what an unreported presence means; the lease ends by itself.
  });
}

document.addEventListener("input", (event) => {
  if (!(event.target as Element).closest("#composer")) return;
  const was = writingUntil > Date.now();
  writingUntil = Date.now() + EVERY * 2;
  if (!was) report();
});

document.addEventListener("htmx:after:swap", (event) => {
  if ((event.target as Element | null)?.id === "thread") report();
});
setInterval(report, EVERY);
report();
