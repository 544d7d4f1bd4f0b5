// What just happened leaves after its time; one with an undo counts down. Pointing at a toast or focusing it holds it.
import { find, onArrival, say } from "./page";

onArrival("[data-toast]", (toast) => {
  let left = Number(toast.dataset.toast);
  const leaves = find("form[action$='/retraction']", toast) !== null; // a letter does not wait for anybody
  const counter = find("[data-toast-left]", toast);
  const step = () => {
    if (counter) counter.textContent = `, ${left} s`;
    if (left <= 0) {
      clearInterval(timer);
      toast.remove();
    } else if (leaves || !toast.matches(":hover, :focus-within")) left -= 1;
  };
  const timer = setInterval(step, 1000);
  step();
});

// Whatever failed without a page of its own is said here; the answer of the server wins when it brings a sentence.
function complain(sentence: string): void {
  const toasts = find("#toasts");
  if (!toasts) return;
  const toast = document.createElement("div");
  toast.className = "toast is-bad";
  toast.textContent = sentence;
  toasts.replaceChildren(toast);
  setTimeout(() => toast.remove(), 8000);
}

export function announce(sentence: string): void {
  complain(sentence);
}

document.addEventListener("htmx:error", (event) => {
  const { ctx } = (event as CustomEvent<{ ctx?: { request?: { method?: string } } }>).detail;
  if (ctx?.request && ctx.request.method !== "GET") complain(say(navigator.onLine ? "failed" : "offline"));
});
